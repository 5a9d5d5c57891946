/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-message-view-private.h"

#include "flint-message-actions.h"
#include "flint-message-row.h"
#include "flint-row-box.h"
#include "flint-text.h"

#include <glib/gi18n.h>

#define MAX_SPOKEN 500  /* graphemes that a screen reader gets of a message at once */

G_DEFINE_FINAL_TYPE (FlintMessageView, flint_message_view, ADW_TYPE_BIN)

static GListModel *
get_model (FlintMessageView *self)
{
  return G_LIST_MODEL (flint_conversation_get_timeline (self->conversation));
}

/* Rows */

static void
on_retry (FlintMessageRow  *row,
          FlintMessage     *message,
          FlintMessageView *self)
{
  flint_conversation_retry (self->conversation, message);
}

static void
on_discard (FlintMessageRow  *row,
            FlintMessage     *message,
            FlintMessageView *self)
{
  flint_conversation_discard (self->conversation, message);
}

static void
on_setup (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          FlintMessageView         *self)
{
  GtkWidget *row = flint_message_row_new ();

  g_signal_connect (row, "retry", G_CALLBACK (on_retry), self);
  g_signal_connect (row, "discard", G_CALLBACK (on_discard), self);
  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_child (item, flint_row_box_new (row));
}

static FlintMessageRow *
get_row (GtkListItem *item)
{
  return FLINT_MESSAGE_ROW (flint_row_box_get_child (FLINT_ROW_BOX (gtk_list_item_get_child (item))));
}

static void
on_bind (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         FlintMessageView         *self)
{
  FlintMessage *message = gtk_list_item_get_item (item);
  const char *sender = flint_message_get_sender (message);
  g_autofree char *label = NULL;

  flint_message_row_set_found (get_row (item), self->pattern, self->found == message);
  flint_message_row_set_message (get_row (item), message);
  g_hash_table_add (self->rows, get_row (item));

  label = flint_text_for_line (flint_message_get_text (message), MAX_SPOKEN);
  if (sender != NULL)
    {
      g_autofree char *text = g_steal_pointer (&label);
      g_autofree char *time = flint_message_format_time (message);

      label = g_strdup_printf ("%s: %s, %s", sender, text, time);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (gtk_list_item_get_child (item))),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
on_unbind (GtkSignalListItemFactory *factory,
           GtkListItem              *item,
           FlintMessageView         *self)
{
  g_hash_table_remove (self->rows, get_row (item));
  if (flint_message_actions_get_row (FLINT_MESSAGE_ACTIONS (self->actions)) == get_row (item))
    flint_message_actions_set_row (FLINT_MESSAGE_ACTIONS (self->actions), NULL);
  flint_message_row_set_message (get_row (item), NULL);
}

/* Scrolling */

static void
update_jump (FlintMessageView *self)
{
  guint n_missed = flint_follower_get_missed (self->follower);

  gtk_revealer_set_reveal_child (GTK_REVEALER (self->jump_revealer), !flint_follower_is_following (self->follower));
  gtk_widget_set_visible (self->jump_label, n_missed > 0);

  if (n_missed > 0)
    {
      g_autofree char *text = g_strdup_printf (ngettext ("%u new message", "%u new messages", n_missed), n_missed);

      gtk_label_set_label (GTK_LABEL (self->jump_label), text);
    }
}

/**
 * flint_message_view_scroll_to_end:
 *
 * Goes to the newest message, and follows from there on.
 */
void
flint_message_view_scroll_to_end (FlintMessageView *self)
{
  g_return_if_fail (FLINT_IS_MESSAGE_VIEW (self));

  flint_follower_follow (self->follower);
}

/**
 * flint_message_view_scroll_to:
 * @position: of a message in the timeline
 *
 * Goes there, and stays there whatever comes.
 */
void
flint_message_view_scroll_to (FlintMessageView *self,
                              guint             position)
{
  g_return_if_fail (FLINT_IS_MESSAGE_VIEW (self));

  flint_follower_go_to (self->follower, position, FLINT_FOLLOWER_IN_SIGHT);
}

/**
 * flint_message_view_set_found:
 * @pattern: (nullable): what is looked for, to be marked in all messages; %NULL: nothing is
 * @position: of the hit to be shown; %GTK_INVALID_LIST_POSITION: none
 */
void
flint_message_view_set_found (FlintMessageView *self,
                              FlintPattern     *pattern,
                              guint             position)
{
  g_autoptr(FlintMessage) found = NULL;
  GHashTableIter iter;
  gpointer row;

  g_return_if_fail (FLINT_IS_MESSAGE_VIEW (self));

  found = g_list_model_get_item (get_model (self), position);
  if (pattern == self->pattern && found == self->found)
    return;

  if (pattern != NULL)
    flint_pattern_ref (pattern);
  g_clear_pointer (&self->pattern, flint_pattern_unref);
  self->pattern = pattern;
  if (g_set_object (&self->found, found) && found != NULL)
    flint_message_view_scroll_to (self, position);

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &row, NULL))
    flint_message_row_set_found (row, pattern, found != NULL && flint_message_row_get_message (row) == found);
}

