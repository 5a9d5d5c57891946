/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How it begins and how it ends: who signs in by himself, and that everybody has been told and
 * everything is on the disk before the program goes.
 */
#include "flint-core-private.h"

#include "flint-account-list-private.h"
#include "flint-account-private.h"

/* Beginning */

static void
for_each_auto_login (FlintCore *self,
                     void     (*func) (FlintAccount *account))
{
  GListModel *accounts = G_LIST_MODEL (flint_core_get_accounts (self));

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(FlintAccount) account = g_list_model_get_item (accounts, i);
      gboolean auto_login;

      g_object_get (account, "auto-login", &auto_login, NULL);

      if (auto_login)
        func (account);
    }
}

/**
 * flint_core_prepare:
 * @self: the core
 *
 * For who will call flint_core_connect_all (): begins with what takes time before there is a connection, the keyring and
 * whom this computer trusts. It goes on while the main loop does not.
 */
void
flint_core_prepare (FlintCore *self)
{
  g_return_if_fail (FLINT_IS_CORE (self));

  for_each_auto_login (self, flint_account_prepare);
}

/**
 * flint_core_connect_all:
 * @self: the core
 *
 * Connects the accounts that are to sign in by themselves, without asking anybody anything.
 */
void
flint_core_connect_all (FlintCore *self)
{
  g_return_if_fail (FLINT_IS_CORE (self));

  for_each_auto_login (self, flint_account_connect_quietly);
}

/* Ending */

static void
on_history_closed (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (flint_history_close_finish (FLINT_HISTORY (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* The history is the last: what comes until the end belongs into it */
static void
end_one (GTask *task)
{
  guint n_waiting = GPOINTER_TO_UINT (g_task_get_task_data (task)) - 1;

  g_task_set_task_data (task, GUINT_TO_POINTER (n_waiting), NULL);

  if (n_waiting == 0)
    flint_history_close_async (flint_core_get_history (g_task_get_source_object (task)), on_history_closed,
                               g_object_ref (task));
}

static void
begin_one (GTask *task)
{
  g_task_set_task_data (task, GUINT_TO_POINTER (GPOINTER_TO_UINT (g_task_get_task_data (task)) + 1), NULL);
}

/* However it ended, it has: who could not be told or written now cannot be helped */
static void
on_ended (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;

  end_one (task);
}

/**
 * flint_core_close_async:
 * @self: the core
 * @callback: called when every server was told, or had its two seconds, and everything is on the disk
 * @user_data: for @callback
 *
 * Signs out everywhere, for a program that ends.
 */
void
flint_core_close_async (FlintCore           *self,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  GListModel *accounts;

  g_return_if_fail (FLINT_IS_CORE (self));

  accounts = G_LIST_MODEL (flint_core_get_accounts (self));
  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, flint_core_close_async);
  begin_one (task);

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(FlintAccount) account = g_list_model_get_item (accounts, i);

      flint_account_save_cache (account);
      begin_one (task);
      flint_account_close_async (account, on_ended, g_object_ref (task));
    }

  begin_one (task);
  flint_cache_flush_async (flint_core_get_cache (self), on_ended, g_object_ref (task));
  begin_one (task);
  flint_cache_flush_async (flint_core_get_config (self), on_ended, g_object_ref (task));
  begin_one (task);
  flint_account_list_flush_async (flint_core_get_accounts (self), on_ended, g_object_ref (task));
  end_one (task);
}

/**
 * flint_core_close_finish:
 * @self: the core
 * @result: what the callback got
 * @error: return location, a sentence
 *
 * Returns: %TRUE; %FALSE: not all that was said could be written to the disk
 */
gboolean
flint_core_close_finish (FlintCore     *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
