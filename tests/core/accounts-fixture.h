/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-account-list.h"

G_BEGIN_DECLS

/* A list of accounts in a directory of its own, without a core or a server: their states are what the test says */
typedef struct
{
  char             *directory;
  FlintAccountList *list;
} AccountsFixture;

void          accounts_set_up    (AccountsFixture *self);

/* Asserts that the list is gone with it */
void          accounts_tear_down (AccountsFixture *self);

/* Offline; the list has it */
FlintAccount *accounts_add       (AccountsFixture *self,
                                  const char      *address);

G_END_DECLS
