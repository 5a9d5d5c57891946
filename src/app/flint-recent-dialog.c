/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-recent-dialog.h"

#include "flint-closed-chats.h"
#include "flint-presence-image.h"
#include "flint-recent-chats.h"
#include "flint-text.h"

#include <glib/gi18n.h>

struct _FlintRecentDialog
{
  AdwWindow         parent_instance;

  FlintApplication *application;   /* not owned: it outlives its windows */
  char             *search;        /* folded */

  GtkWidget        *search_entry;
  GtkWidget        *list;
  GtkWidget        *placeholder;
};

G_DEFINE_FINAL_TYPE (FlintRecentDialog, flint_recent_dialog, ADW_TYPE_WINDOW)

static FlintConversation *
get_conversation (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "conversation");
}

static void
set_name (GtkWidget  *row,
          const char *title,
          const char *details,
          guint       unread)
{
  g_autofree char *name = details != NULL ? g_strdup_printf ("%s, %s", title, details) : g_strdup (title);
  g_autofree char *count = g_strdup_printf (ngettext ("%u unread message", "%u unread messages", unread), unread);

  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, unread > 0 ? count : "", -1);
}

static GtkWidget *
new_label (const char *text,
           const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, css_class);

  return label;
}

/* The address, if that is not the name; with several accounts, one may have a chat with the same person from each.
 * NULL: nothing more is to be said.
 */
static char *
describe (FlintRecentDialog *self,
          FlintConversation *conversation)
{
  GListModel *accounts = G_LIST_MODEL (flint_core_get_accounts (flint_application_get_core (self->application)));
  const char *address = xmpp_jid_get_text (flint_conversation_get_jid (conversation));

  if (g_list_model_get_n_items (accounts) < 2)
    return g_str_equal (address, flint_conversation_get_title (conversation)) ? NULL : g_strdup (address);

  return g_strdup_printf ("%s · %s", address, flint_account_get_label (flint_conversation_get_account (conversation)));
}

static GtkWidget *
new_row (FlintRecentDialog *self,
         FlintConversation *conversation)
{
  g_autofree char *details = describe (self, conversation);
  guint unread = flint_conversation_get_unread (conversation);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *image = gtk_image_new ();

  if (flint_conversation_get_kind (conversation) == FLINT_CONVERSATION_ROOM)
    {
      gtk_image_set_from_icon_name (GTK_IMAGE (image), "flint-room-symbolic");
    }
  else
    {
      gtk_widget_add_css_class (image, "presence");
      flint_presence_image_set_show (GTK_IMAGE (image), flint_conversation_get_show (conversation));
    }

  gtk_widget_set_size_request (image, 16, 16);
  gtk_widget_set_size_request (box, -1, 36);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (words), new_label (flint_conversation_get_title (conversation), unread > 0 ? "heading" : "body"));
  if (details != NULL)
    gtk_box_append (GTK_BOX (words), new_label (details, "address"));
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), words);
  if (unread > 0)
    {
      g_autofree char *count = g_strdup_printf ("%u", unread);
      GtkWidget *badge = gtk_label_new (count);

      gtk_widget_set_valign (badge, GTK_ALIGN_CENTER);
      gtk_widget_add_css_class (badge, "unread-badge");
      gtk_box_append (GTK_BOX (box), badge);
    }

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data_full (G_OBJECT (row), "conversation", g_object_ref (conversation), g_object_unref);
  set_name (row, flint_conversation_get_title (conversation), details, unread);

  return row;
}

/* Searching and selecting */

static gboolean
is_wanted (GtkListBoxRow *row,
           gpointer       user_data)
{
  FlintRecentDialog *self = user_data;
  FlintConversation *conversation = get_conversation (row);
  g_autofree char *title = NULL;

  if (self->search == NULL)
    return TRUE;

  title = flint_text_fold (flint_conversation_get_title (conversation));

  return strstr (title, self->search) != NULL ||
         strstr (xmpp_jid_get_text (flint_conversation_get_jid (conversation)), self->search) != NULL;
}

static void
scroll_to (FlintRecentDialog *self,
           GtkListBoxRow     *row)
{
  GtkAdjustment *adjustment = gtk_list_box_get_adjustment (GTK_LIST_BOX (self->list));
  graphene_rect_t bounds;

  if (adjustment != NULL && gtk_widget_compute_bounds (GTK_WIDGET (row), self->list, &bounds))
    gtk_adjustment_clamp_page (adjustment, bounds.origin.y, bounds.origin.y + bounds.size.height);
}

