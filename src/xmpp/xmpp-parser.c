/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bytes → sealed stanzas, by libxml2's push parser. libxml2 limits neither depth nor text nor
 * attributes in this mode, reports namespace errors as warnings, honours a document type and prints
 * what it dislikes: each of these is dealt with here, and nowhere else.
 */
#include "flint-config.h"

#include "xmpp-error.h"
#include "xmpp-parser.h"
#include "xmpp-stanza-private.h"

#include <glib/gi18n-lib.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <string.h>

/* xmlParseChunk () looks at what it is given as a whole: bounded pieces bound a tag */
#define MAX_PIECE       (16 * 1024)
/* libxml2 keeps every name it ever saw: over this a new context is made between two stanzas */
#define DICT_RECYCLE    (256 * 1024)
#define DICT_STOP       (8 * 1024 * 1024)

struct _XmppParser
{
  xmlParserCtxtPtr   context;
  XmppParserFuncs    funcs;
  gpointer           user_data;

  GString           *header;       /* the bytes up to the end of <stream:stream>, to begin again with */
  gboolean           has_header;
  gboolean           is_opened;    /* the header was delivered */
  gboolean           is_muted;     /* the header is being fed again */
  gboolean           is_early;
  gboolean           is_paused;
  gboolean           is_closed;    /* </stream:stream> came */

  XmppStanza        *stanza;       /* being built, or NULL between stanzas */
  XmppNode          *node;         /* its open element */
  XmppNode          *last;         /* the last element that was closed inside it: its tail comes */
  GString           *text;         /* since the last tag */
  guint              depth;        /* 0: before the stream header; 1: between stanzas */
  guint              n_elements;
  gsize              size;         /* of the stanza so far */
  gsize              silent;       /* bytes since the last event */
  gboolean           is_skipping;  /* the stanza is over a limit */

  GQueue             queue;        /* of XmppStanza, or NULL for the end of the stream */
  GError            *error;
  char              *problem;      /* libxml2's own words, with the place */
  int                first_line;   /* the lines before it are not the person's */
};

/* Errors */

static void
refuse (XmppParser *self,
        int         code,
        const char *sentence)
{
  if (self->error != NULL)
    return;

  self->error = g_error_new_literal (XMPP_ERROR, code, sentence);
  xmlStopParser (self->context);
}

static void
refuse_restricted (XmppParser *self)
{
  refuse (self, XMPP_ERROR_RESTRICTED_XML,
          _("The server sent a kind of XML that XMPP does not allow. The connection was closed."));
}

static void
refuse_malformed (XmppParser *self)
{
  refuse (self, XMPP_ERROR_NOT_WELL_FORMED,
          _("The server sent something that is not well-formed XML. The connection was closed."));
}

static void
on_doctype (void          *user_data,
            const xmlChar *name,
            const xmlChar *external_id,
            const xmlChar *system_id)
{
  refuse_restricted (user_data);
}

static void
on_comment (void          *user_data,
            const xmlChar *text)
{
  refuse_restricted (user_data);
}

static void
on_processing_instruction (void          *user_data,
                           const xmlChar *target,
                           const xmlChar *data)
{
  refuse_restricted (user_data);
}

static void
on_entity_declaration (void          *user_data,
                       const xmlChar *name,
                       int            type,
                       const xmlChar *public_id,
                       const xmlChar *system_id,
                       xmlChar       *content)
{
  refuse_restricted (user_data);
}

static void
on_reference (void          *user_data,
              const xmlChar *name)
{
  refuse_restricted (user_data);
}

#if LIBXML_VERSION >= 21200
static void
on_error (void           *user_data,
          const xmlError *error)
#else
static void
on_error (void        *user_data,
          xmlErrorPtr  error)
#endif
{
  XmppParser *self = user_data;

  /* a namespace error is only an error to libxml2 (S93), and ends a stream all the same; a warning does not */
  if (error->level == XML_ERR_WARNING || self->error != NULL || self->is_muted)
    return;

  /* translators: a place in a text, and what is wrong there in English */
  self->problem = g_strdup_printf (_("Line %d, column %d: %s"), error->line - self->first_line, error->int2,
                                   error->message != NULL ? g_strchomp (error->message) : "");
  refuse_malformed (self);
}

/* Elements */

static gboolean
is_valid (XmppParser    *self,
          const xmlChar *text,
          gssize         length)
{
  if (text == NULL || g_utf8_validate ((const char *) text, length, NULL))
    return TRUE;

  refuse_malformed (self);

  return FALSE;
}

