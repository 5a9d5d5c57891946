/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0184: Message Delivery Receipts */

#include "xmpp-receipts.h"

#define NS_RECEIPTS "urn:xmpp:receipts"

struct _XmppReceipts
{
  XmppModule parent_instance;

  gboolean request;
  gboolean answer;
  gboolean answer_strangers;
};

enum
{
  PROP_0,
  PROP_REQUEST,
  PROP_ANSWER,
  PROP_ANSWER_STRANGERS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (XmppReceipts, xmpp_receipts, XMPP_TYPE_MODULE)

static gboolean
is_personal (const XmppMessage *message)
{
  return message->type == XMPP_MESSAGE_CHAT || message->type == XMPP_MESSAGE_NORMAL;
}

/* A receipt tells that we are online, so only those get one who may see that anyway (XEP-0184, 8). In a
 * room everybody would get one from everybody (5.3), and an occupant is no contact even where the room's
 * address is in our list.
 */
static gboolean
may_know (XmppReceipts      *self,
          const XmppMessage *message)
{
  if ((message->sender & (XMPP_SENDER_ROOM | XMPP_SENDER_OCCUPANT | XMPP_SENDER_OWN_ACCOUNT)) != 0)
    return FALSE;

  return self->answer_strangers || (message->sender & XMPP_SENDER_CONTACT) != 0;
}

static void
read_request (XmppModule     *module,
              const XmppNode *request,
              XmppMessage    *message)
{
  message->wants_receipt = is_personal (message);
}

static void
write_request (XmppModule        *module,
               const XmppMessage *message,
               XmppNode          *stanza)
{
  if (XMPP_RECEIPTS (module)->request && is_personal (message) && message->body != NULL &&
      !message->is_private)
    xmpp_node_add (stanza, "request", NS_RECEIPTS);
}

/* What bounces carries our own receipt back: it is not one (RFC 6120, 8.3.1). */
static void
read_received (XmppModule     *module,
               const XmppNode *received,
               XmppMessage    *message)
{
  if (is_personal (message))
    message->received_id = xmpp_node_get (received, "id");
}

static void
write_received (XmppModule        *module,
                const XmppMessage *message,
                XmppNode          *stanza)
{
  if (message->received_id != NULL)
    xmpp_node_set (xmpp_node_add (stanza, "received", NS_RECEIPTS), "id", message->received_id);
}

/* Once the whole message was read. The device that it was sent to answers, so copies are not ours to
 * answer, and a receipt asks for none (XEP-0184, 5.4 and 5.5).
 */
static gboolean
answer_request (XmppModule  *module,
                XmppMessage *message)
{
  XmppReceipts *self = XMPP_RECEIPTS (module);
  XmppMessage receipt = { .type = message->type, .to = message->from, .received_id = message->id };

  if (self->answer && message->wants_receipt && message->received_id == NULL &&
      message->id != NULL && *message->id != '\0' &&
      message->carbon == XMPP_CARBON_NONE && may_know (self, message))
    xmpp_session_send_message (xmpp_module_get_session (module), &receipt);

  return FALSE;
}

static const char * const features[] = { NS_RECEIPTS, NULL };

static const XmppMessageField fields[] = {
  { "request",  NS_RECEIPTS, read_request,  write_request,  .senders = XMPP_SENDER_ANY },
  { "received", NS_RECEIPTS, read_received, write_received, .senders = XMPP_SENDER_ANY },
  { NULL }
};

static void
xmpp_receipts_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  XmppReceipts *self = XMPP_RECEIPTS (object);

  switch (prop_id)
    {
    case PROP_REQUEST:
      g_value_set_boolean (value, self->request);
      break;

    case PROP_ANSWER:
      g_value_set_boolean (value, self->answer);
      break;

    case PROP_ANSWER_STRANGERS:
      g_value_set_boolean (value, self->answer_strangers);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xmpp_receipts_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  XmppReceipts *self = XMPP_RECEIPTS (object);

  switch (prop_id)
    {
    case PROP_REQUEST:
      self->request = g_value_get_boolean (value);
      break;

    case PROP_ANSWER:
      self->answer = g_value_get_boolean (value);
      break;

    case PROP_ANSWER_STRANGERS:
      self->answer_strangers = g_value_get_boolean (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xmpp_receipts_class_init (XmppReceiptsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  XmppModuleClass *module_class = XMPP_MODULE_CLASS (klass);

  object_class->get_property = xmpp_receipts_get_property;
  object_class->set_property = xmpp_receipts_set_property;

  module_class->features = features;
  module_class->fields = fields;
  module_class->message = answer_request;

  /**
   * XmppReceipts:request:
   *
   * Whether to ask for a receipt of each text that is sent to one person.
   */
  properties[PROP_REQUEST] =
    g_param_spec_boolean ("request", NULL, NULL,
                          TRUE,
                          (G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS));

  /**
   * XmppReceipts:answer:
   *
   * Whether to give contacts who may see our presence the receipts that they ask for.
   */
  properties[PROP_ANSWER] =
    g_param_spec_boolean ("answer", NULL, NULL,
                          TRUE,
                          (G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS));

  /**
   * XmppReceipts:answer-strangers:
   *
   * Whether to give them to everybody else too, who learns by it that we are online (XEP-0184, 8).
   */
  properties[PROP_ANSWER_STRANGERS] =
    g_param_spec_boolean ("answer-strangers", NULL, NULL,
                          FALSE,
                          (G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xmpp_receipts_init (XmppReceipts *self)
{
}
