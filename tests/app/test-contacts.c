/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "main-test.h"

#include "app-input.h"
#include "flint-add-contact-dialog.h"
#include "flint-chat-window.h"
#include "flint-contact-card.h"
#include "flint-status-popover.h"
#include "flint-tree-list-row.h"

#include <string.h>

#define DORA "dora@peer.test"

#define NESTED_ROSTER                                                                                     \
  "<query xmlns='jabber:iq:roster'>"                                                                      \
    "<item jid='bob@peer.test' name='Bob' subscription='both'><group>Design</group></item>"               \
    "<item jid='dora@peer.test' name='Dora' subscription='both'><group>Design::Photo studio</group></item>" \
    "<item jid='emil@peer.test' name='Emil' subscription='both'><group>Work</group></item>"               \
    "<item jid='fay@peer.test' name='Fay' subscription='both'/>"                                          \
  "</query>"

#define ONLINE(who) "<presence from='" who "/phone'/>"

/* Sees, and does */

static GtkWidget *
get_row_of (MainTest   *test,
            const char *address)
{
  return main_test_get_row (test, main_test_find_contact (test, address));
}

static GtkWidget *
get_row_of_group (MainTest   *test,
                  const char *path)
{
  return main_test_get_row (test, main_test_find_group (test, path));
}

static gboolean
is_listed (MainTest   *test,
           const char *address)
{
  return main_test_find_contact (test, address) != GTK_INVALID_LIST_POSITION;
}

static gboolean
has_group (MainTest   *test,
           const char *path)
{
  return main_test_find_group (test, path) != GTK_INVALID_LIST_POSITION;
}

/* The row of somebody, in the list of a screen reader */
static gpointer
get_item_of (MainTest   *test,
             const char *address)
{
  return gtk_widget_get_parent (get_row_of (test, address));
}

static void
show_offline (MainTest *test)
{
  g_settings_set_boolean (flint_application_get_settings (test->application), "show-offline", TRUE);
  main_test_wait (is_listed (test, BOB));
  app_settle (main_test_main_window (test));
}

static void
login_nested (MainTest *test)
{
  test_account_login (test->me, NESTED_ROSTER);
  test_account_send (test->me, ONLINE (BOB) ONLINE (DORA));
  main_test_wait (is_listed (test, BOB) && is_listed (test, DORA));
  app_settle (main_test_main_window (test));
}

static GtkWidget *
get_dialog (void)
{
  GtkWindow *window = app_find_window (ADW_TYPE_MESSAGE_DIALOG);

  return window != NULL ? GTK_WIDGET (window) : GTK_WIDGET (app_find_window (ADW_TYPE_WINDOW));
}

static gboolean
has_dialog (void)
{
  return app_find_window (ADW_TYPE_MESSAGE_DIALOG) != NULL;
}

static void
expect_nothing (MainTest *test)
{
  fake_server_no_more (test->me->server);
}

/* The server takes the change, and says what became of it */
static void
take_change (MainTest   *test,
             const char *text,
             const char *item)
{
  g_autofree char *push = g_strdup_printf ("<iq type='set' id='push'><query xmlns='jabber:iq:roster'>%s</query></iq>", item);

  fake_server_answer (test->me->server, text, NULL);
  test_account_send (test->me, push);
  fake_server_settle (test->me->server);
}

/* Groups */

static void
test_nested (MainTest *test)
{
  login_nested (test);
  g_settings_set_boolean (flint_application_get_settings (test->application), "show-offline", TRUE);
  main_test_wait (is_listed (test, "emil@peer.test"));
  app_settle (main_test_main_window (test));

  g_assert_nonnull (app_find_text (get_row_of_group (test, "Design"), "2/2"));
  g_assert_nonnull (app_find_text (get_row_of_group (test, "Design::Photo studio"), "Photo studio"));
  g_assert_nonnull (app_find_text (get_row_of_group (test, "Design::Photo studio"), "1/1"));
  g_assert_nonnull (app_find_text (get_row_of_group (test, "Work"), "0/1"));
  main_test_assert_name (gtk_widget_get_parent (get_row_of_group (test, "Work")), "Work, 0 of 1 online");
  main_test_shoot (main_test_main_window (test), "contacts-nested");

  test_account_send (test->me, "<presence from='dora@peer.test/phone' type='unavailable'/>");
  main_test_wait (app_find_text (get_row_of_group (test, "Design"), "1/2") != NULL);
  main_test_assert_name (gtk_widget_get_parent (get_row_of_group (test, "Design")), "Design, 1 of 2 online");
}

static void
test_fold_keys (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);

  login_nested (test);
  main_test_select (test, main_test_find_contact (test, BOB));
  app_key (window, "Left");     /* to its group */
  app_key (window, "Left");
  main_test_wait (!is_listed (test, BOB) && !is_listed (test, DORA));
  g_assert_true (has_group (test, "Design"));
  g_assert_false (has_group (test, "Design::Photo studio"));
  app_key (window, "Right");
  main_test_wait (is_listed (test, BOB) && is_listed (test, DORA));
  app_key (window, "Return");
  main_test_wait (!is_listed (test, BOB));

  app_act (window, "win.expand-all");
  main_test_wait (is_listed (test, BOB));
  app_act (window, "win.collapse-all");
  main_test_wait (!is_listed (test, BOB) && has_group (test, "Design"));
}