static void
skip (XmppParser *self)
{
  XmppStanza *whole = self->stanza;
  const XmppNode *root = xmpp_stanza_get_root (whole);

  if (self->is_skipping)
    return;

  /* only the envelope is kept: what came of the rest goes at once */
  self->is_skipping = TRUE;
  self->stanza = xmpp_stanza_new (root->name, root->ns);
  self->node = xmpp_stanza_get_root (self->stanza);
  for (guint i = 0; i < MIN (root->n_attributes, XMPP_PARSER_MAX_ATTRIBUTES); i++)
    xmpp_node_set_full (self->node, root->attributes[i].name, root->attributes[i].ns,
                        root->attributes[i].value, strlen (root->attributes[i].value));
  xmpp_stanza_unref (whole);
  g_string_truncate (self->text, 0);
}

/* The text since the last tag belongs before the first child, or after the last closed one. */
static void
take_text (XmppParser *self)
{
  if (self->text->len == 0)
    return;

  if (self->last != NULL)
    xmpp_node_set_tail (self->last, self->text->str, self->text->len);
  else
    xmpp_node_set_text (self->node, self->text->str, self->text->len);

  g_string_truncate (self->text, 0);
}

/* libxml2 leaves "&" in a value to be parsed once more, as "&#38;", unless it may substitute all entities,
 * which it may not here. Nothing else in a value begins with "&".
 */
static void
set_attribute (XmppNode   *node,
               const char *name,
               const char *ns,
               const char *value,
               gsize       length)
{
  g_autoptr(GString) restored = NULL;

  if (memchr (value, '&', length) != NULL)
    {
      restored = g_string_new_len (value, length);
      g_string_replace (restored, "&#38;", "&", 0);
      value = restored->str;
      length = restored->len;
    }

  xmpp_node_set_full (node, name, ns, value, length);
}

/* libxml2 gives each attribute as: name, prefix, namespace, start and end of the value */
static gboolean
take_attributes (XmppParser     *self,
                 int             n_attributes,
                 const xmlChar **attributes)
{
  for (int i = 0; i < n_attributes; i++, attributes += 5)
    {
      gsize length = attributes[4] - attributes[3];

      if (!is_valid (self, attributes[0], -1) || !is_valid (self, attributes[2], -1) || !is_valid (self, attributes[3], length))
        return FALSE;

      set_attribute (self->node, (const char *) attributes[0], (const char *) attributes[2],
                     (const char *) attributes[3], length);
    }

  return TRUE;
}

static void
open_stream (XmppParser     *self,
             const xmlChar  *name,
             const xmlChar  *uri,
             int             n_attributes,
             const xmlChar **attributes)
{
  if (self->is_muted)
    return;

  if (g_strcmp0 ((const char *) uri, XMPP_NS_STREAM) != 0 || strcmp ((const char *) name, "stream") != 0)
    {
      refuse (self, XMPP_ERROR_NOT_XMPP, _("What answers there is not an XMPP server."));
      return;
    }

  self->stanza = xmpp_stanza_new ((const char *) name, (const char *) uri);
  self->node = xmpp_stanza_get_root (self->stanza);
  if (n_attributes <= XMPP_PARSER_MAX_ATTRIBUTES && !take_attributes (self, n_attributes, attributes))
    return;

  xmpp_stanza_seal (self->stanza);
  self->node = NULL;
  self->has_header = TRUE;
  g_queue_push_tail (&self->queue, g_steal_pointer (&self->stanza));
}

static void
on_start_element (void           *user_data,
                  const xmlChar  *name,
                  const xmlChar  *prefix,
                  const xmlChar  *uri,
                  int             n_namespaces,
                  const xmlChar **namespaces,
                  int             n_attributes,
                  int             n_defaulted,
                  const xmlChar **attributes)
{
  XmppParser *self = user_data;

  if (self->error != NULL)
    return;

  self->silent = 0;
  if (self->depth++ == 0)
    {
      open_stream (self, name, uri, n_attributes, attributes);
      return;
    }

  if (!is_valid (self, name, -1) || !is_valid (self, uri, -1))
    return;

  if (self->stanza == NULL)
    {
      self->stanza = xmpp_stanza_new ((const char *) name, (const char *) uri);
      self->node = xmpp_stanza_get_root (self->stanza);
      self->last = NULL;
      self->n_elements = 1;
      self->is_skipping = FALSE;
      if (n_attributes > XMPP_PARSER_MAX_ATTRIBUTES)
        {
          /* the ones that address it are still wanted: they come among the first */
          if (take_attributes (self, XMPP_PARSER_MAX_ATTRIBUTES, attributes))
            skip (self);
          return;
        }
      take_attributes (self, n_attributes, attributes);
      return;
    }

  /* the root of the stanza is at depth 1 of our own counting, under the stream's root */
  if (self->depth - 1 > XMPP_PARSER_MAX_DEPTH || ++self->n_elements > XMPP_PARSER_MAX_ELEMENTS ||
      n_attributes > XMPP_PARSER_MAX_ATTRIBUTES)
    skip (self);

  if (self->is_skipping)
    return;

  take_text (self);
  self->node = xmpp_node_append (self->node, (const char *) name, (const char *) uri);
  self->last = NULL;
  take_attributes (self, n_attributes, attributes);
}

