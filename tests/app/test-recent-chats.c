/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "app-input.h"
#include "chat-fixture.h"

#include "flint-chat-page.h"
#include "flint-chat-window.h"
#include "flint-main-window.h"
#include "flint-recent-dialog.h"

#define ANN "ann@peer.test"

static void
take_picture (GtkWindow  *window,
              const char *name)
{
  const char *folder = g_getenv ("FLINT_TEST_PICTURES");
  g_autofree char *path = folder != NULL ? g_strdup_printf ("%s/%s.png", folder, name) : NULL;

  if (path != NULL)
    g_assert_true (app_take_picture (window, path, NULL));
}

static GtkWindow *
open_dialog (gpointer window)
{
  GtkWindow *dialog;

  g_assert_true (app_focus (window));
  app_key (window, "<Control>e");
  dialog = app_find_window (FLINT_TYPE_RECENT_DIALOG);
  g_assert_nonnull (dialog);
  g_assert_true (app_focus (dialog));
  app_settle (dialog);

  return dialog;
}

static gboolean
is_closed (gpointer data)
{
  return app_find_window (FLINT_TYPE_RECENT_DIALOG) == NULL;
}

static void
press_enter (GtkWindow *dialog)
{
  app_key (dialog, "Return");
  g_assert_true (app_wait (is_closed, NULL));
}

/* "Bob, bob@peer.test": what is shown, the selected one in brackets */
static char *
describe (GtkWindow *dialog)
{
  GtkWidget *list = app_find (dialog, "list");
  GtkListBoxRow *selected = gtk_list_box_get_selected_row (GTK_LIST_BOX (list));
  GString *text = g_string_new (NULL);
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), i)) != NULL; i++)
    {
      FlintConversation *conversation = g_object_get_data (G_OBJECT (row), "conversation");

      if (gtk_widget_get_child_visible (GTK_WIDGET (row)))
        g_string_append_printf (text, row == selected ? "[%s] " : "%s ", flint_conversation_get_title (conversation));
    }

  return g_string_free (text, FALSE);
}

static void
assert_rows (GtkWindow  *dialog,
             const char *expected)
{
  g_autofree char *text = describe (dialog);

  g_assert_cmpstr (text, ==, expected);
}

static FlintChatPage *
get_page (gpointer window)
{
  return flint_chat_window_get_page (FLINT_CHAT_WINDOW (window));
}

static const char *
get_shown (gpointer window)
{
  return flint_conversation_get_title (flint_chat_page_get_conversation (get_page (window)));
}

static void
test_back_and_forth (ChatFixture   *self,
                     gconstpointer  data)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (chat_open (self, BOB)));
  GtkWindow *dialog;

  chat_open (self, EVE);
  chat_open (self, ANN);
  dialog = open_dialog (window);
  assert_rows (dialog, ANN " [" EVE "] Bob ");
  take_picture (dialog, "recent-chats");
  press_enter (dialog);
  g_assert_cmpstr (get_shown (window), ==, EVE);

  press_enter (open_dialog (window));
  g_assert_cmpstr (get_shown (window), ==, ANN);
}

static void
test_arrows (ChatFixture   *self,
             gconstpointer  data)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (chat_open (self, BOB)));
  GtkWindow *dialog;

  chat_open (self, EVE);
  chat_open (self, ANN);
  dialog = open_dialog (window);
  app_key (dialog, "Down");
  assert_rows (dialog, ANN " " EVE " [Bob] ");
  /* and round */
  app_key (dialog, "<Control>e");
  assert_rows (dialog, "[" ANN "] " EVE " Bob ");
  app_key (dialog, "Up");
  assert_rows (dialog, ANN " " EVE " [Bob] ");
  press_enter (dialog);
  g_assert_cmpstr (get_shown (window), ==, "Bob");
}

static void
test_narrowed (ChatFixture   *self,
               gconstpointer  data)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (chat_open (self, BOB)));
  GtkWindow *dialog;

  chat_open (self, EVE);
  chat_open (self, ANN);
  dialog = open_dialog (window);
  app_type_keys (dialog, "bo");
  assert_rows (dialog, "[Bob] ");

  /* nobody: Enter leads nowhere, and nothing is lost */
  app_type_keys (dialog, "zz");
  assert_rows (dialog, "");
  g_assert_true (app_is_shown (app_find_text (dialog, "Nothing found")));
  app_key (dialog, "Return");
  app_settle (dialog);
  g_assert_false (is_closed (NULL));

  app_key (dialog, "BackSpace");
  app_key (dialog, "BackSpace");
  press_enter (dialog);
  g_assert_cmpstr (get_shown (window), ==, "Bob");
}

