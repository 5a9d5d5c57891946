/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The demo's server and its people, as Flint meets them; and that nothing of them stays */
#include "test-client.h"
#include "test-peer.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DOMAIN "flint.example"
#define ROOM   "lounge@conference." DOMAIN

typedef struct
{
  TestPeer *process;
  char     *ready;      /* the line */
  char     *ca_path;
  char     *dir;
  char     *password;
  guint16   port;
} Demo;

/* A field of a JSON object of one line, whose strings have nothing to unescape */
static char *
get_field (const char *line,
           const char *name)
{
  g_autofree char *pattern = g_strdup_printf ("\"%s\":\"?([^,\"}]+)", name);
  g_autoptr(GRegex) regex = g_regex_new (pattern, 0, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;

  if (!g_regex_match (regex, line, 0, &match))
    g_error ("There is no %s in %s", name, line);

  return g_match_info_fetch (match, 1);
}

static Demo *
demo_new (const char * const *argv)
{
  Demo *self = g_new0 (Demo, 1);
  g_autofree char *port = NULL;

  self->process = test_peer_new (argv);
  self->ready = g_strdup (test_peer_wait (self->process, "{*}"));
  self->ca_path = get_field (self->ready, "ca");
  self->dir = g_path_get_dirname (self->ca_path);
  self->password = get_field (self->ready, "password");
  port = get_field (self->ready, "port");
  self->port = g_ascii_strtoull (port, NULL, 10);

  return self;
}

static Demo *
demo_start (void)
{
  return demo_new ((const char *[]) { FLINT_DEMO, "--fast", NULL });
}

static gboolean
is_closed (guint16 port)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnection) connection = NULL;

  g_socket_client_set_enable_proxy (client, FALSE);
  connection = g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);

  return connection == NULL;
}

/* Of one that has ended */
static void
forget (Demo *self)
{
  test_peer_free (self->process);
  g_free (self->ready);
  g_free (self->ca_path);
  g_free (self->dir);
  g_free (self->password);
  g_free (self);
}

