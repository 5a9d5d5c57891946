/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each icon of ours can be drawn here. Where nothing reads SVG, GTK puts a broken picture in its place, and
 * says nothing.
 */
#include <gtk/gtk.h>

#define SIZE 32   /* px */

static GtkIconTheme *
new_theme (void)
{
  GtkIconTheme *theme = gtk_icon_theme_new ();

  gtk_icon_theme_set_search_path (theme, (const char *[]) { ICONS_DIR, NULL });
  gtk_icon_theme_set_theme_name (theme, "hicolor");

  return theme;
}

static gboolean
is_blank (GskRenderNode *node)
{
  g_autoptr(GskRenderer) renderer = gsk_cairo_renderer_new ();
  g_autoptr(GdkTexture) texture = NULL;
  g_autoptr(GError) error = NULL;
  guint32 pixels[SIZE * SIZE];

  gsk_renderer_realize (renderer, NULL, &error);
  g_assert_no_error (error);
  texture = gsk_renderer_render_texture (renderer, node, &GRAPHENE_RECT_INIT (0, 0, SIZE, SIZE));
  gdk_texture_download (texture, (guchar *) pixels, SIZE * sizeof *pixels);
  gsk_renderer_unrealize (renderer);

  for (guint i = 0; i < G_N_ELEMENTS (pixels); i++)
    {
      if (pixels[i] != 0)
        return FALSE;
    }

  return TRUE;
}

static void
assert_is_drawn (GtkIconTheme *theme,
                 const char   *name)
{
  g_autoptr(GtkIconPaintable) icon = gtk_icon_theme_lookup_icon (theme, name, NULL, SIZE, 1, GTK_TEXT_DIR_LTR, 0);
  g_autoptr(GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr(GskRenderNode) node = NULL;

  g_assert_cmpstr (gtk_icon_paintable_get_icon_name (icon), ==, name);
  gdk_paintable_snapshot (GDK_PAINTABLE (icon), snapshot, SIZE, SIZE);
  node = gtk_snapshot_to_node (snapshot);
  g_assert_cmpstr (gtk_icon_paintable_get_icon_name (icon), ==, name);

  if (node == NULL || is_blank (node))
    g_error ("There is nothing to see of %s", name);
}

static void
test_all_of (gconstpointer data)
{
  g_autoptr(GtkIconTheme) theme = new_theme ();
  g_autofree char *path = g_build_filename (ICONS_DIR, "hicolor", (const char *) data, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GDir) dir = g_dir_open (path, 0, &error);
  const char *file;
  guint n = 0;

  g_assert_no_error (error);
  while ((file = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *name = NULL;

      g_assert_true (g_str_has_suffix (file, ".svg"));
      name = g_strndup (file, strlen (file) - strlen (".svg"));
      assert_is_drawn (theme, name);
      n++;
    }

  g_assert_cmpuint (n, >, 0);
}

/* How far two pictures are from each other: the mean difference of a byte */
static double
compare (GdkPixbuf *a,
         GdkPixbuf *b)
{
  const guchar *x = gdk_pixbuf_read_pixels (a);
  const guchar *y = gdk_pixbuf_read_pixels (b);
  gsize length = gdk_pixbuf_get_byte_length (a);
  guint64 sum = 0;

  g_assert_cmpuint (gdk_pixbuf_get_byte_length (b), ==, length);
  for (gsize i = 0; i < length; i++)
    sum += ABS (x[i] - y[i]);

  return (double) sum / length;
}

/* Whoever changes the drawing has to run icons/update */
static void
test_pictures (void)
{
  static const struct { const char *path; int size; } pictures[] = {
    { ICONS_DIR "/hicolor/48x48/apps/org.flint.Flint.png", 48 },
    { ICONS_DIR "/../ui/logo.png", 96 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pictures); i++)
    {
      int size = pictures[i].size;
      g_autoptr(GError) error = NULL;
      g_autoptr(GdkPixbuf) picture = gdk_pixbuf_new_from_file (pictures[i].path, &error);
      g_autoptr(GdkPixbuf) drawing = NULL;
      g_autoptr(GdkPixbuf) other = NULL;

      g_assert_no_error (error);
      drawing = gdk_pixbuf_new_from_file_at_size (ICONS_DIR "/hicolor/scalable/apps/org.flint.Flint.svg", size, size, &error);
      g_assert_no_error (error);
      other = gdk_pixbuf_new_from_file_at_size (ICONS_DIR "/hicolor/symbolic/apps/org.flint.Flint-symbolic.svg", size, size, &error);
      g_assert_no_error (error);
      g_assert_cmpfloat (compare (picture, drawing), <, 1);
      g_assert_cmpfloat (compare (picture, other), >, 10);
    }
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/packaging/icons/those-of-the-program-are-drawn", "scalable/actions", test_all_of);
  g_test_add_data_func ("/packaging/icons/that-of-the-desktop-is-drawn", "scalable/apps", test_all_of);
  g_test_add_data_func ("/packaging/icons/its-symbolic-one-is-drawn", "symbolic/apps", test_all_of);

  g_test_add_func ("/packaging/icons/the-pictures-are-of-the-drawing", test_pictures);

  return g_test_run ();
}
