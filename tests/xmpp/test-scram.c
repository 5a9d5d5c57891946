/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-scram.h"
#include "fake-server.h"

#include "xmpp-error.h"
#include "xmpp-sasl-scram.h"

#include <string.h>

#define NONCE        "rOprNGfwEbeRWgbNEkqO"
#define FULL_NONCE   NONCE "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
#define SALT         "W22ZaJ0SNY7soEsUEjb6gQ=="
#define SERVER_FIRST "r=" FULL_NONCE ",s=" SALT ",i=4096"

/* RFC 7677, 3 */
#define CLIENT_FINAL "c=biws,r=" FULL_NONCE ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
#define SERVER_FINAL "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="

static XmppSasl *
run_new (const char          *mechanism,
         XmppSaslCredentials  credentials,
         const char          *nonce)
{
  XmppSasl *sasl;

  if (credentials.username == NULL)
    credentials.username = "user";
  if (credentials.password == NULL)
    credentials.password = "pencil";

  sasl = xmpp_sasl_new (mechanism, &credentials);
  if (nonce != NULL)
    xmpp_sasl_scram_set_nonce (XMPP_SASL_SCRAM (sasl), nonce);

  return sasl;
}

static char *
bytes_to_text (GBytes *bytes)
{
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
assert_starts (XmppSasl   *sasl,
               const char *message)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = xmpp_sasl_start (sasl, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = bytes_to_text (bytes);
  g_assert_cmpstr (text, ==, message);
}

typedef struct
{
  GBytes   *response;
  GError   *error;
  gboolean  is_done;
} Outcome;

static void
on_response (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  Outcome *outcome = user_data;

  outcome->response = xmpp_sasl_challenge_finish (XMPP_SASL (object), result, &outcome->error);
  outcome->is_done = TRUE;
}

/* The response to a challenge, or NULL with error */
static char *
respond_to_bytes (XmppSasl    *sasl,
                  const void  *challenge,
                  gsize        length,
                  GError     **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new (challenge, length);
  Outcome outcome = { NULL };
  char *text;

  xmpp_sasl_challenge_async (sasl, bytes, NULL, on_response, &outcome);
  fake_server_wait_until (outcome.is_done);
  g_assert_true ((outcome.response == NULL) == (outcome.error != NULL));

  if (outcome.error != NULL)
    {
      g_propagate_error (error, outcome.error);
      return NULL;
    }

  text = bytes_to_text (outcome.response);
  g_bytes_unref (outcome.response);

  return text;
}

static char *
respond (XmppSasl    *sasl,
         const char  *challenge,
         GError     **error)
{
  return respond_to_bytes (sasl, challenge, strlen (challenge), error);
}

static void
assert_responds (XmppSasl   *sasl,
                 const char *challenge,
                 const char *response)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = respond (sasl, challenge, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, response);
}

static gboolean
succeed (XmppSasl    *sasl,
         const char  *data,
         GError     **error)
{
  g_autoptr(GBytes) bytes = data != NULL ? g_bytes_new_static (data, strlen (data)) : NULL;

  return xmpp_sasl_success (sasl, bytes, error);
}

static void
assert_succeeds (XmppSasl   *sasl,
                 const char *data)
{
  g_autoptr(GError) error = NULL;
  gboolean is_ok = succeed (sasl, data, &error);

  g_assert_no_error (error);
  g_assert_true (is_ok);
}

static void
assert_no_success (XmppSasl   *sasl,
                   const char *data)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (succeed (sasl, data, &error));
  g_assert_error (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_SERVER_UNPROVEN);
}

/* A run of SCRAM-SHA-256 whose first message is sent */
static XmppSasl *
run_started (void)
{
  XmppSasl *sasl = run_new ("SCRAM-SHA-256", (XmppSaslCredentials) { NULL }, NONCE);

  assert_starts (sasl, "n,,n=user,r=" NONCE);

  return sasl;
}

/* … and whose proof is sent */
static XmppSasl *
run_proved (void)
{
  XmppSasl *sasl = run_started ();

  assert_responds (sasl, SERVER_FIRST, CLIENT_FINAL);

  return sasl;
}

