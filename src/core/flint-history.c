/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-history.h"

#include "flint-account-private.h"
#include "flint-history-pages.h"
#include "flint-message-private.h"
#include "flint-timeline-private.h"

#include "store-history.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

/* More than this are not collected */
#define MAX_BATCH 500

/* When so many are on their way to the disk, those who bring them are to wait until it is down to so many */
#define MANY      4000
#define FEW       1000

typedef struct
{
  char      *account;
  GPtrArray *adds;         /* of Add */
  GPtrArray *entries;      /* of StoreEntry: their rows, in the same order */
  gboolean   durable;
} Batch;

struct _FlintHistory
{
  GObject        parent_instance;

  StoreDatabase *database;
  GError        *failure;      /* in words */
  GQueue         waiting;      /* of GTask: whoever waits for the disk; borrowed from the Adds */

  /* What was said in this turn of the loop, as one account, goes to the disk as one piece of work */
  Batch         *batch;        /* NULL: nothing was */
  guint          flush_source;

  guint          n_adds;       /* on their way */
  gboolean       is_busy;
};

/* A message on its way to the disk */
typedef struct
{
  FlintHistory      *history;        /* owned */
  FlintConversation *conversation;   /* owned */
  FlintMessage      *message;        /* owned */
  GTask             *task;           /* owned; who waits was told when it is not in waiting */
  XmppSession       *session;        /* owned: whose server is not told that we have it; see hold */
  guint              hold;
} Add;

/* What is read, and for whom */
typedef struct
{
  FlintAccount          *account;
  XmppJid               *jid;
  FlintConversationKind  kind;
} Reading;

enum {
  PROP_0,
  PROP_FAILURE,
  PROP_IS_BUSY,
  N_PROPERTIES
};

enum {
  SALVAGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlintHistory, flint_history, G_TYPE_OBJECT)

static void flush      (FlintHistory *self);
static void count_adds (FlintHistory *self,
                        int           difference);

void
flint_unsent_free (FlintUnsent *self)
{
  g_clear_pointer (&self->jid, xmpp_jid_unref);
  g_clear_object (&self->message);
  g_free (self);
}

/* The disk */

/* (transfer full) (nullable) */
static GError *
put_in_words (const GError *failure)
{
  if (failure == NULL)
    return NULL;

  if (g_error_matches (failure, STORE_ERROR, STORE_ERROR_NEWER))
    return g_error_new_literal (STORE_ERROR, STORE_ERROR_NEWER,
                                _("The history was written by a newer Flint. It is left as it is, and what is said now is not kept."));

  return g_error_new (failure->domain, failure->code, _("What is said cannot be written to the disk: %s"), failure->message);
}

/* Nobody waits any longer: what is said goes on in memory, and stays in the queue of the database */
static void
let_go (FlintHistory *self)
{
  GTask *task;

  while ((task = g_queue_pop_head (&self->waiting)) != NULL)
    g_task_return_int (task, FLINT_STORED_LATER);
}

static void
on_failure (FlintHistory *self)
{
  g_clear_error (&self->failure);
  self->failure = put_in_words (store_database_get_failure (self->database));
  if (self->failure != NULL)
    let_go (self);
  count_adds (self, 0);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FAILURE]);
}

static void
on_salvaged (FlintHistory *self,
             const char   *aside,
             guint         n_rows)
{
  g_autofree char *name = g_path_get_basename (aside);
  g_autofree char *sentence =
    g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u entry could be read. The damaged file is kept as “%s”.",
                                  "%u entries could be read. The damaged file is kept as “%s”.", n_rows),
                     n_rows, name);

  g_signal_emit (self, signals[SALVAGED], 0, sentence);
}

static void
flint_history_dispose (GObject *object)
{
  FlintHistory *self = FLINT_HISTORY (object);

  if (self->database != NULL)
    {
      flush (self);
      g_signal_handlers_disconnect_by_data (self->database, self);
    }
  g_clear_object (&self->database);

  G_OBJECT_CLASS (flint_history_parent_class)->dispose (object);
}

static void
flint_history_finalize (GObject *object)
{
  FlintHistory *self = FLINT_HISTORY (object);

  g_clear_error (&self->failure);

  G_OBJECT_CLASS (flint_history_parent_class)->finalize (object);
}

