/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-blocking.h"

#include "xmpp-ask.h"
#include "xmpp-disco.h"

#include <string.h>

#define NS_BLOCKING "urn:xmpp:blocking"

#define MAX_BLOCKED 10000

struct _XmppBlocking
{
  XmppModule parent_instance;

  GHashTable *blocked;        /* by the server: text, of the address → owned XmppJid */
  GHashTable *here;           /* the same, only by us */

  /* With a connection */
  XmppDisco  *disco;          /* the session's, as we are */
  gboolean    is_supported;
};

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XmppBlocking, xmpp_blocking, XMPP_TYPE_MODULE)

/* The items of @node; NULL when one of them names nobody */
static GPtrArray *
read_items (const XmppNode *node)
{
  g_autoptr(GPtrArray) jids = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_jid_unref);

  XMPP_NODE_FOREACH_CHILD (node, child)
    {
      const char *text = xmpp_node_is (child, "item", NS_BLOCKING) ? xmpp_node_get (child, "jid") : NULL;
      XmppJid *jid = text != NULL && text[0] != '\0' ? xmpp_jid_new_received (text) : NULL;

      if (jid == NULL)
        return NULL;
      g_ptr_array_add (jids, jid);
    }

  return g_steal_pointer (&jids);
}

static GHashTable *
new_addresses (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) xmpp_jid_unref);
}

static void
add_blocked (XmppBlocking *self,
             GPtrArray    *jids)
{
  for (guint i = 0; i < jids->len && g_hash_table_size (self->blocked) < MAX_BLOCKED; i++)
    {
      XmppJid *jid = g_ptr_array_index (jids, i);

      g_hash_table_replace (self->blocked, (char *) xmpp_jid_get_text (jid), xmpp_jid_ref (jid));
    }
}

static void
remove_blocked (XmppBlocking *self,
                GPtrArray    *jids)
{
  /* None is all (XEP-0191, 3.5) */
  if (jids->len == 0)
    g_hash_table_remove_all (self->blocked);

  for (guint i = 0; i < jids->len; i++)
    g_hash_table_remove (self->blocked, xmpp_jid_get_text (g_ptr_array_index (jids, i)));
}

