/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define XMPP_TYPE_JID (xmpp_jid_get_type ())

/* An address (RFC 7622; prepared as RFC 6122 does it, see xmpp-jid.c): immutable, reference
 * counted, hashable. An address that a server sent and that cannot be prepared is kept as it came
 * ("opaque"): it equals only the same bytes.
 */
typedef struct _XmppJid XmppJid;

GType       xmpp_jid_get_type         (void);
XmppJid    *xmpp_jid_new              (const char    *text,
                                       GError       **error);
XmppJid    *xmpp_jid_new_from_parts   (const char    *local,
                                       const char    *domain,
                                       const char    *resource,
                                       GError       **error);
XmppJid    *xmpp_jid_new_received     (const char    *text);
XmppJid    *xmpp_jid_ref              (XmppJid       *self);
void        xmpp_jid_unref            (XmppJid       *self);
const char *xmpp_jid_get_local        (const XmppJid *self);
const char *xmpp_jid_get_domain       (const XmppJid *self);
const char *xmpp_jid_get_resource     (const XmppJid *self);
const char *xmpp_jid_get_text         (const XmppJid *self);
const char *xmpp_jid_get_bare_text    (const XmppJid *self);
char       *xmpp_jid_get_ascii_domain (const XmppJid *self);
XmppJid    *xmpp_jid_get_bare         (XmppJid       *self);
XmppJid    *xmpp_jid_with_resource    (const XmppJid *self,
                                       const char    *resource,
                                       GError       **error);
gboolean    xmpp_jid_is_bare          (const XmppJid *self);
gboolean    xmpp_jid_is_opaque        (const XmppJid *self);
guint       xmpp_jid_hash             (gconstpointer  self);
gboolean    xmpp_jid_equal            (gconstpointer  a,
                                       gconstpointer  b);
guint       xmpp_jid_hash_bare        (gconstpointer  self);
gboolean    xmpp_jid_equal_bare       (gconstpointer  a,
                                       gconstpointer  b);
char       *xmpp_jid_unescape_local   (const XmppJid *self);
char       *xmpp_jid_escape_local     (const char    *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppJid, xmpp_jid_unref)

G_END_DECLS