static void
flint_history_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_FAILURE:
      g_value_set_boxed (value, FLINT_HISTORY (object)->failure);
      break;

    case PROP_IS_BUSY:
      g_value_set_boolean (value, FLINT_HISTORY (object)->is_busy);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
flint_history_class_init (FlintHistoryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = flint_history_dispose;
  object_class->finalize = flint_history_finalize;
  object_class->get_property = flint_history_get_property;

  properties[PROP_FAILURE] = g_param_spec_boxed ("failure", NULL, NULL, G_TYPE_ERROR,
                                                 G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_IS_BUSY] = g_param_spec_boolean ("is-busy", NULL, NULL, FALSE,
                                                   G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[SALVAGED] = g_signal_new ("salvaged", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
flint_history_init (FlintHistory *self)
{
}

/**
 * flint_history_new:
 * @directory: where the file is to be; it is made when it is not there
 *
 * Returns: (transfer full): the history
 */
FlintHistory *
flint_history_new (const char *directory)
{
  FlintHistory *self = g_object_new (FLINT_TYPE_HISTORY, NULL);
  g_autofree char *path = g_build_filename (directory, "history.db", NULL);

  /* Where it cannot be made, the database says so */
  g_mkdir_with_parents (directory, 0700);
  self->database = store_database_new (path);
  g_signal_connect_object (self->database, "notify::failure", G_CALLBACK (on_failure), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->database, "salvaged", G_CALLBACK (on_salvaged), self, G_CONNECT_SWAPPED);

  return self;
}

/* (transfer none): for the caches, the notices and the search; what was said until now is in it */
StoreDatabase *
flint_history_get_database (FlintHistory *self)
{
  flush (self);

  return self->database;
}

/**
 * flint_history_get_failure:
 * @self: the history
 *
 * Returns: (nullable) (transfer none): why nothing is written now, a sentence
 */
const GError *
flint_history_get_failure (FlintHistory *self)
{
  g_return_val_if_fail (FLINT_IS_HISTORY (self), NULL);

  return self->failure;
}

/**
 * flint_history_is_busy:
 * @self: the history
 *
 * Returns: whether more comes than the disk takes
 */
gboolean
flint_history_is_busy (FlintHistory *self)
{
  g_return_val_if_fail (FLINT_IS_HISTORY (self), FALSE);

  return self->is_busy;
}

/* Whether what is said in it is kept */
gboolean
flint_history_keeps (FlintConversation *conversation)
{
  return flint_account_is_kept (flint_conversation_get_account (conversation));
}

/* Its strings are the conversation's */
StoreKey
flint_history_get_key (FlintConversation *conversation)
{
  StoreKey key = {
    .account = xmpp_jid_get_text (flint_account_get_jid (flint_conversation_get_account (conversation))),
    .address = xmpp_jid_get_text (flint_conversation_get_jid (conversation)),
    .kind = flint_conversation_get_kind (conversation),
  };

  return key;
}

/* Who waits */

void
flint_history_begin_waiting (FlintHistory *self,
                             GTask        *task)
{
  g_queue_push_tail (&self->waiting, task);
}

gboolean
flint_history_end_waiting (FlintHistory *self,
                           GTask        *task)
{
  return g_queue_remove (&self->waiting, task);
}

/* Adding */

/* A disk that takes nothing stops nobody: it goes on in memory */
static void
count_adds (FlintHistory *self,
            int           difference)
{
  gboolean is_busy;

  self->n_adds += difference;
  is_busy = self->failure == NULL && self->n_adds > (self->is_busy ? FEW : MANY);
  if (is_busy == self->is_busy)
    return;

  self->is_busy = is_busy;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_BUSY]);
}

static void
add_free (Add *add)
{
  count_adds (add->history, -1);
  g_object_unref (add->session);
  g_object_unref (add->history);
  g_object_unref (add->conversation);
  g_object_unref (add->message);
  g_object_unref (add->task);
  g_free (add);
}

static Batch *
batch_new (const char *account)
{
  Batch *batch = g_new0 (Batch, 1);

  batch->account = g_strdup (account);
  batch->adds = g_ptr_array_new_with_free_func ((GDestroyNotify) add_free);
  batch->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) store_entry_free);

  return batch;
}

