/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Saving while the disk fails: what was there is there still, or what is new is, whole; what went wrong is said in words; and
 * when the disk is well again so is the file.
 */
#include "core-fixture.h"
#include "torture.h"

#include "console-export.h"
#include "console-log.h"
#include "flint-account-list-private.h"
#include "flint-cache.h"

#include <string.h>

#define OLD "what was saved before"

/* Whether a text is in one of the files of a folder */
static gboolean
has_text (const char *directory,
          const char *text)
{
  g_autoptr(GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);
      g_autofree char *contents = NULL;

      if (g_file_get_contents (path, &contents, NULL, NULL) && strstr (contents, text) != NULL)
        return TRUE;
    }

  return FALSE;
}

/* The accounts */

static void
on_failed (FlintAccountList *list,
           const GError     *error,
           guint            *n_failed)
{
  torture_assert_words (error);
  (*n_failed)++;
}

static void
on_list_flushed (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  flint_account_list_flush_finish (FLINT_ACCOUNT_LIST (source), result, NULL);
  *(gboolean *) user_data = TRUE;
}

static void
flush_list (FlintAccountList *list)
{
  gboolean is_flushed = FALSE;

  flint_account_list_flush_async (list, on_list_flushed, &is_flushed);
  fake_server_wait_until (is_flushed);
}

static void
accounts (const TortureFault *fault)
{
  g_autofree char *directory = test_directory_new ();
  g_autofree char *file_name = g_build_filename (directory, "accounts.ini", NULL);
  g_autoptr(FlintAccountList) list = flint_account_list_new (file_name);
  g_autoptr(FlintAccount) account = NULL;
  g_autoptr(GError) error = NULL;
  guint n_failed = 0;
  gboolean is_loaded;

  g_assert_true (g_file_set_contents (file_name, "[id1]\naddress=old@good.test\n", -1, NULL));
  g_signal_connect (list, "failed", G_CALLBACK (on_failed), &n_failed);

  torture_start (directory, NULL);
  is_loaded = flint_account_list_load (list, &error);
  account = flint_account_new ("new@good.test");
  flint_account_list_add (list, account);
  flush_list (list);

  if (!torture_stop () || fault == NULL || fault->is_harmless)
    {
      g_assert_true (is_loaded);
      g_assert_cmpuint (n_failed, ==, 0);
    }
  if (!is_loaded)
    torture_assert_words (error);

  /* The old one is somewhere, and who was told nothing has the new one, too */
  g_assert_true (has_text (directory, "address=old@good.test"));
  if (n_failed == 0)
    g_assert_true (has_text (directory, "address=new@good.test"));

  /* The disk is well again */
  n_failed = 0;
  flint_account_list_save (list);
  flush_list (list);
  g_assert_cmpuint (n_failed, ==, 0);
  g_assert_true (has_text (directory, "address=old@good.test"));
  g_assert_true (has_text (directory, "address=new@good.test"));

  g_signal_handlers_disconnect_by_data (list, &n_failed);
  test_directory_remove (directory);
}

/* A cache of what may not be lost: rooms, for one */

static void
on_cache_failed (FlintCache   *cache,
                 const GError *error,
                 guint        *n_failed)
{
  torture_assert_words (error);
  (*n_failed)++;
}

static void
on_cache_flushed (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  flint_cache_flush_finish (FLINT_CACHE (source), result, NULL);
  *(gboolean *) user_data = TRUE;
}

static void
flush_cache (FlintCache *cache)
{
  gboolean is_flushed = FALSE;

  flint_cache_flush_async (cache, on_cache_flushed, &is_flushed);
  fake_server_wait_until (is_flushed);
}

static void
write_cache (FlintCache *cache,
             const char *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));

  flint_cache_write (cache, "rooms.ini", bytes);
}

static void
cache (const TortureFault *fault)
{
  g_autofree char *directory = test_directory_new ();
  g_autofree char *file_name = g_build_filename (directory, "rooms.ini", NULL);
  g_autofree char *contents = NULL;
  g_autofree char *last = NULL;
  FlintCache *kept = flint_cache_new (directory);
  guint n_failed = 0;

  flint_cache_keep_unwritten (kept);
  g_signal_connect (kept, "failed", G_CALLBACK (on_cache_failed), &n_failed);
  g_assert_true (g_file_set_contents (file_name, OLD, -1, NULL));

  torture_start (directory, NULL);
  write_cache (kept, "new");
  flush_cache (kept);
  if (!torture_stop () || fault == NULL || fault->is_harmless)
    g_assert_cmpuint (n_failed, ==, 0);

  /* The one or the other, and whole; and who was told nothing has the new one */
  g_assert_true (g_file_get_contents (file_name, &contents, NULL, NULL));
  if (n_failed == 0 || !g_str_equal (contents, OLD))
    g_assert_cmpstr (contents, ==, "new");

  flush_cache (kept);
  g_assert_true (g_file_get_contents (file_name, &last, NULL, NULL));
  g_assert_cmpstr (last, ==, "new");

  g_signal_handlers_disconnect_by_data (kept, &n_failed);
  g_object_add_weak_pointer (G_OBJECT (kept), (gpointer *) &kept);
  g_object_unref (kept);
  fake_server_wait_until (kept == NULL);   /* a thread may hold it a little longer */
  test_directory_remove (directory);
}