static void
fold_design (MainTest *test)
{
  login_nested (test);
  main_test_select (test, main_test_find_group (test, "Design"));
  app_key (main_test_main_window (test), "Left");
  main_test_wait (!is_listed (test, BOB));
}

static void
see_design_folded (MainTest *test)
{
  test_account_login (test->me, NESTED_ROSTER);
  test_account_send (test->me, ONLINE (BOB) ONLINE ("fay@peer.test"));
  main_test_wait (is_listed (test, "fay@peer.test") && has_group (test, "Design"));
  g_assert_false (is_listed (test, BOB));
}

static void
test_fold_restart (void)
{
  main_test_reset ();
  main_test_run (MAIN_TEST_ONE, fold_design);
  main_test_run (MAIN_TEST_ONE, see_design_folded);
}

static void
test_empty_groups (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);

  login_nested (test);
  g_assert_false (has_group (test, "Work"));
  app_act (window, "win.show-empty-groups");
  main_test_wait (has_group (test, "Work"));
  app_act (window, "win.show-empty-groups");
  main_test_wait (!has_group (test, "Work"));
}

static void
test_offline_key (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);

  main_test_wait (!is_listed (test, BOB));
  g_assert_true (app_focus (window));
  app_key (window, "<Control>h");
  main_test_wait (is_listed (test, BOB));
  app_act (window, "win.group-offline");
  main_test_wait (has_group (test, NULL));
  app_act (window, "win.group-offline");
  app_key (window, "<Control>h");
  main_test_wait (!is_listed (test, BOB));
}

/* All are offline and nobody waits for anything: that is not an empty list */
static void
test_nobody (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);

  test_account_login (test->me, NESTED_ROSTER);
  main_test_wait (app_find_text (window, "Nobody is online") != NULL);
  main_test_shoot (window, "contacts-nobody");
  app_click (app_find (window, "show_offline_button"));
  main_test_wait (is_listed (test, BOB));
  app_settle (window);
  g_assert_null (app_find_text (window, "Nobody is online"));
}

/* Who somebody is, and how */

static void
test_words (MainTest *test)
{
  show_offline (test);
  test_account_send (test->me, "<presence from='bob@peer.test/phone'><show>away</show></presence>");
  main_test_wait (app_find_text (get_row_of (test, BOB), "Away") != NULL);
  g_assert_nonnull (app_find_class (get_row_of (test, BOB), "away"));

  test_account_send (test->me, "<presence from='bob@peer.test/phone'><show>dnd</show><status>Writing</status></presence>");
  main_test_wait (app_find_text (get_row_of (test, BOB), "Writing") != NULL);
  g_assert_nonnull (app_find_class (get_row_of (test, BOB), "dnd"));
}

/* What is said of a row is what it shows, also when it has not moved */
static void
test_row_name (MainTest *test)
{
  show_offline (test);
  main_test_assert_name (get_item_of (test, BOB), "Bob, Offline");

  test_account_send (test->me, "<presence from='bob@peer.test/phone'><show>away</show></presence>");
  main_test_wait (app_find_text (get_row_of (test, BOB), "Away") != NULL);
  main_test_assert_name (get_item_of (test, BOB), "Bob, Away");

  test_account_send (test->me, "<presence from='bob@peer.test/phone'><show>away</show><status>Lunch</status></presence>"
                               "<message from='bob@peer.test/phone' type='chat'><body>one</body></message>");
  main_test_wait (app_find_text (get_row_of (test, BOB), "Lunch") != NULL);
  main_test_assert_name (get_item_of (test, BOB), "Bob, Away, Lunch, 1 unread message");
}

/* A status cannot be markup, nor fill a line for ever */
static void
test_hostile_status (MainTest *test)
{
  show_offline (test);
  test_account_send (test->me, "<presence from='bob@peer.test/phone'><status>&lt;b&gt;bold&lt;/b&gt;&#10;&#10;second</status></presence>");
  main_test_wait (app_find_text (get_row_of (test, BOB), "<b>bold</b>") != NULL);
  g_assert_null (strchr (gtk_label_get_text (GTK_LABEL (app_find (get_row_of (test, BOB), "status_label"))), '\n'));
}

static void
test_card (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);
  GtkWidget *card;

  show_offline (test);
  test_account_send (test->me, "<presence from='bob@peer.test/phone'><show>away</show><status>Lunch</status><priority>1</priority></presence>"
                               "<presence from='bob@peer.test/desk'><priority>5</priority></presence>");
  main_test_wait (app_find_class (get_row_of (test, BOB), "available") != NULL);
  main_test_select (test, main_test_find_contact (test, BOB));
  app_key (window, "<Control>i");
  main_test_wait ((card = app_find_type (window, FLINT_TYPE_CONTACT_CARD)) != NULL && app_is_shown (card));
  g_assert_nonnull (app_find_text (card, "bob@peer.test"));
  g_assert_nonnull (app_find_text (card, "phone"));
  g_assert_nonnull (app_find_text (card, "Lunch"));
  g_assert_nonnull (app_find_text (card, "desk"));
  main_test_shoot (card, "card");

  /* it follows */
  test_account_send (test->me, "<presence from='bob@peer.test/phone' type='unavailable'/>");
  main_test_wait (app_find_text (card, "phone") == NULL);

  app_key (window, "Escape");
  main_test_wait (!app_is_shown (card));
  app_key (window, "<Control>i");
  main_test_wait (app_is_shown (card));
  app_key (window, "<Control>i");
  main_test_wait (!app_is_shown (card));
}

