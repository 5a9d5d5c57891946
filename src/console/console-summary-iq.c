/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "console-summary-private.h"

#include <glib/gi18n.h>

#define NS_ROSTER  "jabber:iq:roster"
#define NS_INFO    "http://jabber.org/protocol/disco#info"
#define NS_ITEMS   "http://jabber.org/protocol/disco#items"
#define NS_VERSION "jabber:iq:version"
#define NS_BIND    "urn:ietf:params:xml:ns:xmpp-bind"

typedef enum
{
  SENT_GET,
  SENT_SET,
  SENT_RESULT,
  RECEIVED_GET,
  RECEIVED_SET,
  RECEIVED_RESULT,
  N_WAYS,
} Way;

typedef char *(*DetailFunc) (const XmppNode *payload);

static guint
count_named (const XmppNode *payload,
             const char     *name)
{
  guint n = 0;

  XMPP_NODE_FOREACH_CHILD (payload, child)
    n += g_str_equal (child->name, name) ? 1 : 0;

  return n;
}

/* Details: what a phrase has as {what} */

static char *
detail_roster (const XmppNode *payload)
{
  const XmppNode *item = xmpp_node_get_child (payload, "item", NS_ROSTER);
  const char *jid = item != NULL ? xmpp_node_get (item, "jid") : NULL;
  guint n = count_named (payload, "item");

  if (n != 1 || jid == NULL)
    return g_strdup_printf (ngettext ("%u contact", "%u contacts", n), n);

  if (g_strcmp0 (xmpp_node_get (item, "subscription"), "remove") == 0)
    return console_say (_("{who} is removed"), "who", jid, NULL);

  return g_strdup (jid);
}

static char *
detail_info (const XmppNode *payload)
{
  const XmppNode *identity = xmpp_node_get_child (payload, "identity", NS_INFO);
  const char *name = identity != NULL ? xmpp_node_get (identity, "name") : NULL;
  guint n = count_named (payload, "feature");
  g_autofree char *features = g_strdup_printf (ngettext ("%u feature", "%u features", n), n);
  g_autofree char *clipped = NULL;

  if (name == NULL && identity != NULL)
    name = xmpp_node_get (identity, "type");
  if (name == NULL)
    return g_steal_pointer (&features);

  clipped = console_clip (name);

  return g_strdup_printf ("%s, %s", clipped, features);
}

static char *
detail_items (const XmppNode *payload)
{
  guint n = count_named (payload, "item");

  return g_strdup_printf (ngettext ("%u item", "%u items", n), n);
}

static char *
detail_version (const XmppNode *payload)
{
  const char *name = xmpp_node_get_child_text (payload, "name", NS_VERSION);
  const char *version = xmpp_node_get_child_text (payload, "version", NS_VERSION);

  return g_strdup_printf ("%s %s", name != NULL ? name : "", version != NULL ? version : "");
}

static char *
detail_bind (const XmppNode *payload)
{
  const char *jid = xmpp_node_get_child_text (payload, "jid", NS_BIND);
  const char *resource = xmpp_node_get_child_text (payload, "resource", NS_BIND);

  if (jid == NULL && resource == NULL)
    return g_strdup (_("any resource"));

  return console_clip (jid != NULL ? jid : resource);
}

static char *
detail_node (const XmppNode *payload)
{
  const char *node = payload->first_child != NULL ? xmpp_node_get (payload->first_child, "node") : NULL;

  return g_strdup (node != NULL ? node : "");
}

static char *
detail_child (const XmppNode *payload)
{
  const XmppNode *child = payload->first_child;

  return g_strdup (child != NULL && child->ns != NULL ? child->ns : "");
}

static char *
detail_item (const XmppNode *payload)
{
  const XmppNode *item = payload->first_child;
  const char *jid = item != NULL ? xmpp_node_get (item, "jid") : NULL;

  return g_strdup (jid != NULL ? jid : "");
}

