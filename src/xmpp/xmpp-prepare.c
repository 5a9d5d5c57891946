/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of an address in the one form in which they are compared. Openfire, Prosody and ejabberd
 * all prepare by RFC 3920's stringprep profiles (which RFC 6122 keeps), not by RFC 7622's PRECIS, so we
 * do too: two programs that disagree about who is who are worse than an old table. The domain is UTS 46.
 */
#include "flint-config.h"

#include "xmpp-error.h"
#include "xmpp-prepare.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unicode/uidna.h>
#include <unicode/usprep.h>
#include <unicode/ustring.h>

/* Preparation can shorten a text, but no honest one by this much. */
#define MAX_GIVEN (4 * XMPP_PART_MAX)
#define MAX_LABEL 63
#define MAX_ASCII_DOMAIN 255

#define IDNA_OPTIONS (UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | \
                      UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE)

/* Of names in ASCII the DNS itself is the judge: “-” may stand anywhere */
#define IDNA_TOLERATED (UIDNA_ERROR_LEADING_HYPHEN | UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4)

typedef enum
{
  PROBLEM_NONE,
  PROBLEM_MISSING,
  PROBLEM_TOO_LONG,
  PROBLEM_SPACE,
  PROBLEM_CHARACTER,
  PROBLEM_DIRECTION,
  PROBLEM_FORM,
} Problem;

static const char * const sentences[][PROBLEM_FORM + 1] = {
  [XMPP_PART_LOCAL] = {
    [PROBLEM_MISSING] = N_("There is no name before the @. An address looks like name@server."),
    [PROBLEM_TOO_LONG] = N_("The name before the @ is too long."),
    [PROBLEM_SPACE] = N_("The name before the @ cannot contain spaces."),
    [PROBLEM_CHARACTER] = N_("The name before the @ contains a character that addresses cannot have."),
    [PROBLEM_DIRECTION] = N_("The name before the @ mixes letters of both writing directions."),
    [PROBLEM_FORM] = N_("The name before the @ is not valid text."),
  },
  [XMPP_PART_DOMAIN] = {
    [PROBLEM_MISSING] = N_("There is no server name. An address looks like name@server."),
    [PROBLEM_TOO_LONG] = N_("The server name is too long."),
    [PROBLEM_SPACE] = N_("A server name cannot contain spaces. An address looks like name@server."),
    [PROBLEM_CHARACTER] = N_("The server name contains a character that server names cannot have."),
    [PROBLEM_DIRECTION] = N_("The server name mixes letters of both writing directions."),
    [PROBLEM_FORM] = N_("This is not a server name. An address looks like name@server."),
  },
  [XMPP_PART_RESOURCE] = {
    [PROBLEM_MISSING] = N_("There is nothing after the “/”."),
    [PROBLEM_TOO_LONG] = N_("The name after the “/” is too long."),
    [PROBLEM_SPACE] = N_("The name after the “/” contains an unusual space."),
    [PROBLEM_CHARACTER] = N_("The name after the “/” contains a character that it cannot have."),
    [PROBLEM_DIRECTION] = N_("The name after the “/” mixes letters of both writing directions."),
    [PROBLEM_FORM] = N_("The name after the “/” is not valid text."),
  },
};

#define P_LOCAL    (1 << XMPP_PART_LOCAL)
#define P_DOMAIN   (1 << XMPP_PART_DOMAIN)
#define P_RESOURCE (1 << XMPP_PART_RESOURCE)
#define P_L_R      (P_LOCAL | P_RESOURCE)
#define P_ALL      (P_LOCAL | P_DOMAIN | P_RESOURCE)

