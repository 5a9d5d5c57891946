/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What somebody is in a room, as it is shown beside his name: of affiliation and role what weighs more */
typedef enum
{
  FLINT_RANK_NONE,
  FLINT_RANK_VISITOR,
  FLINT_RANK_MODERATOR,
  FLINT_RANK_ADMINISTRATOR,
  FLINT_RANK_OWNER,
} FlintRank;

const char *flint_rank_get_label     (FlintRank rank);
const char *flint_rank_get_icon_name (FlintRank rank);

G_END_DECLS
