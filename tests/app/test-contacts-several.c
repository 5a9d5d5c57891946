/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "main-test.h"

#include "app-input.h"
#include "flint-chat-window.h"
#include "flint-tree-list-row.h"

#include <string.h>

#define CARL "carl@peer.test"
#define DORA "dora@peer.test"
#define EMIL "emil@peer.test"
#define FAY  "fay@peer.test"
#define ZOE  "zoe@peer.test"

#define ROSTER                                                                                                \
  "<query xmlns='jabber:iq:roster'>"                                                                          \
    "<item jid='bob@peer.test' name='Bob' subscription='both'><group>Design</group></item>"                   \
    "<item jid='carl@peer.test' name='Carl' subscription='both'><group>Design</group><group>Work</group></item>" \
    "<item jid='dora@peer.test' name='Dora' subscription='both'><group>Design::Photo studio</group></item>"   \
    "<item jid='emil@peer.test' name='Emil' subscription='both'><group>Work</group></item>"                   \
    "<item jid='fay@peer.test' name='Fay' subscription='both'/>"                                              \
  "</query>"

/* What the list has then, with those who are offline:
 *
 *   0 Design
 *   1   Bob
 *   2   Carl
 *   3   Photo studio
 *   4     Dora
 *   5 Work
 *   6   Carl
 *   7   Emil
 *   8 Contacts
 *   9   Fay
 */
enum {
  DESIGN,
  BOB_ROW,
  CARL_ROW,
  STUDIO,
  DORA_ROW,
  WORK,
  CARL_AT_WORK,
  EMIL_ROW,
  UNFILED,
  FAY_ROW,
  N_ROWS
};

static GListModel *
get_tree (MainTest *test)
{
  return G_LIST_MODEL (flint_core_get_tree (test->core));
}

static GtkWidget *
get_view (MainTest *test)
{
  return app_find (main_test_main_window (test), "contact_view");
}

static GtkSelectionModel *
get_selection (MainTest *test)
{
  return gtk_list_view_get_model (GTK_LIST_VIEW (main_test_list (test)));
}

static void
login (MainTest *test)
{
  g_settings_set_boolean (flint_application_get_settings (test->application), "show-offline", TRUE);
  test_account_login (test->me, ROSTER);
  main_test_wait (g_list_model_get_n_items (get_tree (test)) == N_ROWS);
  g_assert_true (app_focus (main_test_main_window (test)));
  app_settle (main_test_main_window (test));
}

static void
click (MainTest *test,
       guint     position,
       guint     modifier)
{
  GtkWindow *window = main_test_main_window (test);

  if (modifier != 0)
    app_hold_key (window, modifier, TRUE);
  app_click_with (main_test_get_row (test, position), 1);
  if (modifier != 0)
    app_hold_key (window, modifier, FALSE);
  app_point_away ();     /* no card over the next row */
  app_settle (window);
}

static void
add_click (MainTest *test,
           guint     position)
{
  click (test, position, GDK_KEY_Control_L);
}

/* Who is selected, from the top to the bottom: "Bob Carl", or "[Work]" for a heading */
static char *
describe (MainTest *test)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (get_tree (test)); i++)
    {
      g_autoptr(FlintTreeRow) row = g_list_model_get_item (get_tree (test), i);
      FlintContact *contact = flint_tree_row_get_contact (row);
      g_autofree char *title = NULL;

      if (!gtk_selection_model_is_selected (get_selection (test), i))
        continue;

      g_object_get (row, "title", &title, NULL);
      g_string_append_printf (text, contact != NULL ? "%s%s" : "%s[%s]", text->len > 0 ? " " : "",
                              contact != NULL ? flint_contact_get_name (contact) : title);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
assert_selected (MainTest   *test,
                 const char *names)
{
  g_autofree char *selected = describe (test);

  g_assert_cmpstr (selected, ==, names);
}

static gboolean
is_selected (MainTest   *test,
             const char *names)
{
  g_autofree char *selected = describe (test);

  return g_str_equal (selected, names);
}

/* What a screen reader is told of a row */
static void
assert_told (MainTest *test,
             guint     position,
             gboolean  is_told)
{
  GtkWidget *item = gtk_widget_get_parent (main_test_get_row (test, position));
  g_autofree char *other = gtk_test_accessible_check_state (GTK_ACCESSIBLE (item), GTK_ACCESSIBLE_STATE_SELECTED, is_told);

  if (other != NULL)
    g_error ("A screen reader hears of row %u: %s", position, other);
}

static GtkWidget *
get_bar (MainTest *test)
{
  return app_find (get_view (test), "selection_bar");
}

static GtkWidget *
get_question (void)
{
  return GTK_WIDGET (app_find_window (ADW_TYPE_MESSAGE_DIALOG));
}

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
send_item (TestAccount *account,
           const char  *item)
{
  g_autofree char *push = g_strdup_printf ("<iq type='set' id='push'><query xmlns='jabber:iq:roster'>%s</query></iq>", item);

  test_account_send (account, push);
}

/* A menu is as tall as what is in it: its last row is to be seen */
static void
assert_whole (GtkWidget *menu)
{
  GtkWidget *child = gtk_popover_get_child (GTK_POPOVER (menu));
  GtkRequisition natural;

  gtk_widget_get_preferred_size (child, NULL, &natural);
  g_assert_cmpint (gtk_widget_get_height (child), >=, natural.height);
}

/* Selecting */

static void
test_clicks (MainTest *test)
{
  login (test);
  click (test, BOB_ROW, 0);
  assert_selected (test, "Bob");
  g_assert_false (app_is_shown (get_bar (test)));

  add_click (test, EMIL_ROW);
  assert_selected (test, "Bob Emil");
  add_click (test, FAY_ROW);
  assert_selected (test, "Bob Emil Fay");
  add_click (test, EMIL_ROW);
  assert_selected (test, "Bob Fay");

  /* headings between them are not contacts */
  click (test, BOB_ROW, 0);
  click (test, EMIL_ROW, GDK_KEY_Shift_L);
  assert_selected (test, "Bob Carl Dora Carl Emil");
  main_test_shoot (main_test_main_window (test), "several");

  click (test, FAY_ROW, 0);
  assert_selected (test, "Fay");
}

/* What can be done to several can be done to contacts: a heading is selected alone */
static void
test_headings (MainTest *test)
{
  login (test);
  click (test, BOB_ROW, 0);
  add_click (test, WORK);
  assert_selected (test, "Bob");

  main_test_select (test, WORK);
  assert_selected (test, "[Work]");
  add_click (test, STUDIO);
  assert_selected (test, "[Photo studio]");
  add_click (test, FAY_ROW);
  assert_selected (test, "Fay");
}

static void
test_space (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);

  login (test);
  main_test_select (test, BOB_ROW);
  app_key (window, "<Control>Down");
  assert_selected (test, "Bob");
  app_key (window, "<Control>space");
  assert_selected (test, "Bob Carl");
  app_key (window, "<Control>space");
  assert_selected (test, "Bob");
  app_key (window, "Up");
  app_key (window, "<Shift>Down");
  app_key (window, "<Shift>Down");
  app_key (window, "<Shift>Down");
  assert_selected (test, "Bob Carl Dora");
  app_key (window, "Down");
  assert_selected (test, "[Work]");
}

