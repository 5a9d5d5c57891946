/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "flint-contact-private.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  char       *directory;
  FlintCache *cache;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->directory = test_directory_new ();
  f->cache = flint_cache_new (f->directory);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_object_add_weak_pointer (G_OBJECT (f->cache), (gpointer *) &f->cache);
  g_object_unref (f->cache);
  fake_server_wait_until (f->cache == NULL);
  test_directory_remove (f->directory);
  g_free (f->directory);
}

static void
on_flushed (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_assert_true (flint_cache_flush_finish (FLINT_CACHE (source), result, NULL));
  *(gboolean *) user_data = TRUE;
}

static void
flush (FlintCache *cache)
{
  gboolean is_flushed = FALSE;

  flint_cache_flush_async (cache, on_flushed, &is_flushed);
  fake_server_wait_until (is_flushed);
}

typedef struct
{
  gboolean  is_done;
  GBytes   *bytes;
} Read;

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Read *read = user_data;

  read->bytes = flint_cache_read_finish (FLINT_CACHE (source), result);
  read->is_done = TRUE;
}

static GBytes *
read_back (Fixture    *f,
           const char *name)
{
  Read read = { FALSE };

  flint_cache_read_async (f->cache, name, on_read, &read);
  fake_server_wait_until (read.is_done);

  return read.bytes;
}

static void
write_text (Fixture    *f,
            const char *name,
            const char *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));

  flint_cache_write (f->cache, name, bytes);
}

static void
test_files (Fixture       *f,
            gconstpointer  data)
{
  g_autofree char *path = g_build_filename (f->directory, "a.xml", NULL);
  g_autoptr(GBytes) none = read_back (f, "a.xml");
  g_autoptr(GBytes) some = NULL;
  g_autoptr(GBytes) removed = NULL;
  GStatBuf info;

  g_assert_null (none);

  /* The last one wins */
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *text = g_strdup_printf ("text %u", i);

      write_text (f, "a.xml", text);
    }

  flush (f->cache);
  some = read_back (f, "a.xml");
  g_assert_nonnull (some);
  g_assert_cmpmem (g_bytes_get_data (some, NULL), g_bytes_get_size (some), "text 99", 7);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);

  flint_cache_remove (f->cache, "a.xml");
  flush (f->cache);
  removed = read_back (f, "a.xml");
  g_assert_null (removed);
}

static void
test_names (Fixture       *f,
            gconstpointer  data)
{
  static const char * const names[] = { "", "..", ".hidden", "../up", "a/b", "/etc/x", "a\nb", "ä" };
  g_autoptr(GDir) dir = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(GBytes) bytes = NULL;

      write_text (f, names[i], "x");
      bytes = read_back (f, names[i]);
      g_assert_null (bytes);
    }

  flush (f->cache);
  dir = g_dir_open (f->directory, 0, NULL);
  g_assert_null (g_dir_read_name (dir));
}

static void
test_unwritable (Fixture       *f,
                 gconstpointer  data)
{
  g_autofree char *blocked = g_build_filename (f->directory, "file", NULL);
  g_autoptr(FlintCache) cache = flint_cache_new (blocked);
  g_autoptr(GBytes) bytes = g_bytes_new_static ("x", 1);

  g_file_set_contents (blocked, "in the way", -1, NULL);
  flint_cache_write (cache, "a", bytes);
  flush (cache);
}

static void
test_stanzas (Fixture       *f,
              gconstpointer  data)
{
  static const char * const bad[] = { "", "<", "<a>", "text", "<a/><b/>", "\377\376", "<!DOCTYPE x><a/>", "<a><!-- --></a>" };
  g_autoptr(GBytes) good = g_bytes_new_static ("<query xmlns='jabber:iq:roster'/>", 33);
  g_autoptr(XmppStanza) stanza = flint_cache_parse_stanza (good);
  g_autoptr(GBytes) written = NULL;

  g_assert_nonnull (stanza);
  written = flint_cache_write_stanza (stanza);
  g_assert_true (g_bytes_equal (written, good));
  g_assert_null (flint_cache_parse_stanza (NULL));

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GBytes) bytes = g_bytes_new_static (bad[i], strlen (bad[i]));

      g_assert_null (flint_cache_parse_stanza (bytes));
    }
}

