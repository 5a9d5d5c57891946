/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-host.h"

#include "fake-scram.h"
#include "xmpp-certificate.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#define NS_SASL   "urn:ietf:params:xml:ns:xmpp-sasl"
#define NS_ROSTER "jabber:iq:roster"
#define NS_DISCO  "http://jabber.org/protocol/disco#info"
#define HEADER    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' " \
                  "from='" BENCH_DOMAIN "' id='b1' version='1.0' xml:lang='en'>"
#define OPENING   "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' " \
                  "to='" BENCH_DOMAIN "' version='1.0'>"
#define N_GROUPS  20
#define LAST      "</status><priority>7</priority>"   /* only the last contact has this priority */

struct _BenchHost
{
  guint            n_contacts;
  guint            pace;
  GSocketListener *listener;
  guint16          port;
  GTlsCertificate *certificate;
  GThread         *thread;
  GCancellable    *stop;
  gint             is_done;      /* atomic */
};

/* A client that is connected */
typedef struct
{
  BenchHost       *host;
  GIOStream       *stream;       /* owned */
  GMarkupParseContext *context;  /* of the stream since its last header */
  guint            depth;

  /* The element that is being read, at the first level of the stream */
  char            *name;
  char            *id;
  char            *to;
  char            *type;
  char            *mechanism;
  char            *child;        /* the first one in it */
  char            *ns;           /* of that */
  char            *node;
  GString         *text;

  FakeScram       *scram;
  gboolean         is_secure;
  gboolean         is_authenticated;
  gboolean         is_restarting;  /* the next header is that of a new stream */
  gboolean         has_presence;
  gboolean         is_over;
} Client;

/* What the contacts' programs are, of which a client asks one each */
static const char * const programs[] = { "Gajim", "Dino", "Conversations", "Pidgin", "Psi" };
static const char features[][48] = {
  "http://jabber.org/protocol/caps", "http://jabber.org/protocol/chatstates", "http://jabber.org/protocol/disco#info",
  "jabber:iq:version", "urn:xmpp:carbons:2", "urn:xmpp:ping", "urn:xmpp:receipts", "urn:xmpp:time",
};

static void
say (Client     *self,
     const char *text,
     gsize       length)
{
  if (!self->is_over && !g_output_stream_write_all (g_io_stream_get_output_stream (self->stream), text, length, NULL,
                                                   self->host->stop, NULL))
    self->is_over = TRUE;
}

static void G_GNUC_PRINTF (2, 3)
sayf (Client     *self,
      const char *format,
      ...)
{
  va_list args;
  g_autofree char *text = NULL;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  say (self, text, strlen (text));
}

/* XEP-0115, 5.1 */
static char *
make_ver (const char *program)
{
  g_autoptr(GChecksum) hash = g_checksum_new (G_CHECKSUM_SHA1);
  g_autofree char *identity = g_strdup_printf ("client/pc//%s<", program);
  guint8 digest[20];
  gsize length = sizeof digest;

  g_checksum_update (hash, (const guchar *) identity, -1);
  for (guint i = 0; i < G_N_ELEMENTS (features); i++)
    {
      g_checksum_update (hash, (const guchar *) features[i], -1);
      g_checksum_update (hash, (const guchar *) "<", 1);
    }
  g_checksum_get_digest (hash, digest, &length);

  return g_base64_encode (digest, length);
}

/* The contacts: in twenty groups, of which every tenth is in two, and all of them online */

static void
say_roster (Client *self)
{
  g_autoptr(GString) xml = g_string_new (NULL);

  g_string_append_printf (xml, "<iq type='result' id='%s' to='" BENCH_ADDRESS "/bench'><query xmlns='" NS_ROSTER "' ver='1'>",
                          self->id);
  for (guint i = 0; i < self->host->n_contacts; i++)
    {
      g_string_append_printf (xml, "<item jid='user%05u@" BENCH_DOMAIN "' name='Person %05u' subscription='both'>"
                              "<group>Group %02u</group>", i, (i * 7919) % 100000, i % N_GROUPS);
      if (i % 10 == 0)
        g_string_append_printf (xml, "<group>Group %02u</group>", (i + 3) % N_GROUPS);
      g_string_append (xml, "</item>");
    }
  g_string_append (xml, "</query></iq>");
  say (self, xml->str, xml->len);
}

