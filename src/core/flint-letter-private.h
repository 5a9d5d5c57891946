/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-letter.h"
#include "flint-message.h"

G_BEGIN_DECLS

FlintLetter       *flint_letter_new       (FlintAccount      *account,
                                           const XmppMessage *message,
                                           gboolean           is_own);
FlintLetter       *flint_letter_send      (FlintAccount      *account,
                                           XmppJid           *to,
                                           const char        *subject,
                                           const char        *body,
                                           const char        *thread,
                                           GError           **error);
const char        *flint_letter_get_id    (FlintLetter       *self);
FlintMessageState  flint_letter_get_state (FlintLetter       *self);
void               flint_letter_set_state (FlintLetter       *self,
                                           FlintMessageState  state,
                                           const char        *failure);

G_END_DECLS
