/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console-filter.h"

#include "console-snapshot.h"

#define SLICE (6 * G_TIME_SPAN_MILLISECOND)   /* of a frame's 16 ms */

struct _ConsoleFilter
{
  GObject         parent_instance;

  ConsoleCapture *capture;
  ConsoleLog     *log;            /* of the capture */
  GArray         *numbers;        /* of what matches, rising */
  GArray         *found;          /* of the slice that is looked at, not told yet */
  GPtrArray      *pages;          /* while still: of what is shown and may be dropped; owned */
  guint           next_number;    /* the first that was not looked at */
  guint           end_number;     /* while still: nothing from there on is shown */
  gboolean        is_still;
  gboolean        is_busy;
  guint           idle;

  /* What matches */
  guint           kinds;
  guint           directions;
  gboolean        is_narrow;      /* not everything does */
  gboolean        only_errors;
  char           *account;
  ConsoleQuery   *query;
};

enum {
  PROP_0,
  PROP_STILL,
  PROP_IS_BUSY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ConsoleFilter, console_filter, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

/* What matches */

static gboolean
matches (ConsoleFilter       *self,
         guint                number,
         const ConsoleRecord *record)
{
  XmppDirection direction = console_record_is (record, CONSOLE_RECORD_SENT) ? XMPP_SENT : XMPP_RECEIVED;
  g_autoptr(ConsoleEntry) entry = NULL;

  if (self->kinds != 0 && (self->kinds & (1u << record->kind)) == 0)
    return FALSE;

  if (self->directions != 0 &&
      (console_record_is (record, CONSOLE_RECORD_EVENT) || (self->directions & (1u << direction)) == 0))
    return FALSE;

  if (self->only_errors && !console_record_is (record, CONSOLE_RECORD_ERROR))
    return FALSE;

  if (self->account != NULL && !g_str_equal (self->account, console_log_get_account (self->log, record->account)))
    return FALSE;

  if (self->query == NULL)
    return TRUE;

  entry = console_log_get_entry (self->log, NULL, number);

  return console_query_matches (self->query, entry);
}

/* Going through the capture: numbers only rise, so a number says how far we are, whatever was trimmed. */

static guint
get_first (ConsoleFilter *self)
{
  return console_log_get_first (self->log);
}

/* Behind what the capture has told */
static guint
get_end (ConsoleFilter *self)
{
  return get_first (self) + g_list_model_get_n_items (G_LIST_MODEL (self->capture));
}

static void
set_busy (ConsoleFilter *self,
          gboolean       is_busy)
{
  if (self->is_busy == is_busy)
    return;

  self->is_busy = is_busy;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_BUSY]);
}

/* Looks at entries until the time is up; found holds what matches. Returns whether there are more. */
static gboolean
look (ConsoleFilter *self)
{
  guint end = self->is_still ? MIN (get_end (self), self->end_number) : get_end (self);
  gint64 end_time = g_get_monotonic_time () + SLICE;
  gsize work = 0;

  self->next_number = MAX (self->next_number, get_first (self));

  if (!self->is_narrow)
    {
      for (; self->next_number < end; self->next_number++)
        g_array_append_val (self->found, self->next_number);
      return FALSE;
    }

  while (self->next_number < end)
    {
      const ConsoleRecord *record = console_log_get_record (self->log, self->next_number);

      work += 1 + record->length / 512;
      if (matches (self, self->next_number, record))
        g_array_append_val (self->found, self->next_number);
      self->next_number++;

      /* the clock is not asked for each, but after a large one */
      if (work >= 64 && g_get_monotonic_time () > end_time)
        return self->next_number < end;
      work %= 64;
    }

  return FALSE;
}

/* Takes what was found into the list, in the place of the first n_removed of it. */
static void
publish (ConsoleFilter *self,
         guint          n_removed)
{
  guint position = self->numbers->len - n_removed;
  guint n_added = self->found->len;

  if (n_removed > 0)
    g_array_remove_range (self->numbers, 0, n_removed);
  if (n_added > 0)
    g_array_append_vals (self->numbers, self->found->data, n_added);
  g_array_set_size (self->found, 0);

  if (n_removed > 0 || n_added > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), position, n_removed, n_added);
}