/* The challenge ends the run, with this error and no proof, and nothing heals it afterwards */
static void
assert_refuses (const char *challenge,
                int         code)
{
  g_autoptr(XmppSasl) sasl = run_started ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) second = NULL;

  g_assert_null (respond (sasl, challenge, &error));
  g_assert_error (error, XMPP_AUTH_ERROR, code);

  g_assert_null (respond (sasl, SERVER_FIRST, &second));
  g_assert_error (second, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_FAILED);
  assert_no_success (sasl, SERVER_FINAL);
}

static void
test_rfc_5802 (void)
{
  g_autoptr(XmppSasl) sasl = run_new ("SCRAM-SHA-1", (XmppSaslCredentials) { NULL }, "fyko+d2lbbFgONRv9qkxdawL");

  assert_starts (sasl, "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL");
  assert_responds (sasl, "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
                   "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=");
  assert_succeeds (sasl, "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=");
}

static void
test_rfc_7677 (void)
{
  g_autoptr(XmppSasl) sasl = run_proved ();

  assert_succeeds (sasl, SERVER_FINAL);
}

/* Computed with hashlib.pbkdf2_hmac and hmac of Python */
static void
test_sha_512 (void)
{
  g_autoptr(XmppSasl) sasl = run_new ("SCRAM-SHA-512", (XmppSaslCredentials) { NULL }, NONCE);

  assert_starts (sasl, "n,,n=user,r=" NONCE);
  assert_responds (sasl, SERVER_FIRST,
                   "c=biws,r=" FULL_NONCE ",p=gMGXRcevScNtxZ6/8lQYpGtnsNAc3mGcmNomv+xnoOMw+3R2xNJdMNnzMlTN8PPC6wdp6dybEmDYXYTxwnYPJQ==");
  assert_succeeds (sasl, "v=ZQnYEgWQMFmmsM8aQMF0nDDCy/AgCzkwk8CmMZYcMg0vSVlKDanekLtifDSeVGT4+5ZxXnJq199RVG2rR7N7Zw==");
}

#define XEP_NONCE        "12C4CD5C-E38E-4A98-8F6D-15C38F51CCC6"
#define XEP_FULL_NONCE   XEP_NONCE "a09117a6-ac50-4f2f-93f1-93799c2bddf6"
#define XEP_SERVER_FIRST "r=" XEP_FULL_NONCE ",s=QSXCR+Q6sek8bf92,i=4096,h=G6k/rBLDqgOhRRaCuuatSDFkJ08="

static XmppSasl *
run_of_xep_0474 (const char *hash)
{
  g_autoptr(GBytes) binding = g_bytes_new_static ("THIS IS FAKE CB DATA", 20);
  XmppSasl *sasl = run_new ("SCRAM-SHA-1-PLUS", (XmppSaslCredentials) {
    .binding_type = "tls-exporter",
    .binding_data = binding,
    .binding_offered = TRUE,
    .downgrade_hash = hash,
  }, XEP_NONCE);

  assert_starts (sasl, "p=tls-exporter,,n=user,r=" XEP_NONCE);

  return sasl;
}

/* XEP-0474, 4.3, but that its client adds an attribute "x"; proof and signature without it by Python */
static void
test_right_hash_passes (void)
{
  const char * const mechanisms[] = { "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", NULL };
  const char * const types[] = { "tls-server-end-point", "tls-exporter", NULL };
  g_autofree char *hash = xmpp_sasl_hash_offer (mechanisms, types, "SCRAM-SHA-1-PLUS");
  g_autoptr(XmppSasl) sasl = run_of_xep_0474 (hash);

  assert_responds (sasl, XEP_SERVER_FIRST,
                   "c=cD10bHMtZXhwb3J0ZXIsLFRISVMgSVMgRkFLRSBDQiBEQVRB,r=" XEP_FULL_NONCE ",p=NWgTsQJvWgbXKxbqd3P4BNurjkU=");
  assert_succeeds (sasl, "v=EMsYR2n9LecK8qm5xR19xuvM1jw=");
}

