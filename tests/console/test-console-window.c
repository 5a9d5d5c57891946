/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The debug console on screen, over an account on a fake server. With FLINT_TEST_PICTURES=DIR it leaves pictures. */
#include "flint-config.h"

#include "app-driver.h"
#include "console-capture.h"
#include "console-filter.h"
#include "core-fixture.h"
#include "flint-console-chips.h"
#include "flint-console-list.h"
#include "flint-console-save.h"
#include "flint-console-window.h"

#include <glib/gstdio.h>
#include <gtksourceview/gtksource.h>
#include <unistd.h>

#define BODY(type, text) "<message from='" BOB "/p' type='" type "' id='m1'><body>" text "</body></message>"

typedef struct
{
  FlintApplication *application;   /* one for all tests, and so is */
  GtkWindow        *keeper;        /* another window */
  char             *directory;
  TestAccount      *me;
  TestAccount      *other;         /* or NULL */
  GtkWindow        *window;
} Test;

/* The window and what is in it */

static GtkWidget *
get (Test       *test,
     const char *id)
{
  GtkWidget *widget = app_find (test->window, id);

  g_assert_nonnull (widget);

  return widget;
}

static GtkWidget *
get_in (Test       *test,
        const char *part,
        const char *id)
{
  GtkWidget *widget = app_find (get (test, part), id);

  g_assert_nonnull (widget);

  return widget;
}

static GtkSelectionModel *
get_model (Test *test)
{
  return gtk_column_view_get_model (GTK_COLUMN_VIEW (get_in (test, "list", "view")));
}

static guint
count_shown (Test *test)
{
  return g_list_model_get_n_items (G_LIST_MODEL (get_model (test)));
}

static ConsoleCapture *
get_capture (Test *test)
{
  return flint_application_get_capture (test->application);
}

static guint
count_captured (Test *test)
{
  return g_list_model_get_n_items (G_LIST_MODEL (get_capture (test)));
}

static char *
get_view_text (Test       *test,
               const char *part)
{
  char *text;

  g_object_get (gtk_text_view_get_buffer (GTK_TEXT_VIEW (get_in (test, part, "view"))), "text", &text, NULL);

  return text;
}

static void
set_editor_text (Test       *test,
                 const char *text)
{
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (get_in (test, "editor", "view"))), text, -1);
}

static const char *
get_label (Test       *test,
           const char *part,
           const char *id)
{
  return gtk_label_get_text (GTK_LABEL (get_in (test, part, id)));
}

static void
assert_contains (const char *text,
                 const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("“%s” is not in “%s”", part, text);
}

static void
filter (Test       *test,
        const char *text)
{
  app_fill (get (test, "filter_entry"), text);
  g_signal_emit_by_name (get (test, "filter_entry"), "search-changed");
}

/* The position of an entry that says this in its summary or XML; the newest of them */
static guint
find_shown (Test       *test,
            const char *text)
{
  guint n = count_shown (test);

  for (guint i = n; i > 0; i--)
    {
      g_autoptr(ConsoleEntry) entry = g_list_model_get_item (G_LIST_MODEL (get_model (test)), i - 1);
      g_autofree char *xml = console_entry_get_xml (entry);

      if (strstr (console_entry_get_summary (entry), text) != NULL || strstr (xml, text) != NULL)
        return i - 1;
    }

  return GTK_INVALID_LIST_POSITION;
}

static void
select_entry (Test       *test,
              const char *text,
              gboolean    is_alone)
{
  guint position = find_shown (test, text);

  g_assert_cmpuint (position, !=, GTK_INVALID_LIST_POSITION);
  gtk_selection_model_select_item (get_model (test), position, is_alone);
}

static void
receive (Test       *test,
         const char *xml)
{
  test_account_send (test->me, xml);
  fake_server_settle (test->me->server);
}

static void
on_text_read (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  char **text = user_data;

  *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
  if (*text == NULL)
    *text = g_strdup ("");
}

static char *
read_clipboard (Test *test)
{
  char *text = NULL;

  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (test->window)), NULL, on_text_read, &text);
  fake_server_wait_until (text != NULL);

  return text;
}

static void
shoot (Test       *test,
       gpointer    native,
       const char *name)
{
  const char *directory = g_getenv ("FLINT_TEST_PICTURES");
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;

  if (directory == NULL)
    return;

  path = g_strdup_printf ("%s/%s.png", directory, name);
  app_take_picture (native, path, &error);
  g_assert_no_error (error);
}

/* Without a compositor a window has a border, which is of it and not in it. */
static gboolean
has_size (gpointer data)
{
  int width = gtk_widget_get_width (data);
  int wanted = GPOINTER_TO_INT (g_object_get_data (data, "wanted"));

  return gtk_widget_get_mapped (data) && width <= wanted && width >= wanted - 12;
}

static void
resize (Test *test,
        int   width,
        int   height)
{
  g_object_set_data (G_OBJECT (test->window), "wanted", GINT_TO_POINTER (width));
  gtk_window_set_default_size (test->window, width, height);
  if (!app_wait (has_size, test->window))
    g_error ("The window is %d wide, not %d", gtk_widget_get_width (GTK_WIDGET (test->window)), width);
  app_settle (test->window);
}

/* Each test has a console, an account that is online, and little else in the list. */

