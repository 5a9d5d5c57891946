/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-core-private.h"

#include "flint-account-list-private.h"
#include "flint-account-private.h"
#include "flint-archivist.h"
#include "flint-conversation-list.h"
#include "flint-dispatcher.h"
#include "flint-inbox.h"
#include "flint-letter-private.h"
#include "flint-notices.h"
#include "flint-recall.h"
#include "flint-request-list.h"
#include "flint-room-list.h"
#include "flint-room-private.h"

#include "xmpp-chat-states.h"
#include "xmpp-csi.h"
#include "xmpp-receipts.h"

#include <glib/gi18n-lib.h>

struct _FlintCore
{
  GObject                parent_instance;

  FlintHistory          *history;
  FlintCache            *config;
  FlintCache            *cache;
  FlintAccountList      *accounts;
  GPtrArray             *known;           /* of FlintAccount: those that the others were told of */
  FlintContactTree      *tree;
  FlintConversationList *conversations;
  FlintRoomList         *rooms;
  FlintInbox            *headlines;
  FlintInbox            *letters;
  FlintRequestList      *requests;
  FlintDispatcher       *dispatcher;
  FlintArchivist        *archivist;
  FlintNotices          *notices;

  FlintStatus           *status;          /* NULL: each account has its own */
  gboolean               send_typing;
  gboolean               send_receipts;
  gboolean               is_attended;

  guint                  unread_chats;
  guint                  unread_rooms;
  guint                  mentions;
  guint                  unread_headlines;
  guint                  unread_letters;
};

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
  PROP_IS_ATTENDED,
  PROP_HISTORY_FAILURE,
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
  HISTORY_SALVAGED,
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

static void
on_headlines_unread (FlintCore *self)
{
  set_count (self, &self->unread_headlines, flint_inbox_get_unread (self->headlines), PROP_UNREAD_HEADLINES);
}

static void
on_letters_unread (FlintCore *self)
{
  set_count (self, &self->unread_letters, flint_inbox_get_unread (self->letters), PROP_UNREAD_LETTERS);
}

/* What the models tell */

static void
on_message_received (FlintCore         *self,
                     FlintConversation *conversation,
                     FlintMessage      *message)
{
  g_signal_emit (self, signals[MESSAGE_RECEIVED], 0, conversation, message);
}

static void
on_headline_added (FlintCore     *self,
                   FlintHeadline *headline)
{
  g_signal_emit (self, signals[HEADLINE_RECEIVED], 0, headline);
}

static void
on_letter_added (FlintCore   *self,
                 FlintLetter *letter)
{
  if (!flint_letter_is_own (letter))
    g_signal_emit (self, signals[LETTER_RECEIVED], 0, letter);
}

static void
on_request_received (FlintCore    *self,
                     FlintRequest *request)
{
  g_signal_emit (self, signals[REQUEST_RECEIVED], 0, request);
}

static void
on_request_failed (FlintCore    *self,
                   FlintRequest *request,
                   const GError *error)
{
  g_signal_emit (self, signals[REQUEST_FAILED], 0, request, error);
}

static void
on_invited (FlintCore    *self,
            FlintAccount *account,
            XmppJid      *room,
            const char   *by,
            const char   *reason,
            const char   *password)
{
  g_signal_emit (self, signals[INVITED], 0, account, room, by, reason, password);
}

/* The accounts */

static void
apply_options (FlintCore    *self,
               FlintAccount *account)
{
  g_object_set (flint_account_get_module (account, XMPP_TYPE_CHAT_STATES), "send", self->send_typing, NULL);
  g_object_set (flint_account_get_module (account, XMPP_TYPE_RECEIPTS), "answer", self->send_receipts, NULL);
  xmpp_csi_set_active (flint_account_get_module (account, XMPP_TYPE_CSI), self->is_attended);
}

static void
on_account_state (FlintAccount *account,
                  GParamSpec   *pspec,
                  FlintCore    *self)
{
  if (!flint_account_is_online (account))
    return;

  xmpp_session_set_throttled (flint_account_get_session (account), flint_history_is_busy (self->history));
  if (!xmpp_session_is_resumed (flint_account_get_session (account)))
    flint_recall_unsent (self->conversations, self->rooms, self->history, account);
}

/* Those who talk wait for the disk, and nothing grows without end (F38) */
static void
on_history_busy (FlintCore *self)
{
  for (guint i = 0; i < self->known->len; i++)
    xmpp_session_set_throttled (flint_account_get_session (g_ptr_array_index (self->known, i)),
                                flint_history_is_busy (self->history));
}

