/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-server.h"
#include "xmpp-muc.h"
#include "xmpp-presence.h"

#include <string.h>

#define PRESENCE(children) \
  "<presence>" children "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='*' ver='*'/></presence>"

#define ROSTER                                                            \
  "<query xmlns='jabber:iq:roster'>"                                      \
    "<item jid='romeo@montague.lit' subscription='both'/>"                \
    "<item jid='nurse@capulet.lit' subscription='to'/>"                   \
    "<item jid='paris@example.org' ask='subscribe'/>"                     \
    "<item jid='tybalt@capulet.lit'/>"                                    \
    "<item jid='icq.capulet.lit' subscription='both'/>"                   \
  "</query>"

/* What the module says, in a line each: "changed romeo@montague.lit" */
typedef struct
{
  FakeServer   *server;
  XmppPresence *presence;
  GPtrArray    *log;      /* of char * */
} Fixture;

static void
on_changed (XmppPresence *presence,
            XmppJid      *bare,
            Fixture      *f)
{
  g_ptr_array_add (f->log, g_strdup_printf ("changed %s", xmpp_jid_get_text (bare)));
}

static void
on_request (XmppPresence *presence,
            XmppJid      *bare,
            const char   *nick,
            const char   *text,
            Fixture      *f)
{
  g_ptr_array_add (f->log, g_strdup_printf ("request %s %s %s", xmpp_jid_get_text (bare),
                                            nick != NULL ? nick : "-", text != NULL ? text : "-"));
}

static void
on_withdrawn (XmppPresence *presence,
              XmppJid      *bare,
              Fixture      *f)
{
  g_ptr_array_add (f->log, g_strdup_printf ("withdrawn %s", xmpp_jid_get_text (bare)));
}

static void
on_answered (XmppPresence *presence,
             XmppJid      *bare,
             gboolean      is_accepted,
             Fixture      *f)
{
  g_ptr_array_add (f->log, g_strdup_printf ("%s %s", is_accepted ? "accepted" : "declined", xmpp_jid_get_text (bare)));
}

static void
on_error (XmppPresence *presence,
          XmppJid      *from,
          const GError *error,
          Fixture      *f)
{
  g_assert_cmpstr (g_quark_to_string (error->domain), ==, g_quark_to_string (XMPP_STANZA_ERROR));
  g_ptr_array_add (f->log, g_strdup_printf ("error %s %s", xmpp_jid_get_text (from),
                                            xmpp_stanza_error_get_name (error->code)));
}

static void
on_invisible_failed (XmppPresence *presence,
                     const GError *error,
                     Fixture      *f)
{
  g_assert_cmpstr (error->message, !=, "");
  g_ptr_array_add (f->log, g_strdup ("invisible-failed"));
}

static void
set_up (Fixture *f)
{
  f->server = fake_server_new ("juliet@capulet.lit/balcony");
  f->presence = xmpp_session_get_module (f->server->session, XMPP_TYPE_PRESENCE);
  f->log = g_ptr_array_new_with_free_func (g_free);

  g_signal_connect (f->presence, "changed", G_CALLBACK (on_changed), f);
  g_signal_connect (f->presence, "request", G_CALLBACK (on_request), f);
  g_signal_connect (f->presence, "withdrawn", G_CALLBACK (on_withdrawn), f);
  g_signal_connect (f->presence, "answered", G_CALLBACK (on_answered), f);
  g_signal_connect (f->presence, "error", G_CALLBACK (on_error), f);
  g_signal_connect (f->presence, "invisible-failed", G_CALLBACK (on_invisible_failed), f);
}

static void
log_in (Fixture *f)
{
  fake_server_login (f->server);
  fake_server_answer (f->server, "jabber:iq:roster", ROSTER);
  fake_server_settle (f->server);
  g_ptr_array_set_size (f->log, 0);
}

static void
set_up_online (Fixture *f)
{
  set_up (f);
  log_in (f);
}

static void
lose_connection (Fixture *f)
{
  guint before = f->server->n_closed;

  fake_server_settle (f->server);
  fake_server_fin (f->server);
  fake_server_wait_until (f->server->n_closed > before);
}

static void
tear_down (Fixture *f)
{
  g_signal_handlers_disconnect_by_data (f->presence, f);
  g_ptr_array_unref (f->log);
  fake_server_free (f->server);
}

static void
assert_log (Fixture    *f,
            const char *wanted)
{
  g_autofree char *got = NULL;

  if (xmpp_session_is_online (f->server->session))
    fake_server_ping (f->server);
  g_ptr_array_add (f->log, NULL);
  got = g_strjoinv (", ", (char **) f->log->pdata);
  g_ptr_array_set_size (f->log, 0);
  g_assert_cmpstr (got, ==, wanted);
}

static void
receive (Fixture    *f,
         const char *from,
         const char *type,
         const char *children)
{
  g_autofree char *attribute = type != NULL ? g_strdup_printf (" type='%s'", type) : g_strdup ("");
  g_autofree char *xml = g_strdup_printf ("<presence from='%s'%s>%s</presence>", from, attribute, children);

  fake_server_send (f->server, xml);
}

/* A device in a line: "orchard away 5 'Hunting'" */
static char *
describe (const XmppResource *resource)
{
  static const char * const shows[] = { "chat", "available", "away", "xa", "dnd", "offline" };
  const char *name;

  if (resource == NULL)
    return g_strdup ("nobody");

  name = xmpp_jid_get_resource (resource->jid);

  return g_strdup_printf ("%s %s %d '%s'", name != NULL ? name : "-", shows[resource->show], resource->priority,
                          resource->status != NULL ? resource->status : "");
}

static const XmppResource *
get_best (Fixture    *f,
          const char *address)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (address, NULL);

  return xmpp_presence_get_best (f->presence, jid);
}

static void
assert_best (Fixture    *f,
             const char *address,
             const char *wanted)
{
  g_autofree char *got = NULL;

  fake_server_ping (f->server);
  got = describe (get_best (f, address));
  g_assert_cmpstr (got, ==, wanted);
}

static guint
count_resources (Fixture    *f,
                 const char *address)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (address, NULL);
  g_autoptr(GPtrArray) resources = xmpp_presence_get_resources (f->presence, jid);

  return resources->len;
}

/* Ours */

static void
test_it_goes_out_after_the_roster_was_asked_for (void)
{
  Fixture f;

  set_up (&f);
  fake_server_login (f.server);
  fake_server_expect_next (f.server, "<iq type='get' id='*'><query xmlns='jabber:iq:roster'/></iq>");
  fake_server_expect_next (f.server, PRESENCE (""));
  tear_down (&f);
}

