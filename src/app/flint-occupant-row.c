/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-occupant-row.h"

#include "flint-presence-image.h"

#include <adwaita.h>

struct _FlintOccupantRow
{
  GtkBox         parent_instance;

  FlintOccupant *occupant;
  gulong         handler;

  GtkWidget     *avatar;
  GtkWidget     *presence_icon;
  GtkWidget     *nickname_label;
  GtkWidget     *role_icon;
};

G_DEFINE_FINAL_TYPE (FlintOccupantRow, flint_occupant_row, GTK_TYPE_BOX)

static void
update_role (FlintOccupantRow *self)
{
  FlintRank rank = flint_occupant_get_rank (self->occupant);
  const char *label = flint_rank_get_label (rank);

  gtk_widget_set_visible (self->role_icon, label != NULL);
  if (label != NULL)
    {
      gtk_image_set_from_icon_name (GTK_IMAGE (self->role_icon), flint_rank_get_icon_name (rank));
      gtk_widget_set_tooltip_text (self->role_icon, label);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->role_icon), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    }
}

/* What is seen beside the name is said with it */
static void
update_name (FlintOccupantRow *self)
{
  GtkWidget *row = gtk_widget_get_parent (GTK_WIDGET (self));
  const char *role = gtk_widget_get_visible (self->role_icon) ? gtk_widget_get_tooltip_text (self->role_icon) : NULL;
  g_autofree char *name = g_strjoin (", ", flint_occupant_get_nick (self->occupant),
                                     flint_show_get_label (flint_occupant_get_show (self->occupant)), role, NULL);

  if (row != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
update (FlintOccupantRow *self)
{
  const char *nick = flint_occupant_get_nick (self->occupant);
  g_autofree char *status = NULL;
  g_autoptr(XmppJid) real_jid = NULL;
  gboolean is_self;

  g_object_get (self->occupant, "status-text", &status, "real-jid", &real_jid, "is-self", &is_self, NULL);

  adw_avatar_set_text (ADW_AVATAR (self->avatar), nick);
  gtk_label_set_label (GTK_LABEL (self->nickname_label), nick);
  if (is_self)
    gtk_widget_add_css_class (self->nickname_label, "own");
  else
    gtk_widget_remove_css_class (self->nickname_label, "own");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), real_jid != NULL ? xmpp_jid_get_bare_text (real_jid) : status);
  flint_presence_image_set_show (GTK_IMAGE (self->presence_icon), flint_occupant_get_show (self->occupant));
  update_role (self);
  update_name (self);
}

/**
 * flint_occupant_row_set_occupant:
 * @occupant: (nullable): whom to show
 */
void
flint_occupant_row_set_occupant (FlintOccupantRow *self,
                                 FlintOccupant    *occupant)
{
  g_return_if_fail (FLINT_IS_OCCUPANT_ROW (self));

  if (self->occupant != NULL)
    g_clear_signal_handler (&self->handler, self->occupant);

  g_set_object (&self->occupant, occupant);
  if (occupant == NULL)
    return;

  self->handler = g_signal_connect_swapped (occupant, "notify", G_CALLBACK (update), self);
  update (self);
}

FlintOccupant *
flint_occupant_row_get_occupant (FlintOccupantRow *self)
{
  g_return_val_if_fail (FLINT_IS_OCCUPANT_ROW (self), NULL);

  return self->occupant;
}

static void
flint_occupant_row_dispose (GObject *object)
{
  flint_occupant_row_set_occupant (FLINT_OCCUPANT_ROW (object), NULL);

  G_OBJECT_CLASS (flint_occupant_row_parent_class)->dispose (object);
}

static void
flint_occupant_row_class_init (FlintOccupantRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_occupant_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/occupant-row.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintOccupantRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, FlintOccupantRow, presence_icon);
  gtk_widget_class_bind_template_child (widget_class, FlintOccupantRow, nickname_label);
  gtk_widget_class_bind_template_child (widget_class, FlintOccupantRow, role_icon);
}

static void
flint_occupant_row_init (FlintOccupantRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
flint_occupant_row_new (void)
{
  return g_object_new (FLINT_TYPE_OCCUPANT_ROW, NULL);
}
