/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-negotiator-private.h"
#include "xmpp-tls.h"

#include <glib/gi18n-lib.h>

#define NS_TLS "urn:ietf:params:xml:ns:xmpp-tls"

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

/* TLS */

static void
say_tls (XmppNegotiator  *self,
         GTlsConnection  *connection,
         XmppCertificate *certificate)
{
  g_autofree char *cipher = g_tls_connection_get_ciphersuite_name (connection);
  g_autofree char *until = g_date_time_format_iso8601 (xmpp_certificate_get_not_after (certificate));

  xmpp_negotiator_say (self, XMPP_EVENT_TLS, "%s, %s", self->tls_version, cipher);

  /* Translators: the names are a server's and an authority's, then a date and a checksum */
  xmpp_negotiator_say (self, XMPP_EVENT_TLS, _("Certificate of %s, issued by %s, valid until %s, SHA-256 %s"),
                       xmpp_certificate_get_subject (certificate), xmpp_certificate_get_issuer (certificate),
                       until, xmpp_certificate_get_fingerprint (certificate));

  /* GIO takes those still (security.md, S43) */
  if (*xmpp_certificate_get_names (certificate) == NULL)
    xmpp_negotiator_say (self, XMPP_EVENT_TLS,
                         _("The certificate names the server only in its subject, as it was done before RFC 6125"));
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

  /* It is over, or goes on elsewhere */
  if (self->phase == XMPP_PHASE_OVER || XMPP_STREAM (object) != self->stream)
    return;

  g_clear_object (&self->authorities);
  g_set_object (&self->certificate, certificate);

  if (!is_secure)
    {
      g_clear_object (&self->stream);
      xmpp_negotiator_finish (self, error);
      return;
    }

  self->is_secure = TRUE;
  self->tls_version = xmpp_tls_get_version (G_TLS_CONNECTION (xmpp_stream_get_io (self->stream)));
  say_tls (self, G_TLS_CONNECTION (xmpp_stream_get_io (self->stream)), certificate);
  xmpp_negotiator_open (self);
}

void
xmpp_negotiator_shake_hands (XmppNegotiator *self)
{
  XmppTlsOptions options = {
    .endpoint = self->endpoint,
    .domain = xmpp_jid_get_domain (self->options.jid),
    .pins = self->options.pins,
    .authorities = self->authorities,
    .certificate = self->options.client_certificate,
  };

  xmpp_negotiator_enter (self, XMPP_PHASE_HANDSHAKE);

  if (self->phase == XMPP_PHASE_HANDSHAKE)
    xmpp_tls_secure_async (self->stream, &options, self->cancellable, on_handshake, g_object_ref (self));
}

/* A byte more than <proceed/> was put in by somebody who sits between (RFC 6120, 5.4.3.3; S38) */
static void
receive_proceed (XmppNegotiator *self,
                 XmppStanza     *nonza)
{
  xmpp_stream_pause (self->stream);

  if (xmpp_stream_is_drained (self->stream))
    xmpp_negotiator_shake_hands (self);
  else
    xmpp_negotiator_fail (self, XMPP_ERROR_PROTOCOL,
                          _("Somebody may be tampering with the connection: there was text where "
                            "encryption should have begun"));
}

static void
receive_tls_failure (XmppNegotiator *self,
                     XmppStanza     *nonza)
{
  xmpp_negotiator_fail (self, XMPP_ERROR_TLS, _("The server could not set up encryption"));
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
      xmpp_negotiator_fail (self, XMPP_ERROR_TLS_REQUIRED,
                            _("The server requires encryption, and this account forbids it"));
      return;
    }

  if (feature == NULL)
    {
      xmpp_negotiator_fail (self, XMPP_ERROR_NO_TLS,
                            _("The server does not offer encryption. Nothing was sent to it."));
      return;
    }

  nonza = xmpp_stanza_new ("starttls", NS_TLS);
  xmpp_negotiator_enter (self, XMPP_PHASE_PROCEED);
  xmpp_negotiator_send (self, nonza);
}

/* Login */

static void
on_login_send (XmppStanza *nonza,
               gpointer    user_data)
{
  xmpp_negotiator_send (user_data, nonza);
}

static void
on_login_event (const char *text,
                gpointer    user_data)
{
  xmpp_negotiator_say (user_data, XMPP_EVENT_SASL, "%s", text);
}

static void
on_login_done (const GError *error,
               gpointer      user_data)
{
  g_autoptr(XmppNegotiator) self = g_object_ref (user_data);

  if (error != NULL)
    {
      xmpp_negotiator_finish (self, error);
      return;
    }

  xmpp_stream_pause (self->stream);
  xmpp_stream_set_early (self->stream, FALSE);
  self->is_authenticated = TRUE;
  xmpp_negotiator_open (self);
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
      xmpp_negotiator_fail (self, XMPP_ERROR_NO_MECHANISM, _("The server offers no way to log in"));
      return;
    }

  xmpp_negotiator_enter (self, XMPP_PHASE_LOGIN);
  if (self->phase == XMPP_PHASE_OVER)
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

static void next_step (XmppNegotiator *self);

/* Resuming the last session (XEP-0198, 5) */

static gboolean
is_resume_due (XmppNegotiator *self,
               const XmppNode *feature)
{
  return feature != NULL && self->bind == NULL && self->options.resumption != NULL &&
         xmpp_resumption_can_resume (self->options.resumption);
}

static void
start_resume (XmppNegotiator *self,
              const XmppNode *feature)
{
  g_autoptr(XmppStanza) nonza = NULL;

  xmpp_negotiator_enter (self, XMPP_PHASE_RESUME);
  if (self->phase == XMPP_PHASE_OVER)
    return;

  nonza = xmpp_resumption_make_resume (self->options.resumption);
  xmpp_negotiator_send (self, nonza);
}

