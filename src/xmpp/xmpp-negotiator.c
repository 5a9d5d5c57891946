/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-negotiator.h"
#include "xmpp-tls.h"
#include "xmpp-login.h"
#include "xmpp-random.h"
#include "xmpp-redirect.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define NS_TLS     "urn:ietf:params:xml:ns:xmpp-tls"
#define NS_BIND    "urn:ietf:params:xml:ns:xmpp-bind"
#define NS_SESSION "urn:ietf:params:xml:ns:xmpp-session"

typedef enum
{
  PHASE_IDLE,
  PHASE_CONNECT,     /* the connector has its own limits of time */
  PHASE_FEATURES,    /* our header is sent: theirs, and <features/> */
  PHASE_PROCEED,     /* <starttls/> is sent */
  PHASE_HANDSHAKE,
  PHASE_LOGIN,
  PHASE_BIND,
  PHASE_SESSION,
  PHASE_OVER,
} Phase;

struct _XmppNegotiator
{
  GObject                parent_instance;

  /* Set once */
  XmppConnector         *connector;
  XmppNegotiatorOptions  options;
  XmppNegotiatorFuncs    funcs;
  gpointer               user_data;
  GCancellable          *cancellable;
  XmppRedirect          *redirect;      /* NULL: nobody sent us elsewhere */

  /* With a connection */
  Phase                  phase;
  guint                  timer;
  XmppEndpoint          *endpoint;
  XmppStream            *stream;
  XmppStanza            *features;      /* the last ones: those before TLS and login are forgotten */
  XmppLogin             *login;
  gboolean               is_secure;
  gboolean               is_authenticated;
  gboolean               has_session;
  gboolean               has_rebound;
  char                  *request_id;    /* of the bind or session request */
  XmppJid               *jid;           /* once bound */
  XmppCertificate       *certificate;
  const char            *tls_version;   /* static */
};

typedef struct
{
  const char *name;
  const char *ns;
  void      (*receive) (XmppNegotiator *self,
                        XmppStanza     *nonza);
} Nonza;

typedef struct
{
  guint       seconds;     /* 0: no limit here */
  const char *late;        /* what is said when they are over */
  Nonza       nonzas[3];   /* what may come: anything else ends it */
} PhaseInfo;

/* A step of the negotiation, chosen by what the server offers */
typedef struct
{
  const char *name;
  const char *ns;
  gboolean  (*is_due) (XmppNegotiator *self,
                       const XmppNode *feature);
  void      (*start)  (XmppNegotiator *self,
                       const XmppNode *feature);   /* NULL: it is due and not offered */
} Step;

G_DEFINE_FINAL_TYPE (XmppNegotiator, xmpp_negotiator, G_TYPE_OBJECT)

static const PhaseInfo *get_info (Phase           phase);
static void             connect_now (XmppNegotiator *self);

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
  self->phase = PHASE_OVER;
  clear_timer (self);
  g_cancellable_cancel (self->cancellable);
  if (self->login != NULL)
    xmpp_login_cancel (self->login);

  /* It never persists (S28) */
  g_clear_pointer (&self->redirect, xmpp_redirect_free);
}

static void
finish (XmppNegotiator *self,
        const GError   *error)
{
  g_autoptr(XmppNegotiator) hold = g_object_ref (self);

  if (self->phase == PHASE_OVER)
    return;

  stop (self);
  self->funcs.done (error, self->user_data);
}

static void
fail (XmppNegotiator *self,
      XmppError       code,
      const char     *sentence)
{
  g_autoptr(GError) error = g_error_new_literal (XMPP_ERROR, code, sentence);

  finish (self, error);
}

/* Telling. After each of these it may all be over, for whoever hears of it may cancel: so each way in
 * from outside holds a reference.
 */

static void
say (XmppNegotiator *self,
     XmppEvent       event,
     const char     *format,
     ...) G_GNUC_PRINTF (3, 4);

