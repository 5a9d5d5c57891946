/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-rank.h"
#include "xmpp-muc.h"

G_BEGIN_DECLS

#define FLINT_TYPE_OCCUPANT (flint_occupant_get_type ())

/* Somebody in a room. "nick", "jid", "real-jid", "role", "affiliation", "show", "status-text", "is-self": notified */
G_DECLARE_FINAL_TYPE (FlintOccupant, flint_occupant, FLINT, OCCUPANT, GObject)

FlintOccupant   *flint_occupant_new             (const XmppOccupant *occupant,
                                                 gboolean            is_self);
void             flint_occupant_update          (FlintOccupant      *self,
                                                 const XmppOccupant *occupant,
                                                 gboolean            is_self);
const char      *flint_occupant_get_nick        (FlintOccupant      *self);
XmppRole         flint_occupant_get_role        (FlintOccupant      *self);
XmppAffiliation  flint_occupant_get_affiliation (FlintOccupant      *self);
FlintRank        flint_occupant_get_rank        (FlintOccupant      *self);
XmppShow         flint_occupant_get_show        (FlintOccupant      *self);
const char      *flint_occupant_get_sort_key    (FlintOccupant      *self);

G_END_DECLS
