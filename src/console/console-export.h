/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-entry.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* docs/console.md describes both. */
typedef enum
{
  CONSOLE_EXPORT_XML,
  CONSOLE_EXPORT_TEXT,
} ConsoleFormat;

char     *console_export_line   (ConsoleEntry         *entry);
void      console_export_write  (ConsoleEntry         *entry,
                                 ConsoleFormat         format,
                                 GString              *to);
void      console_export_async  (GListModel           *entries,
                                 ConsoleFormat         format,
                                 GFile                *file,
                                 GCancellable         *cancellable,
                                 GAsyncReadyCallback   callback,
                                 gpointer              user_data);
gboolean  console_export_finish (GAsyncResult         *result,
                                 GError              **error);

G_END_DECLS
