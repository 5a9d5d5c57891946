/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-tree-source.h"

#include "flint-contact-private.h"
#include "flint-text.h"
#include "flint-tree-row-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define DELIMITER "::"      /* as Spark has it, and XEP-0083 by default */
#define MAX_DEPTH 8
#define MAX_TITLE 64

/* Online before away before offline; each then by name */
enum {
  RANK_AVAILABLE,
  RANK_AWAY,
  RANK_XA,
  RANK_DND,
  RANK_OFFLINE,
  N_RANKS
};

typedef struct _Group Group;

struct _Group
{
  char         *path;              /* NULL: those who are offline */
  char         *title;
  char         *sort_key;
  Group        *parent;            /* NULL at the first level */
  GPtrArray    *children;          /* of borrowed Group, sorted */
  FlintTreeRow *row;

  /* Of one look */
  GPtrArray    *shown[N_RANKS];    /* of borrowed FlintTreeRow */
  guint         online;
  guint         total;
  guint         unread;
};

/* A contact in one group */
typedef struct
{
  Group        *group;
  FlintTreeRow *row;
} Place;

typedef struct
{
  FlintContact *contact;
  GArray       *places;            /* of Place: the groups it is in */
  GPtrArray    *counted;           /* of borrowed Group: those and the ones around them, each once */
  Place         offline;
  Place         found;
} Entry;

struct _FlintTreeSource
{
  FlintAccount *account;
  GPtrArray    *entries;           /* of Entry, sorted by name; NULL: not made yet */
  GHashTable   *groups;            /* path → Group */
  GPtrArray    *top;               /* of borrowed Group, sorted */
  Group        *unfiled;
  Group        *offline;
  FlintTreeRow *row;
  gboolean      is_stale;          /* entries and groups are to be made anew */
  gboolean      was_online;        /* since the program started: until then the list from last time is shown whole */
};

static Group *
group_new (const char *path,
           const char *title,
           Group      *parent)
{
  Group *self = g_new0 (Group, 1);
  g_autofree char *folded = NULL;

  self->path = g_strdup (path);
  self->title = flint_text_for_line (title, MAX_TITLE);
  self->parent = parent;
  self->children = g_ptr_array_new ();
  folded = g_utf8_casefold (self->title, -1);
  self->sort_key = g_utf8_collate_key (folded, -1);

  for (guint i = 0; i < N_RANKS; i++)
    self->shown[i] = g_ptr_array_new ();

  return self;
}

static void
group_free (gpointer data)
{
  Group *self = data;

  for (guint i = 0; i < N_RANKS; i++)
    g_ptr_array_unref (self->shown[i]);

  g_ptr_array_unref (self->children);
  g_clear_object (&self->row);
  g_free (self->path);
  g_free (self->title);
  g_free (self->sort_key);
  g_free (self);
}

static void
place_clear (gpointer data)
{
  Place *place = data;

  g_clear_object (&place->row);
}

static void
entry_free (gpointer data)
{
  Entry *self = data;

  g_array_unref (self->places);
  g_ptr_array_unref (self->counted);
  g_clear_object (&self->offline.row);
  g_clear_object (&self->found.row);
  g_object_unref (self->contact);
  g_free (self);
}

/* Making */

static gboolean
is_nested (const char *path)
{
  return *path != '\0' && !g_str_has_prefix (path, DELIMITER) && !g_str_has_suffix (path, DELIMITER) &&
         strstr (path, DELIMITER DELIMITER) == NULL;
}

static Group *
ensure_group (FlintTreeSource *self,
              const char      *path,
              guint            depth)
{
  Group *group = g_hash_table_lookup (self->groups, path);
  const char *last = depth < MAX_DEPTH && is_nested (path) ? g_strrstr (path, DELIMITER) : NULL;
  g_autofree char *outer = last != NULL ? g_strndup (path, last - path) : NULL;
  Group *parent;

  if (group != NULL)
    return group;

  parent = outer != NULL ? ensure_group (self, outer, depth + 1) : NULL;
  group = group_new (path, last != NULL ? last + strlen (DELIMITER) : path, parent);
  g_hash_table_insert (self->groups, group->path, group);
  g_ptr_array_add (parent != NULL ? parent->children : self->top, group);

  return group;
}

