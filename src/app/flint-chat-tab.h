/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-conversation.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* What stands on the tab of a chat: who it is, whether they are there, what is unread */
void flint_chat_tab_show (AdwTabPage        *tab,
                          FlintConversation *conversation);

G_END_DECLS
