/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"

G_BEGIN_DECLS

/* An unread message with a subject, above the contact list: one click reads it */
GtkWidget *flint_letter_card_new (FlintApplication *application,
                                  FlintLetter      *letter);

G_END_DECLS