static void
test_all_that_is_set_is_said (void)
{
  static const struct
  {
    XmppShow    show;
    const char *status;
    int         priority;
    const char *xml;
  } rows[] = {
    { XMPP_SHOW_CHAT,      NULL,  0,    PRESENCE ("<show>chat</show>") },
    { XMPP_SHOW_AVAILABLE, "",    0,    PRESENCE ("") },
    { XMPP_SHOW_AVAILABLE, "Hi",  5,    PRESENCE ("<status>Hi</status><priority>5</priority>") },
    { XMPP_SHOW_AWAY,      "a<b", -1,   PRESENCE ("<show>away</show><status>a&lt;b</status><priority>-1</priority>") },
    { XMPP_SHOW_XA,        NULL,  1000, PRESENCE ("<show>xa</show><priority>127</priority>") },
    { XMPP_SHOW_DND,       NULL,  -999, PRESENCE ("<show>dnd</show><priority>-128</priority>") },
    { XMPP_SHOW_OFFLINE,   "Bye", 3,    "<presence type='unavailable'><status>Bye</status></presence>" },
  };
  Fixture f;

  set_up_online (&f);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      xmpp_presence_set (f.presence, rows[i].show, rows[i].status, rows[i].priority);
      fake_server_expect_next (f.server, rows[i].xml);
    }
  fake_server_no_more (f.server);
  tear_down (&f);
}

static void
test_it_is_remembered_for_the_next_login (void)
{
  Fixture f;

  set_up (&f);
  xmpp_presence_set (f.presence, XMPP_SHOW_AWAY, "Later", 0);
  fake_server_login (f.server);
  fake_server_expect (f.server, PRESENCE ("<show>away</show><status>Later</status>"));
  lose_connection (&f);
  fake_server_login (f.server);
  fake_server_expect (f.server, PRESENCE ("<show>away</show><status>Later</status>"));
  tear_down (&f);
}

static void
test_who_is_offline_by_choice_says_nothing (void)
{
  Fixture f;

  set_up (&f);
  xmpp_presence_set (f.presence, XMPP_SHOW_OFFLINE, NULL, 0);
  log_in (&f);
  for (guint i = 0; i < f.server->received->len; i++)
    g_assert_false (g_str_has_prefix (g_ptr_array_index (f.server->received, i), "<presence"));
  tear_down (&f);
}

static void
write_mark (XmppNode *presence,
            gpointer  user_data)
{
  xmpp_node_add (presence, "mark", user_data);
}

static void
test_extensions_are_written_once_each (void)
{
  Fixture f;

  set_up_online (&f);
  xmpp_presence_set_extension (f.presence, write_mark, (gpointer) "urn:a");
  xmpp_presence_set_extension (f.presence, write_mark, (gpointer) "urn:b");
  xmpp_presence_set_extension (f.presence, write_mark, (gpointer) "urn:a");
  xmpp_presence_set (f.presence, XMPP_SHOW_AVAILABLE, NULL, 0);
  fake_server_expect (f.server, "<presence><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='*' ver='*'/>"
                                "<mark xmlns='urn:a'/><mark xmlns='urn:b'/></presence>");
  tear_down (&f);
}

static void
test_a_directed_one_says_the_same (void)
{
  Fixture f;
  g_autoptr(XmppJid) jid = xmpp_jid_new ("mercutio@montague.lit", NULL);

  set_up_online (&f);
  xmpp_presence_set (f.presence, XMPP_SHOW_DND, "Busy", 0);
  fake_server_settle (f.server);

  xmpp_presence_send_to (f.presence, jid, NULL, NULL);
  fake_server_expect_next (f.server, "<presence to='mercutio@montague.lit'><show>dnd</show><status>Busy</status>"
                                     "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='*' ver='*'/></presence>");
  xmpp_presence_send_to (f.presence, jid, NULL, "For you");
  fake_server_expect_next (f.server, "<presence to='mercutio@montague.lit'><status>For you</status><show>dnd</show>"
                                     "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='*' ver='*'/></presence>");
  xmpp_presence_send_to (f.presence, jid, "unavailable", "Farewell");
  fake_server_expect_next (f.server, "<presence to='mercutio@montague.lit' type='unavailable'><status>Farewell</status></presence>");
  tear_down (&f);
}

static void
count_own_changes (XmppPresence *presence,
                   guint        *n)
{
  (*n)++;
}

static void
test_rooms_are_told_of_what_is_available (void)
{
  Fixture f;
  guint n = 0;

  set_up_online (&f);
  g_signal_connect (f.presence, "own-changed", G_CALLBACK (count_own_changes), &n);
  xmpp_presence_set (f.presence, XMPP_SHOW_AWAY, NULL, 0);
  g_assert_cmpint (n, ==, 1);
  xmpp_presence_set (f.presence, XMPP_SHOW_OFFLINE, NULL, 0);
  g_assert_cmpint (n, ==, 1);
  g_signal_handlers_disconnect_by_data (f.presence, &n);
  tear_down (&f);
}

/* Theirs */

static void
test_what_a_contact_says_is_kept (void)
{
  Fixture f;

  set_up_online (&f);
  receive (&f, "romeo@montague.lit/orchard", NULL, "<show>away</show><status>Hunting</status><priority>5</priority>");
  assert_log (&f, "changed romeo@montague.lit");
  assert_best (&f, "romeo@montague.lit", "orchard away 5 'Hunting'");
  g_assert_cmpint (get_best (&f, "romeo@montague.lit")->time, ==, xmpp_clock_get_real (f.server->clock));

  receive (&f, "romeo@montague.lit/orchard", NULL, "");
  assert_best (&f, "romeo@montague.lit", "orchard available 0 ''");
  g_assert_cmpint (count_resources (&f, "romeo@montague.lit"), ==, 1);

  receive (&f, "romeo@montague.lit/orchard", "unavailable", "<status>Gone</status>");
  assert_best (&f, "romeo@montague.lit", "orchard offline 0 'Gone'");
  g_assert_cmpint (count_resources (&f, "romeo@montague.lit"), ==, 0);
  tear_down (&f);
}

static void
test_nothing_is_known_of_who_said_nothing (void)
{
  Fixture f;

  set_up_online (&f);
  assert_best (&f, "romeo@montague.lit", "nobody");
  g_assert_cmpint (count_resources (&f, "romeo@montague.lit"), ==, 0);
  tear_down (&f);
}

static void
test_odd_words_and_numbers_are_as_if_absent (gconstpointer data)
{
  Fixture f;

  set_up_online (&f);
  receive (&f, "romeo@montague.lit/orchard", NULL, data);
  assert_best (&f, "romeo@montague.lit", "orchard available 0 ''");
  tear_down (&f);
}

static void
test_priorities_have_bounds (void)
{
  Fixture f;

  set_up_online (&f);
  receive (&f, "romeo@montague.lit/a", NULL, "<priority>-128</priority>");
  assert_best (&f, "romeo@montague.lit", "a available -128 ''");
  receive (&f, "romeo@montague.lit/a", NULL, "<priority>127</priority>");
  assert_best (&f, "romeo@montague.lit", "a available 127 ''");
  tear_down (&f);
}

