/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"

G_BEGIN_DECLS

#define FLINT_TYPE_LETTER_WINDOW (flint_letter_window_get_type ())

G_DECLARE_FINAL_TYPE (FlintLetterWindow, flint_letter_window, FLINT, LETTER_WINDOW, AdwApplicationWindow)

GtkWindow *flint_letter_window_new (FlintApplication *application, FlintLetter *letter);
GtkWindow *flint_letter_window_new_to (FlintApplication *application, FlintAccount *account, XmppJid *to);
FlintLetter *flint_letter_window_get_letter (FlintLetterWindow *self);

G_END_DECLS
