/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

typedef void (*FlintRenameFunc) (const char *name,
                                 gpointer    user_data);

/* Asks for one line of text. about: what it is for; when that is gone, nothing is called. */
void flint_rename_dialog_present (GtkWindow       *parent,
                                  const char      *title,
                                  const char      *label,
                                  const char      *text,
                                  FlintRenameFunc  func,
                                  GObject         *about);

/* (transfer full) (nullable): what is wrong with a name, as a sentence; %NULL: nothing */
typedef char *(*FlintRenameCheck) (const char *name,
                                   gpointer    user_data);

void flint_rename_dialog_present_checked (GtkWindow        *parent,
                                          const char       *title,
                                          const char       *label,
                                          const char       *text,
                                          FlintRenameCheck  check,
                                          FlintRenameFunc   func,
                                          GObject          *about);

G_END_DECLS
