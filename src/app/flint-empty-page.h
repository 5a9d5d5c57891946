/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What stands where a list has nothing to show */
void flint_empty_page_set_icon (AdwStatusPage *page,
                                const char    *icon_name);

G_END_DECLS
