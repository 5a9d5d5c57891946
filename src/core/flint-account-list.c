/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-account-list-private.h"

#include "flint-account-private.h"
#include "flint-password-store.h"
#include "flint-waiting.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#define MAX_FILE     (1024 * 1024)
#define MAX_ACCOUNTS 64

struct _FlintAccountList
{
  GObject    parent_instance;

  char      *file_name;
  GKeyFile  *file;           /* as it was read, with what we do not know */
  GPtrArray *accounts;
  guint      save_idle;
  gboolean   is_writing;
  gboolean   is_dirty;       /* changed since the write in flight began */
  gboolean   has_failed;     /* what is here is not on the disk */
  gboolean   is_unread;      /* what is on the disk is not here: it must not be written over */
  GPtrArray *flushes;        /* of owned GTask */
};

enum {
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void flint_account_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FlintAccountList, flint_account_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, flint_account_list_model_init))

static GType
get_item_type (GListModel *model)
{
  return FLINT_TYPE_ACCOUNT;
}

static guint
get_n_items (GListModel *model)
{
  return FLINT_ACCOUNT_LIST (model)->accounts->len;
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  GPtrArray *accounts = FLINT_ACCOUNT_LIST (model)->accounts;

  return position < accounts->len ? g_object_ref (g_ptr_array_index (accounts, position)) : NULL;
}

static void
flint_account_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* Writing: off the main thread, one at a time, the file replaced whole */

typedef struct
{
  char *file_name;
  char *data;
  gsize length;
  char *aside;         /* where the old file goes; NULL: nowhere */
} Write;

static void
write_free (gpointer data)
{
  Write *write = data;

  g_free (write->file_name);
  g_free (write->data);
  g_free (write->aside);
  g_free (write);
}

static void
write_file (GTask        *task,
            gpointer      source,
            gpointer      task_data,
            GCancellable *cancellable)
{
  Write *write = task_data;
  g_autofree char *directory = g_path_get_dirname (write->file_name);
  GError *error = NULL;

  if (g_mkdir_with_parents (directory, 0700) != 0)
    g_task_return_new_error (task, G_FILE_ERROR, g_file_error_from_errno (errno), "%s", g_strerror (errno));
  else if (write->aside != NULL && g_rename (write->file_name, write->aside) != 0 && errno != ENOENT)
    g_task_return_new_error (task, G_FILE_ERROR, g_file_error_from_errno (errno), "%s", g_strerror (errno));
  else if (g_file_set_contents_full (write->file_name, write->data, write->length,
                                     G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Of a file that is damaged, or that could not be read */
static char *
make_name_aside (FlintAccountList *self)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *date = g_date_time_format (now, "%Y%m%d-%H%M%S");

  return g_strconcat (self->file_name, ".corrupt-", date, NULL);
}

static void start_writing (FlintAccountList *self);

static void
on_written (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  FlintAccountList *self = FLINT_ACCOUNT_LIST (source);
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) told = NULL;

  self->is_writing = FALSE;
  self->has_failed = !g_task_propagate_boolean (G_TASK (result), &error);
  self->is_unread &= self->has_failed;

  if (self->has_failed)
    {
      told = g_error_new (error->domain, error->code, _("The accounts could not be saved: %s"), error->message);
      g_signal_emit (self, signals[FAILED], 0, told);
    }

  if (self->is_dirty)
    {
      start_writing (self);
      return;
    }

  flint_waiting_end (&self->flushes);
}

static void
start_writing (FlintAccountList *self)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, on_written, NULL);
  Write *write = g_new0 (Write, 1);

  g_task_set_source_tag (task, start_writing);
  self->is_writing = TRUE;
  self->is_dirty = FALSE;

  for (guint i = 0; i < self->accounts->len; i++)
    {
      FlintAccount *account = g_ptr_array_index (self->accounts, i);

      if (!flint_account_is_transient (account))
        flint_account_write (account, self->file);
    }

  write->file_name = g_strdup (self->file_name);
  write->data = g_key_file_to_data (self->file, &write->length, NULL);
  write->aside = self->is_unread ? make_name_aside (self) : NULL;
  g_task_set_task_data (task, write, write_free);
  g_task_run_in_thread (task, write_file);
}

static gboolean
on_save_idle (gpointer user_data)
{
  FlintAccountList *self = user_data;

  self->save_idle = 0;
  flint_account_list_save (self);

  return G_SOURCE_REMOVE;
}

/* A setting changed: those that one dialog changes make one write */
static void
on_account_notify (FlintAccount     *account,
                   GParamSpec       *pspec,
                   FlintAccountList *self)
{
  if ((pspec->flags & G_PARAM_WRITABLE) != 0 && !flint_account_is_transient (account) && self->save_idle == 0)
    self->save_idle = g_idle_add (on_save_idle, self);
}

static void
insert (FlintAccountList *self,
        FlintAccount     *account)
{
  g_ptr_array_add (self->accounts, g_object_ref (account));
  g_signal_connect_object (account, "notify", G_CALLBACK (on_account_notify), self, 0);
}

