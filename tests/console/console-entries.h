/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-capture.h"
#include "console-filter.h"
#include "fake-server.h"

G_BEGIN_DECLS

#define JOHN "john@example.org"

/* Entries as a capture has them, without a connection: one alone, or several in a log */
ConsoleEntry *test_entry_new       (XmppDirection    direction,
                                    const char      *xml);
ConsoleEntry *test_entry_new_event (XmppEvent        event,
                                    XmppDirection    direction,
                                    const char      *text);
void          test_log_add         (ConsoleLog      *log,
                                    XmppDirection    direction,
                                    const char      *xml);
GListModel   *test_log_get_all     (ConsoleLog      *log);

/* What the server says, until the capture has heard it */
void          test_capture_settle  (FakeServer      *server);
ConsoleEntry *test_capture_find    (GListModel      *model,
                                    XmppDirection    direction,
                                    const char      *text);
guint         test_model_count     (gpointer         model);
ConsoleEntry *test_model_get       (gpointer         model,
                                    guint            position);   /* borrowed: it lives as long as the model */

G_END_DECLS
