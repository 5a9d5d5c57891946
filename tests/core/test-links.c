/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-links.h"

#include <string.h>

/* The texts of the links that are found, with what each opens: "www.x.org → https://www.x.org, …" */
static char *
describe (const char *text)
{
  g_autoptr(GPtrArray) links = flint_text_find_links (text);
  GString *found = g_string_new (NULL);

  for (guint i = 0; i < links->len; i++)
    {
      const FlintLink *link = g_ptr_array_index (links, i);
      g_autofree char *part = g_strndup (text + link->start, link->end - link->start);

      g_assert_true (g_utf8_validate (part, -1, NULL));
      g_string_append_printf (found, "%s%s", i > 0 ? ", " : "", part);

      if (!g_str_equal (part, link->uri))
        g_string_append_printf (found, " → %s", link->uri);
    }

  return g_string_free (found, FALSE);
}

typedef struct
{
  const char *text;
  const char *found;
} Row;

static void
assert_rows (const Row *rows,
             guint      n_rows)
{
  for (guint i = 0; i < n_rows; i++)
    {
      g_autofree char *found = describe (rows[i].text);

      if (!g_str_equal (found, rows[i].found))
        g_error ("“%s”: %s", rows[i].text, found);
    }
}

static void
test_found (void)
{
  static const Row rows[] = {
    { "see https://flint.example/a?b=c#d now",     "https://flint.example/a?b=c#d" },
    { "HTTP://Example.ORG/Path",                   "HTTP://Example.ORG/Path → http://example.org/Path" },
    { "www.example.org/x",                         "www.example.org/x → https://www.example.org/x" },
    { "http://example.org:8080/",                  "http://example.org:8080/" },
    { "http://[::1]:80/",                          "http://[::1]:80/" },
    { "xmpp:room@muc.test?join",                   "xmpp:room@muc.test?join" },
    { "mailto:bob@example.org",                    "mailto:bob@example.org" },
    { "tel:+4930123456",                           "tel:+4930123456" },
    { "geo:52.5,13.4",                             "geo:52.5,13.4" },
    { "https://a.example https://b.example",       "https://a.example, https://b.example" },
    { "没有空格https://a.example",                 "" },
    { "看：https://a.example。好",                 "https://a.example" },
  };

  assert_rows (rows, G_N_ELEMENTS (rows));
}

static void
test_punctuation (void)
{
  static const Row rows[] = {
    { "Look at https://a.example.",                "https://a.example" },
    { "(https://a.example)",                       "https://a.example" },
    { "https://a.example/x_(y)",                   "https://a.example/x_(y)" },
    { "(see https://a.example/x_(y))",             "https://a.example/x_(y)" },
    { "<https://a.example/>",                      "https://a.example/" },
    { "\"https://a.example\"",                     "https://a.example" },
    { "https://a.example, https://b.example!",     "https://a.example, https://b.example" },
    { "*https://a.example*",                       "https://a.example" },
    { "“https://a.example”",                       "https://a.example" },
  };

  assert_rows (rows, G_N_ELEMENTS (rows));
}

static void
test_disguised (void)
{
  static const Row rows[] = {
    { "https://good.test@evil.test",               "" },
    { "https://good.test:pw@evil.test/x",          "" },
    { "https://good.test\\@evil.test",             "" },
    { "http:/\\evil.test",                         "" },
    { "http:/evil.test",                           "" },
    { "https://",                                  "" },
    { "https:///x",                                "" },
    { "https://.evil.test",                        "" },
    { "https://evil..test",                        "" },
    { "https://good.test\342\200\256tset.live",    "" },
    { "https://go\302\255od.test",                 "" },
    { "https://good.test\342\201\240.evil.test",   "" },
    { "https://good.test:abc/",                    "" },
    { "https://good.test:/",                       "" },
    { "https://[::1",                              "" },
    { "https://[evil]/",                           "" },
    { "https://b\303\274cher.example/",            "https://bücher.example/ → https://xn--bcher-kva.example/" },
    { "https://\320\260pple.example/",             "https://аpple.example/ → https://xn--pple-43d.example/" },
    { "https://good.test%2f@evil.test",            "" },
    { "https://good.test/\342\200\213x",           "https://good.test/\342\200\213x → https://good.test/x" },
  };

  assert_rows (rows, G_N_ELEMENTS (rows));
}

static void
test_dangerous (void)
{
  static const Row rows[] = {
    { "file:///etc/passwd",                        "" },
    { "smb://host/share",                          "" },
    { "\\\\host\\share",                           "" },
    { "javascript:alert(1)",                       "" },
    { "data:text/html,x",                          "" },
    { "vbscript:x",                                "" },
    { "ms-msdt:/id x",                             "" },
    { "steam://run/1",                             "" },
    { "apt:evil",                                  "" },
    { "ftp://a.example",                           "" },
    { "mailto:a@b.example?cc=eve@evil.test",       "" },
    { "mailto:a@b.example,eve@evil.test",          "" },
    { "mailto:",                                   "" },
    { "tel:*%2306%23",                             "" },
    { "xmpp:",                                     "" },
    { "xmpp:a%00b@c.example",                      "" },
    { "javascript:https://a.example",              "" },
    { "file:https://a.example",                    "" },
  };

  assert_rows (rows, G_N_ELEMENTS (rows));
}

static void
assert_quick (const char *unit)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GPtrArray) links = NULL;
  gint64 start;

  while (text->len < 1024 * 1024)
    g_string_append (text, unit);

  start = g_get_monotonic_time ();
  links = flint_text_find_links (text->str);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 3 * G_USEC_PER_SEC);
  g_assert_cmpuint (links->len, <=, 500);
}

static void
test_time (void)
{
  assert_quick ("http://");
  assert_quick ("http://a ");
  assert_quick ("(");
  assert_quick ("www.((((");
  assert_quick ("https://a.example/))))");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/links/addresses-are-found", test_found);
  g_test_add_func ("/core/links/what-ends-a-sentence-is-not-in-them", test_punctuation);
  g_test_add_func ("/core/links/T064-none-shows-another-place-than-it-goes-to", test_disguised);
  g_test_add_func ("/core/links/T065-none-opens-what-does-harm", test_dangerous);
  g_test_add_func ("/core/links/T063-they-are-found-in-linear-time", test_time);

  return g_test_run ();
}
