/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contacts and chats in one window */
#include "flint-config.h"

#include "app-input.h"
#include "chat-fixture.h"

#include "flint-chat-pane.h"
#include "flint-chat-window.h"
#include "flint-headlines-window.h"
#include "flint-main-window.h"
#include "flint-one-window.h"
#include "flint-preferences-window.h"
#include "flint-recent-dialog.h"

#define ANN "ann@peer.test"

static GtkWindow *
get_main (void)
{
  return app_find_window (FLINT_TYPE_MAIN_WINDOW);
}

static GtkWidget *
get_list (void)
{
  return app_find (get_main (), "list_box");
}

static FlintChatPane *
get_pane (void)
{
  return flint_chat_pane_find (get_main ());
}

static AdwTabView *
get_tabs (void)
{
  return ADW_TAB_VIEW (app_find (get_main (), "tab_view"));
}

static guint
count_chat_windows (void)
{
  return app_count_windows (FLINT_TYPE_CHAT_WINDOW);
}

static GtkWidget *
get_text (GtkWidget *page)
{
  return app_find (app_find (page, "composer"), "text");
}

static FlintConversation *
get_conversation (GtkWidget *page)
{
  return flint_chat_page_get_conversation (FLINT_CHAT_PAGE (page));
}

static gboolean
has_focus_in (gpointer part)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (part));

  return focus != NULL && gtk_widget_is_ancestor (focus, part);
}

static void
take_picture (const char *name)
{
  const char *folder = g_getenv ("FLINT_TEST_PICTURES");
  g_autofree char *path = folder != NULL ? g_strdup_printf ("%s/%s.png", folder, name) : NULL;

  app_settle (get_main ());
  if (path != NULL)
    g_assert_true (app_take_picture (get_main (), path, NULL));
}

/* Without a window manager, GTK is some pixels out when a window that is there gets another size */
static gboolean
has_width (gpointer width)
{
  return ABS (gtk_widget_get_width (GTK_WIDGET (get_main ())) - GPOINTER_TO_INT (width)) <= 20;
}

static gboolean
is_small (gpointer data)
{
  return gtk_widget_get_width (GTK_WIDGET (get_main ())) < 640;
}

static void
make_wide (int width)
{
  gtk_window_set_default_size (get_main (), width, 640);
  if (!app_wait (has_width, GINT_TO_POINTER (width)))
    g_error ("The window is %d wide, not %d", gtk_widget_get_width (GTK_WIDGET (get_main ())), width);
  app_settle (get_main ());
}

/* As it would be found at a start, whatever the test before has left */
static void
set_one_window (ChatFixture *self,
                gboolean     is_on)
{
  g_settings_set_boolean (flint_application_get_settings (self->application), "one-window", is_on);
  if (!is_on)
    {
      /* or its new size would come when the next one has been asked for */
      if (get_main () != NULL && !app_wait (is_small, NULL))
        g_error ("The window of the contacts is still %d wide", gtk_widget_get_width (GTK_WIDGET (get_main ())));
      return;
    }

  make_wide (1140);
  /* Without a window manager a window gets the keyboard only if somebody has done something since the last one got it */
  app_click_with (app_find (get_main (), "view_switcher"), 2);
  app_point_away ();
}

static void
fill (ChatFixture *self,
      guint        n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf ("line %u", i);

      chat_receive (self, BOB "/x", text);
    }
}

/* The setting */

static void
test_off (ChatFixture   *self,
          gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);

  g_assert_null (get_pane ());
  g_assert_null (app_find_type (get_main (), FLINT_TYPE_ONE_WINDOW));
  g_assert_true (FLINT_IS_CHAT_WINDOW (gtk_widget_get_root (page)));
}

static void
press_switch (GtkWindow *preferences)
{
  g_assert_true (app_focus (preferences));
  app_settle (preferences);
  app_click_with (app_find (preferences, "single_window_switch"), 1);
}

