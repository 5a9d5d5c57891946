/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define XMPP_NS_CLIENT "jabber:client"
#define XMPP_NS_STREAM "http://etherx.jabber.org/streams"
#define XMPP_NS_XML    "http://www.w3.org/XML/1998/namespace"

#define XMPP_TYPE_STANZA (xmpp_stanza_get_type ())

typedef struct _XmppStanza XmppStanza;
typedef struct _XmppNode   XmppNode;

typedef struct
{
  const char *name;
  const char *ns;      /* NULL: not in a namespace, as RFC 6120's own attributes */
  const char *value;
} XmppAttribute;

/* A node lives in the arena of its stanza: borrow it, hold the stanza. Names are atoms where our
 * code knows them. Mixed content is kept: text stands before the first child, tail after this node.
 */
struct _XmppNode
{
  const char    *name;
  const char    *ns;
  const char    *text;
  const char    *tail;
  XmppStanza    *stanza;
  XmppNode      *parent;
  XmppNode      *first_child;
  XmppNode      *last_child;
  XmppNode      *next;
  XmppAttribute *attributes;
  guint          n_attributes;
};

GType           xmpp_stanza_get_type     (void);
XmppStanza     *xmpp_stanza_new          (const char      *name,
                                          const char      *ns);
XmppStanza     *xmpp_stanza_new_iq       (const char      *type,
                                          const char      *to);
XmppStanza     *xmpp_stanza_new_from_xml (const char      *xml,
                                          gssize           length,
                                          GError         **error);
gboolean        xmpp_stanza_check_xml    (const char      *xml,
                                          int             *line,
                                          int             *column,
                                          GError         **error);
XmppStanza     *xmpp_stanza_ref          (XmppStanza      *self);
void            xmpp_stanza_unref        (XmppStanza      *self);
void            xmpp_stanza_seal         (XmppStanza      *self);
gboolean        xmpp_stanza_is_sealed    (XmppStanza      *self);
gboolean        xmpp_stanza_is_skipped   (XmppStanza      *self);
gsize           xmpp_stanza_get_size     (XmppStanza      *self);
XmppNode       *xmpp_stanza_get_root     (XmppStanza      *self);
char           *xmpp_stanza_to_xml       (XmppStanza      *self);
char           *xmpp_stanza_to_pretty    (XmppStanza      *self);
XmppNode       *xmpp_node_add            (XmppNode        *parent,
                                          const char      *name,
                                          const char      *ns);
XmppNode       *xmpp_node_add_text       (XmppNode        *parent,
                                          const char      *name,
                                          const char      *ns,
                                          const char      *text);
XmppNode       *xmpp_node_add_copy       (XmppNode        *parent,
                                          const XmppNode  *other);
void            xmpp_node_set            (XmppNode        *self,
                                          const char      *name,
                                          const char      *value);
void            xmpp_node_set_int        (XmppNode        *self,
                                          const char      *name,
                                          gint64           value);
void            xmpp_node_set_jid        (XmppNode        *self,
                                          const char      *name,
                                          gconstpointer    jid);
void            xmpp_node_set_text       (XmppNode        *self,
                                          const char      *text,
                                          gssize           length);
void            xmpp_node_set_full       (XmppNode        *self,
                                          const char      *name,
                                          const char      *ns,
                                          const char      *value,
                                          gsize            length);
const char     *xmpp_node_get            (const XmppNode  *self,
                                          const char      *name);
const char     *xmpp_node_get_lang       (const XmppNode  *self);
gboolean        xmpp_node_get_uint       (const XmppNode  *self,
                                          const char      *name,
                                          guint64          max,
                                          guint64         *value);
gboolean        xmpp_node_get_boolean    (const XmppNode  *self,
                                          const char      *name);
gboolean        xmpp_node_is             (const XmppNode  *self,
                                          const char      *name,
                                          const char      *ns);
XmppNode       *xmpp_node_get_child      (const XmppNode  *self,
                                          const char      *name,
                                          const char      *ns);
const char     *xmpp_node_get_child_text (const XmppNode  *self,
                                          const char      *name,
                                          const char      *ns);
void            xmpp_node_write          (const XmppNode  *self,
                                          const char      *outer_ns,
                                          GString         *xml);
gboolean        xmpp_parse_uint          (const char      *text,
                                          guint64          max,
                                          guint64         *value);

#define XMPP_NODE_FOREACH_CHILD(node, child) \
  for (XmppNode *child = (node)->first_child; child != NULL; child = child->next)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppStanza, xmpp_stanza_unref)

G_END_DECLS
