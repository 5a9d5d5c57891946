/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "chat-fixture.h"

#include "flint-chat-page.h"
#include "flint-chat-window.h"
#include "flint-composer.h"
#include "flint-join-room-dialog.h"
#include "flint-message-row.h"
#include "flint-occupant-row.h"
#include "flint-occupants-panel.h"
#include "flint-room-row.h"

#include <string.h>

#define MUC_USER "http://jabber.org/protocol/muc#user"
#define OCCUPANT(nick, role, affiliation) \
  "<presence from='room@muc.test/" nick "'><x xmlns='" MUC_USER "'><item role='" role "' affiliation='" affiliation "'/></x></presence>"
#define PEOPLE OCCUPANT ("Bob", "moderator", "owner") OCCUPANT ("Ann", "participant", "none") OCCUPANT ("Anton", "visitor", "none")
#define SAYS(nick, body) "<message from='room@muc.test/" nick "' type='groupchat'><body>" body "</body></message>"
#define STANZA_ERRORS "urn:ietf:params:xml:ns:xmpp-stanzas"

static GtkWidget *
open_room (ChatFixture *self)
{
  return chat_show (self, flint_room_get_conversation (test_account_join (self->me, PEOPLE)));
}

static GtkWidget *
get_text (GtkWidget *page)
{
  return app_find (app_find (page, "composer"), "text");
}

static char *
get_written (GtkWidget *page)
{
  char *text;

  g_object_get (gtk_text_view_get_buffer (GTK_TEXT_VIEW (get_text (page))), "text", &text, NULL);

  return text;
}

static void
press_tab (GtkWidget *page)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (get_text (page));
  gboolean is_handled = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers) && !is_handled; i++)
    {
      g_autoptr(GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller) && gtk_event_controller_get_propagation_phase (controller) == GTK_PHASE_CAPTURE)
        g_signal_emit_by_name (controller, "key-pressed", GDK_KEY_Tab, 0, 0, &is_handled);
    }
}

static void
assert_written (GtkWidget  *page,
                const char *expected)
{
  g_autofree char *text = get_written (page);

  g_assert_cmpstr (text, ==, expected);
}

static GtkWidget *
find_occupant (GtkWidget  *widget,
               const char *nick)
{
  GtkWidget *found = NULL;

  if (FLINT_IS_OCCUPANT_ROW (widget))
    {
      FlintOccupant *occupant = flint_occupant_row_get_occupant (FLINT_OCCUPANT_ROW (widget));

      return occupant != NULL && g_str_equal (flint_occupant_get_nick (occupant), nick) ? widget : NULL;
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_occupant (child, nick);

  return found;
}

static void
test_completion (ChatFixture   *self,
                 gconstpointer  data)
{
  GtkWidget *page = open_room (self);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (get_text (page)));
  GtkTextIter start;

  app_type (get_text (page), "an");
  press_tab (page);
  assert_written (page, "Ann: ");
  press_tab (page);
  assert_written (page, "Anton: ");
  press_tab (page);
  assert_written (page, "Ann: ");

  /* in the second line, too */
  gtk_text_buffer_set_text (buffer, "hello\nbo", -1);
  press_tab (page);
  assert_written (page, "hello\nBob ");

  /* what stands between there and a click is not replaced */
  gtk_text_buffer_set_text (buffer, "keep bo", -1);
  press_tab (page);
  gtk_text_buffer_get_start_iter (buffer, &start);
  gtk_text_buffer_place_cursor (buffer, &start);
  press_tab (page);
  assert_written (page, "keep Bob ");
}

static void
test_occupants (ChatFixture   *self,
                gconstpointer  data)
{
  GtkWidget *page = open_room (self);
  GtkWidget *row;
  g_autofree char *owner = NULL;
  g_autofree char *visitor = NULL;

  g_assert_nonnull (app_find_text (page, "4 people"));
  row = find_occupant (page, "Bob");
  owner = chat_get_name (gtk_widget_get_parent (row));
  g_assert_cmpstr (owner, ==, "Bob, Online, Owner");
  g_assert_cmpstr (gtk_widget_get_tooltip_text (app_find (row, "role_icon")), ==, "Owner");
  visitor = chat_get_name (gtk_widget_get_parent (find_occupant (page, "Anton")));
  g_assert_cmpstr (visitor, ==, "Anton, Online, Visitor: may read, not write");
  g_assert_false (gtk_widget_get_visible (app_find (find_occupant (page, "Ann"), "role_icon")));

  test_account_send (self->me, "<presence from='room@muc.test/Bob' type='unavailable'><x xmlns='" MUC_USER "'><item role='none' affiliation='owner'/></x></presence>");
  app_settle (gtk_widget_get_root (page));
  g_assert_null (find_occupant (page, "Bob"));
  g_assert_nonnull (app_find_text (page, "3 people"));
}

