/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-contact-list.h"

G_BEGIN_DECLS

/* The contact with this address, listed or not: the same object for everybody who asks */
FlintContact *flint_contact_list_ensure      (FlintContactList *self,
                                              XmppJid          *jid);
FlintContact *flint_contact_list_find_any    (FlintContactList *self,
                                              const XmppJid    *jid);
FlintContact *flint_contact_list_find_alike  (FlintContactList *self,
                                              const XmppJid    *jid);

/* For the account: what the session's modules have, taken over */
void          flint_contact_list_sync        (FlintContactList *self);
void          flint_contact_list_set_online  (FlintContactList *self,
                                              gboolean          is_online);
void          flint_contact_list_set_unread  (FlintContactList *self,
                                              FlintContact     *contact,
                                              guint             unread);

G_END_DECLS