/**
 * flint_message_view_scroll_to_unread:
 *
 * Goes to the first message that is unread; to the end when all are read.
 */
void
flint_message_view_scroll_to_unread (FlintMessageView *self)
{
  g_return_if_fail (FLINT_IS_MESSAGE_VIEW (self));

  for (guint i = g_list_model_get_n_items (get_model (self)); i-- > 0; )
    {
      g_autoptr(FlintMessage) message = g_list_model_get_item (get_model (self), i);

      if (flint_message_is_first_unread (message) && i + 10 < g_list_model_get_n_items (get_model (self)))
        {
          flint_message_view_scroll_to (self, i);
          return;
        }
    }

  flint_message_view_scroll_to_end (self);
}

/**
 * flint_message_view_get_place:
 *
 * Returns: (transfer full) (nullable): the first message in sight; %NULL when it follows the end
 */
FlintMessage *
flint_message_view_get_place (FlintMessageView *self)
{
  FlintMessageRow *first = NULL;
  float top = 0;
  GHashTableIter iter;
  gpointer row;

  g_return_val_if_fail (FLINT_IS_MESSAGE_VIEW (self), NULL);

  if (flint_message_view_is_at_end (self))
    return NULL;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &row, NULL))
    {
      graphene_rect_t bounds;

      if (!gtk_widget_get_mapped (row) || !gtk_widget_compute_bounds (row, self->scroller, &bounds) || bounds.origin.y < 0 ||
          (first != NULL && bounds.origin.y > top))
        continue;

      first = row;
      top = bounds.origin.y;
    }

  return first != NULL ? g_object_ref (flint_message_row_get_message (first)) : NULL;
}

/**
 * flint_message_view_set_place:
 * @place: (nullable): a message; %NULL: the end
 *
 * Goes there; to the end as well if @place is no more.
 */
void
flint_message_view_set_place (FlintMessageView *self,
                              FlintMessage     *place)
{
  g_return_if_fail (FLINT_IS_MESSAGE_VIEW (self));

  for (guint i = g_list_model_get_n_items (get_model (self)); place != NULL && i-- > 0; )
    {
      g_autoptr(FlintMessage) message = g_list_model_get_item (get_model (self), i);

      if (message == place)
        {
          flint_follower_go_to (self->follower, i, FLINT_FOLLOWER_AT_TOP);
          return;
        }
    }

  flint_message_view_scroll_to_end (self);
}

/* What was said before */

/* No more than a page above what is seen; an empty list has pages of no height yet */
static gboolean
is_near_top (FlintMessageView *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller));

  return gtk_adjustment_get_value (adjustment) - gtk_adjustment_get_lower (adjustment) <= gtk_adjustment_get_page_size (adjustment);
}

static gboolean
on_load (gpointer user_data)
{
  FlintMessageView *self = user_data;

  self->load_source = 0;
  if (gtk_widget_get_mapped (self->list) && is_near_top (self))
    flint_conversation_load_older (self->conversation);

  return G_SOURCE_REMOVE;
}

