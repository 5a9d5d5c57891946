/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-chat-window.h"

#include "flint-window-size.h"

struct _FlintChatWindow
{
  AdwApplicationWindow  parent_instance;

  FlintChatPane        *pane;
};

G_DEFINE_FINAL_TYPE (FlintChatWindow, flint_chat_window, ADW_TYPE_APPLICATION_WINDOW)

/**
 * flint_chat_window_get_page:
 *
 * Returns: (transfer none) (nullable): the page that is shown
 */
FlintChatPage *
flint_chat_window_get_page (FlintChatWindow *self)
{
  g_return_val_if_fail (FLINT_IS_CHAT_WINDOW (self), NULL);

  return flint_chat_pane_get_page (self->pane);
}

/**
 * flint_chat_window_toast:
 * @text: a sentence, never markup
 */
void
flint_chat_window_toast (FlintChatWindow *self,
                         const char      *text)
{
  g_return_if_fail (FLINT_IS_CHAT_WINDOW (self));

  flint_chat_pane_toast (self->pane, text);
}

static void
on_title (FlintChatWindow *self)
{
  g_autofree char *title = flint_chat_pane_make_title (self->pane);

  if (title != NULL)
    gtk_window_set_title (GTK_WINDOW (self), title);
}

static gboolean
flint_chat_window_close_request (GtkWindow *window)
{
  if (!flint_chat_pane_may_close (FLINT_CHAT_WINDOW (window)->pane))
    return GDK_EVENT_STOP;

  return GTK_WINDOW_CLASS (flint_chat_window_parent_class)->close_request (window);
}

static void
flint_chat_window_class_init (FlintChatWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (FLINT_TYPE_CHAT_PANE);

  GTK_WINDOW_CLASS (klass)->close_request = flint_chat_window_close_request;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/chat-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintChatWindow, pane);
  gtk_widget_class_bind_template_callback (widget_class, on_title);
}

static void
flint_chat_window_init (FlintChatWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
flint_chat_window_new (FlintApplication *application)
{
  FlintChatWindow *self = g_object_new (FLINT_TYPE_CHAT_WINDOW, "application", application, NULL);

  flint_chat_pane_set_application (self->pane, application);
  flint_window_size_bind (GTK_WINDOW (self), flint_application_get_settings (application), "chat-window-size");

  return GTK_WINDOW (self);
}
