/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-cache.h"
#include "flint-core.h"
#include "flint-history.h"

G_BEGIN_DECLS

/* For flint-core-life.c: what is written to */
FlintHistory *flint_core_get_history (FlintCore *self);
FlintCache   *flint_core_get_config  (FlintCore *self);
FlintCache   *flint_core_get_cache   (FlintCore *self);

G_END_DECLS
