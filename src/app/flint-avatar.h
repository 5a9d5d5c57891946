/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-contact.h"

#include <adwaita.h>

G_BEGIN_DECLS

void flint_avatar_set_contact (AdwAvatar    *avatar,
                               FlintContact *contact);
void flint_avatar_set_bytes   (AdwAvatar    *avatar,
                               const char   *name,
                               GBytes       *picture);

G_END_DECLS
