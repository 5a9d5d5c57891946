/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our files after somebody or something has been at them: accounts.ini, a cache, a line of the demo. Of the accounts
 * that could be read none is lost when the file is written again.
 */
#include "core-fixture.h"
#include "fuzz.h"

#include "flint-account-list-private.h"
#include "flint-cache.h"
#include "flint-flat-json.h"

#include <string.h>

#define MAX_SIZE (16 * 1024)

static void
on_flushed (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  flint_account_list_flush_finish (FLINT_ACCOUNT_LIST (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

/* Reads it, writes it; the ids of what was there (transfer full) */
static char *
load_and_save (const char *file_name,
               gboolean    is_damaged)
{
  g_autoptr(FlintAccountList) list = flint_account_list_new (file_name);
  g_autoptr(GError) error = NULL;
  gboolean is_flushed = FALSE;
  GString *ids = g_string_new (NULL);

  if (!flint_account_list_load (list, &error))
    {
      fuzz_assert_words (error);
      g_assert_true (is_damaged);
    }

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
    {
      g_autoptr(FlintAccount) account = g_list_model_get_item (G_LIST_MODEL (list), i);

      g_string_append_printf (ids, "%s\n", flint_account_get_id (account));
    }

  flint_account_list_save (list);
  flint_account_list_flush_async (list, on_flushed, &is_flushed);
  fake_server_wait_until (is_flushed);

  return g_string_free (ids, FALSE);
}

static void
check_accounts (const guint8 *data,
                gsize         size)
{
  g_autofree char *directory = test_directory_new ();
  g_autofree char *file_name = g_build_filename (directory, "accounts.ini", NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  g_assert_true (g_file_set_contents (file_name, (const char *) data, size, NULL));
  before = load_and_save (file_name, TRUE);
  after = load_and_save (file_name, FALSE);
  g_assert_cmpstr (before, ==, after);

  test_directory_remove (directory);
}

static void
check_cache (const guint8 *data,
             gsize         size)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(XmppStanza) stanza = flint_cache_parse_stanza (bytes);
  g_autoptr(GBytes) written = stanza != NULL ? flint_cache_write_stanza (stanza) : NULL;
  g_autoptr(XmppStanza) again = flint_cache_parse_stanza (written);

  g_assert_true ((stanza == NULL) == (again == NULL));
}

static void
check_json (const guint8 *data,
            gsize         size)
{
  FuzzInput input = { (const char *) data, size };
  g_autofree char *text = fuzz_take_text (&input);
  g_autoptr(GHashTable) values = flint_flat_json_parse (text);
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  if (values == NULL)
    return;

  g_hash_table_iter_init (&iter, values);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      g_assert_true (g_utf8_validate (key, -1, NULL));
      g_assert_true (value == NULL || g_utf8_validate (value, -1, NULL));
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  if (size > MAX_SIZE)
    return 0;

  check_accounts (data, size);
  check_cache (data, size);
  check_json (data, size);

  return 0;
}
