/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "chat-fixture.h"

#include "flint-chat-page.h"
#include "flint-chat-window.h"
#include "flint-composer.h"
#include "flint-link-label.h"
#include "flint-whole-text-window.h"
#include "flint-message-row.h"
#include "flint-message-view.h"

#include <string.h>
#include <time.h>

/* What is on the page */

static FlintConversation *
get_conversation (GtkWidget *page)
{
  return flint_chat_page_get_conversation (FLINT_CHAT_PAGE (page));
}

static GtkWidget *
get_list (GtkWidget *page)
{
  return app_find (page, "list");
}

static char *
get_written (GtkWidget *page)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (app_find (app_find (page, "composer"), "text")));
  char *text;

  g_object_get (buffer, "text", &text, NULL);

  return text;
}

static void
write_text (GtkWidget  *page,
            const char *text)
{
  app_type (app_find (app_find (page, "composer"), "text"), text);
}

/* A key, as the composer's controller hears it */
static gboolean
press (GtkWidget       *page,
       guint            keyval,
       GdkModifierType  modifiers)
{
  GtkWidget *text = app_find (app_find (page, "composer"), "text");
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (text);
  gboolean is_handled = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers) && !is_handled; i++)
    {
      g_autoptr(GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller) && gtk_event_controller_get_propagation_phase (controller) == GTK_PHASE_CAPTURE)
        g_signal_emit_by_name (controller, "key-pressed", keyval, 0, modifiers, &is_handled);
    }

  return is_handled;
}

static GtkWidget *
get_last_row (GtkWidget *page)
{
  GtkWidget *row;

  app_settle (gtk_widget_get_root (page));
  row = chat_find_row (page, test_conversation_last (get_conversation (page)));
  g_assert_nonnull (row);

  return row;
}

static const char *
get_body (GtkWidget *row)
{
  return flint_link_label_get_text (FLINT_LINK_LABEL (app_find (row, "body")));
}

static gboolean
is_at_end (gpointer page)
{
  return flint_message_view_is_at_end (FLINT_MESSAGE_VIEW (app_find (page, "messages")));
}

static void
fill (ChatFixture *self,
      guint        n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf ("line %u", i);

      fake_server_send (self->me->server, "<message type='chat' from='" BOB "/x'><body>");
      fake_server_send (self->me->server, text);
      fake_server_send (self->me->server, "</body></message>");
    }
  fake_server_ping (self->me->server);
}

/* Writing */

static void
test_enter (ChatFixture   *self,
            gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);
  g_autofree char *kept = NULL;
  g_autofree char *left = NULL;

  write_text (page, "one");
  g_assert_true (press (page, GDK_KEY_Return, GDK_SHIFT_MASK));
  write_text (page, "two");
  kept = get_written (page);
  g_assert_cmpstr (kept, ==, "one\ntwo");

  g_assert_true (press (page, GDK_KEY_Return, 0));
  fake_server_expect_contains (self->me->server, "<body>one\ntwo</body>");
  left = get_written (page);
  g_assert_cmpstr (left, ==, "");
  g_assert_cmpstr (get_body (get_last_row (page)), ==, "one\ntwo");
}

static void
test_newline_replaces (ChatFixture   *self,
                       gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (app_find (app_find (page, "composer"), "text")));
  GtkTextIter start;
  GtkTextIter end;
  g_autofree char *kept = NULL;

  write_text (page, "keep this");
  gtk_text_buffer_get_iter_at_offset (buffer, &start, 4);
  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_select_range (buffer, &start, &end);
  press (page, GDK_KEY_Return, GDK_SHIFT_MASK);
  kept = get_written (page);
  g_assert_cmpstr (kept, ==, "keep\n");
}

static void
test_blank (ChatFixture   *self,
            gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);

  write_text (page, " \n ");
  g_assert_false (gtk_widget_get_sensitive (app_find (page, "send_button")));
  press (page, GDK_KEY_Return, 0);
  fake_server_ping (self->me->server);
  g_assert_cmpuint (test_conversation_count (get_conversation (page)), ==, 0);
}

