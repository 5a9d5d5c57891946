/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bytes → sealed stanzas, by libxml2's push parser. In this mode libxml2 limits neither depth nor text
 * nor attributes, takes namespace errors for warnings, honours a document type, and remembers every name
 * it ever saw. Each of these is dealt with here (security.md, 5.5), and libxml2 is known nowhere else.
 *
 * Nothing process-wide of libxml2 is changed: its other users here (GtkSourceView loads its schemas with
 * it) would feel it. No file is ever opened all the same, for the parse ends where a document type begins.
 */
#include "flint-config.h"

#include "xmpp-atom.h"
#include "xmpp-error.h"
#include "xmpp-parser-private.h"
#include "xmpp-stanza-private.h"

#include <glib/gi18n-lib.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/SAX2.h>
#include <string.h>

#define MAX_PIECE       (16 * 1024)          /* given to libxml2 at once: bounds what is read after an error */
#define MAX_NAMESPACES  64                   /* declared in one tag */
#define MAX_SKIPPED     (2 * 1000 * 1000)    /* levels of a skipped stanza: libxml2 keeps 44 bytes for each */
#define DICT_RECYCLE    (256 * 1024)
#define DICT_STOP       (8 * 1024 * 1024)
#define N_NAMES         512                  /* 2 to the power of 64 - 55: see find_name () */
#define N_PLACES        4
#define BOM             "\xEF\xBB\xBF"

/* A name of libxml2's dictionary, which is equal to another when its pointer is: checked and looked up
 * once, and kept once in each stanza.
 */
typedef struct
{
  const xmlChar *key;
  const char    *atom;     /* NULL: no code of ours knows it */
  const char    *copy;     /* in the stanza whose number this is */
  guint          stanza;
  guint          length;
  gboolean       is_plain;
} Name;

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
  guint64            base;           /* where in what was fed the context's first byte lies */
  GString           *header;         /* the bytes up to the end of <stream:stream>, to begin again with */
  guint              n_atoms;        /* when the names were looked up */
  guint              n_stanzas;
  Name               names[N_NAMES];

  /* What was fed and given out, in bytes since the beginning */
  guint64            fed;            /* to us */
  guint64            parsed;         /* to libxml2 */
  guint64            last_end;       /* of the last first-level element */
  guint64            delivered;      /* where the last one that was given out ends */
  gsize              n_blanks;       /* since last_end */

  /* The stanza that is open */
  XmppStanza        *stanza;         /* NULL between stanzas */
  XmppNode          *node;           /* its open element */
  GString           *text;           /* since the last tag */
  guint              depth;          /* 0: outside of the stream, 1: between stanzas */
  guint              n_elements;
  gboolean           is_skipping;    /* it is over a limit */

  GArray            *queue;          /* of Item: whole, and not given out yet */
  GError            *error;
  XmppStreamError    condition;      /* what the server is told of the error */
  XmppParserProblem  problem;

  guint              is_opened : 1;
  guint              is_closed : 1;
  guint              is_muted : 1;       /* the header is being fed again */
  guint              is_stopped : 1;     /* for a new context */
  guint              is_early : 1;
  guint              is_paused : 1;
  guint              is_feeding : 1;
  guint              is_freed : 1;       /* as soon as it is not feeding any more */
  guint              has_begun : 1;      /* the first byte that is no white space came */
  guint              has_odd_uri : 1;
  guint              n_bom : 2;          /* bytes of it that came */
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

/* Whether it is ASCII without any "&", eight bytes at a time: nearly everything is */
static gboolean
is_plain (const xmlChar *text,
          gsize          length)
{
  const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101);
  const xmlChar *end = text + length;
  guint64 word;

  for (; end - text >= (gssize) sizeof word; text += sizeof word)
    {
      guint64 ampersands;

      memcpy (&word, text, sizeof word);
      ampersands = word ^ (ones * '&');
      if ((word | ((ampersands - ones) & ~ampersands)) & (ones << 7))
        return FALSE;
    }

  for (; text < end; text++)
    {
      if (*text >= 0x80 || *text == '&')
        return FALSE;
    }

  return TRUE;
}

/* libxml2 lets some overlong sequences through in CDATA. */
static gboolean
check_text (XmppParser    *self,
            const xmlChar *text,
            gsize          length)
{
  if (is_plain (text, length) || g_utf8_validate_len ((const char *) text, length, NULL))
    return TRUE;

  refuse_malformed (self);

  return FALSE;
}