static void
test_a_long_status_is_cut_between_characters (void)
{
  Fixture f;
  g_autoptr(GString) status = g_string_new ("x");
  g_autofree char *xml = NULL;
  const char *kept;

  for (guint i = 0; i < 3000; i++)
    g_string_append (status, "é");
  xml = g_strdup_printf ("<status>%s</status>", status->str);

  set_up_online (&f);
  receive (&f, "romeo@montague.lit/orchard", NULL, xml);
  fake_server_ping (f.server);
  kept = get_best (&f, "romeo@montague.lit")->status;
  g_assert_cmpint (strlen (kept), ==, 4095);
  g_assert_true (g_utf8_validate (kept, -1, NULL));
  tear_down (&f);
}

/* Each row: two devices, of which the first is better */
static void
test_the_best_is_chosen_as_smack_does (void)
{
  static const char * const rows[][2] = {
    { "<priority>1</priority><show>dnd</show>",  "<show>chat</show>" },
    { "",                                        "<priority>-1</priority><show>chat</show>" },
    { "<show>chat</show>",                       "" },
    { "",                                        "<show>away</show>" },
    { "<show>away</show>",                       "<show>xa</show>" },
    { "<show>xa</show>",                         "<show>dnd</show>" },
  };
  Fixture f;

  set_up_online (&f);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      for (guint first = 0; first < 2; first++)
        {
          const char *names[] = { "romeo@montague.lit/better", "romeo@montague.lit/worse" };

          receive (&f, "romeo@montague.lit", "unavailable", "");
          receive (&f, names[first], NULL, rows[i][first]);
          receive (&f, names[1 - first], NULL, rows[i][1 - first]);
          fake_server_ping (f.server);
          g_assert_cmpstr (xmpp_jid_get_text (get_best (&f, "romeo@montague.lit")->jid), ==, names[0]);
        }
    }
  tear_down (&f);
}

static void
test_of_equals_the_latest_is_the_best (void)
{
  Fixture f;
  g_autoptr(XmppJid) jid = xmpp_jid_new ("romeo@montague.lit", NULL);
  g_autoptr(GPtrArray) resources = NULL;
  static const char * const order[] = { "d", "c", "a", "b" };

  set_up_online (&f);
  receive (&f, "romeo@montague.lit/a", NULL, "");
  receive (&f, "romeo@montague.lit/b", NULL, "<show>xa</show>");
  receive (&f, "romeo@montague.lit/c", NULL, "");
  fake_server_ping (f.server);
  fake_clock_advance (f.server->clock, 1000);
  receive (&f, "romeo@montague.lit/d", NULL, "");
  assert_best (&f, "romeo@montague.lit", "d available 0 ''");

  resources = xmpp_presence_get_resources (f.presence, jid);
  g_assert_cmpint (resources->len, ==, 4);
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      const XmppResource *resource = g_ptr_array_index (resources, i);

      g_assert_cmpstr (xmpp_jid_get_resource (resource->jid), ==, order[i]);
    }
  tear_down (&f);
}

static void
test_the_next_best_takes_over (void)
{
  Fixture f;

  set_up_online (&f);
  receive (&f, "romeo@montague.lit/a", NULL, "<priority>5</priority>");
  receive (&f, "romeo@montague.lit/b", NULL, "");
  receive (&f, "romeo@montague.lit/a", "unavailable", "<status>Bye</status>");
  assert_best (&f, "romeo@montague.lit", "b available 0 ''");
  tear_down (&f);
}

static void
test_a_gateway_is_its_own_device (void)
{
  Fixture f;

  set_up_online (&f);
  receive (&f, "icq.capulet.lit", NULL, "");
  assert_best (&f, "icq.capulet.lit", "- available 0 ''");
  receive (&f, "icq.capulet.lit", "unavailable", "");
  assert_best (&f, "icq.capulet.lit", "- offline 0 ''");
  tear_down (&f);
}

static void
test_our_other_devices_are_known (void)
{
  Fixture f;

  set_up_online (&f);
  receive (&f, "juliet@capulet.lit/phone", NULL, "<show>dnd</show>");
  assert_log (&f, "changed juliet@capulet.lit");
  assert_best (&f, "juliet@capulet.lit", "phone dnd 0 ''");
  tear_down (&f);
}

static void
test_what_comes_before_the_roster_waits_for_it (void)
{
  Fixture f;

  set_up (&f);
  fake_server_login (f.server);
  receive (&f, "romeo@montague.lit/orchard", NULL, "<show>chat</show>");
  receive (&f, "eve@evil.test/x", NULL, "");
  assert_log (&f, "");
  fake_server_answer (f.server, "jabber:iq:roster", ROSTER);
  assert_log (&f, "changed romeo@montague.lit");
  assert_best (&f, "romeo@montague.lit", "orchard chat 0 ''");
  tear_down (&f);
}

static void
test_without_a_roster_requests_still_come (void)
{
  Fixture f;

  set_up (&f);
  fake_server_login (f.server);
  receive (&f, "eve@evil.test", "subscribe", "");
  assert_log (&f, "");
  fake_server_refuse (f.server, "jabber:iq:roster", "wait", "internal-server-error");
  assert_log (&f, "request eve@evil.test - -");
  tear_down (&f);
}

/* T109 */
static void
test_strangers_leave_no_trace (void)
{
  Fixture f;
  g_autoptr(GString) flood = g_string_new (NULL);

  for (guint i = 0; i < 2000; i++)
    g_string_append_printf (flood, "<presence from='eve%u@evil.test/x'><status>spam</status></presence>", i);

  set_up_online (&f);
  fake_server_send (f.server, flood->str);
  assert_log (&f, "");
  assert_best (&f, "eve7@evil.test", "nobody");
  receive (&f, "eve@evil.test/x", "error", "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>");
  receive (&f, "capulet.lit", NULL, "");
  assert_log (&f, "");
  tear_down (&f);
}

/* T109 */
static void
test_a_contact_has_at_most_64_devices (void)
{
  Fixture f;

  set_up_online (&f);
  for (guint i = 0; i < 5000; i++)
    {
      g_autofree char *from = g_strdup_printf ("romeo@montague.lit/%u", i);

      receive (&f, from, NULL, "");
      if (i % 500 == 0)
        fake_server_ping (f.server);
    }
  fake_server_ping (f.server);
  g_assert_cmpint (count_resources (&f, "romeo@montague.lit"), ==, 64);
  assert_best (&f, "romeo@montague.lit", "4999 available 0 ''");
  tear_down (&f);
}

