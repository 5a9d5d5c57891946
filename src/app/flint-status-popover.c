/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-status-popover.h"

#include "flint-presence-image.h"

#include <glib/gi18n.h>

struct _FlintStatusPopover
{
  GtkPopover        parent_instance;

  FlintApplication *application;

  GtkWidget        *status_message_entry;
  GtkWidget        *status_list;
  GtkWidget        *saved_separator;
  GtkWidget        *saved_heading;
  GtkWidget        *saved_status_list;
};

G_DEFINE_FINAL_TYPE (FlintStatusPopover, flint_status_popover, GTK_TYPE_POPOVER)

static const struct
{
  XmppShow show;
  gboolean is_invisible;
} choices[] = {
  { XMPP_SHOW_CHAT,      FALSE },
  { XMPP_SHOW_AVAILABLE, FALSE },
  { XMPP_SHOW_AWAY,      FALSE },
  { XMPP_SHOW_XA,        FALSE },
  { XMPP_SHOW_DND,       FALSE },
  { XMPP_SHOW_AVAILABLE, TRUE  },
};

/* Settings */

static FlintStatus *
status_from_kind (const char *kind,
                  const char *text)
{
  if (g_str_equal (kind, "invisible"))
    return flint_status_new (XMPP_SHOW_AVAILABLE, text, TRUE);

  return flint_status_new (g_str_equal (kind, "available") ? XMPP_SHOW_AVAILABLE : xmpp_show_from_string (kind), text, FALSE);
}

/**
 * flint_status_load_last:
 *
 * Returns: (transfer full): the status that was chosen last
 */
FlintStatus *
flint_status_load_last (FlintApplication *application)
{
  GSettings *settings = flint_application_get_settings (application);
  g_autofree char *kind = g_settings_get_string (settings, "status-show");
  g_autofree char *text = g_settings_get_string (settings, "status-text");

  return status_from_kind (kind, text);
}

/**
 * flint_status_load_saved:
 *
 * Returns: (transfer full) (element-type FlintStatus): the statuses that the person keeps
 */
GPtrArray *
flint_status_load_saved (FlintApplication *application)
{
  g_autoptr(GVariant) saved = g_settings_get_value (flint_application_get_settings (application), "saved-statuses");
  GPtrArray *statuses = g_ptr_array_new_with_free_func (g_object_unref);
  GVariantIter iter;
  const char *kind;
  const char *text;

  g_variant_iter_init (&iter, saved);
  while (g_variant_iter_next (&iter, "(&s&s)", &kind, &text))
    g_ptr_array_add (statuses, status_from_kind (kind, text));

  return statuses;
}

void
flint_status_save_all (FlintApplication *application,
                       GPtrArray        *statuses)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ss)"));
  for (guint i = 0; i < statuses->len; i++)
    {
      FlintStatus *status = g_ptr_array_index (statuses, i);
      const char *text = flint_status_get_text (status);

      g_variant_builder_add (&builder, "(ss)", flint_status_get_css_class (status), text != NULL ? text : "");
    }

  g_settings_set_value (flint_application_get_settings (application), "saved-statuses", g_variant_builder_end (&builder));
}

/**
 * flint_status_apply:
 *
 * Takes @status for every account, and keeps it for the next start.
 */
void
flint_status_apply (FlintApplication *application,
                    FlintStatus      *status)
{
  GListModel *accounts = G_LIST_MODEL (flint_core_get_accounts (flint_application_get_core (application)));
  GSettings *settings = flint_application_get_settings (application);
  const char *text = flint_status_get_text (status);

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(FlintAccount) account = g_list_model_get_item (accounts, i);

      flint_account_set_status (account, status);
    }

  if (flint_status_get_show (status) == XMPP_SHOW_OFFLINE)
    return;

  g_settings_set_string (settings, "status-show", flint_status_get_css_class (status));
  g_settings_set_string (settings, "status-text", text != NULL ? text : "");
}

/* Rows */

static GtkWidget *
new_row (FlintStatus *status,
         const char  *title,
         gboolean     is_current)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *icon = gtk_image_new ();
  GtkWidget *label = gtk_label_new (title);
  GtkWidget *check = gtk_image_new_from_icon_name ("object-select-symbolic");

  flint_presence_image_set_class (GTK_IMAGE (icon), flint_status_get_css_class (status));
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_visible (check, is_current);
  gtk_widget_add_css_class (check, "spark");
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), check);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_object_set_data_full (G_OBJECT (row), "status", g_object_ref (status), g_object_unref);

  return row;
}

