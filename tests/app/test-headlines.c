/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "chat-fixture.h"

#include "flint-chat-window.h"
#include "flint-headlines-window.h"
#include "flint-letter-window.h"
#include "flint-link-label.h"
#include "flint-main-window.h"
#include "flint-whole-text-window.h"

#include <string.h>
#include <time.h>

#define NEWS   "<message type='headline' from='news@good.test/x'><subject>Canteen</subject><body>Noodles: https://good.test/menu</body></message>"
#define SERVER "<message type='headline' from='good.test'><subject>Maintenance &lt;b&gt;</subject><body>Tonight</body></message>"
#define LETTER "<message type='normal' from='" BOB "/x' id='l1'><subject>Lunch</subject><thread>t1</thread><body>At &lt;noon&gt;? https://good.test/</body></message>"

static GtkWindow *
open_headlines (ChatFixture *self)
{
  GtkWindow *window = flint_application_show_headlines (self->application, NULL);

  app_settle (window);

  return window;
}

static void
choose (GtkWindow *window,
        guint      position)
{
  GtkWidget *list = app_find_type (window, GTK_TYPE_LIST_VIEW);

  gtk_selection_model_select_item (gtk_list_view_get_model (GTK_LIST_VIEW (list)), position, TRUE);
  app_settle (window);
}

static guint
count_unread (ChatFixture *self)
{
  guint n;

  g_object_get (self->core, "unread-headlines", &n, NULL);

  return n;
}

static void
test_read (ChatFixture   *self,
           gconstpointer  data)
{
  GtkWindow *window;

  test_account_send (self->me, NEWS SERVER);
  g_assert_cmpuint (count_unread (self), ==, 2);
  g_assert_null (app_find_window (FLINT_TYPE_CHAT_WINDOW));
  g_assert_null (test_account_find (self->me, "news@good.test"));
  window = open_headlines (self);
  g_assert_cmpuint (count_unread (self), ==, 2);

  choose (window, 1);
  g_assert_cmpuint (count_unread (self), ==, 1);
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (app_find (app_find (window, "stack"), "subject_label"))), !=, "");
  g_assert_nonnull (app_find_text (window, "news@good.test"));
  g_assert_cmpuint (flint_link_label_get_n_links (FLINT_LINK_LABEL (app_find (window, "body"))), ==, 1);
  g_assert_false (app_is_shown (app_find (window, "official_strip")));
  g_assert_nonnull (app_find_text (window, "cannot be answered"));
  g_assert_null (app_find_text (window, "Reply"));
}

static void
test_official (ChatFixture   *self,
               gconstpointer  data)
{
  GtkWindow *window;

  test_account_send (self->me, SERVER "<message type='headline' from='evil.test'><subject>Maintenance</subject><body>x</body></message>");
  window = open_headlines (self);
  choose (window, 1);
  g_assert_true (app_is_shown (app_find (window, "official_strip")));
  g_assert_nonnull (app_find_text (window, "Announcement from your server, good.test"));
  g_assert_nonnull (app_find_text (window, "Maintenance <b>"));

  /* another server is not ours */
  choose (window, 0);
  g_assert_false (app_is_shown (app_find (window, "official_strip")));
}

static void
test_all_read_and_deleted (ChatFixture   *self,
                           gconstpointer  data)
{
  GtkWindow *window;
  GListModel *headlines = flint_core_get_headlines (self->core);

  test_account_send (self->me, NEWS SERVER NEWS);
  window = open_headlines (self);
  app_act (window, "headline.mark-all-read");
  g_assert_cmpuint (count_unread (self), ==, 0);

  choose (window, 1);
  app_act (window, "headline.delete");
  g_assert_cmpuint (g_list_model_get_n_items (headlines), ==, 2);

  /* The one that took its place is shown, and can be deleted too */
  app_act (window, "headline.delete");
  app_act (window, "headline.delete");
  g_assert_cmpuint (g_list_model_get_n_items (headlines), ==, 0);
}

static void
test_banner (ChatFixture   *self,
             gconstpointer  data)
{
  GtkWindow *main_window = app_find_window (FLINT_TYPE_MAIN_WINDOW);

  test_account_send (self->me, NEWS);
  app_settle (main_window);
  g_assert_true (app_is_shown (app_find (main_window, "headline_label")));
  g_assert_nonnull (strstr (gtk_label_get_text (GTK_LABEL (app_find (main_window, "headline_label"))), "Canteen"));
  app_act (main_window, "win.read-headline");
  g_assert_nonnull (app_find_window (FLINT_TYPE_HEADLINES_WINDOW));
  g_assert_cmpuint (count_unread (self), ==, 0);
}

