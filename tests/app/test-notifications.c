/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "chat-fixture.h"

#include "flint-chat-window.h"
#include "flint-headlines-window.h"
#include "flint-letter-window.h"

#include <string.h>

/* The desktop: org.freedesktop.Notifications, on the bus of this program, in the same main loop */
typedef struct
{
  GDBusConnection *connection;
  guint            registration;
  guint            owner;
  gboolean         is_owned;
  GPtrArray       *titles;         /* of char *, all that came */
  GPtrArray       *bodies;
  GPtrArray       *actions;        /* of GStrv */
  guint            n_closed;
} Desktop;

static void
on_call (GDBusConnection       *connection,
         const char            *sender,
         const char            *path,
         const char            *interface,
         const char            *method,
         GVariant              *parameters,
         GDBusMethodInvocation *invocation,
         gpointer               user_data)
{
  static const char * const capabilities[] = { "body", "body-markup", "actions", NULL };
  Desktop *self = user_data;

  if (g_str_equal (method, "GetCapabilities"))
    {
      g_dbus_method_invocation_return_value (invocation, g_variant_new ("(^as)", capabilities));
    }
  else if (g_str_equal (method, "Notify"))
    {
      char *title;
      char *body;
      char **actions;

      g_variant_get (parameters, "(susss^asa{sv}i)", NULL, NULL, NULL, &title, &body, &actions, NULL, NULL);
      g_ptr_array_add (self->titles, title);
      g_ptr_array_add (self->bodies, body);
      g_ptr_array_add (self->actions, actions);
      g_dbus_method_invocation_return_value (invocation, g_variant_new ("(u)", self->titles->len));
    }
  else
    {
      self->n_closed += g_str_equal (method, "CloseNotification") ? 1 : 0;
      g_dbus_method_invocation_return_value (invocation, NULL);
    }
}

static void
on_owned (GDBusConnection *connection,
          const char      *name,
          gpointer         user_data)
{
  ((Desktop *) user_data)->is_owned = TRUE;
}

static Desktop *
desktop_new (ChatFixture *fixture)
{
  static const GDBusInterfaceVTable vtable = { .method_call = on_call };
  Desktop *self = g_new0 (Desktop, 1);
  g_autoptr(GDBusNodeInfo) node =
    g_dbus_node_info_new_for_xml ("<node><interface name='org.freedesktop.Notifications'>"
                                  "<method name='GetCapabilities'><arg type='as' direction='out'/></method>"
                                  "<method name='Notify'><arg type='s' direction='in'/><arg type='u' direction='in'/>"
                                  "<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/>"
                                  "<arg type='as' direction='in'/><arg type='a{sv}' direction='in'/><arg type='i' direction='in'/>"
                                  "<arg type='u' direction='out'/></method>"
                                  "<method name='CloseNotification'><arg type='u' direction='in'/></method>"
                                  "</interface></node>", NULL);

  chat_set_notifying (fixture, TRUE);
  self->titles = g_ptr_array_new_with_free_func (g_free);
  self->bodies = g_ptr_array_new_with_free_func (g_free);
  self->actions = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  self->connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  self->registration = g_dbus_connection_register_object (self->connection, "/org/freedesktop/Notifications", node->interfaces[0],
                                                          &vtable, self, NULL, NULL);
  self->owner = g_bus_own_name_on_connection (self->connection, "org.freedesktop.Notifications", G_BUS_NAME_OWNER_FLAGS_NONE,
                                              on_owned, NULL, self, NULL);
  fake_server_wait_until (self->is_owned);

  return self;
}

static void
desktop_free (Desktop *self)
{
  g_bus_unown_name (self->owner);
  g_dbus_connection_unregister_object (self->connection, self->registration);
  g_object_unref (self->connection);
  g_ptr_array_unref (self->titles);
  g_ptr_array_unref (self->bodies);
  g_ptr_array_unref (self->actions);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Desktop, desktop_free)

static const char *
get_last (GPtrArray *array)
{
  return g_ptr_array_index (array, array->len - 1);
}

static void
press (ChatFixture *self,
       Desktop     *desktop,
       const char  *action)
{
  g_dbus_connection_emit_signal (desktop->connection, NULL, "/org/freedesktop/Notifications", "org.freedesktop.Notifications",
                                 "ActionInvoked", g_variant_new ("(us)", desktop->titles->len, action), NULL);
}

