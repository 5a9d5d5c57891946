/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "tour.h"

#include "console-capture.h"
#include "flint-add-contact-dialog.h"
#include "flint-chat-page.h"
#include "flint-chat-window.h"
#include "flint-console-window.h"
#include "flint-headlines-window.h"
#include "flint-join-room-dialog.h"
#include "flint-letter-window.h"
#include "flint-login-window.h"
#include "flint-main-window.h"
#include "flint-message-row.h"
#include "flint-occupant-row.h"
#include "flint-preferences-window.h"
#include "flint-request-card.h"
#include "flint-status-popover.h"

#include <string.h>

#define BOB      "bob@flint.example"
#define QUENTIN  "quentin@flint.example"
#define NEWSROOM "news@flint.example"

/* What the steps look at */

static GListModel *
get_tree (Tour *tour)
{
  return G_LIST_MODEL (flint_core_get_tree (tour->core));
}

/* The position of a contact in the tree that is shown */
static guint
find_contact (Tour       *tour,
              const char *address)
{
  for (guint i = 0; i < g_list_model_get_n_items (get_tree (tour)); i++)
    {
      g_autoptr(FlintTreeRow) row = g_list_model_get_item (get_tree (tour), i);

      if (flint_tree_row_get_kind (row) == FLINT_TREE_CONTACT &&
          g_str_equal (xmpp_jid_get_bare_text (flint_contact_get_jid (flint_tree_row_get_contact (row))), address))
        return i;
    }

  return GTK_INVALID_LIST_POSITION;
}

static gboolean
has_group (Tour       *tour,
           const char *path)
{
  for (guint i = 0; i < g_list_model_get_n_items (get_tree (tour)); i++)
    {
      g_autoptr(FlintTreeRow) row = g_list_model_get_item (get_tree (tour), i);

      if (flint_tree_row_get_kind (row) == FLINT_TREE_GROUP && g_strcmp0 (flint_tree_row_get_group (row), path) == 0)
        return TRUE;
    }

  return FALSE;
}

typedef struct
{
  const char *text;
  gboolean    is_own;
  gboolean    is_other;     /* anybody else's will do */
} Wanted;

/* The page of the selected tab: only that one is mapped */
static GtkWidget *
find_page (gpointer root)
{
  GtkWidget *found = NULL;

  if (FLINT_IS_CHAT_PAGE (root))
    return gtk_widget_get_mapped (root) ? root : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_page (child);

  return found;
}

/* A row on screen whose message is by us or not, and contains a text */
static FlintMessage *
find_row (GtkWidget  *widget,
          const char *text,
          gboolean    is_own)
{
  if (FLINT_IS_MESSAGE_ROW (widget) && gtk_widget_get_mapped (widget))
    {
      FlintMessage *message = flint_message_row_get_message (FLINT_MESSAGE_ROW (widget));

      if (message != NULL && flint_message_get_kind (message) == FLINT_MESSAGE_TEXT &&
          flint_message_is_own (message) == is_own && strstr (flint_message_get_body (message), text) != NULL)
        return message;
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      FlintMessage *message = find_row (child, text, is_own);

      if (message != NULL)
        return message;
    }

  return NULL;
}

static gboolean
has_row (Tour       *tour,
         const char *text,
         gboolean    is_own)
{
  return find_row (GTK_WIDGET (tour->chat_window), text, is_own) != NULL;
}

static void
write_and_send (Tour       *tour,
                const char *text)
{
  GtkWidget *composer = app_find (find_page (tour->chat_window), "composer");

  app_type (app_find (composer, "text"), text);
  app_click (app_find (composer, "send_button"));
}

/* Contacts */

static gboolean
main_is_shown (gpointer data)
{
  Tour *tour = data;

  return (tour->main_window = app_find_window (FLINT_TYPE_MAIN_WINDOW)) != NULL;
}

static gboolean
is_online (gpointer data)
{
  Tour *tour = data;

  tour->account = flint_application_get_default_account (tour->application);

  return tour->account != NULL && flint_account_is_online (tour->account);
}

static gboolean
tree_is_shown (gpointer data)
{
  Tour *tour = data;

  return has_group (tour, "Friends") && has_group (tour, "Work") && has_group (tour, "北京办公室") &&
         has_group (tour, "Design::Photo studio") && find_contact (tour, BOB) != GTK_INVALID_LIST_POSITION &&
         find_contact (tour, "lina@flint.example") != GTK_INVALID_LIST_POSITION &&
         app_find_text (tour->main_window, "Bob Berger") != NULL;
}