/* In which parts a character stands for itself */
static const guint8 plain[256] = {
  [' '] = P_RESOURCE, ['!'] = P_L_R, ['"'] = P_RESOURCE, ['#' ... '%'] = P_L_R,
  ['&' ... '\''] = P_RESOURCE, ['(' ... ','] = P_L_R, ['-' ... '.'] = P_ALL, ['/'] = P_RESOURCE,
  ['0' ... '9'] = P_ALL, [':'] = P_RESOURCE, [';'] = P_L_R, ['<'] = P_RESOURCE, ['='] = P_L_R,
  ['>'] = P_RESOURCE, ['?'] = P_L_R, ['@'] = P_RESOURCE, ['A' ... 'Z'] = P_RESOURCE,
  ['[' ... '^'] = P_L_R, ['_'] = P_ALL, ['`'] = P_L_R, ['a' ... 'z'] = P_ALL, ['{' ... '~'] = P_L_R,
};

/* No empty label, and none too long for the DNS; what is not ASCII is longer there, and asked of ICU */
static gboolean
has_good_labels (const char *text,
                 gsize       length)
{
  const char *end = text + length;
  const char *dot;

  for (; (dot = memchr (text, '.', end - text)) != NULL; text = dot + 1)
    {
      if (dot == text || dot - text > MAX_LABEL)
        return FALSE;
    }

  return end > text && end - text <= MAX_LABEL;
}

/* A-labels are shown and compared as the letters that they stand for. */
static gboolean
has_plain_labels (const char *text,
                  gsize       length)
{
  return has_good_labels (text, length) &&
         (memchr (text, '-', length) == NULL || g_strstr_len (text, length, "xn--") == NULL);
}

/**
 * xmpp_part_is_plain: (skip)
 *
 * Returns: whether @text is, byte for byte, what xmpp_part_prepare() would make of it: the quick way
 *   for nearly every address there is
 */
gboolean
xmpp_part_is_plain (XmppPart    part,
                    const char *text,
                    gsize       length)
{
  guint8 wanted = 1 << part;

  if (length == 0 || length > XMPP_PART_MAX)
    return FALSE;

  for (const char *p = text; p < text + length; p++)
    {
      if ((plain[(guchar) *p] & wanted) == 0)
        return FALSE;
    }

  return part != XMPP_PART_DOMAIN || has_plain_labels (text, length);
}

/**
 * xmpp_part_skip_plain: (skip)
 * @text: ended with a NUL
 *
 * Returns: (nullable): the end of the plain @part that begins at @text; %NULL: none does
 */
const char *
xmpp_part_skip_plain (XmppPart    part,
                      const char *text)
{
  const char *end = text;
  guint8 wanted = 1 << part;
  gsize length;

  while ((plain[(guchar) *end] & wanted) != 0)
    end++;

  length = end - text;
  if (length == 0 || length > XMPP_PART_MAX || (part == XMPP_PART_DOMAIN && !has_plain_labels (text, length)))
    return NULL;

  return end;
}

static Problem
prepare_text (XmppPart    part,
              const char *text,
              gsize       length,
              gboolean    is_typed,
              char       *prepared)
{
  UChar source[MAX_GIVEN];
  UChar target[XMPP_PART_MAX];
  UStringPrepProfileType type = part == XMPP_PART_LOCAL ? USPREP_RFC3920_NODEPREP : USPREP_RFC3920_RESOURCEPREP;
  UStringPrepProfile *profile;
  UErrorCode status = U_ZERO_ERROR;
  /* RFC 3454, 7: what is to be stored must be known; what only passes by may be newer than Unicode 3.2,
   * as every emoji in a nickname is */
  int32_t options = is_typed && part == XMPP_PART_LOCAL ? USPREP_DEFAULT : USPREP_ALLOW_UNASSIGNED;
  int32_t n_source, n_target, size;

  u_strFromUTF8 (source, G_N_ELEMENTS (source), &n_source, text, length, &status);
  if (U_FAILURE (status))
    return PROBLEM_FORM;

  profile = usprep_openByType (type, &status);
  if (U_FAILURE (status))
    return PROBLEM_FORM;

  n_target = usprep_prepare (profile, source, n_source, target, G_N_ELEMENTS (target), options, NULL, &status);
  usprep_close (profile);

  if (status == U_BUFFER_OVERFLOW_ERROR)
    return PROBLEM_TOO_LONG;
  if (status == U_STRINGPREP_PROHIBITED_ERROR || status == U_STRINGPREP_UNASSIGNED_ERROR)
    return PROBLEM_CHARACTER;
  if (status == U_STRINGPREP_CHECK_BIDI_ERROR)
    return PROBLEM_DIRECTION;
  if (U_FAILURE (status))
    return PROBLEM_FORM;
  if (n_target == 0)
    return PROBLEM_MISSING;

  status = U_ZERO_ERROR;
  u_strToUTF8 (prepared, XMPP_PART_MAX + 1, &size, target, n_target, &status);
  if (U_FAILURE (status) || size > XMPP_PART_MAX)
    return PROBLEM_TOO_LONG;

  return PROBLEM_NONE;
}