static void
say (XmppNegotiator *self,
     XmppEvent       event,
     const char     *format,
     ...)
{
  g_autofree char *text = NULL;
  va_list args;

  if (self->phase == PHASE_OVER)
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

static void
send_nonza (XmppNegotiator *self,
            XmppStanza     *nonza)
{
  if (self->phase == PHASE_OVER)
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
  fail (self, XMPP_ERROR_TIMED_OUT, _(get_info (self->phase)->late));

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

static void
enter (XmppNegotiator *self,
       Phase           phase)
{
  guint seconds = get_info (phase)->seconds;

  if (self->phase == PHASE_OVER)
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
static void
open_stream (XmppNegotiator *self)
{
  g_autoptr(XmppStream) stream = self->stream != NULL ? g_object_ref (self->stream) : NULL;
  const XmppJid *jid = self->options.jid;
  gboolean may_say = self->is_secure && !self->options.is_anonymous;

  g_clear_pointer (&self->features, xmpp_stanza_unref);
  enter (self, PHASE_FEATURES);

  if (self->phase == PHASE_FEATURES)
    xmpp_stream_open (stream, xmpp_jid_get_domain (jid), may_say ? xmpp_jid_get_bare_text (jid) : NULL,
                      self->options.lang);
}

/* TLS */

static void
say_tls (XmppNegotiator  *self,
         GTlsConnection  *connection,
         XmppCertificate *certificate)
{
  g_autofree char *cipher = g_tls_connection_get_ciphersuite_name (connection);
  g_autofree char *until = g_date_time_format_iso8601 (xmpp_certificate_get_not_after (certificate));

  say (self, XMPP_EVENT_TLS, "%s, %s", self->tls_version, cipher);

  /* Translators: the names are a server's and an authority's, then a date and a checksum */
  say (self, XMPP_EVENT_TLS, _("Certificate of %s, issued by %s, valid until %s, SHA-256 %s"),
       xmpp_certificate_get_subject (certificate), xmpp_certificate_get_issuer (certificate),
       until, xmpp_certificate_get_fingerprint (certificate));
}

static void
on_handshake (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(XmppNegotiator) self = user_data;
  g_autoptr(XmppCertificate) certificate = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_secure = xmpp_tls_secure_finish (XMPP_STREAM (object), result, &certificate, &error);

  if (self->phase == PHASE_OVER)
    return;

  g_set_object (&self->certificate, certificate);

  if (!is_secure)
    {
      g_clear_object (&self->stream);
      finish (self, error);
      return;
    }

  self->is_secure = TRUE;
  self->tls_version = xmpp_tls_get_version (G_TLS_CONNECTION (xmpp_stream_get_io (self->stream)));
  say_tls (self, G_TLS_CONNECTION (xmpp_stream_get_io (self->stream)), certificate);
  open_stream (self);
}

static void
shake_hands (XmppNegotiator *self)
{
  XmppTlsOptions options = {
    .endpoint = self->endpoint,
    .domain = xmpp_jid_get_domain (self->options.jid),
    .pins = self->options.pins,
    .database = self->options.tls_database,
    .certificate = self->options.client_certificate,
  };

  enter (self, PHASE_HANDSHAKE);

  if (self->phase == PHASE_HANDSHAKE)
    xmpp_tls_secure_async (self->stream, &options, self->cancellable, on_handshake, g_object_ref (self));
}

/* A byte more than <proceed/> was put in by somebody who sits between (RFC 6120, 5.4.3.3; S38) */
static void
receive_proceed (XmppNegotiator *self,
                 XmppStanza     *nonza)
{
  xmpp_stream_pause (self->stream);

  if (xmpp_stream_is_drained (self->stream))
    shake_hands (self);
  else
    fail (self, XMPP_ERROR_PROTOCOL, _("Somebody may be tampering with the connection: there was text "
                                       "where encryption should have begun"));
}

static void
receive_tls_failure (XmppNegotiator *self,
                     XmppStanza     *nonza)
{
  fail (self, XMPP_ERROR_TLS, _("The server could not set up encryption"));
}

/* With encryption forbidden, this step is only there to see that the server does not insist on it. */
static gboolean
is_tls_due (XmppNegotiator *self,
            const XmppNode *feature)
{
  if (self->is_secure)
    return FALSE;

  return self->options.security != XMPP_SECURITY_DISABLED ||
         (feature != NULL && xmpp_node_get_child (feature, "required", NS_TLS) != NULL);
}

static void
start_tls (XmppNegotiator *self,
           const XmppNode *feature)
{
  g_autoptr(XmppStanza) nonza = NULL;

  if (self->options.security == XMPP_SECURITY_DISABLED)
    {
      fail (self, XMPP_ERROR_TLS_REQUIRED, _("The server requires encryption, and this account forbids it"));
      return;
    }

  if (feature == NULL)
    {
      fail (self, XMPP_ERROR_NO_TLS, _("The server does not offer encryption. Nothing was sent to it."));
      return;
    }

  nonza = xmpp_stanza_new ("starttls", NS_TLS);
  enter (self, PHASE_PROCEED);
  send_nonza (self, nonza);
}

/* Login */

static void
on_login_send (XmppStanza *nonza,
               gpointer    user_data)
{
  send_nonza (user_data, nonza);
}

static void
on_login_event (const char *text,
                gpointer    user_data)
{
  say (user_data, XMPP_EVENT_SASL, "%s", text);
}

static void
on_login_done (const GError *error,
               gpointer      user_data)
{
  g_autoptr(XmppNegotiator) self = g_object_ref (user_data);

  if (error != NULL)
    {
      finish (self, error);
      return;
    }

  xmpp_stream_pause (self->stream);
  xmpp_stream_set_early (self->stream, FALSE);
  self->is_authenticated = TRUE;
  open_stream (self);
}

static const XmppLoginFuncs login_funcs = {
  .send = on_login_send,
  .event = on_login_event,
  .done = on_login_done,
};

static gboolean
is_login_due (XmppNegotiator *self,
              const XmppNode *feature)
{
  return !self->is_authenticated;
}

static void
start_login (XmppNegotiator *self,
             const XmppNode *feature)
{
  if (feature == NULL)
    {
      fail (self, XMPP_ERROR_NO_MECHANISM, _("The server offers no way to log in"));
      return;
    }

  enter (self, PHASE_LOGIN);
  if (self->phase == PHASE_OVER)
    return;

  self->login = xmpp_login_new (&self->options, xmpp_stream_get_io (self->stream), &login_funcs, self);
  xmpp_login_start (self->login, xmpp_stanza_get_root (self->features));
}

static void
receive_login (XmppNegotiator *self,
               XmppStanza     *nonza)
{
  xmpp_login_receive (self->login, xmpp_stanza_get_root (nonza));
}

/* Binding */

static XmppNode *
new_request (XmppNegotiator  *self,
             const char      *name,
             const char      *ns,
             XmppStanza     **request)
{
  g_free (self->request_id);
  self->request_id = xmpp_random_id ();
  *request = xmpp_stanza_new_iq ("set", NULL);
  xmpp_node_set (xmpp_stanza_get_root (*request), "id", self->request_id);

  return xmpp_node_add (xmpp_stanza_get_root (*request), name, ns);
}

static gboolean
is_bind_due (XmppNegotiator *self,
             const XmppNode *feature)
{
  return self->jid == NULL;
}

/* A name that nobody has chosen is random: it tells nobody the name of this machine (T103) */
static void
request_bind (XmppNegotiator *self,
              const char     *resource)
{
  g_autofree char *random = resource == NULL ? xmpp_random_id () : NULL;
  g_autoptr(XmppStanza) request = NULL;
  XmppNode *bind = new_request (self, "bind", NS_BIND, &request);

  xmpp_node_add_text (bind, "resource", NS_BIND, resource != NULL ? resource : random);
  send_nonza (self, request);
}

static void
start_bind (XmppNegotiator *self,
            const XmppNode *feature)
{
  if (feature == NULL)
    {
      fail (self, XMPP_ERROR_BIND, _("The server does not let this device in: it offers no resource binding"));
      return;
    }

  enter (self, PHASE_BIND);
  request_bind (self, xmpp_jid_get_resource (self->options.jid));
}

/* What the server says that we are must be what we asked to be (RFC 6120, 7.6.1; S78) */
static gboolean
is_ours (XmppNegotiator *self,
         const XmppJid  *jid)
{
  const XmppJid *account = self->options.jid;

  if (xmpp_jid_is_bare (jid) || xmpp_jid_is_opaque (jid))
    return FALSE;

  if (self->options.is_anonymous)
    return g_strcmp0 (xmpp_jid_get_domain (jid), xmpp_jid_get_domain (account)) == 0;

  return xmpp_jid_equal_bare (jid, account);
}

static void next_step (XmppNegotiator *self);

static void
receive_bound (XmppNegotiator *self,
               const XmppNode *iq)
{
  const XmppNode *bind = xmpp_node_get_child (iq, "bind", NS_BIND);
  const char *text = bind != NULL ? xmpp_node_get_child_text (bind, "jid", NS_BIND) : NULL;
  g_autoptr(XmppJid) jid = text != NULL && *text != '\0' ? xmpp_jid_new_received (text) : NULL;

  if (jid == NULL)
    {
      fail (self, XMPP_ERROR_BIND, _("The server did not say which address this device has"));
      return;
    }

  if (!is_ours (self, jid))
    {
      g_autofree char *sentence =
        /* Translators: %s is an address */
        g_strdup_printf (_("The server gave this device an address that is not yours: %s"), text);

      fail (self, XMPP_ERROR_BIND, sentence);
      return;
    }

  self->jid = g_steal_pointer (&jid);
  next_step (self);
}

static void
refuse_bind (XmppNegotiator *self,
             const XmppNode *iq)
{
  g_autoptr(GError) error = xmpp_stanza_error_parse (iq);
  g_autofree char *sentence = NULL;

  /* Another device has this name: once, with a name that nobody has (RFC 6120, 7.7.2.2; S77) */
  if (self->phase == PHASE_BIND && !self->has_rebound &&
      g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_CONFLICT))
    {
      self->has_rebound = TRUE;
      request_bind (self, NULL);
      return;
    }

  /* Translators: %s is the reason, a sentence */
  sentence = g_strdup_printf (_("The server did not let this device in: %s"), error->message);
  fail (self, XMPP_ERROR_BIND, sentence);
}

/* Before the session is there nobody else can answer: what has another id, or is from somebody
 * else, is nonsense (S78).
 */
static gboolean
is_our_answer (XmppNegotiator *self,
               const XmppNode *iq)
{
  const char *from = xmpp_node_get (iq, "from");
  g_autoptr(XmppJid) jid = xmpp_jid_new_received (from);

  return g_strcmp0 (xmpp_node_get (iq, "id"), self->request_id) == 0 &&
         (jid == NULL || g_strcmp0 (xmpp_jid_get_domain (jid), xmpp_jid_get_domain (self->options.jid)) == 0);
}

static void
receive_iq (XmppNegotiator *self,
            XmppStanza     *stanza)
{
  const XmppNode *iq = xmpp_stanza_get_root (stanza);
  const char *type = xmpp_node_get (iq, "type");

  if (!is_our_answer (self, iq) || (g_strcmp0 (type, "result") != 0 && g_strcmp0 (type, "error") != 0))
    fail (self, XMPP_ERROR_BIND, _("The server's answer to the request to let this device in makes no sense"));
  else if (g_strcmp0 (type, "error") == 0)
    refuse_bind (self, iq);
  else if (self->phase == PHASE_BIND)
    receive_bound (self, iq);
  else
    {
      self->has_session = TRUE;
      next_step (self);
    }
}

/* A left-over of RFC 3921: only where the server cannot do without (S79) */
static gboolean
is_session_due (XmppNegotiator *self,
                const XmppNode *feature)
{
  return feature != NULL && !self->has_session && xmpp_node_get_child (feature, "optional", NS_SESSION) == NULL;
}

static void
start_session (XmppNegotiator *self,
               const XmppNode *feature)
{
  g_autoptr(XmppStanza) request = NULL;

  enter (self, PHASE_SESSION);
  new_request (self, "session", NS_SESSION, &request);
  send_nonza (self, request);
}

/* The table of steps, in order of preference */

static const Step steps[] = {
  { "starttls", NS_TLS, is_tls_due, start_tls },
  { "mechanisms", XMPP_NS_SASL, is_login_due, start_login },
  { "bind", NS_BIND, is_bind_due, start_bind },
  { "session", NS_SESSION, is_session_due, start_session },
};

static void
next_step (XmppNegotiator *self)
{
  const XmppNode *features = xmpp_stanza_get_root (self->features);

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      const XmppNode *feature = xmpp_node_get_child (features, steps[i].name, steps[i].ns);

      if (steps[i].is_due (self, feature))
        {
          steps[i].start (self, feature);
          return;
        }
    }

  finish (self, NULL);
}

static void
receive_features (XmppNegotiator *self,
                  XmppStanza     *nonza)
{
  g_clear_pointer (&self->features, xmpp_stanza_unref);
  self->features = xmpp_stanza_ref (nonza);
  next_step (self);
}

static const PhaseInfo phases[] = {
  [PHASE_IDLE] = { 0 },
  [PHASE_CONNECT] = { 0 },
  [PHASE_FEATURES] = {
    15, N_("The server did not answer in time. It may not be an XMPP server."),
    { { "features", XMPP_NS_STREAM, receive_features } },
  },
  [PHASE_PROCEED] = {
    15, N_("The server did not begin to encrypt in time"),
    { { "proceed", NS_TLS, receive_proceed }, { "failure", NS_TLS, receive_tls_failure } },
  },
  [PHASE_HANDSHAKE] = {
    15, N_("The server did not finish setting up encryption in time"),
  },
  [PHASE_LOGIN] = {
    20, N_("The server did not finish the login in time"),
    { { NULL, XMPP_NS_SASL, receive_login } },
  },
  [PHASE_BIND] = {
    15, N_("The server did not let this device in in time"),
    { { "iq", XMPP_NS_CLIENT, receive_iq } },
  },
  [PHASE_SESSION] = {
    15, N_("The server did not let this device in in time"),
    { { "iq", XMPP_NS_CLIENT, receive_iq } },
  },
  [PHASE_OVER] = { 0 },
};

static const PhaseInfo *
get_info (Phase phase)
{
  return &phases[phase];
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
    fail (self, XMPP_ERROR_UNSUPPORTED_VERSION, _("The server is too old: it does not speak XMPP 1.0"));
  else if (self->is_secure && jid != NULL &&
           g_strcmp0 (xmpp_jid_get_domain (jid), xmpp_jid_get_domain (self->options.jid)) != 0)
    fail (self, XMPP_ERROR_PROTOCOL, _("The server that answered is one for another domain"));
}

static void
receive_stream_error (XmppNegotiator *self,
                      const XmppNode *node)
{
  g_autoptr(GError) error = xmpp_stream_error_parse (node);
  g_autoptr(GError) refusal = NULL;

  if (!g_error_matches (error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_SEE_OTHER_HOST))
    {
      finish (self, error);
      return;
    }

  if (self->redirect == NULL)
    self->redirect = xmpp_redirect_new (self->connector);

  if (!xmpp_redirect_follow (self->redirect, node, &refusal))
    {
      finish (self, refusal);
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
  const Nonza *nonza;

  show (self, stanza, XMPP_RECEIVED);

  if (xmpp_node_is (root, "error", XMPP_NS_STREAM) && self->phase != PHASE_OVER)
    {
      receive_stream_error (self, root);
      return;
    }

  for (nonza = get_info (self->phase)->nonzas; nonza->ns != NULL; nonza++)
    {
      if (g_strcmp0 (root->ns, nonza->ns) == 0 && (nonza->name == NULL || strcmp (root->name, nonza->name) == 0))
        {
          nonza->receive (self, stanza);
          return;
        }
    }

  fail (self, XMPP_ERROR_PROTOCOL, _("The server said something that has no place before the login is done"));
}

static void
on_stream_closed (XmppStream   *stream,
                  const GError *error,
                  gpointer      user_data)
{
  g_autoptr(XmppNegotiator) self = g_object_ref (user_data);

  g_clear_object (&self->stream);

  if (error != NULL)
    finish (self, error);
  else
    fail (self, XMPP_ERROR_DISCONNECTED, _("The server closed the connection"));
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
  say (self, XMPP_EVENT_NETWORK, _("Connected to %s (%s), port %u"), self->endpoint->host,
       address != NULL ? address : _("through a proxy"), self->endpoint->port);
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

  if (self->phase == PHASE_OVER)
    return;

  if (io == NULL)
    {
      finish (self, error);
      return;
    }

  self->endpoint = g_steal_pointer (&endpoint);
  self->stream = xmpp_stream_new (io, self->options.clock, &stream_funcs, self);
  xmpp_stream_set_early (self->stream, TRUE);
  say_connected (self);

  if (self->phase == PHASE_OVER)
    return;

  if (self->endpoint->direct_tls)
    shake_hands (self);
  else
    open_stream (self);
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
  g_clear_object (&self->certificate);
  g_clear_pointer (&self->endpoint, xmpp_endpoint_free);
  g_clear_pointer (&self->features, xmpp_stanza_unref);
  g_clear_pointer (&self->request_id, g_free);
  g_clear_pointer (&self->jid, xmpp_jid_unref);
  self->tls_version = NULL;
  self->is_secure = FALSE;
  self->is_authenticated = FALSE;
  self->has_session = FALSE;
  self->has_rebound = FALSE;
}

static void
connect_now (XmppNegotiator *self)
{
  g_autoptr(XmppNegotiator) hold = g_object_ref (self);

  drop_connection (self);
  enter (self, PHASE_CONNECT);

  /* Translators: %s is a domain */
  say (self, XMPP_EVENT_STATE, _("Connecting to %s"), xmpp_jid_get_domain (self->options.jid));

  if (self->phase == PHASE_CONNECT)
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

/* Once. What it needs to run it holds itself: it may be dropped only after done () or a cancel. */
void
xmpp_negotiator_start (XmppNegotiator *self)
{
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

/* Returns: (transfer none): as bound */
XmppJid *
xmpp_negotiator_get_jid (XmppNegotiator *self)
{
  return self->jid;
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
