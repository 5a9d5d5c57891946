/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What in a text may be clicked, what is quoted, and xmpp: addresses (security.md, T064 to T066) */
#include "fuzz.h"

#include "flint-links.h"
#include "flint-quotes.h"
#include "flint-text.h"
#include "flint-uri.h"

#include <string.h>

#define MAX_SIZE (16 * 1024)

static const char * const schemes[] = { "https://", "http://", "xmpp:", "mailto:", "tel:", "geo:" };

static void
check_link (const FlintLink *link,
            const char      *text)
{
  gboolean is_allowed = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    is_allowed = is_allowed || g_ascii_strncasecmp (link->uri, schemes[i], strlen (schemes[i])) == 0;
  g_assert_true (is_allowed);

  g_assert_cmpuint (link->start, <, link->end);
  g_assert_cmpuint (link->end, <=, strlen (text));
  g_assert_true (g_utf8_validate (text + link->start, link->end - link->start, NULL));
  g_assert_true (g_utf8_validate (link->uri, -1, NULL));
  g_assert_cmpuint (strlen (link->uri), <, 8192);

  for (const char *p = link->uri; *p != '\0'; p++)
    g_assert_true ((guchar) *p > 0x20 && *p != 0x7F && strchr ("<>\"\\^`{}|", *p) == NULL);

  /* Nothing before the host: where it goes is what is read first (T064) */
  if (g_ascii_strncasecmp (link->uri, "http", 4) == 0)
    {
      const char *host = strstr (link->uri, "://") + 3;
      g_autofree char *authority = g_strndup (host, strcspn (host, "/?#"));

      g_assert_true (g_str_is_ascii (authority));
      g_assert_null (strchr (authority, '@'));
      g_assert_cmpstr (authority, !=, "");
    }
}

static void
check_links (const char *text)
{
  g_autoptr(GPtrArray) links = flint_text_find_links (text);
  guint end = 0;

  g_assert_cmpuint (links->len, <=, 500);
  for (guint i = 0; i < links->len; i++)
    {
      const FlintLink *link = links->pdata[i];

      g_assert_cmpuint (link->start, >=, end);
      check_link (link, text);
      end = link->end;
    }
}

static void
check_quotes (const char *text)
{
  g_autoptr(GPtrArray) pieces = flint_quotes_split (text);

  if (pieces == NULL)
    return;

  g_assert_cmpuint (pieces->len, >=, 1);
  g_assert_cmpuint (pieces->len, <=, FLINT_QUOTES_MAX_PIECES);
  for (guint i = 0; i < pieces->len; i++)
    {
      const FlintQuotePiece *piece = pieces->pdata[i];
      gsize length = strlen (piece->text);

      g_assert_cmpuint (piece->depth, <=, FLINT_QUOTES_MAX_DEPTH);
      g_assert_true ((piece->source == NULL) == (piece->depth == 0));
      g_assert_true (g_utf8_validate (piece->text, -1, NULL));
      if (piece->source != NULL)
        {
          g_autofree char *all = flint_quote_piece_get_source (piece, 0, length);
          g_autofree char *half = flint_quote_piece_get_source (piece, length / 3, length - length / 3);

          g_assert_cmpstr (all, ==, piece->source);
          g_assert_nonnull (strstr (piece->source, half));
        }
    }
}

static void
check_uri (const char *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(FlintUri) uri = flint_uri_parse (text, &error);
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  if (uri == NULL)
    {
      fuzz_assert_words (error);
      return;
    }

  g_assert_nonnull (uri->jid);
  g_assert_false (xmpp_jid_is_opaque (uri->jid));
  g_assert_true (g_str_is_ascii (uri->action));

  g_hash_table_iter_init (&iter, uri->values);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      g_assert_true (g_utf8_validate (key, -1, NULL));
      g_assert_true (g_utf8_validate (value, -1, NULL));
      g_assert_true (flint_uri_get (uri, key) == value);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FuzzInput input = { (const char *) data, size };
  g_autofree char *text = fuzz_take_text (&input);
  g_autofree char *shown = NULL;

  if (size > MAX_SIZE)
    return 0;

  /* As it is shown, and as somebody else may call it */
  shown = flint_text_for_body (text, 0, NULL);
  check_links (shown);
  check_quotes (shown);
  check_links (text);
  check_uri (text);

  return 0;
}
