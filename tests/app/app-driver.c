/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "app-driver.h"

#define DEADLINE    30   /* s: longer than a slow machine takes */
#define SETTLE_FRAMES 3  /* a frame to lay out, one for what that changed, one to draw */

typedef gboolean (*Matches) (GtkWidget     *widget,
                             gconstpointer  data);

/* Waiting */

static gboolean
on_deadline (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

/**
 * app_wait:
 * @condition: asked after each turn of the main loop
 *
 * Returns: whether it came true before the deadline
 */
gboolean
app_wait (AppCondition condition,
          gpointer     data)
{
  gboolean is_late = FALSE;
  gboolean is_so;
  guint timer = g_timeout_add_seconds (DEADLINE, on_deadline, &is_late);

  while (!(is_so = condition (data)) && !is_late)
    g_main_context_iteration (NULL, TRUE);

  if (!is_late)
    g_source_remove (timer);

  return is_so;
}

typedef struct
{
  guint n_left;
} Frames;

static gboolean
on_frame (GtkWidget     *widget,
          GdkFrameClock *clock,
          gpointer       user_data)
{
  Frames *frames = user_data;

  gtk_widget_queue_draw (widget);
  if (frames->n_left > 0)
    frames->n_left--;

  return frames->n_left > 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static gboolean
are_over (gpointer data)
{
  return ((Frames *) data)->n_left == 0;
}

static gboolean
is_idle (gpointer data)
{
  return !g_main_context_pending (NULL);
}

/**
 * app_settle:
 * @window: a shown widget
 *
 * Lets it lay itself out and draw what it has become.
 */
void
app_settle (gpointer window)
{
  Frames frames = { SETTLE_FRAMES };
  guint tick = gtk_widget_add_tick_callback (window, on_frame, &frames, NULL);

  if (!app_wait (are_over, &frames))
    gtk_widget_remove_tick_callback (window, tick);
  app_wait (is_idle, NULL);
}

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data);
}

static gboolean
is_active (gpointer data)
{
  return gtk_window_is_active (data);
}

/**
 * app_focus:
 *
 * Gives a window the keyboard. Without a window manager only a mapped one can have it.
 */
gboolean
app_focus (gpointer window)
{
  if (!app_wait (is_mapped, window))
    return FALSE;

  gtk_window_present (window);

  return app_wait (is_active, window);
}

/* Finding */

static GtkWidget *
find (GtkWidget     *widget,
      Matches        matches,
      gconstpointer  data)
{
  if (matches (widget, data))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, matches, data);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static gboolean
has_id (GtkWidget     *widget,
        gconstpointer  data)
{
  return g_strcmp0 (gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget)), data) == 0;
}

static gboolean
has_type (GtkWidget     *widget,
          gconstpointer  data)
{
  return g_type_is_a (G_OBJECT_TYPE (widget), *(const GType *) data);
}

static gboolean
has_text (GtkWidget     *widget,
          gconstpointer  data)
{
  return GTK_IS_LABEL (widget) && app_is_shown (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), data) != NULL;
}

static gboolean
is_button (GtkWidget     *widget,
           gconstpointer  data)
{
  return GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), data) == 0;
}

static gboolean
has_class (GtkWidget     *widget,
           gconstpointer  data)
{
  return gtk_widget_has_css_class (widget, data);
}

/**
 * app_find:
 * @root: (nullable): where to look
 * @id: as in the .ui file
 */
GtkWidget *
app_find (gpointer    root,
          const char *id)
{
  return root != NULL ? find (root, has_id, id) : NULL;
}

GtkWidget *
app_find_type (gpointer root,
               GType    type)
{
  return root != NULL ? find (root, has_type, &type) : NULL;
}

/**
 * app_find_text:
 *
 * Returns: (nullable): a label on screen that contains @text
 */
GtkWidget *
app_find_text (gpointer    root,
               const char *text)
{
  return root != NULL ? find (root, has_text, text) : NULL;
}

