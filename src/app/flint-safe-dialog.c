/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-safe-dialog.h"

/**
 * flint_safe_dialog_present:
 * @dialog: a #AdwMessageDialog with a default response
 *
 * Shows it with the keyboard at the default answer. Without that it is at the first button, and where the answers
 * are long, and stand one above the other, the first is the last one that was added: the one that does harm.
 */
void
flint_safe_dialog_present (GtkWidget *dialog)
{
  GtkWidget *widget;

  g_return_if_fail (ADW_IS_MESSAGE_DIALOG (dialog));

  gtk_window_present (GTK_WINDOW (dialog));
  if ((widget = gtk_window_get_default_widget (GTK_WINDOW (dialog))))
    gtk_widget_grab_focus (widget);
}
