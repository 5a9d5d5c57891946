/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mutations.h"

#include "xmpp-stanza.h"

#define JID "juliet@capulet.lit/balcony"

#define INNER(from, to) "<forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/>" \
  "<message xmlns='jabber:client' type='chat' id='i' from='" from "' to='" to "'><body>x</body></message></forwarded>"

const char * const mutation_payloads[] = {
  "<body xml:lang='en'>x</body>",
  "<subject>s</subject>",
  "<thread parent='p'>t</thread>",
  "<active xmlns='http://jabber.org/protocol/chatstates'/>",
  "<gone xmlns='http://jabber.org/protocol/chatstates'/>",
  "<request xmlns='urn:xmpp:receipts'/>",
  "<received xmlns='urn:xmpp:receipts' id='m1'/>",
  "<delay xmlns='urn:xmpp:delay' stamp='2002-09-10T23:08:25Z' from='capulet.lit'>Offline</delay>",
  "<x xmlns='jabber:x:delay' stamp='20020910T23:08:25' from='capulet.lit'/>",
  "<x xmlns='jabber:x:conference' jid='trap@muc.test' password='p' reason='r'/>",
  "<x xmlns='http://jabber.org/protocol/muc#user'><invite from='bob@peer.test'><reason>r</reason></invite>"
    "<password>p</password></x>",
  "<x xmlns='http://jabber.org/protocol/muc#user'><decline from='bob@peer.test'><reason>r</reason></decline></x>",
  "<x xmlns='http://jabber.org/protocol/muc#user'><status code='104'/><status code='170'/></x>",
  "<received xmlns='urn:xmpp:carbons:2'>" INNER ("bob@peer.test/p", JID) "</received>",
  "<sent xmlns='urn:xmpp:carbons:2'>" INNER (JID, "bob@peer.test/p") "</sent>",
  "<error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
    "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas' xml:lang='en'>t</text></error>",
  NULL
};

#define ITEM "<x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='member' role='participant' jid='a@b/c' nick='n'>" \
  "<actor jid='x@y' nick='z'/><reason>r</reason></item>"

const char * const mutation_stanzas[] = {
  "<presence><show>away</show><status xml:lang='en'>s</status><priority>5</priority>"
    "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:n' ver='QgayPKawpkPSDYmwT/WM94uAlu0='/>"
    "<x xmlns='vcard-temp:x:update'><photo>abc</photo></x>"
    "<idle xmlns='urn:xmpp:idle:1' since='2026-01-01T00:00:00Z'/>"
    "<delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/></presence>",
  "<presence type='unavailable'><status>s</status></presence>",
  "<presence type='subscribe'><status>s</status><nick xmlns='http://jabber.org/protocol/nick'>n</nick></presence>",
  "<presence type='subscribed'/>",
  "<presence type='unsubscribe'/>",
  "<presence type='unsubscribed'/>",
  "<presence type='probe'/>",
  "<presence type='error' id='p'><error type='auth' by='room@muc.test'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
    "</error></presence>",
  "<presence>" ITEM "<status code='110'/><status code='201'/><status code='210'/></x></presence>",
  "<presence type='unavailable'>" ITEM "<status code='303'/></x></presence>",
  "<presence type='unavailable'>" ITEM "<status code='307'/></x></presence>",
  "<presence type='unavailable'>" ITEM "<status code='110'/><status code='301'/></x></presence>",
  "<presence type='unavailable'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' role='none'/>"
    "<destroy jid='other@muc.test'><password>p</password><reason>r</reason></destroy></x></presence>",
  "<iq type='set' id='i'><query xmlns='jabber:iq:roster' ver='v2'><item jid='carol@peer.test' name='n' subscription='both' "
    "ask='subscribe' approved='true'><group>g</group><group>h</group></item></query></iq>",
  "<iq type='set' id='i'><query xmlns='jabber:iq:roster'><item jid='bob@peer.test' subscription='remove'/></query></iq>",
  "<iq type='set' id='i'><block xmlns='urn:xmpp:blocking'><item jid='eve@evil.test'/></block></iq>",
  "<iq type='set' id='i'><unblock xmlns='urn:xmpp:blocking'><item jid='eve@evil.test'/></unblock></iq>",
  "<iq type='set' id='i'><query xmlns='jabber:iq:privacy'><list name='l'/></query></iq>",
  "<iq type='get' id='i'><query xmlns='http://jabber.org/protocol/disco#info' node='n'/></iq>",
  "<iq type='get' id='i'><query xmlns='http://jabber.org/protocol/disco#items' node='n'/></iq>",
  "<iq type='get' id='i'><ping xmlns='urn:xmpp:ping'/></iq>",
  "<iq type='get' id='i'><time xmlns='urn:xmpp:time'/></iq>",
  "<iq type='get' id='i'><query xmlns='jabber:iq:version'/></iq>",
  "<iq type='result' id='i'><query xmlns='jabber:iq:roster'><item jid='a@b'/></query></iq>",
  "<message type='groupchat' id='g'><body>x</body><subject>s</subject>"
    "<delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z' from='room@muc.test'/></message>",
  NULL
};

/* What is done to one node of a sample, counted from its root */
typedef enum
{
  WHOLE,
  REMOVED,
  TWICE,
  HOLLOW,
  FOREIGN,
  WITHIN_ITSELF,
  ATTRIBUTE_REMOVED,
  ATTRIBUTE_WRONG,
  TEXT_WRONG,
} Fault;

