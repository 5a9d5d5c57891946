/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define NS_STANZAS "urn:ietf:params:xml:ns:xmpp-stanzas"
#define NS_STREAMS "urn:ietf:params:xml:ns:xmpp-streams"
#define NS_SASL    "urn:ietf:params:xml:ns:xmpp-sasl"

#define MAX_SERVER_TEXT 300   /* characters of what the server says that we repeat */

G_DEFINE_QUARK (xmpp-error-quark, xmpp_error)
G_DEFINE_QUARK (xmpp-stream-error-quark, xmpp_stream_error)
G_DEFINE_QUARK (xmpp-stanza-error-quark, xmpp_stanza_error)
G_DEFINE_QUARK (xmpp-auth-error-quark, xmpp_auth_error)

typedef struct
{
  const char *name;
  const char *type;       /* of a stanza error: RFC 6120, 8.3.2 */
  const char *sentence;
} Condition;

/* RFC 6120, 8.3.3 */
static const Condition stanza_conditions[] = {
  [XMPP_STANZA_ERROR_UNDEFINED_CONDITION]     = { "undefined-condition",     "cancel", N_("It was refused, and no reason was given.") },
  [XMPP_STANZA_ERROR_BAD_REQUEST]             = { "bad-request",             "modify", N_("The server did not understand the request.") },
  [XMPP_STANZA_ERROR_CONFLICT]                = { "conflict",                "cancel", N_("The name is already in use.") },
  [XMPP_STANZA_ERROR_FEATURE_NOT_IMPLEMENTED] = { "feature-not-implemented", "cancel", N_("The other side does not support this.") },
  [XMPP_STANZA_ERROR_FORBIDDEN]               = { "forbidden",               "auth",   N_("You are not allowed to do this.") },
  [XMPP_STANZA_ERROR_GONE]                    = { "gone",                    "cancel", N_("This address is no longer in use.") },
  [XMPP_STANZA_ERROR_INTERNAL_SERVER_ERROR]   = { "internal-server-error",   "cancel", N_("The server has a fault of its own. Try again later.") },
  [XMPP_STANZA_ERROR_ITEM_NOT_FOUND]          = { "item-not-found",          "cancel", N_("There is nothing at this address.") },
  [XMPP_STANZA_ERROR_JID_MALFORMED]           = { "jid-malformed",           "modify", N_("The address is not valid.") },
  [XMPP_STANZA_ERROR_NOT_ACCEPTABLE]          = { "not-acceptable",          "modify", N_("The server does not accept this, because of one of its rules.") },
  [XMPP_STANZA_ERROR_NOT_ALLOWED]             = { "not-allowed",             "cancel", N_("Nobody is allowed to do this here.") },
  [XMPP_STANZA_ERROR_NOT_AUTHORIZED]          = { "not-authorized",          "auth",   N_("A password is needed, or it is wrong.") },
  [XMPP_STANZA_ERROR_PAYMENT_REQUIRED]        = { "payment-required",        "auth",   N_("This service has to be paid for.") },
  [XMPP_STANZA_ERROR_POLICY_VIOLATION]        = { "policy-violation",        "modify", N_("It breaks a rule of the server.") },
  [XMPP_STANZA_ERROR_RECIPIENT_UNAVAILABLE]   = { "recipient-unavailable",   "wait",   N_("They are not online.") },
  [XMPP_STANZA_ERROR_REDIRECT]                = { "redirect",                "modify", N_("The address has changed.") },
  [XMPP_STANZA_ERROR_REGISTRATION_REQUIRED]   = { "registration-required",   "auth",   N_("Only members may do this.") },
  [XMPP_STANZA_ERROR_REMOTE_SERVER_NOT_FOUND] = { "remote-server-not-found", "cancel", N_("The server of this address was not found.") },
  [XMPP_STANZA_ERROR_REMOTE_SERVER_TIMEOUT]   = { "remote-server-timeout",   "wait",   N_("The server of this address does not answer. Try again later.") },
  [XMPP_STANZA_ERROR_RESOURCE_CONSTRAINT]     = { "resource-constraint",     "wait",   N_("The server has too much to do. Try again later.") },
  [XMPP_STANZA_ERROR_SERVICE_UNAVAILABLE]     = { "service-unavailable",     "cancel", N_("Nobody at this address can receive it.") },
  [XMPP_STANZA_ERROR_SUBSCRIPTION_REQUIRED]   = { "subscription-required",   "auth",   N_("They have to accept you as a contact first.") },
  [XMPP_STANZA_ERROR_UNEXPECTED_REQUEST]      = { "unexpected-request",      "wait",   N_("The server did not expect this now.") },
};

