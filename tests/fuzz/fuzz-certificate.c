/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The certificate of a server (DER), of which the person is shown what it says (security.md, T050) */
#include "fuzz.h"

#include "xmpp-certificate.h"
#include "xmpp-error.h"

#include <string.h>

#define MAX_SIZE (64 * 1024)

static void
check_text (const char *text)
{
  if (text == NULL)
    return;

  g_assert_true (g_utf8_validate (text, -1, NULL));
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_assert_false (g_unichar_iscntrl (c));
      g_assert_false ((c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069));
    }
}

static void
check_certificate (XmppCertificate *certificate)
{
  const char * const *names = xmpp_certificate_get_names (certificate);
  g_autofree char *words = xmpp_certificate_describe (certificate);
  g_autofree char *pin = xmpp_certificate_make_pin (certificate);
  const char * const pins[] = { pin, NULL };

  check_text (xmpp_certificate_get_subject (certificate));
  check_text (xmpp_certificate_get_issuer (certificate));
  check_text (xmpp_certificate_get_key (certificate));
  check_text (xmpp_certificate_get_fingerprint (certificate));
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    check_text (names[i]);
  check_text (words);
  g_assert_true (xmpp_certificate_is_pinned (certificate, pins));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GByteArray) der = g_byte_array_new ();
  g_autoptr(GTlsCertificate) tls = NULL;
  g_autoptr(GError) error = NULL;

  if (size > MAX_SIZE)
    return 0;

  g_byte_array_append (der, data, size);
  tls = g_initable_new (g_tls_backend_get_certificate_type (g_tls_backend_get_default ()), NULL, NULL,
                        "certificate", der, NULL);

  for (guint errors = 0; tls != NULL && errors <= G_TLS_CERTIFICATE_BAD_IDENTITY; errors += G_TLS_CERTIFICATE_BAD_IDENTITY)
    {
      g_autoptr(XmppCertificate) certificate = xmpp_certificate_new (tls, errors, "capulet.lit", &error);

      if (certificate != NULL)
        check_certificate (certificate);
      else
        fuzz_assert_words (error);
      g_clear_error (&error);
    }

  return 0;
}
