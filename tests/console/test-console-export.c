/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console-entries.h"
#include "console-export.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#define NS_LOG "urn:flint:console:1"

typedef struct
{
  char   *directory;
  GFile  *file;
  char   *path;
  gboolean is_done;
  GError *error;
} Test;

static Test *
test_new (void)
{
  Test *self = g_new0 (Test, 1);

  self->directory = g_dir_make_tmp ("flint-export-XXXXXX", NULL);
  g_assert_nonnull (self->directory);
  self->path = g_build_filename (self->directory, "capture", NULL);
  self->file = g_file_new_for_path (self->path);

  return self;
}

static void
test_free (Test *self)
{
  g_autoptr(GDir) dir = g_dir_open (self->directory, 0, NULL);
  const char *name;

  /* a file that was not finished would be found here */
  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (self->directory, name, NULL);

      g_assert_cmpstr (name, ==, "capture");
      g_unlink (path);
    }

  g_assert_cmpint (g_rmdir (self->directory), ==, 0);
  g_object_unref (self->file);
  g_clear_error (&self->error);
  g_free (self->path);
  g_free (self->directory);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Test, test_free)

static void
on_exported (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Test *self = user_data;

  self->is_done = TRUE;
  g_assert_true (console_export_finish (result, &self->error) == (self->error == NULL));
}

static void
save (Test          *self,
      GListModel    *entries,
      ConsoleFormat  format,
      GCancellable  *cancellable)
{
  self->is_done = FALSE;
  g_clear_error (&self->error);
  console_export_async (entries, format, self->file, cancellable, on_exported, self);
  fake_server_wait_until (self->is_done);
}

