/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The language of the filter, read: see console-query.h */
#include "flint-config.h"

#include "console-query-private.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_DEPTH 50   /* of parentheses: deeper ones are no filter but an attack on the stack */

typedef struct
{
  const char *at;
  const char *fault;    /* where it is wrong */
  GError     *error;
  guint       depth;
} Reader;

static const char * const key_names[CONSOLE_N_KEYS] = {
  [CONSOLE_KEY_DIR]     = "dir",
  [CONSOLE_KEY_KIND]    = "kind",
  [CONSOLE_KEY_TYPE]    = "type",
  [CONSOLE_KEY_ID]      = "id",
  [CONSOLE_KEY_FROM]    = "from",
  [CONSOLE_KEY_TO]      = "to",
  [CONSOLE_KEY_WITH]    = "with",
  [CONSOLE_KEY_ACCOUNT] = "account",
  [CONSOLE_KEY_NAME]    = "name",
  [CONSOLE_KEY_NS]      = "ns",
  [CONSOLE_KEY_BODY]    = "body",
  [CONSOLE_KEY_SUMMARY] = "summary",
  [CONSOLE_KEY_ERROR]   = "error",
};

static const struct
{
  const char    *name;
  XmppDirection  direction;
} directions[] = {
  { "in",       XMPP_RECEIVED },
  { "received", XMPP_RECEIVED },
  { "out",      XMPP_SENT },
  { "sent",     XMPP_SENT },
};

ConsoleTerm *
console_term_new (ConsoleTermKind kind)
{
  ConsoleTerm *self = g_new0 (ConsoleTerm, 1);

  self->kind = kind;
  self->most = G_MAXUINT64;

  return self;
}

static ConsoleTerm *
term_new_over (ConsoleTermKind  kind,
               ConsoleTerm     *first)
{
  ConsoleTerm *self = console_term_new (kind);

  self->children = g_ptr_array_new_with_free_func ((GDestroyNotify) console_term_free);
  if (first != NULL)
    g_ptr_array_add (self->children, first);

  return self;
}

void
console_term_free (ConsoleTerm *self)
{
  g_clear_pointer (&self->children, g_ptr_array_unref);
  g_clear_pointer (&self->pattern, g_pattern_spec_free);
  g_free (self->value);
  g_free (self);
}

/**
 * console_query_append_folded:
 * @text: UTF-8, or nearly
 * @length: in bytes
 *
 * Appends @text to @to as console_query_fold() has it.
 */
void
console_query_append_folded (GString    *to,
                             const char *text,
                             gsize       length)
{
  const char *end = text + length;

  while (text < end)
    {
      gsize begin = to->len;
      const char *plain = text;
      const char *strange;

      /* nearly all is ASCII, and that takes a tenth of the time */
      while (text < end && (guchar) *text < 0x80)
        text++;
      g_string_append_len (to, plain, text - plain);
      for (char *at = to->str + begin; *at != '\0'; at++)
        *at = *at == '"' ? '\'' : g_ascii_tolower (*at);

      strange = text;
      while (text < end && (guchar) *text >= 0x80)
        text++;
      if (text > strange)
        {
          g_autofree char *valid = g_utf8_make_valid (strange, text - strange);
          g_autofree char *folded = g_utf8_casefold (valid, -1);

          g_string_append (to, folded);
        }
    }
}

/**
 * console_query_fold:
 *
 * The same for what is sought and for where: case does not count, nor which quotation marks XML uses.
 */
char *
console_query_fold (const char *text)
{
  GString *folded = g_string_new (NULL);

  console_query_append_folded (folded, text, strlen (text));

  return g_string_free (folded, FALSE);
}

/* Takes @words. */
static ConsoleTerm *
fail (Reader     *reader,
      const char *at,
      char       *words)
{
  if (reader->error == NULL)
    {
      reader->fault = at;
      g_set_error_literal (&reader->error, CONSOLE_QUERY_ERROR, CONSOLE_QUERY_ERROR_WRONG, words);
    }
  g_free (words);

  return NULL;
}