static void
set_up (Test *test)
{
  test->directory = test_directory_new ();
  test->me = test_account_new (flint_application_get_core (test->application), ME);
  g_action_group_activate_action (G_ACTION_GROUP (test->application), "console", NULL);
  test->window = app_find_window (FLINT_TYPE_CONSOLE_WINDOW);
  g_assert_nonnull (test->window);
  test_account_login (test->me, TEST_ROSTER);
  fake_server_wait_until (count_shown (test) > 10);
}

static void
remove_account (Test         *test,
                TestAccount **account)
{
  if (*account == NULL)
    return;

  if (flint_account_is_online ((*account)->account))
    {
      fake_server_settle ((*account)->server);
      test_account_logout (*account);
    }
  flint_account_list_remove (flint_core_get_accounts (flint_application_get_core (test->application)), (*account)->account);
  g_clear_pointer (account, test_account_free);
}

static void
tear_down (Test *test)
{
  if (test->window != NULL)
    {
      set_editor_text (test, "");   /* what is being written outlives the window */
      g_object_add_weak_pointer (G_OBJECT (test->window), (gpointer *) &test->window);
      gtk_window_destroy (test->window);
      fake_server_wait_until (test->window == NULL);
    }

  remove_account (test, &test->other);
  remove_account (test, &test->me);
  console_capture_clear (get_capture (test));
  test_directory_remove (test->directory);
  g_clear_pointer (&test->directory, g_free);
}

/* The list */

static void
test_opens (Test *test)
{
  const char * const *keys;
  g_auto(GStrv) accels = gtk_application_get_accels_for_action (GTK_APPLICATION (test->application), "app.console");

  keys = (const char * const *) accels;
  g_assert_true (g_strv_contains (keys, "F12"));

  set_up (test);
  fake_server_wait_until (count_shown (test) == count_captured (test));
  g_assert_cmpuint (find_shown (test, "opens the stream"), !=, GTK_INVALID_LIST_POSITION);
  g_assert_cmpuint (find_shown (test, "[redacted"), !=, GTK_INVALID_LIST_POSITION);
  g_assert_cmpuint (find_shown (test, FAKE_PASSWORD), ==, GTK_INVALID_LIST_POSITION);
  g_assert_cmpuint (find_shown (test, "asks for the contact list"), !=, GTK_INVALID_LIST_POSITION);

  select_entry (test, "asks for the contact list", TRUE);
  {
    g_autofree char *xml = get_view_text (test, "xml");

    assert_contains (xml, "jabber:iq:roster");
  }
  shoot (test, test->window, "list");
  tear_down (test);
}

static void
test_pauses (Test *test)
{
  guint n;

  set_up (test);
  n = count_shown (test);
  app_act (test->window, "console.still");
  receive (test, BODY ("chat", "while it is still"));
  g_assert_cmpuint (count_shown (test), ==, n);
  fake_server_wait_until (count_captured (test) > n);

  app_act (test->window, "console.still");
  fake_server_wait_until (find_shown (test, "while it is still") != GTK_INVALID_LIST_POSITION);
  tear_down (test);
}

static void
test_clears (Test *test)
{
  set_up (test);
  app_act (test->window, "console.editor");
  set_editor_text (test, "<presence/>");
  app_act (test->window, "console.clear");
  g_assert_cmpuint (count_captured (test), ==, 0);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (GTK_STACK (get (test, "list_stack"))), ==, "empty");
  {
    g_autofree char *text = get_view_text (test, "editor");

    g_assert_cmpstr (text, ==, "<presence/>");
  }
  app_act (test->window, "console.close-editor");
  shoot (test, test->window, "empty");

  receive (test, BODY ("chat", "after it was cleared"));
  fake_server_wait_until (find_shown (test, "after it was cleared") != GTK_INVALID_LIST_POSITION);
  tear_down (test);
}

static void
test_filters (Test *test)
{
  int end = strlen ("words type:headline");

  set_up (test);
  receive (test, BODY ("chat", "first words"));
  receive (test, BODY ("headline", "second words"));
  fake_server_wait_until (find_shown (test, "second words") != GTK_INVALID_LIST_POSITION);

  filter (test, "words");
  fake_server_wait_until (count_shown (test) == 2);
  filter (test, "words type:headline");
  fake_server_wait_until (count_shown (test) == 1);

  /* wrong: what was shown stays, and why is said */
  gtk_editable_insert_text (GTK_EDITABLE (get (test, "filter_entry")), " typ:chat", -1, &end);
  g_signal_emit_by_name (get (test, "filter_entry"), "search-changed");
  fake_server_wait_until (count_shown (test) == 1);
  g_assert_true (gtk_widget_get_visible (get (test, "problem_bar")));
  assert_contains (gtk_label_get_text (GTK_LABEL (get (test, "problem_label"))), "Character 21");
  assert_contains (gtk_label_get_text (GTK_LABEL (get (test, "problem_label"))), "“type:”");
  shoot (test, test->window, "filter-wrong");

  filter (test, "words nobody wrote");
  g_assert_false (gtk_widget_get_visible (get (test, "problem_bar")));
  fake_server_wait_until (count_shown (test) == 0);
  fake_server_wait_until (g_str_equal (gtk_stack_get_visible_child_name (GTK_STACK (get (test, "list_stack"))), "no-match"));
  shoot (test, test->window, "no-match");

  app_act (test->window, "console.clear-filter");
  fake_server_wait_until (count_shown (test) == count_captured (test));

  /* an example of the help comes after what is there */
  filter (test, "words");
  app_activate_row (app_find (gtk_menu_button_get_popover (GTK_MENU_BUTTON (get (test, "help_button"))), "examples"), 2);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (get (test, "filter_entry"))), ==, "words dir:in");
  fake_server_wait_until (count_shown (test) == 2);
  gtk_menu_button_popup (GTK_MENU_BUTTON (get (test, "help_button")));
  app_settle (test->window);
  shoot (test, gtk_menu_button_get_popover (GTK_MENU_BUTTON (get (test, "help_button"))), "filter-help");
  gtk_menu_button_popdown (GTK_MENU_BUTTON (get (test, "help_button")));
  app_act (test->window, "console.clear-filter");

  /* what a row has, by its menu */
  select_entry (test, "second words", TRUE);
  gtk_widget_activate_action (GTK_WIDGET (test->window), "console.filter-by", "s", "type");
  fake_server_wait_until (count_shown (test) == 1);
  gtk_widget_activate_action (GTK_WIDGET (test->window), "console.clear-filter", NULL);
  select_entry (test, "first words", TRUE);
  gtk_widget_activate_action (GTK_WIDGET (test->window), "console.filter-out", "s", "kind");
  fake_server_wait_until (find_shown (test, "words") == GTK_INVALID_LIST_POSITION);
  tear_down (test);
}