static void
on_push (XmppModule     *module,
         XmppStanza     *stanza,
         const XmppNode *child,
         XmppJid        *from,
         XmppSender      sender)
{
  XmppBlocking *self = XMPP_BLOCKING (module);
  XmppSession *session = xmpp_module_get_session (module);
  gboolean is_block = g_str_equal (child->name, "block");
  g_autoptr(GPtrArray) jids = read_items (child);

  if (!xmpp_is_push (self, from))
    return;

  if (jids == NULL || (is_block && jids->len == 0))
    {
      xmpp_session_send_error (session, stanza, XMPP_STANZA_ERROR_BAD_REQUEST, NULL);
      return;
    }

  if (is_block)
    add_blocked (self, jids);
  else
    remove_blocked (self, jids);

  xmpp_session_send_result (session, stanza, NULL);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_list (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(XmppBlocking) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppStanza) answer = xmpp_session_request_finish (XMPP_SESSION (object), result, &error);
  const XmppNode *list;
  g_autoptr(GPtrArray) jids = NULL;

  if (answer == NULL)
    {
      g_debug ("The list of blocked addresses did not come: %s", error->message);
      return;
    }

  list = xmpp_node_get_child (xmpp_stanza_get_root (answer), "blocklist", NS_BLOCKING);
  jids = list != NULL ? read_items (list) : NULL;
  if (jids == NULL)
    {
      g_debug ("The list of blocked addresses is not one");
      return;
    }

  g_hash_table_remove_all (self->blocked);
  add_blocked (self, jids);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Who asked for the list is told of its changes (XEP-0191, 3.3). */
static void
on_server_info (XmppDisco     *disco,
                XmppDiscoInfo *info,
                XmppBlocking  *self)
{
  g_autoptr(XmppStanza) iq = NULL;

  self->is_supported = xmpp_disco_info_has (info, NS_BLOCKING);
  if (!self->is_supported)
    return;

  iq = xmpp_stanza_new_iq ("get", NULL);
  xmpp_node_add (xmpp_stanza_get_root (iq), "blocklist", NS_BLOCKING);
  xmpp_session_request_async (xmpp_module_get_session (XMPP_MODULE (self)), iq, NULL,
                              on_list, g_object_ref (self));
}

static void
xmpp_blocking_online (XmppModule *module,
                      gboolean    resumed)
{
  XmppBlocking *self = XMPP_BLOCKING (module);

  if (self->disco != NULL)
    return;

  self->disco = xmpp_session_get_module (xmpp_module_get_session (module), XMPP_TYPE_DISCO);
  g_signal_connect_object (self->disco, "server-info", G_CALLBACK (on_server_info), self, 0);
}

static void
xmpp_blocking_offline (XmppModule *module)
{
  XMPP_BLOCKING (module)->is_supported = FALSE;
}

/* Nothing that a blocked one says is heard, or answered with a receipt: what a server does that can block, and
 * where it cannot, or is late, we do (security.md, T140).
 */
static gboolean
take_blocked (XmppModule  *module,
              XmppMessage *message)
{
  return message->carbon != XMPP_CARBON_SENT && xmpp_blocking_is_blocked (XMPP_BLOCKING (module), message->from);
}

static void
xmpp_blocking_finalize (GObject *object)
{
  XmppBlocking *self = XMPP_BLOCKING (object);

  g_hash_table_unref (self->blocked);
  g_hash_table_unref (self->here);

  G_OBJECT_CLASS (xmpp_blocking_parent_class)->finalize (object);
}

static const XmppHandler handlers[] = {
  { "iq", "set", "block", NS_BLOCKING, on_push, XMPP_SENDER_ANY },
  { "iq", "set", "unblock", NS_BLOCKING, on_push, XMPP_SENDER_ANY },
  { NULL }
};

static void
xmpp_blocking_class_init (XmppBlockingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  XmppModuleClass *module_class = XMPP_MODULE_CLASS (klass);

  object_class->finalize = xmpp_blocking_finalize;

  module_class->handlers = handlers;
  module_class->message = take_blocked;
  module_class->online = xmpp_blocking_online;
  module_class->offline = xmpp_blocking_offline;

  /**
   * XmppBlocking::changed:
   *
   * The list of blocked addresses, the server's or ours, is another.
   */
  signals[CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
xmpp_blocking_init (XmppBlocking *self)
{
  self->blocked = new_addresses ();
  self->here = new_addresses ();
}

/**
 * xmpp_blocking_is_supported:
 *
 * Returns: whether our server can block addresses; %FALSE as long as it has not said so
 */
gboolean
xmpp_blocking_is_supported (XmppBlocking *self)
{
  g_return_val_if_fail (XMPP_IS_BLOCKING (self), FALSE);

  return self->is_supported;
}

static gboolean
is_among (GHashTable    *addresses,
          const XmppJid *jid)
{
  const char *resource;
  g_autofree char *other = NULL;

  if (g_hash_table_size (addresses) == 0)
    return FALSE;

  resource = xmpp_jid_get_resource (jid);
  other = resource != NULL ? g_strdup_printf ("%s/%s", xmpp_jid_get_domain (jid), resource) : NULL;

  return g_hash_table_contains (addresses, xmpp_jid_get_text (jid)) ||
         g_hash_table_contains (addresses, xmpp_jid_get_bare_text (jid)) ||
         g_hash_table_contains (addresses, xmpp_jid_get_domain (jid)) ||
         (other != NULL && g_hash_table_contains (addresses, other));
}

/**
 * xmpp_blocking_is_blocked:
 * @jid: an address, bare or full
 *
 * Returns: whether it is in the server's list or ours: itself, or its bare address, its domain with its resource, its
 *   domain (XEP-0191, 3.1)
 */
gboolean
xmpp_blocking_is_blocked (XmppBlocking  *self,
                          const XmppJid *jid)
{
  g_return_val_if_fail (XMPP_IS_BLOCKING (self), FALSE);
  g_return_val_if_fail (jid != NULL, FALSE);

  return is_among (self->blocked, jid) || is_among (self->here, jid);
}

static int
compare_jids (gconstpointer a,
              gconstpointer b)
{
  return strcmp (xmpp_jid_get_text (*(XmppJid * const *) a), xmpp_jid_get_text (*(XmppJid * const *) b));
}

/**
 * xmpp_blocking_get_list:
 *
 * Returns: (transfer full) (element-type XmppJid): whom the server blocks, sorted
 */
GPtrArray *
xmpp_blocking_get_list (XmppBlocking *self)
{
  GPtrArray *list;
  GHashTableIter iter;
  gpointer jid;

  g_return_val_if_fail (XMPP_IS_BLOCKING (self), NULL);

  list = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_jid_unref);
  g_hash_table_iter_init (&iter, self->blocked);
  while (g_hash_table_iter_next (&iter, NULL, &jid))
    g_ptr_array_add (list, xmpp_jid_ref (jid));
  g_ptr_array_sort (list, compare_jids);

  return list;
}

/**
 * xmpp_blocking_set_here:
 * @addresses: (array zero-terminated=1): persons, devices, or whole domains
 *
 * These are not heard any more, whether or not our server can block. That does not keep them from seeing us.
 */
void
xmpp_blocking_set_here (XmppBlocking       *self,
                        const char * const *addresses)
{
  g_return_if_fail (XMPP_IS_BLOCKING (self));
  g_return_if_fail (addresses != NULL);

  g_hash_table_remove_all (self->here);
  for (guint i = 0; i < MAX_BLOCKED && addresses[i] != NULL; i++)
    {
      XmppJid *jid = xmpp_jid_new (addresses[i], NULL);

      if (jid != NULL)
        g_hash_table_replace (self->here, (char *) xmpp_jid_get_text (jid), jid);
    }

  g_signal_emit (self, signals[CHANGED], 0);
}

static void
change (XmppBlocking        *self,
        const char          *command,
        XmppJid             *jid,
        GCancellable        *cancellable,
        GAsyncReadyCallback  callback,
        gpointer             user_data)
{
  g_autoptr(XmppStanza) iq = xmpp_stanza_new_iq ("set", NULL);
  XmppNode *node = xmpp_node_add (xmpp_stanza_get_root (iq), command, NS_BLOCKING);

  xmpp_node_set_jid (xmpp_node_add (node, "item", NS_BLOCKING), "jid", jid);
  xmpp_ask_async (self, iq, xmpp_blocking_change_finish, cancellable, callback, user_data);
}

/**
 * xmpp_blocking_block_async:
 * @jid: a person, a device, or a whole domain
 *
 * Has our server keep @jid away from us, and us from them (XEP-0191, 3.3). The list changes when the
 * server's push comes.
 */
void
xmpp_blocking_block_async (XmppBlocking        *self,
                           XmppJid             *jid,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_return_if_fail (XMPP_IS_BLOCKING (self));
  g_return_if_fail (jid != NULL);

  change (self, "block", jid, cancellable, callback, user_data);
}

/**
 * xmpp_blocking_unblock_async:
 * @jid: as it is in the list
 */
void
xmpp_blocking_unblock_async (XmppBlocking        *self,
                             XmppJid             *jid,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_return_if_fail (XMPP_IS_BLOCKING (self));
  g_return_if_fail (jid != NULL);

  change (self, "unblock", jid, cancellable, callback, user_data);
}

/**
 * xmpp_blocking_change_finish:
 *
 * Returns: whether the server agreed; else its reason is in @error
 */
gboolean
xmpp_blocking_change_finish (XmppBlocking  *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_autoptr(XmppStanza) answer = xmpp_ask_finish (self, result, xmpp_blocking_change_finish, error);

  return answer != NULL;
}
