/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-account-row.h"

#include "flint-countdown.h"
#include "flint-lazy-menu.h"
#include "flint-presence-image.h"

#include <glib/gi18n.h>

struct _FlintAccountRow
{
  GtkBox              parent_instance;

  FlintTreeRow       *row;
  gulong              row_handler;
  FlintAccount       *account;
  gulong              account_handler;
  FlintCountdown     *countdown;
  GSimpleActionGroup *actions;

  GtkWidget          *arrow_icon;
  GtkWidget          *presence_icon;
  GtkWidget          *title_label;
  GtkWidget          *state_label;
  GtkWidget          *insecure_icon;
  GtkWidget          *menu_button;
  GMenuModel         *account_menu;
};

G_DEFINE_FINAL_TYPE (FlintAccountRow, flint_account_row, GTK_TYPE_BOX)

static void
update (FlintAccountRow *self)
{
  g_autofree char *state = flint_account_describe_state (self->account);
  gboolean is_online = flint_account_is_online (self->account);
  int security;

  g_object_get (self->account, "security", &security, NULL);

  gtk_image_set_from_icon_name (GTK_IMAGE (self->arrow_icon),
                                flint_tree_row_is_expanded (self->row) ? "pan-down-symbolic" : "pan-end-symbolic");
  gtk_label_set_label (GTK_LABEL (self->title_label), flint_account_get_label (self->account));
  gtk_label_set_label (GTK_LABEL (self->state_label), state);
  gtk_widget_set_visible (self->insecure_icon, security == XMPP_SECURITY_DISABLED);
  flint_presence_image_set_class (GTK_IMAGE (self->presence_icon),
                                  flint_account_get_state (self->account) == FLINT_ACCOUNT_FAILED ? "error"
                                  : is_online ? flint_status_get_css_class (flint_account_get_status (self->account))
                                  : "offline");

  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), "connect")),
                               flint_account_get_state (self->account) == FLINT_ACCOUNT_OFFLINE ||
                               flint_account_get_state (self->account) == FLINT_ACCOUNT_FAILED);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), "disconnect")),
                               flint_account_get_state (self->account) != FLINT_ACCOUNT_OFFLINE);
}

static void
on_connect (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  FlintAccountRow *self = user_data;

  flint_account_connect (self->account);
}

static void
on_disconnect (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  FlintAccountRow *self = user_data;

  flint_account_disconnect (self->account);
}

/**
 * flint_account_row_set_row:
 * @row: (nullable): the account to show
 */
void
flint_account_row_set_row (FlintAccountRow *self,
                           FlintTreeRow    *row)
{
  g_return_if_fail (FLINT_IS_ACCOUNT_ROW (self));

  if (self->row != NULL)
    {
      g_clear_signal_handler (&self->row_handler, self->row);
      g_clear_signal_handler (&self->account_handler, self->account);
    }

  g_set_object (&self->row, row);
  g_set_object (&self->account, (row != NULL ? flint_tree_row_get_account (row) : NULL));
  flint_countdown_set_account (self->countdown, self->account);

  if (row == NULL)
    return;

  self->row_handler = g_signal_connect_swapped (row, "notify", G_CALLBACK (update), self);
  self->account_handler = g_signal_connect_swapped (self->account, "notify", G_CALLBACK (update), self);
  update (self);
}

/**
 * flint_account_row_new_insecure_mark:
 *
 * Returns: (transfer floating): what marks an account that is not encrypted, wherever there is a list of them
 */
GtkWidget *
flint_account_row_new_insecure_mark (void)
{
  GtkWidget *mark = gtk_image_new_from_icon_name ("flint-unlock-symbolic");

  gtk_widget_add_css_class (mark, "error");
  gtk_widget_set_tooltip_text (mark, _("Not encrypted: everyone on the way can read and change what is written"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (mark), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Not encrypted"), -1);

  return mark;
}

/**
 * flint_account_row_show_menu:
 *
 * Opens the account's menu, as its button does.
 */
void
flint_account_row_show_menu (FlintAccountRow *self)
{
  g_return_if_fail (FLINT_IS_ACCOUNT_ROW (self));

  gtk_menu_button_popup (GTK_MENU_BUTTON (self->menu_button));
}

static void
flint_account_row_dispose (GObject *object)
{
  FlintAccountRow *self = FLINT_ACCOUNT_ROW (object);

  if (self->countdown != NULL)
    flint_account_row_set_row (self, NULL);
  g_clear_object (&self->countdown);
  g_clear_object (&self->actions);

  G_OBJECT_CLASS (flint_account_row_parent_class)->dispose (object);
}

static void
flint_account_row_class_init (FlintAccountRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_account_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/account-row.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintAccountRow, arrow_icon);
  gtk_widget_class_bind_template_child (widget_class, FlintAccountRow, presence_icon);
  gtk_widget_class_bind_template_child (widget_class, FlintAccountRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, FlintAccountRow, state_label);
  gtk_widget_class_bind_template_child (widget_class, FlintAccountRow, insecure_icon);
  gtk_widget_class_bind_template_child (widget_class, FlintAccountRow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, FlintAccountRow, account_menu);
}

static void
flint_account_row_init (FlintAccountRow *self)
{
  static const GActionEntry entries[] = {
    { "connect",    on_connect },
    { "disconnect", on_disconnect },
  };

  gtk_widget_init_template (GTK_WIDGET (self));
  flint_lazy_menu_set (GTK_MENU_BUTTON (self->menu_button), self->account_menu);

  self->countdown = flint_countdown_new (GTK_WIDGET (self));
  g_signal_connect_object (self->countdown, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "account", G_ACTION_GROUP (self->actions));
}

GtkWidget *
flint_account_row_new (void)
{
  return g_object_new (FLINT_TYPE_ACCOUNT_ROW, NULL);
}
