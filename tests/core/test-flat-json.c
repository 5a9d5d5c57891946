/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-flat-json.h"

static void
test_object (void)
{
  g_autoptr(GHashTable) values = flint_flat_json_parse (" { \"ready\" : true, \"port\":5222,\"user\":\"nina\", \"x\":null,\"n\":-1 }\n");

  g_assert_nonnull (values);
  g_assert_cmpuint (g_hash_table_size (values), ==, 5);
  g_assert_cmpstr (g_hash_table_lookup (values, "ready"), ==, "true");
  g_assert_cmpstr (g_hash_table_lookup (values, "port"), ==, "5222");
  g_assert_cmpstr (g_hash_table_lookup (values, "user"), ==, "nina");
  g_assert_cmpstr (g_hash_table_lookup (values, "n"), ==, "-1");
}

static void
test_strings (void)
{
  g_autoptr(GHashTable) values = flint_flat_json_parse ("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00ü\"}");

  g_assert_nonnull (values);
  g_assert_cmpstr (g_hash_table_lookup (values, "a"), ==, "\"\\/\b\f\n\r\té\360\237\230\200ü");
}

static void
test_empty (void)
{
  g_autoptr(GHashTable) values = flint_flat_json_parse ("{}");

  g_assert_nonnull (values);
  g_assert_cmpuint (g_hash_table_size (values), ==, 0);
}

static void
test_refused (void)
{
  static const char * const table[] = {
    "", "{", "}", "[]", "null", "{}x", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "{\"a\" 1}", "{a:1}", "{\"a\":'x'}",
    "{\"a\":1.5}", "{\"a\":1e3}", "{\"a\":-}", "{\"a\":{}}", "{\"a\":[]}", "{\"a\":\"x}", "{\"a\":\"\\x\"}",
    "{\"a\":\"\\u12\"}", "{\"a\":\"\\u0000\"}", "{\"a\":\"\\ud83d\"}", "{\"a\":\"\\ud83d\\u0041\"}", "{\"a\":\"\\ude00\"}",
    "{\"a\":\"line\nbreak\"}", "{\"a\":1 \"b\":2}", "{\"a\":1,\"a\":2}", "{\"a\":truex}", "{\"a\":\"\377\"}", "{\"a\":\"\\",
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr(GHashTable) values = flint_flat_json_parse (table[i]);

      if (values != NULL)
        g_error ("accepted: %s", table[i]);
    }

  g_assert_null (flint_flat_json_parse (NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/flat-json/an-object-is-read", test_object);
  g_test_add_func ("/core/flat-json/strings-lose-their-escapes", test_strings);
  g_test_add_func ("/core/flat-json/an-empty-object-is-one", test_empty);
  g_test_add_func ("/core/flat-json/anything-else-is-refused", test_refused);

  return g_test_run ();
}
