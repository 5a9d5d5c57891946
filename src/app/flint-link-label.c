/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-link-label.h"

#include "flint-links.h"
#include "flint-safe-dialog.h"
#include "flint-text.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _FlintLinkLabel
{
  GtkWidget      parent_instance;

  GtkWidget     *label;
  int            max_width_chars;
  int            natural_width;  /* of the text without wrapping; -1: not measured yet */
  GPtrArray     *links;       /* of FlintLink */
  PangoAttrList *extra;       /* what the owner adds: italics, hits of a search */
};

enum {
  PROP_0,
  PROP_TEXT,
  PROP_MAX_WIDTH_CHARS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

#define MIN_WIDTH 24   /* px */

G_DEFINE_FINAL_TYPE (FlintLinkLabel, flint_link_label, GTK_TYPE_WIDGET)

/* A wrapping GtkLabel searches for its widths, milliseconds each time, and a list measures hundreds
 * of rows at once. Here the width is that of the text on one line, up to a bound, and only the height is asked of the label.
 */
static int
get_natural_width (FlintLinkLabel *self)
{
  if (self->natural_width < 0)
    {
      g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (self->label, gtk_label_get_text (GTK_LABEL (self->label)));
      PangoFontMetrics *metrics = pango_context_get_metrics (gtk_widget_get_pango_context (self->label), NULL, NULL);
      int limit = self->max_width_chars * PANGO_PIXELS (pango_font_metrics_get_approximate_char_width (metrics));

      pango_font_metrics_unref (metrics);
      pango_layout_set_attributes (layout, gtk_label_get_attributes (GTK_LABEL (self->label)));
      /* a bound on the work: a long line wraps anyway */
      pango_layout_set_width (layout, (limit + 1) * PANGO_SCALE);
      pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
      pango_layout_get_pixel_size (layout, &self->natural_width, NULL);
    }

  return self->natural_width;
}

static GtkSizeRequestMode
flint_link_label_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
flint_link_label_measure (GtkWidget      *widget,
                          GtkOrientation  orientation,
                          int             for_size,
                          int            *minimum,
                          int            *natural,
                          int            *minimum_baseline,
                          int            *natural_baseline)
{
  FlintLinkLabel *self = FLINT_LINK_LABEL (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *natural = MAX (MIN_WIDTH, get_natural_width (self));
      *minimum = MIN_WIDTH;
      return;
    }

  gtk_widget_measure (self->label, orientation, for_size >= 0 ? for_size : MAX (MIN_WIDTH, get_natural_width (self)),
                      minimum, natural, NULL, NULL);
}

static void
flint_link_label_size_allocate (GtkWidget *widget,
                                int        width,
                                int        height,
                                int        baseline)
{
  gtk_widget_size_allocate (FLINT_LINK_LABEL (widget)->label, &(GtkAllocation) { 0, 0, width, height }, baseline);
}

static void
flint_link_label_css_changed (GtkWidget         *widget,
                              GtkCssStyleChange *change)
{
  FLINT_LINK_LABEL (widget)->natural_width = -1;

  GTK_WIDGET_CLASS (flint_link_label_parent_class)->css_changed (widget, change);
}


/* Where the pointer is in the text, in bytes; -1: beside it */
static int
get_index_at (FlintLinkLabel *self,
              double          x,
              double          y)
{
  PangoLayout *layout = gtk_label_get_layout (GTK_LABEL (self->label));
  PangoRectangle extents;
  int offset_x;
  int offset_y;
  int index;
  int trailing;

  gtk_label_get_layout_offsets (GTK_LABEL (self->label), &offset_x, &offset_y);
  pango_layout_get_pixel_extents (layout, NULL, &extents);
  x -= offset_x;
  y -= offset_y;

  if (y < extents.y || y > extents.y + extents.height ||
      !pango_layout_xy_to_index (layout, x * PANGO_SCALE, y * PANGO_SCALE, &index, &trailing))
    return -1;

  return index;
}

static FlintLink *
get_link_at (FlintLinkLabel *self,
             double          x,
             double          y)
{
  int index;

  if (self->links == NULL || self->links->len == 0 || (index = get_index_at (self, x, y)) < 0)
    return NULL;

  for (guint i = 0; i < self->links->len; i++)
    {
      FlintLink *link = g_ptr_array_index (self->links, i);

      if ((guint) index >= link->start && (guint) index < link->end)
        return link;
    }

  return NULL;
}

static void
on_answered (AdwMessageDialog *dialog,
             const char       *response,
             char             *uri)
{
  if (g_str_equal (response, "open"))
    gtk_show_uri (gtk_window_get_transient_for (GTK_WINDOW (dialog)), uri, GDK_CURRENT_TIME);
}

/* Who is on the way sees what is looked at, and may put something else there (T065) */
static void
ask_about_http (GtkWindow  *window,
                const char *uri)
{
  GtkWidget *dialog = adw_message_dialog_new (window, _("Open a page that is not encrypted?"), NULL);

  adw_message_dialog_format_body (ADW_MESSAGE_DIALOG (dialog),
                                  _("%s. Everyone on the way can read and change what this page shows."), uri);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("Cancel"), "open", _("Open"), NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_answered), g_strdup (uri), (GClosureNotify) g_free, 0);
  flint_safe_dialog_present (dialog);
}

