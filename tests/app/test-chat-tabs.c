/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "app-input.h"
#include "chat-fixture.h"

#include "flint-chat-page.h"
#include "flint-chat-window.h"
#include "flint-main-window.h"
#include "flint-message-row.h"
#include "xmpp-ping.h"

#include <string.h>

#define ANN "ann@peer.test"
#define BOB "bob@peer.test"
#define EVE "eve@evil.test"

static AdwTabView *
get_tabs (gpointer window)
{
  return ADW_TAB_VIEW (app_find (window, "tab_view"));
}

static GtkWindow *
get_dialog (void)
{
  return app_find_window (ADW_TYPE_MESSAGE_DIALOG);
}

static void
write_draft (GtkWidget  *page,
             const char *text)
{
  app_type (app_find (app_find (page, "composer"), "text"), text);
}

static char *
get_draft (GtkWidget *page)
{
  char *text;

  g_object_get (gtk_text_view_get_buffer (GTK_TEXT_VIEW (app_find (app_find (page, "composer"), "text"))), "text", &text, NULL);

  return text;
}

/* As a person does: the button with this word */
static void
answer (const char *word)
{
  GtkWindow *dialog = get_dialog ();

  g_assert_nonnull (dialog);
  g_assert_true (app_focus (dialog));
  app_settle (dialog);
  app_click_with (app_find_button (GTK_WIDGET (dialog), word), 1);
  fake_server_wait_until (get_dialog () == NULL);
}

static gboolean
is_open (const char *title)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr(GtkWindow) window = g_list_model_get_item (windows, i);
      FlintChatPage *page = FLINT_IS_CHAT_WINDOW (window) ? flint_chat_window_get_page (FLINT_CHAT_WINDOW (window)) : NULL;

      if (page != NULL && g_str_equal (flint_conversation_get_title (flint_chat_page_get_conversation (page)), title))
        return TRUE;
    }

  return FALSE;
}

static guint
count_chat_windows (void)
{
  return app_count_windows (FLINT_TYPE_CHAT_WINDOW);
}

static void
test_asked (ChatFixture   *self,
            gconstpointer  data)
{
  GtkWidget *bob = chat_open (self, BOB);
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (bob));

  chat_open (self, ANN);
  chat_open (self, EVE);
  chat_receive (self, BOB "/x", "one");
  chat_receive (self, BOB "/x", "two");
  chat_receive (self, ANN "/x", "three");
  write_draft (bob, "half a");

  app_key (window, "<Control><Shift>w");
  g_assert_nonnull (get_dialog ());
  g_assert_cmpuint (app_count_windows (ADW_TYPE_MESSAGE_DIALOG), ==, 1);
  g_assert_nonnull (app_find_text (get_dialog (), "Close 3 chats?"));
  g_assert_nonnull (app_find_text (get_dialog (), "2 chats have messages that you have not read."));
  g_assert_nonnull (app_find_text (get_dialog (), "1 has a draft, which is kept as long as Flint runs."));
  answer ("Cancel");
  g_assert_cmpint (adw_tab_view_get_n_pages (get_tabs (window)), ==, 3);

  gtk_window_close (GTK_WINDOW (window));
  answer ("Close");
  g_assert_cmpuint (count_chat_windows (), ==, 0);
}

static void
test_enter_keeps (ChatFixture   *self,
                  gconstpointer  data)
{
  GtkWidget *bob = chat_open (self, BOB);
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (bob));

  chat_open (self, ANN);
  chat_receive (self, BOB "/x", "one");
  gtk_window_close (GTK_WINDOW (window));
  g_assert_true (app_focus (get_dialog ()));
  app_key (get_dialog (), "Return");
  fake_server_wait_until (get_dialog () == NULL);
  g_assert_cmpint (adw_tab_view_get_n_pages (get_tabs (window)), ==, 2);
}

static void
test_not_asked (ChatFixture   *self,
                gconstpointer  data)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (chat_open (self, BOB)));

  /* several, all done with */
  chat_open (self, ANN);
  gtk_window_close (GTK_WINDOW (window));
  g_assert_null (get_dialog ());
  g_assert_cmpuint (count_chat_windows (), ==, 0);

  /* a single one is brought back by a key */
  window = GTK_WIDGET (gtk_widget_get_root (chat_open (self, BOB)));
  write_draft (chat_page_of (flint_chat_page_get_conversation (flint_chat_window_get_page (FLINT_CHAT_WINDOW (window)))), "half a");
  gtk_window_close (GTK_WINDOW (window));
  g_assert_null (get_dialog ());
  g_assert_cmpuint (count_chat_windows (), ==, 0);
}

