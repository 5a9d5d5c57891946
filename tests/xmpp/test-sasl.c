/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-server.h"

#include "xmpp-error.h"
#include "xmpp-sasl.h"

#include <string.h>

static const char * const both_types[] = { "tls-server-end-point", "tls-exporter", NULL };

/* A server with everything, over TLS 1.3, and an account with a password */
static XmppSaslOffer
good_offer (const char * const *offered)
{
  return (XmppSaslOffer) {
    .offered = offered,
    .binding_types = both_types,
    .is_encrypted = TRUE,
    .has_exporter = TRUE,
    .has_end_point = TRUE,
    .has_password = TRUE,
  };
}

static void
assert_chooses (const XmppSaslOffer *offer,
                const char          *mechanism,
                const char          *binding_type)
{
  g_autoptr(GError) error = NULL;
  const char *type = "unset";
  const char *chosen = xmpp_sasl_choose (offer, &type, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (chosen, ==, mechanism);
  g_assert_cmpstr (type, ==, binding_type);
}

static void
assert_chooses_nothing (const XmppSaslOffer *offer,
                        GQuark               domain,
                        int                  code)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (xmpp_sasl_choose (offer, NULL, &error));
  g_assert_error (error, domain, code);
}

static void
test_nothing_usable_is_told (void)
{
  g_autoptr(GPtrArray) many = g_ptr_array_new_with_free_func (g_free);
  const char * const lists[][4] = {
    { NULL },
    { "omg-poniez", NULL },
    { "scram-sha-1", "plain", NULL },
    { "", NULL },
    { "DIGEST-MD5", "CRAM-MD5", "LOGIN", NULL },
    { "X-OAUTH2", "SCRAM-SHA-3-512", "SCRAM-SHA-1-PLUS ", NULL },
    { "EXTERNAL", "ANONYMOUS", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      XmppSaslOffer offer = good_offer (lists[i]);

      assert_chooses_nothing (&offer, XMPP_ERROR, XMPP_ERROR_NO_MECHANISM);
    }

  for (guint i = 0; i < 500; i++)
    g_ptr_array_add (many, g_strdup_printf ("X-%u", i));
  g_ptr_array_add (many, NULL);
  {
    XmppSaslOffer offer = good_offer ((const char * const *) many->pdata);

    assert_chooses_nothing (&offer, XMPP_ERROR, XMPP_ERROR_NO_MECHANISM);
  }
}

static void
test_duplicates_do_no_harm (void)
{
  const char * const list[] = { "SCRAM-SHA-1", "PLAIN", "SCRAM-SHA-1", "PLAIN", NULL };
  XmppSaslOffer offer = good_offer (list);

  assert_chooses (&offer, "SCRAM-SHA-1", NULL);
}

static void
test_plain_only_where_scram_was_never_seen (void)
{
  const char * const list[] = { "PLAIN", NULL };
  const char * const stronger[] = {
    "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS",
    "SCRAM-SHA-512-PLUS", "EXTERNAL",
  };
  XmppSaslOffer offer = good_offer (list);

  assert_chooses (&offer, "PLAIN", NULL);

  offer.last = "PLAIN";
  assert_chooses (&offer, "PLAIN", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (stronger); i++)
    {
      offer.last = stronger[i];
      offer.allow_weaker = FALSE;
      assert_chooses_nothing (&offer, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_WEAKER);

      offer.allow_weaker = TRUE;
      assert_chooses (&offer, "PLAIN", NULL);
    }
}

static void
test_no_plain_without_tls (void)
{
  const char * const list[] = { "PLAIN", NULL };
  const char * const better[] = { "PLAIN", "SCRAM-SHA-1", NULL };
  XmppSaslOffer offer = good_offer (list);
  XmppSaslCredentials credentials = { .username = "juliet", .password = "secret" };
  g_autoptr(XmppSasl) sasl = xmpp_sasl_new ("PLAIN", &credentials);
  g_autoptr(GError) error = NULL;

  offer.is_encrypted = offer.has_exporter = offer.has_end_point = FALSE;
  assert_chooses_nothing (&offer, XMPP_ERROR, XMPP_ERROR_NO_MECHANISM);

  offer.allow_weaker = TRUE;
  assert_chooses_nothing (&offer, XMPP_ERROR, XMPP_ERROR_NO_MECHANISM);

  offer.offered = better;
  assert_chooses (&offer, "SCRAM-SHA-1", NULL);

  /* And should the choice be wrong, the mechanism itself refuses */
  g_assert_null (xmpp_sasl_start (sasl, &error));
  g_assert_error (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_ENCRYPTION_REQUIRED);
}

/* The model: the whole preference in one line of text */
static void
test_every_list_gives_the_best (void)
{
  const char * const order[] = {
    "SCRAM-SHA-512-PLUS", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-512", "SCRAM-SHA-256",
    "SCRAM-SHA-1", "PLAIN", "DIGEST-MD5",
  };

  for (guint set = 0; set < 256; set++)
    {
      const char *list[9] = { NULL };
      const char *best = NULL;
      gsize n = 0;

      /* The server's order means nothing: the worst stands first */
      for (int i = 7; i >= 0; i--)
        {
          if (!(set & (1 << i)))
            continue;

          list[n++] = order[i];
          if (i < 7)
            best = order[i];
        }

      {
        XmppSaslOffer offer = good_offer (list);

        if (best != NULL)
          assert_chooses (&offer, best, strstr (best, "-PLUS") != NULL ? "tls-exporter" : NULL);
        else
          assert_chooses_nothing (&offer, XMPP_ERROR, XMPP_ERROR_NO_MECHANISM);
      }
    }
}

static void
test_external_comes_first_with_a_certificate (void)
{
  const char * const list[] = { "PLAIN", "SCRAM-SHA-512-PLUS", "EXTERNAL", NULL };
  const char * const tried[] = { "EXTERNAL", NULL };
  XmppSaslOffer offer = good_offer (list);

  assert_chooses (&offer, "SCRAM-SHA-512-PLUS", "tls-exporter");

  offer.has_certificate = TRUE;
  assert_chooses (&offer, "EXTERNAL", NULL);

  offer.has_password = FALSE;
  assert_chooses (&offer, "EXTERNAL", NULL);

  offer.tried = tried;
  assert_chooses_nothing (&offer, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_CERTIFICATE);

  offer.has_password = TRUE;
  assert_chooses (&offer, "SCRAM-SHA-512-PLUS", "tls-exporter");
}

/* Also where the last login was by a better mechanism than those that are left: there is nothing to be allowed */
static void
test_a_certificate_that_is_not_asked_for (void)
{
  const char * const list[] = { "PLAIN", "SCRAM-SHA-1", NULL };
  XmppSaslOffer offer = good_offer (list);

  offer.has_certificate = TRUE;
  offer.has_password = FALSE;
  assert_chooses_nothing (&offer, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_CERTIFICATE);
  offer.last = "SCRAM-SHA-512-PLUS";
  assert_chooses_nothing (&offer, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_CERTIFICATE);
  offer.allow_weaker = TRUE;
  assert_chooses_nothing (&offer, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_CERTIFICATE);
}

static void
test_anonymous_only_when_asked_for (void)
{
  const char * const list[] = { "ANONYMOUS", "PLAIN", NULL };
  const char * const without[] = { "PLAIN", "SCRAM-SHA-1", NULL };
  XmppSaslOffer offer = good_offer (list);

  assert_chooses (&offer, "PLAIN", NULL);

  offer.has_password = FALSE;
  assert_chooses_nothing (&offer, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_NO_PASSWORD);

  offer.is_anonymous = TRUE;
  assert_chooses (&offer, "ANONYMOUS", NULL);

  /* … and then nothing else, with a password or not */
  offer.offered = without;
  offer.has_password = TRUE;
  assert_chooses_nothing (&offer, XMPP_ERROR, XMPP_ERROR_NO_MECHANISM);
}

static void
test_binding_type_is_one_that_both_have (void)
{
  const char * const list[] = { "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", NULL };
  const char * const end_point[] = { "tls-server-end-point", NULL };
  const char * const unique[] = { "tls-unique", "tls-server-end-point", NULL };
  XmppSaslOffer offer = good_offer (list);

  /* Nothing announced: no guess */
  offer.binding_types = NULL;
  assert_chooses (&offer, "SCRAM-SHA-1", NULL);
  offer.last = "SCRAM-SHA-1-PLUS";
  assert_chooses_nothing (&offer, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_WEAKER);
  offer.last = NULL;

  offer.binding_types = both_types;
  assert_chooses (&offer, "SCRAM-SHA-1-PLUS", "tls-exporter");

  /* Openfire */
  offer.binding_types = end_point;
  assert_chooses (&offer, "SCRAM-SHA-1-PLUS", "tls-server-end-point");
  offer.binding_types = unique;
  assert_chooses (&offer, "SCRAM-SHA-1-PLUS", "tls-server-end-point");

  /* TLS 1.2 */
  offer.has_exporter = FALSE;
  offer.binding_types = both_types;
  assert_chooses (&offer, "SCRAM-SHA-1-PLUS", "tls-server-end-point");

  /* A certificate without a hash (Ed25519) has no end point either: "n", and no alarm */
  offer.has_end_point = FALSE;
  assert_chooses (&offer, "SCRAM-SHA-1", NULL);
  offer.binding_types = both_types;
  assert_chooses (&offer, "SCRAM-SHA-1", NULL);
}

static void
test_list_without_an_end_point_is_forged (void)
{
  const char * const list[] = { "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", "PLAIN", NULL };
  const char * const stripped[] = { "SCRAM-SHA-1", "PLAIN", NULL };
  const char * const dummy[] = { "tls-dummy", NULL };
  const char * const exporter[] = { "tls-exporter", NULL };
  const char * const empty[] = { NULL };
  XmppSaslOffer offer = good_offer (list);

  offer.binding_types = dummy;
  assert_chooses_nothing (&offer, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_INTERCEPTED);

  /* Nobody may say yes to this in advance */
  offer.allow_weaker = TRUE;
  assert_chooses_nothing (&offer, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_INTERCEPTED);

  offer.binding_types = empty;
  assert_chooses_nothing (&offer, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_INTERCEPTED);

  offer.binding_types = exporter;
  assert_chooses (&offer, "SCRAM-SHA-1-PLUS", "tls-exporter");
  offer.has_exporter = FALSE;
  assert_chooses_nothing (&offer, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_INTERCEPTED);

  /* Without a -PLUS it is the flag "y" that tells the server */
  offer.offered = stripped;
  assert_chooses (&offer, "SCRAM-SHA-1", NULL);
  g_assert_false (xmpp_sasl_offers_binding (stripped));
  g_assert_true (xmpp_sasl_offers_binding (list));
}

static void
test_no_weaker_than_last_time (void)
{
  const char * const order[] = {
    "SCRAM-SHA-512-PLUS", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-512", "SCRAM-SHA-256",
    "SCRAM-SHA-1", "PLAIN",
  };

  for (gsize last = 0; last < G_N_ELEMENTS (order); last++)
    {
      for (gsize now = 0; now < G_N_ELEMENTS (order); now++)
        {
          const char * const list[] = { order[now], NULL };
          XmppSaslOffer offer = good_offer (list);

          offer.last = order[last];
          if (now <= last)
            assert_chooses (&offer, order[now], now < 3 ? "tls-exporter" : NULL);
          else
            assert_chooses_nothing (&offer, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_WEAKER);

          offer.allow_weaker = TRUE;
          assert_chooses (&offer, order[now], now < 3 ? "tls-exporter" : NULL);
        }
    }
}

static void
test_a_refusal_leads_to_no_lower_class (void)
{
  const char * const list[] = { "SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-512", "SCRAM-SHA-1", "PLAIN", NULL };
  const char * const one[] = { "SCRAM-SHA-256-PLUS", NULL };
  const char * const two[] = { "SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS", NULL };
  const char * const plain[] = { "SCRAM-SHA-1", "PLAIN", NULL };
  const char * const scram[] = { "SCRAM-SHA-1", NULL };
  XmppSaslOffer offer = good_offer (list);

  offer.tried = one;
  assert_chooses (&offer, "SCRAM-SHA-1-PLUS", "tls-exporter");

  offer.tried = two;
  assert_chooses_nothing (&offer, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_WEAKER);

  offer.offered = plain;
  offer.tried = scram;
  assert_chooses_nothing (&offer, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_WEAKER);

  offer.allow_weaker = TRUE;
  assert_chooses (&offer, "PLAIN", NULL);
}

static void
test_hash_of_the_list (void)
{
  const char * const mechanisms[] = { "SCRAM-SHA-1-PLUS", "SCRAM-SHA-1", NULL };
  const char * const types[] = { "tls-server-end-point", "tls-exporter", NULL };
  g_autofree char *of_the_xep = xmpp_sasl_hash_offer (mechanisms, types, "SCRAM-SHA-1-PLUS");
  g_autofree char *without_types = xmpp_sasl_hash_offer (mechanisms, NULL, "SCRAM-SHA-1");
  g_autofree char *sha_256 = xmpp_sasl_hash_offer (mechanisms, types, "SCRAM-SHA-256");
  g_autofree char *sha_512 = xmpp_sasl_hash_offer (mechanisms, types, "SCRAM-SHA-512-PLUS");

  g_assert_cmpstr (of_the_xep, ==, "G6k/rBLDqgOhRRaCuuatSDFkJ08=");
  g_assert_cmpstr (without_types, ==, "g00gt4Qd0gJ3EvnclTnY0KEYfRg=");
  g_assert_cmpstr (sha_256, ==, "H6VEQ+6wl/eYKuTjJn4D9/e9GTn1AcYGw/oiSJ3Yhy0=");
  g_assert_cmpstr (sha_512, ==, "Q1q0WwH927l2RRoYIMiDY0g7R21hTZK+bfBgkhqek9JSTfIzUlnUZQRB2A6lZL3ER7ZMWRRdQzEJKVH671Bh0g==");
  g_assert_null (xmpp_sasl_hash_offer (mechanisms, types, "PLAIN"));
}

static void
test_strict_base64 (void)
{
  const char * const bad[] = { "A", "AB", "ABC", "=A==", "AA=A", "====", "AB==CD==", "AAA =", " AAAA", "AAAA\n", "AA-_", "A===", "==" };
  g_autoptr(GBytes) nothing = xmpp_sasl_decode (NULL);
  g_autoptr(GBytes) equals = xmpp_sasl_decode ("=");
  g_autoptr(GBytes) text = xmpp_sasl_decode ("Zm9vYg==");
  g_autofree char *again = xmpp_sasl_encode (text);
  g_autofree char *empty = xmpp_sasl_encode (equals);

  g_assert_cmpuint (g_bytes_get_size (nothing), ==, 0);
  g_assert_cmpuint (g_bytes_get_size (equals), ==, 0);
  g_assert_cmpmem (g_bytes_get_data (text, NULL), g_bytes_get_size (text), "foob", 4);
  g_assert_cmpstr (again, ==, "Zm9vYg==");
  g_assert_cmpstr (empty, ==, "=");

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (xmpp_sasl_decode (bad[i]));
}

static void
on_challenged (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_assert_null (xmpp_sasl_challenge_finish (XMPP_SASL (object), result, user_data));
}

/* One message of this mechanism, and no challenge after it */
static void
assert_says (const char                *mechanism,
             const XmppSaslCredentials *credentials,
             const char                *message,
             gsize                      length)
{
  g_autoptr(XmppSasl) sasl = xmpp_sasl_new (mechanism, credentials);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = xmpp_sasl_start (sasl, &error);
  g_autoptr(GBytes) challenge = g_bytes_new_static ("x", 1);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), message, length);

  xmpp_sasl_challenge_async (sasl, challenge, NULL, on_challenged, &error);
  fake_server_wait_until (error != NULL);
  g_assert_error (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_FAILED);
  g_assert_true (xmpp_sasl_success (sasl, NULL, NULL));
}

