/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes of a stream: however the network cuts them the parser says the same, and what it gives out can be written and
 * read again, and is the same then.
 */
#include "fuzz.h"
#include "parser-log.h"

#include <string.h>

#define MAX_SIZE (64 * 1024)
#define MAX_DRIP 2048          /* bytes that are also given one by one */

static void
assert_equal_text (const char *a,
                   const char *b)
{
  /* An empty text and none are the same XML */
  g_assert_cmpstr (a != NULL ? a : "", ==, b != NULL ? b : "");
}

static void
assert_equal (const XmppNode *a,
              const XmppNode *b)
{
  const XmppNode *other = b->first_child;

  g_assert_cmpstr (a->name, ==, b->name);
  assert_equal_text (a->ns, b->ns);
  assert_equal_text (a->text, b->text);
  g_assert_cmpuint (a->n_attributes, ==, b->n_attributes);

  for (guint i = 0; i < a->n_attributes; i++)
    {
      g_assert_cmpstr (a->attributes[i].name, ==, b->attributes[i].name);
      g_assert_cmpstr (a->attributes[i].ns, ==, b->attributes[i].ns);
      g_assert_cmpstr (a->attributes[i].value, ==, b->attributes[i].value);
    }

  XMPP_NODE_FOREACH_CHILD (a, child)
    {
      g_assert_nonnull (other);
      assert_equal (child, other);
      assert_equal_text (child->tail, other->tail);
      other = other->next;
    }
  g_assert_null (other);
}

/* What the writer adds may lead over a limit of the reader: then it says so in words */
static void
check_written (XmppStanza *stanza)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *xml = xmpp_stanza_to_xml (stanza);
  g_autofree char *pretty = xmpp_stanza_to_pretty (stanza);
  g_autofree char *again = NULL;
  g_autoptr(XmppStanza) copy = xmpp_stanza_new_from_xml (xml, -1, &error);
  int line;
  int column;

  g_assert_true (g_utf8_validate (xml, -1, NULL));
  g_assert_true (g_utf8_validate (pretty, -1, NULL));
  g_assert_true (xmpp_stanza_check_xml (pretty, &line, &column, NULL));

  if (copy == NULL)
    g_error ("what was written cannot be read: %s\n%s", error->message, xml);

  again = xmpp_stanza_to_xml (copy);
  g_assert_cmpstr (xml, ==, again);
  assert_equal (xmpp_stanza_get_root (stanza), xmpp_stanza_get_root (copy));
}

static char *
tell (const guint8 *data,
      gsize         size,
      gsize         max_piece,
      gboolean      is_early,
      gboolean      is_checked)
{
  g_autoptr(ParserLog) log = parser_log_new ();
  guint32 state = fuzz_hash (data, size);
  gsize done = 0;

  xmpp_parser_set_early (log->parser, is_early);
  while (done < size)
    {
      gsize wanted = max_piece == 0 ? size : 1 + fuzz_next (&state) % max_piece;
      gsize piece = MIN (size - done, wanted);
      g_autofree char *exact = g_memdup2 (data + done, piece);

      parser_log_feed (log, exact, piece);
      done += piece;
    }

  for (guint i = 0; is_checked && i < log->stanzas->len; i++)
    if (!xmpp_stanza_is_skipped (log->stanzas->pdata[i]))
      check_written (log->stanzas->pdata[i]);

  if (log->error != NULL)
    fuzz_assert_words (log->error);

  return parser_log_tell (log);
}

/* The error is the last line; a stanza can have a line that begins like it, but then its own end comes after that */
static char *
drop_error (const char *told)
{
  const char *error = g_strrstr (told, "error ");
  gboolean is_last = error != NULL && (error == told || error[-1] == '\n') && strchr (error, '\n') == told + strlen (told) - 1;

  return g_strndup (told, is_last ? (gsize) (error - told) : strlen (told));
}

/* What was said before the bad place is the same. What is bad about it need not be: libxml2 looks at a tag when it seems to
 * be whole, and at a text when it has some of it, and how much that is depends on the pieces.
 */
static void
assert_tells_the_same (const char *a,
                       const char *b)
{
  g_autofree char *a_said = drop_error (a);
  g_autofree char *b_said = drop_error (b);

  g_assert_cmpstr (a_said, ==, b_said);
}

/* What a person writes into the console, and what our caches have, is read without a stream around it */
static void
check_alone (const guint8 *data,
             gsize         size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppStanza) stanza = xmpp_stanza_new_from_xml ((const char *) data, size, &error);
  FuzzInput input = { (const char *) data, size };
  g_autofree char *text = fuzz_take_text (&input);
  g_autoptr(GError) fault = NULL;
  int line = 0;
  int column = 0;

  if (stanza != NULL)
    check_written (stanza);
  else
    fuzz_assert_words (error);

  if (!xmpp_stanza_check_xml (text, &line, &column, &fault))
    {
      fuzz_assert_words (fault);
      g_assert_cmpint (line, >=, 0);
      g_assert_cmpint (column, >=, 0);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  gboolean is_early = size > 0 && data[size - 1] == '\n';
  g_autofree char *whole = NULL;
  g_autofree char *pieces = NULL;

  if (size > MAX_SIZE)
    return 0;

  whole = tell (data, size, 0, is_early, TRUE);
  pieces = tell (data, size, 64, is_early, FALSE);
  assert_tells_the_same (whole, pieces);

  if (size <= MAX_DRIP)
    {
      g_autofree char *drip = tell (data, size, 1, is_early, FALSE);

      assert_tells_the_same (whole, drip);
    }

  check_alone (data, size);

  return 0;
}
