/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-account.h"

G_BEGIN_DECLS

#define FLINT_TYPE_DEMO_SERVER (flint_demo_server_get_type ())

/* The embedded server with its people: runs flint-demo, and ends it with itself. Signal "ended" (const GError *). */
G_DECLARE_FINAL_TYPE (FlintDemoServer, flint_demo_server, FLINT, DEMO_SERVER, GObject)

gboolean         flint_demo_server_is_available (void);
FlintDemoServer *flint_demo_server_new          (const char            *program);   /* NULL: the installed one */
void             flint_demo_server_set_folder   (FlintDemoServer       *self,
                                                 const char            *path);      /* goes with it */
void             flint_demo_server_start_async  (FlintDemoServer       *self,
                                                 GCancellable          *cancellable,
                                                 GAsyncReadyCallback    callback,
                                                 gpointer               user_data);
FlintAccount    *flint_demo_server_start_finish (FlintDemoServer       *self,
                                                 GAsyncResult          *result,
                                                 GError               **error);
const char      *flint_demo_server_get_room     (FlintDemoServer       *self);
void             flint_demo_server_stop         (FlintDemoServer       *self);

G_END_DECLS
