/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-disco.h"

#include "xmpp-ask.h"
#include "xmpp-disco-info.h"

#include <glib/gi18n-lib.h>

#define MAX_ITEMS 500   /* of an answer (security.md, T108) */

static XmppStanza *
make_request (XmppJid    *jid,
              const char *ns,
              const char *node)
{
  XmppStanza *iq = xmpp_stanza_new_iq ("get", xmpp_jid_get_text (jid));
  XmppNode *query = xmpp_node_add (xmpp_stanza_get_root (iq), "query", ns);

  if (node != NULL)
    xmpp_node_set (query, "node", node);

  return iq;
}

static void
set_answer_error (XmppStanza  *answer,
                  GError     **error)
{
  if (xmpp_stanza_is_skipped (answer))
    g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_LIMIT, _("The answer is too long to be read"));
  else
    g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_PROTOCOL, _("The answer is not one to this question"));
}

/**
 * xmpp_disco_info_async:
 * @jid: whom
 * @node: (nullable): what of theirs
 *
 * Asks who @jid is and what they can do (XEP-0030, 3). It always asks; xmpp_disco_get_known () does not.
 */
void
xmpp_disco_info_async (XmppDisco           *self,
                       XmppJid             *jid,
                       const char          *node,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr(XmppStanza) iq = NULL;

  g_return_if_fail (XMPP_IS_DISCO (self));
  g_return_if_fail (jid != NULL);

  iq = make_request (jid, XMPP_NS_DISCO_INFO, node);
  xmpp_ask_async (self, iq, xmpp_disco_info_async, cancellable, callback, user_data);
}

/**
 * xmpp_disco_info_finish:
 *
 * Returns: (transfer full): what they say; %NULL with @error set
 */
XmppDiscoInfo *
xmpp_disco_info_finish (XmppDisco     *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_autoptr(XmppStanza) answer = xmpp_ask_finish (self, result, xmpp_disco_info_async, error);
  XmppDiscoInfo *info;

  if (answer == NULL)
    return NULL;

  info = xmpp_disco_info_new (answer);
  if (info == NULL)
    set_answer_error (answer, error);

  return info;
}

/**
 * xmpp_disco_items_async:
 * @jid: whom
 * @node: (nullable): what of theirs
 *
 * Asks what @jid has (XEP-0030, 4): the services of a server, the rooms of a service.
 */
void
xmpp_disco_items_async (XmppDisco           *self,
                        XmppJid             *jid,
                        const char          *node,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(XmppStanza) iq = NULL;

  g_return_if_fail (XMPP_IS_DISCO (self));
  g_return_if_fail (jid != NULL);

  iq = make_request (jid, XMPP_NS_DISCO_ITEMS, node);
  xmpp_ask_async (self, iq, xmpp_disco_items_async, cancellable, callback, user_data);
}

static void
item_free (XmppDiscoItem *item)
{
  xmpp_jid_unref (item->jid);
  g_free (item->node);
  g_free (item->name);
  g_free (item);
}

static void
add_item (GPtrArray      *items,
          const XmppNode *node)
{
  const char *text = xmpp_node_get (node, "jid");
  XmppJid *jid = text != NULL && text[0] != '\0' ? xmpp_jid_new_received (text) : NULL;
  XmppDiscoItem *item;

  if (jid == NULL)
    return;

  item = g_new0 (XmppDiscoItem, 1);
  item->jid = jid;
  item->node = g_strdup (xmpp_node_get (node, "node"));
  item->name = g_strdup (xmpp_node_get (node, "name"));
  g_ptr_array_add (items, item);
}

/**
 * xmpp_disco_items_finish:
 *
 * Returns: (transfer full) (element-type XmppDiscoItem): the first 500; %NULL with @error set
 */
GPtrArray *
xmpp_disco_items_finish (XmppDisco     *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  g_autoptr(XmppStanza) answer = xmpp_ask_finish (self, result, xmpp_disco_items_async, error);
  const XmppNode *query;
  GPtrArray *items;

  if (answer == NULL)
    return NULL;

  query = xmpp_node_get_child (xmpp_stanza_get_root (answer), "query", XMPP_NS_DISCO_ITEMS);
  if (query == NULL)
    {
      set_answer_error (answer, error);
      return NULL;
    }

  items = g_ptr_array_new_with_free_func ((GDestroyNotify) item_free);
  XMPP_NODE_FOREACH_CHILD (query, child)
    {
      if (items->len < MAX_ITEMS && xmpp_node_is (child, "item", XMPP_NS_DISCO_ITEMS))
        add_item (items, child);
    }

  return items;
}