/* The label of each action stands behind its name */
static const char *
find_action (Desktop    *desktop,
             const char *label)
{
  char **actions = g_ptr_array_index (desktop->actions, desktop->actions->len - 1);

  for (guint i = 0; actions[i] != NULL && actions[i + 1] != NULL; i += 2)
    {
      if (g_str_equal (actions[i + 1], label))
        return actions[i];
    }

  return NULL;
}

static void
test_opened (ChatFixture   *self,
             gconstpointer  data)
{
  g_autoptr(Desktop) desktop = desktop_new (self);

  chat_receive (self, BOB "/x", "hello");
  fake_server_wait_until (desktop->titles->len == 1);
  g_assert_cmpstr (get_last (desktop->titles), ==, "Bob");
  g_assert_cmpstr (get_last (desktop->bodies), ==, "hello");
  g_assert_nonnull (find_action (desktop, "Reply"));
  g_assert_nonnull (find_action (desktop, "Mark as read"));

  press (self, desktop, find_action (desktop, "Reply"));
  fake_server_wait_until (app_find_window (FLINT_TYPE_CHAT_WINDOW) != NULL);
  g_assert_true (app_focus (app_find_window (FLINT_TYPE_CHAT_WINDOW)));
  fake_server_wait_until (flint_conversation_get_unread (test_account_find (self->me, BOB)) == 0);
}

static void
test_withdrawn (ChatFixture   *self,
                gconstpointer  data)
{
  g_autoptr(Desktop) desktop = desktop_new (self);

  chat_receive (self, BOB "/x", "hello");
  fake_server_wait_until (desktop->titles->len == 1);
  g_assert_cmpuint (desktop->n_closed, ==, 0);
  chat_open (self, BOB);
  fake_server_wait_until (desktop->n_closed == 1);
}

static void
test_marked (ChatFixture   *self,
             gconstpointer  data)
{
  g_autoptr(Desktop) desktop = desktop_new (self);

  chat_receive (self, BOB "/x", "hello");
  fake_server_wait_until (desktop->titles->len == 1);
  press (self, desktop, find_action (desktop, "Mark as read"));
  fake_server_wait_until (flint_conversation_get_unread (test_account_find (self->me, BOB)) == 0);
  g_assert_null (app_find_window (FLINT_TYPE_CHAT_WINDOW));
}

static void
test_watched (ChatFixture   *self,
              gconstpointer  data)
{
  g_autoptr(Desktop) desktop = desktop_new (self);

  chat_open (self, BOB);
  chat_receive (self, BOB "/x", "seen at once");
  chat_receive (self, "ann@peer.test/x", "not seen");
  fake_server_wait_until (desktop->titles->len == 1);
  g_assert_cmpstr (get_last (desktop->bodies), ==, "not seen");
}

static void
test_markup (ChatFixture   *self,
             gconstpointer  data)
{
  g_autoptr(Desktop) desktop = desktop_new (self);

  chat_receive (self, BOB "/x", "&lt;img src='https://evil.test/x.png'/&gt;&lt;a href='https://evil.test'&gt;good&lt;/a&gt; &amp;");
  fake_server_wait_until (desktop->titles->len == 1);
  g_assert_null (strchr (get_last (desktop->bodies), '<'));
  g_assert_true (g_str_has_prefix (get_last (desktop->bodies), "&lt;img src="));
  g_assert_true (g_str_has_suffix (get_last (desktop->bodies), "&amp;"));
}

static void
test_flood (ChatFixture   *self,
            gconstpointer  data)
{
  g_autoptr(Desktop) desktop = desktop_new (self);

  for (guint i = 0; i < 1000; i++)
    fake_server_send (self->me->server, i < 999 ? "<message type='chat' from='" BOB "/x'><body>one of many</body></message>"
                                                : "<message type='chat' from='" BOB "/x'><body>the last</body></message>");
  fake_server_ping (self->me->server);
  g_assert_cmpuint (flint_conversation_get_unread (test_account_find (self->me, BOB)), ==, 1000);
  fake_server_wait_until (desktop->titles->len > 0 && g_str_equal (get_last (desktop->bodies), "the last"));
  g_assert_cmpuint (desktop->titles->len, <=, 3);
}