/* A text of some size: lines, one word without end, and links; the last one at its very end */
static char *
make_text (gsize size)
{
  GString *text = g_string_new (NULL);

  while (text->len < size * 3 / 4)
    g_string_append (text, "It is as it was <told>: https://good.test/a and no other place.\n");
  while (text->len < size - 40)
    g_string_append (text, "wordwithoutend");
  g_string_append (text, " https://good.test/last\n");

  return g_string_free (text, FALSE);
}

static gint64
get_cpu_time (void)
{
  return (gint64) clock () * G_USEC_PER_SEC / CLOCKS_PER_SEC;
}

static void
shoot (GtkWindow  *window,
       const char *name)
{
  const char *folder = g_getenv ("FLINT_TEST_PICTURES");
  g_autofree char *path = folder != NULL ? g_strdup_printf ("%s/%s.png", folder, name) : NULL;

  if (path != NULL)
    g_assert_true (app_take_picture (window, path, NULL));
}

static char *
get_clipboard (GtkWindow *window)
{
  GdkContentProvider *content = gdk_clipboard_get_content (gtk_widget_get_clipboard (GTK_WIDGET (window)));
  g_auto(GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (gdk_content_provider_get_value (content, &value, NULL));

  return g_value_dup_string (&value);
}

/* The last link came with the last line */
static gboolean
is_filled (GtkTextBuffer *buffer)
{
  GtkTextIter start;
  GtkTextIter end;
  g_autofree char *line = NULL;

  gtk_text_buffer_get_end_iter (buffer, &end);
  start = end;
  gtk_text_iter_set_line_offset (&start, 0);

  line = gtk_text_iter_get_slice (&start, &end);

  return g_str_has_suffix (line, "/last");
}

static void
assert_whole (ChatFixture *self,
              GtkWindow   *window,
              const char  *text)
{
  GtkWidget *more = app_find (window, "more_button");
  g_autofree char *copied = NULL;
  g_autoptr(GSList) tags = NULL;
  GtkTextBuffer *buffer;
  GtkTextIter start;
  GtkTextIter end;
  g_autofree char *shown = NULL;
  GtkWindow *whole;
  gint64 time;

  g_assert_cmpuint (strlen (flint_link_label_get_text (FLINT_LINK_LABEL (app_find (window, "body")))), <=, 9 * 1024);
  g_assert_true (app_is_shown (more));
  time = get_cpu_time ();
  app_click (more);
  whole = app_find_window (FLINT_TYPE_WHOLE_TEXT_WINDOW);
  g_assert_nonnull (whole);
  time = get_cpu_time () - time;
  g_test_message ("the whole text, %u bytes: %d ms", (guint) strlen (text), (int) (time / 1000));

  /* no more of it than a slice: the rest comes while the window lives */
  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (app_find (whole, "text_view")));
  g_assert_cmpuint (gtk_text_buffer_get_char_count (buffer), <, 32 * 1024);
  app_settle (whole);
  chat_assert_named (whole);
  shoot (whole, "whole-text");

  /* the end is there, too, and the links work; what a long word was broken for is not in what is copied */
  fake_server_wait_until (is_filled (buffer));
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  shown = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  g_assert_true (g_str_has_suffix (shown, " https://good.test/last"));
  g_assert_cmpuint (strlen (shown), >=, strlen (text) - 1);
  gtk_text_iter_backward_cursor_positions (&end, 3);
  tags = gtk_text_iter_get_tags (&end);
  g_assert_nonnull (tags);
  app_act (whole, "text.copy-all");
  copied = get_clipboard (whole);
  g_assert_true (g_str_has_prefix (text, copied));
  g_assert_cmpuint (strlen (copied), ==, strlen (text) - 1);
  gtk_window_close (whole);
}

/* The sanitizers need half a minute for a megabyte, and see as much in less */
#ifdef __SANITIZE_ADDRESS__
#define VERY_LONG (128 * 1024)
#else
#define VERY_LONG (1024 * 1024)
#endif