static void
demo_free (Demo *self)
{
  test_peer_end (self->process);
  g_assert_cmpint (test_peer_join (self->process), ==, 0);
  g_assert_false (g_file_test (self->dir, G_FILE_TEST_EXISTS));
  g_assert_true (is_closed (self->port));
  forget (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Demo, demo_free)

static TestClient *
log_in (Demo *demo)
{
  TestClient *alice = test_client_new ("alice@" DOMAIN, demo->password, demo->port, demo->ca_path);

  test_client_log_in (alice);

  return alice;
}

static const TestMessage *
find_kind (TestClient      *client,
           XmppMessageType  type,
           const char      *from)
{
  for (guint i = 0; i < client->messages->len; i++)
    {
      const TestMessage *message = g_ptr_array_index (client->messages, i);

      if (message->type == type && message->body != NULL && g_str_has_prefix (message->from, from) &&
          (strchr (from, '@') != NULL || g_str_equal (message->from, from)))
        return message;
    }

  return NULL;
}

/* What people do */

static void
test_it_says_where_it_is (void)
{
  g_autoptr(Demo) demo = demo_start ();
  g_autofree char *domain = get_field (demo->ready, "domain");
  g_autofree char *host = get_field (demo->ready, "host");
  g_autofree char *user = get_field (demo->ready, "user");
  g_autofree char *room = get_field (demo->ready, "room");

  g_assert_true (g_str_has_prefix (demo->ready, "{\"ready\":true,"));
  g_assert_cmpstr (domain, ==, DOMAIN);
  g_assert_cmpstr (host, ==, "127.0.0.1");
  g_assert_cmpstr (user, ==, "alice");
  g_assert_cmpstr (room, ==, ROOM);
  g_assert_cmpuint (strlen (demo->password), >=, 16);
}

static void
test_everybody_is_there (void)
{
  g_autoptr(Demo) demo = demo_start ();
  g_autoptr(TestClient) alice = log_in (demo);
  g_autoptr(GPtrArray) items = xmpp_roster_get_items (alice->roster);
  g_autoptr(GHashTable) groups = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(XmppJid) oscar = xmpp_jid_new ("oscar@" DOMAIN, NULL);

  g_assert_cmpuint (items->len, >=, 22);
  for (guint i = 0; i < items->len; i++)
    {
      const XmppRosterItem *item = g_ptr_array_index (items, i);
      gboolean is_undecided = g_str_equal (xmpp_jid_get_text (item->jid), "viktor@" DOMAIN);

      g_assert_cmpint (item->subscription, ==, is_undecided ? XMPP_SUBSCRIPTION_NONE : XMPP_SUBSCRIPTION_BOTH);
      g_assert_cmpint (item->is_asked, ==, is_undecided);
      g_assert_nonnull (item->name);
      if (item->groups[0] != NULL)
        g_hash_table_add (groups, item->groups[0]);
    }
  g_assert_cmpuint (g_hash_table_size (groups), ==, 5);
  g_assert_true (g_hash_table_contains (groups, "Design::Photo studio"));

  test_wait_for (test_client_get_show (alice, "bob@" DOMAIN) == XMPP_SHOW_CHAT);
  test_wait_for (test_client_get_show (alice, "carla@" DOMAIN) == XMPP_SHOW_AVAILABLE);
  test_wait_for (test_client_get_show (alice, "petra@" DOMAIN) == XMPP_SHOW_XA);
  test_wait_for (test_client_get_show (alice, "lina@" DOMAIN) == XMPP_SHOW_DND);
  g_assert_cmpstr (test_client_get_best (alice, "lina@" DOMAIN)->status, ==, "开会中");
  test_wait_for (xmpp_presence_get_best (alice->presence, oscar) != NULL);
  test_wait_for (g_strcmp0 (xmpp_jid_get_resource (xmpp_presence_get_best (alice->presence, oscar)->jid), "desktop") == 0);
  g_assert_cmpint (test_client_get_show (alice, "emma@" DOMAIN), ==, XMPP_SHOW_OFFLINE);
}

static guint
count_shown (TestClient *alice,
             XmppShow    show)
{
  g_autoptr(GPtrArray) items = xmpp_roster_get_items (alice->roster);
  guint n = 0;

  for (guint i = 0; i < items->len; i++)
    {
      const XmppRosterItem *item = g_ptr_array_index (items, i);

      n += test_client_get_show (alice, xmpp_jid_get_text (item->jid)) == show ? 1 : 0;
    }

  return n;
}

static void
test_there_is_somebody_of_every_status (void)
{
  g_autoptr(Demo) demo = demo_start ();
  g_autoptr(TestClient) alice = log_in (demo);

  for (XmppShow show = XMPP_SHOW_CHAT; show <= XMPP_SHOW_OFFLINE; show++)
    test_wait_for (count_shown (alice, show) > 0);
}

static void
test_bob_greets_and_answers (void)
{
  g_autoptr(Demo) demo = demo_start ();
  g_autoptr(TestClient) alice = log_in (demo);

  test_wait_for (find_kind (alice, XMPP_MESSAGE_CHAT, "bob@" DOMAIN) != NULL);
  g_assert_true (g_str_has_prefix (find_kind (alice, XMPP_MESSAGE_CHAT, "bob@" DOMAIN)->body, "Hello Alice"));
  g_assert_nonnull (test_client_find_state (alice, XMPP_CHAT_STATE_COMPOSING));

  test_client_send (alice, XMPP_MESSAGE_CHAT, "bob@" DOMAIN, NULL, "你好");
  test_client_wait (alice, "你好，很高兴认识你");
  g_assert_nonnull (test_client_find_receipt (alice));

  test_client_send (alice, XMPP_MESSAGE_CHAT, "bob@" DOMAIN, NULL, "See https://example.org/");
  test_client_wait (alice, "Thank you for the link, I will read https://example.org/");
}

static void
test_a_message_with_a_subject_comes_and_is_answered (void)
{
  g_autoptr(Demo) demo = demo_start ();
  g_autoptr(TestClient) alice = log_in (demo);
  const TestMessage *letter;

  test_wait_for (find_kind (alice, XMPP_MESSAGE_NORMAL, "carla@" DOMAIN) != NULL);
  g_assert_cmpstr (find_kind (alice, XMPP_MESSAGE_NORMAL, "carla@" DOMAIN)->subject, ==, "Friday’s lunch");

  test_client_send (alice, XMPP_MESSAGE_NORMAL, "fatima@" DOMAIN, "The release", "thanks");
  letter = test_client_wait (alice, "You are welcome");
  g_assert_cmpint (letter->type, ==, XMPP_MESSAGE_NORMAL);
  g_assert_cmpstr (letter->subject, ==, "Re: The release");

  test_client_send (alice, XMPP_MESSAGE_NORMAL, "fatima@" DOMAIN, "Re: The next one", "hello");
  g_assert_cmpstr (test_client_wait (alice, "Hello. Nice to see you here")->subject, ==, "Re: The next one");
}

static void
test_headlines_come_from_the_newsroom_and_from_the_server (void)
{
  g_autoptr(Demo) demo = demo_start ();
  g_autoptr(TestClient) alice = log_in (demo);

  test_wait_for (find_kind (alice, XMPP_MESSAGE_HEADLINE, "news@" DOMAIN) != NULL);
  test_wait_for (find_kind (alice, XMPP_MESSAGE_HEADLINE, DOMAIN) != NULL);
  g_assert_nonnull (find_kind (alice, XMPP_MESSAGE_HEADLINE, "news@" DOMAIN)->subject);
  g_assert_nonnull (find_kind (alice, XMPP_MESSAGE_HEADLINE, DOMAIN)->subject);
}

static void
test_a_stranger_asks_once_and_is_glad (void)
{
  g_autoptr(Demo) demo = demo_start ();
  g_autoptr(TestClient) alice = log_in (demo);
  g_autoptr(XmppJid) rosa = xmpp_jid_new ("rosa@" DOMAIN, NULL);

  test_wait_for (alice->requests->len > 0);
  g_assert_cmpstr (g_ptr_array_index (alice->requests, 0), ==, "rosa@" DOMAIN);

  xmpp_presence_accept (alice->presence, rosa);
  xmpp_presence_subscribe (alice->presence, rosa, NULL);
  test_client_wait (alice, "Thank you for adding me");
  test_wait_for (test_client_get_show (alice, "rosa@" DOMAIN) == XMPP_SHOW_AVAILABLE);
  g_assert_cmpuint (alice->requests->len, ==, 1);
}

/* Where it stands among all that came */
static guint
find_position (TestClient *client,
               const char *body)
{
  guint position = 0;

  test_client_wait (client, body);
  g_assert_true (g_ptr_array_find (client->messages, test_client_find (client, body), &position));

  return position;
}

/* They have a connection each, and talk in one order all the same */
static void
test_the_lounge_talks_in_order (void)
{
  static const char * const lines[] = {
    "Who is coming to the lake on Saturday?", "> Who is coming to the lake on Saturday?\nI am, if there is cake", "I bring the camera",
    "The new icons are at https://flint.example/icons, tell me what you think",
  };
  g_autoptr(Demo) demo = demo_start ();
  g_autoptr(TestClient) alice = log_in (demo);
  g_autoptr(XmppRoom) room = g_object_ref (test_client_join (alice, ROOM, "Alice"));

  for (guint i = 1; i < G_N_ELEMENTS (lines); i++)
    g_assert_cmpuint (find_position (alice, lines[i - 1]), <, find_position (alice, lines[i]));
}

static void
test_the_lounge_talks (void)
{
  g_autoptr(Demo) demo = demo_start ();
  g_autoptr(TestClient) alice = log_in (demo);
  g_autoptr(XmppRoom) room = g_object_ref (test_client_join (alice, ROOM, "Alice"));

  test_wait_for (xmpp_room_get_occupant (room, "张伟") != NULL && xmpp_room_get_occupant (room, "Nora") != NULL);
  test_wait_for (g_strcmp0 (xmpp_room_get_subject (room), "Coffee, code and weekend plans") == 0);
  test_client_wait (alice, "Who is coming to the lake on Saturday?");
  test_client_wait (alice, "Coffee?");

  test_client_send (alice, XMPP_MESSAGE_GROUPCHAT, ROOM, NULL, "hello");
  test_client_wait (alice, "Alice: Hello. Nice to see you here");
}

static void
test_one_refuses_what_is_sent (void)
{
  g_autoptr(Demo) demo = demo_start ();
  g_autoptr(TestClient) alice = log_in (demo);

  test_client_send (alice, XMPP_MESSAGE_CHAT, "quentin@" DOMAIN, NULL, "Hello?");
  test_wait_for (test_client_find_error (alice) != NULL);
  g_assert_cmpstr (test_client_find_error (alice)->from, ==, "quentin@" DOMAIN);
}

static void
test_people_change_their_status (void)
{
  g_autoptr(Demo) demo = demo_start ();
  g_autoptr(TestClient) alice = log_in (demo);

  test_wait_for (test_client_get_best (alice, "daniel@" DOMAIN) != NULL &&
                 g_strcmp0 (test_client_get_best (alice, "daniel@" DOMAIN)->status, "Back from lunch") == 0);
}

/* Leaving nothing */

/* The inodes of all sockets that listen, and on which addresses */
static void
assert_listens_on_loopback_alone (const char *table,
                                  GHashTable *inodes,
                                  guint      *n_found)
{
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;

  if (!g_file_get_contents (table, &text, NULL, NULL))
    return;

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 1; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      char local[64];
      unsigned int state;
      unsigned long inode;
      g_autofree char *link = NULL;

      g_assert_cmpint (sscanf (lines[i], " %*d: %63s %*s %x %*s %*s %*s %*d %*d %lu", local, &state, &inode), ==, 3);
      link = g_strdup_printf ("socket:[%lu]", inode);
      if (state != 0x0A || !g_hash_table_contains (inodes, link))
        continue;

      g_assert_true (g_str_has_prefix (local, "0100007F:"));
      (*n_found)++;
    }
}

