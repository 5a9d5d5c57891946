/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0280: Message Carbons */

#include "xmpp-carbons.h"

#include "xmpp-delay.h"
#include "xmpp-disco.h"

#define NS_CARBONS  "urn:xmpp:carbons:2"
#define NS_FORWARD  "urn:xmpp:forward:0"
#define NS_MUC_USER "http://jabber.org/protocol/muc#user"

struct _XmppCarbons
{
  XmppModule parent_instance;

  XmppDisco    *disco;         /* borrowed: whose signal we hear */

  /* With a connection */
  GCancellable *cancellable;   /* NULL: not asked for yet */
  gboolean      is_enabled;
};

enum
{
  PROP_0,
  PROP_ENABLED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (XmppCarbons, xmpp_carbons, XMPP_TYPE_MODULE)

static void
set_enabled (XmppCarbons *self,
             gboolean     enabled)
{
  if (self->is_enabled == enabled)
    return;

  self->is_enabled = enabled;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENABLED]);
}

static void
on_enabled (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(XmppCarbons) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppStanza) answer = xmpp_session_request_finish (XMPP_SESSION (object), result, &error);

  if (answer != NULL)
    set_enabled (self, TRUE);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_debug ("Carbons were not enabled: %s", error->message);
}

static void
on_server_info (XmppDisco     *disco,
                XmppDiscoInfo *info,
                XmppCarbons   *self)
{
  g_autoptr(XmppStanza) iq = NULL;

  if (self->cancellable != NULL || !xmpp_disco_info_has (info, NS_CARBONS))
    return;

  iq = xmpp_stanza_new_iq ("set", NULL);
  xmpp_node_add (xmpp_stanza_get_root (iq), "enable", NS_CARBONS);

  self->cancellable = g_cancellable_new ();
  xmpp_session_request_async (xmpp_module_get_session (XMPP_MODULE (self)), iq, self->cancellable,
                              on_enabled, g_object_ref (self));
}

static void
xmpp_carbons_online (XmppModule *module,
                     gboolean    resumed)
{
  XmppCarbons *self = XMPP_CARBONS (module);

  if (self->disco != NULL)
    return;

  self->disco = xmpp_session_get_module (xmpp_module_get_session (module), XMPP_TYPE_DISCO);
  g_signal_connect_object (self->disco, "server-info", G_CALLBACK (on_server_info), self, 0);
}

static void
xmpp_carbons_offline (XmppModule *module)
{
  XmppCarbons *self = XMPP_CARBONS (module);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  set_enabled (self, FALSE);
}

/* Only our own account may tell us what our other devices said, and by no device of it: the server
 * sends carbons from the bare address (XEP-0280, 11).
 */
static gboolean
is_ours (XmppSession   *session,
         const XmppJid *outer_from)
{
  return outer_from == NULL || xmpp_jid_equal (outer_from, xmpp_session_get_jid (session));
}

static XmppNode *
only_child (const XmppNode *parent,
            const char     *name,
            const char     *ns)
{
  XmppNode *found = NULL;

  XMPP_NODE_FOREACH_CHILD (parent, child)
    {
      if (!xmpp_node_is (child, name, ns))
        continue;

      if (found != NULL)
        return NULL;

      found = child;
    }

  return found;
}

static gboolean
is_only_wrapper (const XmppNode *carbon)
{
  XMPP_NODE_FOREACH_CHILD (carbon->parent, child)
    if (child != carbon && (xmpp_node_is (child, "received", NS_CARBONS) || xmpp_node_is (child, "sent", NS_CARBONS)))
      return FALSE;

  return TRUE;
}

/* What comes in private in a room comes to each device that is there, by the room; what another device
 * says in one where we are not could not be answered here (XEP-0280, 6.1).
 */