/**
 * xmpp_domain_to_ascii: (skip)
 * @domain: a prepared domain
 *
 * Returns: (nullable) (transfer full): as the DNS and certificates write it, in A-labels
 */
char *
xmpp_domain_to_ascii (const char *domain)
{
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  UErrorCode status = U_ZERO_ERROR;
  char ascii[MAX_ASCII_DOMAIN + 1];
  UIDNA *idna;

  if (g_str_is_ascii (domain))
    return g_strdup (domain);

  idna = uidna_openUTS46 (IDNA_OPTIONS, &status);
  if (U_FAILURE (status))
    return NULL;

  uidna_nameToASCII_UTF8 (idna, domain, -1, ascii, sizeof ascii, &info, &status);
  uidna_close (idna);

  return status == U_ZERO_ERROR && info.errors == 0 ? g_strdup (ascii) : NULL;
}

/* RFC 3986, 3.2.2: an IPv6 address stands in brackets */
static Problem
prepare_literal (const char *text,
                 gsize       length,
                 char       *prepared)
{
  g_autofree char *address = NULL;

  if (length < 4 || length > XMPP_PART_MAX || text[length - 1] != ']')
    return PROBLEM_FORM;

  address = g_ascii_strdown (text + 1, length - 2);
  /* A zone (fe80::1%eth0) is of one computer alone, and GLib lets it have any characters */
  if (strlen (address) != length - 2 || strchr (address, ':') == NULL || strchr (address, '%') != NULL ||
      !g_hostname_is_ip_address (address))
    return PROBLEM_FORM;

  g_snprintf (prepared, XMPP_PART_MAX + 1, "[%s]", address);

  return PROBLEM_NONE;
}

static gboolean
is_domain_ascii (char c)
{
  return (plain[(guchar) c] & P_DOMAIN) != 0;
}

static Problem
prepare_domain (const char *text,
                gsize       length,
                char       *prepared)
{
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  UErrorCode status = U_ZERO_ERROR;
  g_autofree char *ascii = NULL;
  UIDNA *idna;
  gsize size;

  if (text[0] == '[')
    return prepare_literal (text, length, prepared);

  idna = uidna_openUTS46 (IDNA_OPTIONS, &status);
  if (U_FAILURE (status))
    return PROBLEM_FORM;

  uidna_nameToUnicodeUTF8 (idna, text, length, prepared, XMPP_PART_MAX + 1, &info, &status);
  uidna_close (idna);

  if (status == U_BUFFER_OVERFLOW_ERROR || status == U_STRING_NOT_TERMINATED_WARNING)
    return PROBLEM_TOO_LONG;
  if (U_FAILURE (status))
    return PROBLEM_FORM;
  if (info.errors & UIDNA_ERROR_BIDI)
    return PROBLEM_DIRECTION;
  if (info.errors & UIDNA_ERROR_DISALLOWED)
    return PROBLEM_CHARACTER;

  size = strlen (prepared);
  if (size > 0 && prepared[size - 1] == '.')   /* RFC 6122, 2.2: the dot of the root says nothing */
    prepared[--size] = '\0';
  if (size == 0)
    return PROBLEM_MISSING;

  /* After the mapping: a full-width “／” is a “/” now */
  for (gsize i = 0; i < size; i++)
    {
      if ((guchar) prepared[i] < 0x80 && !is_domain_ascii (prepared[i]))
        return PROBLEM_CHARACTER;
    }

  if (g_str_is_ascii (prepared))
    return (info.errors & ~IDNA_TOLERATED) == 0 && has_good_labels (prepared, size) ? PROBLEM_NONE : PROBLEM_FORM;

  ascii = xmpp_domain_to_ascii (prepared);

  return ascii != NULL && info.errors == 0 ? PROBLEM_NONE : PROBLEM_FORM;
}

