/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-server.h"

#include "xmpp-certificate.h"
#include "xmpp-error.h"

#include <glib/gstdio.h>
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>
#include <time.h>

#define DAY      (24 * 60 * 60)
#define MAY_2020 G_GINT64_CONSTANT (1588500000)   /* 3 May 2020, 10:00 UTC */

typedef struct
{
  gnutls_x509_crt_t     certificate;
  gnutls_x509_privkey_t key;
} Issued;

/* What a certificate is to be like; zeros are a good one */
typedef struct
{
  const char    *name;          /* common name */
  const char    *dns[4];
  GPtrArray     *odd_dns;       /* of GBytes, instead of all others: what gnutls does not let us write */
  const char    *ip;
  const char    *xmpp_address;
  const char    *service;       /* SRVName, in DER */
  const char    *usage;         /* extended key usage */
  int            algorithm;
  unsigned int   bits;
  int            digest;
  gint64         from;
  gint64         to;
  gboolean       is_authority;
  unsigned int   key_usage;     /* of an authority; 0: it may sign certificates */
  const char    *permitted;     /* an authority's name constraint: only for domains under this one */
  const Issued  *issuer;        /* NULL: itself */
} Wish;

static void
issued_free (Issued *self)
{
  gnutls_x509_crt_deinit (self->certificate);
  gnutls_x509_privkey_deinit (self->key);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Issued, issued_free)

#define gnutls_ok(call) g_assert_cmpint ((call), >=, 0)

static void
append_der (GByteArray   *der,
            guint8        tag,
            gconstpointer data,
            gsize         size)
{
  const guint8 head[] = { tag, 0x82, size >> 8, size };

  g_byte_array_append (der, head, sizeof head);
  g_byte_array_append (der, data, size);
}

static void
add_odd_names (gnutls_x509_crt_t  certificate,
               const Wish        *wish)
{
  g_autoptr(GByteArray) names = g_byte_array_new ();
  g_autoptr(GByteArray) extension = g_byte_array_new ();

  for (guint i = 0; i < wish->odd_dns->len; i++)
    {
      GBytes *name = wish->odd_dns->pdata[i];

      append_der (names, 0x82, g_bytes_get_data (name, NULL), g_bytes_get_size (name));
    }
  append_der (extension, 0x30, names->data, names->len);
  gnutls_ok (gnutls_x509_crt_set_extension_by_oid (certificate, "2.5.29.17", extension->data, extension->len, 0));
}

static void
add_names (gnutls_x509_crt_t  certificate,
           const Wish        *wish)
{
  for (guint i = 0; i < G_N_ELEMENTS (wish->dns) && wish->dns[i] != NULL; i++)
    gnutls_ok (gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_DNSNAME, wish->dns[i],
                                                     strlen (wish->dns[i]), GNUTLS_FSAN_APPEND));
  if (wish->ip != NULL)
    {
      g_autoptr(GInetAddress) address = g_inet_address_new_from_string (wish->ip);

      gnutls_ok (gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_IPADDRESS,
                                                       g_inet_address_to_bytes (address),
                                                       g_inet_address_get_native_size (address),
                                                       GNUTLS_FSAN_APPEND));
    }
  if (wish->xmpp_address != NULL)
    gnutls_ok (gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_OTHERNAME_XMPP,
                                                     wish->xmpp_address, strlen (wish->xmpp_address),
                                                     GNUTLS_FSAN_APPEND));
  if (wish->service != NULL)
    gnutls_ok (gnutls_x509_crt_set_subject_alt_othername (certificate, "1.3.6.1.5.5.7.8.7",
                                                          wish->service, strlen (wish->service),
                                                          GNUTLS_FSAN_APPEND));
}

static void
constrain (gnutls_x509_crt_t  certificate,
           const char        *domain)
{
  gnutls_datum_t name = { (guint8 *) domain, strlen (domain) };
  gnutls_x509_name_constraints_t constraints;

  gnutls_ok (gnutls_x509_name_constraints_init (&constraints));
  gnutls_ok (gnutls_x509_name_constraints_add_permitted (constraints, GNUTLS_SAN_DNSNAME, &name));
  gnutls_ok (gnutls_x509_crt_set_name_constraints (certificate, constraints, 1));
  gnutls_x509_name_constraints_deinit (constraints);
}

static Issued *
issue (const Wish *wish)
{
  Issued *self = g_new0 (Issued, 1);
  const Issued *issuer = wish->issuer != NULL ? wish->issuer : self;
  int algorithm = wish->algorithm != 0 ? wish->algorithm : GNUTLS_PK_ECDSA;
  unsigned int bits = wish->bits != 0 ? wish->bits : GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1);
  guint8 serial[8];

  gnutls_ok (gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial));
  serial[0] &= 0x7f;
  gnutls_ok (gnutls_x509_privkey_init (&self->key));
  gnutls_ok (gnutls_x509_privkey_generate (self->key, algorithm, bits, 0));
  gnutls_ok (gnutls_x509_crt_init (&self->certificate));
  gnutls_ok (gnutls_x509_crt_set_version (self->certificate, 3));
  gnutls_ok (gnutls_x509_crt_set_serial (self->certificate, serial, sizeof serial));
  gnutls_ok (gnutls_x509_crt_set_activation_time (self->certificate,
                                                  wish->from != 0 ? wish->from : time (NULL) - DAY));
  gnutls_ok (gnutls_x509_crt_set_expiration_time (self->certificate,
                                                  wish->to != 0 ? wish->to : time (NULL) + DAY));
  gnutls_ok (gnutls_x509_crt_set_key (self->certificate, self->key));
  if (wish->name != NULL)
    gnutls_ok (gnutls_x509_crt_set_dn_by_oid (self->certificate, GNUTLS_OID_X520_COMMON_NAME, 0,
                                              wish->name, strlen (wish->name)));
  if (wish->odd_dns != NULL)
    add_odd_names (self->certificate, wish);
  else
    add_names (self->certificate, wish);
  gnutls_ok (gnutls_x509_crt_set_basic_constraints (self->certificate, wish->is_authority, -1));
  if (wish->is_authority)
    gnutls_ok (gnutls_x509_crt_set_key_usage (self->certificate,
                                              wish->key_usage != 0 ? wish->key_usage : GNUTLS_KEY_KEY_CERT_SIGN));
  if (wish->permitted != NULL)
    constrain (self->certificate, wish->permitted);
  if (wish->usage != NULL)
    gnutls_ok (gnutls_x509_crt_set_key_purpose_oid (self->certificate, wish->usage, 0));
  gnutls_ok (gnutls_x509_crt_sign2 (self->certificate, issuer->certificate, issuer->key,
                                    wish->digest != 0 ? wish->digest : GNUTLS_DIG_SHA256, 0));

  return self;
}

