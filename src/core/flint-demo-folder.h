/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where the settings of a Flint are that keeps nothing: a folder for us alone, which goes with us. When we are killed,
 * flint-demo removes it: at once, when it was told of it (flint_demo_server_set_folder ()), else when it starts next.
 */
typedef struct _FlintDemoFolder FlintDemoFolder;

FlintDemoFolder *flint_demo_folder_new      (GError          **error);
void             flint_demo_folder_free     (FlintDemoFolder  *self);
const char      *flint_demo_folder_get_path (FlintDemoFolder  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlintDemoFolder, flint_demo_folder_free)

G_END_DECLS