static void
batch_free (Batch *batch)
{
  g_free (batch->account);
  g_ptr_array_unref (batch->adds);
  g_clear_pointer (&batch->entries, g_ptr_array_unref);
  g_free (batch);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Batch, batch_free)

/* Where its row is: in its conversation, or before it comes there */
static void
place_message (Add              *add,
               const StoreAdded *added)
{
  FlintTimeline *timeline = flint_conversation_get_timeline (add->conversation);

  if (flint_timeline_set_stored (timeline, add->message, added->id, NULL))
    return;

  flint_message_set_place (add->message, added->id);
  flint_message_set_stored (add->message, TRUE);
}

/* What the disk does not take now the server keeps for us, too, as long as it does (F30); what it never takes it need not */
static void
end_add (Add              *add,
         const StoreAdded *added,
         const GError     *error)
{
  gboolean is_waiting = g_queue_remove (&add->history->waiting, add->task);
  FlintStored stored = FLINT_STORED_LATER;

  if (added != NULL)
    stored = added->is_new ? FLINT_STORED : FLINT_STORED_BEFORE;

  if (stored == FLINT_STORED)
    place_message (add, added);

  if (added != NULL || !g_error_matches (error, STORE_ERROR, STORE_ERROR_DISK))
    xmpp_session_release_ack (add->session, add->hold);

  if (is_waiting)
    g_task_return_int (add->task, stored);
}

static void
on_batch_stored (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(Batch) batch = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) added = store_history_add_page_finish (result, &error);

  if (added == NULL)
    g_debug ("%u messages were not stored: %s", batch->adds->len, error->message);

  for (guint i = 0; i < batch->adds->len; i++)
    end_add (g_ptr_array_index (batch->adds, i), added != NULL ? &g_array_index (added, StoreAdded, i) : NULL, error);
}

/* Before anything that has to see what was said until now */
static void
flush (FlintHistory *self)
{
  Batch *batch = g_steal_pointer (&self->batch);

  g_clear_handle_id (&self->flush_source, g_source_remove);

  if (batch != NULL)
    store_history_add_page_async (self->database, batch->account, g_steal_pointer (&batch->entries), NULL, batch->durable,
                                  on_batch_stored, batch);
}

static gboolean
on_flush (gpointer user_data)
{
  FlintHistory *self = user_data;

  self->flush_source = 0;
  flush (self);

  return G_SOURCE_REMOVE;
}

/* add, entry: (transfer full) */
static void
collect (FlintHistory *self,
         const char   *account,
         Add          *add,
         StoreEntry   *entry)
{
  if (self->batch != NULL && (self->batch->adds->len == MAX_BATCH || !g_str_equal (self->batch->account, account)))
    flush (self);

  if (self->batch == NULL)
    self->batch = batch_new (account);

  g_ptr_array_add (self->batch->adds, add);
  g_ptr_array_add (self->batch->entries, entry);
  self->batch->durable |= flint_message_get_state (add->message) == FLINT_MESSAGE_PENDING;

  if (self->flush_source == 0)
    self->flush_source = g_idle_add_full (G_PRIORITY_DEFAULT, on_flush, self, NULL);
}

/**
 * flint_history_add_async:
 * @self: (nullable): the history; %NULL: there is none
 * @conversation: where it was said
 * @message: what was said
 * @place: where it belongs
 * @callback: (nullable): called when it is stored, or when the disk does not take it now
 * @user_data: for @callback
 *
 * Stores a message, once. Our own that waits to be sent is on the disk when @callback is called, even if the power fails
 * then (F29).
 */