/* {who}: the other one; {what}: the detail */
static const struct
{
  const char *name;
  const char *ns;
  DetailFunc  detail;
  const char *phrases[N_WAYS];
} payloads[] = {
  { "query", NS_ROSTER, detail_roster, {
      [SENT_GET] = N_("asks for the contact list"), [SENT_SET] = N_("changes the contact list: {what}"),
      [RECEIVED_SET] = N_("contact list: {what}"), [RECEIVED_RESULT] = N_("contact list: {what}") } },
  { "query", NS_INFO, detail_info, {
      [SENT_GET] = N_("asks {who} what it can do"), [SENT_RESULT] = N_("tells {who} what we can do"),
      [RECEIVED_GET] = N_("{who} asks what we can do"), [RECEIVED_RESULT] = N_("{who}: {what}") } },
  { "query", NS_ITEMS, detail_items, {
      [SENT_GET] = N_("asks {who} for its items"), [SENT_RESULT] = N_("tells {who} our items"),
      [RECEIVED_GET] = N_("{who} asks for our items"), [RECEIVED_RESULT] = N_("{who}: {what}") } },
  { "ping", "urn:xmpp:ping", NULL, {
      [SENT_GET] = N_("pings {who}"), [RECEIVED_GET] = N_("{who} pings us") } },
  { "query", NS_VERSION, detail_version, {
      [SENT_GET] = N_("asks {who} for its version"), [SENT_RESULT] = N_("tells {who} our version: {what}"),
      [RECEIVED_GET] = N_("{who} asks for our version"), [RECEIVED_RESULT] = N_("{who} is {what}") } },
  { "time", "urn:xmpp:time", NULL, {
      [SENT_GET] = N_("asks {who} for the time"), [SENT_RESULT] = N_("tells {who} the time"),
      [RECEIVED_GET] = N_("{who} asks for the time"), [RECEIVED_RESULT] = N_("{who} tells the time") } },
  { "query", "jabber:iq:last", NULL, {
      [SENT_GET] = N_("asks how long {who} was idle"), [SENT_RESULT] = N_("tells {who} how long nobody was here"),
      [RECEIVED_GET] = N_("{who} asks how long nobody was here"), [RECEIVED_RESULT] = N_("{who} tells how long it was idle") } },
  { "vCard", "vcard-temp", NULL, {
      [SENT_GET] = N_("asks for the card of {who}"), [SENT_SET] = N_("publishes our card"),
      [RECEIVED_RESULT] = N_("{who}: its card") } },
  { "query", "jabber:iq:private", detail_child, {
      [SENT_GET] = N_("asks for what is stored as {what}"), [SENT_SET] = N_("stores {what}"),
      [RECEIVED_RESULT] = N_("what is stored as {what}") } },
  { "query", "urn:xmpp:mam:2", NULL, {
      [SENT_GET] = N_("asks {who} for the fields of its archive"), [SENT_SET] = N_("asks {who} for its archive") } },
  { "fin", "urn:xmpp:mam:2", NULL, {
      [RECEIVED_RESULT] = N_("{who}: end of this page of the archive") } },
  { "blocklist", "urn:xmpp:blocking", detail_items, {
      [SENT_GET] = N_("asks who is blocked"), [RECEIVED_RESULT] = N_("blocked: {what}") } },
  { "block", "urn:xmpp:blocking", detail_item, {
      [SENT_SET] = N_("blocks {what}"), [RECEIVED_SET] = N_("{what} is blocked now") } },
  { "unblock", "urn:xmpp:blocking", detail_item, {
      [SENT_SET] = N_("unblocks {what}"), [RECEIVED_SET] = N_("{what} is not blocked any more") } },
  { "bind", NS_BIND, detail_bind, {
      [SENT_SET] = N_("asks for the resource: {what}"), [RECEIVED_RESULT] = N_("is now {what}") } },
  { "session", "urn:ietf:params:xml:ns:xmpp-session", NULL, {
      [SENT_SET] = N_("asks for a session"), [RECEIVED_RESULT] = N_("the session is there") } },
  { "enable", "urn:xmpp:carbons:2", NULL, { [SENT_SET] = N_("turns carbon copies on") } },
  { "disable", "urn:xmpp:carbons:2", NULL, { [SENT_SET] = N_("turns carbon copies off") } },
  { "invisible", "urn:xmpp:invisible:1", NULL, { [SENT_SET] = N_("becomes invisible") } },
  { "invisible", "urn:xmpp:invisible:0", NULL, { [SENT_SET] = N_("becomes invisible") } },
  { "visible", "urn:xmpp:invisible:1", NULL, { [SENT_SET] = N_("becomes visible") } },
  { "visible", "urn:xmpp:invisible:0", NULL, { [SENT_SET] = N_("becomes visible") } },
  { "query", "jabber:iq:privacy", NULL, {
      [SENT_GET] = N_("asks for the privacy lists"), [SENT_SET] = N_("changes the privacy lists"),
      [RECEIVED_SET] = N_("a privacy list has changed"), [RECEIVED_RESULT] = N_("the privacy lists") } },
  { "query", "http://jabber.org/protocol/muc#admin", detail_items, {
      [SENT_GET] = N_("asks {who} for a list of people"), [SENT_SET] = N_("changes what somebody may do in {who}"),
      [RECEIVED_RESULT] = N_("{who}: {what}") } },
  { "query", "http://jabber.org/protocol/muc#owner", NULL, {
      [SENT_GET] = N_("asks how {who} is configured"), [SENT_SET] = N_("configures {who}"),
      [RECEIVED_RESULT] = N_("{who}: its configuration") } },
  { "pubsub", "http://jabber.org/protocol/pubsub", detail_node, {
      [SENT_GET] = N_("asks {who} for {what}"), [SENT_SET] = N_("publishes {what}"),
      [RECEIVED_RESULT] = N_("{who}: {what}") } },
  { "query", "jabber:iq:register", NULL, {
      [SENT_GET] = N_("asks {who} how to register"), [SENT_SET] = N_("registers with {who}"),
      [RECEIVED_RESULT] = N_("{who}: how to register") } },
  { "query", "jabber:iq:search", NULL, {
      [SENT_GET] = N_("asks {who} how to search"), [SENT_SET] = N_("searches in {who}"),
      [RECEIVED_RESULT] = N_("{who}: the search") } },
  { "command", "http://jabber.org/protocol/commands", NULL, {
      [SENT_SET] = N_("runs a command of {who}"), [RECEIVED_RESULT] = N_("{who}: the command") } },
};

