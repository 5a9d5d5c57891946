/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"

G_BEGIN_DECLS

#define FLINT_TYPE_ACCOUNT_PAGE (flint_account_page_get_type ())

/* The settings of one account, as a page of the preferences */
G_DECLARE_FINAL_TYPE (FlintAccountPage, flint_account_page, FLINT, ACCOUNT_PAGE, AdwBin)

GtkWidget *flint_account_page_new (FlintApplication *application,
                                   FlintAccount     *account);

G_END_DECLS
