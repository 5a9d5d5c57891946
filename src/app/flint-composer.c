/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-composer.h"

#include "flint-room.h"
#include "flint-text.h"

#include <glib/gi18n.h>
#include <string.h>

#define REPLY_KEY "flint-composer-reply"   /* what is answered stays with its conversation, as the draft does */
#define MAX_QUOTED_LINES 8
#define MAX_QUOTED 400                     /* graphemes of one of them */

struct _FlintComposer
{
  AdwBin             parent_instance;

  FlintConversation *conversation;
  gboolean           enter_sends;
  guint              n_tabs;          /* Tab again: the next name that fits */
  char              *stem;            /* what is being completed */
  int                completed_to;    /* where the cursor was left then */

  GtkWidget         *strip_revealer;
  GtkWidget         *strip_title_label;
  GtkWidget         *strip_text_label;
  GtkWidget         *text;
  GtkWidget         *placeholder;
  GtkWidget         *send_button;
};

enum {
  PROP_0,
  PROP_ENTER_SENDS,
  N_PROPS
};

enum {
  SENT,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlintComposer, flint_composer, ADW_TYPE_BIN)

static void
stop_completing (FlintComposer *self)
{
  self->n_tabs = 0;
  g_clear_pointer (&self->stem, g_free);
}

static GtkTextBuffer *
get_buffer (FlintComposer *self)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->text));
}

static char *
get_text (FlintComposer *self)
{
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_bounds (get_buffer (self), &start, &end);

  return gtk_text_buffer_get_text (get_buffer (self), &start, &end, FALSE);
}

static void
on_changed (FlintComposer *self)
{
  g_autofree char *text = get_text (self);
  gboolean is_empty = *text == '\0';

  gtk_widget_set_visible (self->placeholder, is_empty);
  gtk_widget_set_sensitive (self->send_button, text[strspn (text, " \t\r\n")] != '\0');

  if (self->conversation == NULL)
    return;

  flint_conversation_set_draft (self->conversation, text);
  flint_conversation_set_composing (self->conversation, !is_empty);
}

/* Replying: what is answered stands above the text, and goes before it as lines that begin with ">" (XEP-0393),
 * which every client shows.
 */

static FlintMessage *
get_reply (FlintComposer *self)
{
  return self->conversation != NULL ? g_object_get_data (G_OBJECT (self->conversation), REPLY_KEY) : NULL;
}

static void
update_strip (FlintComposer *self)
{
  FlintMessage *message = get_reply (self);
  g_autofree char *title = NULL;
  g_autofree char *text = NULL;

  gtk_revealer_set_reveal_child (GTK_REVEALER (self->strip_revealer), message != NULL);
  if (message == NULL)
    return;

  /* Translators: above what one writes: whose message it answers */
  title = g_strdup_printf (_("Reply to %s"), flint_message_get_sender (message));
  text = flint_text_for_line (flint_message_get_text (message), MAX_QUOTED);
  gtk_label_set_label (GTK_LABEL (self->strip_title_label), title);
  gtk_label_set_label (GTK_LABEL (self->strip_text_label), text);
}

static void
set_reply (FlintComposer *self,
           FlintMessage  *message)
{
  if (self->conversation == NULL)
    return;

  g_object_set_data_full (G_OBJECT (self->conversation), REPLY_KEY, message != NULL ? g_object_ref (message) : NULL, g_object_unref);
  update_strip (self);
}

/**
 * flint_composer_reply:
 * @message: a message of the conversation
 *
 * Lets the person write an answer to it.
 */
void
flint_composer_reply (FlintComposer *self,
                      FlintMessage  *message)
{
  g_return_if_fail (FLINT_IS_COMPOSER (self));

  set_reply (self, message);
  gtk_widget_grab_focus (self->text);
}

static void
on_cancel_reply (FlintComposer *self)
{
  set_reply (self, NULL);
  gtk_widget_grab_focus (self->text);
}

