/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-framing.h"

#include "xmpp-stanza.h"

#include <string.h>

static void
append_attribute (GString    *xml,
                  const char *name,
                  const char *value)
{
  g_autofree char *escaped = NULL;

  if (value == NULL)
    return;

  escaped = g_markup_escape_text (value, -1);
  g_string_append_c (xml, ' ');
  g_string_append (xml, name);
  g_string_append (xml, "='");
  g_string_append (xml, escaped);
  g_string_append_c (xml, '\'');
}

/* (transfer full): the XML declaration and the start tag (RFC 6120, 4.2) */
char *
xmpp_framing_make_header (const char *domain,
                          const char *from,
                          const char *lang)
{
  g_autoptr(GString) header = g_string_new ("<?xml version='1.0'?><stream:stream");

  append_attribute (header, "from", from);
  append_attribute (header, "to", domain);
  append_attribute (header, "version", "1.0");
  append_attribute (header, "xml:lang", lang);
  append_attribute (header, "xmlns", XMPP_NS_CLIENT);
  append_attribute (header, "xmlns:stream", XMPP_NS_STREAM);
  g_string_append_c (header, '>');

  return g_string_free (g_steal_pointer (&header), FALSE);
}

/* The length of the XML declaration and the start tag, of which the parser has accepted the whole */
gsize
xmpp_framing_measure_header (const char *text,
                             gsize       length)
{
  char quote = '\0';
  gboolean is_declaration = FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if (quote != '\0')
        quote = text[i] == quote ? '\0' : quote;
      else if (text[i] == '\'' || text[i] == '"')
        quote = text[i];
      else if (text[i] == '<')
        is_declaration = i + 1 < length && text[i + 1] == '?';
      else if (text[i] == '>' && !is_declaration)
        return i + 1;
    }

  return length;
}

/* (transfer full): the end tag; before it, unless stream_error is NULL, what was wrong (RFC 6120, 4.9), and
 * detail (nullable): XML that says more of it (4.9.4)
 */
char *
xmpp_framing_make_end (const char *stream_error,
                       const char *detail)
{
  if (stream_error == NULL)
    return g_strdup (XMPP_FRAMING_END);

  return g_strconcat ("<stream:error><", stream_error, " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>",
                      detail != NULL ? detail : "", "</stream:error>", XMPP_FRAMING_END, NULL);
}

/* White space between stanzas, and at least one of it (RFC 6120, 4.6.1) */
gboolean
xmpp_framing_is_blank (const char *text,
                       gsize       length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (memchr (" \t\r\n", text[i], 4) == NULL)
        return FALSE;
    }

  return length > 0;
}