static gboolean
own_name_is_shown (gpointer data)
{
  return app_find_text (app_find (((Tour *) data)->main_window, "own_name_label"), "alice") != NULL;
}

static gboolean
see_contacts (Tour *tour)
{
  return tour_see (tour, main_is_shown, "The main window opens") &&
         tour_see (tour, is_online, "Alice is online: a real server on this machine, over TLS") &&
         tour_see (tour, tree_is_shown, "The list shows the contacts in their groups, nested ones too") &&
         tour_see (tour, own_name_is_shown, "The header says who one is");
}

static gboolean
bob_has_greeted (gpointer data)
{
  guint unread;

  g_object_get (((Tour *) data)->core, "unread-chats", &unread, NULL);

  return unread == 1 && g_str_has_prefix (gtk_window_get_title (((Tour *) data)->main_window), "(1)");
}

static gboolean
see_unread (Tour *tour)
{
  return tour_see (tour, bob_has_greeted, "A message came from Bob: the window's title counts it") &&
         tour_shoot (tour, tour->main_window, "contacts-unread");
}

/* A chat */

static gboolean
chat_is_open (gpointer data)
{
  Tour *tour = data;
  GtkWidget *page;

  tour->chat_window = app_find_window (FLINT_TYPE_CHAT_WINDOW);
  page = tour->chat_window != NULL ? find_page (tour->chat_window) : NULL;
  tour->conversation = page != NULL ? flint_chat_page_get_conversation (FLINT_CHAT_PAGE (page)) : NULL;

  return tour->conversation != NULL;
}

static gboolean
bob_is_open (gpointer data)
{
  return chat_is_open (data) && g_str_equal (xmpp_jid_get_text (flint_conversation_get_jid (((Tour *) data)->conversation)), BOB) &&
         has_row (data, "welcome to Flint", FALSE);
}

static gboolean
nothing_is_unread (gpointer data)
{
  guint unread;

  g_object_get (((Tour *) data)->core, "unread-chats", &unread, NULL);

  return unread == 0 && g_str_equal (gtk_window_get_title (((Tour *) data)->main_window), "Flint");
}

static gboolean
hello_has_arrived (gpointer data)
{
  FlintMessage *message = find_row (GTK_WIDGET (((Tour *) data)->chat_window), "hello", TRUE);

  return message != NULL && flint_message_get_state (message) == FLINT_MESSAGE_DELIVERED;
}

/* He types for a second: a machine that is busy may show it between two looks of ours */
static void
on_typing_label (GtkLabel   *label,
                 GParamSpec *pspec,
                 Tour       *tour)
{
  tour->was_typing_seen |= strstr (gtk_label_get_label (label), "Bob") != NULL;
}

static gboolean
bob_was_typing (gpointer data)
{
  return ((Tour *) data)->was_typing_seen;
}

static gboolean
bob_has_answered (gpointer data)
{
  return has_row (data, "Nice to see you here", FALSE);
}

static gboolean
chat_with_bob (Tour *tour)
{
  app_activate_item (app_find (app_find (tour->main_window, "contact_view"), "list"), find_contact (tour, BOB));

  if (!tour_see (tour, bob_is_open, "Bob's row, activated, opens the chat with what he wrote"))
    return FALSE;

  app_focus (tour->chat_window);
  if (!tour_see (tour, nothing_is_unread, "Looked at, it counts as read"))
    return FALSE;

  g_signal_connect (app_find (find_page (tour->chat_window), "typing_label"), "notify::label",
                    G_CALLBACK (on_typing_label), tour);
  write_and_send (tour, "hello");

  return tour_see (tour, bob_was_typing, "“hello” is sent. Bob is typing") &&
         tour_shoot (tour, tour->chat_window, "chat-typing") &&
         tour_see (tour, hello_has_arrived, "Bob's device says that the message has arrived") &&
         tour_see (tour, bob_has_answered, "Bob answers");
}

static gboolean
mei_has_answered (gpointer data)
{
  return has_row (data, "很高兴认识你", FALSE);
}

static gboolean
link_was_answered (gpointer data)
{
  return has_row (data, "Thank you for the link", FALSE);
}

