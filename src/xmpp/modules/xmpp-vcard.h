/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0054: vcard-temp, and XEP-0153: vCard-Based Avatars */
#pragma once

#include "xmpp-module.h"

G_BEGIN_DECLS

/* What somebody says about himself; a claim of his. Immutable; boxed. Each string may be NULL. */
typedef struct
{
  char       *full_name;
  char       *nickname;
  char       *email;
  char       *phone;
  char       *organization;
  char       *unit;
  char       *title;
  char       *role;
  char       *url;
  char       *birthday;       /* as it was written */
  char       *description;
  GBytes     *photo;          /* NULL: none, or none that we show */
  const char *photo_type;     /* "image/png" and so on, by its bytes */
  char       *photo_hash;     /* SHA-1 in hexadecimal, as in XmppResource.avatar_hash */
} XmppVcard;

#define XMPP_TYPE_VCARD  (xmpp_vcard_get_type ())
#define XMPP_TYPE_VCARDS (xmpp_vcards_get_type ())

G_DECLARE_FINAL_TYPE (XmppVcards, xmpp_vcards, XMPP, VCARDS, XmppModule)

GType       xmpp_vcard_get_type             (void);
XmppVcard  *xmpp_vcard_ref                  (XmppVcard            *self);
void        xmpp_vcard_unref                (XmppVcard            *self);
void        xmpp_vcards_get_async           (XmppVcards           *self,
                                             XmppJid              *jid,      /* NULL: our own */
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
XmppVcard  *xmpp_vcards_get_finish          (XmppVcards           *self,
                                             GAsyncResult         *result,
                                             GError              **error);
void        xmpp_vcards_get_avatar_async    (XmppVcards           *self,
                                             XmppJid              *jid,
                                             const char           *hash,     /* XmppResource.avatar_hash */
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
GBytes     *xmpp_vcards_get_avatar_finish   (XmppVcards           *self,
                                             GAsyncResult         *result,
                                             GError              **error);
const char *xmpp_image_type                 (GBytes               *bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppVcard, xmpp_vcard_unref)

G_END_DECLS
