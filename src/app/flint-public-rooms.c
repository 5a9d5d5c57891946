/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-public-rooms.h"

#include "flint-room-info.h"
#include "flint-text.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#define MAX_ROOMS  500     /* of a service: no more are read of its list (T108) */
#define MAX_SHOWN  200     /* at once; the others are found by search */
#define MAX_ASKING 4       /* at once, how many are in a room */
#define MIN_SEARCH 9       /* rooms: fewer are seen at a glance */
#define MAX_NAME   128     /* graphemes */

typedef struct
{
  XmppJid  *jid;
  char     *name;
  char     *folded;       /* name and address, to search in */
  char     *key;          /* to sort by */
  int       n_people;     /* -1: not known */
  gboolean  is_asked;
} Room;

struct _FlintPublicRooms
{
  GtkBox        parent_instance;

  XmppDisco    *disco;
  GCancellable *cancellable;       /* of the questions to rooms of this list */
  GPtrArray    *rooms;             /* of Room, by name */
  guint         n_asking;
  guint         ask_idle;

  GtkWidget    *search_entry;
  GtkWidget    *scrolled_window;
  GtkWidget    *public_list;
};

G_DEFINE_FINAL_TYPE (FlintPublicRooms, flint_public_rooms, GTK_TYPE_BOX)

enum {
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
room_free (gpointer data)
{
  Room *room = data;

  xmpp_jid_unref (room->jid);
  g_free (room->name);
  g_free (room->folded);
  g_free (room->key);
  g_free (room);
}

static void
set_name (Room       *room,
          const char *text)
{
  g_autofree char *name = flint_text_for_line (text, MAX_NAME);
  g_autofree char *both = NULL;

  if (name == NULL || *name == '\0')
    return;

  g_free (room->name);
  g_free (room->folded);
  g_free (room->key);
  room->name = g_steal_pointer (&name);
  both = g_strconcat (room->name, "\n", xmpp_jid_get_text (room->jid), NULL);
  room->folded = flint_text_fold (both);
  room->key = g_utf8_collate_key (room->folded, -1);
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  const Room *first = *(Room * const *) a;
  const Room *second = *(Room * const *) b;

  return strcmp (first->key, second->key);
}

/* Rows */

static Room *
get_room (GtkWidget *row)
{
  return g_object_get_data (G_OBJECT (row), "room");
}

static void
update_row (GtkWidget *row)
{
  Room *room = get_room (row);
  GtkWidget *label = g_object_get_data (G_OBJECT (row), "people");
  g_autofree char *count = room->n_people >= 0 ? g_strdup_printf ("%d", room->n_people) : NULL;
  g_autofree char *people = room->n_people >= 0
                              ? g_strdup_printf (ngettext ("%u person", "%u people", room->n_people), (guint) room->n_people)
                              : NULL;
  g_autofree char *spoken = people != NULL ? g_strdup_printf ("%s, %s, %s", room->name, people, xmpp_jid_get_text (room->jid))
                                           : g_strdup_printf ("%s, %s", room->name, xmpp_jid_get_text (room->jid));

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), room->name);
  gtk_label_set_label (GTK_LABEL (label), count != NULL ? count : "");
  gtk_widget_set_tooltip_text (label, people);
  gtk_widget_set_visible (gtk_widget_get_parent (label), count != NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
add_row (FlintPublicRooms *self,
         Room             *room)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 3);
  GtkWidget *label = gtk_label_new (NULL);

  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("system-users-symbolic"));
  gtk_box_append (GTK_BOX (box), label);
  gtk_widget_add_css_class (box, "dim-label");
  gtk_widget_add_css_class (label, "count-label");
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), xmpp_jid_get_text (room->jid));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("flint-room-symbolic"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data (G_OBJECT (row), "room", room);   /* rows go before rooms do */
  g_object_set_data (G_OBJECT (row), "people", label);
  update_row (row);
  gtk_list_box_append (GTK_LIST_BOX (self->public_list), row);
}

static void
clear_rows (FlintPublicRooms *self)
{
  GtkWidget *row;

  while ((row = GTK_WIDGET (gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->public_list), 0))) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->public_list), row);
}

/* How many are in a room: asked of those that are looked at, a few at a time */

static void ask_visible (FlintPublicRooms *self);

typedef struct
{
  FlintPublicRooms *self;
  GCancellable     *cancellable;
  XmppJid          *jid;
} Question;

static void
take_answer (FlintPublicRooms    *self,
             const XmppJid       *jid,
             const XmppDiscoInfo *info)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->public_list), i)) != NULL; i++)
    {
      Room *room = get_room (GTK_WIDGET (row));

      if (!xmpp_jid_equal (room->jid, jid))
        continue;

      set_name (room, flint_room_info_get_name (info));
      room->n_people = flint_room_info_get_people (info);
      update_row (GTK_WIDGET (row));
      return;
    }
}

static void
on_info (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  Question *question = user_data;
  g_autoptr(FlintPublicRooms) self = question->self;
  g_autoptr(GCancellable) cancellable = question->cancellable;
  g_autoptr(XmppJid) jid = question->jid;
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppDiscoInfo) info = xmpp_disco_info_finish (XMPP_DISCO (object), result, &error);

  g_free (question);

  if (self->cancellable != cancellable)
    return;

  self->n_asking--;
  if (info != NULL)
    take_answer (self, jid, info);
  else
    g_debug ("%s does not say who is in it: %s", xmpp_jid_get_text (jid), error->message);

  ask_visible (self);
}

static gboolean
is_visible (FlintPublicRooms *self,
            GtkWidget        *row)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scrolled_window));
  double top = gtk_adjustment_get_value (adjustment);
  graphene_rect_t bounds;

  return gtk_widget_get_mapped (row) && gtk_widget_compute_bounds (row, self->public_list, &bounds) && bounds.size.height > 0 &&
         bounds.origin.y + bounds.size.height > top && bounds.origin.y < top + gtk_adjustment_get_page_size (adjustment);
}

