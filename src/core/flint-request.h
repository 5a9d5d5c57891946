/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-account.h"

G_BEGIN_DECLS

#define FLINT_TYPE_REQUEST (flint_request_get_type ())

/* Somebody asks to see when we are online. "account", "jid", "name" (their own claim, or the address), "text" (a greeting, or NULL),
 * "warning" (it looks like somebody in the list: T055; or NULL). Signals "answered", and "failed" (const GError *): the server would
 * not add or block whom one wanted to add or block.
 */
G_DECLARE_FINAL_TYPE (FlintRequest, flint_request, FLINT, REQUEST, GObject)

FlintAccount *flint_request_get_account (FlintRequest        *self);
XmppJid      *flint_request_get_jid     (FlintRequest        *self);
const char   *flint_request_get_name    (FlintRequest        *self);
const char   *flint_request_get_text    (FlintRequest        *self);
const char   *flint_request_get_warning (FlintRequest        *self);
void          flint_request_accept      (FlintRequest        *self,
                                         gboolean             add_back,
                                         const char          *name,
                                         const char * const  *groups);
void          flint_request_decline     (FlintRequest        *self);
void          flint_request_block       (FlintRequest        *self);

G_END_DECLS
