/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-server.h"

#include "fake-connector.h"
#include "fake-scram.h"

#include <string.h>

#define LOOK_MS 10   /* a thread that lets go of an object wakes nobody */

#define NS_TLS  "urn:ietf:params:xml:ns:xmpp-tls"
#define NS_SASL "urn:ietf:params:xml:ns:xmpp-sasl"

/* Waiting */

static gboolean
on_alarm (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

void
fake_server_turn (gint64      deadline,
                  const char *what,
                  const char *where)
{
  g_autoptr(GSource) alarm = g_timeout_source_new (LOOK_MS);

  if (g_get_monotonic_time () > deadline)
    g_error ("%s: waited in vain for: %s", where, what);

  g_source_set_callback (alarm, on_alarm, NULL, NULL);
  g_source_attach (alarm, NULL);
  g_main_context_iteration (NULL, TRUE);
  g_source_destroy (alarm);
}

/* Does text say what pattern says? See fake_server_expect () for the wildcards */
static gboolean
matches (const char *pattern,
         const char *text)
{
  while (*pattern != '\0')
    {
      gboolean is_value = g_str_has_prefix (pattern, "'*'");
      gboolean is_text = g_str_has_prefix (pattern, ">*<");

      if (*pattern++ != *text++)
        return FALSE;

      if (is_value || is_text)
        {
          text += strcspn (text, is_value ? "'" : "<");
          pattern++;
        }
    }

  return *text == '\0';
}

static char *
list_waiting (FakeServer *self)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < self->waiting->len; i++)
    g_string_append_printf (list, "\n  %s", (const char *) g_ptr_array_index (self->waiting, i));
  if (self->input->len > 0)
    g_string_append_printf (list, "\n  (not finished) %s", self->input->str);

  return g_string_free (list, FALSE);
}

typedef gboolean (*MatchFunc) (const char *pattern,
                               const char *text);

static gboolean
contains (const char *pattern,
          const char *text)
{
  return strstr (text, pattern) != NULL;
}

static const char *
take (FakeServer *self,
      const char *pattern,
      MatchFunc   match,
      gboolean    is_next)
{
  gint64 deadline = g_get_monotonic_time () + FAKE_SERVER_PATIENCE;

  for (;;)
    {
      for (guint i = 0; i < (is_next ? MIN (self->waiting->len, 1) : self->waiting->len); i++)
        {
          const char *element = g_ptr_array_index (self->waiting, i);

          if (match (pattern, element))
            {
              g_ptr_array_remove_index (self->waiting, i);
              return element;
            }
        }

      if ((is_next && self->waiting->len > 0) || self->is_eof || g_get_monotonic_time () + LOOK_MS * 1000 > deadline)
        {
          g_autofree char *got = list_waiting (self);

          g_error ("expected: %s\nbut %s:%s", pattern, self->is_eof ? "the client closed after" : "got", got);
        }

      fake_server_turn (deadline, pattern, G_STRLOC);
    }
}

const char *
fake_server_expect (FakeServer *self,
                    const char *xml)
{
  return take (self, xml, matches, FALSE);
}

const char *
fake_server_expect_next (FakeServer *self,
                         const char *xml)
{
  return take (self, xml, matches, TRUE);
}

const char *
fake_server_expect_contains (FakeServer *self,
                             const char *text)
{
  return take (self, text, contains, FALSE);
}

char *
fake_xml_get (const char *xml,
              const char *attribute)
{
  g_autofree char *start = g_strdup_printf (" %s='", attribute);
  const char *value = strstr (xml, start);

  if (value == NULL)
    return NULL;

  value += strlen (start);

  return g_strndup (value, strcspn (value, "'"));
}

/* Sending */

static void
answer (FakeServer *self,
        const char *text,
        const char *type,
        const char *children)
{
  const char *request = fake_server_expect_contains (self, text);
  g_autofree char *id = fake_xml_get (request, "id");
  g_autofree char *to = fake_xml_get (request, "to");
  g_autofree char *xml = NULL;

  g_assert_true (g_str_has_prefix (request, "<iq "));
  g_assert_nonnull (id);

  xml = g_strdup_printf ("<iq type='%s' id='%s' from='%s'>%s</iq>", type, id,
                         to != NULL ? to : xmpp_jid_get_text (xmpp_session_get_jid (self->session)),
                         children != NULL ? children : "");
  fake_server_send (self, xml);
}

void
fake_server_answer (FakeServer *self,
                    const char *text,
                    const char *children)
{
  answer (self, text, "result", children);
}

void
fake_server_refuse (FakeServer *self,
                    const char *text,
                    const char *type,
                    const char *condition)
{
  g_autofree char *error = g_strdup_printf ("<error type='%s'><%s xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
                                            type, condition);

  answer (self, text, "error", error);
}

/* The steps of the login */