static gboolean
write_more_to_bob (Tour *tour)
{
  write_and_send (tour, "你好");
  if (!tour_see (tour, mei_has_answered, "Chinese is answered in Chinese"))
    return FALSE;

  write_and_send (tour, "Have you seen https://flint.example/icons yet?\nThe second one is my favourite.");

  return tour_see (tour, link_was_answered, "A link is a link, and is answered too") &&
         tour_shoot (tour, tour->chat_window, "chat");
}

static gboolean
offline_are_listed (gpointer data)
{
  return find_contact (data, QUENTIN) != GTK_INVALID_LIST_POSITION && find_contact (data, "emma@flint.example") != GTK_INVALID_LIST_POSITION;
}

static gboolean
quentin_is_open (gpointer data)
{
  return chat_is_open (data) && g_str_equal (xmpp_jid_get_text (flint_conversation_get_jid (((Tour *) data)->conversation)), QUENTIN);
}

static gboolean
was_refused (gpointer data)
{
  FlintMessage *message = find_row (GTK_WIDGET (((Tour *) data)->chat_window), "Are you there", TRUE);

  return message != NULL && flint_message_get_state (message) == FLINT_MESSAGE_FAILED && flint_message_get_failure (message) != NULL;
}

static gboolean
write_to_quentin (Tour *tour)
{
  app_act (tour->main_window, "win.show-offline");
  if (!tour_see (tour, offline_are_listed, "“Show offline contacts” lists Emma and Quentin too"))
    return FALSE;

  app_activate_item (app_find (app_find (tour->main_window, "contact_view"), "list"), find_contact (tour, QUENTIN));
  if (!tour_see (tour, quentin_is_open, "Quentin's chat opens as a second tab"))
    return FALSE;

  write_and_send (tour, "Are you there?");

  return tour_see (tour, was_refused, "What Quentin refuses is marked as not delivered, with the reason") &&
         tour_shoot (tour, tour->chat_window, "chat-failed");
}

/* A room */

static gboolean
rooms_are_listed (gpointer data)
{
  GtkWindow *dialog = app_find_window (FLINT_TYPE_JOIN_ROOM_DIALOG);

  return dialog != NULL && app_find_text (app_find (dialog, "public_list"), "lounge@") != NULL;
}

static gboolean
room_is_open (gpointer data)
{
  Tour *tour = data;

  return chat_is_open (tour) && flint_conversation_get_kind (tour->conversation) == FLINT_CONVERSATION_ROOM &&
         flint_room_get_state (flint_conversation_get_room (tour->conversation)) == XMPP_ROOM_IN &&
         app_count_windows (FLINT_TYPE_JOIN_ROOM_DIALOG) == 0;
}

static gboolean
topic_is_shown (gpointer data)
{
  return app_find_text (app_find (find_page (((Tour *) data)->chat_window), "subject_label"), "Coffee") != NULL;
}

static gboolean
occupants_are_listed (gpointer data)
{
  Tour *tour = data;
  GListModel *occupants = flint_room_get_occupants (flint_conversation_get_room (tour->conversation));

  return g_list_model_get_n_items (occupants) >= 6 &&
         (tour->is_narrow || app_count_type (tour->chat_window, FLINT_TYPE_OCCUPANT_ROW) >= 6);
}

static gboolean
own_words_came_back (gpointer data)
{
  FlintMessage *message = find_row (GTK_WIDGET (((Tour *) data)->chat_window), "hello everyone", TRUE);

  return message != NULL && flint_message_get_state (message) != FLINT_MESSAGE_PENDING &&
         flint_message_get_state (message) != FLINT_MESSAGE_FAILED;
}

static gboolean
others_talk (gpointer data)
{
  return has_row (data, "cake", FALSE) && has_row (data, "Alice: Hello", FALSE);
}