static void
test_left_alone (ChatFixture   *self,
                 gconstpointer  data)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (chat_open (self, BOB)));
  GtkWindow *dialog;

  chat_open (self, ANN);
  dialog = open_dialog (window);
  app_key (dialog, "Escape");
  g_assert_true (app_wait (is_closed, NULL));
  g_assert_cmpstr (get_shown (window), ==, ANN);
}

/* From the list of contacts, to the chat that was closed */
static void
test_closed (ChatFixture   *self,
             gconstpointer  data)
{
  GtkWidget *bob = chat_open (self, BOB);
  GtkWindow *main_window = app_find_window (FLINT_TYPE_MAIN_WINDOW);
  GtkWindow *dialog;

  app_type (app_find (app_find (bob, "composer"), "text"), "half a");
  flint_chat_page_set_show_side (FLINT_CHAT_PAGE (bob), TRUE);
  app_key (gtk_widget_get_root (bob), "<Control>w");
  g_assert_null (app_find_window (FLINT_TYPE_CHAT_WINDOW));

  dialog = open_dialog (main_window);
  assert_rows (dialog, "[Bob] ");
  press_enter (dialog);
  bob = GTK_WIDGET (get_page (app_find_window (FLINT_TYPE_CHAT_WINDOW)));
  g_assert_true (flint_chat_page_get_show_side (FLINT_CHAT_PAGE (bob)));
  g_assert_cmpstr (flint_conversation_get_draft (flint_chat_page_get_conversation (FLINT_CHAT_PAGE (bob))), ==, "half a");
}

/* Nobody has looked at it, but it is what one may look for */
static void
test_unread (ChatFixture   *self,
             gconstpointer  data)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (chat_open (self, BOB)));
  GtkWindow *dialog;
  g_autofree char *name = NULL;

  chat_receive (self, EVE "/x", "psst");
  dialog = open_dialog (window);
  assert_rows (dialog, "Bob [" EVE "] ");
  name = chat_get_name (GTK_WIDGET (gtk_list_box_get_row_at_index (GTK_LIST_BOX (app_find (dialog, "list")), 1)));
  g_assert_cmpstr (name, ==, EVE);
  g_assert_true (app_is_shown (app_find_class (dialog, "unread-badge")));
  chat_assert_named (dialog);
  press_enter (dialog);
  g_assert_cmpstr (get_shown (window), ==, EVE);
}

static void
test_gone (ChatFixture   *self,
           gconstpointer  data)
{
  GtkWindow *main_window = app_find_window (FLINT_TYPE_MAIN_WINDOW);
  GtkWindow *dialog;

  chat_open (self, BOB);
  chat_close_all (self);
  test_account_logout (self->me);
  flint_account_list_remove (flint_core_get_accounts (self->core), self->me->account);
  /* the window to log in is over the contacts now */
  app_act (main_window, "app.recent-chats");
  dialog = app_find_window (FLINT_TYPE_RECENT_DIALOG);
  g_assert_nonnull (dialog);
  g_assert_true (app_focus (dialog));
  assert_rows (dialog, "");
  g_assert_true (app_is_shown (app_find_text (dialog, "No chats yet")));
  app_key (dialog, "Return");
  g_assert_null (app_find_window (FLINT_TYPE_CHAT_WINDOW));
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  chat_test_add ("/app/recent-chats/enter-switches-back-and-forth", test_back_and_forth);
  chat_test_add ("/app/recent-chats/arrows-choose", test_arrows);
  chat_test_add ("/app/recent-chats/typing-narrows", test_narrowed);
  chat_test_add ("/app/recent-chats/escape-changes-nothing", test_left_alone);
  chat_test_add ("/app/recent-chats/a-closed-chat-comes-back-as-it-was", test_closed);
  chat_test_add ("/app/recent-chats/what-is-unread-is-there-too", test_unread);
  chat_test_add ("/app/recent-chats/a-chat-of-an-account-that-is-gone-is-not-there", test_gone);

  return chat_test_run ();
}
