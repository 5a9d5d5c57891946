/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-negotiator-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

G_DEFINE_FINAL_TYPE (XmppNegotiator, xmpp_negotiator, G_TYPE_OBJECT)

static void connect_now (XmppNegotiator *self);

/* The end */

static void
clear_timer (XmppNegotiator *self)
{
  if (self->timer != 0)
    xmpp_clock_remove (self->options.clock, self->timer);

  self->timer = 0;
}

static void
stop (XmppNegotiator *self)
{
  self->phase = XMPP_PHASE_OVER;
  clear_timer (self);
  g_cancellable_cancel (self->cancellable);
  if (self->login != NULL)
    xmpp_login_cancel (self->login);

  /* It never persists (S28) */
  g_clear_pointer (&self->redirect, xmpp_redirect_free);
}

/* Where the server would have had us come back to did not do (XEP-0198, 5), whoever was there: now as always. Once
 * we have said who we are, a failure is one.
 */
static gboolean
leave_location (XmppNegotiator *self,
                const GError   *error)
{
  if (!self->is_at_location || self->login != NULL)
    return FALSE;

  self->is_at_location = FALSE;
  xmpp_resumption_forget_location (self->options.resumption);
  g_clear_pointer (&self->redirect, xmpp_redirect_free);
  xmpp_negotiator_say (self, XMPP_EVENT_NETWORK, "%s", error->message);
  if (self->phase != XMPP_PHASE_OVER)
    connect_now (self);

  return TRUE;
}

void
xmpp_negotiator_finish (XmppNegotiator *self,
                        const GError   *error)
{
  g_autoptr(XmppNegotiator) hold = g_object_ref (self);

  if (self->phase == XMPP_PHASE_OVER || (error != NULL && leave_location (self, error)))
    return;

  stop (self);
  self->funcs.done (error, self->user_data);
}

void
xmpp_negotiator_fail (XmppNegotiator *self,
                      XmppError       code,
                      const char     *sentence)
{
  g_autoptr(GError) error = g_error_new_literal (XMPP_ERROR, code, sentence);

  xmpp_negotiator_finish (self, error);
}

/* Telling. After each of these it may all be over, for whoever hears of it may cancel: so each way in
 * from outside holds a reference.
 */

void
xmpp_negotiator_say (XmppNegotiator *self,
                     XmppEvent       event,
                     const char     *format,
                     ...)
{
  g_autofree char *text = NULL;
  va_list args;

  if (self->phase == XMPP_PHASE_OVER)
    return;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  self->funcs.event (event, XMPP_RECEIVED, text, self->user_data);
}

static void
show (XmppNegotiator *self,
      XmppStanza     *nonza,
      XmppDirection   direction)
{
  g_autoptr(XmppStanza) shown = xmpp_login_redact (nonza);

  self->funcs.stanza (shown, direction, self->user_data);
}

void
xmpp_negotiator_send (XmppNegotiator *self,
                      XmppStanza     *nonza)
{
  if (self->phase == XMPP_PHASE_OVER)
    return;

  xmpp_stanza_seal (nonza);
  xmpp_stream_send (self->stream, nonza);
  show (self, nonza, XMPP_SENT);
}

/* Phases */

static gboolean
on_late (gpointer user_data)
{
  XmppNegotiator *self = user_data;

  self->timer = 0;
  xmpp_negotiator_fail (self, XMPP_ERROR_TIMED_OUT, _(xmpp_negotiator_get_phase (self->phase)->late));

  return G_SOURCE_REMOVE;
}

static XmppState
get_state (XmppNegotiator *self)
{
  if (self->stream == NULL)
    return XMPP_STATE_CONNECTING;

  if (!self->is_secure && self->options.security != XMPP_SECURITY_DISABLED)
    return XMPP_STATE_SECURING;

  return self->is_authenticated ? XMPP_STATE_BINDING : XMPP_STATE_AUTHENTICATING;
}

