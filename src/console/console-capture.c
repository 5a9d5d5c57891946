/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console-capture.h"

#include "console-packer.h"
#include "console-snapshot.h"

#include <string.h>

#define BLOCK              1000u
#define DEFAULT_LIMIT      100000u
#define DEFAULT_BYTE_LIMIT (128u * 1024 * 1024)   /* before they are packed; a hundred thousand of the usual ones have 50 MB */
#define MIN_BYTE_LIMIT     (64u * 1024)

struct _ConsoleCapture
{
  GObject        parent_instance;

  guint          limit;
  guint          byte_limit;
  guint          n_dropped;     /* since it was cleared */

  ConsoleLog    *log;
  ConsolePacker *packer;
  guint          next_number;   /* the first that was not told yet: it came in this turn */
  guint          idle;
  GHashTable    *accounts;      /* XmppSession, weak → GRefString */
  GHashTable    *counts;        /* account → ConsoleCounts, owned */
  ConsoleCounts  all;
  XmppSession   *by_hand;       /* what it sends now was written by a person */
  ConsoleHistory *history;
};

enum {
  PROP_0,
  PROP_LIMIT,
  PROP_BYTE_LIMIT,
  PROP_DROPPED,
  N_PROPS
};

enum {
  COUNTED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ConsoleCapture, console_capture, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

/* Counts */

static void
count_into (ConsoleCounts       *counts,
            const ConsoleRecord *record,
            int                  by)
{
  counts->entries += by;
  counts->kinds[record->kind] += by;
  if (!console_record_is (record, CONSOLE_RECORD_EVENT))
    counts->directions[console_record_is (record, CONSOLE_RECORD_SENT) ? XMPP_SENT : XMPP_RECEIVED] += by;
  if (console_record_is (record, CONSOLE_RECORD_ERROR))
    counts->errors += by;
}

static void
count (ConsoleCapture      *self,
       const ConsoleRecord *record,
       int                  by)
{
  const char *account = console_log_get_account (self->log, record->account);
  ConsoleCounts *counts = g_hash_table_lookup (self->counts, account);

  if (counts == NULL)
    {
      counts = g_new0 (ConsoleCounts, 1);
      g_hash_table_insert (self->counts, g_strdup (account), counts);
    }

  count_into (counts, record, by);
  count_into (&self->all, record, by);
}

static guint
get_count (ConsoleCapture *self)
{
  return self->next_number - console_log_get_first (self->log);
}

static void
drop_page (ConsoleCapture *self)
{
  ConsolePage *page = console_log_get_oldest (self->log);
  guint first = console_page_get_first (page);
  guint n = console_page_get_count (page);

  for (guint i = 0; i < n; i++)
    count (self, console_page_get_record (page, first + i), -1);

  console_log_drop_oldest (self->log);
}

/* Whole blocks go from the front: each time the rows behind them move up, in the model and on the screen. */
static void
trim (ConsoleCapture *self)
{
  guint n = get_count (self);
  gsize bytes = console_log_get_bytes (self->log);
  guint n_most = n;
  gsize most_bytes = bytes;

  if (n > self->limit)
    n_most = n - MIN (n, (n - self->limit + BLOCK - 1) / BLOCK * BLOCK);
  if (bytes > self->byte_limit)
    most_bytes = self->byte_limit - self->byte_limit / 16;

  while (get_count (self) > n_most || console_log_get_bytes (self->log) > most_bytes)
    drop_page (self);

  n -= get_count (self);
  if (n == 0)
    return;

  self->n_dropped += n;
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n, 0);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DROPPED]);
}

static void
flush (ConsoleCapture *self)
{
  guint position = get_count (self);
  guint n = console_log_get_next (self->log) - self->next_number;

  g_clear_handle_id (&self->idle, g_source_remove);

  if (n == 0)
    return;

  self->next_number += n;
  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, n);
  trim (self);
  console_packer_queue (self->packer);
  g_signal_emit (self, signals[COUNTED], 0);
}

static gboolean
on_idle (gpointer user_data)
{
  ConsoleCapture *self = user_data;

  self->idle = 0;
  flush (self);

  return G_SOURCE_REMOVE;
}

/* Entries wait for the end of this turn; a flood that never lets it end does not pile up. */
static void
add (ConsoleCapture      *self,
     const ConsoleRecord *record)
{
  count (self, record, 1);

  if (console_log_get_next (self->log) - self->next_number >= BLOCK)
    flush (self);
  else if (self->idle == 0)
    self->idle = g_idle_add_full (G_PRIORITY_HIGH_IDLE, on_idle, self, NULL);
}

/* The sessions */

/* Without an address yet (anonymous) an account is called what the server made of it. */
static const char *
get_account (ConsoleCapture *self,
             XmppSession    *session)
{
  const char *account = g_hash_table_lookup (self->accounts, session);
  XmppJid *jid;

  if (account != NULL && *account != '\0')
    return account;

  jid = xmpp_session_get_jid (session);

  return jid != NULL ? xmpp_jid_get_text (jid) : "";
}

