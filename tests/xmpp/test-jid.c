/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-error.h"
#include "xmpp-jid.h"

#include <string.h>

static XmppJid *
parse (const char *text)
{
  g_autoptr(GError) error = NULL;
  XmppJid *jid = xmpp_jid_new (text, &error);

  g_assert_no_error (error);
  g_assert_nonnull (jid);
  g_assert_false (xmpp_jid_is_opaque (jid));

  return jid;
}

static void
assert_parts (const char *text,
              const char *local,
              const char *domain,
              const char *resource)
{
  g_autoptr(XmppJid) jid = parse (text);
  g_autoptr(XmppJid) received = xmpp_jid_new_received (text);
  g_autoptr(XmppJid) again = xmpp_jid_new_from_parts (local, domain, resource, NULL);
  g_autofree char *bare = g_strconcat (local != NULL ? local : "", local != NULL ? "@" : "", domain, NULL);
  g_autofree char *full = g_strconcat (bare, resource != NULL ? "/" : "", resource, NULL);

  g_assert_cmpstr (xmpp_jid_get_local (jid), ==, local);
  g_assert_cmpstr (xmpp_jid_get_domain (jid), ==, domain);
  g_assert_cmpstr (xmpp_jid_get_resource (jid), ==, resource);
  g_assert_cmpstr (xmpp_jid_get_bare_text (jid), ==, bare);
  g_assert_cmpstr (xmpp_jid_get_text (jid), ==, full);
  g_assert_true (xmpp_jid_is_bare (jid) == (resource == NULL));

  /* What is prepared stays as it is, however it is put together */
  g_assert_nonnull (again);
  g_assert_true (xmpp_jid_equal (jid, received));
  g_assert_true (xmpp_jid_equal (jid, again));
  g_assert_cmpuint (xmpp_jid_hash (jid), ==, xmpp_jid_hash (again));
}

static void
test_parts_are_found (void)
{
  assert_parts ("juliet@example.com", "juliet", "example.com", NULL);
  assert_parts ("juliet@example.com/balcony", "juliet", "example.com", "balcony");
  assert_parts ("example.com", NULL, "example.com", NULL);
  assert_parts ("example.com/foobar", NULL, "example.com", "foobar");
  assert_parts ("localhost", NULL, "localhost", NULL);
  assert_parts ("a@my_server.local", "a", "my_server.local", NULL);
}

/* RFC 7622, 3.5: the first slash ends the domain, the first at sign before it the name */
static void
test_resources_may_have_separators (void)
{
  assert_parts ("juliet@example.com/foo@bar", "juliet", "example.com", "foo@bar");
  assert_parts ("juliet@example.com/foo/bar", "juliet", "example.com", "foo/bar");
  assert_parts ("example.com/a@b", NULL, "example.com", "a@b");
  assert_parts ("juliet@example.com/ foo \"&'<>: ", "juliet", "example.com", " foo \"&'<>: ");
}

static void
test_ip_addresses_are_domains (void)
{
  g_autoptr(XmppJid) six = parse ("juliet@[2001:DB8::1]/x");
  g_autofree char *host = xmpp_jid_get_ascii_domain (six);

  assert_parts ("juliet@192.0.2.1", "juliet", "192.0.2.1", NULL);
  assert_parts ("juliet@[::1]/r", "juliet", "[::1]", "r");
  g_assert_cmpstr (xmpp_jid_get_domain (six), ==, "[2001:db8::1]");
  g_assert_cmpstr (host, ==, "2001:db8::1");
}

static void
assert_prepared (const char *text,
                 const char *prepared)
{
  g_autoptr(XmppJid) jid = parse (text);
  g_autoptr(XmppJid) same = parse (prepared);

  g_assert_cmpstr (xmpp_jid_get_text (jid), ==, prepared);
  g_assert_true (xmpp_jid_equal (jid, same));
}