static void
test_group (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);

  login (test);
  main_test_select (test, CARL_ROW);
  app_key (window, "<Control>a");
  assert_selected (test, "Bob Carl Dora");     /* as the heading counts: with the group inside */

  main_test_select (test, DORA_ROW);
  app_key (window, "<Control>a");
  assert_selected (test, "Dora");

  main_test_select (test, WORK);
  app_key (window, "<Control>a");
  assert_selected (test, "Carl Emil");

  app_type_keys (window, "peer");
  main_test_wait (g_list_model_get_n_items (get_tree (test)) == 5);
  app_settle (window);
  main_test_select (test, 0);
  app_key (window, "<Control>a");
  assert_selected (test, "Bob Carl Dora Emil Fay");
}

static void
test_group_of_account (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);

  g_settings_set_boolean (flint_application_get_settings (test->application), "show-offline", TRUE);
  main_test_wait (main_test_find_contact (test, ZOE) != GTK_INVALID_LIST_POSITION &&
                  main_test_find_contact (test, BOB) != GTK_INVALID_LIST_POSITION);
  app_settle (window);
  main_test_select (test, main_test_find_contact (test, ZOE));
  app_key (window, "<Control>a");
  assert_selected (test, "Zoe");
  main_test_select (test, 0);
  app_key (window, "<Control>a");
  assert_selected (test, "Bob ann@peer.test carl@peer.test");
}

static void
test_escape (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);

  login (test);
  click (test, BOB_ROW, 0);
  add_click (test, EMIL_ROW);
  app_key (window, "Escape");
  assert_selected (test, "");
  g_assert_false (app_is_shown (get_bar (test)));

  /* one stays */
  click (test, BOB_ROW, 0);
  app_key (window, "Escape");
  assert_selected (test, "Bob");
}

/* It says how many, each once, and no row moves for it */
static void
test_bar (MainTest *test)
{
  GtkAllocation before;
  GtkAllocation after;

  login (test);
  click (test, CARL_ROW, 0);
  gtk_widget_get_allocation (gtk_widget_get_parent (main_test_get_row (test, FAY_ROW)), &before);
  add_click (test, CARL_AT_WORK);
  add_click (test, EMIL_ROW);
  g_assert_true (app_is_shown (get_bar (test)));
  g_assert_nonnull (app_find_text (get_bar (test), "2 selected"));
  gtk_widget_get_allocation (gtk_widget_get_parent (main_test_get_row (test, FAY_ROW)), &after);
  g_assert_cmpint (after.y, ==, before.y);
  g_assert_cmpint (after.height, ==, before.height);

  app_click_with (app_find (get_view (test), "unselect_button"), 1);
  assert_selected (test, "");
  g_assert_false (app_is_shown (get_bar (test)));
}

