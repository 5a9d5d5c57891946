/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-safe-dialog.h"

static void
focus_default (GtkWidget *dialog)
{
  GtkWidget *widget = gtk_window_get_default_widget (GTK_WINDOW (dialog));

  if (widget != NULL)
    gtk_widget_grab_focus (widget);
}

/* With its first size it may set its answers one above the other, and the focus is at the first one again. */
static gboolean
on_frame (GtkWidget     *dialog,
          GdkFrameClock *clock,
          gpointer       first_frame)
{
  if (gdk_frame_clock_get_frame_counter (clock) < (gint64) GPOINTER_TO_SIZE (first_frame) + 2)
    return G_SOURCE_CONTINUE;

  focus_default (dialog);

  return G_SOURCE_REMOVE;
}

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
  g_return_if_fail (ADW_IS_MESSAGE_DIALOG (dialog));

  gtk_window_present (GTK_WINDOW (dialog));
  focus_default (dialog);
  gtk_widget_add_tick_callback (dialog, on_frame,
                                GSIZE_TO_POINTER (gdk_frame_clock_get_frame_counter (gtk_widget_get_frame_clock (dialog))), NULL);
}
