/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"

G_BEGIN_DECLS

/* Which chats were used, the last one first: those that are open and those that were closed */
void       flint_recent_chats_use      (FlintApplication  *application,
                                        FlintConversation *conversation);
gint64     flint_recent_chats_get_time (FlintApplication  *application,
                                        FlintConversation *conversation);
GPtrArray *flint_recent_chats_list     (FlintApplication  *application);

G_END_DECLS
