/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TLS, SASL, the stream: what is neither message, presence nor iq */
#include "flint-config.h"

#include "console-summary-private.h"

#include <glib/gi18n.h>

#define NS_TLS  "urn:ietf:params:xml:ns:xmpp-tls"
#define NS_SASL "urn:ietf:params:xml:ns:xmpp-sasl"
#define NS_SM   "urn:xmpp:sm:3"
#define NS_CSI  "urn:xmpp:csi:0"

/* {mechanism}, {h}: attributes; {error}: the condition */
static const struct
{
  const char *name;
  const char *ns;
  const char *phrase;
} phrases[] = {
  { "error",     XMPP_NS_STREAM, N_("ends the stream: {error}") },
  { "starttls",  NS_TLS,         N_("asks for TLS") },
  { "proceed",   NS_TLS,         N_("agrees to TLS") },
  { "failure",   NS_TLS,         N_("refuses TLS") },
  { "auth",      NS_SASL,        N_("starts {mechanism}") },
  { "challenge", NS_SASL,        N_("asks for a proof") },
  { "response",  NS_SASL,        N_("proves that it knows the password") },
  { "success",   NS_SASL,        N_("accepts the login") },
  { "abort",     NS_SASL,        N_("gives up this login") },
  { "failure",   NS_SASL,        N_("refuses the login: {error}") },
  { "enable",    NS_SM,          N_("turns stream management on") },
  { "enabled",   NS_SM,          N_("stream management is on") },
  { "r",         NS_SM,          N_("asks for an acknowledgement") },
  { "a",         NS_SM,          N_("acknowledges {h}") },
  { "active",    NS_CSI,         N_("says that somebody is looking") },
  { "inactive",  NS_CSI,         N_("says that nobody is looking") },
};

/* Features worth a word; the rest is counted. */
static const struct
{
  const char *name;
  const char *ns;
  const char *word;
} features[] = {
  { "starttls",    NS_TLS,                                  N_("TLS") },
  { "bind",        "urn:ietf:params:xml:ns:xmpp-bind",      N_("a resource") },
  { "session",     "urn:ietf:params:xml:ns:xmpp-session",   N_("a session") },
  { "sm",          NS_SM,                                   N_("stream management") },
  { "csi",         NS_CSI,                                  N_("client state") },
  { "ver",         "urn:xmpp:features:rosterver",           N_("contact list versions") },
  { "sub",         "urn:xmpp:features:pre-approval",        N_("pre-approval") },
  { "compression", "http://jabber.org/features/compress",   N_("compression") },
  { "register",    "http://jabber.org/features/iq-register", N_("registration") },
};

static guint
count_children (const XmppNode *node)
{
  guint n = 0;

  XMPP_NODE_FOREACH_CHILD (node, child)
    n++;

  return n;
}

static void
append_word (GString    *line,
             const char *word)
{
  if (line->len > 0)
    g_string_append (line, ", ");
  g_string_append (line, word);
}

static char *
describe_features (const XmppNode *root)
{
  g_autoptr(GString) words = g_string_new (NULL);
  guint n_others = 0;

  XMPP_NODE_FOREACH_CHILD (root, child)
    {
      const char *word = NULL;

      for (guint i = 0; i < G_N_ELEMENTS (features) && word == NULL; i++)
        word = xmpp_node_is (child, features[i].name, features[i].ns) ? _(features[i].word) : NULL;

      if (word != NULL)
        {
          append_word (words, word);
        }
      else if (xmpp_node_is (child, "mechanisms", NS_SASL))
        {
          guint n = count_children (child);
          g_autofree char *text = g_strdup_printf (ngettext ("%u mechanism", "%u mechanisms", n), n);

          append_word (words, text);
        }
      else
        {
          n_others++;
        }
    }

  if (n_others > 0)
    {
      g_autofree char *text = g_strdup_printf (ngettext ("%u more", "%u more", n_others), n_others);

      append_word (words, text);
    }

  if (words->len == 0)
    return g_strdup (_("offers nothing"));

  return console_say (_("offers {what}"), "what", words->str, NULL);
}

char *
console_summary_nonza (const ConsoleSummary *self)
{
  const XmppNode *root = self->root;
  g_autofree char *error = NULL;

  if (xmpp_node_is (root, "features", XMPP_NS_STREAM))
    return describe_features (root);

  error = console_describe_error (root);

  for (guint i = 0; i < G_N_ELEMENTS (phrases); i++)
    {
      if (xmpp_node_is (root, phrases[i].name, phrases[i].ns))
        return console_say (_(phrases[i].phrase), "mechanism", xmpp_node_get (root, "mechanism"),
                            "h", xmpp_node_get (root, "h"), "error", error, NULL);
    }

  return console_say (_("{name} of {ns}"), "name", root->name, "ns", root->ns, NULL);
}
