/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-contact-row.h"

#include "flint-avatar.h"
#include "flint-presence-image.h"

#include <glib/gi18n.h>

struct _FlintContactRow
{
  GtkBox        parent_instance;

  FlintContact *contact;
  gulong        handler;
  FlintDensity  density;
  char         *detail;         /* in place of the status: the group, while searching */

  GtkWidget    *presence_icon;
  GtkWidget    *avatar_overlay;
  GtkWidget    *avatar;
  GtkWidget    *presence_badge;
  GtkWidget    *presence_badge_icon;
  GtkWidget    *text_box;
  GtkWidget    *name_label;
  GtkWidget    *status_label;
  GtkWidget    *typing_icon;
  GtkWidget    *unread_label;
};

G_DEFINE_FINAL_TYPE (FlintContactRow, flint_contact_row, GTK_TYPE_BOX)

/* Someone who has not answered our request is neither online nor offline. */
static const char *
get_presence_class (FlintContact *contact)
{
  if (!flint_contact_is_online (contact) && flint_contact_is_asked (contact))
    return "pending";

  return flint_show_get_css_class (flint_contact_get_show (contact));
}

static const char *
get_status (FlintContactRow *self)
{
  const char *status = flint_contact_get_status_text (self->contact);
  XmppShow show = flint_contact_get_show (self->contact);

  if (self->detail != NULL)
    return self->detail;

  if (flint_contact_is_typing (self->contact) && self->density == FLINT_DENSITY_COMFORTABLE)
    return _("Typing…");

  if ((status == NULL || *status == '\0') && flint_contact_is_asked (self->contact) && !flint_contact_is_online (self->contact))
    return _("Has not answered your request yet");

  if (status != NULL && *status != '\0')
    return status;

  /* In one line the icon alone says what is so of most: online, or greyed */
  if (self->density != FLINT_DENSITY_COMFORTABLE &&
      (show == XMPP_SHOW_AVAILABLE || show == XMPP_SHOW_OFFLINE))
    return "";

  return flint_show_get_label (show);
}

static void
set_class (GtkWidget  *widget,
           const char *name,
           gboolean    is_set)
{
  if (is_set)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

static void
update (FlintContactRow *self)
{
  const char *presence = get_presence_class (self->contact);
  const char *name = flint_contact_get_name (self->contact);
  const char *status = get_status (self);
  guint unread = flint_contact_get_unread (self->contact);
  gboolean is_offline = !flint_contact_is_online (self->contact);

  if (self->density == FLINT_DENSITY_COMPACT)
    flint_presence_image_set_class (GTK_IMAGE (self->presence_icon), presence);
  else
    {
      flint_avatar_set_contact (ADW_AVATAR (self->avatar), self->contact);
      flint_presence_image_set_class (GTK_IMAGE (self->presence_badge_icon), presence);
      set_class (self->avatar, "is-offline", is_offline);
    }

  gtk_label_set_label (GTK_LABEL (self->name_label), name);
  set_class (self->name_label, "dim-label", is_offline && unread == 0);
  gtk_label_set_label (GTK_LABEL (self->status_label), status);
  gtk_widget_set_visible (self->status_label, *status != '\0' || self->density != FLINT_DENSITY_COMFORTABLE);
  gtk_widget_set_visible (self->typing_icon, flint_contact_is_typing (self->contact));
  gtk_widget_set_visible (self->unread_label, unread > 0);
  set_class (GTK_WIDGET (self), "unread", unread > 0);

  if (unread > 0)
    {
      g_autofree char *text = g_strdup_printf ("%u", unread);

      gtk_label_set_label (GTK_LABEL (self->unread_label), text);
    }
}

/**
 * flint_contact_row_set_contact:
 * @contact: (nullable): whom to show
 */
void
flint_contact_row_set_contact (FlintContactRow *self,
                               FlintContact    *contact)
{
  g_return_if_fail (FLINT_IS_CONTACT_ROW (self));

  if (self->contact != NULL)
    g_clear_signal_handler (&self->handler, self->contact);

  g_set_object (&self->contact, contact);

  if (contact == NULL)
    return;

  self->handler = g_signal_connect_swapped (contact, "notify", G_CALLBACK (update), self);
  update (self);
}

/**
 * flint_contact_row_set_detail:
 * @detail: (nullable): what to show in place of the status
 */
void
flint_contact_row_set_detail (FlintContactRow *self,
                              const char      *detail)
{
  g_return_if_fail (FLINT_IS_CONTACT_ROW (self));

  if (g_strcmp0 (self->detail, detail) == 0)
    return;

  g_free (self->detail);
  self->detail = g_strdup (detail);
  if (self->contact != NULL)
    update (self);
}

void
flint_contact_row_set_density (FlintContactRow *self,
                               FlintDensity     density)
{
  gboolean is_tall = density == FLINT_DENSITY_COMFORTABLE;

  g_return_if_fail (FLINT_IS_CONTACT_ROW (self));

  self->density = density;
  gtk_widget_set_visible (self->presence_icon, density == FLINT_DENSITY_COMPACT);
  gtk_widget_set_visible (self->avatar_overlay, density != FLINT_DENSITY_COMPACT);
  adw_avatar_set_size (ADW_AVATAR (self->avatar), is_tall ? 36 : 24);
  set_class (self->presence_badge, "small", !is_tall);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->text_box),
                                  is_tall ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_box_set_spacing (GTK_BOX (self->text_box), is_tall ? 0 : 9);
  gtk_widget_set_valign (self->name_label, is_tall ? GTK_ALIGN_FILL : GTK_ALIGN_BASELINE);
  gtk_widget_set_valign (self->status_label, is_tall ? GTK_ALIGN_FILL : GTK_ALIGN_BASELINE);

  if (self->contact != NULL)
    update (self);
}

static void
flint_contact_row_dispose (GObject *object)
{
  FlintContactRow *self = FLINT_CONTACT_ROW (object);

  flint_contact_row_set_contact (self, NULL);
  g_clear_pointer (&self->detail, g_free);

  G_OBJECT_CLASS (flint_contact_row_parent_class)->dispose (object);
}

static void
flint_contact_row_class_init (FlintContactRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_contact_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/contact-row.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintContactRow, presence_icon);
  gtk_widget_class_bind_template_child (widget_class, FlintContactRow, avatar_overlay);
  gtk_widget_class_bind_template_child (widget_class, FlintContactRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, FlintContactRow, presence_badge);
  gtk_widget_class_bind_template_child (widget_class, FlintContactRow, presence_badge_icon);
  gtk_widget_class_bind_template_child (widget_class, FlintContactRow, text_box);
  gtk_widget_class_bind_template_child (widget_class, FlintContactRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, FlintContactRow, status_label);
  gtk_widget_class_bind_template_child (widget_class, FlintContactRow, typing_icon);
  gtk_widget_class_bind_template_child (widget_class, FlintContactRow, unread_label);
}

static void
flint_contact_row_init (FlintContactRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
flint_contact_row_new (void)
{
  return g_object_new (FLINT_TYPE_CONTACT_ROW, NULL);
}