/* By hand, while chats are open; there and back */
static void
test_switched (ChatFixture   *self,
               gconstpointer  data)
{
  GtkWidget *bob = chat_open (self, BOB);
  GtkAdjustment *adjustment;
  GtkWindow *preferences;
  g_autoptr(FlintMessage) place = NULL;

  fill (self, 100);
  chat_open (self, ANN);
  bob = chat_open (self, BOB);
  app_type (get_text (bob), "half a");
  app_settle (gtk_widget_get_root (bob));
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (app_find (bob, "scroller")));
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment) / 2);
  app_settle (gtk_widget_get_root (bob));
  place = flint_chat_page_get_place (FLINT_CHAT_PAGE (bob));
  g_assert_nonnull (place);

  preferences = flint_application_show_preferences (self->application, "appearance");
  press_switch (preferences);
  fake_server_wait_until (count_chat_windows () == 0);
  for (int i = 0; i < 2; i++)
    {
      g_autoptr(FlintMessage) now = NULL;

      app_settle (gtk_widget_get_root (bob));
      g_assert_true (flint_chat_pane_get_page (flint_chat_pane_find (GTK_WINDOW (gtk_widget_get_root (bob)))) == FLINT_CHAT_PAGE (bob));
      g_assert_true (bob == chat_page_of (get_conversation (bob)));
      g_assert_cmpstr (flint_conversation_get_draft (get_conversation (bob)), ==, "half a");
      now = flint_chat_page_get_place (FLINT_CHAT_PAGE (bob));
      g_assert_cmpstr (flint_message_get_body (now), ==, flint_message_get_body (place));

      if (i == 0)
        {
          g_assert_true (gtk_widget_get_root (bob) == GTK_ROOT (get_main ()));
          g_assert_cmpint (adw_tab_view_get_n_pages (get_tabs ()), ==, 2);
          /* one chooses on in the preferences */
          press_switch (preferences);
          fake_server_wait_until (count_chat_windows () == 1);
        }
    }

  g_assert_null (app_find_type (get_main (), FLINT_TYPE_ONE_WINDOW));
  g_assert_true (app_is_shown (get_list ()));
  g_assert_true (app_is_shown (app_find (get_main (), "end_controls")));
}

static void
test_started (ChatFixture   *self,
              gconstpointer  data)
{
  /* Flint would end with its last window */
  flint_application_show_headlines (self->application, NULL);
  gtk_window_destroy (get_main ());
  g_settings_set_boolean (flint_application_get_settings (self->application), "one-window", TRUE);
  g_assert_null (get_main ());

  flint_application_show_main (self->application);
  g_assert_nonnull (get_pane ());
  make_wide (1140);
  g_assert_true (app_is_shown (app_find_text (get_main (), "Choose somebody to chat with")));
  take_picture ("one-window-empty");
  set_one_window (self, FALSE);
}

/* A chat without the window of the contacts opens it */
static void
test_main_closed (ChatFixture   *self,
                  gconstpointer  data)
{
  GtkWidget *page;

  flint_application_show_headlines (self->application, NULL);
  set_one_window (self, TRUE);
  gtk_window_close (get_main ());
  g_assert_null (get_main ());

  page = chat_open (self, BOB);
  g_assert_true (gtk_widget_get_root (page) == GTK_ROOT (get_main ()));
  g_assert_cmpuint (count_chat_windows (), ==, 0);
  set_one_window (self, FALSE);
}

/* What is pinned stays so, what is shown is shown; and a dialog does not go with its window */
static void
test_contacts_closed (ChatFixture   *self,
                      gconstpointer  data)
{
  GtkWidget *bob = chat_open (self, BOB);
  AdwTabView *tabs = ADW_TAB_VIEW (app_find (gtk_widget_get_root (bob), "tab_view"));
  GtkWindow *preferences;

  chat_open (self, ANN);
  chat_open (self, EVE);
  adw_tab_view_set_page_pinned (tabs, adw_tab_view_get_page (tabs, bob), TRUE);
  adw_tab_view_set_selected_page (tabs, adw_tab_view_get_nth_page (tabs, 1));
  gtk_window_close (get_main ());
  preferences = flint_application_show_preferences (self->application, "appearance");
  g_assert_true (gtk_window_get_transient_for (preferences) == GTK_WINDOW (gtk_widget_get_root (bob)));

  for (int i = 0; i < 2; i++)
    {
      set_one_window (self, i == 0);
      g_assert_true (preferences == app_find_window (FLINT_TYPE_PREFERENCES_WINDOW));
      g_assert_cmpuint (count_chat_windows (), ==, i);
      tabs = ADW_TAB_VIEW (app_find (gtk_widget_get_root (bob), "tab_view"));
      g_assert_cmpint (adw_tab_view_get_n_pages (tabs), ==, 3);
      g_assert_cmpint (adw_tab_view_get_n_pinned_pages (tabs), ==, 1);
      g_assert_true (adw_tab_page_get_pinned (adw_tab_view_get_page (tabs, bob)));
      g_assert_cmpint (adw_tab_view_get_page_position (tabs, adw_tab_view_get_selected_page (tabs)), ==, 1);
    }

  g_assert_nonnull (get_main ());
}