static void
on_stanza (XmppSession    *session,
           XmppStanza     *stanza,
           XmppDirection   direction,
           ConsoleCapture *self)
{
  add (self, console_log_add_stanza (self->log, get_account (self, session), stanza, direction,
                                     self->by_hand == session && direction == XMPP_SENT));
}

static void
on_event (XmppSession    *session,
          XmppEvent       event,
          XmppDirection   direction,
          const char     *text,
          ConsoleCapture *self)
{
  add (self, console_log_add_event (self->log, get_account (self, session), event, direction, text));
}

static void
on_session_gone (gpointer  user_data,
                 GObject  *session)
{
  ConsoleCapture *self = user_data;

  g_hash_table_remove (self->accounts, session);
}

/**
 * console_capture_watch:
 * @session: a session; it is not kept alive
 * @account: its bare address, or "" while it has none
 *
 * From now on everything that the session sends and receives is kept.
 */
void
console_capture_watch (ConsoleCapture *self,
                       XmppSession    *session,
                       const char     *account)
{
  g_return_if_fail (CONSOLE_IS_CAPTURE (self));
  g_return_if_fail (XMPP_IS_SESSION (session));

  if (!g_hash_table_contains (self->accounts, session))
    {
      g_object_weak_ref (G_OBJECT (session), on_session_gone, self);
      g_signal_connect_object (session, "stanza", G_CALLBACK (on_stanza), self, 0);
      g_signal_connect_object (session, "event", G_CALLBACK (on_event), self, 0);
    }

  g_hash_table_insert (self->accounts, session, g_ref_string_new_intern (account != NULL ? account : ""));
}

/**
 * console_capture_send:
 * @session: a session
 * @xml: one element or several, as a person wrote them
 * @error: as of xmpp_session_send_raw()
 *
 * Sends @xml as it is, if it is well-formed, marks its entries as sent by hand, and remembers it in the history.
 *
 * Returns: whether it was sent
 */
gboolean
console_capture_send (ConsoleCapture  *self,
                      XmppSession     *session,
                      const char      *xml,
                      GError         **error)
{
  gboolean is_sent;

  g_return_val_if_fail (CONSOLE_IS_CAPTURE (self), FALSE);

  self->by_hand = session;
  is_sent = xmpp_session_send_raw (session, xml, error);
  self->by_hand = NULL;
  if (is_sent)
    console_history_add (self->history, xml);

  return is_sent;
}

/**
 * console_capture_clear:
 *
 * Lets go of all entries. Their numbers are not given again.
 */
void
console_capture_clear (ConsoleCapture *self)
{
  guint n;

  g_return_if_fail (CONSOLE_IS_CAPTURE (self));

  g_clear_handle_id (&self->idle, g_source_remove);
  g_hash_table_remove_all (self->counts);
  self->all = (ConsoleCounts) { 0 };
  self->n_dropped = 0;

  n = get_count (self);
  console_log_clear (self->log);
  self->next_number = console_log_get_next (self->log);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n, 0);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DROPPED]);
  g_signal_emit (self, signals[COUNTED], 0);
}

/**
 * console_capture_pack:
 *
 * Makes what is kept small at once, and not only in a while.
 */
void
console_capture_pack (ConsoleCapture *self)
{
  g_return_if_fail (CONSOLE_IS_CAPTURE (self));

  console_packer_start (self->packer);
}

/**
 * console_capture_is_packed:
 *
 * Returns: whether all that can be packed is packed
 */
gboolean
console_capture_is_packed (ConsoleCapture *self)
{
  g_return_val_if_fail (CONSOLE_IS_CAPTURE (self), TRUE);

  return console_packer_is_done (self->packer);
}

/**
 * console_capture_get_log:
 *
 * Returns: (transfer none): where the entries are, by their numbers
 */
ConsoleLog *
console_capture_get_log (ConsoleCapture *self)
{
  g_return_val_if_fail (CONSOLE_IS_CAPTURE (self), NULL);

  return self->log;
}

/**
 * console_capture_get_snapshot:
 *
 * Returns: (transfer full): a list of all entries that are kept now, which does not change
 */
GListModel *
console_capture_get_snapshot (ConsoleCapture *self)
{
  GArray *numbers;

  g_return_val_if_fail (CONSOLE_IS_CAPTURE (self), NULL);

  numbers = g_array_sized_new (FALSE, FALSE, sizeof (guint), get_count (self));
  for (guint number = console_log_get_first (self->log); number != self->next_number; number++)
    g_array_append_val (numbers, number);

  return console_snapshot_new (self->log, console_log_copy_pages (self->log), numbers);
}

guint
console_capture_get_dropped (ConsoleCapture *self)
{
  g_return_val_if_fail (CONSOLE_IS_CAPTURE (self), 0);

  return self->n_dropped;
}

/**
 * console_capture_get_counts:
 * @account: (nullable): of this account; %NULL: of all
 *
 * Returns: (transfer none): what is kept, counted
 */
const ConsoleCounts *
console_capture_get_counts (ConsoleCapture *self,
                            const char     *account)
{
  static const ConsoleCounts none = { 0 };
  const ConsoleCounts *counts;

  g_return_val_if_fail (CONSOLE_IS_CAPTURE (self), &none);

  if (account == NULL)
    return &self->all;

  counts = g_hash_table_lookup (self->counts, account);

  return counts != NULL ? counts : &none;
}

