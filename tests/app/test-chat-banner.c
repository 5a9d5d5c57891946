/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a page with a chat says above it: the connection, and why one is not in the room; and what is said in passing */
#include "flint-config.h"

#include "chat-fixture.h"

#include "flint-chat-page.h"
#include "flint-chat-window.h"
#include "flint-join-room-dialog.h"
#include "flint-main-window.h"

#include <string.h>

#define MUC_USER "http://jabber.org/protocol/muc#user"
#define STREAMS  "urn:ietf:params:xml:ns:xmpp-streams"
#define STANZAS  "urn:ietf:params:xml:ns:xmpp-stanzas"
#define ROLE(role) "<presence from='room@muc.test/Bob'><x xmlns='" MUC_USER "'><item role='" role "' affiliation='owner'/></x></presence>"
#define OUT(content) "<presence from='room@muc.test/me' type='unavailable'><x xmlns='" MUC_USER "'>" content "<status code='110'/></x></presence>"
#define LOST(seconds) "Connection lost. Trying again in " seconds " s."
#define KEPT " What you write is sent when the connection is back."

/* But for its shadow */
static gboolean
has_width (GtkWidget *window,
           int        width)
{
  return ABS (gtk_widget_get_width (window) - width) < 60;
}

/* Light and dark, as narrow as a telephone and wide, for who wants to see them */
static void
take_pictures (GtkWidget  *page,
               const char *name)
{
  static const int widths[] = { 360, 900 };
  const char *folder = g_getenv ("FLINT_TEST_PICTURES");
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (page));
  AdwStyleManager *style = adw_style_manager_get_default ();

  for (guint i = 0; folder != NULL && i < 2 * G_N_ELEMENTS (widths); i++)
    {
      gboolean is_dark = i % 2 == 1;
      g_autofree char *path = g_strdup_printf ("%s/%s-%d-%s.png", folder, name, widths[i / 2], is_dark ? "dark" : "light");

      gtk_window_set_default_size (window, widths[i / 2], 560);
      adw_style_manager_set_color_scheme (style, is_dark ? ADW_COLOR_SCHEME_FORCE_DARK : ADW_COLOR_SCHEME_DEFAULT);
      fake_server_wait_until (has_width (GTK_WIDGET (window), widths[i / 2]));
      app_settle (window);
      g_assert_true (app_take_picture (window, path, NULL));
    }

  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_DEFAULT);
}

static const char *
get_words (GtkWidget *page)
{
  return gtk_label_get_text (GTK_LABEL (app_find (page, "notice_label")));
}

static void
assert_words (GtkWidget  *page,
              const char *expected)
{
  app_settle (gtk_widget_get_root (page));
  g_assert_true (app_is_shown (app_find (page, "notice_label")));
  g_assert_cmpstr (get_words (page), ==, expected);
}

static gboolean
has_button (GtkWidget  *page,
            const char *id)
{
  return app_is_shown (app_find (page, id));
}

/* The server shows us the door: it is tried again after a minute */
static void
lose_connection (ChatFixture *self)
{
  test_account_send (self->me, "<message from='" BOB "/x' type='chat'><body>I will be late.</body></message>");
  fake_server_send (self->me->server, "<stream:error><policy-violation xmlns='" STREAMS "'/></stream:error>");
  fake_server_wait_until (flint_account_get_state (self->me->account) == FLINT_ACCOUNT_WAITING);
  fake_server_wait_until (self->me->server->waiting->len > 0 &&
                          g_str_equal (g_ptr_array_index (self->me->server->waiting, self->me->server->waiting->len - 1), "</stream:stream>"));
  g_ptr_array_set_size (self->me->server->waiting, 0);
}

static gboolean
was_received (ChatFixture *self,
              const char  *text)
{
  for (guint i = 0; i < self->me->server->received->len; i++)
    {
      if (strstr (g_ptr_array_index (self->me->server->received, i), text) != NULL)
        return TRUE;
    }

  return FALSE;
}

static void
count (guint *number)
{
  (*number)++;
}

/* The connection */

