/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0280: Message Carbons */

#include "message-log.h"
#include "xmpp-carbons.h"

#include <string.h>

#define OWN       "juliet@capulet.lit"
#define ROMEO     "romeo@montague.lit"
#define CARBONS   "urn:xmpp:carbons:2"
#define FORWARDED(xml) "<forwarded xmlns='urn:xmpp:forward:0'>" xml "</forwarded>"
#define RECEIVED(xml)  "<received xmlns='" CARBONS "'>" xml "</received>"
#define SENT(xml)      "<sent xmlns='" CARBONS "'>" xml "</sent>"
#define TO_US     "<message xmlns='jabber:client' from='" ROMEO "/orchard' to='" OWN "/phone' type='chat' id='c1'>" \
                  "<body>Spoof</body><request xmlns='urn:xmpp:receipts'/></message>"
#define FROM_US   "<message xmlns='jabber:client' from='" OWN "/phone' to='" ROMEO "' type='chat' id='c2'>" \
                  "<body>Spoof</body></message>"

typedef struct
{
  FakeServer *server;
  MessageLog *log;
} Fixture;

static Fixture
fixture_new (void)
{
  Fixture self;

  self.server = fake_server_new (OWN "/balcony");
  self.log = message_log_new (self.server);
  fake_server_login (self.server);
  fake_server_settle (self.server);

  return self;
}

