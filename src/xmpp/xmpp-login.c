/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-login.h"
#include "xmpp-sasl.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define NS_BINDING "urn:xmpp:sasl-cb:0"   /* XEP-0440 */
#define MAX_ROUNDS 3

struct _XmppLogin
{
  GObject              parent_instance;

  const XmppNegotiatorOptions *options;   /* borrowed until it is over */
  XmppLoginFuncs       funcs;
  gpointer             user_data;
  GCancellable        *cancellable;

  /* What the server offers, and what our connection has */
  GPtrArray           *offered;           /* owned strings, NULL-terminated once read */
  GPtrArray           *binding_types;     /* NULL: the server does not say */
  GIOStream           *tls;               /* NULL: not encrypted */
  gboolean             has_exporter;
  gboolean             has_end_point;

  /* The run */
  GPtrArray           *tried;             /* mechanisms that were refused as such */
  XmppSasl            *sasl;
  const char          *mechanism;         /* static */
  guint                rounds;
  gboolean             is_busy;           /* a challenge is being worked on */
  gboolean             is_over;
};

G_DEFINE_FINAL_TYPE (XmppLogin, xmpp_login, G_TYPE_OBJECT)

static void
finish (XmppLogin    *self,
        const GError *error)
{
  if (self->is_over)
    return;

  self->is_over = TRUE;
  self->funcs.done (error, self->user_data);
}

static void
send_nonza (XmppLogin  *self,
            XmppStanza *nonza)
{
  if (!self->is_over)
    self->funcs.send (nonza, self->user_data);
}

static void
send_data (XmppLogin  *self,
           const char *name,
           GBytes     *data)
{
  g_autoptr(XmppStanza) nonza = xmpp_stanza_new (name, XMPP_NS_SASL);
  XmppNode *root = xmpp_stanza_get_root (nonza);

  if (strcmp (name, "auth") == 0)
    xmpp_node_set (root, "mechanism", self->mechanism);

  /* An empty response is an empty element; only in <auth/> that would be none at all (RFC 6120, 6.4.2) */
  if (g_bytes_get_size (data) > 0 || strcmp (name, "auth") == 0)
    {
      g_autofree char *text = xmpp_sasl_encode (data);

      xmpp_node_set_text (root, text, -1);
      explicit_bzero (text, strlen (text));
    }

  send_nonza (self, nonza);
}

/* The server is told that we give up (RFC 6120, 6.4.4); its confirmation is not waited for. */
static void
give_up (XmppLogin    *self,
         const GError *error)
{
  g_autoptr(XmppStanza) nonza = xmpp_stanza_new ("abort", XMPP_NS_SASL);

  send_nonza (self, nonza);
  finish (self, error);
}

/* Reading the offer */

static GPtrArray *
read_names (const XmppNode *parent,
            const char     *name,
            const char     *ns,
            const char     *attribute)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  XMPP_NODE_FOREACH_CHILD (parent, child)
    {
      const char *text;

      if (!xmpp_node_is (child, name, ns))
        continue;

      text = attribute != NULL ? xmpp_node_get (child, attribute) : child->text;
      if (text != NULL && *text != '\0')
        g_ptr_array_add (names, g_strdup (text));
    }

  g_ptr_array_add (names, NULL);

  return names;
}

static void
read_offer (XmppLogin      *self,
            const XmppNode *features)
{
  const XmppNode *mechanisms = xmpp_node_get_child (features, "mechanisms", XMPP_NS_SASL);
  const XmppNode *binding = xmpp_node_get_child (features, "sasl-channel-binding", NS_BINDING);

  self->offered = read_names (mechanisms, "mechanism", XMPP_NS_SASL, NULL);
  if (binding != NULL)
    self->binding_types = read_names (binding, "channel-binding", NS_BINDING, "type");
}

static const char *
choose (XmppLogin   *self,
        const char **binding_type,
        GError     **error)
{
  XmppSaslOffer offer = {
    .offered = (const char * const *) self->offered->pdata,
    .binding_types = self->binding_types != NULL ? (const char * const *) self->binding_types->pdata : NULL,
    .is_encrypted = self->tls != NULL,
    .has_exporter = self->has_exporter,
    .has_end_point = self->has_end_point,
    .has_password = self->options->password != NULL,
    .has_certificate = self->tls != NULL && self->options->client_certificate != NULL,
    .is_anonymous = self->options->is_anonymous,
    .last = self->options->last_mechanism,
    .allow_weaker = self->options->allow_weaker,
    .tried = (const char * const *) self->tried->pdata,
  };

  return xmpp_sasl_choose (&offer, binding_type, error);
}

/* The run */

