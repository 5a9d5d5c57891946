/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-database.h"

G_BEGIN_DECLS

/* A piece of work on its way to the thread of a database and back */
typedef struct
{
  StoreAccess  access;
  StoreWork    work;      /* NULL: to stop */
  GTask       *task;      /* owned; NULL: nobody waits for the stop */
  GError      *error;     /* what it failed with, alone */
} StoreJob;

void store_job_free     (StoreJob *self);
void store_job_tell_end (StoreJob *self);

G_END_DECLS