/* What the console saves */

typedef struct
{
  GError   *error;
  gboolean  is_done;
} Saving;

static void
on_exported (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Saving *saving = user_data;

  console_export_finish (result, &saving->error);
  saving->is_done = TRUE;
}

static GListModel *
make_entries (ConsoleLog *log)
{
  g_autoptr(XmppStanza) stanza = xmpp_stanza_new_from_xml ("<message from='romeo@montague.lit'><body>a</body></message>", -1, NULL);
  GListStore *entries = g_list_store_new (CONSOLE_TYPE_ENTRY);

  for (guint i = 0; i < 4; i++)
    console_log_add_stanza (log, "juliet@capulet.lit", stanza, XMPP_RECEIVED, FALSE);
  for (guint i = console_log_get_first (log); i < console_log_get_next (log); i++)
    {
      g_autoptr(ConsoleEntry) entry = console_log_get_entry (log, NULL, i);

      g_list_store_append (entries, entry);
    }

  return G_LIST_MODEL (entries);
}

static void
assert_whole (const char *contents)
{
  g_assert_true (g_str_has_prefix (contents, "<?xml "));
  g_assert_true (g_str_has_suffix (contents, "</log>\n"));
}

static void
save (const TortureFault *fault,
      gboolean            is_new)
{
  g_autofree char *directory = test_directory_new ();
  g_autofree char *path = g_build_filename (directory, "capture", NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(ConsoleLog) log = console_log_new ();
  g_autoptr(GListModel) entries = make_entries (log);
  g_autofree char *contents = NULL;
  Saving saving = { NULL };

  if (!is_new)
    g_assert_true (g_file_set_contents (path, OLD, -1, NULL));

  torture_start (directory, NULL);
  console_export_async (entries, CONSOLE_EXPORT_XML, file, NULL, on_exported, &saving);
  fake_server_wait_until (saving.is_done);
  if (!torture_stop () || fault == NULL || fault->is_harmless)
    g_assert_no_error (saving.error);

  g_file_get_contents (path, &contents, NULL, NULL);
  if (saving.error == NULL)
    assert_whole (contents);
  else
    torture_assert_words (saving.error);

  /* Half of a file is left nowhere, nor is the old one lost */
  if (contents == NULL)
    g_assert_true (is_new);
  else if (is_new || !g_str_equal (contents, OLD))
    assert_whole (contents);

  g_clear_error (&saving.error);
  test_directory_remove (directory);
}

static void
save_new (const TortureFault *fault)
{
  save (fault, TRUE);
}

static void
save_over (const TortureFault *fault)
{
  save (fault, FALSE);
}

/* Those of torture_file_faults that a scenario has calls for, and in these alone */
static void
add (const char      *scenario,
     guint            calls,
     TortureScenario  run)
{
  static TortureFault faults[4][32];
  static guint n_scenarios;
  TortureFault *chosen = faults[n_scenarios++];
  guint n = 0;

  for (guint i = 0; torture_file_faults[i].name != NULL; i++)
    {
      if ((torture_file_faults[i].calls & calls) == 0)
        continue;

      chosen[n] = torture_file_faults[i];
      chosen[n++].calls &= calls;
    }

  torture_add (scenario, chosen, run);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("accounts", TORTURE_OPEN | TORTURE_READ | TORTURE_WRITE | TORTURE_FSYNC | TORTURE_CLOSE | TORTURE_RENAME, accounts);
  add ("cache", TORTURE_OPEN | TORTURE_WRITE | TORTURE_FSYNC | TORTURE_CLOSE | TORTURE_RENAME, cache);
  add ("console-new", TORTURE_OPEN | TORTURE_WRITE | TORTURE_CLOSE, save_new);
  /* Not open (): where g_file_replace () can make no file beside the old one it writes over that, and empties it first */
  add ("console-over", TORTURE_WRITE | TORTURE_CLOSE | TORTURE_RENAME, save_over);

  return g_test_run ();
}
