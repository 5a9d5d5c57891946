/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "console-query-private.h"

#include "console-summary.h"

#include <glib/gi18n.h>
#include <string.h>

/* One entry is looked at at a time; what was made of it is made once, whatever asks for it. */
struct _ConsoleQuery
{
  ConsoleTerm *term;
  GString     *xml;            /* of the entry, folded */
  gboolean     has_xml;        /* it is that of this entry */
  char        *summary;        /* of the entry, as it is shown; NULL: not asked for yet */
  char        *folded_summary;
};

G_DEFINE_QUARK (console-query-error-quark, console_query_error)

/**
 * console_query_new:
 * @text: what a person wrote
 * @position: (out): the character where it is wrong, from 1
 * @error: CONSOLE_QUERY_ERROR, a sentence
 *
 * Returns: (nullable) (transfer full): the filter
 */
ConsoleQuery *
console_query_new (const char  *text,
                   guint       *position,
                   GError     **error)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr(GError) wrong = NULL;
  const char *fault = NULL;
  ConsoleTerm *term = console_term_parse (valid, &fault, &wrong);
  ConsoleQuery *self;

  if (term == NULL)
    {
      *position = g_utf8_pointer_to_offset (valid, fault) + 1;
      /* translators: a place in the filter, then what is wrong there */
      g_set_error (error, CONSOLE_QUERY_ERROR, CONSOLE_QUERY_ERROR_WRONG, _("Character %u: %s"), *position, wrong->message);
      return NULL;
    }

  self = g_rc_box_new0 (ConsoleQuery);
  self->term = term;
  self->xml = g_string_new (NULL);

  return self;
}

ConsoleQuery *
console_query_ref (ConsoleQuery *self)
{
  return g_rc_box_acquire (self);
}

static void
query_clear (gpointer data)
{
  ConsoleQuery *self = data;

  console_term_free (self->term);
  g_string_free (self->xml, TRUE);
  g_free (self->summary);
  g_free (self->folded_summary);
}

void
console_query_unref (ConsoleQuery *self)
{
  g_rc_box_release_full (self, query_clear);
}

/* A summary that nobody has seen is not kept by the entry. */
static const char *
get_folded_summary (ConsoleQuery *self,
                    ConsoleEntry *entry)
{
  if (self->summary == NULL)
    self->summary = console_summary_new (entry);
  if (self->folded_summary == NULL)
    self->folded_summary = console_query_fold (self->summary);

  return self->folded_summary;
}

/* In the XML, and only then in the summary, for which the XML would have to be read */
static gboolean
has_text (ConsoleQuery *self,
          ConsoleEntry *entry,
          const char   *text)
{
  if (!self->has_xml)
    {
      gsize length;
      const char *xml = console_entry_peek (entry, &length);

      g_string_truncate (self->xml, 0);
      console_query_append_folded (self->xml, xml, length);
      self->has_xml = TRUE;
    }

  return strstr (self->xml->str, text) != NULL || strstr (get_folded_summary (self, entry), text) != NULL;
}

static gboolean
equals (const ConsoleTerm *term,
        const char        *text)
{
  g_autofree char *folded = NULL;

  if (text == NULL)
    return FALSE;

  folded = console_query_fold (text);

  return term->pattern != NULL ? g_pattern_spec_match_string (term->pattern, folded) : g_str_equal (folded, term->value);
}

static gboolean
contains (const ConsoleTerm *term,
          const char        *text)
{
  g_autofree char *folded = NULL;

  if (text == NULL || term->pattern != NULL)
    return equals (term, text);

  folded = console_query_fold (text);

  return strstr (folded, term->value) != NULL;
}

/* A bare address stands for each of its resources. */
static gboolean
is_address (const ConsoleTerm *term,
            const char        *address)
{
  g_autofree char *bare = NULL;

  if (address == NULL || equals (term, address))
    return address != NULL;
  if (strchr (term->value, '/') != NULL)
    return FALSE;

  bare = g_strndup (address, strcspn (address, "/"));

  return equals (term, bare);
}

static gboolean
has_node (const ConsoleTerm *term,
          const XmppNode    *node)
{
  if (equals (term, term->key == CONSOLE_KEY_NS ? node->ns : node->name))
    return TRUE;

  XMPP_NODE_FOREACH_CHILD (node, child)
    {
      if (has_node (term, child))
        return TRUE;
    }

  return FALSE;
}

/* What is in <error/> (RFC 6120, 8.3), or in a <failure/> or an error of the stream */
static gboolean
has_condition (const ConsoleTerm *term,
               ConsoleEntry      *entry)
{
  g_autoptr(XmppStanza) stanza = NULL;
  const XmppNode *error;

  if (!console_entry_is_error (entry))
    return FALSE;

  stanza = console_entry_read (entry);
  if (stanza == NULL)
    return FALSE;

  error = xmpp_node_get_child (xmpp_stanza_get_root (stanza), "error", XMPP_NS_CLIENT);
  if (error == NULL)
    error = xmpp_stanza_get_root (stanza);

  XMPP_NODE_FOREACH_CHILD (error, child)
    {
      if (equals (term, child->name))
        return TRUE;
    }

  return FALSE;
}