/* libxml2 leaves a "&" in a value as "&#38;", to be parsed once more, unless it may substitute all entities,
 * which it may not here. Nothing else in a value begins with "&".
 */
static const char *
keep_value (XmppParser    *self,
            const xmlChar *value,
            gsize          length)
{
  g_autoptr(GString) restored = NULL;

  if (G_LIKELY (is_plain (value, length)))
    return xmpp_stanza_keep (self->stanza, (const char *) value, length);

  check_text (self, value, length);
  restored = g_string_new_len ((const char *) value, length);
  g_string_replace (restored, "&#38;", "&", 0);

  return xmpp_stanza_keep (self->stanza, restored->str, restored->len);
}

/* Names */

static const char *
keep_unknown_name (XmppParser *self,
                   Name       *name)
{
  name->copy = name->is_plain ? xmpp_stanza_keep (self->stanza, (const char *) name->key, name->length)
                              : keep_value (self, name->key, name->length);
  name->stanza = self->n_stanzas;

  return name->copy;
}

static Name *
find_name (XmppParser    *self,
           const xmlChar *key)
{
  guint index = ((guintptr) key * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15)) >> 55;
  Name *name = NULL;

  /* A few places in a row; where they are all taken, strangers fight for the last */
  for (guint i = 0; i < N_PLACES; i++)
    {
      name = &self->names[(index + i) % N_NAMES];
      if (name->key == key)
        return name;
      if (name->key == NULL)
        break;
    }

  *name = (Name) {
    .key = key,
    .atom = xmpp_atom_lookup ((const char *) key),
    .length = strlen ((const char *) key),
  };
  name->is_plain = is_plain (key, name->length);

  return name;
}

static const char *
keep_name (XmppParser    *self,
           const xmlChar *key)
{
  Name *name;

  if (key == NULL)
    return NULL;

  name = find_name (self, key);
  if (name->atom != NULL)
    return name->atom;

  return name->stanza == self->n_stanzas ? name->copy : keep_unknown_name (self, name);
}

/* What was kept of names is of the last stanza's, and what was not known may be now */
static void
begin_names (XmppParser *self)
{
  guint n_atoms = xmpp_atom_count ();

  if (self->n_atoms != n_atoms || ++self->n_stanzas == 0)
    {
      memset (self->names, 0, sizeof self->names);
      self->n_atoms = n_atoms;
      self->n_stanzas = 1;
    }
}

/* Elements */

/* libxml2 gives each attribute as: name, prefix, namespace, start and end of the value */
#define N_FIELDS 5

static void
keep_attribute (XmppParser     *self,
                XmppAttribute  *attribute,
                const xmlChar **fields)
{
  attribute->name = keep_name (self, fields[0]);
  attribute->ns = keep_name (self, fields[2]);
  attribute->value = keep_value (self, fields[3], fields[4] - fields[3]);
}

static void
keep_attributes (XmppParser     *self,
                 guint           n_attributes,
                 const xmlChar **fields)
{
  XmppAttribute *attribute;

  if (n_attributes == 0)
    return;

  attribute = xmpp_stanza_reserve (self->stanza, self->node, n_attributes);
  for (guint i = 0; i < n_attributes; i++, fields += N_FIELDS)
    keep_attribute (self, attribute++, fields);
}

static gboolean
is_envelope (const xmlChar **fields)
{
  static const char * const names[] = { "from", "to", "id", "type", NULL };

  return fields[2] == NULL && g_strv_contains (names, (const char *) fields[0]);
}

/* Of a root with too many attributes: who sent it must not get lost among them */
static void
keep_envelope (XmppParser     *self,
               guint           n_attributes,
               const xmlChar **fields)
{
  XmppAttribute *attribute;
  guint n_kept = 0;

  for (guint i = 0; i < n_attributes; i++)
    n_kept += is_envelope (fields + i * N_FIELDS);
  if (n_kept == 0)
    return;

  attribute = xmpp_stanza_reserve (self->stanza, self->node, n_kept);
  for (guint i = 0; i < n_attributes; i++)
    {
      if (is_envelope (fields + i * N_FIELDS))
        keep_attribute (self, attribute++, fields + i * N_FIELDS);
    }
}

