/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-entry.h"

G_BEGIN_DECLS

#define CONSOLE_QUERY_ERROR (console_query_error_quark ())

typedef enum
{
  CONSOLE_QUERY_ERROR_WRONG,
} ConsoleQueryError;

/* What a person wrote into the filter:
 *
 *   filter = or;  or = and {"or" and};  and = not {["and"] not};  not = ["not" | "-"] term
 *   term = "(" or ")" | key ":" value | ("size" | "n") (">" | "<" | ">=" | "<=" | "=") number ["k" | "M"]
 *          | "injected" | "redacted" | word | "…"
 *
 * docs/console.md says what the keys are.
 */
typedef struct _ConsoleQuery ConsoleQuery;

GQuark        console_query_error_quark (void);
ConsoleQuery *console_query_new         (const char    *text,
                                         guint         *position,
                                         GError       **error);
ConsoleQuery *console_query_ref         (ConsoleQuery  *self);
void          console_query_unref       (ConsoleQuery  *self);
gboolean      console_query_matches     (ConsoleQuery  *self,
                                         ConsoleEntry  *entry);
char         *console_query_quote       (const char    *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConsoleQuery, console_query_unref)

G_END_DECLS