static void
test_chips (Test *test)
{
  GtkWidget *chip;

  set_up (test);
  receive (test, BODY ("chat", "hello"));
  fake_server_wait_until (find_shown (test, "hello") != GTK_INVALID_LIST_POSITION);

  chip = gtk_widget_get_ancestor (app_find_text (get (test, "chips"), "Messages"), GTK_TYPE_TOGGLE_BUTTON);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (chip), TRUE);
  fake_server_wait_until (count_shown (test) == 1);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (chip), FALSE);
  fake_server_wait_until (count_shown (test) > 10);
  tear_down (test);
}

static void
test_accounts (Test *test)
{
  set_up (test);
  g_assert_false (gtk_widget_get_visible (get (test, "source_button")));
  g_assert_false (gtk_widget_get_visible (get_in (test, "editor", "account_box")));

  test->other = test_account_new (flint_application_get_core (test->application), "you_two@good.test");
  test_account_login (test->other, TEST_ROSTER);
  fake_server_wait_until (gtk_widget_get_visible (get (test, "source_button")));
  g_assert_true (gtk_widget_get_visible (get_in (test, "editor", "account_box")));
  shoot (test, test->window, "accounts");
  {
    GMenuModel *menu = gtk_menu_button_get_menu_model (GTK_MENU_BUTTON (get (test, "source_button")));
    g_autoptr(GMenuModel) section = g_menu_model_get_item_link (menu, 1, G_MENU_LINK_SECTION);
    g_autofree char *label = NULL;

    /* an underscore is one, and no mnemonic */
    g_assert_true (g_menu_model_get_item_attribute (section, 1, G_MENU_ATTRIBUTE_LABEL, "s", &label));
    g_assert_cmpstr (label, ==, "you__two@good.test");
  }

  gtk_widget_activate_action (GTK_WIDGET (test->window), "console.source", "s", "you_two@good.test");
  fake_server_wait_until (count_shown (test) == console_capture_get_counts (get_capture (test), "you_two@good.test")->entries);

  /* what is edited goes by the account that it was of */
  select_entry (test, "asks for the contact list", TRUE);
  app_act (test->window, "console.edit-selected");
  app_act (get (test, "editor"), "console.send");
  fake_server_answer (test->other->server, "jabber:iq:roster", NULL);

  gtk_widget_activate_action (GTK_WIDGET (test->window), "console.source", "s", "");
  fake_server_wait_until (count_shown (test) == count_captured (test));
  tear_down (test);
}

static gboolean
is_at_end (gpointer data)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (data));

  return gtk_adjustment_get_upper (adjustment) > gtk_adjustment_get_page_size (adjustment) &&
         gtk_adjustment_get_value (adjustment) + gtk_adjustment_get_page_size (adjustment) >= gtk_adjustment_get_upper (adjustment) - 4;
}

/* Who scrolls away stays there, is told what comes, and can go back to the end. */
static void
test_follows (Test *test)
{
  GtkWidget *scroller;
  GtkAdjustment *adjustment;

  set_up (test);
  scroller = get_in (test, "list", "scroller");
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller));
  for (guint i = 0; i < 60; i++)
    receive (test, BODY ("chat", "many"));
  g_assert_true (app_wait (is_at_end, scroller));
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (get (test, "follow_label"))), ==, "Following");
  g_assert_false (gtk_revealer_get_reveal_child (GTK_REVEALER (get_in (test, "list", "jump_revealer"))));

  app_settle (test->window);
  gtk_adjustment_set_value (adjustment, 100);
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (get (test, "follow_label"))), ==, "Not following");
  g_assert_true (gtk_revealer_get_reveal_child (GTK_REVEALER (get_in (test, "list", "jump_revealer"))));
  receive (test, BODY ("chat", "the last"));
  fake_server_wait_until (find_shown (test, "the last") != GTK_INVALID_LIST_POSITION);
  fake_server_wait_until (gtk_widget_get_visible (get_in (test, "list", "jump_label")));
  assert_contains (get_label (test, "list", "jump_label"), "new entr");
  app_settle (test->window);
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), <, 200);

  flint_console_list_scroll_to_end (FLINT_CONSOLE_LIST (get (test, "list")));
  g_assert_true (app_wait (is_at_end, scroller));
  g_assert_false (gtk_widget_get_visible (get_in (test, "list", "jump_label")));
  tear_down (test);
}

