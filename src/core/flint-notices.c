/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-notices.h"

#include "flint-account-private.h"
#include "flint-headline-private.h"
#include "flint-letter-private.h"

#include "store-notices.h"

#define MAX_READ 1000

struct _FlintNotices
{
  GObject       parent_instance;

  FlintHistory *history;
  FlintInbox   *headlines;
  FlintInbox   *letters;
  GHashTable   *ids;           /* item, borrowed → gint64, owned: where its row is */
};

G_DEFINE_FINAL_TYPE (FlintNotices, flint_notices, G_TYPE_OBJECT)

/* One on its way to the disk */
typedef struct
{
  FlintNotices *notices;       /* owned */
  gpointer      item;          /* owned */
  XmppSession  *session;       /* owned: its server keeps it until we have it */
  guint         hold;
} Keeping;

static void
keeping_free (Keeping *keeping)
{
  g_object_unref (keeping->notices);
  g_object_unref (keeping->item);
  g_object_unref (keeping->session);
  g_free (keeping);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Keeping, keeping_free)

/* What is brought back, and to whom */
typedef struct
{
  FlintNotices    *notices;    /* owned */
  FlintAccount    *account;    /* owned */
  StoreNoticeKind  kind;
} Reading;

static void
reading_free (Reading *reading)
{
  g_object_unref (reading->notices);
  g_object_unref (reading->account);
  g_free (reading);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reading, reading_free)

static StoreDatabase *
get_database (FlintNotices *self)
{
  return flint_history_get_database (self->history);
}

static FlintInbox *
get_inbox (FlintNotices *self,
           gpointer      item)
{
  return FLINT_IS_HEADLINE (item) ? self->headlines : self->letters;
}

/* Rows */

static guint
get_flags (gpointer item)
{
  gboolean is_unread;
  guint flags = 0;

  g_object_get (item, "is-unread", &is_unread, NULL);
  if (is_unread)
    flags |= STORE_NOTICE_UNREAD;
  if (FLINT_IS_HEADLINE (item) && flint_headline_is_official (item))
    flags |= STORE_NOTICE_OFFICIAL;
  if (FLINT_IS_LETTER (item) && flint_letter_is_own (item))
    flags |= STORE_NOTICE_OWN;

  return flags;
}

static int
get_state (gpointer item)
{
  return FLINT_IS_LETTER (item) ? flint_letter_get_state (item) : STORE_STATE_RECEIVED;
}

static char *
copy_address (XmppJid *jid)
{
  return g_strdup (jid != NULL ? xmpp_jid_get_text (jid) : "");
}

static StoreNotice *
make_row (gpointer item)
{
  StoreNotice *row = store_notice_new ();

  row->flags = get_flags (item);
  row->state = get_state (item);

  if (FLINT_IS_HEADLINE (item))
    {
      row->kind = STORE_NOTICE_HEADLINE;
      row->time = flint_headline_get_time (item);
      row->sender = copy_address (flint_headline_get_from (item));
      row->message_id = g_strdup (flint_headline_get_id (item));
      row->subject = g_strdup (flint_headline_get_subject (item));
      row->body = g_strdup (flint_headline_get_body (item));
      return row;
    }

  row->kind = STORE_NOTICE_LETTER;
  row->time = flint_letter_get_time (item);
  row->sender = copy_address (flint_letter_is_own (item) ? flint_letter_get_to (item) : flint_letter_get_from (item));
  row->message_id = g_strdup (flint_letter_get_id (item));
  row->subject = g_strdup (flint_letter_get_subject (item));
  row->thread = g_strdup (flint_letter_get_thread (item));
  row->body = g_strdup (flint_letter_get_body (item));

  return row;
}

