/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-contact.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLINT_TYPE_CONTACT_CARD (flint_contact_card_get_type ())

/* The hover card: only what is known already; nothing is asked for it */
G_DECLARE_FINAL_TYPE (FlintContactCard, flint_contact_card, FLINT, CONTACT_CARD, GtkPopover)

GtkWidget *flint_contact_card_new         (void);
void       flint_contact_card_set_contact (FlintContactCard *self,
                                           FlintContact     *contact);

FlintContact *flint_contact_card_get_contact (FlintContactCard *self);

G_END_DECLS
