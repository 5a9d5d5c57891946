/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where in the form the mistake is */
typedef enum
{
  FLINT_LOGIN_PLACE_ADDRESS,
  FLINT_LOGIN_PLACE_PASSWORD,
  FLINT_LOGIN_PLACE_HOST,
  FLINT_LOGIN_PLACE_PROXY,
  FLINT_LOGIN_PLACE_CERTIFICATE,      /* that of the client */
} FlintLoginPlace;

FlintLoginPlace  flint_login_error_get_place (const GError *error);
char            *flint_login_error_describe  (const GError *error);

G_END_DECLS