/**
 * app_find_button:
 *
 * Returns: (nullable): the button with this label
 */
GtkWidget *
app_find_button (gpointer    root,
                 const char *word)
{
  return root != NULL ? find (root, is_button, word) : NULL;
}

GtkWidget *
app_find_class (gpointer    root,
                const char *css_class)
{
  return root != NULL ? find (root, has_class, css_class) : NULL;
}

/**
 * app_find_window:
 *
 * Returns: (nullable): the newest window of a type that is shown
 */
GtkWindow *
app_find_window (GType type)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = g_list_model_get_n_items (windows); i > 0; i--)
    {
      g_autoptr(GtkWindow) window = g_list_model_get_item (windows, i - 1);

      if (g_type_is_a (G_OBJECT_TYPE (window), type) && gtk_widget_get_visible (GTK_WIDGET (window)))
        return window;   /* GTK holds it */
    }

  return NULL;
}

guint
app_count_windows (GType type)
{
  GListModel *windows = gtk_window_get_toplevels ();
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr(GtkWindow) window = g_list_model_get_item (windows, i);

      if (g_type_is_a (G_OBJECT_TYPE (window), type) && gtk_widget_get_visible (GTK_WIDGET (window)))
        n++;
    }

  return n;
}

guint
app_count_type (gpointer root,
                GType    type)
{
  guint n = g_type_is_a (G_OBJECT_TYPE (root), type) ? 1 : 0;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    n += app_count_type (child, type);

  return n;
}

/**
 * app_is_shown:
 *
 * Whether a widget is on screen: mapped, and not folded away by a revealer around it.
 */
gboolean
app_is_shown (gpointer widget)
{
  if (widget == NULL || !gtk_widget_get_mapped (widget))
    return FALSE;

  for (GtkWidget *parent = widget; parent != NULL; parent = gtk_widget_get_parent (parent))
    {
      if (GTK_IS_REVEALER (parent) && !gtk_revealer_get_reveal_child (GTK_REVEALER (parent)))
        return FALSE;
    }

  return TRUE;
}

/* Doing */

void
app_click (gpointer button)
{
  g_signal_emit_by_name (button, "clicked");
}

void
app_type (gpointer    text_view,
          const char *text)
{
  gtk_widget_grab_focus (text_view);
  gtk_text_buffer_insert_interactive_at_cursor (gtk_text_view_get_buffer (text_view), text, -1, TRUE);
}

void
app_fill (gpointer    editable,
          const char *text)
{
  gtk_editable_set_text (editable, text);
}

/**
 * app_act:
 * @action: with its prefix, without a parameter
 *
 * What a menu or a key does. It is a fault when there is no such action, or it is not to be had now.
 */
void
app_act (gpointer    widget,
         const char *action)
{
  if (!gtk_widget_activate_action (widget, action, NULL))
    g_error ("There is no action %s for a %s", action, G_OBJECT_TYPE_NAME (widget));
}

void
app_activate_item (gpointer list,
                   guint    position)
{
  if (!gtk_widget_activate_action (list, "list.activate-item", "u", position))
    g_error ("Row %u cannot be activated", position);
}

void
app_activate_row (gpointer list_box,
                  int      index)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (list_box, index);

  if (row == NULL)
    g_error ("There is no row %d", index);

  g_signal_emit_by_name (list_box, "row-activated", row);
}

/* Pictures */

/**
 * app_take_picture:
 * @native: a window or popover that is shown
 * @path: of the PNG
 *
 * Draws it once more, into a file, as it is on screen.
 */
