/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "parser-log.h"

#include "xmpp-error.h"

#include <string.h>

static void
on_opened (XmppStanza *header,
           gpointer    user_data)
{
  ParserLog *self = user_data;
  g_autofree char *xml = xmpp_stanza_to_xml (header);

  g_assert_null (self->header);
  g_assert_true (xmpp_stanza_is_sealed (header));
  self->header = xmpp_stanza_ref (header);
  g_ptr_array_add (self->said, g_strdup_printf ("[%s]", xml));
}

static void
on_received (XmppStanza *stanza,
             gpointer    user_data)
{
  ParserLog *self = user_data;
  g_autofree char *xml = xmpp_stanza_to_xml (stanza);

  g_assert_nonnull (self->header);
  g_assert_true (xmpp_stanza_is_sealed (stanza));
  g_ptr_array_add (self->stanzas, xmpp_stanza_ref (stanza));
  g_ptr_array_add (self->said, g_strconcat (xmpp_stanza_is_skipped (stanza) ? "skipped: " : "", xml, NULL));

  if (g_strcmp0 (xmpp_stanza_get_root (stanza)->name, self->pause_at) == 0)
    xmpp_parser_pause (self->parser);
}

static void
on_closed (gpointer user_data)
{
  ParserLog *self = user_data;

  g_ptr_array_add (self->said, g_strdup ("closed"));
}

ParserLog *
parser_log_new (void)
{
  static const XmppParserFuncs funcs = { on_opened, on_received, on_closed };
  ParserLog *self = g_new0 (ParserLog, 1);

  self->said = g_ptr_array_new_with_free_func (g_free);
  self->stanzas = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_stanza_unref);
  self->parser = xmpp_parser_new (&funcs, self);

  return self;
}

ParserLog *
parser_log_new_fed (const char *text)
{
  ParserLog *self = parser_log_new ();

  parser_log_feed (self, text, -1);

  return self;
}

void
parser_log_free (ParserLog *self)
{
  xmpp_parser_free (self->parser);
  g_ptr_array_unref (self->said);
  g_ptr_array_unref (self->stanzas);
  g_clear_pointer (&self->header, xmpp_stanza_unref);
  g_clear_error (&self->error);
  g_free (self);
}

/* After an error it must say nothing more, and the same error again. */
gboolean
parser_log_feed (ParserLog  *self,
                 const char *text,
                 gssize      length)
{
  g_autoptr(GError) error = NULL;
  guint n_said = self->said->len;
  gboolean is_good = xmpp_parser_feed (self->parser, text, length < 0 ? strlen (text) : (gsize) length, &error);

  g_assert_true (is_good == (error == NULL));

  if (self->error != NULL)
    {
      g_assert_false (is_good);
      g_assert_cmpuint (self->said->len, ==, n_said);
      g_assert_error (error, self->error->domain, self->error->code);
      return FALSE;
    }

  self->error = g_steal_pointer (&error);

  return is_good;
}

gboolean
parser_log_feed_many (ParserLog  *self,
                      const char *text,
                      gsize       times)
{
  gsize length = strlen (text);
  g_autoptr(GString) chunk = g_string_new (NULL);

  for (gsize i = 0; i < times; i++)
    {
      g_string_append_len (chunk, text, length);
      if (chunk->len < 4096 && i + 1 < times)
        continue;

      if (!parser_log_feed (self, chunk->str, chunk->len))
        return FALSE;
      g_string_truncate (chunk, 0);
    }

  return TRUE;
}

/* All that was said, a line each, and the error if there is one */
char *
parser_log_tell (ParserLog *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->said->len; i++)
    g_string_append_printf (text, "%s\n", (const char *) self->said->pdata[i]);

  if (self->error != NULL)
    g_string_append_printf (text, "error %s\n", self->error->message);

  return g_string_free (text, FALSE);
}

XmppNode *
parser_log_get_root (ParserLog *self,
                     guint      index)
{
  g_assert_cmpuint (index, <, self->stanzas->len);

  return xmpp_stanza_get_root (self->stanzas->pdata[index]);
}

/* What was said after the header */
void
parser_log_assert (ParserLog  *self,
                   const char *said)
{
  g_autofree char *told = parser_log_tell (self);
  const char *after = strchr (told, '\n');

  g_assert_nonnull (after);
  g_assert_cmpstr (after + 1, ==, said);
}

/* What a test put before the bad place may be said, and nothing after that: it is a header and one <presence/> */
static void
assert_said_before (ParserLog *self)
{
  guint n_headers = self->header != NULL ? 1 : 0;

  g_assert_cmpuint (self->said->len, <=, n_headers + 1);
  if (self->said->len > n_headers)
    g_assert_cmpstr (self->said->pdata[n_headers], ==, "<presence/>");
}

/* Refused whether it comes at once or byte by byte, with what came before the bad place said in both */
void
parser_log_assert_refused (const char *text,
                           gssize      length,
                           int         code)
{
  g_autoptr(ParserLog) whole = parser_log_new ();
  g_autoptr(ParserLog) drip = parser_log_new ();
  g_autofree char *whole_told = NULL;
  g_autofree char *drip_told = NULL;
  gsize size = length < 0 ? strlen (text) : (gsize) length;

  parser_log_feed (whole, text, size);
  for (gsize i = 0; i < size; i++)
    parser_log_feed (drip, text + i, 1);

  g_assert_error (whole->error, XMPP_ERROR, code);
  g_assert_error (drip->error, XMPP_ERROR, code);
  whole_told = parser_log_tell (whole);
  drip_told = parser_log_tell (drip);
  g_assert_cmpstr (whole_told, ==, drip_told);
  assert_said_before (whole);
}
