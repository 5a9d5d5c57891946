/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"

G_BEGIN_DECLS

/* One change to several contacts, each in its own account. They move in the list together, and what could not be done
 * is said once.
 */
typedef struct _FlintContactChanges FlintContactChanges;

FlintContactChanges *flint_contact_changes_new        (FlintApplication    *application);
void                 flint_contact_changes_set_groups (FlintContactChanges *self,
                                                       FlintContact        *contact,
                                                       const char * const  *groups);
void                 flint_contact_changes_remove     (FlintContactChanges *self,
                                                       FlintContact        *contact);
void                 flint_contact_changes_send       (FlintContactChanges *self);

G_END_DECLS