static void
fixture_clear (Fixture *self)
{
  fake_server_free (self->server);
  message_log_free (self->log);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

/* from: XML of the attribute, or "" */
static void
send_outer (Fixture    *self,
            const char *from,
            const char *children)
{
  g_autofree char *xml = g_strdup_printf ("<message %s to='" OWN "/balcony' type='chat'>%s</message>", from, children);

  fake_server_send (self->server, xml);
}

static void
answer_disco (FakeServer *server,
              const char *features)
{
  g_autofree char *children = g_strdup_printf (
    "<query xmlns='http://jabber.org/protocol/disco#info'>"
      "<identity category='server' type='im'/><feature var='http://jabber.org/protocol/disco#info'/>%s"
    "</query>", features);

  fake_server_answer (server, "http://jabber.org/protocol/disco#info", children);
}

static void
test_enabled_where_the_server_has_them (void)
{
  g_autoptr(FakeServer) server = fake_server_new (OWN "/balcony");
  XmppCarbons *carbons;
  gboolean enabled = FALSE;

  fake_server_login (server);
  carbons = xmpp_session_get_module (server->session, XMPP_TYPE_CARBONS);
  answer_disco (server, "<feature var='" CARBONS "'/>");
  g_object_get (carbons, "enabled", &enabled, NULL);
  g_assert_false (enabled);

  fake_server_answer (server, "<enable xmlns='" CARBONS "'/>", NULL);
  fake_server_ping (server);
  g_object_get (carbons, "enabled", &enabled, NULL);
  g_assert_true (enabled);
}

static void
test_not_enabled_elsewhere (void)
{
  g_autoptr(FakeServer) server = fake_server_new (OWN "/balcony");

  fake_server_login (server);
  answer_disco (server, "<feature var='urn:xmpp:carbons:1'/>");
  fake_server_ping (server);

  for (guint i = 0; i < server->received->len; i++)
    g_assert_null (strstr (g_ptr_array_index (server->received, i), "<enable xmlns='urn:xmpp:carbons"));
}

static void
test_copies_of_both_directions (void)
{
  g_auto(Fixture) self = fixture_new ();

  send_outer (&self, "from='" OWN "'", RECEIVED (FORWARDED (TO_US)));
  message_log_expect (self.log, ROMEO "/orchard chat body=Spoof receipt? carbon=received");

  send_outer (&self, "from='" OWN "'", SENT (FORWARDED (FROM_US)));
  message_log_expect (self.log, OWN "/phone chat body=Spoof carbon=sent");

  fake_server_no_more (self.server);
}

static void
test_time_of_a_late_copy (void)
{
  g_auto(Fixture) self = fixture_new ();

  send_outer (&self, "from='" OWN "'",
              RECEIVED (FORWARDED (TO_US)) "<delay xmlns='urn:xmpp:delay' stamp='2025-12-31T23:00:00Z'/>");
  message_log_expect (self.log, ROMEO "/orchard chat body=Spoof receipt? carbon=received delayed=2025-12-31T23:00:00Z");

  send_outer (&self, "from='" OWN "'",
              SENT (FORWARDED ("<delay xmlns='urn:xmpp:delay' stamp='2025-12-31T22:00:00Z'/>" FROM_US)));
  message_log_expect (self.log, OWN "/phone chat body=Spoof carbon=sent delayed=2025-12-31T22:00:00Z");
}

static void
test_forged (const char *children)
{
  g_auto(Fixture) self = fixture_new ();

  g_test_expect_message ("xmpp", G_LOG_LEVEL_DEBUG, "Ignored a carbon from eve@evil.lit/x, who may not send any");
  send_outer (&self, "from='eve@evil.lit/x'", children);
  message_log_expect_none (self.log, self.server);
  g_test_assert_expected_messages ();

  fake_server_no_more (self.server);
}

static void
test_T001_forged_carbon_is_ignored (void)
{
  test_forged (RECEIVED (FORWARDED (TO_US)));
}

static void
test_T002_forged_copy_of_our_own_is_ignored (void)
{
  test_forged (SENT (FORWARDED (FROM_US)));
}

static void
test_T003_only_our_bare_address_may_send_them (void)
{
  static const struct
  {
    const char *from;
    gboolean    accepted;
  } rows[] = {
    { "", TRUE },
    { "from='" OWN "'", TRUE },
    { "from='JULIET@Capulet.LIT'", TRUE },
    { "from='" OWN "/balcony'", FALSE },
    { "from='" OWN "/phone'", FALSE },
    { "from='capulet.lit'", FALSE },
    { "from='" OWN ".evil.lit'", FALSE },
    { "from='juliet@c\320\260pulet.lit'", FALSE },
    { "from='NURSE@capulet.lit'", FALSE },
    { "from=' '", FALSE },
    { "from=''", FALSE },
    { "xmlns:a='urn:a' a:from='" OWN "' from='eve@evil.lit'", FALSE },
  };
  g_auto(Fixture) self = fixture_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].from);
      send_outer (&self, rows[i].from, RECEIVED (FORWARDED (TO_US)));
      if (rows[i].accepted)
        message_log_expect (self.log, ROMEO "/orchard chat body=Spoof receipt? carbon=received");
      message_log_expect_none (self.log, self.server);
    }
}

static void
test_T021_shadowed_sender (void)
{
  static const char * const rows[] = {
    "xmlns:a='urn:a' a:from='" OWN "' from='eve@evil.lit/x'",
    "from='eve@evil.lit/x' xmlns:a='urn:a' a:from='" OWN "'",
    "from='eve@evil.lit/x' xmlns:a='jabber:client' a:from='" OWN "'",
  };
  g_auto(Fixture) self = fixture_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      send_outer (&self, rows[i], RECEIVED (FORWARDED (TO_US)));
      send_outer (&self, rows[i], SENT (FORWARDED (FROM_US)));
      message_log_expect_none (self.log, self.server);
    }
}

static void
test_T004_inner_addresses_have_to_fit (void)
{
  static const char * const rows[] = {
    SENT (FORWARDED (TO_US)),
    RECEIVED (FORWARDED (FROM_US)),
    RECEIVED (FORWARDED ("<message xmlns='jabber:client' from='" ROMEO "' to='nurse@capulet.lit'><body>a</body></message>")),
    SENT (FORWARDED ("<message xmlns='jabber:client' from='nurse@capulet.lit' to='" ROMEO "'><body>a</body></message>")),
    SENT (FORWARDED ("<message xmlns='jabber:client' from='capulet.lit' to='" ROMEO "'><body>a</body></message>")),
  };
  g_auto(Fixture) self = fixture_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      send_outer (&self, "from='" OWN "'", rows[i]);
      message_log_expect_none (self.log, self.server);
    }
}