static void
begin_stanza (XmppParser     *self,
              const xmlChar  *name,
              const xmlChar  *ns,
              guint           n_attributes,
              const xmlChar **fields)
{
  begin_names (self);
  self->stanza = xmpp_stanza_new_empty ();
  self->node = xmpp_stanza_append (self->stanza, NULL, keep_name (self, name), keep_name (self, ns));
  self->n_elements = 1;
  self->is_skipping = n_attributes > XMPP_PARSER_MAX_ATTRIBUTES;

  if (self->is_skipping)
    keep_envelope (self, n_attributes, fields);
  else
    keep_attributes (self, n_attributes, fields);
}

/* The stanza is over a limit. It may lie in an archive and come again with every login, so it must not
 * end the stream (security.md, T116): what came of it is forgotten but for its root's attributes.
 */
static void
skip (XmppParser *self)
{
  const XmppNode *root = xmpp_stanza_get_root (self->stanza);
  XmppStanza *envelope = xmpp_stanza_new (root->name, root->ns);

  self->node = xmpp_stanza_get_root (envelope);
  for (guint i = 0; i < root->n_attributes; i++)
    xmpp_node_set_full (self->node, root->attributes[i].name, root->attributes[i].ns,
                        root->attributes[i].value, strlen (root->attributes[i].value));

  xmpp_stanza_unref (self->stanza);
  self->stanza = envelope;
  self->is_skipping = TRUE;
  g_string_truncate (self->text, 0);
}

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