/* The message that is answered, and the text under it. In a room it has to be said whose it was. */
static char *
add_quote (FlintComposer *self,
           FlintMessage  *message,
           const char    *text)
{
  g_autofree char *body = flint_text_for_copy (flint_message_get_text (message));
  g_auto(GStrv) lines = g_strsplit (body, "\n", MAX_QUOTED_LINES + 1);
  GString *quoted = g_string_new (NULL);
  gboolean is_room = flint_conversation_get_room (self->conversation) != NULL;

  for (guint i = 0; i < MAX_QUOTED_LINES && lines[i] != NULL; i++)
    {
      g_autofree char *line = flint_text_for_line (lines[i], MAX_QUOTED);
      gboolean is_cut = i == MAX_QUOTED_LINES - 1 && lines[i + 1] != NULL;

      if (i == 0 && is_room)
        g_string_append_printf (quoted, "> %s: %s%s\n", flint_message_get_sender (message), line, is_cut ? " …" : "");
      else
        g_string_append_printf (quoted, "> %s%s\n", line, is_cut ? " …" : "");
    }
  g_string_append (quoted, text);

  return g_string_free (quoted, FALSE);
}

/* The message before or behind the one that is answered, lines of ours left out; NULL: there is none */
static FlintMessage *
find_next_reply (FlintComposer *self,
                 gboolean       is_later)
{
  GListModel *timeline = G_LIST_MODEL (flint_conversation_get_timeline (self->conversation));
  FlintMessage *current = get_reply (self);
  FlintMessage *later = NULL;
  gboolean is_passed = current == NULL;

  for (guint i = g_list_model_get_n_items (timeline); i-- > 0; )
    {
      g_autoptr(FlintMessage) message = g_list_model_get_item (timeline, i);

      if (message == current && is_later)
        return later;
      if (message == current)
        is_passed = TRUE;
      else if (flint_message_get_kind (message) == FLINT_MESSAGE_TEXT && is_passed && !is_later)
        return message;   /* the timeline holds it */
      else if (flint_message_get_kind (message) == FLINT_MESSAGE_TEXT)
        later = message;
    }

  return is_later ? NULL : current;
}

/**
 * flint_composer_send:
 *
 * Sends what stands here. What could not be taken stays: nothing that was written is lost.
 */
void
flint_composer_send (FlintComposer *self)
{
  g_autofree char *text = NULL;

  g_return_if_fail (FLINT_IS_COMPOSER (self));

  text = get_text (self);
  if (text[strspn (text, " \t\r\n")] == '\0' || self->conversation == NULL)
    return;

  if (get_reply (self) != NULL)
    {
      g_autofree char *own = g_steal_pointer (&text);

      text = add_quote (self, get_reply (self), own);
    }

  if (!flint_conversation_send (self->conversation, text))
    return;

  set_reply (self, NULL);
  stop_completing (self);
  gtk_text_buffer_set_text (get_buffer (self), "", 0);
  g_signal_emit (self, signals[SENT], 0);
}

void
flint_composer_insert_emoji (FlintComposer *self)
{
  g_return_if_fail (FLINT_IS_COMPOSER (self));

  gtk_widget_grab_focus (self->text);
  gtk_widget_activate_action (self->text, "misc.insert-emoji", NULL);
}

/**
 * flint_composer_insert:
 * @text: goes to where the cursor is
 */
void
flint_composer_insert (FlintComposer *self,
                       const char    *text)
{
  g_return_if_fail (FLINT_IS_COMPOSER (self));

  gtk_text_buffer_insert_at_cursor (get_buffer (self), text, -1);
  gtk_widget_grab_focus (self->text);
}

/* Names in a room */