/* Searching */

static void
test_search (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);

  main_test_wait (is_listed (test, "carl@peer.test"));
  main_test_select (test, main_test_find_contact (test, "carl@peer.test"));
  app_type_keys (window, "bo");
  main_test_wait (is_listed (test, BOB) && !is_listed (test, "carl@peer.test"));
  app_settle (window);
  g_assert_nonnull (app_find_text (get_row_of (test, BOB), "Friends"));
  main_test_shoot (window, "contacts-search");
  app_key (window, "Escape");
  main_test_wait (is_listed (test, "carl@peer.test"));
}

/* Who types fast and presses Enter means whom they typed, not what was shown before */
static void
test_search_enter (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);

  main_test_wait (is_listed (test, "carl@peer.test"));
  g_assert_true (app_focus (window));
  app_type_keys (window, "bo");
  app_key (window, "Return");
  main_test_wait (app_find_window (FLINT_TYPE_CHAT_WINDOW) != NULL);
  g_assert_nonnull (test_account_find (test->me, BOB));
}

static void
test_search_address (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);
  GtkWidget *entry = app_find (window, "search_entry");

  app_act (window, "win.find");
  app_fill (entry, "nobody@");
  main_test_wait (app_find_text (window, "There is no server name") != NULL);
  g_assert_false (gtk_widget_get_sensitive (app_find (window, "no_match_chat_button")));

  app_fill (entry, "a<b@peer.test");
  main_test_wait (app_find_text (window, "cannot contain “<”") != NULL);

  app_fill (entry, "zed@peer.test");
  main_test_wait (gtk_widget_get_sensitive (app_find (window, "no_match_chat_button")));
  main_test_shoot (window, "contacts-no-match");
  app_click (app_find (window, "no_match_chat_button"));
  main_test_wait (app_find_window (FLINT_TYPE_CHAT_WINDOW) != NULL);
  g_assert_nonnull (test_account_find (test->me, "zed@peer.test"));
}

/* Changing */

static void
test_rename (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);

  show_offline (test);
  main_test_select (test, main_test_find_contact (test, BOB));
  app_key (window, "F2");
  main_test_wait (has_dialog ());
  g_assert_true (app_focus (get_dialog ()));
  main_test_shoot (get_dialog (), "rename");
  app_key (get_dialog (), "<Control>a");
  app_type_keys (get_dialog (), "robert");
  app_key (get_dialog (), "Return");
  main_test_wait (!has_dialog ());
  take_change (test, "name='robert'", "<item jid='bob@peer.test' name='robert' subscription='both'><group>Friends</group></item>");
  main_test_wait (app_find_text (get_row_of (test, BOB), "robert") != NULL);
}

/* Whoever was meant when the dialog opened is who gets the name, whatever moved since */
static void
test_rename_gone (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);

  test_account_send (test->me, ONLINE (BOB));
  main_test_wait (is_listed (test, BOB));
  main_test_select (test, main_test_find_contact (test, BOB));
  app_key (window, "F2");
  main_test_wait (has_dialog ());
  g_assert_true (app_focus (get_dialog ()));
  test_account_send (test->me, "<presence from='bob@peer.test/phone' type='unavailable'/>");
  gtk_selection_model_select_item (gtk_list_view_get_model (GTK_LIST_VIEW (main_test_list (test))),
                                   main_test_find_contact (test, "carl@peer.test"), TRUE);
  app_key (get_dialog (), "<Control>a");
  app_type_keys (get_dialog (), "robert");
  app_key (get_dialog (), "Return");
  g_assert_nonnull (strstr (fake_server_expect_contains (test->me->server, "name='robert'"), "jid='bob@peer.test'"));
}

static void
test_rename_group (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);

  show_offline (test);
  main_test_select (test, main_test_find_group (test, "Friends"));
  app_key (window, "F2");
  main_test_wait (has_dialog ());
  g_assert_true (app_focus (get_dialog ()));
  app_key (get_dialog (), "<Control>a");
  app_type_keys (get_dialog (), "pals");
  app_key (get_dialog (), "Return");
  take_change (test, "<group>pals</group>", "<item jid='bob@peer.test' name='Bob' subscription='both'><group>pals</group></item>");
  main_test_wait (has_group (test, "pals") && !has_group (test, "Friends"));
}

static void
test_remove (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);

  show_offline (test);
  main_test_select (test, main_test_find_contact (test, BOB));
  app_key (window, "Delete");
  main_test_wait (has_dialog ());
  g_assert_nonnull (app_find_text (get_dialog (), "Remove Bob?"));
  main_test_shoot (get_dialog (), "remove");
  g_assert_true (app_focus (get_dialog ()));
  app_key (get_dialog (), "Return");     /* the safe answer is the default one */
  main_test_wait (!has_dialog ());
  expect_nothing (test);

  g_assert_true (app_focus (window));
  app_key (window, "Delete");
  main_test_wait (has_dialog ());
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (get_dialog ()), "yes");
  gtk_window_close (GTK_WINDOW (get_dialog ()));
  take_change (test, "subscription='remove'", "<item jid='bob@peer.test' subscription='remove'/>");
  main_test_wait (!is_listed (test, BOB));
}

