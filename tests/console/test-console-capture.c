/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console-entries.h"

#include <string.h>

typedef struct
{
  FakeServer     *server;
  ConsoleCapture *capture;
} Test;

static Test *
test_new (void)
{
  Test *self = g_new0 (Test, 1);

  self->server = fake_server_new (JOHN "/flint");
  self->capture = console_capture_new ();
  console_capture_watch (self->capture, self->server->session, JOHN);

  return self;
}

static Test *
test_new_online (void)
{
  Test *self = test_new ();

  fake_server_login (self->server);
  test_capture_settle (self->server);

  return self;
}

static void
test_free (Test *self)
{
  fake_server_free (self->server);
  g_object_add_weak_pointer (G_OBJECT (self->capture), (gpointer *) &self->capture);
  g_object_unref (self->capture);
  g_assert_null (self->capture);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Test, test_free)

/* What a whole login looks like, in the order in which it crossed the wire */
static const struct
{
  ConsoleKind   kind;
  gboolean      is_event;
  XmppDirection direction;
  const char   *text;
} login[] = {
  { CONSOLE_STREAM, FALSE, XMPP_SENT,     "<stream:stream" },
  { CONSOLE_STREAM, FALSE, XMPP_RECEIVED, "<stream:stream" },
  { CONSOLE_STREAM, FALSE, XMPP_RECEIVED, "starttls" },
  { CONSOLE_STREAM, FALSE, XMPP_SENT,     "<starttls" },
  { CONSOLE_STREAM, FALSE, XMPP_RECEIVED, "<proceed" },
  { CONSOLE_EVENT,  TRUE,  XMPP_RECEIVED, "TLS" },
  { CONSOLE_STREAM, FALSE, XMPP_SENT,     "<stream:stream" },
  { CONSOLE_STREAM, FALSE, XMPP_RECEIVED, "mechanism" },
  { CONSOLE_SASL,   FALSE, XMPP_SENT,     "<auth" },
  { CONSOLE_SASL,   FALSE, XMPP_RECEIVED, "<success" },
  { CONSOLE_STREAM, FALSE, XMPP_SENT,     "<stream:stream" },
  { CONSOLE_IQ,     FALSE, XMPP_SENT,     "<bind" },
  { CONSOLE_IQ,     FALSE, XMPP_RECEIVED, "<bind" },
  { CONSOLE_EVENT,  TRUE,  XMPP_RECEIVED, "Logged in" },
};

static void
test_login (void)
{
  g_autoptr(Test) test = test_new_online ();
  guint n = test_model_count (test->capture);
  guint at = 0;

  for (guint i = 0; i < n; i++)
    {
      ConsoleEntry *entry = test_model_get (test->capture, i);
      g_autofree char *xml = console_entry_get_xml (entry);

      g_assert_cmpuint (console_entry_get_number (entry), ==, i + 1);
      g_assert_cmpstr (console_entry_get_account (entry), ==, JOHN);
      if (i > 0)
        g_assert_cmpint (console_entry_get_time (entry), >=, console_entry_get_time (test_model_get (test->capture, i - 1)));

      if (at < G_N_ELEMENTS (login) && console_entry_get_kind (entry) == login[at].kind && strstr (xml, login[at].text) != NULL &&
          console_entry_is_event (entry) == login[at].is_event &&
          (login[at].is_event || console_entry_get_direction (entry) == login[at].direction))
        at++;
    }

  if (at < G_N_ELEMENTS (login))
    g_error ("%s is missing, or not in its place", login[at].text);
}

static void
test_no_secret (void)
{
  static const char * const secrets[] = { FAKE_PASSWORD, "AGpvaG4AeHl6enk=", "s3cret" };
  g_autoptr(Test) test = test_new_online ();
  guint n;

  /* and what comes later, either way */
  fake_server_send (test->server, "<message from='room@muc.test'><x xmlns='jabber:x:conference' jid='room@muc.test' password='s3cret'/></message>");
  g_assert_true (console_capture_send (test->capture, test->server->session,
                                       "<iq type='set' id='r'><query xmlns='jabber:iq:register'><password>s3cret</password></query></iq>", NULL));
  g_assert_true (console_capture_send (test->capture, test->server->session,
                                       "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGpvaG4AeHl6enk=</auth>", NULL));
  fake_server_expect_contains (test->server, "<password>s3cret</password>");   /* what is sent is whole */
  test_capture_settle (test->server);

  n = test_model_count (test->capture);
  g_assert_cmpuint (n, >, G_N_ELEMENTS (login));
  for (guint i = 0; i < n; i++)
    {
      ConsoleEntry *entry = test_model_get (test->capture, i);
      g_autofree char *xml = console_entry_get_xml (entry);
      g_autoptr(GString) line = g_string_new (NULL);

      console_entry_write (entry, XMPP_NS_CLIENT, line);
      for (guint j = 0; j < G_N_ELEMENTS (secrets); j++)
        {
          g_assert_null (strstr (xml, secrets[j]));
          g_assert_null (strstr (line->str, secrets[j]));
          g_assert_null (strstr (console_entry_get_summary (entry), secrets[j]));
        }
    }
}

