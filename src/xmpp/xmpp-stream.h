/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-clock.h"
#include "xmpp-stanza.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define XMPP_TYPE_STREAM (xmpp_stream_get_type ())

G_DECLARE_FINAL_TYPE (XmppStream, xmpp_stream, XMPP, STREAM, GObject)

/* One XML stream over any GIOStream: headers, the read loop with a budget per main-loop turn, the
 * write queue, TLS in place, restart, close. Everything that arrives is given to these functions,
 * from the main loop, never from inside a call of ours.
 */
typedef struct
{
  void (*opened)   (XmppStream   *self,
                    XmppStanza   *header,
                    gpointer      user_data);
  void (*received) (XmppStream   *self,
                    XmppStanza   *stanza,
                    gpointer      user_data);
  /* Once: error is NULL after a polite close from both sides */
  void (*closed)   (XmppStream   *self,
                    const GError *error,
                    gpointer      user_data);
  /* Headers, closes and white space as they crossed the wire; may be NULL */
  void (*raw)      (XmppStream   *self,
                    gboolean      is_sent,
                    const char   *text,
                    gpointer      user_data);
} XmppStreamFuncs;

XmppStream *xmpp_stream_new              (GIOStream              *io,
                                          XmppClock              *clock,
                                          const XmppStreamFuncs  *funcs,
                                          gpointer                user_data);
void        xmpp_stream_set_funcs        (XmppStream             *self,
                                          const XmppStreamFuncs  *funcs,
                                          gpointer                user_data);
GIOStream  *xmpp_stream_get_io           (XmppStream             *self);
void        xmpp_stream_open             (XmppStream             *self,
                                          const char             *domain,
                                          const char             *from,
                                          const char             *lang);
void        xmpp_stream_set_early        (XmppStream             *self,
                                          gboolean                early);
void        xmpp_stream_send             (XmppStream             *self,
                                          XmppStanza             *stanza);
void        xmpp_stream_send_raw         (XmppStream             *self,
                                          const char             *text,
                                          gssize                  length);
gsize       xmpp_stream_get_queued       (XmppStream             *self);
guint64     xmpp_stream_get_delivered    (XmppStream             *self,
                                          gboolean               *is_all);
gint64      xmpp_stream_get_last_heard   (XmppStream             *self);
void        xmpp_stream_pause            (XmppStream             *self);
void        xmpp_stream_set_throttled    (XmppStream             *self,
                                          gboolean                is_throttled);
gboolean    xmpp_stream_is_drained       (XmppStream             *self);
void        xmpp_stream_start_tls_async  (XmppStream             *self,
                                          GTlsClientConnection   *tls,
                                          GCancellable           *cancellable,
                                          GAsyncReadyCallback     callback,
                                          gpointer                user_data);
gboolean    xmpp_stream_start_tls_finish (XmppStream             *self,
                                          GAsyncResult           *result,
                                          GError                **error);
void        xmpp_stream_close            (XmppStream             *self,
                                          const char             *stream_error);
void        xmpp_stream_refuse           (XmppStream             *self,
                                          const char             *stream_error,
                                          const char             *detail);
void        xmpp_stream_hang_up          (XmppStream             *self);
void        xmpp_stream_part             (XmppStream             *self);
void        xmpp_stream_abort            (XmppStream             *self);

G_END_DECLS
