/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console-entry.h"

#include "console-log.h"
#include "console-summary.h"

#include <string.h>

struct _ConsoleEntry
{
  GObject        parent_instance;

  ConsoleLog    *log;
  ConsolePage   *page;
  guint          number;
  ConsoleRecord  record;
  gboolean       has_words;       /* the next three were looked for */
  char          *type;
  char          *from;
  char          *to;
  char          *summary;         /* once it was asked for */
};

G_DEFINE_FINAL_TYPE (ConsoleEntry, console_entry, G_TYPE_OBJECT)

/**
 * console_entry_new:
 * @page: where it is
 *
 * For @log: elsewhere console_log_get_entry() is what is wanted.
 *
 * Returns: (transfer full): an object for the entry
 */
ConsoleEntry *
console_entry_new (ConsoleLog  *log,
                   ConsolePage *page,
                   guint        number)
{
  ConsoleEntry *self = g_object_new (CONSOLE_TYPE_ENTRY, NULL);

  self->log = console_log_ref (log);
  self->page = console_page_ref (page);
  self->number = number;
  self->record = *console_page_get_record (page, number);

  return self;
}

guint
console_entry_get_number (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), 0);

  return self->number;
}

/**
 * console_entry_get_time:
 *
 * Returns: µs since 1970
 */
gint64
console_entry_get_time (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), 0);

  return self->record.time;
}

XmppDirection
console_entry_get_direction (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), XMPP_RECEIVED);

  return console_record_is (&self->record, CONSOLE_RECORD_SENT) ? XMPP_SENT : XMPP_RECEIVED;
}

ConsoleKind
console_entry_get_kind (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), CONSOLE_EVENT);

  return self->record.kind;
}

gboolean
console_entry_is_event (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), FALSE);

  return console_record_is (&self->record, CONSOLE_RECORD_EVENT);
}

gboolean
console_entry_is_stanza (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), FALSE);

  return !console_record_is (&self->record, CONSOLE_RECORD_TEXT);
}

gboolean
console_entry_is_error (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), FALSE);

  return console_record_is (&self->record, CONSOLE_RECORD_ERROR);
}

gboolean
console_entry_is_manual (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), FALSE);

  return console_record_is (&self->record, CONSOLE_RECORD_MANUAL);
}

gboolean
console_entry_is_redacted (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), FALSE);

  return console_record_is (&self->record, CONSOLE_RECORD_REDACTED);
}

gboolean
console_entry_is_skipped (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), FALSE);

  return console_record_is (&self->record, CONSOLE_RECORD_SKIPPED);
}

gboolean
console_entry_is_cut (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), FALSE);

  return console_record_is (&self->record, CONSOLE_RECORD_CUT);
}

/**
 * console_entry_get_account:
 *
 * Returns: (transfer none): an interned string: those of one account are the same pointer
 */
const char *
console_entry_get_account (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), NULL);

  return console_log_get_account (self->log, self->record.account);
}

/**
 * console_entry_get_attribute:
 * @name: of an attribute without a namespace
 *
 * Returns: (nullable) (transfer full): its value in the root of the stanza, for which the rest is not read
 */
char *
console_entry_get_attribute (ConsoleEntry *self,
                             const char   *name)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), NULL);

  if (!console_entry_is_stanza (self))
    return NULL;

  return console_reader_get_attribute (console_log_get_reader (self->log), self->page, self->number, name);
}

static void
find_words (ConsoleEntry *self)
{
  if (self->has_words || !console_entry_is_stanza (self))
    return;

  self->has_words = TRUE;
  self->from = console_entry_get_attribute (self, "from");
  self->to = console_entry_get_attribute (self, "to");
  self->type = console_kind_is_stanza (self->record.kind)
                 ? console_entry_get_attribute (self, "type")
                 : console_reader_get_name (console_log_get_reader (self->log), self->page, self->number);
}

/**
 * console_entry_get_type_name:
 *
 * Returns: (nullable) (transfer none): the type of a stanza, the name of another element
 */
