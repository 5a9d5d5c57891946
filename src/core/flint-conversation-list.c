/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-conversation-list.h"

#include "flint-contact-list-private.h"
#include "flint-conversation-private.h"
#include "flint-room.h"

#define MAX_CONVERSATIONS 1000

struct _FlintConversationList
{
  GObject    parent_instance;

  GPtrArray *conversations;
  GPtrArray *accounts;          /* of borrowed FlintAccount: those that it was told of */
};

enum {
  COUNTS_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void flint_conversation_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FlintConversationList, flint_conversation_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, flint_conversation_list_model_init))

static GType
get_item_type (GListModel *model)
{
  return FLINT_TYPE_CONVERSATION;
}

static guint
get_n_items (GListModel *model)
{
  return FLINT_CONVERSATION_LIST (model)->conversations->len;
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  GPtrArray *conversations = FLINT_CONVERSATION_LIST (model)->conversations;

  return position < conversations->len ? g_object_ref (g_ptr_array_index (conversations, position)) : NULL;
}

static void
flint_conversation_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static FlintConversation *
peek (FlintConversationList *self,
      guint                  position)
{
  return g_ptr_array_index (self->conversations, position);
}

static void
insert_first (FlintConversationList *self,
              FlintConversation     *conversation)
{
  g_ptr_array_insert (self->conversations, 0, g_object_ref (conversation));
  g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, 1);
}

static void
remove_at (FlintConversationList *self,
           guint                  position)
{
  g_ptr_array_remove_index (self->conversations, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

static void
on_last_time (FlintConversation     *conversation,
              GParamSpec            *pspec,
              FlintConversationList *self)
{
  guint position;

  if (!g_ptr_array_find (self->conversations, conversation, &position) || position == 0)
    return;

  /* In one step: between two, who hears of the first could remove the account, and this would bring it back (T124) */
  g_ptr_array_insert (self->conversations, 0, g_ptr_array_steal_index (self->conversations, position));
  g_list_model_items_changed (G_LIST_MODEL (self), 0, position + 1, position + 1);
}

static void
on_counts (FlintConversationList *self)
{
  g_signal_emit (self, signals[COUNTS_CHANGED], 0);
}

static gboolean
may_go (FlintConversation *conversation)
{
  return !flint_conversation_is_watched (conversation) && flint_conversation_get_kind (conversation) != FLINT_CONVERSATION_ROOM;
}

static void
trim (FlintConversationList *self)
{
  for (guint i = self->conversations->len; i > 0 && self->conversations->len > MAX_CONVERSATIONS; i--)
    if (i <= self->conversations->len && may_go (peek (self, i - 1)))
      flint_conversation_list_remove (self, peek (self, i - 1));
}

/* Held: who hears of what becomes of one may close others */
static GPtrArray *
get_all (FlintConversationList *self,
         FlintAccount          *account)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->conversations->len; i++)
    if (flint_conversation_get_account (peek (self, i)) == account)
      g_ptr_array_add (found, g_object_ref (peek (self, i)));

  return found;
}

static void
on_account_state (FlintAccount          *account,
                  GParamSpec            *pspec,
                  FlintConversationList *self)
{
  g_autoptr(GPtrArray) all = get_all (self, account);
  gboolean is_online = flint_account_is_online (account);

  for (guint i = 0; i < all->len; i++)
    flint_conversation_set_account_online (g_ptr_array_index (all, i), is_online);
}

static void
on_resumable (XmppSession           *session,
              GParamSpec            *pspec,
              FlintConversationList *self)
{
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);

  if (xmpp_session_is_online (session) || xmpp_session_is_resumable (session))
    return;

  for (guint i = 0; i < self->conversations->len; i++)
    if (flint_account_get_session (flint_conversation_get_account (peek (self, i))) == session)
      g_ptr_array_add (all, g_object_ref (peek (self, i)));

  for (guint i = 0; i < all->len; i++)
    flint_conversation_session_over (g_ptr_array_index (all, i));
}

static void
on_presence_changed (FlintContactList      *contacts,
                     FlintContact          *contact,
                     FlintConversationList *self)
{
  FlintConversation *conversation = flint_conversation_list_find (self, flint_contact_get_account (contact),
                                                                  flint_contact_get_jid (contact));

  if (conversation != NULL && flint_conversation_get_kind (conversation) == FLINT_CONVERSATION_CHAT)
    flint_conversation_presence_changed (conversation);
}

