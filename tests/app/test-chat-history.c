/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was said before, in the window: the last page at once, more for who scrolls up, and nothing moves */
#include "flint-config.h"

#include "chat-fixture.h"
#include "flint-chat-page.h"
#include "flint-message-view.h"

static FlintConversation *
get_conversation (GtkWidget *page)
{
  return flint_chat_page_get_conversation (FLINT_CHAT_PAGE (page));
}

static void
shoot (GtkWidget  *page,
       const char *name)
{
  const char *folder = g_getenv ("FLINT_TEST_PICTURES");
  g_autofree char *path = folder != NULL ? g_strdup_printf ("%s/%s.png", folder, name) : NULL;
  g_autoptr(GError) error = NULL;

  if (path != NULL)
    app_take_picture (gtk_widget_get_root (page), path, &error);
  g_assert_no_error (error);
}

static gboolean
is_at_end (GtkWidget *page)
{
  return flint_message_view_is_at_end (FLINT_MESSAGE_VIEW (app_find (page, "messages")));
}

static void
fill (ChatFixture *self,
      guint        first,
      guint        n)
{
  for (guint i = first; i < first + n; i++)
    {
      g_autofree char *xml = g_strdup_printf ("<message from='" BOB "/x' to='me@good.test/r1' type='chat' id='filled-%u'>"
                                              "<body>said before %u</body></message>", i, i);

      test_account_send (self->me, xml);
    }
}

/* A chat that was closed, and is opened again: nothing of it is in memory */
static GtkWidget *
reopen (ChatFixture *self)
{
  flint_core_close_conversation (self->core, test_account_find (self->me, BOB));
  chat_close_all (self);
  test_core_settle (self->core);

  return chat_open (self, BOB);
}

static gboolean
shows (GtkWidget  *page,
       const char *body)
{
  FlintConversation *conversation = get_conversation (page);

  for (guint i = test_conversation_count (conversation); i > 0; i--)
    {
      FlintMessage *message = test_conversation_get (conversation, i - 1);
      GtkWidget *row;

      if (g_strcmp0 (flint_message_get_body (message), body) != 0)
        continue;

      row = chat_find_row (page, message);
      return row != NULL && app_is_shown (row);
    }

  return FALSE;
}

static void
test_last_page (ChatFixture   *self,
                gconstpointer  data)
{
  GtkWidget *page;

  chat_open (self, BOB);
  fill (self, 0, 300);
  page = reopen (self);
  fake_server_wait_until (shows (page, "said before 299"));
  app_settle (gtk_widget_get_root (page));
  g_assert_true (is_at_end (page));

  /* A page, and not all of it */
  g_assert_cmpuint (test_conversation_count (get_conversation (page)), >=, 60);
  g_assert_cmpuint (test_conversation_count (get_conversation (page)), <, 300);
  shoot (page, "history-last-page");
}

static void
test_scrolled_up (ChatFixture   *self,
                  gconstpointer  data)
{
  GtkWidget *page;
  guint n;

  chat_open (self, BOB);
  fill (self, 0, 300);
  page = reopen (self);
  fake_server_wait_until (shows (page, "said before 299"));
  app_settle (gtk_widget_get_root (page));

  /* To the top, as often as there is more above it; what was there stays in sight */
  do
    {
      FlintMessage *first = test_conversation_get (get_conversation (page), 0);

      n = test_conversation_count (get_conversation (page));
      flint_message_view_scroll_to (FLINT_MESSAGE_VIEW (app_find (page, "messages")), 0);
      app_settle (gtk_widget_get_root (page));
      fake_server_wait_until (!flint_conversation_is_loading (get_conversation (page)));
      app_settle (gtk_widget_get_root (page));
      if (n < 300)
        fake_server_wait_until (test_conversation_count (get_conversation (page)) > n);
      g_assert_true (app_is_shown (chat_find_row (page, first)));
    }
  while (test_conversation_count (get_conversation (page)) > n);

  g_assert_cmpuint (n, ==, 300);
  g_assert_true (shows (page, "said before 0"));
  g_assert_false (is_at_end (page));
  shoot (page, "history-top");

  /* Each once */
  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *body = g_strdup_printf ("said before %u", i);

      g_assert_cmpstr (flint_message_get_body (test_conversation_get (get_conversation (page), i)), ==, body);
    }
}

/* Where it was not read yet, it begins */
static void
test_unread (ChatFixture   *self,
             gconstpointer  data)
{
  FlintConversation *bob;
  GtkWidget *page;

  chat_open (self, BOB);
  fill (self, 0, 100);
  reopen (self);
  flint_core_close_conversation (self->core, test_account_find (self->me, BOB));
  chat_close_all (self);
  fill (self, 100, 30);
  bob = test_account_find (self->me, BOB);
  g_assert_cmpuint (flint_conversation_get_unread (bob), ==, 30);

  page = chat_show (self, bob);
  fake_server_wait_until (test_conversation_count (bob) >= 60);
  app_settle (gtk_widget_get_root (page));
  fake_server_wait_until (shows (page, "said before 100"));
  g_assert_true (app_is_shown (app_find_text (page, "New")));
  g_assert_cmpuint (flint_conversation_get_unread (bob), ==, 0);
  shoot (page, "history-unread");
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);

  chat_test_add ("/app/chat-history/the-last-page-is-there-at-once", test_last_page);
  chat_test_add ("/app/chat-history/more-comes-for-who-scrolls-up", test_scrolled_up);
  chat_test_add ("/app/chat-history/it-begins-where-it-was-not-read", test_unread);

  return chat_test_run ();
}
