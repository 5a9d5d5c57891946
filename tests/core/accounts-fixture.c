/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "accounts-fixture.h"

#include "core-fixture.h"

void
accounts_set_up (AccountsFixture *self)
{
  g_autofree char *name = NULL;

  self->directory = test_directory_new ();
  name = g_build_filename (self->directory, "accounts.ini", NULL);
  self->list = flint_account_list_new (name);
}

void
accounts_tear_down (AccountsFixture *self)
{
  g_assert_finalize_object (self->list);
  test_directory_remove (self->directory);
  g_free (self->directory);
}

FlintAccount *
accounts_add (AccountsFixture *self,
              const char      *address)
{
  g_autoptr(FlintAccount) account = g_object_new (FLINT_TYPE_ACCOUNT, "id", address, "address", address, "is-transient", TRUE, NULL);

  flint_account_list_add (self->list, account);

  return account;
}
