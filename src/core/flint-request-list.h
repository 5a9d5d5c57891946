/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-request.h"

G_BEGIN_DECLS

#define FLINT_TYPE_REQUEST_LIST (flint_request_list_get_type ())

/* Who asks to see us, and has no answer yet: one request for each address and account, and at most 50. It follows
 * the accounts that it is told of.
 *
 * Signals: "received" (FlintRequest *): one more; "failed" (FlintRequest *, const GError *): the answer did not reach
 * the server.
 */
G_DECLARE_FINAL_TYPE (FlintRequestList, flint_request_list, FLINT, REQUEST_LIST, GObject)

FlintRequestList *flint_request_list_new            (void);
GListModel       *flint_request_list_get_items      (FlintRequestList *self);
void              flint_request_list_add_account    (FlintRequestList *self,
                                                     FlintAccount     *account);
void              flint_request_list_remove_account (FlintRequestList *self,
                                                     FlintAccount     *account);

G_END_DECLS
