/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-core-private.h"

#include "flint-account-list-private.h"
#include "flint-account-private.h"
#include "flint-contact-list-private.h"
#include "flint-conversation-private.h"
#include "flint-letter-private.h"
#include "flint-request-private.h"
#include "flint-room-private.h"

#include "xmpp-chat-states.h"
#include "xmpp-random.h"
#include "xmpp-receipts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_HEADLINES 1000
#define MAX_LETTERS   1000
#define MAX_REQUESTS  50
#define MAX_BYTES     (32 * 1024 * 1024)   /* of the text of all headlines, and of all letters */

enum {
  PROP_0,
  PROP_ACCOUNTS,
  PROP_TREE,
  PROP_CONVERSATIONS,
  PROP_ROOMS,
  PROP_HEADLINES,
  PROP_LETTERS,
  PROP_REQUESTS,
  PROP_UNREAD_CHATS,
  PROP_UNREAD_HEADLINES,
  PROP_UNREAD_ROOMS,
  PROP_UNREAD_LETTERS,
  PROP_MENTIONS,
  PROP_STATUS,
  PROP_SEND_TYPING,
  PROP_SEND_RECEIPTS,
  N_PROPS
};

enum {
  MESSAGE_RECEIVED,
  HEADLINE_RECEIVED,
  LETTER_RECEIVED,
  REQUEST_RECEIVED,
  REQUEST_FAILED,
  INVITED,
  SAVE_FAILED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlintCore, flint_core, G_TYPE_OBJECT)

static void
set_count (FlintCore *self,
           guint     *count,
           guint      number,
           guint      id)
{
  if (*count == number)
    return;

  *count = number;
  g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

static void
on_counts_changed (FlintCore *self)
{
  guint chats;
  guint rooms;
  guint mentions;

  flint_conversation_list_count (self->conversations, &chats, &rooms, &mentions);
  set_count (self, &self->unread_chats, chats, PROP_UNREAD_CHATS);
  set_count (self, &self->unread_rooms, rooms, PROP_UNREAD_ROOMS);
  set_count (self, &self->mentions, mentions, PROP_MENTIONS);
}

static guint
count_unread (GListStore *store)
{
  guint unread = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (store)); i++)
    {
      g_autoptr(GObject) item = g_list_model_get_item (G_LIST_MODEL (store), i);
      gboolean is_unread;

      g_object_get (item, "is-unread", &is_unread, NULL);
      unread += is_unread ? 1 : 0;
    }

  return unread;
}

static void
on_unread (FlintCore *self)
{
  set_count (self, &self->unread_headlines, count_unread (self->headlines), PROP_UNREAD_HEADLINES);
  set_count (self, &self->unread_letters, count_unread (self->letters), PROP_UNREAD_LETTERS);
}

static gsize
get_weight (gpointer item)
{
  return strlen (FLINT_IS_LETTER (item) ? flint_letter_get_body (item) : flint_headline_get_body (item));
}

/* The oldest go, where there are too many or they are too large; the first one stays */
static void
trim (GListStore *store,
      guint       max)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (store));
  gsize bytes = 0;
  guint n;

  for (n = 0; n < MIN (n_items, max); n++)
    {
      g_autoptr(GObject) item = g_list_model_get_item (G_LIST_MODEL (store), n);

      bytes += get_weight (item);

      if (n > 0 && bytes > MAX_BYTES)
        break;
    }

  if (n < n_items)
    g_list_store_splice (store, n, n_items - n, NULL, 0);
}

static void
add_first (FlintCore  *self,
           GListStore *store,
           gpointer    item,
           guint       max)
{
  g_signal_connect_object (item, "notify::is-unread", G_CALLBACK (on_unread), self, G_CONNECT_SWAPPED);
  g_list_store_insert (store, 0, item);
  trim (store, max);
  on_unread (self);
}

static void
remove_item (GListStore *store,
             gpointer    item)
{
  guint position;

  if (g_list_store_find (store, item, &position))
    g_list_store_remove (store, position);
}

/* All of an account that goes; the items have a property "account" */
static void
remove_of_account (GListStore   *store,
                   FlintAccount *account)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (store)); i > 0; i--)
    {
      g_autoptr(GObject) item = g_list_model_get_item (G_LIST_MODEL (store), i - 1);
      g_autoptr(FlintAccount) owner = NULL;

      g_object_get (item, "account", &owner, NULL);

      if (owner == account)
        g_list_store_remove (store, i - 1);
    }
}

/* For flint-dispatch.c. (transfer full): who hears of a new conversation may close it at once (T124) */

FlintConversation *
flint_core_ensure_chat (FlintCore    *self,
                        FlintAccount *account,
                        XmppJid      *jid)
{
  FlintConversation *conversation = flint_conversation_list_find (self->conversations, account, jid);

  if (conversation != NULL)
    return g_object_ref (conversation);

  conversation = flint_conversation_new (account, jid, FLINT_CONVERSATION_CHAT, NULL);
  flint_conversation_list_add (self->conversations, conversation);

  return conversation;
}

