/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-chat-pane.h"

G_BEGIN_DECLS

#define FLINT_TYPE_ONE_WINDOW (flint_one_window_get_type ())

/* Contacts and chats in one window: beside each other, and where there is no room for that one over the other.
 * It is made only when somebody wants it.
 */
G_DECLARE_FINAL_TYPE (FlintOneWindow, flint_one_window, FLINT, ONE_WINDOW, AdwBin)

GtkWidget *flint_one_window_new       (FlintApplication *application,
                                       GtkWidget        *list,
                                       GtkWidget        *controls);
void       flint_one_window_give_list_back (FlintOneWindow *self);
void       flint_one_window_show_list (FlintOneWindow   *self);

G_END_DECLS
