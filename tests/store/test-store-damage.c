/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are damaged, of others, or of a later version (F31) */
#include "store-chat.h"
#include "store-schema.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define N_CHATS      5
#define N_MESSAGES   500
#define N_POSITIONS  200
#define N_MUTATIONS  200
#define PAGE         4096

/* What is in a folder */
typedef struct
{
  GByteArray *file;
  GByteArray *wal;     /* NULL: none */
} Image;

static void
image_free (Image *image)
{
  g_byte_array_unref (image->file);
  g_clear_pointer (&image->wal, g_byte_array_unref);
  g_free (image);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Image, image_free)

static GByteArray *
load (const char *path)
{
  char *bytes;
  gsize size;

  return g_file_get_contents (path, &bytes, &size, NULL) ? g_byte_array_new_take ((guint8 *) bytes, size) : NULL;
}

static Image *
image_load (const char *path)
{
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  Image *image = g_new0 (Image, 1);

  image->file = load (path);
  image->wal = load (wal);

  return image;
}

static void
save (const char *path,
      GByteArray *bytes)
{
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, (char *) bytes->data, bytes->len, &error);
  g_assert_no_error (error);
}

static void
image_save (const Image *image,
            const char  *path)
{
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);

  save (path, image->file);
  if (image->wal != NULL)
    save (wal, image->wal);
}

static Image *
image_copy (const Image *image)
{
  Image *copy = g_new0 (Image, 1);

  copy->file = g_byte_array_append (g_byte_array_new (), image->file->data, image->file->len);
  if (image->wal != NULL)
    copy->wal = g_byte_array_append (g_byte_array_new (), image->wal->data, image->wal->len);

  return copy;
}

static void
assert_same (GByteArray *a,
             GByteArray *b)
{
  g_assert_nonnull (a);
  g_assert_nonnull (b);
  g_assert_cmpmem (a->data, a->len, b->data, b->len);
}

static char *
get_address (guint chat)
{
  return g_strdup_printf ("friend%u@example.org", chat);
}

static void
fill (StoreFixture *fixture)
{
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) store_entry_free);
  g_autoptr(GArray) added = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < N_MESSAGES; i++)
    {
      g_autofree char *address = get_address (i % N_CHATS);
      g_autofree char *id = g_strdup_printf ("id-%08u", i);
      g_autofree char *archive_id = g_strdup_printf ("archive-%08u", i);
      g_autofree char *body =
        g_strdup_printf ("Message %u, 今天天气很好, and whatever else a friend has to say when there are %u letters left", i, i * 31);

      g_ptr_array_add (entries, store_entry_new (address, 0, store_chat_message (i % 3 == 0 ? STORE_CHAT_ACCOUNT : address, id,
                       archive_id, STORE_CHAT_NOON + (gint64) i * G_USEC_PER_SEC, body), STORE_PLACE_NEXT, 0, FALSE));
    }
  added = store_chat_add_page (fixture, g_steal_pointer (&entries), NULL, &error);
  g_assert_no_error (error);

  for (guint i = 0; i < N_POSITIONS; i++)
    {
      g_autofree char *room = g_strdup_printf ("room%03u@conference.example.org", i * 7 % N_POSITIONS);
      StorePosition position = { room, "archive-00000100", STORE_CHAT_NOON };
      g_autoptr(GArray) none = store_chat_add_page (fixture, g_ptr_array_new (), &position, &error);

      g_assert_no_error (error);
    }
}

/* is_closed: FALSE: as after the end of a program that nobody asked: most is in the -wal */
static Image *
make_image (gboolean is_closed)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();

  fill (fixture);
  if (is_closed)
    store_fixture_close (fixture);

  return image_load (fixture->path);
}

/* Damage */

static void
scratch (GByteArray *bytes,
         guint       from,
         guint       n)
{
  for (guint i = from; i < from + n && i < bytes->len; i++)
    bytes->data[i] = g_test_rand_int_range (0, 256);
}

static void
scratch_anywhere (GByteArray *bytes)
{
  for (guint i = g_test_rand_int_range (1, 64); i > 0; i--)
    scratch (bytes, g_test_rand_int_range (0, bytes->len), 1);
}

static void
cut_off (GByteArray *bytes)
{
  g_byte_array_set_size (bytes, g_test_rand_int_range (0, bytes->len));
}

static guint8 *
choose_page (GByteArray *bytes)
{
  return bytes->data + g_test_rand_int_range (0, bytes->len / PAGE) * PAGE;
}

