/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "xmpp-certificate.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLINT_TYPE_CERTIFICATE_LIST (flint_certificate_list_get_type ())

/* The facts of a certificate, the wrong ones marked */
G_DECLARE_FINAL_TYPE (FlintCertificateList, flint_certificate_list, FLINT, CERTIFICATE_LIST, AdwBin)

void flint_certificate_list_set_certificate (FlintCertificateList *self,
                                             XmppCertificate      *certificate);

G_END_DECLS