static void
test_countdown (ChatFixture   *self,
                gconstpointer  data)
{
  GtkWidget *main_window = GTK_WIDGET (flint_application_show_main (self->application));
  GtkWidget *page = chat_open (self, BOB);
  GtkWidget *main_label = app_find (main_window, "connection_label");

  g_assert_false (app_is_shown (app_find (page, "notice_label")));
  lose_connection (self);
  assert_words (page, LOST ("60") KEPT);
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (main_label)), ==, LOST ("60"));
  g_assert_true (gtk_widget_has_css_class (app_find (page, "notice_label"), "count-label"));
  take_pictures (page, "connection-lost");
  take_pictures (main_window, "connection-lost-main");

  fake_clock_advance (self->me->server->clock, 1000);
  assert_words (page, LOST ("59") KEPT);
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (main_label)), ==, LOST ("59"));
  fake_clock_advance (self->me->server->clock, 51 * 1000);
  assert_words (page, LOST ("8") KEPT);

  /* it is as it says */
  app_type (app_find (app_find (page, "composer"), "text"), "later");
  app_click (app_find (page, "send_button"));
  app_click (app_find (page, "reconnect_button"));
  g_assert_false (was_received (self, "<body>later</body>"));
  test_account_accept (self->me, TEST_ROSTER);
  g_assert_true (was_received (self, "<body>later</body>"));
  app_settle (gtk_widget_get_root (page));
  g_assert_false (app_is_shown (app_find (page, "notice_label")));
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (gtk_widget_get_root (page))), app_find (page, "composer")));
}

/* Not in a tab that is not selected, nor in a window that is hidden: then nothing wakes up at all */
static void
test_unseen (ChatFixture   *self,
             gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);
  AdwTabView *tabs = ADW_TAB_VIEW (gtk_widget_get_ancestor (page, ADW_TYPE_TAB_VIEW));
  FlintRoom *room = test_account_join (self->me, ROLE ("moderator"));
  GtkWidget *main_window = GTK_WIDGET (flint_application_show_main (self->application));
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (page));
  guint n_told = 0;

  chat_show (self, flint_room_get_conversation (room));
  lose_connection (self);
  app_settle (window);
  gtk_widget_hide (main_window);
  gtk_widget_hide (window);
  g_signal_connect_swapped (self->me->account, "notify::retry-in", G_CALLBACK (count), &n_told);
  for (guint i = 0; i < 10; i++)
    fake_clock_advance (self->me->server->clock, 1000);
  g_assert_cmpuint (n_told, ==, 0);

  gtk_widget_show (window);
  app_settle (window);
  adw_tab_view_set_selected_page (tabs, adw_tab_view_get_page (tabs, page));
  assert_words (page, LOST ("50") KEPT);
  n_told = 0;
  fake_clock_advance (self->me->server->clock, 2000);
  g_assert_cmpuint (n_told, ==, 2);
  assert_words (page, LOST ("48") KEPT);

  g_signal_handlers_disconnect_by_data (self->me->account, &n_told);
  gtk_widget_show (main_window);
  flint_core_forget_room (self->core, room);
}

/* A screen reader hears what happened, and not each second anew */
static void
test_reader (ChatFixture   *self,
             gconstpointer  data)
{
  GtkWidget *main_window = GTK_WIDGET (flint_application_show_main (self->application));
  GtkWidget *page = chat_open (self, BOB);
  GtkWidget *labels[] = { app_find (page, "notice_label"), app_find (main_window, "connection_label") };
  g_autofree char *first = NULL;
  g_autofree char *main_name = NULL;

  lose_connection (self);
  first = chat_get_name (app_find (page, "notice"));
  main_name = chat_get_name (app_find (main_window, "connection_banner"));
  g_assert_cmpstr (first, ==, "Not connected." KEPT);
  g_assert_cmpstr (main_name, ==, "Not connected. Flint tries again by itself.");

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *later = chat_get_name (app_find (page, "notice"));

      fake_clock_advance (self->me->server->clock, 1000);
      g_assert_cmpstr (later, ==, first);
    }

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    gtk_test_accessible_assert_state (GTK_ACCESSIBLE (labels[i]), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE);
  chat_assert_named (gtk_widget_get_root (page));
}

/* Nothing can be tried now; when there is one again, it is tried at once */
static void
test_no_network (ChatFixture   *self,
                 gconstpointer  data)
{
  GtkWidget *main_window = GTK_WIDGET (flint_application_show_main (self->application));
  GtkWidget *page = chat_open (self, BOB);

  lose_connection (self);
  app_settle (gtk_widget_get_root (page));
  g_assert_true (has_button (page, "reconnect_button"));
  fake_monitor_set_available (self->me->monitor, FALSE);
  assert_words (page, "No network." KEPT);
  g_assert_false (has_button (page, "reconnect_button"));
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (app_find (main_window, "connection_label"))), ==, "No network.");
  g_assert_false (app_is_shown (app_find (main_window, "connection_button")));
  take_pictures (page, "no-network");

  fake_clock_advance (self->me->server->clock, 2000);
  fake_monitor_set_available (self->me->monitor, TRUE);
  test_account_accept (self->me, TEST_ROSTER);
  app_settle (gtk_widget_get_root (page));
  g_assert_false (app_is_shown (app_find (page, "notice_label")));
  g_assert_false (app_is_shown (app_find (main_window, "connection_label")));
}

