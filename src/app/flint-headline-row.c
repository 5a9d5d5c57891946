/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-headline-row.h"

#include "flint-time.h"

struct _FlintHeadlineRow
{
  GtkBox         parent_instance;

  FlintHeadline *headline;
  gulong         handler;

  GtkWidget     *unread_dot;
  GtkWidget     *subject_label;
  GtkWidget     *official_icon;
  GtkWidget     *sender_label;
  GtkWidget     *time_label;
};

G_DEFINE_FINAL_TYPE (FlintHeadlineRow, flint_headline_row, GTK_TYPE_BOX)

static void
update (FlintHeadlineRow *self)
{
  gboolean is_unread = flint_headline_is_unread (self->headline);

  /* the dot keeps its place: nothing moves when it is read */
  gtk_widget_set_opacity (self->unread_dot, is_unread ? 1.0 : 0.0);
  if (is_unread)
    gtk_widget_add_css_class (GTK_WIDGET (self), "unread");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "unread");
}

/**
 * flint_headline_row_set_headline:
 * @headline: (nullable): what to show
 */
void
flint_headline_row_set_headline (FlintHeadlineRow *self,
                                 FlintHeadline    *headline)
{
  g_autofree char *time = NULL;

  g_return_if_fail (FLINT_IS_HEADLINE_ROW (self));

  if (self->headline != NULL)
    g_clear_signal_handler (&self->handler, self->headline);

  g_set_object (&self->headline, headline);
  if (headline == NULL)
    return;

  time = flint_time_format_short (flint_headline_get_time (headline));
  gtk_label_set_label (GTK_LABEL (self->subject_label), flint_headline_get_subject (headline));
  gtk_label_set_label (GTK_LABEL (self->sender_label), flint_headline_get_sender (headline));
  gtk_label_set_label (GTK_LABEL (self->time_label), time);
  gtk_widget_set_visible (self->official_icon, flint_headline_is_official (headline));
  self->handler = g_signal_connect_swapped (headline, "notify::is-unread", G_CALLBACK (update), self);
  update (self);
}

static void
flint_headline_row_dispose (GObject *object)
{
  flint_headline_row_set_headline (FLINT_HEADLINE_ROW (object), NULL);

  G_OBJECT_CLASS (flint_headline_row_parent_class)->dispose (object);
}

static void
flint_headline_row_class_init (FlintHeadlineRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_headline_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/headline-row.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintHeadlineRow, unread_dot);
  gtk_widget_class_bind_template_child (widget_class, FlintHeadlineRow, subject_label);
  gtk_widget_class_bind_template_child (widget_class, FlintHeadlineRow, official_icon);
  gtk_widget_class_bind_template_child (widget_class, FlintHeadlineRow, sender_label);
  gtk_widget_class_bind_template_child (widget_class, FlintHeadlineRow, time_label);
}

static void
flint_headline_row_init (FlintHeadlineRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
flint_headline_row_new (void)
{
  return g_object_new (FLINT_TYPE_HEADLINE_ROW, NULL);
}