static void
test_drafts (ChatFixture   *self,
             gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);
  g_autofree char *bobs = NULL;
  g_autofree char *anns = NULL;

  write_text (page, "for bob");
  page = chat_open (self, "ann@peer.test");
  anns = get_written (page);
  g_assert_cmpstr (anns, ==, "");
  write_text (page, "for ann");

  chat_close_all (self);
  page = chat_open (self, BOB);
  bobs = get_written (page);
  g_assert_cmpstr (bobs, ==, "for bob");
}

static void
test_emoji (ChatFixture   *self,
            gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);
  GtkWidget *text = app_find (app_find (page, "composer"), "text");
  GtkWidget *chooser;
  g_autofree char *written = NULL;

  flint_composer_insert_emoji (FLINT_COMPOSER (app_find (page, "composer")));
  chooser = app_find_type (text, GTK_TYPE_EMOJI_CHOOSER);
  g_assert_nonnull (chooser);
  g_signal_emit_by_name (chooser, "emoji-picked", "🙂");
  gtk_popover_popdown (GTK_POPOVER (chooser));
  written = get_written (page);
  g_assert_cmpstr (written, ==, "🙂");
}

/* Reading */

static void
test_markup (ChatFixture   *self,
             gconstpointer  data)
{
  static const char * const bodies[] = {
    "<b>x</b>", "&", "<span font='99999'>x", "</span>", "<a href=\"https://evil.test\">good.test</a>", "&lt;b&gt;",
  };
  GtkWidget *page = chat_open (self, BOB);

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autofree char *xml = g_markup_escape_text (bodies[i], -1);
      GtkWidget *row;

      chat_receive (self, BOB "/x", xml);
      row = get_last_row (page);
      g_assert_cmpstr (get_body (row), ==, bodies[i]);
      g_assert_false (gtk_label_get_use_markup (flint_link_label_get_label (FLINT_LINK_LABEL (app_find (row, "body")))));
    }
}

static void
test_links (ChatFixture   *self,
            gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);

  chat_receive (self, BOB "/x", "see https://good.test/a and xmpp:room@muc.test?join");
  g_assert_cmpuint (flint_link_label_get_n_links (FLINT_LINK_LABEL (app_find (get_last_row (page), "body"))), ==, 2);
  chat_receive (self, BOB "/x", "file:///etc/passwd javascript:alert(1) data:text/html,x smb://evil.test/x");
  g_assert_cmpuint (flint_link_label_get_n_links (FLINT_LINK_LABEL (app_find (get_last_row (page), "body"))), ==, 0);
}

/* Opened only after the question, and "no" is the answer that Enter gives */
static void
test_http (ChatFixture   *self,
           gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);
  GtkWindow *dialog;

  chat_receive (self, BOB "/x", "no link");
  gtk_widget_activate_action (get_last_row (page), "message.open-link", NULL);
  g_assert_null (app_find_window (ADW_TYPE_MESSAGE_DIALOG));

  chat_receive (self, BOB "/x", "see http://plain.test/page");
  gtk_widget_activate_action (get_last_row (page), "message.open-link", NULL);
  dialog = app_find_window (ADW_TYPE_MESSAGE_DIALOG);
  g_assert_nonnull (dialog);
  g_assert_nonnull (app_find_text (dialog, "http://plain.test/page"));
  g_assert_cmpstr (adw_message_dialog_get_default_response (ADW_MESSAGE_DIALOG (dialog)), ==, "cancel");
  gtk_window_close (dialog);
  fake_server_wait_until (app_find_window (ADW_TYPE_MESSAGE_DIALOG) == NULL);
}

