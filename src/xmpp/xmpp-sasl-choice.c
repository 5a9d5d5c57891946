/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-sasl.h"

#include "xmpp-error.h"
#include "xmpp-scram-keys.h"

#include <glib/gi18n-lib.h>
#include <gnutls/crypto.h>
#include <string.h>

#define EXPORTER  "tls-exporter"           /* RFC 9266 */
#define END_POINT "tls-server-end-point"   /* RFC 5929, 4 */

/* What an observer at the other end of the TLS connection learns, from most to least */
typedef enum
{
  CLASS_UNKNOWN,
  CLASS_PLAIN,      /* the password */
  CLASS_PROVEN,     /* nothing that can be used elsewhere; and the server proves itself */
  CLASS_BOUND,      /* nothing, and he is found out */
} Class;

/* The order of preference (security.md, S56). What is not here is never used: DIGEST-MD5, CRAM-MD5,
 * LOGIN, X-…
 */
static const struct
{
  const char *name;
  Class       class;
  int         strength;
} known[] = {
  { "SCRAM-SHA-512-PLUS", CLASS_BOUND,  7 },
  { "SCRAM-SHA-256-PLUS", CLASS_BOUND,  6 },
  { "SCRAM-SHA-1-PLUS",   CLASS_BOUND,  5 },
  { "SCRAM-SHA-512",      CLASS_PROVEN, 4 },
  { "SCRAM-SHA-256",      CLASS_PROVEN, 3 },
  { "SCRAM-SHA-1",        CLASS_PROVEN, 2 },
  { "PLAIN",              CLASS_PLAIN,  1 },
};

static gboolean
has (const char * const *list,
     const char         *name)
{
  return list != NULL && g_strv_contains (list, name);
}

static Class
get_class (const char *mechanism)
{
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    {
      if (g_strcmp0 (known[i].name, mechanism) == 0)
        return known[i].class;
    }

  return CLASS_UNKNOWN;
}

/**
 * xmpp_sasl_get_strength:
 * @mechanism: (nullable): a name
 *
 * Orders mechanisms by what they protect, so that "weaker than last time" can be said. EXTERNAL
 * counts as the weakest SCRAM: after it no password goes out in PLAIN (XEP-0474, 5).
 *
 * Returns: a number, larger is stronger; 0 for mechanisms that say nothing about it
 */
int
xmpp_sasl_get_strength (const char *mechanism)
{
  if (g_strcmp0 (mechanism, "EXTERNAL") == 0)
    return xmpp_sasl_get_strength ("SCRAM-SHA-1");

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    {
      if (g_strcmp0 (known[i].name, mechanism) == 0)
        return known[i].strength;
    }

  return 0;
}

/**
 * xmpp_sasl_offers_binding:
 * @mechanisms: (array zero-terminated=1): the server's list
 *
 * Returns: whether any of them is a -PLUS: a client that can bind, too, and sees none says so ("y",
 *   RFC 5802, 6), and a server that had one then knows that somebody took it out
 */
gboolean
xmpp_sasl_offers_binding (const char * const *mechanisms)
{
  g_return_val_if_fail (mechanisms != NULL, FALSE);

  for (gsize i = 0; mechanisms[i] != NULL; i++)
    {
      if (g_str_has_suffix (mechanisms[i], "-PLUS"))
        return TRUE;
    }

  return FALSE;
}

/**
 * xmpp_sasl_get_binding:
 * @stream: (nullable): a TLS connection after its handshake
 * @type: "tls-exporter" or "tls-server-end-point"
 *
 * What a login binds to. tls-unique is left alone: it is not there in TLS 1.3 and not safe before.
 *
 * Returns: (transfer full) (nullable): the bytes, or %NULL when this connection has none of @type:
 *   tls-exporter before TLS 1.3 for one
 */