static void
test_remove_group (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);

  show_offline (test);
  main_test_select (test, main_test_find_group (test, "Friends"));
  app_key (window, "Delete");
  main_test_wait (has_dialog ());
  g_assert_nonnull (app_find_text (get_dialog (), "Friends"));
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (get_dialog ()), "yes");
  take_change (test, "jid='bob@peer.test'", "<item jid='bob@peer.test' name='Bob' subscription='both'/>");
  main_test_wait (!has_group (test, "Friends"));
  g_assert_true (is_listed (test, BOB));
}

static void
test_groups_dialog (MainTest *test)
{
  GtkWidget *dialog;

  login_nested (test);
  main_test_select (test, main_test_find_contact (test, BOB));
  app_act (app_find (main_test_main_window (test), "contact_view"), "contact.groups");
  dialog = get_dialog ();
  app_settle (dialog);
  main_test_shoot (dialog, "groups");

  /* out of Design, into Work, and into a new one */
  app_activate_row (app_find (dialog, "group_list"), 0);
  app_activate_row (app_find (dialog, "group_list"), 2);
  app_fill (app_find (dialog, "new_row"), "Chess");
  app_act (dialog, "dialog.apply");
  g_assert_nonnull (strstr (fake_server_expect_contains (test->me->server, "<group>Work</group>"), "<group>Chess</group>"));
}

static void
drag (MainTest   *test,
      const char *address,
      const char *group,
      guint       modifier)
{
  GtkWidget *from = get_row_of (test, address);
  GtkWidget *to = get_row_of_group (test, group);

  g_assert_true (app_focus (main_test_main_window (test)));
  app_settle (main_test_main_window (test));
  app_drag (from, to, modifier);
  app_settle (main_test_main_window (test));
}

static void
test_drag_moves (MainTest *test)
{
  const char *change;

  login_nested (test);
  app_act (main_test_main_window (test), "win.show-empty-groups");
  main_test_wait (has_group (test, "Work"));
  drag (test, BOB, "Work", 0);
  change = fake_server_expect_contains (test->me->server, "<group>Work</group>");
  g_assert_nonnull (strstr (change, "jid='bob@peer.test'"));
  g_assert_null (strstr (change, "Design"));
}

static void
test_drag_copies (MainTest *test)
{
  const char *change;

  login_nested (test);
  app_act (main_test_main_window (test), "win.show-empty-groups");
  main_test_wait (has_group (test, "Work"));
  drag (test, BOB, "Work", GDK_KEY_Control_L);
  change = fake_server_expect_contains (test->me->server, "<group>Work</group>");
  g_assert_nonnull (strstr (change, "<group>Design</group>"));
}

/* To those who are in no group: out of the one it was in, and into none that has no name */
static void
test_drag_out (MainTest *test)
{
  const char *change;

  login_nested (test);
  test_account_send (test->me, ONLINE ("fay@peer.test"));
  main_test_wait (is_listed (test, "fay@peer.test"));
  drag (test, BOB, "", 0);
  change = fake_server_expect_contains (test->me->server, "jid='bob@peer.test'");
  g_assert_null (strstr (change, "<group"));
}

/* “Offline” is no group of the server's: nothing is moved there */
static void
test_drag_offline (MainTest *test)
{
  GSettings *settings = flint_application_get_settings (test->application);

  login_nested (test);
  g_settings_set_boolean (settings, "show-offline", TRUE);
  g_settings_set_boolean (settings, "group-offline", TRUE);
  main_test_wait (has_group (test, NULL));
  drag (test, BOB, NULL, 0);
  expect_nothing (test);
}

/* Adding */

static GtkWidget *
open_add (MainTest *test)
{
  GtkWidget *dialog;

  g_assert_true (app_focus (main_test_main_window (test)));
  app_key (main_test_main_window (test), "<Control><Shift>a");
  dialog = GTK_WIDGET (app_find_window (FLINT_TYPE_ADD_CONTACT_DIALOG));
  g_assert_nonnull (dialog);
  g_assert_true (app_focus (dialog));

  return dialog;
}

static void
test_add (MainTest *test)
{
  GtkWidget *dialog = open_add (test);

  app_type_keys (dialog, "gil");
  g_assert_nonnull (app_find_text (dialog, "gil@good.test"));
  app_fill (app_find (dialog, "name_row"), "Gil");
  main_test_shoot (dialog, "add-contact");
  app_key (dialog, "Return");
  g_assert_nonnull (strstr (fake_server_expect_contains (test->me->server, "jid='gil@good.test'"), "name='Gil'"));
  test_account_send (test->me, "<iq type='set' id='push'><query xmlns='jabber:iq:roster'>"
                               "<item jid='gil@good.test' name='Gil' subscription='none' ask='subscribe'/></query></iq>");
  main_test_wait (is_listed (test, "gil@good.test"));
}