static void
test_me (ChatFixture   *self,
         gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);
  GtkWidget *row;

  chat_receive (self, BOB "/x", "/me waves");
  row = get_last_row (page);
  g_assert_cmpstr (get_body (row), ==, "Bob waves");
  g_assert_true (app_is_shown (app_find (row, "message_box")));

  chat_receive (self, BOB "/x", "/me \n*** encryption enabled");
  row = get_last_row (page);
  g_assert_true (g_str_has_prefix (get_body (row), "Bob "));
  g_assert_false (gtk_widget_get_visible (app_find (row, "system_line")));
}

/* Of this process, µs: what other programs do meanwhile does not count */
static gint64
get_cpu_time (void)
{
  return (gint64) clock () * G_USEC_PER_SEC / CLOCKS_PER_SEC;
}

static gint64
measure_stall (ChatFixture *self,
               GtkWidget   *page,
               const char  *body)
{
  gint64 worst = 0;
  gint64 turns = 0;
  gint64 start;
  guint before = test_conversation_count (get_conversation (page));
  GtkWidget *row = NULL;

  fake_server_send (self->me->server, "<message type='chat' from='" BOB "/x'><body>");
  fake_server_send (self->me->server, body);
  fake_server_send (self->me->server, "</body></message>");

  while (test_conversation_count (get_conversation (page)) == before || row == NULL || !gtk_widget_get_mapped (row))
    {
      start = get_cpu_time ();
      fake_server_turn (g_get_monotonic_time () + FAKE_SERVER_PATIENCE, "the message is shown", G_STRLOC);
      worst = MAX (worst, get_cpu_time () - start);
      if (test_conversation_count (get_conversation (page)) > before)
        row = chat_find_row (page, test_conversation_last (get_conversation (page)));
      g_assert_cmpint (++turns, <, 1000000);
    }

  /* and what it takes to draw it */
  start = get_cpu_time ();
  app_settle (gtk_widget_get_root (page));

  return MAX (worst, get_cpu_time () - start);
}

static char *
repeat (const char *text,
        guint       n)
{
  GString *string = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (string, text);

  return g_string_free (string, FALSE);
}

static void
test_long_words (ChatFixture   *self,
                 gconstpointer  data)
{
  static const char * const letters[] = { "x", "א", "\314\201", "👩‍👩‍👧" };
  GtkWidget *page = chat_open (self, BOB);

  for (guint i = 0; i < G_N_ELEMENTS (letters); i++)
    {
      g_autofree char *body = repeat (letters[i], 250000 / strlen (letters[i]));
      gint64 stall = measure_stall (self, page, body);

      g_test_message ("%s: %d ms", letters[i], (int) (stall / 1000));
      g_assert_cmpuint (strlen (get_body (get_last_row (page))), <=, 5000);
    }
}

static void
test_folded (ChatFixture   *self,
             gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);
  g_autofree char *body = repeat ("a word and another\n", 2000);
  GtkWidget *row;
  GtkWidget *more;
  GtkWindow *whole;
  GdkContentProvider *content;
  g_auto(GValue) value = G_VALUE_INIT;
  gsize length;

  chat_receive (self, BOB "/x", body);
  row = get_last_row (page);
  length = strlen (get_body (row));
  g_assert_cmpuint (length, <, 1000);
  more = app_find (row, "more_button");
  g_assert_true (app_is_shown (more));

  app_click (more);
  app_settle (gtk_widget_get_root (page));
  row = get_last_row (page);
  g_assert_cmpuint (strlen (get_body (row)), >, length);

  /* what is left after that opens in a window of its own: laid out in one label it would hold the main loop */
  g_assert_cmpuint (strlen (get_body (row)), <=, 9 * 1024);
  g_assert_null (app_find_window (FLINT_TYPE_WHOLE_TEXT_WINDOW));
  app_click (app_find (row, "more_button"));
  whole = app_find_window (FLINT_TYPE_WHOLE_TEXT_WINDOW);
  app_settle (whole);
  g_assert_cmpint (gtk_text_buffer_get_line_count (gtk_text_view_get_buffer (GTK_TEXT_VIEW (app_find (whole, "text_view")))), >, 20);
  app_act (whole, "text.copy-all");
  content = gdk_clipboard_get_content (gtk_widget_get_clipboard (GTK_WIDGET (whole)));
  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (gdk_content_provider_get_value (content, &value, NULL));
  g_assert_cmpuint (strlen (g_value_get_string (&value)), ==, strlen (body) - 1);
  gtk_window_close (whole);
}

