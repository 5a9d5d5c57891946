/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an account, its address and who writes to it are called, and how it stands, in words */
#include "flint-config.h"

#include "flint-account-private.h"

#include "flint-contact-list-private.h"
#include "flint-text.h"

#include <glib/gi18n-lib.h>

#define MAX_NAME 128      /* graphemes */

/* An address as a person reads it: escapes undone (XEP-0106), nothing in it that plays tricks */
char *
flint_format_address (XmppJid *jid)
{
  g_autofree char *local = xmpp_jid_is_opaque (jid) ? NULL : xmpp_jid_unescape_local (jid);
  g_autofree char *address = local != NULL && *local != '\0' ? g_strconcat (local, "@", xmpp_jid_get_domain (jid), NULL)
                                                             : g_strdup (xmpp_jid_get_bare_text (jid));

  return flint_text_for_line (address, MAX_NAME);
}

/* What we are called: the name on our card, else the name before the @ */
char *
flint_account_describe_self (FlintAccount *self)
{
  const char *name = flint_profile_get_name (flint_account_get_profile (self));
  XmppJid *jid = flint_account_get_jid (self);
  g_autofree char *local = jid != NULL ? xmpp_jid_unescape_local (jid) : NULL;

  if (name != NULL && *name != '\0')
    return g_strdup (name);

  return flint_text_for_line (local != NULL ? local : flint_account_get_label (self), MAX_NAME);
}

/* Whom a message is from: our name for him, or his address; our own name for ourselves */
char *
flint_account_describe_sender (FlintAccount *self,
                               XmppJid      *jid)
{
  FlintContact *contact = jid != NULL ? flint_contact_list_find (flint_account_get_contacts (self), jid) : NULL;
  XmppJid *own = flint_account_get_jid (self);

  if (contact != NULL)
    return g_strdup (flint_contact_get_name (contact));

  if (jid != NULL && own != NULL && xmpp_jid_equal_bare (jid, own))
    return flint_account_describe_self (self);

  if (jid != NULL)
    return flint_format_address (jid);

  return own != NULL ? flint_text_for_line (xmpp_jid_get_domain (own), MAX_NAME) : g_strdup ("");
}

/* (transfer full): what to be called in a room, when nobody says */
char *
flint_account_make_nick (FlintAccount *self)
{
  XmppJid *jid = flint_account_get_jid (self);
  const char *local = jid != NULL ? xmpp_jid_get_local (jid) : NULL;
  g_autofree char *name = flint_account_describe_self (self);

  if (name != NULL && *name != '\0')
    return g_steal_pointer (&name);

  return g_strdup (local != NULL ? local : _("Guest"));
}

static char *
describe_waiting (FlintAccount *self)
{
  FlintReconnector *reconnector = flint_account_get_reconnector (self);
  guint seconds = flint_reconnector_get_retry_in (reconnector);

  if (!flint_reconnector_is_network_available (reconnector))
    return g_strdup (_("No network."));

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Trying again in %u s", "Trying again in %u s", seconds), seconds);
}

/**
 * flint_account_describe_state:
 * @self: an account
 *
 * Returns: (transfer full): how it stands, in a few words
 */
char *
flint_account_describe_state (FlintAccount *self)
{
  const GError *error;

  g_return_val_if_fail (FLINT_IS_ACCOUNT (self), NULL);

  switch (flint_account_get_state (self))
    {
    case FLINT_ACCOUNT_OFFLINE:
      return g_strdup (_("Offline"));

    case FLINT_ACCOUNT_CONNECTING:
      return g_strdup (_("Connecting…"));

    case FLINT_ACCOUNT_ONLINE:
      return g_strdup (flint_status_get_label (flint_account_get_status (self)));

    case FLINT_ACCOUNT_WAITING:
      return describe_waiting (self);

    case FLINT_ACCOUNT_FAILED:
      error = flint_account_get_error (self);

      return g_strdup (error != NULL ? error->message : _("Not connected"));

    default:
      g_return_val_if_reached (NULL);
    }
}

/* A sentence for each of: is it known that it was online before, and is it said what becomes of what one writes */
static char *
describe_seconds (gboolean is_lost,
                  gboolean keeps,
                  guint    seconds)
{
  if (is_lost && keeps)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                         "Connection lost. Trying again in %u s. What you write is sent when the connection is back.",
                                         "Connection lost. Trying again in %u s. What you write is sent when the connection is back.",
                                         seconds), seconds);

  if (keeps)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                         "Not connected. Trying again in %u s. What you write is sent when the connection is back.",
                                         "Not connected. Trying again in %u s. What you write is sent when the connection is back.",
                                         seconds), seconds);

  if (is_lost)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Connection lost. Trying again in %u s.",
                                         "Connection lost. Trying again in %u s.", seconds), seconds);

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Not connected. Trying again in %u s.",
                                       "Not connected. Trying again in %u s.", seconds), seconds);
}

/**
 * flint_account_describe_wait:
 * @self: an account that waits to connect again
 * @keeps: whether what is written now is sent later, which is said, too
 *
 * Returns: (transfer full): what happened and when it is tried again, in whole sentences for a banner
 */
char *
flint_account_describe_wait (FlintAccount *self,
                             gboolean      keeps)
{
  g_return_val_if_fail (FLINT_IS_ACCOUNT (self), NULL);

  if (flint_account_has_network (self))
    return describe_seconds (self->is_lost, keeps, flint_reconnector_get_retry_in (self->reconnector));

  return g_strdup (keeps ? _("No network. What you write is sent when the connection is back.") : _("No network."));
}
