/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-contact-view.h"

G_BEGIN_DECLS

void flint_contact_actions_install (FlintContactView *view);
void flint_contact_actions_update  (FlintContactView *view);

G_END_DECLS
