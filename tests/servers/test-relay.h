/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A piece of the way to a server, which a test can cut: below TLS, so that neither side says a word about it */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _TestRelay TestRelay;

TestRelay *test_relay_new        (guint16     port);
void       test_relay_free       (TestRelay  *self);
guint16    test_relay_get_port   (TestRelay  *self);

/* Both sides see their connection end */
void       test_relay_cut        (TestRelay  *self);

/* Nothing goes through any more, and nobody sees it. Connections that come later are not touched. */
void       test_relay_stall      (TestRelay  *self);

/* Only our side sees it end; the server goes on believing in it, until the relay is cut */
void       test_relay_cut_client (TestRelay  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestRelay, test_relay_free)

G_END_DECLS
