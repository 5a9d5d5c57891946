/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console-filter.h"

#define SLICE (6 * G_TIME_SPAN_MILLISECOND)   /* of a frame's 16 ms */

struct _ConsoleFilter
{
  GObject         parent_instance;

  ConsoleCapture *capture;
  GPtrArray      *entries;        /* owned: what matches, in the order of their numbers */
  GPtrArray      *found;          /* owned: of the slice that is looked at, not told yet */
  guint           next_number;    /* the first that was not looked at */
  guint           last_number;    /* while still: nothing behind it is shown */
  gboolean        is_still;
  gboolean        is_busy;
  guint           idle;

  /* What matches */
  guint           kinds;
  guint           directions;
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
matches (ConsoleFilter *self,
         ConsoleEntry  *entry)
{
  if (self->kinds != 0 && (self->kinds & (1u << console_entry_get_kind (entry))) == 0)
    return FALSE;

  if (self->directions != 0 &&
      (console_entry_is_event (entry) || (self->directions & (1u << console_entry_get_direction (entry))) == 0))
    return FALSE;

  if (self->only_errors && !console_entry_is_error (entry))
    return FALSE;

  if (self->account != NULL && !g_str_equal (self->account, console_entry_get_account (entry)))
    return FALSE;

  return self->query == NULL || console_query_matches (self->query, entry);
}

/* Going through the capture: numbers only rise, so a number says how far we are, whatever was trimmed. */

static guint
get_number (GListModel *model,
            guint       position)
{
  g_autoptr(ConsoleEntry) entry = g_list_model_get_item (model, position);

  return entry != NULL ? console_entry_get_number (entry) : 0;
}

/* The numbers of a capture have no holes, except where it was cleared: then all of them are new. */
static guint
find_next (ConsoleFilter *self)
{
  guint first = get_number (G_LIST_MODEL (self->capture), 0);

  return self->next_number > first ? self->next_number - first : 0;
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
  GListModel *model = G_LIST_MODEL (self->capture);
  guint n_items = g_list_model_get_n_items (model);
  gint64 end = g_get_monotonic_time () + SLICE;

  for (guint i = find_next (self); i < n_items; i++)
    {
      g_autoptr(ConsoleEntry) entry = g_list_model_get_item (model, i);

      if (self->is_still && console_entry_get_number (entry) > self->last_number)
        return FALSE;

      if (i % 32 == 0 && g_get_monotonic_time () > end)
        return TRUE;

      self->next_number = console_entry_get_number (entry) + 1;
      if (matches (self, entry))
        g_ptr_array_add (self->found, g_steal_pointer (&entry));
    }

  return FALSE;
}

/* Takes what was found into the list, in the place of the first n_removed of it. */
static void
publish (ConsoleFilter *self,
         guint          n_removed)
{
  g_autoptr(GPtrArray) found = g_steal_pointer (&self->found);
  guint position = self->entries->len - n_removed;
  guint n_added = found->len;

  self->found = g_ptr_array_new_with_free_func (g_object_unref);
  if (n_removed > 0)
    g_ptr_array_remove_range (self->entries, 0, n_removed);
  g_ptr_array_extend_and_steal (self->entries, g_steal_pointer (&found));

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
  go_on (self, self->entries->len);
}

/* What the capture has dropped */
static void
drop (ConsoleFilter *self)
{
  guint first = get_number (G_LIST_MODEL (self->capture), 0);
  guint n = 0;

  if (g_list_model_get_n_items (G_LIST_MODEL (self->capture)) == 0)
    n = self->entries->len;

  while (n < self->entries->len && console_entry_get_number (g_ptr_array_index (self->entries, n)) < first)
    n++;

  if (n == 0)
    return;

  g_ptr_array_remove_range (self->entries, 0, n);
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
  guint n_items;

  g_return_if_fail (CONSOLE_IS_FILTER (self));

  if (self->is_still == is_still)
    return;

  n_items = g_list_model_get_n_items (G_LIST_MODEL (self->capture));
  self->is_still = is_still;
  self->last_number = n_items > 0 ? get_number (G_LIST_MODEL (self->capture), n_items - 1) : 0;

  if (!is_still)
    {
      drop (self);
      go_on (self, 0);
    }

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STILL]);
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
  return CONSOLE_FILTER (model)->entries->len;
}

static gpointer
console_filter_get_item (GListModel *model,
                         guint       position)
{
  ConsoleFilter *self = CONSOLE_FILTER (model);

  return position < self->entries->len ? g_object_ref (g_ptr_array_index (self->entries, position)) : NULL;
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

  g_ptr_array_unref (self->entries);
  g_ptr_array_unref (self->found);
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
  self->entries = g_ptr_array_new_with_free_func (g_object_unref);
  self->found = g_ptr_array_new_with_free_func (g_object_unref);
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
  g_signal_connect_object (capture, "items-changed", G_CALLBACK (on_items_changed), self, 0);
  look_again (self);

  return self;
}
