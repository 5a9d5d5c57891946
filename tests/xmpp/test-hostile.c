/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-server.h"
#include "xmpp-module.h"
#include "xmpp-muc.h"

#include <string.h>

/* T119 and T125: whatever our modules declare that they listen to is said to them, whole, broken in
 * every way, and together, by everybody. Nothing crashes, the session stays online, and the next
 * ordinary message is heard. (Criticals are fatal in tests.)
 */
#define JID "juliet@capulet.lit/balcony"

#define INNER(from, to) "<forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/>" \
  "<message xmlns='jabber:client' type='chat' id='i' from='" from "' to='" to "'><body>x</body></message></forwarded>"

static const char * const payloads[] = {
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
};

#define ITEM "<x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='member' role='participant' jid='a@b/c' nick='n'>" \
  "<actor jid='x@y' nick='z'/><reason>r</reason></item>"

static const char * const stanzas[] = {
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
};

static const char * const senders[] = {
  NULL,
  "juliet@capulet.lit",
  "juliet@capulet.lit/other",
  "capulet.lit",
  "bob@peer.test/p",
  "room@muc.test",
  "room@muc.test/juliet",
  "room@muc.test/bob",
  "eve@evil.test/x",
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

/* One session in the middle of its life: a contact, a room */
typedef struct
{
  FakeServer *server;
  guint       n_heard;
  guint       n_cases;
} Victim;

static void
on_message (XmppSession       *session,
            const XmppMessage *message,
            Victim            *victim)
{
  if (g_strcmp0 (message->body, "are you alive?") == 0)
    victim->n_heard++;
}

static void
victim_clear (Victim *victim)
{
  g_signal_handlers_disconnect_by_data (victim->server->session, victim);
  g_clear_pointer (&victim->server, fake_server_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Victim, victim_clear)

static void
victim_init (Victim *victim)
{
  g_autoptr(XmppJid) room = xmpp_jid_new ("room@muc.test", NULL);
  XmppMuc *muc;

  victim->server = fake_server_new (JID);
  g_signal_connect (victim->server->session, "message", G_CALLBACK (on_message), victim);
  fake_server_login (victim->server);
  fake_server_answer (victim->server, "jabber:iq:roster",
                      "<query xmlns='jabber:iq:roster'><item jid='bob@peer.test' subscription='both'/></query>");

  muc = xmpp_session_get_module (victim->server->session, XMPP_TYPE_MUC);
  xmpp_muc_join_async (muc, room, "juliet", NULL, -1, NULL, NULL, NULL);
  fake_server_send (victim->server,
                    "<presence from='room@muc.test/bob'><x xmlns='http://jabber.org/protocol/muc#user'>"
                    "<item affiliation='member' role='participant'/></x></presence>"
                    "<presence from='room@muc.test/juliet'><x xmlns='http://jabber.org/protocol/muc#user'>"
                    "<item affiliation='member' role='participant'/><status code='110'/></x></presence>"
                    "<message type='groupchat' from='room@muc.test'><subject>s</subject></message>");
  fake_server_settle (victim->server);
}

/* Whoever wants to be silent about the answers of ours may be: but ours is heard */
static void
assert_alive (Victim *victim)
{
  guint before = victim->n_heard;

  fake_server_send (victim->server, "<message type='chat' from='bob@peer.test/p'><body>are you alive?</body></message>");
  fake_server_ping (victim->server);
  g_assert_true (xmpp_session_is_online (victim->server->session));
  g_assert_cmpuint (victim->n_heard, ==, before + 1);
  g_ptr_array_set_size (victim->server->waiting, 0);
}

static void
suffer (Victim         *victim,
        XmppStanza     *sample,
        const Mutation *mutation)
{
  const XmppNode *root = xmpp_stanza_get_root (sample);
  guint index = mutation->node;
  const XmppNode *target = find_node (root, &index);

  for (guint i = 0; i < G_N_ELEMENTS (senders); i++)
    {
      g_autoptr(GString) xml = g_string_new (NULL);

      write_mutated (xml, root, mutation, target, senders[i]);
      fake_server_send (victim->server, xml->str);
      victim->n_cases++;
    }

  fake_server_ping (victim->server);
  g_ptr_array_set_size (victim->server->waiting, 0);
}

static void
suffer_attributes (Victim         *victim,
                   XmppStanza     *sample,
                   const XmppNode *node,
                   guint           index)
{
  for (guint i = 0; i < node->n_attributes; i++)
    {
      Mutation mutation = { ATTRIBUTE_REMOVED, index, i, NULL };

      suffer (victim, sample, &mutation);
      mutation.fault = ATTRIBUTE_WRONG;
      for (guint j = 0; j < G_N_ELEMENTS (wrong_values); j++)
        {
          mutation.value = wrong_values[j];
          suffer (victim, sample, &mutation);
        }
    }
}

static void
suffer_all (const char *xml)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppStanza) sample = xmpp_stanza_new_from_xml (xml, -1, &error);
  const XmppNode *root;
  g_auto(Victim) victim = { NULL };

  g_assert_no_error (error);
  root = xmpp_stanza_get_root (sample);
  victim_init (&victim);

  for (guint i = 0; i < count_nodes (root); i++)
    {
      guint index = i;
      const XmppNode *node = find_node (root, &index);
      Mutation mutation = { WHOLE, i, 0, NULL };

      for (Fault fault = node == root ? HOLLOW : REMOVED; fault <= WITHIN_ITSELF; fault++)
        {
          mutation.fault = fault;
          suffer (&victim, sample, &mutation);
        }

      suffer_attributes (&victim, sample, node, i);

      mutation.fault = TEXT_WRONG;
      for (guint j = 0; node->text != NULL && j < G_N_ELEMENTS (wrong_values); j++)
        {
          mutation.value = wrong_values[j];
          suffer (&victim, sample, &mutation);
        }
    }

  /* Last, for it may put us out of the room */
  suffer (&victim, sample, &(Mutation) { WHOLE, 0, 0, NULL });
  assert_alive (&victim);
  g_test_message ("%u cases of %.60s…", victim.n_cases, xml);
}