static void
add_presence (GString           *xml,
              guint              i,
              gboolean           is_last,
              char             **vers)
{
  static const char * const shows[] = { "", "", "<show>away</show>", "", "<show>dnd</show>", "<show>xa</show>", "" };
  static const char * const texts[] = { "Working", "In a meeting until three", "Lunch", "Do not disturb me, thanks", "" };
  guint program = i % G_N_ELEMENTS (programs);

  g_string_append_printf (xml, "<presence from='user%05u@" BENCH_DOMAIN "/%s.%04u' to='" BENCH_ADDRESS "/bench'>%s<status>%s",
                          i, programs[program], i % 9973, shows[i % G_N_ELEMENTS (shows)], texts[i % G_N_ELEMENTS (texts)]);
  g_string_append (xml, is_last ? LAST : "</status><priority>5</priority>");
  g_string_append_printf (xml, "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://%s.example' ver='%s'/>"
                          "<x xmlns='vcard-temp:x:update'><photo/></x></presence>", programs[program], vers[program]);
}

static void
say_presences (Client *self)
{
  BenchHost *host = self->host;
  gint64 begin = g_get_monotonic_time ();
  char *vers[G_N_ELEMENTS (programs)];
  g_autoptr(GString) xml = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    vers[i] = make_ver (programs[i]);

  for (guint i = 0; i < host->n_contacts;)
    {
      double age = (g_get_monotonic_time () - begin) / 1e6;
      guint due = host->pace == 0 ? i + 50 : age * host->pace + 1;

      g_string_truncate (xml, 0);
      for (; i < MIN (due, host->n_contacts); i++)
        add_presence (xml, i, i + 1 == host->n_contacts, vers);

      if (xml->len > 0)
        say (self, xml->str, xml->len);
      if (host->pace != 0)
        g_usleep (1000);
    }

  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    g_free (vers[i]);
  g_atomic_int_set (&host->is_done, TRUE);
}

/* What a client asks */

static void
say_info (Client *self)
{
  g_autoptr(GString) xml = g_string_new (NULL);
  const char *resource = self->to != NULL ? strchr (self->to, '/') : NULL;
  g_autofree char *program = resource != NULL ? g_strndup (resource + 1, strcspn (resource + 1, ".")) : NULL;

  g_string_append_printf (xml, "<iq type='result' id='%s' from='%s' to='" BENCH_ADDRESS "/bench'><query xmlns='" NS_DISCO "'",
                          self->id, self->to != NULL ? self->to : BENCH_ADDRESS);
  if (self->node != NULL)
    g_string_append_printf (xml, " node='%s'", self->node);

  if (program != NULL)
    g_string_append_printf (xml, "><identity category='client' type='pc' name='%s'/>", program);
  else
    g_string_append (xml, "><identity category='server' type='im' name='Bench'/>");

  for (guint i = 0; i < G_N_ELEMENTS (features); i++)
    g_string_append_printf (xml, "<feature var='%s'/>", features[i]);

  g_string_append (xml, "</query></iq>");
  say (self, xml->str, xml->len);
}

static void
answer_iq (Client *self)
{
  const char *to = self->to != NULL ? self->to : BENCH_ADDRESS;

  if (g_strcmp0 (self->type, "get") != 0 && g_strcmp0 (self->type, "set") != 0)
    return;

  if (g_strcmp0 (self->ns, "urn:ietf:params:xml:ns:xmpp-bind") == 0)
    sayf (self, "<iq type='result' id='%s'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>" BENCH_ADDRESS "/bench</jid>"
          "</bind></iq>", self->id);
  else if (g_strcmp0 (self->ns, NS_ROSTER) == 0 && g_str_equal (self->type, "get"))
    say_roster (self);
  else if (g_strcmp0 (self->ns, NS_DISCO) == 0)
    say_info (self);
  else if (g_str_equal (self->type, "set") || g_strcmp0 (self->ns, "urn:xmpp:ping") == 0)
    sayf (self, "<iq type='result' id='%s' from='%s'/>", self->id, to);
  else
    sayf (self, "<iq type='error' id='%s' from='%s'><error type='cancel'><item-not-found "
          "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>", self->id, to);
}

