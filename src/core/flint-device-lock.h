/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "xmpp-presence.h"

G_BEGIN_DECLS

/* To which of somebody's devices to speak (XEP-0296): the one that spoke last, until another one of his shows up,
 * goes or changes, or until it goes itself.
 */
typedef struct _FlintDeviceLock FlintDeviceLock;

FlintDeviceLock *flint_device_lock_new     (XmppPresence    *presence,
                                            XmppJid         *jid);
void             flint_device_lock_free    (FlintDeviceLock *self);
XmppJid         *flint_device_lock_get     (FlintDeviceLock *self);
void             flint_device_lock_set     (FlintDeviceLock *self,
                                            XmppJid         *from);
void             flint_device_lock_check   (FlintDeviceLock *self,
                                            gboolean         is_seen);
void             flint_device_lock_release (FlintDeviceLock *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlintDeviceLock, flint_device_lock_free)

G_END_DECLS
