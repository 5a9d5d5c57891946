/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-entry.h"
#include "console-reader.h"

G_BEGIN_DECLS

/* What is kept, as text in pages: entries have numbers from 1 without holes, the oldest may be dropped. An
 * object for one is made when somebody asks, and stays the same for as long as somebody holds it.
 */
typedef struct _ConsoleLog ConsoleLog;

ConsoleLog          *console_log_new           (void);
ConsoleLog          *console_log_ref           (ConsoleLog     *self);
void                 console_log_unref         (ConsoleLog     *self);
const ConsoleRecord *console_log_add_stanza    (ConsoleLog     *self,
                                                const char     *account,
                                                XmppStanza     *stanza,
                                                XmppDirection   direction,
                                                gboolean        is_manual);
const ConsoleRecord *console_log_add_event     (ConsoleLog     *self,
                                                const char     *account,
                                                XmppEvent       event,
                                                XmppDirection   direction,
                                                const char     *text);
guint                console_log_get_first     (ConsoleLog     *self);
guint                console_log_get_next      (ConsoleLog     *self);
gsize                console_log_get_bytes     (ConsoleLog     *self);
const ConsoleRecord *console_log_get_record    (ConsoleLog     *self,
                                                guint           number);
const char          *console_log_get_account   (ConsoleLog     *self,
                                                guint           account);
ConsoleEntry        *console_log_get_entry     (ConsoleLog     *self,
                                                GPtrArray      *pages,
                                                guint           number);
ConsolePage         *console_log_get_oldest    (ConsoleLog     *self);
void                 console_log_drop_oldest   (ConsoleLog     *self);
void                 console_log_clear         (ConsoleLog     *self);
GPtrArray           *console_log_copy_pages    (ConsoleLog     *self);
gboolean             console_log_has_unpacked  (ConsoleLog     *self);
GPtrArray           *console_log_get_unpacked  (ConsoleLog     *self);
ConsoleReader       *console_log_get_reader    (ConsoleLog     *self);
void                 console_log_entry_gone    (ConsoleLog     *self,
                                                guint           number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConsoleLog, console_log_unref)

G_END_DECLS