typedef struct
{
  Fault       fault;
  guint       node;
  guint       attribute;
  const char *value;
} Mutation;

static const char * const wrong_values[] = {
  "", " ", "-1", "99999999999999999999999", "0x10", "\xd9\xa3", "a@b@c/", "@/", "/", "get", "error",
  "9999-12-31T23:59:59-23:59", "0000-02-30T99:99:99Z", "true", "<&'\"", "\xe2\x80\xae\xf0\x9f\xa4\x96\xef\xb8\x8f",
};

static guint
count_nodes (const XmppNode *node)
{
  guint n = 1;

  XMPP_NODE_FOREACH_CHILD (node, child)
    n += count_nodes (child);

  return n;
}

static const XmppNode *
find_node (const XmppNode *node,
           guint          *index)
{
  if ((*index)-- == 0)
    return node;

  XMPP_NODE_FOREACH_CHILD (node, child)
    {
      const XmppNode *found = find_node (child, index);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static void
write_attribute (GString             *xml,
                 const XmppAttribute *attribute,
                 const char          *value)
{
  g_autofree char *escaped = g_markup_escape_text (value, -1);

  g_string_append_printf (xml, " %s%s='%s'", attribute->ns != NULL ? "xml:" : "", attribute->name, escaped);
}

static void
write_mutated (GString        *xml,
               const XmppNode *node,
               const Mutation *mutation,
               const XmppNode *target,
               const char     *from)
{
  Fault fault = node == target ? mutation->fault : WHOLE;
  const char *text = fault == TEXT_WRONG ? mutation->value : node->text;

  if (fault == REMOVED)
    return;

  g_string_append_printf (xml, "<%s xmlns='%s'", node->name, fault == FOREIGN ? "urn:evil" : node->ns);
  if (node->parent == NULL && from != NULL)
    g_string_append_printf (xml, " from='%s'", from);

  for (guint i = 0; i < node->n_attributes; i++)
    {
      gboolean is_it = mutation != NULL && i == mutation->attribute;

      if (fault == ATTRIBUTE_REMOVED && is_it)
        continue;

      write_attribute (xml, &node->attributes[i],
                       fault == ATTRIBUTE_WRONG && is_it ? mutation->value : node->attributes[i].value);
    }

  g_string_append_c (xml, '>');

  if (fault != HOLLOW)
    {
      g_autofree char *escaped = text != NULL ? g_markup_escape_text (text, -1) : g_strdup ("");

      g_string_append (xml, escaped);
      XMPP_NODE_FOREACH_CHILD (node, child)
        {
          write_mutated (xml, child, mutation, target, NULL);
          if (child == target && mutation->fault == TWICE)
            write_mutated (xml, child, NULL, NULL, NULL);
        }
    }

  if (fault == WITHIN_ITSELF)
    write_mutated (xml, node, NULL, NULL, NULL);

  g_string_append_printf (xml, "</%s>", node->name);
}

typedef struct
{
  XmppStanza         *sample;
  const char * const *senders;
  MutationFunc        func;
  gpointer            user_data;
} Run;

static void
say (Run            *run,
     const Mutation *mutation)
{
  const XmppNode *root = xmpp_stanza_get_root (run->sample);
  guint index = mutation->node;
  const XmppNode *target = find_node (root, &index);
  g_autoptr(GString) xml = g_string_new (NULL);

  write_mutated (xml, root, mutation, target, NULL);
  for (guint i = 0; run->senders[i] != NULL; i++)
    write_mutated (xml, root, mutation, target, run->senders[i]);

  run->func (xml->str, run->user_data);
}

static void
say_attributes (Run            *run,
                const XmppNode *node,
                guint           index)
{
  for (guint i = 0; i < node->n_attributes; i++)
    {
      Mutation mutation = { ATTRIBUTE_REMOVED, index, i, NULL };

      say (run, &mutation);
      mutation.fault = ATTRIBUTE_WRONG;
      for (guint j = 0; j < G_N_ELEMENTS (wrong_values); j++)
        {
          mutation.value = wrong_values[j];
          say (run, &mutation);
        }
    }
}

void
mutations_foreach (const char         *xml,
                   const char * const *senders,
                   MutationFunc        func,
                   gpointer            user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppStanza) sample = xmpp_stanza_new_from_xml (xml, -1, &error);
  Run run = { sample, senders, func, user_data };
  const XmppNode *root;

  g_assert_no_error (error);
  root = xmpp_stanza_get_root (sample);

  for (guint i = 0; i < count_nodes (root); i++)
    {
      guint index = i;
      const XmppNode *node = find_node (root, &index);
      Mutation mutation = { WHOLE, i, 0, NULL };

      for (Fault fault = node == root ? HOLLOW : REMOVED; fault <= WITHIN_ITSELF; fault++)
        {
          mutation.fault = fault;
          say (&run, &mutation);
        }

      say_attributes (&run, node, i);

      mutation.fault = TEXT_WRONG;
      for (guint j = 0; node->text != NULL && j < G_N_ELEMENTS (wrong_values); j++)
        {
          mutation.value = wrong_values[j];
          say (&run, &mutation);
        }
    }

  /* Last, for it may put us out of a room */
  say (&run, &(Mutation) { WHOLE, 0, 0, NULL });
}
