/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"
#include "flint-contact-row.h"

G_BEGIN_DECLS

#define FLINT_TYPE_CONTACT_VIEW (flint_contact_view_get_type ())

/* The contact tree on screen: rows, selection, keys, menu, drag and drop, hover card. The actions
 * "contact.*" and "group.*" are flint-contact-actions.c's.
 */
G_DECLARE_FINAL_TYPE (FlintContactView, flint_contact_view, FLINT, CONTACT_VIEW, AdwBin)

void              flint_contact_view_set_application       (FlintContactView *self,
                                                            FlintApplication *application);
FlintApplication *flint_contact_view_get_application       (FlintContactView *self);
void              flint_contact_view_set_density           (FlintContactView *self,
                                                            FlintDensity      density);
FlintTreeRow     *flint_contact_view_get_selected          (FlintContactView *self);
GPtrArray        *flint_contact_view_get_selected_rows     (FlintContactView *self);
GPtrArray        *flint_contact_view_get_selected_contacts (FlintContactView *self);
gboolean          flint_contact_view_has_several           (FlintContactView *self);
gboolean          flint_contact_view_is_online             (FlintContactView *self);
void              flint_contact_view_unselect_all          (FlintContactView *self);
void              flint_contact_view_activate_first        (FlintContactView *self);

G_END_DECLS
