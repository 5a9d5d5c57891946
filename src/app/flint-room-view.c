/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-room-view.h"

#include "flint-empty-page.h"
#include "flint-invite-dialog.h"
#include "flint-room-row.h"

struct _FlintRoomView
{
  AdwBin              parent_instance;

  FlintApplication   *application;
  GtkSingleSelection *selection;
  GMenuModel         *room_menu;
  GSimpleActionGroup *actions;

  GtkWidget          *stack;
  AdwStatusPage      *empty_page;
  GtkWidget          *list;
  GtkWidget          *menu;        /* NULL until it is opened */
};

G_DEFINE_FINAL_TYPE (FlintRoomView, flint_room_view, ADW_TYPE_BIN)

static FlintRoom *
get_room (FlintRoomView *self)
{
  return gtk_single_selection_get_selected_item (self->selection);
}

static void
on_setup (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          FlintRoomView            *self)
{
  gtk_list_item_set_child (item, flint_room_row_new ());
}

static void
on_bind (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         FlintRoomView            *self)
{
  GtkWidget *row = gtk_list_item_get_child (item);
  FlintRoom *room = gtk_list_item_get_item (item);

  flint_room_row_set_room (FLINT_ROOM_ROW (row), room);
}

static void
on_unbind (GtkSignalListItemFactory *factory,
           GtkListItem              *item,
           FlintRoomView            *self)
{
  flint_room_row_set_room (FLINT_ROOM_ROW (gtk_list_item_get_child (item)), NULL);
}

static void
on_joined (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(FlintApplication) application = user_data;
  FlintRoom *room = FLINT_ROOM (object);
  g_autoptr(GError) error = NULL;

  if (flint_room_join_finish (room, result, &error))
    return;

  /* a password or another name is asked for where it can be typed */
  if (g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_NOT_AUTHORIZED))
    flint_application_join_room (application, flint_room_get_account (room), flint_room_get_jid (room), "");
  else if (g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_CONFLICT))
    flint_application_join_room (application, flint_room_get_account (room), flint_room_get_jid (room), NULL);
  else
    flint_application_toast (application, error->message);
}

static void
open_room (FlintRoomView *self,
           FlintRoom     *room)
{
  if (flint_room_get_state (room) == XMPP_ROOM_OUT)
    flint_room_join_async (room, NULL, NULL, on_joined, g_object_ref (self->application));

  flint_application_show_conversation (self->application, flint_room_get_conversation (room));
}

static void
on_activate (GtkListView   *list,
             guint          position,
             FlintRoomView *self)
{
  g_autoptr(FlintRoom) room = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  open_room (self, room);
}

static void
on_open (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  FlintRoomView *self = user_data;

  if (get_room (self) != NULL)
    open_room (self, get_room (self));
}

/* The button of a row: it names its room, which need not be selected. */
static void
on_join (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  FlintRoomView *self = user_data;
  const char *id;
  const char *address;

  g_variant_get (parameter, "(&s&s)", &id, &address);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->selection)); i++)
    {
      g_autoptr(FlintRoom) room = g_list_model_get_item (G_LIST_MODEL (self->selection), i);

      if (g_str_equal (flint_account_get_id (flint_room_get_account (room)), id) &&
          g_str_equal (xmpp_jid_get_text (flint_room_get_jid (room)), address))
        {
          open_room (self, room);
          return;
        }
    }
}

static void
on_invite (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  FlintRoomView *self = user_data;

  if (get_room (self) != NULL)
    flint_invite_dialog_present (self->application, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), NULL, get_room (self));
}

static void
on_copy_address (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  FlintRoomView *self = user_data;

  if (get_room (self) != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), xmpp_jid_get_text (flint_room_get_jid (get_room (self))));
}

static void
on_autojoin (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  FlintRoomView *self = user_data;
  gboolean autojoin;

  if (get_room (self) == NULL)
    return;

  g_object_get (get_room (self), "autojoin", &autojoin, NULL);
  g_object_set (get_room (self), "autojoin", !autojoin, NULL);
  g_simple_action_set_state (action, g_variant_new_boolean (!autojoin));
}

static void
on_leave (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  FlintRoomView *self = user_data;

  if (get_room (self) != NULL)
    flint_room_leave (get_room (self));
}