static char *
find_name (GListModel *occupants,
           const char *stem,
           guint       index)
{
  g_autofree char *folded_stem = g_utf8_casefold (stem, -1);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < g_list_model_get_n_items (occupants); i++)
    {
      g_autoptr(FlintOccupant) occupant = g_list_model_get_item (occupants, i);
      g_autofree char *folded = g_utf8_casefold (flint_occupant_get_nick (occupant), -1);

      if (g_str_has_prefix (folded, folded_stem))
        g_ptr_array_add (names, g_strdup (flint_occupant_get_nick (occupant)));
    }

  return names->len > 0 ? g_strdup (g_ptr_array_index (names, index % names->len)) : NULL;
}

/* Where the word before the cursor begins */
static const char *
find_word (const char *before)
{
  const char *start = before;

  for (const char *p = before; *p != '\0'; p = g_utf8_next_char (p))
    {
      if (g_unichar_isspace (g_utf8_get_char (p)))
        start = g_utf8_next_char (p);
    }

  return start;
}

/* The word before the cursor becomes the name that begins so; at the start of the text with a colon. */
static gboolean
complete_name (FlintComposer *self)
{
  FlintRoom *room = flint_conversation_get_room (self->conversation);
  GtkTextBuffer *buffer = get_buffer (self);
  GtkTextIter start;
  GtkTextIter end;
  g_autofree char *before = NULL;
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  if (room == NULL)
    return FALSE;

  gtk_text_buffer_get_iter_at_mark (buffer, &end, gtk_text_buffer_get_insert (buffer));

  /* the pointer has put the cursor elsewhere: what stands there is not ours to replace */
  if (self->stem != NULL && gtk_text_iter_get_offset (&end) != self->completed_to)
    stop_completing (self);

  if (self->stem == NULL)
    {
      gtk_text_buffer_get_start_iter (buffer, &start);
      before = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
      self->stem = g_strdup (find_word (before));
      if (*self->stem == '\0')
        {
          stop_completing (self);
          return FALSE;
        }
      gtk_text_buffer_create_mark (buffer, "completion", &end, TRUE);
      start = end;
      gtk_text_iter_backward_chars (&start, g_utf8_strlen (self->stem, -1));
      gtk_text_buffer_move_mark_by_name (buffer, "completion", &start);
    }

  if (!(name = find_name (flint_room_get_occupants (room), self->stem, self->n_tabs++)))
    {
      stop_completing (self);
      return FALSE;
    }

  gtk_text_buffer_get_iter_at_mark (buffer, &start, gtk_text_buffer_get_mark (buffer, "completion"));
  text = g_strconcat (name, gtk_text_iter_is_start (&start) ? ": " : " ", NULL);
  gtk_text_buffer_delete (buffer, &start, &end);
  gtk_text_buffer_insert (buffer, &start, text, -1);
  self->completed_to = gtk_text_iter_get_offset (&start);

  return TRUE;
}

static gboolean
on_key_pressed (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                FlintComposer         *self)
{
  gboolean is_enter = keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter || keyval == GDK_KEY_ISO_Enter;
  GdkModifierType modifiers = state & gtk_accelerator_get_default_mod_mask ();
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (controller));

  /* an input method that is at work takes Enter for itself: in Chinese it ends a word, not the message */
  if (is_enter && event != NULL && gtk_text_view_im_context_filter_keypress (GTK_TEXT_VIEW (self->text), event))
    return GDK_EVENT_STOP;

  if (keyval != GDK_KEY_Tab)
    stop_completing (self);

  if (is_enter && ((self->enter_sends && modifiers == 0) || modifiers == GDK_CONTROL_MASK))
    {
      flint_composer_send (self);
      return GDK_EVENT_STOP;
    }

  if (is_enter)
    {
      gtk_text_buffer_delete_selection (get_buffer (self), TRUE, TRUE);
      gtk_text_buffer_insert_at_cursor (get_buffer (self), "\n", 1);
      gtk_text_view_scroll_mark_onscreen (GTK_TEXT_VIEW (self->text), gtk_text_buffer_get_insert (get_buffer (self)));
      return GDK_EVENT_STOP;
    }

  if (keyval == GDK_KEY_Tab && modifiers == 0)
    return complete_name (self);

  if ((keyval == GDK_KEY_Up || keyval == GDK_KEY_Down) && modifiers == GDK_CONTROL_MASK)
    {
      set_reply (self, find_next_reply (self, keyval == GDK_KEY_Down));
      return GDK_EVENT_STOP;
    }

  if (keyval == GDK_KEY_Escape && modifiers == 0 && get_reply (self) != NULL)
    {
      set_reply (self, NULL);
      return GDK_EVENT_STOP;
    }

  return GDK_EVENT_PROPAGATE;
}

