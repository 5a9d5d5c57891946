/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-room-list.h"

#include "flint-account-private.h"
#include "flint-join-queue.h"
#include "flint-room-private.h"

#include <string.h>

#define FILE_NAME "rooms.ini"
#define COPY_NAME "rooms.ini.corrupt"   /* of one that could not be read, or not all of it */
#define MAX_ROOMS 500
#define MAX_NICK  1023      /* bytes: as long as a resource may be */

struct _FlintRoomList
{
  GObject     parent_instance;

  FlintCache *files;
  GKeyFile   *saved;         /* as it was read; NULL: not yet */
  GPtrArray  *accounts;      /* of FlintAccount, whose rooms are here */
  GPtrArray  *rooms;
  GHashTable *joins;         /* FlintAccount, borrowed → FlintJoinQueue, owned: those whose rooms are here */
  guint       save_idle;
};

static void flint_room_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FlintRoomList, flint_room_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, flint_room_list_model_init))

static GType
get_item_type (GListModel *model)
{
  return FLINT_TYPE_ROOM;
}

static guint
get_n_items (GListModel *model)
{
  return FLINT_ROOM_LIST (model)->rooms->len;
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  GPtrArray *rooms = FLINT_ROOM_LIST (model)->rooms;

  return position < rooms->len ? g_object_ref (g_ptr_array_index (rooms, position)) : NULL;
}

static void
flint_room_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static FlintRoom *
peek (FlintRoomList *self,
      guint          position)
{
  return g_ptr_array_index (self->rooms, position);
}

/* Reading: addresses and nicknames are values, never names of groups or files (T121) */

static void
make_room (FlintRoomList *self,
           FlintAccount  *account,
           const char    *group)
{
  g_autofree char *address = g_key_file_get_string (self->saved, group, "address", NULL);
  g_autofree char *nick = g_key_file_get_string (self->saved, group, "nick", NULL);
  g_autoptr(XmppJid) jid = address != NULL ? xmpp_jid_new (address, NULL) : NULL;
  g_autoptr(FlintRoom) room = NULL;

  if (jid == NULL || nick == NULL || *nick == '\0' || strlen (nick) > MAX_NICK || flint_room_list_find (self, account, jid) != NULL)
    return;

  room = flint_room_new (account, jid, nick);
  g_object_set (room, "is-saved", TRUE, "autojoin", g_key_file_get_boolean (self->saved, group, "autojoin", NULL), NULL);
  flint_room_list_add (self, room);

  if (flint_account_is_online (account))
    flint_join_queue_add (g_hash_table_lookup (self->joins, account), room);
}

static void
make_rooms (FlintRoomList *self,
            FlintAccount  *account)
{
  g_auto(GStrv) groups = self->saved != NULL ? g_key_file_get_groups (self->saved, NULL) : NULL;

  for (guint i = 0; groups != NULL && groups[i] != NULL && i < MAX_ROOMS; i++)
    {
      g_autofree char *id = g_key_file_get_string (self->saved, groups[i], "account", NULL);

      if (g_strcmp0 (id, flint_account_get_id (account)) == 0)
        make_room (self, account, groups[i]);
    }
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(FlintRoomList) self = user_data;
  g_autoptr(GBytes) bytes = flint_cache_read_finish (FLINT_CACHE (source), result);
  g_autoptr(GError) error = NULL;

  self->saved = g_key_file_new ();

  if (bytes != NULL && !g_key_file_load_from_bytes (self->saved, bytes, G_KEY_FILE_NONE, &error))
    {
      g_message ("The saved rooms cannot be read: %s", error->message);
      flint_cache_write (self->files, COPY_NAME, bytes);
    }

  for (guint i = 0; i < self->accounts->len; i++)
    make_rooms (self, g_ptr_array_index (self->accounts, i));
}

/* Writing */

static gboolean
is_saved (FlintRoom *room)
{
  gboolean saved;

  g_object_get (room, "is-saved", &saved, NULL);

  return saved;
}

/* Rooms of accounts that are not here now are kept as they are */
static void
copy_others (FlintRoomList *self,
             GKeyFile      *file)
{
  g_auto(GStrv) groups = g_key_file_get_groups (self->saved, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_auto(GStrv) keys = g_key_file_get_keys (self->saved, groups[i], NULL, NULL);
      g_autofree char *id = g_key_file_get_string (self->saved, groups[i], "account", NULL);
      g_autofree char *name = g_strdup_printf ("other-%u", i);
      gboolean is_here = FALSE;

      for (guint j = 0; j < self->accounts->len && !is_here; j++)
        is_here = g_strcmp0 (id, flint_account_get_id (g_ptr_array_index (self->accounts, j))) == 0;

      for (guint j = 0; !is_here && keys != NULL && keys[j] != NULL; j++)
        {
          g_autofree char *value = g_key_file_get_value (self->saved, groups[i], keys[j], NULL);

          g_key_file_set_value (file, name, keys[j], value != NULL ? value : "");
        }
    }
}