/* What is only to be had by reading all of the stanza */
static gboolean
matches_inside (const ConsoleTerm *term,
                ConsoleEntry      *entry)
{
  g_autoptr(XmppStanza) stanza = console_entry_read (entry);
  const XmppNode *root = stanza != NULL ? xmpp_stanza_get_root (stanza) : NULL;

  if (root == NULL)
    return FALSE;

  return term->key == CONSOLE_KEY_BODY ? contains (term, xmpp_node_get_child_text (root, "body", XMPP_NS_CLIENT))
                                       : has_node (term, root);
}

static gboolean
matches_attribute (const ConsoleTerm *term,
                   ConsoleEntry      *entry,
                   const char        *name)
{
  g_autofree char *value = console_entry_get_attribute (entry, name);

  return equals (term, value);
}

static gboolean
matches_address (const ConsoleTerm *term,
                 ConsoleEntry      *entry,
                 const char        *name)
{
  g_autofree char *address = console_entry_get_attribute (entry, name);

  return is_address (term, address);
}

static gboolean
matches_key (ConsoleQuery      *self,
             const ConsoleTerm *term,
             ConsoleEntry      *entry)
{
  switch (term->key)
    {
    case CONSOLE_KEY_DIR:
      return !console_entry_is_event (entry) && (term->bits & (1u << console_entry_get_direction (entry))) != 0;

    case CONSOLE_KEY_KIND:
      return (term->bits & (1u << console_entry_get_kind (entry))) != 0;

    case CONSOLE_KEY_TYPE:
      if (console_kind_is_stanza (console_entry_get_kind (entry)))
        return matches_attribute (term, entry, "type");
      return equals (term, console_entry_get_type_name (entry));

    case CONSOLE_KEY_ID:
      return matches_attribute (term, entry, "id");

    case CONSOLE_KEY_FROM:
      return matches_address (term, entry, "from");

    case CONSOLE_KEY_TO:
      return matches_address (term, entry, "to");

    case CONSOLE_KEY_WITH:
      return matches_address (term, entry, "from") || matches_address (term, entry, "to");

    case CONSOLE_KEY_ACCOUNT:
      return equals (term, console_entry_get_account (entry));

    case CONSOLE_KEY_NAME:
    case CONSOLE_KEY_NS:
    case CONSOLE_KEY_BODY:
      return matches_inside (term, entry);

    case CONSOLE_KEY_SUMMARY:
      get_folded_summary (self, entry);
      return contains (term, self->summary);

    case CONSOLE_KEY_ERROR:
      return has_condition (term, entry);

    case CONSOLE_N_KEYS:
    default:
      g_return_val_if_reached (FALSE);
    }
}

static gboolean
is_between (const ConsoleTerm *term,
            guint64            value)
{
  return value >= term->least && value <= term->most;
}

static gboolean
matches (ConsoleQuery      *self,
         const ConsoleTerm *term,
         ConsoleEntry      *entry)
{
  switch (term->kind)
    {
    case CONSOLE_TERM_ALL:
    case CONSOLE_TERM_ANY:
      for (guint i = 0; term->children != NULL && i < term->children->len; i++)
        {
          if (matches (self, g_ptr_array_index (term->children, i), entry) == (term->kind == CONSOLE_TERM_ANY))
            return term->kind == CONSOLE_TERM_ANY;
        }
      return term->kind == CONSOLE_TERM_ALL;

    case CONSOLE_TERM_NOT:
      return !matches (self, g_ptr_array_index (term->children, 0), entry);

    case CONSOLE_TERM_TEXT:
      return has_text (self, entry, term->value);

    case CONSOLE_TERM_KEY:
      return matches_key (self, term, entry);

    case CONSOLE_TERM_SIZE:
      return is_between (term, console_entry_get_size (entry));

    case CONSOLE_TERM_NUMBER:
      return is_between (term, console_entry_get_number (entry));

    case CONSOLE_TERM_INJECTED:
      return console_entry_is_manual (entry);

    case CONSOLE_TERM_REDACTED:
      return console_entry_is_redacted (entry);

    default:
      g_return_val_if_reached (FALSE);
    }
}

/**
 * console_query_matches:
 *
 * Returns: whether @entry is one of those that were asked for
 */
gboolean
console_query_matches (ConsoleQuery *self,
                       ConsoleEntry *entry)
{
  g_return_val_if_fail (self != NULL, TRUE);

  self->has_xml = FALSE;
  g_clear_pointer (&self->summary, g_free);
  g_clear_pointer (&self->folded_summary, g_free);

  return matches (self, self->term, entry);
}

/**
 * console_query_quote:
 * @value: anything
 *
 * Returns: (transfer full): @value as it can stand behind "key:"; a quotation mark cannot be written, and is a star
 */
char *
console_query_quote (const char *value)
{
  g_autofree char *plain = g_strdelimit (g_strdup (value), "\"", '*');

  if (*value != '\0' && strpbrk (value, " \t\r\n()\"") == NULL)
    return g_steal_pointer (&plain);

  return g_strdup_printf ("\"%s\"", plain);
}
