/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-random.h"

#include <string.h>

#define N_IDS 100000

static void
test_ids_differ_and_share_no_prefix (void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint at[20][128] = { 0 };

  for (guint i = 0; i < N_IDS; i++)
    {
      char *id = xmpp_random_id ();

      g_assert_cmpuint (strlen (id), ==, 20);
      for (guint j = 0; id[j] != '\0'; j++)
        {
          g_assert_true (g_ascii_isalnum (id[j]) || id[j] == '-' || id[j] == '_');
          at[j][(guchar) id[j]]++;
        }
      g_assert_true (g_hash_table_add (seen, id));
    }

  /* Each of the 64 characters is expected 1562 times in each place, with a deviation of 39 */
  for (guint j = 0; j < 20; j++)
    {
      for (guint c = 0; c < 128; c++)
        g_assert_cmpuint (at[j][c], <, N_IDS / 64 + 400);
    }
}

static void
test_bytes_are_filled_to_the_end_and_not_further (void)
{
  gboolean first_changed = FALSE;
  gboolean last_changed = FALSE;

  for (guint i = 0; i < 32; i++)
    {
      guint8 bytes[10] = { 0 };

      xmpp_random_bytes (bytes, 9);
      first_changed |= bytes[0] != 0;
      last_changed |= bytes[8] != 0;
      g_assert_cmpint (bytes[9], ==, 0);
    }

  g_assert_true (first_changed);
  g_assert_true (last_changed);
}

static void
fill_with (guint8   *data,
           gsize     length,
           gpointer  user_data)
{
  memset (data, GPOINTER_TO_INT (user_data), length);
}

static void
test_a_test_can_say_what_is_drawn (void)
{
  g_autofree char *low = NULL;
  g_autofree char *high = NULL;
  g_autofree char *real = NULL;

  xmpp_random_set_func (fill_with, GINT_TO_POINTER (0));
  low = xmpp_random_id ();
  xmpp_random_set_func (fill_with, GINT_TO_POINTER (0xff));
  high = xmpp_random_id ();
  xmpp_random_set_func (NULL, NULL);
  real = xmpp_random_id ();

  g_assert_cmpstr (low, ==, "AAAAAAAAAAAAAAAAAAAA");
  g_assert_cmpstr (high, ==, "____________________");
  g_assert_cmpstr (real, !=, low);
  g_assert_cmpstr (real, !=, high);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/random/T019-ids-differ-and-share-no-prefix",
                   test_ids_differ_and_share_no_prefix);
  g_test_add_func ("/xmpp/random/bytes-are-filled-to-the-end-and-not-further",
                   test_bytes_are_filled_to_the_end_and_not_further);
  g_test_add_func ("/xmpp/random/a-test-can-say-what-is-drawn", test_a_test_can_say_what_is_drawn);

  return g_test_run ();
}
