/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What windows do not do while nobody looks at it */
#include "flint-config.h"

#include "app-driver.h"

#include "flint-login-advanced.h"
#include "flint-login-window.h"
#include "flint-main-window.h"

#include <adwaita.h>
#include <gtksourceview/gtksource.h>

typedef struct
{
  FlintApplication *application;
  int               status;
} Fixture;

/* Those below root that turn though they are not on the screen */
static guint
count_idle_turning (GtkWidget *root,
                    guint     *n_spinners)
{
  guint n = 0;

  if (GTK_IS_SPINNER (root))
    {
      (*n_spinners)++;
      n += gtk_spinner_get_spinning (GTK_SPINNER (root)) && !gtk_widget_get_mapped (root) ? 1 : 0;
    }

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    n += count_idle_turning (child, n_spinners);

  return n;
}

static void
test_spinners (gconstpointer data)
{
  const Fixture *f = data;
  GtkWindow *windows[] = {
    flint_application_show_login (f->application, NULL),
    flint_application_show_main (f->application),
  };

  for (guint i = 0; i < G_N_ELEMENTS (windows); i++)
    {
      guint n_spinners = 0;

      app_settle (windows[i]);
      g_assert_cmpuint (count_idle_turning (GTK_WIDGET (windows[i]), &n_spinners), ==, 0);
      g_assert_cmpuint (n_spinners, >, 0);
    }
}

static void
test_advanced (gconstpointer data)
{
  const Fixture *f = data;
  GtkWindow *window = flint_application_show_login (f->application, NULL);
  GtkWidget *advanced = app_find_type (window, FLINT_TYPE_LOGIN_ADVANCED);
  GtkWidget *host;

  app_settle (window);
  g_assert_null (app_find (window, "host_row"));

  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (advanced), TRUE);
  app_settle (window);
  host = app_find (window, "host_row");
  g_assert_true (app_is_shown (host));
  g_assert_true (app_is_shown (app_find (window, "security_row")));
  g_assert_false (gtk_widget_get_visible (app_find (window, "proxy_address_row")));

  /* They do not go while they are being folded */
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (advanced), FALSE);
  g_assert_true (gtk_widget_get_visible (host));
}

static gboolean
on_idle (gpointer user_data)
{
  Fixture *f = user_data;

  f->status = g_test_run ();
  g_action_group_activate_action (G_ACTION_GROUP (f->application), "quit", NULL);

  return G_SOURCE_REMOVE;
}

static void
on_startup (GApplication *application,
            Fixture      *f)
{
  g_idle_add (on_idle, f);
}

int
main (int   argc,
      char *argv[])
{
  Fixture f = { NULL };
  char *arguments[] = { "flint", NULL };
  int status;

  g_test_init (&argc, &argv, NULL);
  gtk_source_init ();
  f.application = flint_application_new ();
  g_test_add_data_func ("/app/rest/no-spinner-turns-that-nobody-sees", &f, test_spinners);
  g_test_add_data_func ("/app/rest/advanced-settings-are-made-when-they-are-unfolded", &f, test_advanced);

  g_signal_connect_after (f.application, "startup", G_CALLBACK (on_startup), &f);
  status = g_application_run (G_APPLICATION (f.application), 1, arguments);
  g_clear_object (&f.application);
  gtk_source_finalize ();

  return f.status != 0 ? f.status : status;
}
