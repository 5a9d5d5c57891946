/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-uri.h"

#include "xmpp-error.h"

#include <string.h>

/* What is read, in one line; "refused" when nothing is */
static char *
describe (const char *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(FlintUri) uri = flint_uri_parse (text, &error);
  g_autoptr(GList) keys = NULL;
  GString *line;

  if (uri == NULL)
    {
      g_assert_error (error, XMPP_ERROR, XMPP_ERROR_INVALID_ADDRESS);
      return g_strdup ("refused");
    }

  g_assert_no_error (error);
  line = g_string_new (xmpp_jid_get_text (uri->jid));

  if (*uri->action != '\0')
    g_string_append_printf (line, " %s", uri->action);

  keys = g_list_sort (g_hash_table_get_keys (uri->values), (GCompareFunc) strcmp);

  for (GList *l = keys; l != NULL; l = l->next)
    g_string_append_printf (line, " %s=%s", (const char *) l->data, flint_uri_get (uri, l->data));

  return g_string_free (line, FALSE);
}

static void
test_table (void)
{
  static const struct
  {
    const char *text;
    const char *expected;
  } table[] = {
    { "xmpp:bob@peer.test",                             "bob@peer.test" },
    { "XMPP:bob@peer.test",                             "bob@peer.test" },
    { "xmpp:peer.test",                                 "peer.test" },
    { "xmpp:bob@peer.test/home",                        "bob@peer.test/home" },
    { "xmpp:BOB@Peer.Test",                             "bob@peer.test" },
    { "xmpp:bob@peer.test?message",                     "bob@peer.test message" },
    { "xmpp:bob@peer.test?message;body=hi%20you",       "bob@peer.test message body=hi you" },
    { "xmpp:bob@peer.test?message;subject=a;body=b",    "bob@peer.test message body=b subject=a" },
    { "xmpp:room@muc.test?join;password=p%3Bq",         "room@muc.test join password=p;q" },
    { "xmpp:bob@peer.test?JOIN",                        "bob@peer.test join" },
    { "xmpp:bob@peer.test?",                            "bob@peer.test" },
    { "xmpp:bob@peer.test?;body=x",                     "bob@peer.test body=x" },
    { "xmpp:bob@peer.test?command;node=x",              "bob@peer.test command node=x" },
    { "xmpp:bob@peer.test#fragment",                    "bob@peer.test" },
    { "xmpp:bob@peer.test?message#x",                   "bob@peer.test message" },
    { "xmpp:bob@peer.test?message;body=",               "bob@peer.test message body=" },
    { "xmpp:bob@peer.test?message;body=a%0Ab",          "bob@peer.test message body=a\nb" },
    { "xmpp:b%C3%BCcher@peer.test",                     "bücher@peer.test" },
    { "xmpp:bücher@peer.test",                          "bücher@peer.test" },
    { "xmpp:bob@b%C3%BCcher.test",                      "bob@bücher.test" },
    { "xmpp:bob@peer.test/a%2Fb",                       "bob@peer.test/a/b" },
    { "xmpp:bob@peer.test/a/b",                         "bob@peer.test/a/b" },
    { "xmpp:bob@peer.test/a@b",                         "bob@peer.test/a@b" },
    { "xmpp:[::1]",                                     "[::1]" },

    { "",                                               "refused" },
    { "xmpp",                                           "refused" },
    { "xmpp:",                                          "refused" },
    { "xmpp:?join",                                     "refused" },
    { "xmpp:@peer.test",                                "refused" },
    { "xmpp:bob@",                                      "refused" },
    { "xmpp:bob@/x",                                    "refused" },
    { "xmpp:bob@peer.test/",                            "refused" },
    { "xmpp:a@b@c",                                     "refused" },
    { "xmpp://me@good.test/bob@peer.test",              "refused" },
    { "xmpp://bob@peer.test",                           "refused" },
    { "xmpp:/bob@peer.test",                            "refused" },
    { "xmpp:%2F%2Fgood.test",                           "refused" },
    { "xmpp:bob%40peer.test@evil.test",                 "refused" },
    { "xmpp:bob%2Fx@evil.test",                         "refused" },
    { "xmpp:bob@evil.test%2Fpeer.test",                 "refused" },
    { "xmpp:bob%00@peer.test",                          "refused" },
    { "xmpp:bob%0a@peer.test",                          "refused" },
    { "xmpp:bob@peer.test/%00",                         "refused" },
    { "xmpp:bob@peer.test/%0a",                         "refused" },
    { "xmpp:bob@peer.test?message;body=%00",            "refused" },
    { "xmpp:bob@peer.test?message;body=%FF",            "refused" },
    { "xmpp:bob%C0%80@peer.test",                       "refused" },
    { "xmpp:bob%@peer.test",                            "refused" },
    { "xmpp:bob%4@peer.test",                           "refused" },
    { "xmpp:bob%zz@peer.test",                          "refused" },
    { "xmpp:bob@peer.test?message;body=%",              "refused" },
    { "xmpp:bob@peer.test?message;body=%4",             "refused" },
    { "xmpp:bob@peer.test?message;body",                "refused" },
    { "xmpp:bob@peer.test?message;=x",                  "refused" },
    { "xmpp:bob@peer.test?message;body=a;body=b",       "refused" },
    { "xmpp:bob@peer.test?mess age",                    "refused" },
    { "xmpp:bob@peer.test?me%73sage",                   "refused" },
    { "xmpp:bob@peer.test ?join",                       "refused" },
    { "xmpp:bob@peer.test\n",                           "refused" },
    { "xmpp:bob@peer.test\\x",                          "refused" },
    { "xmpp:\"bob\"@peer.test",                         "refused" },
    { "xmpp:<bob>@peer.test",                           "refused" },
    { "xmpp:bob@peer.test/\342\200\256x",               "refused" },
    { "xmpp:bob\377@peer.test",                         "refused" },
    { "https://bob@peer.test",                          "refused" },
    { "mailto:bob@peer.test",                           "refused" },
    { "--help",                                         "refused" },
    { " xmpp:bob@peer.test",                            "refused" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *line = describe (table[i].text);

      if (!g_str_equal (line, table[i].expected))
        g_error ("“%s”: %s", table[i].text, line);
    }
}

static void
test_large (void)
{
  g_autofree char *fill = g_strnfill (1024 * 1024, 'x');
  g_autofree char *local = g_strconcat ("xmpp:", fill, "@peer.test", NULL);
  g_autofree char *body = g_strconcat ("xmpp:bob@peer.test?message;body=", fill, NULL);
  g_autofree char *local_line = describe (local);
  g_autofree char *body_line = describe (body);
  g_autoptr(GString) keys = g_string_new ("xmpp:bob@peer.test?message");
  g_autofree char *keys_line = NULL;

  for (guint i = 0; i < 100; i++)
    g_string_append_printf (keys, ";k%u=x", i);

  keys_line = describe (keys->str);

  g_assert_cmpstr (local_line, ==, "refused");
  g_assert_cmpstr (body_line, ==, "refused");
  g_assert_cmpstr (keys_line, ==, "refused");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/uri/T067-only-what-rfc-5122-allows-is-read", test_table);
  g_test_add_func ("/core/uri/T067-nothing-is-too-large", test_large);

  return g_test_run ();
}