static void
test_who_spoke_lately_is_kept_longest (void)
{
  Fixture f;

  set_up_online (&f);
  receive (&f, "romeo@montague.lit/first", NULL, "<priority>9</priority>");
  for (guint i = 0; i < 63; i++)
    {
      g_autofree char *from = g_strdup_printf ("romeo@montague.lit/%u", i);

      receive (&f, from, NULL, "");
    }
  receive (&f, "romeo@montague.lit/first", NULL, "<priority>9</priority>");
  receive (&f, "romeo@montague.lit/last", NULL, "");
  assert_best (&f, "romeo@montague.lit", "first available 9 ''");
  g_assert_cmpint (count_resources (&f, "romeo@montague.lit"), ==, 64);
  tear_down (&f);
}

static void
test_who_was_told_of_us_may_tell_us (void)
{
  Fixture f;
  g_autoptr(XmppJid) jid = xmpp_jid_new ("mercutio@montague.lit/inn", NULL);

  set_up_online (&f);
  xmpp_presence_send_to (f.presence, jid, NULL, NULL);
  receive (&f, "mercutio@montague.lit/inn", NULL, "");
  assert_log (&f, "changed mercutio@montague.lit");
  receive (&f, "mercutio@montague.lit/inn", "error",
           "<error type='cancel'><remote-server-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>");
  assert_log (&f, "changed mercutio@montague.lit, error mercutio@montague.lit/inn remote-server-not-found");

  xmpp_presence_send_to (f.presence, jid, "unavailable", NULL);
  receive (&f, "mercutio@montague.lit/inn", NULL, "");
  assert_log (&f, "");
  tear_down (&f);
}

static void
test_an_error_ends_what_was_known (void)
{
  Fixture f;

  set_up_online (&f);
  receive (&f, "romeo@montague.lit/orchard", NULL, "");
  receive (&f, "romeo@montague.lit", "error",
           "<error type='cancel'><remote-server-timeout xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>");
  assert_log (&f, "changed romeo@montague.lit, changed romeo@montague.lit, error romeo@montague.lit remote-server-timeout");
  assert_best (&f, "romeo@montague.lit", "nobody");
  tear_down (&f);
}

static void
test_an_unknown_type_says_nothing (void)
{
  Fixture f;

  set_up_online (&f);
  receive (&f, "romeo@montague.lit/orchard", "invisible", "");
  receive (&f, "romeo@montague.lit/orchard", "probe", "");
  receive (&f, "romeo@montague.lit/orchard", "", "");
  assert_log (&f, "");
  fake_server_no_more (f.server);
  tear_down (&f);
}

static void
test_all_go_offline_with_the_connection (void)
{
  Fixture f;

  set_up_online (&f);
  receive (&f, "romeo@montague.lit/a", NULL, "");
  receive (&f, "romeo@montague.lit/b", NULL, "");
  receive (&f, "nurse@capulet.lit/c", NULL, "");
  receive (&f, "nurse@capulet.lit/c", "unavailable", "");
  fake_server_settle (f.server);
  g_ptr_array_set_size (f.log, 0);

  lose_connection (&f);
  assert_log (&f, "changed romeo@montague.lit");
  g_assert_null (get_best (&f, "romeo@montague.lit"));
  g_assert_null (get_best (&f, "nurse@capulet.lit"));
  tear_down (&f);
}

static void
test_who_leaves_the_roster_is_forgotten (void)
{
  Fixture f;

  set_up_online (&f);
  receive (&f, "romeo@montague.lit/a", NULL, "");
  fake_server_send (f.server, "<iq type='set' id='p'><query xmlns='jabber:iq:roster'>"
                              "<item jid='romeo@montague.lit' subscription='remove'/></query></iq>");
  assert_log (&f, "changed romeo@montague.lit, changed romeo@montague.lit");
  assert_best (&f, "romeo@montague.lit", "nobody");
  tear_down (&f);
}

static void
test_what_other_protocols_add_is_read (void)
{
  Fixture f;
  const XmppResource *best;

  set_up_online (&f);
  receive (&f, "romeo@montague.lit/a", NULL,
           "<delay xmlns='urn:xmpp:delay' stamp='2025-12-31T12:00:00Z'/>"
           "<idle xmlns='urn:xmpp:idle:1' since='2025-12-31T11:00:00Z'/>"
           "<c xmlns='http://jabber.org/protocol/caps' node='urn:lute' ver='abc=' hash='sha-1'/>"
           "<x xmlns='vcard-temp:x:update'><photo>0123456789ABCDEF0123456789abcdef01234567</photo></x>");
  fake_server_ping (f.server);
  best = get_best (&f, "romeo@montague.lit");
  g_assert_cmpint (best->time, ==, 1767182400 * G_TIME_SPAN_SECOND);
  g_assert_cmpint (best->idle_since, ==, 1767178800 * G_TIME_SPAN_SECOND);
  g_assert_cmpstr (best->caps_node, ==, "urn:lute");
  g_assert_cmpstr (best->caps_ver, ==, "abc=");
  g_assert_cmpstr (best->caps_hash, ==, "sha-1");
  g_assert_cmpstr (best->avatar_hash, ==, "0123456789abcdef0123456789abcdef01234567");
  tear_down (&f);
}

static void
test_an_avatar_may_be_none_or_unknown (void)
{
  static const struct
  {
    const char *xml;
    const char *hash;
  } rows[] = {
    { "",                                                                    NULL },
    { "<x xmlns='vcard-temp:x:update'/>",                                    NULL },
    { "<x xmlns='vcard-temp:x:update'><photo/></x>",                         "" },
    { "<x xmlns='vcard-temp:x:update'><photo>../../etc/passwd</photo></x>",  NULL },
    { "<x xmlns='vcard-temp:x:update'><photo>0123</photo></x>",              NULL },
  };
  Fixture f;

  set_up_online (&f);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      receive (&f, "romeo@montague.lit/a", NULL, rows[i].xml);
      fake_server_ping (f.server);
      g_assert_cmpstr (get_best (&f, "romeo@montague.lit")->avatar_hash, ==, rows[i].hash);
    }
  tear_down (&f);
}

/* T117 */
static void
test_odd_times_are_as_if_absent (void)
{
  Fixture f;

  set_up_online (&f);
  receive (&f, "romeo@montague.lit/a", NULL,
           "<delay xmlns='urn:xmpp:delay' stamp='9999-12-31T23:59:59-23:59'/>"
           "<idle xmlns='urn:xmpp:idle:1' since='2025-02-30T11:00:00Z'/>");
  fake_server_ping (f.server);
  g_assert_cmpint (get_best (&f, "romeo@montague.lit")->time, ==, xmpp_clock_get_real (f.server->clock));
  g_assert_cmpint (get_best (&f, "romeo@montague.lit")->idle_since, ==, 0);
  tear_down (&f);
}

