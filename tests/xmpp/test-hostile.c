/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-server.h"
#include "mutations.h"
#include "xmpp-module.h"
#include "xmpp-muc.h"

#include <string.h>

/* T119 and T125: whatever our modules declare that they listen to is said to them, whole, broken in
 * every way, and together, by everybody. Nothing crashes, the session stays online, and the next
 * ordinary message is heard. (Criticals are fatal in tests.)
 */
#define JID "juliet@capulet.lit/balcony"

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
  NULL
};

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
suffer (const char *xml,
        gpointer    user_data)
{
  Victim *victim = user_data;

  fake_server_send (victim->server, xml);
  victim->n_cases += G_N_ELEMENTS (senders) - 1;
  fake_server_ping (victim->server);
  g_ptr_array_set_size (victim->server->waiting, 0);
}

static void
suffer_all (const char *xml)
{
  g_auto(Victim) victim = { NULL };

  victim_init (&victim);
  mutations_foreach (xml, senders + 1, suffer, &victim);
  assert_alive (&victim);
  g_test_message ("%u cases of %.60s…", victim.n_cases, xml);
}

static void
test_stanzas (void)
{
  for (guint i = 0; mutation_stanzas[i] != NULL; i++)
    suffer_all (mutation_stanzas[i]);
}

static void
test_payloads (void)
{
  for (guint i = 0; mutation_payloads[i] != NULL; i++)
    {
      g_autofree char *xml = g_strdup_printf ("<message type='chat' id='m' to='" JID "'>%s</message>", mutation_payloads[i]);

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

  for (guint i = 0; mutation_payloads[i] != NULL; i++)
    {
      for (guint j = 0; mutation_payloads[j] != NULL; j++)
        {
          for (guint k = 0; k + 1 < G_N_ELEMENTS (senders); k++)
            {
              g_autofree char *from = senders[k] != NULL ? g_strdup_printf (" from='%s'", senders[k]) : g_strdup ("");
              g_autofree char *xml = g_strdup_printf ("<message type='%s' id='m' to='" JID "'%s>%s%s</message>",
                                                      types[(i + j + k) % G_N_ELEMENTS (types)], from, mutation_payloads[i], mutation_payloads[j]);

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
