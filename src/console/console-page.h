/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-record.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define CONSOLE_PAGE_MAX_RECORDS 250

/* Some entries in a row, by their numbers: what is known of them, and their texts behind one another in
 * memory of the page's own, which goes back to the system as a whole. Full ones can be packed to about a
 * fifth. Counted by references: who holds an entry holds its page.
 */
typedef struct _ConsolePage ConsolePage;

ConsolePage         *console_page_new         (guint                first,
                                               gsize                room);
ConsolePage         *console_page_ref         (ConsolePage         *self);
void                 console_page_unref       (ConsolePage         *self);
gboolean             console_page_add         (ConsolePage         *self,
                                               const ConsoleRecord *record,
                                               const char          *text,
                                               gsize                length);
void                 console_page_close       (ConsolePage         *self);
gboolean             console_page_can_pack    (ConsolePage         *self);
char                *console_page_compress    (ConsolePage         *self,
                                               GConverter          *compressor,
                                               gsize               *length);
void                 console_page_set_packed  (ConsolePage         *self,
                                               char                *packed,
                                               gsize                length);
guint                console_page_get_first   (ConsolePage         *self);
guint                console_page_get_count   (ConsolePage         *self);
gsize                console_page_get_length  (ConsolePage         *self);   /* of all texts */
const ConsoleRecord *console_page_get_record  (ConsolePage         *self,
                                               guint                number);
const char          *console_page_get_texts   (ConsolePage         *self);   /* NULL: packed */
char                *console_page_unpack      (ConsolePage         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConsolePage, console_page_unref)

G_END_DECLS
