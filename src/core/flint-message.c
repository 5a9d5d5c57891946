/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-message-private.h"

#include "flint-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_SENDER 64      /* graphemes */

struct _FlintMessage
{
  GObject            parent_instance;

  char              *id;
  char              *archive_id;      /* NULL: it is in no archive, or that is not known */
  char              *body;
  char              *sender;
  XmppJid           *sender_jid;
  char              *failure;
  char              *device;       /* GRefString, NULL: not known */
  gint64             time;
  gint64             place;           /* what the timeline is sorted by; 0: in none yet */
  guint              day;             /* since 1 January of year 1, local time; 0: not known */
  FlintMessageKind   kind : 8;
  FlintMessageState  state : 8;
  FlintRank          rank : 4;
  guint              is_own : 1;
  guint              is_action : 1;
  guint              is_delayed : 1;
  guint              is_mention : 1;
  guint              is_carbon : 1;
  guint              starts_day : 1;
  guint              starts_group : 1;
  guint              is_first_unread : 1;
  guint              shows_mark : 1;
  guint              is_stored : 1;
  guint              is_ready : 1;
  guint              is_written : 1;
  guint              is_doubtful : 1;
  guint              has_own_id : 1;
};

enum {
  PROP_0,
  PROP_KIND,
  PROP_ID,
  PROP_BODY,
  PROP_TEXT,
  PROP_SENDER,
  PROP_SENDER_JID,
  PROP_IS_OWN,
  PROP_IS_ACTION,
  PROP_TIME,
  PROP_IS_DELAYED,
  PROP_IS_MENTION,
  PROP_IS_CARBON,
  PROP_STATE,
  PROP_FAILURE,
  PROP_STARTS_DAY,
  PROP_STARTS_GROUP,
  PROP_IS_FIRST_UNREAD,
  PROP_SHOWS_MARK,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (FlintMessage, flint_message, G_TYPE_OBJECT)

/* A year that does not exist after the change of zone gives NULL */
static GDateTime *
get_local_time (gint64 time)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);

  return utc != NULL ? g_date_time_to_local (utc) : NULL;
}

static guint
get_day (GDateTime *local)
{
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, g_date_time_get_day_of_month (local), g_date_time_get_month (local), g_date_time_get_year (local));

  return g_date_get_julian (&date);
}

static void
flint_message_finalize (GObject *object)
{
  FlintMessage *self = FLINT_MESSAGE (object);

  g_free (self->id);
  g_free (self->archive_id);
  g_free (self->body);
  g_free (self->sender);
  g_free (self->failure);
  g_clear_pointer (&self->device, g_ref_string_release);
  g_clear_pointer (&self->sender_jid, xmpp_jid_unref);

  G_OBJECT_CLASS (flint_message_parent_class)->finalize (object);
}