/* As Prosody, Openfire and ejabberd do it (security.md, 5.3) */
static void
test_parts_are_prepared (void)
{
  assert_prepared ("Juliet@Example.COM/Balcony", "juliet@example.com/Balcony");
  assert_prepared ("juliet@example.com.", "juliet@example.com");
  assert_prepared ("juliet@example.com./x", "juliet@example.com/x");
  assert_prepared ("Stra\xC3\x9F" "e@example.com", "strasse@example.com");
  assert_prepared ("\xEF\xAC\x80@example.com", "ff@example.com");
  assert_prepared ("\xE2\x91\xA0@example.com", "1@example.com");
  assert_prepared ("\xEF\xBD\x81\xEF\xBD\x82@example.com", "ab@example.com");
  assert_prepared ("a\xE2\x80\x8B\x62@example.com", "ab@example.com");
  assert_prepared ("a\xC2\xAD\x62@example.com", "ab@example.com");
  assert_prepared ("e\xCC\x81@example.com", "\xC3\xA9@example.com");
  assert_prepared ("\xD0\x9F\xD0\xA0\xD0\x98@example.com", "\xD0\xBF\xD1\x80\xD0\xB8@example.com");
  assert_prepared ("a@B\xC3\x9C" "CHER.example", "a@b\xC3\xBC" "cher.example");
  assert_prepared ("a@xn--bcher-kva.example", "a@b\xC3\xBC" "cher.example");
  assert_prepared ("a@fa\xC3\x9F.de", "a@fa\xC3\x9F.de");
  assert_prepared ("a@\xE4\xBE\x8B\xE3\x80\x82\xE6\xB5\x8B\xE8\xAF\x95", "a@\xE4\xBE\x8B.\xE6\xB5\x8B\xE8\xAF\x95");
  assert_prepared ("a@example.com/\xEF\xBD\x81 \xE2\x84\xA2", "a@example.com/a TM");
  assert_prepared ("a@example.com/\xF0\x9F\xA4\x96\xEF\xB8\x8F", "a@example.com/\xF0\x9F\xA4\x96");
  assert_prepared ("room@example.com/\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E", "room@example.com/\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E");
}

static void
test_domains_have_an_ascii_form (void)
{
  static const struct
  {
    const char *text;
    const char *ascii;
  } domains[] = {
    { "a@b\xC3\xBC" "cher.example", "xn--bcher-kva.example" },
    { "a@fa\xC3\x9F.de", "xn--fa-hia.de" },
    { "a@example.com", "example.com" },
    { "a@192.0.2.1", "192.0.2.1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (domains); i++)
    {
      g_autoptr(XmppJid) jid = parse (domains[i].text);
      g_autofree char *ascii = xmpp_jid_get_ascii_domain (jid);

      g_assert_cmpstr (ascii, ==, domains[i].ascii);
    }
}

static void
assert_refused (const char *text,
                const char *words)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppJid) jid = xmpp_jid_new (text, &error);
  g_autoptr(XmppJid) received = NULL;

  g_assert_null (jid);
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_INVALID_ADDRESS);
  if (strstr (error->message, words) == NULL)
    g_assert_cmpstr (error->message, ==, words);

  /* From a server it is an address all the same, that nobody else's equals */
  received = xmpp_jid_new_received (text);
  if (received != NULL)
    {
      g_assert_true (xmpp_jid_is_opaque (received));
      g_assert_cmpstr (xmpp_jid_get_text (received), ==, text);
      g_assert_nonnull (xmpp_jid_get_domain (received));
      g_assert_nonnull (xmpp_jid_get_bare_text (received));
    }
}

static void
test_an_empty_text_is_refused (void)
{
  assert_refused ("", "An address looks like name@server");
  assert_refused (NULL, "An address looks like name@server");
  g_assert_null (xmpp_jid_new_received (""));
  g_assert_null (xmpp_jid_new_received (NULL));
}