/* (transfer full): the headline or letter that it is */
static gpointer
make_item (FlintAccount      *account,
           const StoreNotice *row)
{
  g_autoptr(XmppJid) other = xmpp_jid_new_received (row->sender);
  gboolean is_own = (row->flags & STORE_NOTICE_OWN) != 0;
  XmppJid *own = flint_account_get_jid (account);
  XmppMessage message = {
    .type = row->kind == STORE_NOTICE_HEADLINE ? XMPP_MESSAGE_HEADLINE : XMPP_MESSAGE_NORMAL,
    .id = row->message_id,
    .from = is_own ? own : other,
    .to = is_own ? other : own,
    .subject = row->subject,
    .body = row->body,
    .thread = row->thread,
    .time = row->time,
    .sender = (row->flags & STORE_NOTICE_OFFICIAL) != 0 ? XMPP_SENDER_OWN_SERVER : XMPP_SENDER_STRANGER,
  };
  FlintLetter *letter;

  if (row->kind == STORE_NOTICE_HEADLINE)
    {
      FlintHeadline *headline = flint_headline_new (account, &message);

      flint_headline_set_unread (headline, (row->flags & STORE_NOTICE_UNREAD) != 0);
      return headline;
    }

  letter = flint_letter_new (account, &message, is_own);
  if (is_own)
    flint_letter_set_state (letter, (FlintMessageState) row->state, row->failure);
  else
    flint_letter_set_unread (letter, (row->flags & STORE_NOTICE_UNREAD) != 0);

  return letter;
}

/* What becomes of it */

static void
on_changed (gpointer      item,
            GParamSpec   *pspec,
            FlintNotices *self)
{
  const gint64 *id = g_hash_table_lookup (self->ids, item);
  g_autofree char *failure = NULL;

  if (id == NULL)
    return;

  if (FLINT_IS_LETTER (item))
    g_object_get (item, "failure", &failure, NULL);
  store_notices_update (get_database (self), *id, get_flags (item), get_state (item), failure);
}

static void
on_item_gone (gpointer  user_data,
              GObject  *item)
{
  g_hash_table_remove (FLINT_NOTICES (user_data)->ids, item);
}

static void
follow (FlintNotices *self,
        gpointer      item,
        gint64        id)
{
  gint64 *kept = g_memdup2 (&id, sizeof id);

  g_hash_table_insert (self->ids, item, kept);
  g_object_weak_ref (item, on_item_gone, self);
  g_signal_connect_object (item, "notify::is-unread", G_CALLBACK (on_changed), self, 0);
  if (FLINT_IS_LETTER (item))
    g_signal_connect_object (item, "notify::state", G_CALLBACK (on_changed), self, 0);
}

/* Keeping */

static void
on_kept (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(Keeping) keeping = user_data;
  FlintNotices *self = keeping->notices;
  g_autoptr(GError) error = NULL;
  gboolean is_new;
  gint64 id = store_notices_add_finish (result, &is_new, &error);

  if (!g_error_matches (error, STORE_ERROR, STORE_ERROR_DISK))
    xmpp_session_release_ack (keeping->session, keeping->hold);

  if (id == 0)
    g_debug ("A notice was not stored: %s", error->message);
  else if (!is_new)
    flint_inbox_remove (get_inbox (self, keeping->item), keeping->item);
  else
    {
      /* It may have been read meanwhile */
      follow (self, keeping->item, id);
      on_changed (keeping->item, NULL, self);
    }
}

static void
on_added (FlintNotices *self,
          gpointer      item)
{
  g_autoptr(FlintAccount) account = NULL;
  Keeping *keeping;

  g_object_get (item, "account", &account, NULL);
  if (!flint_account_is_kept (account))
    return;

  keeping = g_new0 (Keeping, 1);
  keeping->notices = g_object_ref (self);
  keeping->item = g_object_ref (item);
  keeping->session = g_object_ref (flint_account_get_session (account));
  keeping->hold = xmpp_session_hold_ack (keeping->session);
  store_notices_add_async (get_database (self), xmpp_jid_get_text (flint_account_get_jid (account)), make_row (item), on_kept,
                           keeping);
}

/* Bringing back */

