/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-account.h"

G_BEGIN_DECLS

#define FLINT_TYPE_LETTER (flint_letter_get_type ())

/* A message of type normal: with a subject, answered by another one in its thread. "account",
 * "from", "to", "sender" (name), "subject", "body", "thread", "time", "is-own", "is-unread", "state" (FlintMessageState), "failure"
 */
G_DECLARE_FINAL_TYPE (FlintLetter, flint_letter, FLINT, LETTER, GObject)

FlintAccount *flint_letter_get_account   (FlintLetter *self);
XmppJid      *flint_letter_get_from      (FlintLetter *self);
XmppJid      *flint_letter_get_to        (FlintLetter *self);
const char   *flint_letter_get_sender    (FlintLetter *self);
const char   *flint_letter_get_subject   (FlintLetter *self);
const char   *flint_letter_get_body      (FlintLetter *self);
const char   *flint_letter_get_thread    (FlintLetter *self);
gint64        flint_letter_get_time      (FlintLetter *self);
gboolean      flint_letter_is_own        (FlintLetter *self);
gboolean      flint_letter_is_unread     (FlintLetter *self);
void          flint_letter_set_unread    (FlintLetter *self,
                                          gboolean     unread);
char         *flint_letter_reply_subject (FlintLetter *self);   /* "Re: …", once */

G_END_DECLS
