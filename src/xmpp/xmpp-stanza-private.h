/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-stanza.h"

G_BEGIN_DECLS

/* For the parser alone */
XmppNode *xmpp_node_append         (XmppNode   *parent,
                                    const char *name,
                                    const char *ns);
void      xmpp_node_set_tail       (XmppNode   *self,
                                    const char *text,
                                    gsize       length);
void      xmpp_stanza_set_received (XmppStanza *self,
                                    gsize       size,
                                    gboolean    skipped);

G_END_DECLS