FlintConversation *
flint_core_ensure_private (FlintCore *self,
                           FlintRoom *room,
                           XmppJid   *jid)
{
  FlintAccount *account = flint_room_get_account (room);
  FlintConversation *conversation = flint_conversation_list_find_private (self->conversations, account, jid);

  if (conversation != NULL)
    return g_object_ref (conversation);

  conversation = flint_conversation_new (account, jid, FLINT_CONVERSATION_PRIVATE, room);
  flint_conversation_list_add (self->conversations, conversation);

  return conversation;
}

void
flint_core_add_headline (FlintCore     *self,
                         FlintHeadline *headline)
{
  add_first (self, self->headlines, headline, MAX_HEADLINES);
  g_signal_emit (self, signals[HEADLINE_RECEIVED], 0, headline);
}

void
flint_core_add_letter (FlintCore   *self,
                       FlintLetter *letter)
{
  add_first (self, self->letters, letter, MAX_LETTERS);

  if (!flint_letter_is_own (letter))
    g_signal_emit (self, signals[LETTER_RECEIVED], 0, letter);
}

void
flint_core_emit_received (FlintCore         *self,
                          FlintConversation *conversation,
                          FlintMessage      *message)
{
  g_signal_emit (self, signals[MESSAGE_RECEIVED], 0, conversation, message);
}

/* Who a room says has invited is the room's claim; who writes himself is known (T036) */
void
flint_core_emit_invited (FlintCore         *self,
                         FlintAccount      *account,
                         const XmppMessage *message)
{
  g_signal_emit (self, signals[INVITED], 0, account, message->invited_to,
                 message->invited_by != NULL ? message->invited_by : xmpp_jid_get_bare_text (message->from),
                 message->invite_reason, message->invite_password);
}

/* Listening to an account */

static FlintAccount *
find_account (FlintCore   *self,
              XmppSession *session)
{
  for (guint i = 0; i < self->known->len; i++)
    if (flint_account_get_session (g_ptr_array_index (self->known, i)) == session)
      return g_ptr_array_index (self->known, i);

  return NULL;
}

static void
on_message (XmppSession       *session,
            const XmppMessage *message,
            FlintCore         *self)
{
  FlintAccount *known = find_account (self, session);
  g_autoptr(FlintAccount) account = known != NULL ? g_object_ref (known) : NULL;

  /* Who hears of the message may remove the account (T124) */
  if (account != NULL)
    flint_core_dispatch (self, account, message);
}

static FlintRequest *
find_request (FlintCore     *self,
              FlintAccount  *account,
              const XmppJid *jid)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->requests)); i++)
    {
      g_autoptr(FlintRequest) request = g_list_model_get_item (G_LIST_MODEL (self->requests), i);

      if (flint_request_get_account (request) == account && xmpp_jid_equal_bare (flint_request_get_jid (request), jid))
        return request;
    }

  return NULL;
}

static void
on_answered (FlintRequest *request,
             FlintCore    *self)
{
  remove_item (self->requests, request);
}

static void
on_request_failed (FlintRequest *request,
                   const GError *error,
                   FlintCore    *self)
{
  g_signal_emit (self, signals[REQUEST_FAILED], 0, request, error);
}

/* One for each address, and not more than can be looked at (T101) */
static void
on_request (XmppPresence *presence,
            XmppJid      *bare,
            const char   *nick,
            const char   *text,
            FlintCore    *self)
{
  FlintAccount *account = find_account (self, xmpp_module_get_session (XMPP_MODULE (presence)));
  g_autoptr(FlintRequest) request = NULL;

  if (account == NULL || find_request (self, account, bare) != NULL ||
      g_list_model_get_n_items (G_LIST_MODEL (self->requests)) >= MAX_REQUESTS)
    return;

  request = flint_request_new (account, bare, nick, text);
  g_signal_connect_object (request, "answered", G_CALLBACK (on_answered), self, 0);
  g_signal_connect_object (request, "failed", G_CALLBACK (on_request_failed), self, 0);
  g_list_store_insert (self->requests, 0, request);
  g_signal_emit (self, signals[REQUEST_RECEIVED], 0, request);
}

static void
remove_request (FlintCore     *self,
                FlintAccount  *account,
                const XmppJid *jid)
{
  FlintRequest *request = account != NULL ? find_request (self, account, jid) : NULL;

  if (request != NULL)
    remove_item (self->requests, request);
}

static void
on_withdrawn (XmppPresence *presence,
              XmppJid      *bare,
              FlintCore    *self)
{
  remove_request (self, find_account (self, xmpp_module_get_session (XMPP_MODULE (presence))), bare);
}

/* Another device of ours has answered */
static void
on_roster_changed (XmppRoster           *roster,
                   const XmppRosterItem *item,
                   FlintCore            *self)
{
  if (item->subscription == XMPP_SUBSCRIPTION_FROM || item->subscription == XMPP_SUBSCRIPTION_BOTH)
    remove_request (self, find_account (self, xmpp_module_get_session (XMPP_MODULE (roster))), item->jid);
}

