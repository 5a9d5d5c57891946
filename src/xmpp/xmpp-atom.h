/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include <string.h>

G_BEGIN_DECLS

const char *xmpp_atom        (const char *name);
const char *xmpp_atom_lookup (const char *name);
guint       xmpp_atom_count  (void);

/* Most names that are equal are the same atom, and most that are not differ at once. */
static inline gboolean
xmpp_name_equal (const char *a,
                 const char *b)
{
  return a == b || (a != NULL && b != NULL && *a == *b && strcmp (a, b) == 0);
}

G_END_DECLS
