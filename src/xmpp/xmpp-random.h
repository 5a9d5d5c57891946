/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The only source of randomness in the engine: gnutls_rnd () unless a test gives another. */
typedef void (*XmppRandomFunc) (guint8   *data,
                                gsize     length,
                                gpointer  user_data);

void  xmpp_random_bytes    (guint8         *data,
                            gsize           length);
char *xmpp_random_id       (void);
void  xmpp_random_set_func (XmppRandomFunc  func,
                            gpointer        user_data);

G_END_DECLS