static void
test_what_is_wrong_is_said (void)
{
  assert_refused ("@example.com", "no name before the @");
  assert_refused ("@", "no name before the @");
  assert_refused ("juliet@", "no server name");
  assert_refused ("/x", "no server name");
  assert_refused ("juliet@/x", "no server name");
  assert_refused ("juliet@.", "no server name");
  assert_refused ("juliet@example..com", "not a server name");
  assert_refused ("juliet@.example.com", "not a server name");
  assert_refused ("juliet@example.com/", "nothing after the “/”");
  assert_refused ("romeo montague@example.com", "cannot contain spaces");
  assert_refused ("juliet@exam ple.com", "cannot contain spaces");
  assert_refused ("a@b@c", "A server name cannot contain “@”");
  assert_refused ("a:b@example.com", "before the @ cannot contain “:”");
  assert_refused ("a&b@example.com", "before the @ cannot contain “&”");
  assert_refused ("a\x01@example.com", "before the @ cannot contain “U+0001”");
  assert_refused ("a@exa_mple!.com", "A server name cannot contain “!”");
  assert_refused ("a@b,example.com", "A server name cannot contain “,”");
  assert_refused ("a\xE2\x80\xA8@example.com", "cannot contain spaces");
  assert_refused ("a\xE2\x80\xAE@example.com", "before the @ cannot contain “U+202E”");
  assert_refused ("\xEF\xBC\xA0@example.com", "before the @ cannot contain “\xEF\xBC\xA0”");
  assert_refused ("a@example\xEF\xBC\x8F" "com", "A server name cannot contain “\xEF\xBC\x8F”");
  assert_refused ("a\xD7\x90@example.com", "both writing directions");
  assert_refused ("a@example.com/\x07", "after the “/” cannot contain “U+0007”");
  assert_refused ("\xFF@example.com", "not valid text");
  assert_refused ("a@\xC3", "not a server name");
  assert_refused ("a@[::1", "not a server name");
  assert_refused ("a@[example.com]", "not a server name");
  assert_refused ("a@[192.0.2.1]", "not a server name");
  assert_refused ("a@[fe80::1%eth0]", "not a server name");
  assert_refused ("a@[fe80::1%\xE2\x80\xAE\x1B]", "not a server name");
  assert_refused ("a@xn--\xC3\xA9", "not a server name");
  assert_refused ("a@xn--zzzzzzzzzzzzzzzzzz", "server name");
  assert_refused ("\xE2\x80\x8B@example.com", "no name before the @");
}

/* RFC 3454, 7: who writes a name must use letters that are known, who reads one may meet newer ones */
static void
test_new_letters_are_for_reading (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppJid) typed = xmpp_jid_new ("\xF0\x9F\xA4\x96@example.com", &error);
  g_autoptr(XmppJid) received = xmpp_jid_new_received ("\xF0\x9F\xA4\x96@example.com");

  g_assert_null (typed);
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_INVALID_ADDRESS);
  g_assert_nonnull (strstr (error->message, "before the @ cannot contain “\xF0\x9F\xA4\x96”"));
  g_assert_false (xmpp_jid_is_opaque (received));
  g_assert_cmpstr (xmpp_jid_get_local (received), ==, "\xF0\x9F\xA4\x96");
}

static void
test_parts_have_1023_bytes (void)
{
  for (gsize length = 1022; length <= 1024; length++)
    {
      g_autofree char *long_part = g_strnfill (length, 'a');
      g_autofree char *local = g_strconcat (long_part, "@example.com", NULL);
      g_autofree char *resource = g_strconcat ("a@example.com/", long_part, NULL);
      g_autoptr(GString) domain = g_string_new (long_part);
      g_autofree char *all = NULL;

      for (gsize i = 10; i < length - 1; i += 10)
        domain->str[i] = '.';
      all = g_strconcat (long_part, "@", domain->str, "/", long_part, NULL);

      if (length <= 1023)
        {
          assert_prepared (local, local);
          assert_prepared (resource, resource);
          assert_prepared (domain->str, domain->str);
          assert_prepared (all, all);
        }
      else
        {
          assert_refused (local, "before the @ is too long");
          assert_refused (resource, "after the “/” is too long");
          assert_refused (domain->str, "server name is too long");
        }
    }
}

