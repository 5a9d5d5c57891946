/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a busy server sends a client, made up: the mix of stanzas is that of a day in many chats and rooms,
 * each written as Prosody writes it, about 500 bytes and seven elements a stanza.
 */
#include "bench-traffic.h"

typedef struct
{
  GRand   *rand;
  GString *xml;
} Traffic;

static const char * const words[] = {
  "the", "of", "and", "to", "in", "is", "that", "for", "it", "as", "was", "with", "be", "by", "on", "not", "he", "this", "are", "or",
  "had", "from", "at", "one", "have", "meeting", "coffee", "release", "build", "deploy", "server", "ticket", "review", "patch", "branch",
  "merge", "lunch", "train", "weekend", "photo", "link", "check", "again", "tomorrow", "morning", "maybe", "later", "tonight", "ok", "thanks",
};
static const char * const marks[] = {
  "\xF0\x9F\x98\x80", "\xF0\x9F\x91\x8D", "\xF0\x9F\x8E\x89", "\xE2\x9D\xA4\xEF\xB8\x8F", "na\xC3\xAFve", "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E",
  "\xD0\xBF\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82",
};
static const char * const clients[] = {
  "http://gajim.org", "https://dino.im", "http://conversations.im", "http://pidgin.im/", "https://psi-im.org",
};
static const char * const features[] = {
  "http://jabber.org/protocol/caps", "http://jabber.org/protocol/disco#info", "http://jabber.org/protocol/disco#items",
  "http://jabber.org/protocol/chatstates", "urn:xmpp:receipts", "urn:xmpp:ping", "jabber:iq:version", "urn:xmpp:time", "urn:xmpp:carbons:2",
  "urn:xmpp:mam:2", "urn:xmpp:jingle:1", "urn:xmpp:avatar:metadata+notify", "http://jabber.org/protocol/nick+notify",
  "urn:xmpp:message-correct:0", "urn:xmpp:chat-markers:0", "http://jabber.org/protocol/muc", "vcard-temp", "urn:xmpp:reply:0", "urn:xmpp:sid:0",
};

static guint
draw (Traffic *self,
      guint    n)
{
  return g_rand_int_range (self->rand, 0, n);
}

#define PICK(self, array) (array)[draw (self, G_N_ELEMENTS (array))]

static void G_GNUC_PRINTF (2, 3)
add (Traffic    *self,
     const char *format,
     ...)
{
  va_list args;

  va_start (args, format);
  g_string_append_vprintf (self->xml, format, args);
  va_end (args);
}

static void
add_hex (Traffic *self,
         guint    length)
{
  for (; length > 0; length--)
    g_string_append_c (self->xml, "0123456789abcdef"[draw (self, 16)]);
}

static void
add_id (Traffic    *self,
        const char *attribute)
{
  add (self, " %s='", attribute);
  add_hex (self, 8);
  add (self, "-");
  add_hex (self, 4);
  add (self, "-");
  add_hex (self, 4);
  add (self, "-");
  add_hex (self, 4);
  add (self, "-");
  add_hex (self, 12);
  add (self, "'");
}

static void
add_sender (Traffic *self)
{
  add (self, " from='" BENCH_CONTACT "/gajim.%04u'", draw (self, BENCH_N_CONTACTS), draw (self, 250));
}

static void
add_occupant (Traffic *self)
{
  add (self, " from='room%u@conference.example.test/%s%u'", draw (self, 20) + 1, PICK (self, words), draw (self, 1000));
}

static void
add_caps (Traffic *self)
{
  add (self, "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='%s' ver='", PICK (self, clients));
  add_hex (self, 27);
  add (self, "='/>");
}

static void
add_words (Traffic *self,
           guint    from,
           guint    to)
{
  guint n = from + draw (self, to - from);

  for (guint i = 0; i < n; i++)
    add (self, i > 0 ? " %s" : "%s", PICK (self, words));
  if (draw (self, 10) == 0)
    add (self, " &amp; %s &lt;%s&gt;", PICK (self, words), PICK (self, words));
  if (draw (self, 7) == 0)
    add (self, " %s", PICK (self, marks));
  if (draw (self, 33) == 0)
    add (self, "\nhttps://example.test/%u?a=1&amp;b=2", draw (self, 1000000));
}