/* RFC 6120, 4.9.3 */
static const Condition stream_conditions[] = {
  [XMPP_STREAM_ERROR_UNDEFINED_CONDITION]      = { "undefined-condition",      NULL, N_("The server ended the connection and gave no reason.") },
  [XMPP_STREAM_ERROR_BAD_FORMAT]               = { "bad-format",               NULL, N_("The server could not read what was sent.") },
  [XMPP_STREAM_ERROR_BAD_NAMESPACE_PREFIX]     = { "bad-namespace-prefix",     NULL, N_("The server could not read what was sent.") },
  [XMPP_STREAM_ERROR_CONFLICT]                 = { "conflict",                 NULL, N_("The account was logged in elsewhere with the same resource.") },
  [XMPP_STREAM_ERROR_CONNECTION_TIMEOUT]       = { "connection-timeout",       NULL, N_("The server heard nothing for too long and ended the connection.") },
  [XMPP_STREAM_ERROR_HOST_GONE]                = { "host-gone",                NULL, N_("The server no longer serves this domain.") },
  [XMPP_STREAM_ERROR_HOST_UNKNOWN]             = { "host-unknown",             NULL, N_("The server does not serve this domain. Check the part of the address after the @.") },
  [XMPP_STREAM_ERROR_IMPROPER_ADDRESSING]      = { "improper-addressing",      NULL, N_("The server could not tell whom something was for.") },
  [XMPP_STREAM_ERROR_INTERNAL_SERVER_ERROR]    = { "internal-server-error",    NULL, N_("The server has a fault of its own.") },
  [XMPP_STREAM_ERROR_INVALID_FROM]             = { "invalid-from",             NULL, N_("The server refused a sender that is not this account.") },
  [XMPP_STREAM_ERROR_INVALID_NAMESPACE]        = { "invalid-namespace",        NULL, N_("The server could not read what was sent.") },
  [XMPP_STREAM_ERROR_INVALID_XML]              = { "invalid-xml",              NULL, N_("The server could not read what was sent.") },
  [XMPP_STREAM_ERROR_NOT_AUTHORIZED]           = { "not-authorized",           NULL, N_("The server no longer accepts this login.") },
  [XMPP_STREAM_ERROR_NOT_WELL_FORMED]          = { "not-well-formed",          NULL, N_("The server could not read what was sent.") },
  [XMPP_STREAM_ERROR_POLICY_VIOLATION]         = { "policy-violation",         NULL, N_("The server ended the connection because one of its rules was broken.") },
  [XMPP_STREAM_ERROR_REMOTE_CONNECTION_FAILED] = { "remote-connection-failed", NULL, N_("The server could not reach a service that it needs.") },
  [XMPP_STREAM_ERROR_RESET]                    = { "reset",                    NULL, N_("The server asks for a new connection.") },
  [XMPP_STREAM_ERROR_RESOURCE_CONSTRAINT]      = { "resource-constraint",      NULL, N_("The server has too much to do.") },
  [XMPP_STREAM_ERROR_RESTRICTED_XML]           = { "restricted-xml",           NULL, N_("The server refused a kind of XML that XMPP does not allow.") },
  [XMPP_STREAM_ERROR_SEE_OTHER_HOST]           = { "see-other-host",           NULL, N_("The server sends us to another host.") },
  [XMPP_STREAM_ERROR_SYSTEM_SHUTDOWN]          = { "system-shutdown",          NULL, N_("The server is being shut down.") },
  [XMPP_STREAM_ERROR_UNSUPPORTED_ENCODING]     = { "unsupported-encoding",     NULL, N_("The server does not support the encoding.") },
  [XMPP_STREAM_ERROR_UNSUPPORTED_FEATURE]      = { "unsupported-feature",      NULL, N_("The server demands something that Flint does not support.") },
  [XMPP_STREAM_ERROR_UNSUPPORTED_STANZA_TYPE]  = { "unsupported-stanza-type",  NULL, N_("The server did not know what was sent.") },
  [XMPP_STREAM_ERROR_UNSUPPORTED_VERSION]      = { "unsupported-version",      NULL, N_("The server speaks another version of XMPP.") },
};

