/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-error.h"

#include <string.h>

#define STREAMS "urn:ietf:params:xml:ns:xmpp-streams"
#define STANZAS "urn:ietf:params:xml:ns:xmpp-stanzas"
#define SASL    "urn:ietf:params:xml:ns:xmpp-sasl"

typedef GError * (*ParseFunc) (const XmppNode *node);

static GError *
parse (ParseFunc   func,
       const char *xml)
{
  g_autoptr(GError) problem = NULL;
  g_autoptr(XmppStanza) stanza = xmpp_stanza_new_from_xml (xml, -1, &problem);
  GError *error;

  g_assert_no_error (problem);
  error = func (xmpp_stanza_get_root (stanza));
  g_assert_nonnull (error);

  return error;
}

/* A sentence of our own: it begins with a capital letter, ends with a full stop and names no element */
static void
assert_sentence (const char *text)
{
  g_assert_true (g_ascii_isupper (*text));
  g_assert_true (g_str_has_suffix (text, "."));
  g_assert_nonnull (strchr (text, ' '));
  g_assert_null (strpbrk (text, "<>_!"));
}

static void
test_each_stream_condition_is_known (void)
{
  for (int code = 0; code <= (int) XMPP_STREAM_ERROR_UNSUPPORTED_VERSION; code++)
    {
      g_autofree char *xml = g_strdup_printf ("<stream:error><%s xmlns='" STREAMS "'/></stream:error>", xmpp_stream_error_get_name (code));
      g_autoptr(GError) error = parse (xmpp_stream_error_parse, xml);

      g_assert_error (error, XMPP_STREAM_ERROR, code);
      assert_sentence (error->message);
    }
}

static void
test_each_stanza_condition_is_known (void)
{
  for (int code = 0; code <= (int) XMPP_STANZA_ERROR_UNEXPECTED_REQUEST; code++)
    {
      g_autoptr(XmppStanza) stanza = xmpp_stanza_new ("iq", XMPP_NS_CLIENT);
      g_autoptr(GError) error = NULL;

      xmpp_stanza_error_write (xmpp_stanza_get_root (stanza), code, NULL);
      error = xmpp_stanza_error_parse (xmpp_stanza_get_root (stanza));
      g_assert_error (error, XMPP_STANZA_ERROR, code);
      g_assert_cmpstr (error->message, ==, xmpp_stanza_error_get_sentence (code));
      assert_sentence (error->message);
    }
}

