/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Addresses are prepared as today's servers do it: nodeprep and resourceprep of RFC 3920 (stringprep,
 * RFC 6122) for the local part and the resource, UTS 46 for the domain. PRECIS (RFC 7622) differs in
 * corners, and a client that prepares otherwise than its server takes one person for two.
 */
#include "flint-config.h"

#include "xmpp-jid.h"

#include "xmpp-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unicode/uidna.h>
#include <unicode/usprep.h>
#include <unicode/ustring.h>

#define MAX_PART 1023   /* bytes a part (RFC 7622, 3.1) */

/* One block: the header, then "local@domain/resource", then the bare text if there is a resource.
 * The parts are copies of their own after these, so that each is a C string.
 */
struct _XmppJid
{
  grefcount   ref_count;
  gboolean    is_opaque;
  guint       hash;
  const char *local;       /* NULL: none */
  const char *domain;
  const char *resource;    /* NULL: none */
  const char *text;
  const char *bare;
  char        data[];
};

G_DEFINE_BOXED_TYPE (XmppJid, xmpp_jid, xmpp_jid_ref, xmpp_jid_unref)

typedef struct
{
  const char *start;
  gsize       length;
} Part;

static char *
put (char        *at,
     const char  *bytes,
     gsize        length)
{
  memcpy (at, bytes, length);
  at[length] = '\0';

  return at + length;
}

static XmppJid *
build (Part     local,
       Part     domain,
       Part     resource,
       gboolean is_opaque)
{
  gsize bare_length = (local.start != NULL ? local.length + 1 : 0) + domain.length;
  gsize full_length = bare_length + (resource.start != NULL ? resource.length + 1 : 0);
  gsize size = full_length + 1 +
               (resource.start != NULL ? bare_length + 1 : 0) +
               (local.start != NULL ? local.length + 1 : 0) +
               domain.length + 1;
  XmppJid *self = g_malloc (sizeof *self + size);
  char *at = self->data;

  g_ref_count_init (&self->ref_count);
  self->is_opaque = is_opaque;
  self->local = self->resource = NULL;

  self->text = at;
  if (local.start != NULL)
    {
      at = put (at, local.start, local.length);
      *at++ = '@';
    }
  at = put (at, domain.start, domain.length);
  if (resource.start != NULL)
    {
      *at++ = '/';
      self->resource = at;
      at = put (at, resource.start, resource.length);
    }
  at++;

  self->bare = self->text;
  if (resource.start != NULL)
    {
      self->bare = at;
      at = put (at, self->text, bare_length) + 1;
    }

  if (local.start != NULL)
    {
      self->local = at;
      at = put (at, local.start, local.length) + 1;
    }

  /* without a local part the bare text is the domain */
  if (local.start == NULL)
    self->domain = self->bare;
  else
    {
      self->domain = at;
      put (at, domain.start, domain.length);
    }

  self->hash = g_str_hash (self->text);

  return self;
}

/* Preparation */

/* Most addresses are plain already: lower-case letters, digits and a few marks. */
static gboolean
is_plain_local (Part part)
{
  for (gsize i = 0; i < part.length; i++)
    {
      char c = part.start[i];

      if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' || c == '+'))
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_plain_domain (Part part)
{
  gboolean label_starts = TRUE;

  for (gsize i = 0; i < part.length; i++)
    {
      char c = part.start[i];

      if (c == '.')
        {
          if (label_starts || part.start[i - 1] == '-')
            return FALSE;
          label_starts = TRUE;
          continue;
        }

      /* "xn--" and any other double hyphen is UTS 46's business */
      if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && !label_starts && part.start[i - 1] != '-')))
        return FALSE;

      label_starts = FALSE;
    }

  return !label_starts && part.start[part.length - 1] != '-';
}

static gboolean
is_plain_resource (Part part)
{
  for (gsize i = 0; i < part.length; i++)
    {
      if ((guchar) part.start[i] < 0x20 || (guchar) part.start[i] > 0x7E)
        return FALSE;
    }

  return TRUE;
}

static char *
to_utf8 (const UChar *text,
         int32_t      length)
{
  g_autofree char *utf8 = g_malloc (length * 3 + 1);
  UErrorCode status = U_ZERO_ERROR;
  int32_t written;

  u_strToUTF8 (utf8, length * 3 + 1, &written, text, length, &status);

  return U_SUCCESS (status) ? g_steal_pointer (&utf8) : NULL;
}

