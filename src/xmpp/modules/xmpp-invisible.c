/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-invisible.h"

#include "xmpp-ask.h"
#include "xmpp-blocking.h"
#include "xmpp-disco.h"
#include "xmpp-presence.h"

#include <glib/gi18n-lib.h>

#define NS_INVISIBLE_0 "urn:xmpp:invisible:0"
#define NS_INVISIBLE_1 "urn:xmpp:invisible:1"
#define NS_PRIVACY     "jabber:iq:privacy"

#define LIST_NAME "flint-invisible"

struct _XmppInvisible
{
  XmppModule parent_instance;

  XmppBlocking *blocking;     /* the session's, as we are; NULL: not yet online */

  /* With a connection */
  const char   *mechanism;    /* a namespace of the above; NULL: visible */
};

G_DEFINE_FINAL_TYPE (XmppInvisible, xmpp_invisible, XMPP_TYPE_MODULE)

static XmppSession *
get_session (XmppInvisible *self)
{
  return xmpp_module_get_session (XMPP_MODULE (self));
}

/* One step of @task: @callback gets it with the answer. */
static void
ask (GTask               *task,
     XmppStanza          *iq,
     GAsyncReadyCallback  callback)
{
  XmppInvisible *self = g_task_get_source_object (task);

  xmpp_session_request_async (get_session (self), iq, g_task_get_cancellable (task), callback,
                              g_object_ref (task));
}

/* The answer to a step, or NULL, and then @task has ended with why. */
static XmppStanza *
take_answer (GTask        *task,
             GObject      *session,
             GAsyncResult *result)
{
  GError *error = NULL;
  XmppStanza *answer = xmpp_session_request_finish (XMPP_SESSION (session), result, &error);

  if (answer == NULL)
    g_task_return_error (task, error);

  return answer;
}

/* The step after which it is so; the task's data is the mechanism, NULL for visible. */
static void
on_done (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(XmppStanza) answer = take_answer (task, object, result);
  XmppInvisible *self = g_task_get_source_object (task);

  if (answer == NULL)
    return;

  self->mechanism = g_task_get_task_data (task);
  g_task_return_boolean (task, TRUE);
}

/* XEP-0186. The contacts are probed by the server, so that we see them and they do not see us. */
static void
send_command (GTask      *task,
              const char *ns,
              gboolean    invisible)
{
  g_autoptr(XmppStanza) iq = xmpp_stanza_new_iq ("set", NULL);
  XmppNode *command = xmpp_node_add (xmpp_stanza_get_root (iq), invisible ? "invisible" : "visible", ns);

  if (invisible && g_str_equal (ns, NS_INVISIBLE_1))
    xmpp_node_set (command, "probe", "true");

  ask (task, iq, on_done);
}

/* XEP-0126, by a list of XEP-0016: all that Openfire has. An active list stands in the place of the
 * default one, which is where Openfire keeps who is blocked, so ours repeats the default one's items
 * after its own.
 */

static XmppNode *
add_query (XmppStanza *iq)
{
  return xmpp_node_add (xmpp_stanza_get_root (iq), "query", NS_PRIVACY);
}

/* @name: NULL for none */
static void
activate_list (GTask      *task,
               const char *name)
{
  g_autoptr(XmppStanza) iq = xmpp_stanza_new_iq ("set", NULL);
  XmppNode *active = xmpp_node_add (add_query (iq), "active", NS_PRIVACY);

  if (name != NULL)
    xmpp_node_set (active, "name", name);

  ask (task, iq, on_done);
}

static void
on_list_set (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(XmppStanza) answer = take_answer (task, object, result);
  XmppInvisible *self = g_task_get_source_object (task);

  if (answer == NULL)
    return;

  if (self->mechanism != NULL)
    {
      g_task_return_boolean (task, TRUE);   /* it was active all the time */
      return;
    }

  /* Once the list is active, nobody could be told that we have gone (XEP-0126, 3.5) */
  xmpp_presence_withdraw (xmpp_session_get_module (get_session (self), XMPP_TYPE_PRESENCE));
  activate_list (task, LIST_NAME);
}

static int
compare_order (gconstpointer a,
               gconstpointer b)
{
  guint64 x = 0;
  guint64 y = 0;

  xmpp_node_get_uint (*(const XmppNode * const *) a, "order", G_MAXUINT32, &x);
  xmpp_node_get_uint (*(const XmppNode * const *) b, "order", G_MAXUINT32, &y);

  return (x > y) - (x < y);
}

static void
add_items (XmppNode       *list,
           const XmppNode *others)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new ();

  XMPP_NODE_FOREACH_CHILD (others, child)
    {
      if (xmpp_node_is (child, "item", NS_PRIVACY))
        g_ptr_array_add (items, child);
    }
  g_ptr_array_sort (items, compare_order);

  for (guint i = 0; i < items->len; i++)
    xmpp_node_set_int (xmpp_node_add_copy (list, g_ptr_array_index (items, i)), "order", i + 2);
}

/* @others: the default list, or NULL */
static void
set_list (GTask          *task,
          const XmppNode *others)
{
  g_autoptr(XmppStanza) iq = xmpp_stanza_new_iq ("set", NULL);
  XmppNode *list = xmpp_node_add (add_query (iq), "list", NS_PRIVACY);
  XmppNode *item = xmpp_node_add (list, "item", NS_PRIVACY);

  xmpp_node_set (list, "name", LIST_NAME);
  xmpp_node_set (item, "action", "deny");
  xmpp_node_set (item, "order", "1");
  xmpp_node_add (item, "presence-out", NS_PRIVACY);
  if (others != NULL)
    add_items (list, others);

  ask (task, iq, on_list_set);
}