/* Not while the list is laid out: it may be another one after */
static void
check_top (FlintMessageView *self)
{
  if (self->load_source == 0 && flint_conversation_has_older (self->conversation) &&
      !flint_conversation_is_loading (self->conversation) && is_near_top (self))
    self->load_source = g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, on_load, self, NULL);
}

static void
on_loading (FlintMessageView *self)
{
  if (flint_conversation_is_loading (self->conversation))
    return;

  if (!self->has_begun && flint_message_view_is_at_end (self))
    flint_message_view_scroll_to_unread (self);

  self->has_begun = TRUE;
  check_top (self);
}

gboolean
flint_message_view_is_at_end (FlintMessageView *self)
{
  g_return_val_if_fail (FLINT_IS_MESSAGE_VIEW (self), FALSE);

  return self->follower == NULL || flint_follower_is_following (self->follower);
}

void
flint_message_view_set_conversation (FlintMessageView  *self,
                                     FlintConversation *conversation)
{
  g_autoptr(GtkSelectionModel) selection = NULL;

  g_return_if_fail (FLINT_IS_MESSAGE_VIEW (self));
  g_return_if_fail (self->conversation == NULL);

  self->conversation = g_object_ref (conversation);
  selection = GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (get_model (self))));
  gtk_list_view_set_model (GTK_LIST_VIEW (self->list), selection);

  self->follower = flint_follower_new (self->scroller, self->list, get_model (self));
  g_signal_connect_object (self->follower, "changed", G_CALLBACK (update_jump), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller)), "value-changed",
                           G_CALLBACK (flint_message_view_update_actions), self, G_CONNECT_SWAPPED);

  g_signal_connect_object (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller)), "value-changed",
                           G_CALLBACK (check_top), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "map", G_CALLBACK (check_top), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (conversation, "notify::is-loading", G_CALLBACK (on_loading), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (conversation, "notify::has-older", G_CALLBACK (check_top), self, G_CONNECT_SWAPPED);

  /* An empty list is not shown, so nobody would scroll in it */
  if (g_list_model_get_n_items (get_model (self)) == 0)
    flint_conversation_load_older (conversation);
}

static void
flint_message_view_dispose (GObject *object)
{
  FlintMessageView *self = FLINT_MESSAGE_VIEW (object);

  g_clear_handle_id (&self->load_source, g_source_remove);
  g_clear_object (&self->follower);
  g_clear_pointer (&self->pattern, flint_pattern_unref);
  g_clear_object (&self->found);
  g_clear_object (&self->conversation);

  G_OBJECT_CLASS (flint_message_view_parent_class)->dispose (object);
}

static void
flint_message_view_finalize (GObject *object)
{
  g_hash_table_unref (FLINT_MESSAGE_VIEW (object)->rows);

  G_OBJECT_CLASS (flint_message_view_parent_class)->finalize (object);
}

static void
flint_message_view_class_init (FlintMessageViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_message_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = flint_message_view_finalize;

  g_type_ensure (FLINT_TYPE_MESSAGE_ACTIONS);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/message-view.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintMessageView, overlay);
  gtk_widget_class_bind_template_child (widget_class, FlintMessageView, actions);
  gtk_widget_class_bind_template_child (widget_class, FlintMessageView, scroller);
  gtk_widget_class_bind_template_child (widget_class, FlintMessageView, list);
  gtk_widget_class_bind_template_child (widget_class, FlintMessageView, jump_revealer);
  gtk_widget_class_bind_template_child (widget_class, FlintMessageView, jump_label);
  flint_message_view_class_init_actions (klass);
  gtk_widget_class_bind_template_callback (widget_class, on_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_unbind);
  gtk_widget_class_bind_template_callback (widget_class, flint_message_view_scroll_to_end);
}

static void
flint_message_view_init (FlintMessageView *self)
{
  self->rows = g_hash_table_new (NULL, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
}
