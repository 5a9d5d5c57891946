/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define FAKE_TYPE_RESOLVER (fake_resolver_get_type ())

G_DECLARE_FINAL_TYPE (FakeResolver, fake_resolver, FAKE, RESOLVER, GResolver)

/* DNS that knows what a test told it, and nothing else: the rest is not found. */
FakeResolver *fake_resolver_new      (void);

/* Adds an SRV record of a name such as "_xmpp-client._tcp.capulet.lit". */
void          fake_resolver_add_srv  (FakeResolver *self,
                                      const char   *name,
                                      guint16       priority,
                                      guint16       weight,
                                      const char   *host,
                                      guint16       port);

/* Adds an address of a host name. */
void          fake_resolver_add_host (FakeResolver *self,
                                      const char   *name,
                                      const char   *address);

/* A name, of either kind, that fails so; -1: that is never answered. */
void          fake_resolver_fail     (FakeResolver *self,
                                      const char   *name,
                                      int           code);

/* Whether somebody asked for the name; NULL: for any. */
gboolean      fake_resolver_was_asked (FakeResolver *self,
                                       const char   *name);

G_END_DECLS
