/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Internal to xmpp-stream: what stands around the stanzas of a stream, as text: the header, the end, and the white
 * space that keeps it alive (RFC 6120, 4).
 */
#define XMPP_FRAMING_END "</stream:stream>"

char    *xmpp_framing_make_header    (const char *domain,
                                      const char *from,
                                      const char *lang);
gsize    xmpp_framing_measure_header (const char *text,
                                      gsize       length);
char    *xmpp_framing_make_end       (const char *stream_error,
                                      const char *detail);
gboolean xmpp_framing_is_blank       (const char *text,
                                      gsize       length);

G_END_DECLS