static void
test_private (ChatFixture   *self,
              gconstpointer  data)
{
  GtkWidget *page = open_room (self);
  FlintConversation *private;

  app_activate_item (app_find (gtk_widget_get_ancestor (find_occupant (page, "Bob"), FLINT_TYPE_OCCUPANTS_PANEL), "list"), 0);
  app_settle (gtk_widget_get_root (page));
  private = test_account_find (self->me, "room@muc.test/Bob");
  g_assert_nonnull (private);
  g_assert_cmpint (flint_conversation_get_kind (private), ==, FLINT_CONVERSATION_PRIVATE);
  page = chat_page_of (private);
  app_type (get_text (page), "between us");
  app_click (app_find (page, "send_button"));
  fake_server_expect_contains (self->me->server, "to='room@muc.test/Bob'");

  /* whoever is called Bob among the contacts is somebody else (T032) */
  g_assert_true (private != test_account_find (self->me, BOB));
}

static void
test_mention (ChatFixture   *self,
              gconstpointer  data)
{
  GtkWidget *page = open_room (self);
  GtkWidget *other = chat_open (self, BOB);
  AdwTabView *tabs = ADW_TAB_VIEW (gtk_widget_get_ancestor (other, ADW_TYPE_TAB_VIEW));
  AdwTabPage *tab = adw_tab_view_get_page (tabs, page);

  test_account_send (self->me, SAYS ("Ann", "hello all"));
  g_assert_cmpstr (adw_tab_page_get_title (tab), ==, "room (1)");
  g_assert_false (adw_tab_page_get_needs_attention (tab));

  test_account_send (self->me, SAYS ("Ann", "me: look"));
  g_assert_true (adw_tab_page_get_needs_attention (tab));
  adw_tab_view_set_selected_page (tabs, tab);
  app_settle (gtk_widget_get_root (page));
  g_assert_nonnull (app_find_class (page, "mention"));
  g_assert_false (adw_tab_page_get_needs_attention (tab));
}

static void
test_subject (ChatFixture   *self,
              gconstpointer  data)
{
  GtkWidget *page = open_room (self);

  test_account_send (self->me, "<message from='room@muc.test/Bob' type='groupchat'><subject>&lt;b&gt;Tea &amp; cake</subject></message>");
  app_settle (gtk_widget_get_root (page));
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (app_find (page, "subject_label"))), ==, "<b>Tea & cake");
}

static void
test_service (ChatFixture   *self,
              gconstpointer  data)
{
  GtkWidget *page = open_room (self);
  FlintMessage *last;

  test_account_send (self->me, "<message type='groupchat' from='room@muc.test'><body>Admin: send password</body></message>");
  app_settle (gtk_widget_get_root (page));
  last = test_conversation_last (flint_chat_page_get_conversation (FLINT_CHAT_PAGE (page)));
  g_assert_cmpint (flint_message_get_kind (last), ==, FLINT_MESSAGE_SYSTEM);
  g_assert_true (gtk_widget_has_css_class (gtk_widget_get_parent (app_find_text (page, "Admin: send password")), "system"));
}

static void
test_names (ChatFixture   *self,
            gconstpointer  data)
{
  GtkWidget *page = open_room (self);

  test_account_send (self->me, SAYS ("Ann", "hello"));
  app_settle (gtk_widget_get_root (page));
  chat_assert_named (gtk_widget_get_root (page));
}

static void
test_narrow (ChatFixture   *self,
             gconstpointer  data)
{
  GtkWidget *other = chat_open (self, BOB);
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (other));
  GtkWidget *page;

  gtk_window_set_default_size (window, 360, 640);
  fake_server_wait_until (gtk_widget_has_css_class (GTK_WIDGET (window), "narrow") || app_find_class (window, "narrow") != NULL);
  page = open_room (self);
  g_assert_false (flint_chat_page_get_show_side (FLINT_CHAT_PAGE (page)));
}

/* Joining */

static GtkWindow *
open_dialog (ChatFixture *self)
{
  GtkWindow *dialog = flint_application_join_room (self->application, self->me->account, NULL, NULL);

  app_settle (dialog);

  return dialog;
}