static void
add_place (Entry *entry,
           Group *group)
{
  Place place = { group, NULL };

  g_array_append_val (entry->places, place);

  for (; group != NULL; group = group->parent)
    if (!g_ptr_array_find (entry->counted, group, NULL))
      g_ptr_array_add (entry->counted, group);
}

static Entry *
entry_new (FlintTreeSource *self,
           FlintContact    *contact)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->contact = g_object_ref (contact);
  entry->places = g_array_new (FALSE, FALSE, sizeof (Place));
  g_array_set_clear_func (entry->places, place_clear);
  entry->counted = g_ptr_array_new ();
  entry->offline.group = self->offline;

  for (const char * const *path = flint_contact_get_groups (contact); *path != NULL; path++)
    if (**path != '\0')
      add_place (entry, ensure_group (self, *path, 0));

  if (entry->places->len == 0)
    add_place (entry, self->unfiled);

  return entry;
}

static int
compare_entries (gconstpointer a,
                 gconstpointer b)
{
  FlintContact *x = (*(const Entry * const *) a)->contact;
  FlintContact *y = (*(const Entry * const *) b)->contact;
  int order = strcmp (flint_contact_get_sort_key (x), flint_contact_get_sort_key (y));

  return order != 0 ? order : strcmp (xmpp_jid_get_text (flint_contact_get_jid (x)), xmpp_jid_get_text (flint_contact_get_jid (y)));
}

static int
compare_groups (gconstpointer a,
                gconstpointer b)
{
  const Group *x = *(const Group * const *) a;
  const Group *y = *(const Group * const *) b;
  int order = strcmp (x->sort_key, y->sort_key);

  return order != 0 ? order : strcmp (x->path, y->path);
}

/* A row is kept as long as its contact is in its group, so that a selection survives */

typedef struct
{
  FlintContact *contact;      /* NULL: the group itself */
  const char   *path;         /* NULL: those who are offline, or found */
} RowKey;

static guint
row_key_hash (gconstpointer data)
{
  const RowKey *key = data;

  return g_direct_hash (key->contact) * 31 + (key->path != NULL ? g_str_hash (key->path) : 0);
}

static gboolean
row_key_equal (gconstpointer a,
               gconstpointer b)
{
  const RowKey *x = a;
  const RowKey *y = b;

  return x->contact == y->contact && g_strcmp0 (x->path, y->path) == 0;
}

static void
save_row (GHashTable   *rows,
          FlintContact *contact,
          const char   *path,
          FlintTreeRow *row)
{
  RowKey *key;

  if (row == NULL)
    return;

  key = g_new (RowKey, 1);
  key->contact = contact;
  key->path = path;
  g_hash_table_insert (rows, key, row);
}

static FlintTreeRow *
restore_row (GHashTable   *rows,
             FlintContact *contact,
             const char   *path)
{
  RowKey key = { contact, path };
  FlintTreeRow *row = g_hash_table_lookup (rows, &key);

  return row != NULL ? g_object_ref (row) : NULL;
}

static GHashTable *
save_rows (GPtrArray  *entries,
           GHashTable *groups)
{
  GHashTable *rows = g_hash_table_new_full (row_key_hash, row_key_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, groups);

  while (g_hash_table_iter_next (&iter, NULL, &value))
    save_row (rows, NULL, ((Group *) value)->path, ((Group *) value)->row);

  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (entries, i);

      save_row (rows, entry->contact, NULL, entry->offline.row);

      for (guint j = 0; j < entry->places->len; j++)
        {
          Place *place = &g_array_index (entry->places, Place, j);

          save_row (rows, entry->contact, place->group->path, place->row);
        }
    }

  return rows;
}

