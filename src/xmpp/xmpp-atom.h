/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *xmpp_atom        (const char *name);
const char *xmpp_atom_lookup (const char *name);
guint       xmpp_atom_count  (void);

G_END_DECLS