static void
test_told (MainTest *test)
{
  g_autofree char *other = NULL;
  g_autofree char *nameless = NULL;

  login (test);
  click (test, BOB_ROW, 0);
  assert_told (test, BOB_ROW, TRUE);
  assert_told (test, EMIL_ROW, FALSE);
  add_click (test, EMIL_ROW);
  assert_told (test, BOB_ROW, TRUE);
  assert_told (test, EMIL_ROW, TRUE);
  assert_told (test, CARL_ROW, FALSE);
  add_click (test, BOB_ROW);
  assert_told (test, BOB_ROW, FALSE);

  other = gtk_test_accessible_check_property (GTK_ACCESSIBLE (main_test_list (test)),
                                              GTK_ACCESSIBLE_PROPERTY_MULTI_SELECTABLE, TRUE);
  g_assert_cmpstr (other, ==, NULL);
  add_click (test, BOB_ROW);
  nameless = app_find_nameless (main_test_main_window (test));
  g_assert_cmpstr (nameless, ==, NULL);
}

/* Enter is of the row with the cursor; of several none is lost by it */
static void
test_enter (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);

  login (test);
  click (test, BOB_ROW, 0);
  add_click (test, EMIL_ROW);
  app_key (window, "Return");
  main_test_wait (app_find_window (FLINT_TYPE_CHAT_WINDOW) != NULL);
  g_assert_nonnull (test_account_find (test->me, EMIL));
  g_assert_null (test_account_find (test->me, BOB));
  assert_selected (test, "Bob Emil");
}

static void
test_double_click (MainTest *test)
{
  login (test);
  click (test, BOB_ROW, 0);
  add_click (test, EMIL_ROW);
  app_click_with (main_test_get_row (test, FAY_ROW), 1);
  app_click_with (main_test_get_row (test, FAY_ROW), 1);
  main_test_wait (app_find_window (FLINT_TYPE_CHAT_WINDOW) != NULL);
  g_assert_nonnull (test_account_find (test->me, FAY));
  assert_selected (test, "Fay");
}

/* Who selects and changes their mind does not want to chat */
static void
test_double_toggle (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);

  login (test);
  click (test, BOB_ROW, 0);
  app_hold_key (window, GDK_KEY_Control_L, TRUE);
  app_click_with (main_test_get_row (test, EMIL_ROW), 1);
  app_click_with (main_test_get_row (test, EMIL_ROW), 1);
  app_hold_key (window, GDK_KEY_Control_L, FALSE);
  app_settle (window);
  assert_selected (test, "Bob");
  g_assert_null (app_find_window (FLINT_TYPE_CHAT_WINDOW));

  app_key (window, "Return");
  main_test_wait (app_find_window (FLINT_TYPE_CHAT_WINDOW) != NULL);
}

/* The list changes */

/* Each moves out of one place and into another one in a change of its own */
static void
test_sorted_anew (MainTest *test)
{
  login (test);
  click (test, CARL_ROW, 0);
  add_click (test, EMIL_ROW);
  app_point_away ();
  test_account_send (test->me, "<presence from='carl@peer.test/phone'/><presence from='emil@peer.test/phone'/>");
  main_test_wait (main_test_find_contact (test, CARL) == BOB_ROW && main_test_find_contact (test, EMIL) == CARL_AT_WORK + 1);
  assert_selected (test, "Carl Emil");

  test_account_send (test->me, "<presence from='carl@peer.test/phone'><show>dnd</show></presence>"
                               "<presence from='bob@peer.test/phone'/>");
  main_test_wait (main_test_find_contact (test, CARL) == CARL_ROW);
  assert_selected (test, "Carl Emil");
  app_settle (main_test_main_window (test));
  assert_told (test, CARL_ROW, TRUE);
  assert_told (test, BOB_ROW, FALSE);
  g_assert_nonnull (app_find_text (get_bar (test), "2 selected"));
}

static void
test_one_sorted_anew (MainTest *test)
{
  login (test);
  click (test, EMIL_ROW, 0);
  app_point_away ();
  test_account_send (test->me, "<presence from='carl@peer.test/phone'><show>away</show></presence>"
                               "<presence from='bob@peer.test/phone'><show>away</show></presence>"
                               "<presence from='emil@peer.test/phone'/>");
  main_test_wait (main_test_find_contact (test, EMIL) == CARL_AT_WORK);
  assert_selected (test, "Emil");
}

/* Keys go on from where the person was, not from where the row was */
static void
test_cursor_follows (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);

  login (test);
  click (test, EMIL_ROW, 0);
  test_account_send (test->me, "<presence from='carl@peer.test/phone'><show>away</show></presence>"
                               "<presence from='bob@peer.test/phone'><show>away</show></presence>"
                               "<presence from='emil@peer.test/phone'/>");
  main_test_wait (main_test_find_contact (test, EMIL) == CARL_AT_WORK);
  app_settle (window);
  app_key (window, "<Shift>Down");
  assert_selected (test, "Emil Carl");

  /* with the cursor on one that is not selected */
  main_test_select (test, BOB_ROW);
  app_key (window, "<Control>Down");
  test_account_send (test->me, "<presence from='carl@peer.test/phone'/>");
  main_test_wait (main_test_find_contact (test, CARL) == BOB_ROW);
  app_settle (window);
  assert_selected (test, "Bob");
  app_key (window, "<Control>space");
  assert_selected (test, "Carl Bob");
}