/* The login */

static void
say_features (Client *self)
{
  say (self, HEADER, strlen (HEADER));

  if (!self->is_secure)
    sayf (self, "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>");
  else if (!self->is_authenticated)
    sayf (self, "<stream:features><mechanisms xmlns='" NS_SASL "'><mechanism>SCRAM-SHA-256</mechanism>"
          "<mechanism>PLAIN</mechanism></mechanisms></stream:features>");
  else
    sayf (self, "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><ver xmlns='urn:xmpp:features:rosterver'/>"
          "</stream:features>");
}

static void
start_tls (Client *self)
{
  g_autoptr(GIOStream) plain = g_steal_pointer (&self->stream);
  g_autoptr(GError) error = NULL;

  self->stream = g_tls_server_connection_new (plain, self->host->certificate, &error);
  if (self->stream == NULL)
    g_error ("%s", error->message);

  self->is_secure = TRUE;
  self->is_restarting = TRUE;
  if (!g_tls_connection_handshake (G_TLS_CONNECTION (self->stream), self->host->stop, NULL))
    self->is_over = TRUE;
}

static void
succeed (Client     *self,
         const char *text)
{
  g_autofree char *encoded = g_base64_encode ((const guchar *) text, strlen (text));

  sayf (self, "<success xmlns='" NS_SASL "'>%s</success>", encoded);
  self->is_authenticated = TRUE;
  self->is_restarting = TRUE;
}

static void
authenticate (Client *self)
{
  g_autofree char *text = NULL;
  g_autofree char *answer = NULL;
  g_autofree char *encoded = NULL;
  gsize length;

  g_string_append (self->text, "");
  text = (char *) g_base64_decode (self->text->str, &length);
  text = g_realloc (text, length + 1);
  text[length] = '\0';

  if (g_strcmp0 (self->mechanism, "PLAIN") == 0)
    {
      succeed (self, "");
    }
  else if (self->scram == NULL)
    {
      self->scram = fake_scram_new ("SCRAM-SHA-256", BENCH_PASSWORD);
      answer = fake_scram_challenge (self->scram, text, "");
      encoded = g_base64_encode ((const guchar *) answer, strlen (answer));
      sayf (self, "<challenge xmlns='" NS_SASL "'>%s</challenge>", encoded);
    }
  else
    {
      answer = fake_scram_finish (self->scram, text, NULL);
      succeed (self, answer);
    }
}

/* Reading: cut into the elements at the first level of the stream */

static void
forget_element (Client *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->to, g_free);
  g_clear_pointer (&self->type, g_free);
  g_clear_pointer (&self->mechanism, g_free);
  g_clear_pointer (&self->child, g_free);
  g_clear_pointer (&self->ns, g_free);
  g_clear_pointer (&self->node, g_free);
  g_string_truncate (self->text, 0);
}

static char *
get_attribute (const char **names,
               const char **values,
               const char  *name)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (g_str_equal (names[i], name))
      return g_strdup (values[i]);

  return NULL;
}

static void
on_start (GMarkupParseContext  *context,
          const char           *name,
          const char          **names,
          const char          **values,
          gpointer              user_data,
          GError              **error)
{
  Client *self = user_data;

  self->depth++;

  if (self->depth == 2)
    {
      self->name = g_strdup (name);
      self->id = get_attribute (names, values, "id");
      self->to = get_attribute (names, values, "to");
      self->type = get_attribute (names, values, "type");
      self->mechanism = get_attribute (names, values, "mechanism");
    }
  else if (self->depth == 3 && self->child == NULL)
    {
      self->child = g_strdup (name);
      self->ns = get_attribute (names, values, "xmlns");
      self->node = get_attribute (names, values, "node");
    }
  else if (self->depth == 1)
    {
      say_features (self);
    }
}

