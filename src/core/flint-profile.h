/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "xmpp-vcard.h"

G_BEGIN_DECLS

#define FLINT_TYPE_PROFILE (flint_profile_get_type ())

/* What the server's card of ourselves says: our name and our picture. Properties, notified: "name" (safe to show, or
 * NULL), "avatar" (GBytes or NULL).
 */
G_DECLARE_FINAL_TYPE (FlintProfile, flint_profile, FLINT, PROFILE, GObject)

FlintProfile *flint_profile_new        (XmppVcards   *vcards);
void          flint_profile_fetch      (FlintProfile *self);
const char   *flint_profile_get_name   (FlintProfile *self);
GBytes       *flint_profile_get_avatar (FlintProfile *self);

G_END_DECLS