static void
test_by_hand (void)
{
  g_autoptr(Test) test = test_new_online ();
  g_autoptr(GError) error = NULL;
  ConsoleEntry *entry;
  guint n;

  g_assert_true (console_capture_send (test->capture, test->server->session, "<presence><status>by hand</status></presence>", &error));
  g_assert_no_error (error);
  fake_server_expect (test->server, "<presence><status>by hand</status></presence>");
  test_capture_settle (test->server);
  entry = test_capture_find (G_LIST_MODEL (test->capture), XMPP_SENT, "by hand");
  g_assert_nonnull (entry);
  g_assert_true (console_entry_is_manual (entry));
  g_assert_cmpint (console_entry_get_kind (entry), ==, CONSOLE_PRESENCE);
  g_assert_cmpstr (console_history_get_current (console_capture_get_history (test->capture)), ==,
                   "<presence><status>by hand</status></presence>");

  /* what is refused is not kept either */
  n = test_model_count (test->capture);
  g_assert_false (console_capture_send (test->capture, test->server->session, "<presence>", &error));
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_NOT_WELL_FORMED);
  fake_server_no_more (test->server);
  for (guint i = n; i < test_model_count (test->capture); i++)
    g_assert_false (console_entry_is_manual (test_model_get (test->capture, i)));
}

static void
test_offline (void)
{
  g_autoptr(Test) test = test_new ();
  g_autoptr(GError) error = NULL;

  g_assert_false (console_capture_send (test->capture, test->server->session, "<presence/>", &error));
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_DISCONNECTED);
  g_assert_cmpuint (test_model_count (test->capture), ==, 0);
  g_assert_false (console_history_has_previous (console_capture_get_history (test->capture)));
}

static void
on_changed (GListModel *capture,
            guint       position,
            guint       removed,
            guint       added,
            guint      *n)
{
  (*n)++;
}

/* A hundred stanzas in one turn change the list once. */
static void
test_turn (void)
{
  g_autoptr(Test) test = test_new_online ();
  g_autoptr(GString) xml = g_string_new (NULL);
  guint before = test_model_count (test->capture);
  guint n = 0;

  for (guint i = 0; i < 100; i++)
    g_string_append_printf (xml, "<presence><priority>%u</priority></presence>", i);

  g_signal_connect (test->capture, "items-changed", G_CALLBACK (on_changed), &n);
  g_assert_true (console_capture_send (test->capture, test->server->session, xml->str, NULL));
  fake_server_wait_until (test_model_count (test->capture) >= before + 100);
  g_assert_cmpuint (n, ==, 1);
}

/* The oldest go, in blocks of a thousand; the numbers go on. */
static void
test_bounded (void)
{
  g_autoptr(Test) test = test_new_online ();
  g_autoptr(GString) xml = g_string_new (NULL);
  ConsoleEntry *first;
  ConsoleEntry *last;
  guint n;

  g_object_set (test->capture, "limit", 2000, NULL);
  for (guint i = 0; i < 500; i++)
    g_string_append (xml, "<presence/>");
  for (guint i = 0; i < 10; i++)
    {
      g_assert_true (console_capture_send (test->capture, test->server->session, xml->str, NULL));
      test_capture_settle (test->server);
      g_assert_cmpuint (test_model_count (test->capture), <=, 2000);
    }

  n = test_model_count (test->capture);
  first = test_model_get (test->capture, 0);
  last = test_model_get (test->capture, n - 1);
  g_assert_cmpuint (n, >, 1000);
  g_assert_cmpuint (console_capture_get_dropped (test->capture), ==, console_entry_get_number (first) - 1);
  g_assert_cmpuint (console_capture_get_dropped (test->capture) % 1000, ==, 0);
  g_assert_cmpuint (console_entry_get_number (last) - console_entry_get_number (first), ==, n - 1);
  g_assert_cmpuint (console_capture_get_counts (test->capture, NULL)->entries, ==, n);
  g_assert_cmpuint (console_capture_get_counts (test->capture, JOHN)->entries, ==, n);
}

