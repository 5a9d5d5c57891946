/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-whole-text-window.h"

#include "flint-link-label.h"
#include "flint-links.h"
#include "flint-text.h"

#define PIECE_BYTES (2 * 1024)   /* a paragraph is laid out at once, so a longer one is broken */
#define SLICE_BYTES (16 * 1024)

struct _FlintWholeTextWindow
{
  AdwWindow   parent_instance;

  char       *text;         /* as it came */
  const char *rest;         /* what of it is not in the buffer yet */
  guint       fill_idle;

  GtkWidget  *text_view;
  GtkTextTag *link_tag;     /* of the buffer */
};

G_DEFINE_FINAL_TYPE (FlintWholeTextWindow, flint_whole_text_window, ADW_TYPE_WINDOW)

static GtkTextBuffer *
get_buffer (FlintWholeTextWindow *self)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->text_view));
}

static void
put_on_clipboard (FlintWholeTextWindow *self,
                  const char           *text)
{
  g_autofree char *copy = flint_text_for_copy (text);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), copy);
}

static void
on_copy_all (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  put_on_clipboard (FLINT_WHOLE_TEXT_WINDOW (widget), FLINT_WHOLE_TEXT_WINDOW (widget)->text);
}

/* Not what is there only to be shown, such as places to break a word at (T073) */
static void
on_copy (GtkTextView          *text_view,
         FlintWholeTextWindow *self)
{
  GtkTextIter start;
  GtkTextIter end;
  g_autofree char *text = NULL;

  g_signal_stop_emission_by_name (text_view, "copy-clipboard");
  if (!gtk_text_buffer_get_selection_bounds (get_buffer (self), &start, &end))
    return;

  text = gtk_text_buffer_get_text (get_buffer (self), &start, &end, FALSE);
  put_on_clipboard (self, text);
}

/* Links */

/* (transfer full) (nullable): the address of the link at a point of the text view */
static char *
get_link_at (FlintWholeTextWindow *self,
             double                x,
             double                y)
{
  GtkTextIter at;
  GtkTextIter start;
  GtkTextIter end;
  int buffer_x;
  int buffer_y;
  g_autofree char *line = NULL;
  g_autoptr(GPtrArray) links = NULL;

  gtk_text_view_window_to_buffer_coords (GTK_TEXT_VIEW (self->text_view), GTK_TEXT_WINDOW_WIDGET, x, y, &buffer_x, &buffer_y);
  if (!gtk_text_view_get_iter_at_location (GTK_TEXT_VIEW (self->text_view), &at, buffer_x, buffer_y) ||
      !gtk_text_iter_has_tag (&at, self->link_tag))
    return NULL;

  start = end = at;
  gtk_text_iter_set_line_offset (&start, 0);
  gtk_text_iter_forward_to_line_end (&end);
  line = gtk_text_buffer_get_text (get_buffer (self), &start, &end, FALSE);
  links = flint_text_find_links (line);

  for (guint i = 0; i < links->len; i++)
    {
      const FlintLink *link = g_ptr_array_index (links, i);
      guint index = gtk_text_iter_get_line_index (&at);

      if (index >= link->start && index < link->end)
        return g_strdup (link->uri);
    }

  return NULL;
}

static void
on_released (GtkGestureClick      *gesture,
             int                   n_press,
             double                x,
             double                y,
             FlintWholeTextWindow *self)
{
  g_autofree char *uri = get_link_at (self, x, y);

  /* whoever selects text over a link does not want to go there */
  if (uri != NULL && n_press == 1 && !gtk_text_buffer_get_has_selection (get_buffer (self)))
    flint_link_label_open_uri (self->text_view, uri);
}

static void
on_motion (GtkEventControllerMotion *controller,
           double                    x,
           double                    y,
           FlintWholeTextWindow     *self)
{
  g_autofree char *uri = get_link_at (self, x, y);

  gtk_widget_set_cursor_from_name (self->text_view, uri != NULL ? "pointer" : "text");
}

static gboolean
on_query_tooltip (GtkWidget            *widget,
                  int                   x,
                  int                   y,
                  gboolean              is_keyboard,
                  GtkTooltip           *tooltip,
                  FlintWholeTextWindow *self)
{
  g_autofree char *uri = is_keyboard ? NULL : get_link_at (self, x, y);

  gtk_tooltip_set_text (tooltip, uri);

  return uri != NULL;
}

