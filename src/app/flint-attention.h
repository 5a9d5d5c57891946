/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-core.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLINT_TYPE_ATTENTION (flint_attention_get_type ())

/* Knows whether somebody can see Flint: a window is there and not minimised, and the screen is not locked. The core lets
 * servers know (XEP-0352), which then may keep back what nobody would see.
 */
G_DECLARE_FINAL_TYPE (FlintAttention, flint_attention, FLINT, ATTENTION, GObject)

FlintAttention *flint_attention_new (GApplication *application,
                                     FlintCore    *core);

G_END_DECLS