static void
test_occupants_are_no_contacts (void)
{
  Fixture f;
  g_autoptr(XmppJid) room = xmpp_jid_new ("hall@rooms.capulet.lit", NULL);

  set_up_online (&f);
  xmpp_muc_join_async (xmpp_session_get_module (f.server->session, XMPP_TYPE_MUC), room, "Juliet", NULL, -1,
                       NULL, NULL, NULL);
  receive (&f, "hall@rooms.capulet.lit/Romeo", NULL,
           "<x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' role='participant'/></x>");
  receive (&f, "hall@rooms.capulet.lit/Nurse", NULL, "");
  assert_log (&f, "");
  assert_best (&f, "hall@rooms.capulet.lit", "nobody");
  tear_down (&f);
}

/* Subscriptions */

static void
test_a_person_is_asked (void)
{
  Fixture f;

  set_up_online (&f);
  receive (&f, "mercutio@montague.lit", "subscribe",
           "<status>Let us talk</status><nick xmlns='http://jabber.org/protocol/nick'>Merc</nick>");
  assert_log (&f, "request mercutio@montague.lit Merc Let us talk");

  /* T101: one card, however often they ask */
  receive (&f, "mercutio@montague.lit/inn", "subscribe", "");
  assert_log (&f, "");
  fake_server_no_more (f.server);
  tear_down (&f);
}

static void
test_a_request_is_answered_as_told (void)
{
  Fixture f;
  g_autoptr(XmppJid) jid = xmpp_jid_new ("mercutio@montague.lit/inn", NULL);

  set_up_online (&f);
  receive (&f, "mercutio@montague.lit", "subscribe", "");
  assert_log (&f, "request mercutio@montague.lit - -");
  fake_server_settle (f.server);
  xmpp_presence_accept (f.presence, jid);
  fake_server_expect_next (f.server, "<presence to='mercutio@montague.lit' type='subscribed'/>");

  receive (&f, "mercutio@montague.lit", "subscribe", "");
  assert_log (&f, "request mercutio@montague.lit - -");
  fake_server_settle (f.server);
  xmpp_presence_decline (f.presence, jid);
  fake_server_expect_next (f.server, "<presence to='mercutio@montague.lit' type='unsubscribed'/>");
  tear_down (&f);
}

static void
test_who_does_not_ask_any_more_is_told_of (void)
{
  Fixture f;

  set_up_online (&f);
  receive (&f, "mercutio@montague.lit", "unsubscribe", "");
  assert_log (&f, "");
  receive (&f, "mercutio@montague.lit", "subscribe", "");
  receive (&f, "mercutio@montague.lit", "unsubscribe", "");
  assert_log (&f, "request mercutio@montague.lit - -, withdrawn mercutio@montague.lit");
  tear_down (&f);
}

static void
test_a_request_comes_again_with_the_next_login (void)
{
  Fixture f;

  set_up_online (&f);
  receive (&f, "mercutio@montague.lit", "subscribe", "");
  assert_log (&f, "request mercutio@montague.lit - -");
  lose_connection (&f);
  log_in (&f);
  receive (&f, "mercutio@montague.lit", "subscribe", "");
  assert_log (&f, "request mercutio@montague.lit - -");
  tear_down (&f);
}

static void
test_all_can_be_accepted (void)
{
  Fixture f;

  set_up_online (&f);
  g_object_set (f.presence, "subscription-mode", XMPP_SUBSCRIPTION_MODE_ACCEPT_ALL, NULL);
  receive (&f, "mercutio@montague.lit", "subscribe", "");
  fake_server_expect_next (f.server, "<presence to='mercutio@montague.lit' type='subscribed'/>");
  fake_server_no_more (f.server);
  assert_log (&f, "");
  tear_down (&f);
}

static void
test_all_can_be_rejected (void)
{
  Fixture f;

  set_up_online (&f);
  g_object_set (f.presence, "subscription-mode", XMPP_SUBSCRIPTION_MODE_REJECT_ALL, NULL);
  receive (&f, "mercutio@montague.lit", "subscribe", "");
  fake_server_expect_next (f.server, "<presence to='mercutio@montague.lit' type='unsubscribed'/>");
  fake_server_no_more (f.server);
  assert_log (&f, "");
  tear_down (&f);
}

/* T101 */
static void
test_a_flood_of_requests_has_an_end (void)
{
  Fixture f;
  g_autoptr(GString) flood = g_string_new (NULL);
  g_autoptr(XmppJid) jid = xmpp_jid_new ("eve7@evil.test", NULL);

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (flood, "<presence from='eve%u@evil.test' type='subscribe'/>", i);

  set_up_online (&f);
  fake_server_send (f.server, flood->str);
  fake_server_no_more (f.server);
  g_assert_cmpint (f.log->len, ==, 50);
  g_ptr_array_set_size (f.log, 0);

  /* There is room again when one was answered */
  xmpp_presence_decline (f.presence, jid);
  receive (&f, "mercutio@montague.lit", "subscribe", "");
  assert_log (&f, "request mercutio@montague.lit - -");
  tear_down (&f);
}

/* T101 */
static void
test_our_own_request_is_none (void)
{
  Fixture f;

  set_up_online (&f);
  g_object_set (f.presence, "subscription-mode", XMPP_SUBSCRIPTION_MODE_ACCEPT_ALL, NULL);
  receive (&f, "juliet@capulet.lit", "subscribe", "");
  assert_log (&f, "");
  fake_server_no_more (f.server);
  tear_down (&f);
}

/* T101: the block list first */
static void
test_who_is_blocked_is_not_heard (void)
{
  Fixture f;

  set_up_online (&f);
  fake_server_send (f.server, "<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><item jid='evil.test'/></block></iq>");
  receive (&f, "eve@evil.test", "subscribe", "");
  assert_log (&f, "");
  tear_down (&f);
}

static void
test_answers_count_from_whom_we_asked (void)
{
  Fixture f;
  g_autoptr(XmppJid) jid = xmpp_jid_new ("mercutio@montague.lit/inn", NULL);

  set_up_online (&f);
  receive (&f, "paris@example.org", "subscribed", "");
  receive (&f, "romeo@montague.lit", "unsubscribed", "");
  assert_log (&f, "accepted paris@example.org, declined romeo@montague.lit");

  fake_server_settle (f.server);
  xmpp_presence_subscribe (f.presence, jid, "It is me");
  fake_server_expect_next (f.server, "<presence to='mercutio@montague.lit' type='subscribe'><status>It is me</status></presence>");
  receive (&f, "mercutio@montague.lit", "unsubscribed", "");
  assert_log (&f, "declined mercutio@montague.lit");
  tear_down (&f);
}

