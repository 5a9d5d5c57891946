/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console-log.h"

#include "console-redact.h"
#include "xmpp-parser.h"

#include <string.h>

#define PAGE_ROOM   (64 * 1024)
#define MAX_TEXT    XMPP_PARSER_MAX_STANZA   /* more could not be read again */
#define MAX_SMALL   1600                     /* bytes on the wire: no more than 400 elements, each with a namespace of six times that */
#define MAX_SCRATCH (256 * 1024)             /* memory kept from one stanza to the next */

struct _ConsoleLog
{
  GPtrArray     *pages;       /* owned, oldest first; only the last one is open */
  guint          next;        /* the number of the next entry */
  gsize          bytes;       /* of the texts in pages */
  GPtrArray     *accounts;    /* owned GRefStrings, interned */
  GHashTable    *living;      /* number → ConsoleEntry, not owned: those that somebody holds */
  ConsoleReader *reader;
  GString       *scratch;     /* what is written now */
};

/**
 * console_log_new:
 *
 * Returns: (transfer full): a log without entries
 */
ConsoleLog *
console_log_new (void)
{
  ConsoleLog *self = g_rc_box_new0 (ConsoleLog);

  self->next = 1;
  self->pages = g_ptr_array_new_with_free_func ((GDestroyNotify) console_page_unref);
  self->accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ref_string_release);
  self->living = g_hash_table_new (NULL, NULL);
  self->reader = console_reader_new ();
  self->scratch = g_string_new (NULL);

  return self;
}

ConsoleLog *
console_log_ref (ConsoleLog *self)
{
  return g_rc_box_acquire (self);
}

static void
log_clear (gpointer data)
{
  ConsoleLog *self = data;

  g_ptr_array_unref (self->pages);
  g_ptr_array_unref (self->accounts);
  g_hash_table_unref (self->living);
  console_reader_free (self->reader);
  g_string_free (self->scratch, TRUE);
}

void
console_log_unref (ConsoleLog *self)
{
  g_rc_box_release_full (self, log_clear);
}

/* Adding */

static guint16
find_account (ConsoleLog *self,
              const char *account)
{
  for (guint i = 0; i < self->accounts->len; i++)
    {
      if (strcmp (g_ptr_array_index (self->accounts, i), account) == 0)
        return i;
    }

  if (self->accounts->len < G_MAXUINT16)
    g_ptr_array_add (self->accounts, g_ref_string_new_intern (account));

  return self->accounts->len - 1;
}

static const ConsoleRecord *
add (ConsoleLog          *self,
     const ConsoleRecord *record,
     const char          *text,
     gsize                length)
{
  ConsolePage *page = self->pages->len > 0 ? g_ptr_array_index (self->pages, self->pages->len - 1) : NULL;

  if (page == NULL || !console_page_add (page, record, text, length))
    {
      if (page != NULL)
        console_page_close (page);

      page = console_page_new (self->next, MAX (PAGE_ROOM, length + 1));
      g_ptr_array_add (self->pages, page);
      console_page_add (page, record, text, length);
    }

  self->bytes += length + 1;

  return console_page_get_record (page, self->next++);
}

/* What a stanza is as text may be a thousand times of what it was on the wire: a namespace that was declared
 * once, with a prefix, is written with each element that is in it.
 */
static gboolean
is_writable (const XmppNode *node,
             const char     *outer_ns,
             gsize          *length)
{
  *length += 2 * strlen (node->name);
  if (node->ns != outer_ns && g_strcmp0 (node->ns, outer_ns) != 0)
    *length += node->ns != NULL ? strlen (node->ns) : 0;

  for (guint i = 0; i < node->n_attributes; i++)
    *length += node->attributes[i].ns != NULL ? strlen (node->attributes[i].ns) : 0;

  if (*length > MAX_TEXT)
    return FALSE;

  XMPP_NODE_FOREACH_CHILD (node, child)
    {
      if (!is_writable (child, node->ns, length))
        return FALSE;
    }

  return TRUE;
}

static void
write_envelope (const XmppNode *root,
                GString        *to)
{
  static const char * const names[] = { "id", "type", "from", "to" };
  g_autoptr(XmppStanza) stanza = xmpp_stanza_new (root->name, root->ns);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    xmpp_node_set (xmpp_stanza_get_root (stanza), names[i], xmpp_node_get (root, names[i]));

  xmpp_node_write (xmpp_stanza_get_root (stanza), XMPP_NS_CLIENT, to);
}

