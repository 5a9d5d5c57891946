/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-message-actions.h"

#include "flint-text.h"
#include "flint-time.h"

#include <glib/gi18n.h>

#define MAX_ADDRESS 200   /* graphemes of an address that are shown */

struct _FlintMessageActions
{
  AdwBin           parent_instance;

  FlintMessageRow *row;          /* not owned: the list takes it away before it goes */
  GString         *spoken;       /* the information, in a line */
  GtkWidget       *focus_before; /* the information was opened; weak */

  GtkWidget       *reply_button;
  GtkWidget       *info_button;
  GtkWidget       *info_grid;
};

enum {
  REPLY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlintMessageActions, flint_message_actions, ADW_TYPE_BIN)

static FlintMessage *
get_message (FlintMessageActions *self)
{
  return self->row != NULL ? flint_message_row_get_message (self->row) : NULL;
}

static void
on_reply (FlintMessageActions *self)
{
  if (get_message (self) != NULL)
    g_signal_emit (self, signals[REPLY], 0, get_message (self));
}

static void
on_copy (FlintMessageActions *self)
{
  if (get_message (self) != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self->row), "message.copy", NULL);
}

/* Information */

static void
add_fact (FlintMessageActions *self,
          const char          *name,
          const char          *value)
{
  GtkWidget *name_label = gtk_label_new (name);
  GtkWidget *value_label = gtk_label_new (value);
  int row = 0;

  while (gtk_grid_get_child_at (GTK_GRID (self->info_grid), 0, row) != NULL)
    row++;

  gtk_label_set_xalign (GTK_LABEL (name_label), 0);
  gtk_widget_set_valign (name_label, GTK_ALIGN_START);
  gtk_widget_add_css_class (name_label, "dim-label");
  gtk_label_set_xalign (GTK_LABEL (value_label), 0);
  gtk_label_set_wrap (GTK_LABEL (value_label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (value_label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (value_label), 28);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (value_label), GTK_ACCESSIBLE_RELATION_LABELLED_BY, name_label, NULL, -1);
  g_string_append_printf (self->spoken, "%s%s: %s", self->spoken->len > 0 ? ", " : "", name, value);
  gtk_grid_attach (GTK_GRID (self->info_grid), name_label, 0, row, 1, 1);
  gtk_grid_attach (GTK_GRID (self->info_grid), value_label, 1, row, 1, 1);
}

static void
add_sender (FlintMessageActions *self,
            FlintMessage        *message)
{
  XmppJid *jid = flint_message_get_sender_jid (message);
  g_autofree char *address = jid != NULL ? flint_text_for_line (xmpp_jid_get_bare_text (jid), MAX_ADDRESS) : NULL;
  g_autofree char *device = flint_text_for_line (flint_message_get_device (message), MAX_ADDRESS);

  add_fact (self, _("From"), flint_message_get_sender (message));
  if (address != NULL)
    add_fact (self, _("Address"), address);
  if (device != NULL)
    add_fact (self, _("Device"), device);
}

static void
add_state (FlintMessageActions *self,
           FlintMessage        *message)
{
  FlintMessageState state = flint_message_get_state (message);
  const char *failure = flint_message_get_failure (message);

  if (state == FLINT_MESSAGE_RECEIVED)
    {
      if (flint_message_is_delayed (message))
        add_fact (self, _("Delivery"), _("Delivered later than it was sent"));
      return;
    }

  add_fact (self, _("Delivery"), flint_message_row_describe_state (state));
  if (state == FLINT_MESSAGE_FAILED && failure != NULL)
    add_fact (self, _("Reason"), failure);
}

static void
on_info (FlintMessageActions *self)
{
  FlintMessage *message = get_message (self);
  g_autofree char *time = NULL;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->info_grid)))
    gtk_grid_remove (GTK_GRID (self->info_grid), child);
  g_string_truncate (self->spoken, 0);
  if (message == NULL)
    return;

  time = flint_time_format_long (flint_message_get_time (message));
  add_sender (self, message);
  add_fact (self, _("Time"), time);
  add_state (self, message);
  g_set_weak_pointer (&self->focus_before, gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self))));
  /* it has the focus: all of it is read at once */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->info_grid), GTK_ACCESSIBLE_PROPERTY_LABEL, self->spoken->str, -1);
  gtk_widget_grab_focus (self->info_grid);
}

