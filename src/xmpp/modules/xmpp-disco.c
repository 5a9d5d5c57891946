/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-disco.h"

#include "xmpp-caps.h"
#include "xmpp-disco-info.h"

#include <string.h>

#define DEFAULT_NODE "urn:org.flint.Flint"
#define HASH         "sha-1"

struct _XmppDisco
{
  XmppModule parent_instance;

  char          *name;
  char          *type;
  char          *node;
  char          *ver;             /* NULL: to be computed */
  XmppCaps      *caps;

  /* With a connection */
  XmppDiscoInfo *server;          /* NULL: not known yet */
  gboolean       is_asking;       /* our server */
  GPtrArray     *waiting;         /* of owned GTask: for its answer */
};

enum {
  PROP_0,
  PROP_IDENTITY_NAME,
  PROP_IDENTITY_TYPE,
  PROP_NODE,
  N_PROPS
};

enum {
  SERVER_INFO,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XmppDisco, xmpp_disco, XMPP_TYPE_MODULE)

/* What we can do */

static int
compare_strings (gconstpointer a,
                 gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

static void
add_features (XmppDisco *self,
              XmppNode  *query)
{
  XmppSession *session = xmpp_module_get_session (XMPP_MODULE (self));
  g_autoptr(GPtrArray) features = g_ptr_array_new ();

  for (guint i = 0; xmpp_module_types[i] != NULL; i++)
    {
      XmppModule *module = xmpp_session_get_module (session, xmpp_module_types[i] ());
      const char * const *feature = XMPP_MODULE_GET_CLASS (module)->features;

      for (; feature != NULL && *feature != NULL; feature++)
        g_ptr_array_add (features, (char *) *feature);
    }

  g_ptr_array_sort (features, compare_strings);
  for (guint i = 0; i < features->len; i++)
    {
      if (i == 0 || !g_str_equal (features->pdata[i], features->pdata[i - 1]))
        xmpp_node_set (xmpp_node_add (query, "feature", XMPP_NS_DISCO_INFO), "var", features->pdata[i]);
    }
}

static void
write_info (XmppDisco *self,
            XmppNode  *query,
            gboolean   with_name)
{
  XmppNode *identity = xmpp_node_add (query, "identity", XMPP_NS_DISCO_INFO);

  xmpp_node_set (identity, "category", "client");
  xmpp_node_set (identity, "type", self->type);
  if (with_name)
    xmpp_node_set (identity, "name", self->name);

  add_features (self, query);
}

static const char *
get_ver (XmppDisco *self)
{
  if (self->ver == NULL)
    {
      g_autoptr(XmppStanza) stanza = xmpp_stanza_new ("query", XMPP_NS_DISCO_INFO);

      write_info (self, xmpp_stanza_get_root (stanza), TRUE);
      self->ver = xmpp_disco_hash (xmpp_stanza_get_root (stanza), HASH);
    }

  return self->ver;
}

static gboolean
is_own_node (XmppDisco  *self,
             const char *node)
{
  g_autofree char *own = g_strdup_printf ("%s#%s", self->node, get_ver (self));

  return g_str_equal (node, own);
}

/* A stranger is not told which program this is (security.md, T099), and so cannot ask for the node by
 * which those ask who have our presence.
 */
static void
answer_info (XmppModule     *module,
             XmppStanza     *request,
             const XmppNode *query,
             XmppJid        *from,
             XmppSender      sender)
{
  XmppDisco *self = XMPP_DISCO (module);
  XmppSession *session = xmpp_module_get_session (module);
  gboolean is_near = (sender & (XMPP_SENDER_STRANGER | XMPP_SENDER_LISTED)) == 0;
  const char *node = xmpp_node_get (query, "node");
  g_autoptr(XmppStanza) result = NULL;
  XmppNode *answer;

  if (node != NULL && !(is_near && is_own_node (self, node)))
    {
      xmpp_session_send_error (session, request, XMPP_STANZA_ERROR_ITEM_NOT_FOUND, NULL);
      return;
    }

  result = xmpp_stanza_new_iq ("result", NULL);
  answer = xmpp_node_add (xmpp_stanza_get_root (result), "query", XMPP_NS_DISCO_INFO);
  if (node != NULL)
    xmpp_node_set (answer, "node", node);
  write_info (self, answer, is_near);

  xmpp_session_send_result (session, request, result);
}

static void
answer_items (XmppModule     *module,
              XmppStanza     *request,
              const XmppNode *query,
              XmppJid        *from,
              XmppSender      sender)
{
  XmppSession *session = xmpp_module_get_session (module);
  g_autoptr(XmppStanza) result = NULL;

  if (xmpp_node_get (query, "node") != NULL)
    {
      xmpp_session_send_error (session, request, XMPP_STANZA_ERROR_ITEM_NOT_FOUND, NULL);
      return;
    }

  result = xmpp_stanza_new_iq ("result", NULL);
  xmpp_node_add (xmpp_stanza_get_root (result), "query", XMPP_NS_DISCO_ITEMS);
  xmpp_session_send_result (session, request, result);
}

/* What others can do */

/* Only of those who may know that we are here: the question tells them. */
static void
read_caps (XmppModule     *module,
           XmppStanza     *stanza,
           const XmppNode *c,
           XmppJid        *from,
           XmppSender      sender)
{
  XmppDisco *self = XMPP_DISCO (module);
  const XmppNode *presence = xmpp_stanza_get_root (stanza);

  if (from == NULL || xmpp_node_get (presence, "type") != NULL ||
      (sender & (XMPP_SENDER_ROOM | XMPP_SENDER_OCCUPANT)) != 0 ||
      g_strcmp0 (xmpp_node_get (c, "ver"), get_ver (self)) == 0)
    return;

  xmpp_caps_learn (self->caps, from, xmpp_node_get (c, "node"), xmpp_node_get (c, "ver"),
                   xmpp_node_get (c, "hash"));
}

static void
answer_waiting (XmppDisco    *self,
                const GError *error)
{
  g_autoptr(GPtrArray) waiting = g_steal_pointer (&self->waiting);

  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < waiting->len; i++)
    {
      GTask *task = g_ptr_array_index (waiting, i);

      if (error == NULL)
        g_task_return_pointer (task, xmpp_disco_info_ref (self->server), (GDestroyNotify) xmpp_disco_info_unref);
      else
        g_task_return_error (task, g_error_copy (error));
    }
}

