/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-resumption.h"

G_BEGIN_DECLS

/* Shared by xmpp-resumption.c (what we send, enabling, resuming) and xmpp-resumption-received.c */
typedef struct
{
  guint   id;
  guint32 number;      /* of the stanza that was received */
} Hold;

/* All numbers of stanzas go on from 2^32 - 1 to 0 (XEP-0198, 4) */
struct _XmppResumption
{
  XmppClock           *clock;
  XmppResumptionFuncs  funcs;
  gpointer             user_data;

  /* What the server has said */
  gboolean             is_enabled;
  char                *id;             /* NULL: it cannot be resumed */
  guint                max;            /* s */
  char                *location;
  guint                location_port;  /* 0: not said */
  guint                enable_timer;

  /* What we send */
  gboolean             is_keeping;     /* what is sent, until it is acknowledged */
  GQueue               unacked;        /* of owned XmppStanza, the oldest first */
  guint                n_messages;     /* in there */
  guint                n_queued;       /* of them, never written yet */
  guint32              acked;          /* the number of the last one that was acknowledged */
  GPtrArray           *done;           /* of owned XmppStanza: messages acknowledged, to be told */
  guint                since_asked;
  gboolean             is_asked;
  gint64               asked_at;
  guint                ask_timer;
  gboolean             is_urgent;      /* ask_timer is */
  guint                overdue_timer;

  /* What we receive */
  guint32              received;       /* the number of the last one that was handled */
  guint32              repeats;        /* how many of those are still to come once more, after a resumption */
  GQueue               holds;          /* of owned Hold, the oldest first */
  guint32              told;
  guint                since_told;
  gboolean             is_behind;      /* we answered with less than we had handled */
  guint                answer_timer;   /* not 0: an answer is owed */

  /* Without a connection */
  gboolean             is_connected;
  gboolean             is_refused;
  gint64               lost_at;
  guint                n_tries;
  guint32              resumed_from;   /* what we said when we asked for it */
};

void    xmpp_resumption_clear_timer (XmppResumption *self,
                                     guint          *timer);
void    xmpp_resumption_send        (XmppResumption *self,
                                     const char     *name,
                                     gint64          h);
guint32 xmpp_resumption_get_h       (XmppResumption *self);

G_END_DECLS
