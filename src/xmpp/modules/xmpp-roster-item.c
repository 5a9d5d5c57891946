/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-roster-item.h"

#include <string.h>

#define MAX_GROUPS 100

G_DEFINE_BOXED_TYPE (XmppRosterItem, xmpp_roster_item, xmpp_roster_item_ref, xmpp_roster_item_unref)

static const char * const subscriptions[] = {
  [XMPP_SUBSCRIPTION_NONE] = "none",
  [XMPP_SUBSCRIPTION_TO]   = "to",
  [XMPP_SUBSCRIPTION_FROM] = "from",
  [XMPP_SUBSCRIPTION_BOTH] = "both",
};

/* Absent is none (RFC 6121, 2.1.2.5); FALSE: a value that nobody has defined */
gboolean
xmpp_subscription_parse (const char       *text,
                         XmppSubscription *subscription)
{
  *subscription = XMPP_SUBSCRIPTION_NONE;
  if (text == NULL)
    return TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (subscriptions); i++)
    {
      if (g_str_equal (text, subscriptions[i]))
        {
          *subscription = i;
          return TRUE;
        }
    }

  return FALSE;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

/* Sorts @names and takes out what is there twice; they are not copied. */
static char **
sort_groups (GPtrArray *names)
{
  guint n = 0;

  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      if (n == 0 || !g_str_equal (names->pdata[i], names->pdata[n - 1]))
        names->pdata[n++] = names->pdata[i];
    }
  g_ptr_array_set_size (names, n);
  g_ptr_array_add (names, NULL);

  return g_strdupv ((char **) names->pdata);
}

static char **
read_groups (const XmppNode *item)
{
  g_autoptr(GPtrArray) names = NULL;

  if (item->first_child == NULL)
    return g_new0 (char *, 1);

  names = g_ptr_array_new ();
  XMPP_NODE_FOREACH_CHILD (item, child)
    {
      if (names->len < MAX_GROUPS && xmpp_node_is (child, "group", XMPP_NS_ROSTER) &&
          child->text != NULL && child->text[0] != '\0' && strlen (child->text) <= XMPP_ROSTER_MAX_NAME)
        g_ptr_array_add (names, (char *) child->text);
    }

  return sort_groups (names);
}

/* Takes @jid, which is bare */
XmppRosterItem *
xmpp_roster_item_read (const XmppNode   *node,
                       XmppJid          *jid,
                       XmppSubscription  subscription)
{
  XmppRosterItem *self = g_rc_box_new0 (XmppRosterItem);
  const char *name = xmpp_node_get (node, "name");

  self->jid = jid;
  self->name = name != NULL && name[0] != '\0' ? g_strdup (name) : NULL;
  self->groups = read_groups (node);
  self->subscription = subscription;
  self->is_asked = g_strcmp0 (xmpp_node_get (node, "ask"), "subscribe") == 0;
  self->is_approved = xmpp_node_get_boolean (node, "approved");

  return self;
}

void
xmpp_roster_item_write (const XmppRosterItem *item,
                        XmppNode             *query)
{
  XmppNode *node = xmpp_node_add (query, "item", XMPP_NS_ROSTER);

  xmpp_node_set_jid (node, "jid", item->jid);
  xmpp_node_set (node, "name", item->name);
  xmpp_node_set (node, "subscription", subscriptions[item->subscription]);
  if (item->is_asked)
    xmpp_node_set (node, "ask", "subscribe");
  if (item->is_approved)
    xmpp_node_set (node, "approved", "true");

  for (guint i = 0; item->groups[i] != NULL; i++)
    xmpp_node_add_text (node, "group", XMPP_NS_ROSTER, item->groups[i]);
}

static void
clear_item (gpointer data)
{
  XmppRosterItem *self = data;

  xmpp_jid_unref (self->jid);
  g_free (self->name);
  g_strfreev (self->groups);
}

/**
 * xmpp_roster_item_ref:
 *
 * Returns: (transfer full): @self
 */
XmppRosterItem *
xmpp_roster_item_ref (XmppRosterItem *self)
{
  return g_rc_box_acquire (self);
}

/**
 * xmpp_roster_item_unref:
 * @self: (transfer full): an item
 */
void
xmpp_roster_item_unref (XmppRosterItem *self)
{
  g_rc_box_release_full (self, clear_item);
}

/* All of @groups. Openfire refuses a set with an empty one, or one that is there twice. */
void
xmpp_roster_write_groups (XmppNode           *item,
                          const char * const *groups)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  g_auto(GStrv) sorted = NULL;

  for (guint i = 0; groups != NULL && groups[i] != NULL; i++)
    {
      if (groups[i][0] != '\0')
        g_ptr_array_add (names, (char *) groups[i]);
    }

  sorted = sort_groups (names);
  for (guint i = 0; sorted[i] != NULL; i++)
    xmpp_node_add_text (item, "group", XMPP_NS_ROSTER, sorted[i]);
}
