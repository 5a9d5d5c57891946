/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-contact-tree.h"

#include "flint-text.h"
#include "flint-tree-row-private.h"
#include "flint-tree-source.h"

#include <string.h>

#define PRESENCE_DELAY 500      /* ms: the most often that rows move because of presence */
#define ARRIVAL_DELAY  8        /* ms without presence, after a login: everybody may be there */
#define DELAY_GROWTH   4        /* who comes after that waits so many times longer */
#define MAX_HUNKS      100      /* more changes than that are told as one */

/* Those who come online first after a login are shown at once: their rows are made while the others come. */
typedef enum
{
  FIRST_SHOWN,
  FIRST_EXPECTED,
  FIRST_CAME,
} FirstArrivals;

struct _FlintContactTree
{
  GObject           parent_instance;

  FlintAccountList *accounts;
  GPtrArray        *sources;           /* of FlintTreeSource, in the order of the accounts */
  GPtrArray        *rows;              /* of owned FlintTreeRow */

  FlintTreeOptions  options;
  char             *search;
  gboolean          is_held;

  guint             presence_timer;
  gint64            first_presence;    /* µs: when the first one came that is not shown yet */
  gint64            last_presence;
  FirstArrivals     first;
  guint             delay;             /* ms: until presence is shown; short after a login */
  guint             idle;
  gboolean          is_presence_held;  /* something moved while the list was held */
  gboolean          is_flushing;

  guint             n_changes;         /* how many changes of several contacts are under way */
  gboolean          is_change_held;    /* something changed meanwhile */
};

enum {
  PROP_0,
  PROP_SHOW_OFFLINE,
  PROP_SHOW_EMPTY_GROUPS,
  PROP_GROUP_OFFLINE,
  PROP_SEARCH,
  PROP_COLLAPSED,
  PROP_IS_HELD,
  N_PROPS
};

enum {
  ARRANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void flint_contact_tree_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FlintContactTree, flint_contact_tree, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, flint_contact_tree_list_model_init))

static GType
get_item_type (GListModel *model)
{
  return FLINT_TYPE_TREE_ROW;
}

static guint
get_n_items (GListModel *model)
{
  return FLINT_CONTACT_TREE (model)->rows->len;
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  GPtrArray *rows = FLINT_CONTACT_TREE (model)->rows;

  return position < rows->len ? g_object_ref (g_ptr_array_index (rows, position)) : NULL;
}

static void
flint_contact_tree_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* Telling only what differs. Rows are unique, so the longest run of old places that still rises in the
 * new order stays where it is, and everything between two of its members is a hunk.
 */

typedef struct
{
  guint position;       /* in the new list */
  guint n_removed;
  guint n_added;
} Hunk;

/* Marks by place the rows of fresh[from…to) that stay: the others get G_MAXUINT */
static void
mark_kept (GPtrArray *fresh,
           guint      from,
           guint      to)
{
  guint n = to - from;
  g_autofree guint *tails = g_new (guint, n + 1);      /* position in fresh of the end of a run of that length */
  g_autofree guint *before = g_new (guint, n + 1);
  guint longest = 0;
  guint kept;

  for (guint i = 0; i < n; i++)
    {
      guint place = flint_tree_row_get_place (g_ptr_array_index (fresh, from + i));
      guint low = 0;
      guint high = longest;

      if (place == G_MAXUINT)
        continue;

      while (low < high)
        {
          guint middle = (low + high) / 2;

          if (flint_tree_row_get_place (g_ptr_array_index (fresh, from + tails[middle])) < place)
            low = middle + 1;
          else
            high = middle;
        }

      before[i] = low > 0 ? tails[low - 1] : G_MAXUINT;
      tails[low] = i;
      longest = MAX (longest, low + 1);
    }

  kept = longest > 0 ? tails[longest - 1] : G_MAXUINT;

  for (guint i = n; i > 0; i--)
    {
      if (i - 1 == kept)
        kept = before[kept];
      else
        flint_tree_row_set_place (g_ptr_array_index (fresh, from + i - 1), G_MAXUINT);
    }
}

static void
add_hunk (GArray *hunks,
          guint   position,
          guint   n_removed,
          guint   n_added)
{
  Hunk hunk = { position, n_removed, n_added };

  if (n_removed > 0 || n_added > 0)
    g_array_append_val (hunks, hunk);
}