/* Who is removed elsewhere, goes offline or is folded away is not selected: nothing is done to what is not seen */
static void
test_vanished (MainTest *test)
{
  login (test);
  click (test, BOB_ROW, 0);
  add_click (test, DORA_ROW);
  add_click (test, EMIL_ROW);
  add_click (test, FAY_ROW);
  app_point_away ();
  send_item (test->me, "<item jid='emil@peer.test' subscription='remove'/>");
  main_test_wait (is_selected (test, "Bob Dora Fay"));
  g_assert_nonnull (app_find_text (get_bar (test), "3 selected"));

  test_account_send (test->me, "<presence from='bob@peer.test/phone'/><presence from='dora@peer.test/phone'/>");
  app_act (main_test_main_window (test), "win.show-offline");
  main_test_wait (is_selected (test, "Bob Dora"));
  app_act (main_test_main_window (test), "win.show-offline");
  main_test_wait (main_test_find_contact (test, FAY) != GTK_INVALID_LIST_POSITION);
  assert_selected (test, "Bob Dora");

  app_act (main_test_main_window (test), "win.collapse-all");
  main_test_wait (is_selected (test, ""));
  g_assert_false (app_is_shown (get_bar (test)));
}

/* Menus */

static void
test_menu (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);
  static const char * const keys[] = { "Menu", "<Shift>F10" };
  GtkWidget *menu;

  login (test);
  click (test, BOB_ROW, 0);
  add_click (test, EMIL_ROW);
  app_click_with (main_test_get_row (test, BOB_ROW), 3);
  main_test_wait ((menu = find_open_menu (GTK_WIDGET (window))) != NULL);
  g_assert_nonnull (app_find_text (menu, "Groups…"));
  g_assert_nonnull (app_find_text (menu, "Remove…"));
  g_assert_null (app_find_text (menu, "Rename"));
  app_settle (window);
  assert_whole (menu);
  main_test_shoot (menu, "several-menu");
  app_key (window, "Escape");
  main_test_wait (find_open_menu (GTK_WIDGET (window)) == NULL);
  assert_selected (test, "Bob Emil");

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      app_key (window, keys[i]);
      main_test_wait ((menu = find_open_menu (GTK_WIDGET (window))) != NULL);
      g_assert_nonnull (app_find_text (menu, "Groups…"));
      g_assert_null (app_find_text (menu, "Rename"));
      app_key (window, "Escape");
      main_test_wait (find_open_menu (GTK_WIDGET (window)) == NULL);
      assert_selected (test, "Bob Emil");
    }

  /* on another one it is about that one */
  app_click_with (main_test_get_row (test, FAY_ROW), 3);
  main_test_wait ((menu = find_open_menu (GTK_WIDGET (window))) != NULL);
  g_assert_nonnull (app_find_text (menu, "Rename"));
  assert_selected (test, "Fay");
  app_key (window, "Escape");
}

/* What is of one person is not done to the first of several */
static void
test_of_one (MainTest *test)
{
  static const char * const actions[] = { "contact.chat", "contact.message", "contact.rename", "contact.invite", "contact.subscribe",
                                          "contact.revoke", "contact.version", "contact.block", "contact.copy-address" };
  guint n_windows;

  login (test);
  click (test, BOB_ROW, 0);
  add_click (test, EMIL_ROW);
  n_windows = app_count_windows (GTK_TYPE_WINDOW);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_activate_action (get_view (test), actions[i], NULL);
  app_key (main_test_main_window (test), "F2");
  g_assert_cmpuint (app_count_windows (GTK_TYPE_WINDOW), ==, n_windows);
  fake_server_no_more (test->me->server);
}

/* Removing */

static void
test_remove (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);

  login (test);
  click (test, BOB_ROW, 0);
  add_click (test, CARL_AT_WORK);
  add_click (test, EMIL_ROW);
  app_key (window, "Delete");
  main_test_wait (get_question () != NULL);
  g_assert_cmpuint (app_count_windows (ADW_TYPE_MESSAGE_DIALOG), ==, 1);
  g_assert_nonnull (app_find_text (get_question (), "Remove 3 contacts?"));
  g_assert_nonnull (app_find_text (get_question (), "Bob"));
  g_assert_nonnull (app_find_text (get_question (), "Emil"));
  main_test_shoot (get_question (), "several-remove");
  g_assert_true (app_focus (get_question ()));
  app_key (get_question (), "Return");     /* the safe answer is the default one */
  main_test_wait (get_question () == NULL);
  fake_server_no_more (test->me->server);
  assert_selected (test, "Bob Carl Emil");

  g_assert_true (app_focus (window));
  app_key (window, "Delete");
  main_test_wait (get_question () != NULL);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (get_question ()), "yes");
  gtk_window_close (GTK_WINDOW (get_question ()));

  for (guint i = 0; i < 3; i++)
    {
      const char * const who[] = { BOB, CARL, EMIL };
      g_autofree char *gone = g_strdup_printf ("<item jid='%s' subscription='remove'/>", who[i]);
      g_autofree char *sent = g_strdup_printf ("jid='%s'", who[i]);

      fake_server_answer (test->me->server, sent, NULL);
      send_item (test->me, gone);
    }
  main_test_wait (main_test_find_contact (test, BOB) == GTK_INVALID_LIST_POSITION &&
                  main_test_find_contact (test, CARL) == GTK_INVALID_LIST_POSITION &&
                  main_test_find_contact (test, EMIL) == GTK_INVALID_LIST_POSITION);
  assert_selected (test, "");
}

