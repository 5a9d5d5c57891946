/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-long-text.h"

#include "flint-link-label.h"
#include "flint-text.h"
#include "flint-whole-text-window.h"

#define MAX_SHOWN (8 * 1024)   /* bytes in one label: it is laid out at once, and the main loop waits for it (T068) */
#define MAX_LINES 200          /* T069 */

struct _FlintLongText
{
  GtkBox     parent_instance;

  char      *title;
  char      *text;          /* as it came */

  GtkWidget *body;
  GtkWidget *more_button;
};

G_DEFINE_FINAL_TYPE (FlintLongText, flint_long_text, GTK_TYPE_BOX)

static void
on_more (FlintLongText *self)
{
  gtk_window_present (flint_whole_text_window_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->title, self->text));
}

static void
flint_long_text_finalize (GObject *object)
{
  FlintLongText *self = FLINT_LONG_TEXT (object);

  g_free (self->title);
  g_free (self->text);

  G_OBJECT_CLASS (flint_long_text_parent_class)->finalize (object);
}

static void
flint_long_text_class_init (FlintLongTextClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = flint_long_text_finalize;

  g_type_ensure (FLINT_TYPE_LINK_LABEL);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/long-text.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintLongText, body);
  gtk_widget_class_bind_template_child (widget_class, FlintLongText, more_button);
  gtk_widget_class_bind_template_callback (widget_class, on_more);
}

static void
flint_long_text_init (FlintLongText *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * flint_long_text_set_text:
 * @title: of the window that shows all of it
 * @text: (nullable): what to show, as it came
 */
void
flint_long_text_set_text (FlintLongText *self,
                          const char    *title,
                          const char    *text)
{
  g_autofree char *first = NULL;
  g_autofree char *shown = NULL;
  gsize length;

  g_return_if_fail (FLINT_IS_LONG_TEXT (self));

  if (text == NULL)
    text = "";

  length = flint_text_find_cut (text, MAX_SHOWN, MAX_LINES);
  first = g_strndup (text, length);
  shown = flint_text_for_body (first, 0, NULL);
  flint_link_label_set_text (FLINT_LINK_LABEL (self->body), shown);
  gtk_widget_set_visible (self->more_button, text[length] != '\0');

  g_free (self->title);
  g_free (self->text);
  self->title = g_strdup (title);
  self->text = g_strdup (text);
}
