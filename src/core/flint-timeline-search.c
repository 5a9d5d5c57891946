/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-timeline-search.h"

#define SLICE       (4 * G_TIME_SPAN_MILLISECOND)   /* of a frame's 16 ms */
#define CHUNK_BYTES (16 * 1024)                     /* of one message, between two looks at the clock */

struct _FlintTimelineSearch
{
  GObject        parent_instance;

  FlintTimeline *timeline;
  FlintPattern  *pattern;   /* NULL: nothing is looked for */
  GArray        *hits;      /* of guint: positions in the timeline, the newest first */
  guint          current;   /* index in hits */
  guint          n_left;    /* how many of the oldest have not been looked at */
  FlintMessage  *message;   /* the last of those, while it takes more than a slice */
  FlintScan      scan;      /* of it */
  guint          idle;
};

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlintTimelineSearch, flint_timeline_search, G_TYPE_OBJECT)

static guint
get_hit (FlintTimelineSearch *self,
         guint                index)
{
  return g_array_index (self->hits, guint, index);
}

/* Begins with the next one to look at, the youngest of those that are left */
static void
take_message (FlintTimelineSearch *self)
{
  g_clear_object (&self->message);
  self->scan = (FlintScan) { 0 };
  if (self->n_left > 0)
    self->message = g_list_model_get_item (G_LIST_MODEL (self->timeline), self->n_left - 1);
}

static FlintScanResult
scan_message (FlintTimelineSearch *self,
              FlintMessage        *message,
              FlintScan           *scan,
              gsize                max_bytes)
{
  /* lines of ours are not what somebody said */
  if (flint_message_get_kind (message) != FLINT_MESSAGE_TEXT)
    return FLINT_SCAN_NOT_FOUND;

  return flint_pattern_scan (self->pattern, flint_message_get_text (message), scan, max_bytes);
}