void
xmpp_negotiator_enter (XmppNegotiator *self,
                       XmppPhase       phase)
{
  guint seconds = xmpp_negotiator_get_phase (phase)->seconds;

  if (self->phase == XMPP_PHASE_OVER)
    return;

  clear_timer (self);
  self->phase = phase;
  if (seconds > 0)
    self->timer = xmpp_clock_add (self->options.clock, seconds * 1000, on_late, self);

  self->funcs.state (get_state (self), self->user_data);
}

/* Our header, and everything anew after it: what the server said before counts no more (S33, S57).
 * Who we are is said only where nobody else can hear it (RFC 6120, 4.7.1; T103).
 */
void
xmpp_negotiator_open (XmppNegotiator *self)
{
  g_autoptr(XmppStream) stream = self->stream != NULL ? g_object_ref (self->stream) : NULL;
  const XmppJid *jid = self->options.jid;
  gboolean may_say = self->is_secure && !self->options.is_anonymous;

  g_clear_pointer (&self->features, xmpp_stanza_unref);
  xmpp_negotiator_enter (self, XMPP_PHASE_FEATURES);

  if (self->phase == XMPP_PHASE_FEATURES)
    xmpp_stream_open (stream, xmpp_jid_get_domain (jid), may_say ? xmpp_jid_get_bare_text (jid) : NULL,
                      self->options.lang);
}

/* The stream */

static gboolean
is_version_1 (const char *version)
{
  gsize digits = version != NULL ? strspn (version, "0123456789") : 0;

  return digits > 0 && version[digits] == '.' && strspn (version, "0") < digits;
}

/* RFC 6120, 4.7.1 and 4.7.5; without TLS anybody may have written it (S22, S23) */
static void
on_stream_opened (XmppStream *stream,
                  XmppStanza *header,
                  gpointer    user_data)
{
  g_autoptr(XmppNegotiator) self = g_object_ref (user_data);
  const XmppNode *root = xmpp_stanza_get_root (header);
  const char *from = xmpp_node_get (root, "from");
  g_autoptr(XmppJid) jid = xmpp_jid_new_received (from);

  if (!is_version_1 (xmpp_node_get (root, "version")))
    xmpp_negotiator_fail (self, XMPP_ERROR_UNSUPPORTED_VERSION,
                          _("The server is too old: it does not speak XMPP 1.0"));
  else if (self->is_secure && jid != NULL &&
           g_strcmp0 (xmpp_jid_get_domain (jid), xmpp_jid_get_domain (self->options.jid)) != 0)
    xmpp_negotiator_fail (self, XMPP_ERROR_PROTOCOL, _("The server that answered is one for another domain"));
}

static void
receive_stream_error (XmppNegotiator *self,
                      const XmppNode *node)
{
  g_autoptr(GError) error = xmpp_stream_error_parse (node);
  g_autoptr(GError) refusal = NULL;

  if (!g_error_matches (error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_SEE_OTHER_HOST))
    {
      xmpp_negotiator_finish (self, error);
      return;
    }

  if (self->redirect == NULL)
    self->redirect = xmpp_redirect_new (self->connector);

  if (!xmpp_redirect_follow (self->redirect, node, &refusal))
    {
      xmpp_negotiator_finish (self, refusal);
      return;
    }

  connect_now (self);
}

static void
on_stream_received (XmppStream *stream,
                    XmppStanza *stanza,
                    gpointer    user_data)
{
  g_autoptr(XmppNegotiator) self = g_object_ref (user_data);
  const XmppNode *root = xmpp_stanza_get_root (stanza);
  const XmppNegotiatorNonza *nonza;

  show (self, stanza, XMPP_RECEIVED);

  if (xmpp_node_is (root, "error", XMPP_NS_STREAM) && self->phase != XMPP_PHASE_OVER)
    {
      receive_stream_error (self, root);
      return;
    }

  for (nonza = xmpp_negotiator_get_phase (self->phase)->nonzas; nonza->ns != NULL; nonza++)
    {
      if (g_strcmp0 (root->ns, nonza->ns) == 0 && (nonza->name == NULL || strcmp (root->name, nonza->name) == 0))
        {
          nonza->receive (self, stanza);
          return;
        }
    }

  xmpp_negotiator_fail (self, XMPP_ERROR_PROTOCOL, _("The server said something that has no place before the login is done"));
}