static void
refuse (ChatFixture *self,
        const char  *nick,
        const char  *type,
        const char  *condition)
{
  g_autofree char *to = g_strdup_printf ("to='room@muc.test/%s'", nick);
  g_autofree char *xml = g_strdup_printf ("<presence type='error' from='room@muc.test/%s'><x xmlns='http://jabber.org/protocol/muc'/>"
                                          "<error type='%s'><%s xmlns='" STANZA_ERRORS "'/></error></presence>", nick, type, condition);

  fake_server_expect_contains (self->me->server, to);
  test_account_send (self->me, xml);
}

static void
test_join_password (ChatFixture   *self,
                    gconstpointer  data)
{
  GtkWindow *dialog = open_dialog (self);

  g_assert_false (gtk_widget_get_visible (app_find (dialog, "password_row")));
  app_fill (app_find (dialog, "room_row"), "room@muc.test");
  app_fill (app_find (dialog, "nickname_row"), "me");
  app_click (app_find (dialog, "join_button"));
  refuse (self, "me", "auth", "not-authorized");
  g_assert_true (gtk_widget_get_visible (app_find (dialog, "password_row")));
  g_assert_true (gtk_widget_has_css_class (app_find (dialog, "password_row"), "error"));
  g_assert_true (app_is_shown (app_find (dialog, "error_label")));
  chat_assert_named (dialog);

  app_fill (app_find (dialog, "password_row"), "open sesame");
  app_click (app_find (dialog, "join_button"));
  fake_server_expect_contains (self->me->server, "<password>open sesame</password>");
  test_account_send (self->me, "<presence from='room@muc.test/me'><x xmlns='" MUC_USER "'><item role='participant' affiliation='none'/><status code='110'/></x></presence>");
  fake_server_wait_until (app_find_window (FLINT_TYPE_JOIN_ROOM_DIALOG) == NULL);
  g_assert_nonnull (chat_page_of (test_account_find (self->me, "room@muc.test")));
}

static void
test_join_nick (ChatFixture   *self,
                gconstpointer  data)
{
  GtkWindow *dialog = open_dialog (self);

  app_fill (app_find (dialog, "room_row"), "room@muc.test");
  app_fill (app_find (dialog, "nickname_row"), "Bob");
  app_click (app_find (dialog, "join_button"));
  refuse (self, "Bob", "cancel", "conflict");
  g_assert_true (gtk_widget_has_css_class (app_find (dialog, "nickname_row"), "error"));
  g_assert_false (gtk_widget_has_css_class (app_find (dialog, "room_row"), "error"));
  app_fill (app_find (dialog, "nickname_row"), "Bobby");
  g_assert_false (gtk_widget_has_css_class (app_find (dialog, "nickname_row"), "error"));
}

#define DISCO_INFO  "http://jabber.org/protocol/disco#info"
#define DISCO_ITEMS "http://jabber.org/protocol/disco#items"

/* How many rooms have been asked who is in them */
static guint
count_asked (ChatFixture *self)
{
  guint n = 0;

  for (guint i = 0; i < self->me->server->received->len; i++)
    n += strstr (g_ptr_array_index (self->me->server->received, i), "@muc.good.test") != NULL;

  return n;
}

/* Answers the question to one room */
static void
answer_people (ChatFixture *self,
               const char  *room,
               const char  *title,
               guint        n)
{
  g_autofree char *to = g_strdup_printf ("to='%s@muc.good.test'", room);
  g_autofree char *xml = g_strdup_printf ("<query xmlns='" DISCO_INFO "'><identity category='conference' type='text' name='%s'/>"
                                          "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/muc#roominfo</value></field>"
                                          "<field var='muc#roominfo_occupants'><value>%u</value></field></x></query>", title, n);

  fake_server_answer (self->me->server, to, xml);
}

static void
list_rooms (ChatFixture *self,
            guint        n)
{
  g_autoptr(GString) xml = g_string_new ("<query xmlns='" DISCO_ITEMS "'>");

  for (guint i = n; i > 0; i--)
    g_string_append_printf (xml, "<item jid='r%04u@muc.good.test' name='Room %04u (3)'/>", i, i);
  g_string_append (xml, "<item jid='muc.good.test' name='No room'/></query>");

  fake_server_answer (self->me->server, DISCO_ITEMS, "<query xmlns='" DISCO_ITEMS "'><item jid='muc.good.test'/></query>");
  fake_server_answer (self->me->server, "to='muc.good.test'", "<query xmlns='" DISCO_INFO "'><identity category='conference' type='text'/><feature var='http://jabber.org/protocol/muc'/></query>");
  fake_server_answer (self->me->server, DISCO_ITEMS, xml->str);
}

