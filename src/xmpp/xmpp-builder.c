/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-atom.h"
#include "xmpp-builder.h"
#include "xmpp-parser.h"
#include "xmpp-stanza-private.h"

#include <string.h>

#define MAX_NAMESPACES 64             /* declared in one tag */
#define MAX_IDLE_TEXT  (16 * 1024)    /* memory kept from one stanza to the next */
#define N_NAMES        512            /* 2 to the power of 64 - 55: see find_name () */
#define N_PLACES       4
#define N_FIELDS       5              /* of an attribute in SAX: name, prefix, namespace, start and end of value */

/* A name of the context's dictionary: looked up once, and kept once in each stanza */
typedef struct
{
  const guchar *key;
  const char   *atom;       /* NULL: no code of ours knows it */
  const char   *copy;       /* in the stanza whose number this is */
  guint         stanza;
  guint         length;
} Name;

struct _XmppBuilder
{
  Name        names[N_NAMES];
  guint       n_atoms;       /* when the names were looked up */

  /* The stanza */
  XmppStanza *stanza;        /* NULL: none is begun */
  XmppNode   *node;          /* its open element */
  GString    *text;          /* since the last tag */
  guint       number;        /* which it is */
  guint       depth;         /* of the open element; the root's is 1 */
  guint       n_elements;
  gboolean    is_skipped;    /* it is over a limit */
  gboolean    is_bad;        /* not UTF-8 */
};

/* Text */

/* The bytes of eight that are not ASCII, or a "&": then the highest bit of some byte is set. Nearly all that is
 * received has none.
 */
static inline guint64
find_odd (guint64 word)
{
  const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101);
  guint64 ampersands = word ^ (ones * '&');

  return (word | ((ampersands - ones) & ~ampersands)) & (ones << 7);
}

static inline guint64
copy_word (char         *to,
           const guchar *from)
{
  guint64 word;

  memcpy (&word, from, sizeof word);
  memcpy (to, &word, sizeof word);

  return find_odd (word);
}

/* Whether @from is ASCII without any "&". It is copied in any case. */
static gboolean
copy_plain (char         *to,
            const guchar *from,
            gsize         length)
{
  guint64 odd = 0;
  gsize i;

  if (length < sizeof (guint64))
    {
      for (i = 0; i < length; i++)
        {
          odd |= from[i] >= 0x80 || from[i] == '&';
          to[i] = from[i];
        }
      return odd == 0;
    }

  for (i = 0; i < length - sizeof (guint64); i += sizeof (guint64))
    odd |= copy_word (to + i, from + i);
  odd |= copy_word (to + length - sizeof (guint64), from + length - sizeof (guint64));

  return odd == 0;
}

/* libxml2 leaves a "&" in a value as "&#38;", to be parsed once more, unless it may substitute all entities,
 * which it may not here. Nothing else in a value begins with "&".
 */
static void
restore_ampersands (char *value)
{
  const char *from = value;
  char *to = value;

  while (*from != '\0')
    {
      gboolean is_reference = g_str_has_prefix (from, "&#38;");

      *to++ = *from;
      from += is_reference ? strlen ("&#38;") : 1;
    }

  *to = '\0';
}

static const char *
keep_value (XmppBuilder  *self,
            const guchar *value,
            gsize         length)
{
  char *copy = xmpp_stanza_alloc (self->stanza, length + 1);

  copy[length] = '\0';
  if (G_LIKELY (copy_plain (copy, value, length)))
    return copy;

  /* libxml2 lets some overlong sequences through. */
  if (!g_utf8_validate_len (copy, length, NULL))
    self->is_bad = TRUE;
  restore_ampersands (copy);

  return copy;
}

/* Names */

static const char *
keep_stranger (XmppBuilder *self,
               Name        *name)
{
  name->copy = keep_value (self, name->key, name->length);
  name->stanza = self->number;

  return name->copy;
}

static Name *
find_name (XmppBuilder  *self,
           const guchar *key)
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

  return name;
}

static const char *
keep_name (XmppBuilder  *self,
           const guchar *key)
{
  Name *name;

  if (key == NULL)
    return NULL;

  name = find_name (self, key);
  if (name->atom != NULL)
    return name->atom;

  return name->stanza == self->number ? name->copy : keep_stranger (self, name);
}

/* Attributes */

static void
keep_attribute (XmppBuilder    *self,
                XmppAttribute  *attribute,
                const guchar  **fields)
{
  attribute->name = keep_name (self, fields[0]);
  attribute->ns = keep_name (self, fields[2]);
  attribute->value = keep_value (self, fields[3], fields[4] - fields[3]);
}

static void
keep_attributes (XmppBuilder   *self,
                 guint          n_attributes,
                 const guchar **fields)
{
  XmppAttribute *attribute;

  if (n_attributes == 0)
    return;

  attribute = xmpp_stanza_reserve (self->stanza, self->node, n_attributes);
  for (guint i = 0; i < n_attributes; i++, fields += N_FIELDS)
    keep_attribute (self, attribute++, fields);
}

static gboolean
is_envelope (const guchar **fields)
{
  static const char * const names[] = { "from", "to", "id", "type", NULL };

  return fields[2] == NULL && g_strv_contains (names, (const char *) fields[0]);
}

/* Of a root with too many attributes: who sent it must not get lost among them */
static void
keep_envelope (XmppBuilder   *self,
               guint          n_attributes,
               const guchar **fields)
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

/* Elements */

/* What was kept of names is the last stanza's, and what was no atom then may be one now. */
static void
begin_names (XmppBuilder *self)
{
  guint n_atoms = xmpp_atom_count ();

  if (self->n_atoms != n_atoms || ++self->number == 0)
    {
      xmpp_builder_set_context (self);
      self->n_atoms = n_atoms;
      self->number = 1;
    }
}

