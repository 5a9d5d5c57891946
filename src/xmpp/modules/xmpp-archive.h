/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0313: Message Archive Management, with the paging of XEP-0059 */
#pragma once

#include "xmpp-module.h"

G_BEGIN_DECLS

/* What is asked of an archive: one page. Strings and addresses are the caller's. */
typedef struct
{
  XmppJid    *archive;    /* NULL: our account's own; else a room, bare */
  XmppJid    *with;       /* NULL: whoever; bare: from or to any device of that address */
  gint64      start;      /* µs since 1970, inclusive; 0: no bound */
  gint64      end;
  const char *after;      /* id: what comes behind it. NULL: from the beginning */
  const char *before;     /* id: what comes before it; "": the last page. Not together with after */
  guint       max;        /* messages on a page; 0: as the archive likes. It may give fewer. */
} XmppArchiveQuery;

typedef struct
{
  GPtrArray *messages;    /* of XmppMessage, with archive_id and time; in the order of the archive */
  char      *first;       /* id of the first and of the last one on the page; NULL: it is empty */
  char      *last;
  gboolean   is_complete; /* there are no others in that direction */
  gboolean   is_stable;   /* FALSE: asked later it may be another page */
  gint64     count;       /* in all; -1: not said. What is said need not be true. */
  guint      n_dropped;   /* that made no sense, or that the archive has no right to */
} XmppArchivePage;

#define XMPP_TYPE_ARCHIVE_PAGE (xmpp_archive_page_get_type ())
#define XMPP_TYPE_ARCHIVE      (xmpp_archive_get_type ())

G_DECLARE_FINAL_TYPE (XmppArchive, xmpp_archive, XMPP, ARCHIVE, XmppModule)

GType            xmpp_archive_page_get_type (void);
XmppArchivePage *xmpp_archive_page_ref      (XmppArchivePage         *self);
void             xmpp_archive_page_unref    (XmppArchivePage         *self);
void             xmpp_archive_query_async   (XmppArchive             *self,
                                             const XmppArchiveQuery  *query,
                                             GCancellable            *cancellable,
                                             GAsyncReadyCallback      callback,
                                             gpointer                 user_data);
XmppArchivePage *xmpp_archive_query_finish  (XmppArchive             *self,
                                             GAsyncResult            *result,
                                             GError                 **error);
gboolean         xmpp_archive_page_get_next (const XmppArchivePage   *self,
                                             const XmppArchiveQuery  *query,
                                             const char             **id,
                                             GError                 **error);
void             xmpp_archive_check_async   (XmppArchive             *self,
                                             XmppJid                 *archive,
                                             GCancellable            *cancellable,
                                             GAsyncReadyCallback      callback,
                                             gpointer                 user_data);
gboolean         xmpp_archive_check_finish  (XmppArchive             *self,
                                             GAsyncResult            *result,
                                             GError                 **error);
gboolean         xmpp_archive_is_known      (XmppArchive             *self,
                                             const XmppJid           *archive);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppArchivePage, xmpp_archive_page_unref)

G_END_DECLS
