/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "xmpp-session.h"

G_BEGIN_DECLS

#define FLINT_TYPE_TYPING (flint_typing_get_type ())

/* Who types, in one chat (XEP-0085): the other side, until 30 s after he said so; and we, as he is told.
 * Property "is-typing": he does.
 */
G_DECLARE_FINAL_TYPE (FlintTyping, flint_typing, FLINT, TYPING, GObject)

FlintTyping  *flint_typing_new           (XmppSession   *session);
gboolean      flint_typing_is_typing     (FlintTyping   *self);
void          flint_typing_receive       (FlintTyping   *self,
                                          XmppChatState  state);
void          flint_typing_stop          (FlintTyping   *self);
void          flint_typing_set_composing (FlintTyping   *self,
                                          XmppJid       *to,
                                          gboolean       composing);
XmppChatState flint_typing_sent          (FlintTyping   *self);
void          flint_typing_leave         (FlintTyping   *self,
                                          XmppJid       *to);

G_END_DECLS