static void
test_wrong_hash_fails (void)
{
  const char * const mechanisms[] = { "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", NULL };
  const char * const types[] = { "tls-exporter", NULL };
  g_autofree char *hash = xmpp_sasl_hash_offer (mechanisms, types, "SCRAM-SHA-1-PLUS");
  g_autoptr(XmppSasl) sasl = run_of_xep_0474 (hash);
  g_autoptr(GError) error = NULL;

  g_assert_null (respond (sasl, XEP_SERVER_FIRST, &error));
  g_assert_error (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_INTERCEPTED);
}

static void
test_absent_hash_passes (void)
{
  g_autoptr(XmppSasl) sasl = run_new ("SCRAM-SHA-256", (XmppSaslCredentials) { .downgrade_hash = "AAAA" }, NONCE);

  assert_starts (sasl, "n,,n=user,r=" NONCE);
  assert_responds (sasl, SERVER_FIRST, CLIENT_FINAL);
}

static void
test_nonce_must_begin_with_ours (void)
{
  const char * const nonces[] = {
    "",
    "r",
    NONCE,                       /* nothing of the server's */
    "ROprNGfwEbeRWgbNEkqOabc",
    "x" NONCE "abc",
    "sOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
    NONCE "a b",
    NONCE "a\tb",
    NONCE "\xc3\xa9",
    NONCE "a,b",
    NONCE "abc\x7f",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (nonces); i++)
    {
      g_autofree char *challenge = g_strdup_printf ("r=%s,s=" SALT ",i=4096", nonces[i]);

      assert_refuses (challenge, XMPP_AUTH_ERROR_FAILED);
    }
}

static void
test_iterations_have_bounds (void)
{
  const char * const bad[] = {
    "", "0", "1", "4095", "10000000", "2000001", "2147483648", "4294971392", "-1", "+4096", "04096",
    "4096x", " 4096", "4096 ", "4096.0", "0x1000", "99999999999999999999999999",
  };
  const char * const good[] = { "4096", "4097", "10000" };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *challenge = g_strconcat ("r=" FULL_NONCE ",s=" SALT ",i=", bad[i], NULL);

      assert_refuses (challenge, XMPP_AUTH_ERROR_FAILED);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *challenge = g_strconcat ("r=" FULL_NONCE ",s=" SALT ",i=", good[i], NULL);
      g_autoptr(XmppSasl) sasl = run_started ();
      g_autoptr(GError) error = NULL;
      g_autofree char *response = respond (sasl, challenge, &error);

      g_assert_no_error (error);
      g_assert_nonnull (response);
    }
}

static gboolean
on_tick (gpointer user_data)
{
  ++*(guint *) user_data;

  return G_SOURCE_CONTINUE;
}

static void
test_main_loop_turns_meanwhile (void)
{
  g_autoptr(XmppSasl) sasl = run_started ();
  g_autoptr(GBytes) challenge = g_bytes_new_static ("r=" FULL_NONCE ",s=" SALT ",i=2000000",
                                                    strlen ("r=" FULL_NONCE ",s=" SALT ",i=2000000"));
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Outcome outcome = { NULL };
  guint n_ticks = 0;
  guint ticker = g_timeout_add (1, on_tick, &n_ticks);

  xmpp_sasl_challenge_async (sasl, challenge, cancellable, on_response, &outcome);
  fake_server_wait_until (n_ticks >= 5);
  g_assert_false (outcome.is_done);

  /* … and need not wait for the end of it */
  g_cancellable_cancel (cancellable);
  fake_server_wait_until (outcome.is_done);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  g_clear_error (&outcome.error);
  g_source_remove (ticker);
}