static Problem
prepare (XmppPart    part,
         const char *text,
         gsize       length,
         gboolean    is_typed,
         char       *prepared)
{
  if (length == 0)
    return PROBLEM_MISSING;
  if (length > MAX_GIVEN)
    return PROBLEM_TOO_LONG;

  if (xmpp_part_is_plain (part, text, length))
    {
      memcpy (prepared, text, length);
      prepared[length] = '\0';
      return PROBLEM_NONE;
    }

  if (!g_utf8_validate_len (text, length, NULL))
    return PROBLEM_FORM;

  if (part == XMPP_PART_DOMAIN)
    return prepare_domain (text, length, prepared);

  return prepare_text (part, text, length, is_typed, prepared);
}

/* The first character that alone is refused already; U+ and its number if it cannot be seen */
static char *
find_culprit (XmppPart    part,
              const char *text,
              gsize       length,
              gunichar   *character)
{
  char prepared[XMPP_PART_MAX + 1];
  const char *next;

  for (const char *p = text; p < text + length; p = next)
    {
      next = g_utf8_next_char (p);
      *character = g_utf8_get_char (p);

      if (*p == '.' || prepare (part, p, next - p, TRUE, prepared) != PROBLEM_CHARACTER)
        continue;

      if (g_unichar_isgraph (*character) && !g_unichar_ismark (*character))
        return g_strndup (p, next - p);

      return g_strdup_printf ("U+%04X", *character);
    }

  return NULL;
}

static void
set_character_error (GError     **error,
                     XmppPart     part,
                     const char  *text,
                     gsize        length)
{
  gunichar character;
  g_autofree char *culprit = find_culprit (part, text, length, &character);

  if (culprit == NULL)
    g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_INVALID_ADDRESS, _(sentences[part][PROBLEM_CHARACTER]));
  else if (g_unichar_isspace (character))
    g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_INVALID_ADDRESS, _(sentences[part][PROBLEM_SPACE]));
  else if (part == XMPP_PART_LOCAL)
    g_set_error (error, XMPP_ERROR, XMPP_ERROR_INVALID_ADDRESS,
                 _("The name before the @ cannot contain “%s”."), culprit);
  else if (part == XMPP_PART_DOMAIN)
    g_set_error (error, XMPP_ERROR, XMPP_ERROR_INVALID_ADDRESS,
                 _("A server name cannot contain “%s”. An address looks like name@server."), culprit);
  else
    g_set_error (error, XMPP_ERROR, XMPP_ERROR_INVALID_ADDRESS,
                 _("The name after the “/” cannot contain “%s”."), culprit);
}

/**
 * xmpp_part_prepare: (skip)
 * @is_typed: a person wrote it, so that it must be right; otherwise it passed by on the network
 * @prepared: room for XMPP_PART_MAX + 1 bytes
 *
 * Returns: the length of what is in @prepared now, or -1 with @error set (XMPP_ERROR_INVALID_ADDRESS)
 */
gssize
xmpp_part_prepare (XmppPart     part,
                   const char  *text,
                   gsize        length,
                   gboolean     is_typed,
                   char        *prepared,
                   GError     **error)
{
  Problem problem = prepare (part, text, length, is_typed, prepared);

  if (problem == PROBLEM_NONE)
    return strlen (prepared);

  if (error != NULL && problem == PROBLEM_CHARACTER)
    set_character_error (error, part, text, length);
  else
    g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_INVALID_ADDRESS, _(sentences[part][problem]));

  return -1;
}
