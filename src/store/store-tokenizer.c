/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-tokenizer.h"

#include <string.h>

/* The beginning of a longer word stands for it: nobody types more, and an index of what is no word would be large */
#define MAX_WORD 64

typedef int (*TokenFunc) (void       *context,
                          int         flags,
                          const char *token,
                          int         size,
                          int         start,
                          int         end);

typedef enum
{
  CLASS_BETWEEN,     /* belongs to no word */
  CLASS_ALONE,       /* a word of its own */
  CLASS_PART,        /* of a word */
  CLASS_MARK,        /* on the letter before it: left out */
} CharClass;

static gboolean
is_written_without_spaces (gunichar c)
{
  switch ((int) g_unichar_get_script (c))
    {
    case G_UNICODE_SCRIPT_HAN:
    case G_UNICODE_SCRIPT_HIRAGANA:
    case G_UNICODE_SCRIPT_KATAKANA:
    case G_UNICODE_SCRIPT_BOPOMOFO:
    case G_UNICODE_SCRIPT_HANGUL:
    case G_UNICODE_SCRIPT_THAI:
    case G_UNICODE_SCRIPT_LAO:
    case G_UNICODE_SCRIPT_KHMER:
    case G_UNICODE_SCRIPT_MYANMAR:
    case G_UNICODE_SCRIPT_TIBETAN:
      return TRUE;

    default:
      return FALSE;
    }
}

static CharClass
classify (gunichar c)
{
  if (c < 0x80)
    return g_ascii_isalnum (c) ? CLASS_PART : CLASS_BETWEEN;

  if (g_unichar_ismark (c))
    return CLASS_MARK;

  if (g_unichar_isalnum (c))
    return is_written_without_spaces (c) ? CLASS_ALONE : CLASS_PART;

  return g_unichar_type (c) == G_UNICODE_OTHER_SYMBOL ? CLASS_ALONE : CLASS_BETWEEN;
}

/* Of a character that is a word: full-width and half-width ones are those that they look like */
static int
fold_alone (gunichar  c,
            char     *result)
{
  gunichar single;

  return g_unichar_to_utf8 (g_unichar_fully_decompose (c, TRUE, &single, 1) == 1 ? single : c, result);
}

/* Of a letter: without what is on it, and small; ligatures are the letters that they are made of.
 * Returns: how many bytes were added to result, never more than there is room for
 */
static int
fold_part (gunichar  c,
           char     *result,
           int       room)
{
  gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
  gsize n_parts;
  int length = 0;

  if (c < 0x80)
    {
      if (room > 0)
        result[length++] = g_ascii_tolower (c);
      return length;
    }

  n_parts = MIN (g_unichar_fully_decompose (c, TRUE, parts, G_N_ELEMENTS (parts)), G_N_ELEMENTS (parts));
  for (gsize i = 0; i < n_parts; i++)
    {
      gunichar small = g_unichar_tolower (parts[i]);

      if (g_unichar_ismark (parts[i]))
        continue;

      if (length + g_unichar_to_utf8 (small, NULL) > room)
        break;

      length += g_unichar_to_utf8 (small, result + length);
    }

  return length;
}

/* Behind what is on the character before text */
static const char *
skip_marks (const char *text,
            const char *end)
{
  while (text < end)
    {
      gunichar c = g_utf8_get_char_validated (text, end - text);

      if (c >= 0x110000 || classify (c) != CLASS_MARK)
        break;

      text += g_utf8_skip[(guchar) *text];
    }

  return text;
}

static int
tokenize (Fts5Tokenizer *tokenizer,
          void          *context,
          int            flags,
          const char    *text,
          int            size,
          TokenFunc      take)
{
  const char *end = text + size;
  char word[MAX_WORD];
  int length = 0;
  int word_start = 0;
  int result = SQLITE_OK;
  const char *p;

  for (p = text; p < end && result == SQLITE_OK; )
    {
      gunichar c = g_utf8_get_char_validated (p, end - p);
      gboolean is_valid = c < 0x110000;
      const char *next = is_valid ? p + g_utf8_skip[(guchar) *p] : p + 1;
      CharClass class = is_valid ? classify (c) : CLASS_BETWEEN;

      if (length > 0 && (class == CLASS_BETWEEN || class == CLASS_ALONE))
        {
          result = take (context, 0, word, length, word_start, p - text);
          length = 0;
        }

      if (class == CLASS_PART && length == 0)
        word_start = p - text;
      if (class == CLASS_PART)
        length += fold_part (c, word + length, MAX_WORD - length);

      if (class == CLASS_ALONE && result == SQLITE_OK)
        {
          char alone[6];
          int alone_size = fold_alone (c, alone);

          next = skip_marks (next, end);
          result = take (context, 0, alone, alone_size, p - text, next - text);
        }

      p = next;
    }

  if (length > 0 && result == SQLITE_OK)
    result = take (context, 0, word, length, word_start, p - text);

  return result;
}

/* It has no state; NULL would say that it could not be made */
static int
create (void           *user_data,
        const char    **arguments,
        int             n_arguments,
        Fts5Tokenizer **tokenizer)
{
  static int nothing;

  *tokenizer = (Fts5Tokenizer *) &nothing;

  return SQLITE_OK;
}

static void
destroy (Fts5Tokenizer *tokenizer)
{
}

int
store_tokenizer_register (sqlite3 *handle)
{
  static fts5_tokenizer functions = { create, destroy, tokenize };
  sqlite3_stmt *statement = NULL;
  fts5_api *api = NULL;
  int result = sqlite3_prepare_v2 (handle, "SELECT fts5(?1)", -1, &statement, NULL);

  if (result != SQLITE_OK)
    return result;

  sqlite3_bind_pointer (statement, 1, &api, "fts5_api_ptr", NULL);
  sqlite3_step (statement);
  result = sqlite3_finalize (statement);
  if (result != SQLITE_OK || api == NULL)
    return result != SQLITE_OK ? result : SQLITE_ERROR;

  return api->xCreateTokenizer (api, "flint", NULL, &functions, NULL);
}
