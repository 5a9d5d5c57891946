/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes → sealed stanzas whose sender and payloads are known, over libxml2 with handlers that do nothing.
 * An argument says how many stanzas.
 */
#include "bench-traffic.h"

#include "xmpp-atom.h"
#include "xmpp-jid.h"
#include "xmpp-parser.h"

#include <libxml/parser.h>
#include <stdlib.h>
#include <time.h>

#define CHUNK    4096
#define N_ROUNDS 7

/* The names that a session's modules would have registered */
static const char * const known[] = {
  "message", "presence", "iq", "body", "jabber:client", "query", "jabber:iq:roster", "http://jabber.org/protocol/disco#info",
  "active", "composing", "paused", "inactive", "http://jabber.org/protocol/chatstates", "request", "received", "urn:xmpp:receipts",
  "sent", "urn:xmpp:carbons:2", "forwarded", "urn:xmpp:forward:0", "delay", "urn:xmpp:delay", "c", "http://jabber.org/protocol/caps",
  "x", "http://jabber.org/protocol/muc#user", "ping", "urn:xmpp:ping", "show", "status", "priority",
};

typedef struct
{
  GHashTable *routes;
  guint       n_stanzas;
  guint       n_routed;
} Router;

static void
on_received (XmppStanza *stanza,
             gpointer    user_data)
{
  Router *self = user_data;
  const XmppNode *root = xmpp_stanza_get_root (stanza);
  g_autoptr(XmppJid) from = xmpp_jid_new_received (xmpp_node_get (root, "from"));

  XMPP_NODE_FOREACH_CHILD (root, child)
    self->n_routed += g_hash_table_contains (self->routes, child->name) && g_hash_table_contains (self->routes, child->ns);

  self->n_stanzas++;
}

static double
get_cpu (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);

  return now.tv_sec + now.tv_nsec / 1e9;
}

static double
run_ours (const GString *xml,
          Router        *router)
{
  static const XmppParserFuncs funcs = { .received = on_received };
  g_autoptr(XmppParser) parser = xmpp_parser_new (&funcs, router);
  double begin = get_cpu ();

  for (gsize at = 0; at < xml->len; at += CHUNK)
    {
      if (!xmpp_parser_feed (parser, xml->str + at, MIN (CHUNK, xml->len - at), NULL))
        g_error ("The parser refused the traffic");
    }

  return get_cpu () - begin;
}

static void
ignore_start (void           *user_data,
              const xmlChar  *name,
              const xmlChar  *prefix,
              const xmlChar  *ns,
              int             n_namespaces,
              const xmlChar **namespaces,
              int             n_attributes,
              int             n_defaulted,
              const xmlChar **attributes)
{
}

static void
ignore_end (void          *user_data,
            const xmlChar *name,
            const xmlChar *prefix,
            const xmlChar *ns)
{
}

static void
ignore_text (void          *user_data,
             const xmlChar *text,
             int            length)
{
}

static double
run_floor (const GString *xml)
{
  xmlSAXHandler handlers = {
    .initialized = XML_SAX2_MAGIC,
    .startElementNs = ignore_start,
    .endElementNs = ignore_end,
    .characters = ignore_text,
  };
  xmlParserCtxtPtr context = xmlCreatePushParserCtxt (&handlers, NULL, NULL, 0, NULL);
  double begin = get_cpu ();

  for (gsize at = 0; at < xml->len; at += CHUNK)
    {
      if (xmlParseChunk (context, xml->str + at, MIN (CHUNK, xml->len - at), FALSE) != XML_ERR_OK)
        g_error ("libxml2 refused the traffic");
    }
  begin = get_cpu () - begin;
  xmlFreeParserCtxt (context);

  return begin;
}

int
main (int   argc,
      char *argv[])
{
  guint n_stanzas = argc > 1 ? atoi (argv[1]) : 20000;
  guint n_rounds = argc > 2 ? atoi (argv[2]) : N_ROUNDS;
  g_autoptr(GString) xml = bench_traffic_new (n_stanzas, 42);
  g_autoptr(GHashTable) routes = g_hash_table_new (NULL, NULL);
  double ours = G_MAXDOUBLE;
  double floor = G_MAXDOUBLE;

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    g_hash_table_add (routes, (gpointer) xmpp_atom (known[i]));

  for (guint round = 0; round < n_rounds; round++)
    {
      Router router = { routes, 0, 0 };
      double one = run_ours (xml, &router);
      double other = run_floor (xml);

      g_assert_cmpuint (router.n_stanzas, ==, n_stanzas);
      g_assert_cmpuint (router.n_routed, >, n_stanzas / 2);
      ours = MIN (ours, one);
      floor = MIN (floor, other);
    }

  g_print ("bench parse ours=%.0f ns/stanza floor=%.0f ns/stanza ratio=%.2f goal<=1.4\n",
           ours / n_stanzas * 1e9, floor / n_stanzas * 1e9, ours / floor);

  return EXIT_SUCCESS;
}