static void
zero_pages (GByteArray *bytes)
{
  for (guint i = g_test_rand_int_range (1, 4); i > 0; i--)
    memset (choose_page (bytes), 0, PAGE);
}

static void
swap_pages (GByteArray *bytes)
{
  guint8 *a = choose_page (bytes);
  guint8 *b = choose_page (bytes);
  guint8 kept[PAGE];

  memcpy (kept, a, PAGE);
  memmove (a, b, PAGE);
  memcpy (b, kept, PAGE);
}

static void
scratch_header (GByteArray *bytes)
{
  scratch (bytes, g_test_rand_int_range (0, 90), g_test_rand_int_range (1, 30));
}

static void
scratch_page (GByteArray *bytes)
{
  scratch (bytes, g_test_rand_int_range (0, bytes->len / PAGE) * PAGE, PAGE);
}

typedef struct
{
  const char *name;
  void      (*damage) (GByteArray *bytes);
  gboolean    is_wal;
} Mutation;

static const Mutation mutations[] = {
  { "random bytes", scratch_anywhere, FALSE },
  { "cut off", cut_off, FALSE },
  { "zeroed pages", zero_pages, FALSE },
  { "header", scratch_header, FALSE },
  { "swapped pages", swap_pages, FALSE },
  { "a page of noise", scratch_page, FALSE },
  { "random bytes in what was written last", scratch_anywhere, TRUE },
  { "what was written last is cut off", cut_off, TRUE },
};

/* All that is there is text. Returns: how many messages */
static guint
read_all (StoreFixture *fixture)
{
  guint n = 0;

  for (guint i = 0; i < N_CHATS; i++)
    {
      g_autofree char *address = get_address (i);
      g_autoptr(GPtrArray) messages = store_chat_read_page (fixture, address, G_MAXINT64, 0, 1000);

      for (guint j = 0; j < messages->len; j++)
        {
          const StoreMessage *message = g_ptr_array_index (messages, j);

          g_assert_true (g_utf8_validate (message->body, -1, NULL));
          g_assert_true (message->sender == NULL || g_utf8_validate (message->sender, -1, NULL));
          g_assert_true (message->message_id == NULL || g_utf8_validate (message->message_id, -1, NULL));
          g_assert_cmpint (message->state, >=, STORE_STATE_RECEIVED);
          g_assert_cmpint (message->state, <=, STORE_STATE_FAILED);
        }
      n += messages->len;
    }

  return n;
}

/* What is new is stored, read and found */
static void
say_more (StoreFixture *fixture)
{
  for (guint i = 0; i < N_CHATS; i++)
    {
      g_autofree char *address = get_address (i);
      g_autofree char *id = g_strdup_printf ("new-%08u", i);
      g_autoptr(GPtrArray) messages = NULL;

      g_assert_true (store_chat_add (fixture, address, store_chat_message (address, id, NULL, STORE_CHAT_NOON * 2, "Brandneu"),
                                     STORE_PLACE_LAST, 0).is_new);
      messages = store_chat_read_page (fixture, address, G_MAXINT64, 0, 1);
      g_assert_cmpuint (messages->len, ==, 1);
      g_assert_cmpstr (((StoreMessage *) g_ptr_array_index (messages, 0))->body, ==, "Brandneu");
    }

  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM message_words WHERE message_words MATCH 'brandneu'"), ==,
                   N_CHATS);
}

/* Nothing is deleted, and nothing is written to what is damaged */
static void
check_aside (StoreFixture *fixture,
             const Image  *image)
{
  g_autoptr(Image) aside = image_load (fixture->aside);

  g_assert_nonnull (strstr (fixture->aside, ".corrupt-2"));
  assert_same (aside->file, image->file);
  if (image->wal != NULL)
    assert_same (aside->wal, image->wal);
}

static gboolean
read_nothing (StoreConnection  *connection,
              gpointer          data,
              GError          **error)
{
  return TRUE;
}

/* Damage may look like a later version, and that is left alone */
static gboolean
is_left_alone (StoreFixture *fixture,
               const Image  *image)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Image) left = NULL;

  if (store_fixture_run (fixture, STORE_READ, read_nothing, NULL, &error))
    return FALSE;

  g_assert_error (error, STORE_ERROR, STORE_ERROR_NEWER);
  left = image_load (fixture->path);
  assert_same (left->file, image->file);

  return TRUE;
}