/* The account and its list, as they are after a restart: (transfer full) with nobody connected */
static TestAccount *
restart (Fixture *f)
{
  TestAccount *test = test_account_new (NULL, ME);
  g_autoptr(FlintAccount) old = test->account;
  g_autoptr(XmppConnector) connector = NULL;
  g_autoptr(GTlsDatabase) database = NULL;

  g_object_get (test->server->session, "connector", &connector, "tls-database", &database, NULL);
  test->account = g_object_new (FLINT_TYPE_ACCOUNT, "id", "the-id", "clock", test->server->clock, "connector", connector,
                                "address", ME, "resource", "r1", "remember-password", FALSE, NULL);
  flint_account_set_tls_database (test->account, database);
  flint_account_set_password (test->account, FAKE_PASSWORD);
  flint_account_set_cache (test->account, f->cache);

  return test;
}

static guint
count_contacts (TestAccount *test)
{
  return g_list_model_get_n_items (G_LIST_MODEL (flint_account_get_contacts (test->account)));
}

static void
save (Fixture    *f,
      const char *roster)
{
  g_autoptr(TestAccount) test = restart (f);

  g_free (test->server->features);
  test->server->features = g_strdup ("<ver xmlns='urn:xmpp:features:rosterver'/>");
  test_account_login (test, roster);
  fake_clock_advance (test->server->clock, 5000);
  flush (f->cache);
}

#define VERSIONED                                                               \
  "<query xmlns='jabber:iq:roster' ver='v1'>"                                   \
    "<item jid='bob@peer.test' name='Bob' subscription='both'><group>Friends</group></item>" \
    "<item jid='ann@peer.test' subscription='to'/>"                             \
  "</query>"

static void
test_roster (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr(TestAccount) test = NULL;
  g_autoptr(XmppJid) jid = xmpp_jid_new (BOB, NULL);
  FlintContact *bob;

  save (f, VERSIONED);
  test = restart (f);
  fake_server_wait_until (count_contacts (test) == 2);
  bob = flint_contact_list_find (flint_account_get_contacts (test->account), jid);
  g_assert_cmpstr (flint_contact_get_name (bob), ==, "Bob");
  g_assert_false (flint_contact_is_online (bob));
  g_assert_false (flint_contact_list_is_loaded (flint_account_get_contacts (test->account)));

  /* The server says that it is right: nothing is told twice, and the contacts are the same objects */
  g_free (test->server->features);
  test->server->features = g_strdup ("<ver xmlns='urn:xmpp:features:rosterver'/>");
  test_account_login (test, NULL);
  g_assert_true (flint_contact_list_is_loaded (flint_account_get_contacts (test->account)));
  g_assert_true (flint_contact_list_find (flint_account_get_contacts (test->account), jid) == bob);
  g_assert_cmpint (flint_account_get_step (test->account), ==, FLINT_STEP_DONE);
}

/* F51 */
static void
test_corrupt (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (2);
  g_autofree char *path = g_build_filename (f->directory, "the-id-roster.xml", NULL);
  g_autofree char *good = NULL;
  gsize length;

  save (f, VERSIONED);
  g_assert_true (g_file_get_contents (path, &good, &length, NULL));

  for (guint i = 0; i < 40; i++)
    {
      g_autoptr(TestAccount) test = NULL;
      g_autofree char *bad = g_memdup2 (good, length);
      gsize bad_length = g_rand_boolean (rand) ? length : (gsize) g_rand_int_range (rand, 0, length);
      g_autoptr(GBytes) read = NULL;

      for (guint j = 0; j < 3; j++)
        bad[g_rand_int_range (rand, 0, length)] = (char) g_rand_int_range (rand, 0, 256);

      g_file_set_contents (path, bad, bad_length, NULL);
      test = restart (f);

      /* Read by the same worker that has read the account's */
      read = read_back (f, "none");
      g_assert_cmpuint (count_contacts (test), <=, 2);
    }

  /* And made anew */
  save (f, VERSIONED);

  {
    g_autoptr(TestAccount) test = restart (f);

    fake_server_wait_until (count_contacts (test) == 2);
  }
}

