/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define FLINT_TYPE_CLIENT_CERTIFICATE_ROW (flint_client_certificate_row_get_type ())

/* "path": of the file with the certificate to log in with; "" for none */
G_DECLARE_FINAL_TYPE (FlintClientCertificateRow, flint_client_certificate_row, FLINT, CLIENT_CERTIFICATE_ROW, AdwActionRow)

const char *flint_client_certificate_row_get_path (FlintClientCertificateRow *self);
void        flint_client_certificate_row_set_path (FlintClientCertificateRow *self,
                                                   const char                *path);

G_END_DECLS
