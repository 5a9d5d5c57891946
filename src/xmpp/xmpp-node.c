/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The elements of a stanza: building them, until it is sealed, and reading them */
#include "xmpp-atom.h"
#include "xmpp-jid.h"
#include "xmpp-stanza-private.h"

#include <string.h>

/**
 * xmpp_node_add:
 * @parent: an element of a stanza that is not sealed
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
  g_return_val_if_fail (!xmpp_stanza_is_sealed (parent->stanza), NULL);

  return xmpp_stanza_append (parent->stanza, parent, xmpp_stanza_keep_name (parent->stanza, name),
                             ns != NULL ? xmpp_stanza_keep_ns (parent->stanza, ns) : parent->ns);
}

/**
 * xmpp_node_add_text:
 * @parent: an element of a stanza that is not sealed
 * @name: the child's name
 * @ns: (nullable): its namespace, as in xmpp_node_add()
 * @text: (nullable): the child's text, which is escaped when it is written
 *
 * As xmpp_node_add(), with a text.
 *
 * Returns: (transfer none): the new last child
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
  XmppNode *node = xmpp_stanza_append (stanza, parent, xmpp_stanza_keep_name (stanza, other->name),
                                       xmpp_stanza_keep_name (stanza, other->ns));

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
 * @parent: an element of a stanza that is not sealed
 * @other: an element, of another stanza or of this one, but not around @parent
 *
 * Returns: (transfer none): the new last child, a deep copy of @other
 */
XmppNode *
xmpp_node_add_copy (XmppNode       *parent,
                    const XmppNode *other)
{
  g_return_val_if_fail (parent != NULL && other != NULL, NULL);
  g_return_val_if_fail (!xmpp_stanza_is_sealed (parent->stanza), NULL);

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

      if (xmpp_name_equal (attribute->name, name) && xmpp_name_equal (attribute->ns, ns))
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

      self->attributes = xmpp_stanza_alloc (self->stanza, sizeof *old * MAX (1, n * 2));
      if (n > 0)
        memcpy (self->attributes, old, sizeof *old * n);
    }

  return &self->attributes[self->n_attributes++];
}

/**
 * xmpp_node_set_full:
 * @self: an element of a stanza that is not sealed
 * @name: the attribute's name
 * @ns: (nullable): the attribute's namespace; RFC 6120's own attributes have none
 * @value: @length bytes, not necessarily terminated
 * @length: of @value, in bytes
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
  g_return_if_fail (!xmpp_stanza_is_sealed (self->stanza));

  ns = xmpp_stanza_keep_ns (self->stanza, ns);
  attribute = find_attribute (self, name, ns);
  if (attribute == NULL)
    {
      attribute = add_attribute (self);
      attribute->name = xmpp_stanza_keep_name (self->stanza, name);
      attribute->ns = ns;
    }

  attribute->value = xmpp_stanza_keep (self->stanza, value, length);
}

/**
 * xmpp_node_set:
 * @self: an element of a stanza that is not sealed
 * @name: the attribute's name
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

/**
 * xmpp_node_set_int:
 * @self: an element of a stanza that is not sealed
 * @name: the attribute's name
 * @value: the number
 *
 * Sets an attribute without namespace to a number in digits.
 */
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
 * @self: an element of a stanza that is not sealed
 * @name: the attribute's name
 * @jid: (nullable) (type XmppJid): an address; %NULL: nothing is set
 *
 * Sets an attribute without namespace to the text of an address.
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
 * @self: an element of a stanza that is not sealed
 * @text: the text, in UTF-8
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
  g_return_if_fail (!xmpp_stanza_is_sealed (self->stanza));

  self->text = xmpp_stanza_keep (self->stanza, text, length < 0 ? strlen (text) : (gsize) length);
}

/* Reading */

/**
 * xmpp_node_get:
 * @self: an element
 * @name: the attribute's name
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
 * @self: an element
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
 * @text: (nullable): what the number may be in
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
 * @self: an element
 * @name: the attribute's name
 * @max: the largest value that counts
 * @value: (out): the number
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

/**
 * xmpp_node_get_boolean:
 * @self: an element
 * @name: the attribute's name
 *
 * Returns: whether the attribute is there and "true" or "1" (XML Schema 2, 3.2.2); any other is false
 */
gboolean
xmpp_node_get_boolean (const XmppNode *self,
                       const char     *name)
{
  const char *value = xmpp_node_get (self, name);

  return value != NULL && (strcmp (value, "true") == 0 || strcmp (value, "1") == 0);
}

/**
 * xmpp_node_is:
 * @self: an element
 * @name: a name
 * @ns: (nullable): %NULL: none, which is never jabber:client
 *
 * Returns: whether the element has this name in this namespace
 */
gboolean
xmpp_node_is (const XmppNode *self,
              const char     *name,
              const char     *ns)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return xmpp_name_equal (self->name, name) && xmpp_name_equal (self->ns, ns);
}

/**
 * xmpp_node_get_child:
 * @self: an element
 * @name: the child's name
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
 * @self: an element
 * @name: the child's name
 * @ns: (nullable): its namespace, as in xmpp_node_get_child()
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
