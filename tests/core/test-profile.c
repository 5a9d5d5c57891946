/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "flint-account-private.h"
#include "flint-profile.h"

#include <string.h>

#define ASKED "<vCard xmlns='vcard-temp'/>"
#define PIXEL                                                                                         \
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
#define PHOTO "<PHOTO><TYPE>image/png</TYPE><BINVAL>" PIXEL "</BINVAL></PHOTO>"

static void
count (guint *n)
{
  (*n)++;
}

static FlintProfile *
profile_new (TestCore *test)
{
  return flint_profile_new (flint_account_get_module (test->me->account, XMPP_TYPE_VCARDS));
}

static void
fetch (FlintProfile *profile,
       TestCore     *test,
       const char   *card)
{
  flint_profile_fetch (profile);
  fake_server_answer (test->me->server, ASKED, card);
  fake_server_ping (test->me->server);
}

static void
test_card (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autoptr(FlintProfile) profile = profile_new (test);
  guint n_avatars = 0;

  g_signal_connect_swapped (profile, "notify::avatar", G_CALLBACK (count), &n_avatars);
  g_assert_null (flint_profile_get_name (profile));
  g_assert_null (flint_profile_get_avatar (profile));

  fetch (profile, test, "<vCard xmlns='vcard-temp'><FN>Juliet Capulet</FN>" PHOTO "</vCard>");
  g_assert_cmpstr (flint_profile_get_name (profile), ==, "Juliet Capulet");
  g_assert_nonnull (flint_profile_get_avatar (profile));
  g_assert_cmpuint (n_avatars, ==, 1);

  /* The same picture is not another one */
  fetch (profile, test, "<vCard xmlns='vcard-temp'><FN>Juliet Capulet</FN><NICKNAME>Jule</NICKNAME>" PHOTO "</vCard>");
  g_assert_cmpstr (flint_profile_get_name (profile), ==, "Jule");
  g_assert_cmpuint (n_avatars, ==, 1);

  fetch (profile, test, "<vCard xmlns='vcard-temp'/>");
  g_assert_cmpstr (flint_profile_get_name (profile), ==, NULL);
  g_assert_null (flint_profile_get_avatar (profile));
  g_assert_cmpuint (n_avatars, ==, 2);
}

static void
test_tricks (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autoptr(FlintProfile) profile = profile_new (test);
  g_autofree char *long_name = g_strnfill (5000, 'x');
  g_autofree char *card = g_strdup_printf ("<vCard xmlns='vcard-temp'><FN>%s</FN></vCard>", long_name);

  fetch (profile, test, "<vCard xmlns='vcard-temp'><FN>Ju&#x202e;let\n  too</FN></vCard>");
  g_assert_null (strstr (flint_profile_get_name (profile), "\u202e"));
  g_assert_null (strchr (flint_profile_get_name (profile), '\n'));

  fetch (profile, test, card);
  g_assert_cmpint (g_utf8_strlen (flint_profile_get_name (profile), -1), <=, 129);
}

static void
test_no_card (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  g_autoptr(FlintProfile) profile = profile_new (test);

  fetch (profile, test, "<vCard xmlns='vcard-temp'><FN>Juliet</FN></vCard>");
  flint_profile_fetch (profile);
  fake_server_expect_contains (test->me->server, ASKED);
  test_account_logout (test->me);
  g_assert_cmpstr (flint_profile_get_name (profile), ==, "Juliet");
}

static void
test_gone (void)
{
  g_autoptr(TestCore) test = test_core_new_online ();
  FlintProfile *profile = profile_new (test);

  flint_profile_fetch (profile);
  g_assert_finalize_object (profile);
  fake_server_answer (test->me->server, ASKED, "<vCard xmlns='vcard-temp'><FN>Juliet</FN></vCard>");
  fake_server_ping (test->me->server);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/profile/our-card-says-what-we-are-called", test_card);
  g_test_add_func ("/core/profile/a-name-on-it-plays-no-tricks", test_tricks);
  g_test_add_func ("/core/profile/the-last-one-holds-until-another-comes", test_no_card);
  g_test_add_func ("/core/profile/who-waits-for-it-may-go", test_gone);

  return g_test_run ();
}
