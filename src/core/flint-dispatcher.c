/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-dispatcher.h"

#include "flint-account-private.h"
#include "flint-conversation-private.h"
#include "flint-delivery.h"
#include "flint-headline.h"
#include "flint-history.h"
#include "flint-letter-private.h"
#include "flint-room-private.h"
#include "flint-text.h"

#include "xmpp-blocking.h"

#include <glib/gi18n-lib.h>

#define MAX_INVITATIONS     20      /* in a minute, from whomever */
#define INVITATIONS_MINUTE  (60 * G_USEC_PER_SEC)
#define MAX_ERROR           300     /* graphemes */

struct _FlintDispatcher
{
  GObject                parent_instance;

  FlintConversationList *conversations;
  FlintRoomList         *rooms;
  FlintInbox            *headlines;
  FlintInbox            *letters;
  GPtrArray             *accounts;            /* of FlintAccount: those that are listened to */

  gint64                 invitations_since;   /* µs, monotonic */
  guint                  n_invitations;
};

enum {
  MESSAGE_RECEIVED,
  INVITED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlintDispatcher, flint_dispatcher, G_TYPE_OBJECT)

/* With whom a message is exchanged, from whichever of our devices */
static XmppJid *
get_peer (const XmppMessage *message)
{
  return message->carbon == XMPP_CARBON_SENT ? message->to : message->from;
}

static gboolean
has_text (const char *text)
{
  return text != NULL && *text != '\0';
}

/* The conversation that there is, if any, with somebody or with somebody in a room. (transfer full): whoever hears
 * of what becomes of it may close it (T124).
 */
static FlintConversation *
find_conversation (FlintDispatcher   *self,
                   FlintAccount      *account,
                   const XmppMessage *message)
{
  FlintConversation *conversation = message->is_private
    ? flint_conversation_list_find_private (self->conversations, account, get_peer (message))
    : flint_conversation_list_find (self->conversations, account, get_peer (message));

  return conversation != NULL ? g_object_ref (conversation) : NULL;
}

static FlintLetter *
find_letter (FlintDispatcher *self,
             FlintAccount    *account,
             const char      *id,
             const XmppJid   *peer)
{
  GListModel *letters = flint_inbox_get_items (self->letters);

  for (guint i = 0; id != NULL && i < g_list_model_get_n_items (letters); i++)
    {
      g_autoptr(FlintLetter) letter = g_list_model_get_item (letters, i);

      if (flint_letter_get_account (letter) == account && flint_letter_is_own (letter) &&
          g_strcmp0 (flint_letter_get_id (letter), id) == 0 && flint_letter_get_to (letter) != NULL &&
          xmpp_jid_equal_bare (flint_letter_get_to (letter), peer))
        return letter;
    }

  return NULL;
}

/* Into the list, unless who heard of something has removed the account meanwhile */
static gboolean
show_conversation (FlintDispatcher   *self,
                   FlintConversation *conversation)
{
  if (!g_ptr_array_find (self->accounts, flint_conversation_get_account (conversation), NULL))
    return FALSE;

  flint_conversation_list_add (self->conversations, conversation);

  return TRUE;
}

/* It has arrived in its conversation: at once, or when the disk has said that it is new */
static void
on_received (FlintConversation *conversation,
             FlintMessage      *message,
             gboolean           is_news,
             FlintDispatcher   *self)
{
  if (show_conversation (self, conversation) && is_news)
    g_signal_emit (self, signals[MESSAGE_RECEIVED], 0, conversation, message);
}

static void
listen_to (FlintDispatcher   *self,
           FlintConversation *conversation)
{
  if (g_signal_handler_find (conversation, G_SIGNAL_MATCH_FUNC | G_SIGNAL_MATCH_DATA, 0, 0, NULL, on_received, self) == 0)
    g_signal_connect_object (conversation, "received", G_CALLBACK (on_received), self, 0);
}

static void
on_conversations_changed (GListModel      *conversations,
                          guint            position,
                          guint            n_removed,
                          guint            n_added,
                          FlintDispatcher *self)
{
  for (guint i = 0; i < n_added; i++)
    {
      g_autoptr(FlintConversation) conversation = g_list_model_get_item (conversations, position + i);

      listen_to (self, conversation);
    }
}