static void
on_presence_changed (FlintContactList *contacts,
                     FlintContact     *contact,
                     FlintCore        *self)
{
  FlintConversation *conversation = flint_conversation_list_find (self->conversations, flint_contact_get_account (contact),
                                                                  flint_contact_get_jid (contact));

  if (conversation != NULL && flint_conversation_get_kind (conversation) == FLINT_CONVERSATION_CHAT)
    flint_conversation_presence_changed (conversation);
}

static void
on_account_state (FlintAccount *account,
                  GParamSpec   *pspec,
                  FlintCore    *self)
{
  gboolean is_online = flint_account_is_online (account);
  g_autoptr(GPtrArray) conversations = flint_conversation_list_get_all (self->conversations, account);
  g_autoptr(GPtrArray) rooms = flint_room_list_get_all (self->rooms, account);

  for (guint i = 0; i < conversations->len; i++)
    flint_conversation_set_account_online (g_ptr_array_index (conversations, i), is_online);

  for (guint i = 0; i < rooms->len; i++)
    flint_room_set_account_online (g_ptr_array_index (rooms, i), is_online);
}

static void
apply_options (FlintCore    *self,
               FlintAccount *account)
{
  g_object_set (flint_account_get_module (account, XMPP_TYPE_CHAT_STATES), "send", self->send_typing, NULL);
  g_object_set (flint_account_get_module (account, XMPP_TYPE_RECEIPTS), "answer", self->send_receipts, NULL);
}

static void
follow_account (FlintCore    *self,
                FlintAccount *account)
{
  g_signal_connect_object (flint_account_get_session (account), "message", G_CALLBACK (on_message), self, 0);
  g_signal_connect_object (flint_account_get_presence (account), "request", G_CALLBACK (on_request), self, 0);
  g_signal_connect_object (flint_account_get_presence (account), "withdrawn", G_CALLBACK (on_withdrawn), self, 0);
  g_signal_connect_object (flint_account_get_roster (account), "changed", G_CALLBACK (on_roster_changed), self, 0);
  g_signal_connect_object (flint_account_get_contacts (account), "presence-changed", G_CALLBACK (on_presence_changed), self, 0);
  g_signal_connect_object (account, "notify::state", G_CALLBACK (on_account_state), self, 0);

  apply_options (self, account);
  flint_account_set_cache (account, self->cache);
  flint_room_list_add_account (self->rooms, account);
}

/* Whatever is open of it goes with it (F47) */
static void
unfollow_account (FlintCore    *self,
                  FlintAccount *account)
{
  g_signal_handlers_disconnect_by_data (flint_account_get_session (account), self);
  g_signal_handlers_disconnect_by_data (flint_account_get_presence (account), self);
  g_signal_handlers_disconnect_by_data (flint_account_get_roster (account), self);
  g_signal_handlers_disconnect_by_data (flint_account_get_contacts (account), self);
  g_signal_handlers_disconnect_by_data (account, self);

  flint_room_list_remove_account (self->rooms, account);
  flint_conversation_list_remove_account (self->conversations, account);
  remove_of_account (self->headlines, account);
  remove_of_account (self->letters, account);
  remove_of_account (self->requests, account);
  on_unread (self);
}

static void
on_accounts_changed (GListModel *model,
                     guint       position,
                     guint       n_removed,
                     guint       n_added,
                     FlintCore  *self)
{
  for (guint i = 0; i < n_removed; i++)
    {
      g_autoptr(FlintAccount) account = g_ptr_array_steal_index (self->known, position);

      unfollow_account (self, account);
    }

  for (guint i = 0; i < n_added; i++)
    {
      FlintAccount *account = g_list_model_get_item (model, position + i);

      g_ptr_array_insert (self->known, position + i, account);
      follow_account (self, account);
    }
}

/* Rooms */

static void
on_room_state (FlintRoom  *room,
               GParamSpec *pspec,
               FlintCore  *self)
{
  g_autoptr(GPtrArray) private = flint_conversation_list_get_private (self->conversations, room);

  /* Whoever is there when we come back need not be who was there */
  for (guint i = 0; i < private->len; i++)
    {
      if (flint_room_get_state (room) == XMPP_ROOM_OUT)
        flint_conversation_freeze (g_ptr_array_index (private, i));
      else
        flint_conversation_refresh (g_ptr_array_index (private, i));
    }
}

static FlintConversation *
find_private (FlintCore  *self,
              FlintRoom  *room,
              const char *nick)
{
  g_autoptr(XmppJid) jid = xmpp_jid_with_resource (flint_room_get_jid (room), nick, NULL);

  return jid != NULL ? flint_conversation_list_find_private (self->conversations, flint_room_get_account (room), jid) : NULL;
}