/* Into the scratch. Returns whether all of it is there. */
static gboolean
write_stanza (ConsoleLog *self,
              XmppStanza *stanza)
{
  const XmppNode *root = xmpp_stanza_get_root (stanza);
  gsize size = xmpp_stanza_get_size (stanza);
  gsize length = 0;

  g_string_truncate (self->scratch, 0);
  if ((size > 0 && size <= MAX_SMALL) || is_writable (root, XMPP_NS_CLIENT, &length))
    {
      xmpp_node_write (root, XMPP_NS_CLIENT, self->scratch);
      if (self->scratch->len <= MAX_TEXT)
        return TRUE;
    }

  g_string_truncate (self->scratch, 0);
  write_envelope (root, self->scratch);

  return FALSE;
}

static gsize
measure (XmppStanza *stanza)
{
  g_autofree char *xml = xmpp_stanza_to_xml (stanza);

  return strlen (xml);
}

/**
 * console_log_add_stanza:
 * @account: whose connection it crossed: a bare address
 * @stanza: a stanza or nonza that crossed it now
 * @is_manual: whether a person wrote it
 *
 * A secret in @stanza is not kept: see console_redact().
 *
 * Returns: (transfer none): what is known of the entry, until something is added or dropped
 */
const ConsoleRecord *
console_log_add_stanza (ConsoleLog    *self,
                        const char    *account,
                        XmppStanza    *stanza,
                        XmppDirection  direction,
                        gboolean       is_manual)
{
  ConsoleRecord record = { .time = g_get_real_time (), .account = find_account (self, account) };
  g_autoptr(XmppStanza) harmless = console_redact (stanza);
  const ConsoleRecord *added;

  console_record_set_stanza (&record, stanza, direction);
  if (is_manual)
    record.flags |= CONSOLE_RECORD_MANUAL;
  if (harmless != stanza)
    record.flags |= CONSOLE_RECORD_REDACTED;
  if (!write_stanza (self, harmless))
    record.flags |= CONSOLE_RECORD_CUT;

  /* what we sent was written by the same writer, but with its secrets */
  if (record.size == 0)
    record.size = harmless == stanza ? self->scratch->len : measure (stanza);

  added = add (self, &record, self->scratch->str, self->scratch->len);

  if (self->scratch->allocated_len > MAX_SCRATCH)
    {
      g_string_free (self->scratch, TRUE);
      self->scratch = g_string_new (NULL);
    }

  return added;
}

/**
 * console_log_add_event:
 * @account: whose connection it is about: a bare address
 * @text: what happened now in words, or the text that crossed the wire
 *
 * Returns: (transfer none): what is known of the entry, until something is added or dropped
 */
const ConsoleRecord *
console_log_add_event (ConsoleLog    *self,
                       const char    *account,
                       XmppEvent      event,
                       XmppDirection  direction,
                       const char    *text)
{
  ConsoleRecord record = { .time = g_get_real_time (), .account = find_account (self, account) };
  gsize length = strlen (text);

  console_record_set_event (&record, event, direction);
  if (!console_record_is (&record, CONSOLE_RECORD_EVENT))
    record.size = length;

  return add (self, &record, text, length);
}

/* Finding */

/**
 * console_log_get_first:
 *
 * Returns: the number of the oldest entry; that of the next one where there is none
 */
guint
console_log_get_first (ConsoleLog *self)
{
  return self->pages->len > 0 ? console_page_get_first (g_ptr_array_index (self->pages, 0)) : self->next;
}

guint
console_log_get_next (ConsoleLog *self)
{
  return self->next;
}

/**
 * console_log_get_bytes:
 *
 * Returns: the length of all texts, however small they were packed
 */
gsize
console_log_get_bytes (ConsoleLog *self)
{
  return self->bytes;
}

static ConsolePage *
find_page (GPtrArray *pages,
           guint      number)
{
  guint low = 0;
  guint high = pages->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      ConsolePage *page = g_ptr_array_index (pages, middle);

      if (number < console_page_get_first (page))
        high = middle;
      else if (number - console_page_get_first (page) >= console_page_get_count (page))
        low = middle + 1;
      else
        return page;
    }

  return NULL;
}

