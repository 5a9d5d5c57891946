/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define STORE_ERROR (store_error_quark ())

/* Messages are for a log; words for a person are the core's. */
typedef enum
{
  STORE_ERROR_FAILED,     /* a statement was refused: a fault of ours */
  STORE_ERROR_DISK,       /* full, read-only, unreadable, locked by another program: what was to be written waits */
  STORE_ERROR_CORRUPT,    /* no database, or a damaged one */
  STORE_ERROR_NEWER,      /* written by a later version: left alone */
  STORE_ERROR_CLOSED,
} StoreError;

GQuark store_error_quark (void);

G_END_DECLS
