/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-occupants-panel.h"

#include "flint-occupant-row.h"

#include <glib/gi18n.h>

struct _FlintOccupantsPanel
{
  AdwBin              parent_instance;

  FlintApplication   *application;
  FlintRoom          *room;
  GtkCustomFilter    *filter;
  char               *words;          /* folded; NULL: everybody */
  GSimpleActionGroup *actions;
  GMenuModel         *occupant_menu;
  GtkSingleSelection *selection;

  GtkWidget          *search_entry;
  GtkWidget          *count_label;
  GtkWidget          *list;
  GtkWidget          *menu;
};

enum {
  MENTION,
  CHAT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlintOccupantsPanel, flint_occupants_panel, ADW_TYPE_BIN)

static void
on_setup (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          FlintOccupantsPanel      *self)
{
  gtk_list_item_set_child (item, flint_occupant_row_new ());
}

static void
on_bind (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         FlintOccupantsPanel      *self)
{
  GtkWidget *row = gtk_list_item_get_child (item);
  FlintOccupant *occupant = gtk_list_item_get_item (item);

  flint_occupant_row_set_occupant (FLINT_OCCUPANT_ROW (row), occupant);
}

static void
on_unbind (GtkSignalListItemFactory *factory,
           GtkListItem              *item,
           FlintOccupantsPanel      *self)
{
  flint_occupant_row_set_occupant (FLINT_OCCUPANT_ROW (gtk_list_item_get_child (item)), NULL);
}

static gboolean
matches (gpointer item,
         gpointer user_data)
{
  FlintOccupantsPanel *self = user_data;
  g_autofree char *folded = NULL;

  if (self->words == NULL)
    return TRUE;

  folded = g_utf8_casefold (flint_occupant_get_nick (item), -1);

  return strstr (folded, self->words) != NULL;
}

static void
on_search_changed (FlintOccupantsPanel *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));

  g_clear_pointer (&self->words, g_free);
  if (*text != '\0')
    self->words = g_utf8_casefold (text, -1);
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

static void
update_count (FlintOccupantsPanel *self)
{
  guint n = g_list_model_get_n_items (flint_room_get_occupants (self->room));
  g_autofree char *text = g_strdup_printf (ngettext ("%u person", "%u people", n), n);

  gtk_label_set_label (GTK_LABEL (self->count_label), text);
}

static FlintOccupant *
get_selected (FlintOccupantsPanel *self)
{
  return gtk_single_selection_get_selected_item (self->selection);
}

static void
on_activate (GtkListView         *list,
             guint                position,
             FlintOccupantsPanel *self)
{
  g_autoptr(FlintOccupant) occupant = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  g_signal_emit (self, signals[CHAT], 0, flint_occupant_get_nick (occupant));
}

static void
on_mention (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  FlintOccupant *occupant = get_selected (user_data);

  if (occupant != NULL)
    g_signal_emit (user_data, signals[MENTION], 0, flint_occupant_get_nick (occupant));
}

static void
on_chat (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  FlintOccupant *occupant = get_selected (user_data);

  if (occupant != NULL)
    g_signal_emit (user_data, signals[CHAT], 0, flint_occupant_get_nick (occupant));
}

static void
on_add_contact (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  FlintOccupantsPanel *self = user_data;
  FlintOccupant *occupant = get_selected (self);
  g_autoptr(XmppJid) real_jid = NULL;

  if (occupant == NULL)
    return;

  g_object_get (occupant, "real-jid", &real_jid, NULL);
  if (real_jid != NULL)
    flint_application_add_contact (self->application, flint_room_get_account (self->room), real_jid, NULL);
}