static Issued *
issue_authority (const char   *name,
                 const Issued *issuer)
{
  return issue (&(Wish) { .name = name, .is_authority = TRUE, .issuer = issuer });
}

static char *
export_pem (const Issued *issued)
{
  gnutls_datum_t pem;
  char *text;

  gnutls_ok (gnutls_x509_crt_export2 (issued->certificate, GNUTLS_X509_FMT_PEM, &pem));
  text = g_strndup ((const char *) pem.data, pem.size);
  gnutls_free (pem.data);

  return text;
}

static char *
export_key (const Issued *issued)
{
  gnutls_datum_t pem;
  char *text;

  gnutls_ok (gnutls_x509_privkey_export2_pkcs8 (issued->key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &pem));
  text = g_strndup ((const char *) pem.data, pem.size);
  gnutls_free (pem.data);

  return text;
}

/* As a server sends it: the first, then the others in this order */
static GTlsCertificate *
make_chain (const Issued * const *chain)
{
  g_autofree char *pem = export_pem (chain[0]);
  g_autoptr(GTlsCertificate) issuer = chain[1] != NULL ? make_chain (chain + 1) : NULL;
  g_autoptr(GError) error = NULL;
  GTlsCertificate *certificate;

  certificate = g_initable_new (g_tls_backend_get_certificate_type (g_tls_backend_get_default ()), NULL, &error,
                                "certificate-pem", pem, "issuer", issuer, NULL);
  g_assert_no_error (error);

  return certificate;
}

static void
remove_file (gpointer path)
{
  g_unlink (path);
  g_free (path);
}

/* Its file is read again by each connection */
static GTlsDatabase *
make_database (const Issued *authority)
{
  g_autofree char *pem = export_pem (authority);
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;
  GTlsDatabase *database;
  int fd = g_file_open_tmp ("test-certificate-XXXXXX.pem", &path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, pem, -1, NULL));
  database = g_tls_file_database_new (path, &error);
  g_assert_no_error (error);
  g_object_set_data_full (G_OBJECT (database), "path", g_steal_pointer (&path), remove_file);

  return database;
}

/* What we think of a chain that a server of this domain shows, when we trust this authority */
static XmppCertificate *
judge_chain (const Issued         *authority,
             const Issued * const *chain,
             const char           *domain)
{
  g_autoptr(GTlsDatabase) database = make_database (authority);
  g_autoptr(GTlsCertificate) tls = make_chain (chain);
  g_autoptr(GSocketConnectable) identity = g_network_address_new (domain, 5222);
  g_autoptr(GError) error = NULL;
  XmppCertificate *certificate;
  GTlsCertificateFlags errors;

  errors = g_tls_database_verify_chain (database, tls, G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER,
                                        identity, NULL, G_TLS_DATABASE_VERIFY_NONE, NULL, &error);
  g_assert_no_error (error);
  certificate = xmpp_certificate_new (tls, errors, domain, &error);
  g_assert_no_error (error);
  g_assert_true (xmpp_certificate_get_tls (certificate) == tls);
  g_assert_cmpstr (xmpp_certificate_get_domain (certificate), ==, domain);

  return certificate;
}

