/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-login-error.h"

#include "flint-account.h"
#include "flint-password-store.h"

#include <glib/gi18n.h>

/**
 * flint_login_error_get_place:
 * @error: why a login failed
 *
 * Returns: what is to be corrected
 */
FlintLoginPlace
flint_login_error_get_place (const GError *error)
{
  g_return_val_if_fail (error != NULL, FLINT_LOGIN_PLACE_ADDRESS);

  if (g_error_matches (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_ACCOUNT_DISABLED))
    return FLINT_LOGIN_PLACE_ADDRESS;

  if (g_error_matches (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_CERTIFICATE))
    return FLINT_LOGIN_PLACE_CERTIFICATE;

  if (error->domain == XMPP_AUTH_ERROR || error->domain == FLINT_PASSWORD_ERROR)
    return FLINT_LOGIN_PLACE_PASSWORD;

  if (g_error_matches (error, XMPP_ERROR, XMPP_ERROR_PROXY))
    return FLINT_LOGIN_PLACE_PROXY;

  if (g_error_matches (error, XMPP_ERROR, XMPP_ERROR_REFUSED) ||
      g_error_matches (error, XMPP_ERROR, XMPP_ERROR_NOT_XMPP))
    return FLINT_LOGIN_PLACE_HOST;

  return FLINT_LOGIN_PLACE_ADDRESS;
}

/* What to do, where the sentence about what happened does not say it */
static const char *
get_advice (const GError *error)
{
  if (g_error_matches (error, XMPP_ERROR, XMPP_ERROR_TLS_REQUIRED))
    return _("Choose “Always encrypted” under Advanced.");

  if (g_error_matches (error, XMPP_ERROR, XMPP_ERROR_NO_TLS))
    return _("Ask its administrator about it. To test a server on a network that you trust, choose “Not encrypted” under Advanced.");

  if (g_error_matches (error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_CONFLICT) ||
      g_error_matches (error, XMPP_ERROR, XMPP_ERROR_BIND))
    return _("Choose another resource under Advanced, or leave it empty.");

  if (g_error_matches (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_NOT_AUTHORIZED))
    return _("Check both, and try again.");

  if (g_error_matches (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_CERTIFICATE))
    return _("Choose another certificate under Advanced, or type the password.");

  if (g_error_matches (error, FLINT_PASSWORD_ERROR, FLINT_PASSWORD_ERROR_LOCKED))
    return _("Unlock it, or type the password.");

  if (g_error_matches (error, FLINT_PASSWORD_ERROR, FLINT_PASSWORD_ERROR_NO_SERVICE) ||
      g_error_matches (error, FLINT_PASSWORD_ERROR, FLINT_PASSWORD_ERROR_FAILED))
    return _("Type the password.");

  return NULL;
}

/**
 * flint_login_error_describe:
 * @error: why a login failed
 *
 * Returns: (transfer full): what happened, and what to do
 */
char *
flint_login_error_describe (const GError *error)
{
  const char *advice = get_advice (error);
  gboolean has_stop = g_str_has_suffix (error->message, ".") || g_str_has_suffix (error->message, "。") ||
                      g_str_has_suffix (error->message, "”");

  if (advice == NULL)
    return g_strdup (error->message);

  /* Translators: one sentence, and one that follows it */
  return g_strdup_printf (has_stop ? C_("sentences", "%s %s") : C_("sentences", "%s. %s"), error->message, advice);
}
