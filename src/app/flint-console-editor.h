/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-entry.h"
#include "flint-application.h"

G_BEGIN_DECLS

#define FLINT_TYPE_CONSOLE_EDITOR (flint_console_editor_get_type ())

/* Where stanzas are written by hand, checked while one types, and sent. "narrow": what is said of them has a
 * line of its own. Actions "console.send", "console.template", "console.history-previous" and "-next",
 * "console.go-to-fault".
 */
G_DECLARE_FINAL_TYPE (FlintConsoleEditor, flint_console_editor, FLINT, CONSOLE_EDITOR, AdwBin)

void flint_console_editor_set_application  (FlintConsoleEditor *self,
                                            FlintApplication   *application);
void flint_console_editor_set_selected     (FlintConsoleEditor *self,
                                            ConsoleEntry       *entry);
void flint_console_editor_edit             (FlintConsoleEditor *self,
                                            const char         *xml,
                                            const char         *account);
void flint_console_editor_popup_templates  (FlintConsoleEditor *self);

G_END_DECLS
