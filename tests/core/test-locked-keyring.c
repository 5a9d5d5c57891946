/* SPDX-License-Identifier: GPL-3.0-or-later */
/* F34: a keyring that is locked, and a person who unlocks it, or does not, or late. The keyring is ours */
#include "core-fixture.h"

#include "flint-password-store.h"

#include <string.h>

static const char interfaces[] =
  "<node>"
  "<interface name='org.freedesktop.Secret.Service'>"
  "<method name='OpenSession'><arg type='s' direction='in'/><arg type='v' direction='in'/><arg type='v' direction='out'/><arg type='o' direction='out'/></method>"
  "<method name='SearchItems'><arg type='a{ss}' direction='in'/><arg type='ao' direction='out'/><arg type='ao' direction='out'/></method>"
  "<method name='Unlock'><arg type='ao' direction='in'/><arg type='ao' direction='out'/><arg type='o' direction='out'/></method>"
  "<method name='GetSecrets'><arg type='ao' direction='in'/><arg type='o' direction='in'/><arg type='a{o(oayays)}' direction='out'/></method>"
  "<method name='ReadAlias'><arg type='s' direction='in'/><arg type='o' direction='out'/></method>"
  "<property name='Collections' type='ao' access='read'/>"
  "</interface>"
  "<interface name='org.freedesktop.Secret.Collection'>"
  "<method name='CreateItem'><arg type='a{sv}' direction='in'/><arg type='(oayays)' direction='in'/><arg type='b' direction='in'/>"
  "<arg type='o' direction='out'/><arg type='o' direction='out'/></method>"
  "<property name='Items' type='ao' access='read'/><property name='Label' type='s' access='read'/><property name='Locked' type='b' access='read'/>"
  "<property name='Created' type='t' access='read'/><property name='Modified' type='t' access='read'/>"
  "</interface>"
  "<interface name='org.freedesktop.Secret.Item'>"
  "<method name='GetSecret'><arg type='o' direction='in'/><arg type='(oayays)' direction='out'/></method>"
  "<property name='Locked' type='b' access='read'/><property name='Attributes' type='a{ss}' access='read'/><property name='Label' type='s' access='read'/>"
  "<property name='Created' type='t' access='read'/><property name='Modified' type='t' access='read'/>"
  "</interface>"
  "<interface name='org.freedesktop.Secret.Prompt'>"
  "<method name='Prompt'><arg type='s' direction='in'/></method><method name='Dismiss'/>"
  "<signal name='Completed'><arg type='b'/><arg type='v'/></signal>"
  "</interface>"
  "</node>";

#define ROOT       "/org/freedesktop/secrets"
#define COLLECTION ROOT "/collection/login"
#define ALIAS      ROOT "/aliases/default"
#define ITEM       COLLECTION "/1"
#define PROMPT     ROOT "/prompt/1"
#define SESSION    ROOT "/session/1"

typedef struct
{
  GTestDBus       *bus;
  GDBusConnection *connection;
  GDBusNodeInfo   *info;
  gboolean         is_locked;
  gboolean         is_dismissed;    /* what the person does with the prompt */
  gboolean         is_late;         /* not yet */
  guint            n_prompts;
  gboolean         is_prompting;
  guint            name;
} Keyring;

static GVariant *
make_secret (void)
{
  return g_variant_new ("(o@ay@ays)", SESSION, g_variant_new_from_data (G_VARIANT_TYPE_BYTESTRING, "", 0, TRUE, NULL, NULL),
                        g_variant_new_from_data (G_VARIANT_TYPE_BYTESTRING, FAKE_PASSWORD, strlen (FAKE_PASSWORD), TRUE, NULL, NULL),
                        "text/plain");
}

static void
end_prompt (Keyring *self)
{
  GVariant *result = g_variant_new_objv ((const char *[]) { ITEM }, self->is_dismissed ? 0 : 1);

  self->is_prompting = FALSE;
  self->is_locked = self->is_dismissed;
  g_dbus_connection_emit_signal (self->connection, NULL, PROMPT, "org.freedesktop.Secret.Prompt", "Completed",
                                 g_variant_new ("(bv)", self->is_dismissed, result), NULL);
}