static gboolean
on_save_idle (gpointer user_data)
{
  FlintRoomList *self = user_data;
  GKeyFile *file = g_key_file_new ();
  g_autoptr(GBytes) bytes = NULL;
  char *data;
  gsize length;

  self->save_idle = 0;
  copy_others (self, file);

  for (guint i = 0; i < self->rooms->len; i++)
    {
      FlintRoom *room = peek (self, i);
      g_autofree char *group = g_strdup_printf ("room-%u", i);
      gboolean autojoin;

      if (!is_saved (room) || flint_account_is_transient (flint_room_get_account (room)))
        continue;

      g_object_get (room, "autojoin", &autojoin, NULL);
      g_key_file_set_string (file, group, "account", flint_account_get_id (flint_room_get_account (room)));
      g_key_file_set_string (file, group, "address", xmpp_jid_get_text (flint_room_get_jid (room)));
      g_key_file_set_string (file, group, "nick", flint_room_get_nick (room));
      g_key_file_set_boolean (file, group, "autojoin", autojoin);
    }

  data = g_key_file_to_data (file, &length, NULL);
  bytes = g_bytes_new_take (data, length);
  flint_cache_write (self->files, FILE_NAME, bytes);

  g_key_file_unref (self->saved);
  self->saved = file;

  return G_SOURCE_REMOVE;
}

static void
save (FlintRoomList *self)
{
  if (self->saved != NULL && self->save_idle == 0)
    self->save_idle = g_idle_add (on_save_idle, self);
}

static void
on_room_notify (FlintRoom     *room,
                GParamSpec    *pspec,
                FlintRoomList *self)
{
  if (is_saved (room) || g_str_equal (pspec->name, "is-saved"))
    save (self);
}

static gboolean
is_always_joined (FlintRoom *room)
{
  gboolean autojoin;

  g_object_get (room, "autojoin", &autojoin, NULL);

  return autojoin;
}

/* Those that one was in come first, then those that are always joined; not all of them at once (security.md, F42) */
static void
on_account_state (FlintAccount  *account,
                  GParamSpec    *pspec,
                  FlintRoomList *self)
{
  FlintJoinQueue *joins = g_hash_table_lookup (self->joins, account);
  g_autoptr(GPtrArray) wanted = g_ptr_array_new_with_free_func (g_object_unref);

  flint_join_queue_clear (joins);

  if (!flint_account_is_online (account))
    return;

  for (guint pass = 0; pass < 2; pass++)
    {
      for (guint i = 0; i < self->rooms->len; i++)
        {
          FlintRoom *room = peek (self, i);
          gboolean was_in = flint_room_wants_in (room);

          if (flint_room_get_account (room) == account && (pass == 0 ? was_in : !was_in && is_always_joined (room)))
            g_ptr_array_add (wanted, g_object_ref (room));
        }
    }

  /* Held: who hears of what becomes of one may forget others, or the account */
  for (guint i = 0; i < wanted->len; i++)
    {
      joins = g_hash_table_lookup (self->joins, account);
      if (joins != NULL && g_ptr_array_find (self->rooms, g_ptr_array_index (wanted, i), NULL))
        flint_join_queue_add (joins, g_ptr_array_index (wanted, i));
    }
}

static void
flint_room_list_dispose (GObject *object)
{
  FlintRoomList *self = FLINT_ROOM_LIST (object);

  g_clear_handle_id (&self->save_idle, g_source_remove);
  g_ptr_array_set_size (self->rooms, 0);
  g_ptr_array_set_size (self->accounts, 0);
  g_clear_object (&self->files);

  G_OBJECT_CLASS (flint_room_list_parent_class)->dispose (object);
}

static void
flint_room_list_finalize (GObject *object)
{
  FlintRoomList *self = FLINT_ROOM_LIST (object);

  g_clear_pointer (&self->saved, g_key_file_unref);
  g_hash_table_unref (self->joins);
  g_ptr_array_unref (self->rooms);
  g_ptr_array_unref (self->accounts);

  G_OBJECT_CLASS (flint_room_list_parent_class)->finalize (object);
}

static void
flint_room_list_class_init (FlintRoomListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = flint_room_list_dispose;
  object_class->finalize = flint_room_list_finalize;
}

static void
flint_room_list_init (FlintRoomList *self)
{
  self->rooms = g_ptr_array_new_with_free_func (g_object_unref);
  self->accounts = g_ptr_array_new_with_free_func (g_object_unref);
  self->joins = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) flint_join_queue_free);
}

/**
 * flint_room_list_new:
 * @files: the directory that the kept ones are in
 *
 * Returns: (transfer full): the rooms
 */
FlintRoomList *
flint_room_list_new (FlintCache *files)
{
  FlintRoomList *self = g_object_new (FLINT_TYPE_ROOM_LIST, NULL);

  self->files = g_object_ref (files);
  flint_cache_read_async (files, FILE_NAME, on_read, g_object_ref (self));

  return self;
}

