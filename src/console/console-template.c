/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "console-template.h"

#include "xmpp-random.h"

#include <glib/gi18n.h>
#include <string.h>

#define PRESENCE N_("Presence")
#define MESSAGE  N_("Message")
#define ASK      N_("Ask a server or a client")
#define ACCOUNT  N_("Account")
#define ROOM     N_("Room")
#define SERVICE  N_("Services")
#define STREAM   N_("Stream")

#define MUC      "http://jabber.org/protocol/muc"
#define PUBSUB   "http://jabber.org/protocol/pubsub"
#define STANZAS  "urn:ietf:params:xml:ns:xmpp-stanzas"

#define SHOW(show, status) \
  "<presence>\n  <show>" show "</show>\n  <status>" status "</status>\n  <priority>5</priority>\n</presence>"
#define GET(to, payload) "<iq type=\"get\" id=\"{id}\" to=\"" to "\">\n  " payload "\n</iq>"
#define OWN(type, payload) "<iq type=\"" type "\" id=\"{id}\">\n  " payload "\n</iq>"

/* Those of one group stand together. */
static const ConsoleTemplate templates[] = {
  { "presence-available", PRESENCE, N_("Available"), "<presence>\n  <priority>5</priority>\n</presence>" },
  { "presence-chat", PRESENCE, N_("Free to chat"), SHOW ("chat", "Ask me anything") },
  { "presence-away", PRESENCE, N_("Away"), SHOW ("away", "Back in ten minutes") },
  { "presence-xa", PRESENCE, N_("Extended away"), SHOW ("xa", "On holiday") },
  { "presence-dnd", PRESENCE, N_("Do not disturb"), SHOW ("dnd", "In a meeting") },
  { "presence-negative", PRESENCE, N_("Available, negative priority"), "<presence>\n  <priority>-1</priority>\n</presence>" },
  { "presence-unavailable", PRESENCE, N_("Unavailable"), "<presence type=\"unavailable\"/>" },
  { "presence-subscribe", PRESENCE, N_("Ask to see somebody’s presence"), "<presence type=\"subscribe\" to=\"{contact}\"/>" },
  { "presence-subscribed", PRESENCE, N_("Allow somebody to see ours"), "<presence type=\"subscribed\" to=\"{contact}\"/>" },

  { "message-chat", MESSAGE, N_("Chat"),
    "<message type=\"chat\" id=\"{id}\" to=\"{contact}\">\n  <body>Hello</body>\n</message>" },
  { "message-normal", MESSAGE, N_("Normal, with a subject"),
    "<message type=\"normal\" id=\"{id}\" to=\"{contact}\">\n  <subject>Report</subject>\n  <body>Here it is.</body>\n"
    "  <thread>{id}</thread>\n</message>" },
  { "message-headline", MESSAGE, N_("Headline"),
    "<message type=\"headline\" id=\"{id}\" to=\"{contact}\">\n  <subject>Server down</subject>\n"
    "  <body>Maintenance from 18:00 to 19:00.</body>\n</message>" },
  { "message-groupchat", MESSAGE, N_("Group chat"),
    "<message type=\"groupchat\" id=\"{id}\" to=\"{room}\">\n  <body>Hello everyone</body>\n</message>" },
  { "message-error", MESSAGE, N_("Error"),
    "<message type=\"error\" id=\"{id}\" to=\"{contact}\">\n  <error type=\"cancel\">\n"
    "    <service-unavailable xmlns=\"" STANZAS "\"/>\n  </error>\n</message>" },
  { "message-receipt", MESSAGE, N_("Chat that asks for a receipt"),
    "<message type=\"chat\" id=\"{id}\" to=\"{contact}\">\n  <body>Hello</body>\n"
    "  <request xmlns=\"urn:xmpp:receipts\"/>\n</message>" },
  { "message-composing", MESSAGE, N_("Typing"),
    "<message type=\"chat\" to=\"{contact}\">\n  <composing xmlns=\"http://jabber.org/protocol/chatstates\"/>\n</message>" },

  { "iq-get", ASK, N_("Empty request, get"), GET ("{server}", "<query xmlns=\"urn:example:what\"/>") },
  { "iq-set", ASK, N_("Empty request, set"),
    "<iq type=\"set\" id=\"{id}\" to=\"{server}\">\n  <query xmlns=\"urn:example:what\"/>\n</iq>" },
  { "disco-info", ASK, N_("What it can do (disco#info)"),
    GET ("{server}", "<query xmlns=\"http://jabber.org/protocol/disco#info\"/>") },
  { "disco-items", ASK, N_("Which items it has (disco#items)"),
    GET ("{server}", "<query xmlns=\"http://jabber.org/protocol/disco#items\"/>") },
  { "ping", ASK, N_("Ping"), GET ("{server}", "<ping xmlns=\"urn:xmpp:ping\"/>") },
  { "version", ASK, N_("Version"), GET ("{server}", "<query xmlns=\"jabber:iq:version\"/>") },
  { "time", ASK, N_("Time"), GET ("{server}", "<time xmlns=\"urn:xmpp:time\"/>") },
  { "last", ASK, N_("Last activity of the server"), GET ("{server}", "<query xmlns=\"jabber:iq:last\"/>") },
  { "last-contact", ASK, N_("Last activity of a contact"), GET ("{contact}", "<query xmlns=\"jabber:iq:last\"/>") },

  { "roster-get", ACCOUNT, N_("Contact list, get"), OWN ("get", "<query xmlns=\"jabber:iq:roster\"/>") },
  { "roster-set", ACCOUNT, N_("Contact list, add or change"),
    OWN ("set", "<query xmlns=\"jabber:iq:roster\">\n    <item jid=\"{contact}\" name=\"Name\">\n      <group>Friends</group>\n"
                "    </item>\n  </query>") },
  { "roster-remove", ACCOUNT, N_("Contact list, remove"),
    OWN ("set", "<query xmlns=\"jabber:iq:roster\">\n    <item jid=\"{contact}\" subscription=\"remove\"/>\n  </query>") },
  { "vcard", ACCOUNT, N_("Card"), OWN ("get", "<vCard xmlns=\"vcard-temp\"/>") },
  { "private", ACCOUNT, N_("Private storage"),
    OWN ("get", "<query xmlns=\"jabber:iq:private\">\n    <storage xmlns=\"storage:bookmarks\"/>\n  </query>") },
  { "blocklist", ACCOUNT, N_("Block list"), OWN ("get", "<blocklist xmlns=\"urn:xmpp:blocking\"/>") },
  { "carbons", ACCOUNT, N_("Carbon copies on"), OWN ("set", "<enable xmlns=\"urn:xmpp:carbons:2\"/>") },
  { "offline", ACCOUNT, N_("Offline messages (XEP-0013)"),
    OWN ("get", "<query xmlns=\"http://jabber.org/protocol/disco#info\" node=\"http://jabber.org/protocol/offline\"/>") },
  { "mam", ACCOUNT, N_("Archive, the last ten"),
    OWN ("set", "<query xmlns=\"urn:xmpp:mam:2\" queryid=\"{id}\">\n    <set xmlns=\"http://jabber.org/protocol/rsm\">\n"
                "      <max>10</max>\n      <before/>\n    </set>\n  </query>") },
  { "register", ACCOUNT, N_("Registration form"), GET ("{server}", "<query xmlns=\"jabber:iq:register\"/>") },

  { "muc-join", ROOM, N_("Join"),
    "<presence to=\"{room}/{nick}\">\n  <x xmlns=\"" MUC "\">\n    <history maxstanzas=\"20\"/>\n  </x>\n</presence>" },
  { "muc-leave", ROOM, N_("Leave"), "<presence type=\"unavailable\" to=\"{room}/{nick}\"/>" },
  { "muc-subject", ROOM, N_("Set the subject"),
    "<message type=\"groupchat\" id=\"{id}\" to=\"{room}\">\n  <subject>Release on Friday</subject>\n</message>" },
  { "muc-invite", ROOM, N_("Invite somebody"),
    "<message id=\"{id}\" to=\"{room}\">\n  <x xmlns=\"" MUC "#user\">\n    <invite to=\"{contact}\"/>\n  </x>\n</message>" },
  { "muc-admin", ROOM, N_("Who is banned"),
    GET ("{room}", "<query xmlns=\"" MUC "#admin\">\n    <item affiliation=\"outcast\"/>\n  </query>") },
  { "muc-owner", ROOM, N_("Configuration form"), GET ("{room}", "<query xmlns=\"" MUC "#owner\"/>") },

  { "pubsub-items", SERVICE, N_("PubSub items"),
    GET ("{contact}", "<pubsub xmlns=\"" PUBSUB "\">\n    <items node=\"urn:xmpp:avatar:metadata\"/>\n  </pubsub>") },
  { "pubsub-publish", SERVICE, N_("PubSub publish"),
    OWN ("set", "<pubsub xmlns=\"" PUBSUB "\">\n    <publish node=\"urn:example:node\">\n      <item id=\"current\">\n"
                "        <value xmlns=\"urn:example:node\">1</value>\n      </item>\n    </publish>\n  </pubsub>") },
  { "adhoc-list", SERVICE, N_("Commands, list"),
    GET ("{server}", "<query xmlns=\"http://jabber.org/protocol/disco#items\" node=\"http://jabber.org/protocol/commands\"/>") },
  { "search", SERVICE, N_("Search form"), GET ("search.{server}", "<query xmlns=\"jabber:iq:search\"/>") },

  { "nonza-r", STREAM, N_("Ask for an acknowledgement"), "<r xmlns=\"urn:xmpp:sm:3\"/>" },
  { "nonza-csi", STREAM, N_("Client state inactive"), "<inactive xmlns=\"urn:xmpp:csi:0\"/>" },
  { "nonza", STREAM, N_("An element of your own"), "<element xmlns=\"urn:example:what\"/>" },
};

