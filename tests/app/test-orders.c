/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What others may have Flint do: links, and programs on the session bus. They open windows; nothing goes out
 * before a person says so.
 */
#include "flint-config.h"

#include "app-driver.h"
#include "core-fixture.h"

#include "flint-join-room-dialog.h"
#include "flint-main-window.h"

#include <gtksourceview/gtksource.h>
#include <string.h>
#include <sys/resource.h>

/* The real program, in this process, with one account on a fake server */
typedef struct
{
  FlintApplication *application;
  GDBusConnection  *bus;       /* another program's */
  TestAccount      *me;         /* windows keep it until the process ends */
  int               status;
} Fixture;

static void
set_up (Fixture *f)
{
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr(GError) error = NULL;

  f->bus = g_dbus_connection_new_for_address_sync (address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                   G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);
  g_assert_no_error (error);

  flint_application_show_main (f->application);
  f->me = test_account_new (flint_application_get_core (f->application), ME);
  test_account_login (f->me, TEST_ROSTER);
  fake_server_settle (f->me->server);
}

static void
close_windows (Fixture *f,
               GType    but)
{
  g_autoptr(GList) windows = g_list_copy (gtk_application_get_windows (GTK_APPLICATION (f->application)));

  for (GList *l = windows; l != NULL; l = l->next)
    {
      if (!G_TYPE_CHECK_INSTANCE_TYPE (l->data, but))
        gtk_window_destroy (l->data);
    }
}

typedef struct
{
  gboolean  is_done;
  GError   *error;
} Call;

static void
on_called (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Call *call = user_data;
  g_autoptr(GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &call->error);

  call->is_done = TRUE;
}

/* As another program does (D-Bus interface org.freedesktop.Application) */
static void
call_by_bus (Fixture    *f,
             const char *method,
             GVariant   *parameters)
{
  Call call = { FALSE };

  g_dbus_connection_call (f->bus, FLINT_APP_ID, "/org/flint/Flint", "org.freedesktop.Application", method, parameters,
                          NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_called, &call);
  fake_server_wait_until (call.is_done);
  g_assert_no_error (call.error);
}

static void
let_windows_be_shown (Fixture *f)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (f->application)); l != NULL; l = l->next)
    if (gtk_widget_get_visible (l->data))
      app_settle (l->data);
}

/* A dialog may ask our own server which rooms there are: that tells nobody anything */
static void
assert_silent (Fixture *f)
{
  FakeServer *server = f->me->server;

  fake_server_ping (server);

  for (guint i = 0; i < server->waiting->len; i++)
    {
      const char *element = g_ptr_array_index (server->waiting, i);

      if (!g_str_has_prefix (element, "<iq type='get' to='good.test' "))
        g_error ("nobody has confirmed %s", element);
    }

  g_ptr_array_set_size (server->waiting, 0);
}

static const char * const links[] = {
  "xmpp:eve@evil.test",
  "xmpp:eve@evil.test?message;body=hi",
  "xmpp:eve@evil.test?message;type=headline;subject=x;body=hi",
  "xmpp:trap@muc.evil.test?join",
  "xmpp:trap@muc.evil.test?join;password=x",
  "xmpp:eve@evil.test?roster;name=Bob;group=Friends",
  "xmpp:eve@evil.test?subscribe",
  "xmpp:bob@peer.test?unsubscribe",
  "xmpp:bob@peer.test?remove",
  "xmpp:good.test?register",
  "xmpp:good.test?unregister",
  "xmpp:good.test?command;node=x;action=execute",
  "xmpp:eve@evil.test?pubsub;action=subscribe;node=x",
  "xmpp:eve@evil.test?sendfile",
  "xmpp:eve@evil.test?invite;jid=bob@peer.test",
  "xmpp:eve@evil.test?vcard",
  "xmpp:eve@evil.test?no-such-action",
  "xmpp:%00",
  "file:///etc/passwd",
};

