/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define DEMO_TYPE_SERVER (demo_server_get_type ())

/* A server program of our own: a directory that only we can read, ports of the loopback, and a process
 * that ends with ours, whatever ends ours. Which program, and how it is told all that, is the caller's.
 *
 * Signal: ended ()   the process ended, and not by us
 */
G_DECLARE_FINAL_TYPE (DemoServer, demo_server, DEMO, SERVER, GObject)

DemoServer *demo_server_new          (const char            *name,
                                      GError               **error);
const char *demo_server_get_dir      (DemoServer            *self);
char       *demo_server_get_path     (DemoServer            *self,
                                      const char            *name);
gboolean    demo_server_make_dir     (DemoServer            *self,
                                      const char            *name,
                                      GError               **error);
gboolean    demo_server_write        (DemoServer            *self,
                                      const char            *name,
                                      const char            *text,
                                      GError               **error);
void        demo_server_set_variable (DemoServer            *self,
                                      const char            *name,
                                      const char            *value);
gboolean    demo_server_find_ports   (guint16               *ports,
                                      guint                  n_ports,
                                      GError               **error);
void        demo_server_start_async  (DemoServer            *self,
                                      const char * const    *argv,
                                      const char            *ready,
                                      const char            *taken,
                                      GCancellable          *cancellable,
                                      GAsyncReadyCallback    callback,
                                      gpointer               user_data);
gboolean    demo_server_start_finish (DemoServer            *self,
                                      GAsyncResult          *result,
                                      GError               **error);
void        demo_server_signal       (DemoServer            *self,
                                      int                    number);
char       *demo_server_get_log      (DemoServer            *self);
void        demo_server_stop         (DemoServer            *self);

G_END_DECLS