static void
on_characters (void          *user_data,
               const xmlChar *text,
               int            length)
{
  XmppParser *self = user_data;

  if (self->error != NULL || self->is_muted)
    return;

  self->silent = 0;

  if (self->stanza == NULL)
    {
      /* white space between stanzas keeps a connection alive; anything else has no place there (S97) */
      for (int i = 0; i < length; i++)
        {
          if (strchr (" \t\r\n", text[i]) == NULL)
            {
              refuse (self, XMPP_ERROR_PROTOCOL, _("The server sent text where XMPP has none. The connection was closed."));
              return;
            }
        }
      return;
    }

  if (is_valid (self, text, length) && !self->is_skipping)
    g_string_append_len (self->text, (const char *) text, length);
}

static void
on_end_element (void          *user_data,
                const xmlChar *name,
                const xmlChar *prefix,
                const xmlChar *uri)
{
  XmppParser *self = user_data;

  if (self->error != NULL)
    return;

  self->silent = 0;
  if (--self->depth == 0)
    {
      self->is_closed = TRUE;
      g_queue_push_tail (&self->queue, NULL);
      return;
    }

  if (!self->is_skipping)
    {
      take_text (self);
      self->last = self->node;
      self->node = self->node->parent;
    }

  if (self->depth == 1)
    {
      xmpp_stanza_set_received (self->stanza, self->size, self->is_skipping);
      self->node = self->last = NULL;
      self->is_skipping = FALSE;
      self->size = 0;
      g_queue_push_tail (&self->queue, g_steal_pointer (&self->stanza));
    }
}

/* The context */

static void
ignore_error (void       *user_data,
              const char *format,
              ...)
{
}

static xmlParserInputPtr
load_nothing (const char       *url,
              const char       *id,
              xmlParserCtxtPtr  context)
{
  return NULL;
}