/**
 * flint_link_label_open_uri:
 * @widget: what it was found in
 * @uri: that of a #FlintLink
 *
 * Opens a link, after a question where the way to it is not encrypted.
 */
void
flint_link_label_open_uri (GtkWidget  *widget,
                           const char *uri)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  if (g_ascii_strncasecmp (uri, "xmpp:", 5) == 0)
    gtk_widget_activate_action (widget, "app.open-uri", "s", uri);
  else if (g_ascii_strncasecmp (uri, "http:", 5) == 0)
    ask_about_http (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, uri);
  else
    gtk_show_uri (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, uri, GDK_CURRENT_TIME);
}

static void
open_link (FlintLinkLabel *self,
           FlintLink      *link)
{
  flint_link_label_open_uri (GTK_WIDGET (self), link->uri);
}

static void
on_released (GtkGestureClick *gesture,
             int              n_press,
             double           x,
             double           y,
             FlintLinkLabel  *self)
{
  FlintLink *link = get_link_at (self, x, y);
  int start;
  int end;

  /* whoever selects text over a link does not want to go there */
  if (link == NULL || n_press != 1 || gtk_label_get_selection_bounds (GTK_LABEL (self->label), &start, &end))
    return;

  open_link (self, link);
}

static void
on_motion (GtkEventControllerMotion *controller,
           double                    x,
           double                    y,
           FlintLinkLabel           *self)
{
  FlintLink *link = get_link_at (self, x, y);

  gtk_widget_set_cursor_from_name (self->label, link != NULL ? "pointer" : "text");
}

/* The canonical form of the address: what is behind a look-alike or an escaped host (T064). */
static gboolean
on_query_tooltip (GtkWidget      *widget,
                  int             x,
                  int             y,
                  gboolean        is_keyboard,
                  GtkTooltip     *tooltip,
                  FlintLinkLabel *self)
{
  FlintLink *link = is_keyboard ? NULL : get_link_at (self, x, y);

  if (link == NULL)
    return FALSE;

  gtk_tooltip_set_text (tooltip, link->uri);

  return TRUE;
}

