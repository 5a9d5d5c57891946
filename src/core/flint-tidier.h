/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-account-list.h"

G_BEGIN_DECLS

#define FLINT_TYPE_TIDIER (flint_tidier_get_type ())

/* Gives back the memory that logging in needed and being online does not: it is free, but the C library keeps it, 4 MB with
 * 10,000 contacts. That is done once all accounts have come to rest. "tidied" is emitted when it was done.
 */
G_DECLARE_FINAL_TYPE (FlintTidier, flint_tidier, FLINT, TIDIER, GObject)

FlintTidier *flint_tidier_new       (FlintAccountList *accounts);
void         flint_tidier_set_delay (FlintTidier      *self,
                                     guint             milliseconds);

G_END_DECLS