static void
test_each_login_condition_is_known (void)
{
  static const struct
  {
    const char    *name;
    XmppAuthError  code;
  } conditions[] = {
    { "aborted", XMPP_AUTH_ERROR_ABORTED },
    { "account-disabled", XMPP_AUTH_ERROR_ACCOUNT_DISABLED },
    { "credentials-expired", XMPP_AUTH_ERROR_CREDENTIALS_EXPIRED },
    { "encryption-required", XMPP_AUTH_ERROR_ENCRYPTION_REQUIRED },
    { "incorrect-encoding", XMPP_AUTH_ERROR_INCORRECT_ENCODING },
    { "invalid-authzid", XMPP_AUTH_ERROR_INVALID_AUTHZID },
    { "invalid-mechanism", XMPP_AUTH_ERROR_INVALID_MECHANISM },
    { "malformed-request", XMPP_AUTH_ERROR_MALFORMED_REQUEST },
    { "mechanism-too-weak", XMPP_AUTH_ERROR_MECHANISM_TOO_WEAK },
    { "not-authorized", XMPP_AUTH_ERROR_NOT_AUTHORIZED },
    { "temporary-auth-failure", XMPP_AUTH_ERROR_TEMPORARY_FAILURE },
    { "something-new", XMPP_AUTH_ERROR_FAILED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (conditions); i++)
    {
      g_autofree char *xml = g_strdup_printf ("<failure xmlns='" SASL "'><%s/></failure>", conditions[i].name);
      g_autoptr(GError) error = parse (xmpp_auth_error_parse, xml);

      g_assert_error (error, XMPP_AUTH_ERROR, (int) conditions[i].code);
      assert_sentence (error->message);
    }
}

static void
test_an_error_is_written (void)
{
  g_autoptr(XmppStanza) stanza = xmpp_stanza_new_iq ("error", "romeo@example.net");
  g_autofree char *xml = NULL;

  xmpp_stanza_error_write (xmpp_stanza_get_root (stanza), XMPP_STANZA_ERROR_SERVICE_UNAVAILABLE, "No & never");
  xml = xmpp_stanza_to_xml (stanza);
  g_assert_cmpstr (xml, ==,
                   "<iq type='error' to='romeo@example.net'><error type='cancel'><service-unavailable xmlns='" STANZAS "'/>"
                   "<text xmlns='" STANZAS "'>No &amp; never</text></error></iq>");
}

static void
test_the_servers_words_follow_ours (void)
{
  g_autoptr(GError) error = parse (xmpp_stanza_error_parse,
                                   "<iq type='error'><query/><error type='auth'><forbidden xmlns='" STANZAS "'/>"
                                   "<text xmlns='" STANZAS "'>Only on Sundays</text></error></iq>");
  g_autofree char *expected = g_strdup_printf ("%s The server says: “Only on Sundays”",
                                               xmpp_stanza_error_get_sentence (XMPP_STANZA_ERROR_FORBIDDEN));

  g_assert_error (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_FORBIDDEN);
  g_assert_cmpstr (error->message, ==, expected);
}

/* Another's words cannot reorder, hide or outgrow ours. */
static void
test_the_servers_words_are_tamed (void)
{
  static const struct
  {
    const char *text;
    const char *shown;
  } texts[] = {
    { "one\n\ttwo\xE2\x80\xA8three", "“one two three”" },
    { "a\xE2\x80\xAE" "b\xE2\x81\xA6" "c\xE2\x80\x8F" "d\xE2\x80\x8B" "e\xEF\xBB\xBF" "f\xC2\x85g", "“abcdef g”" },
    { "  x  ", "“x”" },
    { "\xEE\x80\x80y\xF3\xA0\x81\x81", "“y”" },
    { "<b>bold</b> https://evil.test", "“<b>bold</b> https://evil.test”" },
    { "\xF0\x9F\x98\x80 %s %n", "“\xF0\x9F\x98\x80 %s %n”" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *escaped = g_markup_escape_text (texts[i].text, -1);
      g_autofree char *xml = g_strdup_printf ("<stream:error><reset xmlns='" STREAMS "'/><text xmlns='" STREAMS "'>%s</text></stream:error>",
                                              escaped);
      g_autoptr(GError) error = parse (xmpp_stream_error_parse, xml);

      g_assert_true (g_str_has_suffix (error->message, texts[i].shown));
    }
}

static void
test_the_servers_words_are_cut (void)
{
  for (guint length = 299; length <= 301; length++)
    {
      g_autoptr(GString) text = g_string_new (NULL);
      g_autofree char *xml = NULL;
      g_autoptr(GError) error = NULL;
      const char *shown;

      for (guint i = 0; i < length; i++)
        g_string_append (text, "\xC3\xA9");
      xml = g_strdup_printf ("<stream:error><reset xmlns='" STREAMS "'/><text xmlns='" STREAMS "'>%s</text></stream:error>", text->str);
      error = parse (xmpp_stream_error_parse, xml);
      shown = strstr (error->message, "“") + strlen ("“");

      g_assert_cmpint (g_utf8_strlen (shown, -1), ==, MIN (length, 300) + (length > 300 ? 1 : 0) + 1);
      g_assert_true (g_str_has_suffix (shown, length > 300 ? "é…”" : "é”"));
    }
}

static void
test_empty_words_are_no_words (void)
{
  static const char * const texts[] = { "<text xmlns='" STREAMS "'/>", "<text xmlns='" STREAMS "'>\n\xE2\x80\x8B</text>", "<text>foreign</text>", "" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *xml = g_strconcat ("<stream:error><reset xmlns='" STREAMS "'/>", texts[i], "</stream:error>", NULL);
      g_autoptr(GError) error = parse (xmpp_stream_error_parse, xml);

      g_assert_error (error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_RESET);
      assert_sentence (error->message);
    }
}

static void
test_the_readers_language_is_preferred (void)
{
  static const char xml[] =
    "<stream:error><reset xmlns='" STREAMS "'/><text xmlns='" STREAMS "' xml:lang='it'>Italiano</text>"
    "<text xmlns='" STREAMS "' xml:lang='de'>Deutsch</text><text xmlns='" STREAMS "' xml:lang='en-GB'>English</text></stream:error>";

  if (g_test_subprocess ())
    {
      g_autoptr(GError) error = NULL;

      g_setenv ("LANGUAGE", "xx:de_CH:en", TRUE);
      error = parse (xmpp_stream_error_parse, xml);
      g_assert_nonnull (strstr (error->message, "“Deutsch”"));
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
}

static void
test_without_language_the_first_is_taken (void)
{
  g_autoptr(GError) error = parse (xmpp_stream_error_parse,
                                   "<stream:error><reset xmlns='" STREAMS "'/><text xmlns='" STREAMS "' xml:lang='tlh'>nuq</text>"
                                   "<text xmlns='" STREAMS "' xml:lang='eo'>kio</text></stream:error>");

  g_assert_nonnull (strstr (error->message, "“nuq”"));
}

static void
test_another_host_is_named (void)
{
  g_autoptr(GError) error = parse (xmpp_stream_error_parse,
                                   "<stream:error><see-other-host xmlns='" STREAMS "'>[2001:db8::1]:9222</see-other-host></stream:error>");

  g_assert_error (error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_SEE_OTHER_HOST);
  g_assert_true (g_str_has_suffix (error->message, "“[2001:db8::1]:9222”"));
}

static void
test_what_is_odd_is_an_error_all_the_same (void)
{
  static const char * const streams[] = {
    "<stream:error/>", "<stream:error>text</stream:error>", "<stream:error><new-condition xmlns='" STREAMS "'/></stream:error>",
    "<stream:error><conflict xmlns='urn:evil'/></stream:error>", "<stream:error><conflict/></stream:error>",
    "<stream:error><a xmlns='urn:app'><conflict xmlns='" STREAMS "'/></a></stream:error>",
  };
  static const char * const stanzas[] = {
    "<iq type='error'/>", "<iq type='error'><error/></iq>", "<iq type='error'><error xmlns='urn:evil'><gone xmlns='" STANZAS "'/></error></iq>",
    "<iq type='error'><error><gone/></error></iq>", "<iq type='error'><gone xmlns='" STANZAS "'/></iq>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    {
      g_autoptr(GError) error = parse (xmpp_stream_error_parse, streams[i]);

      g_assert_error (error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_UNDEFINED_CONDITION);
    }
  for (guint i = 0; i < G_N_ELEMENTS (stanzas); i++)
    {
      g_autoptr(GError) error = parse (xmpp_stanza_error_parse, stanzas[i]);

      g_assert_error (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_UNDEFINED_CONDITION);
    }
}

static void
test_an_applications_condition_hides_no_other (void)
{
  g_autoptr(GError) error = parse (xmpp_stanza_error_parse,
                                   "<iq type='error'><error type='wait'><too-fast xmlns='urn:app'/>"
                                   "<resource-constraint xmlns='" STANZAS "'/><too-slow xmlns='urn:app'/></error></iq>");

  g_assert_error (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_RESOURCE_CONSTRAINT);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/error/S27-each-stream-condition-is-known", test_each_stream_condition_is_known);
  g_test_add_func ("/xmpp/error/each-stanza-condition-is-known", test_each_stanza_condition_is_known);
  g_test_add_func ("/xmpp/error/each-login-condition-is-known", test_each_login_condition_is_known);
  g_test_add_func ("/xmpp/error/an-error-is-written", test_an_error_is_written);
  g_test_add_func ("/xmpp/error/the-servers-words-follow-ours", test_the_servers_words_follow_ours);
  g_test_add_func ("/xmpp/error/T078-the-servers-words-are-tamed", test_the_servers_words_are_tamed);
  g_test_add_func ("/xmpp/error/T078-the-servers-words-are-cut", test_the_servers_words_are_cut);
  g_test_add_func ("/xmpp/error/empty-words-are-no-words", test_empty_words_are_no_words);
  g_test_add_func ("/xmpp/error/S27-the-readers-language-is-preferred", test_the_readers_language_is_preferred);
  g_test_add_func ("/xmpp/error/S27-without-that-language-the-first-is-taken", test_without_language_the_first_is_taken);
  g_test_add_func ("/xmpp/error/S28-another-host-is-named", test_another_host_is_named);
  g_test_add_func ("/xmpp/error/S27-what-is-odd-is-an-error-all-the-same", test_what_is_odd_is_an_error_all_the_same);
  g_test_add_func ("/xmpp/error/S27-an-applications-condition-hides-no-other", test_an_applications_condition_hides_no_other);

  return g_test_run ();
}
