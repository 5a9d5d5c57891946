/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Text of others in the console: nothing is left out, but what could disturb or mislead is named (security.md, T057, T070) */
char *console_text_for_line        (const char *text,
                                    gsize       max_characters);
void  console_text_append_harmless (GString    *to,
                                    const char *xml,
                                    gsize       length);

G_END_DECLS