static void
skip_spaces (Reader *reader)
{
  while (g_unichar_isspace (g_utf8_get_char (reader->at)))
    reader->at = g_utf8_next_char (reader->at);
}

/* A word ends at white space, or at the parenthesis that is open around it. */
static gsize
measure_word (Reader     *reader,
              const char *word)
{
  const char *end = word;

  while (*end != '\0' && !g_unichar_isspace (g_utf8_get_char (end)) && !(*end == ')' && reader->depth > 0))
    end = g_utf8_next_char (end);

  return end - word;
}

static gboolean
is_word (Reader     *reader,
         const char *word)
{
  gsize length = measure_word (reader, reader->at);

  return length == strlen (word) && g_ascii_strncasecmp (reader->at, word, length) == 0;
}

/* A word, or what stands between quotation marks; NULL: the second of them is missing. */
static char *
read_value (Reader *reader)
{
  const char *begin = reader->at;
  const char *end;
  gsize length;

  if (*begin != '"')
    {
      length = measure_word (reader, begin);
      reader->at += length;
      return g_strndup (begin, length);
    }

  end = strchr (begin + 1, '"');
  if (end == NULL)
    {
      fail (reader, begin, g_strdup (_("this quotation mark is not closed.")));
      return NULL;
    }

  reader->at = end + 1;

  return g_strndup (begin + 1, end - begin - 1);
}

static gboolean
read_direction (ConsoleTerm *term,
                const char  *value)
{
  for (guint i = 0; i < G_N_ELEMENTS (directions); i++)
    {
      if (g_ascii_strcasecmp (value, directions[i].name) == 0)
        term->bits = 1u << directions[i].direction;
    }

  return term->bits != 0;
}

static gboolean
read_kind (ConsoleTerm *term,
           const char  *value)
{
  for (guint i = 0; i < CONSOLE_N_KINDS; i++)
    {
      if (g_ascii_strcasecmp (value, console_kind_get_name (i)) == 0)
        term->bits = 1u << i;
    }

  return term->bits != 0;
}

static ConsoleTerm *
read_key (Reader     *reader,
          ConsoleKey  key)
{
  const char *begin = reader->at;
  g_autoptr(ConsoleTerm) term = console_term_new (CONSOLE_TERM_KEY);
  g_autofree char *value = NULL;
  const char *value_begin;

  reader->at = value_begin = strchr (begin, ':') + 1;
  value = read_value (reader);
  if (value == NULL)
    return NULL;

  if (*value == '\0')
    return fail (reader, begin, g_strdup_printf (_("“%s:” needs a value."), key_names[key]));

  term->key = key;
  if (key == CONSOLE_KEY_DIR && !read_direction (term, value))
    return fail (reader, value_begin, g_strdup_printf (_("a direction is “in” or “out”, not “%s”."), value));
  if (key == CONSOLE_KEY_KIND && !read_kind (term, value))
    return fail (reader, value_begin,
                 g_strdup_printf (_("a kind is message, presence, iq, stream, sasl, sm, nonza or event, not “%s”."), value));

  term->value = console_query_fold (value);
  if (strchr (value, '*') != NULL)
    term->pattern = g_pattern_spec_new (term->value);

  return g_steal_pointer (&term);
}

static guint
get_distance (const char *a,
              gsize       length,
              const char *b)
{
  guint row[32];
  gsize n = strlen (b);

  if (length + 1 >= G_N_ELEMENTS (row) || n + 1 >= G_N_ELEMENTS (row))
    return G_MAXUINT;

  for (gsize j = 0; j <= n; j++)
    row[j] = j;

  for (gsize i = 1; i <= length; i++)
    {
      guint diagonal = row[0];

      row[0] = i;
      for (gsize j = 1; j <= n; j++)
        {
          guint above = row[j];
          guint cost = g_ascii_tolower (a[i - 1]) == b[j - 1] ? 0 : 1;

          row[j] = MIN (MIN (above + 1, row[j - 1] + 1), diagonal + cost);
          diagonal = above;
        }
    }

  return row[n];
}

