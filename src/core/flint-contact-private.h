/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-contact.h"

G_BEGIN_DECLS

/* What flint_contact_set_item () and _set_presence () changed */
typedef enum
{
  FLINT_CONTACT_SAME     = 0,
  FLINT_CONTACT_NAME     = 1 << 0,   /* name, groups, subscription, listed or not */
  FLINT_CONTACT_PRESENCE = 1 << 1,
} FlintContactChange;

FlintContactChange flint_contact_set_item      (FlintContact         *self,
                                                const XmppRosterItem *item);
FlintContactChange flint_contact_set_presence  (FlintContact         *self,
                                                const XmppResource   *best);
FlintContactChange flint_contact_set_absence   (FlintContact         *self,
                                                const char           *why);
void               flint_contact_set_typing    (FlintContact         *self,
                                                gboolean              is_typing);
void               flint_contact_set_unread    (FlintContact         *self,
                                                guint                 unread);
gboolean           flint_contact_set_blocked   (FlintContact         *self,
                                                gboolean              is_blocked);
void               flint_contact_set_avatar    (FlintContact         *self,
                                                const char           *hash,
                                                GBytes               *avatar);
const char        *flint_contact_get_avatar_hash (FlintContact       *self);
gboolean           flint_contact_lingers       (FlintContact         *self);
void               flint_contact_set_lingers   (FlintContact         *self,
                                                gboolean              lingers);
const char        *flint_contact_get_skeleton  (FlintContact         *self);
int                flint_contact_rank          (FlintContact         *self,
                                                const char * const   *words);

G_END_DECLS