static void
ask_visible (FlintPublicRooms *self)
{
  GtkListBoxRow *row;

  for (int i = 0; self->disco != NULL && self->n_asking < MAX_ASKING; i++)
    {
      Question *question;
      Room *room;

      if ((row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->public_list), i)) == NULL)
        return;

      room = get_room (GTK_WIDGET (row));
      if (room->is_asked || !is_visible (self, GTK_WIDGET (row)))
        continue;

      question = g_new0 (Question, 1);
      question->self = g_object_ref (self);
      question->cancellable = g_object_ref (self->cancellable);
      question->jid = xmpp_jid_ref (room->jid);
      room->is_asked = TRUE;
      self->n_asking++;
      xmpp_disco_info_async (self->disco, room->jid, NULL, self->cancellable, on_info, question);
    }
}

static gboolean
on_ask_idle (gpointer user_data)
{
  FlintPublicRooms *self = user_data;

  self->ask_idle = 0;
  ask_visible (self);

  return G_SOURCE_REMOVE;
}

/* The rows have their places only when the window has been laid out and drawn */
static void
queue_ask (FlintPublicRooms *self)
{
  if (self->ask_idle == 0)
    self->ask_idle = g_idle_add_full (GDK_PRIORITY_REDRAW + 10, on_ask_idle, self, NULL);
}

/* Searching */

static void
show_matches (FlintPublicRooms *self)
{
  g_autofree char *words = flint_text_fold (gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
  guint n = 0;

  clear_rows (self);
  for (guint i = 0; i < self->rooms->len && n < MAX_SHOWN; i++)
    {
      Room *room = g_ptr_array_index (self->rooms, i);

      if (*words != '\0' && strstr (room->folded, words) == NULL)
        continue;

      add_row (self, room);
      n++;
    }

  queue_ask (self);
}

static void
on_search_changed (FlintPublicRooms *self)
{
  show_matches (self);
}

static void
on_row_activated (GtkListBox       *list,
                  GtkListBoxRow    *row,
                  FlintPublicRooms *self)
{
  g_signal_emit (self, signals[CHOSEN], 0, xmpp_jid_get_text (get_room (GTK_WIDGET (row))->jid));
}

static void
flint_public_rooms_dispose (GObject *object)
{
  FlintPublicRooms *self = FLINT_PUBLIC_ROOMS (object);

  g_clear_handle_id (&self->ask_idle, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->disco);
  if (self->public_list != NULL)
    clear_rows (self);

  G_OBJECT_CLASS (flint_public_rooms_parent_class)->dispose (object);
}

static void
flint_public_rooms_finalize (GObject *object)
{
  g_ptr_array_unref (FLINT_PUBLIC_ROOMS (object)->rooms);

  G_OBJECT_CLASS (flint_public_rooms_parent_class)->finalize (object);
}

static void
flint_public_rooms_class_init (FlintPublicRoomsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = flint_public_rooms_dispose;
  object_class->finalize = flint_public_rooms_finalize;

  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/public-rooms.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintPublicRooms, search_entry);
  gtk_widget_class_bind_template_child (widget_class, FlintPublicRooms, scrolled_window);
  gtk_widget_class_bind_template_child (widget_class, FlintPublicRooms, public_list);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
}

static void
flint_public_rooms_init (FlintPublicRooms *self)
{
  GtkAdjustment *adjustment;

  self->rooms = g_ptr_array_new_with_free_func (room_free);
  gtk_widget_init_template (GTK_WIDGET (self));

  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scrolled_window));
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (queue_ask), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (queue_ask), self, G_CONNECT_SWAPPED);
}

/**
 * flint_public_rooms_clear:
 *
 * Shows none, and asks none any more.
 */
void
flint_public_rooms_clear (FlintPublicRooms *self)
{
  g_return_if_fail (FLINT_IS_PUBLIC_ROOMS (self));

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->disco);
  self->n_asking = 0;
  clear_rows (self);
  g_ptr_array_set_size (self->rooms, 0);
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * flint_public_rooms_fill:
 * @disco: of the session that asked
 * @items: (element-type XmppDiscoItem): what the service lists
 *
 * Shows the rooms among them, sorted by name.
 */
void
flint_public_rooms_fill (FlintPublicRooms *self,
                         XmppDisco        *disco,
                         GPtrArray        *items)
{
  g_return_if_fail (FLINT_IS_PUBLIC_ROOMS (self));
  g_return_if_fail (XMPP_IS_DISCO (disco));
  g_return_if_fail (items != NULL);

  flint_public_rooms_clear (self);
  self->disco = g_object_ref (disco);
  self->cancellable = g_cancellable_new ();

  for (guint i = 0; i < items->len && self->rooms->len < MAX_ROOMS; i++)
    {
      const XmppDiscoItem *item = g_ptr_array_index (items, i);
      Room *room;

      if (item->jid == NULL || xmpp_jid_get_local (item->jid) == NULL)
        continue;

      room = g_new0 (Room, 1);
      room->jid = xmpp_jid_ref (item->jid);
      room->n_people = -1;
      set_name (room, xmpp_jid_get_local (item->jid));
      set_name (room, item->name);
      if (room->name == NULL)
        {
          room_free (room);
          continue;
        }
      g_ptr_array_add (self->rooms, room);
    }

  g_ptr_array_sort (self->rooms, compare);
  gtk_widget_set_visible (self->search_entry, self->rooms->len >= MIN_SEARCH);
  gtk_widget_set_visible (GTK_WIDGET (self), self->rooms->len > 0);
  show_matches (self);
}