static gboolean
join_the_lounge (Tour *tour)
{
  GtkWindow *dialog;

  g_action_group_activate_action (G_ACTION_GROUP (tour->application), "join-room", NULL);
  if (!tour_see (tour, rooms_are_listed, "“Join room” lists the server's public rooms"))
    return FALSE;

  dialog = app_find_window (FLINT_TYPE_JOIN_ROOM_DIALOG);
  app_fill (app_find (dialog, "room_row"), "lounge");
  app_fill (app_find (dialog, "nickname_row"), "Alice");
  if (!tour_shoot (tour, dialog, "join-room"))
    return FALSE;
  app_act (dialog, "dialog.join-room");

  if (!tour_see (tour, room_is_open, "The lounge opens") ||
      !tour_see (tour, topic_is_shown, "Its topic is shown") ||
      !tour_see (tour, occupants_are_listed, "Who is in it is listed"))
    return FALSE;

  write_and_send (tour, "hello everyone");

  return tour_see (tour, own_words_came_back, "What one says comes back from the room") &&
         tour_see (tour, others_talk, "The others talk, and answer") &&
         tour_shoot (tour, tour->chat_window, "room");
}

/* A headline */

static gboolean
banner_is_shown (gpointer data)
{
  return app_find_text (app_find (((Tour *) data)->main_window, "headline_revealer"), "·") != NULL;
}

static gboolean
headline_is_read (gpointer data)
{
  GtkWindow *window = app_find_window (FLINT_TYPE_HEADLINES_WINDOW);

  return window != NULL && app_find_text (app_find (window, "stack"), "http") != NULL;
}

static gboolean
no_chat_was_opened (gpointer data)
{
  GListModel *conversations = flint_core_get_conversations (((Tour *) data)->core);

  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr(FlintConversation) conversation = g_list_model_get_item (conversations, i);

      if (g_str_equal (xmpp_jid_get_bare_text (flint_conversation_get_jid (conversation)), NEWSROOM) ||
          xmpp_jid_get_local (flint_conversation_get_jid (conversation)) == NULL)
        return FALSE;
    }

  return TRUE;
}

static gboolean
two_headlines_are_listed (gpointer data)
{
  return g_list_model_get_n_items (flint_core_get_headlines (((Tour *) data)->core)) >= 2;
}

static gboolean
read_headlines (Tour *tour)
{
  g_autoptr(FlintHeadline) first = NULL;

  if (!tour_see (tour, banner_is_shown, "A headline has come: a banner says so") ||
      !tour_see (tour, two_headlines_are_listed, "Another one is from the server itself") ||
      !tour_see (tour, no_chat_was_opened, "Neither opened a chat") ||
      !tour_shoot (tour, tour->main_window, "headline-banner"))
    return FALSE;

  /* the older one is the newsroom's, with a link */
  app_act (tour->main_window, "win.read-headline");
  first = g_list_model_get_item (flint_core_get_headlines (tour->core),
                                 g_list_model_get_n_items (flint_core_get_headlines (tour->core)) - 1);
  flint_application_show_headlines (tour->application, first);

  return tour_see (tour, headline_is_read, "The headlines window shows its text and its link") &&
         tour_shoot (tour, app_find_window (FLINT_TYPE_HEADLINES_WINDOW), "headlines");
}

/* A message with a subject */

static gboolean
letter_card_is_shown (gpointer data)
{
  return app_find_text (app_find (((Tour *) data)->main_window, "requests_box"), "lunch") != NULL;
}

static gboolean
letter_is_shown (gpointer data)
{
  GtkWindow *window = app_find_window (FLINT_TYPE_LETTER_WINDOW);

  return window != NULL && app_find_text (app_find (window, "body"), "table for eight") != NULL &&
         app_find_text (app_find (window, "subject_label"), "lunch") != NULL;
}

static gboolean
letter_was_answered (gpointer data)
{
  g_autoptr(FlintLetter) answer = g_list_model_get_item (flint_core_get_letters (((Tour *) data)->core), 0);

  return answer != NULL && flint_letter_is_own (answer) && g_str_has_prefix (flint_letter_get_subject (answer), "Re: ") &&
         strstr (flint_letter_get_body (answer), "I am coming") != NULL && app_count_windows (FLINT_TYPE_LETTER_WINDOW) == 0;
}

/* Requests have buttons inside their cards; the card of a letter is one itself. */
static GtkWidget *
find_letter_card (Tour *tour)
{
  GtkWidget *child = gtk_widget_get_first_child (app_find (tour->main_window, "requests_box"));

  while (child != NULL && !GTK_IS_BUTTON (child))
    child = gtk_widget_get_next_sibling (child);

  return child;
}

