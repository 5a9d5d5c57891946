/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-roster.h"

#include "xmpp-ask.h"
#include "xmpp-presence.h"
#include "xmpp-roster-item.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define NS_ROSTERVER "urn:xmpp:features:rosterver"

#define MAX_ITEMS 20000

struct _XmppRoster
{
  XmppModule parent_instance;

  GHashTable *items;           /* bare XmppJid, of the item → owned XmppRosterItem */
  char       *version;         /* NULL: none */

  /* With a connection */
  gboolean    sent_version;
  gboolean    is_loaded;
};

enum {
  LOADED,
  CHANGED,
  REMOVED,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XmppRoster, xmpp_roster, XMPP_TYPE_MODULE)

static void
put_item (XmppRoster     *self,
          XmppRosterItem *item)
{
  g_hash_table_replace (self->items, item->jid, item);
}

static XmppJid *
read_jid (const XmppNode *item)
{
  const char *text = xmpp_node_get (item, "jid");
  g_autoptr(XmppJid) jid = text != NULL && text[0] != '\0' ? xmpp_jid_new_received (text) : NULL;

  return jid != NULL ? xmpp_jid_get_bare (jid) : NULL;
}

static gboolean
is_own (XmppRoster    *self,
        const XmppJid *bare)
{
  return xmpp_jid_equal (bare, xmpp_session_get_jid (xmpp_module_get_session (XMPP_MODULE (self))));
}

/* The whole list, from our server or from our own copy: it is trusted, so what is odd in an item does not
 * cost the others.
 */
static void
read_list (XmppRoster     *self,
           const XmppNode *query)
{
  g_hash_table_remove_all (self->items);
  g_free (self->version);
  self->version = g_strdup (xmpp_node_get (query, "ver"));

  XMPP_NODE_FOREACH_CHILD (query, node)
    {
      XmppSubscription subscription;
      XmppJid *jid;

      if (g_hash_table_size (self->items) >= MAX_ITEMS)
        {
          g_message ("The contact list is longer than %d: the rest is left out", MAX_ITEMS);
          return;
        }

      if (!xmpp_node_is (node, "item", XMPP_NS_ROSTER) || (jid = read_jid (node)) == NULL)
        continue;

      if (!xmpp_subscription_parse (xmpp_node_get (node, "subscription"), &subscription) || is_own (self, jid))
        xmpp_jid_unref (jid);
      else
        put_item (self, xmpp_roster_item_read (node, jid, subscription));
    }
}

/* Whether @node may be believed to be one change (RFC 6121, 2.1.6; security.md, T016). */
static gboolean
check_push (XmppRoster       *self,
            const XmppNode   *node,
            XmppJid          *jid,
            gboolean         *is_removal,
            XmppSubscription *subscription)
{
  const char *text = xmpp_node_get (node, "subscription");
  const char *name = xmpp_node_get (node, "name");
  gboolean is_known = xmpp_roster_get_item (self, jid) != NULL;

  if (is_own (self, jid) || (xmpp_jid_is_opaque (jid) && !is_known))
    return FALSE;

  *is_removal = g_strcmp0 (text, "remove") == 0;
  if (*is_removal)
    return TRUE;

  return xmpp_subscription_parse (text, subscription) &&
         (name == NULL || strlen (name) <= XMPP_ROSTER_MAX_NAME) &&
         (is_known || g_hash_table_size (self->items) < MAX_ITEMS);
}

static void
remove_item (XmppRoster *self,
             XmppJid    *jid)
{
  if (g_hash_table_remove (self->items, jid) && self->is_loaded)
    g_signal_emit (self, signals[REMOVED], 0, jid);
}

static void
change_item (XmppRoster     *self,
             XmppRosterItem *item)
{
  g_autoptr(XmppRosterItem) held = xmpp_roster_item_ref (item);

  put_item (self, item);
  if (self->is_loaded)
    g_signal_emit (self, signals[CHANGED], 0, held);
}

