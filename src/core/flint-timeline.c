/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-timeline-private.h"

#include "flint-message-private.h"

#include <string.h>

#define MAX_MESSAGES  50000
#define TRIM          1000
#define MAX_BYTES     (10 * 1024 * 1024)            /* of text: what others can have us keep */
#define GROUP_TIME    (5 * 60 * G_USEC_PER_SEC)

struct _FlintTimeline
{
  GObject       parent_instance;

  GPtrArray    *messages;                           /* sorted by their places */
  GHashTable   *own;                                /* id → FlintMessage, borrowed from messages */
  GHashTable   *known;                              /* those with an id, by what makes two the same; borrowed */
  GHashTable   *archived;                           /* id of the archive → FlintMessage, borrowed */
  FlintMessage *first_unread;                       /* borrowed */
  FlintMessage *marked[FLINT_MESSAGE_FAILED + 1];   /* the last own one of each state, borrowed */
  gsize         n_bytes;                            /* of all texts */
  guint         n_own[FLINT_MESSAGE_FAILED + 1];    /* how many own ones are in each state */
};

static void flint_timeline_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FlintTimeline, flint_timeline, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, flint_timeline_list_model_init))

static GType
get_item_type (GListModel *model)
{
  return FLINT_TYPE_MESSAGE;
}

static guint
get_n_items (GListModel *model)
{
  return FLINT_TIMELINE (model)->messages->len;
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  GPtrArray *messages = FLINT_TIMELINE (model)->messages;

  return position < messages->len ? g_object_ref (g_ptr_array_index (messages, position)) : NULL;
}

static void
flint_timeline_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static FlintMessage *
peek (FlintTimeline *self,
      guint          position)
{
  return g_ptr_array_index (self->messages, position);
}

