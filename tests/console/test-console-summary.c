/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console-entries.h"
#include "console-summary.h"

#include <string.h>

#define SENT     XMPP_SENT
#define RECEIVED XMPP_RECEIVED
#define STANZAS  "urn:ietf:params:xml:ns:xmpp-stanzas"

typedef struct
{
  XmppDirection  direction;
  const char    *xml;
  const char    *words;
} Line;

static void
check (const Line *lines,
       guint       n_lines)
{
  for (guint i = 0; i < n_lines; i++)
    {
      g_autoptr(ConsoleEntry) entry = test_entry_new (lines[i].direction, lines[i].xml);

      g_test_message ("%s", lines[i].xml);
      g_assert_cmpstr (console_entry_get_summary (entry), ==, lines[i].words);
    }
}

static void
test_messages (void)
{
  static const Line lines[] = {
    { SENT, "<message to='jane@example.org' type='chat'><body>hello</body></message>", "to jane: “hello”" },
    { RECEIVED, "<message from='jane@example.org/phone' type='chat'><body>hello</body></message>", "jane: “hello”" },
    { RECEIVED, "<message from='jane@example.org/phone'><subject>Report</subject><body>x</body></message>", "jane: letter “Report”" },
    { RECEIVED, "<message from='jane@example.org/phone' type='normal'><body>x</body></message>", "jane: letter “x”" },
    { RECEIVED, "<message from='lounge@muc.test/mei' type='groupchat'><body>hi</body></message>", "lounge: mei: “hi”" },
    { RECEIVED, "<message from='lounge@muc.test' type='groupchat'><body>locked</body></message>", "lounge: “locked”" },
    { RECEIVED, "<message from='example.org' type='headline'><subject>Server down</subject><body>x</body></message>", "headline: “Server down”" },
    { RECEIVED, "<message from='jane@example.org' type='error'><error type='cancel'><service-unavailable xmlns='" STANZAS "'/></error></message>",
      "not delivered to jane: service-unavailable" },
    { RECEIVED, "<message from='jane@example.org/p'><received xmlns='urn:xmpp:receipts' id='m7'/></message>", "jane received m7" },
    { RECEIVED, "<message from='jane@example.org/p' type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>", "jane is typing" },
    { RECEIVED, "<message from='" JOHN "'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"
                "<message xmlns='jabber:client' to='jane@example.org' type='chat'><body>from the other one</body></message></forwarded></sent></message>",
      "copy of what we sent: to jane: “from the other one”" },
    { RECEIVED, "<message from='lounge@muc.test'><x xmlns='http://jabber.org/protocol/muc#user'><invite from='jane@example.org'/></x></message>",
      "jane invites you to lounge" },
    { RECEIVED, "<message from='jane@example.org'><thing xmlns='urn:what'/></message>", "message with thing of urn:what: jane" },
  };

  check (lines, G_N_ELEMENTS (lines));
}

static void
test_presence (void)
{
  static const Line lines[] = {
    { SENT, "<presence/>", "is online" },
    { SENT, "<presence type='unavailable'/>", "goes offline" },
    { RECEIVED, "<presence from='jane@example.org/p'><show>away</show></presence>", "jane is away" },
    { RECEIVED, "<presence from='jane@example.org/p'><show>away</show><status>lunch</status></presence>", "jane is away: “lunch”" },
    { RECEIVED, "<presence from='jane@example.org' type='subscribe'/>", "jane asks to see your presence" },
    { SENT, "<presence to='lounge@muc.test/john'><x xmlns='http://jabber.org/protocol/muc'/></presence>", "joins lounge as john" },
    { RECEIVED, "<presence from='lounge@muc.test/mei'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='admin' role='moderator'/></x></presence>",
      "lounge: mei is here (admin, moderator)" },
    { RECEIVED, "<presence from='jane@example.org' type='strange'/>", "presence of type strange" },
  };

  check (lines, G_N_ELEMENTS (lines));
}