static const XmppNode *
find_in_query (XmppStanza *answer,
               const char *name)
{
  const XmppNode *query = xmpp_node_get_child (xmpp_stanza_get_root (answer), "query", NS_PRIVACY);

  return query != NULL ? xmpp_node_get_child (query, name, NS_PRIVACY) : NULL;
}

static void
on_default_list (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(XmppStanza) answer = take_answer (task, object, result);

  if (answer != NULL)
    set_list (task, find_in_query (answer, "list"));
}

static void
on_lists (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(XmppStanza) answer = take_answer (task, object, result);
  g_autoptr(XmppStanza) iq = NULL;
  const XmppNode *node;
  const char *name;

  if (answer == NULL)
    return;

  node = find_in_query (answer, "default");
  name = node != NULL ? xmpp_node_get (node, "name") : NULL;
  if (name == NULL || g_str_equal (name, LIST_NAME))
    {
      set_list (task, NULL);
      return;
    }

  iq = xmpp_stanza_new_iq ("get", NULL);
  xmpp_node_set (xmpp_node_add (add_query (iq), "list", NS_PRIVACY), "name", name);
  ask (task, iq, on_default_list);
}

static void
make_list (GTask *task)
{
  g_autoptr(XmppStanza) iq = xmpp_stanza_new_iq ("get", NULL);

  add_query (iq);
  ask (task, iq, on_lists);
}

/* Who is blocked while we are invisible shall be so at once. */
static void
on_blocking_changed (XmppBlocking  *blocking,
                     XmppInvisible *self)
{
  g_autoptr(GTask) task = NULL;

  if (g_strcmp0 (self->mechanism, NS_PRIVACY) != 0)
    return;

  task = g_task_new (self, NULL, NULL, NULL);
  g_task_set_source_tag (task, on_blocking_changed);
  make_list (task);
}

/* The best mechanism that our server has; NULL: none */
static const char *
choose (const XmppDiscoInfo *server)
{
  static const char * const mechanisms[] = { NS_INVISIBLE_1, NS_INVISIBLE_0, NS_PRIVACY };

  for (guint i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    {
      if (xmpp_disco_info_has (server, mechanisms[i]))
        return mechanisms[i];
    }

  return NULL;
}

static void
on_server (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  g_autoptr(XmppDiscoInfo) server = xmpp_disco_server_finish (XMPP_DISCO (object), result, &error);
  const char *mechanism;

  if (server == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  mechanism = choose (server);
  g_task_set_task_data (task, (gpointer) mechanism, NULL);

  if (mechanism == NULL)
    g_task_return_new_error (task, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_FEATURE_NOT_IMPLEMENTED,
                             _("This server cannot hide who is online"));
  else if (g_str_equal (mechanism, NS_PRIVACY))
    make_list (task);
  else
    send_command (task, mechanism, TRUE);
}

/* A push: one of our lists has changed. We read none but to copy it. */
static void
on_push (XmppModule     *module,
         XmppStanza     *stanza,
         const XmppNode *query,
         XmppJid        *from,
         XmppSender      sender)
{
  XmppSession *session = xmpp_module_get_session (module);

  if (xmpp_is_push (module, from))
    xmpp_session_send_result (session, stanza, NULL);
}

static void
xmpp_invisible_online (XmppModule *module,
                       gboolean    resumed)
{
  XmppInvisible *self = XMPP_INVISIBLE (module);

  if (self->blocking != NULL)
    return;

  self->blocking = xmpp_session_get_module (get_session (self), XMPP_TYPE_BLOCKING);
  g_signal_connect_object (self->blocking, "changed", G_CALLBACK (on_blocking_changed), self, 0);
}

static void
xmpp_invisible_offline (XmppModule *module)
{
  XMPP_INVISIBLE (module)->mechanism = NULL;
}

static const XmppHandler handlers[] = {
  { "iq", "set", "query", NS_PRIVACY, on_push, XMPP_SENDER_ANY },
  { NULL }
};

static void
xmpp_invisible_class_init (XmppInvisibleClass *klass)
{
  XmppModuleClass *module_class = XMPP_MODULE_CLASS (klass);

  module_class->handlers = handlers;
  module_class->online = xmpp_invisible_online;
  module_class->offline = xmpp_invisible_offline;
}

static void
xmpp_invisible_init (XmppInvisible *self)
{
}

/**
 * xmpp_invisible_is_active:
 *
 * Returns: whether the server has agreed to hide us, for as long as this connection lasts
 */
gboolean
xmpp_invisible_is_active (XmppInvisible *self)
{
  g_return_val_if_fail (XMPP_IS_INVISIBLE (self), FALSE);

  return self->mechanism != NULL;
}

/**
 * xmpp_invisible_set_async:
 * @invisible: whether our server shall hide us
 *
 * By the invisible command (XEP-0186), or else by a privacy list (XEP-0126). To hide who is seen already
 * by a list, presence is withdrawn first; afterwards the caller sends it again, and the list keeps it in.
 */
void
xmpp_invisible_set_async (XmppInvisible       *self,
                          gboolean             invisible,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (XMPP_IS_INVISIBLE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xmpp_invisible_set_async);

  if (invisible == (self->mechanism != NULL))
    g_task_return_boolean (task, TRUE);
  else if (invisible)
    xmpp_disco_server_async (xmpp_session_get_module (get_session (self), XMPP_TYPE_DISCO),
                             cancellable, on_server, g_steal_pointer (&task));
  else if (g_str_equal (self->mechanism, NS_PRIVACY))
    activate_list (task, NULL);
  else
    send_command (task, self->mechanism, FALSE);
}

/**
 * xmpp_invisible_set_finish:
 *
 * Returns: whether it is so now; else why not is in @error
 */
gboolean
xmpp_invisible_set_finish (XmppInvisible  *self,
                           GAsyncResult   *result,
                           GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
