/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-group-row.h"

struct _FlintGroupRow
{
  GtkBox        parent_instance;

  FlintTreeRow *row;
  gulong        handler;

  GtkWidget    *arrow_icon;
  GtkWidget    *title_label;
  GtkWidget    *count_label;
  GtkWidget    *unread_label;
};

G_DEFINE_FINAL_TYPE (FlintGroupRow, flint_group_row, GTK_TYPE_BOX)

static void
update (FlintGroupRow *self)
{
  g_autofree char *title = NULL;
  g_autofree char *count = NULL;
  g_autofree char *unread_text = NULL;
  gboolean is_expanded = flint_tree_row_is_expanded (self->row);
  guint online;
  guint total;
  guint unread;

  g_object_get (self->row, "title", &title, "online", &online, "total", &total, "unread", &unread, NULL);
  count = g_strdup_printf ("%u/%u", online, total);
  unread_text = g_strdup_printf ("%u", unread);

  gtk_image_set_from_icon_name (GTK_IMAGE (self->arrow_icon), is_expanded ? "pan-down-symbolic" : "pan-end-symbolic");
  gtk_label_set_label (GTK_LABEL (self->title_label), title);
  gtk_label_set_label (GTK_LABEL (self->count_label), count);
  gtk_label_set_label (GTK_LABEL (self->unread_label), unread_text);
  gtk_widget_set_visible (self->unread_label, unread > 0 && !is_expanded);
}

/**
 * flint_group_row_set_row:
 * @row: (nullable): the group to show
 */
void
flint_group_row_set_row (FlintGroupRow *self,
                         FlintTreeRow  *row)
{
  g_return_if_fail (FLINT_IS_GROUP_ROW (self));

  if (self->row != NULL)
    g_clear_signal_handler (&self->handler, self->row);

  g_set_object (&self->row, row);

  if (row == NULL)
    return;

  self->handler = g_signal_connect_swapped (row, "notify", G_CALLBACK (update), self);
  update (self);
}

static void
flint_group_row_dispose (GObject *object)
{
  flint_group_row_set_row (FLINT_GROUP_ROW (object), NULL);

  G_OBJECT_CLASS (flint_group_row_parent_class)->dispose (object);
}

static void
flint_group_row_class_init (FlintGroupRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_group_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/group-row.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintGroupRow, arrow_icon);
  gtk_widget_class_bind_template_child (widget_class, FlintGroupRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, FlintGroupRow, count_label);
  gtk_widget_class_bind_template_child (widget_class, FlintGroupRow, unread_label);
}

static void
flint_group_row_init (FlintGroupRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
flint_group_row_new (void)
{
  return g_object_new (FLINT_TYPE_GROUP_ROW, NULL);
}
