/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-whole-text-window.h"

#include "flint-link-label.h"
#include "flint-links.h"
#include "flint-quotes.h"
#include "flint-search-bar.h"
#include "flint-text.h"
#include "flint-text-search.h"

#include <string.h>

#define PIECE_BYTES (2 * 1024)   /* a paragraph is laid out at once, so a longer one is broken */
#define SLICE_BYTES (16 * 1024)
#define MAX_MARKED 200           /* hits before and behind the one where the person is: more than what is on screen */

/* A part of the text that was laid down at once */
typedef struct
{
  gsize start;    /* bytes, in what is searched */
  int   offset;   /* characters, in the buffer */
} Piece;

struct _FlintWholeTextWindow
{
  AdwWindow        parent_instance;

  char            *text;          /* as it came */
  const char      *rest;          /* what of it is not in the buffer yet */
  guint            fill_idle;

  FlintTextSearch *search;        /* in what is shown, without the breaks that we put into long lines */
  GArray          *pieces;        /* of Piece, in order */
  FlintPattern    *pattern;       /* of what is marked, or NULL */
  guint            number;        /* of the hit that is marked as the one where the person is; 0: none */
  guint            n_marked_to;   /* up to which hit they are marked */
  gboolean         is_on_the_way; /* to that hit: it was not in sight yet */

  GtkWidget       *search_button;
  GtkWidget       *search_bar;
  GtkWidget       *scroller;
  GtkWidget       *text_view;
  GtkTextTag      *link_tag;      /* of the buffer, like these */
  GtkTextTag      *hit_tag;
  GtkTextTag      *current_tag;
  GtkTextTag      *quote_tag;
  gboolean         is_quoted;     /* the line that is put into it */
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

/* Searching */

static void
get_iter_at (FlintWholeTextWindow *self,
             gsize                 position,
             GtkTextIter          *iter)
{
  const char *text = flint_text_search_get_text (self->search);
  Piece *piece;
  guint low = 0;
  guint high = self->pieces->len;

  /* the last one that begins at the position or before it */
  while (high - low > 1)
    {
      guint middle = (low + high) / 2;

      if (g_array_index (self->pieces, Piece, middle).start <= position)
        low = middle;
      else
        high = middle;
    }

  piece = &g_array_index (self->pieces, Piece, low);
  gtk_text_buffer_get_iter_at_offset (get_buffer (self), iter,
                                      piece->offset + g_utf8_strlen (text + piece->start, position - piece->start));
}

static void
get_hit (FlintWholeTextWindow *self,
         guint                 number,
         GtkTextIter          *start,
         GtkTextIter          *end)
{
  const FlintRange *hit = flint_text_search_get_hit (self->search, number - 1);
  const char *text = flint_text_search_get_text (self->search);

  get_iter_at (self, hit->start, start);
  /* its last character may be the last one of a piece: not the beginning of the next one */
  get_iter_at (self, g_utf8_prev_char (text + hit->end) - text, end);
  gtk_text_iter_forward_char (end);
}

static gboolean
is_in_sight (FlintWholeTextWindow *self)
{
  GtkTextIter at;
  GdkRectangle place;
  GdkRectangle seen;

  gtk_text_buffer_get_iter_at_mark (get_buffer (self), &at, gtk_text_buffer_get_insert (get_buffer (self)));
  gtk_text_view_get_iter_location (GTK_TEXT_VIEW (self->text_view), &at, &place);
  gtk_text_view_get_visible_rect (GTK_TEXT_VIEW (self->text_view), &seen);

  return place.y >= seen.y && place.y + place.height <= seen.y + seen.height;
}

/* Lines that were never on screen have no height yet: the view goes to a mark as far as it knows the way */
static void
go_on (FlintWholeTextWindow *self)
{
  gtk_text_view_scroll_to_mark (GTK_TEXT_VIEW (self->text_view), gtk_text_buffer_get_insert (get_buffer (self)), 0.3, FALSE, 0, 0);
}

static void
on_height_changed (FlintWholeTextWindow *self)
{
  if (self->is_on_the_way)
    go_on (self);
}

static void
on_scrolled (FlintWholeTextWindow *self)
{
  if (self->is_on_the_way && is_in_sight (self))
    self->is_on_the_way = FALSE;
}

static void
go_to_hit (FlintWholeTextWindow *self)
{
  GtkTextIter start;
  GtkTextIter end;

  get_hit (self, self->number, &start, &end);
  gtk_text_buffer_place_cursor (get_buffer (self), &start);
  self->is_on_the_way = TRUE;
  go_on (self);
}

/* Those around the place where the person is: a letter is found in a megabyte as often */
static void
mark_hits (FlintWholeTextWindow *self,
           guint                 from,
           guint                 to)
{
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_bounds (get_buffer (self), &start, &end);
  gtk_text_buffer_remove_tag (get_buffer (self), self->hit_tag, &start, &end);
  gtk_text_buffer_remove_tag (get_buffer (self), self->current_tag, &start, &end);

  for (guint number = from; number <= to; number++)
    {
      get_hit (self, number, &start, &end);
      gtk_text_buffer_apply_tag (get_buffer (self), number == self->number ? self->current_tag : self->hit_tag, &start, &end);
    }
}

static void
on_search_changed (FlintWholeTextWindow *self)
{
  FlintPattern *pattern = flint_text_search_get_pattern (self->search);
  guint n_hits = flint_text_search_get_n_hits (self->search);
  guint number = flint_text_search_get_number (self->search);
  guint from = number > MAX_MARKED ? number - MAX_MARKED : 1;
  guint to = number > 0 ? MIN (n_hits, number + MAX_MARKED) : 0;
  gboolean is_elsewhere = number != self->number || pattern != self->pattern;

  flint_search_bar_set_found (FLINT_SEARCH_BAR (self->search_bar), pattern, number, n_hits,
                              flint_text_search_is_running (self->search));
  if (!is_elsewhere && to == self->n_marked_to)
    return;

  if (pattern != NULL)
    flint_pattern_ref (pattern);
  g_clear_pointer (&self->pattern, flint_pattern_unref);
  self->pattern = pattern;
  self->number = number;
  self->n_marked_to = to;
  mark_hits (self, from, to);
  if (is_elsewhere && number > 0)
    go_to_hit (self);
}

static void
on_words (FlintWholeTextWindow *self,
          const char           *words)
{
  flint_text_search_set_words (self->search, words);
}

static void
on_step (FlintWholeTextWindow *self,
         gboolean              is_later)
{
  flint_text_search_step (self->search, is_later);
}

static void
on_search_open (FlintWholeTextWindow *self)
{
  gboolean is_open = flint_search_bar_is_open (FLINT_SEARCH_BAR (self->search_bar));

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "text.search-earlier", is_open);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "text.search-later", is_open);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->search_button), is_open);
  if (!is_open)
    gtk_widget_grab_focus (self->text_view);
}