/* Names are others' words: no markup, no line of their own, no end of our sentence; and of many a few are named */
static void
test_remove_hostile (MainTest *test)
{
  GtkWidget *label;

  g_settings_set_boolean (flint_application_get_settings (test->application), "show-offline", TRUE);
  test_account_login (test->me, "<query xmlns='jabber:iq:roster'>"
                                "<item jid='a@x.test' name='&lt;b&gt;A&lt;/b&gt;' subscription='both'/>"
                                "<item jid='b@x.test' name='B&#10;&#10;B' subscription='both'/>"
                                "<item jid='c@x.test' name='C&#x202e;C' subscription='both'/>"
                                "<item jid='d@x.test' name='Dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd' subscription='both'/>"
                                "<item jid='e@x.test' name='Eeee' subscription='both'/>"
                                "<item jid='f@x.test' name='Ffff' subscription='both'/></query>");
  main_test_wait (main_test_find_contact (test, "f@x.test") != GTK_INVALID_LIST_POSITION);
  app_settle (main_test_main_window (test));
  main_test_select (test, 0);
  app_key (main_test_main_window (test), "<Control>a");
  app_key (main_test_main_window (test), "Delete");
  main_test_wait (get_question () != NULL);
  g_assert_nonnull (app_find_text (get_question (), "Remove 6 contacts?"));
  label = app_find_text (get_question (), "and 3 others");
  g_assert_nonnull (label);
  g_assert_nonnull (strstr (gtk_label_get_text (GTK_LABEL (label)), "<b>A</b>"));
  g_assert_nonnull (strstr (gtk_label_get_text (GTK_LABEL (label)), "B B"));
  g_assert_null (strstr (gtk_label_get_text (GTK_LABEL (label)), "\u202e"));
  g_assert_null (strstr (gtk_label_get_text (GTK_LABEL (label)), "Eeee"));
  main_test_shoot (get_question (), "several-remove-hostile");
}

/* A server that refuses each of them is quoted once */
static void
test_refused (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);

  login (test);
  click (test, BOB_ROW, 0);
  add_click (test, EMIL_ROW);
  add_click (test, FAY_ROW);
  app_key (window, "Delete");
  main_test_wait (get_question () != NULL);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (get_question ()), "yes");
  gtk_window_close (GTK_WINDOW (get_question ()));
  fake_server_refuse (test->me->server, "jid='bob@peer.test'", "cancel", "not-allowed");
  fake_server_answer (test->me->server, "jid='emil@peer.test'", NULL);
  fake_server_refuse (test->me->server, "jid='fay@peer.test'", "cancel", "not-allowed");
  main_test_wait (app_find_text (window, "2 contacts could not be changed. Nobody is allowed to do this here.") != NULL);
  assert_selected (test, "Bob Emil Fay");
}

/* Each leaves the list of its own account */
static void
test_remove_two_accounts (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);

  g_settings_set_boolean (flint_application_get_settings (test->application), "show-offline", TRUE);
  main_test_wait (main_test_find_contact (test, ZOE) != GTK_INVALID_LIST_POSITION &&
                  main_test_find_contact (test, BOB) != GTK_INVALID_LIST_POSITION);
  app_settle (window);
  click (test, main_test_find_contact (test, BOB), 0);
  add_click (test, main_test_find_contact (test, ZOE));
  app_key (window, "Delete");
  main_test_wait (get_question () != NULL);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (get_question ()), "yes");
  gtk_window_close (GTK_WINDOW (get_question ()));
  g_assert_null (strstr (fake_server_expect_contains (test->me->server, "subscription='remove'"), "zoe"));
  g_assert_null (strstr (fake_server_expect_contains (test->other->server, "subscription='remove'"), "bob"));
  fake_server_no_more (test->me->server);
  fake_server_no_more (test->other->server);
}

/* One of the accounts is away: what could be done to half of them is not offered */
static void
test_actions_follow (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);

  g_settings_set_boolean (flint_application_get_settings (test->application), "show-offline", TRUE);
  main_test_wait (main_test_find_contact (test, ZOE) != GTK_INVALID_LIST_POSITION &&
                  main_test_find_contact (test, BOB) != GTK_INVALID_LIST_POSITION);
  app_settle (window);
  click (test, main_test_find_contact (test, BOB), 0);
  add_click (test, main_test_find_contact (test, ZOE));
  fake_server_reset (test->other->server);
  main_test_wait (!flint_account_is_online (test->other->account));
  app_key (window, "Delete");
  g_assert_null (get_question ());
}

/* Groups */

static GtkWidget *
open_groups (MainTest *test)
{
  GtkWindow *dialog;

  app_act (get_view (test), "contact.groups");
  dialog = app_find_window (ADW_TYPE_WINDOW);
  g_assert_nonnull (dialog);
  app_settle (dialog);

  return GTK_WIDGET (dialog);
}