static gboolean
answer_the_letter (Tour *tour)
{
  GtkWindow *window;

  if (!tour_see (tour, letter_card_is_shown, "A message with a subject lies above the contacts"))
    return FALSE;

  app_click (find_letter_card (tour));
  if (!tour_see (tour, letter_is_shown, "A click opens it"))
    return FALSE;

  window = app_find_window (FLINT_TYPE_LETTER_WINDOW);
  if (!tour_shoot (tour, window, "message"))
    return FALSE;

  app_act (window, "mail.reply");
  app_type (app_find (window, "body_text"), "Hi Carla,\n\nI am coming, and I bring the cake.\n\nAlice");
  if (!tour_shoot (tour, window, "message-write"))
    return FALSE;
  app_act (window, "mail.send");

  return tour_see (tour, letter_was_answered, "It is answered, with its subject");
}

/* A request */

static gboolean
request_is_shown (gpointer data)
{
  GtkWidget *card = app_find_type (((Tour *) data)->main_window, FLINT_TYPE_REQUEST_CARD);

  return app_find_text (card, "accounting") != NULL;
}

static gboolean
subscription_is_asked (gpointer data)
{
  GtkWindow *dialog = app_find_window (ADW_TYPE_WINDOW);

  return app_find (dialog, "add_back_row") != NULL;
}

static gboolean
rosa_is_listed (gpointer data)
{
  return app_find_type (((Tour *) data)->main_window, FLINT_TYPE_REQUEST_CARD) == NULL &&
         find_contact (data, "rosa@flint.example") != GTK_INVALID_LIST_POSITION;
}

static gboolean
accept_rosa (Tour *tour)
{
  GtkWidget *card;
  GtkWindow *dialog;

  if (!tour_see (tour, request_is_shown, "Rosa asks to be a contact, with a greeting") ||
      !tour_shoot (tour, tour->main_window, "request"))
    return FALSE;

  card = app_find_type (tour->main_window, FLINT_TYPE_REQUEST_CARD);
  app_act (card, "request.accept");
  if (!tour_see (tour, subscription_is_asked, "“Accept” asks for a name and a group"))
    return FALSE;

  dialog = app_find_window (ADW_TYPE_WINDOW);
  if (!tour_shoot (tour, dialog, "subscription"))
    return FALSE;
  app_act (dialog, "request.accept");

  return tour_see (tour, rosa_is_listed, "Rosa is in the list") &&
         tour_shoot (tour, tour->main_window, "contacts");
}

/* The own status */

static gboolean
popover_is_open (gpointer data)
{
  return app_is_shown (app_find (app_find_type (((Tour *) data)->main_window, FLINT_TYPE_STATUS_POPOVER), "status_list"));
}

/* Whether this went over the wire, as the capture has it */
static gboolean
was_sent (Tour       *tour,
          const char *text)
{
  GListModel *entries = G_LIST_MODEL (flint_application_get_capture (tour->application));

  for (guint i = g_list_model_get_n_items (entries); i > 0; i--)
    {
      g_autoptr(ConsoleEntry) entry = g_list_model_get_item (entries, i - 1);
      g_autofree char *xml = NULL;

      if (console_entry_get_kind (entry) != CONSOLE_PRESENCE || console_entry_get_direction (entry) != XMPP_SENT)
        continue;

      xml = console_entry_get_xml (entry);
      if (strstr (xml, text) != NULL)
        return TRUE;
    }

  return FALSE;
}

static gboolean
away_was_sent (gpointer data)
{
  return was_sent (data, "<show>away</show>") && was_sent (data, "Lunch");
}

static gboolean
away_is_shown (gpointer data)
{
  return app_find_text (app_find (((Tour *) data)->main_window, "own_status_label"), "Lunch") != NULL;
}

static gboolean
go_away (Tour *tour)
{
  GtkWidget *popover;

  app_act (tour->main_window, "win.own-status");
  if (!tour_see (tour, popover_is_open, "The own status opens"))
    return FALSE;

  popover = app_find_type (tour->main_window, FLINT_TYPE_STATUS_POPOVER);
  app_fill (app_find (popover, "status_message_entry"), "Lunch");
  if (!tour_shoot (tour, popover, "status"))
    return FALSE;
  app_activate_row (app_find (popover, "status_list"), 2);

  return tour_see (tour, away_was_sent, "“Away”, with its message, has gone over the wire") &&
         tour_see (tour, away_is_shown, "The header says it");
}

/* The debug console */