/**
 * flint_room_list_add_account:
 * @self: the rooms
 * @account: an account
 *
 * Adds the rooms that were kept for it. Its rooms hear from now on when it is online.
 */
void
flint_room_list_add_account (FlintRoomList *self,
                             FlintAccount  *account)
{
  g_return_if_fail (FLINT_IS_ROOM_LIST (self));

  g_ptr_array_add (self->accounts, g_object_ref (account));
  g_hash_table_insert (self->joins, account,
                       flint_join_queue_new (xmpp_session_get_clock (flint_account_get_session (account))));
  g_signal_connect_object (account, "notify::state", G_CALLBACK (on_account_state), self, 0);
  make_rooms (self, account);
}

/**
 * flint_room_list_remove_account:
 * @self: the rooms
 * @account: an account that goes
 *
 * Removes its rooms, and forgets those that were kept.
 */
void
flint_room_list_remove_account (FlintRoomList *self,
                                FlintAccount  *account)
{
  g_return_if_fail (FLINT_IS_ROOM_LIST (self));

  g_signal_handlers_disconnect_by_data (account, self);

  for (guint i = self->rooms->len; i > 0; i--)
    if (flint_room_get_account (peek (self, i - 1)) == account)
      flint_room_list_remove (self, peek (self, i - 1));

  /* Written while it still counts as here, so that nothing of it is copied */
  if (self->save_idle != 0)
    {
      g_clear_handle_id (&self->save_idle, g_source_remove);
      on_save_idle (self);
    }

  g_hash_table_remove (self->joins, account);
  g_ptr_array_remove (self->accounts, account);
}

/**
 * flint_room_list_add:
 * @self: the rooms
 * @room: one more
 *
 * Adds a room.
 */
void
flint_room_list_add (FlintRoomList *self,
                     FlintRoom     *room)
{
  g_return_if_fail (FLINT_IS_ROOM_LIST (self));

  g_ptr_array_add (self->rooms, g_object_ref (room));
  g_signal_connect_object (room, "notify::is-saved", G_CALLBACK (on_room_notify), self, 0);
  g_signal_connect_object (room, "notify::autojoin", G_CALLBACK (on_room_notify), self, 0);
  g_signal_connect_object (room, "notify::nick", G_CALLBACK (on_room_notify), self, 0);
  g_list_model_items_changed (G_LIST_MODEL (self), self->rooms->len - 1, 0, 1);
}

/**
 * flint_room_list_remove:
 * @self: the rooms
 * @room: one of them
 *
 * Leaves and removes a room, and does not keep it.
 */
void
flint_room_list_remove (FlintRoomList *self,
                        FlintRoom     *room)
{
  g_autoptr(FlintRoom) kept = NULL;
  FlintJoinQueue *joins;
  guint position;

  g_return_if_fail (FLINT_IS_ROOM_LIST (self));

  if (!g_ptr_array_find (self->rooms, room, &position))
    return;

  kept = g_object_ref (room);
  flint_room_leave (room);
  joins = g_hash_table_lookup (self->joins, flint_room_get_account (room));
  if (joins != NULL)
    flint_join_queue_remove (joins, room);
  g_signal_handlers_disconnect_by_data (room, self);
  g_ptr_array_remove_index (self->rooms, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);

  if (is_saved (room))
    save (self);
}

/**
 * flint_room_list_find:
 * @self: the rooms
 * @account: an account
 * @jid: the address of a room, or of somebody in it
 *
 * Returns: (transfer none) (nullable): the room
 */
FlintRoom *
flint_room_list_find (FlintRoomList *self,
                      FlintAccount  *account,
                      const XmppJid *jid)
{
  g_return_val_if_fail (FLINT_IS_ROOM_LIST (self), NULL);

  for (guint i = 0; i < self->rooms->len; i++)
    if (flint_room_get_account (peek (self, i)) == account && xmpp_jid_equal_bare (flint_room_get_jid (peek (self, i)), jid))
      return peek (self, i);

  return NULL;
}

/**
 * flint_room_list_ensure:
 * @self: the rooms
 * @account: which account shall be in it
 * @jid: the address of a room
 * @nick: (nullable): the nickname to have in it; %NULL: our name
 *
 * Returns: (transfer none): the room, the one that there is or a new one
 */
FlintRoom *
flint_room_list_ensure (FlintRoomList *self,
                        FlintAccount  *account,
                        XmppJid       *jid,
                        const char    *nick)
{
  FlintRoom *room = flint_room_list_find (self, account, jid);
  g_autofree char *own = NULL;
  g_autoptr(FlintRoom) made = NULL;

  if (room != NULL && nick != NULL && flint_room_get_state (room) == XMPP_ROOM_OUT)
    flint_room_set_nick (room, nick);

  if (room != NULL)
    return room;

  own = nick != NULL && *nick != '\0' ? g_strdup (nick) : flint_account_make_nick (account);
  made = flint_room_new (account, jid, own);
  flint_room_list_add (self, made);

  return made;   /* the list holds it */
}
