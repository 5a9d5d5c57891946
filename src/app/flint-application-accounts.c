/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the program does with each account beside showing it, and which one is meant when nobody says */
#include "flint-config.h"

#include "flint-application-private.h"

#include "console-capture.h"
#include "flint-status-popover.h"

/* It starts with the status that was chosen last; one that logs in invisible stays so. */
static void
set_first_status (FlintApplication *self,
                  FlintAccount     *account)
{
  g_autoptr(FlintStatus) last = flint_status_load_last (self);
  g_autoptr(FlintStatus) status = NULL;
  gboolean is_invisible;

  g_object_get (account, "invisible", &is_invisible, NULL);
  status = flint_status_new (flint_status_get_show (last), flint_status_get_text (last),
                             is_invisible || flint_status_is_invisible (last));
  flint_account_set_first_status (account, status);
}

static void
on_invisible_changed (FlintAccount     *account,
                      GParamSpec       *pspec,
                      FlintApplication *self)
{
  set_first_status (self, account);
}

static void
on_told (FlintApplication *self,
         const GError     *error)
{
  flint_application_toast (self, error->message);
}

/* Each account is seen by the console, and what it has to tell that is nobody's question is said in passing. */
static void
watch_account (FlintApplication *self,
               FlintAccount     *account)
{
  set_first_status (self, account);
  g_signal_connect_object (account, "notify::invisible", G_CALLBACK (on_invisible_changed), self, 0);
  g_signal_connect_object (account, "status-failed", G_CALLBACK (on_told), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (account, "password-not-kept", G_CALLBACK (on_told), self, G_CONNECT_SWAPPED);
  console_capture_watch (flint_application_get_capture (self), flint_account_get_session (account), flint_account_get_address (account));
}

static void
on_accounts_changed (GListModel       *accounts,
                     guint             position,
                     guint             removed,
                     guint             added,
                     FlintApplication *self)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr(FlintAccount) account = g_list_model_get_item (accounts, i);

      watch_account (self, account);
    }
}

/**
 * flint_application_follow_accounts:
 *
 * To be called once, before there is an account.
 */
void
flint_application_follow_accounts (FlintApplication *self)
{
  g_signal_connect_object (flint_core_get_accounts (flint_application_get_core (self)), "items-changed",
                           G_CALLBACK (on_accounts_changed), self, 0);
}

/**
 * flint_application_tell_change:
 * @account: a #FlintAccount
 * @result: what the server said to a change of its contacts
 * @application: (transfer full): a #FlintApplication
 *
 * A callback for such a change. That it was done is seen; that it was not is said in passing.
 */
void
flint_application_tell_change (GObject      *account,
                               GAsyncResult *result,
                               gpointer      application)
{
  g_autoptr(FlintApplication) self = application;
  g_autoptr(GError) error = NULL;

  if (!flint_account_change_finish (FLINT_ACCOUNT (account), result, &error))
    flint_application_toast (self, error->message);
}

/**
 * flint_application_get_default_account:
 *
 * Returns: (nullable): the account that a new chat, contact or room is for when nobody says which:
 *   the first one that is online, else the first one
 */
FlintAccount *
flint_application_get_default_account (FlintApplication *self)
{
  GListModel *accounts;
  g_autoptr(FlintAccount) first = NULL;

  g_return_val_if_fail (FLINT_IS_APPLICATION (self), NULL);

  accounts = G_LIST_MODEL (flint_core_get_accounts (flint_application_get_core (self)));

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(FlintAccount) account = g_list_model_get_item (accounts, i);

      if (flint_account_is_online (account))
        return account;   /* the list holds it */

      if (first == NULL)
        first = g_object_ref (account);
    }

  return first;
}