static void
test_width_kept (ChatFixture   *self,
                 gconstpointer  data)
{
  set_one_window (self, TRUE);
  gtk_paned_set_position (GTK_PANED (app_find (get_main (), "paned")), 410);
  app_settle (get_main ());
  set_one_window (self, FALSE);
  set_one_window (self, TRUE);
  g_assert_cmpint (gtk_paned_get_position (GTK_PANED (app_find (get_main (), "paned"))), ==, 410);

  /* too narrow for both in between */
  make_wide (360);
  make_wide (1140);
  g_assert_cmpint (gtk_paned_get_position (GTK_PANED (app_find (get_main (), "paned"))), ==, 410);
  g_settings_reset (flint_application_get_settings (self->application), "list-width");
  set_one_window (self, FALSE);
  g_settings_reset (flint_application_get_settings (self->application), "list-width");
}

/* Wide */

static void
test_beside (ChatFixture   *self,
             gconstpointer  data)
{
  GtkWidget *bob;

  set_one_window (self, TRUE);
  bob = chat_open (self, BOB);
  chat_receive (self, BOB "/x", "Have you seen the new plan? It is on the table in the kitchen.");
  g_assert_true (gtk_widget_get_root (bob) == GTK_ROOT (get_main ()));
  g_assert_cmpuint (count_chat_windows (), ==, 0);
  g_assert_true (app_is_shown (get_list ()));
  g_assert_true (has_focus_in (bob));
  g_assert_false (app_is_shown (app_find (get_main (), "back_button")));
  g_assert_cmpuint (flint_conversation_get_unread (get_conversation (bob)), ==, 0);
  take_picture ("one-window");

  chat_open (self, ANN);
  chat_receive (self, BOB "/x", "one");
  g_assert_cmpuint (flint_conversation_get_unread (get_conversation (bob)), ==, 1);
  g_assert_cmpstr (gtk_window_get_title (get_main ()), ==, "(1) Flint");
  chat_assert_named (get_main ());

  /* Ctrl+W is for the chat, not for the window */
  app_key (get_main (), "<Control>w");
  g_assert_cmpint (adw_tab_view_get_n_pages (get_tabs ()), ==, 1);
  app_settle (get_main ());
  app_key (get_main (), "<Control>w");
  g_assert_cmpint (adw_tab_view_get_n_pages (get_tabs ()), ==, 0);
  g_assert_nonnull (get_main ());
  g_assert_true (app_is_shown (app_find_text (get_main (), "Choose somebody to chat with")));
  g_assert_true (has_focus_in (get_list ()));

  app_key (get_main (), "<Control><Shift>t");
  g_assert_cmpint (adw_tab_view_get_n_pages (get_tabs ()), ==, 1);
  set_one_window (self, FALSE);
}

/* Keys go to the part that has the focus */
static void
test_keys (ChatFixture   *self,
           gconstpointer  data)
{
  GtkWidget *bob;
  GtkWidget *ann;
  GtkWindow *dialog;

  set_one_window (self, TRUE);
  bob = chat_open (self, BOB);
  ann = chat_open (self, ANN);

  app_key (get_main (), "<Control>f");
  g_assert_true (flint_chat_page_is_searching (FLINT_CHAT_PAGE (ann)));
  g_assert_false (gtk_search_bar_get_search_mode (GTK_SEARCH_BAR (app_find (get_main (), "search_bar"))));
  app_key (get_main (), "Escape");
  app_key (get_main (), "F9");
  g_assert_true (flint_chat_page_get_show_side (FLINT_CHAT_PAGE (ann)));
  app_key (get_main (), "<Control>Tab");
  g_assert_true (flint_chat_pane_get_page (get_pane ()) == FLINT_CHAT_PAGE (bob));

  app_key (get_main (), "<Control>e");
  dialog = app_find_window (FLINT_TYPE_RECENT_DIALOG);
  g_assert_true (app_focus (dialog));
  app_key (dialog, "Return");
  fake_server_wait_until (app_find_window (FLINT_TYPE_RECENT_DIALOG) == NULL);
  g_assert_true (flint_chat_pane_get_page (get_pane ()) == FLINT_CHAT_PAGE (ann));

  /* to anybody, and what one types there is searched for */
  g_assert_true (app_focus (get_main ()));
  app_key (get_main (), "<Control>k");
  g_assert_true (has_focus_in (app_find (get_main (), "search_bar")));
  app_type_keys (get_main (), "bo");
  app_key (get_main (), "Return");
  app_settle (get_main ());
  g_assert_true (flint_chat_pane_get_page (get_pane ()) == FLINT_CHAT_PAGE (bob));
  g_assert_true (has_focus_in (bob));
  set_one_window (self, FALSE);
}