static void
merge (GArray *hunks)
{
  Hunk *first = &g_array_index (hunks, Hunk, 0);
  Hunk *last = &g_array_index (hunks, Hunk, hunks->len - 1);
  guint end = last->position + last->n_added;
  guint n_removed = end - first->position;

  /* What both lists have between the hunks counts on both sides */
  for (guint i = 0; i < hunks->len; i++)
    n_removed += g_array_index (hunks, Hunk, i).n_removed - g_array_index (hunks, Hunk, i).n_added;

  first->n_removed = n_removed;
  first->n_added = end - first->position;
  g_array_set_size (hunks, 1);
}

static GArray *
compare (GPtrArray *old,
         GPtrArray *fresh)
{
  GArray *hunks = g_array_new (FALSE, FALSE, sizeof (Hunk));
  guint start = 0;
  guint old_end = old->len;
  guint fresh_end = fresh->len;
  guint i;
  guint j;

  while (start < old_end && start < fresh_end && old->pdata[start] == fresh->pdata[start])
    start++;

  while (old_end > start && fresh_end > start && old->pdata[old_end - 1] == fresh->pdata[fresh_end - 1])
    {
      old_end--;
      fresh_end--;
    }

  for (j = start; j < fresh_end; j++)
    flint_tree_row_set_place (fresh->pdata[j], G_MAXUINT);

  for (i = start; i < old_end; i++)
    flint_tree_row_set_place (old->pdata[i], i);

  mark_kept (fresh, start, fresh_end);

  for (i = start, j = start; i < old_end || j < fresh_end;)
    {
      guint position = j;
      guint first = i;

      while (j < fresh_end && flint_tree_row_get_place (fresh->pdata[j]) == G_MAXUINT)
        j++;

      while (i < old_end && (j == fresh_end || old->pdata[i] != fresh->pdata[j]))
        i++;

      add_hunk (hunks, position, i - first, j - position);

      if (i < old_end)
        i++;

      if (j < fresh_end)
        j++;
    }

  if (hunks->len > MAX_HUNKS)
    merge (hunks);

  return hunks;
}

/* In one move, however many there are */
static void
splice (GPtrArray  *rows,
        const Hunk *hunk,
        GPtrArray  *fresh)
{
  guint old_length = rows->len;
  guint length = old_length - hunk->n_removed + hunk->n_added;
  guint tail = hunk->position + hunk->n_removed;

  for (guint i = hunk->position; i < tail; i++)
    {
      flint_tree_row_add_shown (rows->pdata[i], -1);
      g_object_unref (rows->pdata[i]);
    }

  if (length > old_length)
    g_ptr_array_set_size (rows, length);

  if (rows->pdata != NULL)
    memmove (rows->pdata + hunk->position + hunk->n_added, rows->pdata + tail, (old_length - tail) * sizeof (gpointer));

  if (length < old_length)
    g_ptr_array_set_size (rows, length);

  for (guint i = hunk->position; i < hunk->position + hunk->n_added; i++)
    {
      rows->pdata[i] = g_object_ref (fresh->pdata[i]);
      flint_tree_row_add_shown (rows->pdata[i], 1);
    }
}

static void
show (FlintContactTree *self,
      GPtrArray        *fresh)
{
  g_autoptr(GArray) hunks = compare (self->rows, fresh);

  /* From the front: before each hunk the lists are equal already, so its place in both is the same */
  for (guint i = 0; i < hunks->len; i++)
    {
      const Hunk *hunk = &g_array_index (hunks, Hunk, i);

      splice (self->rows, hunk, fresh);
      g_list_model_items_changed (G_LIST_MODEL (self), hunk->position, hunk->n_removed, hunk->n_added);
    }

  if (hunks->len > 0)
    g_signal_emit (self, signals[ARRANGED], 0);
}

/* Making the list */

static int
compare_hits (gconstpointer a,
              gconstpointer b)
{
  const FlintTreeHit *x = a;
  const FlintTreeHit *y = b;
  FlintContact *p = flint_tree_row_get_contact (x->row);
  FlintContact *q = flint_tree_row_get_contact (y->row);

  if (x->rank != y->rank)
    return y->rank - x->rank;

  if (flint_contact_is_online (p) != flint_contact_is_online (q))
    return flint_contact_is_online (p) ? -1 : 1;

  return strcmp (flint_contact_get_sort_key (p), flint_contact_get_sort_key (q));
}