/* Returns: how many messages are there again */
static guint
live_with (const Image *image,
           gboolean    *is_salvaged)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  guint n;

  store_fixture_close (fixture);
  image_save (image, fixture->path);
  store_fixture_open (fixture);

  *is_salvaged = FALSE;
  if (is_left_alone (fixture, image))
    return N_MESSAGES;

  n = read_all (fixture);
  if (fixture->n_salvages > 0)
    check_aside (fixture, image);
  say_more (fixture);

  *is_salvaged = fixture->n_salvages > 0;
  g_assert_null (store_database_get_failure (fixture->database));
  store_fixture_close (fixture);

  /* What was made of it is whole */
  if (*is_salvaged)
    {
      store_fixture_check_file (fixture->path);
      fixture->n_salvages = 0;
      store_fixture_open (fixture);
      read_all (fixture);
      g_assert_cmpuint (fixture->n_salvages, ==, 0);
    }

  return n;
}

static void
test_mutations (gconstpointer data)
{
  const Mutation *mutation = data;
  g_autoptr(Image) whole = make_image (!mutation->is_wal);
  guint n_rounds = N_MUTATIONS / G_N_ELEMENTS (mutations);
  guint n_salvaged = 0;
  guint n_messages = 0;
  guint least = G_MAXUINT;

  for (guint i = 0; i < n_rounds; i++)
    {
      g_autoptr(Image) image = image_copy (whole);
      gboolean is_salvaged;
      guint n;

      mutation->damage (mutation->is_wal ? image->wal : image->file);
      n = live_with (image, &is_salvaged);
      n_salvaged += is_salvaged;
      n_messages += n;
      least = MIN (least, n);
    }

  g_test_message ("%s: %u of %u put aside, %u of %u messages are there again, at least %u of %u", mutation->name, n_salvaged,
                  n_rounds, n_messages, n_rounds * N_MESSAGES, least, N_MESSAGES);
}

/* Each page once. The worst is that of the table's own leaves: each has a few messages, and one above them many. */
static void
test_one_page (void)
{
  g_autoptr(Image) whole = make_image (TRUE);
  guint n_pages = whole->file->len / PAGE;
  guint n_messages = 0;
  guint n_poor = 0;
  guint least = G_MAXUINT;

  for (guint i = 0; i < n_pages; i++)
    {
      g_autoptr(Image) image = image_copy (whole);
      gboolean is_salvaged;
      guint n;

      scratch (image->file, i * PAGE, PAGE);
      n = live_with (image, &is_salvaged);
      if (n < N_MESSAGES * 9 / 10)
        g_test_message ("page %u: %u", i + 1, n);
      n_poor += n < N_MESSAGES * 9 / 10;
      n_messages += n;
      least = MIN (least, n);
    }

  g_test_message ("%u pages: %u of %u messages are there again, at least %u of %u; %u pages took more than a tenth", n_pages,
                  n_messages, n_pages * N_MESSAGES, least, N_MESSAGES, n_poor);
}

static gboolean
is_damaged (StoreConnection  *connection,
            gpointer          data,
            GError          **error)
{
  g_set_error (error, STORE_ERROR, STORE_ERROR_CORRUPT, "Always");

  return FALSE;
}

/* Later versions, and what is none of ours */

/* path: that of a database that is closed. No statement may need our words. */
static void
set_pragma (const char *path,
            const char *sql)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(StoreConnection) connection = store_connection_open (path, SQLITE_OPEN_READWRITE, &error);

  g_assert_no_error (error);
  store_connection_exec (connection, sql, &error);
  g_assert_no_error (error);
}

static guint
count_files (StoreFixture *fixture)
{
  g_autoptr(GDir) dir = g_dir_open (fixture->directory, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

static void
check_newer (const char *journal)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autofree char *version = g_strdup_printf ("PRAGMA user_version = %u", store_schema_get_version () + 1);
  g_autoptr(Image) before = NULL;
  g_autoptr(Image) after = NULL;
  g_autoptr(GError) error = NULL;
  guint n_files;

  fill (fixture);
  store_fixture_close (fixture);
  set_pragma (fixture->path, version);
  set_pragma (fixture->path, journal);
  before = image_load (fixture->path);
  n_files = count_files (fixture);

  store_fixture_open (fixture);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_false (store_fixture_exec (fixture, "INSERT INTO account (address) VALUES ('x')", &error));
      g_assert_error (error, STORE_ERROR, STORE_ERROR_NEWER);
      g_clear_error (&error);
      g_assert_false (store_fixture_run (fixture, STORE_READ, is_damaged, NULL, &error));
      g_assert_error (error, STORE_ERROR, STORE_ERROR_NEWER);
      g_clear_error (&error);
    }
  g_assert_error (store_database_get_failure (fixture->database), STORE_ERROR, STORE_ERROR_NEWER);
  g_assert_cmpuint (fixture->n_failures, ==, 1);
  g_assert_cmpuint (fixture->n_salvages, ==, 0);
  store_fixture_close (fixture);

  after = image_load (fixture->path);
  assert_same (after->file, before->file);
  g_assert_cmpuint (count_files (fixture), ==, n_files);
}

