/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-atom.h"
#include "xmpp-jid.h"
#include "xmpp-stanza-private.h"

#include <string.h>

/* Most stanzas fit the first chunk, which lies in the stanza's own block: one allocation. */
#define FIRST_CHUNK_SIZE 1000
#define MAX_CHUNK_SIZE   (64 * 1024)

typedef struct _Chunk Chunk;

struct _Chunk
{
  Chunk *next;
  gsize  used;
  gsize  size;
  char   data[];
};

struct _XmppStanza
{
  grefcount  ref_count;
  gboolean   sealed;
  gboolean   skipped;
  gsize      size;
  Chunk     *chunks;
  XmppNode  *root;
};

G_DEFINE_BOXED_TYPE (XmppStanza, xmpp_stanza, xmpp_stanza_ref, xmpp_stanza_unref)

static Chunk *
add_chunk (XmppStanza *self,
           gsize       size)
{
  Chunk *chunk = self->chunks;
  gsize grown = chunk != NULL ? MIN (chunk->size * 2, MAX_CHUNK_SIZE) : FIRST_CHUNK_SIZE;

  chunk = g_malloc (sizeof *chunk + MAX (grown, size));
  chunk->size = MAX (grown, size);
  chunk->used = 0;
  chunk->next = self->chunks;
  self->chunks = chunk;

  return chunk;
}

static gpointer
stanza_alloc (XmppStanza *self,
              gsize       size)
{
  Chunk *chunk = self->chunks;
  gpointer data;

  size = (size + 7) & ~(gsize) 7;

  if (G_UNLIKELY (chunk == NULL || chunk->used + size > chunk->size))
    chunk = add_chunk (self, size);

  data = chunk->data + chunk->used;
  chunk->used += size;

  return data;
}

static const char *
stanza_strndup (XmppStanza *self,
                const char *str,
                gsize       length)
{
  char *copy = stanza_alloc (self, length + 1);

  memcpy (copy, str, length);
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

  return stanza_strndup (self, name, strlen (name));
}

static XmppNode *
stanza_add_node (XmppStanza *self,
                 const char *name,
                 const char *ns)
{
  XmppNode *node = stanza_alloc (self, sizeof *node);

  *node = (XmppNode) {
    .stanza = self,
    .name = name,
    .ns = ns,
  };

  return node;
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

  self = g_new0 (XmppStanza, 1);
  g_ref_count_init (&self->ref_count);
  self->root = stanza_add_node (self, stanza_name (self, name), stanza_name (self, ns));

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

  g_ref_count_inc (&self->ref_count);

  return self;
}

void
xmpp_stanza_unref (XmppStanza *self)
{
  g_return_if_fail (self != NULL);

  if (!g_ref_count_dec (&self->ref_count))
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

static XmppNode *
append_child (XmppNode   *parent,
              const char *name,
              const char *ns)
{
  XmppNode *node = stanza_add_node (parent->stanza, name, ns);

  node->parent = parent;
  if (parent->last_child != NULL)
    parent->last_child->next = node;
  else
    parent->first_child = node;
  parent->last_child = node;

  return node;
}

/* As the parser gives it: a namespace of %NULL is none. */
XmppNode *
xmpp_node_append (XmppNode   *parent,
                  const char *name,
                  const char *ns)
{
  return append_child (parent, stanza_name (parent->stanza, name),
                       ns != NULL && parent->ns != NULL && strcmp (ns, parent->ns) == 0
                         ? parent->ns : stanza_name (parent->stanza, ns));
}

/**
 * xmpp_node_add:
 * @name: the child's name
 * @ns: (nullable): its namespace; %NULL: the parent's
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

  return append_child (parent, stanza_name (parent->stanza, name),
                       ns != NULL ? stanza_name (parent->stanza, ns) : parent->ns);
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

static void
copy_into (XmppNode       *node,
           const XmppNode *other)
{
  XmppStanza *stanza = node->stanza;

  for (guint i = 0; i < other->n_attributes; i++)
    xmpp_node_set_full (node, other->attributes[i].name, other->attributes[i].ns,
                        other->attributes[i].value, strlen (other->attributes[i].value));

  if (other->text != NULL)
    node->text = stanza_strndup (stanza, other->text, strlen (other->text));

  XMPP_NODE_FOREACH_CHILD (other, child)
    {
      XmppNode *copy = xmpp_node_append (node, child->name, child->ns);

      copy_into (copy, child);
      if (child->tail != NULL)
        copy->tail = stanza_strndup (stanza, child->tail, strlen (child->tail));
    }
}

/**
 * xmpp_node_add_copy:
 * @other: an element, of another stanza or of this one
 *
 * Returns: (transfer none): the new last child, a deep copy of @other
 */
XmppNode *
xmpp_node_add_copy (XmppNode       *parent,
                    const XmppNode *other)
{
  XmppNode *copy;

  g_return_val_if_fail (parent != NULL && other != NULL, NULL);
  g_return_val_if_fail (!parent->stanza->sealed, NULL);

  copy = xmpp_node_append (parent, other->name, other->ns);
  copy_into (copy, other);

  return copy;
}

/**
 * xmpp_node_set_full:
 * @ns: (nullable): the attribute's namespace; RFC 6120's own attributes have none
 * @value: @length bytes, not necessarily terminated
 *
 * Sets an attribute, which must not be there yet unless it is without namespace, then it is replaced.
 */
void
xmpp_node_set_full (XmppNode   *self,
                    const char *name,
                    const char *ns,
                    const char *value,
                    gsize       length)
{
  XmppStanza *stanza;
  XmppAttribute *grown;

  g_return_if_fail (self != NULL);
  g_return_if_fail (!self->stanza->sealed);

  stanza = self->stanza;

  /* grows by powers of two: 4, 8, 16 … */
  if (self->n_attributes == 0 || (self->n_attributes >= 4 && (self->n_attributes & (self->n_attributes - 1)) == 0))
    {
      grown = stanza_alloc (stanza, sizeof *grown * MAX (4, self->n_attributes * 2));
      if (self->n_attributes > 0)
        memcpy (grown, self->attributes, sizeof *grown * self->n_attributes);
      self->attributes = grown;
    }

  self->attributes[self->n_attributes++] = (XmppAttribute) {
    .name = stanza_name (stanza, name),
    .ns = stanza_name (stanza, ns),
    .value = stanza_strndup (stanza, value, length),
  };
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
  g_return_if_fail (self != NULL);
  g_return_if_fail (!self->stanza->sealed);

  if (value == NULL)
    return;

  for (guint i = 0; i < self->n_attributes; i++)
    {
      if (self->attributes[i].ns == NULL && strcmp (self->attributes[i].name, name) == 0)
        {
          self->attributes[i].value = stanza_strndup (self->stanza, value, strlen (value));
          return;
        }
    }

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

  self->text = stanza_strndup (self->stanza, text, length < 0 ? strlen (text) : (gsize) length);
}

void
xmpp_node_set_tail (XmppNode   *self,
                    const char *text,
                    gsize       length)
{
  self->tail = stanza_strndup (self->stanza, text, length);
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
  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->n_attributes; i++)
    {
      if (self->attributes[i].ns == NULL &&
          (self->attributes[i].name == name || strcmp (self->attributes[i].name, name) == 0))
        return self->attributes[i].value;
    }

  return NULL;
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
      for (guint i = 0; i < self->n_attributes; i++)
        {
          if (self->attributes[i].ns != NULL &&
              strcmp (self->attributes[i].ns, XMPP_NS_XML) == 0 &&
              strcmp (self->attributes[i].name, "lang") == 0)
            return self->attributes[i].value;
        }
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