/* Returns the prepared text, or NULL where the profile forbids it. Unassigned characters are allowed: a new emoji is no mistake. */
static char *
stringprep (UStringPrepProfileType  type,
            Part                    part)
{
  UErrorCode status = U_ZERO_ERROR;
  UStringPrepProfile *profile;
  UChar source[MAX_PART + 1];
  UChar target[MAX_PART * 4 + 1];
  int32_t source_length;
  int32_t target_length;

  u_strFromUTF8 (source, G_N_ELEMENTS (source), &source_length, part.start, part.length, &status);
  if (U_FAILURE (status))
    return NULL;

  profile = usprep_openByType (type, &status);
  if (U_FAILURE (status))
    return NULL;

  target_length = usprep_prepare (profile, source, source_length, target, G_N_ELEMENTS (target),
                                  USPREP_ALLOW_UNASSIGNED, NULL, &status);
  usprep_close (profile);

  return U_SUCCESS (status) ? to_utf8 (target, target_length) : NULL;
}

/* UTS 46, non-transitional: to Unicode for comparing and showing, or to A-labels for DNS and TLS. */
static char *
idna (Part     part,
      gboolean to_ascii)
{
  UErrorCode status = U_ZERO_ERROR;
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  UIDNA *processor = uidna_openUTS46 (UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ |
                                      UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE, &status);
  char target[MAX_PART * 4];
  int32_t length;

  if (U_FAILURE (status))
    return NULL;

  length = to_ascii ? uidna_nameToASCII_UTF8 (processor, part.start, part.length, target, sizeof target, &info, &status)
                    : uidna_nameToUnicodeUTF8 (processor, part.start, part.length, target, sizeof target, &info, &status);
  uidna_close (processor);

  if (U_FAILURE (status) || info.errors != 0)
    return NULL;

  return g_strndup (target, length);
}

static gboolean
is_ip_literal (Part part)
{
  g_autofree char *text = g_strndup (part.start, part.length);
  gsize length = part.length;

  if (length > 2 && text[0] == '[' && text[length - 1] == ']')
    {
      text[length - 1] = '\0';
      return g_hostname_is_ip_address (text + 1);
    }

  return g_hostname_is_ip_address (text);
}

typedef enum
{
  PART_LOCAL,
  PART_DOMAIN,
  PART_RESOURCE,
} PartKind;

/* Prepares a part in place; what was allocated for it is left in allocated. */
static gboolean
prepare (PartKind   kind,
         Part      *part,
         char     **allocated)
{
  switch (kind)
    {
    case PART_LOCAL:
      if (!is_plain_local (*part))
        *allocated = stringprep (USPREP_RFC3920_NODEPREP, *part);
      break;

    case PART_DOMAIN:
      if (part->length > 1 && part->start[part->length - 1] == '.')
        part->length--;
      if (is_plain_domain (*part) || is_ip_literal (*part))
        break;
      *allocated = idna (*part, FALSE);
      break;

    case PART_RESOURCE:
    default:
      if (!is_plain_resource (*part))
        *allocated = stringprep (USPREP_RFC3920_RESOURCEPREP, *part);
      break;
    }

  if (*allocated != NULL)
    *part = (Part) { *allocated, strlen (*allocated) };
  else if ((kind == PART_LOCAL && !is_plain_local (*part)) ||
           (kind == PART_DOMAIN && !is_plain_domain (*part) && !is_ip_literal (*part)) ||
           (kind == PART_RESOURCE && !is_plain_resource (*part)))
    return FALSE;

  return part->length > 0 && part->length <= MAX_PART;
}

/* "local@domain/resource": the first slash ends the bare part, the first @ before it the local part (RFC 7622, 3.2). */
static void
split (const char *text,
       Part       *local,
       Part       *domain,
       Part       *resource)
{
  const char *slash = strchr (text, '/');
  gsize bare_length = slash != NULL ? (gsize) (slash - text) : strlen (text);
  const char *at = memchr (text, '@', bare_length);

  *local = at != NULL ? (Part) { text, at - text } : (Part) { NULL, 0 };
  *domain = at != NULL ? (Part) { at + 1, bare_length - (at + 1 - text) } : (Part) { text, bare_length };
  *resource = slash != NULL ? (Part) { slash + 1, strlen (slash + 1) } : (Part) { NULL, 0 };
}

static gboolean
check_part (PartKind   kind,
            Part      *part,
            char     **allocated,
            GError   **error)
{
  static const char * const too_long[] = {
    N_("The name before the @ is too long."),
    N_("The name of the server is too long."),
    N_("The resource after the / is too long."),
  };
  static const char * const empty[] = {
    N_("The name before the @ is missing. An address looks like juliet@example.org."),
    N_("The name of the server is missing. An address looks like juliet@example.org."),
    N_("The resource after the / is missing."),
  };
  static const char * const wrong[] = {
    N_("The name before the @ has a character that is not allowed in an address."),
    N_("The name of the server is not valid."),
    N_("The resource after the / has a character that is not allowed in an address."),
  };
  const char *sentence;

  if (part->start == NULL && kind != PART_DOMAIN)
    return TRUE;

  if (part->length == 0)
    sentence = empty[kind];
  else if (part->length > MAX_PART)
    sentence = too_long[kind];
  else if (!g_utf8_validate (part->start, part->length, NULL) || !prepare (kind, part, allocated))
    sentence = wrong[kind];
  else
    return TRUE;

  g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_INVALID_ADDRESS, _(sentence));

  return FALSE;
}