static gboolean
receive_push (XmppRoster     *self,
              const XmppNode *query)
{
  const XmppNode *node = query->first_child;
  const char *version = xmpp_node_get (query, "ver");
  g_autoptr(XmppJid) jid = NULL;
  XmppSubscription subscription = XMPP_SUBSCRIPTION_NONE;
  gboolean is_removal;

  if (node == NULL || node->next != NULL || !xmpp_node_is (node, "item", XMPP_NS_ROSTER))
    return FALSE;

  jid = read_jid (node);
  if (jid == NULL || !check_push (self, node, jid, &is_removal, &subscription))
    return FALSE;

  if (version != NULL)
    {
      g_free (self->version);
      self->version = g_strdup (version);
    }

  if (is_removal)
    remove_item (self, jid);
  else
    change_item (self, xmpp_roster_item_read (node, xmpp_jid_ref (jid), subscription));

  return TRUE;
}

static void
on_push (XmppModule     *module,
         XmppStanza     *stanza,
         const XmppNode *query,
         XmppJid        *from,
         XmppSender      sender)
{
  XmppRoster *self = XMPP_ROSTER (module);
  XmppSession *session = xmpp_module_get_session (module);

  if (!xmpp_is_push (self, from))
    return;

  if (!receive_push (self, query))
    xmpp_session_send_error (session, stanza, XMPP_STANZA_ERROR_BAD_REQUEST, NULL);
  else
    xmpp_session_send_result (session, stanza, NULL);
}

static void
on_list (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(XmppRoster) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppStanza) answer = xmpp_session_request_finish (XMPP_SESSION (object), result, &error);
  const XmppNode *query;

  if (answer == NULL)
    {
      if (!g_error_matches (error, XMPP_ERROR, XMPP_ERROR_DISCONNECTED))
        g_signal_emit (self, signals[FAILED], 0, error);
      return;
    }

  if (xmpp_stanza_is_skipped (answer))
    {
      error = g_error_new_literal (XMPP_ERROR, XMPP_ERROR_LIMIT,
                                   _("The contact list is too long to be read"));
      g_signal_emit (self, signals[FAILED], 0, error);
      return;
    }

  /* An empty answer: the version that we have is right (RFC 6121, 2.6.3) */
  query = xmpp_node_get_child (xmpp_stanza_get_root (answer), "query", XMPP_NS_ROSTER);
  if (query != NULL)
    read_list (self, query);
  else if (!self->sent_version)
    g_hash_table_remove_all (self->items);

  self->is_loaded = TRUE;
  g_signal_emit (self, signals[LOADED], 0);
}

static void
xmpp_roster_online (XmppModule *module,
                    gboolean    resumed)
{
  XmppRoster *self = XMPP_ROSTER (module);
  XmppSession *session = xmpp_module_get_session (module);
  g_autoptr(XmppStanza) iq = NULL;
  XmppNode *query;

  if (resumed)
    return;

  iq = xmpp_stanza_new_iq ("get", NULL);
  query = xmpp_node_add (xmpp_stanza_get_root (iq), "query", XMPP_NS_ROSTER);

  self->is_loaded = FALSE;
  self->sent_version = xmpp_session_has_feature (session, "ver", NS_ROSTERVER);
  if (self->sent_version)
    xmpp_node_set (query, "ver", self->version != NULL ? self->version : "");

  xmpp_session_request_async (session, iq, NULL, on_list, g_object_ref (self));
}

static void
xmpp_roster_offline (XmppModule *module)
{
  XMPP_ROSTER (module)->is_loaded = FALSE;
}

/* While we are invisible nobody may see our presence, whatever the list says: contacts are then
 * answered as little as those who never could.
 */
