/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0085: Chat State Notifications */

#include "xmpp-chat-states.h"

#define NS_CHAT_STATES "http://jabber.org/protocol/chatstates"
#define NS_HINTS       "urn:xmpp:hints"

struct _XmppChatStates
{
  XmppModule parent_instance;

  gboolean send;
};

enum
{
  PROP_0,
  PROP_SEND,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (XmppChatStates, xmpp_chat_states, XMPP_TYPE_MODULE)

static const char * const names[] = {
  [XMPP_CHAT_STATE_NONE] = NULL,
  [XMPP_CHAT_STATE_ACTIVE] = "active",
  [XMPP_CHAT_STATE_COMPOSING] = "composing",
  [XMPP_CHAT_STATE_PAUSED] = "paused",
  [XMPP_CHAT_STATE_INACTIVE] = "inactive",
  [XMPP_CHAT_STATE_GONE] = "gone",
};

static gboolean
is_personal (XmppMessageType type)
{
  return type == XMPP_MESSAGE_CHAT || type == XMPP_MESSAGE_NORMAL;
}

/* Who knows that we type knows that we are there: only those who may see our presence, and whom we talk
 * with in a room, where it is seen (XEP-0085, 8).
 */
static gboolean
may_know (XmppChatStates *self,
          const XmppJid  *to)
{
  XmppSession *session = xmpp_module_get_session (XMPP_MODULE (self));

  return self->send &&
         (xmpp_session_get_sender (session, to) & (XMPP_SENDER_CONTACT | XMPP_SENDER_OCCUPANT)) != 0;
}

static void
read_state (XmppModule     *module,
            const XmppNode *child,
            XmppMessage    *message)
{
  if (message->type == XMPP_MESSAGE_ERROR)
    return;

  for (guint i = XMPP_CHAT_STATE_ACTIVE; i < G_N_ELEMENTS (names); i++)
    if (xmpp_node_is (child, names[i], NS_CHAT_STATES))
      message->chat_state = i;
}

static void
write_state (XmppModule        *module,
             const XmppMessage *message,
             XmppNode          *stanza)
{
  if (message->chat_state == XMPP_CHAT_STATE_NONE || message->chat_state >= G_N_ELEMENTS (names) ||
      !is_personal (message->type) || message->to == NULL || !may_know (XMPP_CHAT_STATES (module), message->to))
    return;

  xmpp_node_add (stanza, names[message->chat_state], NS_CHAT_STATES);

  /* Typing is nothing for the archive, nor for later (XEP-0334) */
  if (message->body == NULL)
    xmpp_node_add (stanza, "no-store", NS_HINTS);
}

static const char * const features[] = { NS_CHAT_STATES, NULL };

static const XmppMessageField fields[] = {
  { "active",    NS_CHAT_STATES, read_state, write_state, .senders = XMPP_SENDER_ANY },
  { "composing", NS_CHAT_STATES, read_state,              .senders = XMPP_SENDER_ANY },
  { "paused",    NS_CHAT_STATES, read_state,              .senders = XMPP_SENDER_ANY },
  { "inactive",  NS_CHAT_STATES, read_state,              .senders = XMPP_SENDER_ANY },
  { "gone",      NS_CHAT_STATES, read_state,              .senders = XMPP_SENDER_ANY },
  { NULL }
};

static void
xmpp_chat_states_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  XmppChatStates *self = XMPP_CHAT_STATES (object);

  switch (prop_id)
    {
    case PROP_SEND:
      g_value_set_boolean (value, self->send);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xmpp_chat_states_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  XmppChatStates *self = XMPP_CHAT_STATES (object);

  switch (prop_id)
    {
    case PROP_SEND:
      self->send = g_value_get_boolean (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xmpp_chat_states_class_init (XmppChatStatesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  XmppModuleClass *module_class = XMPP_MODULE_CLASS (klass);

  object_class->get_property = xmpp_chat_states_get_property;
  object_class->set_property = xmpp_chat_states_set_property;

  module_class->features = features;
  module_class->fields = fields;

  /**
   * XmppChatStates:send:
   *
   * Whether contacts, and those we talk with in private in a room, are told that we type.
   */
  properties[PROP_SEND] =
    g_param_spec_boolean ("send", NULL, NULL,
                          TRUE,
                          (G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xmpp_chat_states_init (XmppChatStates *self)
{
}

/**
 * xmpp_chat_states_send:
 * @session: a session
 * @to: a contact, or an occupant of a room
 * @type: %XMPP_MESSAGE_CHAT or %XMPP_MESSAGE_NORMAL
 * @state: what we do
 *
 * Tells @to what we do, in a message of its own without a text (XEP-0085, 5.1). Nothing is sent to
 * those who may not know, when #XmppChatStates:send is off, or while offline.
 */
void
xmpp_chat_states_send (XmppSession     *session,
                       XmppJid         *to,
                       XmppMessageType  type,
                       XmppChatState    state)
{
  XmppMessage message = { .type = type, .to = to, .chat_state = state };
  XmppChatStates *self;

  g_return_if_fail (XMPP_IS_SESSION (session));
  g_return_if_fail (to != NULL);
  g_return_if_fail (is_personal (type));
  g_return_if_fail (state > XMPP_CHAT_STATE_NONE && state < G_N_ELEMENTS (names));

  self = xmpp_session_get_module (session, XMPP_TYPE_CHAT_STATES);
  message.is_private = (xmpp_session_get_sender (session, to) & XMPP_SENDER_OCCUPANT) != 0;

  if (xmpp_session_is_online (session) && may_know (self, to))
    xmpp_session_send_message (session, &message);
}