/**
 * console_log_get_record:
 * @number: of an entry that is kept
 *
 * Returns: (nullable) (transfer none): what is known of it, until something is added or dropped
 */
const ConsoleRecord *
console_log_get_record (ConsoleLog *self,
                        guint       number)
{
  ConsolePage *page = find_page (self->pages, number);

  return page != NULL ? console_page_get_record (page, number) : NULL;
}

/**
 * console_log_get_account:
 * @account: of a record
 *
 * Returns: (transfer none): an interned string
 */
const char *
console_log_get_account (ConsoleLog *self,
                         guint       account)
{
  return g_ptr_array_index (self->accounts, account);
}

/**
 * console_log_get_entry:
 * @pages: (nullable): of console_log_copy_pages(): entries that were dropped since may be in one of them
 * @number: of an entry
 *
 * Returns: (nullable) (transfer full): the entry; the same object for as long as somebody holds it
 */
ConsoleEntry *
console_log_get_entry (ConsoleLog *self,
                       GPtrArray  *pages,
                       guint       number)
{
  ConsoleEntry *entry = g_hash_table_lookup (self->living, GUINT_TO_POINTER (number));
  ConsolePage *page;

  if (entry != NULL)
    return g_object_ref (entry);

  page = find_page (self->pages, number);
  if (page == NULL && pages != NULL)
    page = find_page (pages, number);
  if (page == NULL)
    return NULL;

  entry = console_entry_new (self, page, number);
  g_hash_table_insert (self->living, GUINT_TO_POINTER (number), entry);

  return entry;
}

void
console_log_entry_gone (ConsoleLog *self,
                        guint       number)
{
  g_hash_table_remove (self->living, GUINT_TO_POINTER (number));
}

ConsoleReader *
console_log_get_reader (ConsoleLog *self)
{
  return self->reader;
}

/* Dropping */

/**
 * console_log_get_oldest:
 *
 * Returns: (nullable) (transfer none): the page that console_log_drop_oldest() would drop
 */
ConsolePage *
console_log_get_oldest (ConsoleLog *self)
{
  return self->pages->len > 0 ? g_ptr_array_index (self->pages, 0) : NULL;
}

/**
 * console_log_drop_oldest:
 *
 * Lets go of the entries of one page. Who holds one of them, or the page, can still look at it.
 */
void
console_log_drop_oldest (ConsoleLog *self)
{
  g_return_if_fail (self->pages->len > 0);

  self->bytes -= console_page_get_length (g_ptr_array_index (self->pages, 0));
  g_ptr_array_remove_index (self->pages, 0);
}

/**
 * console_log_clear:
 *
 * Lets go of all entries. Their numbers are not given again.
 */
void
console_log_clear (ConsoleLog *self)
{
  g_ptr_array_set_size (self->pages, 0);
  self->bytes = 0;
  console_reader_forget (self->reader);
}

/**
 * console_log_copy_pages:
 *
 * Returns: (transfer full): what is there now, of owned ConsolePage: for console_log_get_entry()
 */
GPtrArray *
console_log_copy_pages (ConsoleLog *self)
{
  return g_ptr_array_copy (self->pages, (GCopyFunc) (void (*) (void)) console_page_ref, NULL);
}

/**
 * console_log_has_unpacked:
 *
 * Returns: whether there is a page that can be packed
 */
gboolean
console_log_has_unpacked (ConsoleLog *self)
{
  /* the last one is open; those before it were filled in their order */
  return self->pages->len > 1 && console_page_can_pack (g_ptr_array_index (self->pages, self->pages->len - 2));
}

/**
 * console_log_get_unpacked:
 *
 * Returns: (transfer full): the pages that can be packed, of owned ConsolePage
 */
GPtrArray *
console_log_get_unpacked (ConsoleLog *self)
{
  GPtrArray *pages = g_ptr_array_new_with_free_func ((GDestroyNotify) console_page_unref);

  for (guint i = 0; i < self->pages->len; i++)
    {
      ConsolePage *page = g_ptr_array_index (self->pages, i);

      if (console_page_can_pack (page))
        g_ptr_array_add (pages, console_page_ref (page));
    }

  return pages;
}
