/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A directory for us alone, in the user's runtime directory if there is one. It goes, with all that is in it, when it
 * is freed; and when who owned it was killed, with the next one of that name.
 */
typedef struct _DemoDir DemoDir;

DemoDir    *demo_dir_new          (const char  *name,
                                   GError     **error);
void        demo_dir_free         (DemoDir     *self);
const char *demo_dir_get_path     (DemoDir     *self);

/* One that somebody else has made, in the same way, and has left to us */
gboolean    demo_dir_is_left      (const char  *path,
                                   const char  *name);
void        demo_dir_remove       (const char  *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoDir, demo_dir_free)

G_END_DECLS
