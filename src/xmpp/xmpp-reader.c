/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Elements that a person wrote, read by the parser that reads the server's: where it is wrong, and how. */
#include "flint-config.h"

#include "xmpp-error.h"
#include "xmpp-parser-private.h"

#include <glib/gi18n-lib.h>
#include <libxml/xmlerror.h>
#include <string.h>

/* The stream around it is a line of its own, so that lines and columns need only that one off. */
#define HEADER "<stream:stream xmlns='" XMPP_NS_CLIENT "' xmlns:stream='" XMPP_NS_STREAM "'>\n"
#define FOOTER "</stream:stream>"

/* libxml2 waits for the end of what may be a tag or an entity: this is either. */
#define REST FOOTER ";>"

typedef struct
{
  XmppStanza *stanza;       /* the first */
  guint       n_stanzas;
  guint       n_skipped;
  gboolean    is_closed;
  int         line;         /* where it went wrong, from 1 */
  int         column;
} Reading;

static const struct
{
  int         code;
  const char *sentence;
} sentences[] = {
  { XML_ERR_NAME_REQUIRED,            N_("A name is missing here. A “&” or “<” in a text is written “&amp;” or “&lt;”.") },
  { XML_ERR_ENTITYREF_SEMICOL_MISSING, N_("A “&” in a text is written “&amp;”.") },
  { XML_ERR_UNDECLARED_ENTITY,        N_("Of the names between “&” and “;” only lt, gt, amp, quot and apos are known.") },
  { XML_ERR_INVALID_CHARREF,          N_("This number stands for no character.") },
  { XML_ERR_INVALID_CHAR,             N_("This character is not allowed in XML.") },
  { XML_ERR_INVALID_ENCODING,         N_("The text is not valid UTF-8.") },
  { XML_ERR_ATTRIBUTE_NOT_STARTED,    N_("The value of an attribute stands in quotation marks.") },
  { XML_ERR_ATTRIBUTE_NOT_FINISHED,   N_("The quotation mark that ends the value is missing.") },
  { XML_ERR_ATTRIBUTE_WITHOUT_VALUE,  N_("This attribute has no value.") },
  { XML_ERR_LT_IN_ATTRIBUTE,          N_("A “<” in the value of an attribute is written “&lt;”.") },
  { XML_ERR_SPACE_REQUIRED,           N_("A space is missing between two attributes.") },
  { XML_ERR_GT_REQUIRED,              N_("The “>” that ends this tag is missing.") },
  { XML_ERR_LTSLASH_REQUIRED,         N_("The “>” that ends this tag is missing.") },
  { XML_ERR_RESERVED_XML_NAME,        N_("XMPP allows no comments, document types or instructions.") },
  { XML_ERR_INTERNAL_ERROR,           N_("XMPP allows no comments, document types or instructions.") },
  { XML_ERR_MISPLACED_CDATA_END,      N_("“]]>” in a text is written “]]&gt;”.") },
};

static char *
describe (const XmppParserProblem *problem,
          const char              *open)
{
  if (problem->code == XML_ERR_TAG_NAME_MISMATCH && open == NULL)
    return g_strdup_printf (_("“</%s>” closes an element that is not open."), problem->second);

  if (problem->code == XML_ERR_TAG_NAME_MISMATCH)
    return g_strdup_printf (_("“<%s>” is closed by “</%s>”."), problem->first, problem->second);

  if (problem->code == XML_ERR_ATTRIBUTE_REDEFINED)
    return g_strdup_printf (_("The attribute “%s” is there twice."), problem->first);

  if (problem->code == XML_NS_ERR_UNDEFINED_NAMESPACE)
    return g_strdup_printf (_("The prefix “%s” is not declared: xmlns:%s='…' is missing."), problem->first, problem->first);

  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    {
      if (problem->code == sentences[i].code)
        return g_strdup (_(sentences[i].sentence));
    }

  return g_strdup (problem->words);
}

/* What the parser says of a server, said to a person */
static const char *
describe_refusal (const GError *error)
{
  if (g_error_matches (error, XMPP_ERROR, XMPP_ERROR_RESTRICTED_XML))
    return _("XMPP allows no comments, document types or instructions.");
  if (g_error_matches (error, XMPP_ERROR, XMPP_ERROR_LIMIT))
    return _("This is larger than a stanza may be.");

  return _("Text may stand only inside the element.");
}

static void
set_error (Reading     *reading,
           GError     **error,
           int          line,
           int          column,
           const char  *sentence)
{
  reading->line = line;
  reading->column = column;

  /* Translators: a place in what somebody wrote, then what is wrong there */
  g_set_error (error, XMPP_ERROR, XMPP_ERROR_NOT_WELL_FORMED, _("Line %d, column %d: %s"), line, column, sentence);
}

static void
set_problem (Reading       *reading,
             GError       **error,
             XmppParser    *parser,
             const GError  *refusal)
{
  const XmppParserProblem *problem = xmpp_parser_get_problem (parser);
  g_autofree char *sentence = problem->code != 0 ? describe (problem, xmpp_parser_get_open (parser))
                                                   : g_strdup (describe_refusal (refusal));

  set_error (reading, error, MAX (problem->line - 1, 1), MAX (problem->column, 1), sentence);
}

static void
find_end (const char *xml,
          gsize       length,
          int        *line,
          int        *column)
{
  *line = *column = 1;

  for (gsize i = 0; i < length; i++)
    {
      *column = xml[i] == '\n' ? 1 : *column + 1;
      *line += xml[i] == '\n';
    }
}