static void
test_it_is_the_prepared_length_that_counts (void)
{
  g_autoptr(GString) grows = g_string_new (NULL);
  g_autoptr(GString) shrinks = g_string_new (NULL);

  /* ㌀ becomes four letters, a zero-width space nothing */
  for (guint i = 0; i < 100; i++)
    {
      g_string_append (grows, "\xE3\x8C\x80");
      g_string_append (shrinks, "a\xE2\x80\x8B\xE2\x80\x8B\xE2\x80\x8B\xE2\x80\x8B");
    }
  g_string_append (grows, "@example.com");
  g_string_append (shrinks, "@example.com");

  assert_refused (grows->str, "too long");
  g_assert_cmpuint (shrinks->len, >, 1023);
  xmpp_jid_unref (parse (shrinks->str));
}

static void
test_a_label_has_63_letters (void)
{
  g_autofree char *long_label = g_strnfill (63, 'a');
  g_autofree char *good = g_strconcat ("x@", long_label, ".example", NULL);
  g_autofree char *bad = g_strconcat ("x@a", long_label, ".example", NULL);

  assert_prepared (good, good);
  assert_refused (bad, "not a server name");
}

static void
assert_equal (const char *a,
              const char *b,
              gboolean    is_equal)
{
  g_autoptr(XmppJid) one = xmpp_jid_new_received (a);
  g_autoptr(XmppJid) two = xmpp_jid_new_received (b);

  g_assert_true (xmpp_jid_equal (one, two) == is_equal);
  g_assert_true (xmpp_jid_equal (two, one) == is_equal);
  if (is_equal)
    g_assert_cmpuint (xmpp_jid_hash (one), ==, xmpp_jid_hash (two));
}

/* Others' spellings of an address equal it only where a server would say so too */
static void
test_variants_equal_as_a_server_has_it (void)
{
  assert_equal ("bob@peer.test", "BOB@Peer.TEST", TRUE);
  assert_equal ("bob@peer.test", "b\xE2\x80\x8Bob@peer.test", TRUE);
  assert_equal ("bob@peer.test", "b\xC2\xADob@peer.test", TRUE);
  assert_equal ("bob@peer.test", "bob\xEF\xB8\x8F@peer.test", TRUE);
  assert_equal ("bob@peer.test", "\xEF\xBD\x82ob@peer.test", TRUE);
  assert_equal ("bob@peer.test", "bob@peer.test.", TRUE);
  assert_equal ("bob@peer.test", "b\xD0\xBE" "b@peer.test", FALSE);
  assert_equal ("bob@peer.test", "bob@p\xD0\xB5" "er.test", FALSE);
  assert_equal ("bob@peer.test", "bob @peer.test", FALSE);
  assert_equal ("bob@peer.test", " bob@peer.test", FALSE);
  assert_equal ("bob@peer.test", "bob@peer.test ", FALSE);
  assert_equal ("bob@peer.test", "bob\xE2\x80\xAE@peer.test", FALSE);
  assert_equal ("bob@peer.test", "bob\\20@peer.test", FALSE);
  assert_equal ("bob@peer.test", "bob@peer.test/", FALSE);
  assert_equal ("bob@peer.test", "bob@peer.test.evil.test", FALSE);
  assert_equal ("bob@peer.test", "bob@peer.test/r", FALSE);
  assert_equal ("bob@peer.test/r", "bob@peer.test/R", FALSE);
  assert_equal ("bob@peer.test/r", "bob@peer.test/r ", FALSE);
}

static void
test_opaque_addresses_equal_only_themselves (void)
{
  static const char * const texts[] = { "a b@x", "A B@x", "@x", "x@", "a@b@c", "a@b/", "/", "@", "a b@x/r", "\xFF", " x" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      for (guint j = 0; j < G_N_ELEMENTS (texts); j++)
        assert_equal (texts[i], texts[j], i == j);
    }
}