/* What has a colon is a key, or nearly one, or a namespace or link that is sought. */
static ConsoleTerm *
read_colon (Reader     *reader,
            const char *colon,
            gboolean   *is_text)
{
  gsize length = colon - reader->at;

  for (guint i = 0; i < CONSOLE_N_KEYS; i++)
    {
      if (strlen (key_names[i]) == length && g_ascii_strncasecmp (reader->at, key_names[i], length) == 0)
        return read_key (reader, i);
    }

  for (guint i = 0; i < CONSOLE_N_KEYS; i++)
    {
      if (length >= 3 && get_distance (reader->at, length, key_names[i]) == 1)
        return fail (reader, reader->at, g_strdup_printf (_("there is no “%.*s:”. Did you mean “%s:”?"),
                                                          (int) length, reader->at, key_names[i]));
    }

  *is_text = TRUE;

  return NULL;
}

/* size>2k, n<=100 */
static ConsoleTerm *
read_number (Reader          *reader,
             ConsoleTermKind  kind,
             gsize            name_length)
{
  const char *begin = reader->at;
  gsize length = measure_word (reader, begin);
  g_autoptr(ConsoleTerm) term = console_term_new (kind);
  g_autofree char *word = g_strndup (begin, length);
  const char *sign = word + name_length;
  const char *digits = sign + strspn (sign, "<>=");
  guint64 value;
  char *end;

  value = g_ascii_strtoull (digits, &end, 10);
  if (end > digits && g_ascii_isdigit (*digits) && (*end == 'k' || *end == 'M'))
    {
      guint64 unit = *end == 'k' ? 1000 : 1000 * 1000;

      value = value > G_MAXUINT64 / unit ? G_MAXUINT64 : value * unit;
      end++;
    }

  if (!g_ascii_isdigit (*digits) || *end != '\0')
    return fail (reader, begin, g_strdup_printf (_("“%.*s” needs a number, such as 500, 2k or 1M."),
                                                 (int) (digits - word), word));

  if (g_str_has_prefix (sign, ">=") || g_str_has_prefix (sign, "=>"))
    term->least = value;
  else if (g_str_has_prefix (sign, "<=") || g_str_has_prefix (sign, "=<"))
    term->most = value;
  else if (*sign == '>')
    term->least = value < G_MAXUINT64 ? value + 1 : value;
  else if (*sign == '<')
    term->most = value > 0 ? value - 1 : 0;
  else
    term->least = term->most = value;

  /* nothing is less than nothing */
  if (g_str_has_prefix (sign, "<") && sign[1] != '=' && value == 0)
    term->least = G_MAXUINT64;

  reader->at += length;

  return g_steal_pointer (&term);
}

static ConsoleTerm *
read_text (Reader *reader)
{
  ConsoleTerm *term;
  char *value = read_value (reader);

  if (value == NULL)
    return NULL;

  term = console_term_new (CONSOLE_TERM_TEXT);
  term->value = console_query_fold (value);
  g_free (value);

  return term;
}

static ConsoleTerm *read_or (Reader *reader);

static ConsoleTerm *
read_group (Reader *reader)
{
  const char *begin = reader->at++;
  g_autoptr(ConsoleTerm) inner = NULL;

  if (++reader->depth > MAX_DEPTH)
    return fail (reader, begin, g_strdup (_("there are too many parentheses.")));

  inner = read_or (reader);
  if (inner == NULL)
    return NULL;

  if (*reader->at != ')')
    return fail (reader, begin, g_strdup (_("this parenthesis is not closed.")));

  reader->at++;
  reader->depth--;

  return g_steal_pointer (&inner);
}

