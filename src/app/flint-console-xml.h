/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-entry.h"

#include <adwaita.h>
#include <gtksourceview/gtksource.h>

G_BEGIN_DECLS

#define FLINT_TYPE_CONSOLE_XML (flint_console_xml_get_type ())

/* What is selected in the console, as XML: indented, coloured, not editable. */
G_DECLARE_FINAL_TYPE (FlintConsoleXml, flint_console_xml, FLINT, CONSOLE_XML, AdwBin)

void  flint_console_xml_set_entries  (FlintConsoleXml *self,
                                      GPtrArray       *entries);
char *flint_console_xml_write        (GPtrArray       *entries);
void  flint_console_xml_style_buffer (GtkSourceBuffer *buffer);

G_END_DECLS
