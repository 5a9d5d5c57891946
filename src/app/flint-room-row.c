/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-room-row.h"

#include <glib/gi18n.h>

struct _FlintRoomRow
{
  GtkBox             parent_instance;

  FlintRoom         *room;
  FlintConversation *conversation;
  gulong             room_handler;
  gulong             occupants_handler;
  gulong             conversation_handler;

  GtkWidget         *room_tile;
  GtkWidget         *name_label;
  GtkWidget         *status_label;
  GtkWidget         *unread_label;
  GtkWidget         *join_button;
};

G_DEFINE_FINAL_TYPE (FlintRoomRow, flint_room_row, GTK_TYPE_BOX)

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

static const char *
describe (FlintRoom *room)
{
  const GError *error = flint_room_get_error (room);
  const char *subject = flint_room_get_subject (room);

  if (flint_room_get_state (room) == XMPP_ROOM_JOINING)
    return _("Joining…");

  if (flint_room_get_state (room) == XMPP_ROOM_OUT && error != NULL)
    return error->message;

  if (subject != NULL && *subject != '\0')
    return subject;

  return xmpp_jid_get_text (flint_room_get_jid (room));
}

static void
add_part (GString    *text,
          const char *part)
{
  if (part != NULL && *part != '\0')
    g_string_append_printf (text, ", %s", part);
}

/**
 * flint_room_row_describe:
 *
 * Returns: (transfer full): what a screen reader says for it: its name, who is in it, what is new, and its topic or why
 *   one is not in it
 */
char *
flint_room_row_describe (FlintRoomRow *self)
{
  GString *text;
  guint unread;
  guint mentions;
  guint n_people;
  g_autofree char *people = NULL;
  g_autofree char *count = NULL;
  g_autofree char *named = NULL;

  g_return_val_if_fail (FLINT_IS_ROOM_ROW (self) && self->room != NULL, NULL);

  text = g_string_new (flint_room_get_name (self->room));
  unread = self->conversation != NULL ? flint_conversation_get_unread (self->conversation) : 0;
  mentions = self->conversation != NULL ? flint_conversation_get_mentions (self->conversation) : 0;
  n_people = g_list_model_get_n_items (flint_room_get_occupants (self->room));

  if (n_people > 0)
    people = g_strdup_printf (ngettext ("%u person", "%u people", n_people), n_people);
  else if (flint_room_get_state (self->room) == XMPP_ROOM_OUT)
    people = g_strdup (_("not joined"));
  if (unread > 0)
    count = g_strdup_printf (ngettext ("%u unread message", "%u unread messages", unread), unread);
  if (mentions > 0)
    named = g_strdup_printf (ngettext ("you are named in %u", "you are named in %u", mentions), mentions);

  add_part (text, people);
  add_part (text, count);
  add_part (text, named);
  add_part (text, describe (self->room));

  return g_string_free (text, FALSE);
}

/* Its row in the list, once it is in one */
static void
update_name (FlintRoomRow *self)
{
  GtkWidget *row = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *text = row != NULL ? flint_room_row_describe (self) : NULL;

  if (text != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

/* Messages count in grey; being named counts in spark, with an @. */
static void
update (FlintRoomRow *self)
{
  guint unread = self->conversation != NULL ? flint_conversation_get_unread (self->conversation) : 0;
  guint mentions = self->conversation != NULL ? flint_conversation_get_mentions (self->conversation) : 0;
  g_autofree char *count = mentions > 0 ? g_strdup_printf ("@ %u", mentions) : g_strdup_printf ("%u", unread);
  gboolean is_out = flint_room_get_state (self->room) == XMPP_ROOM_OUT;

  gtk_label_set_label (GTK_LABEL (self->name_label), flint_room_get_name (self->room));
  gtk_label_set_label (GTK_LABEL (self->status_label), describe (self->room));
  gtk_label_set_label (GTK_LABEL (self->unread_label), count);
  gtk_widget_set_visible (self->unread_label, unread > 0);
  gtk_widget_set_visible (self->join_button, is_out);
  set_class (self->unread_label, "quiet", mentions == 0);
  set_class (self->name_label, "dim-label", is_out);
  set_class (self->room_tile, "is-offline", is_out);
  set_class (GTK_WIDGET (self), "unread", unread > 0);
  update_name (self);
}

/**
 * flint_room_row_set_room:
 * @room: (nullable): what to show
 */
void
flint_room_row_set_room (FlintRoomRow *self,
                         FlintRoom    *room)
{
  g_return_if_fail (FLINT_IS_ROOM_ROW (self));

  if (self->room != NULL)
    {
      g_clear_signal_handler (&self->room_handler, self->room);
      g_clear_signal_handler (&self->occupants_handler, flint_room_get_occupants (self->room));
    }
  if (self->conversation != NULL)
    g_clear_signal_handler (&self->conversation_handler, self->conversation);

  g_set_object (&self->room, room);
  g_set_object (&self->conversation, (room != NULL ? flint_room_get_conversation (room) : NULL));
  if (room == NULL)
    return;

  self->occupants_handler = g_signal_connect_swapped (flint_room_get_occupants (room), "items-changed", G_CALLBACK (update_name), self);
  self->room_handler = g_signal_connect_swapped (room, "notify", G_CALLBACK (update), self);
  if (self->conversation != NULL)
    self->conversation_handler = g_signal_connect_swapped (self->conversation, "notify", G_CALLBACK (update), self);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->join_button), "(ss)",
                                    flint_account_get_id (flint_room_get_account (room)),
                                    xmpp_jid_get_text (flint_room_get_jid (room)));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->join_button), "room.join");
  update (self);
}

FlintRoom *
flint_room_row_get_room (FlintRoomRow *self)
{
  g_return_val_if_fail (FLINT_IS_ROOM_ROW (self), NULL);

  return self->room;
}

static void
flint_room_row_dispose (GObject *object)
{
  flint_room_row_set_room (FLINT_ROOM_ROW (object), NULL);

  G_OBJECT_CLASS (flint_room_row_parent_class)->dispose (object);
}

static void
flint_room_row_class_init (FlintRoomRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_room_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/room-row.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintRoomRow, room_tile);
  gtk_widget_class_bind_template_child (widget_class, FlintRoomRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, FlintRoomRow, status_label);
  gtk_widget_class_bind_template_child (widget_class, FlintRoomRow, unread_label);
  gtk_widget_class_bind_template_child (widget_class, FlintRoomRow, join_button);
}

static void
flint_room_row_init (FlintRoomRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
flint_room_row_new (void)
{
  return g_object_new (FLINT_TYPE_ROOM_ROW, NULL);
}