static void
add_body (Traffic *self)
{
  guint size = draw (self, 100);

  add (self, "<body>");
  if (size < 35)
    add_words (self, 1, 5);
  else if (size < 85)
    add_words (self, 5, 20);
  else
    add_words (self, 20, 80);
  add (self, "</body>");
}

static void
add_ids_of_body (Traffic    *self,
                 const char *by)
{
  add (self, "<origin-id xmlns='urn:xmpp:sid:0'");
  add_id (self, "id");
  add (self, "/><stanza-id xmlns='urn:xmpp:sid:0' by='%s'", by);
  add_id (self, "id");
  add (self, "/>");
}

static void
add_chat_to (Traffic    *self,
             const char *to,
             const char *ns)
{
  add (self, "<message%s", ns);
  add_sender (self);
  add (self, " to='%s'", to);
  add_id (self, "id");
  add (self, " type='chat' xml:lang='en'>");
  add_body (self);
  add (self, "<active xmlns='http://jabber.org/protocol/chatstates'/><request xmlns='urn:xmpp:receipts'/>"
             "<markable xmlns='urn:xmpp:chat-markers:0'/>");
  add_ids_of_body (self, "perf@example.test");
  add (self, "</message>");
}

static void
add_chat (Traffic *self)
{
  add_chat_to (self, BENCH_ME, "");
}

static void
add_state (Traffic *self)
{
  static const char * const states[] = { "composing", "paused", "active", "inactive" };

  add (self, "<message");
  add_sender (self);
  add (self, " to='" BENCH_ME "'");
  add_id (self, "id");
  add (self, " type='chat'><%s xmlns='http://jabber.org/protocol/chatstates'/><no-store xmlns='urn:xmpp:hints'/></message>",
       PICK (self, states));
}

static void
add_receipt (Traffic *self)
{
  add (self, "<message");
  add_sender (self);
  add (self, " to='" BENCH_ME "'");
  add_id (self, "id");
  add (self, " type='chat'><received xmlns='urn:xmpp:receipts'");
  add_id (self, "id");
  add (self, "/><store xmlns='urn:xmpp:hints'/></message>");
}

static void
add_presence (Traffic *self)
{
  static const char * const shows[] = { "away", "xa", "dnd", "chat" };

  add (self, "<presence");
  add_sender (self);
  add (self, " to='" BENCH_ME "'");
  if (draw (self, 7) == 0)
    {
      add (self, " type='unavailable'/>");
      return;
    }

  add (self, ">");
  if (draw (self, 10) < 4)
    add (self, "<show>%s</show>", PICK (self, shows));
  if (draw (self, 10) < 3)
    {
      add (self, "<status>");
      add_words (self, 1, 6);
      add (self, "</status>");
    }
  add (self, "<priority>%u</priority>", draw (self, 50));
  add_caps (self);
  add (self, "<x xmlns='vcard-temp:x:update'><photo>");
  add_hex (self, 40);
  add (self, "</photo></x></presence>");
}

static void
add_room_presence (Traffic *self)
{
  static const char * const affiliations[] = { "none", "member", "owner" };

  add (self, "<presence");
  add_occupant (self);
  add (self, " to='" BENCH_ME "'>");
  add_caps (self);
  add (self, "<x xmlns='vcard-temp:x:update'><photo/></x><x xmlns='http://jabber.org/protocol/muc#user'>"
             "<item jid='" BENCH_CONTACT "/x' affiliation='%s' role='participant'/></x></presence>",
       draw (self, BENCH_N_CONTACTS), PICK (self, affiliations));
}

static void
add_room_message (Traffic *self)
{
  add (self, "<message");
  add_occupant (self);
  add (self, " to='" BENCH_ME "'");
  add_id (self, "id");
  add (self, " type='groupchat' xml:lang='en'>");
  add_body (self);
  add_ids_of_body (self, "room1@conference.example.test");
  add (self, "</message>");
}