static void
test_newer (void)
{
  check_newer ("PRAGMA journal_mode = WAL");
}

/* Whoever writes it then may have chosen another way of writing */
static void
test_newer_in_another_mode (void)
{
  check_newer ("PRAGMA journal_mode = DELETE");
}

static void
check_put_aside (const guint8 *bytes,
                 gsize         size)
{
  g_autoptr(Image) image = g_new0 (Image, 1);
  gboolean is_salvaged;

  image->file = g_byte_array_append (g_byte_array_new (), bytes, size);
  g_assert_cmpuint (live_with (image, &is_salvaged), ==, 0);
  g_assert_true (is_salvaged);
}

static void
test_no_database (void)
{
  static const guint8 png[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0, 0, 0, 1, 0, 0, 0,
                                1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0, 'I', 'E', 'N', 'D', 0xae, 0x42, 0x60, 0x82 };
  g_autofree guint8 *zeros = g_malloc0 (100000);

  check_put_aside (png, sizeof png);
  check_put_aside (zeros, 100000);
  check_put_aside ((const guint8 *) "SQLite format 3", 16);
}

static void
test_an_empty_file (void)
{
  g_autoptr(Image) image = g_new0 (Image, 1);
  gboolean is_salvaged;

  image->file = g_byte_array_new ();
  g_assert_cmpuint (live_with (image, &is_salvaged), ==, 0);
  g_assert_false (is_salvaged);
}