static void
clear (GtkWidget *list)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (list)))
    gtk_list_box_remove (GTK_LIST_BOX (list), row);
}

static FlintStatus *
get_current (FlintStatusPopover *self)
{
  FlintAccount *account = flint_application_get_default_account (self->application);

  return account != NULL && flint_account_is_online (account) ? flint_account_get_status (account) : NULL;
}

static void
fill (FlintStatusPopover *self)
{
  g_autoptr(GPtrArray) saved = flint_status_load_saved (self->application);
  g_autoptr(FlintStatus) offline = flint_status_new (XMPP_SHOW_OFFLINE, NULL, FALSE);
  FlintStatus *current = get_current (self);
  const char *text = current != NULL ? flint_status_get_text (current) : NULL;

  clear (self->status_list);
  clear (self->saved_status_list);
  gtk_editable_set_text (GTK_EDITABLE (self->status_message_entry), text != NULL ? text : "");

  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      g_autoptr(FlintStatus) status = flint_status_new (choices[i].show, NULL, choices[i].is_invisible);
      gboolean is_current = current != NULL &&
                            g_str_equal (flint_status_get_css_class (current), flint_status_get_css_class (status));

      gtk_list_box_append (GTK_LIST_BOX (self->status_list), new_row (status, flint_status_get_label (status), is_current));
    }
  gtk_list_box_append (GTK_LIST_BOX (self->status_list), new_row (offline, flint_status_get_label (offline), current == NULL));

  for (guint i = 0; i < saved->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (self->saved_status_list),
                         new_row (g_ptr_array_index (saved, i), flint_status_get_text (g_ptr_array_index (saved, i)), FALSE));

  gtk_widget_set_visible (self->saved_separator, saved->len > 0);
  gtk_widget_set_visible (self->saved_heading, saved->len > 0);
  gtk_widget_set_visible (self->saved_status_list, saved->len > 0);
}

/* The choice keeps the message that stands in the entry. */
static void
on_status_activated (GtkListBox         *list,
                     GtkListBoxRow      *row,
                     FlintStatusPopover *self)
{
  FlintStatus *chosen = g_object_get_data (G_OBJECT (row), "status");
  g_autoptr(FlintStatus) status = flint_status_new (flint_status_get_show (chosen),
                                                    gtk_editable_get_text (GTK_EDITABLE (self->status_message_entry)),
                                                    flint_status_is_invisible (chosen));

  flint_status_apply (self->application, status);
  gtk_popover_popdown (GTK_POPOVER (self));
}

static void
on_saved_activated (GtkListBox         *list,
                    GtkListBoxRow      *row,
                    FlintStatusPopover *self)
{
  flint_status_apply (self->application, g_object_get_data (G_OBJECT (row), "status"));
  gtk_popover_popdown (GTK_POPOVER (self));
}

static void
on_message_activated (FlintStatusPopover *self)
{
  FlintStatus *current = get_current (self);
  g_autoptr(FlintStatus) status = flint_status_new (current != NULL ? flint_status_get_show (current) : XMPP_SHOW_AVAILABLE,
                                                    gtk_editable_get_text (GTK_EDITABLE (self->status_message_entry)),
                                                    current != NULL && flint_status_is_invisible (current));

  flint_status_apply (self->application, status);
  gtk_popover_popdown (GTK_POPOVER (self));
}

static void
on_clear_message (FlintStatusPopover *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->status_message_entry), "");
  on_message_activated (self);
}

static void
on_edit (FlintStatusPopover *self)
{
  gtk_popover_popdown (GTK_POPOVER (self));
}

static void
flint_status_popover_class_init (FlintStatusPopoverClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/status-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintStatusPopover, status_message_entry);
  gtk_widget_class_bind_template_child (widget_class, FlintStatusPopover, status_list);
  gtk_widget_class_bind_template_child (widget_class, FlintStatusPopover, saved_separator);
  gtk_widget_class_bind_template_child (widget_class, FlintStatusPopover, saved_heading);
  gtk_widget_class_bind_template_child (widget_class, FlintStatusPopover, saved_status_list);
  gtk_widget_class_bind_template_callback (widget_class, fill);
  gtk_widget_class_bind_template_callback (widget_class, on_status_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_saved_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_message_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_clear_message);
  gtk_widget_class_bind_template_callback (widget_class, on_edit);
}

static void
flint_status_popover_init (FlintStatusPopover *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
flint_status_popover_new (FlintApplication *application)
{
  FlintStatusPopover *self = g_object_new (FLINT_TYPE_STATUS_POPOVER, NULL);

  self->application = application;

  return GTK_WIDGET (self);
}