/* A long day. The list follows, the oldest go, and the newest can be read. */
/* The sanitizers take a hundred times as long, and look for other things */
#ifdef __SANITIZE_ADDRESS__
#define N_KEPT 5000u
#else
#define N_KEPT 100000u
#endif

static void
test_many (Test *test)
{
  g_autoptr(XmppStanza) stanza = xmpp_stanza_new_from_xml (BODY ("chat", "one of many"), -1, NULL);
  g_autoptr(ConsoleEntry) last = NULL;
  g_autofree char *wanted = NULL;
  XmppSession *session;
  gint64 longest = 0;

  set_up (test);
  session = flint_account_get_session (test->me->account);
  g_object_set (get_capture (test), "limit", N_KEPT, NULL);
  for (guint i = 0; i < N_KEPT + 1000; i++)
    {
      gint64 begin = g_get_monotonic_time ();

      g_signal_emit_by_name (session, "stanza", stanza, XMPP_RECEIVED);
      if (i % 1000 == 0)
        {
          while (g_main_context_pending (NULL))
            g_main_context_iteration (NULL, FALSE);
          longest = MAX (longest, g_get_monotonic_time () - begin);
        }
    }
  fake_server_wait_until (count_shown (test) == console_capture_get_counts (get_capture (test), NULL)->entries);
  g_test_message ("the longest turn took %d ms", (int) (longest / 1000));

  g_assert_cmpuint (count_captured (test), <=, N_KEPT);
  g_assert_cmpuint (count_captured (test), >, N_KEPT - 2000);
  assert_contains (gtk_label_get_text (GTK_LABEL (get (test, "kept_label"))), "older entries were dropped");
  gtk_selection_model_select_item (get_model (test), count_shown (test) - 1, TRUE);
  {
    g_autofree char *xml = get_view_text (test, "xml");

    assert_contains (xml, "one of many");
  }

  /* packed it looks the same, and of all of them no more is read than is shown */
  console_capture_pack (get_capture (test));
  fake_server_wait_until (console_capture_is_packed (get_capture (test)));
  gtk_selection_model_select_all (get_model (test));
  g_assert_true (gtk_widget_get_visible (get_in (test, "xml", "rest_bar")));
  {
    g_autofree char *xml = get_view_text (test, "xml");

    assert_contains (xml, "one of many");
    g_assert_cmpuint (strlen (xml), <=, 256 * 1024);
  }

  last = g_list_model_get_item (G_LIST_MODEL (get_model (test)), count_shown (test) - 1);
  wanted = g_strdup_printf ("many n>%u", console_entry_get_number (last) - 100);
  filter (test, wanted);
  fake_server_wait_until (count_shown (test) > 0 && count_shown (test) <= 100);
  shoot (test, test->window, "many");
  tear_down (test);
}

/* Copying and saving */

static void
test_copies (Test *test)
{
  g_autofree char *one = NULL;
  g_autofree char *both = NULL;
  g_autofree char *lines = NULL;

  set_up (test);
  receive (test, BODY ("chat", "alpha"));
  receive (test, BODY ("chat", "omega"));
  fake_server_wait_until (find_shown (test, "omega") != GTK_INVALID_LIST_POSITION);

  select_entry (test, "alpha", TRUE);
  app_act (test->window, "console.copy-xml");
  one = read_clipboard (test);
  assert_contains (one, "<body>alpha</body>");
  g_assert_null (strstr (one, "omega"));

  select_entry (test, "omega", FALSE);
  app_act (test->window, "console.copy-xml");
  both = read_clipboard (test);
  assert_contains (both, "<body>alpha</body>");
  assert_contains (both, "<body>omega</body>");

  app_act (test->window, "console.copy-line");
  lines = read_clipboard (test);
  assert_contains (lines, "received  " ME "  message chat  bob: “alpha”\n");
  assert_contains (lines, "bob: “omega”\n");
  tear_down (test);
}

/* It goes to a folder of its own when it appears, and tells when it is there. */
static gboolean
is_anywhere (gpointer data)
{
  g_autoptr(GFile) folder = gtk_file_chooser_get_current_folder (GTK_FILE_CHOOSER (data));

  return folder != NULL && gtk_widget_get_mapped (data);
}

static GtkWidget *
await_chooser (void)
{
  GtkWindow *chooser;

  fake_server_wait_until (app_find_window (GTK_TYPE_FILE_CHOOSER_DIALOG) != NULL);
  chooser = app_find_window (GTK_TYPE_FILE_CHOOSER_DIALOG);
  g_assert_true (app_wait (is_anywhere, chooser));
  app_settle (chooser);

  return GTK_WIDGET (chooser);
}

static gboolean
is_chosen (gpointer data)
{
  GFile *wanted = g_object_get_data (data, "wanted");
  g_autoptr(GFile) folder = gtk_file_chooser_get_current_folder (GTK_FILE_CHOOSER (data));
  g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (data));

  return file != NULL && folder != NULL && g_file_equal (file, wanted) && g_file_has_prefix (file, folder);
}