static void
flint_message_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  FlintMessage *self = FLINT_MESSAGE (object);

  switch (id)
    {
    case PROP_KIND:
      g_value_set_int (value, self->kind);
      break;

    case PROP_ID:
      g_value_set_string (value, self->id);
      break;

    case PROP_BODY:
      g_value_set_string (value, self->body);
      break;

    case PROP_TEXT:
      g_value_set_string (value, flint_message_get_text (self));
      break;

    case PROP_SENDER:
      g_value_set_string (value, self->sender);
      break;

    case PROP_SENDER_JID:
      g_value_set_boxed (value, self->sender_jid);
      break;

    case PROP_IS_OWN:
      g_value_set_boolean (value, self->is_own);
      break;

    case PROP_IS_ACTION:
      g_value_set_boolean (value, self->is_action);
      break;

    case PROP_TIME:
      g_value_set_int64 (value, self->time);
      break;

    case PROP_IS_DELAYED:
      g_value_set_boolean (value, self->is_delayed);
      break;

    case PROP_IS_MENTION:
      g_value_set_boolean (value, self->is_mention);
      break;

    case PROP_IS_CARBON:
      g_value_set_boolean (value, self->is_carbon);
      break;

    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;

    case PROP_FAILURE:
      g_value_set_string (value, self->failure);
      break;

    case PROP_STARTS_DAY:
      g_value_set_boolean (value, self->starts_day);
      break;

    case PROP_STARTS_GROUP:
      g_value_set_boolean (value, self->starts_group);
      break;

    case PROP_IS_FIRST_UNREAD:
      g_value_set_boolean (value, self->is_first_unread);
      break;

    case PROP_SHOWS_MARK:
      g_value_set_boolean (value, self->shows_mark);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
flint_message_class_init (FlintMessageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = flint_message_finalize;
  object_class->get_property = flint_message_get_property;

  properties[PROP_KIND] = g_param_spec_int ("kind", NULL, NULL, FLINT_MESSAGE_TEXT, FLINT_MESSAGE_SYSTEM,
                                            FLINT_MESSAGE_TEXT, flags);
  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_BODY] = g_param_spec_string ("body", NULL, NULL, NULL, flags);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, flags);
  properties[PROP_SENDER] = g_param_spec_string ("sender", NULL, NULL, NULL, flags);
  properties[PROP_SENDER_JID] = g_param_spec_boxed ("sender-jid", NULL, NULL, XMPP_TYPE_JID, flags);
  properties[PROP_IS_OWN] = g_param_spec_boolean ("is-own", NULL, NULL, FALSE, flags);
  properties[PROP_IS_ACTION] = g_param_spec_boolean ("is-action", NULL, NULL, FALSE, flags);
  properties[PROP_TIME] = g_param_spec_int64 ("time", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  properties[PROP_IS_DELAYED] = g_param_spec_boolean ("is-delayed", NULL, NULL, FALSE, flags);
  properties[PROP_IS_MENTION] = g_param_spec_boolean ("is-mention", NULL, NULL, FALSE, flags);
  properties[PROP_IS_CARBON] = g_param_spec_boolean ("is-carbon", NULL, NULL, FALSE, flags);
  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, FLINT_MESSAGE_RECEIVED, FLINT_MESSAGE_FAILED,
                                             FLINT_MESSAGE_RECEIVED, flags);
  properties[PROP_FAILURE] = g_param_spec_string ("failure", NULL, NULL, NULL, flags);
  properties[PROP_STARTS_DAY] = g_param_spec_boolean ("starts-day", NULL, NULL, FALSE, flags);
  properties[PROP_STARTS_GROUP] = g_param_spec_boolean ("starts-group", NULL, NULL, FALSE, flags);
  properties[PROP_IS_FIRST_UNREAD] = g_param_spec_boolean ("is-first-unread", NULL, NULL, FALSE, flags);
  properties[PROP_SHOWS_MARK] = g_param_spec_boolean ("shows-mark", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
flint_message_init (FlintMessage *self)
{
}

/**
 * flint_message_new:
 * @kind: text, or a line of ours about what happened
 * @id: (nullable): its id on the wire
 * @body: (nullable): its text, as it came
 * @sender: (nullable): the name to show
 * @sender_jid: (nullable): who wrote it
 * @is_own: whether that is us
 * @time: µs since 1970
 *
 * An own message begins as pending, another one is received.
 *
 * Returns: (transfer full): a message that no timeline has yet
 */
FlintMessage *
flint_message_new (FlintMessageKind  kind,
                   const char       *id,
                   const char       *body,
                   const char       *sender,
                   XmppJid          *sender_jid,
                   gboolean          is_own,
                   gint64            time)
{
  FlintMessage *self = g_object_new (FLINT_TYPE_MESSAGE, NULL);
  g_autoptr(GDateTime) local = get_local_time (time);

  self->kind = kind;
  self->id = g_strdup (id);
  self->body = g_strdup (body != NULL ? body : "");
  self->sender = flint_text_for_line (sender, MAX_SENDER);
  self->sender_jid = sender_jid != NULL ? xmpp_jid_ref (sender_jid) : NULL;
  self->is_own = is_own;
  self->time = time;
  self->day = local != NULL ? get_day (local) : 0;
  self->state = is_own ? FLINT_MESSAGE_PENDING : FLINT_MESSAGE_RECEIVED;

  /* XEP-0245: the first four bytes, and nothing else (T071) */
  self->is_action = kind == FLINT_MESSAGE_TEXT && g_str_has_prefix (self->body, "/me ");

  return self;
}

/* From which device it came: a resource. The many messages of one share it. */
void
flint_message_set_device (FlintMessage *self,
                          const char   *device)
{
  g_clear_pointer (&self->device, g_ref_string_release);
  if (device != NULL)
    self->device = g_ref_string_new_intern (device);
}

/**
 * flint_message_get_device:
 * @self: a message
 *
 * Returns: (transfer none) (nullable): the device that it was sent from, as others call it
 */
const char *
flint_message_get_device (FlintMessage *self)
{
  g_return_val_if_fail (FLINT_IS_MESSAGE (self), NULL);

  return self->device;
}

/* What the sender was in the room when he wrote it */
void
flint_message_set_rank (FlintMessage *self,
                        FlintRank     rank)
{
  self->rank = rank;
}

/**
 * flint_message_get_rank:
 * @self: a message
 *
 * Returns: what the sender was in the room when it came; none where that is not known
 */
FlintRank
flint_message_get_rank (FlintMessage *self)
{
  g_return_val_if_fail (FLINT_IS_MESSAGE (self), FLINT_RANK_NONE);

  return self->rank;
}

void
flint_message_set_flags (FlintMessage *self,
                         gboolean      is_delayed,
                         gboolean      is_mention,
                         gboolean      is_carbon)
{
  self->is_delayed = is_delayed;
  self->is_mention = is_mention;
  self->is_carbon = is_carbon;
}

void
flint_message_set_state (FlintMessage      *self,
                         FlintMessageState  state,
                         const char        *failure)
{
  if (self->state != state)
    {
      self->state = state;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    }

  if (g_strcmp0 (self->failure, failure) != 0)
    {
      g_free (self->failure);
      self->failure = g_strdup (failure);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FAILURE]);
    }
}