static void
receive_resumed (XmppNegotiator *self,
                 XmppStanza     *nonza)
{
  const XmppNode *root = xmpp_stanza_get_root (nonza);
  XmppAck ack = xmpp_resumption_resumed (self->options.resumption, root);

  if (ack == XMPP_ACK_OK)
    {
      self->is_resumed = TRUE;
      xmpp_negotiator_finish (self, NULL);
      return;
    }

  if (ack == XMPP_ACK_TOO_HIGH)
    {
      g_autofree char *detail = xmpp_resumption_describe_too_high (self->options.resumption, root);

      xmpp_stream_refuse (self->stream, "undefined-condition", detail);
    }

  xmpp_negotiator_fail (self, XMPP_ERROR_PROTOCOL,
                        _("The server's answer to the request to go on with the last session makes no sense"));
}

/* Then a new one, on the same stream */
static void
receive_resume_failure (XmppNegotiator *self,
                        XmppStanza     *nonza)
{
  xmpp_resumption_refused (self->options.resumption, xmpp_stanza_get_root (nonza));
  next_step (self);
}

/* Binding */

static void
on_bind_send (XmppStanza *request,
              gpointer    user_data)
{
  xmpp_negotiator_send (user_data, request);
}

static void
on_bind_done (const GError *error,
              gpointer      user_data)
{
  XmppNegotiator *self = user_data;

  if (error != NULL)
    {
      xmpp_negotiator_finish (self, error);
      return;
    }

  self->has_session = self->phase == XMPP_PHASE_SESSION;
  next_step (self);
}

static const XmppBindFuncs bind_funcs = {
  .send = on_bind_send,
  .done = on_bind_done,
};

static gboolean
is_bind_due (XmppNegotiator *self,
             const XmppNode *feature)
{
  return self->bind == NULL;
}

static void
start_bind (XmppNegotiator *self,
            const XmppNode *feature)
{
  if (feature == NULL)
    {
      xmpp_negotiator_fail (self, XMPP_ERROR_BIND,
                            _("The server does not let this device in: it offers no resource binding"));
      return;
    }

  xmpp_negotiator_enter (self, XMPP_PHASE_BIND);
  if (self->phase == XMPP_PHASE_OVER)
    return;

  self->bind = xmpp_bind_new (self->options.jid, self->options.is_anonymous, &bind_funcs, self);
  xmpp_bind_start (self->bind);
}

/* A left-over of RFC 3921: only where the server cannot do without (S79) */
static gboolean
is_session_due (XmppNegotiator *self,
                const XmppNode *feature)
{
  return feature != NULL && !self->has_session && xmpp_node_get_child (feature, "optional", XMPP_NS_SESSION) == NULL;
}

static void
start_session (XmppNegotiator *self,
               const XmppNode *feature)
{
  xmpp_negotiator_enter (self, XMPP_PHASE_SESSION);
  if (self->phase == XMPP_PHASE_SESSION)
    xmpp_bind_start_session (self->bind);
}

static void
receive_iq (XmppNegotiator *self,
            XmppStanza     *iq)
{
  xmpp_bind_receive (self->bind, xmpp_stanza_get_root (iq));
}

/* The table of steps, in order of preference */

static const Step steps[] = {
  { "starttls", NS_TLS, is_tls_due, start_tls },
  { "mechanisms", XMPP_NS_SASL, is_login_due, start_login },
  { "sm", XMPP_NS_SM, is_resume_due, start_resume },
  { "bind", XMPP_NS_BIND, is_bind_due, start_bind },
  { "session", XMPP_NS_SESSION, is_session_due, start_session },
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

  xmpp_negotiator_finish (self, NULL);
}

static void
receive_features (XmppNegotiator *self,
                  XmppStanza     *nonza)
{
  g_clear_pointer (&self->features, xmpp_stanza_unref);
  self->features = xmpp_stanza_ref (nonza);
  next_step (self);
}

static const XmppNegotiatorPhase phases[] = {
  [XMPP_PHASE_IDLE] = { 0 },
  [XMPP_PHASE_CONNECT] = { 0 },
  [XMPP_PHASE_FEATURES] = {
    15, N_("The server did not answer in time. It may not be an XMPP server."),
    { { "features", XMPP_NS_STREAM, receive_features } },
  },
  [XMPP_PHASE_PROCEED] = {
    15, N_("The server did not begin to encrypt in time"),
    { { "proceed", NS_TLS, receive_proceed }, { "failure", NS_TLS, receive_tls_failure } },
  },
  [XMPP_PHASE_HANDSHAKE] = {
    15, N_("The server did not finish setting up encryption in time"),
  },
  [XMPP_PHASE_LOGIN] = {
    20, N_("The server did not finish the login in time"),
    { { NULL, XMPP_NS_SASL, receive_login } },
  },
  [XMPP_PHASE_RESUME] = {
    15, N_("The server did not let this device in in time"),
    { { "resumed", XMPP_NS_SM, receive_resumed }, { "failed", XMPP_NS_SM, receive_resume_failure } },
  },
  [XMPP_PHASE_BIND] = {
    15, N_("The server did not let this device in in time"),
    { { "iq", XMPP_NS_CLIENT, receive_iq } },
  },
  [XMPP_PHASE_SESSION] = {
    15, N_("The server did not let this device in in time"),
    { { "iq", XMPP_NS_CLIENT, receive_iq } },
  },
  [XMPP_PHASE_OVER] = { 0 },
};

const XmppNegotiatorPhase *
xmpp_negotiator_get_phase (XmppPhase phase)
{
  return &phases[phase];
}