static void
update_attributes (FlintLinkLabel *self)
{
  g_autoptr(PangoAttrList) attributes = self->extra != NULL ? pango_attr_list_copy (self->extra) : pango_attr_list_new ();
  GdkRGBA color = { 0.11, 0.44, 0.85, 1 };

  gtk_style_context_lookup_color (gtk_widget_get_style_context (self->label), "accent_color", &color);

  for (guint i = 0; self->links != NULL && i < self->links->len; i++)
    {
      FlintLink *link = g_ptr_array_index (self->links, i);
      PangoAttribute *underline = pango_attr_underline_new (PANGO_UNDERLINE_SINGLE);
      PangoAttribute *foreground = pango_attr_foreground_new (color.red * 65535, color.green * 65535, color.blue * 65535);

      underline->start_index = foreground->start_index = link->start;
      underline->end_index = foreground->end_index = link->end;
      pango_attr_list_insert (attributes, underline);
      pango_attr_list_insert (attributes, foreground);
    }

  gtk_label_set_attributes (GTK_LABEL (self->label), attributes);
  self->natural_width = -1;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/**
 * flint_link_label_set_text:
 * @text: (nullable): what to show, made harmless by flint_text_for_body() before
 */
void
flint_link_label_set_text (FlintLinkLabel *self,
                           const char     *text)
{
  g_return_if_fail (FLINT_IS_LINK_LABEL (self));

  g_clear_pointer (&self->links, g_ptr_array_unref);
  if (text != NULL)
    self->links = flint_text_find_links (text);

  gtk_label_set_text (GTK_LABEL (self->label), text != NULL ? text : "");
  self->natural_width = -1;
  gtk_widget_set_has_tooltip (self->label, self->links != NULL && self->links->len > 0);
  update_attributes (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
}

/**
 * flint_link_label_set_extra:
 * @extra: (nullable): attributes beside those of the links
 */
void
flint_link_label_set_extra (FlintLinkLabel *self,
                            PangoAttrList  *extra)
{
  g_return_if_fail (FLINT_IS_LINK_LABEL (self));

  g_clear_pointer (&self->extra, pango_attr_list_unref);
  if (extra != NULL)
    self->extra = pango_attr_list_ref (extra);
  update_attributes (self);
}

const char *
flint_link_label_get_text (FlintLinkLabel *self)
{
  g_return_val_if_fail (FLINT_IS_LINK_LABEL (self), NULL);

  return gtk_label_get_text (GTK_LABEL (self->label));
}

guint
flint_link_label_get_n_links (FlintLinkLabel *self)
{
  g_return_val_if_fail (FLINT_IS_LINK_LABEL (self), 0);

  return self->links != NULL ? self->links->len : 0;
}

/**
 * flint_link_label_open_link:
 * @number: which of its links, from 0
 *
 * Does what a click on it does.
 */
void
flint_link_label_open_link (FlintLinkLabel *self,
                            guint           number)
{
  g_return_if_fail (FLINT_IS_LINK_LABEL (self));
  g_return_if_fail (number < flint_link_label_get_n_links (self));

  open_link (self, g_ptr_array_index (self->links, number));
}

GtkLabel *
flint_link_label_get_label (FlintLinkLabel *self)
{
  g_return_val_if_fail (FLINT_IS_LINK_LABEL (self), NULL);

  return GTK_LABEL (self->label);
}

static void
flint_link_label_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  FlintLinkLabel *self = FLINT_LINK_LABEL (object);

  switch (prop_id)
    {
    case PROP_TEXT:
      g_value_set_string (value, flint_link_label_get_text (self));
      break;

    case PROP_MAX_WIDTH_CHARS:
      g_value_set_int (value, self->max_width_chars);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
flint_link_label_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  FlintLinkLabel *self = FLINT_LINK_LABEL (object);

  switch (prop_id)
    {
    case PROP_TEXT:
      flint_link_label_set_text (self, g_value_get_string (value));
      break;

    case PROP_MAX_WIDTH_CHARS:
      self->max_width_chars = g_value_get_int (value);
      self->natural_width = -1;
      gtk_widget_queue_resize (GTK_WIDGET (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
flint_link_label_dispose (GObject *object)
{
  g_clear_pointer (&FLINT_LINK_LABEL (object)->label, gtk_widget_unparent);

  G_OBJECT_CLASS (flint_link_label_parent_class)->dispose (object);
}

static void
flint_link_label_finalize (GObject *object)
{
  FlintLinkLabel *self = FLINT_LINK_LABEL (object);

  g_clear_pointer (&self->links, g_ptr_array_unref);
  g_clear_pointer (&self->extra, pango_attr_list_unref);

  G_OBJECT_CLASS (flint_link_label_parent_class)->finalize (object);
}

static void
flint_link_label_class_init (FlintLinkLabelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = flint_link_label_get_property;
  object_class->set_property = flint_link_label_set_property;
  object_class->dispose = flint_link_label_dispose;
  object_class->finalize = flint_link_label_finalize;

  widget_class->get_request_mode = flint_link_label_get_request_mode;
  widget_class->measure = flint_link_label_measure;
  widget_class->size_allocate = flint_link_label_size_allocate;
  widget_class->css_changed = flint_link_label_css_changed;

  properties[PROP_TEXT] =
    g_param_spec_string ("text", NULL, NULL, NULL,
                         (G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));
  properties[PROP_MAX_WIDTH_CHARS] =
    g_param_spec_int ("max-width-chars", NULL, NULL, 1, 1000, 76,
                      (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
flint_link_label_init (FlintLinkLabel *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();

  self->label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);
  gtk_label_set_wrap (GTK_LABEL (self->label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (self->label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (self->label), TRUE);
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
  self->max_width_chars = 76;
  self->natural_width = -1;

  /* before the label's own, which takes every click for its selection */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect (click, "released", G_CALLBACK (on_released), self);
  gtk_widget_add_controller (self->label, GTK_EVENT_CONTROLLER (click));

  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  gtk_widget_add_controller (self->label, motion);
  g_signal_connect (self->label, "query-tooltip", G_CALLBACK (on_query_tooltip), self);
}

GtkWidget *
flint_link_label_new (void)
{
  return g_object_new (FLINT_TYPE_LINK_LABEL, NULL);
}