static void
on_connected (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  FakeServer *self = user_data;

  g_clear_error (&self->error);
  xmpp_session_connect_finish (XMPP_SESSION (object), result, &self->error);
  self->is_connecting = FALSE;
}

void
fake_server_start_connect (FakeServer *self)
{
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->is_connecting = TRUE;
  xmpp_session_connect_async (self->session, self->cancellable, on_connected, self);
}

void
fake_server_connect (FakeServer *self)
{
  guint before = self->n_connections;

  fake_server_start_connect (self);
  fake_server_wait_until (self->n_connections > before);
}

void
fake_server_send_header (FakeServer *self,
                         const char *attributes)
{
  g_autofree char *header = g_strdup_printf ("<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
                                             "xmlns:stream='http://etherx.jabber.org/streams' %s>", attributes);

  fake_server_send (self, header);
}

static void
expect_header (FakeServer *self)
{
  const char *header = fake_server_expect_contains (self, "<stream:stream ");
  g_autofree char *to = fake_xml_get (header, "to");

  g_assert_cmpstr (to, ==, self->domain);

  /* Its XML declaration came before it */
  if (self->waiting->len > 0 && g_str_has_prefix (g_ptr_array_index (self->waiting, 0), "<?xml "))
    g_ptr_array_remove_index (self->waiting, 0);
}

void
fake_server_open (FakeServer *self,
                  const char *features)
{
  g_autofree char *attributes = g_strdup_printf ("from='%s' id='s%u' version='1.0' xml:lang='en'",
                                                 self->domain, ++self->last_id);
  g_autofree char *xml = features != NULL ? g_strconcat ("<stream:features>", features, "</stream:features>", NULL) : NULL;

  expect_header (self);
  fake_server_send_header (self, attributes);
  if (xml != NULL)
    fake_server_send (self, xml);
}

void
fake_server_start_tls (FakeServer *self)
{
  fake_server_expect_next (self, "<starttls xmlns='" NS_TLS "'/>");
  fake_server_send (self, "<proceed xmlns='" NS_TLS "'/>");
  if (!fake_server_handshake (self))
    g_error ("no TLS: %s", self->tls_error != 0 ? gnutls_strerror (self->tls_error) : "the client closed");
}

void
fake_server_secure (FakeServer *self)
{
  fake_server_connect (self);
  if (!self->direct_tls)
    {
      fake_server_open (self, FAKE_STARTTLS);
      fake_server_start_tls (self);
    }
  else
    g_assert_true (fake_server_handshake (self));
}

void
fake_server_authenticate (FakeServer *self)
{
  fake_server_expect_next (self, "<auth xmlns='" NS_SASL "' mechanism='PLAIN'>*</auth>");
  fake_server_send (self, "<success xmlns='" NS_SASL "'/>");
}

void
fake_server_bind (FakeServer *self)
{
  const char *request = fake_server_expect_contains (self, FAKE_BIND_NS);
  g_autofree char *id = fake_xml_get (request, "id");
  g_autofree char *resource = g_strdup ("balcony");
  const char *asked = strstr (request, "<resource>");
  g_autofree char *xml = NULL;

  if (asked != NULL)
    {
      g_free (resource);
      asked += strlen ("<resource>");
      resource = g_strndup (asked, strcspn (asked, "<"));
    }

  xml = g_strdup_printf ("<iq type='result' id='%s'><bind xmlns='" FAKE_BIND_NS "'><jid>%s/%s</jid></bind></iq>",
                         id, xmpp_jid_get_bare_text (xmpp_session_get_jid (self->session)), resource);
  fake_server_send (self, xml);
}

static void
login_without_tls (FakeServer *self)
{
  gboolean is_anonymous;

  g_object_get (self->session, "anonymous", &is_anonymous, NULL);
  if (is_anonymous)
    {
      fake_server_open (self, FAKE_MECHANISMS (FAKE_MECHANISM ("ANONYMOUS")));
      fake_server_expect_next (self, "<auth xmlns='" NS_SASL "' mechanism='ANONYMOUS'>*</auth>");
      fake_server_send (self, "<success xmlns='" NS_SASL "'/>");
      return;
    }

  fake_server_open (self, FAKE_MECHANISMS (FAKE_MECHANISM ("SCRAM-SHA-256")));
  fake_scram_play (self, "SCRAM-SHA-256");
}