static GtkCheckButton *
get_check (GtkWidget *dialog,
           int        index)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (app_find (dialog, "group_list")), index);

  return GTK_CHECK_BUTTON (app_find_type (row, GTK_TYPE_CHECK_BUTTON));
}

/* What only some are in stays so unless somebody says otherwise */
static void
test_groups (MainTest *test)
{
  GtkWidget *dialog;
  const char *change;

  login (test);
  click (test, BOB_ROW, 0);
  add_click (test, CARL_ROW);
  dialog = open_groups (test);
  main_test_shoot (dialog, "several-groups");
  g_assert_nonnull (strstr (gtk_window_get_title (GTK_WINDOW (dialog)), "2 contacts"));
  g_assert_true (gtk_check_button_get_active (get_check (dialog, 0)));             /* Design: both */
  g_assert_false (gtk_check_button_get_inconsistent (get_check (dialog, 0)));
  g_assert_false (gtk_check_button_get_active (get_check (dialog, 1)));            /* Photo studio: none */
  g_assert_true (gtk_check_button_get_inconsistent (get_check (dialog, 2)));       /* Work: Carl */

  app_activate_row (app_find (dialog, "group_list"), 0);
  app_fill (app_find (dialog, "new_row"), "Chess");
  app_act (dialog, "dialog.apply");
  change = fake_server_expect_contains (test->me->server, "jid='bob@peer.test'");
  g_assert_nonnull (strstr (change, "<group>Chess</group>"));
  g_assert_null (strstr (change, "Design"));
  g_assert_null (strstr (change, "Work"));
  change = fake_server_expect_contains (test->me->server, "jid='carl@peer.test'");
  g_assert_nonnull (strstr (change, "<group>Chess</group>"));
  g_assert_nonnull (strstr (change, "<group>Work</group>"));
  g_assert_null (strstr (change, "Design"));
  fake_server_no_more (test->me->server);
}

/* On, off, as it was: and then nothing is sent */
static void
test_groups_mixed (MainTest *test)
{
  GtkWidget *dialog;
  GtkWidget *list;

  login (test);
  click (test, BOB_ROW, 0);
  add_click (test, CARL_ROW);
  dialog = open_groups (test);
  list = app_find (dialog, "group_list");
  for (guint i = 0; i < 2; i++)
    {
      app_activate_row (list, 2);
      g_assert_true (gtk_check_button_get_active (get_check (dialog, 2)));
      g_assert_false (gtk_check_button_get_inconsistent (get_check (dialog, 2)));
      app_activate_row (list, 2);
      g_assert_false (gtk_check_button_get_active (get_check (dialog, 2)));
      g_assert_false (gtk_check_button_get_inconsistent (get_check (dialog, 2)));
      app_activate_row (list, 2);
      g_assert_true (gtk_check_button_get_inconsistent (get_check (dialog, 2)));
    }
  app_act (dialog, "dialog.apply");
  fake_server_no_more (test->me->server);
}

/* Who was removed on another device meanwhile is not added again, and what changed there stays */
static void
test_groups_meanwhile (MainTest *test)
{
  GtkWidget *dialog;
  const char *change;

  login (test);
  click (test, BOB_ROW, 0);
  add_click (test, EMIL_ROW);
  dialog = open_groups (test);
  send_item (test->me, "<item jid='emil@peer.test' subscription='remove'/>");
  send_item (test->me, "<item jid='bob@peer.test' name='Bob' subscription='both'><group>Design</group><group>Team</group></item>");
  main_test_wait (main_test_find_contact (test, EMIL) == GTK_INVALID_LIST_POSITION && main_test_find_group (test, "Team") != GTK_INVALID_LIST_POSITION);
  fake_server_settle (test->me->server);
  app_fill (app_find (dialog, "new_row"), "Chess");
  app_act (dialog, "dialog.apply");
  change = fake_server_expect_contains (test->me->server, "<group>Chess</group>");
  g_assert_nonnull (strstr (change, "jid='bob@peer.test'"));
  g_assert_nonnull (strstr (change, "<group>Team</group>"));
  fake_server_no_more (test->me->server);
}

/* Dragging */

static void
drag (MainTest *test,
      guint     from,
      guint     to,
      guint     modifier)
{
  app_settle (main_test_main_window (test));
  app_drag (main_test_get_row (test, from), main_test_get_row (test, to), modifier);
  app_settle (main_test_main_window (test));
}

static void
count_turn (guint *n_turns)
{
  (*n_turns)++;
}

/* What the server says to a change: "yes", in a roster push and the answer */
static void
take (MainTest   *test,
      const char *id,
      const char *item)
{
  g_autofree char *result = g_strdup_printf ("<iq type='result' id='%s'/>", id);

  send_item (test->me, item);
  test_account_send (test->me, result);
  fake_server_settle (test->me->server);
}

