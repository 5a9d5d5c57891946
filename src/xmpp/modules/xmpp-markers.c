/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0333: Displayed Markers */

#include "xmpp-markers.h"

#include "xmpp-archive.h"

#define NS_MARKERS "urn:xmpp:chat-markers:0"

struct _XmppMarkers
{
  XmppModule parent_instance;

  gboolean request;
  gboolean answer;
  gboolean answer_strangers;
  gboolean answer_rooms;
};

enum
{
  PROP_0,
  PROP_REQUEST,
  PROP_ANSWER,
  PROP_ANSWER_STRANGERS,
  PROP_ANSWER_ROOMS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (XmppMarkers, xmpp_markers, XMPP_TYPE_MODULE)

static gboolean
is_personal (XmppMessageType type)
{
  return type == XMPP_MESSAGE_CHAT || type == XMPP_MESSAGE_NORMAL;
}

static gboolean
has_text (const char *text)
{
  return text != NULL && *text != '\0';
}

/* In a room ids of messages are the occupants' own choice, and two may have the same: only what the room calls it is
 * one message, and only a room that is known to call it anything does (XEP-0333, 4.3; security.md, T048).
 */
static gboolean
may_tell_room (XmppMarkers   *self,
               const XmppJid *room,
               XmppSender     sender)
{
  XmppSession *session = xmpp_module_get_session (XMPP_MODULE (self));

  return self->answer_rooms && (sender & XMPP_SENDER_ROOM) != 0 &&
         xmpp_archive_is_known (xmpp_session_get_module (session, XMPP_TYPE_ARCHIVE), room);
}

/* A marker tells that we are there and have looked: only those are told who may see our presence (XEP-0333, 7;
 * security.md, T099). An occupant is no contact, even where the room's address is in our list.
 */
static gboolean
may_know (XmppMarkers     *self,
          const XmppJid   *to,
          XmppMessageType  type)
{
  XmppSender sender;

  if (!self->answer || to == NULL)
    return FALSE;

  sender = xmpp_session_get_sender (xmpp_module_get_session (XMPP_MODULE (self)), to);
  if (type == XMPP_MESSAGE_GROUPCHAT)
    return may_tell_room (self, to, sender);

  if (!is_personal (type) || (sender & (XMPP_SENDER_ROOM | XMPP_SENDER_OCCUPANT | XMPP_SENDER_OWN_ACCOUNT)) != 0)
    return FALSE;

  return self->answer_strangers || (sender & XMPP_SENDER_CONTACT) != 0;
}

/* Without an id it cannot be said which one was displayed (XEP-0333, 4.1) */
static void
read_markable (XmppModule     *module,
               const XmppNode *markable,
               XmppMessage    *message)
{
  if (is_personal (message->type) || message->type == XMPP_MESSAGE_GROUPCHAT)
    message->is_markable = has_text (message->id) && message->displayed_id == NULL;
}

/* In a room they are of those who are in it, and a marker asks for none (XEP-0333, 4.2) */
static void
read_displayed (XmppModule     *module,
                const XmppNode *displayed,
                XmppMessage    *message)
{
  const char *id = xmpp_node_get (displayed, "id");
  gboolean is_of_room = message->type == XMPP_MESSAGE_GROUPCHAT && !xmpp_jid_is_bare (message->from);

  if (!has_text (id) || !(is_personal (message->type) || is_of_room))
    return;

  message->displayed_id = id;
  message->is_markable = FALSE;
}

static void
write_markable (XmppModule        *module,
                const XmppMessage *message,
                XmppNode          *stanza)
{
  if (XMPP_MARKERS (module)->request && is_personal (message->type) && message->body != NULL && !message->is_private)
    xmpp_node_add (stanza, "markable", NS_MARKERS);
}

/* Whoever fills in the record: here is decided who may know */
static void
write_displayed (XmppModule        *module,
                 const XmppMessage *message,
                 XmppNode          *stanza)
{
  if (has_text (message->displayed_id) && may_know (XMPP_MARKERS (module), message->to, message->type))
    xmpp_node_set (xmpp_node_add (stanza, "displayed", NS_MARKERS), "id", message->displayed_id);
}

static const char * const features[] = { NS_MARKERS, NULL };

static const XmppMessageField fields[] = {
  { "markable",  NS_MARKERS, read_markable,  write_markable,  .senders = XMPP_SENDER_ANY },
  { "displayed", NS_MARKERS, read_displayed, write_displayed, .senders = XMPP_SENDER_ANY },
  { NULL }
};

static gboolean *
get_field (XmppMarkers *self,
           guint        prop_id)
{
  switch (prop_id)
    {
    case PROP_REQUEST:
      return &self->request;

    case PROP_ANSWER:
      return &self->answer;

    case PROP_ANSWER_STRANGERS:
      return &self->answer_strangers;

    case PROP_ANSWER_ROOMS:
      return &self->answer_rooms;

    default:
      return NULL;
    }
}

static void
xmpp_markers_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  gboolean *field = get_field (XMPP_MARKERS (object), prop_id);