/* What is not in the table: {name} and {ns} are of the payload */
static const char * const unknown[N_WAYS] = {
  [SENT_GET]        = N_("asks {who} for {name} of {ns}"),
  [SENT_SET]        = N_("sets {name} of {ns}: {who}"),
  [SENT_RESULT]     = N_("answers {who}: {name} of {ns}"),
  [RECEIVED_GET]    = N_("{who} asks for {name} of {ns}"),
  [RECEIVED_SET]    = N_("{who} sets {name} of {ns}"),
  [RECEIVED_RESULT] = N_("{who}: {name} of {ns}"),
};

static gboolean
find_way (const ConsoleSummary *self,
          Way                  *way)
{
  static const char * const types[] = { "get", "set", "result" };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      if (!g_str_equal (types[i], self->type))
        continue;

      *way = (self->is_sent ? SENT_GET : RECEIVED_GET) + i;
      return TRUE;
    }

  return FALSE;
}

static char *
describe_payload (const ConsoleSummary *self,
                  const XmppNode       *payload,
                  Way                   way)
{
  for (guint i = 0; i < G_N_ELEMENTS (payloads); i++)
    {
      g_autofree char *what = NULL;

      if (payloads[i].phrases[way] == NULL || !xmpp_node_is (payload, payloads[i].name, payloads[i].ns))
        continue;

      what = payloads[i].detail != NULL ? payloads[i].detail (payload) : NULL;

      return console_say (_(payloads[i].phrases[way]), "who", self->who, "what", what, NULL);
    }

  return console_say (_(unknown[way]), "who", self->who, "name", payload->name, "ns", payload->ns, NULL);
}

char *
console_summary_iq (const ConsoleSummary *self)
{
  const XmppNode *payload = self->root->first_child;
  Way way;

  if (g_str_equal (self->type, "error"))
    {
      g_autofree char *error = console_describe_error (self->root);

      return console_say (self->is_sent ? _("refuses it to {who}: {error}") : _("{who} refuses it: {error}"),
                          "who", self->who, "error", error, NULL);
    }

  if (!find_way (self, &way))
    return console_say (_("iq of type {type}: {who}"), "type", self->type, "who", self->who, NULL);

  if (payload == NULL)
    return console_say (self->is_sent ? _("answers {who}: done") : _("{who}: done"), "who", self->who, NULL);

  return describe_payload (self, payload, way);
}