static void
test_opaque_addresses_are_bare_and_whole (void)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new_received ("a b@good.test/r");
  g_autoptr(XmppJid) bare = xmpp_jid_get_bare (jid);

  g_assert_null (xmpp_jid_get_local (jid));
  g_assert_null (xmpp_jid_get_resource (jid));
  g_assert_cmpstr (xmpp_jid_get_domain (jid), ==, "a b@good.test/r");
  g_assert_true (bare == jid);
}

/* A room is known by its address even when an occupant's name cannot be prepared. */
static void
test_an_unprepared_resource_hides_no_room (void)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new_received ("Room@muc.test/a\xE2\x80\xA8" "b");
  g_autoptr(XmppJid) room = parse ("room@muc.test");
  g_autoptr(XmppJid) bare = xmpp_jid_get_bare (jid);

  g_assert_true (xmpp_jid_is_opaque (jid));
  g_assert_cmpstr (xmpp_jid_get_resource (jid), ==, "a\xE2\x80\xA8" "b");
  g_assert_false (xmpp_jid_is_opaque (bare));
  g_assert_true (xmpp_jid_equal (bare, room));
  g_assert_true (xmpp_jid_equal_bare (jid, room));
}

static void
test_bare_is_itself_or_without_resource (void)
{
  g_autoptr(XmppJid) full = parse ("juliet@example.com/balcony");
  g_autoptr(XmppJid) bare = xmpp_jid_get_bare (full);
  g_autoptr(XmppJid) again = xmpp_jid_get_bare (bare);
  g_autoptr(XmppJid) other = parse ("juliet@example.com/chamber");
  g_autoptr(XmppJid) longer = parse ("juliet@example.computer/balcony");

  g_assert_cmpstr (xmpp_jid_get_text (bare), ==, "juliet@example.com");
  g_assert_null (xmpp_jid_get_resource (bare));
  g_assert_true (again == bare);
  g_assert_false (xmpp_jid_equal (full, bare));
  g_assert_true (xmpp_jid_equal_bare (full, bare));
  g_assert_true (xmpp_jid_equal_bare (full, other));
  g_assert_false (xmpp_jid_equal_bare (full, longer));
  g_assert_false (xmpp_jid_equal_bare (full, NULL));
}

static void
test_a_resource_can_be_given (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppJid) room = parse ("room@muc.test");
  g_autoptr(XmppJid) nick = xmpp_jid_with_resource (room, "\xF0\x9F\xA4\x96 of a/b@c", &error);
  g_autoptr(XmppJid) other = xmpp_jid_with_resource (nick, "x", &error);
  g_autoptr(XmppJid) none = xmpp_jid_with_resource (nick, NULL, &error);
  g_autoptr(XmppJid) bad = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (xmpp_jid_get_text (nick), ==, "room@muc.test/\xF0\x9F\xA4\x96 of a/b@c");
  g_assert_cmpstr (xmpp_jid_get_text (other), ==, "room@muc.test/x");
  g_assert_true (xmpp_jid_equal (none, room));

  bad = xmpp_jid_with_resource (room, "a\nb", &error);
  g_assert_null (bad);
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_INVALID_ADDRESS);
  g_clear_error (&error);
  bad = xmpp_jid_with_resource (room, "", &error);
  g_assert_null (bad);
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_INVALID_ADDRESS);
}

static void
test_parts_are_checked_one_by_one (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (xmpp_jid_new_from_parts ("a@b", "c", NULL, NULL));
  g_assert_null (xmpp_jid_new_from_parts ("a/b", "c", NULL, NULL));
  g_assert_null (xmpp_jid_new_from_parts ("a", "b/c", NULL, NULL));
  g_assert_null (xmpp_jid_new_from_parts ("a", "b@c", NULL, NULL));
  g_assert_null (xmpp_jid_new_from_parts ("", "c", NULL, NULL));
  g_assert_null (xmpp_jid_new_from_parts ("a", NULL, NULL, &error));
  g_assert_error (error, XMPP_ERROR, XMPP_ERROR_INVALID_ADDRESS);
}

