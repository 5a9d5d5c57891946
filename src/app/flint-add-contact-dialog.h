/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"

G_BEGIN_DECLS

#define FLINT_TYPE_ADD_CONTACT_DIALOG (flint_add_contact_dialog_get_type ())

G_DECLARE_FINAL_TYPE (FlintAddContactDialog, flint_add_contact_dialog, FLINT, ADD_CONTACT_DIALOG, AdwWindow)

GtkWindow *flint_add_contact_dialog_new (FlintApplication *application, GtkWindow *parent, FlintAccount *account, XmppJid *jid, const char *group);

G_END_DECLS
