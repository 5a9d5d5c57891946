/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gives a target the files, and those in the folders, that are its arguments: a line of TAP for all of them, and above it
 * one for each. Without an argument it tries the input that has nothing in it.
 */
#include "fuzz.h"

#include <stdio.h>
#include <string.h>

static guint n_inputs;

static void
try_file (const char *path)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *contents = NULL;
  g_autofree guint8 *exact = NULL;
  gsize length;

  if (!g_file_get_contents (path, &contents, &length, &error))
    g_error ("%s", error->message);

  /* said before, so that it is known which one it was */
  printf ("# %s\n", path);
  fflush (stdout);

  exact = g_memdup2 (contents, length);
  LLVMFuzzerTestOneInput (exact != NULL ? exact : (const guint8 *) "", length);
  n_inputs++;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

static void
try_folder (const char *path)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GDir) folder = g_dir_open (path, 0, &error);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  if (folder == NULL)
    g_error ("%s", error->message);

  while ((name = g_dir_read_name (folder)) != NULL)
    g_ptr_array_add (names, g_build_filename (path, name, NULL));

  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    try_file (names->pdata[i]);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *name = g_path_get_basename (argv[0]);   /* fuzz-NAME */

  LLVMFuzzerInitialize (&argc, &argv);
  printf ("1..1\n");

  LLVMFuzzerTestOneInput ((const guint8 *) "", 0);
  for (int i = 1; i < argc; i++)
    {
      if (g_file_test (argv[i], G_FILE_TEST_IS_DIR))
        try_folder (argv[i]);
      else
        try_file (argv[i]);
    }

  printf ("# %u inputs\n", n_inputs);
  printf ("%s 1 - /fuzz/%s\n", argc > 1 && n_inputs == 0 ? "not ok" : "ok", strchr (name, '-') + 1);

  return argc > 1 && n_inputs == 0;
}
