/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What is on the disk is for who owns it alone (security.md, T137). */
void flint_private_folder_keep (const char *path);

G_END_DECLS
