/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-typing.h"

#include "xmpp-chat-states.h"
#include "xmpp-disco.h"

#define NS_CHAT_STATES "http://jabber.org/protocol/chatstates"

#define TYPING_TIME 30000      /* ms that "composing" is believed */
#define PAUSE_TIME  5000       /* ms without a key */

struct _FlintTyping
{
  GObject        parent_instance;

  XmppSession   *session;
  gboolean       is_typing;
  guint          typing_timer;

  XmppChatState  told;           /* what the other side was told last */
  XmppJid       *to;             /* whom the pause will be told */
  guint          pause_timer;
  gboolean       is_understood;  /* the other side has sent states itself */
};

enum {
  PROP_0,
  PROP_IS_TYPING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (FlintTyping, flint_typing, G_TYPE_OBJECT)

static void
stop_timer (FlintTyping *self,
            guint       *timer)
{
  if (*timer != 0)
    xmpp_clock_remove (xmpp_session_get_clock (self->session), *timer);

  *timer = 0;
}

static void
set_typing (FlintTyping *self,
            gboolean     is_typing)
{
  if (self->is_typing == is_typing)
    return;

  self->is_typing = is_typing;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_TYPING]);
}

static gboolean
on_typing_timeout (gpointer user_data)
{
  FlintTyping *self = user_data;

  self->typing_timer = 0;
  set_typing (self, FALSE);

  return G_SOURCE_REMOVE;
}

/* States alone go only to those who understand them (XEP-0085, 5.1) */
static gboolean
is_understood (FlintTyping *self,
               XmppJid     *to)
{
  g_autoptr(XmppDiscoInfo) info = NULL;

  if (self->is_understood || xmpp_jid_is_bare (to))
    return self->is_understood;

  info = xmpp_disco_get_known (xmpp_session_get_module (self->session, XMPP_TYPE_DISCO), to);

  return info != NULL && xmpp_disco_info_has (info, NS_CHAT_STATES);
}

static void
tell (FlintTyping   *self,
      XmppJid       *to,
      XmppChatState  state)
{
  if (self->told == state || !xmpp_session_is_online (self->session) || !is_understood (self, to))
    return;

  self->told = state;
  xmpp_chat_states_send (self->session, to, XMPP_MESSAGE_CHAT, state);
}

static gboolean
on_pause_timeout (gpointer user_data)
{
  FlintTyping *self = user_data;

  self->pause_timer = 0;
  tell (self, self->to, XMPP_CHAT_STATE_PAUSED);

  return G_SOURCE_REMOVE;
}

static void
flint_typing_dispose (GObject *object)
{
  FlintTyping *self = FLINT_TYPING (object);

  if (self->session != NULL)
    {
      stop_timer (self, &self->typing_timer);
      stop_timer (self, &self->pause_timer);
    }

  g_clear_object (&self->session);
  g_clear_pointer (&self->to, xmpp_jid_unref);

  G_OBJECT_CLASS (flint_typing_parent_class)->dispose (object);
}

static void
flint_typing_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_IS_TYPING:
      g_value_set_boolean (value, FLINT_TYPING (object)->is_typing);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
flint_typing_class_init (FlintTypingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = flint_typing_dispose;
  object_class->get_property = flint_typing_get_property;

  properties[PROP_IS_TYPING] = g_param_spec_boolean ("is-typing", NULL, NULL, FALSE,
                                                     G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
flint_typing_init (FlintTyping *self)
{
}

/**
 * flint_typing_new:
 * @session: over which it is told
 *
 * Returns: (transfer full): nobody types
 */
FlintTyping *
flint_typing_new (XmppSession *session)
{
  FlintTyping *self = g_object_new (FLINT_TYPE_TYPING, NULL);

  self->session = g_object_ref (session);

  return self;
}

/**
 * flint_typing_is_typing:
 * @self: a chat's typing
 *
 * Returns: whether the other side does
 */
gboolean
flint_typing_is_typing (FlintTyping *self)
{
  g_return_val_if_fail (FLINT_IS_TYPING (self), FALSE);

  return self->is_typing;
}

/**
 * flint_typing_receive:
 * @self: a chat's typing
 * @state: what came, perhaps with a message
 *
 * The other side says what it does.
 */
void
flint_typing_receive (FlintTyping   *self,
                      XmppChatState  state)
{
  g_return_if_fail (FLINT_IS_TYPING (self));

  stop_timer (self, &self->typing_timer);

  if (state != XMPP_CHAT_STATE_NONE)
    self->is_understood = TRUE;

  if (state == XMPP_CHAT_STATE_COMPOSING)
    self->typing_timer = xmpp_clock_add (xmpp_session_get_clock (self->session), TYPING_TIME, on_typing_timeout, self);

  set_typing (self, state == XMPP_CHAT_STATE_COMPOSING);
}

/**
 * flint_typing_stop:
 * @self: a chat's typing
 *
 * The connection is gone: nothing is known, and nobody was told anything.
 */
void
flint_typing_stop (FlintTyping *self)
{
  g_return_if_fail (FLINT_IS_TYPING (self));

  stop_timer (self, &self->typing_timer);
  stop_timer (self, &self->pause_timer);
  self->told = XMPP_CHAT_STATE_NONE;
  set_typing (self, FALSE);
}

/**
 * flint_typing_set_composing:
 * @self: a chat's typing
 * @to: the other side, with the device if one is known
 * @composing: %TRUE with each key; %FALSE when the text was emptied
 *
 * Lets the other side know: once when it begins, and five seconds after the last key.
 */
void
flint_typing_set_composing (FlintTyping *self,
                            XmppJid     *to,
                            gboolean     composing)
{
  g_return_if_fail (FLINT_IS_TYPING (self));

  stop_timer (self, &self->pause_timer);

  if (composing)
    {
      xmpp_jid_ref (to);
      g_clear_pointer (&self->to, xmpp_jid_unref);
      self->to = to;
      self->pause_timer = xmpp_clock_add (xmpp_session_get_clock (self->session), PAUSE_TIME, on_pause_timeout, self);
      tell (self, to, XMPP_CHAT_STATE_COMPOSING);
    }
  else if (self->told == XMPP_CHAT_STATE_COMPOSING || self->told == XMPP_CHAT_STATE_PAUSED)
    {
      tell (self, to, XMPP_CHAT_STATE_ACTIVE);
    }
}

/**
 * flint_typing_sent:
 * @self: a chat's typing
 *
 * A message goes out, and ends the typing.
 *
 * Returns: the state to send with it
 */
XmppChatState
flint_typing_sent (FlintTyping *self)
{
  g_return_val_if_fail (FLINT_IS_TYPING (self), XMPP_CHAT_STATE_NONE);

  stop_timer (self, &self->pause_timer);
  self->told = XMPP_CHAT_STATE_ACTIVE;

  return XMPP_CHAT_STATE_ACTIVE;
}

/**
 * flint_typing_leave:
 * @self: a chat's typing
 * @to: the other side
 *
 * The chat was closed.
 */
void
flint_typing_leave (FlintTyping *self,
                    XmppJid     *to)
{
  g_return_if_fail (FLINT_IS_TYPING (self));

  if (self->told != XMPP_CHAT_STATE_NONE)
    tell (self, to, XMPP_CHAT_STATE_GONE);

  flint_typing_stop (self);
}
