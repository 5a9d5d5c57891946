/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "flint-demo-server.h"

#include <glib/gstdio.h>

/* A program that says one line, and lives as long as its input */
typedef struct
{
  char         *directory;
  char         *program;
  char         *ca;
  char         *traces;      /* it writes here when its input ends */
  gboolean      is_done;
  FlintAccount *account;
  GError       *error;
  guint         n_ended;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  FakeAuthority *authority = fake_authority_new ();
  g_autofree char *certificate = fake_authority_issue (authority, "demo.test", FAKE_CERTIFICATE_GOOD);

  f->directory = test_directory_new ();
  f->program = g_build_filename (f->directory, "flint-demo", NULL);
  f->ca = g_build_filename (f->directory, "ca.pem", NULL);
  f->traces = g_build_filename (f->directory, "ended", NULL);
  g_file_set_contents (f->ca, certificate, -1, NULL);
  fake_authority_free (authority);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_clear_object (&f->account);
  g_clear_error (&f->error);
  test_directory_remove (f->directory);
  g_free (f->directory);
  g_free (f->program);
  g_free (f->ca);
  g_free (f->traces);
}

static void
write_program (Fixture    *f,
               const char *line,
               const char *then)
{
  g_autofree char *script = g_strdup_printf ("#!/bin/sh\nprintf '%%s\\n' '%s'\n%s\ntouch '%s' 2>/dev/null\n", line, then, f->traces);

  g_file_set_contents (f->program, script, -1, NULL);
  g_chmod (f->program, 0700);
}

static void
on_started (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Fixture *f = user_data;

  f->account = flint_demo_server_start_finish (FLINT_DEMO_SERVER (source), result, &f->error);
  f->is_done = TRUE;
}

static void
start (Fixture         *f,
       FlintDemoServer *server)
{
  flint_demo_server_start_async (server, NULL, on_started, f);
  fake_server_wait_until (f->is_done);
}

static char *
make_line (Fixture *f)
{
  return g_strdup_printf ("{\"ready\":true,\"domain\":\"demo.test\",\"host\":\"127.0.0.1\",\"port\":15222,\"ca\":\"%s\","
                          "\"user\":\"nina\",\"password\":\"pw\",\"room\":\"lounge@rooms.demo.test\"}", f->ca);
}

static void
count (Fixture *f)
{
  f->n_ended++;
}

static void
test_start (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(FlintDemoServer) server = flint_demo_server_new (f->program);
  g_autofree char *line = make_line (f);
  g_autofree char *host = NULL;
  gboolean is_transient;
  int port;

  write_program (f, line, "cat > /dev/null");
  start (f, server);
  g_assert_no_error (f->error);
  g_object_get (f->account, "host", &host, "port", &port, "is-transient", &is_transient, NULL);
  g_assert_cmpstr (flint_account_get_address (f->account), ==, "nina@demo.test");
  g_assert_cmpstr (host, ==, "127.0.0.1");
  g_assert_cmpint (port, ==, 15222);
  g_assert_true (is_transient);
  g_assert_cmpstr (flint_demo_server_get_room (server), ==, "lounge@rooms.demo.test");
  g_assert_false (g_file_test (f->traces, G_FILE_TEST_EXISTS));

  /* It goes when we let go of it, and that is no surprise */
  g_signal_connect_swapped (server, "ended", G_CALLBACK (count), f);
  flint_demo_server_stop (server);
  fake_server_wait_until (g_file_test (f->traces, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (f->n_ended, ==, 0);
}

static void
test_dropped (Fixture       *f,
              gconstpointer  data)
{
  FlintDemoServer *server = flint_demo_server_new (f->program);
  g_autofree char *line = make_line (f);

  write_program (f, line, "cat > /dev/null");
  start (f, server);
  fake_server_wait_until (G_OBJECT (server)->ref_count == 1);
  g_assert_finalize_object (server);
  fake_server_wait_until (g_file_test (f->traces, G_FILE_TEST_EXISTS));
}

static void
test_ended (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(FlintDemoServer) server = flint_demo_server_new (f->program);
  g_autofree char *line = make_line (f);

  g_signal_connect_swapped (server, "ended", G_CALLBACK (count), f);
  write_program (f, line, "exit 1");
  start (f, server);
  fake_server_wait_until (f->n_ended == 1);
}

static void
test_refused (Fixture       *f,
              gconstpointer  data)
{
  static const char * const lines[] = {
    "{\"ready\":false,\"code\":\"no-server\",\"error\":\"Prosody is not installed\"}", "", "no json", "{}", "{\"ready\":true,\"domain\":\"demo.test\"}",
    "{\"ready\":true,\"domain\":\"d\",\"port\":0,\"ca\":\"/x\",\"user\":\"u\"}",
    "{\"ready\":true,\"domain\":\"d\",\"port\":5222,\"ca\":\"/nonexistent.pem\",\"user\":\"u\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr(FlintDemoServer) server = flint_demo_server_new (f->program);

      f->is_done = FALSE;
      write_program (f, lines[i], "cat > /dev/null");
      start (f, server);
      g_assert_null (f->account);
      g_assert_nonnull (f->error);

      if (i == 0)
        g_assert_cmpstr (f->error->message, ==, "Prosody is not installed");

      g_clear_error (&f->error);
    }
}

static void
test_missing (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(FlintDemoServer) server = flint_demo_server_new ("/nonexistent/flint-demo");

  start (f, server);
  g_assert_nonnull (f->error);
}

static void
test_folder (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr(FlintDemoServer) server = flint_demo_server_new (f->program);
  g_autofree char *line = make_line (f);
  g_autofree char *path = g_build_filename (f->directory, "words", NULL);
  g_autofree char *then = g_strdup_printf ("cat > /dev/null; echo \"$1=$2=$#\" > '%s'", path);
  g_autofree char *words = NULL;

  write_program (f, line, then);
  flint_demo_server_set_folder (server, "/run/my folder");
  start (f, server);
  flint_demo_server_stop (server);
  fake_server_wait_until (g_file_test (f->traces, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_get_contents (path, &words, NULL, NULL));
  g_assert_cmpstr (words, ==, "--folder=/run/my folder=2\n");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add ("/core/demo-server/" path, Fixture, NULL, set_up, func, tear_down)

  ADD ("it-brings-an-account-that-is-not-kept", test_start);
  ADD ("it-goes-with-us", test_dropped);
  ADD ("a-folder-is-left-to-it", test_folder);
  ADD ("that-it-ended-by-itself-is-told", test_ended);
  ADD ("what-it-cannot-do-is-said-in-words", test_refused);
  ADD ("a-program-that-is-not-there-is-an-error", test_missing);

  return g_test_run ();
}