static void
on_text (GMarkupParseContext  *context,
         const char           *text,
         gsize                 length,
         gpointer              user_data,
         GError              **error)
{
  Client *self = user_data;

  if (self->depth == 2)
    g_string_append_len (self->text, text, length);
}

static void
on_end (GMarkupParseContext  *context,
        const char           *name,
        gpointer              user_data,
        GError              **error)
{
  Client *self = user_data;

  if (--self->depth == 0)
    self->is_over = TRUE;

  if (self->depth != 1)
    return;

  if (g_str_equal (name, "starttls"))
    {
      sayf (self, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
      start_tls (self);
    }
  else if (g_str_equal (name, "auth") || g_str_equal (name, "response"))
    authenticate (self);
  else if (g_str_equal (name, "iq"))
    answer_iq (self);
  else if (g_str_equal (name, "presence") && self->type == NULL && self->to == NULL && !self->has_presence)
    {
      self->has_presence = TRUE;
      say_presences (self);
    }

  forget_element (self);
}

static void
restart (Client *self)
{
  static const GMarkupParser parser = { on_start, on_end, on_text, NULL, NULL };

  g_clear_pointer (&self->context, g_markup_parse_context_free);
  self->context = g_markup_parse_context_new (&parser, 0, self, NULL);
  self->depth = 0;
  self->is_restarting = FALSE;
}

/* Neither end waits for more to put into a packet */
static void
do_not_delay (GSocketConnection *connection)
{
  g_socket_set_option (g_socket_connection_get_socket (connection), IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
}

static void
serve (BenchHost *host,
       GIOStream *stream)
{
  Client self = { .host = host, .stream = stream, .text = g_string_new (NULL) };

  do_not_delay (G_SOCKET_CONNECTION (stream));
  restart (&self);

  while (!self.is_over)
    {
      char data[4096];
      gssize length = g_input_stream_read (g_io_stream_get_input_stream (self.stream), data, sizeof data, host->stop, NULL);

      if (length <= 0)
        break;

      /* What a client writes after an element that restarts the stream belongs to the new one, so it waits for us */
      if (!g_markup_parse_context_parse (self.context, data, length, NULL))
        break;

      if (self.is_restarting)
        restart (&self);
    }

  g_io_stream_close (self.stream, NULL, NULL);
  g_clear_pointer (&self.context, g_markup_parse_context_free);
  g_clear_pointer (&self.scram, fake_scram_free);
  forget_element (&self);
  g_string_free (self.text, TRUE);
  g_object_unref (self.stream);
}

static gpointer
run (gpointer user_data)
{
  BenchHost *self = user_data;
  GSocketConnection *connection;

  while ((connection = g_socket_listener_accept (self->listener, NULL, self->stop, NULL)))
    serve (self, G_IO_STREAM (connection));

  return NULL;
}

BenchHost *
bench_host_new (guint n_contacts,
                guint pace)
{
  BenchHost *self = g_new0 (BenchHost, 1);
  g_autoptr(FakeAuthority) authority = fake_authority_new ();
  g_autofree char *pem = fake_authority_issue (authority, BENCH_DOMAIN, FAKE_CERTIFICATE_GOOD);
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) wanted = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GSocketAddress) bound = NULL;
  g_autoptr(GError) error = NULL;

  self->n_contacts = n_contacts;
  self->pace = pace;
  self->stop = g_cancellable_new ();
  self->certificate = g_tls_certificate_new_from_pem (pem, -1, &error);
  if (self->certificate == NULL)
    g_error ("%s", error->message);

  self->listener = g_socket_listener_new ();
  if (!g_socket_listener_add_address (self->listener, wanted, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error))
    g_error ("%s", error->message);

  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  self->thread = g_thread_new ("host", run, self);

  return self;
}

void
bench_host_free (BenchHost *self)
{
  g_cancellable_cancel (self->stop);
  g_thread_join (self->thread);
  g_object_unref (self->stop);
  g_object_unref (self->listener);
  g_object_unref (self->certificate);
  g_free (self);
}