static void
test_it_listens_on_the_loopback_alone (void)
{
  g_autoptr(Demo) demo = demo_start ();
  g_autofree char *pid_path = g_build_filename (demo->dir, "prosody.pid", NULL);
  g_autofree char *pid = NULL;
  g_autofree char *fds = NULL;
  g_autoptr(GHashTable) inodes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GDir) dir = NULL;
  const char *name;
  guint n_found = 0;

  g_assert_true (g_file_get_contents (pid_path, &pid, NULL, NULL));
  fds = g_strdup_printf ("/proc/%s/fd", g_strstrip (pid));
  dir = g_dir_open (fds, 0, NULL);
  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fds, name, NULL);
      char *link = g_file_read_link (path, NULL);

      if (link != NULL)
        g_hash_table_add (inodes, link);
    }

  assert_listens_on_loopback_alone ("/proc/net/tcp", inodes, &n_found);
  assert_listens_on_loopback_alone ("/proc/net/tcp6", inodes, &n_found);
  g_assert_cmpuint (n_found, ==, 2);
}

static void
test_its_directory_is_for_us_alone (void)
{
  g_autoptr(Demo) demo = demo_start ();
  g_autoptr(GFile) dir = g_file_new_for_path (demo->dir);
  g_autoptr(GFileInfo) info = g_file_query_info (dir, G_FILE_ATTRIBUTE_UNIX_MODE, 0, NULL, NULL);

  g_assert_cmphex (g_file_info_get_attribute_uint32 (info, G_FILE_ATTRIBUTE_UNIX_MODE) & 0777, ==, 0700);
}

