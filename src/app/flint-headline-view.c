/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-headline-view.h"

#include "flint-empty-page.h"
#include "flint-headline-row.h"

#include <glib/gi18n.h>

struct _FlintHeadlineView
{
  AdwBin             parent_instance;

  FlintApplication  *application;
  GtkSelectionModel *model;

  GtkWidget         *stack;
  AdwStatusPage     *empty_page;
  GtkWidget         *list;
};

G_DEFINE_FINAL_TYPE (FlintHeadlineView, flint_headline_view, ADW_TYPE_BIN)

static void
on_setup (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          FlintHeadlineView        *self)
{
  gtk_list_item_set_child (item, flint_headline_row_new ());
}

static void
on_bind (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         FlintHeadlineView        *self)
{
  GtkWidget *row = gtk_list_item_get_child (item);
  FlintHeadline *headline = gtk_list_item_get_item (item);
  g_autofree char *name = g_strdup_printf (_("%s: %s"), flint_headline_get_sender (headline), flint_headline_get_subject (headline));

  flint_headline_row_set_headline (FLINT_HEADLINE_ROW (row), headline);
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (row)), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
on_unbind (GtkSignalListItemFactory *factory,
           GtkListItem              *item,
           FlintHeadlineView        *self)
{
  flint_headline_row_set_headline (FLINT_HEADLINE_ROW (gtk_list_item_get_child (item)), NULL);
}

static void
on_activate (GtkListView       *list,
             guint              position,
             FlintHeadlineView *self)
{
  g_autoptr(FlintHeadline) headline = g_list_model_get_item (G_LIST_MODEL (self->model), position);

  if (self->application != NULL)
    flint_application_show_headlines (self->application, headline);
}

static void
on_items_changed (FlintHeadlineView *self)
{
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack),
                                    g_list_model_get_n_items (G_LIST_MODEL (self->model)) > 0 ? "list" : "empty");
}

/**
 * flint_headline_view_set_model:
 * @model: headlines
 */
void
flint_headline_view_set_model (FlintHeadlineView *self,
                               GtkSelectionModel *model)
{
  g_return_if_fail (FLINT_IS_HEADLINE_VIEW (self));

  g_set_object (&self->model, model);
  gtk_list_view_set_model (GTK_LIST_VIEW (self->list), model);
  g_signal_connect_object (model, "items-changed", G_CALLBACK (on_items_changed), self, G_CONNECT_SWAPPED);
  on_items_changed (self);
}

/**
 * flint_headline_view_set_application:
 *
 * Shows the core's headlines; one click opens one.
 */
void
flint_headline_view_set_application (FlintHeadlineView *self,
                                     FlintApplication  *application)
{
  GListModel *headlines = flint_core_get_headlines (flint_application_get_core (application));
  g_autoptr(GtkSelectionModel) model = GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (headlines)));

  g_return_if_fail (FLINT_IS_HEADLINE_VIEW (self));

  self->application = application;
  gtk_list_view_set_single_click_activate (GTK_LIST_VIEW (self->list), TRUE);
  flint_headline_view_set_model (self, model);
}

static void
flint_headline_view_dispose (GObject *object)
{
  FlintHeadlineView *self = FLINT_HEADLINE_VIEW (object);

  g_clear_object (&self->model);

  G_OBJECT_CLASS (flint_headline_view_parent_class)->dispose (object);
}

static void
flint_headline_view_class_init (FlintHeadlineViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_headline_view_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/headline-view.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintHeadlineView, stack);
  gtk_widget_class_bind_template_child (widget_class, FlintHeadlineView, empty_page);
  gtk_widget_class_bind_template_child (widget_class, FlintHeadlineView, list);
  gtk_widget_class_bind_template_callback (widget_class, on_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_unbind);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
}

static void
flint_headline_view_init (FlintHeadlineView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  flint_empty_page_set_icon (self->empty_page, "flint-headline-symbolic");
}