static void
add_found (FlintContactTree *self,
           GPtrArray        *rows)
{
  g_autofree char *folded = flint_text_fold (self->search);
  g_auto(GStrv) words = g_strsplit_set (folded, " \t", -1);
  g_autoptr(GArray) hits = g_array_new (FALSE, FALSE, sizeof (FlintTreeHit));

  for (guint i = 0; i < self->sources->len; i++)
    flint_tree_source_search (g_ptr_array_index (self->sources, i), (const char * const *) words, hits);

  g_array_sort (hits, compare_hits);

  for (guint i = 0; i < hits->len; i++)
    g_ptr_array_add (rows, g_array_index (hits, FlintTreeHit, i).row);
}

static void
add_accounts (FlintContactTree *self,
              GPtrArray        *rows)
{
  guint n_shown = 0;

  for (guint i = 0; i < self->sources->len; i++)
    n_shown += flint_tree_source_is_shown (g_ptr_array_index (self->sources, i)) ? 1 : 0;

  self->options.has_headings = n_shown > 1;

  for (guint i = 0; i < self->sources->len; i++)
    if (flint_tree_source_is_shown (g_ptr_array_index (self->sources, i)))
      flint_tree_source_add_rows (g_ptr_array_index (self->sources, i), &self->options, rows);
}

/* Whether those who come after a login are still coming, and may go on a while before they are shown */
static gboolean
is_worth_waiting (FlintContactTree *self)
{
  gint64 now = g_get_monotonic_time ();

  return self->delay < PRESENCE_DELAY &&
         now - self->last_presence < self->delay * G_TIME_SPAN_MILLISECOND &&
         now - self->first_presence < PRESENCE_DELAY * G_TIME_SPAN_MILLISECOND;
}

static gboolean
on_idle (gpointer user_data)
{
  FlintContactTree *self = user_data;

  gboolean is_first = self->first == FIRST_CAME;

  self->idle = 0;
  if (is_first)
    self->first = FIRST_SHOWN;

  /* It would make rows for those who have come so far, and a moment later others for all */
  if (is_first || self->presence_timer == 0 || self->is_held || !is_worth_waiting (self))
    flint_contact_tree_flush (self);

  return G_SOURCE_REMOVE;
}

/* At once, but once for all that one turn of the main loop brings */
static void
queue (FlintContactTree *self)
{
  if (self->idle == 0)
    self->idle = g_idle_add_full (G_PRIORITY_DEFAULT, on_idle, self, NULL);
}

static gboolean on_presence_timeout (gpointer user_data);

static gboolean
on_presence_read (gpointer user_data)
{
  FlintContactTree *self = user_data;

  self->presence_timer = 0;

  if (is_worth_waiting (self))
    {
      gint64 quiet = (g_get_monotonic_time () - self->last_presence) / G_TIME_SPAN_MILLISECOND;

      self->presence_timer = g_timeout_add (MAX (self->delay - quiet, 1), on_presence_timeout, self);
      return G_SOURCE_REMOVE;
    }

  self->delay = MIN (self->delay * DELAY_GROWTH, PRESENCE_DELAY);

  if (self->is_held)
    self->is_presence_held = TRUE;
  else
    flint_contact_tree_flush (self);

  return G_SOURCE_REMOVE;
}

/* What has come meanwhile is read first: a frame that takes long is no silence of the server's. */
static gboolean
on_presence_timeout (gpointer user_data)
{
  FlintContactTree *self = user_data;

  self->presence_timer = g_idle_add_full (G_PRIORITY_HIGH_IDLE, on_presence_read, self, NULL);

  return G_SOURCE_REMOVE;
}

static void
on_presence_changed (FlintContactTree *self)
{
  self->last_presence = g_get_monotonic_time ();

  if (self->first == FIRST_EXPECTED)
    {
      self->first = FIRST_CAME;
      queue (self);
    }

  if (self->presence_timer != 0)
    return;

  self->first_presence = self->last_presence;
  self->presence_timer = g_timeout_add (self->delay, on_presence_timeout, self);
}

static void
on_state_changed (FlintContactTree *self,
                  GParamSpec       *pspec,
                  FlintAccount     *account)
{
  if (flint_account_is_online (account))
    {
      self->delay = ARRIVAL_DELAY;
      self->first = FIRST_EXPECTED;
    }
  queue (self);
}

