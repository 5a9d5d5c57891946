/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-prolog.h"

#include <string.h>

#define BOM "\xEF\xBB\xBF"

/* The mark that some put before UTF-8 says nothing. FALSE: it began, but it is another's */
static gboolean
skip_bom (XmppProlog  *self,
          const char **data,
          gsize       *length)
{
  while (self->n_bom < strlen (BOM) && *length > 0)
    {
      if (**data != BOM[self->n_bom])
        return self->n_bom == 0;

      self->n_bom++;
      (*data)++;
      (*length)--;
    }

  return TRUE;
}

/* Until has_begun: takes the mark away, and tells a web page, another protocol's greeting, or noise from XML,
 * which begins with a "<" (security.md, S19). libxml2 says of all of them that the document is empty.
 */
XmppPrologResult
xmpp_prolog_read (XmppProlog  *self,
                  const char **data,
                  gsize       *length)
{
  if (!skip_bom (self, data, length))
    return XMPP_PROLOG_ENCODING;

  for (gsize i = 0; i < *length && !self->has_begun; i++)
    {
      char c = (*data)[i];

      if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
        {
          self->n_bom = strlen (BOM);   /* It is too late for one */
          continue;
        }

      self->has_begun = TRUE;
      if (c == '\xFE' || c == '\xFF' || c == '\0')
        return XMPP_PROLOG_ENCODING;
      if (c != '<')
        return XMPP_PROLOG_NOT_XML;
    }

  return XMPP_PROLOG_GOOD;
}

/* What the XML declaration says of the encoding; libxml2 was told to ignore it. */
gboolean
xmpp_prolog_is_utf8 (const char *header,
                     gsize       length)
{
  const char *end = g_strstr_len (header, length, "?>");
  const char *encoding;

  if (!g_str_has_prefix (header, "<?xml") || end == NULL)
    return TRUE;

  encoding = g_strstr_len (header, end - header, "encoding");
  if (encoding == NULL)
    return TRUE;

  encoding += strcspn (encoding, "'\"");

  return g_ascii_strncasecmp (encoding + 1, "UTF-8", strlen ("UTF-8")) == 0 &&
         encoding[1 + strlen ("UTF-8")] == *encoding;
}