/* Flint ends with its last window, and then a draft is gone */
static void
test_last (ChatFixture   *self,
           gconstpointer  data)
{
  GtkWidget *bob = chat_open (self, BOB);
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (bob));
  GtkWindow *main_window = app_find_window (FLINT_TYPE_MAIN_WINDOW);

  write_draft (bob, "half a");
  /* as if it were the last one */
  gtk_window_set_application (main_window, NULL);
  app_key (window, "<Control>w");
  g_assert_nonnull (app_find_text (get_dialog (), "Flint ends with it, and the draft is lost."));
  answer ("Cancel");
  g_assert_true (is_open ("Bob"));
  gtk_window_set_application (main_window, GTK_APPLICATION (self->application));
  app_key (window, "<Control>w");
  g_assert_null (get_dialog ());
  g_assert_cmpuint (count_chat_windows (), ==, 0);
}

static void
test_others (ChatFixture   *self,
             gconstpointer  data)
{
  GtkWidget *bob = chat_open (self, BOB);
  GtkWidget *ann = chat_open (self, ANN);
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (bob));

  chat_open (self, EVE);
  write_draft (bob, "for bob");
  write_draft (ann, "for ann");
  app_act (bob, "tab.close-others");
  g_assert_nonnull (app_find_text (get_dialog (), "Close 2 chats?"));
  answer ("Cancel");
  g_assert_cmpint (adw_tab_view_get_n_pages (get_tabs (window)), ==, 3);
  app_act (bob, "tab.close-others");
  answer ("Close");
  g_assert_cmpint (adw_tab_view_get_n_pages (get_tabs (window)), ==, 1);
  /* the one that was meant to stay was the selected one: Eve's */
  g_assert_true (is_open (EVE));
}

static void
test_reopened (ChatFixture   *self,
               gconstpointer  data)
{
  GtkWidget *bob = chat_open (self, BOB);
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (bob));
  g_autofree char *draft = NULL;

  chat_open (self, ANN);
  bob = chat_open (self, BOB);
  write_draft (bob, "half a");
  flint_chat_page_set_show_side (FLINT_CHAT_PAGE (bob), TRUE);
  app_key (window, "<Control>w");
  g_assert_false (is_open ("Bob"));
  app_key (window, "<Control><Shift>t");
  g_assert_true (is_open ("Bob"));
  g_assert_cmpuint (count_chat_windows (), ==, 1);
  bob = GTK_WIDGET (flint_chat_window_get_page (FLINT_CHAT_WINDOW (window)));
  draft = get_draft (bob);
  g_assert_cmpstr (draft, ==, "half a");
  g_assert_true (flint_chat_page_get_show_side (FLINT_CHAT_PAGE (bob)));

  /* there is no other */
  app_key (window, "<Control><Shift>t");
  g_assert_cmpint (adw_tab_view_get_n_pages (get_tabs (window)), ==, 2);
}

/* One after the other, from a window that is left */
static void
test_window_reopened (ChatFixture   *self,
                      gconstpointer  data)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (chat_open (self, BOB)));
  GtkWindow *main_window = app_find_window (FLINT_TYPE_MAIN_WINDOW);

  chat_open (self, ANN);
  chat_open (self, EVE);
  gtk_window_close (GTK_WINDOW (window));
  g_assert_cmpuint (count_chat_windows (), ==, 0);

  app_act (main_window, "app.reopen-chat");
  g_assert_true (is_open (EVE));
  /* opened by itself meanwhile, it is not opened again */
  window = GTK_WIDGET (gtk_widget_get_root (chat_open (self, ANN)));
  app_key (window, "<Control><Shift>t");
  g_assert_true (is_open ("Bob"));
  g_assert_cmpint (adw_tab_view_get_n_pages (get_tabs (window)), ==, 3);
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

static gboolean
is_in_sight (GtkWidget    *widget,
             FlintMessage *message)
{
  if (FLINT_IS_MESSAGE_ROW (widget))
    {
      GtkWidget *scroller = gtk_widget_get_ancestor (widget, GTK_TYPE_SCROLLED_WINDOW);
      graphene_rect_t bounds;

      return flint_message_row_get_message (FLINT_MESSAGE_ROW (widget)) == message && gtk_widget_get_mapped (widget) &&
             gtk_widget_compute_bounds (widget, scroller, &bounds) && bounds.origin.y >= 0 &&
             bounds.origin.y + bounds.size.height <= gtk_widget_get_height (scroller);
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      if (is_in_sight (child, message))
        return TRUE;
    }

  return FALSE;
}

