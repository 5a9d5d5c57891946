/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "console-check.h"

#include "console-redact.h"
#include "console-template.h"
#include "xmpp-parser.h"

#include <glib/gi18n.h>
#include <string.h>

#define HEADER "<stream:stream xmlns='" XMPP_NS_CLIENT "' xmlns:stream='" XMPP_NS_STREAM "'>"

typedef struct
{
  ConsoleCheck *check;
  int           line;     /* that is being read */
  int           begin;    /* where the element that is being read began; 0: between elements */
} Reading;

static void
doubt (Reading *reading,
       char    *words)
{
  ConsoleCheck *check = reading->check;

  /* the first is said */
  if (check->words == NULL)
    {
      check->verdict = CONSOLE_CHECK_DOUBTFUL;
      check->line = reading->begin;
      check->words = g_strdup_printf (_("Well-formed. Line %d: %s"), reading->begin, words);
    }

  g_free (words);
}

static gboolean
is_one_of (const char         *type,
           const char * const *types)
{
  return type != NULL && g_strv_contains (types, type);
}

/* What a server answers with an error or with the end of the stream (RFC 6120, 4.9.3.24 and 8.2.3) */
static void
on_received (XmppStanza *stanza,
             gpointer    user_data)
{
  static const char * const iq_types[] = { "get", "set", "result", "error", NULL };
  static const char * const message_types[] = { "normal", "chat", "groupchat", "headline", "error", NULL };
  Reading *reading = user_data;
  const XmppNode *root = xmpp_stanza_get_root (stanza);
  const char *type = xmpp_node_get (root, "type");

  reading->check->n_elements++;

  if (xmpp_node_is (root, "iq", XMPP_NS_CLIENT))
    {
      if (xmpp_node_get (root, "id") == NULL)
        doubt (reading, g_strdup (_("this iq has no id.")));
      if (!is_one_of (type, iq_types))
        doubt (reading, g_strdup (_("the type of an iq is get, set, result or error.")));
    }
  else if (xmpp_node_is (root, "message", XMPP_NS_CLIENT))
    {
      if (type != NULL && !is_one_of (type, message_types))
        doubt (reading, g_strdup_printf (_("there is no message type “%s”: it counts as normal."), type));
    }
  else if (g_strcmp0 (root->ns, XMPP_NS_CLIENT) == 0 && !g_str_equal (root->name, "presence"))
    doubt (reading, g_strdup_printf (_("“<%s>” is no message, presence or iq: the server may close the connection."),
                                     root->name));

  reading->begin = 0;
}

static void
on_closed (gpointer user_data)
{
}

/* A line at a time, so that an element is known by the line where it began */
static void
look_for_doubts (ConsoleCheck *check,
                 const char   *xml)
{
  static const XmppParserFuncs funcs = { .received = on_received, .closed = on_closed };
  Reading reading = { .check = check, .line = 1 };
  g_autoptr(XmppParser) parser = xmpp_parser_new (&funcs, &reading);

  xmpp_parser_feed (parser, HEADER, strlen (HEADER), NULL);

  for (const char *line = xml; *line != '\0'; reading.line++)
    {
      const char *feed = strchr (line, '\n');
      gsize length = feed != NULL ? (gsize) (feed + 1 - line) : strlen (line);

      if (reading.begin == 0 && strspn (line, " \t\r\n") < length)
        reading.begin = reading.line;

      xmpp_parser_feed (parser, line, length, NULL);
      line += length;
    }
}

static int
find_line (const char *xml,
           const char *place)
{
  int line = 1;

  for (; xml < place; xml++)
    line += *xml == '\n' ? 1 : 0;

  return line;
}

static void
look_for_gaps (ConsoleCheck *check,
               const char   *xml)
{
  Reading reading = { .check = check };
  const char *place;
  g_autofree char *name = console_template_find_gap (xml, &place);

  if (name != NULL)
    {
      reading.begin = find_line (xml, place);
      doubt (&reading, g_strdup_printf (_("“%s” is not filled in yet."), name));
    }

  if ((place = strstr (xml, CONSOLE_REDACTED)) != NULL)
    {
      reading.begin = find_line (xml, place);
      doubt (&reading, g_strdup (_("a secret was taken out here, and has to be put in again.")));
    }
}

/**
 * console_check_new:
 * @xml: one element or several, as a person wrote them
 *
 * Says whether @xml could stand in a stream (xmpp_stanza_check_xml()), and if so, whether something of it is
 * probably not meant.
 *
 * Returns: (transfer full): what is to be said of it
 */
ConsoleCheck *
console_check_new (const char *xml)
{
  ConsoleCheck *self = g_new0 (ConsoleCheck, 1);
  g_autoptr(GError) error = NULL;

  g_return_val_if_fail (xml != NULL, self);

  if (xml[strspn (xml, " \t\r\n")] == '\0')
    {
      self->words = g_strdup (_("Write XML here, or choose a template."));
      return self;
    }

  if (!xmpp_stanza_check_xml (xml, &self->line, &self->column, &error))
    {
      self->verdict = CONSOLE_CHECK_WRONG;
      self->words = g_strdup (error->message);
      return self;
    }

  self->line = self->column = 0;
  self->verdict = CONSOLE_CHECK_GOOD;
  look_for_gaps (self, xml);
  look_for_doubts (self, xml);

  if (self->words == NULL && self->n_elements == 1)
    self->words = g_strdup (_("Well-formed"));
  else if (self->words == NULL)
    self->words = g_strdup_printf (ngettext ("Well-formed, %u element", "Well-formed, %u elements", self->n_elements),
                                   self->n_elements);

  return self;
}

void
console_check_free (ConsoleCheck *self)
{
  g_free (self->words);
  g_free (self);
}