static XmppSasl *
new_run (XmppLogin  *self,
         const char *binding_type)
{
  const char * const *offered = (const char * const *) self->offered->pdata;
  const char * const *types = self->binding_types != NULL ? (const char * const *) self->binding_types->pdata : NULL;
  g_autofree char *hash = xmpp_sasl_hash_offer (offered, types, self->mechanism);
  XmppSaslCredentials credentials = {
    .username = xmpp_jid_get_local (self->options->jid),
    .password = self->options->password,
    .stream = self->tls,
    .binding_type = binding_type,
    .binding_offered = xmpp_sasl_offers_binding (offered),
    .downgrade_hash = hash,
  };

  return xmpp_sasl_new (self->mechanism, &credentials);
}

static void
say_mechanism (XmppLogin  *self,
               const char *binding_type)
{
  g_autofree char *text = binding_type != NULL ?
    /* Translators: a SASL mechanism, and a type of channel binding */
    g_strdup_printf (_("Mechanism %s, channel binding %s"), self->mechanism, binding_type) :
    g_strdup_printf (_("Mechanism %s, no channel binding"), self->mechanism);

  self->funcs.event (text, self->user_data);

  /* security.md, S54: where it is the only way it is taken, and said */
  if (!self->is_over && g_str_equal (self->mechanism, "PLAIN"))
    self->funcs.event (_("This mechanism tells the server the password itself"), self->user_data);
}

/* refusal: (nullable): why there was one before this one. When none is left it says more than that
 * there is none, but less than that it would have to be a weaker one.
 */
static void
try_mechanism (XmppLogin    *self,
               const GError *refusal)
{
  const char *binding_type = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) initial = NULL;

  self->mechanism = choose (self, &binding_type, &error);
  if (self->mechanism == NULL)
    {
      gboolean is_weaker = g_error_matches (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_WEAKER);

      finish (self, refusal != NULL && !is_weaker ? refusal : error);
      return;
    }

  self->rounds = 0;
  g_clear_object (&self->sasl);
  self->sasl = new_run (self, binding_type);

  initial = xmpp_sasl_start (self->sasl, &error);
  if (error != NULL)
    {
      finish (self, error);
      return;
    }

  say_mechanism (self, binding_type);
  if (self->is_over)
    return;

  send_data (self, "auth", initial);
}

static GError *
new_protocol_error (void)
{
  return g_error_new_literal (XMPP_ERROR, XMPP_ERROR_PROTOCOL,
                              _("The server's part of the login makes no sense"));
}

static void
on_challenged (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(XmppLogin) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) response = xmpp_sasl_challenge_finish (XMPP_SASL (object), result, &error);

  self->is_busy = FALSE;

  if (self->is_over)
    return;

  if (error != NULL)
    give_up (self, error);
  else
    send_data (self, "response", response);
}

static void
receive_challenge (XmppLogin      *self,
                   const XmppNode *nonza)
{
  g_autoptr(GBytes) data = xmpp_sasl_decode (nonza->text);

  if (data == NULL || ++self->rounds > MAX_ROUNDS)
    {
      g_autoptr(GError) error = new_protocol_error ();

      give_up (self, error);
      return;
    }

  self->is_busy = TRUE;
  xmpp_sasl_challenge_async (self->sasl, data, self->cancellable, on_challenged, g_object_ref (self));
}

static void
receive_success (XmppLogin      *self,
                 const XmppNode *nonza)
{
  gboolean has_data = nonza->text != NULL && *nonza->text != '\0';
  g_autoptr(GBytes) data = has_data ? xmpp_sasl_decode (nonza->text) : NULL;
  g_autoptr(GError) error = NULL;

  if (has_data && data == NULL)
    error = new_protocol_error ();
  else
    xmpp_sasl_success (self->sasl, data, &error);

  finish (self, error);
}

/* Another mechanism is tried once, and only when it was the mechanism that was refused: a wrong
 * password is not sent twice (S70). A certificate that is refused has cost no password.
 */
static void
receive_failure (XmppLogin      *self,
                 const XmppNode *nonza)
{
  g_autoptr(GError) error = xmpp_auth_error_parse (nonza);
  gboolean is_external = strcmp (self->mechanism, "EXTERNAL") == 0;
  gboolean is_mechanism = g_error_matches (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_INVALID_MECHANISM) ||
                          g_error_matches (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_MECHANISM_TOO_WEAK);

  if (is_external && g_error_matches (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_NOT_AUTHORIZED))
    {
      g_clear_error (&error);
      error = g_error_new_literal (XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_CERTIFICATE,
                                   _("The server did not accept the client certificate"));
    }

  if ((is_mechanism || is_external) && self->tried->len == 1)
    {
      g_ptr_array_insert (self->tried, 0, (gpointer) self->mechanism);
      try_mechanism (self, error);
    }
  else
    finish (self, error);
}

