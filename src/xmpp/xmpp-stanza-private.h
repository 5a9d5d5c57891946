/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-stanza.h"

G_BEGIN_DECLS

/* For the parser alone: it has checked and looked up the names, and keeps them in the stanza */
XmppStanza    *xmpp_stanza_new_empty    (void);
const char    *xmpp_stanza_keep         (XmppStanza *self,
                                         const char *text,
                                         gsize       length);
XmppNode      *xmpp_stanza_append       (XmppStanza *self,
                                         XmppNode   *parent,
                                         const char *name,
                                         const char *ns);
XmppAttribute *xmpp_stanza_reserve      (XmppStanza *self,
                                         XmppNode   *node,
                                         guint       n_attributes);
void           xmpp_stanza_set_received (XmppStanza *self,
                                         gsize       size,
                                         gboolean    skipped);

G_END_DECLS
