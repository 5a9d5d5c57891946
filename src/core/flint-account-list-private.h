/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-account-list.h"

G_BEGIN_DECLS

void     flint_account_list_flush_async  (FlintAccountList     *self,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);
gboolean flint_account_list_flush_finish (FlintAccountList     *self,
                                          GAsyncResult         *result,
                                          GError              **error);

G_END_DECLS
