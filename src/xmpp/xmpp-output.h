/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Internal to xmpp-stream: bytes on their way out. What is queued in one turn of the main loop goes
 * out in one write; while the socket takes nothing, the next bytes collect.
 *
 * The owner is called, and kept alive for the length of the call, from the main loop: without an
 * error when all is written, or with the one that ended writing.
 */
typedef struct _XmppOutput XmppOutput;

typedef void (*XmppOutputFunc) (gpointer      owner,
                                const GError *error);

XmppOutput *xmpp_output_new        (XmppOutputFunc  func,
                                    gpointer        owner);
void        xmpp_output_free       (XmppOutput     *self);
void        xmpp_output_set_stream (XmppOutput     *self,
                                    GOutputStream  *stream);
GString    *xmpp_output_get_buffer (XmppOutput     *self);
void        xmpp_output_flush      (XmppOutput     *self);
void        xmpp_output_try        (XmppOutput     *self);
void        xmpp_output_stop       (XmppOutput     *self);
gsize       xmpp_output_get_queued (XmppOutput     *self);
guint64     xmpp_output_get_written (XmppOutput    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppOutput, xmpp_output_free)

G_END_DECLS
