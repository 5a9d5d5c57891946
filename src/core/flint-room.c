/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-room-private.h"

#include "flint-account-private.h"
#include "flint-conversation-private.h"
#include "flint-delivery.h"
#include "flint-occupant-list.h"
#include "flint-room-lines.h"
#include "flint-text.h"
#include "flint-weak.h"

#include "xmpp-disco.h"

#include <string.h>

#define HISTORY  50        /* messages to be told when coming in */
#define MAX_SEEN 2000      /* messages remembered, so that they are not told twice */
#define MAX_NAME 128       /* graphemes */

struct _FlintRoom
{
  GObject             parent_instance;

  FlintAccount       *account;
  XmppJid            *jid;
  char               *nick;              /* asked for */
  char               *password;          /* NULL: none */
  char               *name;
  FlintConversation  *conversation;
  FlintOccupantList  *occupants;
  FlintRoomLines     *lines;

  XmppRoom           *room;              /* NULL until it was joined once */
  GError             *error;
  gboolean            wants_in;          /* joins again when the connection is back */
  gboolean            was_in;            /* since it is in the list */
  gboolean            is_closed;         /* for good, while we were in */
  gboolean            autojoin;
  gboolean            is_saved;
  GHashTable         *seen;              /* set of sender and id */
};

enum {
  PROP_0,
  PROP_ACCOUNT,
  PROP_JID,
  PROP_NAME,
  PROP_NICK,
  PROP_SUBJECT,
  PROP_STATE,
  PROP_ERROR,
  PROP_OCCUPANTS,
  PROP_CONVERSATION,
  PROP_AUTOJOIN,
  PROP_IS_SAVED,
  N_PROPS
};

enum {
  OCCUPANT_GONE,
  OCCUPANT_RENAMED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlintRoom, flint_room, G_TYPE_OBJECT)

static void
notify (FlintRoom *self,
        guint      id)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

static void
take_error (FlintRoom *self,
            GError    *error)
{
  if (self->error == NULL && error == NULL)
    return;

  g_clear_error (&self->error);
  self->error = error;
  notify (self, PROP_ERROR);
  flint_conversation_refresh (self->conversation);
}

static void
wipe_password (FlintRoom *self)
{
  if (self->password != NULL)
    explicit_bzero (self->password, strlen (self->password));

  g_clear_pointer (&self->password, g_free);
}

/* What the room does */

static void
on_state (FlintRoom *self)
{
  notify (self, PROP_STATE);
  flint_conversation_refresh (self->conversation);
}

static void
on_nick (FlintRoom *self)
{
  notify (self, PROP_NICK);
}

static void
on_name_found (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(FlintRoom) self = flint_weak_take (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppDiscoInfo) info = xmpp_disco_info_finish (XMPP_DISCO (source), result, &error);

  if (info == NULL || self == NULL)
    {
      g_debug ("The room does not say what it is called: %s", error != NULL ? error->message : "it is gone");
      return;
    }

  for (guint i = 0; i < info->identities->len; i++)
    {
      const XmppIdentity *identity = g_ptr_array_index (info->identities, i);
      g_autofree char *name = flint_text_for_line (identity->name, MAX_NAME);

      if (name == NULL || *name == '\0' || g_strcmp0 (identity->category, "conference") != 0)
        continue;

      g_free (self->name);
      self->name = g_steal_pointer (&name);
      notify (self, PROP_NAME);
      flint_conversation_refresh (self->conversation);
      return;
    }
}

static void
on_joined (XmppRoom  *room,
           FlintRoom *self)
{
  self->was_in = TRUE;
  flint_conversation_refresh (self->conversation);
  xmpp_disco_info_async (flint_account_get_module (self->account, XMPP_TYPE_DISCO), self->jid, NULL, NULL,
                         on_name_found, flint_weak_new (self));
}

static void
on_left (XmppRoom   *room,
         XmppLeave   why,
         const char *actor,
         const char *reason,
         FlintRoom  *self)
{
  g_autofree char *text = flint_room_lines_describe_leave (why, actor, reason);

  self->is_closed = why == XMPP_LEAVE_DESTROYED;

  /* Who was sent out does not come back by himself */
  if (why != XMPP_LEAVE_DISCONNECTED && why != XMPP_LEAVE_SHUTDOWN && why != XMPP_LEAVE_ERROR)
    self->wants_in = FALSE;

  if (text != NULL)
    {
      flint_conversation_add_line (self->conversation, text);
      take_error (self, g_error_new_literal (XMPP_ERROR, XMPP_ERROR_FAILED, text));
    }

  flint_conversation_refresh (self->conversation);
}

