/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "app-input.h"
#include "chat-fixture.h"

#include "flint-chat-page.h"
#include "flint-message-actions.h"
#include "flint-message-row.h"

#include <string.h>

#define BOB "bob@peer.test"

static FlintMessage *
get_message (GtkWidget *page,
             guint      position)
{
  return test_conversation_get (flint_chat_page_get_conversation (FLINT_CHAT_PAGE (page)), position);
}

static GtkWidget *
get_row (GtkWidget *page,
         guint      position)
{
  GtkWidget *row = chat_find_row (page, get_message (page, position));

  g_assert_nonnull (row);

  return row;
}

/* The message that the bar is for; NULL: there is no bar */
static FlintMessage *
get_offered (GtkWidget *page)
{
  FlintMessageActions *actions = FLINT_MESSAGE_ACTIONS (app_find (page, "actions"));

  if (!app_is_shown (actions))
    return NULL;

  return flint_message_row_get_message (flint_message_actions_get_row (actions));
}

static char *
get_copied (GtkWidget *page)
{
  GdkContentProvider *content = gdk_clipboard_get_content (gtk_widget_get_clipboard (page));
  g_auto(GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  if (content == NULL || !gdk_content_provider_get_value (content, &value, NULL))
    return NULL;

  return g_value_dup_string (&value);
}

static GtkWidget *
get_focus (gpointer widget)
{
  return gtk_root_get_focus (gtk_widget_get_root (widget));
}

static gboolean
writes (GtkWidget *page)
{
  return get_focus (page) == app_find (app_find (page, "composer"), "text");
}

static gboolean
is_strip_shown (GtkWidget *page)
{
  return gtk_revealer_get_reveal_child (GTK_REVEALER (app_find (page, "strip_revealer")));
}

static GtkWidget *
open_chat (ChatFixture *self)
{
  GtkWidget *page = chat_open (self, BOB);

  chat_receive (self, BOB "/x", "the first");
  chat_receive (self, BOB "/x", "the second");
  chat_receive (self, BOB "/x", "the third\nhas lines");
  app_settle (gtk_widget_get_root (page));

  return page;
}

static void
test_pointer (ChatFixture   *self,
              gconstpointer  data)
{
  GtkWidget *page = open_chat (self);
  g_autofree char *copied = NULL;
  graphene_rect_t bar;
  graphene_rect_t row;

  app_point_away ();
  g_assert_null (get_offered (page));
  app_point (get_row (page, 1), -1, -1);
  g_assert_true (get_offered (page) == get_message (page, 1));
  app_point (get_row (page, 2), -1, -1);
  g_assert_true (get_offered (page) == get_message (page, 2));

  /* beside its message, and what was said can be read */
  g_assert_true (gtk_widget_compute_bounds (app_find (page, "actions"), page, &bar));
  g_assert_true (gtk_widget_compute_bounds (get_row (page, 2), page, &row));
  g_assert_cmpfloat (bar.origin.y, <, row.origin.y + row.size.height);
  g_assert_cmpfloat (bar.origin.y + bar.size.height, >, row.origin.y);

  app_click_with (app_find (page, "copy_button"), 1);
  copied = get_copied (page);
  g_assert_cmpstr (copied, ==, "the third\nhas lines");
  /* the pointer is on it, and it stays */
  g_assert_true (get_offered (page) == get_message (page, 2));


  /* and goes on with the pointer; who writes goes on writing */
  g_assert_true (writes (page));
  app_point (get_row (page, 1), -1, -1);
  g_assert_true (get_offered (page) == get_message (page, 1));
  app_click_with (app_find (page, "info_button"), 1);
  app_key (gtk_widget_get_root (page), "Escape");
  g_assert_true (writes (page));
  app_point (get_row (page, 2), -1, -1);
  g_assert_true (get_offered (page) == get_message (page, 2));
  app_point (app_find (page, "composer"), -1, -1);
  g_assert_null (get_offered (page));
}

/* Where lines are as long as the window is wide, it stands above what is pointed at, and the pointer comes to it */
static void
test_narrow (ChatFixture   *self,
             gconstpointer  data)
{
  GtkWidget *page = open_chat (self);
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (page));
  GtkWidget *row;
  graphene_rect_t bar;
  graphene_rect_t body;
  graphene_rect_t box;

  gtk_window_set_default_size (window, 360, 640);
  chat_receive (self, BOB "/x", "words that are longer than the window is wide, so that they stand below the bar of actions");
  app_settle (window);
  row = get_row (page, 3);
  app_point (row, -1, -1);
  g_assert_true (get_offered (page) == get_message (page, 3));
  app_settle (window);

  g_assert_true (gtk_widget_compute_bounds (app_find (page, "actions"), page, &bar));
  g_assert_true (gtk_widget_compute_bounds (app_find (row, "body"), page, &body));
  g_assert_true (gtk_widget_compute_bounds (flint_message_row_get_box (FLINT_MESSAGE_ROW (row)), page, &box));
  g_assert_cmpfloat (body.origin.x + body.size.width, >, bar.origin.x);
  g_assert_cmpfloat (bar.origin.y + bar.size.height, <=, body.origin.y + 3);
  g_assert_cmpfloat (bar.origin.y + bar.size.height, >, box.origin.y);
}

