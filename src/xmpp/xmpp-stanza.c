/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-atom.h"
#include "xmpp-jid.h"
#include "xmpp-stanza-private.h"

#include <string.h>

/* Most stanzas fit into the first chunk, which is part of their own block: one allocation, and one
 * of a size that malloc has at hand.
 */
#define BLOCK_SIZE     1024
#define MAX_CHUNK_SIZE (64 * 1024)

typedef struct _Chunk Chunk;

struct _Chunk
{
  Chunk *next;
  gsize  size;
  char   data[];
};

/* Counted atomically: a console's worker holds stanzas too. */
struct _XmppStanza
{
  gatomicrefcount  ref_count;
  guint            sealed : 1;
  guint            skipped : 1;
  gsize            size;
  XmppNode        *root;
  Chunk           *chunks;   /* but the first */
  char            *free;     /* from here to end */
  char            *end;
  char             data[] __attribute__ ((aligned (8)));
};

G_DEFINE_BOXED_TYPE (XmppStanza, xmpp_stanza, xmpp_stanza_ref, xmpp_stanza_unref)

static gpointer
add_chunk (XmppStanza *self,
           gsize       size)
{
  gsize grown = self->chunks != NULL ? MIN (self->chunks->size * 2, MAX_CHUNK_SIZE) : BLOCK_SIZE - sizeof (Chunk);
  Chunk *chunk;

  grown = MAX (grown, size);
  chunk = g_malloc (sizeof *chunk + grown);
  chunk->size = grown;
  chunk->next = self->chunks;
  self->chunks = chunk;
  self->free = chunk->data + size;
  self->end = chunk->data + grown;

  return chunk->data;
}

static gpointer
stanza_alloc (XmppStanza *self,
              gsize       size)
{
  gpointer data = self->free;

  size = (size + 7) & ~(gsize) 7;

  if (G_UNLIKELY (size > (gsize) (self->end - self->free)))
    return add_chunk (self, size);

  self->free += size;

  return data;
}

const char *
xmpp_stanza_keep (XmppStanza *self,
                  const char *text,
                  gsize       length)
{
  char *copy = stanza_alloc (self, length + 1);

  memcpy (copy, text, length);
  copy[length] = '\0';

  return copy;
}

static const char *
stanza_name (XmppStanza *self,
             const char *name)
{
  const char *atom;

  if (name == NULL)
    return NULL;

  if ((atom = xmpp_atom_lookup (name)))
    return atom;

  return xmpp_stanza_keep (self, name, strlen (name));
}