static void
test_copied (ChatFixture   *self,
             gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);
  g_autofree char *body = repeat ("0123456789", 2000);
  GdkContentProvider *content;
  g_auto(GValue) value = G_VALUE_INIT;

  chat_receive (self, BOB "/x", body);
  app_act (get_last_row (page), "message.copy");
  content = gdk_clipboard_get_content (gtk_widget_get_clipboard (page));
  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (gdk_content_provider_get_value (content, &value, NULL));
  g_assert_cmpstr (g_value_get_string (&value), ==, body);
}

static void
test_days (ChatFixture   *self,
           gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);
  GtkWidget *row;

  test_account_send (self->me, "<message type='chat' from='" BOB "/x'><body>old</body>"
                               "<delay xmlns='urn:xmpp:delay' from='good.test' stamp='2019-03-04T10:20:30Z'/></message>");
  row = get_last_row (page);
  g_assert_true (app_is_shown (app_find (row, "day_line")));
  g_assert_nonnull (strstr (gtk_label_get_text (GTK_LABEL (app_find (row, "day_label"))), "2019"));
  chat_receive (self, BOB "/x", "new");
  row = get_last_row (page);
  g_assert_true (app_is_shown (app_find (row, "day_line")));
  chat_receive (self, BOB "/x", "newer");
  row = get_last_row (page);
  g_assert_false (app_is_shown (app_find (row, "day_line")));
}

static void
test_receipts (ChatFixture   *self,
               gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);
  GtkWidget *row;
  g_autofree char *id = NULL;
  g_autofree char *xml = NULL;
  g_autofree char *sent = NULL;
  g_autofree char *delivered = NULL;

  write_text (page, "hello");
  app_click (app_find (page, "send_button"));
  id = fake_xml_get (fake_server_expect_contains (self->me->server, "<body>hello</body>"), "id");
  row = get_last_row (page);
  sent = chat_get_name (app_find (row, "mark_icon"));
  g_assert_cmpstr (sent, ==, "Sent");

  /* somebody else's receipt counts for nothing (T046) */
  xml = g_strdup_printf ("<message from='" EVE "/x'><received xmlns='urn:xmpp:receipts' id='%s'/></message>", id);
  test_account_send (self->me, xml);
  g_assert_true (gtk_widget_has_css_class (app_find (row, "mark_icon"), "sent"));

  g_free (xml);
  xml = g_strdup_printf ("<message from='" BOB "/x'><received xmlns='urn:xmpp:receipts' id='%s'/></message>", id);
  test_account_send (self->me, xml);
  delivered = chat_get_name (app_find (row, "mark_icon"));
  g_assert_cmpstr (delivered, ==, "Delivered");
}

static void
test_failure (ChatFixture   *self,
              gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);
  GtkWidget *row;
  g_autofree char *id = NULL;
  g_autofree char *xml = NULL;

  write_text (page, "hello");
  app_click (app_find (page, "send_button"));
  id = fake_xml_get (fake_server_expect_contains (self->me->server, "<body>hello</body>"), "id");
  xml = g_strdup_printf ("<message type='error' from='" BOB "' id='%s'><error type='cancel'>"
                         "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>", id);
  test_account_send (self->me, xml);

  g_assert_cmpuint (test_conversation_count (get_conversation (page)), ==, 1);
  row = get_last_row (page);
  g_assert_nonnull (app_find_text (row, "Not delivered."));
  g_assert_null (app_find_text (row, "service-unavailable"));

  app_act (row, "message.retry");
  fake_server_expect_contains (self->me->server, "<body>hello</body>");
  g_assert_false (app_is_shown (app_find (row, "failure_box")));

  test_account_send (self->me, xml);
  app_act (get_last_row (page), "message.delete");
  g_assert_cmpuint (test_conversation_count (get_conversation (page)), ==, 0);
}

