/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list that follows its end, and one that is led to a row */
#include "flint-config.h"

#include "app-driver.h"

#include "flint-follower.h"

#define N_ROWS 300

typedef struct
{
  GtkWidget      *window;
  GtkWidget      *scroller;
  GtkWidget      *list;
  GtkStringList  *model;
  GHashTable     *rows;        /* of GtkLabel: those that show something */
  FlintFollower  *follower;
  guint           n_changed;
} Fixture;

static void
on_setup (GtkSignalListItemFactory *factory,
          GtkListItem              *item)
{
  gtk_list_item_set_child (item, gtk_label_new (NULL));
}

/* Each with a height of its own, so that the list can only guess where a row is */
static void
on_bind (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         Fixture                  *f)
{
  GtkWidget *label = gtk_list_item_get_child (item);

  gtk_label_set_label (GTK_LABEL (label), gtk_string_object_get_string (gtk_list_item_get_item (item)));
  gtk_widget_set_size_request (label, -1, 20 + (int) gtk_list_item_get_position (item) % 7 * 12);
  g_hash_table_add (f->rows, label);
}

static void
on_unbind (GtkSignalListItemFactory *factory,
           GtkListItem              *item,
           Fixture                  *f)
{
  g_hash_table_remove (f->rows, gtk_list_item_get_child (item));
}

static void
on_changed (Fixture *f)
{
  f->n_changed++;
}

static void
add_rows (Fixture *f,
          guint    n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", g_list_model_get_n_items (G_LIST_MODEL (f->model)));

      gtk_string_list_append (f->model, text);
    }
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  f->model = gtk_string_list_new (NULL);
  f->rows = g_hash_table_new (NULL, NULL);
  add_rows (f, N_ROWS);
  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), f);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_unbind), f);

  f->list = gtk_list_view_new (GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (f->model)))), factory);
  f->scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (f->scroller), f->list);
  f->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (f->window), 300, 400);
  gtk_window_set_child (GTK_WINDOW (f->window), f->scroller);

  f->follower = flint_follower_new (f->scroller, f->list, G_LIST_MODEL (f->model));
  g_signal_connect_swapped (f->follower, "changed", G_CALLBACK (on_changed), f);
  gtk_window_present (GTK_WINDOW (f->window));
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_finalize_object (f->follower);
  gtk_window_destroy (GTK_WINDOW (f->window));
  g_object_unref (f->model);
  g_hash_table_unref (f->rows);
}

typedef struct
{
  Fixture    *f;
  const char *text;
  gboolean    is_at_top;
} Place;

/* All of the row with this text is in the window */
static gboolean
is_in_sight (gpointer data)
{
  Place *place = data;
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, place->f->rows);
  while (g_hash_table_iter_next (&iter, &row, NULL))
    {
      GtkWidget *item = gtk_widget_get_parent (row);
      graphene_rect_t bounds;

      if (!g_str_equal (gtk_label_get_label (row), place->text) || !gtk_widget_get_mapped (row) ||
          !gtk_widget_compute_bounds (item, place->f->scroller, &bounds))
        continue;

      return bounds.origin.y >= -1 && bounds.origin.y + bounds.size.height <= gtk_widget_get_height (place->f->scroller) + 1 &&
             (!place->is_at_top || bounds.origin.y <= 1);
    }

  return FALSE;
}

static void
wait_for_row (Fixture    *f,
              const char *text,
              gboolean    is_at_top)
{
  Place place = { f, text, is_at_top };

  if (!app_wait (is_in_sight, &place))
    g_error ("The row “%s” is not in sight", text);
  app_settle (f->window);
  g_assert_true (is_in_sight (&place));
}

static void
test_end (Fixture       *f,
          gconstpointer  data)
{
  wait_for_row (f, "299", FALSE);
  add_rows (f, 100);
  wait_for_row (f, "399", FALSE);
  g_assert_true (flint_follower_is_following (f->follower));
  g_assert_cmpuint (f->n_changed, ==, 0);
}