void
fake_server_login (FakeServer *self)
{
  g_autofree char *features = g_strconcat (FAKE_BIND, self->features, NULL);
  XmppSecurity security;

  g_object_get (self->session, "security", &security, NULL);

  if (security == XMPP_SECURITY_DISABLED)
    {
      fake_server_connect (self);
      login_without_tls (self);
    }
  else
    {
      fake_server_secure (self);
      fake_server_open (self, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
      fake_server_authenticate (self);
    }

  fake_server_open (self, features);
  fake_server_bind (self);
  fake_server_wait_until (!self->is_connecting);
  g_assert_no_error (self->error);
  g_assert_true (xmpp_session_is_online (self->session));
}

void
fake_server_expect_failure (FakeServer *self,
                            GQuark      domain,
                            int         code)
{
  fake_server_wait_until (!self->is_connecting);
  g_assert_error (self->error, domain, code);
  g_assert_false (xmpp_session_is_online (self->session));
}

/* Rounds and ends */

void
fake_server_ping (FakeServer *self)
{
  g_autofree char *id = g_strdup_printf ("fake-ping-%u", ++self->last_id);
  g_autofree char *ping = g_strdup_printf ("<iq type='get' id='%s' from='%s'><ping xmlns='urn:xmpp:ping'/></iq>",
                                           id, self->domain);
  g_autofree char *wanted = g_strdup_printf (" id='%s'", id);

  fake_server_send (self, ping);
  fake_server_expect_contains (self, wanted);
}

void
fake_server_settle (FakeServer *self)
{
  fake_server_ping (self);
  g_ptr_array_set_size (self->waiting, 0);
}

static void
assert_nothing_waits (FakeServer *self)
{
  if (self->waiting->len > 0 || self->input->len > 0)
    {
      g_autofree char *got = list_waiting (self);

      g_error ("expected nothing more, but got:%s", got);
    }
}

void
fake_server_no_more (FakeServer *self)
{
  fake_server_ping (self);
  assert_nothing_waits (self);
}

void
fake_server_expect_closed (FakeServer *self)
{
  fake_server_wait_until (self->is_eof);
  if (self->waiting->len > 0 &&
      g_str_equal (g_ptr_array_index (self->waiting, self->waiting->len - 1), "</stream:stream>"))
    g_ptr_array_remove_index (self->waiting, self->waiting->len - 1);
  assert_nothing_waits (self);
}

void
fake_server_close (FakeServer *self)
{
  fake_server_send (self, "</stream:stream>");
  fake_server_expect (self, "</stream:stream>");
  if (self->tls != NULL)
    gnutls_bye (self->tls, GNUTLS_SHUT_WR);
  fake_server_fin (self);
}

/* From the beginning to the end */

static void
on_closed (XmppSession  *session,
           const GError *error,
           gpointer      user_data)
{
  FakeServer *self = user_data;

  self->n_closed++;
  g_clear_error (&self->closed_error);
  self->closed_error = error != NULL ? g_error_copy (error) : NULL;
}

FakeServer *
fake_server_new (const char *jid)
{
  FakeServer *self = g_new0 (FakeServer, 1);
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppJid) address = xmpp_jid_new (jid, &error);
  g_autoptr(GTlsDatabase) database = NULL;
  g_autoptr(XmppConnector) connector = NULL;

  g_assert_no_error (error);

  self->domain = g_strdup (xmpp_jid_get_domain (address));
  self->authority = fake_authority_new ();
  self->certificate = fake_authority_issue (self->authority, self->domain, FAKE_CERTIFICATE_GOOD);
  self->tls_priority = "NORMAL";
  self->read_limit = -1;
  self->write_limit = -1;
  self->received = g_ptr_array_new_with_free_func (g_free);
  self->waiting = g_ptr_array_new ();
  self->input = g_string_new (NULL);
  self->fd = -1;
  self->clock = fake_clock_new ();

  connector = fake_connector_new (self);
  database = fake_authority_get_database (self->authority);
  self->session = xmpp_session_new (address);
  g_object_set (self->session,
                "connector", connector,
                "clock", self->clock,
                "tls-database", database,
                NULL);
  xmpp_session_set_password (self->session, FAKE_PASSWORD);
  g_signal_connect (self->session, "closed", G_CALLBACK (on_closed), self);

  return self;
}

void
fake_server_free (FakeServer *self)
{
  g_autoptr(XmppConnector) connector = NULL;

  g_object_get (self->session, "connector", &connector, NULL);
  xmpp_session_abort (self->session);
  fake_server_wait_until (!self->is_connecting);
  fake_connector_leave (FAKE_CONNECTOR (connector));

  g_signal_handlers_disconnect_by_data (self->session, self);
  g_object_add_weak_pointer (G_OBJECT (self->session), (gpointer *) &self->session);
  g_object_unref (self->session);
  fake_server_wait_until (self->session == NULL && self->client == NULL);

  fake_server_fin (self);
  g_assert_finalize_object (g_steal_pointer (&self->clock));
  g_clear_pointer (&self->authority, fake_authority_free);
  g_clear_pointer (&self->ticket_key.data, gnutls_free);
  g_clear_pointer (&self->staple, g_bytes_unref);
  g_ptr_array_unref (self->waiting);
  g_ptr_array_unref (self->received);
  g_string_free (self->input, TRUE);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  g_clear_error (&self->closed_error);
  g_clear_error (&self->connect_error);
  g_free (self->domain);
  g_free (self->features);
  g_free (self->certificate);
  g_free (self);
}