static void
add_archived (Traffic *self)
{
  add (self, "<message to='" BENCH_ME "'");
  add_id (self, "id");
  add (self, "><result xmlns='urn:xmpp:mam:2' queryid='q%u'", draw (self, 100));
  add_id (self, "id");
  add (self, "><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2026-%02u-%02uT%02u:%02u:%02u.%06uZ'/>",
       draw (self, 12) + 1, draw (self, 28) + 1, draw (self, 24), draw (self, 60), draw (self, 60), draw (self, 1000000));
  add_chat_to (self, "perf@example.test", " xmlns='jabber:client'");
  add (self, "</forwarded></result></message>");
}

static void
add_carbon (Traffic *self)
{
  const char *kind = draw (self, 2) == 0 ? "sent" : "received";

  add (self, "<message from='perf@example.test' to='" BENCH_ME "' type='chat'><%s xmlns='urn:xmpp:carbons:2'>"
             "<forwarded xmlns='urn:xmpp:forward:0'>", kind);
  add_chat_to (self, "perf@example.test/other", " xmlns='jabber:client'");
  add (self, "</forwarded></%s></message>", kind);
}

static void
add_disco (Traffic *self)
{
  guint first = draw (self, 10);

  add (self, "<iq");
  add_sender (self);
  add (self, " to='" BENCH_ME "' id='%u' type='result'><query xmlns='http://jabber.org/protocol/disco#info' node='%s#", draw (self, 100000),
       PICK (self, clients));
  add_hex (self, 27);
  add (self, "='><identity category='client' type='pc' name='Client'/>");
  for (guint i = first; i < G_N_ELEMENTS (features); i++)
    add (self, "<feature var='%s'/>", features[i]);
  add (self, "</query></iq>");
}

static void
add_result (Traffic *self)
{
  add (self, "<iq");
  add_sender (self);
  add (self, " to='" BENCH_ME "' id='%u' type='result'/>", draw (self, 100000));
}

static void
add_ping (Traffic *self)
{
  add (self, "<iq from='example.test' to='" BENCH_ME "' id='%u' type='get'><ping xmlns='urn:xmpp:ping'/></iq>", draw (self, 100000));
}

static void
add_items (Traffic    *self,
           const char *type,
           guint       n)
{
  add (self, "<iq to='" BENCH_ME "' id='%u' type='%s'><query xmlns='jabber:iq:roster' ver='%u'>", draw (self, 100000), type,
       draw (self, 100000));
  for (; n > 0; n--)
    {
      guint i = draw (self, BENCH_N_CONTACTS);

      add (self, "<item jid='" BENCH_CONTACT "' name='Contact %u' subscription='both'><group>Group %02u</group></item>", i, i, i % 20);
    }
  add (self, "</query></iq>");
}

static void
add_roster_push (Traffic *self)
{
  add_items (self, "set", 1);
}

static void
add_roster (Traffic *self)
{
  add_items (self, "result", 50);
}

/* In tenths of a percent */
static const struct
{
  void  (*add) (Traffic *self);
  guint   share;
} kinds[] = {
  { add_chat, 340 }, { add_presence, 220 }, { add_archived, 140 }, { add_room_message, 80 }, { add_room_presence, 60 }, { add_state, 40 },
  { add_receipt, 40 }, { add_carbon, 25 }, { add_result, 20 }, { add_disco, 15 }, { add_ping, 10 }, { add_roster_push, 8 }, { add_roster, 2 },
};

/* A whole stream, from header to end, the same for the same seed */
GString *
bench_traffic_new (guint   n_stanzas,
                   guint32 seed)
{
  Traffic traffic = { g_rand_new_with_seed (seed), g_string_sized_new ((gsize) n_stanzas * 560) };

  add (&traffic, "<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:client' "
                 "from='example.test' id='1' xml:lang='en' version='1.0'>");

  for (guint i = 0; i < n_stanzas; i++)
    {
      guint at = draw (&traffic, 1000);
      guint kind = 0;

      for (; at >= kinds[kind].share; kind++)
        at -= kinds[kind].share;
      kinds[kind].add (&traffic);
    }

  add (&traffic, "</stream:stream>");
  g_rand_free (traffic.rand);

  return traffic.xml;
}