const char *
console_entry_get_type_name (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), NULL);

  find_words (self);

  return self->type;
}

const char *
console_entry_get_from (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), NULL);

  find_words (self);

  return self->from;
}

const char *
console_entry_get_to (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), NULL);

  find_words (self);

  return self->to;
}

/**
 * console_entry_get_peer:
 *
 * Returns: (nullable) (transfer none): the address at the other end, if the stanza names one
 */
const char *
console_entry_get_peer (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), NULL);

  return console_entry_get_direction (self) == XMPP_SENT ? console_entry_get_to (self) : console_entry_get_from (self);
}

/**
 * console_entry_get_summary:
 *
 * Returns: (transfer none): what it does, in one line without anything that could disturb the line
 */
const char *
console_entry_get_summary (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), NULL);

  if (self->summary == NULL)
    self->summary = console_summary_new (self);

  return self->summary;
}

/**
 * console_entry_get_size:
 *
 * Returns: the bytes on the wire; 0 for an event
 */
gsize
console_entry_get_size (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), 0);

  return self->record.size;
}

/**
 * console_entry_read:
 *
 * Returns: (nullable) (transfer full): the tree of the stanza, made from its text; %NULL for what is not one
 */
XmppStanza *
console_entry_read (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), NULL);

  if (!console_entry_is_stanza (self))
    return NULL;

  return console_reader_get_stanza (console_log_get_reader (self->log), self->page, self->number);
}

/**
 * console_entry_peek:
 * @length: (out) (optional): in bytes
 *
 * Returns: (transfer none): what is kept: a stanza as it stands in a stream, the words of an event, a header; with
 *   a NUL behind it; until another entry is asked for something, or the main loop goes on
 */
const char *
console_entry_peek (ConsoleEntry *self,
                    gsize        *length)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), NULL);

  if (length != NULL)
    *length = self->record.length;

  return console_reader_get_text (console_log_get_reader (self->log), self->page, self->number);
}

/**
 * console_entry_get_xml:
 *
 * Returns: (transfer full): the stanza, indented; or the text of an event
 */
char *
console_entry_get_xml (ConsoleEntry *self)
{
  g_autoptr(XmppStanza) stanza = console_entry_read (self);

  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), NULL);

  return stanza != NULL ? xmpp_stanza_to_pretty (stanza) : g_strdup (console_entry_peek (self, NULL));
}

/**
 * console_entry_write:
 * @outer_ns: the default namespace at the place where the stanza will stand
 * @xml: what the stanza or the text of an event is appended to
 */
void
console_entry_write (ConsoleEntry *self,
                     const char   *outer_ns,
                     GString      *xml)
{
  const char *text;
  gsize length;
  gsize name_length;

  g_return_if_fail (CONSOLE_IS_ENTRY (self));

  text = console_entry_peek (self, &length);

  /* It was written for a stream: what is in the namespace of that does not say so. */
  if (console_entry_is_stanza (self) && !g_str_equal (outer_ns, XMPP_NS_CLIENT))
    {
      name_length = strcspn (text, " />");
      g_string_append_len (xml, text, name_length);
      if (!g_str_has_prefix (text + name_length, " xmlns='"))
        g_string_append (xml, " xmlns='" XMPP_NS_CLIENT "'");
      text += name_length;
      length -= name_length;
    }

  g_string_append_len (xml, text, length);
}

static void
console_entry_finalize (GObject *object)
{
  ConsoleEntry *self = CONSOLE_ENTRY (object);

  console_log_entry_gone (self->log, self->number);
  console_page_unref (self->page);
  console_log_unref (self->log);
  g_free (self->type);
  g_free (self->from);
  g_free (self->to);
  g_free (self->summary);

  G_OBJECT_CLASS (console_entry_parent_class)->finalize (object);
}

static void
console_entry_class_init (ConsoleEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = console_entry_finalize;
}

static void
console_entry_init (ConsoleEntry *self)
{
}