/* Stands for a TLS connection where it only matters that there is one */
static GIOStream *
stream_new (void)
{
  g_autoptr(GInputStream) input = g_memory_input_stream_new ();
  g_autoptr(GOutputStream) output = g_memory_output_stream_new_resizable ();

  return g_simple_io_stream_new (input, output);
}

static void
test_messages_of_the_simple_ones (void)
{
  g_autoptr(GIOStream) stream = stream_new ();
  XmppSaslCredentials credentials = { .username = "juliet", .password = "r0m30 \xe2\x85\xa8", .stream = stream };

  assert_says ("PLAIN", &credentials, "\0juliet\0r0m30 \xe2\x85\xa8", 17);
  assert_says ("EXTERNAL", &credentials, "", 0);
  assert_says ("ANONYMOUS", &credentials, "", 0);

  credentials.authzid = "juliet@capulet.lit";
  assert_says ("PLAIN", &credentials, "juliet@capulet.lit\0juliet\0r0m30 \xe2\x85\xa8", 35);
  assert_says ("EXTERNAL", &credentials, "juliet@capulet.lit", 18);
}

static void
test_what_we_do_not_have (void)
{
  XmppSaslCredentials credentials = { .username = "juliet", .password = "secret" };
  const char * const names[] = { "DIGEST-MD5", "CRAM-MD5", "LOGIN", "X-OAUTH2", "SCRAM-SHA-224", "plain", "" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_assert_null (xmpp_sasl_new (names[i], &credentials));
      g_assert_cmpint (xmpp_sasl_get_strength (names[i]), ==, 0);
    }
}