static void
test_T066 (gconstpointer data)
{
  Fixture *f = (Fixture *) data;

  for (guint i = 0; i < G_N_ELEMENTS (links); i++)
    {
      guint before = app_count_windows (GTK_TYPE_WINDOW);

      g_test_message ("%s", links[i]);
      call_by_bus (f, "Open", g_variant_new ("(^asa{sv})", (const char *[]) { links[i], NULL }, NULL));
      let_windows_be_shown (f);
      assert_silent (f);

      /* And there is something to be seen and to be decided */
      g_assert_cmpuint (app_count_windows (GTK_TYPE_WINDOW), >, before);
      close_windows (f, FLINT_TYPE_MAIN_WINDOW);
    }
}

/* The text of a link is a draft, and takes nobody's place */
static void
test_draft (gconstpointer data)
{
  Fixture *f = (Fixture *) data;
  GActionGroup *actions = G_ACTION_GROUP (f->application);
  FlintConversation *bob;

  g_action_group_activate_action (actions, "open-uri", g_variant_new_string ("xmpp:bob@peer.test?message;body=hi%20there"));
  bob = test_account_find (f->me, BOB);
  g_assert_cmpstr (flint_conversation_get_draft (bob), ==, "hi there");

  flint_conversation_set_draft (bob, "My own words");
  g_action_group_activate_action (actions, "open-uri", g_variant_new_string ("xmpp:bob@peer.test?message;body=other"));
  g_assert_cmpstr (flint_conversation_get_draft (bob), ==, "My own words");
  assert_silent (f);
}

/* Whatever a parameter may be */
static GVariant *
make_parameter (Fixture            *f,
                const GVariantType *type,
                guint               i)
{
  static const char * const texts[] = { "", "xmpp:eve@evil.test?message;body=hi", "contacts", "no such thing", "\342\200\256" };

  if (type == NULL)
    return NULL;
  if (g_variant_type_equal (type, G_VARIANT_TYPE_STRING))
    return g_variant_new_string (texts[i]);
  if (g_variant_type_equal (type, G_VARIANT_TYPE_UINT32))
    return g_variant_new_uint32 (i == 0 ? 1 : G_MAXUINT32 - i);

  g_assert_true (g_variant_type_equal (type, G_VARIANT_TYPE ("(ss)")));

  return g_variant_new ("(ss)", i % 2 == 0 ? flint_account_get_id (f->me->account) : "no such account", i < 2 ? EVE : texts[i]);
}

static void
test_T136 (gconstpointer data)
{
  Fixture *f = (Fixture *) data;
  g_auto(GStrv) actions = g_action_group_list_actions (G_ACTION_GROUP (f->application));
  guint n_tried = 0;

  for (guint i = 0; actions[i] != NULL; i++)
    {
      const GVariantType *type = g_action_group_get_action_parameter_type (G_ACTION_GROUP (f->application), actions[i]);

      /* These end what there is, as whoever can kill us can; the demo is a program of its own */
      if (g_str_equal (actions[i], "quit") || g_str_equal (actions[i], "sign-out") || g_str_equal (actions[i], "demo"))
        continue;

      for (guint j = 0; j < (type != NULL ? 5 : 1); j++)
        {
          GVariant *parameter = make_parameter (f, type, j);
          GVariantBuilder parameters;

          g_test_message ("%s", actions[i]);
          g_variant_builder_init (&parameters, G_VARIANT_TYPE ("av"));
          if (parameter != NULL)
            g_variant_builder_add (&parameters, "v", parameter);

          call_by_bus (f, "ActivateAction", g_variant_new ("(sava{sv})", actions[i], &parameters, NULL));
          let_windows_be_shown (f);
          assert_silent (f);
          close_windows (f, FLINT_TYPE_MAIN_WINDOW);
          n_tried++;
        }
    }

  g_assert_cmpuint (n_tried, >, 15);
}

static gboolean
is_told (gpointer data)
{
  GtkWindow *window = app_find_window (ADW_TYPE_MESSAGE_DIALOG);

  return window != NULL && app_find_text (window, data) != NULL;
}