/* What nobody takes in the chat is not searched for among the contacts */
static void
test_typed (ChatFixture   *self,
            gconstpointer  data)
{
  GtkWidget *bob;

  set_one_window (self, TRUE);
  bob = chat_open (self, BOB);
  chat_receive (self, BOB "/x", "one");
  app_settle (get_main ());
  app_key (get_main (), "<Shift>Tab");
  g_assert_true (has_focus_in (app_find (bob, "messages")));
  app_type_keys (get_main (), "zz");
  g_assert_false (gtk_search_bar_get_search_mode (GTK_SEARCH_BAR (app_find (get_main (), "search_bar"))));
  set_one_window (self, FALSE);
}

/* Windows of their own all the same */

static void
test_torn_off (ChatFixture   *self,
               gconstpointer  data)
{
  GtkWidget *bob;
  GtkWidget *ann;

  set_one_window (self, TRUE);
  bob = chat_open (self, BOB);
  app_type (get_text (bob), "half a");
  app_act (bob, "tab.detach");
  g_assert_cmpuint (count_chat_windows (), ==, 1);
  g_assert_true (FLINT_IS_CHAT_WINDOW (gtk_widget_get_root (bob)));
  g_assert_cmpstr (flint_conversation_get_draft (get_conversation (bob)), ==, "half a");
  g_assert_true (app_is_shown (app_find_text (get_main (), "Choose somebody to chat with")));

  /* others open beside the contacts, this one where it is */
  ann = chat_open (self, ANN);
  g_assert_true (gtk_widget_get_root (ann) == GTK_ROOT (get_main ()));
  g_assert_true (chat_open (self, BOB) == bob);
  g_assert_true (FLINT_IS_CHAT_WINDOW (gtk_widget_get_root (bob)));

  /* and goes with its window, as ever */
  app_key (gtk_widget_get_root (bob), "<Control>w");
  g_assert_cmpuint (count_chat_windows (), ==, 0);
  set_one_window (self, FALSE);
}

/* What the fixture, and the tests before, have left open */
static void
close_others (ChatFixture *self)
{
  g_autoptr(GList) windows = g_list_copy (gtk_application_get_windows (GTK_APPLICATION (self->application)));

  for (GList *l = windows; l != NULL; l = l->next)
    if (l->data != (gpointer) get_main ())
      gtk_window_destroy (l->data);
}

static void
test_asked (ChatFixture   *self,
            gconstpointer  data)
{
  GtkWidget *bob;
  GtkWindow *dialog;

  set_one_window (self, TRUE);
  close_others (self);
  bob = chat_open (self, BOB);
  chat_open (self, ANN);
  app_type (get_text (bob), "half a");
  gtk_window_close (get_main ());
  dialog = app_find_window (ADW_TYPE_MESSAGE_DIALOG);
  g_assert_nonnull (dialog);
  g_assert_nonnull (app_find_text (dialog, "This is the last window"));
  g_assert_true (app_focus (dialog));
  app_key (dialog, "Escape");
  fake_server_wait_until (app_find_window (ADW_TYPE_MESSAGE_DIALOG) == NULL);
  g_assert_cmpint (adw_tab_view_get_n_pages (get_tabs ()), ==, 2);

  /* all tabs, and the contacts stay */
  g_assert_true (app_focus (get_main ()));
  app_key (get_main (), "<Control><Shift>w");
  dialog = app_find_window (ADW_TYPE_MESSAGE_DIALOG);
  g_assert_nonnull (app_find_text (dialog, "Close 2 chats?"));
  g_assert_true (app_focus (dialog));
  app_settle (dialog);
  app_click_with (app_find_button (GTK_WIDGET (dialog), "Close"), 1);
  fake_server_wait_until (app_find_window (ADW_TYPE_MESSAGE_DIALOG) == NULL);
  g_assert_cmpint (adw_tab_view_get_n_pages (get_tabs ()), ==, 0);
  g_assert_nonnull (get_main ());
  set_one_window (self, FALSE);
}