GBytes *
xmpp_sasl_get_binding (GIOStream  *stream,
                       const char *type)
{
  g_autoptr(GByteArray) data = g_byte_array_new ();
  g_autoptr(GError) error = NULL;
  GTlsChannelBindingType binding;

  g_return_val_if_fail (type != NULL, NULL);

  if (g_str_equal (type, EXPORTER))
    binding = G_TLS_CHANNEL_BINDING_TLS_EXPORTER;
  else if (g_str_equal (type, END_POINT))
    binding = G_TLS_CHANNEL_BINDING_TLS_SERVER_END_POINT;
  else
    return NULL;

  if (!G_IS_TLS_CONNECTION (stream))
    return NULL;

  /* Before TLS 1.3 it is only safe together with RFC 7627 (RFC 9266, 4.2), of which GIO does not tell */
  if (binding == G_TLS_CHANNEL_BINDING_TLS_EXPORTER &&
      g_tls_connection_get_protocol_version (G_TLS_CONNECTION (stream)) < G_TLS_PROTOCOL_VERSION_TLS_1_3)
    return NULL;

  if (!g_tls_connection_get_channel_binding_data (G_TLS_CONNECTION (stream), binding, data, &error))
    {
      g_debug ("No %s: %s", type, error->message);
      return NULL;
    }

  return g_byte_array_free_to_bytes (g_steal_pointer (&data));
}

/* Which binding both sides have, NULL for none. A server that does not say which it has (XEP-0440)
 * is older than that, and no guess is safe: ejabberd 23.01 and Prosody 0.12 offer -PLUS and only
 * take tls-unique, and a wrong guess looks like a wrong password. Whoever takes the list away gets
 * no further than that either: -PLUS was the last mechanism then, or its hash is wrong (XEP-0474).
 */
static const char *
choose_binding (const XmppSaslOffer *offer)
{
  if (offer->has_exporter && has (offer->binding_types, EXPORTER))
    return EXPORTER;

  if (offer->has_end_point && has (offer->binding_types, END_POINT))
    return END_POINT;

  return NULL;
}

/* A server that binds has tls-server-end-point. A list without it and without anything else that
 * we have was written by somebody who wants to be alone with us (XEP-0440, rules 1 and 6). A list
 * without a -PLUS mechanism beside it is no such case: SCRAM's "y" tells the server (rule 3), and
 * servers that only have PLAIN may announce what their TLS can do.
 */
static gboolean
is_list_forged (const XmppSaslOffer *offer)
{
  return offer->is_encrypted && offer->binding_types != NULL &&
         xmpp_sasl_offers_binding (offer->offered) &&
         choose_binding (offer) == NULL && !has (offer->binding_types, END_POINT);
}

/* Without the person's word we go no lower than last time, and, in this connection, to no lower
 * class than what was refused: who can refuse a mechanism can do so until we send the password.
 */
static gboolean
is_weaker (const XmppSaslOffer *offer,
           gsize                i)
{
  if (known[i].strength < xmpp_sasl_get_strength (offer->last))
    return TRUE;

  for (gsize j = 0; offer->tried != NULL && offer->tried[j] != NULL; j++)
    {
      if (known[i].class < get_class (offer->tried[j]))
        return TRUE;
    }

  return FALSE;
}

static const char *
refuse (GError    **error,
        GQuark      domain,
        int         code,
        const char *sentence)
{
  g_set_error_literal (error, domain, code, sentence);

  return NULL;
}

static const char *
choose_password_mechanism (const XmppSaslOffer  *offer,
                           const char          **binding_type,
                           GError              **error)
{
  const char *binding = offer->is_encrypted ? choose_binding (offer) : NULL;
  gboolean has_plain = FALSE;
  gboolean has_weaker = FALSE;

  if (is_list_forged (offer))
    return refuse (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_INTERCEPTED,
                   _("Somebody may be listening between you and the server: the list of ways to log in "
                     "was changed, so the password was not used"));

  /* The only way that there was; servers that ask for certificates offer it to those that they know alone */
  if (offer->has_certificate && !offer->has_password)
    return refuse (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_CERTIFICATE,
                   _("The server does not offer to log in with this client certificate, and there is no password"));

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    {
      if (!has (offer->offered, known[i].name) || has (offer->tried, known[i].name))
        continue;

      if (known[i].class == CLASS_BOUND && binding == NULL)
        continue;

      if (known[i].class == CLASS_PLAIN && !offer->is_encrypted)
        {
          has_plain = TRUE;
          continue;
        }

      if (!offer->allow_weaker && is_weaker (offer, i))
        {
          has_weaker = TRUE;
          continue;
        }

      if (!offer->has_password)
        return refuse (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_NO_PASSWORD, _("A password is needed to log in"));

      if (known[i].class == CLASS_BOUND)
        *binding_type = binding;

      return known[i].name;
    }

  if (has_weaker)
    return refuse (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_WEAKER,
                   _("The server now only offers ways to log in that protect the password less than before. "
                     "Somebody between you and the server may be the reason."));

  if (has_plain)
    return refuse (error, XMPP_ERROR, XMPP_ERROR_NO_MECHANISM,
                   _("Without encryption, the server offers no way to log in that keeps the password secret"));

  return refuse (error, XMPP_ERROR, XMPP_ERROR_NO_MECHANISM,
                 _("The server offers no way to log in that this program can use"));
}

