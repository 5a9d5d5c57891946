/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-contact-card.h"

#include "flint-account.h"
#include "flint-avatar.h"
#include "flint-presence-image.h"
#include "flint-text.h"

#include <glib/gi18n.h>

struct _FlintContactCard
{
  GtkPopover    parent_instance;

  FlintContact *contact;

  GtkWidget    *avatar;
  GtkWidget    *name_label;
  GtkWidget    *role_label;
  GtkWidget    *address_label;
  GtkWidget    *presence_icon;
  GtkWidget    *status_label;
  GtkWidget    *facts_grid;
};

G_DEFINE_FINAL_TYPE (FlintContactCard, flint_contact_card, GTK_TYPE_POPOVER)

static const char *
describe_subscription (FlintContact *contact)
{
  if (!flint_contact_is_listed (contact))
    return _("Not in your contacts");

  switch (flint_contact_get_subscription (contact))
    {
    case XMPP_SUBSCRIPTION_BOTH:
      return NULL;
    case XMPP_SUBSCRIPTION_TO:
      return _("Cannot see when you are online");
    case XMPP_SUBSCRIPTION_FROM:
      return flint_contact_is_asked (contact) ? _("Has not answered your request yet") : _("Does not show you when they are online");
    case XMPP_SUBSCRIPTION_NONE:
    default:
      return flint_contact_is_asked (contact) ? _("Has not answered your request yet") : _("Neither of you sees the other's status");
    }
}

static GtkWidget *
new_label (const char *text,
           const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 28);
  gtk_widget_add_css_class (label, "caption");
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);

  return label;
}

/* One line a device: its mark, its name, what it says, its priority. */
static void
add_resource (FlintContactCard   *self,
              const XmppResource *resource,
              int                 line)
{
  GtkGrid *grid = GTK_GRID (self->facts_grid);
  GtkWidget *icon = gtk_image_new ();
  const char *name = xmpp_jid_get_resource (resource->jid);
  g_autofree char *clean = flint_text_for_line (name != NULL ? name : "", 40);
  g_autofree char *status = flint_text_for_line (resource->status != NULL && *resource->status != '\0'
                                                   ? resource->status : flint_show_get_label (resource->show), 80);
  g_autofree char *priority = g_strdup_printf ("%d", resource->priority);
  GtkWidget *priority_label = new_label (priority, "dim-label");

  flint_presence_image_set_show (GTK_IMAGE (icon), resource->show);
  gtk_widget_set_tooltip_text (priority_label, _("Priority"));
  gtk_grid_attach (grid, icon, 0, line, 1, 1);
  gtk_grid_attach (grid, new_label (clean, NULL), 1, line, 1, 1);
  gtk_grid_attach (grid, new_label (status, "dim-label"), 2, line, 1, 1);
  gtk_grid_attach (grid, priority_label, 3, line, 1, 1);
}

static void
fill_facts (FlintContactCard *self)
{
  g_autoptr(GPtrArray) resources = flint_contact_get_resources (self->contact);
  GtkWidget *child;
  int line = 0;

  while ((child = gtk_widget_get_first_child (self->facts_grid)))
    gtk_grid_remove (GTK_GRID (self->facts_grid), child);

  for (guint i = 0; resources != NULL && i < resources->len && i < 8; i++)
    add_resource (self, g_ptr_array_index (resources, i), line++);

  if (line == 0)
    gtk_grid_attach (GTK_GRID (self->facts_grid), new_label (_("No device is online"), "dim-label"), 0, line, 4, 1);
}

static void
update (FlintContactCard *self)
{
  FlintContact *contact = self->contact;
  const char *status = flint_contact_get_status_text (contact);
  const char *subscription = describe_subscription (contact);

  flint_avatar_set_contact (ADW_AVATAR (self->avatar), contact);
  gtk_label_set_label (GTK_LABEL (self->name_label), flint_contact_get_name (contact));
  gtk_label_set_label (GTK_LABEL (self->role_label), subscription != NULL ? subscription : "");
  gtk_widget_set_visible (self->role_label, subscription != NULL);
  gtk_label_set_label (GTK_LABEL (self->address_label), xmpp_jid_get_text (flint_contact_get_jid (contact)));
  flint_presence_image_set_show (GTK_IMAGE (self->presence_icon), flint_contact_get_show (contact));
  gtk_label_set_label (GTK_LABEL (self->status_label),
                       status != NULL && *status != '\0' ? status : flint_show_get_label (flint_contact_get_show (contact)));
  fill_facts (self);
}

/* Also of a device that is not the best one, which changes nothing of the contact itself */
static void
on_presence_changed (FlintContactList *contacts,
                     FlintContact     *contact,
                     FlintContactCard *self)
{
  if (contact == self->contact)
    update (self);
}

static void
let_go (FlintContactCard *self)
{
  if (self->contact == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->contact, self);
  g_signal_handlers_disconnect_by_data (flint_account_get_contacts (flint_contact_get_account (self->contact)), self);
  g_clear_object (&self->contact);
}

/**
 * flint_contact_card_set_contact:
 * @contact: whom the card is about; it follows what they become
 */
void
flint_contact_card_set_contact (FlintContactCard *self,
                                FlintContact     *contact)
{
  FlintContactList *contacts;

  g_return_if_fail (FLINT_IS_CONTACT_CARD (self));
  g_return_if_fail (FLINT_IS_CONTACT (contact));

  let_go (self);
  self->contact = g_object_ref (contact);
  contacts = flint_account_get_contacts (flint_contact_get_account (contact));
  g_signal_connect_object (contact, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (contacts, "presence-changed", G_CALLBACK (on_presence_changed), self, 0);
  update (self);
}

FlintContact *
flint_contact_card_get_contact (FlintContactCard *self)
{
  g_return_val_if_fail (FLINT_IS_CONTACT_CARD (self), NULL);

  return self->contact;
}

static void
flint_contact_card_dispose (GObject *object)
{
  FlintContactCard *self = FLINT_CONTACT_CARD (object);

  let_go (self);

  G_OBJECT_CLASS (flint_contact_card_parent_class)->dispose (object);
}

static void
flint_contact_card_class_init (FlintContactCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_contact_card_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/contact-card.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintContactCard, avatar);
  gtk_widget_class_bind_template_child (widget_class, FlintContactCard, name_label);
  gtk_widget_class_bind_template_child (widget_class, FlintContactCard, role_label);
  gtk_widget_class_bind_template_child (widget_class, FlintContactCard, address_label);
  gtk_widget_class_bind_template_child (widget_class, FlintContactCard, presence_icon);
  gtk_widget_class_bind_template_child (widget_class, FlintContactCard, status_label);
  gtk_widget_class_bind_template_child (widget_class, FlintContactCard, facts_grid);
}

static void
flint_contact_card_init (FlintContactCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
flint_contact_card_new (void)
{
  return g_object_new (FLINT_TYPE_CONTACT_CARD, NULL);
}