static void
test_keys (ChatFixture   *self,
           gconstpointer  data)
{
  GtkWidget *page = open_chat (self);
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (page));
  g_autofree char *copied = NULL;

  app_point_away ();
  g_assert_true (writes (page));
  app_key (window, "<Shift>Tab");
  g_assert_true (get_offered (page) == get_message (page, 2));
  app_key (window, "Up");
  g_assert_true (get_offered (page) == get_message (page, 1));
  app_key (window, "c");
  copied = get_copied (page);
  g_assert_cmpstr (copied, ==, "the second");

  app_key (window, "Return");
  g_assert_true (get_focus (page) == app_find (page, "reply_button"));
  app_key (window, "Tab");
  g_assert_true (get_focus (page) == app_find (page, "copy_button"));
  app_key (window, "Escape");
  g_assert_true (gtk_widget_is_ancestor (get_row (page, 1), get_focus (page)));

  app_key (window, "End");
  g_assert_true (writes (page));
  app_key (window, "<Shift>Tab");
  app_key (window, "Up");
  app_key (window, "r");
  g_assert_true (writes (page));
  g_assert_true (is_strip_shown (page));
}

static void
test_reply (ChatFixture   *self,
            gconstpointer  data)
{
  GtkWidget *page = open_chat (self);
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (page));

  app_point (get_row (page, 2), -1, -1);
  app_click_with (app_find (page, "reply_button"), 1);
  g_assert_true (writes (page));
  g_assert_nonnull (app_find_text (page, "Reply to Bob"));
  g_assert_nonnull (app_find_text (app_find (page, "composer"), "the third"));
  app_type_keys (window, "so it has");
  app_key (window, "Return");
  fake_server_expect_contains (self->me->server, "<body>&gt; the third\n&gt; has lines\nso it has</body>");
  g_assert_false (is_strip_shown (page));

  app_type_keys (window, "yes");
  app_key (window, "Return");
  fake_server_expect_contains (self->me->server, "<body>yes</body>");
}

static void
test_choose (ChatFixture   *self,
             gconstpointer  data)
{
  GtkWidget *page = open_chat (self);
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (page));
  GtkWidget *composer = app_find (page, "composer");

  app_key (window, "<Control>Up");
  g_assert_nonnull (app_find_text (composer, "the third"));
  app_key (window, "<Control>Up");
  app_key (window, "<Control>Up");
  app_key (window, "<Control>Up");
  g_assert_nonnull (app_find_text (composer, "the first"));
  app_key (window, "<Control>Down");
  g_assert_nonnull (app_find_text (composer, "the second"));

  /* it stays with its chat, as a draft does */
  chat_open (self, "ann@peer.test");
  g_assert_false (is_strip_shown (GTK_WIDGET (chat_page_of (flint_chat_page_get_conversation (FLINT_CHAT_PAGE (chat_open (self, "ann@peer.test")))))));
  chat_close_all (self);
  page = chat_open (self, BOB);
  window = GTK_WIDGET (gtk_widget_get_root (page));
  g_assert_nonnull (app_find_text (app_find (page, "composer"), "the second"));

  app_key (window, "Escape");
  g_assert_false (is_strip_shown (page));
  app_key (window, "<Control>Up");
  app_key (window, "<Control>Down");
  g_assert_false (is_strip_shown (page));
}