static const char *
stanza_ns (XmppStanza *self,
           const char *ns)
{
  return ns != NULL && *ns != '\0' ? stanza_name (self, ns) : NULL;
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
  XmppNode *node = stanza_alloc (self, sizeof *node);

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
  node->attributes = stanza_alloc (self, sizeof *node->attributes * n_attributes);

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
  xmpp_stanza_append (self, NULL, stanza_name (self, name), stanza_ns (self, ns));

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

XmppStanza *
xmpp_stanza_ref (XmppStanza *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
xmpp_stanza_unref (XmppStanza *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  while (self->chunks != NULL)
    {
      Chunk *chunk = self->chunks;

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

/* Building */

/**
 * xmpp_node_add:
 * @name: the child's name
 * @ns: (nullable): its namespace; %NULL: the parent's; "": none
 *
 * Returns: (transfer none): the new last child
 */
XmppNode *
xmpp_node_add (XmppNode   *parent,
               const char *name,
               const char *ns)
{
  g_return_val_if_fail (parent != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (!parent->stanza->sealed, NULL);

  return xmpp_stanza_append (parent->stanza, parent, stanza_name (parent->stanza, name),
                             ns != NULL ? stanza_ns (parent->stanza, ns) : parent->ns);
}

/**
 * xmpp_node_add_text:
 * @text: (nullable): the child's text
 *
 * As xmpp_node_add(), with a text.
 */
XmppNode *
xmpp_node_add_text (XmppNode   *parent,
                    const char *name,
                    const char *ns,
                    const char *text)
{
  XmppNode *node = xmpp_node_add (parent, name, ns);

  if (node != NULL && text != NULL)
    xmpp_node_set_text (node, text, -1);

  return node;
}

static XmppNode *
add_copy (XmppStanza     *stanza,
          XmppNode       *parent,
          const XmppNode *other)
{
  XmppNode *node = xmpp_stanza_append (stanza, parent, stanza_name (stanza, other->name),
                                       stanza_name (stanza, other->ns));

  for (guint i = 0; i < other->n_attributes; i++)
    xmpp_node_set_full (node, other->attributes[i].name, other->attributes[i].ns,
                        other->attributes[i].value, strlen (other->attributes[i].value));

  if (other->text != NULL)
    node->text = xmpp_stanza_keep (stanza, other->text, strlen (other->text));

  XMPP_NODE_FOREACH_CHILD (other, child)
    {
      XmppNode *copy = add_copy (stanza, node, child);

      if (child->tail != NULL)
        copy->tail = xmpp_stanza_keep (stanza, child->tail, strlen (child->tail));
    }

  return node;
}

/**
 * xmpp_node_add_copy:
 * @other: an element, of another stanza or of this one, but not around @parent
 *
 * Returns: (transfer none): the new last child, a deep copy of @other
 */
XmppNode *
xmpp_node_add_copy (XmppNode       *parent,
                    const XmppNode *other)
{
  g_return_val_if_fail (parent != NULL && other != NULL, NULL);
  g_return_val_if_fail (!parent->stanza->sealed, NULL);

  return add_copy (parent->stanza, parent, other);
}

static XmppAttribute *
find_attribute (const XmppNode *self,
                const char     *name,
                const char     *ns)
{
  for (guint i = 0; i < self->n_attributes; i++)
    {
      XmppAttribute *attribute = &self->attributes[i];

      if ((attribute->name == name || strcmp (attribute->name, name) == 0) &&
          (attribute->ns == ns || g_strcmp0 (attribute->ns, ns) == 0))
        return attribute;
    }

  return NULL;
}

static XmppAttribute *
add_attribute (XmppNode *self)
{
  guint n = self->n_attributes;

  /* Grows by powers of two, so that how much there is need not be kept. What the parser reserved is
   * sealed before anybody could add to it. */
  if ((n & (n - 1)) == 0)
    {
      XmppAttribute *old = self->attributes;

      self->attributes = stanza_alloc (self->stanza, sizeof *old * MAX (1, n * 2));
      if (n > 0)
        memcpy (self->attributes, old, sizeof *old * n);
    }

  return &self->attributes[self->n_attributes++];
}

/**
 * xmpp_node_set_full:
 * @ns: (nullable): the attribute's namespace; RFC 6120's own attributes have none
 * @value: @length bytes, not necessarily terminated
 *
 * Sets an attribute, in place of the one that was there.
 */
void
xmpp_node_set_full (XmppNode   *self,
                    const char *name,
                    const char *ns,
                    const char *value,
                    gsize       length)
{
  XmppAttribute *attribute;

  g_return_if_fail (self != NULL && name != NULL && value != NULL);
  g_return_if_fail (!self->stanza->sealed);

  ns = stanza_ns (self->stanza, ns);
  attribute = find_attribute (self, name, ns);
  if (attribute == NULL)
    {
      attribute = add_attribute (self);
      attribute->name = stanza_name (self->stanza, name);
      attribute->ns = ns;
    }

  attribute->value = xmpp_stanza_keep (self->stanza, value, length);
}

/**
 * xmpp_node_set:
 * @value: (nullable): %NULL: nothing is set
 *
 * Sets an attribute without namespace, in place of the one that was there.
 */
void
xmpp_node_set (XmppNode   *self,
               const char *name,
               const char *value)
{
  if (value != NULL)
    xmpp_node_set_full (self, name, NULL, value, strlen (value));
}

void
xmpp_node_set_int (XmppNode   *self,
                   const char *name,
                   gint64      value)
{
  char text[24];

  g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, value);
  xmpp_node_set (self, name, text);
}

/**
 * xmpp_node_set_jid:
 * @jid: (nullable) (type XmppJid): an address
 */
void
xmpp_node_set_jid (XmppNode      *self,
                   const char    *name,
                   gconstpointer  jid)
{
  if (jid != NULL)
    xmpp_node_set (self, name, xmpp_jid_get_text (jid));
}

/**
 * xmpp_node_set_text:
 * @length: in bytes, or -1 for the whole of @text
 *
 * Sets the text before the first child.
 */
void
xmpp_node_set_text (XmppNode   *self,
                    const char *text,
                    gssize      length)
{
  g_return_if_fail (self != NULL && text != NULL);
  g_return_if_fail (!self->stanza->sealed);

  self->text = xmpp_stanza_keep (self->stanza, text, length < 0 ? strlen (text) : (gsize) length);
}

/* Reading */

/**
 * xmpp_node_get:
 *
 * Returns: (nullable) (transfer none): the value of an attribute without namespace: `a:from` is
 *   never `from` (XML Names, 6.2)
 */
const char *
xmpp_node_get (const XmppNode *self,
               const char     *name)
{
  const XmppAttribute *attribute;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  attribute = find_attribute (self, name, NULL);

  return attribute != NULL ? attribute->value : NULL;
}

/**
 * xmpp_node_get_lang:
 *
 * Returns: (nullable) (transfer none): xml:lang of this element or of the nearest one around it
 */
const char *
xmpp_node_get_lang (const XmppNode *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  for (; self != NULL; self = self->parent)
    {
      const XmppAttribute *lang = find_attribute (self, "lang", XMPP_NS_XML);

      if (lang != NULL)
        return lang->value;
    }

  return NULL;
}

/**
 * xmpp_parse_uint:
 * @max: the largest value that counts
 * @value: (out): the number
 *
 * The one way to read a number: ASCII digits and nothing else.
 *
 * Returns: whether it is one, and not over @max
 */
gboolean
xmpp_parse_uint (const char *text,
                 guint64     max,
                 guint64    *value)
{
  guint64 number = 0;

  if (text == NULL || *text == '\0')
    return FALSE;

  for (; *text != '\0'; text++)
    {
      guint digit = (guchar) *text - '0';

      if (digit > 9 || number > (G_MAXUINT64 - digit) / 10)
        return FALSE;

      number = number * 10 + digit;
    }

  if (number > max)
    return FALSE;

  *value = number;

  return TRUE;
}

/**
 * xmpp_node_get_uint:
 *
 * Returns: whether the attribute is there and a number up to @max; any other is as if it were absent
 */
gboolean
xmpp_node_get_uint (const XmppNode *self,
                    const char     *name,
                    guint64         max,
                    guint64        *value)
{
  return xmpp_parse_uint (xmpp_node_get (self, name), max, value);
}

gboolean
xmpp_node_get_boolean (const XmppNode *self,
                       const char     *name)
{
  const char *value = xmpp_node_get (self, name);

  return value != NULL && (strcmp (value, "true") == 0 || strcmp (value, "1") == 0);
}

gboolean
xmpp_node_is (const XmppNode *self,
              const char     *name,
              const char     *ns)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return strcmp (self->name, name) == 0 && g_strcmp0 (self->ns, ns) == 0;
}

/**
 * xmpp_node_get_child:
 * @ns: (nullable): its namespace; %NULL is none, and never jabber:client
 *
 * Returns: (nullable) (transfer none): the first such child
 */
XmppNode *
xmpp_node_get_child (const XmppNode *self,
                     const char     *name,
                     const char     *ns)
{
  g_return_val_if_fail (self != NULL, NULL);

  XMPP_NODE_FOREACH_CHILD (self, child)
    {
      if (xmpp_node_is (child, name, ns))
        return child;
    }

  return NULL;
}

/**
 * xmpp_node_get_child_text:
 *
 * Returns: (nullable) (transfer none): the text of the first such child; "" when it is empty
 */
const char *
xmpp_node_get_child_text (const XmppNode *self,
                          const char     *name,
                          const char     *ns)
{
  const XmppNode *child = xmpp_node_get_child (self, name, ns);

  if (child == NULL)
    return NULL;

  return child->text != NULL ? child->text : "";
}