/* T101 */
static void
test_answers_that_nobody_asked_for_are_ignored (void)
{
  Fixture f;

  set_up_online (&f);
  receive (&f, "eve@evil.test", "subscribed", "");
  receive (&f, "eve@evil.test", "unsubscribed", "");
  receive (&f, "tybalt@capulet.lit", "subscribed", "");
  receive (&f, "tybalt@capulet.lit", "unsubscribed", "");
  assert_log (&f, "");
  fake_server_no_more (f.server);
  tear_down (&f);
}

static void
test_unsubscribing_asks_the_bare_address (void)
{
  Fixture f;
  g_autoptr(XmppJid) jid = xmpp_jid_new ("romeo@montague.lit/orchard", NULL);

  set_up_online (&f);
  xmpp_presence_unsubscribe (f.presence, jid);
  fake_server_expect_next (f.server, "<presence to='romeo@montague.lit' type='unsubscribe'/>");
  tear_down (&f);
}

/* Invisible */

#define SERVER_INFO(features) "<query xmlns='http://jabber.org/protocol/disco#info'>" features "</query>"
#define COMMAND_1 "<feature var='urn:xmpp:invisible:1'/>"
#define COMMAND_0 "<feature var='urn:xmpp:invisible:0'/>"
#define PRIVACY   "<feature var='jabber:iq:privacy'/>"

#define LIST(items) \
  "<query xmlns='jabber:iq:privacy'><list name='flint-invisible'>" \
  "<item action='deny' order='1'><presence-out/></item>" items "</list></query>"
#define ACTIVE "<query xmlns='jabber:iq:privacy'><active name='flint-invisible'/></query>"

static void
log_in_invisible (Fixture    *f,
                  const char *features)
{
  set_up (f);
  xmpp_presence_set_invisible (f->presence, TRUE);
  fake_server_login (f->server);
  fake_server_answer (f->server, "jabber:iq:roster", ROSTER);
  fake_server_answer (f->server, "disco#info", features);
}

/* That no word of presence was sent until now */
static void
assert_no_leak (Fixture *f)
{
  fake_server_ping (f->server);
  for (guint i = 0; i < f->server->received->len; i++)
    g_assert_false (g_str_has_prefix (g_ptr_array_index (f->server->received, i), "<presence"));
}

static void
test_the_command_hides_before_the_first_presence (void)
{
  Fixture f;

  log_in_invisible (&f, SERVER_INFO (PRIVACY COMMAND_0 COMMAND_1));
  assert_no_leak (&f);
  fake_server_answer (f.server, "<invisible xmlns='urn:xmpp:invisible:1' probe='true'/>", NULL);
  fake_server_expect (f.server, PRESENCE (""));
  g_assert_true (xmpp_presence_is_invisible (f.presence));
  assert_log (&f, "");
  tear_down (&f);
}

static void
test_the_older_command_hides_too (void)
{
  Fixture f;

  log_in_invisible (&f, SERVER_INFO (COMMAND_0));
  assert_no_leak (&f);
  fake_server_answer (f.server, "<invisible xmlns='urn:xmpp:invisible:0'/>", NULL);
  fake_server_expect (f.server, PRESENCE (""));
  tear_down (&f);
}

static void
test_a_privacy_list_hides_before_the_first_presence (void)
{
  Fixture f;

  log_in_invisible (&f, SERVER_INFO (PRIVACY));
  fake_server_answer (f.server, "<query xmlns='jabber:iq:privacy'/>", "<query xmlns='jabber:iq:privacy'/>");
  fake_server_answer (f.server, LIST (), NULL);
  assert_no_leak (&f);
  fake_server_answer (f.server, ACTIVE, NULL);
  fake_server_expect (f.server, PRESENCE (""));
  tear_down (&f);
}

/* The list stands in the place of the default one, where Openfire keeps who is blocked */
static void
test_a_privacy_list_keeps_who_is_blocked_blocked (void)
{
  Fixture f;

  log_in_invisible (&f, SERVER_INFO (PRIVACY));
  fake_server_answer (f.server, "<query xmlns='jabber:iq:privacy'/>",
                      "<query xmlns='jabber:iq:privacy'><default name='blocked'/><list name='blocked'/></query>");
  fake_server_answer (f.server, "<query xmlns='jabber:iq:privacy'><list name='blocked'/></query>",
                      "<query xmlns='jabber:iq:privacy'><list name='blocked'>"
                      "<item action='allow' order='20'/><item type='jid' value='eve@evil.test' action='deny' order='10'/>"
                      "</list></query>");
  fake_server_answer (f.server, LIST ("<item type='jid' value='eve@evil.test' action='deny' order='2'/>"
                                      "<item action='allow' order='3'/>"), NULL);
  assert_no_leak (&f);
  fake_server_answer (f.server, ACTIVE, NULL);
  fake_server_expect (f.server, PRESENCE (""));

  /* Who is blocked from now on is so in both lists */
  fake_server_send (f.server, "<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><item jid='tybalt@capulet.lit'/></block></iq>");
  fake_server_answer (f.server, "<query xmlns='jabber:iq:privacy'/>",
                      "<query xmlns='jabber:iq:privacy'><active name='flint-invisible'/></query>");
  fake_server_answer (f.server, LIST (), NULL);
  fake_server_settle (f.server);
  fake_server_no_more (f.server);
  tear_down (&f);
}

static void
test_where_nothing_hides_nothing_is_sent (void)
{
  Fixture f;

  log_in_invisible (&f, SERVER_INFO ("<feature var='urn:x'/>"));
  assert_log (&f, "invisible-failed");
  assert_no_leak (&f);
  g_assert_true (xmpp_presence_is_invisible (f.presence));

  /* Neither when the status changes: whoever wants to be seen must say so */
  xmpp_presence_set (f.presence, XMPP_SHOW_AWAY, NULL, 0);
  assert_log (&f, "invisible-failed");
  assert_no_leak (&f);

  xmpp_presence_set_invisible (f.presence, FALSE);
  fake_server_expect (f.server, PRESENCE ("<show>away</show>"));
  tear_down (&f);
}

static void
test_a_refused_command_leaves_nothing_sent (gconstpointer command)
{
  Fixture f;

  log_in_invisible (&f, SERVER_INFO (COMMAND_1));
  fake_server_refuse (f.server, command, "cancel", "not-allowed");
  assert_log (&f, "invisible-failed");
  assert_no_leak (&f);
  tear_down (&f);
}

static void
test_a_refused_list_leaves_nothing_sent (void)
{
  Fixture f;

  log_in_invisible (&f, SERVER_INFO (PRIVACY));
  fake_server_answer (f.server, "<query xmlns='jabber:iq:privacy'/>", "<query xmlns='jabber:iq:privacy'/>");
  fake_server_answer (f.server, LIST (), NULL);
  fake_server_refuse (f.server, ACTIVE, "cancel", "item-not-found");
  assert_log (&f, "invisible-failed");
  assert_no_leak (&f);
  tear_down (&f);
}