/* How many have this place, or one before it */
static guint
count_until (FlintTimeline *self,
             gint64         place)
{
  guint low = 0;
  guint high = self->messages->len;

  /* Mostly it is about the end */
  if (high > 0 && flint_message_get_place (peek (self, high - 1)) <= place)
    return high;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (flint_message_get_place (peek (self, middle)) <= place)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

static gboolean
find_position (FlintTimeline *self,
               FlintMessage  *message,
               guint         *position)
{
  gint64 place = flint_message_get_place (message);

  for (guint i = count_until (self, place); i > 0 && flint_message_get_place (peek (self, i - 1)) == place; i--)
    if (peek (self, i - 1) == message)
      {
        *position = i - 1;
        return TRUE;
      }

  return FALSE;
}

/* What makes two the same: the sender's id, the sender and the text, as in the store (T049) */

static guint
hash_known (gconstpointer message)
{
  return g_str_hash (flint_message_get_id ((FlintMessage *) message));
}

static gboolean
is_known_equal (gconstpointer a,
                gconstpointer b)
{
  FlintMessage *one = (FlintMessage *) a;
  FlintMessage *other = (FlintMessage *) b;
  XmppJid *sender = flint_message_get_sender_jid (one);
  XmppJid *other_sender = flint_message_get_sender_jid (other);

  return g_str_equal (flint_message_get_id (one), flint_message_get_id (other)) &&
         flint_message_is_own (one) == flint_message_is_own (other) &&
         (flint_message_is_own (one) || sender == other_sender ||
          (sender != NULL && other_sender != NULL && xmpp_jid_equal (sender, other_sender))) &&
         g_str_equal (flint_message_get_body (one), flint_message_get_body (other));
}

static gboolean
has_id (FlintMessage *message)
{
  const char *id = flint_message_get_id (message);

  return id != NULL && *id != '\0' && flint_message_get_kind (message) == FLINT_MESSAGE_TEXT;
}

/* Another sender, or one who is something else in the room, another day, five minutes later, or after a line of ours */
static gboolean
continues_group (FlintMessage *before,
                 FlintMessage *message)
{
  XmppJid *a = flint_message_get_sender_jid (before);
  XmppJid *b = flint_message_get_sender_jid (message);

  if (flint_message_get_kind (before) != FLINT_MESSAGE_TEXT || flint_message_get_kind (message) != FLINT_MESSAGE_TEXT ||
      flint_message_is_own (before) != flint_message_is_own (message) || flint_message_is_first_unread (message) ||
      !flint_message_same_day (before, message) || ABS (flint_message_get_time (message) - flint_message_get_time (before)) > GROUP_TIME)
    return FALSE;

  if (flint_message_get_rank (before) != flint_message_get_rank (message))
    return FALSE;

  return flint_message_is_own (message) || a == b || (a != NULL && b != NULL && xmpp_jid_equal (a, b));
}

static void
update_starts (FlintTimeline *self,
               guint          position)
{
  FlintMessage *message;
  FlintMessage *before;

  if (position >= self->messages->len)
    return;

  message = peek (self, position);
  before = position > 0 ? peek (self, position - 1) : NULL;

  flint_message_set_starts (message,
                            before == NULL || !flint_message_same_day (before, message),
                            before == NULL || !continues_group (before, message));
}

/* Each failure shows its mark; of the other states the last one */
static void
update_mark (FlintTimeline     *self,
             FlintMessageState  state)
{
  FlintMessage *last = NULL;

  if (state == FLINT_MESSAGE_RECEIVED || state == FLINT_MESSAGE_FAILED)
    return;

  for (guint i = self->messages->len; i > 0 && last == NULL && self->n_own[state] > 0; i--)
    {
      FlintMessage *message = peek (self, i - 1);

      if (flint_message_is_own (message) && flint_message_get_state (message) == state)
        last = message;
    }

  if (last == self->marked[state])
    return;

  if (self->marked[state] != NULL)
    flint_message_set_shows_mark (self->marked[state], flint_message_get_state (self->marked[state]) == FLINT_MESSAGE_FAILED);

  self->marked[state] = last;

  if (last != NULL)
    flint_message_set_shows_mark (last, TRUE);
}

/* So that it is found */
static void
remember (FlintTimeline *self,
          FlintMessage  *message)
{
  self->n_bytes += strlen (flint_message_get_body (message));

  if (flint_message_is_own (message))
    {
      self->n_own[flint_message_get_state (message)]++;
      if (flint_message_get_id (message) != NULL)
        g_hash_table_insert (self->own, (gpointer) flint_message_get_id (message), message);
    }

  if (has_id (message))
    g_hash_table_replace (self->known, message, message);

  if (flint_message_get_archive_id (message) != NULL)
    g_hash_table_replace (self->archived, (gpointer) flint_message_get_archive_id (message), message);
}

static void
forget (FlintTimeline *self,
        FlintMessage  *message)
{
  const char *id = flint_message_get_id (message);
  const char *archive_id = flint_message_get_archive_id (message);

  self->n_bytes -= strlen (flint_message_get_body (message));

  if (id != NULL && g_hash_table_lookup (self->own, id) == message)
    g_hash_table_remove (self->own, id);

  if (has_id (message) && g_hash_table_lookup (self->known, message) == message)
    g_hash_table_remove (self->known, message);

  if (archive_id != NULL && g_hash_table_lookup (self->archived, archive_id) == message)
    g_hash_table_remove (self->archived, archive_id);

  if (flint_message_is_own (message))
    self->n_own[flint_message_get_state (message)]--;

  if (self->first_unread == message)
    self->first_unread = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (self->marked); i++)
    if (self->marked[i] == message)
      self->marked[i] = NULL;
}

/* How many of the oldest have to go; the last one stays in any case */
static guint
count_surplus (FlintTimeline *self)
{
  guint n = self->messages->len > MAX_MESSAGES ? TRIM : 0;
  gsize bytes = 0;
  guint n_heavy = 0;

  if (self->n_bytes <= MAX_BYTES)
    return n;

  while (n_heavy + 1 < self->messages->len && self->n_bytes - bytes > MAX_BYTES / 8 * 7)
    bytes += strlen (flint_message_get_body (peek (self, n_heavy++)));

  return MAX (n, n_heavy);
}

static void
trim (FlintTimeline *self)
{
  guint n = count_surplus (self);

  if (n == 0)
    return;

  for (guint i = 0; i < n; i++)
    forget (self, peek (self, i));

  g_ptr_array_remove_range (self->messages, 0, n);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n, 0);
  update_starts (self, 0);
}

static void
flint_timeline_finalize (GObject *object)
{
  FlintTimeline *self = FLINT_TIMELINE (object);

  g_hash_table_unref (self->own);
  g_hash_table_unref (self->known);
  g_hash_table_unref (self->archived);
  g_ptr_array_unref (self->messages);

  G_OBJECT_CLASS (flint_timeline_parent_class)->finalize (object);
}