/* What was added after @xml made it end: that it is wrong where it ends is that it ended too early. */
static void
set_unfinished (Reading       *reading,
                GError       **error,
                XmppParser    *parser,
                const GError  *refusal,
                const char    *xml,
                gsize          length)
{
  const XmppParserProblem *problem = xmpp_parser_get_problem (parser);
  g_autofree char *sentence = NULL;
  int line, column;

  find_end (xml, length, &line, &column);

  if (refusal != NULL &&
      (problem->code == 0 || problem->line - 1 < line || (problem->line - 1 == line && problem->column < column)))
    {
      set_problem (reading, error, parser, refusal);
      return;
    }

  if (xmpp_parser_get_open (parser) != NULL)
    sentence = g_strdup_printf (_("The text ends before “<%s>” is closed."), xmpp_parser_get_open (parser));
  else
    sentence = g_strdup (_("The text ends inside a tag."));

  set_error (reading, error, line, column, sentence);
}

static void
on_received (XmppStanza *stanza,
             gpointer    user_data)
{
  Reading *reading = user_data;

  reading->n_skipped += xmpp_stanza_is_skipped (stanza) ? 1 : 0;
  if (reading->n_stanzas++ == 0)
    reading->stanza = xmpp_stanza_ref (stanza);
}

static void
on_closed (gpointer user_data)
{
  Reading *reading = user_data;

  reading->is_closed = TRUE;
}

static gboolean
read_all (XmppParser     *parser,
          Reading        *reading,
          const char     *xml,
          gsize           length,
          GError        **error)
{
  g_autoptr(GError) refusal = NULL;

  xmpp_parser_feed (parser, HEADER, strlen (HEADER), NULL);

  if (!xmpp_parser_feed (parser, xml, length, &refusal))
    {
      set_problem (reading, error, parser, refusal);
      return FALSE;
    }

  if (reading->is_closed)
    {
      g_set_error (error, XMPP_ERROR, XMPP_ERROR_NOT_WELL_FORMED,
                   _("“%s” closes an element that is not open."), FOOTER);
      return FALSE;
    }

  if (!xmpp_parser_feed (parser, REST, strlen (REST), &refusal) || !reading->is_closed)
    {
      set_unfinished (reading, error, parser, refusal, xml, length);
      return FALSE;
    }

  return TRUE;
}

/**
 * xmpp_stanza_new_from_xml:
 * @xml: one element, in jabber:client where it names no namespace; the prefix “stream” is known
 * @length: of @xml in bytes, or -1 when it is terminated
 * @error: XMPP_ERROR_NOT_WELL_FORMED, with line, column and cause for whoever wrote it
 *
 * Reads under the rules that hold for a server: see xmpp_parser_feed().
 *
 * Returns: (nullable) (transfer full): the stanza, sealed
 */
XmppStanza *
xmpp_stanza_new_from_xml (const char  *xml,
                          gssize       length,
                          GError     **error)
{
  static const XmppParserFuncs funcs = { .received = on_received, .closed = on_closed };
  Reading reading = { NULL, 0 };
  g_autoptr(XmppParser) parser = NULL;
  g_autoptr(XmppStanza) stanza = NULL;
  gboolean is_good;

  g_return_val_if_fail (xml != NULL, NULL);

  parser = xmpp_parser_new (&funcs, &reading);
  is_good = read_all (parser, &reading, xml, length < 0 ? strlen (xml) : (gsize) length, error);
  stanza = reading.stanza;

  if (!is_good)
    return NULL;

  if (stanza == NULL)
    g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_NOT_WELL_FORMED, _("There is no element."));
  else if (reading.n_stanzas > 1)
    g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_NOT_WELL_FORMED,
                         _("There is more than one element. They are sent one at a time."));
  else if (xmpp_stanza_is_skipped (stanza))
    g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_NOT_WELL_FORMED,
                         _("The element is too large, or it has too many elements, attributes or levels."));
  else
    return g_steal_pointer (&stanza);

  return NULL;
}

/**
 * xmpp_stanza_check_xml:
 * @xml: one element or several, as xmpp_session_send_raw() takes them
 * @line: (out): where it is wrong, from 1; 0 where no place can be named
 * @column: (out): the byte in that line, from 1
 * @error: XMPP_ERROR_NOT_WELL_FORMED, with line, column and cause for whoever wrote it
 *
 * Returns: whether @xml could stand in a stream; what it means is not looked at
 */
gboolean
xmpp_stanza_check_xml (const char  *xml,
                       int         *line,
                       int         *column,
                       GError     **error)
{
  static const XmppParserFuncs funcs = { .received = on_received, .closed = on_closed };
  Reading reading = { NULL, 0 };
  g_autoptr(XmppParser) parser = NULL;
  gboolean is_good;

  g_return_val_if_fail (xml != NULL && line != NULL && column != NULL, FALSE);

  parser = xmpp_parser_new (&funcs, &reading);
  is_good = read_all (parser, &reading, xml, strlen (xml), error);
  g_clear_pointer (&reading.stanza, xmpp_stanza_unref);
  *line = reading.line;
  *column = reading.column;

  if (!is_good)
    return FALSE;

  if (reading.n_stanzas == 0)
    g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_NOT_WELL_FORMED, _("There is no element."));
  else if (reading.n_skipped > 0)
    g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_NOT_WELL_FORMED,
                         _("The element is too large, or it has too many elements, attributes or levels."));
  else
    return TRUE;

  return FALSE;
}
