/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-certificate-names.h"

#include "xmpp-prepare.h"

#include <gnutls/x509-ext.h>
#include <string.h>

#define MAX_NAMES 256
#define MAX_NAME  256   /* of a name shown, in bytes */

#define OID_ALTERNATIVE_NAMES "2.5.29.17"
#define OID_SRV_NAME          "1.3.6.1.5.5.7.8.7"
#define ASN1_IA5_STRING       0x16

/* Whoever made the certificate chose these bytes: valid UTF-8 without controls, of a bounded length */
char *
xmpp_certificate_make_text (const void *data,
                            gsize       size)
{
  g_autofree char *text = g_utf8_make_valid (data, MIN (size, MAX_NAME));
  GString *clean = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    g_string_append_unichar (clean, g_unichar_isprint (g_utf8_get_char (p)) ? g_utf8_get_char (p) : 0xFFFD);

  return g_string_free (clean, FALSE);
}

static char *
read_address (const guint8 *data,
              gsize         size)
{
  g_autoptr(GInetAddress) address = NULL;

  if (size != 4 && size != 16)
    return NULL;

  address = g_inet_address_new_from_bytes (data, size == 4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6);

  return g_inet_address_to_string (address);
}

/* SRVName (RFC 4985): an IA5String. GnuTLS unpacks it since 3.8.11 (Debian: 3.7.9-2+deb12u7), which is
 * also when it got a type of its own; before, the DER comes as it is. */
static char *
read_service_name (gnutls_x509_crt_t  certificate,
                   guint              i,
                   const guint8      *data,
                   gsize              size)
{
  char oid[64];
  size_t oid_size = sizeof oid;
  gsize head;

  if (gnutls_x509_crt_get_subject_alt_othername_oid (certificate, i, oid, &oid_size) < 0 ||
      strcmp (oid, OID_SRV_NAME) != 0)
    return NULL;

  /* No name begins with a control character, so that one is DER's tag, and a length of one or two bytes follows */
  if (size < 3 || data[0] != ASN1_IA5_STRING)
    return xmpp_certificate_make_text (data, size);

  head = data[1] == 0x81 ? 3 : 2;

  return data[head - 1] == size - head ? xmpp_certificate_make_text (data + head, size - head) : NULL;
}

/* NULL: of a kind that says nothing about a server */
static char *
read_name (gnutls_x509_crt_t  certificate,
           guint              i,
           unsigned int       type,
           const guint8      *data,
           gsize              size)
{
  switch (type)
    {
    case GNUTLS_SAN_DNSNAME:
    case GNUTLS_SAN_OTHERNAME_XMPP:   /* xmppAddr (RFC 6120, 13.7.1.4) */
      return xmpp_certificate_make_text (data, size);
    case GNUTLS_SAN_IPADDRESS:
      return read_address (data, size);
    case GNUTLS_SAN_RFC822NAME:
    case GNUTLS_SAN_URI:
    case GNUTLS_SAN_DN:
    case GNUTLS_SAN_REGISTERED_ID:
      return NULL;
    default:
      return read_service_name (certificate, i, data, size);
    }
}

/* A "*" stands for the whole of the first label, and for nothing less or more (RFC 9525, 6.3) */
static gboolean
is_name_of (const gnutls_datum_t *name,
            const char           *domain)
{
  const char *text = (const char *) name->data;
  gsize length = name->size;

  if (length > 2 && text[0] == '*' && text[1] == '.')
    {
      domain = strchr (domain, '.');
      text++;
      length--;
    }

  return domain != NULL && strlen (domain) == length && g_ascii_strncasecmp (text, domain, length) == 0;
}

static gboolean
has_name_of (gnutls_subject_alt_names_t  names,
             const char                 *domain)
{
  gnutls_datum_t name;
  unsigned int type;

  for (unsigned int i = 0; gnutls_subject_alt_names_get (names, i, &type, &name, NULL) >= 0; i++)
    {
      if (type == GNUTLS_SAN_DNSNAME && is_name_of (&name, domain))
        return TRUE;
    }

  return FALSE;
}

/* GnuTLS has said whether the certificate is for that domain, but lets two things pass (security.md, S42, S43): a "*"
 * with something behind it, and the common name where there are alternative names that are no DNS names.
 */
gboolean
xmpp_certificate_is_misnamed (gnutls_x509_crt_t  certificate,
                              const char        *domain)
{
  g_autofree char *ascii = xmpp_domain_to_ascii (domain);
  gnutls_datum_t extension = { NULL, 0 };
  gnutls_subject_alt_names_t names = NULL;
  gboolean is_named;

  if (*domain == '[' || g_hostname_is_ip_address (domain) ||
      gnutls_x509_crt_get_extension_by_oid2 (certificate, OID_ALTERNATIVE_NAMES, 0, &extension, NULL) < 0)
    return FALSE;

  is_named = ascii != NULL && gnutls_subject_alt_names_init (&names) >= 0 &&
             gnutls_x509_ext_import_subject_alt_names (&extension, names, 0) >= 0 && has_name_of (names, ascii);

  if (names != NULL)
    gnutls_subject_alt_names_deinit (names);
  gnutls_free (extension.data);

  return !is_named;
}

/* What it is for: DNS names, numeric addresses, XMPP addresses, services; each once */
char **
xmpp_certificate_read_names (gnutls_x509_crt_t certificate)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < MAX_NAMES; i++)
    {
      guint8 data[1024];
      size_t size = sizeof data;
      unsigned int type;
      char *name;
      int status;

      status = gnutls_x509_crt_get_subject_alt_name2 (certificate, i, data, &size, &type, NULL);
      if (status == GNUTLS_E_SHORT_MEMORY_BUFFER)
        continue;
      if (status < 0)
        break;

      name = read_name (certificate, i, type, data, size);
      if (name != NULL && !g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
        g_ptr_array_add (names, name);
      else
        g_free (name);
    }

  g_ptr_array_add (names, NULL);

  return (char **) g_ptr_array_steal (names, NULL);
}
