/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "xmpp-certificate.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLINT_TYPE_CERTIFICATE_QUESTION (flint_certificate_question_get_type ())

/* Asks whether a server's certificate is to be trusted; the answers are actions of the window that it is in:
 * "login.back", "login.trust-once", "login.trust-always".
 */
G_DECLARE_FINAL_TYPE (FlintCertificateQuestion, flint_certificate_question, FLINT, CERTIFICATE_QUESTION, AdwBin)

void             flint_certificate_question_set_certificate (FlintCertificateQuestion *self,
                                                             XmppCertificate          *certificate);
void             flint_certificate_question_set_trusted     (FlintCertificateQuestion *self,
                                                             const char * const       *pins);
XmppCertificate *flint_certificate_question_get_certificate (FlintCertificateQuestion *self);
GtkWidget       *flint_certificate_question_get_default     (FlintCertificateQuestion *self);

G_END_DECLS