static void
test_iq (void)
{
  static const Line lines[] = {
    { SENT, "<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>", "asks for the contact list" },
    { RECEIVED, "<iq type='result' id='1'><query xmlns='jabber:iq:roster'><item jid='a@b'/><item jid='c@d'/></query></iq>", "contact list: 2 contacts" },
    { RECEIVED, "<iq type='set' id='1'><query xmlns='jabber:iq:roster'><item jid='a@b' subscription='remove'/></query></iq>", "contact list: a@b is removed" },
    { SENT, "<iq type='get' id='1' to='example.org'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>", "asks example.org what it can do" },
    { RECEIVED, "<iq type='result' id='1' from='example.org'><query xmlns='http://jabber.org/protocol/disco#info'>"
                "<identity category='server' type='im' name='Openfire Server'/><feature var='a'/></query></iq>", "example.org: Openfire Server, 1 feature" },
    { RECEIVED, "<iq type='get' id='1' from='example.org'><ping xmlns='urn:xmpp:ping'/></iq>", "example.org pings us" },
    { SENT, "<iq type='result' id='1' to='example.org'/>", "answers example.org: done" },
    { RECEIVED, "<iq type='result' id='1' from='example.org'><query xmlns='jabber:iq:version'><name>Openfire</name><version>5.2</version></query></iq>",
      "example.org is Openfire 5.2" },
    { RECEIVED, "<iq type='error' id='1' from='lounge@muc.test'><error type='auth'><forbidden xmlns='" STANZAS "'/><text xmlns='" STANZAS "'>No.</text></error></iq>",
      "lounge refuses it: forbidden, “No.”" },
    { RECEIVED, "<iq type='get' id='1' from='jane@example.org/p'><q xmlns='urn:what'/></iq>", "jane asks for q of urn:what" },
    { SENT, "<iq type='set' id='1'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>", "asks for a session" },
  };

  check (lines, G_N_ELEMENTS (lines));
}