static void
flint_timeline_class_init (FlintTimelineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flint_timeline_finalize;
}

static void
flint_timeline_init (FlintTimeline *self)
{
  self->messages = g_ptr_array_new_with_free_func (g_object_unref);
  self->own = g_hash_table_new (g_str_hash, g_str_equal);
  self->known = g_hash_table_new (hash_known, is_known_equal);
  self->archived = g_hash_table_new (g_str_hash, g_str_equal);
}

/**
 * flint_timeline_new:
 *
 * Returns: (transfer full): an empty timeline
 */
FlintTimeline *
flint_timeline_new (void)
{
  return g_object_new (FLINT_TYPE_TIMELINE, NULL);
}

/* What has a place keeps it; else it is the time, or behind the last one */
static void
give_place (FlintTimeline *self,
            FlintMessage  *message)
{
  FlintMessage *last = flint_timeline_get_last (self);
  gint64 place = flint_message_get_time (message);

  if (flint_message_get_place (message) != 0)
    return;

  if (!flint_message_is_delayed (message) && last != NULL)
    place = MAX (place, flint_message_get_place (last) + 1);

  flint_message_set_place (message, place);
}

/* For the mark of a new own one: it shows it, if it is the last in its state */
static void
mark_new (FlintTimeline *self,
          FlintMessage  *message)
{
  FlintMessageState state = flint_message_get_state (message);

  if (!flint_message_is_own (message))
    return;

  update_mark (self, state);
  flint_message_set_shows_mark (message, state == FLINT_MESSAGE_FAILED || self->marked[state] == message);
}

/**
 * flint_timeline_add:
 * @self: a timeline
 * @message: a message that is in none
 *
 * Puts @message where it is to be shown: at the end, or, when it was delayed, before those that are
 * younger. More than 50,000 messages are not kept: the oldest go.
 */
void
flint_timeline_add (FlintTimeline *self,
                    FlintMessage  *message)
{
  guint position;

  g_return_if_fail (FLINT_IS_TIMELINE (self));
  g_return_if_fail (FLINT_IS_MESSAGE (message));

  give_place (self, message);
  position = count_until (self, flint_message_get_place (message));
  g_ptr_array_insert (self->messages, position, g_object_ref (message));
  remember (self, message);

  /* Right before anybody looks */
  update_starts (self, position);
  update_starts (self, position + 1);
  mark_new (self, message);

  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, 1);

  trim (self);
}

/* How many of messages, from first on, belong in front of the one at position */
static guint
count_run (FlintTimeline *self,
           GPtrArray     *messages,
           guint          first,
           guint          position)
{
  gint64 bound = position < self->messages->len ? flint_message_get_place (peek (self, position)) : G_MAXINT64;
  guint n = 1;

  while (first + n < messages->len && flint_message_get_place (g_ptr_array_index (messages, first + n)) < bound)
    n++;

  return n;
}

static void
insert_run (FlintTimeline *self,
            GPtrArray     *messages,
            guint          first,
            guint          n,
            guint          position)
{
  guint n_behind = self->messages->len - position;

  g_ptr_array_set_size (self->messages, self->messages->len + n);
  memmove (self->messages->pdata + position + n, self->messages->pdata + position, n_behind * sizeof (gpointer));

  for (guint i = 0; i < n; i++)
    {
      self->messages->pdata[position + i] = g_object_ref (g_ptr_array_index (messages, first + i));
      remember (self, peek (self, position + i));
    }

  for (guint i = 0; i <= n; i++)
    update_starts (self, position + i);

  for (guint i = 0; i < n; i++)
    mark_new (self, peek (self, position + i));

  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, n);
}

/**
 * flint_timeline_add_page:
 * @self: a timeline
 * @messages: (element-type FlintMessage): messages with their places, sorted by these; those that it has are left out
 *
 * Adds what was said before, as few pieces as can be: mostly it is one, in front of all others.
 *
 * Returns: how many there are more
 */
