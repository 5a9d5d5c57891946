/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-database.h"

G_BEGIN_DECLS

/* The thread of a database. It ends when it is told to, and frees itself; what is reported comes in the thread. */
typedef struct _StoreWorker StoreWorker;

typedef struct
{
  /* failure: (nullable) (transfer none) */
  void (*failed)   (const GError *failure,
                    gpointer      user_data);
  void (*salvaged) (const char   *aside,
                    guint         n_rows,
                    gpointer      user_data);
} StoreWorkerFuncs;

StoreWorker *store_worker_start (const char             *path,
                                 const StoreWorkerFuncs *funcs,
                                 gpointer                user_data,
                                 GDestroyNotify          destroy);
void         store_worker_push  (StoreWorker            *self,
                                 StoreAccess             access,
                                 StoreWork               work,
                                 GTask                  *task);
void         store_worker_stop  (StoreWorker            *self,
                                 GTask                  *task);

G_END_DECLS
