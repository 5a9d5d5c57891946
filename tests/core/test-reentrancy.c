/* SPDX-License-Identifier: GPL-3.0-or-later */
/* T124: stanzas come while what they are about goes away */
#include "core-fixture.h"

#include <string.h>

#define MIXED \
  "<message from='bob@peer.test/p' to='me@good.test/r1' type='chat' id='a'><body>a</body><active xmlns='http://jabber.org/protocol/chatstates'/></message>" \
  "<presence from='bob@peer.test/p'><show>away</show></presence>" \
  "<message from='room@muc.test/ann' to='me@good.test/r1' type='groupchat' id='b'><body>b</body></message>" \
  "<message from='room@muc.test/ann' to='me@good.test/r1' type='chat' id='c'><body>c</body><x xmlns='http://jabber.org/protocol/muc#user'/></message>" \
  "<message from='eve@evil.test/x' to='me@good.test/r1'><subject>s</subject><body>d</body></message>" \
  "<message from='good.test' to='me@good.test/r1' type='headline'><subject>s</subject><body>e</body></message>" \
  "<presence from='carl@peer.test' to='me@good.test/r1' type='subscribe'/>" \
  "<message from='ann@peer.test' to='me@good.test/r1'><x xmlns='jabber:x:conference' jid='trap@muc.test'/></message>" \
  "<presence from='room@muc.test/ann' type='unavailable'><x xmlns='http://jabber.org/protocol/muc#user'><item role='none' affiliation='none'/></x></presence>" \
  "<iq type='set' id='r'><query xmlns='jabber:iq:roster'><item jid='bob@peer.test' subscription='remove'/></query></iq>" \
  "<message from='bob@peer.test/p' to='me@good.test/r1' type='error' id='a'><error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"

/* What somebody does who hears of the nth thing */
typedef enum
{
  CLOSE_CHAT,
  FORGET_ROOM,
  DISCONNECT,
  DISCONNECT_AND_CONNECT,
  ABORT,
  REMOVE,
  N_DEEDS
} Deed;

typedef struct
{
  TestCore  *test;
  FlintRoom *room;     /* owned */
  GPtrArray *models;   /* of GListModel */
  Deed       deed;
  guint      left;     /* things heard until then */
  gboolean   is_done;
} Actor;

static void
close_chats (FlintCore *core)
{
  GListModel *conversations = flint_core_get_conversations (core);

  while (g_list_model_get_n_items (conversations) > 0)
    {
      g_autoptr(FlintConversation) conversation = g_list_model_get_item (conversations, 0);

      flint_core_close_conversation (core, conversation);
    }
}

static void
forget_rooms (FlintCore *core)
{
  GListModel *rooms = flint_core_get_rooms (core);

  while (g_list_model_get_n_items (rooms) > 0)
    {
      g_autoptr(FlintRoom) room = g_list_model_get_item (rooms, 0);

      flint_core_forget_room (core, room);
    }
}

static void
act (Actor *actor)
{
  FlintCore *core = actor->test->core;
  FlintAccount *account = actor->test->me->account;

  if (actor->is_done || actor->left-- > 0)
    return;

  actor->is_done = TRUE;

  switch (actor->deed)
    {
    case CLOSE_CHAT:
      close_chats (core);
      break;

    case FORGET_ROOM:
      forget_rooms (core);
      break;

    case DISCONNECT:
      flint_account_disconnect (account);
      break;

    case DISCONNECT_AND_CONNECT:
      flint_account_disconnect (account);
      flint_account_connect (account);
      break;

    case ABORT:
      xmpp_session_abort (flint_account_get_session (account));
      break;

    case REMOVE:
      flint_account_list_remove (flint_core_get_accounts (core), account);
      break;

    case N_DEEDS:
    default:
      g_assert_not_reached ();
    }
}

static void
on_stanza (XmppSession   *session,
           XmppStanza    *stanza,
           XmppDirection  direction,
           Actor         *actor)
{
  if (direction == XMPP_RECEIVED)
    act (actor);
}

static gboolean
is_read (TestCore *test)
{
  return !flint_account_is_online (test->me->account) || !g_main_context_pending (NULL);
}