/* Narrow */

static void
test_narrow (ChatFixture   *self,
             gconstpointer  data)
{
  GtkWidget *bob;

  set_one_window (self, TRUE);
  make_wide (360);
  g_assert_true (app_is_shown (get_list ()));
  g_assert_true (app_is_shown (app_find (get_main (), "end_controls")));
  take_picture ("one-window-narrow-list");

  bob = chat_open (self, BOB);
  chat_receive (self, BOB "/x", "Have you seen the new plan?");
  g_assert_false (app_is_shown (get_list ()));
  g_assert_true (has_focus_in (bob));
  g_assert_true (app_is_shown (app_find (get_main (), "back_button")));
  chat_assert_named (get_main ());
  take_picture ("one-window-narrow-chat");
  g_assert_cmpuint (flint_conversation_get_unread (get_conversation (bob)), ==, 0);

  /* what one does not see is not read */
  app_click_with (app_find (get_main (), "back_button"), 1);
  app_settle (get_main ());
  g_assert_true (app_is_shown (get_list ()));
  g_assert_false (app_is_shown (bob));
  g_assert_true (has_focus_in (get_list ()));
  chat_receive (self, BOB "/x", "Are you there?");
  g_assert_cmpuint (flint_conversation_get_unread (get_conversation (bob)), ==, 1);

  g_assert_true (chat_open (self, BOB) == bob);
  g_assert_true (app_is_shown (bob));
  g_assert_cmpuint (flint_conversation_get_unread (get_conversation (bob)), ==, 0);

  /* the last one leaves the contacts */
  app_key (get_main (), "<Control>w");
  app_settle (get_main ());
  g_assert_true (app_is_shown (get_list ()));
  g_assert_true (has_focus_in (get_list ()));
  set_one_window (self, FALSE);
}

/* Where one is stays in sight */
static void
test_folded (ChatFixture   *self,
             gconstpointer  data)
{
  GtkWidget *bob;

  set_one_window (self, TRUE);
  bob = chat_open (self, BOB);
  make_wide (360);
  g_assert_true (app_is_shown (bob));
  g_assert_false (app_is_shown (get_list ()));

  /* to the contacts, by whatever leads there */
  app_key (get_main (), "<Control>2");
  app_settle (get_main ());
  g_assert_true (app_is_shown (get_list ()));
  app_key (get_main (), "<Control>1");
  make_wide (1140);
  g_assert_true (app_is_shown (bob));
  gtk_widget_grab_focus (app_find (get_main (), "own_status_button"));
  make_wide (360);
  g_assert_false (app_is_shown (bob));
  g_assert_true (app_is_shown (get_list ()));
  make_wide (660);
  g_assert_true (app_is_shown (bob));
  take_picture ("one-window-660");
  set_one_window (self, FALSE);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  chat_test_add ("/app/one-window/nothing-of-it-is-made-while-it-is-off", test_off);
  chat_test_add ("/app/one-window/open-chats-move-with-drafts-and-places", test_switched);
  chat_test_add ("/app/one-window/it-is-there-from-the-start", test_started);
  chat_test_add ("/app/one-window/a-chat-brings-the-contacts-along", test_main_closed);
  chat_test_add ("/app/one-window/chats-move-though-the-contacts-were-closed", test_contacts_closed);
  chat_test_add ("/app/one-window/the-width-of-the-list-is-kept", test_width_kept);
  chat_test_add ("/app/one-window/chats-open-beside-the-contacts", test_beside);
  chat_test_add ("/app/one-window/keys-are-for-the-part-with-the-focus", test_keys);
  chat_test_add ("/app/one-window/what-is-typed-in-a-chat-is-not-searched-for", test_typed);
  chat_test_add ("/app/one-window/a-tab-can-still-be-torn-off", test_torn_off);
  chat_test_add ("/app/one-window/chats-that-are-not-done-with-are-asked-about", test_asked);
  chat_test_add ("/app/one-window/narrow-a-chat-lies-over-the-contacts", test_narrow);
  chat_test_add ("/app/one-window/folded-one-stays-where-one-is", test_folded);

  return chat_test_run ();
}