/* The same by a connection with such a server: there glib-networking has it judged by another function of gnutls */
static XmppCertificateFlags
judge_connection (const Issued         *authority,
                  const Issued * const *chain,
                  const char           *domain)
{
  g_autofree char *jid = g_strconcat ("juliet@", domain, NULL);
  g_autoptr(FakeServer) server = fake_server_new (jid);
  g_autoptr(GTlsDatabase) database = make_database (authority);
  g_autofree char *pem = export_pem (chain[0]);
  g_autofree char *key = export_key (chain[0]);
  g_autoptr(GString) others = g_string_new (NULL);

  for (guint i = 1; chain[i] != NULL; i++)
    {
      g_autofree char *other = export_pem (chain[i]);

      g_string_append (others, other);
    }

  g_object_set (server->session, "tls-database", database, NULL);
  g_free (server->certificate);
  server->certificate = g_strconcat (pem, key, NULL);
  server->chain = others->str;
  fake_server_connect (server);
  fake_server_open (server, FAKE_STARTTLS);
  fake_server_expect_contains (server, "<starttls ");
  fake_server_send (server, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  fake_server_handshake (server);
  fake_server_wait_until (!server->is_connecting || server->waiting->len > 0);

  if (server->is_connecting)
    {
      fake_server_expect_contains (server, "<stream:stream ");
      return XMPP_CERTIFICATE_OK;
    }

  g_assert_error (server->error, XMPP_ERROR, XMPP_ERROR_CERTIFICATE);
  g_assert_cmpint (server->waiting->len, ==, 0);
  g_assert_cmpint (xmpp_certificate_get_flags (xmpp_session_get_certificate (server->session)), !=, XMPP_CERTIFICATE_OK);

  return xmpp_certificate_get_flags (xmpp_session_get_certificate (server->session));
}

static XmppCertificate *
judge (const Wish *wish,
       const char *domain)
{
  g_autoptr(Issued) authority = issue_authority ("Test authority", NULL);
  Wish ours = *wish;
  g_autoptr(Issued) leaf = NULL;

  if (ours.issuer == NULL)
    ours.issuer = authority;
  leaf = issue (&ours);

  return judge_chain (authority, (const Issued *[]) { leaf, NULL }, domain);
}

static void
assert_description (XmppCertificate *certificate,
                    const char      *text)
{
  g_autofree char *description = xmpp_certificate_describe (certificate);

  g_assert_cmpstr (description, ==, text);
}

static void
test_facts (void)
{
  g_autoptr(Issued) authority = issue_authority ("Test authority", NULL);
  Wish wish = {
    .name = "xmpp.example.org", .dns = { "example.org", "*.example.org" }, .ip = "2001:db8::1",
    .xmpp_address = "juliet@example.org", .usage = GNUTLS_KP_TLS_WWW_SERVER, .from = MAY_2020,
    .issuer = authority,
  };
  g_autoptr(Issued) leaf = issue (&wish);
  g_autoptr(XmppCertificate) certificate = judge_chain (authority, (const Issued *[]) { leaf, NULL }, "example.org");
  g_autofree char *names = g_strjoinv (" ", (char **) xmpp_certificate_get_names (certificate));
  g_autofree char *pin = NULL;
  g_autoptr(GString) fingerprint = g_string_new (NULL);
  guint8 hash[32];
  size_t size = sizeof hash;

  g_assert_cmpint (xmpp_certificate_get_flags (certificate), ==, XMPP_CERTIFICATE_OK);
  g_assert_cmpstr (xmpp_certificate_get_subject (certificate), ==, "CN=xmpp.example.org");
  g_assert_cmpstr (xmpp_certificate_get_issuer (certificate), ==, "CN=Test authority");
  g_assert_cmpstr (xmpp_certificate_get_key (certificate), ==, "EC/ECDSA 256 bits");
  g_assert_cmpstr (names, ==, "example.org *.example.org 2001:db8::1 juliet@example.org");
  g_assert_cmpint (g_date_time_to_unix (xmpp_certificate_get_not_before (certificate)), ==, MAY_2020);
  g_assert_cmpint (g_date_time_to_unix (xmpp_certificate_get_not_after (certificate)), >, time (NULL));
  assert_description (certificate, "The server's certificate is valid.");

  /* Computed by others' code */
  gnutls_ok (gnutls_x509_crt_get_key_id (leaf->certificate, GNUTLS_KEYID_USE_SHA256, hash, &size));
  pin = g_base64_encode (hash, size);
  g_assert_cmpstr (xmpp_certificate_get_pin (certificate), ==, pin);
  gnutls_ok (gnutls_x509_crt_get_fingerprint (leaf->certificate, GNUTLS_DIG_SHA256, hash, &size));
  for (guint i = 0; i < sizeof hash; i++)
    g_string_append_printf (fingerprint, "%s%02X", i > 0 ? ":" : "", hash[i]);
  g_assert_cmpstr (xmpp_certificate_get_fingerprint (certificate), ==, fingerprint->str);

  g_assert_finalize_object (g_steal_pointer (&certificate));
}

static void
test_xmpp_address (void)
{
  g_autoptr(XmppCertificate) certificate = NULL;
  Wish wish = { .name = "im", .xmpp_address = "im.example.org" };

  certificate = judge (&wish, "im.example.org");
  g_assert_cmpstr (xmpp_certificate_get_names (certificate)[0], ==, "im.example.org");
  g_assert_null (xmpp_certificate_get_names (certificate)[1]);
}

/* RFC 4985, 2: known by its OID, whatever the library makes of it */
static void
test_service_name (void)
{
  Wish wish = { .name = "im", .dns = { "im.example.org" }, .service = "\x16\x1b_xmpp-client.im.example.org" };
  g_autofree char *label = g_strnfill (60, 'a');
  g_autofree char *long_name = g_strdup_printf ("_xmpp-client.%s.%s.example.org", label, label);
  g_autofree char *der = g_strdup_printf ("\x16\x81%c%s", (char) strlen (long_name), long_name);
  Wish long_wish = { .name = "im", .dns = { "im.example.org" }, .service = der };
  g_autoptr(XmppCertificate) certificate = judge (&wish, "im.example.org");
  g_autoptr(XmppCertificate) other = judge (&long_wish, "im.example.org");

  g_assert_cmpstr (xmpp_certificate_get_names (certificate)[0], ==, "im.example.org");
  g_assert_cmpstr (xmpp_certificate_get_names (certificate)[1], ==, "_xmpp-client.im.example.org");
  g_assert_null (xmpp_certificate_get_names (certificate)[2]);

  g_assert_cmpstr (xmpp_certificate_get_names (other)[1], ==, long_name);
  g_assert_null (xmpp_certificate_get_names (other)[2]);
}

static void
test_dates (void)
{
  g_autoptr(XmppCertificate) expired = judge (&(Wish) { .dns = { "example.org" }, .from = MAY_2020 - DAY,
                                                        .to = MAY_2020 }, "example.org");
  g_autoptr(XmppCertificate) early = judge (&(Wish) { .dns = { "example.org" }, .from = MAY_2020 + 36500LL * DAY,
                                                      .to = MAY_2020 + 36501LL * DAY }, "example.org");

  g_assert_cmpint (xmpp_certificate_get_flags (expired), ==, XMPP_CERTIFICATE_EXPIRED);
  assert_description (expired, "The server's certificate expired on 3 May 2020, if this computer's date is right.");
  g_assert_cmpint (xmpp_certificate_get_flags (early), ==, XMPP_CERTIFICATE_NOT_ACTIVATED);
  assert_description (early, "The server's certificate is valid from 9 April 2120 on, "
                             "if this computer's date is right.");
}

static void
test_issuers (void)
{
  g_autoptr(Issued) root = issue_authority ("Root", NULL);
  g_autoptr(Issued) other = issue_authority ("Other", NULL);
  g_autoptr(Issued) middle = issue_authority ("Middle", root);
  g_autoptr(Issued) leaf = issue (&(Wish) { .name = "leaf", .dns = { "example.org" }, .issuer = middle });
  g_autoptr(Issued) self_signed = issue (&(Wish) { .name = "self", .dns = { "example.org" } });
  const struct
  {
    const Issued *trusted;
    const Issued *chain[5];
    gboolean      is_good;
  } cases[] = {
    { root, { leaf, middle, NULL }, TRUE },
    { root, { leaf, middle, root, NULL }, TRUE },
    { root, { leaf, root, middle, NULL }, TRUE },
    { root, { leaf, middle, other, NULL }, TRUE },
    { root, { leaf, other, middle, NULL }, TRUE },
    { root, { leaf, NULL }, FALSE },
    { other, { leaf, middle, root, NULL }, FALSE },
    { root, { self_signed, NULL }, FALSE },
    { root, { self_signed, root, NULL }, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(XmppCertificate) certificate = judge_chain (cases[i].trusted, cases[i].chain, "example.org");
      XmppCertificateFlags flags = cases[i].is_good ? XMPP_CERTIFICATE_OK : XMPP_CERTIFICATE_UNKNOWN_CA;

      g_test_message ("%u", i);
      g_assert_cmpint (xmpp_certificate_get_flags (certificate), ==, flags);
      g_assert_cmpint (judge_connection (cases[i].trusted, cases[i].chain, "example.org"), ==, flags);
      if (cases[i].is_good)
        continue;

      assert_description (certificate, cases[i].chain[0] == self_signed
        ? "The server issued its certificate itself; nobody this computer trusts did."
        : "The server's certificate was not issued by anybody this computer trusts.");
    }
}

static void
test_hosts (void)
{
  static const struct
  {
    const char *domain;
    Wish        wish;
    gboolean    is_good;
  } cases[] = {
    /* S42 */
    { "example.org", { .dns = { "example.org" } }, TRUE },
    { "example.org", { .dns = { "EXAMPLE.org" } }, TRUE },
    { "example.org", { .dns = { "other.example", "example.org" } }, TRUE },
    { "example.org", { .dns = { "other.example" } }, FALSE },
    { "xmpp.example.org", { .dns = { "*.example.org" } }, TRUE },
    { "a.b.example.org", { .dns = { "*.example.org" } }, FALSE },
    { "example.org", { .dns = { "*.example.org" } }, FALSE },
    { "example.org", { .dns = { "*.org" } }, FALSE },
    { "example.org", { .dns = { "*" } }, FALSE },
    { "example.org", { .dns = { "ex*.org" } }, FALSE },
    { "xmpp.example.org", { .dns = { "xm*.example.org" } }, FALSE },
    { "xmpp.example.org", { .dns = { "*pp.example.org" } }, FALSE },
    { "xmpp.example.org", { .dns = { "xmpp.*.org" } }, FALSE },
    { "a.b.example.org", { .dns = { "*.*.example.org" } }, FALSE },
    { "xmpp.example.org", { .dns = { "*.org" } }, FALSE },
    { "example.org", { .dns = { "example.org.evil.example" } }, FALSE },
    /* S12: whoever forges SRV may have a certificate for where it leads */
    { "example.org", { .dns = { "srv-target.evil.example" }, .name = "srv-target.evil.example" }, FALSE },
    /* S43 */
    { "example.org", { .name = "other.example", .dns = { "example.org" } }, TRUE },
    { "example.org", { .name = "example.org", .dns = { "other.example" } }, FALSE },
    { "example.org", { .name = "example.org" }, TRUE },
    { "example.org", { .name = "*.org" }, FALSE },
    { "example.org", { .name = "example.org", .xmpp_address = "example.org" }, FALSE },
    { "example.org", { .name = "x", .xmpp_address = "example.org" }, FALSE },
    { "example.org", { .name = "example.org", .service = "\x16\x18_xmpp-client.example.org" }, FALSE },
    { "example.org", { .name = "x", .service = "\x16\x18_xmpp-client.example.org" }, FALSE },
    { "example.org", { .name = "example.org", .ip = "192.0.2.1" }, FALSE },
    { "example.org", { .dns = { "example.org" }, .xmpp_address = "other.example" }, TRUE },
    { "xn--fa-hia.de", { .dns = { "xn--fa-hia.de" } }, TRUE },
    { "fa\303\237.de", { .dns = { "xn--fa-hia.de" } }, TRUE },
    { "fa\303\237.de", { .dns = { "fass.de" } }, FALSE },
    { "im.fa\303\237.de", { .dns = { "*.xn--fa-hia.de" } }, TRUE },
    /* S15 */
    { "192.0.2.1", { .ip = "192.0.2.1" }, TRUE },
    { "2001:db8::1", { .ip = "2001:db8::1" }, TRUE },
    { "192.0.2.1", { .ip = "192.0.2.2" }, FALSE },
    { "192.0.2.1", { .dns = { "192.0.2.1" } }, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Issued) authority = issue_authority ("Test authority", NULL);
      Wish wish = cases[i].wish;
      g_autoptr(Issued) leaf = NULL;
      g_autoptr(XmppCertificate) certificate = NULL;
      XmppCertificateFlags flags = cases[i].is_good ? XMPP_CERTIFICATE_OK : XMPP_CERTIFICATE_BAD_IDENTITY;

      wish.issuer = authority;
      leaf = issue (&wish);
      certificate = judge_chain (authority, (const Issued *[]) { leaf, NULL }, cases[i].domain);

      g_test_message ("%u: %s", i, cases[i].domain);
      g_assert_cmpint (xmpp_certificate_get_flags (certificate), ==, flags);
      if (strchr (cases[i].domain, ':') == NULL)
        g_assert_cmpint (judge_connection (authority, (const Issued *[]) { leaf, NULL }, cases[i].domain), ==, flags);
    }
}

static void
test_name_with_a_nul (void)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr(XmppCertificate) certificate = NULL;

  g_ptr_array_add (names, g_bytes_new_static ("example.org\0.evil.example", 25));
  certificate = judge (&(Wish) { .odd_dns = names }, "example.org");
  g_assert_cmpint (xmpp_certificate_get_flags (certificate), ==, XMPP_CERTIFICATE_BAD_IDENTITY);
  assert_description (certificate, "The server's certificate is for example.org\357\277\275.evil.example, "
                                   "not for example.org.");
}

static void
test_names_are_told (void)
{
  g_autoptr(XmppCertificate) one = judge (&(Wish) { .name = "cn", .dns = { "other.example" } }, "example.org");
  g_autoptr(XmppCertificate) many = judge (&(Wish) { .dns = { "a.example", "b.example", "c.example", "d.example" } },
                                           "example.org");
  g_autoptr(XmppCertificate) none = judge (&(Wish) { .name = "Printer" }, "example.org");

  assert_description (one, "The server's certificate is for other.example, not for example.org.");
  assert_description (many, "The server's certificate is for a.example, b.example, c.example, …, not for example.org.");
  assert_description (none, "The server's certificate is for CN=Printer, not for example.org.");
}

static void
test_constraints (void)
{
  g_autoptr(Issued) root = issue_authority ("Root", NULL);
  g_autoptr(Issued) no_authority = issue (&(Wish) { .name = "Leaf", .dns = { "leaf.example" }, .issuer = root });
  g_autoptr(Issued) leaf = issue (&(Wish) { .name = "x", .dns = { "example.org" }, .issuer = no_authority });
  g_autoptr(XmppCertificate) certificate = judge_chain (root, (const Issued *[]) { leaf, no_authority, NULL },
                                                        "example.org");
  g_autoptr(XmppCertificate) sha1 = judge (&(Wish) { .dns = { "example.org" }, .digest = GNUTLS_DIG_SHA1 },
                                           "example.org");

  g_assert_true (xmpp_certificate_get_flags (certificate) & XMPP_CERTIFICATE_UNKNOWN_CA);
  g_assert_cmpint (xmpp_certificate_get_flags (sha1), ==, XMPP_CERTIFICATE_INSECURE);
  assert_description (sha1, "The server's certificate is signed in a way that can be forged.");
}

/* A firm's own authority is for the firm's own domains */
static void
test_name_constraints (void)
{
  g_autoptr(Issued) root = issue_authority ("Root", NULL);
  g_autoptr(Issued) middle = issue (&(Wish) { .name = "Firm", .is_authority = TRUE, .permitted = "firm.example",
                                              .issuer = root });
  static const struct
  {
    const char *domain;
    gboolean    is_good;
  } cases[] = {
    { "firm.example", TRUE },
    { "xmpp.firm.example", TRUE },
    { "example.org", FALSE },
    { "firm.example.org", FALSE },
    { "evilfirm.example", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Issued) leaf = issue (&(Wish) { .name = "x", .dns = { cases[i].domain }, .issuer = middle });
      const Issued *chain[] = { leaf, middle, NULL };
      XmppCertificateFlags flags = judge_connection (root, chain, cases[i].domain);

      g_test_message ("%s: %x", cases[i].domain, flags);
      g_assert_true ((flags == XMPP_CERTIFICATE_OK) == cases[i].is_good);
    }
}

/* Who may not issue certificates has issued none */
static void
test_issuers_that_are_none (void)
{
  g_autoptr(Issued) root = issue_authority ("Root", NULL);
  g_autoptr(Issued) no_authority = issue (&(Wish) { .name = "Leaf", .dns = { "leaf.example" }, .issuer = root });
  g_autoptr(Issued) for_lists = issue (&(Wish) { .name = "Lists", .is_authority = TRUE,
                                                 .key_usage = GNUTLS_KEY_CRL_SIGN, .issuer = root });
  const Issued *issuers[] = { no_authority, for_lists };

  for (guint i = 0; i < G_N_ELEMENTS (issuers); i++)
    {
      g_autoptr(Issued) leaf = issue (&(Wish) { .name = "x", .dns = { "example.org" }, .issuer = issuers[i] });
      const Issued *chain[] = { leaf, issuers[i], NULL };

      g_assert_cmphex (judge_connection (root, chain, "example.org"), !=, XMPP_CERTIFICATE_OK);
    }
}

/* The names of curves are numbers, and this one means none */
static void
test_unknown_curve (void)
{
  static const guint8 secp256r1[] = { 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 };
  g_autoptr(Issued) leaf = issue (&(Wish) { .name = "x", .dns = { "example.org" } });
  g_autoptr(GByteArray) der = g_byte_array_new ();
  g_autoptr(GTlsCertificate) tls = NULL;
  g_autoptr(XmppCertificate) certificate = NULL;
  g_autoptr(GError) error = NULL;
  gnutls_datum_t data;
  guint curve = 0;

  gnutls_ok (gnutls_x509_crt_export2 (leaf->certificate, GNUTLS_X509_FMT_DER, &data));
  g_byte_array_append (der, data.data, data.size);
  gnutls_free (data.data);
  while (memcmp (der->data + curve, secp256r1, sizeof secp256r1) != 0)
    g_assert_cmpuint (++curve, <, der->len - sizeof secp256r1);
  der->data[curve + sizeof secp256r1 - 1] = 0x77;

  tls = g_initable_new (g_tls_backend_get_certificate_type (g_tls_backend_get_default ()), NULL, &error,
                        "certificate", der, NULL);
  if (tls == NULL)
    {
      g_assert_error (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
      return;
    }

  certificate = xmpp_certificate_new (tls, 0, "example.org", &error);
  g_assert_null (certificate);
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_CERTIFICATE);
}

/* Not only the server's own key: who has that of one who may issue has them all. Roots are the computer's business. */
static void
test_weak_authorities (void)
{
  g_autoptr(Issued) root = issue (&(Wish) { .name = "Root", .is_authority = TRUE, .algorithm = GNUTLS_PK_RSA, .bits = 1024 });
  g_autoptr(Issued) weak = issue (&(Wish) { .name = "Weak", .is_authority = TRUE, .algorithm = GNUTLS_PK_RSA, .bits = 1024,
                                            .issuer = root });
  g_autoptr(Issued) strong = issue (&(Wish) { .name = "Strong", .is_authority = TRUE, .issuer = root });
  g_autoptr(Issued) behind_weak = issue (&(Wish) { .name = "x", .dns = { "example.org" }, .issuer = weak });
  g_autoptr(Issued) behind_strong = issue (&(Wish) { .name = "x", .dns = { "example.org" }, .issuer = strong });
  const Issued *bad[] = { behind_weak, weak, root, NULL };
  const Issued *good[] = { behind_strong, strong, root, NULL };
  g_autoptr(XmppCertificate) certificate = judge_chain (root, bad, "example.org");

  g_assert_cmpint (judge_connection (root, bad, "example.org"), ==, XMPP_CERTIFICATE_WEAK_KEY);
  g_assert_cmpint (judge_connection (root, good, "example.org"), ==, XMPP_CERTIFICATE_OK);
  assert_description (certificate, "The key of an authority behind the server's certificate is too weak (RSA 1024 bits).");
}

static void
on_event (XmppSession   *session,
          XmppEvent      event,
          XmppDirection  direction,
          const char    *text,
          guint         *n)
{
  *n += strstr (text, "only in its subject") != NULL;
}

/* GIO takes a certificate without alternative names: then whoever watches is told so */
static void
test_named_by_subject_is_told (void)
{
  static const char * const dns[] = { NULL, "capulet.lit" };

  for (guint i = 0; i < G_N_ELEMENTS (dns); i++)
    {
      g_autoptr(Issued) authority = issue_authority ("Test authority", NULL);
      g_autoptr(Issued) leaf = issue (&(Wish) { .name = "capulet.lit", .dns = { dns[i] }, .issuer = authority });
      g_autoptr(FakeServer) server = fake_server_new ("juliet@capulet.lit/balcony");
      g_autoptr(GTlsDatabase) database = make_database (authority);
      g_autofree char *pem = export_pem (leaf);
      g_autofree char *key = export_key (leaf);
      guint n = 0;

      g_object_set (server->session, "tls-database", database, NULL);
      g_free (server->certificate);
      server->certificate = g_strconcat (pem, key, NULL);
      g_signal_connect (server->session, "event", G_CALLBACK (on_event), &n);
      fake_server_login (server);
      g_assert_cmpuint (n, ==, i == 0 ? 1 : 0);
      g_signal_handlers_disconnect_by_data (server->session, &n);
    }
}

/* A certificate that has to come with a proof says which one is missing */
static void
test_missing_proof_is_told (void)
{
  g_autoptr(FakeAuthority) authority = fake_authority_new ();
  g_autofree char *pem = fake_authority_issue (authority, "example.org", FAKE_CERTIFICATE_MUST_STAPLE);
  g_autofree char *plain_pem = fake_authority_issue (authority, "example.org", FAKE_CERTIFICATE_GOOD);
  g_autoptr(GTlsCertificate) tls = g_tls_certificate_new_from_pem (pem, -1, NULL);
  g_autoptr(GTlsCertificate) plain_tls = g_tls_certificate_new_from_pem (plain_pem, -1, NULL);
  g_autoptr(XmppCertificate) certificate = xmpp_certificate_new (tls, G_TLS_CERTIFICATE_GENERIC_ERROR, "example.org", NULL);
  g_autoptr(XmppCertificate) plain = xmpp_certificate_new (plain_tls, G_TLS_CERTIFICATE_GENERIC_ERROR, "example.org", NULL);

  assert_description (certificate,
                      "The server's certificate demands a proof that it was not revoked, and the server has none.");
  assert_description (plain, "The server's certificate is not valid.");
}

static void
test_keys (void)
{
  static const struct
  {
    int           algorithm;
    unsigned int  bits;
    const char   *text;
    gboolean      is_good;
  } cases[] = {
    { GNUTLS_PK_RSA, 1024, "RSA 1024 bits", FALSE },
    { GNUTLS_PK_RSA, 2040, "RSA 2040 bits", FALSE },
    { GNUTLS_PK_RSA, 2048, "RSA 2048 bits", TRUE },
    { GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP192R1), "EC/ECDSA 192 bits", FALSE },
    { GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP224R1), "EC/ECDSA 224 bits", FALSE },
    { GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), "EC/ECDSA 256 bits", TRUE },
    { GNUTLS_PK_EDDSA_ED25519, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_ED25519), "EdDSA (Ed25519) 256 bits", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Wish wish = { .dns = { "example.org" }, .algorithm = cases[i].algorithm, .bits = cases[i].bits };
      g_autoptr(XmppCertificate) certificate = judge (&wish, "example.org");
      g_autofree char *text = g_strdup_printf ("The key of the server's certificate is too weak (%s).", cases[i].text);

      g_assert_cmpstr (xmpp_certificate_get_key (certificate), ==, cases[i].text);
      g_assert_cmpint (xmpp_certificate_get_flags (certificate) & XMPP_CERTIFICATE_WEAK_KEY, ==,
                       cases[i].is_good ? 0 : XMPP_CERTIFICATE_WEAK_KEY);
      if (!cases[i].is_good)
        assert_description (certificate, text);
    }
}

