/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-entry.h"

G_BEGIN_DECLS

typedef struct
{
  ConsoleEntry   *entry;
  const XmppNode *root;
  gboolean        is_sent;
  const char     *type;       /* "" where there is none */
  const char     *peer;       /* its address, or NULL */
  char           *who;        /* the same in a word */
} ConsoleSummary;

char *console_say              (const char           *phrase,
                                ...) G_GNUC_NULL_TERMINATED;
char *console_clip             (const char           *text);
char *console_name             (const char           *jid);
char *console_name_nick        (const char           *jid);
char *console_describe_error   (const XmppNode       *root);
char *console_summary_iq       (const ConsoleSummary *self);
char *console_summary_message  (const ConsoleSummary *self);
char *console_summary_presence (const ConsoleSummary *self);
char *console_summary_nonza    (const ConsoleSummary *self);

G_END_DECLS