static void
test_a_server_that_does_not_say_what_it_can_leaves_nothing_sent (void)
{
  Fixture f;

  set_up (&f);
  xmpp_presence_set_invisible (f.presence, TRUE);
  fake_server_login (f.server);
  fake_server_answer (f.server, "jabber:iq:roster", ROSTER);
  fake_server_refuse (f.server, "disco#info", "cancel", "service-unavailable");
  assert_log (&f, "invisible-failed");
  assert_no_leak (&f);
  tear_down (&f);
}

static void
test_a_lost_connection_is_no_refusal (void)
{
  Fixture f;

  log_in_invisible (&f, SERVER_INFO (COMMAND_1));
  fake_server_expect_contains (f.server, "urn:xmpp:invisible:1");
  lose_connection (&f);
  assert_log (&f, "");

  fake_server_login (f.server);
  fake_server_answer (f.server, "disco#info", SERVER_INFO (COMMAND_1));
  assert_no_leak (&f);
  fake_server_answer (f.server, "urn:xmpp:invisible:1", NULL);
  fake_server_expect (f.server, PRESENCE (""));
  tear_down (&f);
}

static void
set_up_visible (Fixture    *f,
                const char *features)
{
  set_up (f);
  fake_server_login (f->server);
  fake_server_answer (f->server, "jabber:iq:roster", ROSTER);
  fake_server_answer (f->server, "disco#info", features);
  fake_server_settle (f->server);
}

static void
test_who_is_seen_hides_and_shows_again_by_command (void)
{
  Fixture f;

  set_up_visible (&f, SERVER_INFO (COMMAND_1));
  xmpp_presence_set_invisible (f.presence, TRUE);
  fake_server_answer (f.server, "<invisible xmlns='urn:xmpp:invisible:1' probe='true'/>", NULL);
  fake_server_expect_next (f.server, PRESENCE (""));

  xmpp_presence_set_invisible (f.presence, FALSE);
  fake_server_answer (f.server, "<visible xmlns='urn:xmpp:invisible:1'/>", NULL);
  fake_server_expect_next (f.server, PRESENCE (""));
  g_assert_false (xmpp_presence_is_invisible (f.presence));
  tear_down (&f);
}

/* XEP-0126, 3.5: unavailable first, the list then, and what it holds back last */
static void
test_who_is_seen_hides_and_shows_again_by_list (void)
{
  Fixture f;

  set_up_visible (&f, SERVER_INFO (PRIVACY));
  xmpp_presence_set_invisible (f.presence, TRUE);
  fake_server_answer (f.server, "<query xmlns='jabber:iq:privacy'/>", "<query xmlns='jabber:iq:privacy'/>");
  fake_server_answer (f.server, LIST (), NULL);
  fake_server_expect_next (f.server, "<presence type='unavailable'/>");
  fake_server_answer (f.server, ACTIVE, NULL);
  fake_server_expect_next (f.server, PRESENCE (""));

  xmpp_presence_set_invisible (f.presence, FALSE);
  fake_server_answer (f.server, "<query xmlns='jabber:iq:privacy'><active/></query>", NULL);
  fake_server_expect_next (f.server, PRESENCE (""));
  tear_down (&f);
}

static void
test_who_is_seen_stays_so_when_nothing_hides (void)
{
  Fixture f;

  set_up_visible (&f, SERVER_INFO ("<feature var='urn:x'/>"));
  xmpp_presence_set_invisible (f.presence, TRUE);
  fake_server_wait_until (f.log->len > 0);
  assert_log (&f, "invisible-failed");
  g_assert_false (xmpp_presence_is_invisible (f.presence));

  fake_server_settle (f.server);
  xmpp_presence_set (f.presence, XMPP_SHOW_AWAY, NULL, 0);
  fake_server_expect_next (f.server, PRESENCE ("<show>away</show>"));
  tear_down (&f);
}

static void
test_a_status_waits_while_the_server_is_asked (void)
{
  Fixture f;

  log_in_invisible (&f, SERVER_INFO (COMMAND_1));
  fake_server_ping (f.server);
  xmpp_presence_set (f.presence, XMPP_SHOW_DND, NULL, 0);
  assert_no_leak (&f);
  fake_server_answer (f.server, "urn:xmpp:invisible:1", NULL);
  fake_server_expect_next (f.server, PRESENCE ("<show>dnd</show>"));
  tear_down (&f);
}

static void
test_other_devices_lists_are_acknowledged (void)
{
  Fixture f;

  set_up_online (&f);
  fake_server_send (f.server, "<iq type='set' id='l'><query xmlns='jabber:iq:privacy'><list name='public'/></query></iq>");
  fake_server_expect_next (f.server, "<iq type='result' id='l'/>");
  tear_down (&f);
}

/* Much */

static void
test_ten_thousand_go_offline_in_a_moment (void)
{
  Fixture f;
  g_autoptr(GString) roster = g_string_new ("<query xmlns='jabber:iq:roster'>");
  g_autoptr(GString) presences = g_string_new (NULL);
  gint64 start;

  for (guint i = 0; i < 10000; i++)
    {
      g_string_append_printf (roster, "<item jid='user%u@example.org' subscription='both'/>", i);
      g_string_append_printf (presences, "<presence from='user%u@example.org/pc'><status>Working</status>"
                                         "<x xmlns='vcard-temp:x:update'><photo/></x></presence>", i);
    }
  g_string_append (roster, "</query>");

  set_up (&f);
  fake_server_login (f.server);
  fake_server_answer (f.server, "jabber:iq:roster", roster->str);
  fake_server_send (f.server, presences->str);
  fake_server_settle (f.server);
  g_assert_cmpint (f.log->len, ==, 10000);
  g_ptr_array_set_size (f.log, 0);

  start = g_get_monotonic_time ();
  xmpp_session_abort (f.server->session);
  g_assert_cmpint (f.log->len, ==, 10000);
  g_test_minimized_result ((g_get_monotonic_time () - start) / 1000.0, "10,000 contacts offline in ms");
  tear_down (&f);
}