/* µs since 1970: mostly its time, but never before what stands above it (F35) */
void
flint_message_set_place (FlintMessage *self,
                         gint64        place)
{
  self->place = place;
}

gint64
flint_message_get_place (FlintMessage *self)
{
  return self->place;
}

/* Whether the place is that of its row on the disk */
void
flint_message_set_stored (FlintMessage *self,
                          gboolean      is_stored)
{
  self->is_stored = is_stored;
}

gboolean
flint_message_is_stored (FlintMessage *self)
{
  return self->is_stored;
}

/* Whether it may go out: it is on the disk, or the disk does not take it */
void
flint_message_set_ready (FlintMessage *self,
                         gboolean      is_ready)
{
  self->is_ready = is_ready;
}

gboolean
flint_message_is_ready (FlintMessage *self)
{
  return self->is_ready;
}

/* Whether it went out, over the connection that there is */
void
flint_message_set_written (FlintMessage *self,
                           gboolean      is_written)
{
  self->is_written = is_written;
}

gboolean
flint_message_is_written (FlintMessage *self)
{
  return self->is_written;
}

/* Whether it may have gone out, over a connection that is no more (F20) */
void
flint_message_set_doubtful (FlintMessage *self,
                            gboolean      is_doubtful)
{
  self->is_doubtful = is_doubtful;
}

gboolean
flint_message_is_doubtful (FlintMessage *self)
{
  return self->is_doubtful;
}

/* Whether its sender says that nothing else of his has its id (XEP-0359) */
void
flint_message_set_has_own_id (FlintMessage *self,
                              gboolean      has_own_id)
{
  self->has_own_id = has_own_id;
}

gboolean
flint_message_has_own_id (FlintMessage *self)
{
  return self->has_own_id;
}

/* What its archive calls it: the account's, or the room's (XEP-0359) */
void
flint_message_set_archive_id (FlintMessage *self,
                              const char   *archive_id)
{
  g_free (self->archive_id);
  self->archive_id = g_strdup (archive_id);
}

const char *
flint_message_get_archive_id (FlintMessage *self)
{
  return self->archive_id;
}

