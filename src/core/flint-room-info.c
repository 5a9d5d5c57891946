/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-room-info.h"

#define NS_DATA    "jabber:x:data"
#define NS_INFO    "http://jabber.org/protocol/disco#info"
#define MAX_PEOPLE 1000000

/* Of the one form that is about the room (XEP-0045, 15.5.4) */
static const char *
get_field (const XmppNode *form,
           const char     *name)
{
  XMPP_NODE_FOREACH_CHILD (form, field)
    {
      if (xmpp_node_is (field, "field", NS_DATA) && g_strcmp0 (xmpp_node_get (field, "var"), name) == 0)
        return xmpp_node_get_child_text (field, "value", NS_DATA);
    }

  return NULL;
}

/**
 * flint_room_info_get_people:
 * @info: what a room answered
 *
 * Returns: how many are in it; -1 when it does not say so
 */
int
flint_room_info_get_people (const XmppDiscoInfo *info)
{
  const XmppNode *query;
  guint64 n;

  g_return_val_if_fail (info != NULL, -1);

  /* as it came: with its envelope, or what another answer had in it */
  query = xmpp_stanza_get_root (info->stanza);
  if (!xmpp_node_is (query, "query", NS_INFO))
    query = xmpp_node_get_child (query, "query", NS_INFO);

  if (query == NULL)
    return -1;

  XMPP_NODE_FOREACH_CHILD (query, form)
    {
      if (!xmpp_node_is (form, "x", NS_DATA) ||
          g_strcmp0 (get_field (form, "FORM_TYPE"), "http://jabber.org/protocol/muc#roominfo") != 0)
        continue;

      if (xmpp_parse_uint (get_field (form, "muc#roominfo_occupants"), MAX_PEOPLE, &n))
        return n;
    }

  return -1;
}

/**
 * flint_room_info_get_name:
 * @info: what a room answered
 *
 * Returns: (nullable): what it is called, as it came. In the list of its service ejabberd puts how many are in it
 *   behind the name; here it does not.
 */
const char *
flint_room_info_get_name (const XmppDiscoInfo *info)
{
  g_return_val_if_fail (info != NULL, NULL);

  for (guint i = 0; i < info->identities->len; i++)
    {
      const XmppIdentity *identity = g_ptr_array_index (info->identities, i);

      if (g_strcmp0 (identity->category, "conference") == 0 && identity->name != NULL && *identity->name != '\0')
        return identity->name;
    }

  return NULL;
}
