/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-uri.h"

#include "xmpp-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_URI    8192
#define MAX_VALUES 32

static void
refuse (GError **error)
{
  g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_INVALID_ADDRESS,
                       _("This is not an xmpp: address that can be followed."));
}

/* Characters that a URI or IRI may hold as they are (RFC 3986, 2; RFC 3987, 2.2) */
static gboolean
is_clean (const char *text)
{
  if (!g_utf8_validate (text, -1, NULL))
    return FALSE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c <= 0x20 || (c >= 0x7F && c < 0xA0) || (c < 0x80 && strchr ("<>\"{}|\\^`", (int) c) != NULL) ||
          (c >= 0x80 && !g_unichar_isprint (c)))
        return FALSE;
    }

  return TRUE;
}

/* Decodes %xx; NULL when one is broken, is a control character, or the result is not UTF-8 */
static char *
decode (const char *text,
        gsize       length)
{
  g_autoptr(GString) decoded = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++)
    {
      int c = (guchar) text[i];

      if (c == '%')
        {
          int high = i + 2 < length ? g_ascii_xdigit_value (text[i + 1]) : -1;
          int low = i + 2 < length ? g_ascii_xdigit_value (text[i + 2]) : -1;

          if (high < 0 || low < 0)
            return NULL;

          c = high * 16 + low;
          i += 2;
        }

      g_string_append_c (decoded, (char) c);
    }

  if (strlen (decoded->str) != decoded->len || !g_utf8_validate (decoded->str, decoded->len, NULL))
    return NULL;

  return g_strndup (decoded->str, decoded->len);
}

static gboolean
has_control (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return TRUE;

  return FALSE;
}

/* local@domain/resource, divided before anything is decoded: %40 and %2F are no borders */
static XmppJid *
parse_path (const char *path,
            gsize       length)
{
  const char *end = path + length;
  const char *slash = memchr (path, '/', length);
  const char *at = memchr (path, '@', (slash != NULL ? slash : end) - path);
  const char *domain = at != NULL ? at + 1 : path;
  g_autofree char *local = NULL;
  g_autofree char *host = decode (domain, (slash != NULL ? slash : end) - domain);
  g_autofree char *resource = NULL;

  if (at != NULL && (!(local = decode (path, at - path)) || *local == '\0' || has_control (local)))
    return NULL;

  if (slash != NULL && (!(resource = decode (slash + 1, end - slash - 1)) || *resource == '\0' || has_control (resource)))
    return NULL;

  if (host == NULL || *host == '\0' || has_control (host))
    return NULL;

  return xmpp_jid_new_from_parts (local, host, resource, NULL);
}

static gboolean
is_name (const char *text,
         gsize       length)
{
  if (length == 0)
    return FALSE;

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (text[i]) && strchr ("-._~", text[i]) == NULL)
      return FALSE;

  return TRUE;
}

/* ?action;key=value;key=value (XEP-0147) */
static gboolean
parse_query (FlintUri   *self,
             const char *query)
{
  g_auto(GStrv) parts = g_strsplit (query, ";", -1);

  if (g_strv_length (parts) > MAX_VALUES)
    return FALSE;

  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *equals = strchr (parts[i], '=');
      char *value;

      if (i == 0)
        {
          if (*parts[0] != '\0' && !is_name (parts[0], strlen (parts[0])))
            return FALSE;

          g_free (self->action);
          self->action = g_ascii_strdown (parts[0], -1);
          continue;
        }

      if (equals == NULL || !is_name (parts[i], equals - parts[i]) || !(value = decode (equals + 1, strlen (equals + 1))))
        return FALSE;

      *equals = '\0';

      if (!g_hash_table_insert (self->values, g_strdup (parts[i]), value))
        return FALSE;
    }

  return TRUE;
}

/**
 * flint_uri_parse:
 * @text: a URI or IRI
 * @error: return location
 *
 * Reads an xmpp: address strictly (RFC 5122, XEP-0147). The form with an authority, which names the
 * account to act as, is refused: which account acts is for the person to say.
 *
 * Returns: (transfer full): what it says, or %NULL with %XMPP_ERROR_INVALID_ADDRESS
 */
FlintUri *
flint_uri_parse (const char  *text,
                 GError     **error)
{
  g_autoptr(FlintUri) self = g_new0 (FlintUri, 1);
  g_autofree char *address = NULL;
  const char *rest;
  gsize length;

  g_return_val_if_fail (text != NULL, NULL);

  self->action = g_strdup ("");
  self->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  if (strnlen (text, MAX_URI + 1) > MAX_URI || g_ascii_strncasecmp (text, "xmpp:", 5) != 0 || !is_clean (text))
    {
      refuse (error);
      return NULL;
    }

  address = g_strndup (text + 5, strcspn (text + 5, "#"));
  rest = address;
  length = strcspn (rest, "?");

  if (*rest == '/' || !(self->jid = parse_path (rest, length)) ||
      (rest[length] == '?' && !parse_query (self, rest + length + 1)))
    {
      refuse (error);
      return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * flint_uri_free:
 * @self: (nullable): a URI
 *
 * Frees it.
 */
void
flint_uri_free (FlintUri *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->jid, xmpp_jid_unref);
  g_clear_pointer (&self->values, g_hash_table_unref);
  g_free (self->action);
  g_free (self);
}

/**
 * flint_uri_get:
 * @self: a URI
 * @key: a name, such as "body"
 *
 * Returns: (nullable): the decoded value; it may hold line breaks
 */
const char *
flint_uri_get (const FlintUri *self,
               const char     *key)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_hash_table_lookup (self->values, key);
}
