/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define NS_STANZAS "urn:ietf:params:xml:ns:xmpp-stanzas"
#define NS_STREAMS "urn:ietf:params:xml:ns:xmpp-streams"
#define NS_SASL    "urn:ietf:params:xml:ns:xmpp-sasl"

#define MAX_SERVER_TEXT 300   /* characters of what the server says that we repeat */

/**
 * xmpp_error_quark:
 *
 * Returns: the domain of #XmppError: what ends or refuses a connection, as we see it
 */
G_DEFINE_QUARK (xmpp-error-quark, xmpp_error)

/**
 * xmpp_stream_error_quark:
 *
 * Returns: the domain of #XmppStreamError: why the server ended the stream (RFC 6120, 4.9)
 */
G_DEFINE_QUARK (xmpp-stream-error-quark, xmpp_stream_error)

/**
 * xmpp_stanza_error_quark:
 *
 * Returns: the domain of #XmppStanzaError: why somebody refused a stanza (RFC 6120, 8.3)
 */
G_DEFINE_QUARK (xmpp-stanza-error-quark, xmpp_stanza_error)

/**
 * xmpp_auth_error_quark:
 *
 * Returns: the domain of #XmppAuthError: why there is no login (RFC 6120, 6.5)
 */
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
  [XMPP_STREAM_ERROR_CONFLICT]                 = { "conflict",                 NULL, N_("This account was connected elsewhere with the same device name.") },
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
  [XMPP_STREAM_ERROR_UNSUPPORTED_FEATURE]      = { "unsupported-feature",      NULL, N_("The server demands something that this program does not support.") },
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

/* Another's words on our screen: one line, nothing that reorders or hides, not too long */
static char *
clean_text (const char *text)
{
  GString *clean = g_string_new (NULL);
  guint n_characters = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      GUnicodeType type = g_unichar_type (c);

      if (type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR)
        c = ' ';
      else if (type == G_UNICODE_FORMAT || type == G_UNICODE_PRIVATE_USE || type == G_UNICODE_UNASSIGNED)
        continue;

      if (c == ' ' && (clean->len == 0 || clean->str[clean->len - 1] == ' '))
        continue;

      if (n_characters++ == MAX_SERVER_TEXT)
        {
          g_string_append (clean, "…");
          break;
        }
      g_string_append_unichar (clean, c);
    }

  if (clean->len > 0 && clean->str[clean->len - 1] == ' ')
    g_string_truncate (clean, clean->len - 1);

  return g_string_free (clean, FALSE);
}

static gboolean
is_in_language (const XmppNode     *text,
                const char * const *languages)
{
  const char *lang = xmpp_node_get_lang (text);

  for (; lang != NULL && *languages != NULL; languages++)
    {
      gsize length = strcspn (*languages, "_.@");

      if (g_ascii_strncasecmp (lang, *languages, length) == 0 && (lang[length] == '\0' || lang[length] == '-'))
        return TRUE;
    }

  return FALSE;
}

/* In the reader's language where it is there, else the first */
static char *
find_text (const XmppNode *error,
           const char     *ns)
{
  const char *found = NULL;

  XMPP_NODE_FOREACH_CHILD (error, child)
    {
      if (!xmpp_node_is (child, "text", ns) || child->text == NULL)
        continue;

      if (is_in_language (child, g_get_language_names ()))
        return clean_text (child->text);
      if (found == NULL)
        found = child->text;
    }

  return found != NULL ? clean_text (found) : NULL;
}

/* The first that we know; whoever sends more than one does not say more */
static guint
find_condition (const XmppNode  *error,
                const char      *ns,
                const Condition *conditions,
                guint            n_conditions,
                const char     **content)
{
  XMPP_NODE_FOREACH_CHILD (error, child)
    {
      if (g_strcmp0 (child->ns, ns) != 0)
        continue;

      for (guint i = 0; i < n_conditions; i++)
        {
          if (conditions[i].name == NULL || strcmp (child->name, conditions[i].name) != 0)
            continue;

          if (content != NULL)
            *content = child->text;
          return i;
        }
    }

  return 0;
}

static GError *
new_error (GQuark      domain,
           int         code,
           const char *sentence,
           const char *text)
{
  if (text == NULL || *text == '\0')
    return g_error_new_literal (domain, code, sentence);

  /* Translators: the first is a sentence of ours, the second the server's own words */
  return g_error_new (domain, code, _("%s The server says: “%s”"), sentence, text);
}