/* A service with hundreds of rooms is not asked hundreds of questions; what is seen is by name, and all can be found */
static void
test_public_rooms (ChatFixture   *self,
                   gconstpointer  data)
{
  GtkWindow *dialog = open_dialog (self);
  GtkWidget *list;
  GtkListBoxRow *first;
  g_autofree char *name = NULL;
  guint n_asked;

  list_rooms (self, 500);
  app_settle (dialog);
  list = app_find (dialog, "public_list");
  g_assert_true (app_is_shown (list));
  first = gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 0);
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (first)), ==, "Room 0001 (3)");
  g_assert_null (gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 200));
  fake_server_wait_until (count_asked (self) == 4);

  answer_people (self, "r0001", "First room", 12);
  app_settle (dialog);
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (first)), ==, "First room");
  g_assert_nonnull (app_find_text (GTK_WIDGET (first), "12"));
  name = chat_get_name (GTK_WIDGET (first));
  g_assert_cmpstr (name, ==, "First room, 12 people, r0001@muc.good.test");

  /* the others that there are to see, and none below them */
  for (guint i = 2; i <= 4; i++)
    {
      g_autofree char *room = g_strdup_printf ("r%04u", i);

      answer_people (self, room, room, i);
    }
  app_settle (dialog);
  n_asked = count_asked (self);
  g_assert_cmpuint (n_asked, <=, 6);
  chat_assert_named (dialog);
  if (g_getenv ("FLINT_TEST_PICTURES") != NULL)
    {
      g_autofree char *path = g_build_filename (g_getenv ("FLINT_TEST_PICTURES"), "join-public-rooms.png", NULL);

      g_assert_true (app_take_picture (dialog, path, NULL));
    }

  app_fill (app_find (dialog, "search_entry"), "ROOM 0487");
  fake_server_wait_until (gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 1) == NULL);
  first = gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 0);
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (first)), ==, "Room 0487 (3)");
  fake_server_wait_until (count_asked (self) == n_asked + 1);
  g_signal_emit_by_name (list, "row-activated", first);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (app_find (dialog, "room_row"))), ==, "r0487@muc.good.test");
  app_fill (app_find (dialog, "search_entry"), "nowhere");
  fake_server_wait_until (app_find_text (dialog, "No room has that in its name") != NULL);
  gtk_window_close (dialog);
  g_ptr_array_set_size (self->me->server->waiting, 0);
}

static guint
count_rooms (ChatFixture *self)
{
  return g_list_model_get_n_items (flint_core_get_rooms (self->core));
}

/* Refused and given up: it is not left in the list; also when the window is closed while the room has not answered */
static void
test_join_given_up (ChatFixture   *self,
                    gconstpointer  data)
{
  guint before = count_rooms (self);

  for (guint i = 0; i < 3; i++)
    {
      GtkWindow *dialog = open_dialog (self);

      app_fill (app_find (dialog, "room_row"), "room@muc.test");
      app_fill (app_find (dialog, "nickname_row"), "me");
      app_click (app_find (dialog, "join_button"));
      if (i < 2)
        refuse (self, "me", "auth", i == 0 ? "forbidden" : "registration-required");
      else
        fake_server_expect_contains (self->me->server, "to='room@muc.test/me'");
      if (i < 2)
        g_assert_true (app_is_shown (app_find (dialog, "error_label")));
      gtk_window_close (dialog);
      fake_server_wait_until (app_find_window (FLINT_TYPE_JOIN_ROOM_DIALOG) == NULL && count_rooms (self) == before);
    }
}