/* A message is made to look like more than one, or like one of ours: none of it comes out of its quote */
static void
test_hostile (ChatFixture   *self,
              gconstpointer  data)
{
  GtkWidget *page = open_chat (self);
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (page));
  GString *many = g_string_new ("begin");
  g_autofree char *sent = NULL;
  g_auto(GStrv) lines = NULL;

  for (guint i = 0; i < 100; i++)
    g_string_append (many, "&#13;line\342\200\250end &lt;b&gt;\342\200\256x\n");
  chat_receive (self, BOB "/x", many->str);
  g_string_free (many, TRUE);
  app_settle (window);
  app_key (window, "<Control>Up");
  app_type_keys (window, "mine");
  app_key (window, "Return");
  sent = g_strdup (fake_server_expect_contains (self->me->server, "mine</body>"));
  g_assert_cmpint (g_strrstr (sent, "\n&gt; ") - sent, <, g_strrstr (sent, "\nmine</body>") - sent);
  g_assert_null (strstr (sent, "\342\200\256"));
  lines = g_strsplit (strstr (sent, "<body>"), "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), <=, 9);
}

static void
test_information (ChatFixture   *self,
                  gconstpointer  data)
{
  GtkWidget *page = open_chat (self);
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (page));
  GtkWidget *info;
  GtkPopover *popover;
  g_autofree char *spoken = NULL;

  app_point_away ();
  app_key (window, "<Shift>Tab");
  app_key (window, "Return");
  app_key (window, "Tab");
  app_key (window, "Tab");
  info = app_find (page, "info_button");
  g_assert_true (gtk_widget_is_ancestor (get_focus (page), info));
  app_key (window, "Return");
  popover = gtk_menu_button_get_popover (GTK_MENU_BUTTON (info));
  g_assert_true (app_is_shown (popover));
  g_assert_nonnull (app_find_text (popover, "Bob"));
  g_assert_nonnull (app_find_text (popover, BOB));
  g_assert_nonnull (app_find_text (popover, "x"));
  g_assert_nonnull (app_find_text (popover, "20"));   /* the year */
  g_assert_null (app_find_text (popover, "Delivery"));
  spoken = chat_get_name (app_find (popover, "info_grid"));
  g_assert_true (g_str_has_prefix (spoken, "From: Bob, Address: bob@peer.test, Device: x, Time: "));
  app_key (window, "Escape");
  app_settle (window);
  g_assert_false (app_is_shown (popover));

  /* of an own one: how far it is */
  gtk_widget_grab_focus (app_find (page, "composer"));
  app_type_keys (window, "mine");
  app_key (window, "Return");
  fake_server_expect_contains (self->me->server, "mine</body>");
  app_settle (window);
  app_key (window, "<Shift>Tab");
  g_assert_true (get_offered (page) == get_message (page, 3));
  app_key (window, "Return");
  app_click_with (info, 1);
  g_assert_nonnull (app_find_text (popover, "Sent"));
  app_key (window, "Escape");
}

static void
test_names (ChatFixture   *self,
            gconstpointer  data)
{
  GtkWidget *page = open_chat (self);

  app_point (get_row (page, 1), -1, -1);
  app_click_with (app_find (page, "reply_button"), 1);
  app_point (get_row (page, 1), -1, -1);
  g_assert_nonnull (get_offered (page));
  chat_assert_named (gtk_widget_get_root (page));
}

/* What is shown beside a row goes with it */
static void
test_gone (ChatFixture   *self,
           gconstpointer  data)
{
  GtkWidget *page = open_chat (self);
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (page));

  app_point (get_row (page, 1), -1, -1);
  g_assert_nonnull (get_offered (page));
  flint_timeline_remove (flint_conversation_get_timeline (flint_chat_page_get_conversation (FLINT_CHAT_PAGE (page))), get_message (page, 1));
  g_assert_true (get_offered (page) != get_message (page, 1) || get_offered (page) == NULL);
  app_settle (window);
  app_point (get_row (page, 1), -1, -1);
  chat_close_all (self);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  chat_test_add ("/app/chat-actions/they-stand-beside-the-message-under-the-pointer", test_pointer);
  chat_test_add ("/app/chat-actions/in-a-narrow-window-they-hide-nothing", test_narrow);
  chat_test_add ("/app/chat-actions/the-keyboard-reaches-all-of-them", test_keys);
  chat_test_add ("/app/chat-actions/a-reply-carries-what-it-answers", test_reply);
  chat_test_add ("/app/chat-actions/what-is-answered-is-chosen-by-keys", test_choose);
  chat_test_add ("/app/chat-actions/nothing-comes-out-of-its-quote", test_hostile);
  chat_test_add ("/app/chat-actions/information-says-who-when-and-how-far", test_information);
  chat_test_add ("/app/chat-actions/everything-has-a-name", test_names);
  chat_test_add ("/app/chat-actions/they-go-with-their-message", test_gone);

  return chat_test_run ();
}
