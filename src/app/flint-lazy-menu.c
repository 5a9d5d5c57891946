/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-lazy-menu.h"

static void
make (GtkMenuButton *button,
      gpointer       user_data)
{
  GMenuModel *model = user_data;

  if (gtk_menu_button_get_menu_model (button) != model)
    gtk_menu_button_set_menu_model (button, model);
}

/**
 * flint_lazy_menu_set:
 * @model: what @button opens
 */
void
flint_lazy_menu_set (GtkMenuButton *button,
                     GMenuModel    *model)
{
  g_return_if_fail (GTK_IS_MENU_BUTTON (button));
  g_return_if_fail (G_IS_MENU_MODEL (model));

  gtk_menu_button_set_create_popup_func (button, make, g_object_ref (model), g_object_unref);
}
