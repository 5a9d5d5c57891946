/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-contact-view.h"

G_BEGIN_DECLS

void flint_contact_drag_install (FlintContactView *view,
                                 GtkWidget        *row);

G_END_DECLS
