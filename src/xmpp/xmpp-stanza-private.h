/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-stanza.h"

G_BEGIN_DECLS

/* The arena. keep: a copy of a text, ended with a NUL; keep_name: the atom where there is one */
gpointer       xmpp_stanza_alloc        (XmppStanza *self,
                                         gsize       size);
const char    *xmpp_stanza_keep         (XmppStanza *self,
                                         const char *text,
                                         gsize       length);
const char    *xmpp_stanza_keep_name    (XmppStanza *self,
                                         const char *name);
const char    *xmpp_stanza_keep_ns      (XmppStanza *self,
                                         const char *ns);

/* What the tree is made of. The strings are kept already; nothing is checked */
XmppStanza    *xmpp_stanza_new_empty    (void);
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