static FlintTreeSource *
find_source (FlintContactTree *self,
             FlintContactList *contacts)
{
  for (guint i = 0; i < self->sources->len; i++)
    {
      FlintTreeSource *source = g_ptr_array_index (self->sources, i);

      if (flint_account_get_contacts (flint_tree_source_get_account (source)) == contacts)
        return source;
    }

  return NULL;
}

static void
on_list_changed (FlintContactTree *self,
                 FlintContactList *contacts)
{
  FlintTreeSource *source = find_source (self, contacts);

  if (source == NULL)
    return;

  flint_tree_source_invalidate (source);

  if (self->n_changes > 0)
    self->is_change_held = TRUE;
  else
    queue (self);
}

static void
on_contacts_changed (GListModel       *model,
                     guint             position,
                     guint             n_removed,
                     guint             n_added,
                     FlintContactTree *self)
{
  on_list_changed (self, FLINT_CONTACT_LIST (model));
}

static void
on_contact_changed (FlintContactList *contacts,
                    FlintContact     *contact,
                    FlintContactTree *self)
{
  on_list_changed (self, contacts);
}

static void
remove_source (FlintContactTree *self,
               guint             position)
{
  FlintTreeSource *source = g_ptr_array_index (self->sources, position);
  FlintAccount *account = flint_tree_source_get_account (source);

  g_signal_handlers_disconnect_by_data (flint_account_get_contacts (account), self);
  g_signal_handlers_disconnect_by_data (account, self);
  g_ptr_array_remove_index (self->sources, position);
}