void
flint_history_add_async (FlintHistory        *self,
                         FlintConversation   *conversation,
                         FlintMessage        *message,
                         StorePlace           place,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);
  StoreKey key;
  Add *add;

  g_task_set_source_tag (task, flint_history_add_async);
  g_task_set_task_data (task, g_object_ref (message), g_object_unref);

  if (self == NULL || !flint_history_keeps (conversation))
    {
      g_task_return_int (task, FLINT_STORED);
      return;
    }

  key = flint_history_get_key (conversation);
  add = g_new0 (Add, 1);
  add->history = g_object_ref (self);
  add->conversation = g_object_ref (conversation);
  add->message = g_object_ref (message);
  add->task = g_object_ref (task);
  add->session = g_object_ref (flint_account_get_session (flint_conversation_get_account (conversation)));
  add->hold = flint_message_get_state (message) == FLINT_MESSAGE_PENDING ? 0 : xmpp_session_hold_ack (add->session);
  count_adds (self, 1);

  if (self->failure != NULL)
    g_task_return_int (task, FLINT_STORED_LATER);
  else
    g_queue_push_tail (&self->waiting, task);

  collect (self, key.account, add,
           store_entry_new (key.address, key.kind, flint_history_make_row (conversation, message), place, 0,
                            flint_message_has_own_id (message)));
}

/**
 * flint_history_add_finish:
 * @self: (nullable): the history
 * @result: what the callback got
 * @message: (out) (optional) (transfer none): the message
 *
 * Returns: what became of it
 */
FlintStored
flint_history_add_finish (FlintHistory  *self,
                          GAsyncResult  *result,
                          FlintMessage **message)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FLINT_STORED_LATER);

  if (message != NULL)
    *message = g_task_get_task_data (G_TASK (result));

  return g_task_propagate_int (G_TASK (result), NULL);
}

/* What became of it */

/**
 * flint_history_set_state:
 * @self: (nullable): the history
 * @conversation: where it was said
 * @id: the id of a message of ours, which need not be in the timeline
 * @state: what became of it
 * @failure: (nullable): why it failed
 * @with_earlier: what we wrote before it is in @state, too
 *
 * Stores what became of a message of ours.
 */
void
flint_history_set_state (FlintHistory      *self,
                         FlintConversation *conversation,
                         const char        *id,
                         FlintMessageState  state,
                         const char        *failure,
                         gboolean           with_earlier)
{
  StoreKey key;

  if (self == NULL || id == NULL || !flint_history_keeps (conversation))
    return;

  flush (self);
  key = flint_history_get_key (conversation);
  store_history_set_state_async (self->database, &key, id, (StoreState) state, failure, with_earlier, NULL, NULL);
}

/**
 * flint_history_set_sent:
 * @self: (nullable): the history
 * @account: as whom it was said
 * @to: the address that it went to
 * @id: the id of a message of ours
 *
 * For a message whose conversation is not there any more: the server has it.
 */
void
flint_history_set_sent (FlintHistory *self,
                        FlintAccount *account,
                        const char   *to,
                        const char   *id)
{
  XmppJid *own = flint_account_get_jid (account);
  g_autoptr(XmppJid) jid = xmpp_jid_new_received (to);
  StoreKey key;

  if (self == NULL || own == NULL || jid == NULL)
    return;

  flush (self);
  key = (StoreKey) { xmpp_jid_get_text (own), xmpp_jid_get_bare_text (jid), FLINT_CONVERSATION_CHAT };
  store_history_set_state_async (self->database, &key, id, STORE_STATE_SENT, NULL, FALSE, NULL, NULL);
}

/**
 * flint_history_remove:
 * @self: (nullable): the history
 * @conversation: where it was said
 * @message: one of our own
 *
 * Takes out what a person decided not to send.
 */
void
flint_history_remove (FlintHistory      *self,
                      FlintConversation *conversation,
                      FlintMessage      *message)
{
  StoreKey key;

  if (self == NULL || flint_message_get_id (message) == NULL || !flint_history_keeps (conversation))
    return;

  flush (self);
  key = flint_history_get_key (conversation);
  store_history_remove_async (self->database, &key, flint_message_get_id (message), NULL, NULL);
}

/* Reading */

static Reading *
reading_new (FlintAccount          *account,
             XmppJid               *jid,
             FlintConversationKind  kind)
{
  Reading *reading = g_new0 (Reading, 1);

  reading->account = g_object_ref (account);
  reading->jid = jid != NULL ? xmpp_jid_ref (jid) : NULL;
  reading->kind = kind;

  return reading;
}

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_object_unref (reading->account);
  g_clear_pointer (&reading->jid, xmpp_jid_unref);
  g_free (reading);
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  const Reading *reading = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(GPtrArray) rows = store_history_read_finish (result, &error);
  GPtrArray *messages;

  if (rows == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  messages = g_ptr_array_new_full (rows->len, g_object_unref);
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (messages, flint_history_make_message (reading->account, reading->jid, reading->kind,
                                                           g_ptr_array_index (rows, i)));

  g_task_return_pointer (task, messages, (GDestroyNotify) g_ptr_array_unref);
}

