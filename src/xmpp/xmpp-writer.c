/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A stanza as XML: the one place where our text becomes markup, so the one place that escapes it. */
#include "xmpp-stanza.h"

#include <string.h>

/* What XML 1.0 cannot carry (2.2, Char) is left out: a pasted U+001B must not end the session. */
static gboolean
is_xml_char (gunichar c)
{
  return c == 0x9 || c == 0xA || c == 0xD ||
         (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

static const char *
get_escape (char     c,
            gboolean is_attribute)
{
  switch (c)
    {
    case '&':  return "&amp;";
    case '<':  return "&lt;";
    case '>':  return "&gt;";
    case '\r': return "&#13;";
    case '\'': return is_attribute ? "&apos;" : NULL;
    case '\n': return is_attribute ? "&#10;" : NULL;
    case '\t': return is_attribute ? "&#9;" : NULL;
    default:   return NULL;
    }
}

/* As g_string_append_len() where there is room, but in line: a console writes each stanza that comes. */
static inline void
put (GString    *xml,
     const char *text,
     gsize       length)
{
  if (G_UNLIKELY (length >= xml->allocated_len - xml->len))
    {
      g_string_append_len (xml, text, length);
      return;
    }

  memcpy (xml->str + xml->len, text, length);
  xml->len += length;
  xml->str[xml->len] = '\0';
}

static inline void
put_text (GString    *xml,
          const char *text)
{
  put (xml, text, strlen (text));
}

/* The bytes that need a closer look are markup, control characters, and all that is not ASCII. */
static const guint8 is_plain[256] = {
  [' ' ... '%'] = 1, ['(' ... ';'] = 1, ['='] = 1, ['?' ... '~'] = 1,
};

static gsize
plain_span (const char *text)
{
  const guchar *p = (const guchar *) text;

  while (is_plain[*p])
    p++;

  return p - (const guchar *) text;
}

static void
write_escaped (GString    *xml,
               const char *text,
               gboolean    is_attribute)
{
  while (*text != '\0')
    {
      gsize length = plain_span (text);
      const char *escape;
      gunichar c;

      put (xml, text, length);
      text += length;
      if (*text == '\0')
        break;

      if ((escape = get_escape (*text, is_attribute)))
        {
          put_text (xml, escape);
          text++;
          continue;
        }

      c = g_utf8_get_char_validated (text, -1);
      if (c == (gunichar) -1 || c == (gunichar) -2)
        {
          text++;   /* not UTF-8: no program of ours should give it, and no server should get it */
          continue;
        }

      if (is_xml_char (c))
        put (xml, text, g_utf8_skip[(guchar) *text]);
      text += g_utf8_skip[(guchar) *text];
    }
}

static void
write_attribute (const XmppAttribute *attribute,
                 guint                index,
                 GString             *xml)
{
  put (xml, " ", 1);

  if (attribute->ns != NULL && strcmp (attribute->ns, XMPP_NS_XML) == 0)
    {
      put_text (xml, "xml:");
    }
  else if (attribute->ns != NULL)
    {
      g_string_append_printf (xml, "xmlns:a%u='", index);
      write_escaped (xml, attribute->ns, TRUE);
      g_string_append_printf (xml, "' a%u:", index);
    }

  put_text (xml, attribute->name);
  put_text (xml, "='");
  write_escaped (xml, attribute->value, TRUE);
  put (xml, "'", 1);
}

static void
write_tag (const XmppNode *self,
           const char     *outer_ns,
           GString        *xml)
{
  put (xml, "<", 1);
  put_text (xml, self->name);

  if (g_strcmp0 (self->ns, outer_ns) != 0)
    {
      put_text (xml, " xmlns='");
      write_escaped (xml, self->ns != NULL ? self->ns : "", TRUE);
      put (xml, "'", 1);
    }

  for (guint i = 0; i < self->n_attributes; i++)
    write_attribute (&self->attributes[i], i, xml);
}

/**
 * xmpp_node_write:
 * @outer_ns: (nullable): the default namespace at the place where the element will stand
 * @xml: what it is appended to
 */
void
xmpp_node_write (const XmppNode *self,
                 const char     *outer_ns,
                 GString        *xml)
{
  g_return_if_fail (self != NULL && xml != NULL);

  write_tag (self, outer_ns, xml);

  if (self->first_child == NULL && (self->text == NULL || *self->text == '\0'))
    {
      put_text (xml, "/>");
      return;
    }

  put (xml, ">", 1);

  if (self->text != NULL)
    write_escaped (xml, self->text, FALSE);

  XMPP_NODE_FOREACH_CHILD (self, child)
    {
      xmpp_node_write (child, self->ns, xml);
      if (child->tail != NULL)
        write_escaped (xml, child->tail, FALSE);
    }

  put_text (xml, "</");
  put_text (xml, self->name);
  put (xml, ">", 1);
}

/**
 * xmpp_stanza_to_xml:
 *
 * Returns: (transfer full): the stanza as it stands in a client's stream
 */
char *
xmpp_stanza_to_xml (XmppStanza *self)
{
  GString *xml = g_string_new (NULL);

  xmpp_node_write (xmpp_stanza_get_root (self), XMPP_NS_CLIENT, xml);

  return g_string_free (xml, FALSE);
}

/* Somebody else's indentation; a space between two elements may be one between two words */
static gboolean
is_layout (const char *text)
{
  return text == NULL || *text == '\0' ||
         (strchr (text, '\n') != NULL && text[strspn (text, " \t\r\n")] == '\0');
}

/* White space may be added only where there is nothing but elements. */
static gboolean
has_only_elements (const XmppNode *self)
{
  if (self->first_child == NULL || !is_layout (self->text))
    return FALSE;

  XMPP_NODE_FOREACH_CHILD (self, child)
    {
      if (!is_layout (child->tail))
        return FALSE;
    }

  return TRUE;
}

static void
write_pretty (const XmppNode *self,
              const char     *outer_ns,
              guint           depth,
              GString        *xml)
{
  if (!has_only_elements (self))
    {
      xmpp_node_write (self, outer_ns, xml);
      return;
    }

  write_tag (self, outer_ns, xml);
  g_string_append_c (xml, '>');

  XMPP_NODE_FOREACH_CHILD (self, child)
    {
      g_string_append_printf (xml, "\n%*s", (int) (depth + 1) * 2, "");
      write_pretty (child, self->ns, depth + 1, xml);
    }

  g_string_append_printf (xml, "\n%*s</%s>", (int) depth * 2, "", self->name);
}

/**
 * xmpp_stanza_to_pretty:
 *
 * Returns: (transfer full): the stanza for a reader: indented by two spaces where that changes no
 *   text, and with every namespace said
 */
char *
xmpp_stanza_to_pretty (XmppStanza *self)
{
  GString *xml = g_string_new (NULL);

  write_pretty (xmpp_stanza_get_root (self), NULL, 0, xml);

  return g_string_free (xml, FALSE);
}
