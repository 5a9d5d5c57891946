/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our engine, our core and a client for the command line, go-sendxmpp, over a real server */
#include "test-client.h"
#include "test-flint.h"
#include "test-peer.h"

static TestPeer *
new_peer (TestServer *server,
          TestClient *account,
          const char *option,
          const char *to)
{
  g_autofree char *host = g_strdup_printf ("127.0.0.1:%u", test_server_get_port (server, TEST_HOST_MAIN));
  const char *argv[] = {
    "env", NULL, "go-sendxmpp", "--username", test_client_get_address (account), "--password", account->password,
    "--jserver", host, option, to, NULL
  };
  g_autofree char *trust = g_strdup_printf ("SSL_CERT_FILE=%s", test_server_get_ca_path (server));

  argv[1] = trust;

  return test_peer_new (argv);
}

static void
test_what_it_sends_arrives (TestServer *server)
{
  g_autoptr(TestClient) juliet = test_client_new_user (server, "juliet");
  g_autoptr(TestClient) account = test_client_new_user (server, "cron");
  g_autoptr(TestPeer) peer = NULL;
  const TestMessage *message;

  test_client_log_in (juliet);
  peer = new_peer (server, account, test_client_get_address (juliet), NULL);
  test_peer_tell (peer, "The backup is done, 备份完成 <&>");
  test_peer_end (peer);

  test_wait_for (juliet->messages->len > 0);
  message = g_ptr_array_index (juliet->messages, 0);
  g_assert_cmpint (message->type, ==, XMPP_MESSAGE_CHAT);
  g_assert_true (g_str_has_prefix (message->body, "The backup is done, 备份完成 <&>"));
  g_assert_true (g_str_has_prefix (message->from, test_client_get_address (account)));
}

/* As a script says that something is wrong, with the bytes that Smack writes */
static void
test_a_headline_from_a_script_is_among_the_headlines (TestServer *server)
{
  g_autoptr(TestFlint) juliet = test_flint_new (server, "juliet");
  g_autoptr(TestClient) account = test_client_new_user (server, "cron");
  g_autoptr(TestPeer) peer = NULL;
  g_autofree char *message = NULL;

  test_flint_log_in (juliet);
  peer = new_peer (server, account, "--raw", juliet->address);
  message = g_strdup_printf ("<message to='%s' id='HtrHD-7' type='headline'><subject>Server down</subject>"
                             "<body>The server is down until noon</body></message>", juliet->address);
  test_peer_tell (peer, message);
  test_peer_end (peer);

  test_wait_for (juliet->n_headlines == 1);
  g_assert_nonnull (test_flint_find_headline (juliet, "The server is down until noon"));
  g_assert_cmpstr (flint_headline_get_subject (test_flint_find_headline (juliet, "The server is down until noon")), ==,
                   "Server down");
  g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_conversations (juliet->core)), ==, 0);
}

static void
test_what_it_says_in_a_room_arrives (TestServer *server)
{
  g_autoptr(TestClient) juliet = test_client_new_user (server, "juliet");
  g_autoptr(TestClient) account = test_client_new_user (server, "cron");
  g_autofree char *room = test_client_new_room (server);
  g_autoptr(TestPeer) peer = NULL;

  test_client_log_in (juliet);
  test_client_join (juliet, room, "Juliet");

  peer = new_peer (server, account, "--chatroom", room);
  test_peer_tell (peer, "The disk is full");
  test_peer_end (peer);

  test_wait_for (juliet->messages->len > 0 && test_client_find (juliet, "The disk is full") != NULL);
}

static guint
count_devices (TestClient *account)
{
  g_autoptr(GPtrArray) devices =
    xmpp_presence_get_resources (account->presence, xmpp_session_get_jid (account->session));

  return devices->len;
}

static void
test_what_we_send_is_printed (TestServer *server)
{
  g_autoptr(TestClient) juliet = test_client_new_user (server, "juliet");
  g_autoptr(TestClient) account = test_client_new_user (server, "logger");
  g_autoptr(TestPeer) peer = NULL;

  test_client_log_in (juliet);
  test_client_log_in (account);
  peer = new_peer (server, account, "--listen", NULL);

  /* it loses what comes while it logs in: its account's other device sees it there */
  test_wait_for (count_devices (account) == 2);
  test_client_send (juliet, XMPP_MESSAGE_CHAT, test_client_get_address (account), NULL, "Hello, 你好 <&>");
  test_peer_wait (peer, "*juliet-*Hello, 你好 <&>*");
}

static const TestServerCase cases[] = {
  { "go-sendxmpp/what-it-sends-arrives", test_what_it_sends_arrives },
  { "go-sendxmpp/a-headline-from-a-script-is-among-the-headlines", test_a_headline_from_a_script_is_among_the_headlines },
  { "go-sendxmpp/what-it-says-in-a-room-arrives", test_what_it_says_in_a_room_arrives },
  { "go-sendxmpp/what-we-send-is-printed", test_what_we_send_is_printed },
};

int
main (int   argc,
      char *argv[])
{
  const char *probe[] = { "go-sendxmpp", "--version", NULL };

  if (!test_peer_can_run (probe))
    return test_server_skip (argc, argv, "go-sendxmpp", "go-sendxmpp is not installed");

  return test_server_run (argc, argv, cases, G_N_ELEMENTS (cases));
}
