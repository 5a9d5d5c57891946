/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-account.h"

G_BEGIN_DECLS

#define FLINT_TYPE_ACCOUNT_LIST (flint_account_list_get_type ())

/* A GListModel of FlintAccount, kept in accounts.ini of the configuration directory (0600, replaced
 * whole, never a password; a key that cannot be read falls back alone and is kept). Signal "failed" (const GError *): it could not be written.
 */
G_DECLARE_FINAL_TYPE (FlintAccountList, flint_account_list, FLINT, ACCOUNT_LIST, GObject)

FlintAccountList *flint_account_list_new          (const char        *file_name);
gboolean          flint_account_list_load         (FlintAccountList  *self,
                                                   GError           **error);
void              flint_account_list_add          (FlintAccountList  *self,
                                                   FlintAccount      *account);
void              flint_account_list_remove       (FlintAccountList  *self,
                                                   FlintAccount      *account);
void              flint_account_list_save         (FlintAccountList  *self);
FlintAccount     *flint_account_list_find         (FlintAccountList  *self,
                                                   const char        *id);
FlintAccount     *flint_account_list_find_address (FlintAccountList  *self,
                                                   const char        *address);

G_END_DECLS