static xmlParserCtxtPtr
new_context (XmppParser *self)
{
  static gsize is_prepared = 0;
  xmlSAXHandler handlers = {
    .initialized = XML_SAX2_MAGIC,
    .startElementNs = on_start_element,
    .endElementNs = on_end_element,
    .characters = on_characters,
    .cdataBlock = on_characters,
    .internalSubset = on_doctype,
    .externalSubset = on_doctype,
    .entityDecl = on_entity_declaration,
    .comment = on_comment,
    .processingInstruction = on_processing_instruction,
    .reference = on_reference,
    .serror = on_error,
  };
  xmlParserCtxtPtr context;

  /* once in the process: no file or network, and no message on a terminal */
  if (g_once_init_enter (&is_prepared))
    {
      xmlInitParser ();
      xmlSetExternalEntityLoader (load_nothing);
      xmlSetGenericErrorFunc (NULL, ignore_error);
      g_once_init_leave (&is_prepared, 1);
    }

  context = xmlCreatePushParserCtxt (&handlers, self, NULL, 0, NULL);
  xmlCtxtUseOptions (context, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
  xmlSwitchEncoding (context, XML_CHAR_ENCODING_UTF8);

  return context;
}

static void
free_context (xmlParserCtxtPtr context)
{
  if (context->myDoc != NULL)
    xmlFreeDoc (context->myDoc);
  xmlFreeParserCtxt (context);
}

/* Between two stanzas the names of strangers are forgotten: a new context, given the header again. */
static void
recycle (XmppParser *self)
{
  free_context (self->context);
  self->context = new_context (self);
  self->is_muted = TRUE;
  self->depth = 0;
  xmlParseChunk (self->context, self->header->str, self->header->len, FALSE);
  self->is_muted = FALSE;
}

static gsize
get_unread (XmppParser *self)
{
  return self->context->input != NULL ? (gsize) (self->context->input->end - self->context->input->cur) : 0;
}

/* A declared encoding other than UTF-8, and bytes that begin no XML at all (S19, S88). */
static gboolean
check_beginning (XmppParser *self)
{
  const char *text = self->header->str;
  const char *end;
  g_autofree char *declaration = NULL;

  if (g_str_has_prefix (text, "\xEF\xBB\xBF"))
    text += 3;
  text += strspn (text, " \t\r\n");

  if (*text != '<' && *text != '\0' && *text != '\xEF')
    {
      refuse (self, XMPP_ERROR_NOT_XMPP,
              _("What answers there is not an XMPP server. If this network asks you to sign in first, do that in a browser."));
      return FALSE;
    }

  if (!g_str_has_prefix (text, "<?xml") || !(end = strstr (text, "?>")))
    return TRUE;

  declaration = g_ascii_strdown (text, end - text);
  if (strstr (declaration, "encoding") != NULL && strstr (declaration, "utf-8") == NULL)
    {
      refuse (self, XMPP_ERROR_RESTRICTED_XML, _("The server uses an encoding other than UTF-8. The connection was closed."));
      return FALSE;
    }

  return TRUE;
}

/**
 * xmpp_parser_new:
 * @funcs: what is called, from inside xmpp_parser_feed()
 *
 * Returns: (transfer full): a parser for one stream; after a restart a new one is needed (RFC 6120, 4.3.3)
 */
XmppParser *
xmpp_parser_new (const XmppParserFuncs *funcs,
                 gpointer               user_data)
{
  XmppParser *self;

  g_return_val_if_fail (funcs != NULL, NULL);

  self = g_new0 (XmppParser, 1);
  self->funcs = *funcs;
  self->user_data = user_data;
  self->text = g_string_new (NULL);
  self->header = g_string_new (NULL);
  self->context = new_context (self);

  return self;
}

static void
unref_queued (gpointer stanza)
{
  if (stanza != NULL)
    xmpp_stanza_unref (stanza);
}

void
xmpp_parser_free (XmppParser *self)
{
  g_return_if_fail (self != NULL);

  g_queue_clear_full (&self->queue, unref_queued);
  g_clear_pointer (&self->stanza, xmpp_stanza_unref);
  g_clear_error (&self->error);
  g_free (self->problem);
  g_string_free (self->text, TRUE);
  g_string_free (self->header, TRUE);
  free_context (self->context);
  g_free (self);
}

/* Gives out what is whole, in order, until somebody pauses. */
static void
deliver (XmppParser *self)
{
  while (!self->is_paused && !g_queue_is_empty (&self->queue))
    {
      g_autoptr(XmppStanza) stanza = g_queue_pop_head (&self->queue);

      if (stanza == NULL)
        {
          if (self->funcs.closed != NULL)
            self->funcs.closed (self->user_data);
        }
      else if (!self->is_opened)
        {
          self->is_opened = TRUE;
          if (self->funcs.opened != NULL)
            self->funcs.opened (stanza, self->user_data);
        }
      else
        {
          self->funcs.received (stanza, self->user_data);
        }
    }
}

static void
feed_piece (XmppParser *self,
            const char *data,
            gsize       length)
{
  gboolean had_header = self->has_header;

  if (!had_header)
    {
      g_string_append_len (self->header, data, length);
      if (!check_beginning (self))
        return;
    }

  self->size += length;
  self->silent += length;
  xmlParseChunk (self->context, data, length, FALSE);

  if (self->error == NULL && (!self->context->wellFormed || !self->context->nsWellFormed) && !self->is_closed)
    refuse_malformed (self);
  if (self->error != NULL)
    return;

  if (!had_header && self->has_header)
    g_string_truncate (self->header, self->header->len - get_unread (self));

  if (self->stanza == NULL)
    self->size = 0;

  if (self->silent > XMPP_PARSER_MAX_TAG ||
      (self->is_early && (self->size > XMPP_PARSER_MAX_EARLY || self->header->len > XMPP_PARSER_MAX_EARLY)))
    refuse (self, XMPP_ERROR_LIMIT, _("The server sent more in one piece than is allowed. The connection was closed."));
  else if (self->size > XMPP_PARSER_MAX_STANZA && self->stanza != NULL)
    skip (self);

  if (self->error == NULL && xmlDictGetUsage (self->context->dict) > DICT_RECYCLE)
    {
      if (self->depth == 1 && self->stanza == NULL && get_unread (self) == 0 && self->has_header)
        recycle (self);
      else if (xmlDictGetUsage (self->context->dict) > DICT_STOP)
        refuse (self, XMPP_ERROR_LIMIT, _("The server sent more in one piece than is allowed. The connection was closed."));
    }
}

/**
 * xmpp_parser_feed:
 * @data: @length bytes of the stream, split anywhere
 *
 * Parses @data and calls the functions for what is whole, beginning with what a pause kept back: an
 * empty @data delivers just that. After an error nothing is delivered any more.
 *
 * Returns: %FALSE with an #XMPP_ERROR when the stream has to end: %XMPP_ERROR_NOT_WELL_FORMED,
 *   %XMPP_ERROR_RESTRICTED_XML (RFC 6120, 11.1), %XMPP_ERROR_LIMIT, %XMPP_ERROR_NOT_XMPP, %XMPP_ERROR_PROTOCOL
 */
gboolean
xmpp_parser_feed (XmppParser  *self,
                  const char  *data,
                  gsize        length,
                  GError     **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  self->is_paused = FALSE;

  while (length > 0 && self->error == NULL && !self->is_closed)
    {
      gsize piece = MIN (length, MAX_PIECE);

      feed_piece (self, data, piece);
      data += piece;
      length -= piece;
    }

  deliver (self);

  /* The error comes after what came before it */
  if (self->error == NULL || (self->is_paused && !g_queue_is_empty (&self->queue)))
    return TRUE;

  g_propagate_error (error, g_error_copy (self->error));

  return FALSE;
}

/**
 * xmpp_parser_set_early:
 * @early: whether nobody is logged in yet: then a stanza is allowed %XMPP_PARSER_MAX_EARLY bytes
 */
void
xmpp_parser_set_early (XmppParser *self,
                       gboolean    early)
{
  g_return_if_fail (self != NULL);

  self->is_early = early;
}

/**
 * xmpp_parser_pause:
 *
 * From inside `received`: nothing more of what was fed is delivered, until the next xmpp_parser_feed().
 */
void
xmpp_parser_pause (XmppParser *self)
{
  g_return_if_fail (self != NULL);

  self->is_paused = TRUE;
}

/**
 * xmpp_parser_is_drained:
 *
 * Returns: whether nothing is left after the last element that was delivered, not even white space
 *   (RFC 6120, 5.4.3.1: what came before TLS must not be read after it)
 */
gboolean
xmpp_parser_is_drained (XmppParser *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_queue_is_empty (&self->queue) && self->error == NULL && self->stanza == NULL && get_unread (self) == 0;
}

/* One element that a person wrote, or that was saved */

#define HEADER "<stream:stream xmlns='" XMPP_NS_CLIENT "' xmlns:stream='" XMPP_NS_STREAM "'>\n"

static void
on_element (XmppStanza *stanza,
            gpointer    user_data)
{
  g_ptr_array_add (user_data, xmpp_stanza_ref (stanza));
}

/**
 * xmpp_stanza_new_from_xml:
 * @xml: @length bytes, or all when @length is -1: one element; without a namespace of its own it is in jabber:client
 *
 * Returns: (transfer full) (nullable): the sealed stanza, or %NULL with %XMPP_ERROR_NOT_WELL_FORMED
 *   and a sentence that says where and what is wrong
 */
XmppStanza *
xmpp_stanza_new_from_xml (const char  *xml,
                          gssize       length,
                          GError     **error)
{
  static const XmppParserFuncs funcs = { .received = on_element };
  g_autoptr(GPtrArray) stanzas = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_stanza_unref);
  g_autoptr(XmppParser) parser = xmpp_parser_new (&funcs, stanzas);
  g_autoptr(GError) problem = NULL;
  gsize size = length < 0 ? strlen (xml) : (gsize) length;

  g_return_val_if_fail (xml != NULL, NULL);

  parser->first_line = 1;
  if (xmpp_parser_feed (parser, HEADER, strlen (HEADER), NULL) &&
      xmpp_parser_feed (parser, xml, size, &problem) &&
      parser->depth == 1 && stanzas->len == 1 && !xmpp_stanza_is_skipped (g_ptr_array_index (stanzas, 0)))
    return xmpp_stanza_ref (g_ptr_array_index (stanzas, 0));

  if (parser->problem != NULL)
    g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_NOT_WELL_FORMED, parser->problem);
  else if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  else if (stanzas->len == 0)
    g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_NOT_WELL_FORMED,
                         parser->stanza != NULL ? _("The last element is not closed.") : _("There is no element."));
  else
    g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_NOT_WELL_FORMED,
                         stanzas->len > 1 ? _("There is more than one element.") : _("It is too large, or too deep."));

  return NULL;
}