guint16
bench_host_get_port (BenchHost *self)
{
  return self->port;
}

/* What an account needs to trust us: our authority is nobody's */
char *
bench_host_make_pin (BenchHost *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppCertificate) certificate =
    xmpp_certificate_new (self->certificate, G_TLS_CERTIFICATE_UNKNOWN_CA, BENCH_DOMAIN, &error);

  if (certificate == NULL)
    g_error ("%s", error->message);

  return xmpp_certificate_make_pin (certificate);
}

gboolean
bench_host_is_done (BenchHost *self)
{
  return g_atomic_int_get (&self->is_done);
}

void
bench_host_reset (BenchHost *self)
{
  g_atomic_int_set (&self->is_done, FALSE);
}

/* The floor */

static gboolean
on_accept_certificate (GTlsConnection       *connection,
                       GTlsCertificate      *certificate,
                       GTlsCertificateFlags  errors,
                       gpointer              user_data)
{
  return TRUE;
}

static void
ask (GIOStream  *stream,
     const char *text)
{
  g_autoptr(GError) error = NULL;

  if (!g_output_stream_write_all (g_io_stream_get_output_stream (stream), text, strlen (text), NULL, NULL, &error))
    g_error ("%s", error->message);
}

/* Reads until these words have gone by; they may be cut in two */
static void
await (GIOStream  *stream,
       const char *words)
{
  static const gsize size = 64 * 1024;
  g_autofree char *data = g_malloc (size);
  gsize length = strlen (words);
  gsize kept = 0;

  for (;;)
    {
      g_autoptr(GError) error = NULL;
      gssize n = g_input_stream_read (g_io_stream_get_input_stream (stream), data + kept, size - kept, NULL, &error);

      if (n <= 0)
        g_error ("The host ended it: %s", error != NULL ? error->message : "end of stream");

      kept += n;
      if (g_strstr_len (data, kept, words) != NULL)
        return;

      if (kept >= length)
        {
          memmove (data, data + kept - length + 1, length - 1);
          kept = length - 1;
        }
    }
}

double
bench_host_drain (BenchHost *self)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnection) connection = NULL;
  g_autoptr(GIOStream) stream = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *plain = NULL;
  g_autofree char *auth = NULL;
  gint64 begin = g_get_monotonic_time ();

  bench_host_reset (self);
  connection = g_socket_client_connect_to_host (client, "127.0.0.1", self->port, NULL, &error);
  if (connection == NULL)
    g_error ("%s", error->message);

  do_not_delay (connection);
  ask (G_IO_STREAM (connection), OPENING);
  await (G_IO_STREAM (connection), "</stream:features>");
  ask (G_IO_STREAM (connection), "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  await (G_IO_STREAM (connection), "<proceed");

  stream = g_tls_client_connection_new (G_IO_STREAM (connection), NULL, &error);
  if (stream == NULL)
    g_error ("%s", error->message);
  g_signal_connect (stream, "accept-certificate", G_CALLBACK (on_accept_certificate), NULL);

  plain = g_base64_encode ((const guchar *) "\0perf\0" BENCH_PASSWORD, strlen ("perf" BENCH_PASSWORD) + 2);
  auth = g_strdup_printf ("<auth xmlns='" NS_SASL "' mechanism='PLAIN'>%s</auth>", plain);
  ask (stream, OPENING);
  await (stream, "</stream:features>");
  ask (stream, auth);
  await (stream, "</success>");
  ask (stream, OPENING);
  await (stream, "</stream:features>");
  ask (stream, "<iq type='set' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
  await (stream, "</iq>");
  ask (stream, "<iq type='get' id='2'><query xmlns='" NS_ROSTER "'/></iq><presence/>");
  await (stream, LAST);

  begin = g_get_monotonic_time () - begin;
  g_io_stream_close (stream, NULL, NULL);

  while (!bench_host_is_done (self))
    g_thread_yield ();

  return begin / 1e6;
}