static void
flint_account_list_dispose (GObject *object)
{
  FlintAccountList *self = FLINT_ACCOUNT_LIST (object);

  g_clear_handle_id (&self->save_idle, g_source_remove);
  g_ptr_array_set_size (self->accounts, 0);

  G_OBJECT_CLASS (flint_account_list_parent_class)->dispose (object);
}

static void
flint_account_list_finalize (GObject *object)
{
  FlintAccountList *self = FLINT_ACCOUNT_LIST (object);

  g_ptr_array_unref (self->accounts);
  g_ptr_array_unref (self->flushes);
  g_key_file_unref (self->file);
  g_free (self->file_name);

  G_OBJECT_CLASS (flint_account_list_parent_class)->finalize (object);
}

static void
flint_account_list_class_init (FlintAccountListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = flint_account_list_dispose;
  object_class->finalize = flint_account_list_finalize;

  signals[FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
flint_account_list_init (FlintAccountList *self)
{
  self->accounts = g_ptr_array_new_with_free_func (g_object_unref);
  self->flushes = flint_waiting_new ();
  self->file = g_key_file_new ();
}

/* Lines that are no key file's are left out, so that one of them does not cost all accounts (F32) */
static char *
repair (const char *data,
        gsize       length)
{
  g_autofree char *valid = g_utf8_make_valid (data, length);
  g_auto(GStrv) lines = g_strsplit (valid, "\n", -1);
  GString *good = g_string_sized_new (length);
  gboolean in_group = FALSE;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autoptr(GKeyFile) probe = g_key_file_new ();
      g_autofree char *text = NULL;
      gboolean is_group = *g_strstrip (lines[i]) == '[';

      text = g_strconcat (is_group ? "" : "[x]\n", lines[i], NULL);

      if (!g_key_file_load_from_data (probe, text, -1, G_KEY_FILE_KEEP_COMMENTS, NULL))
        {
          /* What follows would belong to the group before it */
          in_group = is_group ? FALSE : in_group;
          continue;
        }

      in_group = in_group || is_group;

      if (in_group)
        g_string_append_printf (good, "%s\n", lines[i]);
    }

  return g_string_free (good, FALSE);
}

static void
keep_copy (FlintAccountList *self,
           const char       *data,
           gsize             length)
{
  g_autofree char *name = make_name_aside (self);
  g_autoptr(GError) error = NULL;

  if (!g_file_set_contents_full (name, data, length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    g_message ("The damaged file of accounts could not be copied: %s", error->message);
}

/* The name of a group is an account's id: ours, so nothing else is believed to be one */
static gboolean
is_account (GKeyFile   *file,
            const char *group)
{
  return strlen (group) <= 64 && (g_key_file_has_key (file, group, "address", NULL) || g_key_file_has_key (file, group, "domain", NULL));
}

static void
make_accounts (FlintAccountList *self)
{
  g_auto(GStrv) groups = g_key_file_get_groups (self->file, NULL);
  guint n_old = self->accounts->len;

  for (guint i = 0; groups[i] != NULL && self->accounts->len < MAX_ACCOUNTS; i++)
    {
      g_autoptr(FlintAccount) account = NULL;

      if (!is_account (self->file, groups[i]) || flint_account_list_find (self, groups[i]) != NULL)
        continue;

      account = flint_account_new_with_id (groups[i]);
      flint_account_read (account, self->file);
      insert (self, account);
    }

  g_list_model_items_changed (G_LIST_MODEL (self), n_old, 0, self->accounts->len - n_old);
}

/**
 * flint_account_list_new:
 * @file_name: the full name of the file that they are kept in
 *
 * Returns: (transfer full): an empty list; see flint_account_list_load ()
 */
FlintAccountList *
flint_account_list_new (const char *file_name)
{
  FlintAccountList *self;

  g_return_val_if_fail (file_name != NULL, NULL);

  self = g_object_new (FLINT_TYPE_ACCOUNT_LIST, NULL);
  self->file_name = g_strdup (file_name);

  return self;
}

/**
 * flint_account_list_load:
 * @self: an account list
 * @error: return location, %G_FILE_ERROR or %G_KEY_FILE_ERROR
 *
 * Reads the accounts, at the start of the program. Of a damaged file everything that can be read is, and a
 * copy is kept beside it. One that cannot be read at all is put aside before another one is written.
 *
 * Returns: whether there was nothing wrong; no file is nothing wrong
 */
gboolean
flint_account_list_load (FlintAccountList  *self,
                         GError           **error)
{
  g_autofree char *data = NULL;
  g_autofree char *repaired = NULL;
  g_autoptr(GError) problem = NULL;
  GStatBuf info;
  gsize length;

  g_return_val_if_fail (FLINT_IS_ACCOUNT_LIST (self), FALSE);

  if (g_stat (self->file_name, &info) == 0 && info.st_size > MAX_FILE)
    {
      self->is_unread = TRUE;
      g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, _("The file of accounts is too large to be one."));
      return FALSE;
    }

  if (!g_file_get_contents (self->file_name, &data, &length, &problem))
    {
      if (g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return TRUE;

      self->is_unread = TRUE;
      g_set_error (error, problem->domain, problem->code, _("The accounts could not be read: %s"), problem->message);
      return FALSE;
    }

  if (!g_key_file_load_from_data (self->file, data, length, G_KEY_FILE_KEEP_COMMENTS, &problem))
    {
      keep_copy (self, data, length);
      repaired = repair (data, length);
      g_key_file_unref (self->file);
      self->file = g_key_file_new ();

      if (!g_key_file_load_from_data (self->file, repaired, -1, G_KEY_FILE_KEEP_COMMENTS, NULL))
        g_debug ("Nothing of the file of accounts can be read");

      g_set_error_literal (error, problem->domain, problem->code,
                           _("The file of accounts is damaged. What could be read is here, and a copy of the file was kept."));
    }

  make_accounts (self);

  return problem == NULL;
}

/**
 * flint_account_list_add:
 * @self: an account list
 * @account: an account
 *
 * Adds an account and saves the list. One that is transient is not saved.
 */
void
flint_account_list_add (FlintAccountList *self,
                        FlintAccount     *account)
{
  g_return_if_fail (FLINT_IS_ACCOUNT_LIST (self));
  g_return_if_fail (FLINT_IS_ACCOUNT (account));

  if (g_ptr_array_find (self->accounts, account, NULL))
    return;

  insert (self, account);
  g_list_model_items_changed (G_LIST_MODEL (self), self->accounts->len - 1, 0, 1);

  if (!flint_account_is_transient (account))
    flint_account_list_save (self);
}

static void
on_password_cleared (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!flint_password_clear_finish (result, &error))
    g_debug ("The password of a removed account could not be removed: %s", error->message);
}

/**
 * flint_account_list_remove:
 * @self: an account list
 * @account: one of its accounts
 *
 * Signs out, and removes an account with its password and what was kept of it.
 */
void
flint_account_list_remove (FlintAccountList *self,
                           FlintAccount     *account)
{
  g_autoptr(FlintAccount) kept = NULL;
  guint position;

  g_return_if_fail (FLINT_IS_ACCOUNT_LIST (self));
  g_return_if_fail (FLINT_IS_ACCOUNT (account));

  if (!g_ptr_array_find (self->accounts, account, &position))
    return;

  kept = g_object_ref (account);
  flint_account_disconnect (account);
  flint_account_set_password (account, NULL);
  g_signal_handlers_disconnect_by_func (account, on_account_notify, self);

  g_ptr_array_remove_index (self->accounts, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);

  if (flint_account_is_transient (account))
    return;

  flint_account_clear_cache (account);
  flint_password_clear_async (flint_account_get_id (account), NULL, on_password_cleared, NULL);
  g_key_file_remove_group (self->file, flint_account_get_id (account), NULL);
  flint_account_list_save (self);
}

/**
 * flint_account_list_save:
 * @self: an account list
 *
 * Writes the file some time soon. Settings that change are saved without being asked; "failed" tells what
 * goes wrong.
 */
void
flint_account_list_save (FlintAccountList *self)
{
  g_return_if_fail (FLINT_IS_ACCOUNT_LIST (self));

  g_clear_handle_id (&self->save_idle, g_source_remove);

  if (self->is_writing)
    self->is_dirty = TRUE;
  else
    start_writing (self);
}

/* Waits until everything is on the disk */
void
flint_account_list_flush_async (FlintAccountList    *self,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, flint_account_list_flush_async);

  if (self->save_idle != 0 || (self->has_failed && !self->is_writing))
    flint_account_list_save (self);

  if (self->is_writing)
    {
      g_ptr_array_add (self->flushes, task);
      return;
    }

  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

gboolean
flint_account_list_flush_finish (FlintAccountList  *self,
                                 GAsyncResult      *result,
                                 GError           **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * flint_account_list_find:
 * @self: an account list
 * @id: an account's id
 *
 * Returns: (transfer none) (nullable): the account
 */
FlintAccount *
flint_account_list_find (FlintAccountList *self,
                         const char       *id)
{
  g_return_val_if_fail (FLINT_IS_ACCOUNT_LIST (self), NULL);

  for (guint i = 0; i < self->accounts->len; i++)
    if (g_strcmp0 (flint_account_get_id (g_ptr_array_index (self->accounts, i)), id) == 0)
      return g_ptr_array_index (self->accounts, i);

  return NULL;
}

/**
 * flint_account_list_find_address:
 * @self: an account list
 * @address: a bare address
 *
 * Returns: (transfer none) (nullable): the first account with this address
 */
FlintAccount *
flint_account_list_find_address (FlintAccountList *self,
                                 const char       *address)
{
  g_autoptr(XmppJid) jid = NULL;

  g_return_val_if_fail (FLINT_IS_ACCOUNT_LIST (self), NULL);

  if (address == NULL || !(jid = xmpp_jid_new (address, NULL)))
    return NULL;

  for (guint i = 0; i < self->accounts->len; i++)
    {
      XmppJid *own = flint_account_get_jid (g_ptr_array_index (self->accounts, i));

      if (own != NULL && xmpp_jid_equal_bare (own, jid))
        return g_ptr_array_index (self->accounts, i);
    }

  return NULL;
}