/* All that a window could listen to */
static GPtrArray *
list_models (Actor *actor)
{
  FlintCore *core = actor->test->core;
  FlintAccount *account = actor->test->me->account;
  FlintRoom *room = actor->room;
  GPtrArray *models = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (models, g_object_ref (flint_account_get_contacts (account)));
  g_ptr_array_add (models, g_object_ref (flint_core_get_tree (core)));
  g_ptr_array_add (models, g_object_ref (flint_core_get_conversations (core)));
  g_ptr_array_add (models, g_object_ref (flint_core_get_rooms (core)));
  g_ptr_array_add (models, g_object_ref (flint_core_get_headlines (core)));
  g_ptr_array_add (models, g_object_ref (flint_core_get_letters (core)));
  g_ptr_array_add (models, g_object_ref (flint_core_get_requests (core)));
  g_ptr_array_add (models, g_object_ref (flint_room_get_occupants (room)));
  g_ptr_array_add (models, g_object_ref (flint_conversation_get_timeline (flint_room_get_conversation (room))));

  return models;
}

static void
watch (Actor *actor)
{
  static const char * const signals[] = { "message-received", "headline-received", "letter-received", "request-received", "invited", "notify" };
  FlintAccount *account = actor->test->me->account;

  actor->models = list_models (actor);

  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    g_signal_connect_swapped (actor->test->core, signals[i], G_CALLBACK (act), actor);

  for (guint i = 0; i < actor->models->len; i++)
    g_signal_connect_swapped (g_ptr_array_index (actor->models, i), "items-changed", G_CALLBACK (act), actor);

  g_signal_connect (flint_account_get_session (account), "stanza", G_CALLBACK (on_stanza), actor);
  g_signal_connect_swapped (account, "notify", G_CALLBACK (act), actor);
  g_signal_connect_swapped (actor->room, "notify", G_CALLBACK (act), actor);
  g_signal_connect_swapped (flint_room_get_conversation (actor->room), "notify", G_CALLBACK (act), actor);
}

static void
unwatch (Actor *actor)
{
  FlintAccount *account = actor->test->me->account;

  for (guint i = 0; i < actor->models->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (actor->models, i), actor);

  g_signal_handlers_disconnect_by_data (actor->test->core, actor);
  g_signal_handlers_disconnect_by_data (flint_account_get_session (account), actor);
  g_signal_handlers_disconnect_by_data (account, actor);
  g_signal_handlers_disconnect_by_data (actor->room, actor);
  g_signal_handlers_disconnect_by_data (flint_room_get_conversation (actor->room), actor);
  g_clear_pointer (&actor->models, g_ptr_array_unref);
  g_clear_object (&actor->room);
}

/* Returns whether there was an nth thing */
static gboolean
try_deed (Deed  deed,
          guint n)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  Actor actor = { .test = test, .deed = deed, .left = n };
  gboolean is_removed = deed == REMOVE;

  g_test_message ("deed %u, thing %u", deed, n);
  actor.room = g_object_ref (test_account_join (test->me, "<presence from='room@muc.test/ann'><x xmlns='http://jabber.org/protocol/muc#user'><item role='participant' affiliation='none'/></x></presence>"));
  watch (&actor);
  fake_server_send (test->me->server, MIXED);
  fake_server_wait_until (is_read (test));
  unwatch (&actor);

  /* Whatever was done, the other parts live on */
  if (!is_removed || !actor.is_done)
    {
      g_autoptr(XmppJid) jid = xmpp_jid_new ("ann@peer.test", NULL);

      g_assert_nonnull (flint_core_open_chat (test->core, test->me->account, jid));
    }
  else
    {
      g_assert_cmpuint (g_list_model_get_n_items (flint_core_get_conversations (test->core)), ==, 0);

      /* The server has its two seconds for a goodbye */
      fake_clock_advance (test->me->server->clock, 2000);
    }

  return actor.is_done;
}

static void
test_deed (gconstpointer data)
{
  guint n = 0;

  while (try_deed (GPOINTER_TO_UINT (data), n))
    n++;

  g_test_message ("%u things", n);
  g_assert_cmpuint (n, >, 10);
}

int
main (int   argc,
      char *argv[])
{
  static const char * const deeds[N_DEEDS] = {
    [CLOSE_CHAT]             = "chats-are-closed",
    [FORGET_ROOM]            = "rooms-are-forgotten",
    [DISCONNECT]             = "it-is-signed-out",
    [DISCONNECT_AND_CONNECT] = "it-is-signed-out-and-in",
    [ABORT]                  = "the-connection-is-dropped",
    [REMOVE]                 = "the-account-is-removed",
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < N_DEEDS; i++)
    {
      g_autofree char *path = g_strdup_printf ("/core/reentrancy/T124-stanzas-come-while-%s", deeds[i]);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_deed);
    }

  return g_test_run ();
}
