/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0198: hundreds of cuts, at any byte in either direction, and nothing is lost, doubled or out of order */
#include "fake-sm.h"

#include <string.h>

#define JID     "juliet@capulet.lit/balcony"
#define N_SEEDS 4
#define N_CUTS  100

typedef struct
{
  FakeServer *server;
  FakeSm     *sm;
  GRand      *rand;
  guint       seed;

  void      (*inner) (gpointer    user_data,
                      const char *element);

  guint       n_said;         /* messages of the client, 1, 2, … */
  guint       n_heard;        /* of those, handled by the server: in their order, each once */
  guint       n_confirmed;    /* and told to be */
  guint       n_served;       /* messages of the server */
  guint       n_told;         /* of those, told by the session */
  GArray     *holds;          /* of guint */
  guint       n_cut_resumes;
} Game;

static gboolean
toss (Game *game,
      guint one_in)
{
  return g_rand_int_range (game->rand, 0, one_in) == 0;
}

static guint
get_number (const char *id)
{
  g_assert_nonnull (id);

  return g_ascii_strtoull (id + 1, NULL, 10);
}

static Game *current;   /* the hooks' own data is the model */

static void
on_received (gpointer    user_data,
             const char *element)
{
  Game *game = current;

  if (game->sm->is_enabled && g_str_has_prefix (element, "<message"))
    {
      g_autofree char *id = fake_xml_get (element, "id");

      game->n_heard++;
      g_assert_cmpuint (get_number (id), ==, game->n_heard);
    }

  game->inner (game->sm, element);
}

static void
on_message (XmppSession       *session,
            const XmppMessage *message,
            Game              *game)
{
  game->n_told++;
  g_assert_cmpuint (get_number (message->id), ==, game->n_told);

  if (toss (game, 4))
    {
      guint hold = xmpp_session_hold_ack (session);

      g_assert_cmpuint (hold, !=, 0);
      g_array_append_val (game->holds, hold);
    }
}

static void
on_acknowledged (XmppSession *session,
                 XmppStanza  *message,
                 Game        *game)
{
  game->n_confirmed++;
  g_assert_cmpuint (get_number (xmpp_node_get (xmpp_stanza_get_root (message), "id")), ==, game->n_confirmed);
}

static void
on_unacknowledged (XmppSession *session,
                   GPtrArray   *messages,
                   Game        *game)
{
  g_error ("seed %u: the session was given up", game->seed);
}

static void
say (Game *game)
{
  g_autoptr(XmppJid) to = xmpp_jid_new ("romeo@montague.lit", NULL);
  g_autofree char *id = g_strdup_printf ("c%u", ++game->n_said);
  g_autofree char *body = g_strnfill (g_rand_int_range (game->rand, 1, 200), 'x');
  XmppMessage message = { .type = XMPP_MESSAGE_CHAT, .to = to, .id = id, .body = body };

  xmpp_session_send_message (game->server->session, &message);
}

/* Also while nobody is there: the server keeps it */
static void
serve (Game *game)
{
  g_autofree char *body = g_strnfill (g_rand_int_range (game->rand, 1, 200), 'y');
  g_autofree char *xml = g_strdup_printf ("<message from='romeo@montague.lit/x' id='s%u' type='chat'><body>%s</body></message>",
                                          ++game->n_served, body);

  if (game->server->fd >= 0)
    fake_server_send (game->server, xml);
  else
    game->server->on_sent (game->server->hook_data, xml);
}

static void
release_one (Game *game)
{
  guint index;

  if (game->holds->len == 0)
    return;

  index = g_rand_int_range (game->rand, 0, game->holds->len);
  xmpp_session_release_ack (game->server->session, g_array_index (game->holds, guint, index));
  g_array_remove_index (game->holds, index);
}

static void
turn (Game *game)
{
  for (guint n = g_rand_int_range (game->rand, 0, 6); n > 0; n--)
    g_main_context_iteration (NULL, FALSE);
}

static void
step (Game *game)
{
  switch (g_rand_int_range (game->rand, 0, 7))
    {
    case 0:
    case 1:
      for (guint n = g_rand_int_range (game->rand, 1, 6); n > 0; n--)
        say (game);
      break;

    case 2:
    case 3:
      for (guint n = g_rand_int_range (game->rand, 1, 6); n > 0; n--)
        serve (game);
      break;

    case 4:
      if (game->server->fd >= 0)
        fake_server_send (game->server, "<r xmlns='urn:xmpp:sm:3'/>");
      break;

    case 5:
      release_one (game);
      break;

    default:
      fake_clock_advance (game->server->clock, g_rand_int_range (game->rand, 1, 300));
    }

  turn (game);
}