static void
test_typing_moves_nothing (ChatFixture   *self,
                           gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);
  GtkWidget *list;
  int height;

  chat_receive (self, BOB "/x", "hello");
  app_settle (gtk_widget_get_root (page));
  list = get_list (page);
  height = gtk_widget_get_height (app_find (page, "messages"));
  g_assert_cmpint (height, >, 100);
  test_account_send (self->me, "<message type='chat' from='" BOB "/x'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>");
  app_settle (gtk_widget_get_root (page));
  g_assert_nonnull (app_find_text (page, "is typing…"));
  g_assert_cmpint (gtk_widget_get_height (app_find (page, "messages")), ==, height);
  g_assert_true (get_list (page) == list);
}

/* Scrolling */

static void
scroll_up (GtkWidget *page)
{
  GtkWidget *list = get_list (page);
  g_autoptr(GListModel) controllers = NULL;
  gboolean is_handled;

  /* what the wheel does: the controller hears it first */
  controllers = gtk_widget_observe_controllers (app_find (page, "scroller"));
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr(GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_SCROLL (controller) && gtk_event_controller_get_propagation_phase (controller) == GTK_PHASE_CAPTURE)
        g_signal_emit_by_name (controller, "scroll", 0.0, -1.0, &is_handled);
    }
  gtk_widget_activate_action (list, "list.scroll-to-item", "u", 3);
  app_settle (gtk_widget_get_root (page));
}

/* As long as several windows, one after the other */
static void
test_tall (ChatFixture   *self,
           gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);

  for (guint i = 0; i < 8; i++)
    {
      g_autoptr(GString) text = g_string_new ("tall");

      for (guint j = 0; j < 38; j++)
        g_string_append_printf (text, "\nline %u of message %u", j, i);
      chat_receive (self, BOB "/x", text->str);
      app_settle (gtk_widget_get_root (page));
      g_assert_true (is_at_end (page));
    }
}

static void
test_stays (ChatFixture   *self,
            gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);
  GtkAdjustment *adjustment;
  GtkWidget *row;
  double value;

  fill (self, 60);
  app_settle (gtk_widget_get_root (page));
  g_assert_true (is_at_end (page));

  scroll_up (page);
  g_assert_false (is_at_end (page));
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (app_find (page, "scroller")));
  value = gtk_adjustment_get_value (adjustment);
  row = chat_find_row (page, test_conversation_get (get_conversation (page), 3));
  g_assert_true (app_is_shown (row));

  fill (self, 30);
  app_settle (gtk_widget_get_root (page));
  g_assert_false (is_at_end (page));
  g_assert_cmpfloat_with_epsilon (gtk_adjustment_get_value (adjustment), value, 1);
  g_assert_true (app_is_shown (app_find (page, "jump_revealer")));
  g_assert_nonnull (app_find_text (page, "30 new messages"));

  flint_message_view_scroll_to_end (FLINT_MESSAGE_VIEW (app_find (page, "messages")));
  app_settle (gtk_widget_get_root (page));
  g_assert_true (is_at_end (page));
  g_assert_null (app_find_text (page, "new messages"));
  g_assert_true (app_is_shown (get_last_row (page)));
}

static void
test_follows (ChatFixture   *self,
              gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);

  fill (self, 60);
  g_assert_true (app_is_shown (get_last_row (page)));
  fill (self, 30);
  g_assert_true (app_is_shown (get_last_row (page)));
  g_assert_true (is_at_end (page));

  scroll_up (page);
  write_text (page, "own words go to the end");
  app_click (app_find (page, "send_button"));
  g_assert_true (app_is_shown (get_last_row (page)));
}

/* Tabs and windows */

static AdwTabView *
get_tabs (GtkWidget *page)
{
  return ADW_TAB_VIEW (gtk_widget_get_ancestor (page, ADW_TYPE_TAB_VIEW));
}

