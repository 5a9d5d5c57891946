/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-request.h"

G_BEGIN_DECLS

/* Signal "answered" (): it is not to be shown any more */
FlintRequest *flint_request_new (FlintAccount *account,
                                 XmppJid      *jid,
                                 const char   *nick,
                                 const char   *text);

G_END_DECLS