/* What is said in a room is not kept for later, so nobody is told so */
static void
test_lost_room (ChatFixture   *self,
                gconstpointer  data)
{
  FlintRoom *room = test_account_join (self->me, ROLE ("moderator"));
  GtkWidget *page = chat_show (self, flint_room_get_conversation (room));
  gboolean can_send;

  lose_connection (self);
  assert_words (page, LOST ("60"));
  g_assert_true (has_button (page, "reconnect_button"));
  g_assert_false (has_button (page, "rejoin_button"));
  g_object_get (flint_room_get_conversation (room), "can-send", &can_send, NULL);
  g_assert_false (can_send);
  flint_core_forget_room (self->core, room);
}

/* Whoever is blocked cannot be written to, whatever the connection does */
static void
test_blocked (ChatFixture   *self,
              gconstpointer  data)
{
  const char * const blocked[] = { EVE, NULL };
  GtkWidget *page;

  g_object_set (self->me->account, "blocked", blocked, NULL);
  page = chat_open (self, EVE);
  lose_connection (self);
  app_settle (gtk_widget_get_root (page));
  g_assert_nonnull (strstr (get_words (page), "You have blocked"));
  g_assert_false (has_button (page, "reconnect_button"));
}

/* Rooms that one is not in any more */

static GtkWidget *
open_room (ChatFixture *self)
{
  return chat_show (self, flint_room_get_conversation (test_account_join (self->me, ROLE ("moderator"))));
}

static void
close_room (ChatFixture *self,
            GtkWidget   *page)
{
  flint_core_forget_room (self->core, flint_conversation_get_room (flint_chat_page_get_conversation (FLINT_CHAT_PAGE (page))));
}

static void
refuse (ChatFixture *self,
        const char  *condition)
{
  g_autofree char *xml = g_strdup_printf ("<presence type='error' from='room@muc.test/me'><x xmlns='http://jabber.org/protocol/muc'/>"
                                          "<error type='auth'><%s xmlns='" STANZAS "'/></error></presence>", condition);

  fake_server_expect_contains (self->me->server, "to='room@muc.test/me'");
  test_account_send (self->me, xml);
}

static void
test_kicked (ChatFixture   *self,
             gconstpointer  data)
{
  GtkWidget *page = open_room (self);

  g_assert_false (app_is_shown (app_find (page, "notice_label")));
  test_account_send (self->me, OUT ("<item role='none'><actor nick='Bob'/><reason>Lunch is over</reason></item><status code='307'/>"));
  assert_words (page, "You were removed from the room by \342\201\250Bob\342\201\251. Reason: \342\201\250Lunch is over\342\201\251");
  g_assert_true (gtk_widget_has_css_class (app_find (page, "notice"), "error"));
  g_assert_true (has_button (page, "rejoin_button"));
  g_assert_false (has_button (page, "go_there_button"));
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (app_find (page, "rejoin_button"))), ==, "Try again");
  chat_assert_named (gtk_widget_get_root (page));
  take_pictures (page, "kicked");

  /* in vain, for the moment */
  app_click (app_find (page, "rejoin_button"));
  refuse (self, "forbidden");
  assert_words (page, "You are banned from this room");
  g_assert_true (has_button (page, "rejoin_button"));

  app_click (app_find (page, "rejoin_button"));
  fake_server_expect_contains (self->me->server, "to='room@muc.test/me'");
  app_settle (gtk_widget_get_root (page));
  g_assert_false (has_button (page, "rejoin_button"));
  g_assert_false (gtk_widget_has_css_class (app_find (page, "notice"), "error"));
  test_account_send (self->me, "<presence from='room@muc.test/me'><x xmlns='" MUC_USER "'><item role='participant'/><status code='110'/></x></presence>");
  app_settle (gtk_widget_get_root (page));
  g_assert_false (app_is_shown (app_find (page, "notice_label")));
  close_room (self, page);
}

