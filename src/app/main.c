/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-application.h"

#include <glib/gi18n.h>
#include <gtksourceview/gtksource.h>
#include <locale.h>
#ifdef HAVE_MALLOC_TRIM
#include <malloc.h>
#endif
#include <sys/resource.h>
#include <sys/stat.h>

/* The C library gives each thread of a pool an arena of its own, and nobody else uses what is free in it. One for all of them,
 * and one for the main loop: with a single one they wait for each other's lock while the program starts, for 5 ms.
 */
static void
share_memory (void)
{
#ifdef HAVE_MALLOC_TRIM
  mallopt (M_ARENA_MAX, 2);
#endif
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(FlintApplication) application = NULL;
  const char *locale_dir = g_getenv ("FLINT_LOCALEDIR");
  int status;

  /* what we write is ours alone, and a crash leaves no password behind (security.md, T134, T137) */
  umask (077);
  setrlimit (RLIMIT_CORE, &(struct rlimit) { 0, 0 });

  share_memory ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale_dir != NULL ? locale_dir : FLINT_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_application_name ("Flint");

  application = flint_application_new ();
  status = g_application_run (G_APPLICATION (application), argc, argv);
  gtk_source_finalize ();

  return status;
}