static void
restore_rows (FlintTreeSource *self,
              GHashTable      *rows)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->groups);

  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (((Group *) value)->row == NULL)
      ((Group *) value)->row = restore_row (rows, NULL, ((Group *) value)->path);

  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (self->entries, i);

      entry->offline.row = restore_row (rows, entry->contact, NULL);

      for (guint j = 0; j < entry->places->len; j++)
        {
          Place *place = &g_array_index (entry->places, Place, j);

          place->row = restore_row (rows, entry->contact, place->group->path);
        }
    }
}

static void
sort_children (gpointer key,
               gpointer value,
               gpointer user_data)
{
  g_ptr_array_sort (((Group *) value)->children, compare_groups);
}

static void
make (FlintTreeSource *self)
{
  GListModel *contacts = G_LIST_MODEL (flint_account_get_contacts (self->account));
  guint n_contacts = g_list_model_get_n_items (contacts);

  self->groups = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, group_free);
  self->top = g_ptr_array_new ();
  self->entries = g_ptr_array_new_full (n_contacts, entry_free);

  for (guint i = 0; i < n_contacts; i++)
    {
      g_autoptr(FlintContact) contact = g_list_model_get_item (contacts, i);

      g_ptr_array_add (self->entries, entry_new (self, contact));
    }

  g_ptr_array_sort (self->entries, compare_entries);
  g_ptr_array_sort (self->top, compare_groups);
  g_hash_table_foreach (self->groups, sort_children, NULL);
}

static void
clear (FlintTreeSource *self)
{
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->top, g_ptr_array_unref);
  g_clear_pointer (&self->groups, g_hash_table_unref);
}

static void
ensure_made (FlintTreeSource *self)
{
  FlintTreeSource old = *self;
  g_autoptr(GHashTable) rows = NULL;

  if (!self->is_stale)
    return;

  self->is_stale = FALSE;
  make (self);

  if (old.entries == NULL)
    return;

  rows = save_rows (old.entries, old.groups);
  restore_rows (self, rows);
  clear (&old);
}

/* Looking */

static gboolean
is_collapsed (const FlintTreeOptions *options,
              FlintTreeRow           *row)
{
  g_autofree char *key = flint_tree_source_make_key (row);

  return g_hash_table_contains (options->collapsed, key);
}

static guint
get_rank (FlintContact *contact)
{
  static const guint ranks[] = {
    [XMPP_SHOW_CHAT]      = RANK_AVAILABLE,
    [XMPP_SHOW_AVAILABLE] = RANK_AVAILABLE,
    [XMPP_SHOW_AWAY]      = RANK_AWAY,
    [XMPP_SHOW_XA]        = RANK_XA,
    [XMPP_SHOW_DND]       = RANK_DND,
    [XMPP_SHOW_OFFLINE]   = RANK_OFFLINE,
  };

  return flint_contact_lingers (contact) ? RANK_AVAILABLE : ranks[flint_contact_get_show (contact)];
}

static void
reset_group (Group *group)
{
  for (guint i = 0; i < N_RANKS; i++)
    g_ptr_array_set_size (group->shown[i], 0);

  group->online = 0;
  group->total = 0;
  group->unread = 0;
}

static void
reset_value (gpointer key,
             gpointer value,
             gpointer user_data)
{
  reset_group (value);
}

static FlintTreeRow *
ensure_contact_row (FlintTreeSource *self,
                    Entry           *entry,
                    Place           *place)
{
  if (place->row == NULL)
    place->row = flint_tree_row_new (FLINT_TREE_CONTACT, self->account, place->group != NULL ? place->group->path : NULL,
                                     entry->contact);

  return place->row;
}

static void
show_in (FlintTreeSource *self,
         Entry           *entry,
         Place           *place)
{
  g_ptr_array_add (place->group->shown[get_rank (entry->contact)], ensure_contact_row (self, entry, place));
}

