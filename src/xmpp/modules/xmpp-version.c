/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-version.h"

#include "xmpp-ask.h"

#include <glib/gi18n-lib.h>

#define NS_VERSION "jabber:iq:version"

struct _XmppVersion
{
  XmppModule parent_instance;

  char *name;
  char *version;
  char *os;       /* NULL: not told */
};

enum {
  PROP_0,
  PROP_NAME,
  PROP_VERSION,
  PROP_OS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_BOXED_TYPE (XmppSoftware, xmpp_software, xmpp_software_copy, xmpp_software_free)
G_DEFINE_FINAL_TYPE (XmppVersion, xmpp_version, XMPP_TYPE_MODULE)

static void
answer_version (XmppModule     *module,
                XmppStanza     *request,
                const XmppNode *child,
                XmppJid        *from,
                XmppSender      sender)
{
  XmppVersion *self = XMPP_VERSION (module);
  g_autoptr(XmppStanza) result = xmpp_stanza_new_iq ("result", NULL);
  XmppNode *query = xmpp_node_add (xmpp_stanza_get_root (result), "query", NS_VERSION);

  xmpp_node_add_text (query, "name", NS_VERSION, self->name);
  xmpp_node_add_text (query, "version", NS_VERSION, self->version);
  if (self->os != NULL)
    xmpp_node_add_text (query, "os", NS_VERSION, self->os);

  xmpp_session_send_result (xmpp_module_get_session (module), request, result);
}

static void
xmpp_version_finalize (GObject *object)
{
  XmppVersion *self = XMPP_VERSION (object);

  g_free (self->name);
  g_free (self->version);
  g_free (self->os);

  G_OBJECT_CLASS (xmpp_version_parent_class)->finalize (object);
}

static void
xmpp_version_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  XmppVersion *self = XMPP_VERSION (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;

    case PROP_VERSION:
      g_value_set_string (value, self->version);
      break;

    case PROP_OS:
      g_value_set_string (value, self->os);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xmpp_version_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  XmppVersion *self = XMPP_VERSION (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_free (self->name);
      self->name = g_value_dup_string (value);
      break;

    case PROP_VERSION:
      g_free (self->version);
      self->version = g_value_dup_string (value);
      break;

    case PROP_OS:
      g_free (self->os);
      self->os = g_value_dup_string (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static const char * const features[] = { NS_VERSION, NULL };

/* What we run is nobody's business who may not see that we are online (security.md, T099). Openfire asks each
 * client a few seconds after its login, for its administrators' list of sessions.
 */
static const XmppHandler handlers[] = {
  { "iq", "get", "query", NS_VERSION, answer_version,
    XMPP_SENDER_OWN_ACCOUNT | XMPP_SENDER_OWN_SERVER | XMPP_SENDER_CONTACT },
  { NULL }
};

static void
xmpp_version_class_init (XmppVersionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  XmppModuleClass *module_class = XMPP_MODULE_CLASS (klass);

  object_class->finalize = xmpp_version_finalize;
  object_class->get_property = xmpp_version_get_property;
  object_class->set_property = xmpp_version_set_property;

  module_class->features = features;
  module_class->handlers = handlers;

  properties[PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL, "Flint",
                         (G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS));
  properties[PROP_VERSION] =
    g_param_spec_string ("version", NULL, NULL, FLINT_VERSION,
                         (G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS));
  properties[PROP_OS] =
    g_param_spec_string ("os", NULL, NULL, NULL,
                         (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xmpp_version_init (XmppVersion *self)
{
}

/**
 * xmpp_version_ask_async:
 * @jid: a full address, or a server's
 *
 * Asks what software @jid runs (XEP-0092).
 */
void
xmpp_version_ask_async (XmppVersion         *self,
                        XmppJid             *jid,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(XmppStanza) iq = NULL;

  g_return_if_fail (XMPP_IS_VERSION (self));
  g_return_if_fail (jid != NULL);

  iq = xmpp_stanza_new_iq ("get", xmpp_jid_get_text (jid));
  xmpp_node_add (xmpp_stanza_get_root (iq), "query", NS_VERSION);

  xmpp_ask_async (self, iq, xmpp_version_ask_async, cancellable, callback, user_data);
}

/**
 * xmpp_version_ask_finish:
 *
 * Returns: (transfer full): what they say; %NULL with @error set when they do not
 */
XmppSoftware *
xmpp_version_ask_finish (XmppVersion   *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  g_autoptr(XmppStanza) answer = xmpp_ask_finish (self, result, xmpp_version_ask_async, error);
  const XmppNode *query;
  XmppSoftware *software;

  if (answer == NULL)
    return NULL;

  query = xmpp_node_get_child (xmpp_stanza_get_root (answer), "query", NS_VERSION);
  if (query == NULL)
    {
      g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_PROTOCOL,
                           _("The answer does not say which software it is"));
      return NULL;
    }

  software = g_new0 (XmppSoftware, 1);
  software->name = g_strdup (xmpp_node_get_child_text (query, "name", NS_VERSION));
  software->version = g_strdup (xmpp_node_get_child_text (query, "version", NS_VERSION));
  software->os = g_strdup (xmpp_node_get_child_text (query, "os", NS_VERSION));

  return software;
}

/**
 * xmpp_software_copy:
 * @self: what xmpp_version_ask_finish () gave
 *
 * Returns: (transfer full): another one that says the same
 */
XmppSoftware *
xmpp_software_copy (XmppSoftware *self)
{
  XmppSoftware *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new0 (XmppSoftware, 1);
  copy->name = g_strdup (self->name);
  copy->version = g_strdup (self->version);
  copy->os = g_strdup (self->os);

  return copy;
}

/**
 * xmpp_software_free:
 * @self: (transfer full): what xmpp_version_ask_finish () gave
 */
void
xmpp_software_free (XmppSoftware *self)
{
  g_free (self->name);
  g_free (self->version);
  g_free (self->os);
  g_free (self);
}