/* libxml2 was told to ignore what the XML declaration says of the encoding. */
static gboolean
is_encoding_good (const char *header,
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

static void
open_stream (XmppParser     *self,
             const xmlChar  *name,
             const xmlChar  *ns,
             guint           n_attributes,
             const xmlChar **fields)
{
  gboolean is_stream = strcmp ((const char *) name, "stream") == 0;
  guint64 end = get_position (self) + 1;   /* after the ">" */

  if (self->is_muted)
    return;

  if (!is_encoding_good (self->header->str, self->header->len))
    refuse_encoding (self);
  else if (!is_stream)
    refuse (self, XMPP_ERROR_NOT_XMPP, XMPP_STREAM_ERROR_BAD_FORMAT, _("What answers is not an XMPP server."));
  else if (g_strcmp0 ((const char *) ns, XMPP_NS_STREAM) != 0)
    refuse (self, XMPP_ERROR_PROTOCOL, XMPP_STREAM_ERROR_INVALID_NAMESPACE,
            _("The server opened a stream that is not one of XMPP."));
  else if (n_attributes > XMPP_PARSER_MAX_ATTRIBUTES)
    refuse_limit (self);

  if (self->error != NULL)
    return;

  begin_stanza (self, name, ns, n_attributes, fields);
  xmpp_stanza_set_received (self->stanza, end, FALSE);
  g_string_truncate (self->header, end - self->base);
  self->is_opened = TRUE;
  self->node = NULL;
  enqueue (self, g_steal_pointer (&self->stanza), TRUE, end);
}

/* The text since the last tag stands before the first child, or after the last one. */
static void
keep_text (XmppParser *self)
{
  const char *text;

  if (self->text->len == 0)
    return;

  text = xmpp_stanza_keep (self->stanza, self->text->str, self->text->len);
  g_string_truncate (self->text, 0);

  if (self->node->last_child != NULL)
    self->node->last_child->tail = text;
  else
    self->node->text = text;
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

  if (self->depth++ == 0)
    {
      open_stream (self, name, ns, n_attributes, attributes);
      return;
    }

  if (self->stanza == NULL)
    {
      begin_stanza (self, name, ns, n_attributes, attributes);
      if (n_namespaces > MAX_NAMESPACES && !self->is_skipping)
        skip (self);
      return;
    }

  if (self->depth > MAX_SKIPPED)
    refuse_limit (self);
  if (self->is_skipping)
    return;

  /* The stream's own element is not of the stanza */
  if (self->depth - 1 > XMPP_PARSER_MAX_DEPTH ||
      ++self->n_elements > XMPP_PARSER_MAX_ELEMENTS ||
      n_attributes > XMPP_PARSER_MAX_ATTRIBUTES ||
      n_namespaces > MAX_NAMESPACES)
    {
      skip (self);
      return;
    }

  keep_text (self);
  self->node = xmpp_stanza_append (self->stanza, self->node, keep_name (self, name), keep_name (self, ns));
  keep_attributes (self, n_attributes, attributes);
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

  if (self->error != NULL || !check_text (self, text, length) || self->is_skipping)
    return;

  if (self->stanza != NULL)
    {
      g_string_append_len (self->text, (const char *) text, length);
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

  if (self->is_early && size > XMPP_PARSER_MAX_EARLY)
    {
      refuse_limit (self);
      return;
    }

  if (size > XMPP_PARSER_MAX_STANZA && !self->is_skipping)
    skip (self);

  xmpp_stanza_set_received (self->stanza, size, self->is_skipping);
  enqueue (self, g_steal_pointer (&self->stanza), FALSE, end);

  /* Here the names of strangers can be forgotten, and what a deep stanza took given back. The rest of this
   * piece is for the new context: nothing of it was read yet. */
  if ((self->is_skipping || xmlDictGetUsage (self->context->dict) > DICT_RECYCLE) && end > self->parsed)
    {
      self->is_stopped = TRUE;
      xmlStopParser (self->context);
    }

  self->is_skipping = FALSE;
  self->node = NULL;
  if (self->text->allocated_len > MAX_PIECE)
    {
      g_string_free (self->text, TRUE);
      self->text = g_string_new (NULL);
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

  if (--self->depth == 0)
    {
      self->is_closed = TRUE;
      enqueue (self, NULL, FALSE, get_position (self));
      return;
    }

  if (!self->is_skipping)
    {
      keep_text (self);
      self->node = self->node->parent;
    }

  if (self->depth == 1)
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
  memset (self->names, 0, sizeof self->names);
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
  self->depth = 0;
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

  if (self->stanza != NULL && self->is_early && self->parsed - begin > XMPP_PARSER_MAX_EARLY)
    refuse_limit (self);
  else if (self->stanza != NULL && !self->is_skipping && self->parsed - begin > XMPP_PARSER_MAX_STANZA)
    skip (self);

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

  if (self->error == NULL && !self->is_closed && !is_well_formed (self))
    refuse_malformed (self);
  if (self->error == NULL)
    check_limits (self);
}

/* The mark that some put before UTF-8 says nothing. FALSE: it began, but was another's */
static gboolean
skip_bom (XmppParser  *self,
          const char **data,
          gsize       *length)
{
  while (self->n_bom < strlen (BOM) && *length > 0)
    {
      if (**data != BOM[self->n_bom])
        return self->n_bom == 0;

      self->n_bom++;
      self->base++;
      self->parsed++;
      (*data)++;
      (*length)--;
    }

  return TRUE;
}

/* A web page, another protocol's greeting, noise: whatever does not begin as XML does (security.md, S19) */
static gboolean
check_beginning (XmppParser  *self,
                 const char **data,
                 gsize       *length)
{
  if (self->parsed == self->n_bom && !skip_bom (self, data, length))
    {
      refuse_encoding (self);
      return FALSE;
    }

  for (gsize i = 0; i < *length && !self->has_begun; i++)
    {
      char c = (*data)[i];

      if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
        continue;

      self->has_begun = TRUE;
      if (c == '\xFE' || c == '\xFF' || c == '\0')
        refuse_encoding (self);
      else if (c != '<')
        refuse (self, XMPP_ERROR_NOT_XMPP, XMPP_STREAM_ERROR_NOT_WELL_FORMED,
                _("What answers is not an XMPP server."));
    }

  return self->error == NULL;
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
  if (!self->has_begun && !check_beginning (self, &data, &length))
    return;

  while (length > 0 && self->error == NULL && !self->is_closed && !self->is_freed)
    {
      gsize unread = self->parsed - get_position (self);
      gsize piece = MIN (length, MAX_PIECE);

      /* A tag is read as a whole: what libxml2 holds back is one */
      if (unread >= XMPP_PARSER_MAX_TAG || (!self->is_opened && self->header->len >= XMPP_PARSER_MAX_TAG))
        {
          refuse_limit (self);
          break;
        }

      piece = MIN (piece, XMPP_PARSER_MAX_TAG - unread);
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
  static const char * const common[] = { XMPP_NS_CLIENT, "from", "to", "id", "type", "body", "jid", "lang", XMPP_NS_XML };
  XmppParser *self;

  g_return_val_if_fail (funcs != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (common); i++)
    xmpp_atom (common[i]);

  self = g_new0 (XmppParser, 1);
  self->funcs = *funcs;
  self->user_data = user_data;
  self->header = g_string_new (NULL);
  self->text = g_string_new (NULL);
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
  g_clear_pointer (&self->stanza, xmpp_stanza_unref);
  g_clear_error (&self->error);
  g_array_unref (self->queue);
  g_string_free (self->header, TRUE);
  g_string_free (self->text, TRUE);
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
  return self->node != NULL ? self->node->name : NULL;
}
