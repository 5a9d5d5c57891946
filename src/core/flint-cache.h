/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "xmpp-stanza.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define FLINT_TYPE_CACHE (flint_cache_get_type ())

/* Small files that may be lost at any time: read and written off the main thread, replaced whole,
 * for this user only. Names are ours: letters, digits, "-" and "." (never an address or a nickname, T121).
 * Those of flint_cache_keep_unwritten () may not be lost; "failed" (const GError *): one could not be written.
 */
G_DECLARE_FINAL_TYPE (FlintCache, flint_cache, FLINT, CACHE, GObject)

FlintCache *flint_cache_new           (const char           *directory);
void        flint_cache_keep_unwritten (FlintCache          *self);
void        flint_cache_read_async    (FlintCache           *self,
                                       const char           *name,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
GBytes     *flint_cache_read_finish   (FlintCache           *self,
                                       GAsyncResult         *result);
void        flint_cache_write         (FlintCache           *self,
                                       const char           *name,
                                       GBytes               *bytes);
void        flint_cache_remove        (FlintCache           *self,
                                       const char           *name);
void        flint_cache_flush_async   (FlintCache           *self,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
gboolean    flint_cache_flush_finish  (FlintCache           *self,
                                       GAsyncResult         *result,
                                       GError              **error);
XmppStanza *flint_cache_parse_stanza  (GBytes               *bytes);
GBytes     *flint_cache_write_stanza  (XmppStanza           *stanza);

G_END_DECLS