/**
 * xmpp_stream_error_parse:
 * @error: <stream:error/>
 *
 * Returns: (transfer full): XMPP_STREAM_ERROR and the condition (RFC 6120, 4.9): a sentence of ours
 *   and, if there are any, the server's words. For see-other-host those are the host
 */
GError *
xmpp_stream_error_parse (const XmppNode *error)
{
  g_autofree char *text = NULL;
  const char *content = NULL;
  guint code;

  g_return_val_if_fail (error != NULL, NULL);

  code = find_condition (error, NS_STREAMS, stream_conditions, G_N_ELEMENTS (stream_conditions), &content);
  text = find_text (error, NS_STREAMS);

  if (text == NULL && code == XMPP_STREAM_ERROR_SEE_OTHER_HOST && content != NULL)
    text = clean_text (content);

  return new_error (XMPP_STREAM_ERROR, code, _(stream_conditions[code].sentence), text);
}

/**
 * xmpp_stanza_error_parse:
 * @stanza: a stanza of type error
 *
 * Returns: (transfer full): XMPP_STANZA_ERROR and the condition (RFC 6120, 8.3): a sentence of ours
 *   and, if there are any, the server's words
 */
GError *
xmpp_stanza_error_parse (const XmppNode *stanza)
{
  g_autofree char *text = NULL;
  const XmppNode *error;
  guint code;

  g_return_val_if_fail (stanza != NULL, NULL);

  error = xmpp_node_get_child (stanza, "error", stanza->ns);
  if (error == NULL)
    return new_error (XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_UNDEFINED_CONDITION,
                      _(stanza_conditions[XMPP_STANZA_ERROR_UNDEFINED_CONDITION].sentence), NULL);

  code = find_condition (error, NS_STANZAS, stanza_conditions, G_N_ELEMENTS (stanza_conditions), NULL);
  text = find_text (error, NS_STANZAS);

  return new_error (XMPP_STANZA_ERROR, code, _(stanza_conditions[code].sentence), text);
}

/**
 * xmpp_auth_error_parse:
 * @failure: SASL's <failure/>
 *
 * Returns: (transfer full): XMPP_AUTH_ERROR and the condition (RFC 6120, 6.5): a sentence of ours and,
 *   if there are any, the server's words
 */
GError *
xmpp_auth_error_parse (const XmppNode *failure)
{
  g_autofree char *text = NULL;
  guint code;

  g_return_val_if_fail (failure != NULL, NULL);

  code = find_condition (failure, NS_SASL, auth_conditions, G_N_ELEMENTS (auth_conditions), NULL);
  text = find_text (failure, NS_SASL);

  return new_error (XMPP_AUTH_ERROR, code, _(auth_conditions[code].sentence), text);
}

/**
 * xmpp_stanza_error_write:
 * @stanza: an answer of type error, being built
 * @condition: what is wrong
 * @text: (nullable): what to add in words
 *
 * Adds the `<error/>` with its type, which follows from @condition (RFC 6120, 8.3).
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
 * @condition: a condition
 *
 * Returns: (transfer none): the condition's name on the wire
 */
const char *
xmpp_stanza_error_get_name (XmppStanzaError condition)
{
  g_return_val_if_fail (condition < G_N_ELEMENTS (stanza_conditions), NULL);

  return stanza_conditions[condition].name;
}

/**
 * xmpp_stream_error_get_name:
 * @condition: a condition
 *
 * Returns: (transfer none): the name on the wire, as "host-unknown"
 */
const char *
xmpp_stream_error_get_name (XmppStreamError condition)
{
  g_return_val_if_fail (condition < G_N_ELEMENTS (stream_conditions), NULL);

  return stream_conditions[condition].name;
}

/**
 * xmpp_stanza_error_get_sentence:
 * @condition: a condition
 *
 * Returns: (transfer none): the condition in words, in the reader's language
 */
const char *
xmpp_stanza_error_get_sentence (XmppStanzaError condition)
{
  g_return_val_if_fail (condition < G_N_ELEMENTS (stanza_conditions), NULL);

  return _(stanza_conditions[condition].sentence);
}
