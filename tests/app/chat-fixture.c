/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "chat-fixture.h"

#include "flint-chat-page.h"
#include "flint-chat-window.h"
#include "flint-main-window.h"
#include "flint-message-row.h"

#include <locale.h>

typedef struct
{
  FlintApplication *application;
  int               status;
} Run;

void
chat_set_notifying (ChatFixture *self,
                    gboolean     is_on)
{
  static const char * const keys[] = { "notify-chats", "notify-mentions", "notify-headlines", "notify-requests" };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    g_settings_set_boolean (flint_application_get_settings (self->application), keys[i], is_on);
}

/* Each test in its turn */

static void
set_up (ChatFixture   *self,
        gconstpointer  data)
{
  self->application = FLINT_APPLICATION (g_application_get_default ());
  self->core = flint_application_get_core (self->application);
  chat_set_notifying (self, FALSE);
  self->me = test_account_new (self->core, ME);
  test_account_login (self->me, TEST_ROSTER);
}

static void
close_windows (ChatFixture *self)
{
  g_autolist(GtkWindow) windows = gtk_window_list_toplevels ();

  /* dialogs are of no application: they go, too */
  g_list_foreach (windows, (GFunc) g_object_ref, NULL);
  for (GList *l = windows; l != NULL; l = l->next)
    {
      if (!FLINT_IS_MAIN_WINDOW (l->data))
        gtk_window_destroy (l->data);
    }
}

static void
tear_down (ChatFixture   *self,
           gconstpointer  data)
{
  close_windows (self);
  if (flint_account_is_online (self->me->account))
    test_account_logout (self->me);
  flint_account_list_remove (flint_core_get_accounts (self->core), self->me->account);
  close_windows (self);
  test_core_forget (self->core, ME);
  test_account_free (self->me);
}

void
chat_test_add (const char *path,
               ChatTest    test)
{
  g_test_add (path, ChatFixture, NULL, set_up, test, tear_down);
}

static gboolean
on_idle (gpointer user_data)
{
  Run *run = user_data;

  /* the program ends with its last window: this one stays */
  flint_application_show_main (run->application);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  run->status = g_test_run ();
  g_action_group_activate_action (G_ACTION_GROUP (run->application), "quit", NULL);

  return G_SOURCE_REMOVE;
}

static void
on_startup (GApplication *application,
            Run          *run)
{
  g_application_set_default (application);
  g_idle_add (on_idle, run);
}

int
chat_test_run (void)
{
  char *arguments[] = { "flint", NULL };
  Run run = { NULL };
  int status;

  setlocale (LC_ALL, "");
  run.application = flint_application_new ();
  g_signal_connect_after (run.application, "startup", G_CALLBACK (on_startup), &run);
  status = g_application_run (G_APPLICATION (run.application), 1, arguments);
  g_object_unref (run.application);

  return run.status != 0 ? run.status : status;
}

/* What a person does */

static GtkWidget *
find_page (GtkWidget         *widget,
           FlintConversation *conversation)
{
  GtkWidget *found = NULL;

  if (FLINT_IS_CHAT_PAGE (widget))
    return flint_chat_page_get_conversation (FLINT_CHAT_PAGE (widget)) == conversation ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_page (child, conversation);

  return found;
}

GtkWidget *
chat_page_of (FlintConversation *conversation)
{
  GListModel *windows = gtk_window_get_toplevels ();
  GtkWidget *found = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (windows) && found == NULL; i++)
    {
      g_autoptr(GtkWidget) window = g_list_model_get_item (windows, i);

      found = find_page (window, conversation);
    }

  return found;
}

GtkWidget *
chat_show (ChatFixture       *self,
           FlintConversation *conversation)
{
  GtkWindow *window = flint_application_show_conversation (self->application, conversation);

  g_assert_true (app_focus (window));
  app_settle (window);

  return chat_page_of (conversation);
}

GtkWidget *
chat_open (ChatFixture *self,
           const char  *address)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (address, NULL);

  return chat_show (self, flint_core_open_chat (self->core, self->me->account, jid));
}

void
chat_close_all (ChatFixture *self)
{
  close_windows (self);
}

void
chat_receive (ChatFixture *self,
              const char  *from,
              const char  *body)
{
  g_autofree char *xml = g_strdup_printf ("<message type='chat' from='%s'><body>%s</body></message>", from, body);

  test_account_send (self->me, xml);
}

/* Names: with GTK_A11Y=test GTK says what a screen reader would be told */

GtkWidget *
chat_find_row (GtkWidget    *widget,
               FlintMessage *message)
{
  GtkWidget *found = NULL;

  if (FLINT_IS_MESSAGE_ROW (widget))
    return flint_message_row_get_message (FLINT_MESSAGE_ROW (widget)) == message ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = chat_find_row (child, message);

  return found;
}

char *
chat_get_name (GtkWidget *widget)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (widget);
  char *name;

  if (!gtk_test_accessible_has_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL))
    return g_strdup ("");

  name = gtk_test_accessible_check_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL, "\001");

  return name != NULL ? name : g_strdup ("");
}

static gboolean
has_label_inside (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget) && *gtk_label_get_text (GTK_LABEL (widget)) != '\0')
    return TRUE;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      if (has_label_inside (child))
        return TRUE;
    }

  return FALSE;
}

/* Text in a button or in a row is its name; what has a list or a field inside is named by itself */
static gboolean
is_named (GtkWidget *widget)
{
  g_autofree char *name = chat_get_name (widget);

  return *name != '\0' ||
         gtk_test_accessible_has_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY) ||
         ((GTK_IS_BUTTON (widget) || GTK_IS_LIST_BOX_ROW (widget)) && has_label_inside (widget));
}

static gboolean
needs_name (GtkWidget *widget)
{
  return (GTK_IS_BUTTON (widget) && !GTK_IS_MENU_BUTTON (gtk_widget_get_parent (widget)) && !GTK_IS_WINDOW_CONTROLS (gtk_widget_get_parent (widget))) ||
         GTK_IS_MENU_BUTTON (widget) || GTK_IS_ENTRY (widget) || GTK_IS_SEARCH_ENTRY (widget) || GTK_IS_TEXT_VIEW (widget) ||
         GTK_IS_LIST_VIEW (widget) || GTK_IS_LIST_BOX (widget) || GTK_IS_LIST_BOX_ROW (widget) || GTK_IS_SWITCH (widget) ||
         g_str_equal (G_OBJECT_TYPE_NAME (widget), "GtkListItemWidget");
}

static gboolean
is_toolkits (GtkWidget *widget)
{
  /* tabs and the insides of rows with an entry are libadwaita's */
  return g_str_has_prefix (G_OBJECT_TYPE_NAME (widget), "AdwTab") || ADW_IS_ENTRY_ROW (widget) || ADW_IS_COMBO_ROW (widget);
}

static void
assert_named (GtkWidget *widget,
              guint     *n_named)
{
  if (!gtk_widget_get_child_visible (widget) || !gtk_widget_get_visible (widget) || is_toolkits (widget))
    return;

  if (needs_name (widget))
    {
      if (!is_named (widget))
        g_error ("%s “%s” in a %s has no name", G_OBJECT_TYPE_NAME (widget), gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget)),
                 G_OBJECT_TYPE_NAME (gtk_widget_get_parent (widget)));
      (*n_named)++;
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    assert_named (child, n_named);
}

void
chat_assert_named (gpointer window)
{
  guint n_named = 0;

  assert_named (window, &n_named);
  g_assert_cmpuint (n_named, >, 0);
}
