/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console-text.h"

/* What has no look of its own, or changes that of its neighbours: controls, the marks of bidirectional
 * text, separators of lines, private and unassigned characters, tags. A joiner between letters stays.
 */
static gboolean
is_disturbing (gunichar c)
{
  if (c < 0x7F)
    return c < 0x20;

  if (c == 0x200C || c == 0x200D)
    return FALSE;

  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return TRUE;

    case G_UNICODE_LOWERCASE_LETTER:
    case G_UNICODE_MODIFIER_LETTER:
    case G_UNICODE_OTHER_LETTER:
    case G_UNICODE_TITLECASE_LETTER:
    case G_UNICODE_UPPERCASE_LETTER:
    case G_UNICODE_SPACING_MARK:
    case G_UNICODE_ENCLOSING_MARK:
    case G_UNICODE_NON_SPACING_MARK:
    case G_UNICODE_DECIMAL_NUMBER:
    case G_UNICODE_LETTER_NUMBER:
    case G_UNICODE_OTHER_NUMBER:
    case G_UNICODE_CONNECT_PUNCTUATION:
    case G_UNICODE_DASH_PUNCTUATION:
    case G_UNICODE_CLOSE_PUNCTUATION:
    case G_UNICODE_FINAL_PUNCTUATION:
    case G_UNICODE_INITIAL_PUNCTUATION:
    case G_UNICODE_OTHER_PUNCTUATION:
    case G_UNICODE_OPEN_PUNCTUATION:
    case G_UNICODE_CURRENCY_SYMBOL:
    case G_UNICODE_MODIFIER_SYMBOL:
    case G_UNICODE_MATH_SYMBOL:
    case G_UNICODE_OTHER_SYMBOL:
    case G_UNICODE_SPACE_SEPARATOR:
    default:
      return FALSE;
    }
}

/**
 * console_text_for_line:
 * @text: anything
 * @max_characters: more than these are cut, with an ellipsis
 *
 * Returns: (transfer full): @text on one line: white space is one space, and a character that could
 *   disturb the line is named: ⟨U+202E⟩
 */
char *
console_text_for_line (const char *text,
                       gsize       max_characters)
{
  g_autofree char *valid = NULL;
  GString *line = g_string_new (NULL);
  gsize n = 0;

  if (!g_utf8_validate (text, -1, NULL))
    text = valid = g_utf8_make_valid (text, -1);

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      if (n++ == max_characters)
        {
          g_string_append (line, "…");
          break;
        }

      if (c == '\n' || c == '\t' || c == '\r')
        {
          if (line->len > 0 && line->str[line->len - 1] != ' ')
            g_string_append_c (line, ' ');
        }
      else if (is_disturbing (c))
        g_string_append_printf (line, "⟨U+%04X⟩", c);
      else
        g_string_append_unichar (line, c);
    }

  return g_string_free (line, FALSE);
}

/**
 * console_text_append_harmless:
 * @xml: XML, or the words of an event
 * @length: of it, in bytes
 *
 * Appends @xml to @to. Each character that could disturb becomes a character reference: it stays the
 * same XML. Line feeds and tabs stay.
 */
void
console_text_append_harmless (GString    *to,
                              const char *xml,
                              gsize       length)
{
  const char *end = xml + length;

  while (xml < end)
    {
      const char *plain = xml;
      gunichar c;

      /* nearly all is ASCII */
      while (xml < end && (((guchar) *xml >= 0x20 && (guchar) *xml < 0x7F) || *xml == '\n' || *xml == '\t'))
        xml++;

      g_string_append_len (to, plain, xml - plain);
      if (xml == end)
        break;

      c = g_utf8_get_char_validated (xml, end - xml);
      if (c == (gunichar) -1 || c == (gunichar) -2)
        {
          g_string_append_unichar (to, 0xFFFD);
          xml++;
          continue;
        }

      if (is_disturbing (c))
        g_string_append_printf (to, "&#x%X;", c);
      else
        g_string_append_unichar (to, c);

      xml = g_utf8_next_char (xml);
    }
}