static void
test_T005_malformed_ones_are_dropped (void)
{
  static const char * const rows[] = {
    RECEIVED (""),
    RECEIVED (FORWARDED ("")),
    RECEIVED (FORWARDED ("text")),
    RECEIVED (TO_US),
    RECEIVED (FORWARDED ("<message xmlns='urn:x' from='" ROMEO "' to='" OWN "'><body>a</body></message>")),
    RECEIVED ("<forwarded xmlns='urn:x'>" TO_US "</forwarded>"),
    RECEIVED (FORWARDED (TO_US TO_US)),
    RECEIVED (FORWARDED (TO_US) FORWARDED (TO_US)),
    RECEIVED (FORWARDED (TO_US)) SENT (FORWARDED (FROM_US)),
    SENT (FORWARDED (FROM_US)) RECEIVED (FORWARDED (TO_US)),
    RECEIVED (FORWARDED (TO_US)) RECEIVED (FORWARDED (TO_US)),
    RECEIVED (FORWARDED ("<message xmlns='jabber:client'/>")),
    RECEIVED (FORWARDED ("<message xmlns='jabber:client' to='" OWN "'><body>a</body></message>")),
    RECEIVED (FORWARDED ("<message xmlns='jabber:client' from='" ROMEO "'><body>a</body></message>")),
    RECEIVED (FORWARDED ("<message xmlns='jabber:client' from='' to='" OWN "'><body>a</body></message>")),
    SENT (FORWARDED ("<message xmlns='jabber:client' from='" OWN "/phone'><body>a</body></message>")),
    RECEIVED (FORWARDED ("<iq xmlns='jabber:client' from='" ROMEO "' to='" OWN "' type='get' id='i'><ping xmlns='urn:xmpp:ping'/></iq>")),
    RECEIVED (FORWARDED ("<presence xmlns='jabber:client' from='" ROMEO "' to='" OWN "'/>")),
  };
  g_auto(Fixture) self = fixture_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i]);
      send_outer (&self, "from='" OWN "'", rows[i]);
      message_log_expect_none (self.log, self.server);
    }

  fake_server_no_more (self.server);
}

static void
test_a_copy_needs_no_text (void)
{
  g_auto(Fixture) self = fixture_new ();

  send_outer (&self, "from='" OWN "'",
              RECEIVED (FORWARDED ("<message xmlns='jabber:client' from='" ROMEO "/orchard' to='" OWN "'/>")));
  message_log_expect (self.log, ROMEO "/orchard normal carbon=received");
}

static void
test_T006_only_one_layer_is_opened (void)
{
  g_auto(Fixture) self = fixture_new ();
  g_autoptr(GString) deep = g_string_new (NULL);

  send_outer (&self, "from='" OWN "'",
              RECEIVED (FORWARDED (
                "<message xmlns='jabber:client' from='eve@evil.lit/x' to='" OWN "' type='chat'>"
                  "<body>Mine</body>" RECEIVED (FORWARDED (TO_US))
                "</message>")));
  message_log_expect (self.log, "eve@evil.lit/x chat body=Mine carbon=received");
  message_log_expect_none (self.log, self.server);

  for (guint i = 0; i < 50; i++)
    g_string_append (deep, "<forwarded xmlns='urn:xmpp:forward:0'>");
  g_string_append (deep, TO_US);
  for (guint i = 0; i < 50; i++)
    g_string_append (deep, "</forwarded>");
  g_string_prepend (deep, "<received xmlns='" CARBONS "'>");
  g_string_append (deep, "</received>");

  send_outer (&self, "from='" OWN "'", deep->str);
  message_log_expect_none (self.log, self.server);
}

