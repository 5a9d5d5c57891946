/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-tidier.h"

#ifdef HAVE_MALLOC_TRIM
#include <malloc.h>
#endif

#define DELAY 6500   /* ms after the last login: who is there has come, the window is drawn, the console has packed */

struct _FlintTidier
{
  GObject           parent_instance;

  FlintAccountList *accounts;
  guint             delay;      /* ms */
  guint             timer;
};

G_DEFINE_FINAL_TYPE (FlintTidier, flint_tidier, G_TYPE_OBJECT)

enum
{
  TIDIED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static gboolean
is_somebody_on_the_way (FlintTidier *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->accounts)); i++)
    {
      g_autoptr(FlintAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);

      if (flint_account_get_state (account) == FLINT_ACCOUNT_CONNECTING)
        return TRUE;
    }

  return FALSE;
}

static gboolean
on_timer (gpointer user_data)
{
  FlintTidier *self = user_data;

  self->timer = 0;
#ifdef HAVE_MALLOC_TRIM
  malloc_trim (0);
#endif
  g_signal_emit (self, signals[TIDIED], 0);

  return G_SOURCE_REMOVE;
}

/* Whoever came to rest last was the last one for now, or somebody else is, later. */
static void
on_state_changed (FlintTidier  *self,
                  GParamSpec   *pspec,
                  FlintAccount *account)
{
  g_clear_handle_id (&self->timer, g_source_remove);

  if (!is_somebody_on_the_way (self))
    self->timer = g_timeout_add (self->delay, on_timer, self);
}

static void
on_accounts_changed (GListModel  *accounts,
                     guint        position,
                     guint        n_removed,
                     guint        n_added,
                     FlintTidier *self)
{
  for (guint i = position; i < position + n_added; i++)
    {
      g_autoptr(FlintAccount) account = g_list_model_get_item (accounts, i);

      g_signal_connect_object (account, "notify::state", G_CALLBACK (on_state_changed), self, G_CONNECT_SWAPPED);
    }
}

static void
flint_tidier_dispose (GObject *object)
{
  FlintTidier *self = FLINT_TIDIER (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->accounts);

  G_OBJECT_CLASS (flint_tidier_parent_class)->dispose (object);
}

static void
flint_tidier_class_init (FlintTidierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = flint_tidier_dispose;

  signals[TIDIED] = g_signal_new ("tidied", FLINT_TYPE_TIDIER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
flint_tidier_init (FlintTidier *self)
{
  self->delay = DELAY;
}

/**
 * flint_tidier_new:
 * @accounts: whose logins it follows
 *
 * Returns: (transfer full): it tidies for as long as it lives
 */
FlintTidier *
flint_tidier_new (FlintAccountList *accounts)
{
  FlintTidier *self;

  g_return_val_if_fail (FLINT_IS_ACCOUNT_LIST (accounts), NULL);

  self = g_object_new (FLINT_TYPE_TIDIER, NULL);
  self->accounts = g_object_ref (accounts);
  g_signal_connect_object (accounts, "items-changed", G_CALLBACK (on_accounts_changed), self, 0);
  on_accounts_changed (G_LIST_MODEL (accounts), 0, 0, g_list_model_get_n_items (G_LIST_MODEL (accounts)), self);

  return self;
}

/**
 * flint_tidier_set_delay:
 * @milliseconds: after the last change of an account's state
 */
void
flint_tidier_set_delay (FlintTidier *self,
                        guint        milliseconds)
{
  g_return_if_fail (FLINT_IS_TIDIER (self));

  self->delay = milliseconds;
}
