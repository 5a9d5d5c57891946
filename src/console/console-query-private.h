/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-query.h"

G_BEGIN_DECLS

typedef enum
{
  CONSOLE_KEY_DIR,
  CONSOLE_KEY_KIND,
  CONSOLE_KEY_TYPE,
  CONSOLE_KEY_ID,
  CONSOLE_KEY_FROM,
  CONSOLE_KEY_TO,
  CONSOLE_KEY_WITH,
  CONSOLE_KEY_ACCOUNT,
  CONSOLE_KEY_NAME,
  CONSOLE_KEY_NS,
  CONSOLE_KEY_BODY,
  CONSOLE_KEY_SUMMARY,
  CONSOLE_KEY_ERROR,
  CONSOLE_N_KEYS,
} ConsoleKey;

typedef enum
{
  CONSOLE_TERM_ALL,        /* of its children; none: everything */
  CONSOLE_TERM_ANY,
  CONSOLE_TERM_NOT,        /* its only child */
  CONSOLE_TERM_TEXT,
  CONSOLE_TERM_KEY,
  CONSOLE_TERM_SIZE,
  CONSOLE_TERM_NUMBER,
  CONSOLE_TERM_INJECTED,
  CONSOLE_TERM_REDACTED,
} ConsoleTermKind;

typedef struct
{
  ConsoleTermKind  kind;
  GPtrArray       *children;   /* owned ConsoleTerm, or NULL */
  ConsoleKey       key;
  char            *value;      /* folded */
  GPatternSpec    *pattern;    /* of a value with a star, or NULL */
  guint            bits;       /* of directions or kinds */
  guint64          least;      /* of sizes and numbers: both belong to it */
  guint64          most;
} ConsoleTerm;

ConsoleTerm *console_term_new   (ConsoleTermKind   kind);
void         console_term_free  (ConsoleTerm      *self);
ConsoleTerm *console_term_parse (const char       *text,
                                 const char      **fault,
                                 GError          **error);
char        *console_query_fold (const char       *text);
void         console_query_append_folded (GString *to,
                                          const char *text,
                                          gsize       length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConsoleTerm, console_term_free)

G_END_DECLS
