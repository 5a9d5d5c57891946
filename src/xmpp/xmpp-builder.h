/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-stanza.h"

G_BEGIN_DECLS

/* The stanza that is being received: from SAX's strings to a tree, inside the limits of xmpp-parser.h.
 * Those strings are of one libxml2 context, where equal names are equal pointers.
 */
typedef struct _XmppBuilder XmppBuilder;

XmppBuilder *xmpp_builder_new           (void);
void         xmpp_builder_free          (XmppBuilder   *self);
void         xmpp_builder_set_context   (XmppBuilder   *self);
gboolean     xmpp_builder_start         (XmppBuilder   *self,
                                         const guchar  *name,
                                         const guchar  *ns,
                                         guint          n_namespaces,
                                         guint          n_attributes,
                                         const guchar **attributes);
gboolean     xmpp_builder_add_text      (XmppBuilder   *self,
                                         const guchar  *text,
                                         gsize          length);
void         xmpp_builder_end           (XmppBuilder   *self);
void         xmpp_builder_skip          (XmppBuilder   *self);
XmppStanza  *xmpp_builder_take          (XmppBuilder   *self,
                                         gsize          size);
guint        xmpp_builder_get_depth     (XmppBuilder   *self);
const char  *xmpp_builder_get_open      (XmppBuilder   *self);

G_END_DECLS
