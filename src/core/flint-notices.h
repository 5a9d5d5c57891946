/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-history.h"
#include "flint-inbox.h"

G_BEGIN_DECLS

#define FLINT_TYPE_NOTICES (flint_notices_get_type ())

/* Keeps headlines and letters on the disk, with what became of them, and brings them back after a start */
G_DECLARE_FINAL_TYPE (FlintNotices, flint_notices, FLINT, NOTICES, GObject)

FlintNotices *flint_notices_new         (FlintHistory *history,
                                         FlintInbox   *headlines,
                                         FlintInbox   *letters);
void          flint_notices_add_account (FlintNotices *self,
                                         FlintAccount *account);
void          flint_notices_forget      (FlintNotices *self,
                                         gpointer      item);

G_END_DECLS
