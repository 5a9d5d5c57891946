/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "console-query-private.h"

#include "console-summary.h"

#include <glib/gi18n.h>
#include <string.h>

struct _ConsoleQuery
{
  ConsoleTerm  *term;
  GString      *haystack;     /* folded: all of the entry that is looked at */
  ConsoleEntry *looked_at;    /* not owned, only compared: whose haystack it is; NULL: nobody's */
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
  self->haystack = g_string_new (NULL);

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
  g_string_free (self->haystack, TRUE);
}

void
console_query_unref (ConsoleQuery *self)
{
  g_rc_box_release_full (self, query_clear);
}

/* A summary that nobody has seen is not kept: a hundred thousand of them are many. */
static gboolean
has_text (ConsoleQuery *self,
          ConsoleEntry *entry,
          const char   *text)
{
  if (self->looked_at != entry)
    {
      g_autofree char *summary = console_summary_new (entry);
      g_autofree char *folded = NULL;

      g_string_truncate (self->haystack, 0);
      console_entry_write (entry, self->haystack);
      g_string_append_c (self->haystack, '\n');
      g_string_append (self->haystack, summary);
      folded = console_query_fold (self->haystack->str);
      g_string_assign (self->haystack, folded);
      self->looked_at = entry;
    }

  return strstr (self->haystack->str, text) != NULL;
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
  XmppStanza *stanza = console_entry_get_stanza (entry);
  const XmppNode *error;

  if (stanza == NULL || !console_entry_is_error (entry))
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

static gboolean
matches_key (const ConsoleTerm *term,
             ConsoleEntry      *entry)
{
  XmppStanza *stanza = console_entry_get_stanza (entry);
  const XmppNode *root = stanza != NULL ? xmpp_stanza_get_root (stanza) : NULL;
  g_autofree char *summary = NULL;

  switch (term->key)
    {
    case CONSOLE_KEY_DIR:
      return !console_entry_is_event (entry) && (term->bits & (1u << console_entry_get_direction (entry))) != 0;

    case CONSOLE_KEY_KIND:
      return (term->bits & (1u << console_entry_get_kind (entry))) != 0;

    case CONSOLE_KEY_TYPE:
      return equals (term, console_entry_get_type_name (entry));

    case CONSOLE_KEY_ID:
      return root != NULL && equals (term, xmpp_node_get (root, "id"));

    case CONSOLE_KEY_FROM:
      return is_address (term, console_entry_get_from (entry));

    case CONSOLE_KEY_TO:
      return is_address (term, console_entry_get_to (entry));

    case CONSOLE_KEY_WITH:
      return is_address (term, console_entry_get_from (entry)) || is_address (term, console_entry_get_to (entry));

    case CONSOLE_KEY_ACCOUNT:
      return equals (term, console_entry_get_account (entry));

    case CONSOLE_KEY_NAME:
    case CONSOLE_KEY_NS:
      return root != NULL && has_node (term, root);

    case CONSOLE_KEY_BODY:
      return root != NULL && contains (term, xmpp_node_get_child_text (root, "body", XMPP_NS_CLIENT));

    case CONSOLE_KEY_SUMMARY:
      summary = console_summary_new (entry);
      return contains (term, summary);

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
      return matches_key (term, entry);

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

  self->looked_at = NULL;

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
