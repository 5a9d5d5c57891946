/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-clock.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Internal to xmpp-stream: reads what there is, gives it on in slices, and after 8 ms lets the rest
 * of the program have its turn.
 *
 * The owner is called, and kept alive for the length of the call, from the main loop. data: FALSE
 * when something of it was kept back; an empty slice then comes next, as after each start. end:
 * error is NULL when the other side has finished.
 */
typedef struct _XmppInput XmppInput;

typedef struct
{
  gboolean (*data) (gpointer      owner,
                    const char   *data,
                    gsize         length);
  void     (*end)  (gpointer      owner,
                    const GError *error);
} XmppInputFuncs;

XmppInput *xmpp_input_new        (XmppClock            *clock,
                                  const XmppInputFuncs *funcs,
                                  gpointer              owner);
void       xmpp_input_free       (XmppInput            *self);
void       xmpp_input_set_stream (XmppInput            *self,
                                  GInputStream         *stream);
void       xmpp_input_start      (XmppInput            *self);
void       xmpp_input_stop       (XmppInput            *self);
void       xmpp_input_drop       (XmppInput            *self);
void       xmpp_input_set_throttled (XmppInput         *self,
                                  gboolean              is_throttled);
gboolean   xmpp_input_is_drained (XmppInput            *self);
gboolean   xmpp_input_is_over    (XmppInput            *self);
gint64     xmpp_input_get_time   (XmppInput            *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppInput, xmpp_input_free)

G_END_DECLS