static gboolean
has_one_window (gpointer data)
{
  return app_count_windows (FLINT_TYPE_CHAT_WINDOW) == 1;
}

static void
test_tear_off (ChatFixture   *self,
               gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);
  GtkWidget *ann = chat_open (self, "ann@peer.test");
  GtkRoot *first = gtk_widget_get_root (page);
  AdwTabView *tabs = get_tabs (page);
  g_autofree char *draft = NULL;
  g_autofree char *back = NULL;
  GtkWidget *row;

  page = chat_open (self, BOB);
  g_assert_cmpint (adw_tab_view_get_n_pages (tabs), ==, 2);
  fill (self, 60);
  app_settle (first);
  scroll_up (page);
  write_text (page, "half a");

  app_act (page, "tab.detach");
  g_assert_true (app_focus (gtk_widget_get_root (page)));
  app_settle (gtk_widget_get_root (page));
  g_assert_true (gtk_widget_get_root (page) != first);
  g_assert_true (gtk_widget_get_root (ann) == first);
  draft = get_written (page);
  g_assert_cmpstr (draft, ==, "half a");
  g_assert_false (is_at_end (page));
  row = chat_find_row (page, test_conversation_get (get_conversation (page), 4));
  g_assert_true (app_is_shown (row));

  /* dragged back: what a drop on the other window's tab bar does */
  adw_tab_view_transfer_page (get_tabs (page), adw_tab_view_get_page (get_tabs (page), page), tabs, 1);
  app_settle (first);
  g_assert_true (gtk_widget_get_root (page) == first);
  g_assert_cmpint (adw_tab_view_get_n_pages (tabs), ==, 2);
  g_assert_true (app_wait (has_one_window, NULL));
  back = get_written (page);
  g_assert_cmpstr (back, ==, "half a");
  g_assert_false (is_at_end (page));
}

static void
test_one_tab_stays (ChatFixture   *self,
                    gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);

  gtk_widget_activate_action (page, "tab.detach", NULL);
  g_assert_cmpuint (app_count_windows (FLINT_TYPE_CHAT_WINDOW), ==, 1);
  chat_open (self, "ann@peer.test");
  g_assert_true (gtk_widget_activate_action (page, "tab.detach", NULL));
  g_assert_cmpuint (app_count_windows (FLINT_TYPE_CHAT_WINDOW), ==, 2);
}

static void
test_unread (ChatFixture   *self,
             gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);
  GtkWidget *ann = chat_open (self, "ann@peer.test");
  AdwTabPage *tab = adw_tab_view_get_page (get_tabs (page), page);
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (ann));

  g_assert_cmpstr (gtk_window_get_title (window), ==, "ann@peer.test");
  chat_receive (self, BOB "/x", "one");
  chat_receive (self, BOB "/x", "two");
  g_assert_cmpstr (adw_tab_page_get_title (tab), ==, "Bob (2)");
  g_assert_true (adw_tab_page_get_needs_attention (tab));
  g_assert_cmpstr (gtk_window_get_title (window), ==, "(2) ann@peer.test");

  chat_receive (self, "ann@peer.test/x", "seen at once");
  g_assert_cmpstr (gtk_window_get_title (window), ==, "(2) ann@peer.test");

  app_act (ann, "tab.next-unread");
  app_settle (window);
  g_assert_cmpstr (gtk_window_get_title (window), ==, "Bob");
  g_assert_false (adw_tab_page_get_needs_attention (tab));
  g_assert_true (app_is_shown (app_find (chat_find_row (page, test_conversation_get (get_conversation (page), 0)), "unread_line")));
}