static gboolean
on_idle (gpointer user_data)
{
  ConsoleFilter *self = user_data;
  gboolean has_more = look (self);

  if (!has_more)
    self->idle = 0;

  publish (self, 0);
  set_busy (self, has_more);

  return has_more ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* The first slice is looked at now: what is short is there at once, and nothing flickers. */
static void
go_on (ConsoleFilter *self,
       guint          n_removed)
{
  gboolean has_more;

  if (self->idle != 0 && n_removed == 0)
    return;   /* under way, and will come to it */

  has_more = look (self);
  if (has_more && self->idle == 0)
    self->idle = g_idle_add (on_idle, self);
  else if (!has_more)
    g_clear_handle_id (&self->idle, g_source_remove);

  publish (self, n_removed);
  set_busy (self, has_more);
}

static void
look_again (ConsoleFilter *self)
{
  self->next_number = 0;
  go_on (self, self->numbers->len);
}

/* What the capture has dropped */
static void
drop (ConsoleFilter *self)
{
  guint first = get_first (self);
  guint n = 0;

  if (g_list_model_get_n_items (G_LIST_MODEL (self->capture)) == 0)
    n = self->numbers->len;

  while (n < self->numbers->len && g_array_index (self->numbers, guint, n) < first)
    n++;

  if (n == 0)
    return;

  g_array_remove_range (self->numbers, 0, n);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n, 0);
}

static void
on_items_changed (GListModel    *capture,
                  guint          position,
                  guint          removed,
                  guint          added,
                  ConsoleFilter *self)
{
  gboolean is_cleared = g_list_model_get_n_items (capture) == 0;

  if (is_cleared && self->is_still)
    {
      g_clear_pointer (&self->pages, g_ptr_array_unref);
      self->pages = console_log_copy_pages (self->log);
    }

  /* While still, what was trimmed is kept on; but cleared is cleared */
  if (removed > 0 && (!self->is_still || is_cleared))
    drop (self);

  if (added > 0 && !self->is_still)
    go_on (self, 0);
}

/**
 * console_filter_set_criteria:
 * @criteria: what is to be shown
 */
void
console_filter_set_criteria (ConsoleFilter         *self,
                             const ConsoleCriteria *criteria)
{
  g_return_if_fail (CONSOLE_IS_FILTER (self));
  g_return_if_fail (criteria != NULL);

  self->kinds = criteria->kinds;
  self->directions = criteria->directions;
  self->only_errors = criteria->only_errors;
  g_free (self->account);
  self->account = g_strdup (criteria->account);
  g_clear_pointer (&self->query, console_query_unref);
  if (criteria->query != NULL)
    self->query = console_query_ref (criteria->query);
  self->is_narrow = self->kinds != 0 || self->directions != 0 || self->only_errors || self->account != NULL || self->query != NULL;

  look_again (self);
}

/**
 * console_filter_set_still:
 * @is_still: whether what is shown now is to stay; capturing goes on
 */
void
console_filter_set_still (ConsoleFilter *self,
                          gboolean       is_still)
{
  g_return_if_fail (CONSOLE_IS_FILTER (self));

  if (self->is_still == is_still)
    return;

  self->is_still = is_still;
  self->end_number = get_end (self);

  if (is_still)
    {
      self->pages = console_log_copy_pages (self->log);
    }
  else
    {
      g_clear_pointer (&self->pages, g_ptr_array_unref);
      drop (self);
      go_on (self, 0);
    }

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STILL]);
}

/**
 * console_filter_get_snapshot:
 *
 * Returns: (transfer full): a list of what is shown now, which does not change
 */
