/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* For a callback that must not keep its object alive: who waits for a server may wait long */
gpointer flint_weak_new  (gpointer object);
gpointer flint_weak_take (gpointer weak);

G_END_DECLS