/* Far from what has been on screen, where all is guesses; and then nothing moves it */
static void
test_go_to (Fixture       *f,
            gconstpointer  data)
{
  wait_for_row (f, "299", FALSE);
  flint_follower_go_to (f->follower, 42, FLINT_FOLLOWER_IN_SIGHT);
  g_assert_false (flint_follower_is_following (f->follower));
  wait_for_row (f, "42", FALSE);
  /* with what is around it */
  wait_for_row (f, "41", FALSE);
  wait_for_row (f, "43", FALSE);

  add_rows (f, 20);
  app_settle (f->window);
  wait_for_row (f, "42", FALSE);
  g_assert_false (flint_follower_is_following (f->follower));
  g_assert_cmpuint (flint_follower_get_missed (f->follower), ==, 20);

  flint_follower_follow (f->follower);
  g_assert_cmpuint (flint_follower_get_missed (f->follower), ==, 0);
  wait_for_row (f, "319", FALSE);
}

static void
test_at_top (Fixture       *f,
             gconstpointer  data)
{
  wait_for_row (f, "299", FALSE);
  flint_follower_go_to (f->follower, 150, FLINT_FOLLOWER_AT_TOP);
  wait_for_row (f, "150", TRUE);
  flint_follower_go_to (f->follower, 10, FLINT_FOLLOWER_AT_TOP);
  wait_for_row (f, "10", TRUE);
  flint_follower_go_to (f->follower, 200, FLINT_FOLLOWER_AT_TOP);
  wait_for_row (f, "200", TRUE);
}

static gboolean
is_following (gpointer data)
{
  return flint_follower_is_following (data);
}

/* Led to the last row it is at the end, and follows */
static void
test_go_to_end (Fixture       *f,
                gconstpointer  data)
{
  wait_for_row (f, "299", FALSE);
  flint_follower_go_to (f->follower, 20, FLINT_FOLLOWER_IN_SIGHT);
  wait_for_row (f, "20", FALSE);
  flint_follower_go_to (f->follower, 120, FLINT_FOLLOWER_IN_SIGHT);
  wait_for_row (f, "120", FALSE);
  wait_for_row (f, "119", FALSE);
  wait_for_row (f, "121", FALSE);
  flint_follower_go_to (f->follower, N_ROWS - 1, FLINT_FOLLOWER_IN_SIGHT);
  g_assert_true (app_wait (is_following, f->follower));
  add_rows (f, 10);
  wait_for_row (f, "309", FALSE);
}

/* Though it was on its way to the end, or stands there */
static void
test_let_go (Fixture       *f,
             gconstpointer  data)
{
  wait_for_row (f, "299", FALSE);
  add_rows (f, 10);
  flint_follower_let_go (f->follower);
  app_settle (f->window);
  g_assert_false (flint_follower_is_following (f->follower));
  wait_for_row (f, "299", FALSE);

  add_rows (f, 5);
  app_settle (f->window);
  g_assert_cmpuint (flint_follower_get_missed (f->follower), ==, 5);
  wait_for_row (f, "299", FALSE);
}

/* Rows that were there are no more: it goes as far as there is something */
static void
test_gone (Fixture       *f,
           gconstpointer  data)
{
  wait_for_row (f, "299", FALSE);
  flint_follower_go_to (f->follower, 250, FLINT_FOLLOWER_IN_SIGHT);
  gtk_string_list_splice (f->model, 100, 200, NULL);
  wait_for_row (f, "99", FALSE);
  gtk_string_list_splice (f->model, 0, 100, NULL);
  flint_follower_go_to (f->follower, 0, FLINT_FOLLOWER_AT_TOP);
  app_settle (f->window);
  add_rows (f, N_ROWS);
  wait_for_row (f, "299", FALSE);
}

static void
add (const char *path,
     void      (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  add ("/app/follower/it-stays-at-the-end", test_end);
  add ("/app/follower/led-to-a-row-it-stays-there", test_go_to);
  add ("/app/follower/a-row-comes-to-the-top", test_at_top);
  add ("/app/follower/led-to-the-last-row-it-follows", test_go_to_end);
  add ("/app/follower/who-lets-go-is-not-pulled-back", test_let_go);
  add ("/app/follower/rows-that-go-meanwhile-do-no-harm", test_gone);

  return g_test_run ();
}
