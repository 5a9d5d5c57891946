/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-rank.h"

#include <glib/gi18n-lib.h>

/* Star: owns the room; shield: keeps order; ring: may only read. */
static const struct
{
  const char *label;
  const char *icon_name;
} looks[] = {
  [FLINT_RANK_NONE]          = { NULL,                                NULL },
  [FLINT_RANK_VISITOR]       = { N_("Visitor: may read, not write"),  "flint-visitor-symbolic" },
  [FLINT_RANK_MODERATOR]     = { N_("Moderator"),                     "flint-moderator-symbolic" },
  [FLINT_RANK_ADMINISTRATOR] = { N_("Administrator"),                 "flint-moderator-symbolic" },
  [FLINT_RANK_OWNER]         = { N_("Owner"),                         "flint-owner-symbolic" },
};

/**
 * flint_rank_get_label:
 * @rank: somebody's in a room
 *
 * Returns: (transfer none) (nullable): it in words; %NULL: it is not worth a word
 */
const char *
flint_rank_get_label (FlintRank rank)
{
  g_return_val_if_fail (rank < G_N_ELEMENTS (looks), NULL);

  return looks[rank].label != NULL ? _(looks[rank].label) : NULL;
}

/**
 * flint_rank_get_icon_name:
 * @rank: somebody's in a room
 *
 * Returns: (transfer none) (nullable): the icon for it; %NULL: none
 */
const char *
flint_rank_get_icon_name (FlintRank rank)
{
  g_return_val_if_fail (rank < G_N_ELEMENTS (looks), NULL);

  return looks[rank].icon_name;
}