/* The button closes it, too; the key only selects what was looked for, to be typed over */
static void
on_search (GtkWidget  *widget,
           const char *action,
           GVariant   *parameter)
{
  FlintSearchBar *bar = FLINT_SEARCH_BAR (FLINT_WHOLE_TEXT_WINDOW (widget)->search_bar);

  if (g_str_equal (action, "text.search") && flint_search_bar_is_open (bar))
    flint_search_bar_close (bar);
  else
    flint_search_bar_open (bar);
}

static void
on_search_step (GtkWidget  *widget,
                const char *action,
                GVariant   *parameter)
{
  flint_search_bar_step (FLINT_SEARCH_BAR (FLINT_WHOLE_TEXT_WINDOW (widget)->search_bar),
                         g_str_equal (action, "text.search-later"));
}

/* First the search, then the window */
static void
on_escape (GtkWidget  *widget,
           const char *action,
           GVariant   *parameter)
{
  FlintSearchBar *bar = FLINT_SEARCH_BAR (FLINT_WHOLE_TEXT_WINDOW (widget)->search_bar);

  if (flint_search_bar_is_open (bar))
    flint_search_bar_close (bar);
  else
    gtk_window_close (GTK_WINDOW (widget));
}

/* Filling */

static void
update_quote_color (FlintWholeTextWindow *self)
{
  float level = adw_style_manager_get_dark (adw_style_manager_get_default ()) ? 1 : 0;
  GdkRGBA color = { level, level, level, 0.65 };

  g_object_set (self->quote_tag, "foreground-rgba", &color, NULL);
}

/* Each line is made harmless by itself: what overrides directions in it ends with it. A quoted one keeps its marks here, where all
 * is as it came.
 */
static void
add_line (FlintWholeTextWindow *self,
          const char           *line)
{
  Piece piece = { flint_text_search_get_length (self->search), 0 };
  g_autofree char *shown = flint_text_for_body (line, 0, NULL);
  g_autoptr(GPtrArray) links = flint_text_find_links (shown);
  GtkTextTag *tag = self->is_quoted ? self->quote_tag : NULL;
  GtkTextIter end;
  int number;

  gtk_text_buffer_get_end_iter (get_buffer (self), &end);
  number = gtk_text_iter_get_line (&end);
  piece.offset = gtk_text_iter_get_offset (&end);
  g_array_append_val (self->pieces, piece);
  flint_text_search_add (self->search, shown);
  gtk_text_buffer_insert_with_tags (get_buffer (self), &end, shown, -1, tag, NULL);

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
      gboolean is_line = line[length - 1] == '\n';
      GtkTextIter end;

      if (rest == self->text || rest[-1] == '\n')
        self->is_quoted = flint_quotes_is_quoted (rest);

      if (is_line)
        line[length - 1] = '\0';

      add_line (self, line);
      if (is_line)
        flint_text_search_add (self->search, "\n");
      rest += length;
      gtk_text_buffer_get_end_iter (get_buffer (self), &end);
      if (*rest != '\0')
        gtk_text_buffer_insert (get_buffer (self), &end, "\n", 1);
    }

  self->rest = rest;
  if (*rest != '\0')
    return G_SOURCE_CONTINUE;

  flint_text_search_end (self->search);
  self->fill_idle = 0;

  return G_SOURCE_REMOVE;
}