static void
on_stream_closed (XmppStream   *stream,
                  const GError *error,
                  gpointer      user_data)
{
  g_autoptr(XmppNegotiator) self = g_object_ref (user_data);

  g_clear_object (&self->stream);

  if (error != NULL)
    xmpp_negotiator_finish (self, error);
  else
    xmpp_negotiator_fail (self, XMPP_ERROR_DISCONNECTED, _("The server closed the connection"));
}

static void
on_stream_raw (XmppStream *stream,
               gboolean    is_sent,
               const char *text,
               gpointer    user_data)
{
  XmppNegotiator *self = user_data;

  self->funcs.event (xmpp_event_from_raw (text), is_sent ? XMPP_SENT : XMPP_RECEIVED, text, self->user_data);
}

static const XmppStreamFuncs stream_funcs = {
  .opened = on_stream_opened,
  .received = on_stream_received,
  .closed = on_stream_closed,
  .raw = on_stream_raw,
};

/* The connection */

static void
say_connected (XmppNegotiator *self)
{
  const char *address = self->endpoint->address;

  /* Translators: a host, its numeric address or that of a proxy, a port */
  xmpp_negotiator_say (self, XMPP_EVENT_NETWORK, _("Connected to %s (%s), port %u"), self->endpoint->host,
                       address != NULL ? address : _("through a proxy"), self->endpoint->port);
}

/* While the server is asked for TLS whom to trust is read */
static void
read_authorities (XmppNegotiator *self)
{
  if (self->options.security == XMPP_SECURITY_DISABLED)
    return;

  if (self->options.authorities != NULL && self->options.tls_database == NULL)
    g_set_object (&self->authorities, self->options.authorities);
  else
    self->authorities = xmpp_authorities_new (self->options.tls_database);
}

static void
on_connected (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(XmppNegotiator) self = user_data;
  g_autoptr(XmppEndpoint) endpoint = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GIOStream) io = xmpp_connector_connect_finish (XMPP_CONNECTOR (object), result, &endpoint, &error);

  if (self->phase == XMPP_PHASE_OVER)
    return;

  if (io == NULL)
    {
      xmpp_negotiator_finish (self, error);
      return;
    }

  self->endpoint = g_steal_pointer (&endpoint);
  self->stream = xmpp_stream_new (io, self->options.clock, &stream_funcs, self);
  xmpp_stream_set_early (self->stream, TRUE);
  read_authorities (self);
  say_connected (self);

  if (self->phase == XMPP_PHASE_OVER)
    return;

  if (self->endpoint->direct_tls)
    xmpp_negotiator_shake_hands (self);
  else
    xmpp_negotiator_open (self);
}

static void
drop_connection (XmppNegotiator *self)
{
  if (self->stream != NULL)
    xmpp_stream_abort (self->stream);
  if (self->login != NULL)
    xmpp_login_cancel (self->login);

  g_clear_object (&self->stream);
  g_clear_object (&self->login);
  g_clear_object (&self->authorities);
  g_clear_object (&self->certificate);
  g_clear_pointer (&self->endpoint, xmpp_endpoint_free);
  g_clear_pointer (&self->features, xmpp_stanza_unref);
  g_clear_pointer (&self->bind, xmpp_bind_free);
  self->tls_version = NULL;
  self->is_secure = FALSE;
  self->is_authenticated = FALSE;
  self->has_session = FALSE;
  self->is_resumed = FALSE;
}

static void
connect_now (XmppNegotiator *self)
{
  g_autoptr(XmppNegotiator) hold = g_object_ref (self);

  drop_connection (self);
  xmpp_negotiator_enter (self, XMPP_PHASE_CONNECT);

  /* Translators: %s is a domain */
  xmpp_negotiator_say (self, XMPP_EVENT_STATE, _("Connecting to %s"), xmpp_jid_get_domain (self->options.jid));

  if (self->phase == XMPP_PHASE_CONNECT)
    xmpp_connector_connect_async (self->connector, self->cancellable, on_connected, g_object_ref (self));
}