static void
test_T007_private_is_no_carbon (void)
{
  g_auto(Fixture) self = fixture_new ();

  send_outer (&self, "from='" ROMEO "/orchard'", "<private xmlns='" CARBONS "'/><body>Hush</body>");
  message_log_expect (self.log, ROMEO "/orchard chat body=Hush");
  message_log_expect_none (self.log, self.server);
}

static void
test_what_is_said_in_rooms_is_not_copied (void)
{
  static const char * const rows[] = {
    RECEIVED (FORWARDED ("<message xmlns='jabber:client' from='hall@rooms.lit/nurse' to='" OWN "' type='groupchat'>"
                           "<body>a</body></message>")),
    SENT (FORWARDED ("<message xmlns='jabber:client' from='" OWN "/phone' to='hall@rooms.lit' type='groupchat'>"
                       "<body>a</body></message>")),
    RECEIVED (FORWARDED ("<message xmlns='jabber:client' from='hall@rooms.lit/nurse' to='" OWN "' type='chat'>"
                           "<body>a</body><x xmlns='http://jabber.org/protocol/muc#user'/></message>")),
    SENT (FORWARDED ("<message xmlns='jabber:client' from='" OWN "/phone' to='hall@rooms.lit/nurse' type='chat'>"
                       "<body>a</body><x xmlns='http://jabber.org/protocol/muc#user'/></message>")),
  };
  g_auto(Fixture) self = fixture_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      send_outer (&self, "from='" OWN "'", rows[i]);
      message_log_expect_none (self.log, self.server);
    }
}

static void
test_invitations_are_copied (void)
{
  g_auto(Fixture) self = fixture_new ();

  send_outer (&self, "from='" OWN "'",
              RECEIVED (FORWARDED (
                "<message xmlns='jabber:client' from='hall@rooms.lit' to='" OWN "'>"
                  "<x xmlns='http://jabber.org/protocol/muc#user'><invite from='" ROMEO "'/></x>"
                "</message>")));
  message_log_expect (self.log, "hall@rooms.lit normal carbon=received room=hall@rooms.lit by=" ROMEO);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/carbons/enabled-where-the-server-has-them", test_enabled_where_the_server_has_them);
  g_test_add_func ("/xmpp/carbons/not-enabled-elsewhere", test_not_enabled_elsewhere);
  g_test_add_func ("/xmpp/carbons/copies-of-both-directions", test_copies_of_both_directions);
  g_test_add_func ("/xmpp/carbons/a-copy-needs-no-text", test_a_copy_needs_no_text);
  g_test_add_func ("/xmpp/carbons/the-time-of-a-late-copy-is-our-servers", test_time_of_a_late_copy);
  g_test_add_func ("/xmpp/carbons/T001-forged-carbon-is-ignored", test_T001_forged_carbon_is_ignored);
  g_test_add_func ("/xmpp/carbons/T002-forged-copy-of-our-own-is-ignored", test_T002_forged_copy_of_our_own_is_ignored);
  g_test_add_func ("/xmpp/carbons/T001-T021-a-shadowed-sender-may-not-send-them", test_T021_shadowed_sender);
  g_test_add_func ("/xmpp/carbons/T003-only-our-bare-address-may-send-them", test_T003_only_our_bare_address_may_send_them);
  g_test_add_func ("/xmpp/carbons/T004-inner-addresses-have-to-fit", test_T004_inner_addresses_have_to_fit);
  g_test_add_func ("/xmpp/carbons/T005-malformed-ones-are-dropped", test_T005_malformed_ones_are_dropped);
  g_test_add_func ("/xmpp/carbons/T006-only-one-layer-is-opened", test_T006_only_one_layer_is_opened);
  g_test_add_func ("/xmpp/carbons/T007-private-is-no-carbon", test_T007_private_is_no_carbon);
  g_test_add_func ("/xmpp/carbons/what-is-said-in-rooms-is-not-copied", test_what_is_said_in_rooms_is_not_copied);
  g_test_add_func ("/xmpp/carbons/invitations-are-copied", test_invitations_are_copied);

  return g_test_run ();
}