static XmppJid *
build_checked (Part     local,
               Part     domain,
               Part     resource,
               GError **error)
{
  g_autofree char *own_local = NULL;
  g_autofree char *own_domain = NULL;
  g_autofree char *own_resource = NULL;

  if (!check_part (PART_LOCAL, &local, &own_local, error) ||
      !check_part (PART_DOMAIN, &domain, &own_domain, error) ||
      !check_part (PART_RESOURCE, &resource, &own_resource, error))
    return NULL;

  return build (local, domain, resource, FALSE);
}

/**
 * xmpp_jid_new:
 * @text: an address, as a person types it or as a setting keeps it
 *
 * Returns: (transfer full) (nullable): the prepared address, or %NULL with
 *   %XMPP_ERROR_INVALID_ADDRESS and a sentence that says what is wrong (RFC 7622, 3)
 */
XmppJid *
xmpp_jid_new (const char  *text,
              GError     **error)
{
  Part local, domain, resource;

  g_return_val_if_fail (text != NULL, NULL);

  split (text, &local, &domain, &resource);

  return build_checked (local, domain, resource, error);
}

/**
 * xmpp_jid_new_from_parts:
 * @local: (nullable): the part before the @
 * @domain: the server
 * @resource: (nullable): the part after the /
 *
 * Returns: (transfer full) (nullable): as xmpp_jid_new()
 */
XmppJid *
xmpp_jid_new_from_parts (const char  *local,
                         const char  *domain,
                         const char  *resource,
                         GError     **error)
{
  g_return_val_if_fail (domain != NULL, NULL);

  if ((local != NULL && strpbrk (local, "@/") != NULL) || strpbrk (domain, "@/") != NULL)
    {
      g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_INVALID_ADDRESS,
                           _("The name before the @ has a character that is not allowed in an address."));
      return NULL;
    }

  return build_checked ((Part) { local, local != NULL ? strlen (local) : 0 },
                        (Part) { domain, strlen (domain) },
                        (Part) { resource, resource != NULL ? strlen (resource) : 0 },
                        error);
}

/**
 * xmpp_jid_new_received:
 * @text: (nullable): what a server wrote in a `from` or `jid`
 *
 * Returns: (transfer full) (nullable): the prepared address; where it cannot be prepared, an opaque
 *   one that equals only the same bytes; %NULL for %NULL and for the empty text
 */
XmppJid *
xmpp_jid_new_received (const char *text)
{
  Part local, domain, resource;
  XmppJid *self;

  if (text == NULL || *text == '\0')
    return NULL;

  split (text, &local, &domain, &resource);
  if ((self = build_checked (local, domain, resource, NULL)))
    return self;

  return build ((Part) { NULL, 0 }, (Part) { text, strlen (text) }, (Part) { NULL, 0 }, TRUE);
}

XmppJid *
xmpp_jid_ref (XmppJid *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_ref_count_inc (&self->ref_count);

  return self;
}

void
xmpp_jid_unref (XmppJid *self)
{
  g_return_if_fail (self != NULL);

  if (g_ref_count_dec (&self->ref_count))
    g_free (self);
}

/**
 * xmpp_jid_get_local:
 *
 * Returns: (nullable) (transfer none): the part before the @
 */
const char *
xmpp_jid_get_local (const XmppJid *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->local;
}

/**
 * xmpp_jid_get_domain:
 *
 * Returns: (transfer none): the domain, in Unicode
 */
const char *
xmpp_jid_get_domain (const XmppJid *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->domain;
}

/**
 * xmpp_jid_get_resource:
 *
 * Returns: (nullable) (transfer none): the part after the /
 */
const char *
xmpp_jid_get_resource (const XmppJid *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->resource;
}

const char *
xmpp_jid_get_text (const XmppJid *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->text;
}

/**
 * xmpp_jid_get_bare_text:
 *
 * Returns: (transfer none): the address without its resource
 */
const char *
xmpp_jid_get_bare_text (const XmppJid *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->bare;
}

/**
 * xmpp_jid_get_ascii_domain:
 *
 * Returns: (transfer full): the domain as DNS and certificates name it (A-labels)
 */
char *
xmpp_jid_get_ascii_domain (const XmppJid *self)
{
  Part domain;
  char *ascii;

  g_return_val_if_fail (self != NULL, NULL);

  domain = (Part) { self->domain, strlen (self->domain) };
  if (is_plain_domain (domain) || is_ip_literal (domain) || !(ascii = idna (domain, TRUE)))
    return g_strdup (self->domain);

  return ascii;
}