static void
test_reasons (ChatFixture   *self,
              gconstpointer  data)
{
  static const struct {
    const char *xml;
    const char *words;
  } cases[] = {
    { OUT ("<item role='none' affiliation='outcast'><reason>Spam</reason></item><status code='301'/>"),
      "You were banned from the room. Reason: \342\201\250Spam\342\201\251" },
    { OUT ("<item role='none'><actor nick='Bob'/></item><status code='301'/>"), "You were banned from the room by \342\201\250Bob\342\201\251." },
    { OUT ("<item role='none'/><status code='322'/>"), "Only members may be in this room now." },
    { OUT ("<item role='none'><actor nick='Bob'/></item><status code='322'/>"),
      "\342\201\250Bob\342\201\251 has decided that only members may be in this room now." },
    { OUT ("<item role='none'/><status code='321'/>"), "You may not be in this room any more." },
    { OUT ("<item role='none'/><status code='332'/>"), "The room’s server is shutting down." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GtkWidget *page = open_room (self);

      test_account_send (self->me, cases[i].xml);
      assert_words (page, cases[i].words);
      g_assert_true (has_button (page, "rejoin_button"));
      close_room (self, page);
    }
}

/* Who went by himself is told no reason, and is not blamed */
static void
test_left (ChatFixture   *self,
           gconstpointer  data)
{
  GtkWidget *page = open_room (self);

  app_act (page, "chat.leave");
  test_account_send (self->me, OUT ("<item role='none'/>"));
  assert_words (page, "You are not in this room.");
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (app_find (page, "rejoin_button"))), ==, "Join");
  g_assert_false (gtk_widget_has_css_class (app_find (page, "notice"), "error"));
  close_room (self, page);
}

/* What is asked for can be typed */
static void
test_taken_nick (ChatFixture   *self,
                 gconstpointer  data)
{
  GtkWidget *page = open_room (self);
  GtkWindow *dialog;

  test_account_send (self->me, OUT ("<item role='none'/><status code='307'/>"));
  app_click (app_find (page, "rejoin_button"));
  refuse (self, "conflict");
  fake_server_wait_until ((dialog = app_find_window (FLINT_TYPE_JOIN_ROOM_DIALOG)) != NULL);
  app_settle (dialog);
  g_assert_true (gtk_widget_has_css_class (app_find (dialog, "nickname_row"), "error"));
  gtk_window_close (dialog);
  close_room (self, page);
}

static void
test_closed (ChatFixture   *self,
             gconstpointer  data)
{
  GtkWidget *page = open_room (self);
  FlintConversation *other;

  test_account_send (self->me, OUT ("<item role='none'/><destroy jid='garden@muc.test'><reason>We have moved</reason></destroy>"));
  assert_words (page, "The room was closed for good. Reason: \342\201\250We have moved\342\201\251\nIt goes on in \342\201\250garden@muc.test\342\201\251.");
  g_assert_true (has_button (page, "go_there_button"));
  g_assert_false (has_button (page, "rejoin_button"));
  chat_assert_named (gtk_widget_get_root (page));
  take_pictures (page, "closed");

  /* nothing was asked there before the person wanted to go */
  g_assert_false (was_received (self, "garden@muc.test"));
  app_click (app_find (page, "go_there_button"));
  fake_server_expect_contains (self->me->server, "to='garden@muc.test/me'");
  other = test_account_find (self->me, "garden@muc.test");
  g_assert_nonnull (other);
  g_assert_true (gtk_widget_get_mapped (chat_page_of (other)));
  close_room (self, chat_page_of (other));
  close_room (self, page);
}

/* Whoever closes it may say anything; it leads nowhere, and takes no more room than it should */
static void
test_closed_badly (ChatFixture   *self,
                   gconstpointer  data)
{
  static const char * const addresses[] = { "garden@muc.test/bait", "muc.test", "@@", "" };
  g_autofree char *long_text = g_strnfill (5000, 'x');
  GtkWidget *page;
  GtkWidget *window;
  g_autofree char *xml = g_strdup_printf (OUT ("<item role='none'/><destroy jid='a@muc.test'><reason>\342\200\256&lt;b&gt;%s</reason></destroy>"),
                                          long_text);

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autofree char *bad = g_strdup_printf (OUT ("<item role='none'/><destroy jid='%s'/>"), addresses[i]);

      page = open_room (self);
      test_account_send (self->me, bad);
      assert_words (page, "The room was closed for good.");
      g_assert_false (has_button (page, "go_there_button"));
      g_assert_false (has_button (page, "rejoin_button"));
      close_room (self, page);
    }

  page = open_room (self);
  window = GTK_WIDGET (gtk_widget_get_root (page));
  gtk_window_set_default_size (GTK_WINDOW (window), 360, 560);
  fake_server_wait_until (has_width (window, 360));
  test_account_send (self->me, xml);
  app_settle (window);
  g_assert_true (has_button (page, "go_there_button"));
  g_assert_null (strstr (get_words (page), "\342\200\256"));
  g_assert_nonnull (strstr (get_words (page), "<b>x"));
  g_assert_cmpint (g_utf8_strlen (get_words (page), -1), <, 500);
  g_assert_true (has_width (window, 360));
  g_assert_true (app_is_shown (app_find (page, "composer")));
  take_pictures (page, "closed-badly");
  close_room (self, page);
}