static void
xmpp_negotiator_dispose (GObject *object)
{
  XmppNegotiator *self = XMPP_NEGOTIATOR (object);

  stop (self);
  drop_connection (self);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->connector);

  G_OBJECT_CLASS (xmpp_negotiator_parent_class)->dispose (object);
}

static void
xmpp_negotiator_class_init (XmppNegotiatorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xmpp_negotiator_dispose;
}

static void
xmpp_negotiator_init (XmppNegotiator *self)
{
  self->cancellable = g_cancellable_new ();
}

XmppNegotiator *
xmpp_negotiator_new (XmppConnector               *connector,
                     const XmppNegotiatorOptions *options,
                     const XmppNegotiatorFuncs   *funcs,
                     gpointer                     user_data)
{
  XmppNegotiator *self = g_object_new (XMPP_TYPE_NEGOTIATOR, NULL);

  self->connector = g_object_ref (connector);
  self->options = *options;
  self->funcs = *funcs;
  self->user_data = user_data;

  return self;
}

/* The server may want us back at a certain host. It is told whose certificate must be shown there as everywhere. A
 * host that the person has chosen is the only one.
 */
static void
go_to_location (XmppNegotiator *self)
{
  g_autofree char *chosen = NULL;
  const char *host;
  guint port;

  if (self->options.resumption == NULL || !xmpp_resumption_can_resume (self->options.resumption))
    return;

  host = xmpp_resumption_get_location (self->options.resumption, &port);
  g_object_get (self->connector, "host", &chosen, NULL);
  if (host == NULL || chosen != NULL)
    return;

  self->is_at_location = TRUE;
  self->redirect = xmpp_redirect_new (self->connector);
  xmpp_redirect_lead (self->redirect, host, port);
}

/* Once. What it needs to run it holds itself: it may be dropped only after done () or a cancel. */
void
xmpp_negotiator_start (XmppNegotiator *self)
{
  go_to_location (self);
  connect_now (self);
}

/* Ends it at once; nothing is called any more. */
void
xmpp_negotiator_cancel (XmppNegotiator *self)
{
  stop (self);
  drop_connection (self);
}

/* Returns: (transfer full) (nullable): see XmppNegotiatorFuncs */
XmppStream *
xmpp_negotiator_take_stream (XmppNegotiator *self)
{
  return g_steal_pointer (&self->stream);
}

/* Returns: (transfer none) (nullable): the last ones that the server sent */
XmppStanza *
xmpp_negotiator_get_features (XmppNegotiator *self)
{
  return self->features;
}

/* Returns: (transfer none) (nullable): as bound */
XmppJid *
xmpp_negotiator_get_jid (XmppNegotiator *self)
{
  return self->bind != NULL ? xmpp_bind_get_jid (self->bind) : NULL;
}

/* Whether the last session goes on, with the address that it had; if not, another one begins. */
gboolean
xmpp_negotiator_is_resumed (XmppNegotiator *self)
{
  return self->is_resumed;
}

const char *
xmpp_negotiator_get_host (XmppNegotiator *self)
{
  return self->endpoint != NULL ? self->endpoint->host : NULL;
}

const char *
xmpp_negotiator_get_mechanism (XmppNegotiator *self)
{
  return self->login != NULL ? xmpp_login_get_mechanism (self->login) : NULL;
}

/* Returns: (nullable): such as "TLS 1.3"; NULL when it is not encrypted */
const char *
xmpp_negotiator_get_tls_version (XmppNegotiator *self)
{
  return self->tls_version;
}

/* Returns: (transfer none) (nullable): what the server showed, refused or not */
XmppCertificate *
xmpp_negotiator_get_certificate (XmppNegotiator *self)
{
  return self->certificate;
}

/* A header and a goodbye, or the white space that keeps a connection alive? */
XmppEvent
xmpp_event_from_raw (const char *text)
{
  return text[strspn (text, " \t\r\n")] == '\0' ? XMPP_EVENT_WHITESPACE : XMPP_EVENT_HEADER;
}