static void
test_other_address (Fixture       *f,
                    gconstpointer  data)
{
  g_autoptr(TestAccount) test = NULL;
  g_autofree char *path = g_build_filename (f->directory, "the-id-roster.xml", NULL);

  save (f, VERSIONED);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  test = restart (f);
  fake_server_wait_until (count_contacts (test) == 2);
  g_object_set (test->account, "address", "you@good.test", NULL);
  flush (f->cache);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

#define PIXEL                                                                                         \
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

static void
test_avatar (Fixture       *f,
             gconstpointer  data)
{
  gsize length;
  g_autofree guchar *pixel = g_base64_decode (PIXEL, &length);
  g_autofree char *hash = g_compute_checksum_for_data (G_CHECKSUM_SHA1, pixel, length);
  g_autofree char *presence = g_strdup_printf ("<presence from='" BOB "/p'><x xmlns='vcard-temp:x:update'><photo>%s</photo></x></presence>", hash);
  g_autoptr(XmppJid) jid = xmpp_jid_new (BOB, NULL);

  for (guint run = 0; run < 2; run++)
    {
      g_autoptr(TestAccount) test = restart (f);
      g_autoptr(GBytes) avatar = NULL;
      FlintContact *bob;

      test_account_login (test, TEST_ROSTER);
      test_account_send (test, presence);
      bob = flint_contact_list_find (flint_account_get_contacts (test->account), jid);

      /* Nobody looked, nobody asked */
      fake_server_no_more (test->server);

      g_object_get (bob, "avatar", &avatar, NULL);
      g_assert_null (avatar);

      if (run == 0)
        fake_server_answer (test->server, "<vCard xmlns='vcard-temp'/>",
                            "<vCard xmlns='vcard-temp'><PHOTO><TYPE>image/png</TYPE><BINVAL>" PIXEL "</BINVAL></PHOTO></vCard>");

      for (g_object_get (bob, "avatar", &avatar, NULL); avatar == NULL; g_object_get (bob, "avatar", &avatar, NULL))
        g_main_context_iteration (NULL, TRUE);

      g_assert_cmpmem (g_bytes_get_data (avatar, NULL), g_bytes_get_size (avatar), pixel, length);

      /* The second time from the disk */
      fake_server_no_more (test->server);
      flush (f->cache);
    }
}

static int
get_mode (const char *path)
{
  GStatBuf info;

  g_assert_cmpint (g_lstat (path, &info), ==, 0);

  return info.st_mode & 07777;
}

/* What was left open by others, or by a copy: at the start it is closed. What a link leads to is not ours. */
static void
test_modes (Fixture       *f,
            gconstpointer  data)
{
  g_autofree char *elsewhere = test_directory_new ();
  g_autofree char *outside = g_build_filename (elsewhere, "outside", NULL);
  g_autofree char *link = g_build_filename (f->directory, "link", NULL);
  g_autofree char *folder = g_build_filename (f->directory, "folder", NULL);
  g_autofree char *file = g_build_filename (folder, "file", NULL);
  g_autofree char *open_file = g_build_filename (f->directory, "open", NULL);
  g_autofree char *read_only = g_build_filename (f->directory, "read-only", NULL);
  g_autofree char *missing = g_build_filename (f->directory, "missing", NULL);
  g_autoptr(FlintCache) cache = NULL;
  g_autoptr(FlintCache) none = NULL;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (outside, "x", 1, NULL) && g_file_set_contents (file, "x", 1, NULL) &&
                 g_file_set_contents (open_file, "x", 1, NULL) && g_file_set_contents (read_only, "x", 1, NULL));
  g_assert_cmpint (symlink (outside, link), ==, 0);
  g_assert_cmpint (g_chmod (outside, 0644), ==, 0);
  g_assert_cmpint (g_chmod (file, 0644), ==, 0);
  g_assert_cmpint (g_chmod (open_file, 0666), ==, 0);
  g_assert_cmpint (g_chmod (read_only, 0444), ==, 0);
  g_assert_cmpint (g_chmod (folder, 0777), ==, 0);
  g_assert_cmpint (g_chmod (f->directory, 0755), ==, 0);

  none = flint_cache_new (missing);
  cache = flint_cache_new (f->directory);
  fake_server_wait_until (get_mode (f->directory) == 0700 && get_mode (folder) == 0700 && get_mode (file) == 0600 &&
                          get_mode (open_file) == 0600 && get_mode (read_only) == 0400);
  g_assert_cmpint (get_mode (outside), ==, 0644);
  g_assert_false (g_file_test (missing, G_FILE_TEST_EXISTS));

  g_unlink (link);
  g_unlink (file);
  g_rmdir (folder);
  test_directory_remove (elsewhere);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add ("/core/cache/" path, Fixture, NULL, set_up, func, tear_down)

  ADD ("T137-files-are-written-for-us-alone-and-read-back", test_files);
  ADD ("T137-what-was-left-open-is-closed", test_modes);
  ADD ("T121-only-our-own-names-are-files", test_names);
  ADD ("F30-what-cannot-be-written-costs-nothing", test_unwritable);
  ADD ("F51-what-is-no-stanza-is-none", test_stanzas);
  ADD ("the-list-is-there-before-the-login", test_roster);
  ADD ("F51-a-corrupt-one-is-made-anew", test_corrupt);
  ADD ("another-address-has-another-list", test_other_address);
  ADD ("a-picture-is-fetched-when-somebody-looks-and-once", test_avatar);

  return g_test_run ();
}
