/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-text-search.h"

#define SLICE       (4 * G_TIME_SPAN_MILLISECOND)   /* of a frame's 16 ms */
#define CHUNK_BYTES (16 * 1024)                     /* between two looks at the clock */

struct _FlintTextSearch
{
  GObject       parent_instance;

  GString      *text;
  gboolean      is_whole;   /* nothing more comes */
  FlintPattern *pattern;    /* NULL: nothing is looked for */
  FlintScan     scan;
  GArray       *hits;       /* of FlintRange, in order */
  guint         current;    /* index in hits */
  guint         idle;
};

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlintTextSearch, flint_text_search, G_TYPE_OBJECT)

static gboolean
on_idle (gpointer user_data)
{
  FlintTextSearch *self = user_data;
  gint64 end = g_get_monotonic_time () + SLICE;
  guint n_before = self->hits->len;
  FlintScanResult result;

  do
    {
      FlintRange range;

      result = flint_pattern_find (self->pattern, self->text->str, &self->scan, CHUNK_BYTES, &range);
      if (result == FLINT_SCAN_FOUND)
        g_array_append_val (self->hits, range);
    }
  while (result != FLINT_SCAN_NOT_FOUND && g_get_monotonic_time () < end);

  if (result == FLINT_SCAN_NOT_FOUND)
    self->idle = 0;

  /* whoever is told may begin anew, with another source */
  if (!flint_text_search_is_running (self) || self->hits->len > n_before)
    g_signal_emit (self, signals[CHANGED], 0);

  return result == FLINT_SCAN_NOT_FOUND ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static void
look (FlintTextSearch *self)
{
  if (self->idle == 0 && self->pattern != NULL)
    self->idle = g_idle_add (on_idle, self);
}

/**
 * flint_text_search_add:
 * @text: valid UTF-8: what comes behind the text so far
 */
void
flint_text_search_add (FlintTextSearch *self,
                       const char      *text)
{
  g_return_if_fail (FLINT_IS_TEXT_SEARCH (self));
  g_return_if_fail (!self->is_whole);

  g_string_append (self->text, text);
  look (self);
}

/**
 * flint_text_search_end:
 *
 * Says that the text is whole now.
 */
void
flint_text_search_end (FlintTextSearch *self)
{
  g_return_if_fail (FLINT_IS_TEXT_SEARCH (self));

  self->is_whole = TRUE;
  look (self);
}

/**
 * flint_text_search_get_text:
 *
 * Returns: (transfer none): what is looked through, until more is added
 */
const char *
flint_text_search_get_text (FlintTextSearch *self)
{
  g_return_val_if_fail (FLINT_IS_TEXT_SEARCH (self), NULL);

  return self->text->str;
}

/**
 * flint_text_search_get_length:
 *
 * Returns: how much text there is so far, in bytes
 */
gsize
flint_text_search_get_length (FlintTextSearch *self)
{
  g_return_val_if_fail (FLINT_IS_TEXT_SEARCH (self), 0);

  return self->text->len;
}

/**
 * flint_text_search_set_words:
 * @words: (nullable): what to look for; nothing ends the search
 *
 * Begins anew, at the beginning.
 */
void
flint_text_search_set_words (FlintTextSearch *self,
                             const char      *words)
{
  g_return_if_fail (FLINT_IS_TEXT_SEARCH (self));

  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_pointer (&self->pattern, flint_pattern_unref);
  g_array_set_size (self->hits, 0);
  self->scan = (FlintScan) { 0 };
  self->current = 0;
  self->pattern = flint_pattern_new (words);
  look (self);

  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * flint_text_search_get_pattern:
 *
 * Returns: (transfer none) (nullable): what is looked for
 */
FlintPattern *
flint_text_search_get_pattern (FlintTextSearch *self)
{
  g_return_val_if_fail (FLINT_IS_TEXT_SEARCH (self), NULL);

  return self->pattern;
}

/**
 * flint_text_search_is_running:
 *
 * Returns: whether there is text that was not looked at yet
 */
gboolean
flint_text_search_is_running (FlintTextSearch *self)
{
  g_return_val_if_fail (FLINT_IS_TEXT_SEARCH (self), FALSE);

  return self->pattern != NULL && (self->idle != 0 || !self->is_whole);
}

/**
 * flint_text_search_get_n_hits:
 *
 * Returns: how many places were found so far
 */
guint
flint_text_search_get_n_hits (FlintTextSearch *self)
{
  g_return_val_if_fail (FLINT_IS_TEXT_SEARCH (self), 0);

  return self->hits->len;
}

/**
 * flint_text_search_get_hit:
 * @index: counted from 0
 *
 * Returns: (transfer none): one of them, until something changes
 */
const FlintRange *
flint_text_search_get_hit (FlintTextSearch *self,
                           guint            index)
{
  g_return_val_if_fail (FLINT_IS_TEXT_SEARCH (self), NULL);
  g_return_val_if_fail (index < self->hits->len, NULL);

  return &g_array_index (self->hits, FlintRange, index);
}

/**
 * flint_text_search_get_number:
 *
 * Returns: at which of them the person is, counted from 1; 0: at none
 */
guint
flint_text_search_get_number (FlintTextSearch *self)
{
  g_return_val_if_fail (FLINT_IS_TEXT_SEARCH (self), 0);

  return self->hits->len > 0 ? self->current + 1 : 0;
}

/**
 * flint_text_search_step:
 * @is_later: towards the end
 *
 * Goes to the next one; behind the last one of all comes the first.
 */
void
flint_text_search_step (FlintTextSearch *self,
                        gboolean         is_later)
{
  g_return_if_fail (FLINT_IS_TEXT_SEARCH (self));

  if (self->hits->len == 0)
    return;

  self->current = (self->current + (is_later ? 1 : self->hits->len - 1)) % self->hits->len;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
flint_text_search_finalize (GObject *object)
{
  FlintTextSearch *self = FLINT_TEXT_SEARCH (object);

  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_pointer (&self->pattern, flint_pattern_unref);
  g_array_unref (self->hits);
  g_string_free (self->text, TRUE);

  G_OBJECT_CLASS (flint_text_search_parent_class)->finalize (object);
}

static void
flint_text_search_class_init (FlintTextSearchClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flint_text_search_finalize;

  /**
   * FlintTextSearch::changed:
   *
   * More was found, the search has begun or ended, or the person is at another place.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
flint_text_search_init (FlintTextSearch *self)
{
  self->text = g_string_new (NULL);
  self->hits = g_array_new (FALSE, FALSE, sizeof (FlintRange));
}

/**
 * flint_text_search_new:
 *
 * Returns: (transfer full): a search in a text that has yet to come, for nothing yet
 */
FlintTextSearch *
flint_text_search_new (void)
{
  return g_object_new (FLINT_TYPE_TEXT_SEARCH, NULL);
}