/* All of them, and all at once: however the answers come, nobody sees half of it */
static void
test_drag (MainTest *test)
{
  FlintContactTree *tree = flint_core_get_tree (test->core);
  g_autofree char *bob = NULL;
  g_autofree char *carl = NULL;
  g_autofree char *fay = NULL;
  const char *change;
  guint n_turns = 0;

  login (test);
  click (test, BOB_ROW, 0);
  add_click (test, CARL_ROW);
  add_click (test, FAY_ROW);
  g_signal_connect_swapped (tree, "arranged", G_CALLBACK (count_turn), &n_turns);
  drag (test, CARL_ROW, STUDIO, 0);
  app_point_away ();

  bob = fake_xml_get (fake_server_expect_contains (test->me->server, "jid='bob@peer.test'"), "id");
  change = fake_server_expect_contains (test->me->server, "jid='carl@peer.test'");
  g_assert_nonnull (strstr (change, "<group>Work</group>"));
  g_assert_nonnull (strstr (change, "<group>Design::Photo studio</group>"));
  g_assert_null (strstr (change, "<group>Design</group>"));
  carl = fake_xml_get (change, "id");
  fay = fake_xml_get (fake_server_expect_contains (test->me->server, "jid='fay@peer.test'"), "id");
  fake_server_no_more (test->me->server);

  take (test, bob, "<item jid='bob@peer.test' name='Bob' subscription='both'><group>Design::Photo studio</group></item>");
  take (test, carl, "<item jid='carl@peer.test' name='Carl' subscription='both'><group>Design::Photo studio</group><group>Work</group></item>");
  g_assert_cmpuint (n_turns, ==, 0);
  assert_selected (test, "Bob Carl Fay");

  take (test, fay, "<item jid='fay@peer.test' name='Fay' subscription='both'><group>Design::Photo studio</group></item>");
  main_test_wait (n_turns > 0);
  app_settle (main_test_main_window (test));
  g_assert_cmpuint (n_turns, ==, 1);
  g_assert_cmpuint (main_test_find_contact (test, BOB), >, main_test_find_group (test, "Design::Photo studio"));
  g_assert_cmpuint (main_test_find_group (test, ""), ==, GTK_INVALID_LIST_POSITION);
  g_signal_handlers_disconnect_by_func (tree, count_turn, &n_turns);
}

static void
test_drag_copies (MainTest *test)
{
  const char *change;

  login (test);
  click (test, BOB_ROW, 0);
  add_click (test, FAY_ROW);
  drag (test, BOB_ROW, WORK, GDK_KEY_Control_L);
  change = fake_server_expect_contains (test->me->server, "jid='bob@peer.test'");
  g_assert_nonnull (strstr (change, "<group>Design</group>"));
  g_assert_nonnull (strstr (change, "<group>Work</group>"));
  g_assert_nonnull (strstr (fake_server_expect_contains (test->me->server, "jid='fay@peer.test'"), "<group>Work</group>"));
}

/* One who is not of the selection is dragged alone; one who is in the group already is not changed */
static void
test_drag_other (MainTest *test)
{
  login (test);
  click (test, BOB_ROW, 0);
  add_click (test, CARL_ROW);
  drag (test, FAY_ROW, WORK, 0);
  fake_server_expect_contains (test->me->server, "jid='fay@peer.test'");
  fake_server_no_more (test->me->server);

  click (test, BOB_ROW, 0);
  add_click (test, EMIL_ROW);
  drag (test, BOB_ROW, WORK, 0);
  fake_server_expect_contains (test->me->server, "jid='bob@peer.test'");
  fake_server_no_more (test->me->server);
}