/* Each line is made harmless by itself: what overrides directions in it ends with it */
static void
add_line (FlintWholeTextWindow *self,
          const char           *line)
{
  g_autofree char *shown = flint_text_for_body (line, 0, NULL);
  g_autoptr(GPtrArray) links = flint_text_find_links (shown);
  GtkTextIter end;
  int number;

  gtk_text_buffer_get_end_iter (get_buffer (self), &end);
  number = gtk_text_iter_get_line (&end);
  gtk_text_buffer_insert (get_buffer (self), &end, shown, -1);

  for (guint i = 0; i < links->len; i++)
    {
      const FlintLink *link = g_ptr_array_index (links, i);
      GtkTextIter from;
      GtkTextIter to;

      gtk_text_buffer_get_iter_at_line_index (get_buffer (self), &from, number, link->start);
      gtk_text_buffer_get_iter_at_line_index (get_buffer (self), &to, number, link->end);
      gtk_text_buffer_apply_tag (get_buffer (self), self->link_tag, &from, &to);
    }
}

/* In slices: a megabyte takes a second */
static gboolean
on_fill (gpointer user_data)
{
  FlintWholeTextWindow *self = user_data;
  const char *rest = self->rest;

  while (*rest != '\0' && rest - self->rest < SLICE_BYTES)
    {
      gsize length = flint_text_find_cut (rest, PIECE_BYTES, 1);
      g_autofree char *line = g_strndup (rest, length);
      GtkTextIter end;

      if (line[length - 1] == '\n')
        line[length - 1] = '\0';

      add_line (self, line);
      rest += length;
      gtk_text_buffer_get_end_iter (get_buffer (self), &end);
      if (*rest != '\0')
        gtk_text_buffer_insert (get_buffer (self), &end, "\n", 1);
    }

  self->rest = rest;
  if (*rest != '\0')
    return G_SOURCE_CONTINUE;

  self->fill_idle = 0;

  return G_SOURCE_REMOVE;
}

static void
flint_whole_text_window_dispose (GObject *object)
{
  g_clear_handle_id (&FLINT_WHOLE_TEXT_WINDOW (object)->fill_idle, g_source_remove);

  G_OBJECT_CLASS (flint_whole_text_window_parent_class)->dispose (object);
}

static void
flint_whole_text_window_finalize (GObject *object)
{
  g_free (FLINT_WHOLE_TEXT_WINDOW (object)->text);

  G_OBJECT_CLASS (flint_whole_text_window_parent_class)->finalize (object);
}

static void
flint_whole_text_window_class_init (FlintWholeTextWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_whole_text_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = flint_whole_text_window_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/whole-text-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintWholeTextWindow, text_view);
  gtk_widget_class_bind_template_callback (widget_class, on_copy);

  gtk_widget_class_install_action (widget_class, "text.copy-all", NULL, on_copy_all);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "text.copy-all", NULL);
}

static void
flint_whole_text_window_init (FlintWholeTextWindow *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GdkRGBA color = { 0.11, 0.44, 0.85, 1 };

  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_style_context_lookup_color (gtk_widget_get_style_context (GTK_WIDGET (self)), "accent_color", &color);
  self->link_tag = gtk_text_buffer_create_tag (get_buffer (self), NULL, "underline", PANGO_UNDERLINE_SINGLE,
                                               "foreground-rgba", &color, NULL);

  /* before the text view's own, which takes every click for its selection */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect (click, "released", G_CALLBACK (on_released), self);
  gtk_widget_add_controller (self->text_view, GTK_EVENT_CONTROLLER (click));
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  gtk_widget_add_controller (self->text_view, motion);
  gtk_widget_set_has_tooltip (self->text_view, TRUE);
  g_signal_connect (self->text_view, "query-tooltip", G_CALLBACK (on_query_tooltip), self);
}

/**
 * flint_whole_text_window_new:
 * @parent: (nullable): the window that it belongs to
 * @title: what it is
 * @text: as it came
 *
 * Returns: (transfer none): the window, to be presented
 */
GtkWindow *
flint_whole_text_window_new (GtkWindow  *parent,
                             const char *title,
                             const char *text)
{
  FlintWholeTextWindow *self = g_object_new (FLINT_TYPE_WHOLE_TEXT_WINDOW, "transient-for", parent, "title", title, NULL);

  self->text = g_strdup (text);
  self->rest = self->text;
  if (on_fill (self))
    self->fill_idle = g_idle_add (on_fill, self);

  return GTK_WINDOW (self);
}
