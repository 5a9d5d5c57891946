/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a login needed is given back when everybody has come to rest. */
#include "accounts-fixture.h"
#include "core-fixture.h"
#include "flint-account-private.h"
#include "flint-tidier.h"

typedef struct
{
  AccountsFixture  accounts;
  FlintTidier     *tidier;
  guint            n_tidied;
} Fixture;

static void
on_tidied (Fixture *f)
{
  f->n_tidied++;
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  accounts_set_up (&f->accounts);
  f->tidier = flint_tidier_new (f->accounts.list);
  flint_tidier_set_delay (f->tidier, 10);
  g_signal_connect_swapped (f->tidier, "tidied", G_CALLBACK (on_tidied), f);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_finalize_object (f->tidier);
  accounts_tear_down (&f->accounts);
}

static gboolean
on_late (gpointer is_late)
{
  *(gboolean *) is_late = TRUE;

  return G_SOURCE_REMOVE;
}

static void
test_once (Fixture       *f,
           gconstpointer  data)
{
  FlintAccount *account = accounts_add (&f->accounts, "me@good.test");
  gboolean is_late = FALSE;

  flint_account_set_state (account, FLINT_ACCOUNT_CONNECTING, FLINT_STEP_FINDING, NULL);
  flint_account_set_state (account, FLINT_ACCOUNT_ONLINE, FLINT_STEP_DONE, NULL);
  fake_server_wait_until (f->n_tidied == 1);

  g_timeout_add (50, on_late, &is_late);
  fake_server_wait_until (is_late);
  g_assert_cmpuint (f->n_tidied, ==, 1);
}

static void
test_several (Fixture       *f,
              gconstpointer  data)
{
  FlintAccount *first = accounts_add (&f->accounts, "me@good.test");
  FlintAccount *second = accounts_add (&f->accounts, "me@other.test");
  gboolean is_late = FALSE;

  flint_account_set_state (first, FLINT_ACCOUNT_CONNECTING, FLINT_STEP_FINDING, NULL);
  flint_account_set_state (second, FLINT_ACCOUNT_CONNECTING, FLINT_STEP_FINDING, NULL);
  flint_account_set_state (first, FLINT_ACCOUNT_ONLINE, FLINT_STEP_DONE, NULL);
  g_timeout_add (50, on_late, &is_late);
  fake_server_wait_until (is_late);
  g_assert_cmpuint (f->n_tidied, ==, 0);

  flint_account_set_state (second, FLINT_ACCOUNT_OFFLINE, FLINT_STEP_DONE, NULL);
  fake_server_wait_until (f->n_tidied == 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/core/tidier/once-after-a-login", Fixture, NULL, set_up, test_once, tear_down);
  g_test_add ("/core/tidier/it-waits-for-whoever-is-still-connecting", Fixture, NULL, set_up, test_several, tear_down);

  return g_test_run ();
}
