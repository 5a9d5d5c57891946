/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-password-store.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>

G_DEFINE_QUARK (flint-password-error-quark, flint_password_error)

/* Only our own id is an attribute: attributes are not encrypted */
static const SecretSchema schema = {
  "org.flint.Account", SECRET_SCHEMA_NONE,
  {
    { "account", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  }
};

static gboolean
is_missing_service (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SPAWN_SERVICE_NOT_FOUND) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SPAWN_EXEC_FAILED) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SPAWN_CHILD_EXITED) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_SERVER) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT) ||
         g_error_matches (error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT) ||
         g_error_matches (error, G_SPAWN_ERROR, G_SPAWN_ERROR_FAILED);
}

/* A prompt that was closed looks like a cancelled call, but it was not us who cancelled */
static gboolean
is_locked (const GError *error,
           GCancellable *cancellable)
{
  return g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED) ||
         (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && !g_cancellable_is_cancelled (cancellable));
}

/* What libsecret and D-Bus say, in words for a person */
static GError *
translate (GError       *error,
           GCancellable *cancellable)
{
  g_autoptr(GError) taken = error;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && g_cancellable_is_cancelled (cancellable))
    return g_steal_pointer (&taken);

  if (is_locked (error, cancellable))
    return g_error_new_literal (FLINT_PASSWORD_ERROR, FLINT_PASSWORD_ERROR_LOCKED,
                                _("The keyring is locked, so Flint cannot read your password."));

  if (is_missing_service (error))
    return g_error_new_literal (FLINT_PASSWORD_ERROR, FLINT_PASSWORD_ERROR_NO_SERVICE,
                                _("There is no keyring on this desktop, so passwords are not kept."));

  g_debug ("The keyring failed: %s", error->message);

  return g_error_new_literal (FLINT_PASSWORD_ERROR, FLINT_PASSWORD_ERROR_FAILED, _("The keyring did not answer."));
}

static GHashTable *
make_attributes (const char *account_id)
{
  return secret_attributes_build (&schema, "account", account_id, NULL);
}

/* Changes of the keyring, which take turns.
 *
 * Where libsecret keeps passwords in a file (in a sandbox) it writes the whole of it for each change, without
 * waiting for the write before: of two at the same time, the one that ends first is lost. A process has one
 * keyring, and so there is one queue. */
typedef struct
{
  GTask      *task;        /* owned */
  GHashTable *attributes;  /* owned */
  char       *label;       /* NULL: to be removed */
  char       *password;
} Change;

static GQueue changes = G_QUEUE_INIT;   /* of Change, owned; the first one is under way */

static void
change_free (Change *change)
{
  g_clear_object (&change->task);
  g_hash_table_unref (change->attributes);
  g_free (change->label);
  secret_password_free (change->password);
  g_free (change);
}

static void make_change (Change *change);

/* Takes @error */
static void
end_change (GError *error)
{
  Change *change = g_queue_pop_head (&changes);
  Change *next = g_queue_peek_head (&changes);

  if (error != NULL)
    g_task_return_error (change->task, translate (error, g_task_get_cancellable (change->task)));
  else
    g_task_return_boolean (change->task, TRUE);

  change_free (change);

  if (next != NULL)
    make_change (next);
}

static void
on_stored (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GError *error = NULL;

  secret_password_store_finish (result, &error);
  end_change (error);
}

static void
on_cleared (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  GError *error = NULL;

  secret_password_clear_finish (result, &error);
  end_change (error);
}

static void
make_change (Change *change)
{
  GCancellable *cancellable = g_task_get_cancellable (change->task);

  if (change->password != NULL)
    secret_password_storev (&schema, change->attributes, SECRET_COLLECTION_DEFAULT, change->label, change->password,
                            cancellable, on_stored, NULL);
  else
    secret_password_clearv (&schema, change->attributes, cancellable, on_cleared, NULL);
}

static void
queue_change (Change *change)
{
  g_queue_push_tail (&changes, change);

  if (changes.length == 1)
    make_change (change);
}