static void
on_method (GDBusConnection       *connection,
           const char            *sender,
           const char            *path,
           const char            *interface,
           const char            *method,
           GVariant              *parameters,
           GDBusMethodInvocation *call,
           gpointer               user_data)
{
  Keyring *self = user_data;
  const char *none[] = { NULL };
  const char *item[] = { ITEM, NULL };

  if (g_str_equal (method, "OpenSession"))
    {
      const char *algorithm;

      g_variant_get_child (parameters, 0, "&s", &algorithm);
      if (g_str_equal (algorithm, "plain"))
        g_dbus_method_invocation_return_value (call, g_variant_new ("(vo)", g_variant_new_string (""), SESSION));
      else
        g_dbus_method_invocation_return_dbus_error (call, "org.freedesktop.DBus.Error.NotSupported", "no");
    }
  else if (g_str_equal (method, "SearchItems"))
    g_dbus_method_invocation_return_value (call, g_variant_new ("(^ao^ao)", self->is_locked ? none : item, self->is_locked ? item : none));
  else if (g_str_equal (method, "Unlock"))
    {
      g_autoptr(GVariant) paths = g_variant_get_child_value (parameters, 0);

      if (self->is_locked)
        g_dbus_method_invocation_return_value (call, g_variant_new ("(^aoo)", none, PROMPT));
      else
        g_dbus_method_invocation_return_value (call, g_variant_new ("(@aoo)", paths, "/"));
    }
  else if (g_str_equal (method, "Prompt"))
    {
      g_dbus_method_invocation_return_value (call, NULL);
      self->n_prompts++;
      self->is_prompting = TRUE;
      if (!self->is_late)
        end_prompt (self);
    }
  else if (g_str_equal (method, "Dismiss"))
    {
      g_dbus_method_invocation_return_value (call, NULL);
      self->is_dismissed = TRUE;
      end_prompt (self);
    }
  else if (self->is_locked)
    g_dbus_method_invocation_return_dbus_error (call, "org.freedesktop.Secret.Error.IsLocked", "locked");
  else if (g_str_equal (method, "GetSecret"))
    g_dbus_method_invocation_return_value (call, g_variant_new ("(@(oayays))", make_secret ()));
  else if (g_str_equal (method, "GetSecrets"))
    {
      GVariantBuilder secrets;

      g_variant_builder_init (&secrets, G_VARIANT_TYPE ("a{o(oayays)}"));
      g_variant_builder_add (&secrets, "{o@(oayays)}", ITEM, make_secret ());
      g_dbus_method_invocation_return_value (call, g_variant_new ("(a{o(oayays)})", &secrets));
    }
  else if (g_str_equal (method, "ReadAlias"))
    g_dbus_method_invocation_return_value (call, g_variant_new ("(o)", COLLECTION));
  else
    g_dbus_method_invocation_return_value (call, g_str_equal (method, "CreateItem") ? g_variant_new ("(oo)", ITEM, "/") : NULL);
}

static GVariant *
on_property (GDBusConnection  *connection,
             const char       *sender,
             const char       *path,
             const char       *interface,
             const char       *name,
             GError          **error,
             gpointer          user_data)
{
  Keyring *self = user_data;

  if (g_str_equal (name, "Locked"))
    return g_variant_new_boolean (self->is_locked);
  if (g_str_equal (name, "Label"))
    return g_variant_new_string ("");
  if (g_str_equal (name, "Attributes"))
    return g_variant_new_parsed ("@a{ss} {}");
  if (g_str_equal (name, "Created") || g_str_equal (name, "Modified"))
    return g_variant_new_uint64 (1);

  return g_variant_new_parsed ("@ao []");
}

static void
export (Keyring    *self,
        const char *path,
        const char *interface)
{
  static const GDBusInterfaceVTable vtable = { on_method, on_property, NULL };
  g_autoptr(GError) error = NULL;

  g_dbus_connection_register_object (self->connection, path, g_dbus_node_info_lookup_interface (self->info, interface),
                                     &vtable, self, NULL, &error);
  g_assert_no_error (error);
}