static gboolean
on_idle (gpointer user_data)
{
  FlintTimelineSearch *self = user_data;
  gint64 end = g_get_monotonic_time () + SLICE;
  guint n_before = self->hits->len;
  gboolean is_done;

  while (self->message != NULL && g_get_monotonic_time () < end)
    {
      FlintScanResult result = scan_message (self, self->message, &self->scan, CHUNK_BYTES);

      if (result == FLINT_SCAN_MORE)
        continue;

      self->n_left--;
      if (result == FLINT_SCAN_FOUND)
        g_array_append_val (self->hits, self->n_left);
      take_message (self);
    }

  is_done = self->message == NULL;
  if (is_done)
    self->idle = 0;

  /* whoever is told may begin anew, with another source */
  if (is_done || self->hits->len > n_before)
    g_signal_emit (self, signals[CHANGED], 0);

  return is_done ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

/* The first hit that is at @position or older */
static guint
find_index (FlintTimelineSearch *self,
            guint                position)
{
  guint low = 0;
  guint high = self->hits->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (get_hit (self, middle) > position)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

static gboolean
contains (FlintTimelineSearch *self,
          guint                position)
{
  g_autoptr(FlintMessage) message = g_list_model_get_item (G_LIST_MODEL (self->timeline), position);
  FlintScan scan = { 0 };

  return scan_message (self, message, &scan, G_MAXUINT32) == FLINT_SCAN_FOUND;
}

static void
forget_hits (FlintTimelineSearch *self,
             guint                position,
             guint                removed)
{
  /* the newest stand first: from just above the last removed one to the first one */
  guint first = find_index (self, position + removed - 1);
  guint last = position > 0 ? find_index (self, position - 1) : self->hits->len;

  if (last == first)
    return;

  g_array_remove_range (self->hits, first, last - first);
  if (self->current >= last)
    self->current -= last - first;
  else if (self->current >= first)
    self->current = first;
  if (self->current >= self->hits->len)
    self->current = self->hits->len > 0 ? self->hits->len - 1 : 0;
}

static void
add_hit (FlintTimelineSearch *self,
         guint                position)
{
  guint index = find_index (self, position);

  g_array_insert_val (self->hits, index, position);
  /* the person stays at the one that is shown */
  if (index <= self->current && self->hits->len > 1)
    self->current++;
}

static void
on_items_changed (FlintTimelineSearch *self,
                  guint                position,
                  guint                removed,
                  guint                added)
{
  guint n_known = self->hits->len;
  gboolean is_changed = FALSE;

  if (self->pattern == NULL)
    return;

  if (removed > 0)
    forget_hits (self, position, removed);
  is_changed = self->hits->len != n_known;

  if (added != removed)
    for (guint i = 0; i < self->hits->len && get_hit (self, i) >= position; i++)
      g_array_index (self->hits, guint, i) += added - removed;

  /* what was not looked at is looked at in its turn; what comes above that, now */
  if (position < self->n_left)
    {
      self->n_left -= MIN (removed, self->n_left - position);
      self->n_left += added;
      take_message (self);
    }
  else
    {
      for (guint i = position; i < position + added; i++)
        if (contains (self, i))
          {
            add_hit (self, i);
            is_changed = TRUE;
          }
    }

  if (is_changed)
    g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * flint_timeline_search_set_words:
 * @words: (nullable): what to look for; nothing ends the search
 *
 * Begins anew, with the newest message.
 */
void
flint_timeline_search_set_words (FlintTimelineSearch *self,
                                 const char          *words)
{
  g_return_if_fail (FLINT_IS_TIMELINE_SEARCH (self));

  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_pointer (&self->pattern, flint_pattern_unref);
  g_array_set_size (self->hits, 0);
  self->current = 0;
  self->pattern = flint_pattern_new (words);
  self->n_left = self->pattern != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->timeline)) : 0;
  take_message (self);
  if (self->message != NULL)
    self->idle = g_idle_add (on_idle, self);

  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * flint_timeline_search_get_pattern:
 *
 * Returns: (transfer none) (nullable): what is looked for
 */
FlintPattern *
flint_timeline_search_get_pattern (FlintTimelineSearch *self)
{
  g_return_val_if_fail (FLINT_IS_TIMELINE_SEARCH (self), NULL);

  return self->pattern;
}

/**
 * flint_timeline_search_is_running:
 *
 * Returns: whether there are messages that were not looked at yet
 */
gboolean
flint_timeline_search_is_running (FlintTimelineSearch *self)
{
  g_return_val_if_fail (FLINT_IS_TIMELINE_SEARCH (self), FALSE);

  return self->message != NULL;
}

/**
 * flint_timeline_search_get_n_hits:
 *
 * Returns: how many messages were found so far
 */
guint
flint_timeline_search_get_n_hits (FlintTimelineSearch *self)
{
  g_return_val_if_fail (FLINT_IS_TIMELINE_SEARCH (self), 0);

  return self->hits->len;
}

/**
 * flint_timeline_search_get_number:
 *
 * Returns: which of them the person is at, counted from the newest, which is 1; 0: at none
 */
guint
flint_timeline_search_get_number (FlintTimelineSearch *self)
{
  g_return_val_if_fail (FLINT_IS_TIMELINE_SEARCH (self), 0);

  return self->hits->len > 0 ? self->current + 1 : 0;
}

/**
 * flint_timeline_search_get_current:
 * @position: (out): where it stands in the timeline
 *
 * Returns: whether the person is at one
 */
gboolean
flint_timeline_search_get_current (FlintTimelineSearch *self,
                                   guint               *position)
{
  g_return_val_if_fail (FLINT_IS_TIMELINE_SEARCH (self), FALSE);

  if (self->hits->len == 0)
    return FALSE;

  *position = get_hit (self, self->current);

  return TRUE;
}

/**
 * flint_timeline_search_step:
 * @is_later: towards the newest one
 *
 * Goes to the next one; behind the last one of all comes the first.
 */
void
flint_timeline_search_step (FlintTimelineSearch *self,
                            gboolean             is_later)
{
  g_return_if_fail (FLINT_IS_TIMELINE_SEARCH (self));

  if (self->hits->len == 0)
    return;

  self->current = (self->current + (is_later ? self->hits->len - 1 : 1)) % self->hits->len;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
flint_timeline_search_dispose (GObject *object)
{
  FlintTimelineSearch *self = FLINT_TIMELINE_SEARCH (object);

  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_object (&self->message);
  g_clear_object (&self->timeline);
  g_clear_pointer (&self->pattern, flint_pattern_unref);

  G_OBJECT_CLASS (flint_timeline_search_parent_class)->dispose (object);
}

static void
flint_timeline_search_finalize (GObject *object)
{
  g_array_unref (FLINT_TIMELINE_SEARCH (object)->hits);

  G_OBJECT_CLASS (flint_timeline_search_parent_class)->finalize (object);
}

static void
flint_timeline_search_class_init (FlintTimelineSearchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = flint_timeline_search_dispose;
  G_OBJECT_CLASS (klass)->finalize = flint_timeline_search_finalize;

  /**
   * FlintTimelineSearch::changed:
   *
   * More was found, or less, the search has ended, or the person is at another one.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
flint_timeline_search_init (FlintTimelineSearch *self)
{
  self->hits = g_array_new (FALSE, FALSE, sizeof (guint));
}

/**
 * flint_timeline_search_new:
 *
 * Returns: (transfer full): a search in @timeline, for nothing yet
 */
FlintTimelineSearch *
flint_timeline_search_new (FlintTimeline *timeline)
{
  FlintTimelineSearch *self = g_object_new (FLINT_TYPE_TIMELINE_SEARCH, NULL);

  self->timeline = g_object_ref (timeline);
  g_signal_connect_object (timeline, "items-changed", G_CALLBACK (on_items_changed), self, G_CONNECT_SWAPPED);

  return self;
}