static void
test_steps (void)
{
  static const Line lines[] = {
    { SENT, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "asks for TLS" },
    { RECEIVED, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "agrees to TLS" },
    { SENT, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'>AA==</auth>", "starts SCRAM-SHA-1" },
    { RECEIVED, "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>", "refuses the login: not-authorized" },
    { RECEIVED, "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>", "ends the stream: conflict" },
    { SENT, "<r xmlns='urn:xmpp:sm:3'/>", "asks for an acknowledgement" },
    { RECEIVED, "<a xmlns='urn:xmpp:sm:3' h='5'/>", "acknowledges 5" },
    { RECEIVED, "<what xmlns='urn:ever'/>", "what of urn:ever" },
  };
  g_autoptr(ConsoleEntry) opens = test_entry_new_event (XMPP_EVENT_HEADER, XMPP_SENT, "<stream:stream to='example.org'>");
  g_autoptr(ConsoleEntry) closes = test_entry_new_event (XMPP_EVENT_HEADER, XMPP_RECEIVED, "</stream:stream>");
  g_autoptr(ConsoleEntry) space = test_entry_new_event (XMPP_EVENT_WHITESPACE, XMPP_SENT, " ");
  g_autoptr(ConsoleEntry) tls = test_entry_new_event (XMPP_EVENT_TLS, XMPP_RECEIVED, "TLS 1.3");

  check (lines, G_N_ELEMENTS (lines));
  g_assert_cmpstr (console_entry_get_summary (opens), ==, "opens the stream");
  g_assert_cmpstr (console_entry_get_summary (closes), ==, "the server closes the stream");
  g_assert_cmpstr (console_entry_get_summary (space), ==, "keeps the connection open");
  g_assert_cmpstr (console_entry_get_summary (tls), ==, "TLS 1.3");
}

/* What is broken in any way is described all the same, in one line. */
static void
test_broken (void)
{
  static const char * const broken[] = {
    "<message/>",
    "<message type=''><body/></message>",
    "<message type='error'/>",
    "<message type='error'><error/></message>",
    "<message type='error'><error><text>words alone</text></error></message>",
    "<message from=''><body>x</body></message>",
    "<message from='@'><body>x</body></message>",
    "<message from='/'><subject>x</subject></message>",
    "<message type='groupchat' from='room@muc.test/'><subject/></message>",
    "<message><sent xmlns='urn:xmpp:carbons:2'/></message>",
    "<message><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'/></received></message>",
    "<message><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client'/></forwarded></received></message>",
    "<message><result xmlns='urn:xmpp:mam:2'/></message>",
    "<message><received xmlns='urn:xmpp:receipts'/></message>",
    "<message><x xmlns='http://jabber.org/protocol/muc#user'><invite/></x></message>",
    "<message><x xmlns='jabber:x:conference'/></message>",
    "<message><event xmlns='http://jabber.org/protocol/pubsub#event'><items/></event></message>",
    "<message><a xmlns=''/></message>",
    "<presence type='error'/>",
    "<presence type=''/>",
    "<presence><show>on the moon</show></presence>",
    "<presence from='room@muc.test'><x xmlns='http://jabber.org/protocol/muc#user'/></presence>",
    "<presence type='unavailable'><x xmlns='http://jabber.org/protocol/muc#user'><status/></x></presence>",
    "<presence type='unavailable' from='r@m/a'><x xmlns='http://jabber.org/protocol/muc#user'><status code='303'/></x></presence>",
    "<iq/>",
    "<iq type='strange'/>",
    "<iq type='get'/>",
    "<iq type='result'><query xmlns='jabber:iq:roster'><item/></query></iq>",
    "<iq type='result'><query xmlns='http://jabber.org/protocol/disco#info'><identity/></query></iq>",
    "<iq type='result'><query xmlns='jabber:iq:version'/></iq>",
    "<iq type='set'><block xmlns='urn:xmpp:blocking'/></iq>",
    "<iq type='set'><pubsub xmlns='http://jabber.org/protocol/pubsub'/></iq>",
    "<iq type='result'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>",
    "<iq type='get'><a xmlns=''/></iq>",
    "<stream:error/>",
    "<stream:features/>",
    "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
    "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
    "<a xmlns='urn:xmpp:sm:3'/>",
    "<x xmlns=''/>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      for (int direction = XMPP_SENT; direction <= XMPP_RECEIVED; direction++)
        {
          g_autoptr(ConsoleEntry) entry = test_entry_new (direction, broken[i]);
          const char *summary = console_entry_get_summary (entry);

          g_test_message ("%s: %s", broken[i], summary);
          g_assert_cmpstr (summary, !=, "");
          g_assert_null (strpbrk (summary, "\n\r\t"));
          g_assert_true (g_utf8_validate (summary, -1, NULL));
          g_assert_null (strchr (summary, '{'));
        }
    }
}

/* What others wrote can neither break the line nor turn it round. */
static void
test_harmless (void)
{
  g_autoptr(ConsoleEntry) entry = test_entry_new (RECEIVED, "<message from='jane@example.org' type='chat'><body>a\nb\tc &#x202E;d&#x2028;e{who}</body></message>");
  g_autoptr(GString) body = g_string_new ("<message from='jane@example.org' type='chat'><body>");
  g_autoptr(ConsoleEntry) large = NULL;

  g_assert_cmpstr (console_entry_get_summary (entry), ==, "jane: “a b c ⟨U+202E⟩d⟨U+2028⟩e{who}”");

  for (guint i = 0; i < 100000; i++)
    g_string_append (body, "ü ");
  g_string_append (body, "</body></message>");
  large = test_entry_new (RECEIVED, body->str);
  g_assert_cmpuint (g_utf8_strlen (console_entry_get_summary (large), -1), <, 300);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/console/summary/messages", test_messages);
  g_test_add_func ("/console/summary/presence", test_presence);
  g_test_add_func ("/console/summary/requests-and-answers", test_iq);
  g_test_add_func ("/console/summary/steps-of-the-stream-and-the-login", test_steps);
  g_test_add_func ("/console/summary/T119-what-is-broken-is-described-too", test_broken);
  g_test_add_func ("/console/summary/T057-what-others-wrote-stays-in-its-line", test_harmless);

  return g_test_run ();
}