/* A good database, but not one of ours; one whose number promises tables that are not there */
static void
check_foreign (const char *sql)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(Image) image = NULL;
  gboolean is_salvaged;
  sqlite3 *handle;

  g_assert_cmpint (sqlite3_open (fixture->path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (handle);

  image = image_load (fixture->path);
  g_assert_cmpuint (live_with (image, &is_salvaged), ==, 0);
  g_assert_true (is_salvaged);
}

static void
test_a_foreign_database (void)
{
  check_foreign ("CREATE TABLE message (id, text); INSERT INTO message VALUES (1, 'x'), ('one', x'ff')");
  check_foreign ("CREATE VIEW message AS SELECT 1 AS id, 2 AS conversation; CREATE TABLE account (id, address)");
  check_foreign ("CREATE TABLE other (id); PRAGMA user_version = 1");
  check_foreign ("CREATE TABLE other (id); PRAGMA user_version = -1");
  check_foreign ("CREATE TABLE other (id); PRAGMA user_version = 2000000000");
}

static void
test_a_folder_in_its_place (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  GAsyncResult *result = NULL;

  g_assert_cmpint (g_mkdir (fixture->path, 0700), ==, 0);
  store_fixture_push_exec (fixture, "INSERT INTO account (address) VALUES ('me@example.org')", &result);
  while (store_database_get_failure (fixture->database) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (store_database_get_failure (fixture->database), STORE_ERROR, STORE_ERROR_DISK);
  g_assert_null (result);

  g_assert_cmpint (g_rmdir (fixture->path), ==, 0);
  g_assert_true (store_fixture_finish (&result, NULL));
  g_assert_cmpint (store_fixture_get_int (fixture, "SELECT count (*) FROM account"), ==, 1);
}

/* Salvage */

static void
limit_files (rlim_t size)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = size == RLIM_INFINITY ? limit.rlim_max : size;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

/* On a full disk nothing can be saved: the damaged file stays where it is until there is room */
static void
test_salvage_waits_for_room (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(Image) image = make_image (TRUE);
  g_autoptr(Image) left = NULL;
  GAsyncResult *result = NULL;

  scratch (image->file, image->file->len / PAGE / 2 * PAGE, PAGE);
  scratch (image->file, 24 * PAGE, 2);
  store_fixture_close (fixture);
  image_save (image, fixture->path);

  limit_files (50000);
  store_fixture_open (fixture);
  store_fixture_push_exec (fixture, "INSERT INTO account (address) VALUES ('you@example.org'); "
                           "UPDATE message SET body = body || 'x'", &result);
  while (store_database_get_failure (fixture->database) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (store_database_get_failure (fixture->database), STORE_ERROR, STORE_ERROR_DISK);
  g_assert_cmpuint (fixture->n_salvages, ==, 0);
  left = image_load (fixture->path);
  assert_same (left->file, image->file);

  limit_files (RLIM_INFINITY);
  g_assert_true (store_fixture_finish (&result, NULL));
  g_assert_cmpuint (fixture->n_salvages, ==, 1);
  check_aside (fixture, image);
  g_assert_cmpuint (read_all (fixture), >, 400);
}

/* A disk that damages each file is not filled with copies of it */
static void
test_salvage_ends (void)
{
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autoptr(GError) error = NULL;

  fill (fixture);
  for (guint i = 0; i < 5; i++)
    {
      g_assert_false (store_fixture_run (fixture, STORE_READ, is_damaged, NULL, &error));
      g_assert_error (error, STORE_ERROR, STORE_ERROR_CORRUPT);
      g_clear_error (&error);
    }

  g_assert_cmpuint (fixture->n_salvages, ==, 2);
  g_assert_cmpuint (read_all (fixture), ==, N_MESSAGES);
}

/* All rows of all tables, where nothing is damaged; a second one on the same day has a name of its own */
static void
test_salvage_of_a_whole_file (void)
{
  static const char dump[] =
    "SELECT group_concat (x) FROM (SELECT quote (id) || quote (conversation) || quote (time) || quote (sender) || quote (state) || "
    "quote (flags) || quote (message_id) || quote (digest) || quote (copy) || quote (archive_id) || quote (body) AS x FROM message "
    "UNION ALL SELECT quote (account) || quote (address) || quote (last_id) || quote (last_time) FROM archive "
    "UNION ALL SELECT quote (id) || quote (address) FROM account UNION ALL SELECT quote (id) || quote (address) FROM sender "
    "UNION ALL SELECT quote (id) || quote (account) || quote (address) || quote (kind) || quote (draft) FROM conversation)";
  g_autoptr(StoreFixture) fixture = store_fixture_new ();
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *first = NULL;

  fill (fixture);
  store_fixture_close (fixture);
  before = store_fixture_look (fixture->path, dump);

  store_fixture_open (fixture);
  store_fixture_run (fixture, STORE_READ, is_damaged, NULL, NULL);
  store_fixture_run (fixture, STORE_READ, is_damaged, NULL, NULL);
  g_assert_cmpuint (fixture->n_salvages, ==, 2);
  g_assert_cmpuint (fixture->n_rows, ==, 1 + 2 * N_CHATS + 1 + N_MESSAGES + N_POSITIONS);
  first = g_strndup (fixture->aside, strlen (fixture->aside) - 2);
  g_assert_true (g_str_has_suffix (fixture->aside, "-2"));
  g_assert_true (g_file_test (first, G_FILE_TEST_EXISTS));
  store_fixture_close (fixture);

  after = store_fixture_look (fixture->path, dump);
  g_assert_cmpstr (after, ==, before);
  store_fixture_check_file (fixture->path);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  signal (SIGXFSZ, SIG_IGN);

  for (guint i = 0; i < G_N_ELEMENTS (mutations); i++)
    {
      g_autofree char *name = g_strdelimit (g_strdup (mutations[i].name), " ", '-');
      g_autofree char *path = g_strconcat ("/store/damage/f31-", name, NULL);

      g_test_add_data_func (path, &mutations[i], test_mutations);
    }
  g_test_add_func ("/store/damage/f31-one-page", test_one_page);
  g_test_add_func ("/store/damage/f31-a-later-version-is-left-alone", test_newer);
  g_test_add_func ("/store/damage/f31-a-later-version-in-another-mode", test_newer_in_another_mode);
  g_test_add_func ("/store/damage/f31-no-database", test_no_database);
  g_test_add_func ("/store/damage/f31-an-empty-file-is-a-new-one", test_an_empty_file);
  g_test_add_func ("/store/damage/f31-a-foreign-database", test_a_foreign_database);
  g_test_add_func ("/store/damage/f31-a-folder-in-its-place", test_a_folder_in_its_place);
  g_test_add_func ("/store/damage/f31-salvage-waits-for-room", test_salvage_waits_for_room);
  g_test_add_func ("/store/damage/f31-salvage-ends", test_salvage_ends);
  g_test_add_func ("/store/damage/f31-salvage-of-a-whole-file", test_salvage_of_a_whole_file);

  return g_test_run ();
}