static void
xmpp_login_dispose (GObject *object)
{
  XmppLogin *self = XMPP_LOGIN (object);

  g_clear_object (&self->sasl);
  g_clear_object (&self->tls);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (xmpp_login_parent_class)->dispose (object);
}

static void
xmpp_login_finalize (GObject *object)
{
  XmppLogin *self = XMPP_LOGIN (object);

  g_clear_pointer (&self->offered, g_ptr_array_unref);
  g_clear_pointer (&self->binding_types, g_ptr_array_unref);
  g_clear_pointer (&self->tried, g_ptr_array_unref);

  G_OBJECT_CLASS (xmpp_login_parent_class)->finalize (object);
}

static void
xmpp_login_class_init (XmppLoginClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xmpp_login_dispose;
  object_class->finalize = xmpp_login_finalize;
}

static void
xmpp_login_init (XmppLogin *self)
{
  self->cancellable = g_cancellable_new ();
  self->tried = g_ptr_array_new ();
  g_ptr_array_add (self->tried, NULL);
}

/* options: borrowed until done () or xmpp_login_cancel (). io: what the stream's bytes go through */
XmppLogin *
xmpp_login_new (const XmppNegotiatorOptions *options,
                GIOStream                   *io,
                const XmppLoginFuncs        *funcs,
                gpointer                     user_data)
{
  XmppLogin *self = g_object_new (XMPP_TYPE_LOGIN, NULL);

  self->options = options;
  self->funcs = *funcs;
  self->user_data = user_data;

  if (G_IS_TLS_CONNECTION (io))
    {
      g_autoptr(GBytes) exporter = xmpp_sasl_get_binding (io, "tls-exporter");
      g_autoptr(GBytes) end_point = xmpp_sasl_get_binding (io, "tls-server-end-point");

      self->tls = g_object_ref (io);
      self->has_exporter = exporter != NULL;
      self->has_end_point = end_point != NULL;
    }

  return self;
}

/* features: with <mechanisms/>, those that came after TLS (S57) */
void
xmpp_login_start (XmppLogin      *self,
                  const XmppNode *features)
{
  g_autoptr(XmppLogin) hold = g_object_ref (self);

  read_offer (self, features);
  try_mechanism (self, NULL);
}

/* What is not expected now, such as a second word while the first is being worked on, ends it. */
void
xmpp_login_receive (XmppLogin      *self,
                    const XmppNode *nonza)
{
  g_autoptr(XmppLogin) hold = g_object_ref (self);

  if (self->is_over)
    return;

  if (!self->is_busy && strcmp (nonza->name, "challenge") == 0)
    receive_challenge (self, nonza);
  else if (!self->is_busy && strcmp (nonza->name, "success") == 0)
    receive_success (self, nonza);
  else if (!self->is_busy && strcmp (nonza->name, "failure") == 0)
    receive_failure (self, nonza);
  else
    {
      g_autoptr(GError) error = new_protocol_error ();

      give_up (self, error);
    }
}

/* Nothing is called any more. */
void
xmpp_login_cancel (XmppLogin *self)
{
  self->is_over = TRUE;
  g_cancellable_cancel (self->cancellable);
}

/* Returns: (nullable): the mechanism that is, or was last, in use */
const char *
xmpp_login_get_mechanism (XmppLogin *self)
{
  return self->mechanism;
}

/* What may be shown of nonza: proofs, passwords and what they can be guessed from are taken out (T132).
 *
 * Returns: (transfer full): a copy, or just nonza when there is nothing in it to hide
 */
XmppStanza *
xmpp_login_redact (XmppStanza *nonza)
{
  static const char * const secret[] = { "auth", "response", "challenge", "success", NULL };
  const XmppNode *root = xmpp_stanza_get_root (nonza);
  g_autofree char *text = NULL;
  XmppStanza *copy;

  if (g_strcmp0 (root->ns, XMPP_NS_SASL) != 0 || !g_strv_contains (secret, root->name) ||
      (root->text == NULL && root->first_child == NULL))
    return xmpp_stanza_ref (nonza);

  copy = xmpp_stanza_new (root->name, root->ns);
  xmpp_node_set (xmpp_stanza_get_root (copy), "mechanism", xmpp_node_get (root, "mechanism"));
  text = g_strdup_printf ("[redacted, %" G_GSIZE_FORMAT " bytes]", root->text != NULL ? strlen (root->text) : 0);
  xmpp_node_set_text (xmpp_stanza_get_root (copy), text, -1);
  xmpp_stanza_seal (copy);

  return copy;
}