static void
cut (Game *game)
{
  g_autoptr(GError) error = g_error_new_literal (XMPP_ERROR, XMPP_ERROR_TIMED_OUT, "test");

  switch (g_rand_int_range (game->rand, 0, 5))
    {
    case 0:
      fake_server_fin (game->server);
      break;

    case 1:
      fake_server_reset (game->server);
      break;

    case 2:
      xmpp_session_fail (game->server->session, error);
      break;

    case 3:
      game->server->read_limit = g_rand_int_range (game->rand, 1, 1500);
      while (game->server->fd >= 0)
        {
          say (game);
          turn (game);
        }
      break;

    default:
      game->server->write_limit = g_rand_int_range (game->rand, 1, 1500);
      while (game->server->fd >= 0)
        {
          serve (game);
          turn (game);
        }
    }

  fake_server_wait_until (xmpp_session_get_state (game->server->session) == XMPP_STATE_OFFLINE);
  g_assert_true (xmpp_session_is_resumable (game->server->session));
}

static void
reconnect (Game *game)
{
  g_ptr_array_set_size (game->server->waiting, 0);
  fake_sm_reconnect (game->sm);
}

/* In the middle of it, too: at any byte of the answer */
static void
come_back (Game *game)
{
  reconnect (game);

  while (game->n_cut_resumes < 2 && toss (game, 3))
    {
      g_autofree char *resumed = g_strdup_printf ("<resumed xmlns='urn:xmpp:sm:3' previd='%s' h='%u'/>",
                                                  game->sm->id, game->sm->handled);

      game->n_cut_resumes++;
      fake_sm_expect_resume (game->sm);
      game->server->write_limit = g_rand_int_range (game->rand, 1, strlen (resumed));
      fake_server_send (game->server, resumed);
      fake_server_wait_until (!game->server->is_connecting);
      reconnect (game);
    }

  game->n_cut_resumes = 0;
  fake_sm_resume (game->sm);
}

static gboolean
is_settled (Game *game)
{
  return game->n_heard == game->n_said && game->n_confirmed == game->n_said && game->n_told == game->n_served;
}

static void
play (Game *game)
{
  fake_sm_login (game->sm);
  game->inner = game->server->on_received;
  game->server->on_received = on_received;
  current = game;

  for (guint i = 0; i < N_CUTS; i++)
    {
      for (guint n = g_rand_int_range (game->rand, 0, 12); n > 0; n--)
        step (game);

      cut (game);
      for (guint n = g_rand_int_range (game->rand, 0, 4); n > 0; n--)
        {
          say (game);
          serve (game);
          if (toss (game, 2))
            release_one (game);
        }

      come_back (game);
    }

  fake_server_wait_until (is_settled (game));
  while (game->holds->len > 0)
    release_one (game);
  fake_server_send (game->server, "<r xmlns='urn:xmpp:sm:3'/>");
  fake_server_wait_until (game->sm->h == game->sm->sent);
  g_assert_cmpuint (game->n_said, >, N_CUTS);
  g_assert_cmpuint (game->n_served, >, N_CUTS);
}

static void
test_cuts (gconstpointer data)
{
  Game game = { .seed = GPOINTER_TO_UINT (data) };

  game.rand = g_rand_new_with_seed (game.seed);
  game.holds = g_array_new (FALSE, FALSE, sizeof (guint));
  game.server = fake_server_new (JID);
  game.sm = fake_sm_new (game.server);
  g_object_set (game.server->session, "security", XMPP_SECURITY_DISABLED, NULL);
  g_signal_connect (game.server->session, "message", G_CALLBACK (on_message), &game);
  g_signal_connect (game.server->session, "acknowledged", G_CALLBACK (on_acknowledged), &game);
  g_signal_connect (game.server->session, "unacknowledged", G_CALLBACK (on_unacknowledged), &game);

  play (&game);

  fake_sm_free (game.sm);
  fake_server_free (game.server);
  g_array_unref (game.holds);
  g_rand_free (game.rand);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < N_SEEDS; i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/resumption-random/F16-S48-cuts-at-any-byte/%u", i);

      g_test_add_data_func (path, GUINT_TO_POINTER (i + 1), test_cuts);
    }

  return g_test_run ();
}
