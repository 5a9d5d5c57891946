/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an entry does, in a line: verb first, present tense, names instead of addresses. What we sent
 * begins with what we do ("asks jane for …"), what came with who does it ("jane: “…”").
 */
#include "flint-config.h"

#include "console-summary.h"

#include "console-summary-private.h"
#include "console-text.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_SUMMARY 400   /* characters */
#define MAX_QUOTE   200

/* console_say:
 * @phrase: a sentence with places like {who}
 * @...: names of places and what stands there, by turns, then NULL
 *
 * Not printf: the phrases come out of tables, and a translation may turn the places around.
 */
char *
console_say (const char *phrase,
             ...)
{
  GString *line = g_string_new (NULL);

  while (*phrase != '\0')
    {
      const char *end = *phrase == '{' ? strchr (phrase, '}') : NULL;
      const char *value = NULL;
      const char *name;
      va_list args;

      if (end == NULL)
        {
          g_string_append_c (line, *phrase++);
          continue;
        }

      va_start (args, phrase);
      while (value == NULL && (name = va_arg (args, const char *)))
        {
          const char *candidate = va_arg (args, const char *);

          if (strncmp (phrase + 1, name, end - phrase - 1) == 0 && name[end - phrase - 1] == '\0')
            value = candidate != NULL ? candidate : "";
        }
      va_end (args);

      g_string_append (line, value != NULL ? value : "");
      phrase = end + 1;
    }

  return g_string_free (line, FALSE);
}

/* The beginning of what somebody wrote, as long as a line has use for */
char *
console_clip (const char *text)
{
  const char *end = text;

  for (guint i = 0; i < MAX_QUOTE && *end != '\0'; i++)
    end = g_utf8_next_char (end);

  return *end == '\0' ? g_strdup (text) : g_strdup_printf ("%.*s…", (int) (end - text), text);
}

/* The name in an address: jane of jane@example.org/phone; a server has only its domain. */
char *
console_name (const char *jid)
{
  gsize bare = strcspn (jid, "/");
  const char *at = memchr (jid, '@', bare);

  return g_strndup (jid, at != NULL && at != jid ? (gsize) (at - jid) : bare);
}

/* Who it is in a room: mei of lounge@conference.example.org/mei */
char *
console_name_nick (const char *jid)
{
  const char *slash = jid != NULL ? strchr (jid, '/') : NULL;

  return slash != NULL ? console_clip (slash + 1) : NULL;
}

static gboolean
is_own_account (ConsoleEntry *entry,
                const char   *jid)
{
  return g_str_equal (jid, console_entry_get_account (entry));
}

/* RFC 6120, 8.3.2 and 4.9.2: a condition, and perhaps words about it. */
char *
console_describe_error (const XmppNode *root)
{
  const XmppNode *error = xmpp_node_get_child (root, "error", XMPP_NS_CLIENT);
  const char *condition = NULL;
  const char *words = NULL;

  /* errors of the stream, of TLS and SASL hold them themselves */
  if (error == NULL)
    error = root;

  XMPP_NODE_FOREACH_CHILD (error, child)
    {
      if (g_str_equal (child->name, "text"))
        words = child->text;
      else if (condition == NULL)
        condition = child->name;
    }

  if (condition == NULL)
    condition = _("for no reason that it tells");

  return words != NULL && *words != '\0' ? g_strdup_printf ("%s, “%s”", condition, words) : g_strdup (condition);
}

/* Headers and events come in words or as they crossed the wire. */

static char *
describe_header (ConsoleEntry *entry)
{
  const char *text = console_entry_peek (entry, NULL);
  gboolean is_sent = console_entry_get_direction (entry) == XMPP_SENT;

  text += strspn (text, " \t\r\n");

  if (*text == '\0')
    return g_strdup (is_sent ? _("keeps the connection open") : _("the server keeps the connection open"));
  if (g_str_has_prefix (text, "</"))
    return g_strdup (is_sent ? _("closes the stream") : _("the server closes the stream"));

  return g_strdup (is_sent ? _("opens the stream") : _("the server opens the stream"));
}

static char *
describe_stanza (ConsoleEntry *entry)
{
  g_autoptr(XmppStanza) stanza = console_entry_read (entry);
  ConsoleSummary self = { .entry = entry, .root = xmpp_stanza_get_root (stanza) };
  g_autofree char *who = NULL;

  self.is_sent = console_entry_get_direction (entry) == XMPP_SENT;
  self.type = xmpp_node_get (self.root, "type");
  self.type = self.type != NULL ? self.type : "";
  self.peer = console_entry_get_peer (entry);
  if (self.peer == NULL || is_own_account (entry, self.peer))
    who = g_strdup (_("own account"));
  else
    who = console_name (self.peer);
  self.who = who;

  switch (console_entry_get_kind (entry))
    {
    case CONSOLE_MESSAGE:
      return console_summary_message (&self);

    case CONSOLE_PRESENCE:
      return console_summary_presence (&self);

    case CONSOLE_IQ:
      return console_summary_iq (&self);

    case CONSOLE_STREAM:
    case CONSOLE_SASL:
    case CONSOLE_SM:
    case CONSOLE_NONZA:
    case CONSOLE_EVENT:
    case CONSOLE_N_KINDS:
    default:
      return console_summary_nonza (&self);
    }
}

/**
 * console_summary_new:
 *
 * Returns: (transfer full): what @entry does, in one line without a character that could disturb it
 */
char *
console_summary_new (ConsoleEntry *entry)
{
  g_autofree char *line = NULL;

  g_return_val_if_fail (CONSOLE_IS_ENTRY (entry), NULL);

  if (console_entry_is_skipped (entry))
    line = g_strdup (_("was too large, and was passed over"));
  else if (console_entry_is_cut (entry))
    line = g_strdup (_("is too large to be kept"));
  else if (console_entry_is_stanza (entry))
    line = describe_stanza (entry);
  else if (console_entry_is_event (entry))
    line = console_clip (console_entry_peek (entry, NULL));
  else
    line = describe_header (entry);

  return console_text_for_line (line, MAX_SUMMARY);
}