/* A kept room that cannot be joined stays, with why; what has to be typed is asked for, with why, too */
static void
test_join_kept (ChatFixture   *self,
                gconstpointer  data)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new ("room@muc.test", NULL);
  FlintRoom *room = flint_core_open_room (self->core, self->me->account, jid, "me");
  GtkWidget *window = GTK_WIDGET (flint_application_show_main (self->application));
  GtkWidget *view = app_find (window, "room_view");
  GtkWindow *dialog;
  GtkWidget *row;
  g_autofree char *name = NULL;

  g_object_set (room, "autojoin", TRUE, NULL);
  adw_view_stack_set_visible_child_name (ADW_VIEW_STACK (app_find (window, "view_stack")), "rooms");
  app_settle (window);
  row = app_find_type (view, FLINT_TYPE_ROOM_ROW);
  app_click (app_find (row, "join_button"));
  refuse (self, "me", "cancel", "conflict");
  fake_server_wait_until ((dialog = app_find_window (FLINT_TYPE_JOIN_ROOM_DIALOG)) != NULL);
  app_settle (dialog);
  g_assert_true (app_is_shown (app_find (dialog, "error_label")));
  g_assert_true (gtk_widget_has_css_class (app_find (dialog, "nickname_row"), "error"));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (app_find (dialog, "nickname_row"))), ==, "me");
  gtk_window_close (dialog);
  fake_server_wait_until (app_find_window (FLINT_TYPE_JOIN_ROOM_DIALOG) == NULL);
  g_assert_cmpuint (count_rooms (self), ==, 1);
  app_settle (window);
  row = app_find_type (view, FLINT_TYPE_ROOM_ROW);
  g_assert_nonnull (app_find_text (row, flint_room_get_error (room)->message));
  name = chat_get_name (gtk_widget_get_parent (row));
  g_assert_true (g_str_has_prefix (name, "room, not joined, "));
  g_assert_nonnull (strstr (name, flint_room_get_error (room)->message));
  flint_core_forget_room (self->core, room);
}

/* A screen reader says what the row shows: people, what is new, and the topic */
static void
test_row_name (ChatFixture   *self,
               gconstpointer  data)
{
  GtkWidget *window = GTK_WIDGET (flint_application_show_main (self->application));
  FlintRoom *room = test_account_join (self->me, PEOPLE);
  GtkWidget *row;
  g_autofree char *first = NULL;
  g_autofree char *later = NULL;

  adw_view_stack_set_visible_child_name (ADW_VIEW_STACK (app_find (window, "view_stack")), "rooms");
  app_settle (window);
  row = gtk_widget_get_parent (app_find_type (app_find (window, "room_view"), FLINT_TYPE_ROOM_ROW));
  first = chat_get_name (row);
  g_assert_cmpstr (first, ==, "room, 4 people, room@muc.test");
  test_account_send (self->me, "<message from='room@muc.test/Bob' type='groupchat'><subject>Lunch</subject></message>"
                               SAYS ("Ann", "hello") SAYS ("Bob", "me: come"));
  app_settle (window);
  later = chat_get_name (row);
  g_assert_cmpstr (later, ==, "room, 4 people, 2 unread messages, you are named in 1, Lunch");
  flint_core_forget_room (self->core, room);
}

static void
test_join_address (ChatFixture   *self,
                   gconstpointer  data)
{
  GtkWindow *dialog = open_dialog (self);

  app_fill (app_find (dialog, "room_row"), "a b@@c");
  app_fill (app_find (dialog, "nickname_row"), "me");
  app_click (app_find (dialog, "join_button"));
  g_assert_true (app_is_shown (app_find (dialog, "error_label")));
  g_assert_true (gtk_widget_has_css_class (app_find (dialog, "room_row"), "error"));
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  chat_test_add ("/app/rooms/tab-completes-names", test_completion);
  chat_test_add ("/app/rooms/occupants-have-their-roles", test_occupants);
  chat_test_add ("/app/rooms/T032-a-private-word-is-of-the-room", test_private);
  chat_test_add ("/app/rooms/who-names-me-gets-my-attention", test_mention);
  chat_test_add ("/app/rooms/T060-the-topic-is-plain-text", test_subject);
  chat_test_add ("/app/rooms/T030-the-room-itself-is-nobody", test_service);
  chat_test_add ("/app/rooms/everything-has-a-name", test_names);
  chat_test_add ("/app/rooms/a-narrow-window-shows-what-is-said", test_narrow);
  chat_test_add ("/app/rooms/a-password-is-asked-for-when-it-is-needed", test_join_password);
  chat_test_add ("/app/rooms/a-name-that-is-taken-is-marked", test_join_nick);
  chat_test_add ("/app/rooms/T068-public-ones-are-by-name-and-counted-while-they-are-seen", test_public_rooms);
  chat_test_add ("/app/rooms/one-that-was-refused-goes-when-it-is-given-up", test_join_given_up);
  chat_test_add ("/app/rooms/one-that-is-kept-says-why-and-asks-for-what-is-missing", test_join_kept);
  chat_test_add ("/app/rooms/a-row-speaks-all-that-it-shows", test_row_name);
  chat_test_add ("/app/rooms/an-address-that-is-none-is-marked", test_join_address);

  return chat_test_run ();
}