static void
test_add_invalid (MainTest *test)
{
  GtkWidget *dialog = open_add (test);
  GtkWidget *hint = app_find (dialog, "address_hint_label");

  app_fill (app_find (dialog, "address_row"), "gil@");
  g_assert_nonnull (app_find_text (hint, "There is no server name"));
  g_assert_true (gtk_widget_has_css_class (hint, "field-error"));
  g_assert_false (gtk_widget_get_sensitive (app_find (dialog, "add_button")));
  main_test_shoot (dialog, "add-contact-invalid");

  app_fill (app_find (dialog, "address_row"), "@peer.test");
  g_assert_nonnull (app_find_text (hint, "There is no name before the @"));

  app_fill (app_find (dialog, "address_row"), "a b@peer.test");
  g_assert_nonnull (app_find_text (hint, "cannot contain spaces"));

  app_fill (app_find (dialog, "address_row"), BOB);
  g_assert_nonnull (app_find_text (hint, "in your contacts already"));
  g_assert_false (gtk_widget_get_sensitive (app_find (dialog, "add_button")));

  app_key (dialog, "Escape");
  main_test_wait (app_find_window (FLINT_TYPE_ADD_CONTACT_DIALOG) == NULL);
  expect_nothing (test);
}

static void
test_add_refused (MainTest *test)
{
  GtkWidget *dialog = open_add (test);

  app_fill (app_find (dialog, "address_row"), "gil@peer.test");
  app_act (dialog, "dialog.add-contact");
  fake_server_refuse (test->me->server, "jid='gil@peer.test'", "cancel", "not-allowed");
  main_test_wait (app_find_text (app_find (dialog, "address_hint_label"), "Nobody is allowed to do this here.") != NULL);
  g_assert_true (gtk_widget_get_sensitive (app_find (dialog, "add_button")));
}

/* Who is offline learns why nothing can be added */
static void
test_add_offline (MainTest *test)
{
  GtkWidget *dialog = open_add (test);

  app_fill (app_find (dialog, "address_row"), "gil@peer.test");
  g_assert_nonnull (app_find_text (app_find (dialog, "address_hint_label"), "You are offline"));
  g_assert_false (gtk_widget_get_sensitive (app_find (dialog, "add_button")));
}

static void
test_new_chat_invalid (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);
  GtkWidget *dialog;

  g_assert_true (app_focus (window));
  app_key (window, "<Control>n");
  main_test_wait (has_dialog ());
  dialog = get_dialog ();
  g_assert_true (app_focus (dialog));
  app_type_keys (dialog, "a@");
  app_key (dialog, "Return");
  g_assert_true (has_dialog ());
  g_assert_nonnull (app_find_text (dialog, "There is no server name"));
  main_test_shoot (dialog, "new-chat-invalid");
  app_type_keys (dialog, "b.test");
  app_key (dialog, "Return");
  main_test_wait (app_find_window (FLINT_TYPE_CHAT_WINDOW) != NULL);
  g_assert_nonnull (test_account_find (test->me, "a@b.test"));
}

/* Menus */

static GtkWidget *
find_open_menu (GtkWidget *widget)
{
  if (GTK_IS_POPOVER_MENU (widget) && gtk_widget_get_mapped (widget))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_open_menu (child);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static void
test_menu_keys (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);
  GtkWidget *menu;

  show_offline (test);
  main_test_select (test, main_test_find_contact (test, BOB));
  app_key (window, "Menu");
  main_test_wait ((menu = find_open_menu (GTK_WIDGET (window))) != NULL);
  g_assert_nonnull (app_find_text (menu, "Rename"));
  main_test_shoot (menu, "contact-menu");
  app_key (window, "Escape");
  main_test_wait (find_open_menu (GTK_WIDGET (window)) == NULL);

  main_test_select (test, main_test_find_group (test, "Friends"));
  app_key (window, "<Shift>F10");
  main_test_wait ((menu = find_open_menu (GTK_WIDGET (window))) != NULL);
  g_assert_nonnull (app_find_text (menu, "Add group inside"));
  app_key (window, "Escape");
}

static void
test_menu_mouse (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);
  GtkWidget *menu;

  show_offline (test);
  g_assert_true (app_focus (window));
  app_click_with (get_row_of (test, BOB), 3);
  main_test_wait ((menu = find_open_menu (GTK_WIDGET (window))) != NULL);
  g_assert_nonnull (app_find_text (menu, "Remove"));
  app_key (window, "Escape");
  main_test_wait (find_open_menu (GTK_WIDGET (window)) == NULL);
}

/* What cannot be done without a connection can be done as soon as there is one */
static void
test_actions_follow (MainTest *test)
{
  GtkWidget *view = app_find (main_test_main_window (test), "contact_view");

  show_offline (test);
  main_test_select (test, main_test_find_contact (test, BOB));
  fake_server_reset (test->me->server);
  main_test_wait (!flint_account_is_online (test->me->account));
  app_act (view, "contact.remove");
  g_assert_false (has_dialog ());

  flint_account_connect (test->me->account);
  test_account_accept (test->me, TEST_ROSTER);
  main_test_wait (is_listed (test, BOB));
  app_act (view, "contact.remove");
  main_test_wait (has_dialog ());
}

/* Several accounts */

static void
test_two_accounts (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);
  GtkWidget *menu;

  show_offline (test);
  main_test_wait (is_listed (test, "zoe@peer.test"));
  app_settle (window);
  g_assert_nonnull (app_find_text (main_test_list (test), "me@good.test"));
  g_assert_nonnull (app_find_text (main_test_list (test), "too@other.test"));
  main_test_shoot (window, "contacts-two");

  main_test_select (test, 0);
  app_key (window, "Menu");
  main_test_wait ((menu = find_open_menu (GTK_WIDGET (window))) != NULL);
  g_assert_nonnull (app_find_text (menu, "Disconnect"));
  app_key (window, "Escape");
}

