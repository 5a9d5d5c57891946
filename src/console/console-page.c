/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console-page.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define FIRST_RECORDS 32   /* room for these at first */

struct _ConsolePage
{
  gatomicrefcount  ref_count;

  guint            first;         /* number */
  guint            n_records;
  guint            n_room;        /* records that there is room for */
  ConsoleRecord   *records;

  char            *texts;         /* mapped, each with a NUL behind it; NULL: packed */
  gsize            length;        /* of them */
  gsize            room;          /* that is mapped */
  char            *packed;        /* or NULL */
  gsize            packed_length;

  gboolean         is_closed;
  gboolean         is_final;      /* packed, or not worth it */
};

static gsize
round_up (gsize size)
{
  gsize unit = sysconf (_SC_PAGESIZE);

  return (size + unit - 1) / unit * unit;
}

/* Not from malloc(): what that gets back it seldom gives back. All of it will be filled, so it is had at once. */
static char *
map (gsize size)
{
  char *memory = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

  if (memory == MAP_FAILED)
    g_error ("There is no memory for %" G_GSIZE_FORMAT " bytes", size);

  return memory;
}

/**
 * console_page_new:
 * @first: the number of its first entry
 * @room: bytes of text that fit in
 *
 * Returns: (transfer full): an empty page
 */
ConsolePage *
console_page_new (guint first,
                  gsize room)
{
  ConsolePage *self = g_new0 (ConsolePage, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->first = first;
  self->n_room = FIRST_RECORDS;
  self->records = g_new (ConsoleRecord, self->n_room);
  self->room = round_up (room);
  self->texts = map (self->room);

  return self;
}

ConsolePage *
console_page_ref (ConsolePage *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
console_page_unref (ConsolePage *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->texts != NULL)
    munmap (self->texts, self->room);
  g_free (self->packed);
  g_free (self->records);
  g_free (self);
}

/**
 * console_page_add:
 * @record: of the next entry; its offset and length are set
 * @text: of it
 * @length: of @text, in bytes
 *
 * Returns: whether there was room for it
 */
gboolean
console_page_add (ConsolePage         *self,
                  const ConsoleRecord *record,
                  const char          *text,
                  gsize                length)
{
  ConsoleRecord *mine;

  if (self->is_closed || self->n_records == CONSOLE_PAGE_MAX_RECORDS || length >= self->room - self->length)
    return FALSE;

  if (self->n_records == self->n_room)
    {
      self->n_room = MIN (self->n_room * 2, CONSOLE_PAGE_MAX_RECORDS);
      self->records = g_renew (ConsoleRecord, self->records, self->n_room);
    }

  mine = &self->records[self->n_records++];
  *mine = *record;
  mine->offset = self->length;
  mine->length = length;
  memcpy (self->texts + self->length, text, length);
  self->texts[self->length + length] = '\0';
  self->length += length + 1;

  return TRUE;
}

/**
 * console_page_close:
 *
 * Nothing more is added: what was not used goes back.
 */
void
console_page_close (ConsolePage *self)
{
  gsize used = round_up (self->length);

  if (self->is_closed)
    return;

  self->is_closed = TRUE;
  self->records = g_renew (ConsoleRecord, self->records, MAX (self->n_records, 1));
  self->n_room = self->n_records;
  if (used > 0 && used < self->room)
    {
      munmap (self->texts + used, self->room - used);
      self->room = used;
    }
}

gboolean
console_page_can_pack (ConsolePage *self)
{
  return self->is_closed && !self->is_final;
}

/**
 * console_page_compress:
 * @self: a page that can be packed; in any thread
 * @compressor: raw deflate; it is reset
 * @length: (out): of what is returned
 *
 * Returns: (nullable) (transfer full): its texts, packed; %NULL: they would not be much smaller
 */
char *
console_page_compress (ConsolePage *self,
                       GConverter  *compressor,
                       gsize       *length)
{
  gsize room = self->length - self->length / 8;
  g_autofree char *packed = g_malloc (MAX (room, 1));
  gsize n_read = 0;

  *length = 0;
  g_converter_reset (compressor);
  if (g_converter_convert (compressor, self->texts, self->length, packed, room, G_CONVERTER_INPUT_AT_END,
                           &n_read, length, NULL) != G_CONVERTER_FINISHED)
    return NULL;

  return g_memdup2 (packed, *length);
}

/**
 * console_page_set_packed:
 * @packed: (nullable) (transfer full): what console_page_compress() made of it
 *
 * Keeps @packed in the place of the texts. They are had by console_page_unpack() from then on.
 */
void
console_page_set_packed (ConsolePage *self,
                         char        *packed,
                         gsize        length)
{
  g_return_if_fail (console_page_can_pack (self));

  self->is_final = TRUE;
  if (packed == NULL)
    return;

  self->packed = packed;
  self->packed_length = length;
  munmap (self->texts, self->room);
  self->texts = NULL;
}

/**
 * console_page_unpack:
 *
 * Returns: (transfer full): a copy of the texts of a page that was packed
 */
char *
console_page_unpack (ConsolePage *self)
{
  g_autoptr(GZlibDecompressor) decompressor = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW);
  char *texts = g_malloc (self->length);
  gsize n_read;
  gsize n_written;
  GConverterResult result;

  result = g_converter_convert (G_CONVERTER (decompressor), self->packed, self->packed_length, texts, self->length,
                                G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL);
  g_assert (result == G_CONVERTER_FINISHED && n_written == self->length);

  return texts;
}

guint
console_page_get_first (ConsolePage *self)
{
  return self->first;
}

guint
console_page_get_count (ConsolePage *self)
{
  return self->n_records;
}

gsize
console_page_get_length (ConsolePage *self)
{
  return self->length;
}

/**
 * console_page_get_record:
 * @number: of one of its entries
 *
 * Returns: (transfer none): what is known of it; it may move when another one is added
 */
const ConsoleRecord *
console_page_get_record (ConsolePage *self,
                         guint        number)
{
  g_return_val_if_fail (number - self->first < self->n_records, NULL);

  return &self->records[number - self->first];
}

const char *
console_page_get_texts (ConsolePage *self)
{
  return self->texts;
}