/**
 * xmpp_jid_get_bare:
 *
 * Returns: (transfer full): the address without its resource; @self itself when it has none
 */
XmppJid *
xmpp_jid_get_bare (XmppJid *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->resource == NULL)
    return xmpp_jid_ref (self);

  return build ((Part) { self->local, self->local != NULL ? strlen (self->local) : 0 },
                (Part) { self->domain, strlen (self->domain) },
                (Part) { NULL, 0 }, self->is_opaque);
}

/**
 * xmpp_jid_with_resource:
 * @resource: the new resource
 *
 * Returns: (transfer full) (nullable): the same address with @resource, or %NULL with an error
 */
XmppJid *
xmpp_jid_with_resource (const XmppJid  *self,
                        const char     *resource,
                        GError        **error)
{
  g_autofree char *own_resource = NULL;
  Part part;

  g_return_val_if_fail (self != NULL && resource != NULL, NULL);

  part = (Part) { resource, strlen (resource) };
  if (!check_part (PART_RESOURCE, &part, &own_resource, error))
    return NULL;

  return build ((Part) { self->local, self->local != NULL ? strlen (self->local) : 0 },
                (Part) { self->domain, strlen (self->domain) }, part, self->is_opaque);
}

gboolean
xmpp_jid_is_bare (const XmppJid *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->resource == NULL;
}

/**
 * xmpp_jid_is_opaque:
 *
 * Returns: whether it could not be prepared, and so is nobody's but its own
 */
gboolean
xmpp_jid_is_opaque (const XmppJid *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_opaque;
}

guint
xmpp_jid_hash (gconstpointer self)
{
  return ((const XmppJid *) self)->hash;
}

gboolean
xmpp_jid_equal (gconstpointer a,
                gconstpointer b)
{
  const XmppJid *x = a;
  const XmppJid *y = b;

  if (x == y)
    return TRUE;

  return x != NULL && y != NULL && x->hash == y->hash && x->is_opaque == y->is_opaque && strcmp (x->text, y->text) == 0;
}

/**
 * xmpp_jid_equal_bare:
 *
 * Returns: whether both are the same but for the resource
 */
gboolean
xmpp_jid_equal_bare (const XmppJid *a,
                     const XmppJid *b)
{
  if (a == b)
    return TRUE;

  return a != NULL && b != NULL && a->is_opaque == b->is_opaque && strcmp (a->bare, b->bare) == 0;
}

/* XEP-0106: the ten characters that a local part cannot have, for showing and for typing */
static const char escaped_chars[] = " \"&'/:<>@\\";

/**
 * xmpp_jid_unescape_local:
 *
 * Returns: (transfer full) (nullable): the local part as it is shown to a person (XEP-0106, 4.3)
 */
char *
xmpp_jid_unescape_local (const XmppJid *self)
{
  GString *text;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->local == NULL)
    return NULL;

  text = g_string_new (NULL);
  for (const char *p = self->local; *p != '\0'; p++)
    {
      int high = *p == '\\' ? g_ascii_xdigit_value (p[1]) : -1;
      int low = high >= 0 ? g_ascii_xdigit_value (p[2]) : -1;

      if (low >= 0 && (high | low) != 0 && strchr (escaped_chars, high * 16 + low) != NULL &&
          !(high * 16 + low == ' ' && (p == self->local || p[3] == '\0')))
        {
          g_string_append_c (text, high * 16 + low);
          p += 2;
        }
      else
        g_string_append_c (text, *p);
    }

  return g_string_free (text, FALSE);
}

static gboolean
looks_escaped (const char *text)
{
  int high = g_ascii_xdigit_value (text[1]);
  int low = high >= 0 ? g_ascii_xdigit_value (text[2]) : -1;

  return low >= 0 && (high | low) != 0 && strchr (escaped_chars, high * 16 + low) != NULL;
}

/**
 * xmpp_jid_escape_local:
 * @text: a name as a person types it, which may have an @ or a space
 *
 * Returns: (transfer full): a local part (XEP-0106, 4.2)
 */
char *
xmpp_jid_escape_local (const char *text)
{
  GString *escaped;

  g_return_val_if_fail (text != NULL, NULL);

  escaped = g_string_new (NULL);
  for (; *text != '\0'; text++)
    {
      /* a backslash is escaped only where it would be read as an escape */
      if (strchr (escaped_chars, *text) != NULL && (*text != '\\' || looks_escaped (text)))
        g_string_append_printf (escaped, "\\%02x", (guint) (guchar) *text);
      else
        g_string_append_c (escaped, *text);
    }

  return g_string_free (escaped, FALSE);
}