static void
test_a_signal_ends_it (gconstpointer data)
{
  g_autoptr(Demo) demo = demo_start ();
  g_autoptr(TestClient) alice = log_in (demo);

  test_peer_signal (demo->process, GPOINTER_TO_INT (data));
  g_assert_cmpint (test_peer_join (demo->process), ==, 0);
  test_wait_for (alice->is_closed);
}

static void
test_it_ends_while_it_starts (void)
{
  g_autoptr(TestPeer) process = test_peer_new ((const char *[]) { FLINT_DEMO, "--fast", NULL });

  test_peer_end (process);
  g_assert_cmpint (test_peer_join (process), ==, 0);
  g_assert_null (test_peer_find (process, "{\"ready\":true*"));
}

static void
test_two_do_not_meet (void)
{
  g_autoptr(Demo) demo = demo_start ();
  g_autoptr(Demo) other = demo_start ();

  g_assert_cmpuint (demo->port, !=, other->port);
  g_assert_cmpstr (demo->password, !=, other->password);
}

/* Starts it, passes its line on, and waits to be killed */
static int
own (void)
{
  g_autoptr(GSubprocess) process =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, FLINT_DEMO, "--fast", NULL);
  g_autoptr(GDataInputStream) output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_autofree char *line = g_data_input_stream_read_line (output, NULL, NULL, NULL);

  printf ("%s\n", line);
  fflush (stdout);
  while (getchar () != EOF)
    continue;

  return 0;
}