/* Another device of ours, or the room, had it first */
gboolean
flint_message_is_carbon (FlintMessage *self)
{
  return self->is_carbon;
}

void
flint_message_set_starts (FlintMessage *self,
                          gboolean      day,
                          gboolean      group)
{
  if (self->starts_day != (guint) !!day)
    {
      self->starts_day = !!day;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STARTS_DAY]);
    }

  if (self->starts_group != (guint) !!group)
    {
      self->starts_group = !!group;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STARTS_GROUP]);
    }
}

void
flint_message_set_first_unread (FlintMessage *self,
                                gboolean      is_first_unread)
{
  if (self->is_first_unread == (guint) !!is_first_unread)
    return;

  self->is_first_unread = !!is_first_unread;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_FIRST_UNREAD]);
}

void
flint_message_set_shows_mark (FlintMessage *self,
                              gboolean      shows_mark)
{
  if (self->shows_mark == (guint) !!shows_mark)
    return;

  self->shows_mark = !!shows_mark;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOWS_MARK]);
}

gboolean
flint_message_same_day (FlintMessage *self,
                        FlintMessage *other)
{
  return self->day == other->day;
}

/**
 * flint_message_get_kind:
 * @self: a message
 *
 * Returns: whether somebody wrote it, or something happened
 */
FlintMessageKind
flint_message_get_kind (FlintMessage *self)
{
  g_return_val_if_fail (FLINT_IS_MESSAGE (self), FLINT_MESSAGE_TEXT);

  return self->kind;
}

/**
 * flint_message_get_id:
 * @self: a message
 *
 * Returns: (nullable): its id on the wire
 */
const char *
flint_message_get_id (FlintMessage *self)
{
  g_return_val_if_fail (FLINT_IS_MESSAGE (self), NULL);

  return self->id;
}

/**
 * flint_message_get_body:
 * @self: a message
 *
 * Returns: its text as it came: not yet fit to be shown, see flint_text_for_body ()
 */
const char *
flint_message_get_body (FlintMessage *self)
{
  g_return_val_if_fail (FLINT_IS_MESSAGE (self), NULL);

  return self->body;
}

/**
 * flint_message_get_text:
 * @self: a message
 *
 * Returns: the body without "/me " where it begins with that
 */
const char *
flint_message_get_text (FlintMessage *self)
{
  g_return_val_if_fail (FLINT_IS_MESSAGE (self), NULL);

  return self->is_action ? self->body + strlen ("/me ") : self->body;
}

/**
 * flint_message_get_sender:
 * @self: a message
 *
 * Returns: (nullable): the name to show
 */
const char *
flint_message_get_sender (FlintMessage *self)
{
  g_return_val_if_fail (FLINT_IS_MESSAGE (self), NULL);

  return self->sender;
}

/**
 * flint_message_get_sender_jid:
 * @self: a message
 *
 * Returns: (transfer none) (nullable): who wrote it
 */
XmppJid *
flint_message_get_sender_jid (FlintMessage *self)
{
  g_return_val_if_fail (FLINT_IS_MESSAGE (self), NULL);

  return self->sender_jid;
}

/**
 * flint_message_get_time:
 * @self: a message
 *
 * Returns: when it was sent, or came: µs since 1970
 */
gint64
flint_message_get_time (FlintMessage *self)
{
  g_return_val_if_fail (FLINT_IS_MESSAGE (self), 0);

  return self->time;
}

/**
 * flint_message_get_state:
 * @self: a message
 *
 * Returns: what became of it
 */
FlintMessageState
flint_message_get_state (FlintMessage *self)
{
  g_return_val_if_fail (FLINT_IS_MESSAGE (self), FLINT_MESSAGE_RECEIVED);

  return self->state;
}

/**
 * flint_message_get_failure:
 * @self: a message
 *
 * Returns: (nullable): why it failed, in words
 */
const char *
flint_message_get_failure (FlintMessage *self)
{
  g_return_val_if_fail (FLINT_IS_MESSAGE (self), NULL);

  return self->failure;
}

