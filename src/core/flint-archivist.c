/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-archivist.h"

#include "flint-account-private.h"
#include "flint-conversation-private.h"

struct _FlintArchivist
{
  GObject                parent_instance;

  FlintConversationList *conversations;
  FlintRoomList         *rooms;
  GPtrArray             *runs;             /* of FlintCatchUp */
};

G_DEFINE_FINAL_TYPE (FlintArchivist, flint_archivist, G_TYPE_OBJECT)

/* What the server has is known, or never will be */
static void
let_go (FlintArchivist *self,
        FlintAccount   *account)
{
  GListModel *all = G_LIST_MODEL (self->conversations);
  g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func (g_object_unref);

  flint_account_set_caught_up (account, TRUE);

  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr(FlintConversation) conversation = g_list_model_get_item (all, i);

      if (flint_conversation_get_account (conversation) == account)
        g_ptr_array_add (own, g_steal_pointer (&conversation));
    }

  for (guint i = 0; i < own->len; i++)
    flint_conversation_caught_up (g_ptr_array_index (own, i));
}

static void
on_ended (FlintCatchUp *run,
          gpointer      user_data)
{
  FlintArchivist *self = user_data;
  g_autoptr(FlintAccount) account = g_object_ref (flint_catch_up_get_account (run));
  gboolean is_of_room = flint_catch_up_get_room (run) != NULL;

  g_ptr_array_remove_fast (self->runs, run);
  if (!is_of_room)
    let_go (self, account);
}

static void
end_runs (FlintArchivist *self,
          FlintAccount   *account,
          FlintRoom      *room)
{
  for (guint i = self->runs->len; i > 0; i--)
    {
      FlintCatchUp *run = g_ptr_array_index (self->runs, i - 1);

      if (flint_catch_up_get_account (run) == account && (room == NULL || flint_catch_up_get_room (run) == room))
        g_ptr_array_remove_index_fast (self->runs, i - 1);
    }
}

static void
begin (FlintArchivist *self,
       FlintAccount   *account,
       FlintRoom      *room)
{
  g_ptr_array_add (self->runs, flint_catch_up_new (self->conversations, self->rooms, account, room, on_ended, self));
}

static void
on_account_state (FlintAccount   *account,
                  GParamSpec     *pspec,
                  FlintArchivist *self)
{
  XmppSession *session = flint_account_get_session (account);

  if (!flint_account_is_online (account))
    {
      /* What is asked while the connection may come back is answered when it has */
      if (!xmpp_session_is_resumable (session))
        end_runs (self, account, NULL);
      return;
    }

  if (xmpp_session_is_resumed (session))
    return;

  end_runs (self, account, NULL);
  if (flint_account_get_history (account) != NULL && flint_account_is_kept (account))
    begin (self, account, NULL);
  else
    let_go (self, account);
}

/* Rooms */

static void
on_room_state (FlintRoom      *room,
               GParamSpec     *pspec,
               FlintArchivist *self)
{
  FlintAccount *account = flint_room_get_account (room);

  end_runs (self, account, room);
  if (flint_room_get_state (room) == XMPP_ROOM_IN && flint_account_get_history (account) != NULL && flint_account_is_kept (account))
    begin (self, account, room);
}

static void
on_rooms_changed (GListModel     *rooms,
                  guint           position,
                  guint           n_removed,
                  guint           n_added,
                  FlintArchivist *self)
{
  for (guint i = 0; i < n_added; i++)
    {
      g_autoptr(FlintRoom) room = g_list_model_get_item (rooms, position + i);

      if (g_signal_handler_find (room, G_SIGNAL_MATCH_FUNC | G_SIGNAL_MATCH_DATA, 0, 0, NULL, on_room_state, self) == 0)
        g_signal_connect_object (room, "notify::state", G_CALLBACK (on_room_state), self, 0);
    }
}

static void
flint_archivist_dispose (GObject *object)
{
  FlintArchivist *self = FLINT_ARCHIVIST (object);

  g_ptr_array_set_size (self->runs, 0);
  g_clear_object (&self->conversations);
  g_clear_object (&self->rooms);

  G_OBJECT_CLASS (flint_archivist_parent_class)->dispose (object);
}

static void
flint_archivist_finalize (GObject *object)
{
  g_ptr_array_unref (FLINT_ARCHIVIST (object)->runs);

  G_OBJECT_CLASS (flint_archivist_parent_class)->finalize (object);
}

static void
flint_archivist_class_init (FlintArchivistClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = flint_archivist_dispose;
  object_class->finalize = flint_archivist_finalize;
}

static void
flint_archivist_init (FlintArchivist *self)
{
  self->runs = g_ptr_array_new_with_free_func ((GDestroyNotify) flint_catch_up_free);
}

/**
 * flint_archivist_new:
 * @conversations: the conversations
 * @rooms: the rooms
 *
 * Returns: (transfer full): one that knows no account yet
 */
FlintArchivist *
flint_archivist_new (FlintConversationList *conversations,
                     FlintRoomList         *rooms)
{
  FlintArchivist *self = g_object_new (FLINT_TYPE_ARCHIVIST, NULL);

  self->conversations = g_object_ref (conversations);
  self->rooms = g_object_ref (rooms);
  g_signal_connect_object (rooms, "items-changed", G_CALLBACK (on_rooms_changed), self, 0);

  return self;
}

/**
 * flint_archivist_add_account:
 * @self: the archivist
 * @account: one more account
 *
 * Brings what it misses from now on.
 */
void
flint_archivist_add_account (FlintArchivist *self,
                             FlintAccount   *account)
{
  g_return_if_fail (FLINT_IS_ARCHIVIST (self));

  g_signal_connect_object (account, "notify::state", G_CALLBACK (on_account_state), self, 0);
}

/**
 * flint_archivist_remove_account:
 * @self: the archivist
 * @account: an account that goes
 *
 * Ends what is under way for it.
 */
void
flint_archivist_remove_account (FlintArchivist *self,
                                FlintAccount   *account)
{
  g_return_if_fail (FLINT_IS_ARCHIVIST (self));

  g_signal_handlers_disconnect_by_data (account, self);
  end_runs (self, account, NULL);
}