static void
test_malformed_attributes_are_refused (void)
{
  const char * const challenges[] = {
    "m=ext,r=" FULL_NONCE ",s=" SALT ",i=4096",
    SERVER_FIRST ",m=ext",
    "s=" SALT ",r=" FULL_NONCE ",i=4096",
    "r=" FULL_NONCE ",i=4096,s=" SALT,
    "r=" FULL_NONCE ",r=" FULL_NONCE ",s=" SALT ",i=4096",
    SERVER_FIRST ",r=" FULL_NONCE,
    SERVER_FIRST ",s=" SALT,
    SERVER_FIRST ",i=5000",
    SERVER_FIRST ",x=1,x=2",
    SERVER_FIRST ",",
    SERVER_FIRST ",,",
    SERVER_FIRST ",x",
    SERVER_FIRST ",xy=1",
    SERVER_FIRST ",1=x",
    SERVER_FIRST ",=x",
    "," SERVER_FIRST,
    "r=" FULL_NONCE,
    "r=" FULL_NONCE ",s=" SALT,
    "r=" FULL_NONCE ",s=" SALT ",",
    "n,," SERVER_FIRST,
    "e=other-error",
    SERVER_FINAL,
    ",",
    "=",
    "r",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (challenges); i++)
    assert_refuses (challenges[i], XMPP_AUTH_ERROR_FAILED);
}

static void
test_unknown_attributes_are_signed_along (void)
{
  g_autoptr(XmppSasl) sasl = run_new ("SCRAM-SHA-256", (XmppSaslCredentials) { NULL }, NULL);
  g_autoptr(FakeScram) scram = fake_scram_new ("SCRAM-SHA-256", "pencil");
  g_autoptr(GBytes) start = xmpp_sasl_start (sasl, NULL);
  g_autofree char *first = bytes_to_text (start);
  g_autofree char *challenge = fake_scram_challenge (scram, first, ",t=whatever,Z=a=b");
  g_autofree char *final = respond (sasl, challenge, NULL);
  g_autofree char *end = fake_scram_finish (scram, final, NULL);

  assert_succeeds (sasl, end);
}

static void
test_malformed_bytes_are_refused (void)
{
  g_autofree char *filler = g_strnfill (1024 * 1024, 'A');
  g_autofree char *long_challenge = g_strconcat (SERVER_FIRST ",x=", filler, NULL);
  g_autofree char *salt = g_strnfill (4096, 'A');
  g_autofree char *longer = g_strnfill (87384, 'A');   /* 64 KiB, in base64 */
  g_autofree char *longer_salt = g_strconcat ("r=" FULL_NONCE ",s=", longer, ",i=4096", NULL);
  g_autofree char *long_salt = g_strconcat ("r=" FULL_NONCE ",s=", salt, ",i=4096", NULL);
  const char * const salts[] = { "", "=", "W22ZaJ0SNY7soEsUEjb6gQ", "W22Z aJ0S", "W22Z\naJ0S", "W22*", "====", "W22=W22=" };
  const char nul[] = "r=" FULL_NONCE ",s=" SALT "\0,i=4096";
  g_autoptr(XmppSasl) sasl = run_started ();
  g_autoptr(GError) error = NULL;

  assert_refuses ("", XMPP_AUTH_ERROR_FAILED);
  assert_refuses ("\xff\xfe", XMPP_AUTH_ERROR_FAILED);
  assert_refuses (long_challenge, XMPP_AUTH_ERROR_FAILED);
  assert_refuses (long_salt, XMPP_AUTH_ERROR_FAILED);
  assert_refuses (longer_salt, XMPP_AUTH_ERROR_FAILED);
  for (gsize i = 0; i < G_N_ELEMENTS (salts); i++)
    {
      g_autofree char *challenge = g_strconcat ("r=" FULL_NONCE ",s=", salts[i], ",i=4096", NULL);

      assert_refuses (challenge, XMPP_AUTH_ERROR_FAILED);
    }

  g_assert_null (respond_to_bytes (sasl, nul, sizeof nul - 1, &error));
  g_assert_error (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_FAILED);
}

static void
test_wrong_signature_is_found_out (void)
{
  const char * const finals[] = {
    "v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
    "v=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4",
    "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl9",
    "v=",
    "v",
    "V=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
    "x=1," SERVER_FINAL,
    " ",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (finals); i++)
    {
      g_autoptr(XmppSasl) in_success = run_proved ();
      g_autoptr(XmppSasl) in_challenge = run_proved ();
      g_autoptr(GError) error = NULL;

      assert_no_success (in_success, finals[i]);

      g_assert_null (respond (in_challenge, finals[i], &error));
      g_assert_error (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_SERVER_UNPROVEN);
      assert_no_success (in_challenge, NULL);
    }
}