static void
on_rooms_changed (GListModel      *rooms,
                  guint            position,
                  guint            n_removed,
                  guint            n_added,
                  FlintDispatcher *self)
{
  for (guint i = 0; i < n_added; i++)
    {
      g_autoptr(FlintRoom) room = g_list_model_get_item (rooms, position + i);

      listen_to (self, flint_room_get_conversation (room));
    }
}

/* What was too large to be read is said to have been there. It opens the chat of somebody in the list; a
 * stranger has none.
 */
static void
dispatch_skipped (FlintDispatcher   *self,
                  FlintAccount      *account,
                  const XmppMessage *message)
{
  g_autoptr(FlintConversation) conversation = find_conversation (self, account, message);
  gboolean is_personal = message->type == XMPP_MESSAGE_CHAT || message->type == XMPP_MESSAGE_NORMAL;

  if (conversation == NULL && is_personal && (message->sender & (XMPP_SENDER_CONTACT | XMPP_SENDER_LISTED)) != 0)
    conversation = flint_conversation_list_ensure_chat (self->conversations, account, message->from);

  if (conversation != NULL && message->type != XMPP_MESSAGE_HEADLINE)
    flint_conversation_add_line (conversation, _("A message was too large to be shown."));
}

/* It counts only from him whom the message went to (T047) */
static void
dispatch_error (FlintDispatcher   *self,
                FlintAccount      *account,
                const XmppMessage *message)
{
  g_autoptr(FlintConversation) conversation = find_conversation (self, account, message);
  FlintLetter *letter = find_letter (self, account, message->id, message->from);
  g_autofree char *words = message->error != NULL ? flint_text_for_line (message->error->message, MAX_ERROR) : NULL;
  g_autofree char *line = NULL;

  if (letter != NULL)
    flint_letter_set_state (letter, FLINT_MESSAGE_FAILED, words);
  else if (conversation != NULL && !flint_delivery_take_error (conversation, message->id, message->error) && words != NULL)
    {
      line = g_strdup_printf (_("Not delivered: %s"), words);
      flint_conversation_add_line (conversation, line);
    }
}

/* Only in a room that we are in (T031) */
static void
dispatch_groupchat (FlintDispatcher   *self,
                    FlintAccount      *account,
                    const XmppMessage *message)
{
  FlintRoom *found = flint_room_list_find (self->rooms, account, message->from);
  g_autoptr(FlintRoom) room = found != NULL ? g_object_ref (found) : NULL;

  if (room == NULL || flint_room_get_state (room) == XMPP_ROOM_OUT)
    return;

  flint_room_take_message (room, message);
}

/* One without a word is for a program, such as an event of PEP */
static void
dispatch_headline (FlintDispatcher   *self,
                   FlintAccount      *account,
                   const XmppMessage *message)
{
  g_autoptr(FlintHeadline) headline = NULL;

  if (message->carbon == XMPP_CARBON_SENT || (!has_text (message->subject) && !has_text (message->body)))
    return;

  headline = flint_headline_new (account, message);
  flint_inbox_add (self->headlines, headline);
}

static void
dispatch_letter (FlintDispatcher   *self,
                 FlintAccount      *account,
                 const XmppMessage *message)
{
  gboolean is_own = message->carbon == XMPP_CARBON_SENT;
  g_autoptr(FlintLetter) letter = flint_letter_new (account, message, is_own);

  if (is_own)
    flint_letter_set_state (letter, FLINT_MESSAGE_SENT, NULL);

  flint_inbox_add (self->letters, letter);
}

static void
dispatch_chat (FlintDispatcher   *self,
               FlintAccount      *account,
               FlintConversation *conversation,
               const XmppMessage *message)
{
  if (!show_conversation (self, conversation))
    return;

  /* What another device of ours got long ago is no news */
  if (message->carbon == XMPP_CARBON_SENT)
    flint_conversation_receive_own (conversation, message);
  else
    flint_conversation_receive (conversation, message, message->carbon == XMPP_CARBON_NONE || !message->is_delayed);
}