int
main (int   argc,
      char *argv[])
{
  static const char * const odd[] = {
    "<show/>", "<show>busy</show>", "<show>CHAT</show>", "<show xmlns='urn:x'>dnd</show>",
    "<priority>128</priority>", "<priority>-129</priority>", "<priority>+1</priority>", "<priority>0x10</priority>",
    "<priority> 5</priority>", "<priority>٥</priority>", "<priority>-</priority>", "<priority/>",
    "<priority>99999999999999999999</priority>", "<status/>",
  };

  g_test_init (&argc, &argv, NULL);

#define TEST(name, func) g_test_add_func ("/xmpp/presence/" name, func)
  TEST ("ours/it-goes-out-after-the-roster-was-asked-for", test_it_goes_out_after_the_roster_was_asked_for);
  TEST ("ours/all-that-is-set-is-said", test_all_that_is_set_is_said);
  TEST ("ours/it-is-remembered-for-the-next-login", test_it_is_remembered_for_the_next_login);
  TEST ("ours/who-is-offline-by-choice-says-nothing", test_who_is_offline_by_choice_says_nothing);
  TEST ("ours/extensions-are-written-once-each", test_extensions_are_written_once_each);
  TEST ("ours/a-directed-one-says-the-same", test_a_directed_one_says_the_same);
  TEST ("ours/rooms-are-told-of-what-is-available", test_rooms_are_told_of_what_is_available);

  TEST ("theirs/what-a-contact-says-is-kept", test_what_a_contact_says_is_kept);
  TEST ("theirs/nothing-is-known-of-who-said-nothing", test_nothing_is_known_of_who_said_nothing);
  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/presence/theirs/odd-words-and-numbers-are-as-if-absent/%u", i);

      g_test_add_data_func (path, odd[i], test_odd_words_and_numbers_are_as_if_absent);
    }
  TEST ("theirs/priorities-have-bounds", test_priorities_have_bounds);
  TEST ("theirs/a-long-status-is-cut-between-characters", test_a_long_status_is_cut_between_characters);
  TEST ("theirs/the-best-is-chosen-as-smack-does", test_the_best_is_chosen_as_smack_does);
  TEST ("theirs/of-equals-the-latest-is-the-best", test_of_equals_the_latest_is_the_best);
  TEST ("theirs/the-next-best-takes-over", test_the_next_best_takes_over);
  TEST ("theirs/a-gateway-is-its-own-device", test_a_gateway_is_its_own_device);
  TEST ("theirs/our-other-devices-are-known", test_our_other_devices_are_known);
  TEST ("theirs/what-comes-before-the-roster-waits-for-it", test_what_comes_before_the_roster_waits_for_it);
  TEST ("theirs/without-a-roster-requests-still-come", test_without_a_roster_requests_still_come);
  TEST ("theirs/T109-strangers-leave-no-trace", test_strangers_leave_no_trace);
  TEST ("theirs/T109-a-contact-has-at-most-64-devices", test_a_contact_has_at_most_64_devices);
  TEST ("theirs/T109-who-spoke-lately-is-kept-longest", test_who_spoke_lately_is_kept_longest);
  TEST ("theirs/who-was-told-of-us-may-tell-us", test_who_was_told_of_us_may_tell_us);
  TEST ("theirs/an-error-ends-what-was-known", test_an_error_ends_what_was_known);
  TEST ("theirs/an-unknown-type-says-nothing", test_an_unknown_type_says_nothing);
  TEST ("theirs/all-go-offline-with-the-connection", test_all_go_offline_with_the_connection);
  TEST ("theirs/who-leaves-the-roster-is-forgotten", test_who_leaves_the_roster_is_forgotten);
  TEST ("theirs/what-other-protocols-add-is-read", test_what_other_protocols_add_is_read);
  TEST ("theirs/an-avatar-may-be-none-or-unknown", test_an_avatar_may_be_none_or_unknown);
  TEST ("theirs/T117-odd-times-are-as-if-absent", test_odd_times_are_as_if_absent);
  TEST ("theirs/occupants-are-no-contacts", test_occupants_are_no_contacts);
  TEST ("theirs/ten-thousand-go-offline-in-a-moment", test_ten_thousand_go_offline_in_a_moment);

  TEST ("subscriptions/a-person-is-asked-once", test_a_person_is_asked);
  TEST ("subscriptions/a-request-is-answered-as-told", test_a_request_is_answered_as_told);
  TEST ("subscriptions/who-does-not-ask-any-more-is-told-of", test_who_does_not_ask_any_more_is_told_of);
  TEST ("subscriptions/a-request-comes-again-with-the-next-login", test_a_request_comes_again_with_the_next_login);
  TEST ("subscriptions/all-can-be-accepted", test_all_can_be_accepted);
  TEST ("subscriptions/all-can-be-rejected", test_all_can_be_rejected);
  TEST ("subscriptions/T101-a-flood-of-requests-has-an-end", test_a_flood_of_requests_has_an_end);
  TEST ("subscriptions/T101-our-own-request-is-none", test_our_own_request_is_none);
  TEST ("subscriptions/T101-who-is-blocked-is-not-heard", test_who_is_blocked_is_not_heard);
  TEST ("subscriptions/answers-count-from-whom-we-asked", test_answers_count_from_whom_we_asked);
  TEST ("subscriptions/T101-answers-that-nobody-asked-for-are-ignored", test_answers_that_nobody_asked_for_are_ignored);
  TEST ("subscriptions/unsubscribing-asks-the-bare-address", test_unsubscribing_asks_the_bare_address);

  TEST ("invisible/the-command-hides-before-the-first-presence", test_the_command_hides_before_the_first_presence);
  TEST ("invisible/the-older-command-hides-too", test_the_older_command_hides_too);
  TEST ("invisible/a-privacy-list-hides-before-the-first-presence", test_a_privacy_list_hides_before_the_first_presence);
  TEST ("invisible/a-privacy-list-keeps-who-is-blocked-blocked", test_a_privacy_list_keeps_who_is_blocked_blocked);
  TEST ("invisible/where-nothing-hides-nothing-is-sent", test_where_nothing_hides_nothing_is_sent);
  g_test_add_data_func ("/xmpp/presence/invisible/a-refused-command-leaves-nothing-sent", "urn:xmpp:invisible:1",
                        test_a_refused_command_leaves_nothing_sent);
  TEST ("invisible/a-refused-list-leaves-nothing-sent", test_a_refused_list_leaves_nothing_sent);
  TEST ("invisible/a-server-that-does-not-say-what-it-can-leaves-nothing-sent",
        test_a_server_that_does_not_say_what_it_can_leaves_nothing_sent);
  TEST ("invisible/a-lost-connection-is-no-refusal", test_a_lost_connection_is_no_refusal);
  TEST ("invisible/who-is-seen-hides-and-shows-again-by-command", test_who_is_seen_hides_and_shows_again_by_command);
  TEST ("invisible/who-is-seen-hides-and-shows-again-by-list", test_who_is_seen_hides_and_shows_again_by_list);
  TEST ("invisible/who-is-seen-stays-so-when-nothing-hides", test_who_is_seen_stays_so_when_nothing_hides);
  TEST ("invisible/a-status-waits-while-the-server-is-asked", test_a_status_waits_while_the_server_is_asked);
  TEST ("invisible/other-devices-lists-are-acknowledged", test_other_devices_lists_are_acknowledged);

  return g_test_run ();
}