static void
test_success_without_signature_is_not_believed (void)
{
  g_autoptr(XmppSasl) new = run_new ("SCRAM-SHA-256", (XmppSaslCredentials) { NULL }, NONCE);
  g_autoptr(XmppSasl) started = run_started ();
  g_autoptr(XmppSasl) started_with_data = run_started ();
  g_autoptr(XmppSasl) proved = run_proved ();
  g_autoptr(XmppSasl) proved_with_nothing = run_proved ();

  assert_no_success (new, NULL);
  assert_no_success (started, NULL);
  assert_no_success (started_with_data, SERVER_FINAL);
  assert_no_success (proved, NULL);
  assert_no_success (proved_with_nothing, "");
}

/* Before PBKDF2 there is no signature to compare with: zeros are no answer either */
static void
test_zeros_are_no_signature (void)
{
  g_autoptr(XmppSasl) sasl = run_started ();

  assert_no_success (sasl, "v=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
}

static void
test_signature_in_a_challenge_is_legal (void)
{
  g_autoptr(XmppSasl) sasl = run_proved ();

  assert_responds (sasl, SERVER_FINAL, "");
  assert_succeeds (sasl, NULL);
}

static void
test_signature_in_success_is_legal (void)
{
  g_autoptr(XmppSasl) sasl = run_proved ();

  assert_succeeds (sasl, SERVER_FINAL ",ext=1");
}

static void
test_server_errors_are_told (void)
{
  const struct
  {
    const char *text;
    int         code;
  } errors[] = {
    { "e=invalid-proof", XMPP_AUTH_ERROR_NOT_AUTHORIZED },
    { "e=unknown-user", XMPP_AUTH_ERROR_NOT_AUTHORIZED },
    { "e=channel-bindings-dont-match", XMPP_AUTH_ERROR_INTERCEPTED },
    { "e=server-does-support-channel-binding", XMPP_AUTH_ERROR_INTERCEPTED },
    { "e=channel-binding-not-supported", XMPP_AUTH_ERROR_FAILED },
    { "e=invalid-username-encoding", XMPP_AUTH_ERROR_INCORRECT_ENCODING },
    { "e=no-resources", XMPP_AUTH_ERROR_TEMPORARY_FAILURE },
    { "e=other-error", XMPP_AUTH_ERROR_FAILED },
    { "e=<b>hostile</b>", XMPP_AUTH_ERROR_FAILED },
    { "e=", XMPP_AUTH_ERROR_FAILED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autoptr(XmppSasl) in_success = run_proved ();
      g_autoptr(XmppSasl) in_challenge = run_proved ();
      g_autoptr(GError) first = NULL;
      g_autoptr(GError) second = NULL;

      g_assert_false (succeed (in_success, errors[i].text, &first));
      g_assert_error (first, XMPP_AUTH_ERROR, errors[i].code);
      g_assert_null (strstr (first->message, "hostile"));

      g_assert_null (respond (in_challenge, errors[i].text, &second));
      g_assert_error (second, XMPP_AUTH_ERROR, errors[i].code);
    }
}

static void
test_challenges_end (void)
{
  g_autoptr(XmppSasl) sasl = run_proved ();
  g_autoptr(GError) error = NULL;

  assert_responds (sasl, SERVER_FINAL, "");
  g_assert_null (respond (sasl, SERVER_FINAL, &error));
  g_assert_error (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_FAILED);
  assert_no_success (sasl, SERVER_FINAL);
}

static void
test_success_counts_once (void)
{
  g_autoptr(XmppSasl) sasl = run_proved ();

  assert_succeeds (sasl, SERVER_FINAL);
  assert_no_success (sasl, SERVER_FINAL);
}

static void
assert_first (XmppSaslCredentials  credentials,
              const char          *mechanism,
              const char          *message)
{
  g_autoptr(XmppSasl) sasl = run_new (mechanism, credentials, "abc");

  assert_starts (sasl, message);
}

static void
test_names_are_escaped (void)
{
  const struct
  {
    const char *name;
    const char *message;
  } names[] = {
    { "a,b=c", "n,,n=a=2Cb=3Dc,r=abc" },
    { "=2C", "n,,n==3D2C,r=abc" },
    { "a\"b", "n,,n=a\"b,r=abc" },
    { "\xc3\xa9", "n,,n=\xc3\xa9,r=abc" },
    { "\xf0\x9d\x90\x9a", "n,,n=a,r=abc" },   /* U+1D41A, bold a */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    assert_first ((XmppSaslCredentials) { .username = names[i].name }, "SCRAM-SHA-1", names[i].message);

  assert_first ((XmppSaslCredentials) { .authzid = "x=y" }, "SCRAM-SHA-1", "n,a=x=3Dy,n=user,r=abc");
}

/* The proof of a password is the proof of its prepared form */
static void
test_passwords_are_prepared (void)
{
  g_autofree char *kilobyte = g_strnfill (1024, 'x');
  const struct
  {
    const char *typed;
    const char *prepared;
  } passwords[] = {
    { "correct horse", "correct horse" },
    { "a\xc2\xa0" "b", "a b" },                   /* NBSP */
    { "I\xc2\xadX", "IX" },                       /* U+00AD: mapped to nothing (RFC 4013, 3) */
    { "\xe2\x85\xa8", "IX" },                     /* U+2168: NFKC */
    { "\xef\xac\x80", "ff" },                     /* U+FB00 */
    { "\xf0\x9f\xa6\xa4", "\xf0\x9f\xa6\xa4" },   /* an emoji younger than Unicode 3.2 */
    { kilobyte, kilobyte },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (passwords); i++)
    {
      g_autoptr(XmppSasl) sasl = run_new ("SCRAM-SHA-1", (XmppSaslCredentials) { .password = passwords[i].typed }, NULL);
      g_autoptr(FakeScram) scram = fake_scram_new ("SCRAM-SHA-1", passwords[i].prepared);
      g_autoptr(GBytes) start = xmpp_sasl_start (sasl, NULL);
      g_autofree char *first = bytes_to_text (start);
      g_autofree char *challenge = fake_scram_challenge (scram, first, "");
      g_autofree char *final = respond (sasl, challenge, NULL);
      g_autofree char *end = fake_scram_finish (scram, final, NULL);

      assert_succeeds (sasl, end);
    }
}

static void
test_empty_password_is_asked_for (void)
{
  g_autoptr(XmppSasl) sasl = run_new ("SCRAM-SHA-1", (XmppSaslCredentials) { .password = "" }, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (xmpp_sasl_start (sasl, &error));
  g_assert_error (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_NO_PASSWORD);
}

static void
test_forbidden_password_is_told (void)
{
  g_autoptr(XmppSasl) sasl = run_new ("SCRAM-SHA-256", (XmppSaslCredentials) { .password = "a\x07" "b" }, NONCE);
  g_autoptr(GError) error = NULL;

  assert_starts (sasl, "n,,n=user,r=" NONCE);
  g_assert_null (respond (sasl, SERVER_FIRST, &error));
  g_assert_error (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_INCORRECT_ENCODING);
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
test_flag_says_what_we_can (void)
{
  g_autoptr(GIOStream) stream = stream_new ();
  g_autoptr(GBytes) binding = g_bytes_new_static ("data", 4);

  assert_first ((XmppSaslCredentials) { NULL }, "SCRAM-SHA-256", "n,,n=user,r=abc");
  assert_first ((XmppSaslCredentials) { .stream = stream }, "SCRAM-SHA-256", "y,,n=user,r=abc");
  assert_first ((XmppSaslCredentials) { .stream = stream, .binding_offered = TRUE }, "SCRAM-SHA-256", "n,,n=user,r=abc");
  assert_first ((XmppSaslCredentials) { .stream = stream, .binding_offered = TRUE, .binding_type = "tls-exporter",
                                        .binding_data = binding },
                "SCRAM-SHA-256-PLUS", "p=tls-exporter,,n=user,r=abc");
  assert_first ((XmppSaslCredentials) { .stream = stream, .binding_offered = TRUE, .binding_type = "tls-server-end-point",
                                        .binding_data = binding },
                "SCRAM-SHA-256-PLUS", "p=tls-server-end-point,,n=user,r=abc");
}

static void
test_plus_without_binding_does_not_start (void)
{
  g_autoptr(XmppSasl) sasl = run_new ("SCRAM-SHA-256-PLUS", (XmppSaslCredentials) { .binding_type = "tls-exporter" }, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (xmpp_sasl_start (sasl, &error));
  g_assert_error (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_FAILED);
}

static void
test_nonces_differ (void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr(XmppSasl) sasl = run_new ("SCRAM-SHA-1", (XmppSaslCredentials) { NULL }, NULL);
      g_autoptr(GBytes) start = xmpp_sasl_start (sasl, NULL);

      g_assert_cmpuint (g_bytes_get_size (start), ==, strlen ("n,,n=user,r=") + 24);
      g_assert_true (g_hash_table_add (seen, bytes_to_text (start)));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/scram/rfc-5802-section-5", test_rfc_5802);
  g_test_add_func ("/xmpp/scram/rfc-7677-section-3", test_rfc_7677);
  g_test_add_func ("/xmpp/scram/sha-512", test_sha_512);
  g_test_add_func ("/xmpp/scram/nonces-differ", test_nonces_differ);
  g_test_add_func ("/xmpp/scram/S60-flag-says-what-we-can", test_flag_says_what_we_can);
  g_test_add_func ("/xmpp/scram/S60-plus-without-binding-does-not-start", test_plus_without_binding_does_not_start);
  g_test_add_func ("/xmpp/scram/S61-right-hash-of-the-list-passes", test_right_hash_passes);
  g_test_add_func ("/xmpp/scram/S61-wrong-hash-of-the-list-fails", test_wrong_hash_fails);
  g_test_add_func ("/xmpp/scram/S61-absent-hash-of-the-list-passes", test_absent_hash_passes);
  g_test_add_func ("/xmpp/scram/S62-nonce-must-begin-with-ours", test_nonce_must_begin_with_ours);
  g_test_add_func ("/xmpp/scram/S63-iterations-have-bounds", test_iterations_have_bounds);
  g_test_add_func ("/xmpp/scram/S63-main-loop-turns-meanwhile", test_main_loop_turns_meanwhile);
  g_test_add_func ("/xmpp/scram/S64-malformed-attributes-are-refused", test_malformed_attributes_are_refused);
  g_test_add_func ("/xmpp/scram/S64-unknown-attributes-are-signed-along", test_unknown_attributes_are_signed_along);
  g_test_add_func ("/xmpp/scram/S65-malformed-bytes-are-refused", test_malformed_bytes_are_refused);
  g_test_add_func ("/xmpp/scram/S66-wrong-signature-is-found-out", test_wrong_signature_is_found_out);
  g_test_add_func ("/xmpp/scram/S67-success-without-signature-is-not-believed", test_success_without_signature_is_not_believed);
  g_test_add_func ("/xmpp/scram/S67-zeros-are-no-signature", test_zeros_are_no_signature);
  g_test_add_func ("/xmpp/scram/S68-signature-in-a-challenge-is-legal", test_signature_in_a_challenge_is_legal);
  g_test_add_func ("/xmpp/scram/S68-signature-in-success-is-legal", test_signature_in_success_is_legal);
  g_test_add_func ("/xmpp/scram/S69-server-errors-are-told", test_server_errors_are_told);
  g_test_add_func ("/xmpp/scram/S71-challenges-end", test_challenges_end);
  g_test_add_func ("/xmpp/scram/S71-success-counts-once", test_success_counts_once);
  g_test_add_func ("/xmpp/scram/S72-names-are-escaped", test_names_are_escaped);
  g_test_add_func ("/xmpp/scram/S72-passwords-are-prepared", test_passwords_are_prepared);
  g_test_add_func ("/xmpp/scram/S72-empty-password-is-asked-for", test_empty_password_is_asked_for);
  g_test_add_func ("/xmpp/scram/S72-forbidden-password-is-told", test_forbidden_password_is_told);

  return g_test_run ();
}