/**
 * flint_message_is_own:
 * @self: a message
 *
 * Returns: whether we wrote it
 */
gboolean
flint_message_is_own (FlintMessage *self)
{
  g_return_val_if_fail (FLINT_IS_MESSAGE (self), FALSE);

  return self->is_own;
}

/**
 * flint_message_is_action:
 * @self: a message
 *
 * Returns: whether its body begins with "/me "
 */
gboolean
flint_message_is_action (FlintMessage *self)
{
  g_return_val_if_fail (FLINT_IS_MESSAGE (self), FALSE);

  return self->is_action;
}

/**
 * flint_message_is_delayed:
 * @self: a message
 *
 * Returns: whether it waited somewhere before it came
 */
gboolean
flint_message_is_delayed (FlintMessage *self)
{
  g_return_val_if_fail (FLINT_IS_MESSAGE (self), FALSE);

  return self->is_delayed;
}

/**
 * flint_message_is_mention:
 * @self: a message
 *
 * Returns: whether it names us
 */
gboolean
flint_message_is_mention (FlintMessage *self)
{
  g_return_val_if_fail (FLINT_IS_MESSAGE (self), FALSE);

  return self->is_mention;
}

/**
 * flint_message_starts_day:
 * @self: a message
 *
 * Returns: whether the line with the date stands above it
 */
gboolean
flint_message_starts_day (FlintMessage *self)
{
  g_return_val_if_fail (FLINT_IS_MESSAGE (self), FALSE);

  return self->starts_day;
}

/**
 * flint_message_starts_group:
 * @self: a message
 *
 * Returns: whether it shows its sender and time
 */
gboolean
flint_message_starts_group (FlintMessage *self)
{
  g_return_val_if_fail (FLINT_IS_MESSAGE (self), FALSE);

  return self->starts_group;
}

/**
 * flint_message_is_first_unread:
 * @self: a message
 *
 * Returns: whether the line "New" stands above it
 */
gboolean
flint_message_is_first_unread (FlintMessage *self)
{
  g_return_val_if_fail (FLINT_IS_MESSAGE (self), FALSE);

  return self->is_first_unread;
}

/**
 * flint_message_shows_mark:
 * @self: a message
 *
 * Returns: whether it is the last own one in its state
 */
gboolean
flint_message_shows_mark (FlintMessage *self)
{
  g_return_val_if_fail (FLINT_IS_MESSAGE (self), FALSE);

  return self->shows_mark;
}

/**
 * flint_message_format_time:
 * @self: a message
 *
 * Returns: (transfer full): the hour and minute of it, local time
 */
char *
flint_message_format_time (FlintMessage *self)
{
  g_autoptr(GDateTime) local = NULL;

  g_return_val_if_fail (FLINT_IS_MESSAGE (self), NULL);

  local = get_local_time (self->time);

  /* Translators: a time as g_date_time_format() has it, such as 14:05; use "%l:%M %p" for 2:05 PM */
  return local != NULL ? g_date_time_format (local, _("%H:%M")) : g_strdup ("");
}

/**
 * flint_message_format_day:
 * @self: a message
 *
 * Returns: (transfer full): "Today", "Yesterday", or the date
 */
char *
flint_message_format_day (FlintMessage *self)
{
  g_autoptr(GDateTime) local = NULL;
  g_autoptr(GDateTime) now = NULL;
  int days;

  g_return_val_if_fail (FLINT_IS_MESSAGE (self), NULL);

  local = get_local_time (self->time);
  now = g_date_time_new_now_local ();

  if (local == NULL)
    return g_strdup ("");

  days = (int) get_day (now) - (int) get_day (local);

  if (days == 0)
    return g_strdup (_("Today"));

  if (days == 1)
    return g_strdup (_("Yesterday"));

  /* Translators: dates as g_date_time_format() has them: Tuesday, 3 March (this year), and with the year */
  return g_date_time_format (local, g_date_time_get_year (local) == g_date_time_get_year (now) ? _("%A, %-d %B")
                                                                                               : _("%A, %-d %B %Y"));
}