/* We may be allowed to speak now, or not any more */
static void
on_occupant_changed (XmppRoom     *room,
                     XmppOccupant *occupant,
                     FlintRoom    *self)
{
  if (xmpp_room_is_self (room, occupant))
    flint_conversation_refresh (self->conversation);
}

static void
on_occupant_left (XmppRoom     *room,
                  XmppOccupant *occupant,
                  XmppLeave     why,
                  const char   *actor,
                  const char   *reason,
                  FlintRoom    *self)
{
  g_signal_emit (self, signals[OCCUPANT_GONE], 0, occupant->nick);
}

static void
on_occupant_renamed (XmppRoom     *room,
                     XmppOccupant *occupant,
                     const char   *old_nick,
                     FlintRoom    *self)
{
  g_signal_emit (self, signals[OCCUPANT_RENAMED], 0, old_nick, occupant->nick);
}

static void
on_subject_changed (FlintRoom *self)
{
  notify (self, PROP_SUBJECT);
  flint_conversation_refresh (self->conversation);
}

static void
on_created (XmppRoom  *room,
            FlintRoom *self)
{
  xmpp_room_accept_defaults (room);
}

/* The session keeps one object for a room, however often it is joined. First those hear what happens who show it. */
static void
follow (FlintRoom *self,
        XmppRoom  *room)
{
  if (!g_set_object (&self->room, room))
    return;

  flint_occupant_list_follow (self->occupants, room);
  flint_room_lines_follow (self->lines, room);
  g_signal_connect_object (room, "notify::state", G_CALLBACK (on_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (room, "notify::nick", G_CALLBACK (on_nick), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (room, "joined", G_CALLBACK (on_joined), self, 0);
  g_signal_connect_object (room, "left", G_CALLBACK (on_left), self, 0);
  g_signal_connect_object (room, "occupant-changed", G_CALLBACK (on_occupant_changed), self, 0);
  g_signal_connect_object (room, "occupant-left", G_CALLBACK (on_occupant_left), self, 0);
  g_signal_connect_object (room, "occupant-renamed", G_CALLBACK (on_occupant_renamed), self, 0);
  g_signal_connect_object (room, "subject-changed", G_CALLBACK (on_subject_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (room, "created", G_CALLBACK (on_created), self, 0);
}

static void
flint_room_dispose (GObject *object)
{
  FlintRoom *self = FLINT_ROOM (object);

  g_clear_object (&self->room);
  g_clear_object (&self->lines);
  g_clear_object (&self->conversation);

  G_OBJECT_CLASS (flint_room_parent_class)->dispose (object);
}

static void
flint_room_finalize (GObject *object)
{
  FlintRoom *self = FLINT_ROOM (object);

  wipe_password (self);
  g_clear_error (&self->error);
  g_clear_object (&self->account);
  g_clear_object (&self->occupants);
  g_clear_pointer (&self->jid, xmpp_jid_unref);
  g_hash_table_unref (self->seen);
  g_free (self->nick);
  g_free (self->name);

  G_OBJECT_CLASS (flint_room_parent_class)->finalize (object);
}

static void
flint_room_get_property (GObject    *object,
                         guint       id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  FlintRoom *self = FLINT_ROOM (object);

  switch (id)
    {
    case PROP_ACCOUNT:
      g_value_set_object (value, self->account);
      break;

    case PROP_JID:
      g_value_set_boxed (value, self->jid);
      break;

    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;

    case PROP_NICK:
      g_value_set_string (value, flint_room_get_nick (self));
      break;

    case PROP_SUBJECT:
      g_value_set_string (value, flint_room_get_subject (self));
      break;

    case PROP_STATE:
      g_value_set_int (value, flint_room_get_state (self));
      break;

    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;

    case PROP_OCCUPANTS:
      g_value_set_object (value, self->occupants);
      break;

    case PROP_CONVERSATION:
      g_value_set_object (value, self->conversation);
      break;

    case PROP_AUTOJOIN:
      g_value_set_boolean (value, self->autojoin);
      break;

    case PROP_IS_SAVED:
      g_value_set_boolean (value, self->is_saved);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
set_flag (FlintRoom  *self,
          gboolean   *flag,
          gboolean    value,
          GParamSpec *pspec)
{
  if (*flag == value)
    return;

  *flag = value;
  g_object_notify_by_pspec (G_OBJECT (self), pspec);
}

static void
flint_room_set_property (GObject      *object,
                         guint         id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  FlintRoom *self = FLINT_ROOM (object);

  switch (id)
    {
    case PROP_AUTOJOIN:
      /* one that is not kept could not be joined at the next start */
      if (g_value_get_boolean (value))
        set_flag (self, &self->is_saved, TRUE, properties[PROP_IS_SAVED]);
      set_flag (self, &self->autojoin, g_value_get_boolean (value), pspec);
      break;

    case PROP_IS_SAVED:
      set_flag (self, &self->is_saved, g_value_get_boolean (value), pspec);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
flint_room_class_init (FlintRoomClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GType string = G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE;

  object_class->dispose = flint_room_dispose;
  object_class->finalize = flint_room_finalize;
  object_class->get_property = flint_room_get_property;
  object_class->set_property = flint_room_set_property;

  properties[PROP_ACCOUNT] = g_param_spec_object ("account", NULL, NULL, FLINT_TYPE_ACCOUNT, flags);
  properties[PROP_JID] = g_param_spec_boxed ("jid", NULL, NULL, XMPP_TYPE_JID, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_NICK] = g_param_spec_string ("nick", NULL, NULL, NULL, flags);
  properties[PROP_SUBJECT] = g_param_spec_string ("subject", NULL, NULL, NULL, flags);
  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, XMPP_ROOM_OUT, XMPP_ROOM_IN, XMPP_ROOM_OUT, flags);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  properties[PROP_OCCUPANTS] = g_param_spec_object ("occupants", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_CONVERSATION] = g_param_spec_object ("conversation", NULL, NULL, FLINT_TYPE_CONVERSATION, flags);
  properties[PROP_AUTOJOIN] = g_param_spec_boolean ("autojoin", NULL, NULL, FALSE, flags | G_PARAM_WRITABLE);
  properties[PROP_IS_SAVED] = g_param_spec_boolean ("is-saved", NULL, NULL, FALSE, flags | G_PARAM_WRITABLE);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[OCCUPANT_GONE] = g_signal_new ("occupant-gone", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, string);
  signals[OCCUPANT_RENAMED] = g_signal_new ("occupant-renamed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 2, string, string);
}

static void
flint_room_init (FlintRoom *self)
{
  self->occupants = flint_occupant_list_new ();
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static char *
make_name (XmppJid *jid)
{
  g_autofree char *local = xmpp_jid_unescape_local (jid);

  return flint_text_for_line (local != NULL ? local : xmpp_jid_get_text (jid), MAX_NAME);
}

FlintRoom *
flint_room_new (FlintAccount *account,
                XmppJid      *jid,
                const char   *nick)
{
  FlintRoom *self = g_object_new (FLINT_TYPE_ROOM, NULL);

  self->account = g_object_ref (account);
  self->jid = xmpp_jid_get_bare (jid);
  self->nick = g_strdup (nick);
  self->name = make_name (self->jid);
  self->conversation = flint_conversation_new (account, self->jid, FLINT_CONVERSATION_ROOM, self);
  self->lines = flint_room_lines_new (self->conversation, G_LIST_MODEL (self->occupants));

  return self;
}

/* Joining */

static void
on_join_done (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  FlintRoom *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (xmpp_muc_join_finish (XMPP_MUC (source), result, &error))
    {
      self->wants_in = TRUE;
      g_task_return_boolean (task, TRUE);
      return;
    }

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PENDING))
    take_error (self, g_error_copy (error));

  /* A connection that went meanwhile is no refusal */
  if (!g_error_matches (error, XMPP_ERROR, XMPP_ERROR_DISCONNECTED))
    self->wants_in = FALSE;

  g_task_return_error (task, error);
}

static void
join (FlintRoom    *self,
      GCancellable *cancellable,
      GTask        *task)
{
  XmppMuc *muc = flint_account_get_module (self->account, XMPP_TYPE_MUC);

  self->is_closed = FALSE;
  take_error (self, NULL);
  follow (self, xmpp_muc_join_async (muc, self->jid, self->nick, self->password, HISTORY, cancellable, on_join_done, task));
  on_state (self);
}

static const XmppOccupant *
get_own (FlintRoom *self)
{
  return self->room != NULL ? xmpp_room_get_self (self->room) : NULL;
}

gboolean
flint_room_can_speak (FlintRoom *self)
{
  const XmppOccupant *own = get_own (self);

  return own != NULL && own->role >= XMPP_ROLE_PARTICIPANT;
}

/* (nullable) who we are in it */
XmppJid *
flint_room_get_own_jid (FlintRoom *self)
{
  const XmppOccupant *own = get_own (self);

  return own != NULL ? own->jid : NULL;
}

/* Whether we were in it when the connection was lost, and nobody has left it since */
gboolean
flint_room_wants_in (FlintRoom *self)
{
  return self->wants_in;
}

void
flint_room_set_account_online (FlintRoom *self,
                               gboolean   is_online)
{
  if (is_online && (self->wants_in || self->autojoin) && !self->is_closed && flint_room_get_state (self) == XMPP_ROOM_OUT)
    join (self, NULL, g_task_new (self, NULL, NULL, NULL));
}

/* Somebody tried to come in and gave up: there is nothing to be kept of it */
gboolean
flint_room_is_given_up (FlintRoom *self)
{
  return !self->was_in && !self->is_saved && flint_room_get_state (self) == XMPP_ROOM_OUT;
}

/* What a room tells again after a connection was lost is not shown again */
static gboolean
was_seen (FlintRoom         *self,
          const XmppMessage *message)
{
  const char *nick = xmpp_jid_get_resource (message->from);
  char *key = g_strconcat (nick != NULL ? nick : "", "\n", message->id != NULL ? message->id : message->body, NULL);
  gboolean is_new;

  if (g_hash_table_size (self->seen) >= MAX_SEEN)
    g_hash_table_remove_all (self->seen);

  is_new = g_hash_table_add (self->seen, key);

  return !is_new && message->is_delayed;
}

/* Groupchat from this room. What it said before we came is no news. */
void
flint_room_take_message (FlintRoom         *self,
                         const XmppMessage *message)
{
  const char *nick = xmpp_jid_get_resource (message->from);
  gboolean is_own = nick != NULL && g_strcmp0 (nick, flint_room_get_nick (self)) == 0;

  if (message->body == NULL || (is_own && flint_delivery_take_reflection (self->conversation, message->id)) ||
      was_seen (self, message))
    return;

  if (is_own)
    flint_conversation_receive_own (self->conversation, message);
  else
    flint_conversation_receive (self->conversation, message, !message->is_delayed);
}

/**
 * flint_room_get_jid:
 * @self: a room
 *
 * Returns: (transfer none): its address
 */
XmppJid *
flint_room_get_jid (FlintRoom *self)
{
  g_return_val_if_fail (FLINT_IS_ROOM (self), NULL);

  return self->jid;
}

/**
 * flint_room_get_account:
 * @self: a room
 *
 * Returns: (transfer none): which of our accounts is in it
 */
FlintAccount *
flint_room_get_account (FlintRoom *self)
{
  g_return_val_if_fail (FLINT_IS_ROOM (self), NULL);

  return self->account;
}

/**
 * flint_room_get_name:
 * @self: a room
 *
 * Returns: what it calls itself, else the first part of its address
 */
const char *
flint_room_get_name (FlintRoom *self)
{
  g_return_val_if_fail (FLINT_IS_ROOM (self), NULL);

  return self->name;
}

/**
 * flint_room_get_nick:
 * @self: a room
 *
 * Returns: our nickname, as the room has it
 */
const char *
flint_room_get_nick (FlintRoom *self)
{
  const char *nick;

  g_return_val_if_fail (FLINT_IS_ROOM (self), NULL);

  nick = self->room != NULL ? xmpp_room_get_nick (self->room) : NULL;

  return nick != NULL ? nick : self->nick;
}

/**
 * flint_room_get_subject:
 * @self: a room
 *
 * Returns: (nullable): its topic, as it came
 */
const char *
flint_room_get_subject (FlintRoom *self)
{
  g_return_val_if_fail (FLINT_IS_ROOM (self), NULL);

  return self->room != NULL ? xmpp_room_get_subject (self->room) : NULL;
}

/**
 * flint_room_get_state:
 * @self: a room
 *
 * Returns: whether we are in
 */
XmppRoomState
flint_room_get_state (FlintRoom *self)
{
  g_return_val_if_fail (FLINT_IS_ROOM (self), XMPP_ROOM_OUT);

  return self->room != NULL ? xmpp_room_get_state (self->room) : XMPP_ROOM_OUT;
}

/**
 * flint_room_get_error:
 * @self: a room
 *
 * Returns: (transfer none) (nullable): why we are not in
 */
const GError *
flint_room_get_error (FlintRoom *self)
{
  g_return_val_if_fail (FLINT_IS_ROOM (self), NULL);

  return self->error;
}

/**
 * flint_room_is_closed:
 * @self: a room
 *
 * Whoever joins it after that makes a new one.
 *
 * Returns: whether it was closed for good while we were in it
 */
gboolean
flint_room_is_closed (FlintRoom *self)
{
  g_return_val_if_fail (FLINT_IS_ROOM (self), FALSE);

  return self->is_closed;
}

/**
 * flint_room_get_alternative:
 * @self: a room
 *
 * What somebody else claims: to be shown to the person before anything is done with it.
 *
 * Returns: (transfer none) (nullable): where whoever closed it sends us instead
 */
XmppJid *
flint_room_get_alternative (FlintRoom *self)
{
  g_return_val_if_fail (FLINT_IS_ROOM (self), NULL);

  return self->is_closed ? xmpp_room_get_alternative (self->room) : NULL;
}

/**
 * flint_room_get_occupants:
 * @self: a room
 *
 * Returns: (transfer none): who is in it, moderators first
 */
GListModel *
flint_room_get_occupants (FlintRoom *self)
{
  g_return_val_if_fail (FLINT_IS_ROOM (self), NULL);

  return G_LIST_MODEL (self->occupants);
}

/**
 * flint_room_find_occupant:
 * @self: a room
 * @nick: (nullable): a nickname
 *
 * Returns: (transfer none) (nullable): who has it now
 */
FlintOccupant *
flint_room_find_occupant (FlintRoom  *self,
                          const char *nick)
{
  g_return_val_if_fail (FLINT_IS_ROOM (self), NULL);

  return flint_occupant_list_find (self->occupants, nick);
}

/**
 * flint_room_get_conversation:
 * @self: a room
 *
 * Returns: (transfer none): what is said in it
 */
FlintConversation *
flint_room_get_conversation (FlintRoom *self)
{
  g_return_val_if_fail (FLINT_IS_ROOM (self), NULL);

  return self->conversation;
}

/**
 * flint_room_join_async:
 * @self: a room
 * @password: (nullable): for a room that needs one
 * @cancellable: (nullable): to leave again
 * @callback: called when we are in, or not
 * @user_data: for @callback
 *
 * Joins, and stays in when a connection is lost and comes back.
 */
void
flint_room_join_async (FlintRoom           *self,
                       const char          *password,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (FLINT_IS_ROOM (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, flint_room_join_async);
  g_task_set_check_cancellable (task, FALSE);

  if (password != NULL)
    {
      wipe_password (self);
      self->password = g_strdup (password);
    }

  join (self, cancellable, task);
}

/**
 * flint_room_join_finish:
 * @self: a room
 * @result: what the callback got
 * @error: return location: why we are not in, in words
 *
 * Returns: whether we are in
 */
gboolean
flint_room_join_finish (FlintRoom     *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * flint_room_leave:
 * @self: a room
 *
 * Leaves.
 */
void
flint_room_leave (FlintRoom *self)
{
  g_return_if_fail (FLINT_IS_ROOM (self));

  self->wants_in = FALSE;

  if (self->room != NULL)
    xmpp_room_leave (self->room, NULL);
}

/**
 * flint_room_set_subject:
 * @self: a room that we are in
 * @subject: the new topic
 *
 * Asks for another topic; it changes when the room says so.
 */
void
flint_room_set_subject (FlintRoom  *self,
                        const char *subject)
{
  g_return_if_fail (FLINT_IS_ROOM (self));

  if (self->room != NULL)
    xmpp_room_set_subject (self->room, subject);
}

/**
 * flint_room_set_nick:
 * @self: a room
 * @nick: another nickname
 *
 * Asks for another nickname; it changes when the room says so. Outside it is the one to come in with.
 */
void
flint_room_set_nick (FlintRoom  *self,
                     const char *nick)
{
  g_return_if_fail (FLINT_IS_ROOM (self));
  g_return_if_fail (nick != NULL);

  if (flint_room_get_state (self) == XMPP_ROOM_IN)
    xmpp_room_set_nick (self->room, nick);

  g_free (self->nick);
  self->nick = g_strdup (nick);
  notify (self, PROP_NICK);
}

/**
 * flint_room_invite:
 * @self: a room that we are in
 * @who: whom to invite
 * @reason: (nullable): why
 *
 * Has the room invite somebody.
 */
void
flint_room_invite (FlintRoom  *self,
                   XmppJid    *who,
                   const char *reason)
{
  g_return_if_fail (FLINT_IS_ROOM (self));

  if (self->room != NULL)
    xmpp_room_invite (self->room, who, reason);
}

/**
 * flint_room_can_set_subject:
 * @self: a room
 *
 * Whether to offer it. Rooms may keep it to moderators, which they say only by refusing.
 *
 * Returns: whether we are in, and no mere visitor
 */
gboolean
flint_room_can_set_subject (FlintRoom *self)
{
  g_return_val_if_fail (FLINT_IS_ROOM (self), FALSE);

  return flint_room_get_state (self) == XMPP_ROOM_IN && flint_room_can_speak (self);
}