static void
flint_conversation_list_finalize (GObject *object)
{
  g_ptr_array_unref (FLINT_CONVERSATION_LIST (object)->conversations);
  g_ptr_array_unref (FLINT_CONVERSATION_LIST (object)->accounts);

  G_OBJECT_CLASS (flint_conversation_list_parent_class)->finalize (object);
}

static void
flint_conversation_list_class_init (FlintConversationListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flint_conversation_list_finalize;

  signals[COUNTS_CHANGED] = g_signal_new ("counts-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
flint_conversation_list_init (FlintConversationList *self)
{
  self->conversations = g_ptr_array_new_with_free_func (g_object_unref);
  self->accounts = g_ptr_array_new ();
}

/**
 * flint_conversation_list_new:
 *
 * Returns: (transfer full): an empty list
 */
FlintConversationList *
flint_conversation_list_new (void)
{
  return g_object_new (FLINT_TYPE_CONVERSATION_LIST, NULL);
}

/**
 * flint_conversation_list_add:
 * @self: a conversation list
 * @conversation: a conversation; one that is in the list already stays where it is
 *
 * Adds it as the first.
 */
void
flint_conversation_list_add (FlintConversationList *self,
                             FlintConversation     *conversation)
{
  g_return_if_fail (FLINT_IS_CONVERSATION_LIST (self));
  g_return_if_fail (FLINT_IS_CONVERSATION (conversation));

  if (g_ptr_array_find (self->conversations, conversation, NULL))
    return;

  g_signal_connect_object (conversation, "notify::last-time", G_CALLBACK (on_last_time), self, 0);
  g_signal_connect_object (conversation, "notify::unread", G_CALLBACK (on_counts), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (conversation, "notify::mentions", G_CALLBACK (on_counts), self, G_CONNECT_SWAPPED);

  insert_first (self, conversation);
  trim (self);
}

/**
 * flint_conversation_list_remove:
 * @self: a conversation list
 * @conversation: one of them
 *
 * Closes and removes it.
 */
void
flint_conversation_list_remove (FlintConversationList *self,
                                FlintConversation     *conversation)
{
  g_autoptr(FlintConversation) kept = NULL;
  guint position;

  g_return_if_fail (FLINT_IS_CONVERSATION_LIST (self));

  if (!g_ptr_array_find (self->conversations, conversation, &position))
    return;

  kept = g_object_ref (conversation);
  g_signal_handlers_disconnect_by_data (conversation, self);
  remove_at (self, position);
  flint_conversation_close (conversation);
  on_counts (self);
}

/**
 * flint_conversation_list_add_account:
 * @self: a conversation list
 * @account: one more account
 *
 * Its conversations hear from now on when it is online, and who of its contacts is.
 */
void
flint_conversation_list_add_account (FlintConversationList *self,
                                     FlintAccount          *account)
{
  g_return_if_fail (FLINT_IS_CONVERSATION_LIST (self));
  g_return_if_fail (FLINT_IS_ACCOUNT (account));

  g_ptr_array_add (self->accounts, account);
  g_signal_connect_object (flint_account_get_contacts (account), "presence-changed", G_CALLBACK (on_presence_changed), self, 0);
  g_signal_connect_object (account, "notify::state", G_CALLBACK (on_account_state), self, 0);
  g_signal_connect_object (flint_account_get_session (account), "notify::resumable", G_CALLBACK (on_resumable), self, 0);
}

/**
 * flint_conversation_list_remove_account:
 * @self: a conversation list
 * @account: an account that goes
 *
 * Removes all of that account, and hears no more of it.
 */
void
flint_conversation_list_remove_account (FlintConversationList *self,
                                        FlintAccount          *account)
{
  g_autoptr(GPtrArray) all = NULL;

  g_return_if_fail (FLINT_IS_CONVERSATION_LIST (self));

  g_ptr_array_remove (self->accounts, account);
  g_signal_handlers_disconnect_by_data (flint_account_get_contacts (account), self);
  g_signal_handlers_disconnect_by_data (account, self);
  g_signal_handlers_disconnect_by_data (flint_account_get_session (account), self);
  all = get_all (self, account);

  for (guint i = all->len; i > 0; i--)
    flint_conversation_list_remove (self, g_ptr_array_index (all, i - 1));
}

/* Whether it was told of that account, and it has not gone since */
gboolean
flint_conversation_list_knows (FlintConversationList *self,
                               FlintAccount          *account)
{
  return g_ptr_array_find (self->accounts, account, NULL);
}

/**
 * flint_conversation_list_find:
 * @self: a conversation list
 * @account: as which account one speaks
 * @jid: with whom, or in which room; the bare address counts
 *
 * Returns: (transfer none) (nullable): the conversation
 */
FlintConversation *
flint_conversation_list_find (FlintConversationList *self,
                              FlintAccount          *account,
                              const XmppJid         *jid)
{
  g_return_val_if_fail (FLINT_IS_CONVERSATION_LIST (self), NULL);

  for (guint i = 0; i < self->conversations->len; i++)
    {
      FlintConversation *conversation = peek (self, i);

      if (flint_conversation_get_account (conversation) == account &&
          flint_conversation_get_kind (conversation) != FLINT_CONVERSATION_PRIVATE &&
          xmpp_jid_equal_bare (flint_conversation_get_jid (conversation), jid))
        return conversation;
    }

  return NULL;
}

/**
 * flint_conversation_list_find_private:
 * @self: a conversation list
 * @account: as which account one speaks
 * @jid: an occupant of a room
 *
 * Returns: (transfer none) (nullable): the conversation with who has that nickname now
 */
FlintConversation *
flint_conversation_list_find_private (FlintConversationList *self,
                                      FlintAccount          *account,
                                      const XmppJid         *jid)
{
  g_return_val_if_fail (FLINT_IS_CONVERSATION_LIST (self), NULL);

  for (guint i = 0; i < self->conversations->len; i++)
    {
      FlintConversation *conversation = peek (self, i);

      if (flint_conversation_get_account (conversation) == account &&
          flint_conversation_get_kind (conversation) == FLINT_CONVERSATION_PRIVATE &&
          !flint_conversation_is_frozen (conversation) &&
          xmpp_jid_equal (flint_conversation_get_jid (conversation), jid))
        return conversation;
    }

  return NULL;
}

/**
 * flint_conversation_list_ensure_chat:
 * @self: a conversation list
 * @account: as which account to speak
 * @jid: with whom
 *
 * Returns: (transfer full): the conversation, the one that there is or a new one; who hears of a new one may close it
 *   at once (T124)
 */
FlintConversation *
flint_conversation_list_ensure_chat (FlintConversationList *self,
                                     FlintAccount          *account,
                                     XmppJid               *jid)
{
  FlintConversation *conversation = flint_conversation_list_find (self, account, jid);

  if (conversation != NULL)
    return g_object_ref (conversation);

  conversation = flint_conversation_new (account, jid, FLINT_CONVERSATION_CHAT, NULL);
  flint_conversation_list_add (self, conversation);

  return conversation;
}

/**
 * flint_conversation_list_ensure_private:
 * @self: a conversation list
 * @room: a room
 * @jid: an occupant of it
 *
 * Returns: (transfer full): as flint_conversation_list_ensure_chat ()
 */
FlintConversation *
flint_conversation_list_ensure_private (FlintConversationList *self,
                                        FlintRoom             *room,
                                        XmppJid               *jid)
{
  FlintAccount *account = flint_room_get_account (room);
  FlintConversation *conversation = flint_conversation_list_find_private (self, account, jid);

  if (conversation != NULL)
    return g_object_ref (conversation);

  conversation = flint_conversation_new (account, jid, FLINT_CONVERSATION_PRIVATE, room);
  flint_conversation_list_add (self, conversation);

  return conversation;
}

/**
 * flint_conversation_list_count:
 * @self: a conversation list
 * @chats: (out): messages that nobody has looked at, from people
 * @rooms: (out): and in rooms
 * @mentions: (out): of these, those that name us
 *
 * Counts. The signal "counts-changed" tells when it may be different.
 */
void
flint_conversation_list_count (FlintConversationList *self,
                               guint                 *chats,
                               guint                 *rooms,
                               guint                 *mentions)
{
  g_return_if_fail (FLINT_IS_CONVERSATION_LIST (self));

  *chats = *rooms = *mentions = 0;

  for (guint i = 0; i < self->conversations->len; i++)
    {
      FlintConversation *conversation = peek (self, i);
      guint *sum = flint_conversation_get_kind (conversation) == FLINT_CONVERSATION_ROOM ? rooms : chats;

      *sum += flint_conversation_get_unread (conversation);
      *mentions += flint_conversation_get_mentions (conversation);
    }
}