/* In the window of GTK that stands for the system's own */
static void
choose_file (const char *directory,
             const char *name)
{
  GtkWidget *chooser = await_chooser ();
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autoptr(GFile) folder = g_file_new_for_path (directory);

  g_object_set_data_full (G_OBJECT (chooser), "wanted", g_file_new_for_path (path), g_object_unref);
  gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (chooser), folder, NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  g_assert_true (app_wait (is_chosen, chooser));
  gtk_dialog_response (GTK_DIALOG (chooser), GTK_RESPONSE_ACCEPT);
}

static void
test_saves (Test *test)
{
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  GtkWindow *save;

  set_up (test);
  path = g_build_filename (test->directory, "capture.txt", NULL);
  receive (test, BODY ("chat", "to be kept"));
  fake_server_wait_until (find_shown (test, "to be kept") != GTK_INVALID_LIST_POSITION);
  filter (test, "kind:message");

  app_act (test->window, "console.save");
  save = app_find_window (FLINT_TYPE_CONSOLE_SAVE);
  g_assert_nonnull (save);
  shoot (test, save, "save");
  gtk_check_button_set_active (GTK_CHECK_BUTTON (app_find (save, "as_text")), TRUE);
  adw_combo_row_set_selected (ADW_COMBO_ROW (app_find (save, "scope_row")), 1);
  app_click (app_find (save, "save_button"));
  choose_file (test->directory, "capture.txt");
  fake_server_wait_until (app_find_text (test->window, "Saved as “capture.txt”") != NULL);

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  assert_contains (text, "1 entries");
  assert_contains (text, "to be kept");
  g_assert_null (strstr (text, "jabber:iq:roster"));
  g_assert_null (app_find_window (FLINT_TYPE_CONSOLE_SAVE));
  tear_down (test);
}

static void
test_cannot_save (Test *test)
{
  g_autofree char *text = NULL;
  g_autofree char *path = NULL;
  GtkWindow *dialog;
  guint n;

  set_up (test);
  n = count_captured (test);
  app_act (test->window, "console.save");
  app_click (app_find (app_find_window (FLINT_TYPE_CONSOLE_SAVE), "save_button"));
  choose_file ("/proc", "capture.xml");

  fake_server_wait_until (app_find_window (ADW_TYPE_MESSAGE_DIALOG) != NULL);
  dialog = app_find_window (ADW_TYPE_MESSAGE_DIALOG);
  assert_contains (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog)), "/proc/capture.xml");
  assert_contains (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog)), "Nothing is lost");
  shoot (test, dialog, "save-failed");
  g_assert_cmpuint (count_captured (test), >=, n);

  /* elsewhere it works */
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "elsewhere");
  choose_file (test->directory, "capture.xml");
  fake_server_wait_until (app_find_text (test->window, "Saved as “capture.xml”") != NULL);
  path = g_build_filename (test->directory, "capture.xml", NULL);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  assert_contains (text, "</log>\n");
  tear_down (test);
}

/* The editor */

static void
test_refuses (Test *test)
{
  GtkTextBuffer *buffer;
  GtkTextIter cursor;

  set_up (test);
  app_act (test->window, "console.editor");
  g_assert_true (app_is_shown (get_in (test, "editor", "view")));
  fake_server_settle (test->me->server);

  set_editor_text (test, "<message to='" BOB "'>\n  <body>a & b</body>\n</message>");
  assert_contains (get_label (test, "editor", "check_label"), "Line 2");
  shoot (test, test->window, "editor-wrong");
  app_act (get (test, "editor"), "console.send");
  fake_server_no_more (test->me->server);
  g_assert_cmpuint (find_shown (test, "a & b"), ==, GTK_INVALID_LIST_POSITION);

  /* the cursor is at the fault */
  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (get_in (test, "editor", "view")));
  gtk_text_buffer_get_iter_at_mark (buffer, &cursor, gtk_text_buffer_get_insert (buffer));
  g_assert_cmpint (gtk_text_iter_get_line (&cursor), ==, 1);

  set_editor_text (test, "</stream:stream>");
  app_act (get (test, "editor"), "console.send");
  fake_server_no_more (test->me->server);
  g_assert_true (flint_account_is_online (test->me->account));
  tear_down (test);
}

static void
test_sends (Test *test)
{
  g_autofree char *text = NULL;
  g_autofree char *again = NULL;

  set_up (test);
  app_act (test->window, "console.editor");
  set_editor_text (test, "<message to='" BOB "'><body>by hand</body></message>\n<presence><show>dnd</show></presence>");
  g_assert_cmpstr (get_label (test, "editor", "check_label"), ==, "Well-formed, 2 elements");
  app_act (get (test, "editor"), "console.send");
  fake_server_expect (test->me->server, "<message to='" BOB "'><body>by hand</body></message>");
  fake_server_expect (test->me->server, "<presence><show>dnd</show></presence>");
  g_assert_cmpstr (get_label (test, "editor", "check_label"), ==, "Sent, 2 elements");

  fake_server_wait_until (find_shown (test, "by hand") != GTK_INVALID_LIST_POSITION);
  filter (test, "injected");
  fake_server_wait_until (count_shown (test) == 2);
  shoot (test, test->window, "editor-sent");

  /* what was sent comes back, and so does what was being written */
  set_editor_text (test, "<presence/>");
  app_act (get (test, "editor"), "console.history-previous");
  again = get_view_text (test, "editor");
  assert_contains (again, "by hand");
  app_act (get (test, "editor"), "console.history-next");
  text = get_view_text (test, "editor");
  g_assert_cmpstr (text, ==, "<presence/>");
  tear_down (test);
}

