/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-contact.h"

#include <adwaita.h>

G_BEGIN_DECLS

typedef enum
{
  FLINT_DENSITY_COMPACT,
  FLINT_DENSITY_NORMAL,
  FLINT_DENSITY_COMFORTABLE,
} FlintDensity;

#define FLINT_TYPE_CONTACT_ROW (flint_contact_row_get_type ())

/* One contact in the list, in one of three heights */
G_DECLARE_FINAL_TYPE (FlintContactRow, flint_contact_row, FLINT, CONTACT_ROW, GtkBox)

GtkWidget *flint_contact_row_new         (void);
void       flint_contact_row_set_contact (FlintContactRow *self,
                                          FlintContact    *contact);
void       flint_contact_row_set_density (FlintContactRow *self,
                                          FlintDensity     density);
void       flint_contact_row_set_detail  (FlintContactRow *self,
                                          const char      *detail);

G_END_DECLS