static char *
read_file (Test *self)
{
  g_autoptr(GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (self->path, &text, NULL, &error);
  g_assert_no_error (error);

  return text;
}

/* What makes a file hard to write: prefixes, quotes, what is no XML, what turns a line round */
static GListModel *
entries_new (void)
{
  g_autoptr(ConsoleLog) log = console_log_new ();
  g_autoptr(XmppStanza) by_hand = xmpp_stanza_new_from_xml ("<x xmlns='urn:x' a='&#10;'><y xmlns=''/><z xmlns='jabber:client'/></x>", -1, NULL);

  console_log_add_event (log, JOHN, XMPP_EVENT_HEADER, XMPP_SENT, "<?xml version='1.0'?><stream:stream to='example.org'>");
  test_log_add (log, XMPP_RECEIVED, "<message from='jane@example.org/&quot;p&quot;' type='chat'><body>1 &lt; 2 &amp; ]]&gt; &#x202E;x</body></message>");
  console_log_add_stanza (log, JOHN, by_hand, XMPP_SENT, TRUE);
  test_log_add (log, XMPP_RECEIVED, "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>");
  console_log_add_event (log, JOHN, XMPP_EVENT_STATE, XMPP_RECEIVED, "words\x01 with <odd> & \"things\" \xff\xef\xbf\xbe");
  test_log_add (log, XMPP_SENT, "<iq type='set' id='r'><query xmlns='jabber:iq:register'><password>s3cret</password></query></iq>");
  console_log_add_event (log, JOHN, XMPP_EVENT_HEADER, XMPP_RECEIVED, "</stream:stream>");

  return test_log_get_all (log);
}

static void
test_xml (void)
{
  static const char * const directions[] = { "sent", "received", "sent", "received", "event", "sent", "received" };
  static const char * const kinds[] = { "stream", "message", "nonza", "stream", "event", "iq", "stream" };
  g_autoptr(Test) test = test_new ();
  g_autoptr(GListModel) entries = entries_new ();
  g_autofree char *text = NULL;
  g_autoptr(XmppStanza) log = NULL;
  g_autoptr(GError) error = NULL;
  guint i = 0;
  GStatBuf status;

  save (test, entries, CONSOLE_EXPORT_XML, NULL);
  g_assert_no_error (test->error);
  text = read_file (test);
  g_assert_true (g_str_has_prefix (text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"));
  g_assert_null (strstr (text, "s3cret"));

  /* one well-formed document, and each stanza in it is the one that was captured */
  log = xmpp_stanza_new_from_xml (strchr (text, '\n') + 1, -1, &error);
  g_assert_no_error (error);
  g_assert_true (xmpp_node_is (xmpp_stanza_get_root (log), "log", NS_LOG));

  XMPP_NODE_FOREACH_CHILD (xmpp_stanza_get_root (log), node)
    {
      ConsoleEntry *entry = test_model_get (entries, i);
      g_autoptr(XmppStanza) stanza = console_entry_read (entry);
      guint64 number;

      g_assert_true (xmpp_node_is (node, "entry", NS_LOG));
      g_assert_true (xmpp_node_get_uint (node, "number", 100, &number));
      g_assert_cmpuint (number, ==, i + 1);
      g_assert_cmpstr (xmpp_node_get (node, "direction"), ==, directions[i]);
      g_assert_cmpstr (xmpp_node_get (node, "kind"), ==, kinds[i]);
      g_assert_cmpstr (xmpp_node_get (node, "account"), ==, JOHN);
      g_assert_cmpstr (xmpp_node_get (node, "summary"), ==, console_entry_get_summary (entry));
      g_assert_true (g_str_has_suffix (xmpp_node_get (node, "time"), "Z"));
      g_assert_cmpstr (xmpp_node_get (node, "by-hand"), ==, i == 2 ? "true" : NULL);
      g_assert_cmpstr (xmpp_node_get (node, "redacted"), ==, i == 5 ? "true" : NULL);

      if (stanza != NULL)
        {
          g_autoptr(GString) expected = g_string_new (NULL);
          g_autoptr(GString) found = g_string_new (NULL);

          g_assert_nonnull (node->first_child);
          xmpp_node_write (xmpp_stanza_get_root (stanza), "", expected);
          xmpp_node_write (node->first_child, "", found);
          g_assert_cmpstr (found->str, ==, expected->str);
        }
      else
        {
          g_assert_null (node->first_child);
          g_assert_nonnull (node->text);
        }
      i++;
    }
  g_assert_cmpuint (i, ==, test_model_count (entries));

  /* what people wrote is in it */
  g_assert_cmpint (g_stat (test->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 077, ==, 0);
}

static void
test_text (void)
{
  g_autoptr(Test) test = test_new ();
  g_autoptr(GListModel) entries = entries_new ();
  g_autofree char *text = NULL;

  save (test, entries, CONSOLE_EXPORT_TEXT, NULL);
  g_assert_no_error (test->error);
  text = read_file (test);
  g_assert_true (g_str_has_prefix (text, "Flint "));
  g_assert_nonnull (strstr (text, "  received  " JOHN "  message chat  jane: “1 < 2 & ]]> ⟨U+202E⟩x”\n"));
  g_assert_nonnull (strstr (text, "<body>1 &lt; 2 &amp; ]]&gt; &#x202E;x</body>"));
  g_assert_nonnull (strstr (text, "opens the stream"));
  g_assert_null (strstr (text, "s3cret"));
  g_assert_null (strstr (text, "\xE2\x80\xAE"));   /* U+202E itself, that would turn what stands behind it */
  g_assert_null (strchr (text, '\x01'));
  g_assert_true (g_utf8_validate (text, -1, NULL));
}

static void
test_none (void)
{
  g_autoptr(Test) test = test_new ();
  g_autoptr(GListModel) entries = G_LIST_MODEL (g_list_store_new (CONSOLE_TYPE_ENTRY));
  g_autofree char *text = NULL;
  g_autoptr(XmppStanza) log = NULL;

  save (test, entries, CONSOLE_EXPORT_XML, NULL);
  g_assert_no_error (test->error);
  text = read_file (test);
  log = xmpp_stanza_new_from_xml (strchr (text, '\n') + 1, -1, NULL);
  g_assert_nonnull (log);
  g_assert_null (xmpp_stanza_get_root (log)->first_child);
}

static GListModel *
many_new (guint n)
{
  g_autoptr(ConsoleLog) log = console_log_new ();
  g_autoptr(XmppStanza) stanza = xmpp_stanza_new_from_xml ("<message from='jane@example.org/p' type='chat'><body>some words</body></message>", -1, NULL);

  for (guint i = 0; i < n; i++)
    console_log_add_stanza (log, JOHN, stanza, XMPP_RECEIVED, FALSE);

  return test_log_get_all (log);
}

static gboolean
on_turn (gpointer user_data)
{
  (*(guint *) user_data)++;

  return G_SOURCE_CONTINUE;
}

/* Many are all there, and the main loop turned meanwhile. */
static void
test_many (void)
{
  g_autoptr(Test) test = test_new ();
  g_autoptr(GListModel) entries = many_new (20000);
  g_autofree char *text = NULL;
  guint n_turns = 0;
  guint n_entries = 0;
  guint source = g_idle_add (on_turn, &n_turns);

  save (test, entries, CONSOLE_EXPORT_XML, NULL);
  g_source_remove (source);
  g_assert_no_error (test->error);
  text = read_file (test);
  for (const char *at = text; (at = strstr (at, "</entry>")); at++)
    n_entries++;
  g_assert_cmpuint (n_entries, ==, 20000);
  g_assert_true (g_str_has_suffix (text, "</log>\n"));
  g_assert_cmpuint (n_turns, >=, 20);
}

/* Failures: each has its words, and what was there before stays. */

static void
assert_words (Test       *test,
              const char *words)
{
  g_assert_nonnull (test->error);
  g_test_message ("%s", test->error->message);
  g_assert_nonnull (strstr (test->error->message, words));
}

static void
test_no_folder (void)
{
  g_autoptr(Test) test = test_new ();
  g_autoptr(GListModel) entries = entries_new ();
  g_autoptr(GFile) missing = g_file_get_child (test->file, "deeper");
  g_autoptr(GFile) kept = g_steal_pointer (&test->file);

  test->file = g_object_ref (missing);
  save (test, entries, CONSOLE_EXPORT_XML, NULL);
  assert_words (test, "There is no such folder.");

  g_assert_true (g_file_set_contents (test->path, "x", 1, NULL));
  save (test, entries, CONSOLE_EXPORT_XML, NULL);
  assert_words (test, "folder");
}

static void
test_folder (void)
{
  g_autoptr(Test) test = test_new ();
  g_autoptr(GListModel) entries = entries_new ();

  g_assert_cmpint (g_mkdir (test->path, 0700), ==, 0);
  save (test, entries, CONSOLE_EXPORT_TEXT, NULL);
  assert_words (test, "There is a folder of this name.");
  g_assert_cmpint (g_rmdir (test->path), ==, 0);
}

static void
test_not_writable (void)
{
  g_autoptr(Test) test = test_new ();
  g_autoptr(GListModel) entries = entries_new ();
  g_autoptr(GFile) kept = NULL;

  g_assert_cmpint (g_chmod (test->directory, 0500), ==, 0);
  if (g_access (test->directory, W_OK) == 0)
    {
      /* root may write there, but not here */
      kept = g_steal_pointer (&test->file);
      test->file = g_file_new_for_path ("/sys/kernel/flint-test");
    }

  save (test, entries, CONSOLE_EXPORT_XML, NULL);
  g_assert_cmpint (g_chmod (test->directory, 0700), ==, 0);
  assert_words (test, "You may not write there.");
}

/* No more than 64 kB fit: as on a full disk, some of it was written when it fails. */
static void
test_full (void)
{
  g_autoptr(Test) test = test_new ();
  g_autoptr(GListModel) entries = many_new (5000);
  g_autofree char *text = NULL;
  struct rlimit before;
  struct rlimit small;

  g_assert_true (g_file_set_contents (test->path, "what was saved before", -1, NULL));

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  small = before;
  small.rlim_cur = 64 * 1024;
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  save (test, entries, CONSOLE_EXPORT_XML, NULL);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);

  g_assert_nonnull (test->error);
  g_test_message ("%s", test->error->message);
  text = read_file (test);
  g_assert_cmpstr (text, ==, "what was saved before");

  /* half of a new one is removed */
  g_assert_cmpint (g_unlink (test->path), ==, 0);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  save (test, entries, CONSOLE_EXPORT_TEXT, NULL);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_nonnull (test->error);
  g_assert_false (g_file_test (test->path, G_FILE_TEST_EXISTS));

  /* and then it works */
  save (test, entries, CONSOLE_EXPORT_XML, NULL);
  g_assert_no_error (test->error);
}

static void
test_cancelled (void)
{
  g_autoptr(Test) test = test_new ();
  g_autoptr(GListModel) entries = many_new (5000);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  console_export_async (entries, CONSOLE_EXPORT_XML, test->file, cancellable, on_exported, test);
  g_cancellable_cancel (cancellable);
  fake_server_wait_until (test->is_done);
  g_assert_error (test->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (test->path, G_FILE_TEST_EXISTS));

  /* before it began is cancelled, too */
  test->is_done = FALSE;
  g_clear_error (&test->error);
  console_export_async (entries, CONSOLE_EXPORT_TEXT, test->file, cancellable, on_exported, test);
  fake_server_wait_until (test->is_done);
  g_assert_error (test->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (test->path, G_FILE_TEST_EXISTS));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/console/export/xml-is-one-document-with-everything", test_xml);
  g_test_add_func ("/console/export/T070-text-is-harmless", test_text);
  g_test_add_func ("/console/export/nothing-is-a-document-too", test_none);
  g_test_add_func ("/console/export/many-do-not-stop-the-windows", test_many);
  g_test_add_func ("/console/export/a-missing-folder-is-said", test_no_folder);
  g_test_add_func ("/console/export/a-folder-is-no-file", test_folder);
  g_test_add_func ("/console/export/where-one-may-not-write-is-said", test_not_writable);
  g_test_add_func ("/console/export/a-full-disk-leaves-what-was-there", test_full);
  g_test_add_func ("/console/export/it-can-be-cancelled", test_cancelled);

  return g_test_run ();
}