static void
on_secret_read (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(SecretValue) value = NULL;
  GError *error = NULL;

  value = secret_retrievable_retrieve_secret_finish (SECRET_RETRIEVABLE (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, translate (error, g_task_get_cancellable (task)));
  else
    g_task_return_pointer (task, value != NULL ? g_strdup (secret_value_get_text (value)) : NULL,
                           (GDestroyNotify) secret_password_free);
}

/* Several items with one id: the youngest counts */
static SecretRetrievable *
choose_item (GList *items)
{
  SecretRetrievable *youngest = NULL;

  for (GList *l = items; l != NULL; l = l->next)
    if (youngest == NULL ||
        secret_retrievable_get_modified (l->data) > secret_retrievable_get_modified (youngest))
      youngest = l->data;

  return youngest;
}

static void
on_found (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  GList *items = secret_password_search_finish (result, &error);
  SecretRetrievable *item = choose_item (items);

  if (error != NULL)
    g_task_return_error (task, translate (error, g_task_get_cancellable (task)));
  else if (item == NULL)
    g_task_return_pointer (task, NULL, NULL);
  else if (SECRET_IS_ITEM (item) && secret_item_get_locked (SECRET_ITEM (item)))
    g_task_return_new_error (task, FLINT_PASSWORD_ERROR, FLINT_PASSWORD_ERROR_LOCKED,
                             "%s", _("The keyring is locked, so Flint cannot read your password."));
  else
    secret_retrievable_retrieve_secret (item, g_task_get_cancellable (task), on_secret_read, g_object_ref (task));

  g_list_free_full (items, g_object_unref);
}

/**
 * flint_password_lookup_async:
 * @account_id: an account's id
 * @may_unlock: whether the desktop may ask the person to unlock the keyring
 * @cancellable: (nullable): to give up
 * @callback: called when it is known
 * @user_data: for @callback
 *
 * Looks for the password of an account. The main loop goes on while a person is asked.
 */
void
flint_password_lookup_async (const char          *account_id,
                             gboolean             may_unlock,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr(GHashTable) attributes = NULL;

  g_task_set_source_tag (task, flint_password_lookup_async);
  attributes = make_attributes (account_id);
  secret_password_searchv (&schema, attributes, SECRET_SEARCH_ALL | (may_unlock ? SECRET_SEARCH_UNLOCK : SECRET_SEARCH_NONE),
                           cancellable, on_found, task);
}

/* A service of its own: the one that all others share tells of changes in the main context. */
static void
fetch (GTask        *task,
       gpointer      source,
       gpointer      attributes,
       GCancellable *cancellable)
{
  g_autoptr(SecretService) service = NULL;
  g_autoptr(SecretValue) value = NULL;
  GError *error = NULL;
  GList *items = NULL;
  SecretRetrievable *item;

  service = secret_service_open_sync (SECRET_TYPE_SERVICE, NULL, SECRET_SERVICE_OPEN_SESSION, cancellable, &error);
  if (service != NULL)
    items = secret_service_search_sync (service, &schema, attributes, SECRET_SEARCH_ALL | SECRET_SEARCH_LOAD_SECRETS,
                                        cancellable, &error);

  if ((item = choose_item (items)) != NULL && !secret_item_get_locked (SECRET_ITEM (item)))
    value = secret_item_get_secret (SECRET_ITEM (item));

  if (error != NULL)
    g_task_return_error (task, translate (error, cancellable));
  else
    g_task_return_pointer (task, value != NULL ? g_strdup (secret_value_get_text (value)) : NULL,
                           (GDestroyNotify) secret_password_free);

  g_list_free_full (items, g_object_unref);
}

/**
 * flint_password_fetch_async:
 * @account_id: an account's id
 * @cancellable: (nullable): to give up
 * @callback: called when it is known
 * @user_data: for @callback
 *
 * Looks for the password of an account in the desktop's keyring, if that is open, without any need of the main loop,
 * which has other things to do while the program starts. None, be it for what reason, means that
 * flint_password_lookup_async () is to be asked when it is needed. Ends with flint_password_lookup_finish ().
 */
void
flint_password_fetch_async (const char          *account_id,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, flint_password_fetch_async);
  g_task_set_task_data (task, make_attributes (account_id), (GDestroyNotify) g_hash_table_unref);
  g_task_run_in_thread (task, fetch);
}

/**
 * flint_password_lookup_finish:
 * @result: what the callback got
 * @error: return location, %FLINT_PASSWORD_ERROR
 *
 * Returns: (transfer full) (nullable): the password, to be freed by secret_password_free (); %NULL without an
 *   error when there is none
 */
char *
flint_password_lookup_finish (GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * flint_password_store_async:
 * @account_id: an account's id
 * @address: its address, for the keyring's own list
 * @password: the password
 * @cancellable: (nullable): to give up
 * @callback: called at the end
 * @user_data: for @callback
 *
 * Keeps a password in the default keyring, after the changes that were asked for before.
 */
void
flint_password_store_async (const char          *account_id,
                            const char          *address,
                            const char          *password,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  Change *change = g_new0 (Change, 1);

  change->task = g_task_new (NULL, cancellable, callback, user_data);
  change->attributes = make_attributes (account_id);
  /* Translators: how the desktop's list of passwords names it; %s is an address */
  change->label = g_strdup_printf (_("Flint password of %s"), address);
  change->password = g_strdup (password);
  g_task_set_source_tag (change->task, flint_password_store_async);
  queue_change (change);
}

/**
 * flint_password_store_finish:
 * @result: what the callback got
 * @error: return location, %FLINT_PASSWORD_ERROR
 *
 * Returns: whether it is kept
 */
gboolean
flint_password_store_finish (GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * flint_password_clear_async:
 * @account_id: an account's id
 * @cancellable: (nullable): to give up
 * @callback: (nullable): called at the end
 * @user_data: for @callback
 *
 * Removes what the keyring has for an account, after the changes that were asked for before; having nothing is
 * no error.
 */
void
flint_password_clear_async (const char          *account_id,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  Change *change = g_new0 (Change, 1);

  change->task = g_task_new (NULL, cancellable, callback, user_data);
  change->attributes = make_attributes (account_id);
  g_task_set_source_tag (change->task, flint_password_clear_async);
  queue_change (change);
}

/**
 * flint_password_clear_finish:
 * @result: what the callback got
 * @error: return location, %FLINT_PASSWORD_ERROR
 *
 * Returns: whether nothing is kept any more
 */
gboolean
flint_password_clear_finish (GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