static void
test_it_ends_when_who_started_it_is_killed (void)
{
  Demo *demo = demo_new ((const char *[]) { "/proc/self/exe", "--own", NULL });

  g_assert_true (g_file_test (demo->dir, G_FILE_TEST_EXISTS));
  test_peer_signal (demo->process, SIGKILL);
  g_assert_cmpint (test_peer_join (demo->process), ==, -SIGKILL);
  test_wait_for (is_closed (demo->port));
  test_wait_for (!g_file_test (demo->dir, G_FILE_TEST_EXISTS));
  forget (demo);
}

static void
test_what_it_left_when_killed_goes_with_the_next (void)
{
  Demo *demo = demo_start ();
  g_autoptr(Demo) next = NULL;

  test_peer_signal (demo->process, SIGKILL);
  g_assert_cmpint (test_peer_join (demo->process), ==, -SIGKILL);
  test_wait_for (is_closed (demo->port));

  next = demo_start ();
  g_assert_false (g_file_test (demo->dir, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (next->dir, G_FILE_TEST_EXISTS));
  forget (demo);
}

/* A directory such as Flint makes for its settings, with something in it */
static char *
folder_new (const char *parent,
            const char *name)
{
  char *path = g_build_filename (parent, name, NULL);
  g_autofree char *below = g_build_filename (path, "config", NULL);
  g_autofree char *file = g_build_filename (below, "accounts.ini", NULL);

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (below, 0700), ==, 0);
  g_assert_true (g_file_set_contents (file, "", 0, NULL));

  return path;
}

static void
folder_remove (const char *path)
{
  g_autofree char *below = g_build_filename (path, "config", NULL);
  g_autofree char *file = g_build_filename (below, "accounts.ini", NULL);

  g_unlink (file);
  g_rmdir (below);
  g_assert_cmpint (g_rmdir (path), ==, 0);
}

static void
test_a_folder_that_is_left_to_it_goes_with_it (void)
{
  g_autofree char *parent = g_dir_make_tmp ("test-demo-XXXXXX", NULL);
  g_autofree char *folder = folder_new (parent, "flint-demo-abcdef");
  g_autofree char *kept = folder_new (parent, "flint-demo-kept00");
  g_autofree char *link = g_build_filename (folder, "link", NULL);
  Demo *demo;

  g_assert_cmpint (symlink (kept, link), ==, 0);
  demo = demo_new ((const char *[]) { FLINT_DEMO, "--fast", "--folder", folder, NULL });
  g_assert_true (g_file_test (folder, G_FILE_TEST_EXISTS));
  demo_free (demo);
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));

  /* What a link in it leads to is nobody's to remove */
  folder_remove (kept);
  g_assert_cmpint (g_rmdir (parent), ==, 0);
}

static void
assert_refused (const char *path)
{
  g_autoptr(TestPeer) process = test_peer_new ((const char *[]) { FLINT_DEMO, "--folder", path, NULL });

  g_assert_cmpint (test_peer_join (process), ==, 2);
}

static void
test_it_removes_no_folder_but_such_a_one (void)
{
  g_autofree char *parent = g_dir_make_tmp ("test-demo-XXXXXX", NULL);
  g_autofree char *other = folder_new (parent, "letters");
  g_autofree char *link = g_build_filename (parent, "flint-demo-abcdef", NULL);
  g_autofree char *shared = folder_new (parent, "flint-demo-shared");
  g_autofree char *file = g_build_filename (parent, "flint-demo-a-file", NULL);

  g_assert_cmpint (symlink (other, link), ==, 0);
  g_assert_cmpint (g_chmod (shared, 0755), ==, 0);
  assert_refused (other);
  assert_refused (link);
  assert_refused (shared);
  assert_refused (file);
  assert_refused ("flint-demo-abcdef");

  g_unlink (link);
  folder_remove (other);
  folder_remove (shared);
  g_assert_cmpint (g_rmdir (parent), ==, 0);
}

