/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-headline.h"

G_BEGIN_DECLS

/* (nullable): what its sender calls it */
const char *flint_headline_get_id (FlintHeadline *self);

G_END_DECLS
