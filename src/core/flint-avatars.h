/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-cache.h"
#include "flint-contact.h"

#include "xmpp-vcard.h"

G_BEGIN_DECLS

#define FLINT_TYPE_AVATARS (flint_avatars_get_type ())

/* Fetches the pictures of those contacts that somebody looks at: from the cache, by their hash, else
 * from the contact, a few at a time.
 */
G_DECLARE_FINAL_TYPE (FlintAvatars, flint_avatars, FLINT, AVATARS, GObject)

FlintAvatars *flint_avatars_new       (XmppVcards   *vcards);
void          flint_avatars_set_cache (FlintAvatars *self,
                                       FlintCache   *cache);
void          flint_avatars_fetch     (FlintAvatars *self,
                                       FlintContact *contact);

G_END_DECLS