static gboolean
is_there (FlintNotices *self,
          gint64        id)
{
  GHashTableIter iter;
  gpointer known;

  g_hash_table_iter_init (&iter, self->ids);
  while (g_hash_table_iter_next (&iter, NULL, &known))
    if (*(gint64 *) known == id)
      return TRUE;

  return FALSE;
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(Reading) reading = user_data;
  FlintNotices *self = reading->notices;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) rows = store_notices_read_finish (result, &error);

  if (rows == NULL)
    {
      g_debug ("Headlines or letters were not read: %s", error->message);
      return;
    }

  /* The latest first: each goes behind those that are there */
  for (guint i = 0; i < rows->len && flint_account_get_history (reading->account) == self->history; i++)
    {
      const StoreNotice *row = g_ptr_array_index (rows, i);
      g_autoptr(GObject) item = NULL;

      if (is_there (self, row->id))
        continue;

      item = make_item (reading->account, row);
      follow (self, item, row->id);
      flint_inbox_restore (get_inbox (self, item), item);
    }
}

static void
read_all (FlintNotices    *self,
          FlintAccount    *account,
          StoreNoticeKind  kind)
{
  Reading *reading = g_new0 (Reading, 1);

  reading->notices = g_object_ref (self);
  reading->account = g_object_ref (account);
  reading->kind = kind;
  store_notices_read_async (get_database (self), xmpp_jid_get_text (flint_account_get_jid (account)), kind, MAX_READ, on_read,
                            reading);
}

static void
flint_notices_dispose (GObject *object)
{
  FlintNotices *self = FLINT_NOTICES (object);
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, self->ids);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    g_object_weak_unref (item, on_item_gone, self);
  g_hash_table_remove_all (self->ids);
  g_clear_object (&self->history);
  g_clear_object (&self->headlines);
  g_clear_object (&self->letters);

  G_OBJECT_CLASS (flint_notices_parent_class)->dispose (object);
}

static void
flint_notices_finalize (GObject *object)
{
  g_hash_table_unref (FLINT_NOTICES (object)->ids);

  G_OBJECT_CLASS (flint_notices_parent_class)->finalize (object);
}

static void
flint_notices_class_init (FlintNoticesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = flint_notices_dispose;
  object_class->finalize = flint_notices_finalize;
}

static void
flint_notices_init (FlintNotices *self)
{
  self->ids = g_hash_table_new_full (NULL, NULL, NULL, g_free);
}

/**
 * flint_notices_new:
 * @history: where they are kept
 * @headlines: the headlines
 * @letters: the letters
 *
 * Returns: (transfer full): one that keeps what comes from now on
 */
FlintNotices *
flint_notices_new (FlintHistory *history,
                   FlintInbox   *headlines,
                   FlintInbox   *letters)
{
  FlintNotices *self = g_object_new (FLINT_TYPE_NOTICES, NULL);

  self->history = g_object_ref (history);
  self->headlines = g_object_ref (headlines);
  self->letters = g_object_ref (letters);
  g_signal_connect_object (headlines, "added", G_CALLBACK (on_added), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (letters, "added", G_CALLBACK (on_added), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * flint_notices_add_account:
 * @self: the notices
 * @account: one more account
 *
 * Brings back those of that account.
 */
void
flint_notices_add_account (FlintNotices *self,
                           FlintAccount *account)
{
  g_return_if_fail (FLINT_IS_NOTICES (self));

  if (!flint_account_is_kept (account))
    return;

  read_all (self, account, STORE_NOTICE_HEADLINE);
  read_all (self, account, STORE_NOTICE_LETTER);
}

/**
 * flint_notices_forget:
 * @self: the notices
 * @item: a headline or a letter that somebody throws away
 *
 * Throws it away on the disk, too.
 */
void
flint_notices_forget (FlintNotices *self,
                      gpointer      item)
{
  const gint64 *id;

  g_return_if_fail (FLINT_IS_NOTICES (self));

  id = g_hash_table_lookup (self->ids, item);
  if (id != NULL)
    store_notices_remove (get_database (self), *id);
}
