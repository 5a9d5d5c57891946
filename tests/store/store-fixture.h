/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-database.h"

G_BEGIN_DECLS

/* A database in a folder of its own, and what it said of itself. Calls wait in the main loop until they ended. */
typedef struct
{
  char          *directory;
  char          *path;
  StoreDatabase *database;      /* NULL: closed */
  guint          n_failures;    /* how often "failure" was notified */
  guint          n_salvages;
  char          *aside;         /* of the last salvage */
  guint          n_rows;
} StoreFixture;

StoreFixture *store_fixture_new            (void);
void          store_fixture_free           (StoreFixture         *self);
void          store_fixture_open           (StoreFixture         *self);
void          store_fixture_close          (StoreFixture         *self);
gboolean      store_fixture_try_close      (StoreFixture         *self,
                                            GError              **error);

gboolean      store_fixture_run            (StoreFixture         *self,
                                            StoreAccess           access,
                                            StoreWork             work,
                                            gpointer              data,
                                            GError              **error);
gboolean      store_fixture_exec           (StoreFixture         *self,
                                            const char           *sql,
                                            GError              **error);
gint64        store_fixture_get_int        (StoreFixture         *self,
                                            const char           *sql);
void          store_fixture_push           (StoreFixture         *self,
                                            StoreAccess           access,
                                            StoreWork             work,
                                            gpointer              data,
                                            GCancellable         *cancellable,
                                            GAsyncResult        **result);
void          store_fixture_push_exec      (StoreFixture         *self,
                                            const char           *sql,
                                            GAsyncResult        **result);
void          store_fixture_on_result      (GObject              *object,
                                            GAsyncResult         *result,
                                            gpointer              user_data);
GAsyncResult *store_fixture_wait           (GAsyncResult        **result);
gboolean      store_fixture_finish         (GAsyncResult        **result,
                                            GError              **error);

/* Of the file, while nobody has it open */
char         *store_fixture_look           (const char           *path,
                                            const char           *sql);
gint64        store_fixture_look_int       (const char           *path,
                                            const char           *sql);
void          store_fixture_check_file     (const char           *path);

guint         store_fixture_count_threads  (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreFixture, store_fixture_free)

G_END_DECLS
