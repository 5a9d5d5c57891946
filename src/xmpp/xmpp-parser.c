/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bytes → sealed stanzas, by libxml2's push parser. In this mode libxml2 limits neither depth nor text
 * nor attributes, takes namespace errors for warnings, honours a document type, and remembers every name
 * it ever saw. Each of these is dealt with here (security.md, 5.5), and libxml2 is known nowhere else.
 *
 * Nothing process-wide of libxml2 is changed: its other users here (GtkSourceView loads its schemas with
 * it) would feel it. No file is ever opened all the same, for the parse ends where a document type begins.
 */
#include "flint-config.h"

#include "xmpp-builder.h"
#include "xmpp-error.h"
#include "xmpp-parser-private.h"
#include "xmpp-prolog.h"

#include <glib/gi18n-lib.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/SAX2.h>
#include <string.h>

#define MAX_PIECE       (16 * 1024)          /* given to libxml2 at once: bounds what is read after an error */
#define MAX_CDATA       (8 * 1024)           /* that libxml2 holds back before it is asked for them */
#define MAX_SKIPPED     (2 * 1000 * 1000)    /* levels of a skipped stanza: libxml2 keeps 44 bytes for each */
#define DICT_RECYCLE    (256 * 1024)
#define DICT_STOP       (8 * 1024 * 1024)

typedef struct
{
  XmppStanza *stanza;      /* NULL: </stream:stream> */
  gboolean    is_header;
  guint64     end;         /* where it ends in what was fed */
} Item;

struct _XmppParser
{
  XmppParserFuncs    funcs;
  gpointer           user_data;
  xmlParserCtxtPtr   context;
  XmppBuilder       *builder;        /* of the stanza that is open */
  guint64            base;           /* where in what was fed the context's first byte lies */
  GString           *header;         /* the bytes up to the end of <stream:stream>, to begin again with */
  XmppProlog         prolog;

  /* What was fed and given out, in bytes since the beginning */
  guint64            fed;            /* to us */
  guint64            parsed;         /* to libxml2 */
  guint64            last_end;       /* of the last first-level element */
  guint64            delivered;      /* where the last one that was given out ends */
  gsize              n_blanks;       /* since last_end */
  char               last_byte;      /* that libxml2 was given */

  GArray            *queue;          /* of Item: whole, and not given out yet */
  GError            *error;
  XmppStreamError    condition;      /* what the server is told of the error */
  XmppParserProblem  problem;

  guint              is_opened : 1;
  guint              is_inside : 1;      /* of the stream's element, in this context */
  guint              is_closed : 1;
  guint              is_muted : 1;       /* the header is being fed again */
  guint              is_stopped : 1;     /* for a new context */
  guint              is_early : 1;
  guint              is_paused : 1;
  guint              is_feeding : 1;
  guint              is_freed : 1;       /* as soon as it is not feeding any more */
  guint              has_odd_uri : 1;
};

/* Where libxml2 is, in what was fed */
static guint64
get_position (XmppParser *self)
{
  return self->base + xmlByteConsumed (self->context);
}

/* Errors. Only for a document type is libxml2 stopped at once, for it alone has consequences inside
 * libxml2; after any other error the rest of the piece is read by callbacks that do nothing.
 */
static void
refuse (XmppParser      *self,
        XmppError        code,
        XmppStreamError  condition,
        const char      *sentence)
{
  if (self->error != NULL || self->is_stopped || self->is_closed)
    return;

  self->error = g_error_new_literal (XMPP_ERROR, code, sentence);
  self->condition = condition;

  if (self->problem.code == 0)
    {
      self->problem.line = xmlSAX2GetLineNumber (self->context);
      self->problem.column = xmlSAX2GetColumnNumber (self->context);
    }
}

static void
refuse_malformed (XmppParser *self)
{
  refuse (self, XMPP_ERROR_NOT_WELL_FORMED, XMPP_STREAM_ERROR_NOT_WELL_FORMED,
          _("The server sent XML that is not well-formed."));
}

static void
refuse_restricted (XmppParser *self)
{
  /* RFC 6120, 11.1 */
  refuse (self, XMPP_ERROR_RESTRICTED_XML, XMPP_STREAM_ERROR_RESTRICTED_XML,
          _("The server sent a kind of XML that XMPP does not allow: a comment, a document type or an instruction."));
  if (!self->is_stopped)
    xmlStopParser (self->context);
}