static ConsoleTerm *
read_term (Reader *reader)
{
  gsize length = measure_word (reader, reader->at);
  const char *colon = memchr (reader->at, ':', length);
  gsize letters = 0;
  gboolean is_text = FALSE;
  ConsoleTerm *term;

  if (*reader->at == '(')
    return read_group (reader);
  if (*reader->at == '\0')
    return fail (reader, reader->at, g_strdup (_("something is missing at the end.")));
  if (*reader->at == ')')
    return fail (reader, reader->at, g_strdup (_("there is nothing before this parenthesis.")));
  if (*reader->at == '"')
    return read_text (reader);

  while (letters < length && g_ascii_isalpha (reader->at[letters]))
    letters++;

  if (colon != NULL && letters > 0 && reader->at + letters == colon)
    {
      term = read_colon (reader, colon, &is_text);
      return is_text ? read_text (reader) : term;
    }

  if (letters > 0 && letters < length && strchr ("<>=", reader->at[letters]) != NULL)
    {
      if (letters == 4 && g_ascii_strncasecmp (reader->at, "size", 4) == 0)
        return read_number (reader, CONSOLE_TERM_SIZE, letters);
      if (letters == 1 && g_ascii_tolower (*reader->at) == 'n')
        return read_number (reader, CONSOLE_TERM_NUMBER, letters);
    }

  if (is_word (reader, "injected") || is_word (reader, "redacted"))
    {
      term = console_term_new (is_word (reader, "injected") ? CONSOLE_TERM_INJECTED : CONSOLE_TERM_REDACTED);
      reader->at += length;
      return term;
    }

  if (is_word (reader, "or") || is_word (reader, "and"))
    return fail (reader, reader->at,
                 g_strdup_printf (_("there is nothing before “%.*s”. Write it in quotation marks to search for it."),
                                  (int) length, reader->at));

  return read_text (reader);
}

static ConsoleTerm *
read_not (Reader *reader)
{
  gboolean is_negated = FALSE;
  ConsoleTerm *term;

  for (skip_spaces (reader); ; skip_spaces (reader))
    {
      if (is_word (reader, "not"))
        reader->at += strlen ("not");
      else if (*reader->at == '-' && measure_word (reader, reader->at) > 1)
        reader->at++;
      else if (reader->at[0] == '-' && reader->at[1] == '(')
        reader->at++;
      else
        break;

      is_negated = !is_negated;
    }

  term = read_term (reader);

  return term != NULL && is_negated ? term_new_over (CONSOLE_TERM_NOT, term) : term;
}

static ConsoleTerm *
read_and (Reader *reader)
{
  g_autoptr(ConsoleTerm) all = term_new_over (CONSOLE_TERM_ALL, NULL);

  do
    {
      ConsoleTerm *term = read_not (reader);

      if (term == NULL)
        return NULL;

      g_ptr_array_add (all->children, term);
      skip_spaces (reader);
      if (is_word (reader, "and"))
        {
          reader->at += strlen ("and");
          skip_spaces (reader);
          if (*reader->at == '\0')
            return fail (reader, reader->at, g_strdup (_("something is missing at the end.")));
        }
    }
  while (*reader->at != '\0' && !(*reader->at == ')' && reader->depth > 0) && !is_word (reader, "or"));

  return g_steal_pointer (&all);
}

static ConsoleTerm *
read_or (Reader *reader)
{
  g_autoptr(ConsoleTerm) any = term_new_over (CONSOLE_TERM_ANY, NULL);

  for (;;)
    {
      ConsoleTerm *term = read_and (reader);

      if (term == NULL)
        return NULL;

      g_ptr_array_add (any->children, term);
      if (!is_word (reader, "or"))
        break;

      reader->at += strlen ("or");
    }

  return g_steal_pointer (&any);
}

/**
 * console_term_parse:
 * @text: a filter; nothing but white space is one that everything matches
 * @fault: (out): where it is wrong, in @text
 * @error: why, in words that stand behind a colon
 *
 * Returns: (nullable) (transfer full): what it means
 */
ConsoleTerm *
console_term_parse (const char  *text,
                    const char **fault,
                    GError     **error)
{
  Reader reader = { .at = text };
  g_autoptr(ConsoleTerm) term = NULL;

  skip_spaces (&reader);
  if (*reader.at == '\0')
    return console_term_new (CONSOLE_TERM_ALL);

  term = read_or (&reader);
  if (reader.error == NULL)
    return g_steal_pointer (&term);

  *fault = reader.fault;
  g_propagate_error (error, reader.error);

  return NULL;
}