static void
test_edits_again (Test *test)
{
  g_autofree char *text = NULL;
  g_autofree char *undone = NULL;
  GtkTextBuffer *buffer;

  set_up (test);
  app_act (test->window, "console.editor");
  app_type (get_in (test, "editor", "view"), "<presence/>");
  select_entry (test, "asks for the contact list", TRUE);
  app_act (test->window, "console.edit-selected");
  text = get_view_text (test, "editor");
  assert_contains (text, "<query xmlns='jabber:iq:roster'");
  app_act (get (test, "editor"), "console.send");
  fake_server_answer (test->me->server, "jabber:iq:roster", TEST_ROSTER);

  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (get_in (test, "editor", "view")));
  gtk_text_buffer_undo (buffer);
  undone = get_view_text (test, "editor");
  g_assert_cmpstr (undone, ==, "<presence/>");

  /* an event is no stanza */
  select_entry (test, "opens the stream", TRUE);
  app_act (test->window, "console.edit-selected");
  g_free (g_steal_pointer (&undone));
  undone = get_view_text (test, "editor");
  g_assert_cmpstr (undone, ==, "<presence/>");
  tear_down (test);
}

static void
test_templates (Test *test)
{
  g_autofree char *text = NULL;
  g_autofree char *unknown = NULL;

  set_up (test);
  receive (test, BODY ("chat", "hello"));
  fake_server_wait_until (find_shown (test, "hello") != GTK_INVALID_LIST_POSITION);
  select_entry (test, "hello", TRUE);

  app_act (test->window, "console.editor");
  gtk_widget_activate_action (get (test, "editor"), "console.template", "s", "message-headline");
  text = get_view_text (test, "editor");
  assert_contains (text, "to=\"" BOB "\"");
  gtk_widget_activate_action (get (test, "editor"), "console.template", "s", "version");
  g_assert_cmpstr (get_label (test, "editor", "check_label"), ==, "Well-formed, 2 elements");
  app_act (get (test, "editor"), "console.send");
  fake_server_expect_contains (test->me->server, "type=\"headline\"");
  fake_server_expect_contains (test->me->server, "jabber:iq:version");

  /* without a room, its place is said to be empty */
  set_editor_text (test, "");
  gtk_widget_activate_action (get (test, "editor"), "console.template", "s", "muc-join");
  unknown = get_view_text (test, "editor");
  assert_contains (unknown, "{room}/me");
  assert_contains (get_label (test, "editor", "check_label"), "{room}");
  shoot (test, test->window, "template");

  app_act (test->window, "console.templates");
  app_settle (test->window);
  shoot (test, gtk_menu_button_get_popover (GTK_MENU_BUTTON (get_in (test, "editor", "template_button"))), "templates");
  gtk_menu_button_popdown (GTK_MENU_BUTTON (get_in (test, "editor", "template_button")));
  tear_down (test);
}

static void
test_offline (Test *test)
{
  set_up (test);
  app_act (test->window, "console.editor");
  set_editor_text (test, "<presence/>");
  test_account_logout (test->me);
  fake_server_wait_until (!flint_account_is_online (test->me->account));
  fake_server_wait_until (strstr (get_label (test, "editor", "check_label"), "is not connected") != NULL);
  app_act (get (test, "editor"), "console.send");
  assert_contains (get_label (test, "editor", "check_label"), "Not connected");
  g_assert_cmpuint (test->me->server->waiting->len, ==, 0);
  tear_down (test);
}

static void
test_draft_survives (Test *test)
{
  g_autofree char *text = NULL;

  set_up (test);
  app_act (test->window, "console.editor");
  set_editor_text (test, "<presence><status>half wri");
  g_object_add_weak_pointer (G_OBJECT (test->window), (gpointer *) &test->window);
  gtk_window_destroy (test->window);
  fake_server_wait_until (test->window == NULL);

  g_action_group_activate_action (G_ACTION_GROUP (test->application), "console", NULL);
  test->window = app_find_window (FLINT_TYPE_CONSOLE_WINDOW);
  text = get_view_text (test, "editor");
  g_assert_cmpstr (text, ==, "<presence><status>half wri");
  fake_server_wait_until (count_shown (test) > 10);
  tear_down (test);
}

/* Reaching it */

/* What a screen reader would call it: its own name, or the words that it shows */
static gboolean
has_name (GtkWidget *widget)
{
  if (gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL))
    return TRUE;
  if (GTK_IS_BUTTON (widget))
    return gtk_button_get_label (GTK_BUTTON (widget)) != NULL;

  return GTK_IS_MENU_BUTTON (widget) && gtk_menu_button_get_label (GTK_MENU_BUTTON (widget)) != NULL;
}

/* The buttons inside of these are theirs. */
static gboolean
is_whole (GtkWidget *widget)
{
  return GTK_IS_EDITABLE (widget) || GTK_IS_MENU_BUTTON (widget) || GTK_IS_DROP_DOWN (widget) ||
         GTK_IS_COLUMN_VIEW (widget) || GTK_IS_TEXT_VIEW (widget);
}

static void
check_names (GtkWidget *widget,
             GPtrArray *nameless)
{
  if ((is_whole (widget) || GTK_IS_BUTTON (widget)) && !has_name (widget))
    g_ptr_array_add (nameless, g_strdup_printf ("%s %s", G_OBJECT_TYPE_NAME (widget),
                                                gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget))));

  if (is_whole (widget) || GTK_IS_WINDOW_CONTROLS (widget))
    return;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    check_names (child, nameless);
}

