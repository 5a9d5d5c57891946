/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* T133: what somebody wrote stands in no log, whatever was wrong with it. libxml2, left alone, prints the line */
#include "message-log.h"
#include "parser-log.h"

#include <string.h>

#define SECRET "TOP-SECRET-WORD"

static const char * const broken[] = {
  "<message><body>" SECRET "</wrong></message>",
  "<message><body>" SECRET "&nbsp;</body></message>",
  "<message><body>" SECRET "&" SECRET ";</body></message>",
  "<message><body>" SECRET "&#0;</body></message>",
  "<message><body>" SECRET " < </body></message>",
  "<message><body>" SECRET "\xC0\xAF</body></message>",
  "<message><body>" SECRET "\x01</body></message>",
  "<message><body>" SECRET "]]></body></message>",
  "<message><body " SECRET "=1>x</body></message>",
  "<message><body a='" SECRET "' a='" SECRET "'>x</body></message>",
  "<message><p:body p:a='" SECRET "'>" SECRET "</p:body></message>",
  "<message><body xmlns:xml='" SECRET "'>" SECRET "</body></message>",
  "<message><!-- " SECRET " --></message>",
  "<message><?" SECRET " x?></message>",
  "<!DOCTYPE " SECRET " [<!ENTITY a '" SECRET "'>]>",
  "<message><![CDATA[" SECRET "\xC0\xBC]]></message>",
  SECRET "<presence/>",
  "</stream:stream>" SECRET "<",
  "<iq type='set' id='1'><query xmlns='jabber:iq:roster'><item jid='" SECRET "' name='" SECRET "'/></query>" SECRET "</wrong>",
};

/* Well formed, and wrong in other ways */
static const char * const odd[] = {
  "<message from='eve@evil.lit/x'><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"
    "<message xmlns='jabber:client' from='a@b.c'><body>" SECRET "</body></message></forwarded></received></message>",
  "<message to='nurse@capulet.lit'><body>" SECRET "</body></message>",
  "<message from='room@rooms.lit/x' type='groupchat'><body>" SECRET "</body></message>",
  "<message from='romeo@montague.lit' type='error' id='x'><body>" SECRET "</body></message>",
  "<message from=''><body>" SECRET "</body></message>",
  "<other xmlns='urn:x'>" SECRET "</other>",
  "<presence from='eve@evil.lit' type='subscribe'><status>" SECRET "</status></presence>",
  "<iq type='result' id='nobody' from='eve@evil.lit'><query xmlns='urn:x'>" SECRET "</query></iq>",
  "<iq type='set' id='a' from='eve@evil.lit'><query xmlns='urn:x'>" SECRET "</query></iq>",
  "<message from='eve@evil.lit' type='chat'><body>" SECRET "</body><delay xmlns='urn:xmpp:delay' stamp='never'/></message>",
};

/* Run in a process of their own */

static void
parse_all (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr(ParserLog) log = parser_log_new ();

      parser_log_feed (log, HEADER, -1);
      parser_log_feed (log, broken[i], -1);
      g_assert_true (log->error != NULL || g_str_has_prefix (broken[i], "</stream:stream>"));
    }
}

static void
receive_all (void)
{
  g_setenv ("G_MESSAGES_DEBUG", "all", TRUE);

  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr(FakeServer) server = fake_server_new ("juliet@capulet.lit/balcony");

      fake_server_login (server);
      for (guint j = 0; i == 0 && j < G_N_ELEMENTS (odd); j++)
        fake_server_send (server, odd[j]);
      fake_server_ping (server);
      fake_server_send (server, broken[i]);
      fake_server_wait_until (server->n_closed == 1);
      if (server->closed_error != NULL && strstr (server->closed_error->message, SECRET) != NULL)
        g_error ("in the error of %u", i);
    }
}


static void
test_silent (gconstpointer path)
{
  g_test_trap_subprocess (path, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr_unmatched ("*" SECRET "*");
  g_test_trap_assert_stdout_unmatched ("*" SECRET "*");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/xmpp/silence/T133-the-parser-prints-nothing", "/xmpp/silence/parser/subprocess", test_silent);
  g_test_add_data_func ("/xmpp/silence/T133-nor-does-the-session", "/xmpp/silence/session/subprocess", test_silent);
  g_test_add_func ("/xmpp/silence/parser/subprocess", parse_all);
  g_test_add_func ("/xmpp/silence/session/subprocess", receive_all);

  return g_test_run ();
}
