/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "flint-inbox.h"

#include <string.h>

static const char *
get_body (gpointer item)
{
  return flint_headline_get_body (item);
}

static FlintInbox *
inbox_new (void)
{
  return flint_inbox_new (FLINT_TYPE_HEADLINE, get_body);
}

static FlintHeadline *
add (FlintInbox   *inbox,
     FlintAccount *account,
     const char   *body)
{
  XmppMessage message = { .type = XMPP_MESSAGE_HEADLINE, .body = body };
  g_autoptr(FlintHeadline) headline = flint_headline_new (account, &message);

  flint_inbox_add (inbox, headline);

  return headline;   /* the inbox holds it */
}

static guint
get_size (FlintInbox *inbox)
{
  return g_list_model_get_n_items (flint_inbox_get_items (inbox));
}

static const char *
get_nth (FlintInbox *inbox,
         guint       position)
{
  g_autoptr(FlintHeadline) headline = g_list_model_get_item (flint_inbox_get_items (inbox), position);

  return flint_headline_get_body (headline);
}

static void
count (guint *n)
{
  (*n)++;
}

static void
on_added (FlintInbox    *inbox,
          FlintHeadline *headline,
          GString       *told)
{
  g_assert_cmpstr (get_nth (inbox, 0), ==, flint_headline_get_body (headline));
  g_string_append (told, flint_headline_get_body (headline));
}

static void
test_order (void)
{
  g_autoptr(FlintInbox) inbox = inbox_new ();
  g_autoptr(FlintAccount) account = flint_account_new (ME);
  g_autoptr(GString) told = g_string_new (NULL);

  g_signal_connect (inbox, "added", G_CALLBACK (on_added), told);
  add (inbox, account, "one ");
  add (inbox, account, "two ");
  g_assert_cmpstr (told->str, ==, "one two ");
  g_assert_cmpstr (get_nth (inbox, 0), ==, "two ");
  g_assert_cmpstr (get_nth (inbox, 1), ==, "one ");
}

static void
test_unread (void)
{
  g_autoptr(FlintInbox) inbox = inbox_new ();
  g_autoptr(FlintAccount) account = flint_account_new (ME);
  g_autoptr(FlintHeadline) first = g_object_ref (add (inbox, account, "one"));
  FlintHeadline *second = add (inbox, account, "two");
  guint n_told = 0;

  g_signal_connect_swapped (inbox, "notify::unread", G_CALLBACK (count), &n_told);
  g_assert_cmpuint (flint_inbox_get_unread (inbox), ==, 2);
  flint_headline_set_unread (second, FALSE);
  g_assert_cmpuint (flint_inbox_get_unread (inbox), ==, 1);
  flint_inbox_remove (inbox, second);
  g_assert_cmpuint (flint_inbox_get_unread (inbox), ==, 1);
  g_assert_cmpuint (n_told, ==, 1);

  flint_inbox_remove (inbox, first);
  g_assert_cmpuint (flint_inbox_get_unread (inbox), ==, 0);
  g_assert_cmpuint (n_told, ==, 2);

  /* What was thrown away is nothing to it any more, nor what it never had */
  flint_headline_set_unread (first, FALSE);
  flint_headline_set_unread (first, TRUE);
  flint_inbox_remove (inbox, first);
  g_assert_cmpuint (flint_inbox_get_unread (inbox), ==, 0);
  g_assert_cmpuint (n_told, ==, 2);
}

static void
test_number (void)
{
  g_autoptr(FlintInbox) inbox = inbox_new ();
  g_autoptr(FlintAccount) account = flint_account_new (ME);

  add (inbox, account, "first");

  for (guint i = 0; i < 1000; i++)
    add (inbox, account, "more");

  g_assert_cmpuint (get_size (inbox), ==, 1000);
  g_assert_cmpuint (flint_inbox_get_unread (inbox), ==, 1000);
  g_assert_cmpstr (get_nth (inbox, 999), ==, "more");
}

/* One that is larger than all may be is shown all the same, but alone */
static void
test_weight (void)
{
  g_autoptr(FlintInbox) inbox = inbox_new ();
  g_autoptr(FlintAccount) account = flint_account_new (ME);
  gsize size = 33 * 1024 * 1024;
  g_autofree char *large = g_malloc (size + 1);

  memset (large, 'x', size);
  large[size] = '\0';

  add (inbox, account, "small");
  add (inbox, account, large);
  g_assert_cmpuint (get_size (inbox), ==, 1);
  g_assert_cmpuint (strlen (get_nth (inbox, 0)), ==, size);

  add (inbox, account, "small again");
  g_assert_cmpuint (get_size (inbox), ==, 1);
  g_assert_cmpstr (get_nth (inbox, 0), ==, "small again");
}

static void
test_account_goes (void)
{
  g_autoptr(FlintInbox) inbox = inbox_new ();
  g_autoptr(FlintAccount) mine = flint_account_new (ME);
  g_autoptr(FlintAccount) other = flint_account_new ("too@other.test");

  add (inbox, mine, "one");
  add (inbox, other, "two");
  add (inbox, mine, "three");
  flint_inbox_remove_account (inbox, mine);
  g_assert_cmpuint (get_size (inbox), ==, 1);
  g_assert_cmpstr (get_nth (inbox, 0), ==, "two");
  g_assert_cmpuint (flint_inbox_get_unread (inbox), ==, 1);

  flint_inbox_remove_account (inbox, mine);
  g_assert_cmpuint (get_size (inbox), ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/inbox/the-latest-comes-first-and-is-told", test_order);
  g_test_add_func ("/core/inbox/only-what-is-in-it-counts-as-unread", test_unread);
  g_test_add_func ("/core/inbox/the-oldest-go-when-there-are-too-many", test_number);
  g_test_add_func ("/core/inbox/the-oldest-go-when-they-are-too-large", test_weight);
  g_test_add_func ("/core/inbox/an-account-takes-its-own-along", test_account_goes);

  return g_test_run ();
}
