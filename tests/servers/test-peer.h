/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Another program: the lines that it writes, and what it is told */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _TestPeer TestPeer;

gboolean    test_peer_can_run (const char * const *argv);
TestPeer   *test_peer_new     (const char * const *argv);
void        test_peer_free    (TestPeer           *self);
void        test_peer_tell    (TestPeer           *self,
                               const char         *line);
void        test_peer_end     (TestPeer           *self);
void        test_peer_signal  (TestPeer           *self,
                               int                 signal);
int         test_peer_join    (TestPeer           *self);
const char *test_peer_find    (TestPeer           *self,
                               const char         *pattern);
const char *test_peer_wait    (TestPeer           *self,
                               const char         *pattern);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestPeer, test_peer_free)

G_END_DECLS
