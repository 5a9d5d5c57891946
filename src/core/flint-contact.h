/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "xmpp-presence.h"
#include "xmpp-roster.h"

G_BEGIN_DECLS

typedef struct _FlintAccount FlintAccount;

#define FLINT_TYPE_CONTACT (flint_contact_get_type ())

G_DECLARE_FINAL_TYPE (FlintContact, flint_contact, FLINT, CONTACT, GObject)

/* Somebody in the list (or, not listed, somebody one chats with). All notified:
 * "account" (weak), "jid", "name" (alias or address), "groups" (strv), "subscription", "is-asked", "is-listed",
 * "show", "status-text", "is-online", "avatar" (GBytes, NULL: none), "is-typing", "unread" (uint), "is-blocked".
 */
FlintContact       *flint_contact_new              (FlintAccount         *account,
                                                    XmppJid              *jid);
FlintAccount       *flint_contact_get_account      (FlintContact         *self);
XmppJid            *flint_contact_get_jid          (FlintContact         *self);
const char         *flint_contact_get_name         (FlintContact         *self);
const char * const *flint_contact_get_groups       (FlintContact         *self);
gboolean            flint_contact_is_in_group      (FlintContact         *self,
                                                    const char           *group);
gboolean            flint_contact_is_listed        (FlintContact         *self);
XmppSubscription    flint_contact_get_subscription (FlintContact         *self);
gboolean            flint_contact_is_asked         (FlintContact         *self);
XmppShow            flint_contact_get_show         (FlintContact         *self);
gboolean            flint_contact_is_online        (FlintContact         *self);
const char         *flint_contact_get_status_text  (FlintContact         *self);
GPtrArray          *flint_contact_get_resources    (FlintContact         *self);   /* of XmppResource */
guint               flint_contact_get_unread       (FlintContact         *self);
gboolean            flint_contact_is_typing        (FlintContact         *self);
const char         *flint_contact_get_sort_key     (FlintContact         *self);
gboolean            flint_contact_matches          (FlintContact         *self,
                                                    const char           *folded_words);

G_END_DECLS