static void
count_in (Group        *group,
          FlintContact *contact)
{
  group->total++;
  group->online += flint_contact_is_online (contact) ? 1 : 0;
  group->unread += flint_contact_get_unread (contact);
}

/* Who waits for us, or we for him, is not hidden; nor is the list from last time before we know better */
static gboolean
is_visible (FlintTreeSource        *self,
            const FlintTreeOptions *options,
            FlintContact           *contact)
{
  return options->show_offline || !self->was_online || flint_contact_is_online (contact) || flint_contact_lingers (contact) ||
         flint_contact_get_unread (contact) > 0 || flint_contact_is_asked (contact);
}

static gboolean
is_set_apart (FlintTreeSource        *self,
              const FlintTreeOptions *options,
              FlintContact           *contact)
{
  return options->group_offline && options->show_offline && self->was_online && !flint_contact_is_online (contact) &&
         !flint_contact_lingers (contact);
}

static void
distribute (FlintTreeSource        *self,
            const FlintTreeOptions *options)
{
  g_hash_table_foreach (self->groups, reset_value, NULL);
  reset_group (self->unfiled);
  reset_group (self->offline);

  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (self->entries, i);

      for (guint j = 0; j < entry->counted->len; j++)
        count_in (g_ptr_array_index (entry->counted, j), entry->contact);

      if (is_set_apart (self, options, entry->contact))
        {
          count_in (self->offline, entry->contact);
          show_in (self, entry, &entry->offline);
        }
      else if (is_visible (self, options, entry->contact))
        {
          for (guint j = 0; j < entry->places->len; j++)
            show_in (self, entry, &g_array_index (entry->places, Place, j));
        }
    }
}

static gboolean
has_rows (const Group *group)
{
  for (guint i = 0; i < N_RANKS; i++)
    if (group->shown[i]->len > 0)
      return TRUE;

  for (guint i = 0; i < group->children->len; i++)
    if (has_rows (g_ptr_array_index (group->children, i)))
      return TRUE;

  return FALSE;
}

static void
add_group (FlintTreeSource        *self,
           const FlintTreeOptions *options,
           Group                  *group,
           guint                   depth,
           GPtrArray              *rows)
{
  gboolean is_expanded;

  if (!has_rows (group) && (!options->show_empty_groups || group->total == 0))
    return;

  if (group->row == NULL)
    group->row = flint_tree_row_new (FLINT_TREE_GROUP, self->account, group->path, NULL);

  is_expanded = !is_collapsed (options, group->row);
  flint_tree_row_update (group->row, depth, group->title, is_expanded);
  flint_tree_row_count (group->row, group->online, group->total, is_expanded ? 0 : group->unread);
  g_ptr_array_add (rows, group->row);

  if (!is_expanded)
    return;

  for (guint i = 0; i < N_RANKS; i++)
    for (guint j = 0; j < group->shown[i]->len; j++)
      {
        FlintTreeRow *row = g_ptr_array_index (group->shown[i], j);

        flint_tree_row_update (row, depth + 1, NULL, FALSE);
        g_ptr_array_add (rows, row);
      }

  for (guint i = 0; i < group->children->len; i++)
    add_group (self, options, g_ptr_array_index (group->children, i), depth + 1, rows);
}

/* Whether what is in the account is to be shown */
static gboolean
add_heading (FlintTreeSource        *self,
             const FlintTreeOptions *options,
             GPtrArray              *rows)
{
  gboolean is_expanded;
  guint online = 0;
  guint unread = 0;

  if (!options->has_headings)
    return TRUE;

  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (self->entries, i);

      online += flint_contact_is_online (entry->contact) ? 1 : 0;
      unread += flint_contact_get_unread (entry->contact);
    }

  if (self->row == NULL)
    self->row = flint_tree_row_new (FLINT_TREE_ACCOUNT, self->account, NULL, NULL);

  is_expanded = !is_collapsed (options, self->row);
  flint_tree_row_update (self->row, 0, flint_account_get_label (self->account), is_expanded);
  flint_tree_row_count (self->row, online, self->entries->len, is_expanded ? 0 : unread);
  g_ptr_array_add (rows, self->row);

  return is_expanded;
}