static void
on_owned (GDBusConnection *connection,
          const char      *name,
          gpointer         user_data)
{
  *(gboolean *) user_data = TRUE;
}

static void
keyring_init (Keyring *self)
{
  g_autoptr(GError) error = NULL;
  gboolean is_owned = FALSE;

  self->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (self->bus);
  self->connection = g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (self->bus),
                                                             G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                             G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);
  g_assert_no_error (error);
  self->info = g_dbus_node_info_new_for_xml (interfaces, &error);
  g_assert_no_error (error);
  export (self, ROOT, "org.freedesktop.Secret.Service");
  export (self, COLLECTION, "org.freedesktop.Secret.Collection");
  export (self, ALIAS, "org.freedesktop.Secret.Collection");
  export (self, ITEM, "org.freedesktop.Secret.Item");
  export (self, PROMPT, "org.freedesktop.Secret.Prompt");
  self->name = g_bus_own_name_on_connection (self->connection, "org.freedesktop.secrets", G_BUS_NAME_OWNER_FLAGS_NONE, on_owned, NULL, &is_owned, NULL);
  fake_server_wait_until (is_owned);
}

static void
keyring_clear (Keyring *self)
{
  g_bus_unown_name (self->name);
  g_dbus_connection_close_sync (self->connection, NULL, NULL);
  g_clear_object (&self->connection);
  g_clear_pointer (&self->info, g_dbus_node_info_unref);
  secret_service_disconnect ();
  g_test_dbus_stop (self->bus);
}

static void
keyring_reset (Keyring *self,
               gboolean is_dismissed,
               gboolean is_late)
{
  self->is_locked = TRUE;
  self->is_dismissed = is_dismissed;
  self->is_late = is_late;
  self->n_prompts = 0;
}

/* Tests */

typedef struct
{
  guint n_asked;
  char *words;
} Asked;

static void
on_password_needed (FlintAccount *account,
                    const GError *error,
                    Asked        *asked)
{
  asked->n_asked++;
  g_free (asked->words);
  asked->words = g_strdup (error != NULL ? error->message : NULL);
}

static void
on_not_kept (FlintAccount *account,
             const GError *error,
             char        **words)
{
  g_free (*words);
  *words = g_strdup (error->message);
}

static TestAccount *
new_kept_account (Asked *asked)
{
  TestAccount *test = test_account_new (NULL, ME);

  g_object_set (test->account, "is-transient", FALSE, NULL);
  flint_account_set_password (test->account, NULL);
  g_signal_connect (test->account, "password-needed", G_CALLBACK (on_password_needed), asked);

  return test;
}

/* Whoever lets Flint log in by itself is not asked to unlock anything; and may type the password instead */
static void
test_quiet (gconstpointer data)
{
  Keyring *keyring = (Keyring *) data;
  Asked asked = { 0 };
  g_autofree char *words = NULL;
  g_autoptr(TestAccount) test = new_kept_account (&asked);

  keyring_reset (keyring, TRUE, FALSE);
  g_signal_connect (test->account, "password-not-kept", G_CALLBACK (on_not_kept), &words);
  flint_account_connect_quietly (test->account);
  fake_server_wait_until (flint_account_get_state (test->account) == FLINT_ACCOUNT_FAILED);
  g_assert_error (flint_account_get_error (test->account), FLINT_PASSWORD_ERROR, FLINT_PASSWORD_ERROR_LOCKED);
  g_assert_cmpstr (asked.words, ==, "The keyring is locked, so Flint cannot read your password.");
  g_assert_cmpuint (keyring->n_prompts, ==, 0);

  flint_account_set_password (test->account, FAKE_PASSWORD);
  test_account_login (test, TEST_ROSTER);
  g_assert_cmpuint (asked.n_asked, ==, 1);
  g_free (asked.words);

  /* And that it is not kept is another matter */
  fake_server_wait_until (words != NULL);
}

