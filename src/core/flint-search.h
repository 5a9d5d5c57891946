/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-core.h"

G_BEGIN_DECLS

#define FLINT_TYPE_HIT (flint_hit_get_type ())

/* One message that was found, and where it was said: "account" and "jid" (which need no conversation that is open),
 * "kind", "title" (how the conversation is called), "message".
 */
G_DECLARE_FINAL_TYPE (FlintHit, flint_hit, FLINT, HIT, GObject)

FlintAccount          *flint_hit_get_account (FlintHit *self);
XmppJid               *flint_hit_get_jid     (FlintHit *self);
FlintConversationKind  flint_hit_get_kind    (FlintHit *self);
const char            *flint_hit_get_title   (FlintHit *self);
FlintMessage          *flint_hit_get_message (FlintHit *self);

typedef enum
{
  FLINT_SEARCH_ANYBODY,
  FLINT_SEARCH_OWN,         /* what we said */
  FLINT_SEARCH_OTHERS,
} FlintSearchFrom;

#define FLINT_TYPE_SEARCH (flint_search_get_type ())

/* A search in all that is on the disk: a GListModel of FlintHit, the latest first, which grows as it is asked for more.
 * Set, and it begins anew: "text" (words; between quotes as it stands), "account", "jid" (of one conversation of
 * that account), "sender" (XmppJid), "from" (FlintSearchFrom), "since" and "until" (µs since 1970; 0: no bound). Read
 * only, notified: "is-searching", "has-more", "failure" (GError, a sentence; NULL: none).
 */
G_DECLARE_FINAL_TYPE (FlintSearch, flint_search, FLINT, SEARCH, GObject)

FlintSearch *flint_search_new          (FlintCore   *core);
gboolean     flint_search_is_searching (FlintSearch *self);
gboolean     flint_search_has_more     (FlintSearch *self);
void         flint_search_load_more    (FlintSearch *self);

G_END_DECLS