/* RFC 6120, 6.5 */
static const Condition auth_conditions[] = {
  [XMPP_AUTH_ERROR_FAILED]              = { NULL,                     NULL, N_("The server refused the login and gave no reason.") },
  [XMPP_AUTH_ERROR_ABORTED]             = { "aborted",                NULL, N_("The login was broken off.") },
  [XMPP_AUTH_ERROR_ACCOUNT_DISABLED]    = { "account-disabled",       NULL, N_("This account is disabled. Ask the administrator of the server.") },
  [XMPP_AUTH_ERROR_CREDENTIALS_EXPIRED] = { "credentials-expired",    NULL, N_("The password has expired. Ask the administrator of the server for a new one.") },
  [XMPP_AUTH_ERROR_ENCRYPTION_REQUIRED] = { "encryption-required",    NULL, N_("The server demands encryption for this kind of login.") },
  [XMPP_AUTH_ERROR_INCORRECT_ENCODING]  = { "incorrect-encoding",     NULL, N_("The server could not read the login.") },
  [XMPP_AUTH_ERROR_INVALID_AUTHZID]     = { "invalid-authzid",        NULL, N_("This login may not be used for this address.") },
  [XMPP_AUTH_ERROR_INVALID_MECHANISM]   = { "invalid-mechanism",      NULL, N_("The server does not support this kind of login after all.") },
  [XMPP_AUTH_ERROR_MALFORMED_REQUEST]   = { "malformed-request",      NULL, N_("The server could not read the login.") },
  [XMPP_AUTH_ERROR_MECHANISM_TOO_WEAK]  = { "mechanism-too-weak",     NULL, N_("The server demands a safer kind of login.") },
  [XMPP_AUTH_ERROR_NOT_AUTHORIZED]      = { "not-authorized",         NULL, N_("The password is wrong, or there is no such account on this server.") },
  [XMPP_AUTH_ERROR_TEMPORARY_FAILURE]   = { "temporary-auth-failure", NULL, N_("The server cannot check passwords at the moment. Try again later.") },
};

/* Other people's words inside our sentence: one line, bounded, without characters that reorder or hide text. */
static char *
clean_text (const char *text)
{
  GString *clean = g_string_new (NULL);
  guint length = 0;

  for (; *text != '\0' && length < MAX_SERVER_TEXT; text = g_utf8_next_char (text), length++)
    {
      gunichar c = g_utf8_get_char (text);

      if (g_unichar_isspace (c))
        g_string_append_c (clean, ' ');
      else if (!g_unichar_iscntrl (c) && g_unichar_type (c) != G_UNICODE_FORMAT && g_unichar_type (c) != G_UNICODE_PRIVATE_USE)
        g_string_append_unichar (clean, c);
    }

  if (*text != '\0')
    g_string_append (clean, "…");

  return g_strstrip (g_string_free (clean, FALSE));
}

static char *
describe (const Condition *condition,
          const XmppNode  *error,
          const char      *ns)
{
  const char *text = error != NULL ? xmpp_node_get_child_text (error, "text", ns) : NULL;
  g_autofree char *clean = text != NULL ? clean_text (text) : NULL;

  if (clean == NULL || *clean == '\0')
    return g_strdup (_(condition->sentence));

  /* translators: a sentence of ours, then what the server says itself */
  return g_strdup_printf (_("%s The server says: “%s”"), _(condition->sentence), clean);
}