static void
on_title_changed (FlintComposer *self)
{
  g_autofree char *text = g_strdup_printf (_("Message to %s"), flint_conversation_get_title (self->conversation));

  gtk_label_set_label (GTK_LABEL (self->placeholder), text);
}

/**
 * flint_composer_set_conversation:
 *
 * Gives the composer its conversation, and its draft; to be called once.
 */
void
flint_composer_set_conversation (FlintComposer     *self,
                                 FlintConversation *conversation)
{
  const char *draft;

  g_return_if_fail (FLINT_IS_COMPOSER (self));
  g_return_if_fail (self->conversation == NULL);

  draft = flint_conversation_get_draft (conversation);
  if (draft != NULL && *draft != '\0')
    gtk_text_buffer_set_text (get_buffer (self), draft, -1);

  self->conversation = g_object_ref (conversation);
  g_signal_connect_object (conversation, "notify::title", G_CALLBACK (on_title_changed), self, G_CONNECT_SWAPPED);
  on_title_changed (self);
  update_strip (self);
}

/* AdwBin would end with grab_focus (), and nobody came out of here backwards */
static gboolean
flint_composer_focus (GtkWidget        *widget,
                      GtkDirectionType  direction)
{
  return gtk_widget_child_focus (adw_bin_get_child (ADW_BIN (widget)), direction);
}

static gboolean
flint_composer_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (FLINT_COMPOSER (widget)->text);
}

static void
flint_composer_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_ENTER_SENDS:
      g_value_set_boolean (value, FLINT_COMPOSER (object)->enter_sends);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
flint_composer_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_ENTER_SENDS:
      FLINT_COMPOSER (object)->enter_sends = g_value_get_boolean (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
flint_composer_dispose (GObject *object)
{
  FlintComposer *self = FLINT_COMPOSER (object);

  g_clear_object (&self->conversation);
  stop_completing (self);

  G_OBJECT_CLASS (flint_composer_parent_class)->dispose (object);
}

static void
flint_composer_class_init (FlintComposerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = flint_composer_get_property;
  object_class->set_property = flint_composer_set_property;
  object_class->dispose = flint_composer_dispose;
  widget_class->focus = flint_composer_focus;
  widget_class->grab_focus = flint_composer_grab_focus;

  properties[PROP_ENTER_SENDS] =
    g_param_spec_boolean ("enter-sends", NULL, NULL, TRUE, (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * FlintComposer::sent:
   *
   * Something was sent from here.
   */
  signals[SENT] = g_signal_new ("sent", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/composer.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintComposer, strip_revealer);
  gtk_widget_class_bind_template_child (widget_class, FlintComposer, strip_title_label);
  gtk_widget_class_bind_template_child (widget_class, FlintComposer, strip_text_label);
  gtk_widget_class_bind_template_child (widget_class, FlintComposer, text);
  gtk_widget_class_bind_template_child (widget_class, FlintComposer, placeholder);
  gtk_widget_class_bind_template_child (widget_class, FlintComposer, send_button);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel_reply);
  gtk_widget_class_bind_template_callback (widget_class, on_key_pressed);
  gtk_widget_class_bind_template_callback (widget_class, flint_composer_send);
  gtk_widget_class_bind_template_callback (widget_class, flint_composer_insert_emoji);
}

static void
flint_composer_init (FlintComposer *self)
{
  self->enter_sends = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (get_buffer (self), "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  on_changed (self);
}