static void
test_usage (void)
{
  static const struct
  {
    const char *usage;
    gboolean    is_good;
  } cases[] = {
    { NULL, TRUE },
    { GNUTLS_KP_TLS_WWW_SERVER, TRUE },
    { GNUTLS_KP_ANY, TRUE },
    { GNUTLS_KP_TLS_WWW_CLIENT, FALSE },
    { GNUTLS_KP_CODE_SIGNING, FALSE },
    { "1.3.6.1.4.1.99999.1.2.3.4.5.6.7.8.9", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(XmppCertificate) certificate = judge (&(Wish) { .dns = { "example.org" }, .usage = cases[i].usage },
                                                      "example.org");

      g_assert_cmpint (xmpp_certificate_get_flags (certificate) & XMPP_CERTIFICATE_BAD_USAGE, ==,
                       cases[i].is_good ? 0 : XMPP_CERTIFICATE_BAD_USAGE);
      if (!cases[i].is_good)
        assert_description (certificate, "The server's certificate is not meant for a server.");
    }
}

static void
test_hostile_text (void)
{
  g_autoptr(GPtrArray) odd = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr(XmppCertificate) certificate = NULL;
  const char * const *names;
  const char *subject;

  g_ptr_array_add (odd, g_bytes_new_take (g_strnfill (900, 'a'), 900));
  g_ptr_array_add (odd, g_bytes_new_take (g_strnfill (2000, 'b'), 2000));
  g_ptr_array_add (odd, g_bytes_new_static ("a\0b\n<b>\x1b\xe2\x80\xae\xff", 12));
  g_ptr_array_add (odd, g_bytes_new_static ("last.example", 12));
  certificate = judge (&(Wish) { .name = "<b>\n\xe2\x80\xae" "evil", .odd_dns = odd }, "example.org");
  names = xmpp_certificate_get_names (certificate);
  subject = xmpp_certificate_get_subject (certificate);

  g_assert_true (g_utf8_validate (subject, -1, NULL));
  g_assert_null (strchr (subject, '\n'));
  g_assert_null (strstr (subject, "\xe2\x80\xae"));

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_assert_true (g_utf8_validate (names[i], -1, NULL));
      g_assert_cmpuint (strlen (names[i]), <=, 256);
      for (const char *p = names[i]; *p != '\0'; p = g_utf8_next_char (p))
        g_assert_true (g_unichar_isprint (g_utf8_get_char (p)));
    }
  g_assert_cmpint (g_strv_length ((char **) names), ==, 3);
  g_assert_cmpstr (names[2], ==, "last.example");
}

