/* SPDX-License-Identifier: GPL-3.0-or-later */
/* flint-tour: goes through the windows of "flint --demo" as a person would, and leaves pictures of them
 * and a transcript of what was seen. It ends with 1 when something does not happen in time.
 */
#include "flint-config.h"

#include "tour.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <gtksourceview/gtksource.h>
#include <locale.h>

/* Nothing moves on a picture, and sizes and colours are those that were asked for */
static void
prepare (Tour *tour)
{
  GSettings *settings = flint_application_get_settings (tour->application);

  tour->core = flint_application_get_core (tour->application);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  g_settings_set_string (settings, "color-scheme", tour->is_dark ? "dark" : "light");
  if (tour->is_wide)
    g_settings_set (settings, "main-window-size", "(iib)", 480, 760, FALSE);
}

static gboolean
on_idle (gpointer user_data)
{
  Tour *tour = user_data;

  prepare (tour);
  for (const TourStep *step = tour_steps; *step != NULL && !tour->has_failed; step++)
    (*step) (tour);

  g_action_group_activate_action (G_ACTION_GROUP (tour->application), "quit", NULL);

  return G_SOURCE_REMOVE;
}

static void
on_startup (GApplication *application,
            Tour         *tour)
{
  g_idle_add (on_idle, tour);
}

static gboolean
open_transcript (Tour *tour)
{
  g_autofree char *path = g_build_filename (tour->output, "transcript.txt", NULL);

  if (g_mkdir_with_parents (tour->output, 0700) == 0 && (tour->transcript = g_fopen (path, "w")) != NULL)
    return TRUE;

  g_printerr ("%s cannot be written: %s\n", path, g_strerror (errno));

  return FALSE;
}

static int
run (Tour *tour)
{
  char *arguments[] = { "flint", "--demo", NULL };
  int status;

  tour->application = flint_application_new ();
  g_signal_connect_after (tour->application, "startup", G_CALLBACK (on_startup), tour);
  status = g_application_run (G_APPLICATION (tour->application), 2, arguments);
  g_clear_object (&tour->application);

  if (tour->n_seen == 0 && !tour->has_failed)
    tour_fail (tour, "the program ended before anything was seen");
  fclose (tour->transcript);

  return tour->has_failed ? 1 : status;
}

int
main (int   argc,
      char *argv[])
{
  Tour tour = { NULL };
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_autoptr(GError) error = NULL;
  const GOptionEntry options[] = {
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &tour.output, "Where pictures and transcript go", "DIR" },
    { "dark", 0, 0, G_OPTION_ARG_NONE, &tour.is_dark, "Light on dark", NULL },
    { "narrow", 0, 0, G_OPTION_ARG_NONE, &tour.is_narrow, "Windows of 360 pixels", NULL },
    { "wide", 0, 0, G_OPTION_ARG_NONE, &tour.is_wide, "Windows of 1200 pixels", NULL },
    { "zh", 0, 0, G_OPTION_ARG_NONE, &tour.is_chinese, "In Chinese", NULL },
    { NULL },
  };
  const char *locale_dir = g_getenv ("FLINT_LOCALEDIR");
  int status;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || tour.output == NULL)
    {
      g_printerr ("flint-tour: %s\n", error != NULL ? error->message : "--output DIR is needed");
      return 2;
    }

  if (!open_transcript (&tour))
    return 2;

  g_setenv ("LANGUAGE", tour.is_chinese ? "zh_CN" : "en", TRUE);
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale_dir != NULL ? locale_dir : FLINT_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  gtk_source_init ();

  status = run (&tour);
  gtk_source_finalize ();
  g_free (tour.output);

  return status;
}
