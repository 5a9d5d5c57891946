/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include <gnutls/gnutls.h>

G_BEGIN_DECLS

#define XMPP_SCRAM_MAX_DIGEST 64   /* SHA-512 */

/* The keys of one login by SCRAM (RFC 5802, 3), from the password to the proof. It has its own
 * copies of everything, so that a thread can go on with it after nobody waits any more; what is
 * secret is overwritten in the end.
 */
typedef struct _XmppScramKeys XmppScramKeys;

gnutls_mac_algorithm_t xmpp_scram_get_algorithm (const char     *mechanism);
XmppScramKeys         *xmpp_scram_keys_new      (const char     *mechanism,
                                                 const char     *password,
                                                 GBytes         *salt,
                                                 guint           iterations);
void                   xmpp_scram_keys_free     (XmppScramKeys  *self);
gsize                  xmpp_scram_keys_get_size (XmppScramKeys  *self);
gboolean               xmpp_scram_keys_derive   (XmppScramKeys  *self,
                                                 GError        **error);
gboolean               xmpp_scram_keys_sign     (XmppScramKeys  *self,
                                                 const char     *auth,
                                                 guint8         *proof,
                                                 guint8         *signature,
                                                 GError        **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppScramKeys, xmpp_scram_keys_free)

G_END_DECLS