/* A connection without encryption is marked where the account is, for as long as it is so */
static void
test_insecure (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);

  show_offline (test);
  g_assert_false (app_is_shown (app_find (main_test_get_row (test, 0), "insecure_icon")));
  g_assert_false (gtk_widget_get_visible (app_find (window, "insecure_icon")));
  g_object_set (test->other->account, "security", XMPP_SECURITY_DISABLED, NULL);
  main_test_wait (gtk_widget_get_visible (app_find (window, "insecure_icon")));
  app_settle (window);
  for (guint i = 0; i < 2; i++)
    {
      FlintAccount *account = i == 0 ? test->me->account : test->other->account;
      GListModel *tree = G_LIST_MODEL (flint_core_get_tree (test->core));

      for (guint j = 0; j < g_list_model_get_n_items (tree); j++)
        {
          g_autoptr(FlintTreeRow) row = g_list_model_get_item (tree, j);

          if (flint_tree_row_get_kind (row) == FLINT_TREE_ACCOUNT && flint_tree_row_get_account (row) == account)
            g_assert_cmpint (app_is_shown (app_find (main_test_get_row (test, j), "insecure_icon")), ==, i == 1);
        }
    }
  main_test_shoot (window, "contacts-insecure");

  g_object_set (test->other->account, "security", XMPP_SECURITY_REQUIRED, NULL);
  main_test_wait (!gtk_widget_get_visible (app_find (window, "insecure_icon")));
}

/* The own status */

static GtkWidget *
open_status (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);

  g_assert_true (app_focus (window));
  app_key (window, "<Control><Shift>s");
  main_test_wait (app_is_shown (app_find (app_find_type (window, FLINT_TYPE_STATUS_POPOVER), "status_list")));

  return app_find_type (window, FLINT_TYPE_STATUS_POPOVER);
}

static void
test_status (MainTest *test)
{
  static const char * const shows[] = { "<show>chat</show>", NULL, "<show>away</show>", "<show>xa</show>", "<show>dnd</show>" };

  for (guint i = 0; i < G_N_ELEMENTS (shows); i++)
    {
      GtkWidget *popover = open_status (test);
      const char *sent;

      app_fill (app_find (popover, "status_message_entry"), "Lunch");
      app_activate_row (app_find (popover, "status_list"), i);
      sent = fake_server_expect_contains (test->me->server, "<presence");
      g_assert_true (shows[i] != NULL ? strstr (sent, shows[i]) != NULL : strstr (sent, "<show>") == NULL);
      g_assert_nonnull (strstr (sent, "<status>Lunch</status>"));
      g_assert_nonnull (app_find_text (app_find (main_test_main_window (test), "own_status_label"), "Lunch"));
    }
}

static void
test_status_offline (MainTest *test)
{
  GtkWidget *popover = open_status (test);

  app_activate_row (app_find (popover, "status_list"), 6);
  fake_server_expect_contains (test->me->server, "type='unavailable'");
  fake_server_close (test->me->server);
  main_test_wait (app_find_text (app_find (main_test_main_window (test), "own_status_label"), "Offline") != NULL);
}

/* Many */

static char *
make_roster (guint n)
{
  GString *xml = g_string_new ("<query xmlns='jabber:iq:roster'>");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (xml, "<item jid='c%u@peer.test' name='Contact %u' subscription='both'><group>Group %u</group></item>",
                            i, i, i % 40);
  g_string_append (xml, "</query>");

  return g_string_free (xml, FALSE);
}

static void
on_turn (guint *n_turns)
{
  (*n_turns)++;
}

/* However many there are, the window has rows for those on screen and a few more, and what happens to all of
 * them moves the list a few times */
static void
test_many (MainTest *test)
{
  g_autofree char *roster = make_roster (10000);
  g_autoptr(GString) presences = g_string_new (NULL);
  GListModel *tree = G_LIST_MODEL (flint_core_get_tree (test->core));
  GtkWindow *window = main_test_main_window (test);
  guint n_changes = 0;
  guint n_rows;

  g_settings_set_boolean (flint_application_get_settings (test->application), "show-offline", TRUE);
  test_account_login (test->me, roster);
  main_test_wait (g_list_model_get_n_items (tree) == 10040);
  app_settle (window);
  n_rows = app_count_type (main_test_list (test), FLINT_TYPE_TREE_LIST_ROW);
  g_assert_cmpuint (n_rows, >, 10);
  g_assert_cmpuint (n_rows, <, 300);

  g_signal_connect_swapped (tree, "items-changed", G_CALLBACK (on_turn), &n_changes);
  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (presences, "<presence from='c%u@peer.test/x'/>", i);
  test_account_send (test->me, presences->str);
  main_test_wait (app_find_text (main_test_list (test), "125/250") != NULL);
  app_settle (window);
  g_assert_cmpuint (n_changes, <, 5000);
  g_signal_handlers_disconnect_by_func (tree, on_turn, &n_changes);
  g_assert_cmpuint (app_count_type (main_test_list (test), FLINT_TYPE_TREE_LIST_ROW), <, 300);

  /* to the end and back: rows are used again */
  main_test_select (test, g_list_model_get_n_items (tree) - 1);
  main_test_select (test, 0);
  g_assert_cmpuint (app_count_type (main_test_list (test), FLINT_TYPE_TREE_LIST_ROW), <, 300);

  app_type_keys (window, "4321");
  main_test_wait (g_list_model_get_n_items (tree) == 1);
  g_assert_true (is_listed (test, "c4321@peer.test"));
}