static void
flint_whole_text_window_dispose (GObject *object)
{
  FlintWholeTextWindow *self = FLINT_WHOLE_TEXT_WINDOW (object);

  self->is_on_the_way = FALSE;
  g_clear_handle_id (&self->fill_idle, g_source_remove);
  if (self->search != NULL)
    g_signal_handlers_disconnect_by_data (self->search, self);
  g_clear_object (&self->search);

  G_OBJECT_CLASS (flint_whole_text_window_parent_class)->dispose (object);
}

static void
flint_whole_text_window_finalize (GObject *object)
{
  FlintWholeTextWindow *self = FLINT_WHOLE_TEXT_WINDOW (object);

  g_clear_pointer (&self->pattern, flint_pattern_unref);
  g_array_unref (self->pieces);
  g_free (self->text);

  G_OBJECT_CLASS (flint_whole_text_window_parent_class)->finalize (object);
}

static void
flint_whole_text_window_class_init (FlintWholeTextWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_whole_text_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = flint_whole_text_window_finalize;

  g_type_ensure (FLINT_TYPE_SEARCH_BAR);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/whole-text-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintWholeTextWindow, search_button);
  gtk_widget_class_bind_template_child (widget_class, FlintWholeTextWindow, search_bar);
  gtk_widget_class_bind_template_child (widget_class, FlintWholeTextWindow, scroller);
  gtk_widget_class_bind_template_child (widget_class, FlintWholeTextWindow, text_view);
  gtk_widget_class_bind_template_callback (widget_class, on_copy);
  gtk_widget_class_bind_template_callback (widget_class, on_words);
  gtk_widget_class_bind_template_callback (widget_class, on_step);
  gtk_widget_class_bind_template_callback (widget_class, on_search_open);

  gtk_widget_class_install_action (widget_class, "text.copy-all", NULL, on_copy_all);
  gtk_widget_class_install_action (widget_class, "text.search", NULL, on_search);
  gtk_widget_class_install_action (widget_class, "text.find", NULL, on_search);
  gtk_widget_class_install_action (widget_class, "text.search-earlier", NULL, on_search_step);
  gtk_widget_class_install_action (widget_class, "text.search-later", NULL, on_search_step);
  gtk_widget_class_install_action (widget_class, "text.escape", NULL, on_escape);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "text.find", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_g, GDK_CONTROL_MASK, "text.search-later", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_g, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "text.search-earlier", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "text.escape", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "text.copy-all", NULL);
}

static void
flint_whole_text_window_init (FlintWholeTextWindow *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GdkRGBA color = { 0.11, 0.44, 0.85, 1 };
  GtkAdjustment *adjustment;
  GdkRGBA black = { 0, 0, 0, 1 };
  GdkRGBA yellow = { 0.965, 0.788, 0.231, 1 };
  GdkRGBA pale = { 0.965, 0.788, 0.231, 0.4 };

  self->pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  self->search = flint_text_search_new ();
  g_signal_connect_swapped (self->search, "changed", G_CALLBACK (on_search_changed), self);
  gtk_widget_init_template (GTK_WIDGET (self));
  on_search_open (self);

  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller));
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (on_height_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (on_scrolled), self, G_CONNECT_SWAPPED);

  gtk_style_context_lookup_color (gtk_widget_get_style_context (GTK_WIDGET (self)), "accent_color", &color);
  self->link_tag = gtk_text_buffer_create_tag (get_buffer (self), NULL, "underline", PANGO_UNDERLINE_SINGLE,
                                               "foreground-rgba", &color, NULL);
  /* as in a chat; above links */
  self->hit_tag = gtk_text_buffer_create_tag (get_buffer (self), NULL, "background-rgba", &pale, NULL);
  self->current_tag = gtk_text_buffer_create_tag (get_buffer (self), NULL, "background-rgba", &yellow,
                                                  "foreground-rgba", &black, NULL);

  self->quote_tag = gtk_text_buffer_create_tag (get_buffer (self), NULL, NULL);
  gtk_text_tag_set_priority (self->quote_tag, 0);
  update_quote_color (self);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (update_quote_color), self, G_CONNECT_SWAPPED);

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

/**
 * flint_whole_text_window_search:
 * @words: what to look for
 *
 * Opens the search with these words, and goes to where they are first.
 */
void
flint_whole_text_window_search (FlintWholeTextWindow *self,
                                const char           *words)
{
  g_return_if_fail (FLINT_IS_WHOLE_TEXT_WINDOW (self));

  flint_search_bar_open_with (FLINT_SEARCH_BAR (self->search_bar), words);
}