/* What cannot be saved is said once, whatever else fails meanwhile */
static void
test_F30 (gconstpointer data)
{
  Fixture *f = (Fixture *) data;
  FlintCore *core = flint_application_get_core (f->application);
  g_autoptr(GError) error = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NOSPC, "The accounts could not be saved: No space left on device");
  guint before = app_count_windows (GTK_TYPE_WINDOW);

  g_signal_emit_by_name (core, "save-failed", error);
  g_signal_emit_by_name (core, "save-failed", error);
  g_assert_true (app_wait (is_told, (gpointer) "No space left on device"));
  g_assert_true (app_wait (is_told, (gpointer) "tried again with the next change"));
  g_assert_cmpuint (app_count_windows (GTK_TYPE_WINDOW), ==, before + 1);
  close_windows (f, FLINT_TYPE_MAIN_WINDOW);
}

/* The limit of the program itself, as it is when it answers */
static void
test_T134 (void)
{
  const char *program = g_getenv ("FLINT_PROGRAM");
  const char *arguments[] = { program, "--version", NULL };
  g_autofree char *output = NULL;
  struct rlimit limit;
  g_autoptr(GError) error = NULL;
  g_autofree char *proc = NULL;
  g_autofree char *limits = NULL;
  g_autoptr(GSubprocess) child = NULL;
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  gboolean has_limit = FALSE;

  g_assert_nonnull (program);

  /* Where nothing can be dumped anyway, the program would prove nothing */
  g_assert_cmpint (getrlimit (RLIMIT_CORE, &limit), ==, 0);
  if (limit.rlim_max == 0)
    {
      g_test_skip ("Cores are forbidden here");
      return;
    }

  arguments[1] = "--gapplication-service";
  child = g_subprocess_launcher_spawnv (launcher, arguments, &error);
  g_assert_no_error (error);
  proc = g_strdup_printf ("/proc/%s/limits", g_subprocess_get_identifier (child));

  while (!has_limit)
    {
      g_auto(GStrv) lines = NULL;

      g_clear_pointer (&limits, g_free);
      if (!g_file_get_contents (proc, &limits, NULL, NULL))
        g_error ("the program has ended");

      lines = g_strsplit (limits, "\n", -1);
      for (guint i = 0; lines[i] != NULL; i++)
        {
          guint64 soft;

          if (g_str_has_prefix (lines[i], "Max core file size"))
            has_limit = sscanf (lines[i] + strlen ("Max core file size"), "%" G_GUINT64_FORMAT, &soft) == 1 && soft == 0;
        }
      g_main_context_iteration (NULL, FALSE);
    }

  g_subprocess_force_exit (child);
  g_subprocess_wait (child, NULL, NULL);
}

/* The main loop is the application's, so that it begins and ends as it always does */
static gboolean
on_idle (gpointer user_data)
{
  Fixture *f = user_data;

  set_up (f);
  f->status = g_test_run ();
  g_action_group_activate_action (G_ACTION_GROUP (f->application), "quit", NULL);
  fake_server_expect (f->me->server, "<presence type='unavailable'/>");
  fake_server_close (f->me->server);

  return G_SOURCE_REMOVE;
}

static void
on_startup (GApplication *application,
            Fixture      *f)
{
  g_idle_add (on_idle, f);
}

int
main (int   argc,
      char *argv[])
{
  char *arguments[] = { (char *) "flint", NULL };
  static Fixture f = { .status = 1 };   /* what windows keep is no leak */

  g_test_init (&argc, &argv, NULL);
  gtk_source_init ();

  g_test_add_data_func ("/app/orders/T066-a-link-sends-nothing-by-itself", &f, test_T066);
  g_test_add_data_func ("/app/orders/T066-a-link-writes-over-no-draft", &f, test_draft);
  g_test_add_data_func ("/app/orders/T136-nor-does-an-action-of-another-program", &f, test_T136);
  g_test_add_data_func ("/app/orders/F30-a-full-disk-is-said-once", &f, test_F30);
  g_test_add_func ("/app/orders/T134-a-crash-leaves-no-memory-behind", test_T134);

  f.application = flint_application_new ();
  g_signal_connect_after (f.application, "startup", G_CALLBACK (on_startup), &f);
  g_application_run (G_APPLICATION (f.application), 1, arguments);
  g_clear_object (&f.application);
  g_clear_object (&f.bus);
  gtk_source_finalize ();

  return f.status;
}
