/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-contact.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define FLINT_TYPE_CONTACT_LIST (flint_contact_list_get_type ())

/* A GListModel of FlintContact, sorted by nothing: an account's contacts as its roster has them.
 * "is-loaded": the roster is whole. Signals "presence-changed" (FlintContact *), "changed" (FlintContact *) for names and
 * groups, and "unread-changed" (FlintContact *): what the tree listens to.
 */
G_DECLARE_FINAL_TYPE (FlintContactList, flint_contact_list, FLINT, CONTACT_LIST, GObject)

FlintContactList *flint_contact_list_new        (FlintAccount     *account);
FlintContact     *flint_contact_list_find       (FlintContactList *self,
                                                 const XmppJid    *jid);
char            **flint_contact_list_get_groups (FlintContactList *self);
gboolean          flint_contact_list_is_loaded  (FlintContactList *self);

G_END_DECLS
