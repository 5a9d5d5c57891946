/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-conversation-internal.h"

#include "flint-account-private.h"
#include "flint-contact-list-private.h"
#include "flint-contact-private.h"
#include "flint-conversation-messages.h"
#include "flint-conversation-words.h"
#include "flint-history.h"
#include "flint-message-private.h"
#include "flint-room-private.h"
#include "flint-timeline-private.h"

#include <string.h>

enum {
  PROP_0,
  PROP_ACCOUNT,
  PROP_JID,
  PROP_KIND,
  PROP_TITLE,
  PROP_SUBTITLE,
  PROP_CONTACT,
  PROP_ROOM,
  PROP_TIMELINE,
  PROP_DRAFT,
  PROP_UNREAD,
  PROP_MENTIONS,
  PROP_TYPING,
  PROP_SHOW,
  PROP_IS_WATCHED,
  PROP_CAN_SEND,
  PROP_NOTICE,
  PROP_LAST_TIME,
  PROP_IS_LOADING,
  PROP_HAS_OLDER,
  N_PROPS
};

enum {
  RECEIVED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlintConversation, flint_conversation, G_TYPE_OBJECT)

static void
notify (FlintConversation *self,
        guint              id)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

static void
take_string (FlintConversation *self,
             char             **field,
             char              *text,
             guint              id)
{
  g_autofree char *old = *field;

  *field = text;

  if (g_strcmp0 (old, text) != 0)
    notify (self, id);
}

void
flint_conversation_refresh (FlintConversation *self)
{
  XmppShow show = flint_conversation_find_show (self);
  gboolean can_send;
  char *notice;

  g_object_freeze_notify (G_OBJECT (self));

  take_string (self, &self->title, flint_conversation_make_title (self), PROP_TITLE);
  take_string (self, &self->subtitle, flint_conversation_make_subtitle (self), PROP_SUBTITLE);

  if (self->show != show)
    {
      self->show = show;
      notify (self, PROP_SHOW);
    }

  notice = flint_conversation_make_notice (self, &can_send);
  take_string (self, &self->notice, notice, PROP_NOTICE);

  if (self->can_send != can_send)
    {
      self->can_send = can_send;
      notify (self, PROP_CAN_SEND);
    }

  g_object_thaw_notify (G_OBJECT (self));
}

static void
on_typing (FlintConversation *self)
{
  gboolean is_typing = flint_typing_is_typing (self->typing);

  if (self->contact != NULL)
    flint_contact_set_typing (self->contact, is_typing);

  take_string (self, &self->typing_text, is_typing ? flint_conversation_make_typing (self) : NULL, PROP_TYPING);
}

void
flint_conversation_set_unread (FlintConversation *self,
                               guint              unread,
                               guint              mentions)
{
  if (self->unread != unread)
    {
      self->unread = unread;
      notify (self, PROP_UNREAD);
    }

  if (self->mentions != mentions)
    {
      self->mentions = mentions;
      notify (self, PROP_MENTIONS);
    }

  if (self->contact != NULL)
    flint_contact_list_set_unread (flint_account_get_contacts (self->account), self->contact, unread);
}

void
flint_conversation_set_last_time (FlintConversation *self,
                                  gint64             time)
{
  if (time <= self->last_time)
    return;

  self->last_time = time;
  notify (self, PROP_LAST_TIME);
}

void
flint_conversation_emit_received (FlintConversation *self,
                                  FlintMessage      *message,
                                  gboolean           is_news)
{
  g_signal_emit (self, signals[RECEIVED], 0, message, is_news);
}

/* The device to answer, where there is one */
XmppJid *
flint_conversation_get_address (FlintConversation *self)
{
  return self->lock != NULL ? flint_device_lock_get (self->lock) : self->jid;
}