static void
show_menu (FlintOccupantsPanel *self,
           FlintOccupant       *occupant,
           double               x,
           double               y)
{
  g_autoptr(XmppJid) real_jid = NULL;

  g_object_get (occupant, "real-jid", &real_jid, NULL);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), "add-contact")),
                               real_jid != NULL);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &(GdkRectangle) { x, y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

/* The Menu key opens it at the row that has the focus, which is the selected one after arrow keys */
static void
on_menu_key (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  FlintOccupantsPanel *self = FLINT_OCCUPANTS_PANEL (widget);
  GtkWidget *row = gtk_widget_get_focus_child (self->list);
  graphene_rect_t bounds;

  if (get_selected (self) == NULL || row == NULL || !gtk_widget_compute_bounds (row, self->list, &bounds))
    return;

  show_menu (self, get_selected (self), bounds.origin.x + bounds.size.width / 2, bounds.origin.y + bounds.size.height / 2);
}

static void
on_secondary_click (GtkGestureClick     *gesture,
                    int                  n_press,
                    double               x,
                    double               y,
                    FlintOccupantsPanel *self)
{
  GtkWidget *widget = gtk_widget_pick (self->list, x, y, GTK_PICK_DEFAULT);
  GtkWidget *row = widget != NULL ? gtk_widget_get_ancestor (widget, FLINT_TYPE_OCCUPANT_ROW) : NULL;
  FlintOccupant *occupant;

  if (row == NULL && widget != NULL && FLINT_IS_OCCUPANT_ROW (gtk_widget_get_first_child (widget)))
    row = gtk_widget_get_first_child (widget);
  if (row == NULL || !(occupant = flint_occupant_row_get_occupant (FLINT_OCCUPANT_ROW (row))))
    return;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->selection)); i++)
    {
      g_autoptr(FlintOccupant) other = g_list_model_get_item (G_LIST_MODEL (self->selection), i);

      if (other == occupant)
        gtk_single_selection_set_selected (self->selection, i);
    }

  show_menu (self, occupant, x, y);
}

static void
flint_occupants_panel_dispose (GObject *object)
{
  FlintOccupantsPanel *self = FLINT_OCCUPANTS_PANEL (object);

  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_object (&self->room);
  g_clear_object (&self->actions);
  g_clear_pointer (&self->words, g_free);

  G_OBJECT_CLASS (flint_occupants_panel_parent_class)->dispose (object);
}

static void
flint_occupants_panel_class_init (FlintOccupantsPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_occupants_panel_dispose;

  signals[MENTION] = g_signal_new ("mention", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[CHAT] = g_signal_new ("chat", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/occupants-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintOccupantsPanel, search_entry);
  gtk_widget_class_bind_template_child (widget_class, FlintOccupantsPanel, count_label);
  gtk_widget_class_bind_template_child (widget_class, FlintOccupantsPanel, list);
  gtk_widget_class_bind_template_child (widget_class, FlintOccupantsPanel, selection);
  gtk_widget_class_bind_template_child (widget_class, FlintOccupantsPanel, occupant_menu);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_unbind);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_secondary_click);
  gtk_widget_class_install_action (widget_class, "occupants.menu", NULL, on_menu_key);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "occupants.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "occupants.menu", NULL);
}

static void
flint_occupants_panel_init (FlintOccupantsPanel *self)
{
  static const GActionEntry entries[] = {
    { "mention",     on_mention },
    { "chat",        on_chat },
    { "add-contact", on_add_contact },
  };

  gtk_widget_init_template (GTK_WIDGET (self));

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "occupant", G_ACTION_GROUP (self->actions));

  self->menu = gtk_popover_menu_new_from_model (self->occupant_menu);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
  gtk_widget_set_parent (self->menu, self->list);
}

GtkWidget *
flint_occupants_panel_new (FlintApplication *application,
                           FlintRoom        *room)
{
  FlintOccupantsPanel *self = g_object_new (FLINT_TYPE_OCCUPANTS_PANEL, NULL);
  GListModel *occupants = flint_room_get_occupants (room);
  GtkFilterListModel *model;

  self->application = application;
  self->room = g_object_ref (room);
  self->filter = gtk_custom_filter_new (matches, self, NULL);
  model = gtk_filter_list_model_new (g_object_ref (occupants), GTK_FILTER (self->filter));
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (model));
  g_object_unref (model);
  g_signal_connect_object (occupants, "items-changed", G_CALLBACK (update_count), self, G_CONNECT_SWAPPED);
  update_count (self);

  return GTK_WIDGET (self);
}
