/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console-reader.h"

#include "xmpp-parser.h"

#include <string.h>

/* The stream in which the texts stand */
#define HEADER "<stream:stream xmlns='" XMPP_NS_CLIENT "' xmlns:stream='" XMPP_NS_STREAM "'>"

#define MAX_REMEMBERED (64 * 1024)   /* bytes of text: the tree of a longer one is ten times as large */

struct _ConsoleReader
{
  XmppParser  *parser;        /* of one long stream; NULL: none yet, or it broke off */
  XmppStanza  *received;

  ConsolePage *page;          /* that was unpacked last */
  char        *texts;         /* of it */

  ConsolePage *stanza_page;   /* where the stanza that was read last is */
  guint        stanza_number;
  XmppStanza  *stanza;
};

ConsoleReader *
console_reader_new (void)
{
  return g_new0 (ConsoleReader, 1);
}

static void
forget_stanza (ConsoleReader *self)
{
  g_clear_pointer (&self->stanza_page, console_page_unref);
  g_clear_pointer (&self->stanza, xmpp_stanza_unref);
}

/**
 * console_reader_forget:
 *
 * Lets go of all that it remembers.
 */
void
console_reader_forget (ConsoleReader *self)
{
  forget_stanza (self);
  g_clear_pointer (&self->page, console_page_unref);
  g_clear_pointer (&self->texts, g_free);
  g_clear_pointer (&self->parser, xmpp_parser_free);
}

void
console_reader_free (ConsoleReader *self)
{
  console_reader_forget (self);
  g_free (self);
}

/**
 * console_reader_get_text:
 * @page: a page
 * @number: of one of its entries
 *
 * Returns: (transfer none): its text, as long as its record says, with a NUL behind it; until something else is
 *   asked for, or the main loop goes on
 */
const char *
console_reader_get_text (ConsoleReader *self,
                         ConsolePage   *page,
                         guint          number)
{
  const ConsoleRecord *record = console_page_get_record (page, number);
  const char *texts = console_page_get_texts (page);

  if (texts != NULL)
    return texts + record->offset;

  if (self->page != page)
    {
      g_clear_pointer (&self->page, console_page_unref);
      g_free (self->texts);
      self->texts = console_page_unpack (page);
      self->page = console_page_ref (page);
    }

  return self->texts + record->offset;
}

/* The start of the tag: our own writer wrote it, so a value stands in apostrophes, and has none itself. */

static const char *
find_attribute (const char *tag,
                const char *name,
                gsize      *length)
{
  gsize name_length = strlen (name);
  const char *at = tag + strcspn (tag, " />");

  while (*at == ' ')
    {
      const char *equals = strchr (++at, '=');
      const char *end = equals != NULL && equals[1] == '\'' ? strchr (equals + 2, '\'') : NULL;

      if (end == NULL)
        return NULL;

      if ((gsize) (equals - at) == name_length && memcmp (at, name, name_length) == 0)
        {
          *length = end - equals - 2;
          return equals + 2;
        }
      at = end + 1;
    }

  return NULL;
}

static char *
unescape (const char *text,
          gsize       length)
{
  static const struct
  {
    const char *escape;
    char        c;
  } escapes[] = {
    { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&apos;", '\'' }, { "&#10;", '\n' }, { "&#9;", '\t' }, { "&#13;", '\r' },
  };
  const char *end = text + length;
  char *plain = g_malloc (length + 1);
  char *to = plain;

  while (text < end)
    {
      guint i = 0;

      while (*text == '&' && i < G_N_ELEMENTS (escapes) && !g_str_has_prefix (text, escapes[i].escape))
        i++;

      if (*text != '&' || i == G_N_ELEMENTS (escapes))
        {
          *to++ = *text++;
          continue;
        }

      *to++ = escapes[i].c;
      text += strlen (escapes[i].escape);
    }
  *to = '\0';

  return plain;
}

/**
 * console_reader_get_attribute:
 * @name: without a prefix
 *
 * Returns: (nullable) (transfer full): the attribute of the element, which is not read any further
 */
char *
console_reader_get_attribute (ConsoleReader *self,
                              ConsolePage   *page,
                              guint          number,
                              const char    *name)
{
  gsize length;
  const char *value = find_attribute (console_reader_get_text (self, page, number), name, &length);

  return value != NULL ? unescape (value, length) : NULL;
}

/**
 * console_reader_get_name:
 *
 * Returns: (transfer full): the name of the element
 */
char *
console_reader_get_name (ConsoleReader *self,
                         ConsolePage   *page,
                         guint          number)
{
  const char *text = console_reader_get_text (self, page, number);

  return g_strndup (text + 1, strcspn (text + 1, " />"));
}

/* Reading all of it */

static void
on_received (XmppStanza *stanza,
             gpointer    user_data)
{
  ConsoleReader *self = user_data;

  g_clear_pointer (&self->received, xmpp_stanza_unref);
  self->received = xmpp_stanza_ref (stanza);
}

/* What our writer wrote can be read, but for what somebody made so that the one is just below a limit and the
 * other just above: of that there is the envelope.
 */
static XmppStanza *
read_envelope (ConsoleReader *self,
               ConsolePage   *page,
               guint          number)
{
  static const char * const names[] = { "id", "type", "from", "to" };
  g_autofree char *name = console_reader_get_name (self, page, number);
  g_autofree char *ns = console_reader_get_attribute (self, page, number, "xmlns");
  XmppStanza *stanza = xmpp_stanza_new (name, ns != NULL ? ns : XMPP_NS_CLIENT);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *value = console_reader_get_attribute (self, page, number, names[i]);

      xmpp_node_set (xmpp_stanza_get_root (stanza), names[i], value);
    }
  xmpp_stanza_seal (stanza);

  return stanza;
}

static XmppStanza *
read_stanza (ConsoleReader *self,
             const char    *text,
             gsize          length)
{
  static const XmppParserFuncs funcs = { .received = on_received };
  gboolean is_good;

  if (self->parser == NULL)
    {
      self->parser = xmpp_parser_new (&funcs, self);
      xmpp_parser_feed (self->parser, HEADER, strlen (HEADER), NULL);
    }

  is_good = xmpp_parser_feed (self->parser, text, length, NULL);
  if (is_good && self->received != NULL && !xmpp_stanza_is_skipped (self->received))
    return g_steal_pointer (&self->received);

  g_clear_pointer (&self->received, xmpp_stanza_unref);
  g_clear_pointer (&self->parser, xmpp_parser_free);

  return NULL;
}

/**
 * console_reader_get_stanza:
 * @page: a page
 * @number: of one of its entries that is a stanza
 *
 * Returns: (transfer full): the tree of it, made now
 */
XmppStanza *
console_reader_get_stanza (ConsoleReader *self,
                           ConsolePage   *page,
                           guint          number)
{
  const ConsoleRecord *record = console_page_get_record (page, number);
  XmppStanza *stanza;

  if (self->stanza != NULL && self->stanza_page == page && self->stanza_number == number)
    return xmpp_stanza_ref (self->stanza);

  stanza = read_stanza (self, console_reader_get_text (self, page, number), record->length);
  if (stanza == NULL)
    stanza = read_envelope (self, page, number);

  forget_stanza (self);
  if (record->length <= MAX_REMEMBERED)
    {
      self->stanza_page = console_page_ref (page);
      self->stanza_number = number;
      self->stanza = xmpp_stanza_ref (stanza);
    }

  return stanza;
}