static gboolean
is_for_another_device (XmppSession    *session,
                       const XmppNode *inner,
                       const XmppJid  *peer,
                       gboolean        is_sent)
{
  const XmppNode *x = xmpp_node_get_child (inner, "x", NS_MUC_USER);
  gboolean is_marked = x != NULL && xmpp_node_get_child (x, "invite", NS_MUC_USER) == NULL;
  gboolean is_occupant = (xmpp_session_get_sender (session, peer) & XMPP_SENDER_OCCUPANT) != 0;

  if (xmpp_jid_is_bare (peer))
    return FALSE;

  return is_sent ? is_marked && !is_occupant : is_marked || is_occupant;
}

static XmppJid *
get_jid (const XmppNode *node,
         const char     *name)
{
  const char *text = xmpp_node_get (node, name);

  return text != NULL ? xmpp_jid_new_received (text) : NULL;
}

/* Whatever is not as XEP-0280 (6 to 8) has it is dropped whole. The inner message is only data to what
 * comes after: wrappers in it are not opened (XEP-0297, 5).
 */
static XmppNode *
unwrap (XmppModule     *module,
        const XmppNode *carbon,
        XmppMessage    *message)
{
  XmppSession *session = xmpp_module_get_session (module);
  XmppJid *own = xmpp_session_get_jid (session);
  gboolean is_sent = xmpp_node_is (carbon, "sent", NS_CARBONS);
  g_autoptr(XmppJid) from = NULL;
  g_autoptr(XmppJid) to = NULL;
  const XmppNode *forwarded;
  XmppNode *inner;

  if (!is_ours (session, message->from))
    {
      g_debug ("Ignored a carbon from %s, who may not send any", xmpp_jid_get_text (message->from));
      return NULL;
    }

  if (!is_only_wrapper (carbon) ||
      (forwarded = only_child (carbon, "forwarded", NS_FORWARD)) == NULL ||
      (inner = only_child (forwarded, "message", XMPP_NS_CLIENT)) == NULL)
    return NULL;

  from = get_jid (inner, "from");
  to = get_jid (inner, "to");

  if (from == NULL || to == NULL ||
      !xmpp_jid_equal_bare (is_sent ? from : to, own) ||
      xmpp_message_type_from_string (xmpp_node_get (inner, "type")) == XMPP_MESSAGE_GROUPCHAT ||
      is_for_another_device (session, inner, is_sent ? to : from, is_sent))
    return NULL;

  message->carbon = is_sent ? XMPP_CARBON_SENT : XMPP_CARBON_RECEIVED;
  if (xmpp_delay_read (session, carbon->parent, &message->time) ||
      xmpp_delay_read (session, forwarded, &message->time))
    message->is_delayed = TRUE;

  return inner;
}

/* The outer from is checked in unwrap (), and not by classes: a stranger's carbon is dropped and not
 * taken for an empty message.
 */
static const XmppMessageField fields[] = {
  { "received", NS_CARBONS, .unwrap = unwrap, .senders = XMPP_SENDER_ANY },
  { "sent",     NS_CARBONS, .unwrap = unwrap, .senders = XMPP_SENDER_ANY },
  { NULL }
};

static void
xmpp_carbons_dispose (GObject *object)
{
  XmppCarbons *self = XMPP_CARBONS (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (xmpp_carbons_parent_class)->dispose (object);
}

static void
xmpp_carbons_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  XmppCarbons *self = XMPP_CARBONS (object);

  switch (prop_id)
    {
    case PROP_ENABLED:
      g_value_set_boolean (value, self->is_enabled);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xmpp_carbons_class_init (XmppCarbonsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  XmppModuleClass *module_class = XMPP_MODULE_CLASS (klass);

  object_class->dispose = xmpp_carbons_dispose;
  object_class->get_property = xmpp_carbons_get_property;

  module_class->fields = fields;
  module_class->online = xmpp_carbons_online;
  module_class->offline = xmpp_carbons_offline;

  /**
   * XmppCarbons:enabled:
   *
   * Whether our server sends us what our other devices send and get (XEP-0280, 4).
   */
  properties[PROP_ENABLED] =
    g_param_spec_boolean ("enabled", NULL, NULL,
                          FALSE,
                          (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xmpp_carbons_init (XmppCarbons *self)
{
}
