/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-occupant-list.h"

#include <string.h>

struct _FlintOccupantList
{
  GObject     parent_instance;

  GPtrArray  *occupants;      /* sorted */
  GHashTable *by_nick;        /* nick → FlintOccupant, both borrowed */
};

static void flint_occupant_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FlintOccupantList, flint_occupant_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, flint_occupant_list_model_init))

static GType
get_item_type (GListModel *model)
{
  return FLINT_TYPE_OCCUPANT;
}

static guint
get_n_items (GListModel *model)
{
  return FLINT_OCCUPANT_LIST (model)->occupants->len;
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  GPtrArray *occupants = FLINT_OCCUPANT_LIST (model)->occupants;

  return position < occupants->len ? g_object_ref (g_ptr_array_index (occupants, position)) : NULL;
}

static void
flint_occupant_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static int
compare (FlintOccupant *a,
         FlintOccupant *b)
{
  int order = (int) flint_occupant_get_role (b) - (int) flint_occupant_get_role (a);

  if (order == 0)
    order = strcmp (flint_occupant_get_sort_key (a), flint_occupant_get_sort_key (b));

  return order != 0 ? order : strcmp (flint_occupant_get_nick (a), flint_occupant_get_nick (b));
}

static int
compare_pointers (gconstpointer a,
                  gconstpointer b)
{
  return compare (*(FlintOccupant * const *) a, *(FlintOccupant * const *) b);
}

static guint
find_place (FlintOccupantList *self,
            FlintOccupant     *occupant)
{
  guint low = 0;
  guint high = self->occupants->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (compare (g_ptr_array_index (self->occupants, middle), occupant) < 0)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

/* occupant (transfer full) */
static void
insert (FlintOccupantList *self,
        FlintOccupant     *occupant)
{
  guint position = find_place (self, occupant);

  g_hash_table_replace (self->by_nick, (gpointer) flint_occupant_get_nick (occupant), occupant);
  g_ptr_array_insert (self->occupants, position, occupant);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, 1);
}

/* (transfer full): before anything in it changes that its place depends on */
static FlintOccupant *
take (FlintOccupantList *self,
      FlintOccupant     *occupant)
{
  guint position = find_place (self, occupant);

  g_assert (position < self->occupants->len && g_ptr_array_index (self->occupants, position) == occupant);

  g_hash_table_remove (self->by_nick, flint_occupant_get_nick (occupant));
  g_ptr_array_steal_index (self->occupants, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);

  return occupant;
}

/* Everybody, or nobody: makes the list anew, in one change of the model */
static void
fill (FlintOccupantList *self,
      XmppRoom          *room,
      GPtrArray         *occupants)
{
  guint n_old = self->occupants->len;

  g_hash_table_remove_all (self->by_nick);
  g_ptr_array_set_size (self->occupants, 0);

  for (guint i = 0; occupants != NULL && i < occupants->len; i++)
    {
      const XmppOccupant *occupant = g_ptr_array_index (occupants, i);
      FlintOccupant *made = flint_occupant_new (occupant, xmpp_room_is_self (room, occupant));

      g_ptr_array_add (self->occupants, made);
      g_hash_table_replace (self->by_nick, (gpointer) flint_occupant_get_nick (made), made);
    }

  g_ptr_array_sort (self->occupants, compare_pointers);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_old, self->occupants->len);
}

static void
put (FlintOccupantList  *self,
     const XmppOccupant *occupant,
     gboolean            is_self)
{
  FlintOccupant *old = flint_occupant_list_find (self, occupant->nick);

  if (old == NULL)
    {
      insert (self, flint_occupant_new (occupant, is_self));
      return;
    }

  if (flint_occupant_get_role (old) == occupant->role)
    {
      flint_occupant_update (old, occupant, is_self);
      return;
    }

  take (self, old);
  flint_occupant_update (old, occupant, is_self);
  insert (self, old);
}

static void
remove_nick (FlintOccupantList *self,
             const char        *nick)
{
  FlintOccupant *occupant = flint_occupant_list_find (self, nick);

  if (occupant != NULL)
    g_object_unref (take (self, occupant));
}