guint
flint_timeline_add_page (FlintTimeline *self,
                         GPtrArray     *messages)
{
  g_autoptr(GPtrArray) fresh = NULL;
  guint n;

  g_return_val_if_fail (FLINT_IS_TIMELINE (self), 0);

  fresh = g_ptr_array_new ();
  for (guint i = 0; i < messages->len; i++)
    if (flint_timeline_find_same (self, g_ptr_array_index (messages, i)) == NULL)
      g_ptr_array_add (fresh, g_ptr_array_index (messages, i));

  for (guint i = 0; i < fresh->len; i += n)
    {
      guint position = count_until (self, flint_message_get_place (g_ptr_array_index (fresh, i)));

      n = count_run (self, fresh, i, position);
      insert_run (self, fresh, i, n, position);
    }

  return fresh->len;
}

/**
 * flint_timeline_find_same:
 * @self: a timeline
 * @message: a message that is in none
 *
 * Returns: (transfer none) (nullable): the one that is the same, come another way (F25)
 */
FlintMessage *
flint_timeline_find_same (FlintTimeline *self,
                          FlintMessage  *message)
{
  const char *archive_id;
  FlintMessage *same = NULL;

  g_return_val_if_fail (FLINT_IS_TIMELINE (self), NULL);
  g_return_val_if_fail (FLINT_IS_MESSAGE (message), NULL);

  archive_id = flint_message_get_archive_id (message);
  if (archive_id != NULL)
    same = g_hash_table_lookup (self->archived, archive_id);

  if (same == NULL && has_id (message))
    same = g_hash_table_lookup (self->known, message);

  return same;
}

/* To where its row is: it is somewhere else where our clock was put back (F35) */
static void
move (FlintTimeline *self,
      guint          position,
      gint64         place)
{
  FlintMessage *message = g_ptr_array_steal_index (self->messages, position);
  guint new_position = count_until (self, place);
  guint first = MIN (position, new_position);
  guint n = MAX (position, new_position) - first + 1;

  flint_message_set_place (message, place);
  g_ptr_array_insert (self->messages, new_position, message);

  if (n == 1)
    return;

  for (guint i = 0; i <= n; i++)
    update_starts (self, first + i);
  if (flint_message_is_own (message))
    update_mark (self, flint_message_get_state (message));

  g_list_model_items_changed (G_LIST_MODEL (self), first, n, n);
}

/* What became known of one that it has: where its row is, and what the archive calls it. FALSE: it does not have it. */
gboolean
flint_timeline_set_stored (FlintTimeline *self,
                           FlintMessage  *message,
                           gint64         place,
                           const char    *archive_id)
{
  guint position;

  if (!find_position (self, message, &position))
    return FALSE;

  move (self, position, place);
  flint_message_set_stored (message, TRUE);

  if (archive_id != NULL && flint_message_get_archive_id (message) == NULL)
    {
      flint_message_set_archive_id (message, archive_id);
      g_hash_table_replace (self->archived, (gpointer) flint_message_get_archive_id (message), message);
    }

  return TRUE;
}

/**
 * flint_timeline_remove:
 * @self: a timeline
 * @message: one of its messages
 *
 * Takes @message out.
 */