static void
on_occupant_gone (FlintRoom  *room,
                  const char *nick,
                  FlintCore  *self)
{
  FlintConversation *conversation = find_private (self, room, nick);

  if (conversation != NULL)
    flint_conversation_freeze (conversation);
}

static void
on_occupant_renamed (FlintRoom  *room,
                     const char *old_nick,
                     const char *nick,
                     FlintCore  *self)
{
  FlintConversation *conversation = find_private (self, room, old_nick);
  g_autoptr(XmppJid) jid = xmpp_jid_with_resource (flint_room_get_jid (room), nick, NULL);

  if (conversation != NULL && jid != NULL)
    flint_conversation_rename (conversation, jid);
}

static void
on_rooms_changed (GListModel *model,
                  guint       position,
                  guint       n_removed,
                  guint       n_added,
                  FlintCore  *self)
{
  for (guint i = position; i < position + n_added; i++)
    {
      g_autoptr(FlintRoom) room = g_list_model_get_item (model, i);

      g_signal_connect_object (room, "notify::state", G_CALLBACK (on_room_state), self, 0);
      g_signal_connect_object (room, "occupant-gone", G_CALLBACK (on_occupant_gone), self, 0);
      g_signal_connect_object (room, "occupant-renamed", G_CALLBACK (on_occupant_renamed), self, 0);
    }
}

/* What is not on the disk; it stays here, and is tried again */

static void
on_rooms_not_saved (FlintCache   *config,
                    const GError *error,
                    FlintCore    *self)
{
  g_autoptr(GError) told = g_error_new (error->domain, error->code, _("The rooms could not be saved: %s"), error->message);

  g_signal_emit (self, signals[SAVE_FAILED], 0, told);
}

static void
on_accounts_not_saved (FlintAccountList *accounts,
                       const GError     *error,
                       FlintCore        *self)
{
  g_signal_emit (self, signals[SAVE_FAILED], 0, error);
}

/* Properties */

static void
set_status (FlintCore   *self,
            FlintStatus *status)
{
  if (status == NULL || !g_set_object (&self->status, status))
    return;

  for (guint i = 0; i < self->known->len; i++)
    flint_account_set_status (g_ptr_array_index (self->known, i), status);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
}

static void
set_option (FlintCore  *self,
            gboolean   *option,
            gboolean    value,
            GParamSpec *pspec)
{
  if (*option == value)
    return;

  *option = value;

  for (guint i = 0; i < self->known->len; i++)
    apply_options (self, g_ptr_array_index (self->known, i));

  g_object_notify_by_pspec (G_OBJECT (self), pspec);
}

static void
flint_core_dispose (GObject *object)
{
  FlintCore *self = FLINT_CORE (object);

  while (self->known->len > 0)
    {
      g_autoptr(FlintAccount) account = g_ptr_array_steal_index (self->known, self->known->len - 1);

      flint_account_save_cache (account);
      g_signal_handlers_disconnect_by_data (account, self);
      flint_account_abort (account);
    }

  g_clear_object (&self->tree);
  g_clear_object (&self->conversations);
  g_clear_object (&self->rooms);
  g_clear_object (&self->headlines);
  g_clear_object (&self->letters);
  g_clear_object (&self->requests);
  g_clear_object (&self->accounts);
  g_clear_object (&self->config);
  g_clear_object (&self->cache);
  g_clear_object (&self->status);

  G_OBJECT_CLASS (flint_core_parent_class)->dispose (object);
}

static void
flint_core_finalize (GObject *object)
{
  g_ptr_array_unref (FLINT_CORE (object)->known);

  G_OBJECT_CLASS (flint_core_parent_class)->finalize (object);
}

