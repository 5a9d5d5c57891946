/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define FLINT_TYPE_LOGO (flint_logo_get_type ())

/* The program's icon, large */
G_DECLARE_FINAL_TYPE (FlintLogo, flint_logo, FLINT, LOGO, AdwBin)

G_END_DECLS
