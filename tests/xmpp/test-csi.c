/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0352: the server knows whether anybody looks */
#include "fake-sm.h"

#include "xmpp-csi.h"

#define JID      "juliet@capulet.lit/balcony"
#define CSI      "<csi xmlns='urn:xmpp:csi:0'/>"
#define ACTIVE   "<active xmlns='urn:xmpp:csi:0'/>"
#define INACTIVE "<inactive xmlns='urn:xmpp:csi:0'/>"

static FakeServer *
server_with (const char *features)
{
  FakeServer *server = fake_server_new (JID);

  g_free (server->features);
  server->features = g_strdup (features);

  return server;
}

static XmppCsi *
get_csi (FakeServer *server)
{
  return xmpp_session_get_module (server->session, XMPP_TYPE_CSI);
}

static void
test_told_once (void)
{
  g_autoptr(FakeServer) server = server_with (CSI);

  fake_server_login (server);
  fake_server_settle (server);
  g_assert_true (xmpp_csi_is_active (get_csi (server)));
  xmpp_csi_set_active (get_csi (server), TRUE);
  fake_server_no_more (server);

  xmpp_csi_set_active (get_csi (server), FALSE);
  xmpp_csi_set_active (get_csi (server), FALSE);
  fake_server_expect_next (server, INACTIVE);
  fake_server_no_more (server);

  xmpp_csi_set_active (get_csi (server), TRUE);
  fake_server_expect_next (server, ACTIVE);
  fake_server_no_more (server);
}

static void
test_not_where_nobody_wants_to_know (void)
{
  g_autoptr(FakeServer) server = server_with ("<csi xmlns='urn:x'/>");

  fake_server_login (server);
  fake_server_settle (server);
  xmpp_csi_set_active (get_csi (server), FALSE);
  fake_server_no_more (server);
}

static void
test_told_after_the_login (void)
{
  g_autoptr(FakeServer) server = server_with (CSI);

  xmpp_csi_set_active (get_csi (server), FALSE);
  fake_server_login (server);
  fake_server_expect (server, INACTIVE);

  /* And after the next one; that nobody looked is known all the same */
  fake_server_fin (server);
  fake_server_wait_until (server->n_closed == 1);
  g_ptr_array_set_size (server->waiting, 0);
  fake_server_login (server);
  fake_server_expect (server, INACTIVE);

  xmpp_csi_set_active (get_csi (server), TRUE);
  fake_server_fin (server);
  fake_server_wait_until (server->n_closed == 2);
  g_ptr_array_set_size (server->waiting, 0);
  fake_server_login (server);
  fake_server_settle (server);
  for (guint i = 0; i < server->waiting->len; i++)
    g_assert_cmpstr (g_ptr_array_index (server->waiting, i), !=, INACTIVE);
}

/* Resuming does not bring it back (XEP-0352, 4.2); and it is no stanza: the numbers stay right */
static void
test_told_after_resuming (void)
{
  g_autoptr(FakeServer) server = fake_server_new (JID);
  g_autoptr(FakeSm) sm = fake_sm_new (server);

  g_free (server->features);
  server->features = g_strdup (CSI FAKE_SM);
  fake_sm_login (sm);
  xmpp_csi_set_active (get_csi (server), FALSE);
  fake_server_expect (server, INACTIVE);
  fake_sm_cut (sm);
  fake_sm_reconnect (sm);
  fake_sm_resume (sm);
  fake_server_expect_next (server, INACTIVE);
  fake_server_no_more (server);

  /* What changes while there is no connection is told once */
  fake_sm_cut (sm);
  xmpp_csi_set_active (get_csi (server), TRUE);
  fake_sm_reconnect (sm);
  fake_sm_resume (sm);
  fake_server_no_more (server);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/csi/told-once", test_told_once);
  g_test_add_func ("/xmpp/csi/not-where-nobody-wants-to-know", test_not_where_nobody_wants_to_know);
  g_test_add_func ("/xmpp/csi/told-after-the-login", test_told_after_the_login);
  g_test_add_func ("/xmpp/csi/told-after-resuming", test_told_after_resuming);

  return g_test_run ();
}
