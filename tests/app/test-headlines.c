/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "chat-fixture.h"

#include "flint-chat-window.h"
#include "flint-headlines-window.h"
#include "flint-letter-window.h"
#include "flint-link-label.h"
#include "flint-main-window.h"

#include <string.h>

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
  chat_test_add ("/app/letters/what-is-written-is-not-lost", test_letter_kept);

  return chat_test_run ();
}