GListModel *
console_filter_get_snapshot (ConsoleFilter *self)
{
  GPtrArray *pages;

  g_return_val_if_fail (CONSOLE_IS_FILTER (self), NULL);

  pages = self->pages != NULL ? g_ptr_array_ref (self->pages) : console_log_copy_pages (self->log);

  return console_snapshot_new (self->log, pages, g_array_copy (self->numbers));
}

gboolean
console_filter_is_still (ConsoleFilter *self)
{
  g_return_val_if_fail (CONSOLE_IS_FILTER (self), FALSE);

  return self->is_still;
}

/**
 * console_filter_is_busy:
 *
 * Returns: whether there are entries that it has not looked at yet
 */
gboolean
console_filter_is_busy (ConsoleFilter *self)
{
  g_return_val_if_fail (CONSOLE_IS_FILTER (self), FALSE);

  return self->is_busy;
}

static GType
console_filter_get_item_type (GListModel *model)
{
  return CONSOLE_TYPE_ENTRY;
}

static guint
console_filter_get_n_items (GListModel *model)
{
  return CONSOLE_FILTER (model)->numbers->len;
}

static gpointer
console_filter_get_item (GListModel *model,
                         guint       position)
{
  ConsoleFilter *self = CONSOLE_FILTER (model);

  if (position >= self->numbers->len)
    return NULL;

  return console_log_get_entry (self->log, self->pages, g_array_index (self->numbers, guint, position));
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = console_filter_get_item_type;
  iface->get_n_items = console_filter_get_n_items;
  iface->get_item = console_filter_get_item;
}

static void
console_filter_dispose (GObject *object)
{
  ConsoleFilter *self = CONSOLE_FILTER (object);

  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_object (&self->capture);

  G_OBJECT_CLASS (console_filter_parent_class)->dispose (object);
}

static void
console_filter_finalize (GObject *object)
{
  ConsoleFilter *self = CONSOLE_FILTER (object);

  console_reader_forget (console_log_get_reader (self->log));   /* nobody looks any more */
  console_log_unref (self->log);
  g_array_unref (self->numbers);
  g_array_unref (self->found);
  g_clear_pointer (&self->pages, g_ptr_array_unref);
  g_free (self->account);
  g_clear_pointer (&self->query, console_query_unref);

  G_OBJECT_CLASS (console_filter_parent_class)->finalize (object);
}

static void
console_filter_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  ConsoleFilter *self = CONSOLE_FILTER (object);

  switch (prop_id)
    {
    case PROP_STILL:
      g_value_set_boolean (value, self->is_still);
      break;

    case PROP_IS_BUSY:
      g_value_set_boolean (value, self->is_busy);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
console_filter_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  ConsoleFilter *self = CONSOLE_FILTER (object);

  switch (prop_id)
    {
    case PROP_STILL:
      console_filter_set_still (self, g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
console_filter_class_init (ConsoleFilterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = console_filter_dispose;
  object_class->finalize = console_filter_finalize;
  object_class->get_property = console_filter_get_property;
  object_class->set_property = console_filter_set_property;

  properties[PROP_STILL] =
    g_param_spec_boolean ("still", NULL, NULL, FALSE, (G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));
  properties[PROP_IS_BUSY] =
    g_param_spec_boolean ("is-busy", NULL, NULL, FALSE, (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
console_filter_init (ConsoleFilter *self)
{
  self->numbers = g_array_new (FALSE, FALSE, sizeof (guint));
  self->found = g_array_new (FALSE, FALSE, sizeof (guint));
}

/**
 * console_filter_new:
 *
 * Returns: (transfer full): a list of all entries of @capture
 */
ConsoleFilter *
console_filter_new (ConsoleCapture *capture)
{
  ConsoleFilter *self = g_object_new (CONSOLE_TYPE_FILTER, NULL);

  self->capture = g_object_ref (capture);
  self->log = console_log_ref (console_capture_get_log (capture));
  g_signal_connect_object (capture, "items-changed", G_CALLBACK (on_items_changed), self, 0);
  look_again (self);

  return self;
}