/* The prompt is closed: told once, not asked again, and no password anywhere else */
static void
test_dismissed (gconstpointer data)
{
  Keyring *keyring = (Keyring *) data;
  Asked asked = { 0 };
  g_autoptr(TestAccount) test = new_kept_account (&asked);

  keyring_reset (keyring, TRUE, FALSE);
  flint_account_connect (test->account);
  fake_server_wait_until (flint_account_get_state (test->account) == FLINT_ACCOUNT_FAILED);
  g_assert_error (flint_account_get_error (test->account), FLINT_PASSWORD_ERROR, FLINT_PASSWORD_ERROR_LOCKED);
  g_assert_cmpuint (keyring->n_prompts, ==, 1);
  g_assert_cmpuint (asked.n_asked, ==, 1);

  fake_clock_advance (test->server->clock, 1000 * 1000);
  g_assert_cmpuint (keyring->n_prompts, ==, 1);
  g_assert_cmpuint (test->server->n_connections, ==, 0);
  g_free (asked.words);
}

static void
test_unlocked (gconstpointer data)
{
  Keyring *keyring = (Keyring *) data;
  Asked asked = { 0 };
  g_autoptr(TestAccount) test = new_kept_account (&asked);

  keyring_reset (keyring, FALSE, FALSE);
  test_account_login (test, TEST_ROSTER);
  g_assert_cmpuint (keyring->n_prompts, ==, 1);
  g_assert_cmpuint (asked.n_asked, ==, 0);
}

/* While the prompt is open the main loop turns; and whoever gives up meanwhile is not logged in later */
static void
test_late (gconstpointer data)
{
  Keyring *keyring = (Keyring *) data;
  Asked asked = { 0 };
  g_autoptr(TestAccount) test = new_kept_account (&asked);

  keyring_reset (keyring, FALSE, TRUE);
  flint_account_connect (test->account);
  fake_server_wait_until (keyring->is_prompting);
  g_assert_cmpint (flint_account_get_state (test->account), ==, FLINT_ACCOUNT_CONNECTING);
  end_prompt (keyring);
  test_account_accept (test, TEST_ROSTER);
  test_account_logout (test);

  flint_account_set_password (test->account, NULL);
  keyring_reset (keyring, FALSE, TRUE);
  flint_account_connect (test->account);
  fake_server_wait_until (keyring->is_prompting);
  flint_account_disconnect (test->account);
  fake_server_wait_until (!keyring->is_prompting);
  g_assert_cmpint (flint_account_get_state (test->account), ==, FLINT_ACCOUNT_OFFLINE);
  g_assert_cmpuint (test->server->n_connections, ==, 1);
  g_assert_cmpuint (asked.n_asked, ==, 0);
}

/* A password that was to be kept and is not: the login is good, and it is said */
static void
test_not_kept (gconstpointer data)
{
  Keyring *keyring = (Keyring *) data;
  g_autoptr(TestAccount) test = NULL;
  g_autofree char *words = NULL;
  Asked asked = { 0 };

  test = new_kept_account (&asked);
  keyring_reset (keyring, TRUE, FALSE);
  g_signal_connect (test->account, "password-not-kept", G_CALLBACK (on_not_kept), &words);
  flint_account_set_password (test->account, FAKE_PASSWORD);
  test_account_login (test, TEST_ROSTER);
  fake_server_wait_until (words != NULL);
  g_assert_cmpstr (words, ==, "The keyring is locked, so your password is not kept.");
  g_assert_true (flint_account_is_online (test->account));
}

int
main (int   argc,
      char *argv[])
{
  Keyring keyring = { NULL };
  int status;

  g_test_init (&argc, &argv, NULL);
  keyring_init (&keyring);

  g_test_add_data_func ("/core/locked-keyring/F34-nobody-is-asked-at-the-start", &keyring, test_quiet);
  g_test_add_data_func ("/core/locked-keyring/F34-who-does-not-unlock-it-is-asked-for-the-password", &keyring, test_dismissed);
  g_test_add_data_func ("/core/locked-keyring/F34-who-unlocks-it-is-logged-in", &keyring, test_unlocked);
  g_test_add_data_func ("/core/locked-keyring/F34-also-late-unless-given-up", &keyring, test_late);
  g_test_add_data_func ("/core/locked-keyring/F34-a-password-that-is-not-kept-is-told", &keyring, test_not_kept);

  status = g_test_run ();
  keyring_clear (&keyring);

  return status;
}