  if (field != NULL)
    g_value_set_boolean (value, *field);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
xmpp_markers_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  gboolean *field = get_field (XMPP_MARKERS (object), prop_id);

  if (field != NULL)
    *field = g_value_get_boolean (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
xmpp_markers_class_init (XmppMarkersClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  XmppModuleClass *module_class = XMPP_MODULE_CLASS (klass);

  object_class->get_property = xmpp_markers_get_property;
  object_class->set_property = xmpp_markers_set_property;

  module_class->features = features;
  module_class->fields = fields;

  /**
   * XmppMarkers:request:
   *
   * Whether to ask for a marker of each text that is sent to one person: for who shows it when it comes.
   */
  properties[PROP_REQUEST] =
    g_param_spec_boolean ("request", NULL, NULL,
                          FALSE,
                          (G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS));

  /**
   * XmppMarkers:answer:
   *
   * Whether anybody is told what we have displayed; if so, contacts who may see our presence.
   */
  properties[PROP_ANSWER] =
    g_param_spec_boolean ("answer", NULL, NULL,
                          TRUE,
                          (G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS));

  /**
   * XmppMarkers:answer-strangers:
   *
   * Whether everybody else is told, too, and learns by it that we are online (XEP-0333, 7).
   */
  properties[PROP_ANSWER_STRANGERS] =
    g_param_spec_boolean ("answer-strangers", NULL, NULL,
                          FALSE,
                          (G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS));

  /**
   * XmppMarkers:answer-rooms:
   *
   * Whether all who are in a room are told what we have displayed there.
   */
  properties[PROP_ANSWER_ROOMS] =
    g_param_spec_boolean ("answer-rooms", NULL, NULL,
                          FALSE,
                          (G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xmpp_markers_init (XmppMarkers *self)
{
}

/**
 * xmpp_markers_may_send:
 * @self: the module
 * @to: a person, or a room, bare
 * @type: of the messages that are displayed
 *
 * Returns: whether @to may be told what we have displayed: #XmppMarkers:answer and its kin
 */
gboolean
xmpp_markers_may_send (XmppMarkers     *self,
                       XmppJid         *to,
                       XmppMessageType  type)
{
  g_return_val_if_fail (XMPP_IS_MARKERS (self), FALSE);
  g_return_val_if_fail (to != NULL, FALSE);

  return may_know (self, to, type);
}

/**
 * xmpp_markers_send:
 * @self: the module
 * @to: from whom the message came: a person, bare or not, or the bare address of the room that it was said in
 * @type: of that message
 * @id: its XmppMessage.id; %XMPP_MESSAGE_GROUPCHAT: its XmppMessage.archive_id, and nothing else (XEP-0333, 4.3)
 * @thread: (nullable): its thread
 *
 * Tells @to that we have displayed all up to this message. To be sent for the newest one that is displayed, that others
 * have said, and, where it is no room, that was XmppMessage.is_markable (XEP-0333, 5). A room is only told when
 * xmpp_archive_check_async () has found that it gives ids.
 *
 * Returns: whether it was sent: not to those who may not know, and not while offline
 */
gboolean
xmpp_markers_send (XmppMarkers     *self,
                   XmppJid         *to,
                   XmppMessageType  type,
                   const char      *id,
                   const char      *thread)
{
  XmppMessage message = { .type = type, .to = to, .displayed_id = id, .thread = thread };
  XmppSession *session;

  g_return_val_if_fail (XMPP_IS_MARKERS (self), FALSE);
  g_return_val_if_fail (to != NULL, FALSE);

  session = xmpp_module_get_session (XMPP_MODULE (self));
  if (!has_text (id) || !xmpp_session_is_online (session) || !may_know (self, to, type))
    return FALSE;

  xmpp_session_send_message (session, &message);

  return TRUE;
}