/* Nobody goes from one account to another, and not half of them */
static void
test_drag_two_accounts (MainTest *test)
{
  GtkWindow *window = main_test_main_window (test);

  g_settings_set_boolean (flint_application_get_settings (test->application), "show-offline", TRUE);
  main_test_wait (main_test_find_contact (test, ZOE) != GTK_INVALID_LIST_POSITION &&
                  main_test_find_contact (test, BOB) != GTK_INVALID_LIST_POSITION);
  app_settle (window);
  click (test, main_test_find_contact (test, BOB), 0);
  add_click (test, main_test_find_contact (test, ZOE));
  drag (test, main_test_find_contact (test, BOB), main_test_find_group (test, ""), 0);
  fake_server_no_more (test->me->server);
  fake_server_no_more (test->other->server);
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

/* With ten thousand selected, five thousand come online: who is selected is not gone through again and again */
static void
test_many (MainTest *test)
{
  g_autofree char *roster = make_roster (10000);
  g_autoptr(GString) presences = g_string_new (NULL);
  GtkWindow *window = main_test_main_window (test);
  guint n_changes = 0;
  gint64 start;

  g_settings_set_boolean (flint_application_get_settings (test->application), "show-offline", TRUE);
  test_account_login (test->me, roster);
  main_test_wait (g_list_model_get_n_items (get_tree (test)) == 10040);
  app_settle (window);
  main_test_select (test, 1);
  start = g_get_monotonic_time ();
  app_key (window, "Down");
  g_test_message ("Going from row to row took %.1f ms", (g_get_monotonic_time () - start) / 1000.0);
  start = g_get_monotonic_time ();
  app_key (window, "<Control>slash");
  g_test_message ("Selecting ten thousand took %.1f ms", (g_get_monotonic_time () - start) / 1000.0);
  g_assert_nonnull (app_find_text (get_bar (test), "10000 selected"));
  app_settle (window);
  main_test_shoot (window, "several-many");

  g_signal_connect_swapped (get_selection (test), "selection-changed", G_CALLBACK (count_turn), &n_changes);
  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (presences, "<presence from='c%u@peer.test/x'/>", i);
  start = g_get_monotonic_time ();
  test_account_send (test->me, presences->str);
  main_test_wait (app_find_text (main_test_list (test), "125/250") != NULL);
  g_test_message ("Five thousand coming online took %.1f ms", (g_get_monotonic_time () - start) / 1000.0);
  app_settle (window);
  g_assert_cmpuint (n_changes, ==, 0);
  g_assert_nonnull (app_find_text (get_bar (test), "10000 selected"));
  g_assert_cmpuint (app_count_type (main_test_list (test), FLINT_TYPE_TREE_LIST_ROW), <, 300);

  start = g_get_monotonic_time ();
  app_key (window, "Down");
  g_test_message ("Going on to one row took %.1f ms", (g_get_monotonic_time () - start) / 1000.0);
  g_assert_false (app_is_shown (get_bar (test)));
  g_assert_cmpuint (n_changes, ==, 1);
  g_signal_handlers_disconnect_by_func (get_selection (test), count_turn, &n_changes);
}

static void
add_tests (void)
{
  main_test_add ("/app/several/control-and-shift-with-a-click", MAIN_TEST_ONE, test_clicks);
  main_test_add ("/app/several/a-heading-is-selected-alone", MAIN_TEST_ONE, test_headings);
  main_test_add ("/app/several/control-and-space-is-of-the-row-with-the-cursor", MAIN_TEST_ONE, test_space);
  main_test_add ("/app/several/control-and-a-selects-the-group", MAIN_TEST_ONE, test_group);
  main_test_add ("/app/several/a-group-ends-with-its-account", MAIN_TEST_TWO, test_group_of_account);
  main_test_add ("/app/several/escape-clears", MAIN_TEST_ONE, test_escape);
  main_test_add ("/app/several/a-bar-says-how-many-and-nothing-moves", MAIN_TEST_ONE, test_bar);
  main_test_add ("/app/several/a-screen-reader-is-told", MAIN_TEST_ONE, test_told);
  main_test_add ("/app/several/enter-is-of-the-row-with-the-cursor", MAIN_TEST_ONE, test_enter);
  main_test_add ("/app/several/a-double-click-is-of-one", MAIN_TEST_ONE, test_double_click);
  main_test_add ("/app/several/a-double-click-with-control-opens-nothing", MAIN_TEST_ONE, test_double_toggle);
  main_test_add ("/app/several/a-list-that-is-sorted-anew-keeps-them", MAIN_TEST_ONE, test_sorted_anew);
  main_test_add ("/app/several/a-list-that-is-sorted-anew-keeps-one", MAIN_TEST_ONE, test_one_sorted_anew);
  main_test_add ("/app/several/the-cursor-stays-with-its-row", MAIN_TEST_ONE, test_cursor_follows);
  main_test_add ("/app/several/who-vanishes-is-not-selected", MAIN_TEST_ONE, test_vanished);
  main_test_add ("/app/several/their-menu-opens-by-mouse-and-keys", MAIN_TEST_ONE, test_menu);
  main_test_add ("/app/several/what-is-of-one-is-not-done-to-several", MAIN_TEST_ONE, test_of_one);
  main_test_add ("/app/several/delete-asks-once-and-removes-all", MAIN_TEST_ONE, test_remove);
  main_test_add ("/app/several/T060-names-in-the-question-are-text", MAIN_TEST_ONE, test_remove_hostile);
  main_test_add ("/app/several/why-they-were-refused-is-said-once", MAIN_TEST_ONE, test_refused);
  main_test_add ("/app/several/each-is-removed-in-its-own-account", MAIN_TEST_TWO, test_remove_two_accounts);
  main_test_add ("/app/several/what-can-be-done-follows-all-accounts", MAIN_TEST_TWO, test_actions_follow);
  main_test_add ("/app/several/groups-of-all-are-chosen-in-one-dialog", MAIN_TEST_ONE, test_groups);
  main_test_add ("/app/several/what-some-are-in-can-stay-so", MAIN_TEST_ONE, test_groups_mixed);
  main_test_add ("/app/several/what-changed-elsewhere-meanwhile-stays", MAIN_TEST_ONE, test_groups_meanwhile);
  main_test_add ("/app/several/dragging-moves-all-at-once", MAIN_TEST_ONE, test_drag);
  main_test_add ("/app/several/dragging-with-control-copies-all", MAIN_TEST_ONE, test_drag_copies);
  main_test_add ("/app/several/dragging-another-one-drags-that", MAIN_TEST_ONE, test_drag_other);
  main_test_add ("/app/several/dragging-out-of-an-account-does-nothing", MAIN_TEST_TWO, test_drag_two_accounts);
  main_test_add ("/app/several/ten-thousand-are-no-more-work-than-one", MAIN_TEST_ONE, test_many);
}

int
main (int   argc,
      char *argv[])
{
  return main_test_main (argc, argv, add_tests);
}