static void
test_preparation (void)
{
  /* RFC 4013, 3 */
  const struct
  {
    const char *text;
    const char *prepared;
  } texts[] = {
    { "I\xc2\xadX", "IX" },
    { "user", "user" },
    { "USER", "USER" },
    { "\xc2\xaa", "a" },
    { "\xe2\x85\xa8", "IX" },
    { "\x07", NULL },
    { "\xd8\xa7\x31", NULL },
    { "", NULL },
    { "\xc2\xad", NULL },
    { "\xff", NULL },
    { "\xef\xb7\xba", "\xd8\xb5\xd9\x84\xd9\x89 \xd8\xa7\xd9\x84\xd9\x84\xd9\x87 \xd8\xb9\xd9\x84\xd9\x8a\xd9\x87 "
                      "\xd9\x88\xd8\xb3\xd9\x84\xd9\x85" },   /* U+FDFA becomes 18 */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *prepared = xmpp_sasl_prepare (texts[i].text, &error);

      g_assert_cmpstr (prepared, ==, texts[i].prepared);
      if (texts[i].prepared == NULL)
        g_assert_error (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_INCORRECT_ENCODING);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/sasl/strict-base64", test_strict_base64);
  g_test_add_func ("/xmpp/sasl/messages-of-the-simple-ones", test_messages_of_the_simple_ones);
  g_test_add_func ("/xmpp/sasl/no-other-mechanisms", test_what_we_do_not_have);
  g_test_add_func ("/xmpp/sasl/a-certificate-that-is-not-asked-for-is-said-to-be-so", test_a_certificate_that_is_not_asked_for);
  g_test_add_func ("/xmpp/sasl/external-comes-first-with-a-certificate", test_external_comes_first_with_a_certificate);
  g_test_add_func ("/xmpp/sasl/anonymous-only-when-asked-for", test_anonymous_only_when_asked_for);
  g_test_add_func ("/xmpp/sasl/S53-nothing-usable-is-told", test_nothing_usable_is_told);
  g_test_add_func ("/xmpp/sasl/S53-duplicates-do-no-harm", test_duplicates_do_no_harm);
  g_test_add_func ("/xmpp/sasl/S54-plain-only-where-scram-was-never-seen", test_plain_only_where_scram_was_never_seen);
  g_test_add_func ("/xmpp/sasl/S54-no-weaker-than-last-time", test_no_weaker_than_last_time);
  g_test_add_func ("/xmpp/sasl/S55-no-plain-without-tls", test_no_plain_without_tls);
  g_test_add_func ("/xmpp/sasl/S56-every-list-gives-the-best", test_every_list_gives_the_best);
  g_test_add_func ("/xmpp/sasl/S58-binding-type-is-one-that-both-have", test_binding_type_is_one_that_both_have);
  g_test_add_func ("/xmpp/sasl/S59-a-refusal-leads-to-no-lower-class", test_a_refusal_leads_to_no_lower_class);
  g_test_add_func ("/xmpp/sasl/S60-list-without-an-end-point-is-forged", test_list_without_an_end_point_is_forged);
  g_test_add_func ("/xmpp/sasl/S61-hash-of-the-list", test_hash_of_the_list);
  g_test_add_func ("/xmpp/sasl/S72-preparation", test_preparation);

  return g_test_run ();
}
