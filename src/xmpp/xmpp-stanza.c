/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-atom.h"
#include "xmpp-stanza-private.h"

#include <string.h>

/* Most stanzas fit into the first chunk, which is part of their own block: one allocation, and one
 * of a size that malloc has at hand. What follows begins small where it is kept: a presence needs little
 * more than the first, and there is one of each contact.
 */
#define BLOCK_SIZE          1024
#define PRESENCE_CHUNK_SIZE 128
#define MIN_CHUNK_SIZE      512
#define MAX_CHUNK_SIZE      (64 * 1024)

struct _XmppChunk
{
  XmppChunk *next;
  gsize      size;
  char       data[];
};

G_DEFINE_BOXED_TYPE (XmppStanza, xmpp_stanza, xmpp_stanza_ref, xmpp_stanza_unref)

/* size: a multiple of eight, for which the last chunk has no room */
gpointer
xmpp_stanza_grow (XmppStanza *self,
                  gsize       size)
{
  gsize grown;
  XmppChunk *chunk;

  if (self->chunks != NULL)
    grown = MIN (self->chunks->size * 2, MAX_CHUNK_SIZE);
  else if (self->root != NULL && xmpp_node_is (self->root, "presence", XMPP_NS_CLIENT))
    grown = PRESENCE_CHUNK_SIZE - sizeof (XmppChunk);
  else
    grown = MIN_CHUNK_SIZE - sizeof (XmppChunk);
  grown = MAX (grown, size);
  chunk = g_malloc (sizeof *chunk + grown);
  chunk->size = grown;
  chunk->next = self->chunks;
  self->chunks = chunk;
  self->free = chunk->data + size;
  self->end = chunk->data + grown;

  return chunk->data;
}

/* The atom, or a copy in the arena: strangers' names must not outlive their stanza */
const char *
xmpp_stanza_keep_name (XmppStanza *self,
                       const char *name)
{
  const char *atom;

  if (name == NULL)
    return NULL;

  if ((atom = xmpp_atom_lookup (name)))
    return atom;

  return xmpp_stanza_keep (self, name, strlen (name));
}

/* "" is none */
const char *
xmpp_stanza_keep_ns (XmppStanza *self,
                     const char *ns)
{
  return ns != NULL && *ns != '\0' ? xmpp_stanza_keep_name (self, ns) : NULL;
}

XmppStanza *
xmpp_stanza_new_empty (void)
{
  XmppStanza *self = g_malloc (BLOCK_SIZE);

  *self = (XmppStanza) { .free = self->data, .end = (char *) self + BLOCK_SIZE };
  g_atomic_ref_count_init (&self->ref_count);

  return self;
}

/* The root where there is no parent; a namespace of NULL is none */
XmppNode *
xmpp_stanza_append (XmppStanza *self,
                    XmppNode   *parent,
                    const char *name,
                    const char *ns)
{
  XmppNode *node = xmpp_stanza_alloc (self, sizeof *node);

  *node = (XmppNode) {
    .stanza = self,
    .name = name,
    .ns = ns,
    .parent = parent,
  };

  if (parent == NULL)
    self->root = node;
  else if (parent->last_child != NULL)
    parent->last_child->next = node;
  else
    parent->first_child = node;

  if (parent != NULL)
    parent->last_child = node;

  return node;
}

/* Room for the attributes of an element that has none yet: to be filled by the caller */
XmppAttribute *
xmpp_stanza_reserve (XmppStanza *self,
                     XmppNode   *node,
                     guint       n_attributes)
{
  node->n_attributes = n_attributes;
  node->attributes = xmpp_stanza_alloc (self, sizeof *node->attributes * n_attributes);

  return node->attributes;
}

/**
 * xmpp_stanza_new:
 * @name: the root element's name
 * @ns: (nullable): its namespace
 *
 * Returns: (transfer full): an empty stanza, to be built with the xmpp_node functions
 */
XmppStanza *
xmpp_stanza_new (const char *name,
                 const char *ns)
{
  XmppStanza *self;

  g_return_val_if_fail (name != NULL, NULL);

  self = xmpp_stanza_new_empty ();
  xmpp_stanza_append (self, NULL, xmpp_stanza_keep_name (self, name), xmpp_stanza_keep_ns (self, ns));

  return self;
}

/**
 * xmpp_stanza_new_iq:
 * @type: "get" or "set" (or "result", "error")
 * @to: (nullable): the addressee; %NULL: our own account
 *
 * Returns: (transfer full): an iq without id; a request is given its id when it is sent
 */
XmppStanza *
xmpp_stanza_new_iq (const char *type,
                    const char *to)
{
  XmppStanza *self = xmpp_stanza_new ("iq", XMPP_NS_CLIENT);

  xmpp_node_set (self->root, "type", type);
  xmpp_node_set (self->root, "to", to);

  return self;
}

/**
 * xmpp_stanza_ref:
 *
 * Returns: (transfer full): @self, for one owner more; when it is sealed, any thread may have one
 */
XmppStanza *
xmpp_stanza_ref (XmppStanza *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * xmpp_stanza_unref:
 * @self: (transfer full): a stanza
 *
 * The last owner frees it, with all its nodes and strings.
 */
void
xmpp_stanza_unref (XmppStanza *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  while (self->chunks != NULL)
    {
      XmppChunk *chunk = self->chunks;

      self->chunks = chunk->next;
      g_free (chunk);
    }

  g_free (self);
}

/**
 * xmpp_stanza_seal:
 *
 * From here on the tree does not change: it was received whole, or it was sent.
 */
void
xmpp_stanza_seal (XmppStanza *self)
{
  g_return_if_fail (self != NULL);

  self->sealed = TRUE;
}

/**
 * xmpp_stanza_is_sealed:
 *
 * Returns: whether the tree cannot be changed any more
 */
gboolean
xmpp_stanza_is_sealed (XmppStanza *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->sealed;
}

/**
 * xmpp_stanza_is_skipped:
 *
 * Returns: whether the stanza was over a limit, so that only its root's attributes are here
 */
gboolean
xmpp_stanza_is_skipped (XmppStanza *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->skipped;
}

void
xmpp_stanza_set_received (XmppStanza *self,
                          gsize       size,
                          gboolean    skipped)
{
  self->size = size;
  self->skipped = skipped;
  self->sealed = TRUE;
}

/**
 * xmpp_stanza_get_size:
 *
 * Returns: how many bytes it had on the wire; 0 for one that was not received
 */
gsize
xmpp_stanza_get_size (XmppStanza *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->size;
}

/**
 * xmpp_stanza_get_root:
 *
 * Returns: (transfer none): the root element; it lives as long as the stanza
 */
XmppNode *
xmpp_stanza_get_root (XmppStanza *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->root;
}