static void
test_without_prosody_the_folder_stays (void)
{
  g_autofree char *parent = g_dir_make_tmp ("test-demo-XXXXXX", NULL);
  g_autofree char *folder = folder_new (parent, "flint-demo-abcdef");
  g_autoptr(TestPeer) process =
    test_peer_new ((const char *[]) { "env", "PATH=/nonexistent", FLINT_DEMO, "--folder", folder, NULL });

  g_assert_cmpint (test_peer_join (process), ==, 3);
  folder_remove (folder);
  g_assert_cmpint (g_rmdir (parent), ==, 0);
}

static void
test_without_prosody_it_says_so (void)
{
  g_autoptr(TestPeer) process =
    test_peer_new ((const char *[]) { "env", "PATH=/nonexistent", FLINT_DEMO, NULL });

  g_assert_cmpint (test_peer_join (process), ==, 3);
  g_assert_nonnull (test_peer_find (process, "{\"ready\":false,\"code\":\"no-server\",\"error\":\"?*\"}"));
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *missing = NULL;

  if (argc > 1 && g_str_equal (argv[1], "--own"))
    return own ();

  missing = test_server_find_missing (TEST_SERVER_PROSODY);
  if (missing != NULL)
    return test_server_skip (argc, argv, "demo", missing);

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/demo/it-says-where-it-is", test_it_says_where_it_is);
  g_test_add_func ("/demo/everybody-is-there", test_everybody_is_there);
  g_test_add_func ("/demo/there-is-somebody-of-every-status", test_there_is_somebody_of_every_status);
  g_test_add_func ("/demo/bob-greets-and-answers", test_bob_greets_and_answers);
  g_test_add_func ("/demo/a-message-with-a-subject-comes-and-is-answered",
                   test_a_message_with_a_subject_comes_and_is_answered);
  g_test_add_func ("/demo/headlines-come-from-the-newsroom-and-from-the-server",
                   test_headlines_come_from_the_newsroom_and_from_the_server);
  g_test_add_func ("/demo/a-stranger-asks-once-and-is-glad", test_a_stranger_asks_once_and_is_glad);
  g_test_add_func ("/demo/the-lounge-talks", test_the_lounge_talks);
  g_test_add_func ("/demo/the-lounge-talks-in-order", test_the_lounge_talks_in_order);
  g_test_add_func ("/demo/one-refuses-what-is-sent", test_one_refuses_what_is_sent);
  g_test_add_func ("/demo/people-change-their-status", test_people_change_their_status);

  g_test_add_func ("/demo/it-listens-on-the-loopback-alone", test_it_listens_on_the_loopback_alone);
  g_test_add_func ("/demo/its-directory-is-for-us-alone", test_its_directory_is_for_us_alone);
  g_test_add_data_func ("/demo/sigterm-ends-it", GINT_TO_POINTER (SIGTERM), test_a_signal_ends_it);
  g_test_add_data_func ("/demo/sigint-ends-it", GINT_TO_POINTER (SIGINT), test_a_signal_ends_it);
  g_test_add_func ("/demo/it-ends-while-it-starts", test_it_ends_while_it_starts);
  g_test_add_func ("/demo/two-do-not-meet", test_two_do_not_meet);
  g_test_add_func ("/demo/it-ends-when-who-started-it-is-killed", test_it_ends_when_who_started_it_is_killed);
  g_test_add_func ("/demo/a-folder-that-is-left-to-it-goes-with-it", test_a_folder_that_is_left_to_it_goes_with_it);
  g_test_add_func ("/demo/it-removes-no-folder-but-such-a-one", test_it_removes_no_folder_but_such_a_one);
  g_test_add_func ("/demo/without-prosody-the-folder-stays", test_without_prosody_the_folder_stays);
  g_test_add_func ("/demo/what-it-left-when-killed-goes-with-the-next", test_what_it_left_when_killed_goes_with_the_next);
  g_test_add_func ("/demo/without-prosody-it-says-so", test_without_prosody_it_says_so);

  return g_test_run ();
}
