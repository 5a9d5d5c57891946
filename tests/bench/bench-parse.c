/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes → sealed stanzas (parse-sealed); on through a session that is logged in, to handlers that do nothing
 * (parse), or to the modules with all their work (parse-modules); over libxml2 with handlers that do nothing.
 * Arguments: how many stanzas, how many rounds, and "modules" for the last.
 */
#include "bench-traffic.h"

#include "fake-server.h"
#include "xmpp-module.h"
#include "xmpp-parser.h"
#include "xmpp-session-private.h"

#include <libxml/parser.h>
#include <stdlib.h>
#include <time.h>

#define CHUNK     4096
#define N_STANZAS 20000
#define N_ROUNDS  7

typedef struct
{
  XmppSession *session;     /* NULL: nobody hears of them */
  guint        n_stanzas;
} Receiver;

/* Modules with nothing to do: they are found, by the same names and for the same senders, and do nothing */

static void
ignore_stanza (XmppModule     *module,
               XmppStanza     *stanza,
               const XmppNode *child,
               XmppJid        *from,
               XmppSender      sender)
{
}

static void
ignore_child (XmppModule     *module,
              const XmppNode *child,
              XmppMessage    *message)
{
}

static gboolean
pass_message (XmppModule  *module,
              XmppMessage *message)
{
  return FALSE;
}

/* Tables of its own, which routes may point to and which can be changed. Classes live as long as the process. */
static void
take_tables (XmppModuleClass *klass)
{
  g_autoptr(GArray) handlers = g_array_new (TRUE, TRUE, sizeof (XmppHandler));
  g_autoptr(GArray) fields = g_array_new (TRUE, TRUE, sizeof (XmppMessageField));

  for (const XmppHandler *handler = klass->handlers; handler != NULL && handler->stanza != NULL; handler++)
    g_array_append_vals (handlers, handler, 1);
  for (const XmppMessageField *field = klass->fields; field != NULL && field->name != NULL; field++)
    g_array_append_vals (fields, field, 1);

  klass->handlers = (const XmppHandler *) g_array_free (g_steal_pointer (&handlers), FALSE);
  klass->fields = (const XmppMessageField *) g_array_free (g_steal_pointer (&fields), FALSE);
}

static void
idle (XmppModuleClass *klass)
{
  for (XmppHandler *handler = (XmppHandler *) klass->handlers; handler->stanza != NULL; handler++)
    handler->handle = ignore_stanza;

  for (XmppMessageField *field = (XmppMessageField *) klass->fields; field->name != NULL; field++)
    {
      if (field->read != NULL)
        field->read = ignore_child;
    }

  if (klass->message != NULL)
    klass->message = pass_message;
}

static void
for_all_modules (void (*func) (XmppModuleClass *klass))
{
  for (guint i = 0; xmpp_module_types[i] != NULL; i++)
    func (g_type_class_ref (xmpp_module_types[i] ()));
}

static void
on_received (XmppStanza *stanza,
             gpointer    user_data)
{
  Receiver *self = user_data;

  self->n_stanzas++;
  if (self->session != NULL)
    xmpp_session_receive (self->session, stanza);
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
          XmppSession   *session,
          guint          n_stanzas)
{
  static const XmppParserFuncs funcs = { .received = on_received };
  Receiver receiver = { session, 0 };
  g_autoptr(XmppParser) parser = xmpp_parser_new (&funcs, &receiver);
  double begin = get_cpu ();

  for (gsize at = 0; at < xml->len; at += CHUNK)
    {
      if (!xmpp_parser_feed (parser, xml->str + at, MIN (CHUNK, xml->len - at), NULL))
        g_error ("The parser refused the traffic");
    }
  begin = get_cpu () - begin;
  g_assert_cmpuint (receiver.n_stanzas, ==, n_stanzas);

  return begin;
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

/* The people of the traffic are in the contact list: who they are has to be found out */
static void
answer_roster (FakeServer *server)
{
  g_autoptr(GString) xml = g_string_new ("<query xmlns='jabber:iq:roster'>");

  for (guint i = 0; i < BENCH_N_CONTACTS; i++)
    g_string_append_printf (xml, "<item jid='" BENCH_CONTACT "' subscription='both'/>", i);
  g_string_append (xml, "</query>");

  fake_server_answer (server, "jabber:iq:roster", xml->str);
}

static void
print_ratio (const char *name,
             double      ours,
             double      floor,
             guint       n_stanzas)
{
  g_print ("bench %s ours=%.0f ns/stanza floor=%.0f ns/stanza ratio=%.2f goal<=1.4\n",
           name, ours / n_stanzas * 1e9, floor / n_stanzas * 1e9, ours / floor);
}

int
main (int   argc,
      char *argv[])
{
  guint n_stanzas = argc > 1 ? atoi (argv[1]) : N_STANZAS;
  guint n_rounds = argc > 2 ? atoi (argv[2]) : N_ROUNDS;
  gboolean is_working = argc > 3 && g_str_equal (argv[3], "modules");
  g_autoptr(GString) xml = bench_traffic_new (n_stanzas, 42);
  g_autoptr(FakeServer) server = NULL;
  double sealed = G_MAXDOUBLE;
  double routed = G_MAXDOUBLE;
  double floor = G_MAXDOUBLE;

  for_all_modules (take_tables);
  server = fake_server_new (BENCH_ME);
  fake_server_login (server);
  answer_roster (server);
  fake_server_settle (server);
  if (!is_working)
    for_all_modules (idle);

  for (guint round = 0; round < n_rounds; round++)
    {
      double a = run_floor (xml);
      double b = run_ours (xml, NULL, n_stanzas);
      double c = run_ours (xml, server->session, n_stanzas);

      floor = MIN (floor, a);
      sealed = MIN (sealed, b);
      routed = MIN (routed, c);

      /* The answers go out while nobody looks at the clock */
      if (is_working)
        fake_server_settle (server);
    }

  print_ratio (is_working ? "parse-modules" : "parse", routed, floor, n_stanzas);
  if (!is_working)
    print_ratio ("parse-sealed", sealed, floor, n_stanzas);

  return EXIT_SUCCESS;
}
