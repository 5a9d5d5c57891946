/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0045: one room. Joining it is in xmpp-room-join.c, who comes and goes in xmpp-room-presence.c, and
 * what we ask of it in xmpp-room-actions.c.
 */

#include "flint-config.h"

#include "xmpp-room-private.h"

#include <glib/gi18n-lib.h>

enum
{
  PROP_0,
  PROP_JID,
  PROP_NICK,
  PROP_STATE,
  PROP_SUBJECT,
  PROP_SUBJECT_BY,
  PROP_STATUS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
guint xmpp_room_signals[XMPP_ROOM_N_SIGNALS];

G_DEFINE_FINAL_TYPE (XmppRoom, xmpp_room, G_TYPE_OBJECT)

/* Why a join ended before it was one, in words */
static const struct
{
  XmppLeave   why;
  const char *words;
} reasons[] = {
  { XMPP_LEAVE_LEFT,         N_("The room did not let you in") },
  { XMPP_LEAVE_KICKED,       N_("You were removed from the room") },
  { XMPP_LEAVE_BANNED,       N_("You are banned from this room") },
  { XMPP_LEAVE_AFFILIATION,  N_("You may not be in this room any more") },
  { XMPP_LEAVE_MEMBERS_ONLY, N_("Only members may enter this room") },
  { XMPP_LEAVE_SHUTDOWN,     N_("The room’s server is shutting down. Try again later") },
  { XMPP_LEAVE_ERROR,        N_("The room lost its connection to you. Try again") },
  { XMPP_LEAVE_DESTROYED,    N_("The room does not exist any more") },
};

static GError *
make_leave_error (XmppLeave why)
{
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (reasons[i].why == why)
      return g_error_new_literal (XMPP_ERROR, XMPP_ERROR_FAILED, _(reasons[i].words));

  return g_error_new_literal (XMPP_ERROR, XMPP_ERROR_DISCONNECTED, _("The connection was lost"));
}

static void
xmpp_room_finalize (GObject *object)
{
  XmppRoom *self = XMPP_ROOM (object);

  g_clear_pointer (&self->occupants, g_hash_table_unref);
  g_clear_pointer (&self->jid, xmpp_jid_unref);
  g_clear_pointer (&self->alternative, xmpp_jid_unref);
  g_free (self->nick);
  g_free (self->subject);
  g_free (self->subject_by);

  G_OBJECT_CLASS (xmpp_room_parent_class)->finalize (object);
}

static void
xmpp_room_get_property (GObject    *object,
                        guint       prop_id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  XmppRoom *self = XMPP_ROOM (object);

  switch (prop_id)
    {
    case PROP_JID:
      g_value_set_boxed (value, self->jid);
      break;

    case PROP_NICK:
      g_value_set_string (value, self->nick);
      break;

    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;

    case PROP_SUBJECT:
      g_value_set_string (value, self->subject);
      break;

    case PROP_SUBJECT_BY:
      g_value_set_string (value, self->subject_by);
      break;

    case PROP_STATUS:
      g_value_set_uint (value, self->status);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xmpp_room_class_init (XmppRoomClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);
  GType occupant = XMPP_TYPE_OCCUPANT | G_SIGNAL_TYPE_STATIC_SCOPE;
  GType string = G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE;
  guint *signals = xmpp_room_signals;

  object_class->finalize = xmpp_room_finalize;
  object_class->get_property = xmpp_room_get_property;

  /**
   * XmppRoom:jid:
   *
   * The address of the room.
   */
  properties[PROP_JID] =
    g_param_spec_boxed ("jid", NULL, NULL,
                        XMPP_TYPE_JID,
                        (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  /**
   * XmppRoom:nick:
   *
   * Our nickname, as the room has it; the one that was asked for until we are in.
   */
  properties[PROP_NICK] =
    g_param_spec_string ("nick", NULL, NULL,
                         NULL,
                         (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  /**
   * XmppRoom:state:
   *
   * An #XmppRoomState.
   */
  properties[PROP_STATE] =
    g_param_spec_int ("state", NULL, NULL,
                      XMPP_ROOM_OUT, XMPP_ROOM_IN, XMPP_ROOM_OUT,
                      (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  /**
   * XmppRoom:subject:
   *
   * The topic; %NULL when there is none.
   */
  properties[PROP_SUBJECT] =
    g_param_spec_string ("subject", NULL, NULL,
                         NULL,
                         (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  /**
   * XmppRoom:subject-by:
   *
   * The nickname of who set the topic; %NULL when the room does not say.
   */
  properties[PROP_SUBJECT_BY] =
    g_param_spec_string ("subject-by", NULL, NULL,
                         NULL,
                         (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  /**
   * XmppRoom:status:
   *
   * What the room said of itself since we joined it, #XmppRoomStatus.
   */
  properties[PROP_STATUS] =
    g_param_spec_uint ("status", NULL, NULL,
                       0, G_MAXUINT, 0,
                       (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * XmppRoom::joined:
   *
   * We are in, and the list of occupants is whole.
   */
  signals[XMPP_ROOM_JOINED] =
    g_signal_new ("joined", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * XmppRoom::left:
   * @self: a room
   * @why: an #XmppLeave
   * @actor: (nullable): the nickname or address of who did it
   * @reason: (nullable): in that one's words
   *
   * We were in, and are not any more.
   */
  signals[XMPP_ROOM_LEFT] =
    g_signal_new ("left", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 3, G_TYPE_INT, string, string);

  /**
   * XmppRoom::occupant-joined:
   * @self: a room
   * @occupant: who came
   *
   * Somebody came while we were in.
   */
  signals[XMPP_ROOM_OCCUPANT_JOINED] =
    g_signal_new ("occupant-joined", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, occupant);

  /**
   * XmppRoom::occupant-changed:
   * @self: a room
   * @occupant: what is known of him now
   *
   * The role, affiliation, status or address of somebody changed, or became known.
   */
  signals[XMPP_ROOM_OCCUPANT_CHANGED] =
    g_signal_new ("occupant-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, occupant);

  /**
   * XmppRoom::occupant-left:
   * @self: a room
   * @occupant: who went
   * @why: an #XmppLeave
   * @actor: (nullable): the nickname or address of who did it
   * @reason: (nullable): in that one's words, or in the occupant's who went by himself
   *
   * Somebody else went.
   */
  signals[XMPP_ROOM_OCCUPANT_LEFT] =
    g_signal_new ("occupant-left", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 4, occupant, G_TYPE_INT, string, string);

  /**
   * XmppRoom::occupant-renamed:
   * @self: a room
   * @occupant: the same person under the new nickname
   * @old_nick: the one before
   *
   * Somebody, or we, have another nickname.
   */
  signals[XMPP_ROOM_OCCUPANT_RENAMED] =
    g_signal_new ("occupant-renamed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, occupant, string);

  /**
   * XmppRoom::subject-changed:
   * @self: a room
   * @subject: (nullable): the topic
   * @by: (nullable): the nickname of who set it
   * @time: when, in µs since 1970
   *
   * The room told its topic, which it also does when one joins.
   */
  signals[XMPP_ROOM_SUBJECT_CHANGED] =
    g_signal_new ("subject-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 3, string, string, G_TYPE_INT64);

  /**
   * XmppRoom::created:
   *
   * There was no such room, so there is one now; others may come once it is configured, see
   * xmpp_room_accept_defaults ().
   */
  signals[XMPP_ROOM_CREATED] =
    g_signal_new ("created", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * XmppRoom::failed:
   * @self: a room
   * @error: why, in words
   *
   * The room refused a nickname, a topic, an invitation or its defaults.
   */
  signals[XMPP_ROOM_FAILED] =
    g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
xmpp_room_init (XmppRoom *self)
{
  self->occupants = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) xmpp_occupant_unref);
}

XmppRoom *
xmpp_room_new (XmppSession *session,
               XmppJid     *jid)
{
  XmppRoom *self = g_object_new (XMPP_TYPE_ROOM, NULL);

  self->session = session;
  self->jid = xmpp_jid_ref (jid);

  return self;
}

/* The session goes away; who keeps the room keeps what was known of it. */
void
xmpp_room_detach (XmppRoom *self)
{
  xmpp_room_exit (self, XMPP_LEAVE_DISCONNECTED, NULL, NULL, NULL);
  self->session = NULL;
}

/* Whether what comes from its address is the room's */
gboolean
xmpp_room_is_known (XmppRoom *self)
{
  return self->state != XMPP_ROOM_OUT || self->is_leaving;
}

gboolean
xmpp_room_has_told_history (XmppRoom *self)
{
  return self->has_told_history;
}

void
xmpp_room_set_state (XmppRoom      *self,
                     XmppRoomState  state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

void
xmpp_room_take_nick (XmppRoom   *self,
                     const char *nick)
{
  if (g_strcmp0 (self->nick, nick) == 0)
    return;

  g_free (self->nick);
  self->nick = g_strdup (nick);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NICK]);
}

/* What excludes one another replaces one another; what happened once is not kept. */
void
xmpp_room_add_status (XmppRoom *self,
                      guint     status)
{
  const guint anonymity = XMPP_ROOM_STATUS_NOT_ANONYMOUS | XMPP_ROOM_STATUS_SEMI_ANONYMOUS;
  const guint logging = XMPP_ROOM_STATUS_LOGGED | XMPP_ROOM_STATUS_NOT_LOGGED;
  guint whole = self->status;

  status &= ~(XMPP_ROOM_STATUS_CONFIGURED | XMPP_ROOM_STATUS_AFFILIATION);
  if ((status & anonymity) != 0)
    whole &= ~anonymity;
  if ((status & logging) != 0)
    whole &= ~logging;
  whole |= status;

  if (whole == self->status)
    return;

  self->status = whole;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
}

/* The topic ends what is told of the time before we came (XEP-0045, 7.1). */
void
xmpp_room_take_subject (XmppRoom          *self,
                        const XmppMessage *message)
{
  const char *by = xmpp_jid_get_resource (message->from);
  const char *subject = message->subject != NULL && *message->subject != '\0' ? message->subject : NULL;

  self->has_told_history = TRUE;

  g_free (self->subject);
  g_free (self->subject_by);
  self->subject = g_strdup (subject);
  self->subject_by = g_strdup (by);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SUBJECT]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SUBJECT_BY]);
  g_signal_emit (self, xmpp_room_signals[XMPP_ROOM_SUBJECT_CHANGED], 0, subject, by, message->time);
}

void
xmpp_room_fail (XmppRoom *self,
                GError   *error)
{
  g_signal_emit (self, xmpp_room_signals[XMPP_ROOM_FAILED], 0, error);
}

/* We are out, by whatever way. A join that has not ended ends with @error (transfer full), or with one
 * made of @why.
 */
void
xmpp_room_exit (XmppRoom   *self,
                XmppLeave   why,
                const char *actor,
                const char *reason,
                GError     *error)
{
  gboolean was_in = self->state == XMPP_ROOM_IN;
  g_autoptr(XmppRoom) alive = g_object_ref (self);
  g_autoptr(GError) owned = error;

  if (why == XMPP_LEAVE_DISCONNECTED)
    self->is_leaving = FALSE;

  if (self->state == XMPP_ROOM_OUT)
    return;

  self->self = NULL;
  self->has_told_history = FALSE;
  g_hash_table_remove_all (self->occupants);

  xmpp_room_set_state (self, XMPP_ROOM_OUT);
  if (was_in)
    g_signal_emit (self, xmpp_room_signals[XMPP_ROOM_LEFT], 0, why, actor, reason);

  xmpp_room_end_join (self, owned != NULL ? g_steal_pointer (&owned) : make_leave_error (why));
}

/**
 * xmpp_room_get_jid:
 * @self: a room
 *
 * Returns: (transfer none): its address, bare
 */
XmppJid *
xmpp_room_get_jid (XmppRoom *self)
{
  g_return_val_if_fail (XMPP_IS_ROOM (self), NULL);

  return self->jid;
}

/**
 * xmpp_room_get_nick:
 * @self: a room
 *
 * Returns: (nullable): our nickname in it
 */
const char *
xmpp_room_get_nick (XmppRoom *self)
{
  g_return_val_if_fail (XMPP_IS_ROOM (self), NULL);

  return self->nick;
}

/**
 * xmpp_room_get_state:
 * @self: a room
 *
 * Returns: whether we are in, out, or on the way in
 */
XmppRoomState
xmpp_room_get_state (XmppRoom *self)
{
  g_return_val_if_fail (XMPP_IS_ROOM (self), XMPP_ROOM_OUT);

  return self->state;
}

/**
 * xmpp_room_get_subject:
 * @self: a room
 *
 * Returns: (nullable): its topic, as it was told last
 */
const char *
xmpp_room_get_subject (XmppRoom *self)
{
  g_return_val_if_fail (XMPP_IS_ROOM (self), NULL);

  return self->subject;
}

/**
 * xmpp_room_get_subject_by:
 * @self: a room
 *
 * Returns: (nullable): the nickname of who set the topic
 */
const char *
xmpp_room_get_subject_by (XmppRoom *self)
{
  g_return_val_if_fail (XMPP_IS_ROOM (self), NULL);

  return self->subject_by;
}

/**
 * xmpp_room_get_status:
 * @self: a room
 *
 * Returns: what it said of itself since we joined it, #XmppRoomStatus
 */
guint
xmpp_room_get_status (XmppRoom *self)
{
  g_return_val_if_fail (XMPP_IS_ROOM (self), 0);

  return self->status;
}

/**
 * xmpp_room_get_alternative:
 * @self: a room
 *
 * Returns: (transfer none) (nullable): the room that whoever destroyed this one sends us to
 */
XmppJid *
xmpp_room_get_alternative (XmppRoom *self)
{
  g_return_val_if_fail (XMPP_IS_ROOM (self), NULL);

  return self->alternative;
}

/**
 * xmpp_room_get_occupants:
 * @self: a room
 *
 * Returns: (transfer full) (element-type XmppOccupant): who is in it, us included, in no order
 */
GPtrArray *
xmpp_room_get_occupants (XmppRoom *self)
{
  GPtrArray *occupants;
  GHashTableIter iter;
  gpointer occupant;

  g_return_val_if_fail (XMPP_IS_ROOM (self), NULL);

  occupants = g_ptr_array_new_full (g_hash_table_size (self->occupants), (GDestroyNotify) xmpp_occupant_unref);
  g_hash_table_iter_init (&iter, self->occupants);
  while (g_hash_table_iter_next (&iter, NULL, &occupant))
    g_ptr_array_add (occupants, xmpp_occupant_ref (occupant));

  return occupants;
}

/**
 * xmpp_room_get_occupant:
 * @self: a room
 * @nick: a nickname, as the room has it
 *
 * Returns: (transfer none) (nullable): who has it now
 */
const XmppOccupant *
xmpp_room_get_occupant (XmppRoom   *self,
                        const char *nick)
{
  g_return_val_if_fail (XMPP_IS_ROOM (self), NULL);
  g_return_val_if_fail (nick != NULL, NULL);

  return g_hash_table_lookup (self->occupants, nick);
}

/**
 * xmpp_room_get_self:
 * @self: a room
 *
 * Returns: (transfer none) (nullable): which of the occupants we are, when we are in
 */
const XmppOccupant *
xmpp_room_get_self (XmppRoom *self)
{
  g_return_val_if_fail (XMPP_IS_ROOM (self), NULL);

  return self->self;
}

/**
 * xmpp_room_is_self:
 * @self: a room
 * @occupant: somebody in it, or who has just left it
 *
 * Returns: whether that is us
 */
gboolean
xmpp_room_is_self (XmppRoom           *self,
                   const XmppOccupant *occupant)
{
  g_return_val_if_fail (XMPP_IS_ROOM (self), FALSE);

  return g_strcmp0 (occupant->nick, self->nick) == 0;
}