/* Who is renamed stays the same object */
static void
rename_nick (FlintOccupantList  *self,
             const char         *old_nick,
             const XmppOccupant *occupant)
{
  FlintOccupant *old;
  gboolean is_self;

  if (!(old = flint_occupant_list_find (self, old_nick)))
    return;

  g_object_get (old, "is-self", &is_self, NULL);
  take (self, old);
  remove_nick (self, occupant->nick);
  flint_occupant_update (old, occupant, is_self);
  insert (self, old);
}

static void
on_joined (XmppRoom          *room,
           FlintOccupantList *self)
{
  g_autoptr(GPtrArray) occupants = xmpp_room_get_occupants (room);

  fill (self, room, occupants);
}

static void
on_left (XmppRoom          *room,
         XmppLeave          why,
         const char        *actor,
         const char        *reason,
         FlintOccupantList *self)
{
  fill (self, room, NULL);
}

static void
on_occupant_put (XmppRoom          *room,
                 XmppOccupant      *occupant,
                 FlintOccupantList *self)
{
  put (self, occupant, xmpp_room_is_self (room, occupant));
}

static void
on_occupant_left (XmppRoom          *room,
                  XmppOccupant      *occupant,
                  XmppLeave          why,
                  const char        *actor,
                  const char        *reason,
                  FlintOccupantList *self)
{
  remove_nick (self, occupant->nick);
}

static void
on_occupant_renamed (XmppRoom          *room,
                     XmppOccupant      *occupant,
                     const char        *old_nick,
                     FlintOccupantList *self)
{
  rename_nick (self, old_nick, occupant);
}

static void
flint_occupant_list_finalize (GObject *object)
{
  FlintOccupantList *self = FLINT_OCCUPANT_LIST (object);

  g_hash_table_unref (self->by_nick);
  g_ptr_array_unref (self->occupants);

  G_OBJECT_CLASS (flint_occupant_list_parent_class)->finalize (object);
}

static void
flint_occupant_list_class_init (FlintOccupantListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flint_occupant_list_finalize;
}

static void
flint_occupant_list_init (FlintOccupantList *self)
{
  self->occupants = g_ptr_array_new_with_free_func (g_object_unref);
  self->by_nick = g_hash_table_new (g_str_hash, g_str_equal);
}

/**
 * flint_occupant_list_new:
 *
 * Returns: (transfer full): an empty list
 */
FlintOccupantList *
flint_occupant_list_new (void)
{
  return g_object_new (FLINT_TYPE_OCCUPANT_LIST, NULL);
}

/**
 * flint_occupant_list_follow:
 * @self: an occupant list
 * @room: a room of the engine
 *
 * Shows from now on who is in it.
 */
void
flint_occupant_list_follow (FlintOccupantList *self,
                            XmppRoom          *room)
{
  g_return_if_fail (FLINT_IS_OCCUPANT_LIST (self));
  g_return_if_fail (XMPP_IS_ROOM (room));

  g_signal_connect_object (room, "joined", G_CALLBACK (on_joined), self, 0);
  g_signal_connect_object (room, "left", G_CALLBACK (on_left), self, 0);
  g_signal_connect_object (room, "occupant-joined", G_CALLBACK (on_occupant_put), self, 0);
  g_signal_connect_object (room, "occupant-changed", G_CALLBACK (on_occupant_put), self, 0);
  g_signal_connect_object (room, "occupant-left", G_CALLBACK (on_occupant_left), self, 0);
  g_signal_connect_object (room, "occupant-renamed", G_CALLBACK (on_occupant_renamed), self, 0);
}

/**
 * flint_occupant_list_find:
 * @self: an occupant list
 * @nick: a nickname
 *
 * Returns: (transfer none) (nullable): who has it
 */
FlintOccupant *
flint_occupant_list_find (FlintOccupantList *self,
                          const char        *nick)
{
  g_return_val_if_fail (FLINT_IS_OCCUPANT_LIST (self), NULL);

  return nick != NULL ? g_hash_table_lookup (self->by_nick, nick) : NULL;
}