static void
test_thousand_names (void)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr(XmppCertificate) certificate = NULL;

  for (guint i = 0; i < 1000; i++)
    {
      char *name = g_strdup_printf ("%u.example.org", i);

      g_ptr_array_add (names, g_bytes_new_take (name, strlen (name)));
    }

  certificate = judge (&(Wish) { .odd_dns = names }, "999.example.org");
  g_assert_cmpint (xmpp_certificate_get_flags (certificate), ==, XMPP_CERTIFICATE_OK);
  g_assert_cmpint (g_strv_length ((char **) xmpp_certificate_get_names (certificate)), ==, 256);
}

/* Worst first: each hides those after it */
static void
test_worst_first (void)
{
  static const struct
  {
    XmppCertificateFlags flag;
    const char          *word;
  } order[] = {
    { XMPP_CERTIFICATE_REVOKED, "revoked" },
    { XMPP_CERTIFICATE_BAD_IDENTITY, "not for" },
    { XMPP_CERTIFICATE_UNKNOWN_CA, "trusts" },
    { XMPP_CERTIFICATE_EXPIRED, "expired" },
    { XMPP_CERTIFICATE_NOT_ACTIVATED, "valid from" },
    { XMPP_CERTIFICATE_INSECURE, "forged" },
    { XMPP_CERTIFICATE_GENERIC, "not valid" },
  };
  g_autoptr(Issued) leaf = issue (&(Wish) { .name = "x", .dns = { "example.org" } });
  g_autoptr(GTlsCertificate) tls = make_chain ((const Issued *[]) { leaf, NULL });
  GTlsCertificateFlags errors = 0;

  for (guint i = G_N_ELEMENTS (order); i > 0; i--)
    {
      g_autoptr(XmppCertificate) certificate = NULL;
      g_autofree char *description = NULL;

      errors |= (GTlsCertificateFlags) order[i - 1].flag;
      certificate = xmpp_certificate_new (tls, errors, "example.org", NULL);
      description = xmpp_certificate_describe (certificate);
      g_assert_nonnull (strstr (description, order[i - 1].word));
    }
}

