/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-account.h"

G_BEGIN_DECLS

#define FLINT_TYPE_HEADLINE (flint_headline_get_type ())

/* A headline: told, never answered. "account", "from" (XmppJid), "sender" (name), "subject" (never empty: else the first line of the text), "body",
 * "time", "is-unread" (notified), "is-official" (from the account's own server, bare domain)
 */
G_DECLARE_FINAL_TYPE (FlintHeadline, flint_headline, FLINT, HEADLINE, GObject)

FlintHeadline *flint_headline_new         (FlintAccount      *account,
                                           const XmppMessage *message);
FlintAccount  *flint_headline_get_account (FlintHeadline     *self);
XmppJid       *flint_headline_get_from    (FlintHeadline     *self);
const char    *flint_headline_get_sender  (FlintHeadline     *self);
const char    *flint_headline_get_subject (FlintHeadline     *self);
const char    *flint_headline_get_body    (FlintHeadline     *self);
gint64         flint_headline_get_time    (FlintHeadline     *self);
gboolean       flint_headline_is_unread   (FlintHeadline     *self);
void           flint_headline_set_unread  (FlintHeadline     *self,
                                           gboolean           unread);
gboolean       flint_headline_is_official (FlintHeadline     *self);
gboolean       flint_headline_send        (FlintAccount      *account,
                                           XmppJid           *to,
                                           const char        *subject,
                                           const char        *body,
                                           GError           **error);

G_END_DECLS