/**
 * flint_history_read_async:
 * @self: the history
 * @conversation: where it was said
 * @before: places before this; %G_MAXINT64: the end; 0: look at @after
 * @after: places after this
 * @max: how many messages
 * @cancellable: (nullable): ends it early
 * @callback: called with them
 * @user_data: for @callback
 *
 * Reads a page.
 */
void
flint_history_read_async (FlintHistory        *self,
                          FlintConversation   *conversation,
                          gint64               before,
                          gint64               after,
                          guint                max,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  StoreKey key = flint_history_get_key (conversation);

  g_task_set_source_tag (task, flint_history_read_async);
  g_task_set_task_data (task, reading_new (flint_conversation_get_account (conversation), flint_conversation_get_jid (conversation),
                                           flint_conversation_get_kind (conversation)), reading_free);
  flush (self);
  store_history_read_async (self->database, &key, before, after, max, cancellable, on_read, task);
}

/**
 * flint_history_read_finish:
 * @self: the history
 * @result: what the callback got
 * @error: why nothing was read
 *
 * Returns: (transfer full) (element-type FlintMessage): the messages with their places, the oldest first
 */
GPtrArray *
flint_history_read_finish (FlintHistory  *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_unsent_read (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  const Reading *reading = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(GPtrArray) entries = store_history_read_unsent_finish (result, &error);
  GPtrArray *all;

  if (entries == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  all = g_ptr_array_new_with_free_func ((GDestroyNotify) flint_unsent_free);
  for (guint i = 0; i < entries->len; i++)
    {
      const StoreEntry *entry = g_ptr_array_index (entries, i);
      FlintUnsent *unsent = g_new0 (FlintUnsent, 1);

      unsent->jid = xmpp_jid_new_received (entry->address);
      unsent->kind = CLAMP (entry->kind, FLINT_CONVERSATION_CHAT, FLINT_CONVERSATION_PRIVATE);
      unsent->message = flint_history_make_message (reading->account, unsent->jid, unsent->kind, entry->message);
      g_ptr_array_add (all, unsent);
    }

  g_task_return_pointer (task, all, (GDestroyNotify) g_ptr_array_unref);
}

/**
 * flint_history_read_unsent_async:
 * @self: the history
 * @account: an account
 * @callback: called with them
 * @user_data: for @callback
 *
 * What was written as @account, and no server has taken.
 */
void
flint_history_read_unsent_async (FlintHistory        *self,
                                 FlintAccount        *account,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, flint_history_read_unsent_async);
  g_task_set_task_data (task, reading_new (account, NULL, FLINT_CONVERSATION_CHAT), reading_free);
  flush (self);
  store_history_read_unsent_async (self->database, xmpp_jid_get_text (flint_account_get_jid (account)), on_unsent_read, task);
}

/**
 * flint_history_read_unsent_finish:
 * @self: the history
 * @result: what the callback got
 * @error: why nothing was read
 *
 * Returns: (transfer full) (element-type FlintUnsent): in the order in which they were written
 */
GPtrArray *
flint_history_read_unsent_finish (FlintHistory  *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Ending */

static void
on_closed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (store_database_close_finish (STORE_DATABASE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, put_in_words (error));
}

/**
 * flint_history_close_async:
 * @self: the history
 * @callback: called when all is on the disk, or cannot be
 * @user_data: for @callback
 *
 * For a program that ends. Nothing is kept of what is said after this.
 */
void
flint_history_close_async (FlintHistory        *self,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_return_if_fail (FLINT_IS_HISTORY (self));

  g_task_set_source_tag (task, flint_history_close_async);
  flush (self);
  store_database_close_async (self->database, on_closed, task);
}

/**
 * flint_history_close_finish:
 * @self: the history
 * @result: what the callback got
 * @error: what is not on the disk, in words
 *
 * Returns: whether all is on the disk
 */
gboolean
flint_history_close_finish (FlintHistory  *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
