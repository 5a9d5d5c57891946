/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an entry does, in a line: verb first, for a person. */
#include "flint-config.h"

#include "console-summary.h"

#include "console-text.h"

#define MAX_SUMMARY 240

/**
 * console_summary_new:
 *
 * Returns: (transfer full): one line for @entry
 */
char *
console_summary_new (ConsoleEntry *entry)
{
  GString *xml = g_string_new (NULL);
  char *line;

  console_entry_write (entry, xml);
  line = console_text_for_line (xml->str, MAX_SUMMARY);
  g_string_free (xml, TRUE);

  return line;
}