static void
test_names (Test *test)
{
  g_autoptr(GPtrArray) nameless = g_ptr_array_new_with_free_func (g_free);

  set_up (test);
  app_act (test->window, "console.editor");
  check_names (GTK_WIDGET (test->window), nameless);
  for (guint i = 0; i < nameless->len; i++)
    g_test_message ("without a name: %s", (const char *) nameless->pdata[i]);
  g_assert_cmpuint (nameless->len, ==, 0);
  tear_down (test);
}

static void
test_keys (Test *test)
{
  set_up (test);
  g_assert_true (app_focus (test->window));

  gtk_widget_activate_action (GTK_WIDGET (test->window), "console.find", NULL);
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (test->window), get (test, "filter_entry")));
  gtk_widget_activate_action (GTK_WIDGET (test->window), "console.next-part", "i", 1);
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (test->window), get (test, "list")));
  app_act (test->window, "console.editor");
  g_assert_true (gtk_window_get_focus (test->window) == get_in (test, "editor", "view"));

  /* back, step by step, and never out of the window */
  filter (test, "words");
  app_act (test->window, "console.escape");
  g_assert_false (app_is_shown (get_in (test, "editor", "view")));
  g_signal_emit_by_name (get (test, "filter_entry"), "stop-search");   /* Escape, where the filter has the focus */
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (get (test, "filter_entry"))), ==, "");
  app_act (test->window, "console.escape");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (test->window)));

  select_entry (test, "asks for the contact list", TRUE);
  app_act (get (test, "list"), "console.row-menu");
  app_settle (test->window);
  {
    GtkWidget *menu = app_find_type (get_in (test, "list", "view"), GTK_TYPE_POPOVER_MENU);

    g_assert_true (gtk_widget_get_mapped (menu));
    shoot (test, menu, "row-menu");
    gtk_popover_popdown (GTK_POPOVER (menu));
  }
  tear_down (test);
}

/* The row under the pointer is what the menu is about. */
static void
test_pointer (Test *test)
{
  GtkWidget *view;
  g_autoptr(GListModel) controllers = NULL;
  GtkWidget *menu;
  gboolean is_pressed = FALSE;

  set_up (test);
  app_settle (test->window);
  view = get_in (test, "list", "view");
  menu = app_find_type (view, GTK_TYPE_POPOVER_MENU);
  controllers = gtk_widget_observe_controllers (view);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr(GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_GESTURE_CLICK (controller) && gtk_gesture_single_get_button (GTK_GESTURE_SINGLE (controller)) == GDK_BUTTON_SECONDARY)
        {
          g_signal_emit_by_name (controller, "pressed", 1, 300.0, 100.0);
          is_pressed = TRUE;
        }
    }

  g_assert_true (is_pressed);
  app_settle (test->window);
  g_assert_true (gtk_widget_get_mapped (menu));
  {
    g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection (get_model (test));
    g_autofree char *xml = get_view_text (test, "xml");

    g_assert_cmpuint (gtk_bitset_get_size (selected), ==, 1);
    g_assert_cmpstr (xml, !=, "");
  }
  gtk_popover_popdown (GTK_POPOVER (menu));
  tear_down (test);
}

static guint
count_pages (GtkWidget *widget)
{
  guint n = GTK_IS_STACK (widget) ? g_list_model_get_n_items (G_LIST_MODEL (gtk_stack_get_pages (GTK_STACK (widget)))) : 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    n = MAX (n, count_pages (child));

  return n;
}

/* On several, GTK 4.8 puts buttons with numbers below them that are too narrow for their style, and warns of it. */
static void
test_key_window (Test *test)
{
  GtkShortcutsWindow *keys;

  set_up (test);
  app_act (test->window, "win.show-help-overlay");
  keys = gtk_application_window_get_help_overlay (GTK_APPLICATION_WINDOW (test->window));
  app_settle (GTK_WINDOW (keys));
  shoot (test, keys, "keys");
  g_assert_cmpuint (count_pages (app_find_type (GTK_WIDGET (keys), GTK_TYPE_SHORTCUTS_SECTION)), ==, 1);
  gtk_window_close (GTK_WINDOW (keys));
  tear_down (test);
}

static GtkWidget *
find_cell (GtkWidget  *widget,
           const char *text)
{
  const char *shown = GTK_IS_INSCRIPTION (widget) ? gtk_inscription_get_text (GTK_INSCRIPTION (widget)) : NULL;

  if (shown != NULL && strstr (shown, text) != NULL)
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *cell = find_cell (child, text);

      if (cell != NULL)
        return cell;
    }

  return NULL;
}

/* Letters of another font are higher; nothing of them is cut off, and the row is as high as the others. */
static void
test_letters (Test *test)
{
  GtkWidget *cell;
  g_autoptr(PangoLayout) layout = NULL;
  int height;

  set_up (test);
  receive (test, BODY ("chat", "你好 going"));
  fake_server_wait_until (find_cell (get_in (test, "list", "view"), "你好") != NULL);
  app_settle (test->window);
  cell = find_cell (get_in (test, "list", "view"), "你好");
  layout = gtk_widget_create_pango_layout (cell, "你好 going");
  pango_layout_get_pixel_size (layout, NULL, &height);
  g_assert_cmpint (gtk_widget_get_height (cell), >=, height);
  tear_down (test);
}