/* GTK gives the focus to the button; who was writing, and looked by the pointer, goes on writing */
static void
on_info_closed (FlintMessageActions *self)
{
  GtkWidget *before = self->focus_before;

  g_clear_weak_pointer (&self->focus_before);
  if (before != NULL && gtk_widget_get_mapped (before))
    gtk_widget_grab_focus (before);
}

/**
 * flint_message_actions_is_used:
 *
 * Returns: whether the focus is in it, or its information is open: then it stays where it is
 */
gboolean
flint_message_actions_is_used (FlintMessageActions *self)
{
  GtkWidget *popover;

  g_return_val_if_fail (FLINT_IS_MESSAGE_ACTIONS (self), FALSE);

  popover = GTK_WIDGET (gtk_menu_button_get_popover (GTK_MENU_BUTTON (self->info_button)));

  return gtk_widget_get_visible (popover) || gtk_widget_get_focus_child (GTK_WIDGET (self)) != NULL;
}

/**
 * flint_message_actions_set_row:
 * @row: (nullable): what it is for; %NULL: nothing, and it is not to be seen
 */
void
flint_message_actions_set_row (FlintMessageActions *self,
                               FlintMessageRow     *row)
{
  g_return_if_fail (FLINT_IS_MESSAGE_ACTIONS (self));

  if (self->row == row)
    return;

  self->row = row;
  gtk_menu_button_popdown (GTK_MENU_BUTTON (self->info_button));
  gtk_widget_set_visible (GTK_WIDGET (self), row != NULL);
  gtk_widget_queue_allocate (gtk_widget_get_parent (GTK_WIDGET (self)));
}

FlintMessageRow *
flint_message_actions_get_row (FlintMessageActions *self)
{
  g_return_val_if_fail (FLINT_IS_MESSAGE_ACTIONS (self), NULL);

  return self->row;
}

/* AdwBin would end with grab_focus (), and nobody came out of here */
static gboolean
flint_message_actions_focus (GtkWidget        *widget,
                             GtkDirectionType  direction)
{
  return gtk_widget_child_focus (adw_bin_get_child (ADW_BIN (widget)), direction);
}

static gboolean
flint_message_actions_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (FLINT_MESSAGE_ACTIONS (widget)->reply_button);
}

static void
flint_message_actions_dispose (GObject *object)
{
  g_clear_weak_pointer (&FLINT_MESSAGE_ACTIONS (object)->focus_before);

  G_OBJECT_CLASS (flint_message_actions_parent_class)->dispose (object);
}

static void
flint_message_actions_finalize (GObject *object)
{
  g_string_free (FLINT_MESSAGE_ACTIONS (object)->spoken, TRUE);

  G_OBJECT_CLASS (flint_message_actions_parent_class)->finalize (object);
}

static void
flint_message_actions_class_init (FlintMessageActionsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_message_actions_dispose;
  G_OBJECT_CLASS (klass)->finalize = flint_message_actions_finalize;
  widget_class->focus = flint_message_actions_focus;
  widget_class->grab_focus = flint_message_actions_grab_focus;

  /**
   * FlintMessageActions::reply:
   *
   * The person wants to answer this message.
   */
  signals[REPLY] = g_signal_new ("reply", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, FLINT_TYPE_MESSAGE);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/message-actions.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintMessageActions, reply_button);
  gtk_widget_class_bind_template_child (widget_class, FlintMessageActions, info_button);
  gtk_widget_class_bind_template_child (widget_class, FlintMessageActions, info_grid);
  gtk_widget_class_bind_template_callback (widget_class, on_reply);
  gtk_widget_class_bind_template_callback (widget_class, on_copy);
  gtk_widget_class_bind_template_callback (widget_class, on_info);
  gtk_widget_class_bind_template_callback (widget_class, on_info_closed);
}

static void
flint_message_actions_init (FlintMessageActions *self)
{
  self->spoken = g_string_new (NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
}
