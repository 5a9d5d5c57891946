/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A directory of its own for a test, which is removed with all that is in it */
char *test_directory_new    (void);
void  test_directory_remove (const char *directory);

G_END_DECLS