static void
refuse_limit (XmppParser *self)
{
  refuse (self, XMPP_ERROR_LIMIT, XMPP_STREAM_ERROR_POLICY_VIOLATION,
          _("The server sent more in one piece than this program accepts."));
}

static void
refuse_encoding (XmppParser *self)
{
  /* RFC 6120, 11.6 */
  refuse (self, XMPP_ERROR_NOT_WELL_FORMED, XMPP_STREAM_ERROR_UNSUPPORTED_ENCODING,
          _("The server writes in another encoding than UTF-8."));
}

static void
on_doctype (void          *user_data,
            const xmlChar *name,
            const xmlChar *public_id,
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
on_instruction (void          *user_data,
                const xmlChar *target,
                const xmlChar *data)
{
  refuse_restricted (user_data);
}

static void
on_entity (void          *user_data,
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

  /* A namespace is compared, never fetched: it need not be a URI, and a stranger's that is none must not
   * end our stream */
  if (error->code == XML_WAR_NS_URI || error->code == XML_WAR_NS_URI_RELATIVE)
    {
      self->has_odd_uri = TRUE;
      return;
    }

  if (error->level == XML_ERR_WARNING || self->error != NULL || self->is_stopped || self->is_closed)
    return;

  self->problem = (XmppParserProblem) {
    .code = error->code,
    .line = error->line,
    .column = error->int2,
    .words = error->message != NULL ? g_strchomp (g_strdup (error->message)) : NULL,
    .first = g_strdup (error->str1),
    .second = g_strdup (error->str2),
  };
  refuse_malformed (self);
}

/* Elements */

static void
enqueue (XmppParser *self,
         XmppStanza *stanza,
         gboolean    is_header,
         guint64     end)
{
  Item item = { stanza, is_header, end };

  g_array_append_val (self->queue, item);
  self->last_end = end;
  self->n_blanks = 0;
}

/* libxml2 gives out a tag before it looks whether it ends with ">" or "/>" */
static gboolean
is_tag_whole (XmppParser *self,
              guint64     end)
{
  guint64 length = end - self->base;

  return length <= self->header->len && (self->header->str[length - 1] == '>' || self->header->str[length - 1] == '/');
}

static void
open_stream (XmppParser     *self,
             const xmlChar  *name,
             const xmlChar  *ns,
             guint           n_attributes,
             const xmlChar **attributes)
{
  gboolean is_stream = strcmp ((const char *) name, "stream") == 0;
  guint64 end = get_position (self) + 1;   /* after the ">" */

  if (self->is_muted)
    return;

  if (!xmpp_prolog_is_utf8 (self->header->str, self->header->len))
    refuse_encoding (self);
  else if (!is_stream)
    refuse (self, XMPP_ERROR_NOT_XMPP, XMPP_STREAM_ERROR_BAD_FORMAT, _("What answers is not an XMPP server."));
  else if (g_strcmp0 ((const char *) ns, XMPP_NS_STREAM) != 0)
    refuse (self, XMPP_ERROR_PROTOCOL, XMPP_STREAM_ERROR_INVALID_NAMESPACE,
            _("The server opened a stream that is not one of XMPP."));
  else if (n_attributes > XMPP_PARSER_MAX_ATTRIBUTES)
    refuse_limit (self);
  else if (!is_tag_whole (self, end))
    refuse_malformed (self);

  if (self->error != NULL)
    return;

  if (!xmpp_builder_start (self->builder, name, ns, 0, n_attributes, attributes))
    refuse_malformed (self);
  xmpp_builder_end (self->builder);
  g_string_truncate (self->header, end - self->base);
  self->is_opened = TRUE;
  enqueue (self, xmpp_builder_take (self->builder, end), TRUE, end);
}

static void
on_start (void           *user_data,
          const xmlChar  *name,
          const xmlChar  *prefix,
          const xmlChar  *ns,
          int             n_namespaces,
          const xmlChar **namespaces,
          int             n_attributes,
          int             n_defaulted,
          const xmlChar **attributes)
{
  XmppParser *self = user_data;

  if (self->error != NULL)
    return;

  if (!self->is_inside)
    {
      self->is_inside = TRUE;
      open_stream (self, name, ns, n_attributes, attributes);
      return;
    }

  if (!xmpp_builder_start (self->builder, name, ns, n_namespaces, n_attributes, attributes))
    refuse_malformed (self);
  else if (xmpp_builder_get_depth (self->builder) > MAX_SKIPPED)
    refuse_limit (self);
}

static gboolean
is_blank (const xmlChar *text,
          int            length)
{
  for (int i = 0; i < length; i++)
    {
      if (text[i] != ' ' && text[i] != '\n' && text[i] != '\t' && text[i] != '\r')
        return FALSE;
    }

  return TRUE;
}

static void
on_characters (void          *user_data,
               const xmlChar *text,
               int            length)
{
  XmppParser *self = user_data;

  if (self->error != NULL)
    return;

  if (xmpp_builder_get_depth (self->builder) > 0)
    {
      if (!xmpp_builder_add_text (self->builder, text, length))
        refuse_malformed (self);
      return;
    }

  /* Between stanzas white space keeps a connection alive (RFC 6120, 4.6.1), and there is nothing else */
  self->n_blanks += length;
  if (!is_blank (text, length))
    refuse (self, XMPP_ERROR_NOT_WELL_FORMED, XMPP_STREAM_ERROR_BAD_FORMAT,
            _("The server sent text where XMPP has none."));
}

static void
end_stanza (XmppParser *self)
{
  guint64 end = get_position (self);
  gsize size = end - self->last_end - self->n_blanks;
  XmppStanza *stanza;

  if (self->is_early && size > XMPP_PARSER_MAX_EARLY)
    {
      refuse_limit (self);
      return;
    }

  if (size > XMPP_PARSER_MAX_STANZA)
    xmpp_builder_skip (self->builder);
  stanza = xmpp_builder_take (self->builder, size);
  enqueue (self, stanza, FALSE, end);

  /* Here the names of strangers can be forgotten, and what a deep stanza took given back. The rest of this
   * piece is for the new context: nothing of it was read yet. */
  if ((xmpp_stanza_is_skipped (stanza) || xmlDictGetUsage (self->context->dict) > DICT_RECYCLE) && end > self->parsed)
    {
      self->is_stopped = TRUE;
      xmlStopParser (self->context);
    }
}

static void
on_end (void          *user_data,
        const xmlChar *name,
        const xmlChar *prefix,
        const xmlChar *ns)
{
  XmppParser *self = user_data;

  if (self->error != NULL)
    return;

  if (xmpp_builder_get_depth (self->builder) == 0)
    {
      self->is_closed = TRUE;
      enqueue (self, NULL, FALSE, get_position (self));
      return;
    }

  xmpp_builder_end (self->builder);
  if (xmpp_builder_get_depth (self->builder) == 0)
    end_stanza (self);
}

/* The context */

static void
open_context (XmppParser *self)
{
  xmlSAXHandler handlers = {
    .initialized = XML_SAX2_MAGIC,
    .internalSubset = on_doctype,
    .externalSubset = on_doctype,
    .entityDecl = on_entity,
    .reference = on_reference,
    .comment = on_comment,
    .processingInstruction = on_instruction,
    .startElementNs = on_start,
    .endElementNs = on_end,
    .characters = on_characters,
    .cdataBlock = on_characters,
    .serror = on_error,
  };

  self->context = xmlCreatePushParserCtxt (&handlers, self, NULL, 0, NULL);
  if (self->context == NULL)
    g_error ("libxml2 has no memory");

  xmlCtxtUseOptions (self->context, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
  xmlSwitchEncoding (self->context, XML_CHAR_ENCODING_UTF8);
  self->has_odd_uri = FALSE;
  self->is_stopped = FALSE;
  self->is_inside = FALSE;
  xmpp_builder_set_context (self->builder);
}

static void
close_context (XmppParser *self)
{
  xmlFreeDoc (self->context->myDoc);
  g_clear_pointer (&self->context, xmlFreeParserCtxt);
}

/* A new context, which has read the header already, and begins with the byte after the last stanza */
static void
renew_context (XmppParser *self)
{
  close_context (self);
  open_context (self);
  self->base = self->last_end - self->header->len;
  self->is_muted = TRUE;
  xmlParseChunk (self->context, self->header->str, self->header->len, FALSE);
  self->is_muted = FALSE;
}

static gboolean
is_well_formed (XmppParser *self)
{
  /* Errors of namespaces count here only (security.md, S93) */
  return self->context->wellFormed && (self->context->nsWellFormed || self->has_odd_uri);
}

static void
check_limits (XmppParser *self)
{
  guint64 begin = self->last_end + self->n_blanks;
  gboolean is_open = xmpp_builder_get_depth (self->builder) > 0;

  if (is_open && self->is_early && self->parsed - begin > XMPP_PARSER_MAX_EARLY)
    refuse_limit (self);
  else if (is_open && self->parsed - begin > XMPP_PARSER_MAX_STANZA)
    xmpp_builder_skip (self->builder);

  if (xmlDictGetUsage (self->context->dict) > DICT_STOP)
    refuse_limit (self);
}

static void
parse (XmppParser *self,
       const char *data,
       gsize       length)
{
  guint64 end = self->parsed + length;

  if (!self->is_opened)
    g_string_append_len (self->header, data, length);

  xmlParseChunk (self->context, data, length, FALSE);

  while (self->is_stopped)
    {
      gsize rest = end - self->last_end;

      renew_context (self);
      self->parsed = self->last_end;
      xmlParseChunk (self->context, data + length - rest, rest, FALSE);
    }

  self->parsed = end;
  self->last_byte = data[length - 1];

  if (self->error == NULL && !self->is_closed && !is_well_formed (self))
    refuse_malformed (self);
  if (self->error == NULL)
    check_limits (self);
}

/* Of a CDATA section libxml2 says nothing before it has seen its end, so a long one looked like a tag that is too long.
 * We end it here and begin another, which makes no difference to anybody: not in the middle of a character, nor between
 * what may be the brackets of its true end.
 */
#define CUT "]]><![CDATA["

static gboolean
is_continuation (char byte)
{
  return ((guchar) byte & 0xC0) == 0x80;
}

static gboolean
may_cut_cdata (XmppParser *self,
               char        next)
{
  return self->context->instate == XML_PARSER_CDATA_SECTION && self->last_byte != ']' && !is_continuation (next);
}

static void
cut_cdata (XmppParser *self)
{
  xmlParseChunk (self->context, CUT, strlen (CUT), FALSE);

  /* Nobody fed these */
  self->base -= strlen (CUT);
}

/* A little less than piece, of length bytes, if it may be cut after that */
static gsize
fit_cdata (const char *data,
           gsize       piece,
           gsize       length)
{
  for (gsize fit = piece; fit > 0 && fit + 8 > piece; fit--)
    {
      if (data[fit - 1] != ']' && (fit == length || !is_continuation (data[fit])))
        return fit;
    }

  return piece;
}

static void
read_prolog (XmppParser  *self,
             const char **data,
             gsize       *length)
{
  gsize before = *length;
  XmppPrologResult result = xmpp_prolog_read (&self->prolog, data, length);

  /* The mark before UTF-8, which libxml2 does not get to see */
  self->base += before - *length;
  self->parsed += before - *length;

  if (result == XMPP_PROLOG_ENCODING)
    refuse_encoding (self);
  else if (result == XMPP_PROLOG_NOT_XML)
    refuse (self, XMPP_ERROR_NOT_XMPP, XMPP_STREAM_ERROR_NOT_WELL_FORMED, _("What answers is not an XMPP server."));
}

static void
drop_item (gpointer data)
{
  Item *item = data;

  g_clear_pointer (&item->stanza, xmpp_stanza_unref);
}

static void
deliver_item (XmppParser *self,
              XmppStanza *stanza,
              gboolean    is_header)
{
  if (stanza == NULL && self->funcs.closed != NULL)
    self->funcs.closed (self->user_data);
  else if (stanza != NULL && is_header && self->funcs.opened != NULL)
    self->funcs.opened (stanza, self->user_data);
  else if (stanza != NULL && !is_header)
    self->funcs.received (stanza, self->user_data);
}

static void
deliver (XmppParser *self)
{
  guint n = 0;

  while (n < self->queue->len && !self->is_paused)
    {
      Item *item = &g_array_index (self->queue, Item, n++);
      g_autoptr(XmppStanza) stanza = g_steal_pointer (&item->stanza);

      self->delivered = item->end;
      deliver_item (self, stanza, item->is_header);
    }

  g_array_remove_range (self->queue, 0, n);
}

static void
feed (XmppParser *self,
      const char *data,
      gsize       length)
{
  if (!self->prolog.has_begun)
    read_prolog (self, &data, &length);

  while (length > 0 && self->error == NULL && !self->is_closed && !self->is_freed)
    {
      gsize unread = self->parsed - get_position (self);
      gsize piece = MIN (length, MAX_PIECE);

      if (unread >= MAX_CDATA && may_cut_cdata (self, *data))
        {
          cut_cdata (self);
          unread = self->parsed - get_position (self);
        }

      /* A tag is read as a whole: what libxml2 holds back is one */
      if (unread >= XMPP_PARSER_MAX_TAG || (!self->is_opened && self->header->len >= XMPP_PARSER_MAX_TAG))
        {
          refuse_limit (self);
          break;
        }

      piece = MIN (piece, XMPP_PARSER_MAX_TAG - unread);
      if (self->context->instate == XML_PARSER_CDATA_SECTION)
        piece = fit_cdata (data, MIN (piece, MAX_CDATA), length);
      parse (self, data, piece);
      data += piece;
      length -= piece;
      deliver (self);
    }
}

/**
 * xmpp_parser_new:
 * @funcs: what is called, always from inside xmpp_parser_feed(); `opened` and `closed` may be %NULL
 *
 * Returns: (transfer full): a parser of one stream; a restart needs a new one (RFC 6120, 4.3.3)
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
  self->builder = xmpp_builder_new ();
  self->header = g_string_new (NULL);
  self->queue = g_array_new (FALSE, FALSE, sizeof (Item));
  g_array_set_clear_func (self->queue, drop_item);
  open_context (self);

  return self;
}

/**
 * xmpp_parser_free:
 *
 * May be called from one of the parser's own functions: then nothing more is delivered.
 */
void
xmpp_parser_free (XmppParser *self)
{
  g_return_if_fail (self != NULL);

  if (self->is_feeding)
    {
      self->is_paused = self->is_freed = TRUE;
      return;
    }

  close_context (self);
  xmpp_builder_free (self->builder);
  g_clear_error (&self->error);
  g_array_unref (self->queue);
  g_string_free (self->header, TRUE);
  g_free (self->problem.words);
  g_free (self->problem.first);
  g_free (self->problem.second);
  g_free (self);
}

/**
 * xmpp_parser_feed:
 * @data: @length bytes of the stream, cut anywhere
 * @error: an XMPP_ERROR: NOT_WELL_FORMED; RESTRICTED_XML (RFC 6120, 11.1); LIMIT; NOT_XMPP or PROTOCOL
 *   where no stream began
 *
 * Calls the parser's functions, in order, for what a pause kept back and for what @data made whole; how
 * the stream is cut makes no difference. After an error, and after the stream's end, nothing more comes.
 *
 * Returns: %FALSE when the stream has to end
 */
gboolean
xmpp_parser_feed (XmppParser  *self,
                  const char  *data,
                  gsize        length,
                  GError     **error)
{
  gboolean is_good;

  g_return_val_if_fail (self != NULL && !self->is_feeding, FALSE);

  self->is_feeding = TRUE;
  self->is_paused = FALSE;
  self->fed += length;
  deliver (self);
  feed (self, data, length);
  self->is_feeding = FALSE;

  /* An error comes after what came before it */
  is_good = self->error == NULL || self->is_freed || (self->is_paused && self->queue->len > 0);
  if (!is_good)
    g_propagate_error (error, g_error_copy (self->error));

  if (self->is_freed)
    xmpp_parser_free (self);

  return is_good;
}

/**
 * xmpp_parser_get_condition:
 *
 * Returns: what to tell the server when xmpp_parser_feed() has failed (RFC 6120, 4.9.3)
 */
XmppStreamError
xmpp_parser_get_condition (XmppParser *self)
{
  g_return_val_if_fail (self != NULL, XMPP_STREAM_ERROR_UNDEFINED_CONDITION);

  return self->condition;
}

/**
 * xmpp_parser_set_early:
 * @early: whether nobody is logged in yet: then a stanza over XMPP_PARSER_MAX_EARLY ends the stream
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
 * Called from inside `received`: nothing more is delivered before the next xmpp_parser_feed(), which may
 * have no data.
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
 * Returns: whether what was fed ends with the last element that was delivered: not even white space
 *   came after it. What comes after `<proceed/>` in the clear is an attack (RFC 6120, 5.4.3.3)
 */
gboolean
xmpp_parser_is_drained (XmppParser *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->delivered == self->fed;
}

const XmppParserProblem *
xmpp_parser_get_problem (XmppParser *self)
{
  return &self->problem;
}

/* The element that is not closed yet */
const char *
xmpp_parser_get_open (XmppParser *self)
{
  return xmpp_builder_get_open (self->builder);
}