static void
insert_source (FlintContactTree *self,
               guint             position,
               FlintAccount     *account)
{
  FlintContactList *contacts = flint_account_get_contacts (account);

  g_ptr_array_insert (self->sources, position, flint_tree_source_new (account));

  g_signal_connect_object (contacts, "items-changed", G_CALLBACK (on_contacts_changed), self, 0);
  g_signal_connect_object (contacts, "changed", G_CALLBACK (on_contact_changed), self, 0);
  g_signal_connect_object (contacts, "presence-changed", G_CALLBACK (on_presence_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (contacts, "unread-changed", G_CALLBACK (queue), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (account, "notify::state", G_CALLBACK (on_state_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (account, "notify::label", G_CALLBACK (queue), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (account, "notify::auto-login", G_CALLBACK (queue), self, G_CONNECT_SWAPPED);
}

static void
on_accounts_changed (GListModel       *model,
                     guint             position,
                     guint             n_removed,
                     guint             n_added,
                     FlintContactTree *self)
{
  for (guint i = 0; i < n_removed; i++)
    remove_source (self, position);

  for (guint i = 0; i < n_added; i++)
    {
      g_autoptr(FlintAccount) account = g_list_model_get_item (model, position + i);

      insert_source (self, position + i, account);
    }

  queue (self);
}

/* Properties */

static char **
get_collapsed (FlintContactTree *self)
{
  g_autoptr(GPtrArray) keys = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->options.collapsed);

  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_ptr_array_add (keys, key);

  g_ptr_array_add (keys, NULL);

  return g_strdupv ((char **) keys->pdata);
}

static void
set_collapsed (FlintContactTree   *self,
               const char * const *keys)
{
  g_hash_table_remove_all (self->options.collapsed);

  for (; keys != NULL && *keys != NULL; keys++)
    g_hash_table_add (self->options.collapsed, g_strdup (*keys));
}

static void
set_option (FlintContactTree *self,
            gboolean         *option,
            gboolean          value,
            GParamSpec       *pspec)
{
  if (*option == value)
    return;

  *option = value;
  flint_contact_tree_flush (self);
  g_object_notify_by_pspec (G_OBJECT (self), pspec);
}

static void
set_held (FlintContactTree *self,
          gboolean          is_held)
{
  if (self->is_held == is_held)
    return;

  self->is_held = is_held;

  if (!is_held && self->is_presence_held)
    flint_contact_tree_flush (self);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_HELD]);
}

static void
flint_contact_tree_get_property (GObject    *object,
                                 guint       id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  FlintContactTree *self = FLINT_CONTACT_TREE (object);

  switch (id)
    {
    case PROP_SHOW_OFFLINE:
      g_value_set_boolean (value, self->options.show_offline);
      break;

    case PROP_SHOW_EMPTY_GROUPS:
      g_value_set_boolean (value, self->options.show_empty_groups);
      break;

    case PROP_GROUP_OFFLINE:
      g_value_set_boolean (value, self->options.group_offline);
      break;

    case PROP_SEARCH:
      g_value_set_string (value, self->search);
      break;

    case PROP_COLLAPSED:
      g_value_take_boxed (value, get_collapsed (self));
      break;

    case PROP_IS_HELD:
      g_value_set_boolean (value, self->is_held);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
flint_contact_tree_set_property (GObject      *object,
                                 guint         id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  FlintContactTree *self = FLINT_CONTACT_TREE (object);

  switch (id)
    {
    case PROP_SHOW_OFFLINE:
      set_option (self, &self->options.show_offline, g_value_get_boolean (value), pspec);
      break;

    case PROP_SHOW_EMPTY_GROUPS:
      set_option (self, &self->options.show_empty_groups, g_value_get_boolean (value), pspec);
      break;

    case PROP_GROUP_OFFLINE:
      set_option (self, &self->options.group_offline, g_value_get_boolean (value), pspec);
      break;

    case PROP_SEARCH:
      if (g_strcmp0 (self->search, g_value_get_string (value)) != 0)
        {
          g_free (self->search);
          self->search = g_value_dup_string (value);
          flint_contact_tree_flush (self);
          g_object_notify_by_pspec (object, pspec);
        }
      break;

    case PROP_COLLAPSED:
      set_collapsed (self, g_value_get_boxed (value));
      flint_contact_tree_flush (self);
      g_object_notify_by_pspec (object, pspec);
      break;

    case PROP_IS_HELD:
      set_held (self, g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
flint_contact_tree_dispose (GObject *object)
{
  FlintContactTree *self = FLINT_CONTACT_TREE (object);

  g_clear_handle_id (&self->presence_timer, g_source_remove);
  g_clear_handle_id (&self->idle, g_source_remove);

  while (self->sources->len > 0)
    remove_source (self, self->sources->len - 1);

  self->is_change_held = FALSE;
  g_clear_object (&self->accounts);

  G_OBJECT_CLASS (flint_contact_tree_parent_class)->dispose (object);
}

static void
flint_contact_tree_finalize (GObject *object)
{
  FlintContactTree *self = FLINT_CONTACT_TREE (object);

  g_ptr_array_foreach (self->rows, (GFunc) (void (*) (void)) g_object_unref, NULL);
  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->sources);
  g_hash_table_unref (self->options.collapsed);
  g_free (self->search);

  G_OBJECT_CLASS (flint_contact_tree_parent_class)->finalize (object);
}

static void
flint_contact_tree_class_init (FlintContactTreeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = flint_contact_tree_dispose;
  object_class->finalize = flint_contact_tree_finalize;
  object_class->get_property = flint_contact_tree_get_property;
  object_class->set_property = flint_contact_tree_set_property;

  properties[PROP_SHOW_OFFLINE] = g_param_spec_boolean ("show-offline", NULL, NULL, TRUE, flags);
  properties[PROP_SHOW_EMPTY_GROUPS] = g_param_spec_boolean ("show-empty-groups", NULL, NULL, FALSE, flags);
  properties[PROP_GROUP_OFFLINE] = g_param_spec_boolean ("group-offline", NULL, NULL, FALSE, flags);
  properties[PROP_SEARCH] = g_param_spec_string ("search", NULL, NULL, NULL, flags);
  properties[PROP_COLLAPSED] = g_param_spec_boxed ("collapsed", NULL, NULL, G_TYPE_STRV, flags);
  properties[PROP_IS_HELD] = g_param_spec_boolean ("is-held", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * FlintContactTree::arranged:
   *
   * All that changed has been told by "items-changed": what has not come again by now is gone.
   */
  signals[ARRANGED] = g_signal_new ("arranged", FLINT_TYPE_CONTACT_TREE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);
}

static void
flint_contact_tree_init (FlintContactTree *self)
{
  self->delay = PRESENCE_DELAY;
  self->rows = g_ptr_array_new ();
  self->sources = g_ptr_array_new_with_free_func ((GDestroyNotify) flint_tree_source_free);
  self->options.show_offline = TRUE;
  self->options.collapsed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * flint_contact_tree_new:
 * @accounts: whose contacts to show
 *
 * Returns: (transfer full): the tree
 */
FlintContactTree *
flint_contact_tree_new (FlintAccountList *accounts)
{
  FlintContactTree *self;

  g_return_val_if_fail (FLINT_IS_ACCOUNT_LIST (accounts), NULL);

  self = g_object_new (FLINT_TYPE_CONTACT_TREE, NULL);
  self->accounts = g_object_ref (accounts);
  g_signal_connect_object (accounts, "items-changed", G_CALLBACK (on_accounts_changed), self, 0);
  on_accounts_changed (G_LIST_MODEL (accounts), 0, 0, g_list_model_get_n_items (G_LIST_MODEL (accounts)), self);

  return self;
}

/**
 * flint_contact_tree_set_expanded:
 * @self: the tree
 * @row: a heading
 * @expanded: whether to show what is in it
 *
 * Folds or unfolds a group or an account. "collapsed" changes with it.
 */
void
flint_contact_tree_set_expanded (FlintContactTree *self,
                                 FlintTreeRow     *row,
                                 gboolean          expanded)
{
  g_autofree char *key = NULL;
  gboolean is_changed;

  g_return_if_fail (FLINT_IS_CONTACT_TREE (self));
  g_return_if_fail (FLINT_IS_TREE_ROW (row));

  if (flint_tree_row_get_kind (row) == FLINT_TREE_CONTACT)
    return;

  key = flint_tree_source_make_key (row);
  is_changed = expanded ? g_hash_table_remove (self->options.collapsed, key)
                        : g_hash_table_add (self->options.collapsed, g_steal_pointer (&key));

  if (!is_changed)
    return;

  flint_contact_tree_flush (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COLLAPSED]);
}

/**
 * flint_contact_tree_expand_all:
 * @self: the tree
 * @expanded: %TRUE unfolds everything, %FALSE folds all groups
 *
 * Folds or unfolds all.
 */
void
flint_contact_tree_expand_all (FlintContactTree *self,
                               gboolean          expanded)
{
  g_return_if_fail (FLINT_IS_CONTACT_TREE (self));

  if (expanded)
    g_hash_table_remove_all (self->options.collapsed);

  for (guint i = 0; !expanded && i < self->sources->len; i++)
    flint_tree_source_add_keys (g_ptr_array_index (self->sources, i), self->options.collapsed);

  flint_contact_tree_flush (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COLLAPSED]);
}

/**
 * flint_contact_tree_find:
 * @self: the tree
 * @contact: a contact
 *
 * Returns: the position of its first row; %G_MAXUINT when it is not shown
 */
guint
flint_contact_tree_find (FlintContactTree *self,
                         FlintContact     *contact)
{
  g_return_val_if_fail (FLINT_IS_CONTACT_TREE (self), G_MAXUINT);

  for (guint i = 0; i < self->rows->len; i++)
    if (flint_tree_row_get_contact (self->rows->pdata[i]) == contact && contact != NULL)
      return i;

  return G_MAXUINT;
}

/**
 * flint_contact_tree_begin_changes:
 * @self: the tree
 *
 * Several contacts are about to be changed: they shall move together, not one by one as the server answers.
 * Each call needs its flint_contact_tree_end_changes (). What a person does meanwhile is shown at once all the same.
 */
void
flint_contact_tree_begin_changes (FlintContactTree *self)
{
  g_return_if_fail (FLINT_IS_CONTACT_TREE (self));

  self->n_changes++;
}

/**
 * flint_contact_tree_end_changes:
 * @self: the tree
 *
 * The last answer has come.
 */
void
flint_contact_tree_end_changes (FlintContactTree *self)
{
  g_return_if_fail (FLINT_IS_CONTACT_TREE (self));
  g_return_if_fail (self->n_changes > 0);

  if (--self->n_changes > 0 || !self->is_change_held)
    return;

  self->is_change_held = FALSE;
  queue (self);
}

/**
 * flint_contact_tree_flush:
 * @self: the tree
 *
 * Shows now what else would be shown soon.
 */
void
flint_contact_tree_flush (FlintContactTree *self)
{
  g_autoptr(GPtrArray) fresh = NULL;

  g_return_if_fail (FLINT_IS_CONTACT_TREE (self));

  /* Somebody who was just told of a change wants another one */
  if (self->is_flushing)
    {
      queue (self);
      return;
    }

  g_clear_handle_id (&self->presence_timer, g_source_remove);
  g_clear_handle_id (&self->idle, g_source_remove);
  self->is_presence_held = FALSE;
  self->is_flushing = TRUE;

  fresh = g_ptr_array_sized_new (self->rows->len);

  if (self->search != NULL && *self->search != '\0')
    add_found (self, fresh);
  else
    add_accounts (self, fresh);

  show (self, fresh);
  self->is_flushing = FALSE;
}