static XmppSender
xmpp_roster_classify (XmppModule    *module,
                      const XmppJid *from)
{
  XmppRoster *self = XMPP_ROSTER (module);
  const XmppRosterItem *item = xmpp_roster_get_item (self, from);

  if (item == NULL)
    return 0;

  if (item->subscription != XMPP_SUBSCRIPTION_FROM && item->subscription != XMPP_SUBSCRIPTION_BOTH)
    return XMPP_SENDER_LISTED;

  return xmpp_presence_is_invisible (xmpp_session_get_module (xmpp_module_get_session (module),
                                                              XMPP_TYPE_PRESENCE))
         ? XMPP_SENDER_LISTED : XMPP_SENDER_CONTACT;
}

static void
xmpp_roster_finalize (GObject *object)
{
  XmppRoster *self = XMPP_ROSTER (object);

  g_hash_table_unref (self->items);
  g_free (self->version);

  G_OBJECT_CLASS (xmpp_roster_parent_class)->finalize (object);
}

static const XmppHandler handlers[] = {
  { "iq", "set", "query", XMPP_NS_ROSTER, on_push, XMPP_SENDER_ANY },
  { NULL }
};

static void
xmpp_roster_class_init (XmppRosterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  XmppModuleClass *module_class = XMPP_MODULE_CLASS (klass);

  object_class->finalize = xmpp_roster_finalize;

  module_class->handlers = handlers;
  module_class->online = xmpp_roster_online;
  module_class->offline = xmpp_roster_offline;
  module_class->classify = xmpp_roster_classify;

  /**
   * XmppRoster::loaded:
   *
   * The list is whole, as the server has it.
   */
  signals[LOADED] =
    g_signal_new ("loaded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  /**
   * XmppRoster::changed:
   * @self: the contact list
   * @item: an #XmppRosterItem, new or other than before
   */
  signals[CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, XMPP_TYPE_ROSTER_ITEM | G_SIGNAL_TYPE_STATIC_SCOPE);

  /**
   * XmppRoster::removed:
   * @self: the contact list
   * @jid: who is not in the list any more
   */
  signals[REMOVED] =
    g_signal_new ("removed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, XMPP_TYPE_JID | G_SIGNAL_TYPE_STATIC_SCOPE);

  /**
   * XmppRoster::failed:
   * @self: the contact list
   * @error: why the server gave no list
   */
  signals[FAILED] =
    g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
xmpp_roster_init (XmppRoster *self)
{
  self->items = g_hash_table_new_full (xmpp_jid_hash_bare, xmpp_jid_equal_bare, NULL,
                                       (GDestroyNotify) xmpp_roster_item_unref);
}

/**
 * xmpp_roster_is_loaded:
 *
 * Returns: whether the list is what the server has now; before, it may be a copy from another day
 */
gboolean
xmpp_roster_is_loaded (XmppRoster *self)
{
  g_return_val_if_fail (XMPP_IS_ROSTER (self), FALSE);

  return self->is_loaded;
}

/**
 * xmpp_roster_get_item:
 * @jid: an address, bare or full
 *
 * Returns: (transfer none) (nullable): their item
 */
const XmppRosterItem *
xmpp_roster_get_item (XmppRoster    *self,
                      const XmppJid *jid)
{
  g_return_val_if_fail (XMPP_IS_ROSTER (self), NULL);
  g_return_val_if_fail (jid != NULL, NULL);

  return g_hash_table_lookup (self->items, jid);
}

/**
 * xmpp_roster_get_items:
 *
 * Returns: (transfer full) (element-type XmppRosterItem): all, in no order
 */
GPtrArray *
xmpp_roster_get_items (XmppRoster *self)
{
  GPtrArray *items;
  GHashTableIter iter;
  gpointer item;

  g_return_val_if_fail (XMPP_IS_ROSTER (self), NULL);

  items = g_ptr_array_new_full (g_hash_table_size (self->items), (GDestroyNotify) xmpp_roster_item_unref);
  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    g_ptr_array_add (items, xmpp_roster_item_ref (item));

  return items;
}

/**
 * xmpp_roster_save:
 *
 * Returns: (transfer full): the list with its version, for xmpp_roster_restore ()
 */
XmppStanza *
xmpp_roster_save (XmppRoster *self)
{
  XmppStanza *saved;
  GHashTableIter iter;
  gpointer item;

  g_return_val_if_fail (XMPP_IS_ROSTER (self), NULL);

  saved = xmpp_stanza_new ("query", XMPP_NS_ROSTER);
  xmpp_node_set (xmpp_stanza_get_root (saved), "ver", self->version);

  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    xmpp_roster_item_write (item, xmpp_stanza_get_root (saved));

  return saved;
}

/**
 * xmpp_roster_restore:
 * @saved: what xmpp_roster_save () gave, perhaps after a while on a disk
 *
 * Has the list there before the first connection, and spares the server to send it when it is still
 * right (RFC 6121, 2.6). It does nothing once the server has given one. No signal is emitted.
 */
void
xmpp_roster_restore (XmppRoster *self,
                     XmppStanza *saved)
{
  g_return_if_fail (XMPP_IS_ROSTER (self));
  g_return_if_fail (saved != NULL);

  if (!self->is_loaded && xmpp_node_is (xmpp_stanza_get_root (saved), "query", XMPP_NS_ROSTER))
    read_list (self, xmpp_stanza_get_root (saved));
}

static XmppNode *
add_item (XmppStanza *iq,
          XmppJid    *jid)
{
  XmppNode *query = xmpp_node_add (xmpp_stanza_get_root (iq), "query", XMPP_NS_ROSTER);
  XmppNode *item = xmpp_node_add (query, "item", XMPP_NS_ROSTER);

  xmpp_node_set (item, "jid", xmpp_jid_get_bare_text (jid));

  return item;
}

/**
 * xmpp_roster_set_async:
 * @jid: who
 * @name: (nullable): what they are called; %NULL or empty: nothing
 * @groups: (nullable) (array zero-terminated=1): all groups that they shall be in
 *
 * Adds @jid to the list, or changes what the list says of them (RFC 6121, 2.3 and 2.4). The list here
 * changes when the server's push comes, which may be before or after this ends, or never.
 */
void
xmpp_roster_set_async (XmppRoster          *self,
                       XmppJid             *jid,
                       const char          *name,
                       const char * const  *groups,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr(XmppStanza) iq = NULL;
  XmppNode *item;

  g_return_if_fail (XMPP_IS_ROSTER (self));
  g_return_if_fail (jid != NULL);

  iq = xmpp_stanza_new_iq ("set", NULL);
  item = add_item (iq, jid);
  if (name != NULL && name[0] != '\0')
    xmpp_node_set (item, "name", name);
  xmpp_roster_write_groups (item, groups);

  xmpp_ask_async (self, iq, xmpp_roster_change_finish, cancellable, callback, user_data);
}

/**
 * xmpp_roster_remove_async:
 * @jid: who
 *
 * Takes @jid from the list and ends both subscriptions (RFC 6121, 2.5).
 */
void
xmpp_roster_remove_async (XmppRoster          *self,
                          XmppJid             *jid,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(XmppStanza) iq = NULL;

  g_return_if_fail (XMPP_IS_ROSTER (self));
  g_return_if_fail (jid != NULL);

  iq = xmpp_stanza_new_iq ("set", NULL);
  xmpp_node_set (add_item (iq, jid), "subscription", "remove");

  xmpp_ask_async (self, iq, xmpp_roster_change_finish, cancellable, callback, user_data);
}

/**
 * xmpp_roster_change_finish:
 *
 * Returns: whether the server agreed; else its reason is in @error
 */
gboolean
xmpp_roster_change_finish (XmppRoster    *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_autoptr(XmppStanza) answer = xmpp_ask_finish (self, result, xmpp_roster_change_finish, error);

  return answer != NULL;
}
