/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-stanza.h"

#include <string.h>

G_BEGIN_DECLS

typedef struct _XmppChunk XmppChunk;

/* Counted atomically: a console's worker holds stanzas too. */
struct _XmppStanza
{
  gatomicrefcount  ref_count;
  guint            sealed : 1;
  guint            skipped : 1;
  gsize            size;
  XmppNode        *root;
  XmppChunk       *chunks;   /* but the first */
  char            *free;     /* from here to end */
  char            *end;
  char             data[] __attribute__ ((aligned (8)));
};

gpointer       xmpp_stanza_grow         (XmppStanza *self,
                                         gsize       size);

/* The arena: memory for as long as the stanza lives. Inline, for a received stanza takes some thirty pieces. */
static inline gpointer
xmpp_stanza_alloc (XmppStanza *self,
                   gsize       size)
{
  gpointer data = self->free;

  size = (size + 7) & ~(gsize) 7;

  if (G_UNLIKELY (size > (gsize) (self->end - self->free)))
    return xmpp_stanza_grow (self, size);

  self->free += size;

  return data;
}

/* A copy of a text, ended with a NUL */
static inline const char *
xmpp_stanza_keep (XmppStanza *self,
                  const char *text,
                  gsize       length)
{
  char *copy = xmpp_stanza_alloc (self, length + 1);

  memcpy (copy, text, length);
  copy[length] = '\0';

  return copy;
}

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