/* What is said in passing */

static GtkWidget *
find_toast (gpointer    window,
            const char *text)
{
  app_settle (window);

  return app_find_text (app_find_type (window, g_type_from_name ("AdwToastWidget")), text);
}

static void
test_toast_place (ChatFixture   *self,
                  gconstpointer  data)
{
  GtkWindow *main_window = flint_application_show_main (self->application);
  GtkWidget *page = chat_open (self, BOB);
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (page));

  flint_application_toast (self->application, "said <b>here</b> & now");
  g_assert_nonnull (find_toast (window, "said <b>here</b> & now"));
  g_assert_null (find_toast (main_window, "said"));
  take_pictures (page, "toast");

  g_assert_true (app_focus (main_window));
  flint_application_toast (self->application, "told there");
  g_assert_nonnull (find_toast (main_window, "told there"));
  g_assert_null (find_toast (window, "told"));
}

/* The dialog itself has no place for it, and may be gone by then */
static void
test_toast_dialog (ChatFixture   *self,
                   gconstpointer  data)
{
  GtkWindow *main_window = flint_application_show_main (self->application);
  GtkWidget *page = chat_open (self, BOB);
  GtkWindow *dialog = flint_application_join_room (self->application, self->me->account, NULL, NULL);

  g_assert_true (app_focus (dialog));
  g_assert_true (gtk_window_get_transient_for (dialog) == GTK_WINDOW (gtk_widget_get_root (page)));
  flint_application_toast (self->application, "said below a dialog");
  g_assert_nonnull (find_toast (gtk_widget_get_root (page), "said below a dialog"));
  g_assert_null (find_toast (main_window, "said below a dialog"));
  gtk_window_close (dialog);
}

/* The refusal of what one did in a chat is said in its window, and the field below it stays free */
static void
test_toast_refusal (ChatFixture   *self,
                    gconstpointer  data)
{
  GtkWidget *page = chat_open (self, EVE);
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (page));
  graphene_rect_t bounds;
  graphene_rect_t field;

  g_assert_true (flint_account_is_online (self->me->account));
  app_act (page, "chat.block");
  lose_connection (self);
  app_settle (window);
  fake_server_wait_until (app_find_type (window, g_type_from_name ("AdwToastWidget")) != NULL);
  app_settle (window);
  g_assert_true (gtk_widget_compute_bounds (app_find_type (window, g_type_from_name ("AdwToastWidget")), window, &bounds));
  g_assert_true (gtk_widget_compute_bounds (app_find (page, "composer"), window, &field));
  g_assert_cmpfloat (bounds.origin.y + bounds.size.height, <=, field.origin.y);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  chat_test_add ("/app/chat-banner/a-lost-connection-counts-down", test_countdown);
  chat_test_add ("/app/chat-banner/nothing-is-counted-that-nobody-sees", test_unseen);
  chat_test_add ("/app/chat-banner/a-screen-reader-is-not-told-each-second", test_reader);
  chat_test_add ("/app/chat-banner/without-a-network-nothing-can-be-tried", test_no_network);
  chat_test_add ("/app/chat-banner/a-room-does-not-promise-to-send-later", test_lost_room);
  chat_test_add ("/app/chat-banner/who-is-blocked-stays-so-without-a-connection", test_blocked);
  chat_test_add ("/app/chat-banner/who-was-removed-is-told-why-and-may-try-again", test_kicked);
  chat_test_add ("/app/chat-banner/each-reason-has-its-words", test_reasons);
  chat_test_add ("/app/chat-banner/who-left-by-himself-may-join", test_left);
  chat_test_add ("/app/chat-banner/a-nickname-that-is-taken-is-asked-for", test_taken_nick);
  chat_test_add ("/app/chat-banner/a-room-that-moved-leads-to-the-other", test_closed);
  chat_test_add ("/app/chat-banner/T060-a-room-that-was-closed-says-nothing-dangerous", test_closed_badly);
  chat_test_add ("/app/chat-toast/it-is-said-where-one-is", test_toast_place);
  chat_test_add ("/app/chat-toast/below-a-dialog-it-is-in-the-window", test_toast_dialog);
  chat_test_add ("/app/chat-toast/a-refusal-is-said-above-the-field", test_toast_refusal);

  return chat_test_run ();
}