/* With somebody in a room: never with the contact who has that name, or that address (T032) */
static void
dispatch_private (FlintDispatcher   *self,
                  FlintAccount      *account,
                  const XmppMessage *message)
{
  FlintRoom *room = flint_room_list_find (self->rooms, account, get_peer (message));
  g_autoptr(FlintConversation) conversation = room != NULL ? flint_conversation_list_ensure_private (self->conversations, room, get_peer (message)) : NULL;

  if (conversation != NULL)
    dispatch_chat (self, account, conversation, message);
}

/* Receipts and states say something about a conversation that there is, and begin none */
static void
dispatch_wordless (FlintDispatcher   *self,
                   FlintAccount      *account,
                   const XmppMessage *message)
{
  g_autoptr(FlintConversation) conversation = find_conversation (self, account, message);
  FlintLetter *letter;

  if (message->carbon == XMPP_CARBON_SENT)
    return;

  if (conversation != NULL)
    {
      if (message->received_id != NULL)
        flint_delivery_take_receipt (conversation, message->received_id);

      flint_conversation_receive_state (conversation, message);
    }

  if (message->received_id != NULL && (letter = find_letter (self, account, message->received_id, message->from)) != NULL &&
      flint_letter_get_state (letter) == FLINT_MESSAGE_SENT)
    flint_letter_set_state (letter, FLINT_MESSAGE_DELIVERED, NULL);
}

static gboolean
is_too_inviting (FlintDispatcher *self,
                 gint64           now)
{
  if (now - self->invitations_since > INVITATIONS_MINUTE)
    {
      self->invitations_since = now;
      self->n_invitations = 0;
    }

  return ++self->n_invitations > MAX_INVITATIONS;
}

/* Nor by way of a room (T140) */
static gboolean
is_invited_by_blocked (FlintAccount      *account,
                       const XmppMessage *message)
{
  g_autoptr(XmppJid) by = xmpp_jid_new_received (message->invited_by);

  return by != NULL && xmpp_blocking_is_blocked (flint_account_get_module (account, XMPP_TYPE_BLOCKING), by);
}

static void
dispatch_invitation (FlintDispatcher   *self,
                     FlintAccount      *account,
                     const XmppMessage *message)
{
  FlintRoom *room = flint_room_list_find (self->rooms, account, message->invited_to);

  if (message->carbon == XMPP_CARBON_SENT || is_invited_by_blocked (account, message) ||
      (room != NULL && flint_room_get_state (room) != XMPP_ROOM_OUT) ||
      is_too_inviting (self, xmpp_clock_get_monotonic (flint_account_get_clock (account))))
    return;

  /* Who a room says has invited is the room's claim; who writes himself is known (T036) */
  g_signal_emit (self, signals[INVITED], 0, account, message->invited_to,
                 message->invited_by != NULL ? message->invited_by : xmpp_jid_get_bare_text (message->from),
                 message->invite_reason, message->invite_password);
}

/* Chat and normal */
static void
dispatch_personal (FlintDispatcher   *self,
                   FlintAccount      *account,
                   const XmppMessage *message)
{
  gboolean is_letter = message->type == XMPP_MESSAGE_NORMAL;
  g_autoptr(FlintConversation) conversation = NULL;

  if (message->invited_to != NULL)
    {
      dispatch_invitation (self, account, message);
      return;
    }

  if (message->received_id != NULL || (!has_text (message->body) && !(is_letter && has_text (message->subject))))
    {
      dispatch_wordless (self, account, message);
      return;
    }

  if (message->is_private)
    {
      dispatch_private (self, account, message);
      return;
    }

  /* The server itself chats with nobody */
  if ((message->sender & XMPP_SENDER_OWN_SERVER) != 0)
    {
      dispatch_letter (self, account, message);
      return;
    }

  conversation = find_conversation (self, account, message);

  if (is_letter && (has_text (message->subject) || conversation == NULL))
    dispatch_letter (self, account, message);
  else if (conversation != NULL && flint_conversation_get_kind (conversation) == FLINT_CONVERSATION_ROOM)
    dispatch_letter (self, account, message);
  else
    {
      if (conversation == NULL)
        conversation = flint_conversation_list_ensure_chat (self->conversations, account, get_peer (message));

      dispatch_chat (self, account, conversation, message);
    }
}

