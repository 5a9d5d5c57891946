/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core-fixture.h"

G_BEGIN_DECLS

/* The archive of a fake server (XEP-0313): what is put into it, given out page by page, and what a bad one does */
typedef struct
{
  TestAccount *account;
  const char  *address;        /* of whom: our account, or a room */
  GPtrArray   *entries;        /* of owned Entry, in their order */
  guint        n_forgotten;    /* so many of the oldest are not there any more */
  guint        max;            /* it gives no more on a page; 0: as many as asked for */
  gboolean     repeats;        /* each page is the first one */
  gboolean     is_empty;       /* each page is empty, and none is the last */
  guint        n_queries;      /* that it has answered */
  GString     *log;            /* "after=… with=… start=… before=…" of each; "|" between */
} FakeArchive;

FakeArchive *fake_archive_new    (TestAccount *account,
                                  const char  *address);
void         fake_archive_free   (FakeArchive *self);

/* from, to, message id, text; seconds since 2026-01-01. Returns the id in the archive (borrowed). */
const char  *fake_archive_add    (FakeArchive *self,
                                  const char  *from,
                                  const char  *to,
                                  const char  *type,
                                  const char  *id,
                                  const char  *body,
                                  guint        seconds);

/* Waits for the next query and answers it. all: goes on until nothing is asked any more. waiting: only
 * one that is there, for what was said before.
 */
void         fake_archive_answer (FakeArchive *self);
void         fake_archive_answer_all (FakeArchive *self);
void         fake_archive_answer_waiting (FakeArchive *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeArchive, fake_archive_free)

G_END_DECLS