/* Large ones are not as many. */
static void
test_bounded_bytes (void)
{
  g_autoptr(Test) test = test_new_online ();
  g_autoptr(GString) xml = g_string_new ("<message><body>");
  ConsoleLog *log = console_capture_get_log (test->capture);
  guint n;

  for (guint i = 0; i < 20000; i++)
    g_string_append (xml, "some words ");
  g_string_append (xml, "</body></message>");

  g_object_set (test->capture, "byte-limit", 1024 * 1024, NULL);
  for (guint i = 0; i < 20; i++)
    {
      g_assert_true (console_capture_send (test->capture, test->server->session, xml->str, NULL));
      test_capture_settle (test->server);
      g_assert_cmpuint (console_log_get_bytes (log), <=, 1024 * 1024);
    }

  n = test_model_count (test->capture);
  g_assert_cmpuint (n, >=, 4);
  g_assert_cmpuint (console_log_get_bytes (log), >, 512 * 1024);
  g_assert_cmpuint (console_capture_get_dropped (test->capture), ==, console_entry_get_number (test_model_get (test->capture, 0)) - 1);
  g_assert_cmpuint (console_capture_get_counts (test->capture, NULL)->entries, ==, n);

  /* one alone that is over it leaves nothing, and the next is there again */
  g_object_set (test->capture, "byte-limit", 64 * 1024, NULL);
  g_assert_cmpuint (test_model_count (test->capture), ==, 0);
  g_assert_true (console_capture_send (test->capture, test->server->session, "<presence/>", NULL));
  test_capture_settle (test->server);
  g_assert_nonnull (test_capture_find (G_LIST_MODEL (test->capture), XMPP_SENT, "<presence"));
}

static void
test_counts (void)
{
  g_autoptr(Test) test = test_new_online ();
  const ConsoleCounts *counts;
  ConsoleCounts before = *console_capture_get_counts (test->capture, NULL);

  fake_server_send (test->server, "<message from='jane@example.org' type='error'><error/></message>");
  test_capture_settle (test->server);
  counts = console_capture_get_counts (test->capture, NULL);
  g_assert_cmpuint (counts->kinds[CONSOLE_MESSAGE], ==, before.kinds[CONSOLE_MESSAGE] + 1);
  g_assert_cmpuint (counts->errors, >=, before.errors + 1);
  g_assert_cmpuint (counts->directions[XMPP_RECEIVED], >, before.directions[XMPP_RECEIVED]);
  g_assert_cmpuint (console_capture_get_counts (test->capture, "nobody@example.org")->entries, ==, 0);

  console_capture_clear (test->capture);
  g_assert_cmpuint (test_model_count (test->capture), ==, 0);
  g_assert_cmpuint (console_capture_get_counts (test->capture, NULL)->entries, ==, 0);
  g_assert_cmpuint (console_capture_get_counts (test->capture, JOHN)->entries, ==, 0);
}

static void
test_accounts (void)
{
  g_autoptr(Test) test = test_new_online ();
  g_autoptr(FakeServer) other = fake_server_new ("jane@example.org/flint");
  g_auto(GStrv) names = NULL;

  console_capture_watch (test->capture, other->session, "jane@example.org");
  fake_server_login (other);
  test_capture_settle (other);
  names = console_capture_get_accounts (test->capture);
  g_assert_cmpuint (g_strv_length (names), ==, 2);
  g_assert_cmpstr (names[0], ==, "jane@example.org");
  g_assert_cmpstr (names[1], ==, JOHN);
  g_assert_cmpuint (console_capture_get_counts (test->capture, "jane@example.org")->entries +
                    console_capture_get_counts (test->capture, JOHN)->entries, ==, test_model_count (test->capture));
}

/* The entries outlive the connection that they are of, and a capture one that is watched. */
static void
test_lives (void)
{
  g_autoptr(ConsoleCapture) capture = console_capture_new ();
  FakeServer *server = fake_server_new (JOHN "/flint");
  guint n;

  console_capture_watch (capture, server->session, JOHN);
  console_capture_watch (capture, server->session, JOHN);   /* twice is once */
  fake_server_login (server);
  test_capture_settle (server);
  fake_server_free (server);
  n = test_model_count (capture);
  g_assert_cmpuint (n, >, G_N_ELEMENTS (login));
  g_assert_nonnull (test_capture_find (G_LIST_MODEL (capture), XMPP_SENT, "<bind"));

  server = fake_server_new (JOHN "/flint");
  console_capture_watch (capture, server->session, JOHN);
  g_clear_object (&capture);
  fake_server_login (server);
  fake_server_free (server);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/console/capture/everything-is-there-in-its-order", test_login);
  g_test_add_func ("/console/capture/T132-but-no-secret", test_no_secret);
  g_test_add_func ("/console/capture/what-is-sent-by-hand-is-marked", test_by_hand);
  g_test_add_func ("/console/capture/nothing-is-sent-while-offline", test_offline);
  g_test_add_func ("/console/capture/a-turn-changes-it-once", test_turn);
  g_test_add_func ("/console/capture/it-is-bounded", test_bounded);
  g_test_add_func ("/console/capture/its-bytes-are-bounded-too", test_bounded_bytes);
  g_test_add_func ("/console/capture/it-counts", test_counts);
  g_test_add_func ("/console/capture/accounts-are-told-apart", test_accounts);
  g_test_add_func ("/console/capture/it-holds-no-session-and-no-session-it", test_lives);

  return g_test_run ();
}
