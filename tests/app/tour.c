/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "tour.h"

#define NARROW 360

static void
write_line (Tour       *tour,
            const char *line)
{
  g_print ("%s\n", line);
  fprintf (tour->transcript, "%s\n", line);
  fflush (tour->transcript);
}

/* What it looked like when it failed */
static void
shoot_all (Tour *tour)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr(GtkWindow) window = g_list_model_get_item (windows, i);
      g_autofree char *file = g_strdup_printf ("failed-%u.png", i);
      g_autofree char *path = g_build_filename (tour->output, file, NULL);
      g_autoptr(GError) error = NULL;

      if (gtk_widget_get_mapped (GTK_WIDGET (window)) && !app_take_picture (window, path, &error))
        g_printerr ("%s\n", error->message);
    }
}

/**
 * tour_fail:
 *
 * Returns: %FALSE, so that a step can end with it
 */
gboolean
tour_fail (Tour       *tour,
           const char *format,
           ...)
{
  g_autofree char *what = NULL;
  g_autofree char *line = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);

  tour->has_failed = TRUE;
  line = g_strconcat ("FAILED: ", what, NULL);
  write_line (tour, line);
  shoot_all (tour);

  return FALSE;
}

/**
 * tour_see:
 * @condition: asked with the tour
 * @format: what is to be seen, as a sentence
 *
 * Waits until it is so, and notes it. When it does not come, the tour has failed.
 */
gboolean
tour_see (Tour         *tour,
          AppCondition  condition,
          const char   *format,
          ...)
{
  g_autofree char *what = NULL;
  g_autofree char *line = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);

  if (!app_wait (condition, tour))
    return tour_fail (tour, "not seen: %s", what);

  line = g_strdup_printf ("%2u. %s", ++tour->n_seen, what);
  write_line (tour, line);

  return TRUE;
}

/* Narrow is what a small screen leaves to every window; wide is for those that have room to give */
static void
resize (Tour     *tour,
        gpointer  native)
{
  if (tour->is_narrow && GTK_IS_WINDOW (native) && !GTK_IS_SHORTCUTS_WINDOW (native))
    gtk_window_set_default_size (native, NARROW, 640);
  else if (tour->is_wide && ADW_IS_APPLICATION_WINDOW (native) && native != tour->main_window)
    gtk_window_set_default_size (native, 1200, 760);
}

/**
 * tour_shoot:
 * @native: a window or a popover
 * @name: of the picture, without what tells the variant
 */
gboolean
tour_shoot (Tour       *tour,
            gpointer    native,
            const char *name)
{
  g_autofree char *file = g_strconcat (name,
                                       tour->is_narrow ? "-360" : tour->is_wide ? "-wide" : "",
                                       tour->is_chinese ? "-zh" : "",
                                       tour->is_dark ? "-dark" : "-light", ".png", NULL);
  g_autofree char *path = g_build_filename (tour->output, file, NULL);
  g_autoptr(GError) error = NULL;

  resize (tour, native);
  if (!app_take_picture (native, path, &error))
    return tour_fail (tour, "%s", error->message);

  /* GTK's own list of shortcuts has a width of its own */
  if (tour->is_narrow && GTK_IS_WINDOW (native) && !GTK_IS_SHORTCUTS_WINDOW (native) &&
      gtk_widget_get_width (native) > NARROW)
    return tour_fail (tour, "“%s” is %d pixels wide, and there are %d", name, gtk_widget_get_width (native), NARROW);

  return TRUE;
}