static gboolean
is_pinned (XmppCertificate *certificate,
           const char      *pin)
{
  return xmpp_certificate_is_pinned (certificate, (const char *[]) { "x", pin, NULL });
}

static XmppCertificate *
look_at (GTlsCertificate *tls,
         int              errors,
         const char      *domain)
{
  return xmpp_certificate_new (tls, errors, domain, NULL);
}

static void
test_pins (void)
{
  g_autoptr(Issued) leaf = issue (&(Wish) { .name = "x", .dns = { "example.org" } });
  g_autoptr(Issued) other = issue (&(Wish) { .name = "x", .dns = { "example.org" } });
  g_autoptr(GTlsCertificate) tls = make_chain ((const Issued *[]) { leaf, NULL });
  g_autoptr(GTlsCertificate) other_tls = make_chain ((const Issued *[]) { other, NULL });
  int seen_errors = XMPP_CERTIFICATE_UNKNOWN_CA | XMPP_CERTIFICATE_EXPIRED;
  g_autoptr(XmppCertificate) seen = look_at (tls, seen_errors, "Example.org");
  g_autofree char *pin = xmpp_certificate_make_pin (seen);
  const struct
  {
    GTlsCertificate *tls;
    int              errors;
    const char      *domain;
    gboolean         is_pinned;
  } cases[] = {
    { tls, seen_errors, "example.org", TRUE },
    { tls, XMPP_CERTIFICATE_UNKNOWN_CA, "example.org", TRUE },
    { tls, 0, "EXAMPLE.org", TRUE },
    { tls, seen_errors | XMPP_CERTIFICATE_BAD_IDENTITY, "example.org", FALSE },
    { tls, XMPP_CERTIFICATE_INSECURE, "example.org", FALSE },
    { tls, seen_errors | XMPP_CERTIFICATE_REVOKED, "example.org", FALSE },
    { tls, seen_errors, "sub.example.org", FALSE },
    { tls, seen_errors, "example.org.evil.example", FALSE },
    { other_tls, seen_errors, "example.org", FALSE },
    { other_tls, XMPP_CERTIFICATE_UNKNOWN_CA, "example.org", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(XmppCertificate) certificate = look_at (cases[i].tls, cases[i].errors, cases[i].domain);

      g_assert_cmpint (is_pinned (certificate, pin), ==, cases[i].is_pinned);
      g_assert_false (xmpp_certificate_is_pinned (certificate, NULL));
    }
}

/* Also who pins a revoked one does not get it */
static void
test_pin_of_a_revoked_certificate (void)
{
  g_autoptr(Issued) leaf = issue (&(Wish) { .name = "x", .dns = { "example.org" } });
  g_autoptr(GTlsCertificate) tls = make_chain ((const Issued *[]) { leaf, NULL });
  g_autoptr(XmppCertificate) certificate = look_at (tls, XMPP_CERTIFICATE_REVOKED, "example.org");
  g_autofree char *pin = xmpp_certificate_make_pin (certificate);

  g_assert_false (is_pinned (certificate, pin));
}

static void
test_broken_pins (void)
{
  g_autoptr(Issued) leaf = issue (&(Wish) { .name = "x", .dns = { "example.org" } });
  g_autoptr(GTlsCertificate) tls = make_chain ((const Issued *[]) { leaf, NULL });
  g_autoptr(XmppCertificate) certificate = look_at (tls, XMPP_CERTIFICATE_UNKNOWN_CA, "example.org");
  const char *key = xmpp_certificate_get_pin (certificate);
  static const char * const formats[] = {
    "", " ", "  ", "%s", "example.org %s", "example.org %s ", "example.org %s -1", "example.org %s 0x1",
    "example.org %s 1 ", " example.org %s 1", "example.org %s 4294967297", "example.org %s 0", "* %s 1", " %s 1",
  };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_auto(GStrv) parts = g_strsplit (formats[i], "%s", 2);
      g_autofree char *pin = g_strjoinv (key, parts);

      g_assert_false (is_pinned (certificate, pin));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/certificate/its-facts-are-read", test_facts);
  g_test_add_func ("/xmpp/certificate/its-xmpp-address-is-read", test_xmpp_address);
  g_test_add_func ("/xmpp/certificate/its-service-name-is-read", test_service_name);
  g_test_add_func ("/xmpp/certificate/S40-expired-and-not-yet-valid-are-told-with-the-date", test_dates);
  g_test_add_func ("/xmpp/certificate/S41-only-a-chain-to-a-trusted-root-is-good", test_issuers);
  g_test_add_func ("/xmpp/certificate/S12-S15-S42-S43-it-must-name-the-domain", test_hosts);
  g_test_add_func ("/xmpp/certificate/S43-a-name-does-not-end-at-a-nul", test_name_with_a_nul);
  g_test_add_func ("/xmpp/certificate/S42-whom-it-names-is-told", test_names_are_told);
  g_test_add_func ("/xmpp/certificate/S44-a-leaf-is-no-authority-and-sha1-is-no-signature", test_constraints);
  g_test_add_func ("/xmpp/certificate/S43-a-name-in-the-subject-is-told", test_named_by_subject_is_told);
  g_test_add_func ("/xmpp/certificate/S44-who-may-not-issue-has-issued-none", test_issuers_that_are_none);
  g_test_add_func ("/xmpp/certificate/S44-an-authority-is-for-its-own-domains", test_name_constraints);
  g_test_add_func ("/xmpp/certificate/S44-an-unknown-curve-is-not-read", test_unknown_curve);
  g_test_add_func ("/xmpp/certificate/S44-weak-authorities-are-weak", test_weak_authorities);
  g_test_add_func ("/xmpp/certificate/S45-a-missing-proof-is-told", test_missing_proof_is_told);
  g_test_add_func ("/xmpp/certificate/S44-small-keys-are-weak", test_keys);
  g_test_add_func ("/xmpp/certificate/S44-it-must-be-meant-for-a-server", test_usage);
  g_test_add_func ("/xmpp/certificate/hostile-text-is-made-harmless", test_hostile_text);
  g_test_add_func ("/xmpp/certificate/a-thousand-names-are-not-all-kept", test_thousand_names);
  g_test_add_func ("/xmpp/certificate/the-worst-is-told-first", test_worst_first);
  g_test_add_func ("/xmpp/certificate/S51-an-exception-is-for-this-key-domain-and-error", test_pins);
  g_test_add_func ("/xmpp/certificate/S51-a-revoked-one-is-beyond-exceptions", test_pin_of_a_revoked_certificate);
  g_test_add_func ("/xmpp/certificate/S51-a-broken-exception-is-none", test_broken_pins);

  return g_test_run ();
}