static void
flint_core_get_property (GObject    *object,
                         guint       id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  FlintCore *self = FLINT_CORE (object);

  switch (id)
    {
    case PROP_ACCOUNTS:
      g_value_set_object (value, self->accounts);
      break;

    case PROP_TREE:
      g_value_set_object (value, self->tree);
      break;

    case PROP_CONVERSATIONS:
      g_value_set_object (value, self->conversations);
      break;

    case PROP_ROOMS:
      g_value_set_object (value, self->rooms);
      break;

    case PROP_HEADLINES:
      g_value_set_object (value, self->headlines);
      break;

    case PROP_LETTERS:
      g_value_set_object (value, self->letters);
      break;

    case PROP_REQUESTS:
      g_value_set_object (value, self->requests);
      break;

    case PROP_UNREAD_CHATS:
      g_value_set_uint (value, self->unread_chats);
      break;

    case PROP_UNREAD_HEADLINES:
      g_value_set_uint (value, self->unread_headlines);
      break;

    case PROP_UNREAD_ROOMS:
      g_value_set_uint (value, self->unread_rooms);
      break;

    case PROP_UNREAD_LETTERS:
      g_value_set_uint (value, self->unread_letters);
      break;

    case PROP_MENTIONS:
      g_value_set_uint (value, self->mentions);
      break;

    case PROP_STATUS:
      g_value_set_object (value, self->status);
      break;

    case PROP_SEND_TYPING:
      g_value_set_boolean (value, self->send_typing);
      break;

    case PROP_SEND_RECEIPTS:
      g_value_set_boolean (value, self->send_receipts);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
flint_core_set_property (GObject      *object,
                         guint         id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  FlintCore *self = FLINT_CORE (object);

  switch (id)
    {
    case PROP_STATUS:
      set_status (self, g_value_get_object (value));
      break;

    case PROP_SEND_TYPING:
      set_option (self, &self->send_typing, g_value_get_boolean (value), pspec);
      break;

    case PROP_SEND_RECEIPTS:
      set_option (self, &self->send_receipts, g_value_get_boolean (value), pspec);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
add_signals (FlintCoreClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  signals[MESSAGE_RECEIVED] = g_signal_new ("message-received", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                            G_TYPE_NONE, 2, FLINT_TYPE_CONVERSATION, FLINT_TYPE_MESSAGE);
  signals[HEADLINE_RECEIVED] = g_signal_new ("headline-received", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                             G_TYPE_NONE, 1, FLINT_TYPE_HEADLINE);
  signals[LETTER_RECEIVED] = g_signal_new ("letter-received", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 1, FLINT_TYPE_LETTER);
  signals[REQUEST_RECEIVED] = g_signal_new ("request-received", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                            G_TYPE_NONE, 1, FLINT_TYPE_REQUEST);
  signals[REQUEST_FAILED] = g_signal_new ("request-failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 2, FLINT_TYPE_REQUEST, G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[INVITED] = g_signal_new ("invited", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 5, FLINT_TYPE_ACCOUNT, XMPP_TYPE_JID, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
  signals[SAVE_FAILED] = g_signal_new ("save-failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
flint_core_class_init (FlintCoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = flint_core_dispose;
  object_class->finalize = flint_core_finalize;
  object_class->get_property = flint_core_get_property;
  object_class->set_property = flint_core_set_property;

  properties[PROP_ACCOUNTS] = g_param_spec_object ("accounts", NULL, NULL, FLINT_TYPE_ACCOUNT_LIST, flags);
  properties[PROP_TREE] = g_param_spec_object ("tree", NULL, NULL, FLINT_TYPE_CONTACT_TREE, flags);
  properties[PROP_CONVERSATIONS] = g_param_spec_object ("conversations", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_ROOMS] = g_param_spec_object ("rooms", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_HEADLINES] = g_param_spec_object ("headlines", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_LETTERS] = g_param_spec_object ("letters", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_REQUESTS] = g_param_spec_object ("requests", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_UNREAD_CHATS] = g_param_spec_uint ("unread-chats", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_UNREAD_HEADLINES] = g_param_spec_uint ("unread-headlines", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_UNREAD_ROOMS] = g_param_spec_uint ("unread-rooms", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_UNREAD_LETTERS] = g_param_spec_uint ("unread-letters", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_MENTIONS] = g_param_spec_uint ("mentions", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_STATUS] = g_param_spec_object ("status", NULL, NULL, FLINT_TYPE_STATUS, flags | G_PARAM_WRITABLE);
  properties[PROP_SEND_TYPING] = g_param_spec_boolean ("send-typing", NULL, NULL, TRUE, flags | G_PARAM_WRITABLE);
  properties[PROP_SEND_RECEIPTS] = g_param_spec_boolean ("send-receipts", NULL, NULL, TRUE, flags | G_PARAM_WRITABLE);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  add_signals (klass);
}

static void
flint_core_init (FlintCore *self)
{
  self->known = g_ptr_array_new_with_free_func (g_object_unref);
  self->conversations = flint_conversation_list_new ();
  self->headlines = g_list_store_new (FLINT_TYPE_HEADLINE);
  self->letters = g_list_store_new (FLINT_TYPE_LETTER);
  self->requests = g_list_store_new (FLINT_TYPE_REQUEST);
  self->send_typing = TRUE;
  self->send_receipts = TRUE;

  g_signal_connect_object (self->conversations, "counts-changed", G_CALLBACK (on_counts_changed), self, G_CONNECT_SWAPPED);
}

/**
 * flint_core_new:
 * @config_dir: where the settings of accounts and rooms are
 * @cache_dir: where is what may be lost
 *
 * The accounts are read by flint_account_list_load ().
 *
 * Returns: (transfer full): the root of everything, without an account yet
 */
FlintCore *
flint_core_new (const char *config_dir,
                const char *cache_dir)
{
  FlintCore *self;
  g_autofree char *file_name = NULL;

  g_return_val_if_fail (config_dir != NULL && cache_dir != NULL, NULL);

  self = g_object_new (FLINT_TYPE_CORE, NULL);
  file_name = g_build_filename (config_dir, "accounts.ini", NULL);

  self->config = flint_cache_new (config_dir);
  flint_cache_keep_unwritten (self->config);
  self->cache = flint_cache_new (cache_dir);
  self->rooms = flint_room_list_new (self->config);
  self->accounts = flint_account_list_new (file_name);
  self->tree = flint_contact_tree_new (self->accounts);

  g_signal_connect_object (self->rooms, "items-changed", G_CALLBACK (on_rooms_changed), self, 0);
  g_signal_connect_object (self->accounts, "items-changed", G_CALLBACK (on_accounts_changed), self, 0);
  g_signal_connect_object (self->config, "failed", G_CALLBACK (on_rooms_not_saved), self, 0);
  g_signal_connect_object (self->accounts, "failed", G_CALLBACK (on_accounts_not_saved), self, 0);

  return self;
}

/**
 * flint_core_get_accounts:
 * @self: the core
 *
 * Returns: (transfer none): the accounts
 */
FlintAccountList *
flint_core_get_accounts (FlintCore *self)
{
  g_return_val_if_fail (FLINT_IS_CORE (self), NULL);

  return self->accounts;
}

/**
 * flint_core_get_tree:
 * @self: the core
 *
 * Returns: (transfer none): the contacts of all accounts
 */
FlintContactTree *
flint_core_get_tree (FlintCore *self)
{
  g_return_val_if_fail (FLINT_IS_CORE (self), NULL);

  return self->tree;
}

/**
 * flint_core_get_conversations:
 * @self: the core
 *
 * Returns: (transfer none): of #FlintConversation, rooms among them; the one in which something was said last
 *   comes first
 */
GListModel *
flint_core_get_conversations (FlintCore *self)
{
  g_return_val_if_fail (FLINT_IS_CORE (self), NULL);

  return G_LIST_MODEL (self->conversations);
}

/**
 * flint_core_get_rooms:
 * @self: the core
 *
 * Returns: (transfer none): of #FlintRoom
 */
GListModel *
flint_core_get_rooms (FlintCore *self)
{
  g_return_val_if_fail (FLINT_IS_CORE (self), NULL);

  return G_LIST_MODEL (self->rooms);
}

/**
 * flint_core_get_headlines:
 * @self: the core
 *
 * Returns: (transfer none): of #FlintHeadline, the latest first
 */
GListModel *
flint_core_get_headlines (FlintCore *self)
{
  g_return_val_if_fail (FLINT_IS_CORE (self), NULL);

  return G_LIST_MODEL (self->headlines);
}

/**
 * flint_core_get_letters:
 * @self: the core
 *
 * Returns: (transfer none): of #FlintLetter, the latest first
 */
GListModel *
flint_core_get_letters (FlintCore *self)
{
  g_return_val_if_fail (FLINT_IS_CORE (self), NULL);

  return G_LIST_MODEL (self->letters);
}

/**
 * flint_core_get_requests:
 * @self: the core
 *
 * Returns: (transfer none): of #FlintRequest, the latest first
 */
GListModel *
flint_core_get_requests (FlintCore *self)
{
  g_return_val_if_fail (FLINT_IS_CORE (self), NULL);

  return G_LIST_MODEL (self->requests);
}

/**
 * flint_core_open_chat:
 * @self: the core
 * @account: as which account to speak
 * @jid: with whom; with a resource: somebody in a room that we are in
 *
 * Returns: (transfer none): the conversation, the one that there is or a new one
 */
FlintConversation *
flint_core_open_chat (FlintCore    *self,
                      FlintAccount *account,
                      XmppJid      *jid)
{
  g_autoptr(FlintConversation) conversation = NULL;
  FlintRoom *room;

  g_return_val_if_fail (FLINT_IS_CORE (self), NULL);
  g_return_val_if_fail (FLINT_IS_ACCOUNT (account), NULL);
  g_return_val_if_fail (jid != NULL, NULL);

  room = flint_room_list_find (self->rooms, account, jid);

  if (room == NULL || !xmpp_jid_is_bare (jid))
    {
      conversation = room == NULL ? flint_core_ensure_chat (self, account, jid) : flint_core_ensure_private (self, room, jid);

      return conversation;   /* the list holds it */
    }

  flint_conversation_list_add (self->conversations, flint_room_get_conversation (room));

  return flint_room_get_conversation (room);
}

/**
 * flint_core_find_conversation:
 * @self: the core
 * @account: as which account one speaks
 * @jid: with whom
 *
 * Returns: (transfer none) (nullable): the conversation, if there is one
 */
FlintConversation *
flint_core_find_conversation (FlintCore     *self,
                              FlintAccount  *account,
                              const XmppJid *jid)
{
  g_return_val_if_fail (FLINT_IS_CORE (self), NULL);
  g_return_val_if_fail (jid != NULL, NULL);

  if (!xmpp_jid_is_bare (jid) && flint_room_list_find (self->rooms, account, jid) != NULL)
    return flint_conversation_list_find_private (self->conversations, account, jid);

  return flint_conversation_list_find (self->conversations, account, jid);
}

/**
 * flint_core_close_conversation:
 * @self: the core
 * @conversation: one of its conversations
 *
 * Closes it. One stays in a room; see flint_room_leave ().
 */
void
flint_core_close_conversation (FlintCore         *self,
                               FlintConversation *conversation)
{
  g_return_if_fail (FLINT_IS_CORE (self));

  flint_conversation_list_remove (self->conversations, conversation);
}

/* What to be called in a room, when nobody says */
static char *
make_nick (FlintAccount *account)
{
  XmppJid *jid = flint_account_get_jid (account);
  g_autofree char *name = NULL;
  const char *local = jid != NULL ? xmpp_jid_get_local (jid) : NULL;

  g_object_get (account, "own-name", &name, NULL);

  if (name != NULL && *name != '\0')
    return g_steal_pointer (&name);

  return g_strdup (local != NULL ? local : _("Guest"));
}

/**
 * flint_core_open_room:
 * @self: the core
 * @account: which account shall be in it
 * @jid: the address of a room
 * @nick: (nullable): the nickname to have in it; %NULL: our name
 *
 * Returns: (transfer none): the room, not yet joined; see flint_room_join_async ()
 */
FlintRoom *
flint_core_open_room (FlintCore    *self,
                      FlintAccount *account,
                      XmppJid      *jid,
                      const char   *nick)
{
  FlintRoom *room;
  g_autoptr(FlintRoom) made = NULL;
  g_autofree char *own = NULL;

  g_return_val_if_fail (FLINT_IS_CORE (self), NULL);
  g_return_val_if_fail (FLINT_IS_ACCOUNT (account), NULL);
  g_return_val_if_fail (jid != NULL, NULL);

  room = flint_room_list_find (self->rooms, account, jid);

  if (room != NULL && nick != NULL && flint_room_get_state (room) == XMPP_ROOM_OUT)
    flint_room_set_nick (room, nick);

  if (room == NULL)
    {
      own = nick != NULL && *nick != '\0' ? g_strdup (nick) : make_nick (account);
      room = made = flint_room_new (account, jid, own);
      flint_room_list_add (self->rooms, room);
    }

  flint_conversation_list_add (self->conversations, flint_room_get_conversation (room));

  return room;
}

/**
 * flint_core_forget_room:
 * @self: the core
 * @room: one of its rooms
 *
 * Leaves it, closes its conversation, and does not keep it.
 */
void
flint_core_forget_room (FlintCore *self,
                        FlintRoom *room)
{
  g_return_if_fail (FLINT_IS_CORE (self));
  g_return_if_fail (FLINT_IS_ROOM (room));

  flint_conversation_list_remove (self->conversations, flint_room_get_conversation (room));
  flint_room_list_remove (self->rooms, room);
}

static gboolean
check_online (FlintAccount  *account,
              GError       **error)
{
  if (flint_account_is_online (account))
    return TRUE;

  g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_DISCONNECTED,
                       _("You are not connected. The message can be sent when the connection is back."));

  return FALSE;
}

/**
 * flint_core_send_letter:
 * @self: the core
 * @account: as which account
 * @to: to whom
 * @subject: (nullable): what about
 * @body: the text
 * @thread: (nullable): what it answers
 * @error: return location, %XMPP_ERROR
 *
 * Sends a message of type normal. It stands among the letters, with what becomes of it.
 *
 * Returns: whether it went out
 */
gboolean
flint_core_send_letter (FlintCore     *self,
                        FlintAccount  *account,
                        XmppJid       *to,
                        const char    *subject,
                        const char    *body,
                        const char    *thread,
                        GError       **error)
{
  g_autofree char *id = xmpp_random_id ();
  g_autofree char *new_thread = xmpp_random_id ();
  g_autoptr(FlintLetter) letter = NULL;
  XmppMessage message = { .type = XMPP_MESSAGE_NORMAL, .id = id, .to = to, .subject = subject, .body = body, .wants_receipt = TRUE };

  g_return_val_if_fail (FLINT_IS_CORE (self), FALSE);
  g_return_val_if_fail (FLINT_IS_ACCOUNT (account), FALSE);
  g_return_val_if_fail (to != NULL, FALSE);

  if (!check_online (account, error))
    return FALSE;

  message.thread = thread != NULL ? thread : new_thread;
  message.from = flint_account_get_jid (account);
  message.time = xmpp_clock_get_real (flint_account_get_clock (account));
  letter = flint_letter_new (account, &message, TRUE);

  message.from = NULL;
  xmpp_session_send_message (flint_account_get_session (account), &message);
  flint_letter_set_state (letter, FLINT_MESSAGE_SENT, NULL);
  flint_core_add_letter (self, letter);

  return TRUE;
}

/**
 * flint_core_send_headline:
 * @self: the core
 * @account: as which account
 * @to: to whom
 * @subject: (nullable): what about
 * @body: the text
 * @error: return location, %XMPP_ERROR
 *
 * Sends a headline, which is told and not answered.
 *
 * Returns: whether it went out
 */
gboolean
flint_core_send_headline (FlintCore     *self,
                          FlintAccount  *account,
                          XmppJid       *to,
                          const char    *subject,
                          const char    *body,
                          GError       **error)
{
  XmppMessage message = { .type = XMPP_MESSAGE_HEADLINE, .to = to, .subject = subject, .body = body };

  g_return_val_if_fail (FLINT_IS_CORE (self), FALSE);
  g_return_val_if_fail (FLINT_IS_ACCOUNT (account), FALSE);
  g_return_val_if_fail (to != NULL, FALSE);

  if (!check_online (account, error))
    return FALSE;

  xmpp_session_send_message (flint_account_get_session (account), &message);

  return TRUE;
}

/**
 * flint_core_delete_letter:
 * @self: the core
 * @letter: a letter
 *
 * Throws it away.
 */
void
flint_core_delete_letter (FlintCore   *self,
                          FlintLetter *letter)
{
  g_return_if_fail (FLINT_IS_CORE (self));

  remove_item (self->letters, letter);
  on_unread (self);
}

/**
 * flint_core_delete_headline:
 * @self: the core
 * @headline: a headline
 *
 * Throws it away.
 */
void
flint_core_delete_headline (FlintCore     *self,
                            FlintHeadline *headline)
{
  g_return_if_fail (FLINT_IS_CORE (self));

  remove_item (self->headlines, headline);
  on_unread (self);
}

static void
read_authorities (GTask        *task,
                  gpointer      source,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  GTlsBackend *backend = g_tls_backend_get_default ();
  g_autoptr(GTlsDatabase) database = g_tls_backend_get_default_database (backend);

  g_task_return_boolean (task, database != NULL);
}

/**
 * flint_core_prepare:
 * @self: the core
 *
 * Reads the authorities that the system trusts, in a thread. GIO does it once, when the first connection is to be
 * secured, and that held the windows still for some 15 ms.
 */
void
flint_core_prepare (FlintCore *self)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (FLINT_IS_CORE (self));

  task = g_task_new (self, NULL, NULL, NULL);
  g_task_set_source_tag (task, flint_core_prepare);
  g_task_run_in_thread (task, read_authorities);
}

/**
 * flint_core_connect_all:
 * @self: the core
 *
 * Connects the accounts that are to sign in by themselves, without asking anybody anything.
 */
void
flint_core_connect_all (FlintCore *self)
{
  g_return_if_fail (FLINT_IS_CORE (self));

  for (guint i = 0; i < self->known->len; i++)
    {
      FlintAccount *account = g_ptr_array_index (self->known, i);
      gboolean auto_login;

      g_object_get (account, "auto-login", &auto_login, NULL);

      if (auto_login)
        flint_account_connect_quietly (account);
    }
}

/* Ending */

static void
end_one (GTask *task)
{
  guint n_waiting = GPOINTER_TO_UINT (g_task_get_task_data (task)) - 1;

  g_task_set_task_data (task, GUINT_TO_POINTER (n_waiting), NULL);

  if (n_waiting == 0)
    g_task_return_boolean (task, TRUE);
}

static void
begin_one (GTask *task)
{
  g_task_set_task_data (task, GUINT_TO_POINTER (GPOINTER_TO_UINT (g_task_get_task_data (task)) + 1), NULL);
}

static void
on_account_closed (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;

  flint_account_close_finish (FLINT_ACCOUNT (source), result, NULL);
  end_one (task);
}

static void
on_cache_flushed (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;

  flint_cache_flush_finish (FLINT_CACHE (source), result, NULL);
  end_one (task);
}

static void
on_list_flushed (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;

  flint_account_list_flush_finish (FLINT_ACCOUNT_LIST (source), result, NULL);
  end_one (task);
}

/**
 * flint_core_close_async:
 * @self: the core
 * @callback: called when every server was told, or had its two seconds, and everything is on the disk
 * @user_data: for @callback
 *
 * Signs out everywhere, for a program that ends.
 */
void
flint_core_close_async (FlintCore           *self,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (FLINT_IS_CORE (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, flint_core_close_async);
  begin_one (task);

  for (guint i = 0; i < self->known->len; i++)
    {
      FlintAccount *account = g_ptr_array_index (self->known, i);

      flint_account_save_cache (account);
      begin_one (task);
      flint_account_close_async (account, on_account_closed, g_object_ref (task));
    }

  begin_one (task);
  flint_cache_flush_async (self->cache, on_cache_flushed, g_object_ref (task));
  begin_one (task);
  flint_cache_flush_async (self->config, on_cache_flushed, g_object_ref (task));
  begin_one (task);
  flint_account_list_flush_async (self->accounts, on_list_flushed, g_object_ref (task));
  end_one (task);
}

/**
 * flint_core_close_finish:
 * @self: the core
 * @result: what the callback got
 * @error: return location
 *
 * Returns: %TRUE
 */
gboolean
flint_core_close_finish (FlintCore     *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
