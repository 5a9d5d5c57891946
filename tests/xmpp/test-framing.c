/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-framing.h"

#include <string.h>

#define HEADER "<?xml version='1.0'?><stream:stream from='a@b' to='b' version='1.0' xml:lang='en' " \
               "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"

static void
test_header (void)
{
  g_autofree char *whole = xmpp_framing_make_header ("b", "a@b", "en");
  g_autofree char *least = xmpp_framing_make_header ("b", NULL, NULL);

  g_assert_cmpstr (whole, ==, HEADER);
  g_assert_cmpstr (least, ==, "<?xml version='1.0'?><stream:stream to='b' version='1.0' "
                              "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>");
}

static void
test_quotes (void)
{
  g_autofree char *header = xmpp_framing_make_header ("b' evil='>", NULL, "<\"&");

  g_assert_nonnull (strstr (header, " to='b&apos; evil=&apos;&gt;' "));
  g_assert_nonnull (strstr (header, " xml:lang='&lt;&quot;&amp;' "));
}

static void
test_measure (void)
{
  static const struct
  {
    const char *header;
    const char *rest;
  } cases[] = {
    { HEADER, "<stream:features/>" },
    { "<stream:stream>", "" },
    { "<?xml version=\"1.0\"?>\n<s to='a>b' from=\"<?>\">", ">" },
    { "<?xml version='1.0'?><?a >?>\n<s>", "<a>" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strconcat (cases[i].header, cases[i].rest, NULL);

      g_assert_cmpuint (xmpp_framing_measure_header (text, strlen (text)), ==, strlen (cases[i].header));
    }
}

/* What has no end yet is as long as it is, even where the bytes behind it would be one */
static void
test_measure_cut (void)
{
  g_assert_cmpuint (xmpp_framing_measure_header ("<s a='>", strlen ("<s a='>")), ==, strlen ("<s a='>"));
  g_assert_cmpuint (xmpp_framing_measure_header ("<s>", 2), ==, 2);
  g_assert_cmpuint (xmpp_framing_measure_header ("<?", 1), ==, 1);
}

static void
test_end (void)
{
  g_autofree char *polite = xmpp_framing_make_end (NULL, NULL);
  g_autofree char *error = xmpp_framing_make_end ("policy-violation", NULL);

  g_assert_cmpstr (polite, ==, "</stream:stream>");
  g_assert_cmpstr (error, ==, "<stream:error><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
                              "</stream:stream>");
}

static void
test_blank (void)
{
  g_assert_true (xmpp_framing_is_blank (" ", 1));
  g_assert_true (xmpp_framing_is_blank ("\r\n\t ", 4));
  g_assert_true (xmpp_framing_is_blank (" x", 1));
  g_assert_false (xmpp_framing_is_blank ("", 0));
  g_assert_false (xmpp_framing_is_blank (" x", 2));
  g_assert_false (xmpp_framing_is_blank ("\0", 1));
  g_assert_false (xmpp_framing_is_blank ("\v", 1));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/framing/a-header-says-to-whom-and-in-which-language", test_header);
  g_test_add_func ("/xmpp/framing/nobody-gets-out-of-the-quotes-of-a-header", test_quotes);
  g_test_add_func ("/xmpp/framing/a-header-is-told-from-what-follows-it", test_measure);
  g_test_add_func ("/xmpp/framing/a-header-that-is-cut-is-not-read-beyond", test_measure_cut);
  g_test_add_func ("/xmpp/framing/an-end-may-say-what-was-wrong", test_end);
  g_test_add_func ("/xmpp/framing/white-space-alone-is-blank", test_blank);

  return g_test_run ();
}