static void
dispatch (FlintDispatcher   *self,
                     FlintAccount      *account,
                     const XmppMessage *message)
{
  if (message->is_skipped)
    {
      dispatch_skipped (self, account, message);
      return;
    }

  switch (message->type)
    {
    case XMPP_MESSAGE_GROUPCHAT:
      dispatch_groupchat (self, account, message);
      break;

    case XMPP_MESSAGE_HEADLINE:
      dispatch_headline (self, account, message);
      break;

    case XMPP_MESSAGE_ERROR:
      dispatch_error (self, account, message);
      break;

    case XMPP_MESSAGE_NORMAL:
    case XMPP_MESSAGE_CHAT:
      dispatch_personal (self, account, message);
      break;

    default:
      g_debug ("A message of a type that nobody knows");
    }
}

/* The one of our own that this stanza was of. (transfer full) (nullable) */
static FlintConversation *
find_sent (FlintDispatcher *self,
           FlintAccount    *account,
           XmppStanza      *stanza)
{
  const XmppNode *root = xmpp_stanza_get_root (stanza);
  g_autoptr(XmppJid) to = xmpp_jid_new_received (xmpp_node_get (root, "to"));
  const char *id = xmpp_node_get (root, "id");
  FlintConversation *found = NULL;

  if (to == NULL || id == NULL)
    return NULL;

  found = flint_conversation_list_find (self->conversations, account, to);
  if (found == NULL || flint_timeline_find_own (flint_conversation_get_timeline (found), id) == NULL)
    found = flint_conversation_list_find_private (self->conversations, account, to);

  return found != NULL ? g_object_ref (found) : NULL;
}

/* Its conversation may be closed by now: then only the disk is told */
static void
on_acknowledged (XmppSession     *session,
                 XmppStanza      *stanza,
                 FlintDispatcher *self)
{
  FlintAccount *known = flint_account_find_in (self->accounts, session);
  g_autoptr(FlintAccount) account = known != NULL ? g_object_ref (known) : NULL;
  g_autoptr(FlintConversation) conversation = account != NULL ? find_sent (self, account, stanza) : NULL;
  const char *id = xmpp_node_get (xmpp_stanza_get_root (stanza), "id");

  if (account == NULL || id == NULL ||
      (conversation != NULL && flint_delivery_take_acknowledged (conversation, id)))
    return;

  flint_history_set_sent (flint_account_get_history (account), account, xmpp_node_get (xmpp_stanza_get_root (stanza), "to"), id);
}

/* Nobody knows whether the server has these (XEP-0198, 5) */
static void
on_unacknowledged (XmppSession     *session,
                   GPtrArray       *messages,
                   FlintDispatcher *self)
{
  FlintAccount *known = flint_account_find_in (self->accounts, session);
  g_autoptr(FlintAccount) account = known != NULL ? g_object_ref (known) : NULL;

  for (guint i = 0; account != NULL && i < messages->len; i++)
    {
      XmppStanza *stanza = g_ptr_array_index (messages, i);
      g_autoptr(FlintConversation) conversation = find_sent (self, account, stanza);

      if (conversation != NULL)
        flint_delivery_take_loss (conversation, xmpp_node_get (xmpp_stanza_get_root (stanza), "id"));
    }
}

/* The server will not have this one, and says why (F14) */
static void
on_rejected (XmppSession     *session,
             XmppStanza      *stanza,
             const GError    *error,
             FlintDispatcher *self)
{
  FlintAccount *known = flint_account_find_in (self->accounts, session);
  g_autoptr(FlintAccount) account = known != NULL ? g_object_ref (known) : NULL;
  g_autoptr(FlintConversation) conversation = account != NULL ? find_sent (self, account, stanza) : NULL;

  if (conversation != NULL)
    flint_delivery_take_error (conversation, xmpp_node_get (xmpp_stanza_get_root (stanza), "id"), error);
}

