/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0203: Delayed Delivery. The clock of these tests stands at 2026-01-01T12:00:00Z. */

#include "message-log.h"

#define OWN   "juliet@capulet.lit"
#define ROMEO "romeo@montague.lit/orchard"
#define NOW   G_GINT64_CONSTANT (1767268800)

static void
on_message_time (XmppSession       *session,
                 const XmppMessage *message,
                 gint64            *time)
{
  *time = message->time / G_USEC_PER_SEC;
}

typedef struct
{
  FakeServer *server;
  MessageLog *log;
  gint64      time;   /* of the last message, s since 1970 */
} Fixture;

static Fixture *
fixture_new (void)
{
  Fixture *self = g_new0 (Fixture, 1);

  self->server = fake_server_new (OWN "/balcony");
  self->log = message_log_new (self->server);
  g_signal_connect (self->server->session, "message", G_CALLBACK (on_message_time), &self->time);
  fake_server_login (self->server);
  fake_server_settle (self->server);

  return self;
}

static void
fixture_free (Fixture *self)
{
  fake_server_free (self->server);
  message_log_free (self->log);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static void
send_delayed (Fixture    *self,
              const char *from,
              const char *delays)
{
  g_autofree char *xml = g_strdup_printf ("<message from='%s' type='chat'><body>a</body>%s</message>", from, delays);

  fake_server_send (self->server, xml);
}

static void
expect_believed (Fixture    *self,
                 const char *from,
                 const char *delays,
                 const char *stamp)
{
  g_autofree char *line = g_strdup_printf ("%s chat body=a delayed=%s", from, stamp);

  g_test_message ("%s", delays);
  send_delayed (self, from, delays);
  message_log_expect (self->log, line);
}

static void
expect_arrival (Fixture    *self,
                const char *from,
                const char *delays)
{
  g_autofree char *line = g_strdup_printf ("%s chat body=a", from);

  g_test_message ("%s", delays);
  send_delayed (self, from, delays);
  message_log_expect (self->log, line);
  g_assert_cmpint (self->time, ==, NOW);
}

#define DELAY(attributes)     "<delay xmlns='urn:xmpp:delay' " attributes "/>"
#define OLD_DELAY(attributes) "<x xmlns='jabber:x:delay' " attributes "/>"

static void
test_our_server_is_believed (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  expect_believed (self, ROMEO, DELAY ("from='capulet.lit' stamp='2025-12-31T10:20:30Z'"), "2025-12-31T10:20:30Z");
  expect_believed (self, ROMEO, DELAY ("from='" OWN "' stamp='2025-12-31T10:20:30.5+01:00'"), "2025-12-31T09:20:30Z");
  expect_believed (self, ROMEO, DELAY ("from='CAPULET.lit' stamp='2025-12-31T10:20:30Z'"), "2025-12-31T10:20:30Z");
  expect_believed (self, "capulet.lit", DELAY ("stamp='2025-12-31T10:20:30Z'"), "2025-12-31T10:20:30Z");
}

static void
test_the_old_form_is_read (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  expect_believed (self, ROMEO, OLD_DELAY ("from='capulet.lit' stamp='20251231T10:20:30'"), "2025-12-31T10:20:30Z");
  expect_arrival (self, ROMEO, OLD_DELAY ("stamp='20251231T10:20:30'"));
}

static void
test_the_last_one_that_counts_wins (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  expect_believed (self, ROMEO,
                   DELAY ("from='capulet.lit' stamp='1999-01-01T00:00:00Z'")
                   DELAY ("from='capulet.lit' stamp='2025-12-31T10:20:30Z'")
                   DELAY ("from='montague.lit' stamp='2000-01-01T00:00:00Z'"),
                   "2025-12-31T10:20:30Z");
}

static void
test_T050_others_are_not_believed (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  expect_arrival (self, "eve@evil.lit/x", DELAY ("stamp='1999-01-01T00:00:00Z'"));
  expect_arrival (self, "eve@evil.lit/x", DELAY ("stamp='2099-01-01T00:00:00Z'"));
  expect_arrival (self, "eve@evil.lit/x", DELAY ("from='eve@evil.lit/x' stamp='1999-01-01T00:00:00Z'"));
  expect_arrival (self, "eve@evil.lit/x", DELAY ("from='evil.lit' stamp='1999-01-01T00:00:00Z'"));
  expect_arrival (self, "eve@evil.lit/x", DELAY ("from='hall@rooms.lit' stamp='1999-01-01T00:00:00Z'"));
  expect_arrival (self, "eve@evil.lit/x", DELAY ("from='" OWN "/phone' stamp='1999-01-01T00:00:00Z'"));
  expect_arrival (self, "eve@evil.lit/x", DELAY ("from='capulet.lit/x' stamp='1999-01-01T00:00:00Z'"));
  expect_arrival (self, "eve@evil.lit/x", DELAY ("from='' stamp='1999-01-01T00:00:00Z'"));
  expect_arrival (self, "eve@evil.lit/x", "<delay xmlns='urn:x' from='capulet.lit' stamp='1999-01-01T00:00:00Z'/>");
}

static void
test_T050_the_future_is_near (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  expect_believed (self, ROMEO, DELAY ("from='capulet.lit' stamp='2026-01-01T12:04:59Z'"), "2026-01-01T12:04:59Z");
  expect_believed (self, ROMEO, DELAY ("from='capulet.lit' stamp='2026-01-01T12:05:01Z'"), "2026-01-01T12:05:00Z");
  expect_believed (self, ROMEO, DELAY ("from='capulet.lit' stamp='2099-01-01T00:00:00Z'"), "2026-01-01T12:05:00Z");
}

static void
test_T117_nonsense_is_no_time (void)
{
  static const char * const stamps[] = {
    "", " ", "now", "2025", "2025-12-31", "10:20:30", "2025-02-30T00:00:00Z", "2025-13-01T00:00:00Z",
    "2025-12-31T24:20:30Z", "2025-12-31T10:61:30Z", "1000000000000", "-1", "2025-12-31T10:20:30Zx",
    "0x7E9-12-31T10:20:30Z", "\331\242\331\240\331\242\331\245-12-31T10:20:30Z",
  };
  g_autoptr(Fixture) self = fixture_new ();

  for (guint i = 0; i < G_N_ELEMENTS (stamps); i++)
    {
      g_autofree char *delay = g_strdup_printf (DELAY ("from='capulet.lit' stamp='%s'"), stamps[i]);

      expect_arrival (self, ROMEO, delay);
    }

  expect_arrival (self, ROMEO, DELAY ("from='capulet.lit'"));
}

/* As a time or as none: what counts is that none of them harms */
static void
test_T117_extremes_do_no_harm (void)
{
  static const char * const stamps[] = {
    "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "0001-01-01T00:00:00Z", "2016-12-31T23:59:60Z",
    "2025-12-31T10:20:30.123456789123456789Z", "0000-01-01T00:00:00Z", "99999-01-01T00:00:00Z",
  };
  g_autoptr(Fixture) self = fixture_new ();

  for (guint i = 0; i < G_N_ELEMENTS (stamps); i++)
    {
      g_autofree char *delay = g_strdup_printf (DELAY ("from='capulet.lit' stamp='%s'"), stamps[i]);

      g_test_message ("%s", stamps[i]);
      send_delayed (self, ROMEO, delay);
      fake_server_wait_until (self->log->lines->len == 1);
      g_assert_cmpint (self->time, <=, NOW + 300);
      g_ptr_array_set_size (self->log->lines, 0);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/delay/our-server-is-believed", test_our_server_is_believed);
  g_test_add_func ("/xmpp/delay/the-old-form-is-read", test_the_old_form_is_read);
  g_test_add_func ("/xmpp/delay/the-last-one-that-counts-wins", test_the_last_one_that_counts_wins);
  g_test_add_func ("/xmpp/delay/T050-others-are-not-believed", test_T050_others_are_not_believed);
  g_test_add_func ("/xmpp/delay/T050-the-future-is-near", test_T050_the_future_is_near);
  g_test_add_func ("/xmpp/delay/T117-nonsense-is-no-time", test_T117_nonsense_is_no_time);
  g_test_add_func ("/xmpp/delay/T117-extremes-do-no-harm", test_T117_extremes_do_no_harm);

  return g_test_run ();
}