/**
 * console_capture_get_history:
 *
 * Returns: (transfer none): what was sent by console_capture_send()
 */
ConsoleHistory *
console_capture_get_history (ConsoleCapture *self)
{
  g_return_val_if_fail (CONSOLE_IS_CAPTURE (self), NULL);

  return self->history;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

/**
 * console_capture_get_accounts:
 *
 * Returns: (transfer full): the accounts of which there are entries, in the order of the alphabet
 */
char **
console_capture_get_accounts (ConsoleCapture *self)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer name;
  gpointer counts;

  g_return_val_if_fail (CONSOLE_IS_CAPTURE (self), NULL);

  g_hash_table_iter_init (&iter, self->counts);
  while (g_hash_table_iter_next (&iter, &name, &counts))
    {
      if (((ConsoleCounts *) counts)->entries > 0)
        g_ptr_array_add (names, g_strdup (name));
    }

  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);

  return (char **) g_ptr_array_steal (names, NULL);
}

static GType
console_capture_get_item_type (GListModel *model)
{
  return CONSOLE_TYPE_ENTRY;
}

static guint
console_capture_get_n_items (GListModel *model)
{
  return get_count (CONSOLE_CAPTURE (model));
}

static gpointer
console_capture_get_item (GListModel *model,
                          guint       position)
{
  ConsoleCapture *self = CONSOLE_CAPTURE (model);

  if (position >= get_count (self))
    return NULL;

  return console_log_get_entry (self->log, NULL, console_log_get_first (self->log) + position);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = console_capture_get_item_type;
  iface->get_n_items = console_capture_get_n_items;
  iface->get_item = console_capture_get_item;
}

static void
console_capture_dispose (GObject *object)
{
  ConsoleCapture *self = CONSOLE_CAPTURE (object);
  GHashTableIter iter;
  gpointer session;

  g_clear_handle_id (&self->idle, g_source_remove);

  g_hash_table_iter_init (&iter, self->accounts);
  while (g_hash_table_iter_next (&iter, &session, NULL))
    {
      g_object_weak_unref (session, on_session_gone, self);
      g_hash_table_iter_remove (&iter);
    }

  G_OBJECT_CLASS (console_capture_parent_class)->dispose (object);
}

static void
console_capture_finalize (GObject *object)
{
  ConsoleCapture *self = CONSOLE_CAPTURE (object);

  console_packer_free (self->packer);
  console_log_unref (self->log);
  g_hash_table_unref (self->accounts);
  g_hash_table_unref (self->counts);
  g_object_unref (self->history);

  G_OBJECT_CLASS (console_capture_parent_class)->finalize (object);
}

static void
console_capture_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  ConsoleCapture *self = CONSOLE_CAPTURE (object);

  switch (prop_id)
    {
    case PROP_LIMIT:
      g_value_set_uint (value, self->limit);
      break;

    case PROP_BYTE_LIMIT:
      g_value_set_uint (value, self->byte_limit);
      break;

    case PROP_DROPPED:
      g_value_set_uint (value, self->n_dropped);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
console_capture_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  ConsoleCapture *self = CONSOLE_CAPTURE (object);

  switch (prop_id)
    {
    case PROP_LIMIT:
      self->limit = g_value_get_uint (value);
      flush (self);
      trim (self);
      g_signal_emit (self, signals[COUNTED], 0);
      break;

    case PROP_BYTE_LIMIT:
      self->byte_limit = g_value_get_uint (value);
      flush (self);
      trim (self);
      g_signal_emit (self, signals[COUNTED], 0);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
console_capture_class_init (ConsoleCaptureClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = console_capture_dispose;
  object_class->finalize = console_capture_finalize;
  object_class->get_property = console_capture_get_property;
  object_class->set_property = console_capture_set_property;

  properties[PROP_LIMIT] =
    g_param_spec_uint ("limit", NULL, NULL, BLOCK, G_MAXUINT, DEFAULT_LIMIT, (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  properties[PROP_BYTE_LIMIT] =
    g_param_spec_uint ("byte-limit", NULL, NULL, MIN_BYTE_LIMIT, G_MAXUINT, DEFAULT_BYTE_LIMIT, (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  properties[PROP_DROPPED] =
    g_param_spec_uint ("dropped", NULL, NULL, 0, G_MAXUINT, 0, (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[COUNTED] =
    g_signal_new ("counted", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
console_capture_init (ConsoleCapture *self)
{
  self->limit = DEFAULT_LIMIT;
  self->byte_limit = DEFAULT_BYTE_LIMIT;
  self->log = console_log_new ();
  self->packer = console_packer_new (self->log);
  self->next_number = console_log_get_next (self->log);
  self->accounts = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ref_string_release);
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->history = console_history_new ();
}

/**
 * console_capture_new:
 *
 * Returns: (transfer full): a capture that watches nobody yet
 */
ConsoleCapture *
console_capture_new (void)
{
  return g_object_new (CONSOLE_TYPE_CAPTURE, NULL);
}