static void
on_server (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  XmppDisco *self = XMPP_DISCO (object);
  g_autoptr(GError) error = NULL;
  XmppDiscoInfo *info = xmpp_disco_info_finish (self, result, &error);

  self->is_asking = FALSE;

  if (info != NULL)
    {
      g_clear_pointer (&self->server, xmpp_disco_info_unref);
      self->server = info;
    }

  answer_waiting (self, error);
  if (info != NULL)
    g_signal_emit (self, signals[SERVER_INFO], 0, self->server);
}

static void
ask_server (XmppDisco *self)
{
  XmppSession *session = xmpp_module_get_session (XMPP_MODULE (self));
  g_autoptr(XmppJid) server = xmpp_jid_new_received (xmpp_jid_get_domain (xmpp_session_get_jid (session)));

  if (self->is_asking)
    return;

  self->is_asking = TRUE;
  xmpp_disco_info_async (self, server, NULL, NULL, on_server, NULL);
}

static void
xmpp_disco_online (XmppModule *module,
                   gboolean    resumed)
{
  if (!resumed)
    ask_server (XMPP_DISCO (module));
}

static void
xmpp_disco_offline (XmppModule *module)
{
  XmppDisco *self = XMPP_DISCO (module);

  g_clear_pointer (&self->server, xmpp_disco_info_unref);
  xmpp_caps_offline (self->caps);
}

static void
xmpp_disco_finalize (GObject *object)
{
  XmppDisco *self = XMPP_DISCO (object);

  g_clear_pointer (&self->server, xmpp_disco_info_unref);
  g_ptr_array_unref (self->waiting);
  xmpp_caps_free (self->caps);
  g_free (self->name);
  g_free (self->type);
  g_free (self->node);
  g_free (self->ver);

  G_OBJECT_CLASS (xmpp_disco_parent_class)->finalize (object);
}

static char **
get_field (XmppDisco *self,
           guint      prop_id)
{
  switch (prop_id)
    {
    case PROP_IDENTITY_NAME:
      return &self->name;

    case PROP_IDENTITY_TYPE:
      return &self->type;

    case PROP_NODE:
      return &self->node;

    default:
      return NULL;
    }
}

static void
xmpp_disco_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  char **field = get_field (XMPP_DISCO (object), prop_id);

  if (field != NULL)
    g_value_set_string (value, *field);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
xmpp_disco_set_property (GObject      *object,
                         guint         prop_id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  XmppDisco *self = XMPP_DISCO (object);
  char **field = get_field (self, prop_id);

  if (field == NULL)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      return;
    }

  g_free (*field);
  *field = g_value_dup_string (value);
  g_clear_pointer (&self->ver, g_free);
}

static const char * const features[] = { XMPP_NS_CAPS, XMPP_NS_DISCO_INFO, XMPP_NS_DISCO_ITEMS, NULL };

static const XmppHandler handlers[] = {
  { "iq", "get", "query", XMPP_NS_DISCO_INFO, answer_info, XMPP_SENDER_ANY },
  { "iq", "get", "query", XMPP_NS_DISCO_ITEMS, answer_items, XMPP_SENDER_ANY },
  { "presence", NULL, "c", XMPP_NS_CAPS, read_caps, XMPP_SENDER_OWN_ACCOUNT | XMPP_SENDER_CONTACT },
  { NULL }
};

static void
add_property (guint       prop_id,
              const char *name,
              const char *value)
{
  properties[prop_id] =
    g_param_spec_string (name, NULL, NULL, value,
                         (G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS));
}

