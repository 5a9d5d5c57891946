/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-flat-json.h"

#include <string.h>

static void
skip_space (const char **p)
{
  *p += strspn (*p, " \t\r\n");
}

static gboolean
take (const char **p,
      char         c)
{
  skip_space (p);

  if (**p != c)
    return FALSE;

  (*p)++;

  return TRUE;
}

/* \uXXXX, two of them for what is beyond the first plane; 0: none */
static gunichar
parse_unicode (const char **p)
{
  gunichar c = 0;

  for (int i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (**p);

      if (digit < 0)
        return 0;

      c = c * 16 + digit;
      (*p)++;
    }

  return c;
}

static gboolean
parse_escape (const char **p,
              GString     *text)
{
  static const char letters[] = "\"\\/bfnrt";
  static const char meanings[] = "\"\\/\b\f\n\r\t";
  const char *letter;
  gunichar c;
  gunichar low;

  if (**p == 'u')
    {
      (*p)++;
      c = parse_unicode (p);

      if (c >= 0xD800 && c < 0xDC00 && (*p)[0] == '\\' && (*p)[1] == 'u')
        {
          *p += 2;
          low = parse_unicode (p);
          c = low >= 0xDC00 && low < 0xE000 ? 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00) : 0;
        }

      if (c == 0 || !g_unichar_validate (c))
        return FALSE;

      g_string_append_unichar (text, c);

      return TRUE;
    }

  if (**p == '\0' || !(letter = strchr (letters, **p)))
    return FALSE;

  g_string_append_c (text, meanings[letter - letters]);
  (*p)++;

  return TRUE;
}

static char *
parse_string (const char **p)
{
  g_autoptr(GString) text = g_string_new (NULL);

  if (!take (p, '"'))
    return NULL;

  while (**p != '"')
    {
      if ((guchar) **p < 0x20)
        return NULL;

      if (**p == '\\')
        {
          (*p)++;

          if (!parse_escape (p, text))
            return NULL;
        }
      else
        {
          g_string_append_c (text, **p);
          (*p)++;
        }
    }

  (*p)++;

  return g_strdup (text->str);
}

/* A string, a whole number, true, false or null */
static char *
parse_value (const char **p)
{
  static const char * const words[] = { "true", "false", "null" };
  gsize length;

  skip_space (p);

  if (**p == '"')
    return parse_string (p);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_has_prefix (*p, words[i]))
      {
        *p += strlen (words[i]);
        return g_strdup (words[i]);
      }

  length = (**p == '-' ? 1 : 0) + strspn (*p + (**p == '-' ? 1 : 0), "0123456789");

  if (length == 0 || (*p)[length - 1] == '-')
    return NULL;

  *p += length;

  return g_strndup (*p - length, length);
}

/**
 * flint_flat_json_parse:
 * @text: what a program wrote
 *
 * Reads one flat object, strictly: no object or array in it, no number with a point, no name twice.
 *
 * Returns: (transfer full) (nullable) (element-type utf8 utf8): its values; %NULL when it is anything else
 */
GHashTable *
flint_flat_json_parse (const char *text)
{
  g_autoptr(GHashTable) values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const char *p = text;

  if (text == NULL || !g_utf8_validate (text, -1, NULL) || !take (&p, '{'))
    return NULL;

  if (!take (&p, '}'))
    {
      do
        {
          g_autofree char *name = parse_string (&p);
          char *value = name != NULL && take (&p, ':') ? parse_value (&p) : NULL;

          if (value == NULL || !g_hash_table_insert (values, g_steal_pointer (&name), value))
            return NULL;
        }
      while (take (&p, ','));

      if (!take (&p, '}'))
        return NULL;
    }

  skip_space (&p);

  return *p == '\0' ? g_steal_pointer (&values) : NULL;
}
