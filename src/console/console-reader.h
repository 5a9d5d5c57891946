/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-page.h"

G_BEGIN_DECLS

/* Turns what is kept into what can be looked at. It remembers the page that was unpacked last and the stanza
 * that was read last, and nothing else: neighbours are mostly looked at together.
 */
typedef struct _ConsoleReader ConsoleReader;

ConsoleReader *console_reader_new            (void);
void           console_reader_free           (ConsoleReader *self);
const char    *console_reader_get_text       (ConsoleReader *self,
                                              ConsolePage   *page,
                                              guint          number);
XmppStanza    *console_reader_get_stanza     (ConsoleReader *self,
                                              ConsolePage   *page,
                                              guint          number);
char          *console_reader_get_attribute  (ConsoleReader *self,
                                              ConsolePage   *page,
                                              guint          number,
                                              const char    *name);
char          *console_reader_get_name       (ConsoleReader *self,
                                              ConsolePage   *page,
                                              guint          number);
void           console_reader_forget         (ConsoleReader *self);

G_END_DECLS