static void
test_place (ChatFixture   *self,
            gconstpointer  data)
{
  GtkWidget *bob = chat_open (self, BOB);
  FlintConversation *conversation = flint_chat_page_get_conversation (FLINT_CHAT_PAGE (bob));
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (bob));
  GtkAdjustment *adjustment;
  g_autoptr(FlintMessage) place = NULL;
  g_autoptr(FlintMessage) again = NULL;

  fill (self, 100);
  chat_open (self, ANN);
  bob = chat_open (self, BOB);
  app_settle (window);
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (app_find (bob, "scroller")));
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment) / 2);
  app_settle (window);
  place = flint_chat_page_get_place (FLINT_CHAT_PAGE (bob));
  g_assert_nonnull (place);

  app_key (window, "<Control>w");
  app_key (window, "<Control><Shift>t");
  app_settle (window);
  bob = chat_page_of (conversation);
  again = flint_chat_page_get_place (FLINT_CHAT_PAGE (bob));
  g_assert_cmpstr (flint_message_get_body (again), ==, flint_message_get_body (place));
  g_assert_true (app_is_shown (app_find (bob, "jump_revealer")));

  /* what has come meanwhile is more to the point */
  app_key (window, "<Control>w");
  fill (self, 30);
  app_key (window, "<Control><Shift>t");
  app_settle (window);
  bob = chat_page_of (conversation);
  g_assert_false (is_in_sight (bob, place));
  g_assert_true (is_in_sight (bob, test_conversation_get (conversation, 100)));
}

static void
test_gone (ChatFixture   *self,
           gconstpointer  data)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (chat_open (self, BOB)));
  GtkWindow *main_window = app_find_window (FLINT_TYPE_MAIN_WINDOW);

  gtk_window_close (GTK_WINDOW (window));
  test_account_logout (self->me);
  flint_account_list_remove (flint_core_get_accounts (self->core), self->me->account);
  app_act (main_window, "app.reopen-chat");
  g_assert_cmpuint (count_chat_windows (), ==, 0);
}

/* The menu of a tab, as it is opened by the mouse; whether it offers to close what is quiet */
static gboolean
is_closing_offered (GtkWidget *page)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (page));
  GtkWidget *title = app_find_text (app_find_type (window, ADW_TYPE_TAB_BAR), flint_conversation_get_title (
                                      flint_chat_page_get_conversation (FLINT_CHAT_PAGE (page))));
  GtkWidget *item;
  gboolean is_offered;

  g_assert_true (app_focus (window));
  app_settle (window);
  app_click_with (title, 3);
  fake_server_wait_until ((item = app_find_text (window, "Close quiet chats")) != NULL && app_is_shown (item));
  is_offered = gtk_widget_is_sensitive (item);
  app_key (window, "Escape");
  app_settle (window);

  return is_offered;
}

static void
wait_minutes (ChatFixture *self,
              guint        minutes)
{
  /* the server says nothing meanwhile, and is not asked whether it is still there */
  g_object_set (xmpp_session_get_module (flint_account_get_session (self->me->account), XMPP_TYPE_PING), "interval", 86400, NULL);
  fake_clock_advance (self->me->server->clock, minutes * 60 * 1000);
}

static void
test_quiet (ChatFixture   *self,
            gconstpointer  data)
{
  GtkWidget *bob = chat_open (self, BOB);
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (bob));
  GtkWidget *page;

  chat_receive (self, BOB "/x", "one");
  chat_open (self, EVE);
  page = chat_open (self, ANN);
  wait_minutes (self, 14);
  g_assert_false (is_closing_offered (page));
  app_act (page, "tab.close-stale");
  g_assert_cmpint (adw_tab_view_get_n_pages (get_tabs (window)), ==, 3);

  wait_minutes (self, 1);
  g_assert_true (is_closing_offered (page));
  app_act (page, "tab.close-stale");
  app_settle (window);
  /* what one looks at stays, however quiet */
  g_assert_cmpint (adw_tab_view_get_n_pages (get_tabs (window)), ==, 1);
  g_assert_true (is_open (ANN));

  /* nothing is lost */
  g_assert_nonnull (app_find_text (window, "2 quiet chats were closed"));
  app_click_with (app_find_button (window, "Undo"), 1);
  app_settle (window);
  g_assert_cmpint (adw_tab_view_get_n_pages (get_tabs (window)), ==, 3);
  g_assert_true (is_open (ANN));
}