static void
select_row (FlintRecentDialog *self,
            GtkListBoxRow     *row)
{
  gtk_list_box_select_row (GTK_LIST_BOX (self->list), row);
  if (row == NULL)
    {
      gtk_accessible_reset_relation (GTK_ACCESSIBLE (self->search_entry), GTK_ACCESSIBLE_RELATION_ACTIVE_DESCENDANT);
      return;
    }

  /* the keyboard stays in the entry, whose words these are */
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->search_entry), GTK_ACCESSIBLE_RELATION_ACTIVE_DESCENDANT, row, -1);
  scroll_to (self, row);
}

/* The next one of those that are shown, and round */
static GtkListBoxRow *
find_row (FlintRecentDialog *self,
          GtkListBoxRow     *from,
          int                step)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new ();
  guint at = 0;

  for (int i = 0; ; i++)
    {
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), i);

      if (row == NULL)
        break;
      if (!is_wanted (row, self))
        continue;
      if (row == from)
        at = rows->len;
      g_ptr_array_add (rows, row);
    }

  return rows->len > 0 ? g_ptr_array_index (rows, (at + rows->len + step) % rows->len) : NULL;
}

static void
on_search_changed (FlintRecentDialog *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));

  g_clear_pointer (&self->search, g_free);
  if (*text != '\0')
    self->search = flint_text_fold (text);

  gtk_list_box_invalidate_filter (GTK_LIST_BOX (self->list));
  select_row (self, find_row (self, NULL, 0));
}

static void
on_step (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  FlintRecentDialog *self = FLINT_RECENT_DIALOG (widget);

  select_row (self, find_row (self, gtk_list_box_get_selected_row (GTK_LIST_BOX (self->list)),
                              g_str_equal (action, "recent.next") ? 1 : -1));
}

static void
on_activated (FlintRecentDialog *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (GTK_LIST_BOX (self->list));
  g_autoptr(FlintConversation) conversation = row != NULL ? g_object_ref (get_conversation (row)) : NULL;
  FlintApplication *application = self->application;

  if (conversation == NULL)
    {
      gtk_widget_error_bell (GTK_WIDGET (self));
      return;
    }

  /* first away with it: a modal one would keep the focus */
  gtk_window_destroy (GTK_WINDOW (self));
  flint_closed_chats_open (application, conversation);
}

static void
flint_recent_dialog_finalize (GObject *object)
{
  g_free (FLINT_RECENT_DIALOG (object)->search);

  G_OBJECT_CLASS (flint_recent_dialog_parent_class)->finalize (object);
}

/* They are taken before the entry has them, in which they would move the cursor */
static void
add_keys (FlintRecentDialog *self)
{
  static const struct
  {
    const char *keys;
    const char *action;
  } keys[] = {
    { "Down|KP_Down|<Control>e",      "recent.next" },
    { "Up|KP_Up|<Control><Shift>e",   "recent.previous" },
    { "Escape|<Control>w",            "window.close" },
  };
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                          gtk_shortcut_new (gtk_shortcut_trigger_parse_string (keys[i].keys),
                                                            gtk_named_action_new (keys[i].action)));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
flint_recent_dialog_class_init (FlintRecentDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = flint_recent_dialog_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/recent-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintRecentDialog, search_entry);
  gtk_widget_class_bind_template_child (widget_class, FlintRecentDialog, list);
  gtk_widget_class_bind_template_child (widget_class, FlintRecentDialog, placeholder);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_activated);

  gtk_widget_class_install_action (widget_class, "recent.next", NULL, on_step);
  gtk_widget_class_install_action (widget_class, "recent.previous", NULL, on_step);
}

static void
flint_recent_dialog_init (FlintRecentDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_filter_func (GTK_LIST_BOX (self->list), is_wanted, self, NULL);
  add_keys (self);
}

/**
 * flint_recent_dialog_present:
 *
 * Over the window that is active. The chat that one would go back to is selected: Enter leads there.
 */
void
flint_recent_dialog_present (FlintApplication *application)
{
  g_autoptr(GPtrArray) chats = flint_recent_chats_list (application);
  FlintRecentDialog *self = g_object_new (FLINT_TYPE_RECENT_DIALOG,
                                          "transient-for", gtk_application_get_active_window (GTK_APPLICATION (application)),
                                          NULL);
  /* the one that is looked at is not where one wants to go */
  gboolean is_in_chat = chats->len > 1 && flint_conversation_is_watched (g_ptr_array_index (chats, 0));

  self->application = application;
  for (guint i = 0; i < chats->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (self->list), new_row (self, g_ptr_array_index (chats, i)));
  if (chats->len == 0)
    gtk_label_set_label (GTK_LABEL (self->placeholder), _("No chats yet"));

  select_row (self, gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), is_in_chat ? 1 : 0));
  gtk_window_present (GTK_WINDOW (self));
  gtk_widget_grab_focus (self->search_entry);
}