/**
 * xmpp_sasl_choose:
 * @offer: what the server offers and what we have
 * @binding_type: (out) (optional) (nullable): what a -PLUS mechanism is to bind to, else %NULL
 * @error: return location; %XMPP_AUTH_ERROR_WEAKER, %XMPP_AUTH_ERROR_NO_PASSWORD,
 *   %XMPP_AUTH_ERROR_CERTIFICATE, %XMPP_AUTH_ERROR_INTERCEPTED or %XMPP_ERROR_NO_MECHANISM
 *
 * Chooses how to log in: ANONYMOUS where that is wanted, EXTERNAL where a client certificate was
 * used, else the strongest SCRAM, else PLAIN; see security.md, S53 to S60.
 *
 * Returns: (nullable): a static name, or %NULL with @error
 */
const char *
xmpp_sasl_choose (const XmppSaslOffer  *offer,
                  const char          **binding_type,
                  GError              **error)
{
  const char *binding = NULL;
  const char *mechanism;

  g_return_val_if_fail (offer != NULL && offer->offered != NULL, NULL);

  if (offer->is_anonymous)
    {
      if (has (offer->offered, "ANONYMOUS") && !has (offer->tried, "ANONYMOUS"))
        mechanism = "ANONYMOUS";
      else
        mechanism = refuse (error, XMPP_ERROR, XMPP_ERROR_NO_MECHANISM,
                            _("The server lets nobody in without an account"));
    }
  else if (offer->has_certificate && has (offer->offered, "EXTERNAL") && !has (offer->tried, "EXTERNAL"))
    {
      mechanism = "EXTERNAL";
    }
  else
    {
      mechanism = choose_password_mechanism (offer, &binding, error);
    }

  if (binding_type != NULL)
    *binding_type = binding;

  return mechanism;
}

static int
compare_octets (gconstpointer a,
                gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

static void
append_sorted (GString            *text,
               const char * const *list)
{
  g_autoptr(GPtrArray) sorted = g_ptr_array_new ();

  for (gsize i = 0; list[i] != NULL; i++)
    g_ptr_array_add (sorted, (gpointer) list[i]);

  g_ptr_array_sort (sorted, compare_octets);

  for (guint i = 0; i < sorted->len; i++)
    {
      if (i > 0)
        g_string_append_c (text, '\x1e');
      g_string_append (text, g_ptr_array_index (sorted, i));
    }
}

/**
 * xmpp_sasl_hash_offer:
 * @mechanisms: (array zero-terminated=1): the server's list, all of it
 * @binding_types: (array zero-terminated=1) (nullable): its <sasl-channel-binding/>
 * @mechanism: the mechanism that was chosen
 *
 * What a server that read the same list says in SCRAM's "h" (XEP-0474, 4.1).
 *
 * Returns: (transfer full) (nullable): base64, or %NULL when @mechanism is no SCRAM
 */
char *
xmpp_sasl_hash_offer (const char * const *mechanisms,
                      const char * const *binding_types,
                      const char         *mechanism)
{
  g_autoptr(GString) text = g_string_new (NULL);
  gnutls_digest_algorithm_t algorithm;
  guint8 digest[XMPP_SCRAM_MAX_DIGEST];

  g_return_val_if_fail (mechanisms != NULL && mechanism != NULL, NULL);

  algorithm = (gnutls_digest_algorithm_t) xmpp_scram_get_algorithm (mechanism);
  if (algorithm == GNUTLS_DIG_UNKNOWN)
    return NULL;

  append_sorted (text, mechanisms);
  if (binding_types != NULL)
    {
      g_string_append_c (text, '\x1f');
      append_sorted (text, binding_types);
    }

  if (gnutls_hash_fast (algorithm, text->str, text->len, digest) < 0)
    return NULL;

  return g_base64_encode (digest, gnutls_hash_get_len (algorithm));
}