/* T068: letters and headlines of any size do not hold the window, and are there to the last letter */
static void
test_long (ChatFixture   *self,
           gconstpointer  data)
{
  static const gsize sizes[] = { 64 * 1024, VERY_LONG };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *text = make_text (sizes[i]);
      g_autofree char *body = g_markup_escape_text (text, -1);
      g_autofree char *letter_xml = g_strdup_printf ("<message from='bob@peer.test/x'><subject>Long</subject><body>%s</body></message>", body);
      g_autofree char *headline_xml = g_strdup_printf ("<message type='headline' from='news@good.test'><subject>Long</subject><body>%s</body></message>", body);
      g_autoptr(FlintLetter) letter = NULL;
      GtkWindow *window;
      gint64 time;

      test_account_send (self->me, letter_xml);
      letter = g_list_model_get_item (flint_core_get_letters (self->core), 0);
      time = get_cpu_time ();
      window = flint_application_show_letter (self->application, letter);
      app_settle (window);
      time = get_cpu_time () - time;
      g_test_message ("a letter of %u bytes: %d ms", (guint) sizes[i], (int) (time / 1000));
      shoot (window, "letter-long");
      assert_whole (self, window, text);
      gtk_window_close (window);

      test_account_send (self->me, headline_xml);
      window = open_headlines (self);
      time = get_cpu_time ();
      choose (window, 0);
      time = get_cpu_time () - time;
      g_test_message ("a headline of %u bytes: %d ms", (guint) sizes[i], (int) (time / 1000));
      assert_whole (self, window, text);
      gtk_window_close (window);
    }
}

static void
test_letter (ChatFixture   *self,
             gconstpointer  data)
{
  g_autoptr(FlintLetter) letter = NULL;
  GtkWindow *window;

  test_account_send (self->me, LETTER);
  g_assert_null (app_find_window (FLINT_TYPE_CHAT_WINDOW));
  letter = g_list_model_get_item (flint_core_get_letters (self->core), 0);
  window = flint_application_show_letter (self->application, letter);
  app_settle (window);
  g_assert_cmpstr (flint_link_label_get_text (FLINT_LINK_LABEL (app_find (window, "body"))), ==, "At <noon>? https://good.test/");
  g_assert_cmpuint (flint_link_label_get_n_links (FLINT_LINK_LABEL (app_find (window, "body"))), ==, 1);
  g_assert_false (flint_letter_is_unread (letter));
  chat_assert_named (window);

  app_act (window, "mail.reply");
  app_settle (window);
  chat_assert_named (window);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (app_find (window, "subject_entry"))), ==, "Re: Lunch");
  app_type (app_find (window, "body_text"), "Yes");
  app_act (window, "mail.send");
  fake_server_expect_contains (self->me->server, "<thread>t1</thread>");
  g_assert_null (app_find_window (FLINT_TYPE_LETTER_WINDOW));
}

static void
test_letter_kept (ChatFixture   *self,
                  gconstpointer  data)
{
  GtkWindow *window = flint_application_write_letter (self->application, self->me->account, NULL);

  app_fill (app_find (window, "to_entry"), "a b@@c");
  app_type (app_find (window, "body_text"), "Long thoughts");
  app_act (window, "mail.send");
  app_settle (window);
  g_assert_true (app_is_shown (app_find (window, "error_label")));

  gtk_window_close (window);
  app_settle (window);
  g_assert_true (app_find_window (FLINT_TYPE_LETTER_WINDOW) == window);
  g_assert_nonnull (app_find_window (ADW_TYPE_MESSAGE_DIALOG));
}

static void
test_names (ChatFixture   *self,
            gconstpointer  data)
{
  GtkWindow *window;

  test_account_send (self->me, NEWS SERVER);
  window = open_headlines (self);
  chat_assert_named (window);
  choose (window, 0);
  chat_assert_named (window);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  chat_test_add ("/app/headlines/reading-one-opens-no-chat", test_read);
  chat_test_add ("/app/headlines/only-our-server-is-official", test_official);
  chat_test_add ("/app/headlines/all-are-read-and-one-is-deleted", test_all_read_and_deleted);
  chat_test_add ("/app/headlines/a-banner-leads-there", test_banner);
  chat_test_add ("/app/headlines/everything-has-a-name", test_names);
  chat_test_add ("/app/letters/one-is-read-and-answered-in-its-thread", test_letter);
  chat_test_add ("/app/letters/T068-long-ones-are-whole-and-hold-nothing-up", test_long);
  chat_test_add ("/app/letters/what-is-written-is-not-lost", test_letter_kept);

  return chat_test_run ();
}
