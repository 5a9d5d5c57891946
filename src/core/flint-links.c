/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses in a text that may be clicked: an allow-list of schemes, never a guess (T064, T065) */
#include "flint-links.h"

#include "flint-uri.h"

#include <gio/gio.h>
#include <string.h>

#define MAX_LINK       4096       /* bytes; longer stays text */
#define MAX_LINKS      500
#define ZERO_WIDTH     "\342\200\213"

/* What a link may begin with. needs_host: a name of a server must follow. */
typedef struct
{
  const char *prefix;
  const char *written_as;      /* what the URI begins with instead */
  gboolean    needs_host;
} LinkStart;

static const LinkStart starts[] = {
  { "https://", NULL,       TRUE  },
  { "http://",  NULL,       TRUE  },
  { "www.",     "https://", TRUE  },
  { "xmpp:",    NULL,       FALSE },
  { "mailto:",  NULL,       FALSE },
  { "tel:",     NULL,       FALSE },
  { "geo:",     NULL,       FALSE },
};

/**
 * flint_link_free:
 * @self: a link
 *
 * Frees it.
 */
void
flint_link_free (FlintLink *self)
{
  g_free (self->uri);
  g_free (self);
}

static const LinkStart *
find_start (const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    if (g_ascii_strncasecmp (text, starts[i].prefix, strlen (starts[i].prefix)) == 0)
      return &starts[i];

  return NULL;
}

/* A link begins at the start of a word, not inside of one: "foohttp://" is none */
static gboolean
may_start_after (gunichar c)
{
  return c == 0 || !(g_unichar_isalnum (c) || c == '.' || c == '-' || c == '_' || c == '/' || c == ':' || c == '@');
}

static gboolean
ends_link (gunichar c)
{
  return c <= 0x20 || (c >= 0x7F && c <= 0x9F) || c == '<' || c == '>' || c == '"' || c == '`' || c == '{' ||
         c == '}' || c == '|' || c == '\\' || c == '^' || (c != 0x200B && g_unichar_isspace (c)) || c == 0x00AB || c == 0x00BB ||
         (c >= 0x2018 && c <= 0x201F) || (c >= 0x3000 && c <= 0x301F) || (c >= 0xFF01 && c <= 0xFF0F) ||
         c == 0xFF1A || c == 0xFF1B || c == 0xFF1F;
}

/* What is not seen, or is seen elsewhere than it stands: such a link is not made */
static gboolean
is_deceptive (gunichar c)
{
  return c == 0x00AD || c == 0x061C || c == 0x180E || (c >= 0x200C && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xE0000 && c <= 0xE0FFF) || c == 0xFFFD;
}

/* Punctuation after a link belongs to the sentence; a closing bracket to the link only when it opens there */
static const char *
trim_end (const char *start,
          const char *end)
{
  int round = 0;
  int square = 0;

  for (const char *p = start; p < end; p++)
    {
      round += *p == '(' ? 1 : *p == ')' ? -1 : 0;
      square += *p == '[' ? 1 : *p == ']' ? -1 : 0;
    }

  while (end > start)
    {
      char last = end[-1];

      if (last == ')' && round < 0)
        round++;
      else if (last == ']' && square < 0)
        square++;
      else if (end - start >= 3 && strncmp (end - 3, ZERO_WIDTH, 3) == 0)
        end -= 2;
      else if (strchr (".,:;!?'*_~", last) == NULL)
        break;

      end--;
    }

  return end;
}

static gboolean
is_host_character (gunichar c)
{
  return g_unichar_isalnum (c) || g_unichar_ismark (c) || c == '-' || c == '.';
}

/* http:, https:: the host in its canonical form, so that what is seen on hovering is where it goes.
 * User information before the host exists only to deceive: it is no link then (T064).
 */
static char *
canonical_web (const char *scheme,
               const char *rest)
{
  gsize length = strcspn (rest, "/?#");
  g_autofree char *authority = g_strndup (rest, length);
  g_autofree char *ascii = NULL;
  char *port = NULL;

  if (strchr (authority, '@') != NULL || *authority == '\0')
    return NULL;

  if (*authority == '[')
    {
      char *close = strchr (authority, ']');

      if (close == NULL || strspn (authority + 1, "0123456789abcdefABCDEF:.") != (gsize) (close - authority - 1))
        return NULL;

      port = close[1] == ':' ? close + 2 : NULL;

      if (close[1] != '\0' && port == NULL)
        return NULL;

      close[1] = '\0';
      ascii = g_ascii_strdown (authority, -1);
    }
  else
    {
      char *colon = strchr (authority, ':');

      if (colon != NULL)
        {
          *colon = '\0';
          port = colon + 1;
        }

      for (const char *p = authority; *p != '\0'; p = g_utf8_next_char (p))
        if (!is_host_character (g_utf8_get_char (p)))
          return NULL;

      if (*authority == '.' || *authority == '\0' || strstr (authority, "..") != NULL)
        return NULL;

      ascii = g_hostname_to_ascii (authority);
    }

  if (ascii == NULL || (port != NULL && (*port == '\0' || strlen (port) > 5 || port[strspn (port, "0123456789")] != '\0')))
    return NULL;

  return g_strconcat (scheme, ascii, port != NULL ? ":" : "", port != NULL ? port : "", rest + length, NULL);
}