static void
on_message (XmppSession       *session,
            const XmppMessage *message,
            FlintDispatcher   *self)
{
  FlintAccount *known = flint_account_find_in (self->accounts, session);
  g_autoptr(FlintAccount) account = known != NULL ? g_object_ref (known) : NULL;

  /* Who hears of the message may remove the account (T124) */
  if (account != NULL)
    dispatch (self, account, message);
}

static void
flint_dispatcher_dispose (GObject *object)
{
  FlintDispatcher *self = FLINT_DISPATCHER (object);

  g_ptr_array_set_size (self->accounts, 0);
  g_clear_object (&self->conversations);
  g_clear_object (&self->rooms);
  g_clear_object (&self->headlines);
  g_clear_object (&self->letters);

  G_OBJECT_CLASS (flint_dispatcher_parent_class)->dispose (object);
}

static void
flint_dispatcher_finalize (GObject *object)
{
  g_ptr_array_unref (FLINT_DISPATCHER (object)->accounts);

  G_OBJECT_CLASS (flint_dispatcher_parent_class)->finalize (object);
}

static void
flint_dispatcher_class_init (FlintDispatcherClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = flint_dispatcher_dispose;
  object_class->finalize = flint_dispatcher_finalize;

  signals[MESSAGE_RECEIVED] = g_signal_new ("message-received", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 2, FLINT_TYPE_CONVERSATION, FLINT_TYPE_MESSAGE);
  signals[INVITED] = g_signal_new ("invited", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 5, FLINT_TYPE_ACCOUNT, XMPP_TYPE_JID, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
}

static void
flint_dispatcher_init (FlintDispatcher *self)
{
  self->accounts = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * flint_dispatcher_new:
 * @conversations: where chats go
 * @rooms: where what is said in rooms goes
 * @headlines: where headlines go
 * @letters: where letters go
 *
 * Returns: (transfer full): one that listens to nobody yet
 */
FlintDispatcher *
flint_dispatcher_new (FlintConversationList *conversations,
                      FlintRoomList         *rooms,
                      FlintInbox            *headlines,
                      FlintInbox            *letters)
{
  FlintDispatcher *self = g_object_new (FLINT_TYPE_DISPATCHER, NULL);

  self->conversations = g_object_ref (conversations);
  self->rooms = g_object_ref (rooms);
  self->headlines = g_object_ref (headlines);
  self->letters = g_object_ref (letters);
  g_signal_connect_object (conversations, "items-changed", G_CALLBACK (on_conversations_changed), self, 0);
  g_signal_connect_object (rooms, "items-changed", G_CALLBACK (on_rooms_changed), self, 0);

  return self;
}

/**
 * flint_dispatcher_add_account:
 * @self: the dispatcher
 * @account: one more account
 *
 * Takes what comes for that account from now on.
 */
void
flint_dispatcher_add_account (FlintDispatcher *self,
                              FlintAccount    *account)
{
  g_return_if_fail (FLINT_IS_DISPATCHER (self));
  g_return_if_fail (FLINT_IS_ACCOUNT (account));

  g_ptr_array_add (self->accounts, g_object_ref (account));
  g_signal_connect_object (flint_account_get_session (account), "message", G_CALLBACK (on_message), self, 0);
  g_signal_connect_object (flint_account_get_session (account), "unacknowledged", G_CALLBACK (on_unacknowledged), self, 0);
  g_signal_connect_object (flint_account_get_session (account), "acknowledged", G_CALLBACK (on_acknowledged), self, 0);
  g_signal_connect_object (flint_account_get_session (account), "rejected", G_CALLBACK (on_rejected), self, 0);
}

/**
 * flint_dispatcher_remove_account:
 * @self: the dispatcher
 * @account: an account that goes
 *
 * Takes nothing more of it, not even what is on its way to a place right now.
 */
void
flint_dispatcher_remove_account (FlintDispatcher *self,
                                 FlintAccount    *account)
{
  g_return_if_fail (FLINT_IS_DISPATCHER (self));

  g_signal_handlers_disconnect_by_data (flint_account_get_session (account), self);
  g_ptr_array_remove (self->accounts, account);
}