/* The account may go before one regrets it */
static void
test_undo_gone (ChatFixture   *self,
                gconstpointer  data)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (chat_open (self, BOB)));
  GtkWidget *page = chat_open (self, ANN);

  wait_minutes (self, 15);
  g_assert_true (is_closing_offered (page));
  app_act (page, "tab.close-stale");
  g_assert_nonnull (app_find_text (window, "1 quiet chat was closed"));
  test_account_logout (self->me);
  flint_account_list_remove (flint_core_get_accounts (self->core), self->me->account);
  app_act (page, "tab.undo-close");
  g_assert_false (is_open ("Bob"));
}

/* Something waits in each of them, or it is wanted */
static void
test_not_quiet (ChatFixture   *self,
                gconstpointer  data)
{
  FlintRoom *room = test_account_join (self->me, NULL);
  GtkWidget *bob = chat_open (self, BOB);
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (bob));
  GtkWidget *page;

  chat_show (self, flint_room_get_conversation (room));
  chat_open (self, "dave@peer.test");
  page = chat_open (self, "zoe@peer.test");
  adw_tab_view_set_page_pinned (get_tabs (window), adw_tab_view_get_page (get_tabs (window), page), TRUE);
  chat_open (self, EVE);
  page = chat_open (self, ANN);
  write_draft (bob, "half a");
  chat_receive (self, EVE "/x", "psst");
  test_account_send (self->me, "<message type='groupchat' from='room@muc.test/carl'><body>me: look</body></message>");
  g_assert_cmpuint (flint_conversation_get_mentions (flint_room_get_conversation (room)), ==, 1);

  wait_minutes (self, 60);
  test_account_send (self->me, "<message type='chat' from='dave@peer.test/x'>"
                               "<composing xmlns='http://jabber.org/protocol/chatstates'/></message>");
  g_assert_false (is_closing_offered (page));

  /* looked at a moment ago */
  wait_minutes (self, 60);
  g_assert_true (is_closing_offered (page));
  chat_open (self, "dave@peer.test");
  chat_open (self, ANN);
  g_assert_false (is_closing_offered (page));
}

/* Such as after a click beside everything */
static void
test_no_focus (ChatFixture   *self,
               gconstpointer  data)
{
  GtkWidget *bob = chat_open (self, BOB);
  GtkRoot *window = gtk_widget_get_root (bob);

  gtk_root_set_focus (window, NULL);
  app_key (window, "F9");
  g_assert_true (flint_chat_page_get_show_side (FLINT_CHAT_PAGE (bob)));
}

/* From whatever is open one gets to anybody */
static void
test_find (ChatFixture   *self,
           gconstpointer  data)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (chat_open (self, BOB)));
  GtkWindow *main_window = app_find_window (FLINT_TYPE_MAIN_WINDOW);

  app_key (window, "<Control>k");
  g_assert_true (app_is_shown (app_find (main_window, "search_entry")));
  g_assert_true (gtk_widget_is_ancestor (gtk_root_get_focus (GTK_ROOT (main_window)), app_find (main_window, "search_entry")));
  gtk_search_bar_set_search_mode (GTK_SEARCH_BAR (app_find (main_window, "search_bar")), FALSE);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  chat_test_add ("/app/chat-tabs/several-that-are-not-done-with-are-asked-about-once", test_asked);
  chat_test_add ("/app/chat-tabs/enter-closes-nothing", test_enter_keeps);
  chat_test_add ("/app/chat-tabs/what-is-done-with-is-not-asked-about", test_not_asked);
  chat_test_add ("/app/chat-tabs/a-draft-in-the-last-window-is-asked-about", test_last);
  chat_test_add ("/app/chat-tabs/closing-the-others-is-asked-about-too", test_others);
  chat_test_add ("/app/chat-tabs/a-closed-tab-comes-back-with-its-draft", test_reopened);
  chat_test_add ("/app/chat-tabs/a-closed-window-comes-back-tab-by-tab", test_window_reopened);
  chat_test_add ("/app/chat-tabs/a-closed-tab-comes-back-where-it-was", test_place);
  chat_test_add ("/app/chat-tabs/a-chat-of-an-account-that-is-gone-stays-closed", test_gone);
  chat_test_add ("/app/chat-tabs/quiet-chats-are-closed-at-once", test_quiet);
  chat_test_add ("/app/chat-tabs/closed-quiet-chats-of-an-account-that-is-gone-stay-closed", test_undo_gone);
  chat_test_add ("/app/chat-tabs/a-chat-in-which-something-waits-is-not-quiet", test_not_quiet);
  chat_test_add ("/app/chat-tabs/keys-need-no-focus", test_no_focus);
  chat_test_add ("/app/chat-tabs/anybody-is-found-from-a-chat", test_find);

  return chat_test_run ();
}
