/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-chat-header.h"
#include "flint-chat-pane.h"

G_BEGIN_DECLS

/* For flint-chat-pane.c and what belongs to it */
struct _FlintChatPane
{
  AdwBin            parent_instance;

  FlintApplication *application;     /* not owned: it outlives its windows */
  AdwTabPage       *menu_page;       /* the tab whose menu is open, or NULL */
  gulong            active_handler;  /* of the window */
  guint             empty_idle;
  GPtrArray        *closed;          /* the quiet ones that were closed last */
  gboolean          has_tabs;
  gboolean          is_answered;     /* yes, all of it may be closed */
  gboolean          is_embedded;     /* the window is not ours alone */
  gboolean          is_moving;       /* from window to window, all of it */

  GtkWidget        *width_bin;
  FlintChatHeader  *header;
  AdwToastOverlay  *toast_overlay;
  AdwTabView       *tab_view;
  GtkShortcutController *keys;
};

FlintConversation *flint_chat_pane_get_nth           (FlintChatPane      *self,
                                                      int                 n);
AdwTabPage        *flint_chat_pane_find_tab          (FlintChatPane      *self,
                                                      FlintConversation  *conversation);
GPtrArray         *flint_chat_pane_get_conversations (FlintChatPane      *self,
                                                      AdwTabPage         *but);
AdwTabView        *flint_chat_pane_make_window       (FlintChatPane      *self);
void               flint_chat_pane_update_header     (FlintChatPane      *self);

/* flint-chat-pane-actions.c */
void               flint_chat_pane_install_actions   (FlintChatPaneClass *klass);
void               flint_chat_pane_add_keys          (FlintChatPane      *self);
void               flint_chat_pane_update_actions    (FlintChatPane      *self);
void               flint_chat_pane_setup_menu        (FlintChatPane      *self,
                                                      AdwTabPage         *tab);

G_END_DECLS
