/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define FLINT_PASSWORD_ERROR (flint_password_error_quark ())

typedef enum
{
  FLINT_PASSWORD_ERROR_NO_SERVICE,   /* no keyring on this desktop */
  FLINT_PASSWORD_ERROR_LOCKED,       /* locked, and the person did not unlock it */
  FLINT_PASSWORD_ERROR_FAILED,
} FlintPasswordError;

/* Passwords in the desktop's keyring (libsecret), and nowhere else. Attributes: the account's id.
 * lookup: NULL without an error when there is none.
 */
GQuark    flint_password_error_quark    (void);
void      flint_password_lookup_async   (const char           *account_id,
                                         gboolean              may_unlock,
                                         GCancellable         *cancellable,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
void      flint_password_fetch_async    (const char           *account_id,
                                         GCancellable         *cancellable,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
char     *flint_password_lookup_finish  (GAsyncResult         *result,
                                         GError              **error);
void      flint_password_store_async    (const char           *account_id,
                                         const char           *address,
                                         const char           *password,
                                         GCancellable         *cancellable,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
gboolean  flint_password_store_finish   (GAsyncResult         *result,
                                         GError              **error);
void      flint_password_clear_async    (const char           *account_id,
                                         GCancellable         *cancellable,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
gboolean  flint_password_clear_finish   (GAsyncResult         *result,
                                         GError              **error);

G_END_DECLS