static GtkSelectionModel *
get_entries (void)
{
  GtkWidget *list = app_find (app_find_window (FLINT_TYPE_CONSOLE_WINDOW), "list");

  return gtk_column_view_get_model (GTK_COLUMN_VIEW (app_find (list, "view")));
}

static gboolean
console_is_full (gpointer data)
{
  return app_find_window (FLINT_TYPE_CONSOLE_WINDOW) != NULL && g_list_model_get_n_items (G_LIST_MODEL (get_entries ())) > 50;
}

static gboolean
is_filtered (gpointer data)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (get_entries ()));

  return n > 0 && n < 20;
}

static gboolean
xml_is_shown (gpointer data)
{
  GtkWidget *view = app_find (app_find (app_find_window (FLINT_TYPE_CONSOLE_WINDOW), "xml"), "view");
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  g_autofree char *text = NULL;

  g_object_get (buffer, "text", &text, NULL);

  return strstr (text, "hello everyone") != NULL;
}

static gboolean
watch_the_wire (Tour *tour)
{
  GtkWindow *window;

  g_action_group_activate_action (G_ACTION_GROUP (tour->application), "console", NULL);
  if (!tour_see (tour, console_is_full, "The debug console shows what crossed the wire since the start"))
    return FALSE;

  window = app_find_window (FLINT_TYPE_CONSOLE_WINDOW);
  app_fill (app_find (window, "filter_entry"), "hello everyone");
  if (!tour_see (tour, is_filtered, "Filtered by what was said in the room, a few entries are left"))
    return FALSE;

  gtk_selection_model_select_item (get_entries (), 0, TRUE);
  if (!tour_see (tour, xml_is_shown, "One of them, selected, shows its XML") ||
      !tour_shoot (tour, window, "console-filter"))
    return FALSE;

  app_fill (app_find (window, "filter_entry"), "");

  return tour_see (tour, console_is_full, "Without a filter everything is there again") &&
         tour_shoot (tour, window, "console");
}

/* The other windows */

static gboolean
visit (Tour       *tour,
       const char *action,
       GType       type,
       const char *name)
{
  GtkWindow *window;
  guint n_before = app_count_windows (type);

  gtk_window_present (tour->main_window);
  g_action_group_activate_action (G_ACTION_GROUP (tour->application), action, NULL);
  window = app_find_window (type);
  if (app_count_windows (type) <= n_before)
    return tour_fail (tour, "“%s” opens no window", name);

  if (!tour_shoot (tour, window, name))
    return FALSE;
  gtk_window_destroy (window);

  return TRUE;
}

static gboolean
visit_preferences (Tour *tour)
{
  static const char * const pages[] = { "accounts", "appearance", "chats", "alerts", "privacy", "advanced" };
  GtkWindow *window;

  g_action_group_activate_action (G_ACTION_GROUP (tour->application), "preferences", NULL);
  window = app_find_window (FLINT_TYPE_PREFERENCES_WINDOW);
  if (window == NULL)
    return tour_fail (tour, "“Preferences” opens no window");

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autofree char *name = g_strconcat ("preferences-", pages[i], NULL);

      adw_preferences_window_set_visible_page_name (ADW_PREFERENCES_WINDOW (window), pages[i]);
      if (!tour_shoot (tour, window, name))
        return FALSE;
    }
  gtk_window_destroy (window);

  return TRUE;
}

static gboolean
others_were_visited (gpointer data)
{
  return TRUE;
}

static gboolean
visit_the_others (Tour *tour)
{
  return visit_preferences (tour) &&
         visit (tour, "shortcuts", GTK_TYPE_SHORTCUTS_WINDOW, "shortcuts") &&
         visit (tour, "add-contact", FLINT_TYPE_ADD_CONTACT_DIALOG, "add-contact") &&
         visit (tour, "about", ADW_TYPE_ABOUT_WINDOW, "about") &&
         visit (tour, "log-in", FLINT_TYPE_LOGIN_WINDOW, "login") &&
         tour_see (tour, others_were_visited, "Preferences, keyboard shortcuts, add contact, about and login open");
}

const TourStep tour_steps[] = {
  see_contacts,
  see_unread,
  chat_with_bob,
  write_more_to_bob,
  write_to_quentin,
  join_the_lounge,
  read_headlines,
  answer_the_letter,
  accept_rosa,
  go_away,
  watch_the_wire,
  visit_the_others,
  NULL
};