static void
test_connection (ChatFixture   *self,
                 gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);

  fake_server_reset (self->me->server);
  fake_server_wait_until (!flint_account_is_online (self->me->account));
  g_assert_true (app_is_shown (app_find (page, "notice_revealer")));
  g_assert_nonnull (app_find_text (page, "What you write is sent when the connection is back."));
  g_assert_true (app_is_shown (app_find (page, "reconnect_button")));
  write_text (page, "later");
  app_click (app_find (page, "send_button"));
  g_assert_true (gtk_widget_has_css_class (app_find (get_last_row (page), "mark_icon"), "pending"));

  app_click (app_find (page, "reconnect_button"));
  test_account_accept (self->me, TEST_ROSTER);
  g_assert_false (app_is_shown (app_find (page, "notice_revealer")));
  g_assert_true (gtk_widget_has_css_class (app_find (get_last_row (page), "mark_icon"), "sent"));
}

static void
test_stranger (ChatFixture   *self,
               gconstpointer  data)
{
  GtkWidget *page = chat_open (self, EVE);

  g_assert_nonnull (app_find_text (page, "is not in your contacts."));
  g_assert_true (app_is_shown (app_find (page, "block_button")));
  g_assert_true (app_is_shown (app_find (page, "add_button")));
  page = chat_open (self, BOB);
  g_assert_false (app_is_shown (app_find (page, "notice_revealer")));
}

static void
test_names (ChatFixture   *self,
            gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);
  g_autofree char *name = NULL;

  chat_receive (self, BOB "/x", "hello");
  write_text (page, "hello too");
  app_click (app_find (page, "send_button"));
  flint_chat_page_set_show_side (FLINT_CHAT_PAGE (page), TRUE);
  get_last_row (page);
  chat_assert_named (gtk_widget_get_root (page));

  name = chat_get_name (gtk_widget_get_parent (gtk_widget_get_parent (chat_find_row (page, test_conversation_get (get_conversation (page), 0)))));
  g_assert_true (g_str_has_prefix (name, "Bob: hello"));
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  chat_test_add ("/app/chat/enter-sends-and-shift-enter-begins-a-line", test_enter);
  chat_test_add ("/app/chat/a-new-line-replaces-what-is-selected", test_newline_replaces);
  chat_test_add ("/app/chat/nothing-but-spaces-is-not-sent", test_blank);
  chat_test_add ("/app/chat/drafts-stay-with-their-chat", test_drafts);
  chat_test_add ("/app/chat/an-emoji-is-picked", test_emoji);
  chat_test_add ("/app/chat/T060-text-is-never-markup", test_markup);
  chat_test_add ("/app/chat/T065-only-harmless-links-are-links", test_links);
  chat_test_add ("/app/chat/T065-a-page-without-encryption-is-asked-about", test_http);
  chat_test_add ("/app/chat/T071-me-is-still-said-by-somebody", test_me);
  chat_test_add ("/app/chat/T068-a-very-long-word-stalls-nothing", test_long_words);
  chat_test_add ("/app/chat/T069-a-long-message-is-folded", test_folded);
  chat_test_add ("/app/chat/T073-all-of-a-long-message-is-copied", test_copied);
  chat_test_add ("/app/chat/each-day-has-a-line", test_days);
  chat_test_add ("/app/chat/T046-marks-say-how-far-a-message-is", test_receipts);
  chat_test_add ("/app/chat/a-failure-stands-at-its-message", test_failure);
  chat_test_add ("/app/chat/typing-moves-nothing", test_typing_moves_nothing);
  chat_test_add ("/app/chat/who-has-scrolled-up-stays-there", test_stays);
  chat_test_add ("/app/chat/at-the-end-it-follows", test_follows);
  chat_test_add ("/app/chat/at-the-end-it-follows-tall-ones", test_tall);
  chat_test_add ("/app/chat/tabs-are-torn-off-and-merged", test_tear_off);
  chat_test_add ("/app/chat/a-single-tab-is-not-torn-off", test_one_tab_stays);
  chat_test_add ("/app/chat/what-is-unread-is-counted", test_unread);
  chat_test_add ("/app/chat/a-lost-connection-loses-nothing", test_connection);
  chat_test_add ("/app/chat/strangers-can-be-blocked-or-added", test_stranger);
  chat_test_add ("/app/chat/everything-has-a-name", test_names);

  return chat_test_run ();
}