FlintTreeSource *
flint_tree_source_new (FlintAccount *account)
{
  FlintTreeSource *self = g_new0 (FlintTreeSource, 1);

  self->account = g_object_ref (account);
  self->unfiled = group_new ("", _("Contacts"), NULL);
  self->offline = group_new (NULL, _("Offline"), NULL);
  self->is_stale = TRUE;

  return self;
}

void
flint_tree_source_free (FlintTreeSource *self)
{
  clear (self);
  group_free (self->unfiled);
  group_free (self->offline);
  g_clear_object (&self->row);
  g_object_unref (self->account);
  g_free (self);
}

FlintAccount *
flint_tree_source_get_account (FlintTreeSource *self)
{
  return self->account;
}

/* Somebody came, went, or has another name or group */
void
flint_tree_source_invalidate (FlintTreeSource *self)
{
  self->is_stale = TRUE;
}

/* An account that is signed out by choice, and not to sign in by itself, is not in the tree */
gboolean
flint_tree_source_is_shown (FlintTreeSource *self)
{
  gboolean auto_login;

  g_object_get (self->account, "auto-login", &auto_login, NULL);

  return auto_login || flint_account_get_state (self->account) != FLINT_ACCOUNT_OFFLINE;
}

void
flint_tree_source_add_rows (FlintTreeSource        *self,
                            const FlintTreeOptions *options,
                            GPtrArray              *rows)
{
  guint depth = options->has_headings ? 1 : 0;

  ensure_made (self);
  self->was_online = self->was_online || flint_account_is_online (self->account);

  if (!add_heading (self, options, rows) || flint_account_get_state (self->account) == FLINT_ACCOUNT_OFFLINE)
    return;

  distribute (self, options);

  for (guint i = 0; i < self->top->len; i++)
    add_group (self, options, g_ptr_array_index (self->top, i), depth, rows);

  add_group (self, options, self->unfiled, depth, rows);
  add_group (self, options, self->offline, depth, rows);
}

/* Adds those who match, sorted by name */
void
flint_tree_source_search (FlintTreeSource    *self,
                          const char * const *words,
                          GArray             *hits)
{
  ensure_made (self);

  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (self->entries, i);
      FlintTreeHit hit = { .rank = flint_contact_rank (entry->contact, words) };

      if (hit.rank == 0)
        continue;

      hit.row = ensure_contact_row (self, entry, &entry->found);
      flint_tree_row_update (hit.row, 0, NULL, FALSE);
      g_array_append_val (hits, hit);
    }
}

static void
add_key (FlintTreeSource *self,
         GHashTable      *keys,
         const char      *path)
{
  g_autoptr(FlintTreeRow) row = flint_tree_row_new (FLINT_TREE_GROUP, self->account, path, NULL);

  g_hash_table_add (keys, flint_tree_source_make_key (row));
}

/* The keys of all groups */
void
flint_tree_source_add_keys (FlintTreeSource *self,
                            GHashTable      *keys)
{
  GHashTableIter iter;
  gpointer path;

  ensure_made (self);
  add_key (self, keys, "");
  add_key (self, keys, NULL);

  g_hash_table_iter_init (&iter, self->groups);

  while (g_hash_table_iter_next (&iter, &path, NULL))
    add_key (self, keys, path);
}

/* What a heading is called in the list of those that are folded: it holds from one start to the next */
char *
flint_tree_source_make_key (FlintTreeRow *row)
{
  const char *id = flint_account_get_id (flint_tree_row_get_account (row));
  const char *group = flint_tree_row_get_group (row);

  if (flint_tree_row_get_kind (row) == FLINT_TREE_ACCOUNT)
    return g_strconcat ("account:", id, NULL);

  return group != NULL ? g_strconcat ("group:", id, ":", group, NULL) : g_strconcat ("offline:", id, NULL);
}
