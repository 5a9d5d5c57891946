/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What windows do not do while nobody looks at it */
#include "flint-config.h"

#include "app-driver.h"

#include "flint-login-advanced.h"
#include "flint-login-connecting.h"
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
    GTK_WINDOW (gtk_window_new ()),
    flint_application_show_main (f->application),
  };
  GtkWidget *stack = gtk_stack_new ();

  gtk_stack_add_named (GTK_STACK (stack), gtk_label_new (NULL), "form");
  gtk_stack_add_named (GTK_STACK (stack), g_object_new (FLINT_TYPE_LOGIN_CONNECTING, NULL), "connecting");
  gtk_window_set_child (windows[0], stack);
  gtk_window_present (windows[0]);

  for (guint i = 0; i < G_N_ELEMENTS (windows); i++)
    {
      guint n_spinners = 0;

      app_settle (windows[i]);
      g_assert_cmpuint (count_idle_turning (GTK_WIDGET (windows[i]), &n_spinners), ==, 0);
      g_assert_cmpuint (n_spinners, >, 0);
    }

  gtk_window_destroy (windows[0]);
}

/* The icons of those below root that are on the screen, as GTK finds them in the theme */
static void
assert_pictures (GtkWidget *root,
                 guint     *n_pictures)
{
  const char *name;

  if (!gtk_widget_get_mapped (root))
    return;

  if (GTK_IS_IMAGE (root) && (name = gtk_image_get_icon_name (GTK_IMAGE (root))) != NULL)
    {
      GtkIconTheme *theme = gtk_icon_theme_get_for_display (gdk_display_get_default ());
      g_autoptr(GtkIconPaintable) icon = gtk_icon_theme_lookup_icon (theme, name, NULL, 16, 1, GTK_TEXT_DIR_LTR, 0);
      g_autoptr(GFile) file = gtk_icon_paintable_get_file (icon);
      g_autofree char *uri = g_file_get_uri (file);

      g_assert_true (gtk_icon_theme_has_icon (theme, name));
      if (!g_str_has_suffix (uri, ".png"))
        g_error ("The icon %s is no picture: %s", name, uri);
      (*n_pictures)++;
    }

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    assert_pictures (child, n_pictures);
}

/* What reads SVG takes 6 MB, and 6 ms of the start */
static void
test_pictures (gconstpointer data)
{
  const Fixture *f = data;
  GtkWindow *windows[] = {
    flint_application_show_login (f->application, NULL),
    flint_application_show_main (f->application),
  };

  for (guint i = 0; i < G_N_ELEMENTS (windows); i++)
    {
      guint n_pictures = 0;

      app_settle (windows[i]);
      assert_pictures (GTK_WIDGET (windows[i]), &n_pictures);
      g_assert_cmpuint (n_pictures, >, 0);
    }
}

static gboolean
is_mapped (gpointer widget)
{
  return gtk_widget_get_mapped (widget);
}

static gboolean
is_unmapped (gpointer widget)
{
  return !gtk_widget_get_mapped (widget);
}

static void
assert_opens (GtkWindow  *window,
              const char *button_id,
              const char *text)
{
  GtkWidget *button = app_find (window, button_id);

  app_settle (window);
  g_assert_null (gtk_menu_button_get_popover (GTK_MENU_BUTTON (button)));
  g_assert_true (gtk_widget_get_sensitive (gtk_widget_get_first_child (button)));

  for (guint i = 0; i < 2; i++)
    {
      GtkPopover *popover;

      gtk_menu_button_popup (GTK_MENU_BUTTON (button));
      popover = gtk_menu_button_get_popover (GTK_MENU_BUTTON (button));
      g_assert_true (app_wait (is_mapped, popover));
      g_assert_nonnull (app_find_text (popover, text));
      gtk_menu_button_popdown (GTK_MENU_BUTTON (button));
      g_assert_true (app_wait (is_unmapped, popover));
    }
}

static void
test_menus (gconstpointer data)
{
  const Fixture *f = data;
  GtkWindow *login = flint_application_show_login (f->application, NULL);
  GtkWindow *main_window = flint_application_show_main (f->application);

  assert_opens (login, "menu_button", "Preferences");
  assert_opens (main_window, "primary_menu_button", "Sign out");
  assert_opens (main_window, "new_button", "Join room");
  assert_opens (main_window, "own_status_button", "Free to chat");
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
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (app_find (window, "port_spin"))), ==, "Auto");
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
  g_test_add_data_func ("/app/rest/first-windows-need-no-reader-of-svg", &f, test_pictures);
  g_test_add_data_func ("/app/rest/menus-are-made-when-they-are-opened", &f, test_menus);
  g_test_add_data_func ("/app/rest/advanced-settings-are-made-when-they-are-unfolded", &f, test_advanced);

  g_signal_connect_after (f.application, "startup", G_CALLBACK (on_startup), &f);
  status = g_application_run (G_APPLICATION (f.application), 1, arguments);
  g_clear_object (&f.application);
  gtk_source_finalize ();

  return f.status != 0 ? f.status : status;
}
