/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-login.h"
#include "xmpp-sasl.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define NS_BINDING "urn:xmpp:sasl-cb:0"   /* XEP-0440 */
#define MAX_ROUNDS 3
#define MAX_NAMES  64                     /* more mechanisms than that are not read */

struct _XmppLogin
{
  GObject              parent_instance;

  const XmppNegotiatorOptions *options;   /* borrowed until it is over */
  XmppJid             *jid;
  char                *password;          /* ours: a mechanism may outlive options in a thread */
  XmppLoginFuncs       funcs;
  gpointer             user_data;
  GCancellable        *cancellable;

  /* What the server offers, and what our connection has */
  GPtrArray           *offered;           /* owned strings, NULL-terminated once read */
  GPtrArray           *binding_types;     /* NULL: the server does not say */
  GIOStream           *tls;               /* NULL: not encrypted */
  GBytes              *exporter;
  GBytes              *end_point;

  /* The run */
  GPtrArray           *tried;             /* mechanisms that were refused as such */
  XmppSasl            *sasl;
  XmppSaslCredentials  credentials;
  char                *downgrade_hash;
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

  /* None is nothing, and an empty one is "=" (RFC 6120, 6.4.2) */
  if (data != NULL && g_bytes_get_size (data) == 0)
    xmpp_node_set_text (root, "=", 1);
  else if (data != NULL)
    {
      gsize length;
      const guint8 *bytes = g_bytes_get_data (data, &length);
      g_autofree char *text = g_base64_encode (bytes, length);

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

/* Base64 as RFC 6120, 13.9.1 wants it: nothing but its alphabet, padded. NULL: it is not. */
static GBytes *
decode (const char *text)
{
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  gsize length = text != NULL ? strlen (text) : 0;
  gsize digits;
  gsize size;
  guchar *data;

  if (length == 0 || strcmp (text, "=") == 0)
    return g_bytes_new_static ("", 0);

  digits = strspn (text, alphabet);
  if (length % 4 != 0 || length - digits > 2 || strspn (text + digits, "=") != length - digits)
    return NULL;

  data = g_base64_decode (text, &size);

  return g_bytes_new_take (data, size);
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

      if (!xmpp_node_is (child, name, ns) || names->len == MAX_NAMES)
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

static GBytes *
get_binding (GIOStream              *tls,
             GTlsChannelBindingType  type)
{
  g_autoptr(GByteArray) data = g_byte_array_new ();
  g_autoptr(GError) error = NULL;

  if (!g_tls_connection_get_channel_binding_data (G_TLS_CONNECTION (tls), type, data, &error))
    {
      g_debug ("No channel binding of type %d: %s", type, error->message);
      return NULL;
    }

  return g_byte_array_free_to_bytes (g_steal_pointer (&data));
}

static gboolean
offers_binding (XmppLogin *self)
{
  for (guint i = 0; i + 1 < self->offered->len; i++)
    {
      if (g_str_has_suffix (g_ptr_array_index (self->offered, i), "-PLUS"))
        return TRUE;
    }

  return FALSE;
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
    .has_exporter = self->exporter != NULL,
    .has_end_point = self->end_point != NULL,
    .has_password = self->password != NULL,
    .has_certificate = self->tls != NULL && self->options->client_certificate != NULL,
    .is_anonymous = self->options->is_anonymous,
    .last = self->options->last_mechanism,
    .allow_weaker = self->options->allow_weaker,
    .tried = (const char * const *) self->tried->pdata,
  };

  return xmpp_sasl_choose (&offer, binding_type, error);
}

/* The run */

static void
set_credentials (XmppLogin  *self,
                 const char *binding_type)
{
  const char * const *types = self->binding_types != NULL ? (const char * const *) self->binding_types->pdata : NULL;

  g_free (self->downgrade_hash);
  self->downgrade_hash = xmpp_sasl_hash_offer ((const char * const *) self->offered->pdata, types, self->mechanism);

  self->credentials = (XmppSaslCredentials) {
    .username = xmpp_jid_get_local (self->jid),
    .password = self->password,
    .stream = self->tls,
    .binding_type = binding_type,
    .binding_offered = offers_binding (self),
    .downgrade_hash = self->downgrade_hash,
  };

  if (g_strcmp0 (binding_type, "tls-exporter") == 0)
    self->credentials.binding_data = self->exporter;
  else if (g_strcmp0 (binding_type, "tls-server-end-point") == 0)
    self->credentials.binding_data = self->end_point;
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
}

/* refusal: (nullable): why there was one before this one */
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
      finish (self, refusal != NULL ? refusal : error);
      return;
    }

  self->rounds = 0;
  set_credentials (self, binding_type);
  g_clear_object (&self->sasl);
  self->sasl = xmpp_sasl_new (self->mechanism, &self->credentials);

  initial = xmpp_sasl_start (self->sasl, &error);
  if (error != NULL)
    {
      finish (self, error);
      return;
    }

  say_mechanism (self, binding_type);
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
  g_autoptr(GBytes) data = decode (nonza->text);

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
  g_autoptr(GBytes) data = has_data ? decode (nonza->text) : NULL;
  g_autoptr(GError) error = NULL;

  if (has_data && data == NULL)
    error = new_protocol_error ();
  else
    xmpp_sasl_success (self->sasl, data, &error);

  finish (self, error);
}

/* Another mechanism is tried once, and only when it was the mechanism that was refused: a wrong
 * password is not sent twice (S70).
 */
static void
receive_failure (XmppLogin      *self,
                 const XmppNode *nonza)
{
  g_autoptr(GError) error = xmpp_auth_error_parse (nonza);
  gboolean is_mechanism = g_error_matches (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_INVALID_MECHANISM) ||
                          g_error_matches (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_MECHANISM_TOO_WEAK);

  if (is_mechanism && self->tried->len == 1)
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

  if (self->password != NULL)
    explicit_bzero (self->password, strlen (self->password));

  g_clear_pointer (&self->password, g_free);
  g_clear_pointer (&self->jid, xmpp_jid_unref);
  g_clear_pointer (&self->offered, g_ptr_array_unref);
  g_clear_pointer (&self->binding_types, g_ptr_array_unref);
  g_clear_pointer (&self->tried, g_ptr_array_unref);
  g_clear_pointer (&self->exporter, g_bytes_unref);
  g_clear_pointer (&self->end_point, g_bytes_unref);
  g_clear_pointer (&self->downgrade_hash, g_free);

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
  self->jid = xmpp_jid_ref (options->jid);
  self->password = g_strdup (options->password);
  self->funcs = *funcs;
  self->user_data = user_data;

  if (G_IS_TLS_CONNECTION (io))
    {
      GTlsProtocolVersion version = g_tls_connection_get_protocol_version (G_TLS_CONNECTION (io));

      self->tls = g_object_ref (io);
      self->end_point = get_binding (io, G_TLS_CHANNEL_BINDING_TLS_SERVER_END_POINT);

      /* Before TLS 1.3 it binds to less than it should (RFC 9266, 4.2) */
      if (version == G_TLS_PROTOCOL_VERSION_TLS_1_3)
        self->exporter = get_binding (io, G_TLS_CHANNEL_BINDING_TLS_EXPORTER);
    }

  return self;
}

/* features: with <mechanisms/>, those that came after TLS (S57) */
void
xmpp_login_start (XmppLogin      *self,
                  const XmppNode *features)
{
  read_offer (self, features);
  try_mechanism (self, NULL);
}

/* What is not expected now, such as a second word while the first is being worked on, ends it. */
void
xmpp_login_receive (XmppLogin      *self,
                    const XmppNode *nonza)
{
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
