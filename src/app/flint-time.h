/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Times as people read them; µs since 1970, in the local zone */
char *flint_time_format_short (gint64 time);   /* "11:05", "Yesterday", "Mon", "14 Nov" */
char *flint_time_format_long  (gint64 time);   /* "Monday, 23 November 2026, 11:05" */

G_END_DECLS