static void
begin (XmppBuilder   *self,
       const guchar  *name,
       const guchar  *ns,
       guint          n_attributes,
       const guchar **attributes)
{
  begin_names (self);
  self->stanza = xmpp_stanza_new_empty ();
  self->node = xmpp_stanza_append (self->stanza, NULL, keep_name (self, name), keep_name (self, ns));
  self->n_elements = 1;
  self->is_skipped = n_attributes > XMPP_PARSER_MAX_ATTRIBUTES;

  if (self->is_skipped)
    keep_envelope (self, n_attributes, attributes);
  else
    keep_attributes (self, n_attributes, attributes);
}

/* The text since the last tag stands before the first child, or after the last one. */
static void
keep_text (XmppBuilder *self)
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

XmppBuilder *
xmpp_builder_new (void)
{
  /* What is in nearly every stanza, whether or not a module of ours reads it: no stanza needs its own copy */
  static const char * const common[] = {
    XMPP_NS_CLIENT, XMPP_NS_XML, "message", "presence", "iq", "from", "to", "id", "type", "lang",
    "body", "show", "status", "priority", "jid", "affiliation", "role", "item",
    "query", "node", "ver", "hash", "var", "feature",
    "urn:xmpp:sid:0", "origin-id", "stanza-id", "by", "urn:xmpp:chat-markers:0", "markable",
    "urn:xmpp:hints", "store", "no-store", "urn:xmpp:mam:2", "result", "queryid", "stamp",
    "vcard-temp:x:update", "photo",
  };
  XmppBuilder *self = g_new0 (XmppBuilder, 1);

  for (guint i = 0; i < G_N_ELEMENTS (common); i++)
    xmpp_atom (common[i]);

  self->text = g_string_new (NULL);

  return self;
}

void
xmpp_builder_free (XmppBuilder *self)
{
  g_clear_pointer (&self->stanza, xmpp_stanza_unref);
  g_string_free (self->text, TRUE);
  g_free (self);
}

/* The strings are of another context from now on. Between two stanzas only */
void
xmpp_builder_set_context (XmppBuilder *self)
{
  memset (self->names, 0, sizeof self->names);
}

/* FALSE: a name or a value is not UTF-8 */
gboolean
xmpp_builder_start (XmppBuilder   *self,
                    const guchar  *name,
                    const guchar  *ns,
                    guint          n_namespaces,
                    guint          n_attributes,
                    const guchar **attributes)
{
  if (self->depth++ == 0)
    {
      begin (self, name, ns, n_attributes, attributes);
      if (n_namespaces > MAX_NAMESPACES)
        xmpp_builder_skip (self);
      return !self->is_bad;
    }

  if (self->is_skipped)
    return TRUE;

  if (self->depth > XMPP_PARSER_MAX_DEPTH ||
      ++self->n_elements > XMPP_PARSER_MAX_ELEMENTS ||
      n_attributes > XMPP_PARSER_MAX_ATTRIBUTES ||
      n_namespaces > MAX_NAMESPACES)
    {
      xmpp_builder_skip (self);
      return TRUE;
    }

  keep_text (self);
  self->node = xmpp_stanza_append (self->stanza, self->node, keep_name (self, name), keep_name (self, ns));
  keep_attributes (self, n_attributes, attributes);

  return !self->is_bad;
}

/* FALSE: it is not UTF-8 */
gboolean
xmpp_builder_add_text (XmppBuilder  *self,
                       const guchar *text,
                       gsize         length)
{
  gsize before = self->text->len;

  if (self->is_skipped)
    return g_utf8_validate_len ((const char *) text, length, NULL);

  g_string_set_size (self->text, before + length);

  return copy_plain (self->text->str + before, text, length) ||
         g_utf8_validate_len ((const char *) text, length, NULL);
}

void
xmpp_builder_end (XmppBuilder *self)
{
  self->depth--;
  if (self->is_skipped)
    return;

  keep_text (self);
  self->node = self->node->parent;
}

/* The stanza is over a limit. It may lie in an archive and come again with every login, so it must not
 * end the stream (security.md, T116): what came of it is forgotten but for its root's attributes.
 */
void
xmpp_builder_skip (XmppBuilder *self)
{
  const XmppNode *root = xmpp_stanza_get_root (self->stanza);
  XmppStanza *envelope;

  if (self->is_skipped)
    return;

  envelope = xmpp_stanza_new (root->name, root->ns);
  self->node = xmpp_stanza_get_root (envelope);
  for (guint i = 0; i < root->n_attributes; i++)
    xmpp_node_set_full (self->node, root->attributes[i].name, root->attributes[i].ns,
                        root->attributes[i].value, strlen (root->attributes[i].value));

  xmpp_stanza_unref (self->stanza);
  self->stanza = envelope;
  self->is_skipped = TRUE;
  g_string_truncate (self->text, 0);
}

/* Returns: (transfer full): the stanza, whose root was ended, sealed */
XmppStanza *
xmpp_builder_take (XmppBuilder *self,
                   gsize        size)
{
  xmpp_stanza_set_received (self->stanza, size, self->is_skipped);
  self->node = NULL;
  self->is_skipped = FALSE;

  if (self->text->allocated_len > MAX_IDLE_TEXT)
    {
      g_string_free (self->text, TRUE);
      self->text = g_string_new (NULL);
    }

  return g_steal_pointer (&self->stanza);
}

/* 0: between two stanzas */
guint
xmpp_builder_get_depth (XmppBuilder *self)
{
  return self->depth;
}

/* Returns: (nullable): the name of the element that is not ended yet */
const char *
xmpp_builder_get_open (XmppBuilder *self)
{
  return self->node != NULL ? self->node->name : NULL;
}