static void
test_stanzas (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (stanzas); i++)
    suffer_all (stanzas[i]);
}

static void
test_payloads (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (payloads); i++)
    {
      g_autofree char *xml = g_strdup_printf ("<message type='chat' id='m' to='" JID "'>%s</message>", payloads[i]);

      suffer_all (xml);
    }
}

/* What a module declares, and no sample here thought of */
static char *
make_sample (const char *stanza,
             const char *type,
             const char *name,
             const char *ns)
{
  g_autofree char *child = name == NULL ? g_strdup ("") :
    g_strdup_printf ("<%s xmlns='%s' jid='a@b/c' node='n' id='i' name='x' stamp='2026-01-01T00:00:00Z' type='get' code='110'>"
                     "text<item jid='a@b'/><x xmlns='jabber:x:data'/></%s>", name, ns, name);

  return g_strdup_printf ("<%s type='%s' id='i'>%s</%s>", stanza, type != NULL ? type : "", child, stanza);
}

static void
test_declared (void)
{
  for (guint i = 0; xmpp_module_types[i] != NULL; i++)
    {
      XmppModuleClass *klass = g_type_class_ref (xmpp_module_types[i] ());

      for (const XmppHandler *h = klass->handlers; h != NULL && h->stanza != NULL; h++)
        {
          g_autofree char *xml = make_sample (h->stanza, h->type, h->name, h->ns);

          suffer_all (xml);
        }

      for (const XmppMessageField *f = klass->fields; f != NULL && f->name != NULL; f++)
        {
          g_autofree char *xml = make_sample ("message", "chat", f->name, f->ns);

          suffer_all (xml);
        }

      g_type_class_unref (klass);
    }
}

static void
test_pairs (void)
{
  static const char * const types[] = { "chat", "groupchat", "headline", "normal", "error" };
  g_auto(Victim) victim = { NULL };

  victim_init (&victim);

  for (guint i = 0; i < G_N_ELEMENTS (payloads); i++)
    {
      for (guint j = 0; j < G_N_ELEMENTS (payloads); j++)
        {
          for (guint k = 0; k < G_N_ELEMENTS (senders); k++)
            {
              g_autofree char *from = senders[k] != NULL ? g_strdup_printf (" from='%s'", senders[k]) : g_strdup ("");
              g_autofree char *xml = g_strdup_printf ("<message type='%s' id='m' to='" JID "'%s>%s%s</message>",
                                                      types[(i + j + k) % G_N_ELEMENTS (types)], from, payloads[i], payloads[j]);

              fake_server_send (victim.server, xml);
            }
          fake_server_ping (victim.server);
          g_ptr_array_set_size (victim.server->waiting, 0);
        }
    }

  assert_alive (&victim);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/hostile/T119-stanzas-broken-in-every-way", test_stanzas);
  g_test_add_func ("/xmpp/hostile/T119-messages-broken-in-every-way", test_payloads);
  g_test_add_func ("/xmpp/hostile/T119-whatever-a-module-declares", test_declared);
  g_test_add_func ("/xmpp/hostile/T125-payloads-together", test_pairs);

  return g_test_run ();
}
