/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  CONSOLE_CHECK_EMPTY,
  CONSOLE_CHECK_WRONG,      /* must not reach the stream */
  CONSOLE_CHECK_DOUBTFUL,   /* could be meant, but hardly is */
  CONSOLE_CHECK_GOOD,
} ConsoleVerdict;

/* What can be said of stanzas that a person wrote, before they are sent */
typedef struct
{
  ConsoleVerdict  verdict;
  guint           n_elements;
  int             line;     /* of the fault or doubt, from 1; 0: no place can be named */
  int             column;   /* of the fault: the byte in that line, from 1; else 0 */
  char           *words;    /* a sentence for whoever wrote it */
} ConsoleCheck;

ConsoleCheck *console_check_new  (const char   *xml);
void          console_check_free (ConsoleCheck *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConsoleCheck, console_check_free)

G_END_DECLS