/**
 * console_template_get_all:
 * @n_templates: (out): how many there are
 *
 * Returns: (transfer none): all of them, those of one group together
 */
const ConsoleTemplate *
console_template_get_all (guint *n_templates)
{
  *n_templates = G_N_ELEMENTS (templates);

  return templates;
}

const ConsoleTemplate *
console_template_find (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (templates); i++)
    {
      if (g_str_equal (templates[i].id, id))
        return &templates[i];
    }

  return NULL;
}

static const char *
find_value (const ConsolePlaces *places,
            const char          *id,
            const char          *name,
            gsize                length)
{
  const struct
  {
    const char *name;
    const char *value;
  } all[] = {
    { "id", id },
    { "account", places->account },
    { "server", places->server },
    { "contact", places->contact },
    { "room", places->room },
    { "nick", places->nick },
  };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      if (strlen (all[i].name) == length && strncmp (all[i].name, name, length) == 0)
        return all[i].value;
    }

  return NULL;
}

/**
 * console_template_fill:
 * @places: what is known
 *
 * Returns: (transfer full): its XML; what is unknown stays as a place, and each filling has an id of its own
 */
char *
console_template_fill (const ConsoleTemplate *self,
                       const ConsolePlaces   *places)
{
  g_autofree char *id = xmpp_random_id ();
  GString *xml = g_string_new (NULL);

  for (const char *at = self->xml; *at != '\0'; )
    {
      const char *end = *at == '{' ? strchr (at, '}') : NULL;
      const char *value = end != NULL ? find_value (places, id, at + 1, end - at - 1) : NULL;

      if (value != NULL)
        {
          /* an address is whatever a server says that it is */
          g_autofree char *escaped = g_markup_escape_text (value, -1);

          g_string_append (xml, escaped);
          at = end + 1;
        }
      else
        g_string_append_c (xml, *at++);
    }

  return g_string_free (xml, FALSE);
}

/**
 * console_template_find_gap:
 * @xml: of a template, or what became of it
 * @place: (out): where the first place is that was not filled
 *
 * Returns: (nullable) (transfer full): the place with its braces; %NULL: there is none
 */
char *
console_template_find_gap (const char  *xml,
                           const char **place)
{
  static const char * const names[] = { "{account}", "{server}", "{contact}", "{room}", "{nick}" };
  const char *first = NULL;
  const char *name = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *found = strstr (xml, names[i]);

      if (found != NULL && (first == NULL || found < first))
        {
          first = found;
          name = names[i];
        }
    }

  *place = first;

  return g_strdup (name);
}