gboolean
app_take_picture (gpointer      native,
                  const char   *path,
                  GError      **error)
{
  g_autoptr(GdkPaintable) paintable = gtk_widget_paintable_new (native);
  g_autoptr(GdkTexture) texture = NULL;
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  GskRenderer *renderer = gtk_native_get_renderer (native);
  GskRenderNode *node;
  int width;
  int height;

  app_settle (native);
  width = gdk_paintable_get_intrinsic_width (paintable);
  height = gdk_paintable_get_intrinsic_height (paintable);
  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);

  if (node == NULL || renderer == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "There is nothing of %s to take a picture of", G_OBJECT_TYPE_NAME (native));
      g_clear_pointer (&node, gsk_render_node_unref);
      return FALSE;
    }

  texture = gsk_renderer_render_texture (renderer, node, &GRAPHENE_RECT_INIT (0, 0, width, height));
  gsk_render_node_unref (node);
  if (gdk_texture_save_to_png (texture, path))
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s could not be written", path);

  return FALSE;
}

/* Names, as a screen reader has them */

static gboolean
has_words (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget) && *gtk_label_get_text (GTK_LABEL (widget)) != '\0')
    return TRUE;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      if (gtk_widget_get_visible (child) && has_words (child))
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_named (GtkWidget *widget)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (widget);

  return gtk_test_accessible_has_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL) ||
         gtk_test_accessible_has_relation (accessible, GTK_ACCESSIBLE_RELATION_LABELLED_BY);
}

static gboolean
has_role (GtkWidget               *widget,
          const GtkAccessibleRole *roles,
          guint                    n_roles)
{
  GtkAccessibleRole role = gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget));

  for (guint i = 0; i < n_roles; i++)
    {
      if (roles[i] == role)
        return TRUE;
    }

  return FALSE;
}

/* Buttons and rows may take their names from the words inside; the others need one that is given. */
static gboolean
needs_name (GtkWidget *widget)
{
  static const GtkAccessibleRole by_words[] = {
    GTK_ACCESSIBLE_ROLE_BUTTON, GTK_ACCESSIBLE_ROLE_CHECKBOX, GTK_ACCESSIBLE_ROLE_RADIO,
    GTK_ACCESSIBLE_ROLE_LIST_ITEM, GTK_ACCESSIBLE_ROLE_ROW, GTK_ACCESSIBLE_ROLE_TAB,
  };
  static const GtkAccessibleRole by_name[] = {
    GTK_ACCESSIBLE_ROLE_COMBO_BOX, GTK_ACCESSIBLE_ROLE_LIST, GTK_ACCESSIBLE_ROLE_SEARCH_BOX, GTK_ACCESSIBLE_ROLE_SPIN_BUTTON,
    GTK_ACCESSIBLE_ROLE_SWITCH, GTK_ACCESSIBLE_ROLE_TEXT_BOX,
  };

  if (GTK_IS_LIST_BOX (widget) && gtk_widget_get_ancestor (widget, ADW_TYPE_EXPANDER_ROW) != NULL)
    return FALSE;   /* libadwaita's, under the name of its row */

  return has_role (widget, by_name, G_N_ELEMENTS (by_name)) ||
         (has_role (widget, by_words, G_N_ELEMENTS (by_words)) && !has_words (widget));
}

/**
 * app_find_nameless:
 * @root: a window; needs GTK_A11Y=test
 *
 * Returns: (transfer full) (nullable): where in it stands a button, an entry, a list or a row that a screen reader
 *   could not name; %NULL when all have names
 */
char *
app_find_nameless (gpointer root)
{
  g_autoptr(GString) path = NULL;

  /* what libadwaita puts into a row with choices is its own affair */
  if (!gtk_widget_get_mapped (root) ||
      (ADW_IS_COMBO_ROW (root) && *adw_preferences_row_get_title (ADW_PREFERENCES_ROW (root)) != '\0'))
    return NULL;

  if (needs_name (root) && !is_named (root))
    {
      path = g_string_new (NULL);

      for (GtkWidget *widget = root; widget != NULL; widget = gtk_widget_get_parent (widget))
        {
          const char *id = gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget));

          g_string_append_printf (path, "%s%s%s ", G_OBJECT_TYPE_NAME (widget), id != NULL ? "#" : "", id != NULL ? id : "");
        }

      return g_strdup (path->str);
    }

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      char *found = app_find_nameless (child);

      if (found != NULL)
        return found;
    }

  return NULL;
}