/* The title of the first column stands over the digits, also when the columns have changed. */
static void
assert_number_title (Test *test)
{
  GtkWidget *header = gtk_widget_get_first_child (get_in (test, "list", "view"));
  GtkWidget *box = gtk_widget_get_first_child (gtk_widget_get_first_child (header));

  g_assert_cmpint (gtk_widget_get_halign (box), ==, GTK_ALIGN_END);
}

static void
test_widths (Test *test)
{
  static const int widths[] = { 1280, 700, 360 };

  set_up (test);
  test->other = test_account_new (flint_application_get_core (test->application), "somebody.else@good.test");
  receive (test, BODY ("chat", "one that is a bit longer than the others, so that it must be cut somewhere"));
  receive (test, "<message from='nobody@peer.test' type='error' id='m2'><error type='cancel'>"
                 "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>");
  fake_server_wait_until (find_shown (test, "service-unavailable") != GTK_INVALID_LIST_POSITION);
  select_entry (test, "longer than", TRUE);
  app_act (test->window, "console.editor");
  set_editor_text (test, "<message to='" BOB "'>\n  <body>a & b</body>\n</message>");

  for (guint dark = 0; dark < 2; dark++)
    {
      adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                          dark ? ADW_COLOR_SCHEME_FORCE_DARK : ADW_COLOR_SCHEME_FORCE_LIGHT);

      for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
        {
          g_autofree char *with_editor = g_strdup_printf ("width-%d-editor-%s", widths[i], dark ? "dark" : "light");
          g_autofree char *with_xml = g_strdup_printf ("width-%d-xml-%s", widths[i], dark ? "dark" : "light");

          resize (test, widths[i], 760);
          app_settle (test->window);
          assert_number_title (test);
          shoot (test, test->window, with_editor);
          app_act (test->window, "console.editor");
          app_settle (test->window);
          shoot (test, test->window, with_xml);
          app_act (test->window, "console.editor");
        }
    }

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_DEFAULT);
  resize (test, 1280, 760);
  tear_down (test);
}

static void
add (Test         *test,
     const char   *path,
     void        (*func) (Test *))
{
  g_test_add_data_func (path, test, (GTestDataFunc) (void (*) (void)) func);
}

int
main (int   argc,
      char *argv[])
{
  static const char * const notifications[] = { "notify-chats", "notify-mentions", "notify-headlines", "notify-requests" };
  Test test = { NULL };
  g_autoptr(GError) error = NULL;
  int status;

  g_setenv ("GTK_A11Y", "test", TRUE);   /* names are kept, and nobody is told them */
  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", "/nonexistent/keyring", TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "x", TRUE);
  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);

  test.application = flint_application_new ();
  g_application_set_flags (G_APPLICATION (test.application), G_APPLICATION_NON_UNIQUE);
  g_application_hold (G_APPLICATION (test.application));
  g_application_register (G_APPLICATION (test.application), NULL, &error);
  g_assert_no_error (error);

  /* nobody is there to notify, and closing the console is not to close the last window, and so the program */
  for (guint i = 0; i < G_N_ELEMENTS (notifications); i++)
    g_settings_set_boolean (flint_application_get_settings (test.application), notifications[i], FALSE);
  test.keeper = GTK_WINDOW (gtk_application_window_new (GTK_APPLICATION (test.application)));

  add (&test, "/console/window/it-shows-what-crosses-the-wire", test_opens);
  add (&test, "/console/window/it-can-be-held-still", test_pauses);
  add (&test, "/console/window/clearing-leaves-what-is-being-written", test_clears);
  add (&test, "/console/window/filters-and-says-what-is-wrong-with-one", test_filters);
  add (&test, "/console/window/chips-filter", test_chips);
  add (&test, "/console/window/several-accounts-are-told-apart", test_accounts);
  add (&test, "/console/window/it-follows-until-one-scrolls-away", test_follows);
  add (&test, "/console/window/a-hundred-thousand-are-kept", test_many);
  add (&test, "/console/window/one-or-several-are-copied", test_copies);
  add (&test, "/console/window/what-is-shown-is-saved", test_saves);
  add (&test, "/console/window/what-cannot-be-saved-there-is-saved-elsewhere", test_cannot_save);
  add (&test, "/console/window/malformed-stanzas-never-leave", test_refuses);
  add (&test, "/console/window/good-ones-are-sent-and-come-back", test_sends);
  add (&test, "/console/window/an-entry-is-edited-and-sent-again", test_edits_again);
  add (&test, "/console/window/templates-know-who-is-meant", test_templates);
  add (&test, "/console/window/offline-it-says-so", test_offline);
  add (&test, "/console/window/a-draft-survives-the-window", test_draft_survives);
  add (&test, "/console/window/everything-has-a-name", test_names);
  add (&test, "/console/window/keys-reach-everything", test_keys);
  add (&test, "/console/window/its-keys-are-on-one-page", test_key_window);
  add (&test, "/console/window/the-pointer-opens-the-menu-of-a-row", test_pointer);
  add (&test, "/console/window/lines-of-any-letters-are-whole", test_letters);
  add (&test, "/console/window/it-fits-wide-and-narrow-windows", test_widths);

  status = g_test_run ();
  g_clear_object (&test.application);

  return status;
}