static void
flint_conversation_dispose (GObject *object)
{
  FlintConversation *self = FLINT_CONVERSATION (object);

  g_clear_weak_pointer (&self->room);
  g_clear_pointer (&self->outbox, flint_outbox_free);
  g_clear_pointer (&self->pager, flint_pager_free);
  g_clear_pointer (&self->lock, flint_device_lock_free);
  g_clear_object (&self->typing);
  g_clear_object (&self->contact);

  G_OBJECT_CLASS (flint_conversation_parent_class)->dispose (object);
}

static void
flint_conversation_finalize (GObject *object)
{
  FlintConversation *self = FLINT_CONVERSATION (object);

  g_clear_object (&self->account);
  g_clear_object (&self->timeline);
  g_clear_pointer (&self->jid, xmpp_jid_unref);
  g_free (self->title);
  g_free (self->subtitle);
  g_free (self->typing_text);
  g_free (self->notice);
  g_free (self->draft);

  G_OBJECT_CLASS (flint_conversation_parent_class)->finalize (object);
}

static void
flint_conversation_get_property (GObject    *object,
                                 guint       id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  FlintConversation *self = FLINT_CONVERSATION (object);

  switch (id)
    {
    case PROP_ACCOUNT:
      g_value_set_object (value, self->account);
      break;

    case PROP_JID:
      g_value_set_boxed (value, self->jid);
      break;

    case PROP_KIND:
      g_value_set_int (value, self->kind);
      break;

    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;

    case PROP_SUBTITLE:
      g_value_set_string (value, self->subtitle);
      break;

    case PROP_CONTACT:
      g_value_set_object (value, self->contact);
      break;

    case PROP_ROOM:
      g_value_set_object (value, self->room);
      break;

    case PROP_TIMELINE:
      g_value_set_object (value, self->timeline);
      break;

    case PROP_DRAFT:
      g_value_set_string (value, self->draft);
      break;

    case PROP_UNREAD:
      g_value_set_uint (value, self->unread);
      break;

    case PROP_MENTIONS:
      g_value_set_uint (value, self->mentions);
      break;

    case PROP_TYPING:
      g_value_set_string (value, self->typing_text);
      break;

    case PROP_SHOW:
      g_value_set_int (value, self->show);
      break;

    case PROP_IS_WATCHED:
      g_value_set_boolean (value, self->is_watched);
      break;

    case PROP_CAN_SEND:
      g_value_set_boolean (value, self->can_send);
      break;

    case PROP_NOTICE:
      g_value_set_string (value, self->notice);
      break;

    case PROP_LAST_TIME:
      g_value_set_int64 (value, self->last_time);
      break;

    case PROP_IS_LOADING:
      g_value_set_boolean (value, flint_pager_is_loading (self->pager));
      break;

    case PROP_HAS_OLDER:
      g_value_set_boolean (value, flint_pager_has_older (self->pager));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
flint_conversation_set_property (GObject      *object,
                                 guint         id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_DRAFT:
      flint_conversation_set_draft (FLINT_CONVERSATION (object), g_value_get_string (value));
      break;

    case PROP_IS_WATCHED:
      flint_conversation_set_watched (FLINT_CONVERSATION (object), g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
flint_conversation_class_init (FlintConversationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = flint_conversation_dispose;
  object_class->finalize = flint_conversation_finalize;
  object_class->get_property = flint_conversation_get_property;
  object_class->set_property = flint_conversation_set_property;

  properties[PROP_ACCOUNT] = g_param_spec_object ("account", NULL, NULL, FLINT_TYPE_ACCOUNT, flags);
  properties[PROP_JID] = g_param_spec_boxed ("jid", NULL, NULL, XMPP_TYPE_JID, flags);
  properties[PROP_KIND] = g_param_spec_int ("kind", NULL, NULL, FLINT_CONVERSATION_CHAT, FLINT_CONVERSATION_PRIVATE,
                                            FLINT_CONVERSATION_CHAT, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_SUBTITLE] = g_param_spec_string ("subtitle", NULL, NULL, NULL, flags);
  properties[PROP_CONTACT] = g_param_spec_object ("contact", NULL, NULL, FLINT_TYPE_CONTACT, flags);
  properties[PROP_ROOM] = g_param_spec_object ("room", NULL, NULL, FLINT_TYPE_ROOM, flags);
  properties[PROP_TIMELINE] = g_param_spec_object ("timeline", NULL, NULL, FLINT_TYPE_TIMELINE, flags);
  properties[PROP_DRAFT] = g_param_spec_string ("draft", NULL, NULL, NULL, flags | G_PARAM_WRITABLE);
  properties[PROP_UNREAD] = g_param_spec_uint ("unread", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_MENTIONS] = g_param_spec_uint ("mentions", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_TYPING] = g_param_spec_string ("typing", NULL, NULL, NULL, flags);
  properties[PROP_SHOW] = g_param_spec_int ("show", NULL, NULL, XMPP_SHOW_CHAT, XMPP_SHOW_OFFLINE, XMPP_SHOW_OFFLINE, flags);
  properties[PROP_IS_WATCHED] = g_param_spec_boolean ("is-watched", NULL, NULL, FALSE, flags | G_PARAM_WRITABLE);
  properties[PROP_CAN_SEND] = g_param_spec_boolean ("can-send", NULL, NULL, FALSE, flags);
  properties[PROP_NOTICE] = g_param_spec_string ("notice", NULL, NULL, NULL, flags);
  properties[PROP_IS_LOADING] = g_param_spec_boolean ("is-loading", NULL, NULL, FALSE, flags);
  properties[PROP_HAS_OLDER] = g_param_spec_boolean ("has-older", NULL, NULL, FALSE, flags);
  properties[PROP_LAST_TIME] = g_param_spec_int64 ("last-time", NULL, NULL, 0, G_MAXINT64, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[RECEIVED] = g_signal_new ("received", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 2, FLINT_TYPE_MESSAGE, G_TYPE_BOOLEAN);
}

static void
flint_conversation_init (FlintConversation *self)
{
  self->timeline = flint_timeline_new ();
  self->show = XMPP_SHOW_OFFLINE;
  self->awaits_unread = TRUE;
}

/* With an occupant of a room */

/* He has left: whoever has his nickname next is somebody else until a person says otherwise (T033) */
static void
freeze (FlintConversation *self)
{
  if (self->is_frozen)
    return;

  self->is_frozen = TRUE;
  flint_typing_stop (self->typing);
  flint_conversation_refresh (self);
}

/* Whoever is there when we come back need not be who was there */
static void
on_room_state (FlintRoom         *room,
               GParamSpec        *pspec,
               FlintConversation *self)
{
  if (flint_room_get_state (room) == XMPP_ROOM_OUT)
    freeze (self);
  else
    flint_conversation_refresh (self);
}

static gboolean
is_with (FlintConversation *self,
         const char        *nick)
{
  return !self->is_frozen && g_strcmp0 (xmpp_jid_get_resource (self->jid), nick) == 0;
}

static void
on_occupant_gone (FlintRoom         *room,
                  const char        *nick,
                  FlintConversation *self)
{
  if (is_with (self, nick))
    freeze (self);
}

static void
on_occupant_renamed (FlintRoom         *room,
                     const char        *old_nick,
                     const char        *nick,
                     FlintConversation *self)
{
  g_autoptr(XmppJid) jid = xmpp_jid_with_resource (flint_room_get_jid (room), nick, NULL);

  if (jid == NULL || !is_with (self, old_nick))
    return;

  xmpp_jid_unref (self->jid);
  self->jid = g_steal_pointer (&jid);
  notify (self, PROP_JID);
  flint_conversation_refresh (self);
}

static void
on_pager_changed (FlintConversation *self)
{
  flint_conversation_place_unread (self);
  notify (self, PROP_IS_LOADING);
  notify (self, PROP_HAS_OLDER);
}

FlintConversation *
flint_conversation_new (FlintAccount          *account,
                        XmppJid               *jid,
                        FlintConversationKind  kind,
                        FlintRoom             *room)
{
  static const char * const watched[] = { "notify::name", "notify::show", "notify::status-text", "notify::is-listed", "notify::is-blocked" };
  FlintConversation *self = g_object_new (FLINT_TYPE_CONVERSATION, NULL);

  self->account = g_object_ref (account);
  self->kind = kind;
  self->jid = kind == FLINT_CONVERSATION_PRIVATE ? xmpp_jid_ref (jid) : xmpp_jid_get_bare (jid);
  self->was_online = flint_account_is_online (account);
  self->typing = flint_typing_new (flint_account_get_session (account));
  self->outbox = flint_outbox_new (self, self->typing);
  self->pager = flint_pager_new (self, on_pager_changed);
  g_set_weak_pointer (&self->room, room);
  g_signal_connect_object (self->typing, "notify::is-typing", G_CALLBACK (on_typing), self, G_CONNECT_SWAPPED);

  if (kind == FLINT_CONVERSATION_CHAT)
    {
      self->contact = flint_contact_list_ensure (flint_account_get_contacts (account), self->jid);
      self->lock = flint_device_lock_new (flint_account_get_presence (account), self->jid);

      for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
        g_signal_connect_object (self->contact, watched[i], G_CALLBACK (flint_conversation_refresh), self, G_CONNECT_SWAPPED);
    }

  if (kind == FLINT_CONVERSATION_PRIVATE)
    {
      g_signal_connect_object (room, "notify::state", G_CALLBACK (on_room_state), self, 0);
      g_signal_connect_object (room, "occupant-gone", G_CALLBACK (on_occupant_gone), self, 0);
      g_signal_connect_object (room, "occupant-renamed", G_CALLBACK (on_occupant_renamed), self, 0);
    }

  flint_conversation_refresh (self);
  flint_conversation_recall (self);

  return self;
}

void
flint_conversation_receive_state (FlintConversation *self,
                                  const XmppMessage *message)
{
  if (message->chat_state != XMPP_CHAT_STATE_NONE)
    flint_typing_receive (self->typing, message->chat_state);
}

/* Something happened; in words of ours, those of others made harmless in them */
void
flint_conversation_add_line (FlintConversation *self,
                             const char        *text)
{
  flint_conversation_replace_line (self, NULL, text);
}

/* In the place of the line before, if that is still the last thing that happened. (transfer none) */
FlintMessage *
flint_conversation_replace_line (FlintConversation *self,
                                 FlintMessage      *old,
                                 const char        *text)
{
  XmppClock *clock = flint_account_get_clock (self->account);
  g_autoptr(FlintMessage) message = flint_message_new (FLINT_MESSAGE_SYSTEM, NULL, text, NULL, NULL, FALSE,
                                                       xmpp_clock_get_real (clock));

  if (old != NULL && flint_timeline_get_last (self->timeline) == old)
    flint_timeline_remove (self->timeline, old);

  flint_timeline_add (self->timeline, message);

  return message;
}

void
flint_conversation_set_account_online (FlintConversation *self,
                                       gboolean           is_online)
{
  gboolean was_online = self->was_online;

  self->was_online = is_online;
  flint_conversation_refresh (self);

  if (is_online && !xmpp_session_is_resumed (flint_account_get_session (self->account)))
    self->live_place = 0;

  if (is_online)
    {
      flint_outbox_connected (self->outbox, flint_conversation_get_address (self));
      return;
    }

  if (self->lock != NULL)
    flint_device_lock_release (self->lock);

  flint_typing_stop (self->typing);
  flint_outbox_lost (self->outbox, was_online);
}

/* What the server has is known */
void
flint_conversation_caught_up (FlintConversation *self)
{
  flint_outbox_caught_up (self->outbox, flint_conversation_get_address (self));

  /* What the archive has can be asked for now */
  notify (self, PROP_HAS_OLDER);
}

/* The session of a connection that was lost is not resumed */
void
flint_conversation_session_over (FlintConversation *self)
{
  flint_outbox_lost (self->outbox, FALSE);
}

void
flint_conversation_presence_changed (FlintConversation *self)
{
  flint_device_lock_check (self->lock, flint_contact_is_listed (self->contact));

  if (!flint_contact_is_online (self->contact))
    flint_typing_receive (self->typing, XMPP_CHAT_STATE_NONE);
}

/* Nobody looks at it any more: the other side may know, and nothing of it is counted */
void
flint_conversation_close (FlintConversation *self)
{
  if (self->kind != FLINT_CONVERSATION_ROOM)
    flint_typing_leave (self->typing, flint_conversation_get_address (self));

  flint_conversation_mark_read (self);
}

gboolean
flint_conversation_is_frozen (FlintConversation *self)
{
  return self->is_frozen;
}

/**
 * flint_conversation_get_account:
 * @self: a conversation
 *
 * Returns: (transfer none): as which account one speaks
 */
FlintAccount *
flint_conversation_get_account (FlintConversation *self)
{
  g_return_val_if_fail (FLINT_IS_CONVERSATION (self), NULL);

  return self->account;
}

/**
 * flint_conversation_get_jid:
 * @self: a conversation
 *
 * Returns: (transfer none): with whom: bare, but full for an occupant of a room
 */
XmppJid *
flint_conversation_get_jid (FlintConversation *self)
{
  g_return_val_if_fail (FLINT_IS_CONVERSATION (self), NULL);

  return self->jid;
}

/**
 * flint_conversation_get_kind:
 * @self: a conversation
 *
 * Returns: with somebody, in a room, or with somebody in a room
 */
FlintConversationKind
flint_conversation_get_kind (FlintConversation *self)
{
  g_return_val_if_fail (FLINT_IS_CONVERSATION (self), FLINT_CONVERSATION_CHAT);

  return self->kind;
}

/**
 * flint_conversation_get_title:
 * @self: a conversation
 *
 * Returns: what to call it
 */
const char *
flint_conversation_get_title (FlintConversation *self)
{
  g_return_val_if_fail (FLINT_IS_CONVERSATION (self), NULL);

  return self->title;
}

/**
 * flint_conversation_get_contact:
 * @self: a conversation
 *
 * Returns: (transfer none) (nullable): with whom, listed or not; %NULL in rooms, as nobody there is who he
 *   says he is
 */
FlintContact *
flint_conversation_get_contact (FlintConversation *self)
{
  g_return_val_if_fail (FLINT_IS_CONVERSATION (self), NULL);

  return self->contact;
}

/**
 * flint_conversation_get_room:
 * @self: a conversation
 *
 * Returns: (transfer none) (nullable): the room that it is, or that the other one is in
 */
FlintRoom *
flint_conversation_get_room (FlintConversation *self)
{
  g_return_val_if_fail (FLINT_IS_CONVERSATION (self), NULL);

  return self->room;
}

/**
 * flint_conversation_get_timeline:
 * @self: a conversation
 *
 * Returns: (transfer none): what was said
 */
FlintTimeline *
flint_conversation_get_timeline (FlintConversation *self)
{
  g_return_val_if_fail (FLINT_IS_CONVERSATION (self), NULL);

  return self->timeline;
}

/**
 * flint_conversation_get_draft:
 * @self: a conversation
 *
 * Returns: (nullable): what is written and not sent
 */
const char *
flint_conversation_get_draft (FlintConversation *self)
{
  g_return_val_if_fail (FLINT_IS_CONVERSATION (self), NULL);

  return self->draft;
}

/**
 * flint_conversation_set_draft:
 * @self: a conversation
 * @text: (nullable): what is written and not sent
 *
 * Keeps it while the window is closed.
 */
void
flint_conversation_set_draft (FlintConversation *self,
                              const char        *text)
{
  g_return_if_fail (FLINT_IS_CONVERSATION (self));

  if (g_strcmp0 (self->draft, text) == 0)
    return;

  g_free (self->draft);
  self->draft = g_strdup (text);
  flint_history_set_draft (flint_account_get_history (self->account), self, text);
  notify (self, PROP_DRAFT);
}

/**
 * flint_conversation_get_unread:
 * @self: a conversation
 *
 * Returns: how many messages nobody has looked at
 */
guint
flint_conversation_get_unread (FlintConversation *self)
{
  g_return_val_if_fail (FLINT_IS_CONVERSATION (self), 0);

  return self->unread;
}

/**
 * flint_conversation_get_mentions:
 * @self: a conversation
 *
 * Returns: how many of these name us
 */
guint
flint_conversation_get_mentions (FlintConversation *self)
{
  g_return_val_if_fail (FLINT_IS_CONVERSATION (self), 0);

  return self->mentions;
}

/**
 * flint_conversation_get_show:
 * @self: a conversation
 *
 * Returns: how reachable the other one is
 */
XmppShow
flint_conversation_get_show (FlintConversation *self)
{
  g_return_val_if_fail (FLINT_IS_CONVERSATION (self), XMPP_SHOW_OFFLINE);

  return self->show;
}

/**
 * flint_conversation_is_watched:
 * @self: a conversation
 *
 * Returns: whether a window that has the focus shows it
 */
gboolean
flint_conversation_is_watched (FlintConversation *self)
{
  g_return_val_if_fail (FLINT_IS_CONVERSATION (self), FALSE);

  return self->is_watched;
}

/**
 * flint_conversation_set_watched:
 * @self: a conversation
 * @watched: whether a window that has the focus shows it
 *
 * Looking reads everything. Looking away ends what the line "New" stood for; the next message gets it.
 */
void
flint_conversation_set_watched (FlintConversation *self,
                                gboolean           watched)
{
  g_return_if_fail (FLINT_IS_CONVERSATION (self));

  if (self->is_watched == !!watched)
    return;

  self->is_watched = !!watched;

  if (self->is_watched)
    {
      flint_conversation_mark_read (self);
    }
  else
    {
      flint_timeline_set_first_unread (self->timeline, NULL);
      self->awaits_unread = TRUE;
    }

  notify (self, PROP_IS_WATCHED);
}

/**
 * flint_conversation_set_composing:
 * @self: a conversation
 * @composing: %TRUE with each key; %FALSE when the text was emptied
 *
 * Lets the other side know, if it may.
 */
void
flint_conversation_set_composing (FlintConversation *self,
                                  gboolean           composing)
{
  g_return_if_fail (FLINT_IS_CONVERSATION (self));

  if (self->kind != FLINT_CONVERSATION_ROOM && self->can_send)
    flint_typing_set_composing (self->typing, flint_conversation_get_address (self), composing);
}

/**
 * flint_conversation_mark_read:
 * @self: a conversation
 *
 * Nothing in it is unread any more.
 */
void
flint_conversation_mark_read (FlintConversation *self)
{
  FlintMessage *last;
  gint64 place;

  g_return_if_fail (FLINT_IS_CONVERSATION (self));

  if (self->unread == 0)
    return;

  last = flint_timeline_get_last (self->timeline);
  place = MAX (self->recalled_place, last != NULL ? flint_message_get_place (last) : 0);
  flint_history_set_read (flint_account_get_history (self->account), self, place);

  flint_conversation_set_unread (self, 0, 0);
}

/**
 * flint_conversation_is_loading:
 * @self: a conversation
 *
 * Returns: whether what was said before is on its way into the timeline
 */
gboolean
flint_conversation_is_loading (FlintConversation *self)
{
  g_return_val_if_fail (FLINT_IS_CONVERSATION (self), FALSE);

  return flint_pager_is_loading (self->pager);
}

/**
 * flint_conversation_has_older:
 * @self: a conversation
 *
 * Returns: whether more may have been said before what is in the timeline
 */
gboolean
flint_conversation_has_older (FlintConversation *self)
{
  g_return_val_if_fail (FLINT_IS_CONVERSATION (self), FALSE);

  return flint_pager_has_older (self->pager);
}