static void
follow_account (FlintCore    *self,
                FlintAccount *account)
{
  flint_dispatcher_add_account (self->dispatcher, account);
  flint_request_list_add_account (self->requests, account);
  flint_conversation_list_add_account (self->conversations, account);

  apply_options (self, account);
  flint_account_set_history (account, self->history);
  flint_account_set_cache (account, self->cache);
  flint_room_list_add_account (self->rooms, account);
  flint_archivist_add_account (self->archivist, account);
  flint_notices_add_account (self->notices, account);
  flint_recall_conversations (self->conversations, self->history, account);
  g_signal_connect_object (account, "notify::state", G_CALLBACK (on_account_state), self, 0);
}

/* Whatever is open of it goes with it (F47) */
static void
unfollow_account (FlintCore    *self,
                  FlintAccount *account)
{
  g_signal_handlers_disconnect_by_func (account, on_account_state, self);
  flint_archivist_remove_account (self->archivist, account);
  flint_dispatcher_remove_account (self->dispatcher, account);
  flint_room_list_remove_account (self->rooms, account);
  flint_conversation_list_remove_account (self->conversations, account);
  flint_inbox_remove_account (self->headlines, account);
  flint_inbox_remove_account (self->letters, account);
  flint_request_list_remove_account (self->requests, account);
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

static void
on_history_failure (FlintCore *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HISTORY_FAILURE]);
}