static void
test_headlines (ChatFixture   *self,
                gconstpointer  data)
{
  g_autoptr(Desktop) desktop = desktop_new (self);

  g_autoptr(FlintHeadline) headline = NULL;
  GtkWidget *list;

  /* two of the same second are still two */
  test_account_send (self->me, "<message type='headline' from='news@good.test/x'><subject>One</subject><body>1</body>"
                               "<delay xmlns='urn:xmpp:delay' from='good.test' stamp='2026-01-02T03:04:05Z'/></message>"
                               "<message type='headline' from='news@good.test/x'><subject>Two</subject><body>2</body>"
                               "<delay xmlns='urn:xmpp:delay' from='good.test' stamp='2026-01-02T03:04:05Z'/></message>");
  fake_server_wait_until (desktop->titles->len == 2);
  g_assert_nonnull (strstr (get_last (desktop->titles), "Two"));
  g_assert_null (find_action (desktop, "Reply"));
  g_assert_cmpuint (desktop->n_closed, ==, 0);

  press (self, desktop, "default");
  fake_server_wait_until (app_find_window (FLINT_TYPE_HEADLINES_WINDOW) != NULL);
  g_assert_null (app_find_window (FLINT_TYPE_CHAT_WINDOW));
  headline = g_list_model_get_item (flint_core_get_headlines (self->core), 0);
  fake_server_wait_until (!flint_headline_is_unread (headline));
  g_assert_cmpstr (flint_headline_get_subject (headline), ==, "Two");

  /* the other one is read in the window */
  list = app_find_type (app_find_window (FLINT_TYPE_HEADLINES_WINDOW), GTK_TYPE_LIST_VIEW);
  gtk_selection_model_select_item (gtk_list_view_get_model (GTK_LIST_VIEW (list)), 1, TRUE);
  g_clear_object (&headline);
  headline = g_list_model_get_item (flint_core_get_headlines (self->core), 1);
  g_assert_false (flint_headline_is_unread (headline));
  fake_server_wait_until (desktop->n_closed == 2);
}

static void
test_headline_flood (ChatFixture   *self,
                     gconstpointer  data)
{
  g_autoptr(Desktop) desktop = desktop_new (self);

  for (guint i = 0; i < 100; i++)
    fake_server_send (self->me->server, "<message type='headline' from='news@good.test/x'><subject>News</subject><body>x</body></message>");
  fake_server_ping (self->me->server);
  fake_server_wait_until (desktop->titles->len > 0 && g_str_equal (get_last (desktop->titles), "There are more headlines"));
  /* five in two seconds, however slow it is here */
  g_assert_cmpuint (desktop->titles->len, <=, 50);
}

static void
test_letter_fails (ChatFixture   *self,
                   gconstpointer  data)
{
  g_autoptr(Desktop) desktop = desktop_new (self);
  g_autoptr(XmppJid) to = xmpp_jid_new (BOB, NULL);
  GtkWindow *window = flint_application_write_letter (self->application, self->me->account, to);
  g_autofree char *id = NULL;
  g_autofree char *xml = NULL;

  app_fill (app_find (window, "subject_entry"), "Lunch");
  app_type (app_find (window, "body_text"), "At noon");
  app_act (window, "mail.send");
  g_assert_null (app_find_window (FLINT_TYPE_LETTER_WINDOW));
  id = fake_xml_get (fake_server_expect_contains (self->me->server, "<subject>Lunch</subject>"), "id");
  xml = g_strdup_printf ("<message type='error' from='" BOB "' id='%s'><error type='cancel'>"
                         "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>", id);
  test_account_send (self->me, xml);
  fake_server_wait_until (desktop->titles->len == 1);
  g_assert_nonnull (strstr (get_last (desktop->titles), BOB));

  press (self, desktop, "default");
  fake_server_wait_until (app_find_window (FLINT_TYPE_LETTER_WINDOW) != NULL);
  g_assert_true (gtk_widget_get_visible (app_find (app_find_window (FLINT_TYPE_LETTER_WINDOW), "failure_label")));
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  chat_test_add ("/app/notifications/reply-opens-the-chat", test_opened);
  chat_test_add ("/app/notifications/reading-withdraws-it", test_withdrawn);
  chat_test_add ("/app/notifications/mark-as-read-opens-nothing", test_marked);
  chat_test_add ("/app/notifications/none-for-what-is-looked-at", test_watched);
  chat_test_add ("/app/notifications/T061-markup-is-escaped", test_markup);
  chat_test_add ("/app/notifications/T111-a-flood-is-one-that-changes", test_flood);
  chat_test_add ("/app/notifications/each-headline-has-its-own", test_headlines);
  chat_test_add ("/app/notifications/T111-a-flood-of-headlines-is-a-few", test_headline_flood);
  chat_test_add ("/app/notifications/a-message-that-is-not-delivered-is-told", test_letter_fails);

  return chat_test_run ();
}
