/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One JSON object without another one in it (RFC 8259): name → value, each as text */
GHashTable *flint_flat_json_parse (const char *text);

G_END_DECLS