static gboolean
is_mail_address (const char *text)
{
  const char *at = strchr (text, '@');

  return at != NULL && at > text && at[1] != '\0' && at[1] != '.' && strchr (at + 1, '@') == NULL &&
         strpbrk (text, "?&#%/,;:()") == NULL;
}

/* The URI behind the text, or NULL when it is none that may be opened */
static char *
make_uri (const LinkStart *start,
          const char      *text)
{
  gsize length = strlen (start->prefix);
  const char *rest = text + length;
  g_autoptr(FlintUri) uri = NULL;

  /* "mailto:" alone lost its colon as the punctuation of a sentence */
  if (strlen (text) <= length)
    return NULL;

  if (start->written_as != NULL)
    return strchr (rest, '.') != NULL ? canonical_web (start->written_as, text) : NULL;

  if (start->needs_host)
    return canonical_web (start->prefix, rest);

  if (g_str_equal (start->prefix, "xmpp:"))
    return (uri = flint_uri_parse (text, NULL)) != NULL ? g_strdup (text) : NULL;

  /* Headers in a mail link would write the mail for us */
  if (g_str_equal (start->prefix, "mailto:"))
    return is_mail_address (rest) ? g_strconcat ("mailto:", rest, NULL) : NULL;

  if (g_str_equal (start->prefix, "tel:"))
    return rest[strspn (rest, "+0123456789-.()")] == '\0' ? g_strconcat ("tel:", rest, NULL) : NULL;

  return rest[strspn (rest, "0123456789.,-")] == '\0' ? g_strconcat ("geo:", rest, NULL) : NULL;
}

static char *
without_break_chances (const char *start,
                       const char *end)
{
  GString *text = g_string_sized_new (end - start);

  for (const char *p = start; p < end; p++)
    {
      if (end - p >= 3 && strncmp (p, ZERO_WIDTH, 3) == 0)
        p += 2;
      else
        g_string_append_c (text, *p);
    }

  return g_string_free (text, FALSE);
}

/* From where a link seems to begin to where it ends */
static const char *
find_end (const char *text,
          gboolean   *is_bad)
{
  const char *p = text;

  *is_bad = FALSE;

  for (; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      *is_bad |= is_deceptive (c) || c == '\\';

      if (ends_link (c))
        break;
    }

  *is_bad |= p - text > MAX_LINK;

  return p;
}

/**
 * flint_text_find_links:
 * @text: (nullable): a text, as it is shown
 *
 * Finds what may be clicked: https, http and www. addresses, xmpp:, mailto:, tel: and geo: ones. Anything
 * else, and what shows another host than it goes to, stays text (T064, T065). Takes linear time.
 *
 * Returns: (transfer full) (element-type FlintLink): the links in their order, at most 500
 */
GPtrArray *
flint_text_find_links (const char *text)
{
  GPtrArray *links = g_ptr_array_new_with_free_func ((GDestroyNotify) flint_link_free);
  gunichar before = 0;
  const char *p = text;

  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    return links;

  while (*p != '\0' && links->len < MAX_LINKS)
    {
      const LinkStart *start = may_start_after (before) ? find_start (p) : NULL;

      if (start != NULL)
        {
          gboolean is_bad;
          const char *end = find_end (p, &is_bad);
          const char *trimmed = trim_end (p, end);
          g_autofree char *plain = without_break_chances (p, trimmed);
          char *uri = is_bad ? NULL : make_uri (start, plain);

          if (uri != NULL)
            {
              FlintLink *link = g_new0 (FlintLink, 1);

              link->start = p - text;
              link->end = trimmed - text;
              link->uri = uri;
              g_ptr_array_add (links, link);
            }

          /* What is no link as a whole has none inside it either */
          if (end > p)
            {
              before = 0;
              p = end;
              continue;
            }
        }

      before = g_utf8_get_char (p);
      p = g_utf8_next_char (p);
    }

  return links;
}