static void
xmpp_disco_class_init (XmppDiscoClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  XmppModuleClass *module_class = XMPP_MODULE_CLASS (klass);

  object_class->finalize = xmpp_disco_finalize;
  object_class->get_property = xmpp_disco_get_property;
  object_class->set_property = xmpp_disco_set_property;

  module_class->features = features;
  module_class->handlers = handlers;
  module_class->online = xmpp_disco_online;
  module_class->offline = xmpp_disco_offline;

  add_property (PROP_IDENTITY_NAME, "identity-name", "Flint");
  add_property (PROP_IDENTITY_TYPE, "identity-type", "pc");
  add_property (PROP_NODE, "node", DEFAULT_NODE);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * XmppDisco::server-info:
   * @self: the module
   * @info: an #XmppDiscoInfo: what our server can do
   */
  signals[SERVER_INFO] =
    g_signal_new ("server-info", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, XMPP_TYPE_DISCO_INFO);
}

static void
xmpp_disco_init (XmppDisco *self)
{
  self->caps = xmpp_caps_new (self);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * xmpp_disco_get_server:
 *
 * Returns: (transfer none) (nullable): what our server can do; %NULL until it has said so after this login
 */
XmppDiscoInfo *
xmpp_disco_get_server (XmppDisco *self)
{
  g_return_val_if_fail (XMPP_IS_DISCO (self), NULL);

  return self->server;
}

/**
 * xmpp_disco_server_async:
 *
 * What xmpp_disco_get_server () knows, as soon as it does: asks if nobody has, or waits with those who
 * wait already.
 */
void
xmpp_disco_server_async (XmppDisco           *self,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (XMPP_IS_DISCO (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xmpp_disco_server_async);

  if (self->server != NULL)
    {
      g_task_return_pointer (task, xmpp_disco_info_ref (self->server), (GDestroyNotify) xmpp_disco_info_unref);
      return;
    }

  g_ptr_array_add (self->waiting, g_steal_pointer (&task));
  ask_server (self);
}

/**
 * xmpp_disco_server_finish:
 *
 * Returns: (transfer full): what our server can do; %NULL with @error set
 */
XmppDiscoInfo *
xmpp_disco_server_finish (XmppDisco     *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static const XmppResource *
find_resource (XmppDisco     *self,
               const XmppJid *full)
{
  XmppPresence *presence = xmpp_session_get_module (xmpp_module_get_session (XMPP_MODULE (self)),
                                                    XMPP_TYPE_PRESENCE);
  g_autoptr(GPtrArray) resources = xmpp_presence_get_resources (presence, full);

  for (guint i = 0; i < resources->len; i++)
    {
      const XmppResource *resource = g_ptr_array_index (resources, i);

      if (xmpp_jid_equal (resource->jid, full))
        return resource;
    }

  return NULL;
}

/**
 * xmpp_disco_get_known:
 * @full: a device of a contact, or of ours
 *
 * What its presence says that it can do, by XEP-0115. When that is not known yet, it is asked for, and
 * the next call may know.
 *
 * Returns: (transfer none) (nullable): it
 */
XmppDiscoInfo *
xmpp_disco_get_known (XmppDisco     *self,
                      const XmppJid *full)
{
  const XmppResource *resource;
  XmppDiscoInfo *info;
  XmppSender sender;

  g_return_val_if_fail (XMPP_IS_DISCO (self), NULL);
  g_return_val_if_fail (full != NULL, NULL);

  resource = find_resource (self, full);
  if (resource == NULL)
    return NULL;

  info = xmpp_caps_get (self->caps, resource);
  sender = xmpp_session_get_sender (xmpp_module_get_session (XMPP_MODULE (self)), full);
  if (info == NULL && (sender & (XMPP_SENDER_OWN_ACCOUNT | XMPP_SENDER_CONTACT)) != 0)
    xmpp_caps_learn (self->caps, resource->jid, resource->caps_node, resource->caps_ver, resource->caps_hash);

  return info;
}

/**
 * xmpp_disco_write_caps:
 * @presence: a <presence/> without a type
 *
 * Adds what we can do, as a hash (XEP-0115, 4).
 */
void
xmpp_disco_write_caps (XmppDisco *self,
                       XmppNode  *presence)
{
  XmppNode *c;

  g_return_if_fail (XMPP_IS_DISCO (self));
  g_return_if_fail (presence != NULL);

  c = xmpp_node_add (presence, "c", XMPP_NS_CAPS);
  xmpp_node_set (c, "hash", HASH);
  xmpp_node_set (c, "node", self->node);
  xmpp_node_set (c, "ver", get_ver (self));
}

/**
 * xmpp_disco_save:
 *
 * Returns: (transfer full): the answers whose hash was right, for xmpp_disco_restore ()
 */
XmppStanza *
xmpp_disco_save (XmppDisco *self)
{
  g_return_val_if_fail (XMPP_IS_DISCO (self), NULL);

  return xmpp_caps_save (self->caps);
}

/**
 * xmpp_disco_restore:
 * @saved: what xmpp_disco_save () gave; what does not match its hash is left out
 */
void
xmpp_disco_restore (XmppDisco  *self,
                    XmppStanza *saved)
{
  g_return_if_fail (XMPP_IS_DISCO (self));
  g_return_if_fail (saved != NULL);

  xmpp_caps_restore (self->caps, saved);
}