static void
assert_title (GtkWidget *child)
{
  FlintTreeRow *row = flint_tree_list_row_get_row (FLINT_TREE_LIST_ROW (child));
  g_autofree char *title = NULL;

  g_object_get (row, "title", &title, NULL);
  g_assert_nonnull (app_find_text (child, flint_tree_row_get_kind (row) == FLINT_TREE_CONTACT
                                            ? flint_contact_get_name (flint_tree_row_get_contact (row)) : title));
}

/* How many rows on the screen show what they should, and how many of the others were made for nobody */
static void
count_rows (MainTest *test,
            guint    *n_seen,
            guint    *n_unseen)
{
  GtkWidget *list = main_test_list (test);
  int height = gtk_widget_get_height (list);

  *n_seen = *n_unseen = 0;
  for (GtkWidget *row = gtk_widget_get_first_child (list); row != NULL; row = gtk_widget_get_next_sibling (row))
    {
      GtkWidget *child = gtk_widget_get_first_child (row);
      GtkAllocation place;

      if (!FLINT_IS_TREE_LIST_ROW (child))
        continue;

      gtk_widget_get_allocation (row, &place);
      if (gtk_widget_get_mapped (row) && place.y < height && place.y + place.height > 0)
        {
          g_assert_true (flint_tree_list_row_is_filled (FLINT_TREE_LIST_ROW (child)));
          assert_title (child);
          (*n_seen)++;
        }
      else
        *n_unseen += flint_tree_list_row_is_filled (FLINT_TREE_LIST_ROW (child)) ? 1 : 0;
    }
}

/* What is in a row is made when somebody sees it: at the beginning, after a jump, with larger letters */
static void
test_unseen (MainTest *test)
{
  g_autofree char *roster = make_roster (1000);
  GtkWindow *window = main_test_main_window (test);
  GListModel *tree = G_LIST_MODEL (flint_core_get_tree (test->core));
  g_autoptr(GtkCssProvider) provider = gtk_css_provider_new ();
  guint n_seen;
  guint n_unseen;

  g_settings_set_boolean (flint_application_get_settings (test->application), "show-offline", TRUE);
  test_account_login (test->me, roster);
  main_test_wait (g_list_model_get_n_items (tree) > 1000);
  app_settle (window);
  count_rows (test, &n_seen, &n_unseen);
  g_assert_cmpuint (n_seen, >, 8);
  g_assert_cmpuint (n_seen, <, 40);
  g_assert_cmpuint (n_unseen, <, 40);

  main_test_select (test, 700);
  app_settle (window);
  count_rows (test, &n_seen, &n_unseen);
  g_assert_cmpuint (n_seen, >, 8);

  gtk_css_provider_load_from_data (provider, ".contact-row label { font-size: 40px; }", -1);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_USER);
  main_test_select (test, 0);
  app_settle (window);
  main_test_select (test, 500);
  app_settle (window);
  count_rows (test, &n_seen, &n_unseen);
  g_assert_cmpuint (n_seen, >, 4);
  main_test_shoot (window, "contacts-large");
  gtk_style_context_remove_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider));
}

/* carl was asked by us: no card asks about him when he asks back, but about a stranger one does */
static void
test_asked_back (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);

  test_account_send (test->me, "<presence from='carl@peer.test' type='subscribe'><status>gladly</status></presence>"
                               "<presence from='eve@evil.test' type='subscribe'/>");
  main_test_wait (app_find_text (app_find (window, "requests_box"), "eve@evil.test") != NULL);
  g_assert_null (app_find_text (app_find (window, "requests_box"), "carl"));
  g_assert_null (app_find_text (app_find (window, "requests_box"), "more request"));
  fake_server_expect_contains (test->me->server, "<presence to='carl@peer.test' type='subscribed'/>");
}

/* A screen reader has a name for everything */
static void
test_names (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);
  g_autofree char *nameless = NULL;

  show_offline (test);
  test_account_send (test->me, "<presence from='eve@evil.test' type='subscribe'><status>hi</status></presence>"
                               "<message from='bob@peer.test/phone'><subject>Lunch</subject><body>Today?</body></message>");
  main_test_wait (app_find_text (window, "eve@evil.test") != NULL && app_find_text (window, "Lunch") != NULL);
  main_test_shoot (window, "contacts-requests");
  nameless = app_find_nameless (window);
  g_assert_cmpstr (nameless, ==, NULL);
  open_status (test);
  nameless = app_find_nameless (window);
  g_assert_cmpstr (nameless, ==, NULL);
}

static void
test_dialog_names (MainTest *test)
{
  static const char * const actions[] = { "contact.rename", "contact.remove", "contact.groups" };
  GtkWidget *dialog;

  show_offline (test);
  main_test_select (test, main_test_find_contact (test, BOB));

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      g_autofree char *nameless = NULL;

      app_act (app_find (main_test_main_window (test), "contact_view"), actions[i]);
      dialog = get_dialog ();
      app_settle (dialog);
      nameless = app_find_nameless (dialog);
      g_assert_cmpstr (nameless, ==, NULL);
      gtk_window_destroy (GTK_WINDOW (dialog));
    }

  app_act (main_test_main_window (test), "app.add-contact");
  dialog = get_dialog ();
  app_settle (dialog);
  g_assert_cmpstr (app_find_nameless (dialog), ==, NULL);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