void
flint_timeline_remove (FlintTimeline *self,
                       FlintMessage  *message)
{
  g_autoptr(FlintMessage) kept = NULL;
  guint position;

  g_return_if_fail (FLINT_IS_TIMELINE (self));
  g_return_if_fail (FLINT_IS_MESSAGE (message));

  if (!find_position (self, message, &position))
    return;

  kept = g_object_ref (message);
  forget (self, message);
  g_ptr_array_remove_index (self->messages, position);
  update_starts (self, position);
  update_mark (self, flint_message_get_state (message));

  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

/**
 * flint_timeline_find_own:
 * @self: a timeline
 * @id: (nullable): an id on the wire
 *
 * Returns: (transfer none) (nullable): our message with this id
 */
FlintMessage *
flint_timeline_find_own (FlintTimeline *self,
                         const char    *id)
{
  g_return_val_if_fail (FLINT_IS_TIMELINE (self), NULL);

  return id != NULL ? g_hash_table_lookup (self->own, id) : NULL;
}

/**
 * flint_timeline_set_state:
 * @self: a timeline
 * @message: one of its own messages
 * @state: what became of it
 * @failure: (nullable): why it failed, in words
 *
 * Tells what became of a message, and moves the marks.
 */
void
flint_timeline_set_state (FlintTimeline     *self,
                          FlintMessage      *message,
                          FlintMessageState  state,
                          const char        *failure)
{
  FlintMessageState old;

  g_return_if_fail (FLINT_IS_TIMELINE (self));
  g_return_if_fail (FLINT_IS_MESSAGE (message));

  old = flint_message_get_state (message);
  flint_message_set_state (message, state, failure);

  if (old == state)
    return;

  self->n_own[old]--;
  self->n_own[state]++;
  flint_message_set_shows_mark (message, state == FLINT_MESSAGE_FAILED);
  update_mark (self, old);
  update_mark (self, state);
}

/**
 * flint_timeline_set_first_unread:
 * @self: a timeline
 * @message: (nullable): one of its messages; %NULL: none
 *
 * Moves the line "New" above @message.
 */
void
flint_timeline_set_first_unread (FlintTimeline *self,
                                 FlintMessage  *message)
{
  FlintMessage *old;
  guint position;

  g_return_if_fail (FLINT_IS_TIMELINE (self));

  if (self->first_unread == message)
    return;

  old = self->first_unread;
  self->first_unread = message;

  if (old != NULL)
    {
      flint_message_set_first_unread (old, FALSE);

      if (find_position (self, old, &position))
        update_starts (self, position);
    }

  if (message != NULL)
    {
      flint_message_set_first_unread (message, TRUE);

      if (find_position (self, message, &position))
        update_starts (self, position);
    }
}

/* The youngest message, or NULL */
FlintMessage *
flint_timeline_get_last (FlintTimeline *self)
{
  return self->messages->len > 0 ? peek (self, self->messages->len - 1) : NULL;
}

/* The line "New" above the first one of others behind place. FALSE: what is there begins behind it, or ends before it. */
gboolean
flint_timeline_set_unread_after (FlintTimeline *self,
                                 gint64         place)
{
  guint position = count_until (self, place);

  if (position == 0)
    return FALSE;

  while (position < self->messages->len &&
         (flint_message_is_own (peek (self, position)) || flint_message_get_kind (peek (self, position)) != FLINT_MESSAGE_TEXT))
    position++;

  if (position == self->messages->len)
    return FALSE;

  flint_timeline_set_first_unread (self, peek (self, position));

  return TRUE;
}

/* The oldest message, or NULL */
FlintMessage *
flint_timeline_get_first (FlintTimeline *self)
{
  return self->messages->len > 0 ? peek (self, 0) : NULL;
}

/* The oldest one that an archive has, as far as is known, or NULL */
FlintMessage *
flint_timeline_get_first_archived (FlintTimeline *self)
{
  for (guint i = 0; i < self->messages->len; i++)
    if (flint_message_get_archive_id (peek (self, i)) != NULL)
      return peek (self, i);

  return NULL;
}

/* The place of the first one that is on the disk; G_MAXINT64: none of them is */
gint64
flint_timeline_get_first_stored (FlintTimeline *self)
{
  for (guint i = 0; i < self->messages->len; i++)
    if (flint_message_is_stored (peek (self, i)))
      return flint_message_get_place (peek (self, i));

  return G_MAXINT64;
}

/* (transfer full) (element-type FlintMessage): our own that were sent at @since, µs since 1970, or later, and of
 * which no more is known
 */
GPtrArray *
flint_timeline_get_sent_since (FlintTimeline *self,
                               gint64         since)
{
  GPtrArray *sent = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = self->messages->len; i > 0 && self->n_own[FLINT_MESSAGE_SENT] > 0; i--)
    {
      FlintMessage *message = peek (self, i - 1);

      if (!flint_message_is_delayed (message) && flint_message_get_time (message) < since)
        break;

      if (flint_message_is_own (message) && flint_message_get_state (message) == FLINT_MESSAGE_SENT &&
          flint_message_get_time (message) >= since)
        g_ptr_array_add (sent, g_object_ref (message));
    }

  return sent;
}

/* What we wrote and no server has, in its order */
GPtrArray *
flint_timeline_get_unsent (FlintTimeline *self)
{
  GPtrArray *unsent = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->messages->len && self->marked[FLINT_MESSAGE_PENDING] != NULL; i++)
    if (flint_message_get_state (peek (self, i)) == FLINT_MESSAGE_PENDING)
      g_ptr_array_add (unsent, g_object_ref (peek (self, i)));

  return unsent;
}
