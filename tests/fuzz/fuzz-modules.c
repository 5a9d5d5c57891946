/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all modules read: stanzas to a session that has contacts, is in a room, and has asked everything that can be asked.
 * fuzz-script.h says what the input may be. As long as it is stanzas and nothing else the session lives, and hears.
 */
#include "fuzz-script.h"
#include "parser-log.h"

#include "xmpp-blocking.h"
#include "xmpp-disco.h"
#include "xmpp-muc.h"
#include "xmpp-presence.h"
#include "xmpp-roster.h"
#include "xmpp-time.h"
#include "xmpp-vcard.h"
#include "xmpp-version.h"

#include <string.h>

#define MAX_SIZE (16 * 1024)

static void
check_words (const char *text)
{
  g_assert_true (text == NULL || g_utf8_validate (text, -1, NULL));
}

static void
on_vcard (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppVcard) card = xmpp_vcards_get_finish (XMPP_VCARDS (object), result, &error);

  if (card == NULL)
    {
      fuzz_assert_words (error);
      return;
    }

  check_words (card->full_name);
  check_words (card->url);
  g_assert_true ((card->photo == NULL) == (card->photo_type == NULL));
  g_assert_true (card->photo == NULL || strlen (card->photo_hash) == 40);
}

static void
on_version (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppSoftware) software = xmpp_version_ask_finish (XMPP_VERSION (object), result, &error);

  if (software == NULL)
    fuzz_assert_words (error);
}

static void
on_time (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  gint64 time;
  int offset;

  if (!xmpp_time_ask_finish (XMPP_TIME (object), result, &time, &offset, &error))
    fuzz_assert_words (error);
  else
    g_assert_cmpint (ABS (offset), <=, 14 * 60);
}

static void
on_info (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  XmppDiscoInfo *info = xmpp_disco_info_finish (XMPP_DISCO (object), result, &error);

  if (info == NULL)
    {
      fuzz_assert_words (error);
      return;
    }

  for (guint i = 0; info->features[i] != NULL; i++)
    g_assert_true (xmpp_disco_info_has (info, info->features[i]));
  for (guint i = 0; i < info->identities->len; i++)
    {
      const XmppIdentity *identity = info->identities->pdata[i];

      g_assert_true (xmpp_disco_info_is (info, identity->category, identity->type));
    }
  xmpp_disco_info_unref (info);
}

static void
on_items (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) items = xmpp_disco_items_finish (XMPP_DISCO (object), result, &error);

  if (items == NULL)
    fuzz_assert_words (error);
  for (guint i = 0; items != NULL && i < items->len; i++)
    g_assert_nonnull (((const XmppDiscoItem *) items->pdata[i])->jid);
}

static void
on_blocked (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!xmpp_blocking_change_finish (XMPP_BLOCKING (object), result, &error))
    fuzz_assert_words (error);
}

static void
on_changed (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!xmpp_roster_change_finish (XMPP_ROSTER (object), result, &error))
    fuzz_assert_words (error);
}

static gpointer
module (FakeServer *server,
        GType       type)
{
  return xmpp_session_get_module (server->session, type);
}

static void
ask_everything (FakeServer *server)
{
  g_autoptr(XmppJid) bob = xmpp_jid_new ("bob@peer.test", NULL);
  g_autoptr(XmppJid) phone = xmpp_jid_new ("bob@peer.test/p", NULL);
  g_autoptr(XmppJid) rooms = xmpp_jid_new ("muc.test", NULL);

  xmpp_vcards_get_async (module (server, XMPP_TYPE_VCARDS), bob, NULL, on_vcard, NULL);
  xmpp_version_ask_async (module (server, XMPP_TYPE_VERSION), phone, NULL, on_version, NULL);
  xmpp_time_ask_async (module (server, XMPP_TYPE_TIME), phone, NULL, on_time, NULL);
  xmpp_disco_info_async (module (server, XMPP_TYPE_DISCO), rooms, NULL, NULL, on_info, NULL);
  xmpp_disco_items_async (module (server, XMPP_TYPE_DISCO), rooms, NULL, NULL, on_items, NULL);
  xmpp_blocking_block_async (module (server, XMPP_TYPE_BLOCKING), bob, NULL, on_blocked, NULL);
  xmpp_roster_set_async (module (server, XMPP_TYPE_ROSTER), bob, "Bob", NULL, NULL, on_changed, NULL);
}

static FakeServer *
new_victim (void)
{
  FakeServer *server = fuzz_login ();
  g_autoptr(XmppJid) room = xmpp_jid_new ("room@muc.test", NULL);

  fake_server_answer (server, "jabber:iq:roster",
                      "<query xmlns='jabber:iq:roster'><item jid='bob@peer.test' subscription='both'/></query>");
  xmpp_muc_join_async (module (server, XMPP_TYPE_MUC), room, "juliet", NULL, -1, NULL, NULL, NULL);
  fake_server_send (server,
                    "<presence from='room@muc.test/bob'><x xmlns='http://jabber.org/protocol/muc#user'>"
                    "<item affiliation='member' role='participant'/></x></presence>"
                    "<presence from='room@muc.test/juliet'><x xmlns='http://jabber.org/protocol/muc#user'>"
                    "<item affiliation='member' role='participant'/><status code='110'/></x></presence>"
                    "<message type='groupchat' from='room@muc.test'><subject>s</subject></message>"
                    "<presence from='bob@peer.test/p'/>");
  ask_everything (server);
  fuzz_settle (server);

  return server;
}

/* Whether it is whole stanzas and white space: then it is no reason to end a connection */
static gboolean
is_stanzas (const guint8 *data,
            gsize         size)
{
  static const char end[] = "<presence id='the-end'/>";
  g_autoptr(ParserLog) log = parser_log_new_fed (HEADER);

  if (memchr (data, '{', size) != NULL || !parser_log_feed (log, (const char *) data, size) ||
      !parser_log_feed (log, end, strlen (end)) || log->stanzas->len == 0 ||
      g_strcmp0 (xmpp_node_get (parser_log_get_root (log, log->stanzas->len - 1), "id"), "the-end") != 0 ||
      g_str_equal (log->said->pdata[log->said->len - 1], "closed"))
    return FALSE;

  for (guint i = 0; i < log->stanzas->len; i++)
    {
      const XmppNode *root = parser_log_get_root (log, i);

      if (!xmpp_node_is (root, "message", XMPP_NS_CLIENT) && !xmpp_node_is (root, "presence", XMPP_NS_CLIENT) &&
          !xmpp_node_is (root, "iq", XMPP_NS_CLIENT))
        return FALSE;
    }

  return TRUE;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FuzzScript script = { NULL };

  if (size > MAX_SIZE)
    return 0;

  fuzz_script_begin ();
  script.server = new_victim ();
  fuzz_script_run (&script, (const char *) data, size);

  if (is_stanzas (data, size))
    fuzz_assert_hears (script.server);
  else
    fuzz_assert_one_end (script.server);
  fake_server_free (script.server);

  return 0;
}