add_tests (void)
{
  main_test_add ("/app/contacts/groups-are-nested-and-count-who-is-online", MAIN_TEST_ONE, test_nested);
  main_test_add ("/app/contacts/groups-are-folded-by-keys-and-menus", MAIN_TEST_ONE, test_fold_keys);
  g_test_add_func ("/app/contacts/what-is-folded-stays-so-after-a-restart", test_fold_restart);
  main_test_add ("/app/contacts/empty-groups-are-shown-or-not", MAIN_TEST_ONE, test_empty_groups);
  main_test_add ("/app/contacts/a-key-shows-and-hides-who-is-offline", MAIN_TEST_ONLINE, test_offline_key);
  main_test_add ("/app/contacts/when-nobody-is-online-it-says-so", MAIN_TEST_ONE, test_nobody);
  main_test_add ("/app/contacts/presence-is-an-icon-and-a-word", MAIN_TEST_ONLINE, test_words);
  main_test_add ("/app/contacts/a-row-says-what-it-shows", MAIN_TEST_ONLINE, test_row_name);
  main_test_add ("/app/contacts/T060-a-status-is-one-line-of-text", MAIN_TEST_ONLINE, test_hostile_status);
  main_test_add ("/app/contacts/the-card-shows-the-devices-and-follows-them", MAIN_TEST_ONLINE, test_card);
  main_test_add ("/app/contacts/typing-searches", MAIN_TEST_ONLINE, test_search);
  main_test_add ("/app/contacts/enter-opens-the-best-match-however-fast", MAIN_TEST_ONLINE, test_search_enter);
  main_test_add ("/app/contacts/an-address-that-is-searched-for-can-be-chatted-with", MAIN_TEST_ONLINE, test_search_address);
  main_test_add ("/app/contacts/f2-renames", MAIN_TEST_ONLINE, test_rename);
  main_test_add ("/app/contacts/renaming-is-of-who-was-meant", MAIN_TEST_ONLINE, test_rename_gone);
  main_test_add ("/app/contacts/f2-renames-a-group", MAIN_TEST_ONLINE, test_rename_group);
  main_test_add ("/app/contacts/delete-asks-and-removes", MAIN_TEST_ONLINE, test_remove);
  main_test_add ("/app/contacts/a-group-is-deleted-and-its-contacts-stay", MAIN_TEST_ONLINE, test_remove_group);
  main_test_add ("/app/contacts/groups-are-chosen-in-a-dialog", MAIN_TEST_ONE, test_groups_dialog);
  main_test_add ("/app/contacts/dragging-moves", MAIN_TEST_ONE, test_drag_moves);
  main_test_add ("/app/contacts/dragging-with-control-copies", MAIN_TEST_ONE, test_drag_copies);
  main_test_add ("/app/contacts/dragging-out-of-groups", MAIN_TEST_ONE, test_drag_out);
  main_test_add ("/app/contacts/dragging-to-who-is-offline-does-nothing", MAIN_TEST_ONE, test_drag_offline);
  main_test_add ("/app/contacts/a-name-or-an-address-is-added", MAIN_TEST_ONLINE, test_add);
  main_test_add ("/app/contacts/what-is-wrong-with-an-address-stands-under-it", MAIN_TEST_ONLINE, test_add_invalid);
  main_test_add ("/app/contacts/why-adding-was-refused-stands-under-the-address", MAIN_TEST_ONLINE, test_add_refused);
  main_test_add ("/app/contacts/adding-needs-a-connection-and-says-so", MAIN_TEST_ONE, test_add_offline);
  main_test_add ("/app/contacts/a-new-chat-says-what-is-wrong-with-an-address", MAIN_TEST_ONLINE, test_new_chat_invalid);
  main_test_add ("/app/contacts/menus-open-by-keys", MAIN_TEST_ONLINE, test_menu_keys);
  main_test_add ("/app/contacts/menus-open-by-mouse", MAIN_TEST_ONLINE, test_menu_mouse);
  main_test_add ("/app/contacts/what-can-be-done-follows-the-connection", MAIN_TEST_ONLINE, test_actions_follow);
  main_test_add ("/app/contacts/two-accounts-have-headings-and-menus", MAIN_TEST_TWO, test_two_accounts);
  main_test_add ("/app/contacts/S35-no-encryption-is-marked-in-row-and-header", MAIN_TEST_TWO, test_insecure);
  main_test_add ("/app/contacts/the-own-status-is-chosen-with-a-message", MAIN_TEST_ONLINE, test_status);
  main_test_add ("/app/contacts/offline-signs-out", MAIN_TEST_ONLINE, test_status_offline);
  main_test_add ("/app/contacts/ten-thousand-need-few-rows", MAIN_TEST_ONE, test_many);
  main_test_add ("/app/contacts/rows-are-made-when-they-are-seen", MAIN_TEST_ONE, test_unseen);
  main_test_add ("/app/contacts/whom-we-asked-needs-no-card-to-ask-back", MAIN_TEST_ONLINE, test_asked_back);
  main_test_add ("/app/contacts/everything-has-a-name", MAIN_TEST_ONLINE, test_names);
  main_test_add ("/app/contacts/dialogs-have-names", MAIN_TEST_ONLINE, test_dialog_names);
}

int
main (int   argc,
      char *argv[])
{
  return main_test_main (argc, argv, add_tests);
}
