/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-conversation.h"

#include "store-conversations.h"
#include "store-database.h"
#include "store-insert.h"

G_BEGIN_DECLS

#define FLINT_TYPE_HISTORY (flint_history_get_type ())

/* What was said, kept on the disk: where the core and the store meet. All that is written waits for nobody; while the
 * disk takes nothing, it goes on in memory, and is written when there is room again (F30).
 *
 * Properties, notified: "failure" (GError, a sentence; NULL: all is well), "is-busy" (more comes than the disk takes: who
 * brings it may wait a little). Signal "salvaged" (const char *sentence): the file was damaged, and is put aside.
 */
G_DECLARE_FINAL_TYPE (FlintHistory, flint_history, FLINT, HISTORY, GObject)

typedef enum
{
  FLINT_STORED,          /* it is one more */
  FLINT_STORED_BEFORE,   /* it was there already */
  FLINT_STORED_LATER,    /* the disk does not take it now: it goes on in memory */
} FlintStored;

/* What was written and never sent */
typedef struct
{
  XmppJid               *jid;
  FlintConversationKind  kind;
  FlintMessage          *message;
} FlintUnsent;

void          flint_unsent_free              (FlintUnsent           *self);

FlintHistory *flint_history_new              (const char            *directory);
StoreDatabase *flint_history_get_database    (FlintHistory          *self);
const GError *flint_history_get_failure      (FlintHistory          *self);
gboolean      flint_history_is_busy          (FlintHistory          *self);
gboolean      flint_history_keeps            (FlintConversation     *conversation);
void          flint_history_add_async        (FlintHistory          *self,
                                              FlintConversation     *conversation,
                                              FlintMessage          *message,
                                              StorePlace             place,
                                              GAsyncReadyCallback    callback,
                                              gpointer               user_data);
FlintStored   flint_history_add_finish       (FlintHistory          *self,
                                              GAsyncResult          *result,
                                              FlintMessage         **message);
void          flint_history_set_state        (FlintHistory          *self,
                                              FlintConversation     *conversation,
                                              const char            *id,
                                              FlintMessageState      state,
                                              const char            *failure,
                                              gboolean               with_earlier);
void          flint_history_set_sent         (FlintHistory          *self,
                                              FlintAccount          *account,
                                              const char            *to,
                                              const char            *id);
void          flint_history_remove           (FlintHistory          *self,
                                              FlintConversation     *conversation,
                                              FlintMessage          *message);
void          flint_history_read_async       (FlintHistory          *self,
                                              FlintConversation     *conversation,
                                              gint64                 before,
                                              gint64                 after,
                                              guint                  max,
                                              GCancellable          *cancellable,
                                              GAsyncReadyCallback    callback,
                                              gpointer               user_data);
GPtrArray    *flint_history_read_finish      (FlintHistory          *self,
                                              GAsyncResult          *result,
                                              GError               **error);
void          flint_history_read_unsent_async (FlintHistory         *self,
                                              FlintAccount          *account,
                                              GAsyncReadyCallback    callback,
                                              gpointer               user_data);
GPtrArray    *flint_history_read_unsent_finish (FlintHistory        *self,
                                              GAsyncResult          *result,
                                              GError               **error);

void          flint_history_close_async      (FlintHistory          *self,
                                              GAsyncReadyCallback    callback,
                                              gpointer               user_data);
gboolean      flint_history_close_finish     (FlintHistory          *self,
                                              GAsyncResult          *result,
                                              GError               **error);

/* What is known of a conversation beside what is said in it; see flint-history-conversations.c */
void          flint_history_set_draft        (FlintHistory          *self,
                                              FlintConversation     *conversation,
                                              const char            *draft);
void          flint_history_set_read         (FlintHistory          *self,
                                              FlintConversation     *conversation,
                                              gint64                 place);
void          flint_history_set_whole        (FlintHistory          *self,
                                              FlintConversation     *conversation);
StoreKey      flint_history_get_key          (FlintConversation     *conversation);
void          flint_history_recall_async     (FlintHistory          *self,
                                              FlintConversation     *conversation,
                                              GAsyncReadyCallback    callback,
                                              gpointer               user_data);
StoreConversation *flint_history_recall_finish (FlintHistory        *self,
                                              GAsyncResult          *result);
void          flint_history_list_async       (FlintHistory          *self,
                                              FlintAccount          *account,
                                              GAsyncReadyCallback    callback,
                                              gpointer               user_data);
GPtrArray    *flint_history_list_finish      (FlintHistory          *self,
                                              GAsyncResult          *result);

/* Between a message and its row. message: (transfer full) */
StoreMessage *flint_history_make_row         (FlintConversation     *conversation,
                                              FlintMessage          *message);
FlintMessage *flint_history_make_message     (FlintAccount          *account,
                                              XmppJid               *jid,
                                              FlintConversationKind  kind,
                                              const StoreMessage    *row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlintUnsent, flint_unsent_free)

G_END_DECLS