/* XEP-0106, 4 and 5 */
static void
test_names_are_escaped (void)
{
  static const struct
  {
    const char *name;
    const char *local;
  } names[] = {
    { "space cadet", "space\\20cadet" },
    { "call me \"ishmael\"", "call\\20me\\20\\22ishmael\\22" },
    { "at&t guy", "at\\26t\\20guy" },
    { "d'artagnan", "d\\27artagnan" },
    { "/.fanboy", "\\2f.fanboy" },
    { "::foo::", "\\3a\\3afoo\\3a\\3a" },
    { "<foo>", "\\3cfoo\\3e" },
    { "user@host", "user\\40host" },
    { "c:\\net", "c\\3a\\net" },
    { "c:\\\\net", "c\\3a\\\\net" },
    { "c:\\cool stuff", "c\\3a\\cool\\20stuff" },
    { "c:\\5commas", "c\\3a\\5c5commas" },
    { "\\3and\\2is\\5cool", "\\5c3and\\2is\\5c5cool" },
    { "plain", "plain" },
    { "\\", "\\" },
    { "\\2", "\\2" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *escaped = xmpp_jid_escape_local (names[i].name);
      g_autoptr(XmppJid) jid = xmpp_jid_new_from_parts (escaped, "example.com", NULL, NULL);
      g_autofree char *unescaped = NULL;

      g_assert_cmpstr (escaped, ==, names[i].local);
      g_assert_nonnull (jid);
      unescaped = xmpp_jid_unescape_local (jid);
      g_assert_cmpstr (unescaped, ==, names[i].name);
    }
}

static void
test_a_name_has_no_space_at_its_ends (void)
{
  g_autofree char *escaped = xmpp_jid_escape_local ("  tom  ");
  g_autoptr(XmppJid) edges = parse ("\\20a\\20b\\20@example.com");
  g_autoptr(XmppJid) unknown = parse ("\\2a\\00\\zz\\4@example.com");
  g_autoptr(XmppJid) server = parse ("example.com");
  g_autofree char *edges_name = xmpp_jid_unescape_local (edges);
  g_autofree char *unknown_name = xmpp_jid_unescape_local (unknown);

  g_assert_cmpstr (escaped, ==, "tom");
  g_assert_cmpstr (edges_name, ==, "\\20a b\\20");
  g_assert_cmpstr (unknown_name, ==, "\\2a\\00\\zz\\4");
  g_assert_null (xmpp_jid_unescape_local (server));
}

/* Whatever comes in an attribute, it neither breaks nor changes by being read twice. */
static void
test_any_text_is_an_address_of_somebody (void)
{
  static const char * const letters[] = {
    "a", "B", "@", "/", ".", " ", "[", "]", ":", "-", "xn--", "\\20", "\xC3\x9F", "\xC3\xA9", "e\xCC\x81", "\xE2\x80\x8B", "\xEF\xBC\xA0",
    "\xE3\x80\x82", "\xD7\x90", "\xE2\x80\xAE", "\xF0\x9F\xA4\x96", "\xED\xA0\x80", "\xFF", "\x01", "\xEF\xBF\xBF", "\xEF\xB7\xBA", "1",
  };

  for (guint i = 0; i < 20000; i++)
    {
      g_autoptr(GString) text = g_string_new (NULL);
      guint n = g_test_rand_int_range (1, 12);
      g_autoptr(XmppJid) jid = NULL;
      g_autoptr(XmppJid) again = NULL;
      g_autoptr(XmppJid) bare = NULL;

      while (n-- > 0)
        g_string_append (text, letters[g_test_rand_int_range (0, G_N_ELEMENTS (letters))]);

      jid = xmpp_jid_new_received (text->str);
      g_assert_nonnull (jid);
      bare = xmpp_jid_get_bare (jid);
      g_assert_cmpstr (xmpp_jid_get_text (bare), ==, xmpp_jid_get_bare_text (jid));
      g_assert_true (xmpp_jid_equal_bare (bare, jid));

      again = xmpp_jid_new_received (xmpp_jid_get_text (jid));
      g_assert_cmpstr (xmpp_jid_get_text (again), ==, xmpp_jid_get_text (jid));
      g_assert_true (xmpp_jid_equal (again, jid));
    }
}

/* Most addresses are seen to be prepared by a look at them. That look and the preparation must agree about every
 * character in every place.
 */
static void
assert_received_as_prepared (const char *local,
                             const char *domain,
                             const char *resource)
{
  g_autofree char *text = g_strconcat (local != NULL ? local : "", local != NULL ? "@" : "", domain,
                                       resource != NULL ? "/" : "", resource, NULL);
  g_autoptr(XmppJid) received = xmpp_jid_new_received (text);
  g_autoptr(XmppJid) prepared = xmpp_jid_new_from_parts (local, domain, resource, NULL);

  g_assert_nonnull (received);
  if (prepared == NULL || !xmpp_jid_equal (received, prepared))
    g_assert_true (xmpp_jid_is_opaque (received));
  g_assert_true ((prepared == NULL) == xmpp_jid_is_opaque (received));
}

static void
test_a_look_sees_what_preparation_does (void)
{
  for (guint c = 1; c < 0x80; c++)
    {
      for (guint place = 0; place < 3; place++)
        {
          char part[] = "a-b";

          part[place] = c;

          /* These two begin another part */
          if (c != '@' && c != '/')
            {
              assert_received_as_prepared (part, "example.org", "r");
              assert_received_as_prepared ("l", part, "r");
              assert_received_as_prepared (NULL, part, NULL);
            }
          assert_received_as_prepared ("l", "example.org", part);
          assert_received_as_prepared (NULL, "example.org", part);
        }
    }

  assert_received_as_prepared ("l", "xn--fiq228c.org", NULL);
  assert_received_as_prepared ("l", "a.xn--fiq228c", "r");
  assert_received_as_prepared ("l", "a..b", "r");
  assert_received_as_prepared ("l", ".a", "r");
  assert_received_as_prepared ("", "example.org", "r");
  assert_received_as_prepared ("l", "", "r");
}

static void
test_a_look_knows_the_lengths (void)
{
  for (gsize length = 1022; length <= 1025; length++)
    {
      g_autofree char *part = g_strnfill (length, 'a');

      assert_received_as_prepared (part, "example.org", "r");
      assert_received_as_prepared ("l", "example.org", part);
      assert_received_as_prepared ("l", part, "r");
    }

  for (gsize length = 62; length <= 65; length++)
    {
      g_autofree char *label = g_strnfill (length, 'a');
      g_autofree char *first = g_strconcat (label, ".org", NULL);
      g_autofree char *last = g_strconcat ("a.", label, NULL);

      assert_received_as_prepared ("l", first, "r");
      assert_received_as_prepared ("l", last, NULL);
    }
}

/* All devices of an account are found under its address, and nobody else's are */
static void
test_tables_of_accounts (void)
{
  g_autoptr(GHashTable) table = g_hash_table_new_full (xmpp_jid_hash_bare, xmpp_jid_equal_bare,
                                                       (GDestroyNotify) xmpp_jid_unref, NULL);
  static const char * const same[] = { "romeo@montague.lit", "romeo@montague.lit/x", "ROMEO@Montague.LIT/y", "romeo@montague.lit./z" };
  static const char * const other[] = {
    "romeo@montague.li", "romeo@montague.litt/x", "rome@montague.lit", "omeo@montague.lit/x", "montague.lit/romeo", "montague.lit",
    "romeo@montague.lit@evil.lit", "r\xd0\xbemeo@montague.lit", "romeo/montague.lit",
  };

  g_hash_table_add (table, xmpp_jid_new_received ("romeo@montague.lit/orchard"));

  for (guint i = 0; i < G_N_ELEMENTS (same); i++)
    {
      g_autoptr(XmppJid) jid = xmpp_jid_new_received (same[i]);

      g_assert_true (g_hash_table_contains (table, jid));
    }

  for (guint i = 0; i < G_N_ELEMENTS (other); i++)
    {
      g_autoptr(XmppJid) jid = xmpp_jid_new_received (other[i]);

      g_test_message ("%s", other[i]);
      g_assert_false (g_hash_table_contains (table, jid));
    }
}

static void
test_hashes_differ (void)
{
  g_autoptr(GHashTable) hashes = g_hash_table_new (NULL, NULL);
  g_autoptr(GHashTable) low = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < 10000; i++)
    {
      g_autofree char *text = g_strdup_printf ("user%05u@example.test/device", i);
      g_autoptr(XmppJid) jid = xmpp_jid_new_received (text);

      g_hash_table_add (hashes, GUINT_TO_POINTER (xmpp_jid_hash_bare (jid)));
      g_hash_table_add (low, GUINT_TO_POINTER (xmpp_jid_hash_bare (jid) % 16384));
    }

  /* Of 10,000 drawn among 16,384 there are 7,480 different ones */
  g_assert_cmpuint (g_hash_table_size (hashes), >, 9990);
  g_assert_cmpuint (g_hash_table_size (low), >, 7000);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/jid/T120-parts-are-found", test_parts_are_found);
  g_test_add_func ("/xmpp/jid/T120-resources-may-have-separators", test_resources_may_have_separators);
  g_test_add_func ("/xmpp/jid/T120-ip-addresses-are-domains", test_ip_addresses_are_domains);
  g_test_add_func ("/xmpp/jid/parts-are-prepared", test_parts_are_prepared);
  g_test_add_func ("/xmpp/jid/domains-have-an-ascii-form", test_domains_have_an_ascii_form);
  g_test_add_func ("/xmpp/jid/an-empty-text-is-refused", test_an_empty_text_is_refused);
  g_test_add_func ("/xmpp/jid/T120-what-is-wrong-is-said", test_what_is_wrong_is_said);
  g_test_add_func ("/xmpp/jid/new-letters-are-for-reading", test_new_letters_are_for_reading);
  g_test_add_func ("/xmpp/jid/T120-parts-have-1023-bytes", test_parts_have_1023_bytes);
  g_test_add_func ("/xmpp/jid/it-is-the-prepared-length-that-counts", test_it_is_the_prepared_length_that_counts);
  g_test_add_func ("/xmpp/jid/a-label-has-63-letters", test_a_label_has_63_letters);
  g_test_add_func ("/xmpp/jid/T056-variants-equal-as-a-server-has-it", test_variants_equal_as_a_server_has_it);
  g_test_add_func ("/xmpp/jid/T056-opaque-addresses-equal-only-themselves", test_opaque_addresses_equal_only_themselves);
  g_test_add_func ("/xmpp/jid/T056-opaque-addresses-are-bare-and-whole", test_opaque_addresses_are_bare_and_whole);
  g_test_add_func ("/xmpp/jid/T056-an-unprepared-resource-hides-no-room", test_an_unprepared_resource_hides_no_room);
  g_test_add_func ("/xmpp/jid/bare-is-itself-or-without-resource", test_bare_is_itself_or_without_resource);
  g_test_add_func ("/xmpp/jid/a-resource-can-be-given", test_a_resource_can_be_given);
  g_test_add_func ("/xmpp/jid/parts-are-checked-one-by-one", test_parts_are_checked_one_by_one);
  g_test_add_func ("/xmpp/jid/names-are-escaped", test_names_are_escaped);
  g_test_add_func ("/xmpp/jid/a-name-has-no-space-at-its-ends", test_a_name_has_no_space_at_its_ends);
  g_test_add_func ("/xmpp/jid/T056-a-look-sees-what-preparation-does", test_a_look_sees_what_preparation_does);
  g_test_add_func ("/xmpp/jid/T120-a-look-knows-the-lengths", test_a_look_knows_the_lengths);
  g_test_add_func ("/xmpp/jid/T056-a-table-of-accounts-finds-devices-and-nobody-else", test_tables_of_accounts);
  g_test_add_func ("/xmpp/jid/the-hashes-of-many-accounts-differ", test_hashes_differ);
  g_test_add_func ("/xmpp/jid/T120-any-text-is-an-address-of-somebody", test_any_text_is_an_address_of_somebody);

  return g_test_run ();
}