static void
on_forget (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  FlintRoomView *self = user_data;

  if (get_room (self) != NULL)
    flint_core_forget_room (flint_application_get_core (self->application), get_room (self));
}

static void
update_actions (FlintRoomView *self)
{
  FlintRoom *room = get_room (self);
  gboolean is_in = flint_room_get_state (room) != XMPP_ROOM_OUT;
  gboolean autojoin;

  g_object_get (room, "autojoin", &autojoin, NULL);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), "invite")), is_in);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), "leave")), is_in);
  g_simple_action_set_state (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), "autojoin")),
                             g_variant_new_boolean (autojoin));
}

static void
on_secondary_click (GtkGestureClick *gesture,
                    int              n_press,
                    double           x,
                    double           y,
                    FlintRoomView   *self)
{
  gboolean is_on_row = FALSE;

  /* the row under the pointer, by the order of the rows on screen */
  for (GtkWidget *row = gtk_widget_get_first_child (self->list); row != NULL; row = gtk_widget_get_next_sibling (row))
    {
      graphene_rect_t bounds;
      GtkWidget *child = gtk_widget_get_first_child (row);
      FlintRoom *room = NULL;

      if (!gtk_widget_compute_bounds (row, self->list, &bounds) ||
          y < bounds.origin.y || y >= bounds.origin.y + bounds.size.height || !FLINT_IS_ROOM_ROW (child))
        continue;

      is_on_row = TRUE;
      room = flint_room_row_get_room (FLINT_ROOM_ROW (child));
      for (guint i = 0; room != NULL && i < g_list_model_get_n_items (G_LIST_MODEL (self->selection)); i++)
        {
          g_autoptr(FlintRoom) other = g_list_model_get_item (G_LIST_MODEL (self->selection), i);

          if (other == room)
            gtk_single_selection_set_selected (self->selection, i);
        }
    }

  if (!is_on_row || get_room (self) == NULL)
    return;

  update_actions (self);
  if (self->menu == NULL)
    {
      self->menu = gtk_popover_menu_new_from_model (self->room_menu);
      gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
      gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
      gtk_widget_set_parent (self->menu, self->list);
    }

  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &(GdkRectangle) { x, y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
on_items_changed (FlintRoomView *self)
{
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack),
                                    g_list_model_get_n_items (G_LIST_MODEL (self->selection)) > 0 ? "list" : "empty");
}

void
flint_room_view_set_application (FlintRoomView    *self,
                                 FlintApplication *application)
{
  g_return_if_fail (FLINT_IS_ROOM_VIEW (self));

  self->application = application;
  gtk_single_selection_set_model (self->selection, flint_core_get_rooms (flint_application_get_core (application)));
  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (on_items_changed), self, G_CONNECT_SWAPPED);
  on_items_changed (self);
}

static void
flint_room_view_dispose (GObject *object)
{
  FlintRoomView *self = FLINT_ROOM_VIEW (object);

  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_object (&self->actions);

  G_OBJECT_CLASS (flint_room_view_parent_class)->dispose (object);
}

static void
flint_room_view_class_init (FlintRoomViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_room_view_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/room-view.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintRoomView, stack);
  gtk_widget_class_bind_template_child (widget_class, FlintRoomView, empty_page);
  gtk_widget_class_bind_template_child (widget_class, FlintRoomView, list);
  gtk_widget_class_bind_template_child (widget_class, FlintRoomView, selection);
  gtk_widget_class_bind_template_child (widget_class, FlintRoomView, room_menu);
  gtk_widget_class_bind_template_callback (widget_class, on_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_unbind);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_secondary_click);
}

static void
flint_room_view_init (FlintRoomView *self)
{
  static const GActionEntry entries[] = {
    { "open",         on_open },
    { "join",         on_join, "(ss)" },
    { "invite",       on_invite },
    { "copy-address", on_copy_address },
    { "autojoin",     on_autojoin, NULL, "false" },
    { "leave",        on_leave },
    { "forget",       on_forget },
  };

  gtk_widget_init_template (GTK_WIDGET (self));
  flint_empty_page_set_icon (self->empty_page, "flint-room-symbolic");

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "room", G_ACTION_GROUP (self->actions));
}