static void
on_history_salvaged (FlintCore  *self,
                     const char *sentence)
{
  g_signal_emit (self, signals[HISTORY_SALVAGED], 0, sentence);
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

  /* First who would tell what becomes of the accounts */
  if (self->conversations != NULL)
    g_signal_handlers_disconnect_by_data (self->conversations, self);

  g_clear_object (&self->archivist);
  g_clear_object (&self->notices);
  g_clear_object (&self->dispatcher);
  g_clear_object (&self->requests);
  g_clear_object (&self->conversations);
  g_clear_object (&self->rooms);

  while (self->known->len > 0)
    {
      g_autoptr(FlintAccount) account = g_ptr_array_steal_index (self->known, self->known->len - 1);

      flint_account_save_cache (account);
      flint_account_abort (account);
    }

  g_clear_object (&self->tree);
  g_clear_object (&self->headlines);
  g_clear_object (&self->letters);
  g_clear_object (&self->accounts);
  g_clear_object (&self->config);
  g_clear_object (&self->cache);
  g_clear_object (&self->history);
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
      g_value_set_object (value, flint_core_get_headlines (self));
      break;

    case PROP_LETTERS:
      g_value_set_object (value, flint_core_get_letters (self));
      break;

    case PROP_REQUESTS:
      g_value_set_object (value, flint_core_get_requests (self));
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

    case PROP_IS_ATTENDED:
      g_value_set_boolean (value, self->is_attended);
      break;

    case PROP_HISTORY_FAILURE:
      g_value_set_boxed (value, flint_history_get_failure (self->history));
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

    case PROP_IS_ATTENDED:
      set_option (self, &self->is_attended, g_value_get_boolean (value), pspec);
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
  signals[HISTORY_SALVAGED] = g_signal_new ("history-salvaged", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                            G_TYPE_NONE, 1, G_TYPE_STRING);
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

  properties[PROP_IS_ATTENDED] = g_param_spec_boolean ("is-attended", NULL, NULL, TRUE, flags | G_PARAM_WRITABLE);
  properties[PROP_HISTORY_FAILURE] = g_param_spec_boxed ("history-failure", NULL, NULL, G_TYPE_ERROR, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  add_signals (klass);
}

static void
flint_core_init (FlintCore *self)
{
  self->known = g_ptr_array_new_with_free_func (g_object_unref);
  self->send_typing = TRUE;
  self->send_receipts = TRUE;
  self->is_attended = TRUE;
}

static const char *
get_headline_body (gpointer item)
{
  return flint_headline_get_body (item);
}

static const char *
get_letter_body (gpointer item)
{
  return flint_letter_get_body (item);
}

static void
make_models (FlintCore *self)
{
  self->conversations = flint_conversation_list_new ();
  self->rooms = flint_room_list_new (self->config);
  self->headlines = flint_inbox_new (FLINT_TYPE_HEADLINE, get_headline_body);
  self->letters = flint_inbox_new (FLINT_TYPE_LETTER, get_letter_body);
  self->requests = flint_request_list_new ();
  self->notices = flint_notices_new (self->history, self->headlines, self->letters);
  self->archivist = flint_archivist_new (self->conversations, self->rooms);
  self->dispatcher = flint_dispatcher_new (self->conversations, self->rooms, self->headlines, self->letters);

  g_signal_connect_object (self->conversations, "counts-changed", G_CALLBACK (on_counts_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->headlines, "notify::unread", G_CALLBACK (on_headlines_unread), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->headlines, "added", G_CALLBACK (on_headline_added), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->letters, "notify::unread", G_CALLBACK (on_letters_unread), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->letters, "added", G_CALLBACK (on_letter_added), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->requests, "received", G_CALLBACK (on_request_received), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->requests, "failed", G_CALLBACK (on_request_failed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->dispatcher, "message-received", G_CALLBACK (on_message_received), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->dispatcher, "invited", G_CALLBACK (on_invited), self, G_CONNECT_SWAPPED);
}

/**
 * flint_core_new:
 * @config_dir: where the settings of accounts and rooms are
 * @data_dir: where what was said is kept
 * @cache_dir: where is what may be lost
 *
 * The accounts are read by flint_account_list_load ().
 *
 * Returns: (transfer full): the root of everything, without an account yet
 */
FlintCore *
flint_core_new (const char *config_dir,
                const char *data_dir,
                const char *cache_dir)
{
  FlintCore *self;
  g_autofree char *file_name = NULL;

  g_return_val_if_fail (config_dir != NULL && data_dir != NULL && cache_dir != NULL, NULL);

  self = g_object_new (FLINT_TYPE_CORE, NULL);
  file_name = g_build_filename (config_dir, "accounts.ini", NULL);

  self->history = flint_history_new (data_dir);
  self->config = flint_cache_new (config_dir);
  flint_cache_keep_unwritten (self->config);
  self->cache = flint_cache_new (cache_dir);
  make_models (self);
  self->accounts = flint_account_list_new (file_name);
  self->tree = flint_contact_tree_new (self->accounts);

  g_signal_connect_object (self->history, "notify::failure", G_CALLBACK (on_history_failure), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->history, "notify::is-busy", G_CALLBACK (on_history_busy), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->history, "salvaged", G_CALLBACK (on_history_salvaged), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->accounts, "items-changed", G_CALLBACK (on_accounts_changed), self, 0);
  g_signal_connect_object (self->config, "failed", G_CALLBACK (on_rooms_not_saved), self, 0);
  g_signal_connect_object (self->accounts, "failed", G_CALLBACK (on_accounts_not_saved), self, 0);

  return self;
}

/* Where what was said is kept, the rooms, and what may be lost */

FlintHistory *
flint_core_get_history (FlintCore *self)
{
  return self->history;
}

FlintCache *
flint_core_get_config (FlintCore *self)
{
  return self->config;
}

FlintCache *
flint_core_get_cache (FlintCore *self)
{
  return self->cache;
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

  return self->headlines != NULL ? flint_inbox_get_items (self->headlines) : NULL;
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

  return self->letters != NULL ? flint_inbox_get_items (self->letters) : NULL;
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

  return self->requests != NULL ? flint_request_list_get_items (self->requests) : NULL;
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
      conversation = room == NULL ? flint_conversation_list_ensure_chat (self->conversations, account, jid)
                                  : flint_conversation_list_ensure_private (self->conversations, room, jid);

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

  g_return_val_if_fail (FLINT_IS_CORE (self), NULL);
  g_return_val_if_fail (FLINT_IS_ACCOUNT (account), NULL);
  g_return_val_if_fail (jid != NULL, NULL);

  room = flint_room_list_ensure (self->rooms, account, jid, nick);
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

/**
 * flint_core_give_up_room:
 * @self: the core
 * @room: one of its rooms
 *
 * For who does not try any more to join it: one that was never joined and is not kept goes. Others stay and say why
 * one is not in them.
 */
void
flint_core_give_up_room (FlintCore *self,
                         FlintRoom *room)
{
  g_return_if_fail (FLINT_IS_CORE (self));
  g_return_if_fail (FLINT_IS_ROOM (room));

  if (flint_room_is_given_up (room))
    flint_core_forget_room (self, room);
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
  g_autoptr(FlintLetter) letter = NULL;

  g_return_val_if_fail (FLINT_IS_CORE (self), FALSE);
  g_return_val_if_fail (FLINT_IS_ACCOUNT (account), FALSE);
  g_return_val_if_fail (to != NULL, FALSE);

  letter = flint_letter_send (account, to, subject, body, thread, error);

  if (letter != NULL)
    flint_inbox_add (self->letters, letter);

  return letter != NULL;
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

  flint_notices_forget (self->notices, letter);
  flint_inbox_remove (self->letters, letter);
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

  flint_notices_forget (self->notices, headline);
  flint_inbox_remove (self->headlines, headline);
}