static GError *
parse (GQuark           domain,
       const Condition *conditions,
       guint            n_conditions,
       int              fallback,
       const XmppNode  *error,
       const char      *ns)
{
  int code = fallback;
  g_autofree char *message = NULL;

  for (guint i = 0; error != NULL && i < n_conditions; i++)
    {
      if (conditions[i].name != NULL && xmpp_node_get_child (error, conditions[i].name, ns) != NULL)
        {
          code = i;
          break;
        }
    }

  message = describe (&conditions[code], error, ns);

  return g_error_new_literal (domain, code, message);
}

/**
 * xmpp_stream_error_parse:
 * @error: the <stream:error/>
 *
 * Returns: (transfer full): an #XMPP_STREAM_ERROR with a sentence for a person (RFC 6120, 4.9)
 */
GError *
xmpp_stream_error_parse (const XmppNode *error)
{
  return parse (XMPP_STREAM_ERROR, stream_conditions, G_N_ELEMENTS (stream_conditions),
                XMPP_STREAM_ERROR_UNDEFINED_CONDITION, error, NS_STREAMS);
}

/**
 * xmpp_stanza_error_parse:
 * @stanza: a stanza of type error
 *
 * Returns: (transfer full): an #XMPP_STANZA_ERROR with a sentence for a person (RFC 6120, 8.3)
 */
GError *
xmpp_stanza_error_parse (const XmppNode *stanza)
{
  const XmppNode *error = xmpp_node_get_child (stanza, "error", stanza->ns);

  return parse (XMPP_STANZA_ERROR, stanza_conditions, G_N_ELEMENTS (stanza_conditions),
                XMPP_STANZA_ERROR_UNDEFINED_CONDITION, error, NS_STANZAS);
}

/**
 * xmpp_auth_error_parse:
 * @failure: the <failure/> of SASL
 *
 * Returns: (transfer full): an #XMPP_AUTH_ERROR with a sentence for a person (RFC 6120, 6.5)
 */
GError *
xmpp_auth_error_parse (const XmppNode *failure)
{
  return parse (XMPP_AUTH_ERROR, auth_conditions, G_N_ELEMENTS (auth_conditions),
                XMPP_AUTH_ERROR_FAILED, failure, NS_SASL);
}

/**
 * xmpp_stanza_error_write:
 * @stanza: an answer of type error, being built
 * @text: (nullable): what to add in words
 */
void
xmpp_stanza_error_write (XmppNode        *stanza,
                         XmppStanzaError  condition,
                         const char      *text)
{
  XmppNode *error;

  g_return_if_fail (stanza != NULL);
  g_return_if_fail (condition < G_N_ELEMENTS (stanza_conditions));

  error = xmpp_node_add (stanza, "error", NULL);
  xmpp_node_set (error, "type", stanza_conditions[condition].type);
  xmpp_node_add (error, stanza_conditions[condition].name, NS_STANZAS);
  if (text != NULL)
    xmpp_node_add_text (error, "text", NS_STANZAS, text);
}

/**
 * xmpp_stanza_error_get_name:
 *
 * Returns: (transfer none): the condition's name on the wire
 */
const char *
xmpp_stanza_error_get_name (XmppStanzaError condition)
{
  g_return_val_if_fail (condition < G_N_ELEMENTS (stanza_conditions), NULL);

  return stanza_conditions[condition].name;
}

const char *
xmpp_stream_error_get_name (XmppStreamError condition)
{
  g_return_val_if_fail (condition < G_N_ELEMENTS (stream_conditions), NULL);

  return stream_conditions[condition].name;
}

/**
 * xmpp_stanza_error_get_sentence:
 *
 * Returns: (transfer none): the condition in words, in the reader's language
 */
const char *
xmpp_stanza_error_get_sentence (XmppStanzaError condition)
{
  g_return_val_if_fail (condition < G_N_ELEMENTS (stanza_conditions), NULL);

  return _(stanza_conditions[condition].sentence);
}
