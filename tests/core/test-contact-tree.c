/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "accounts-fixture.h"
#include "core-fixture.h"
#include "flint-contact-list-private.h"
#include "flint-contact-private.h"

#include <string.h>

/* A tree over accounts whose rosters and presences the test says, and a copy of it that is made only of
 * what items-changed told.
 */
typedef struct
{
  AccountsFixture   accounts;
  FlintContactTree *tree;
  GPtrArray        *copy;          /* of FlintTreeRow */
  guint             n_hunks;
  guint             n_touched;     /* rows removed and added */
} Fixture;

static void
on_items_changed (GListModel *model,
                  guint       position,
                  guint       n_removed,
                  guint       n_added,
                  Fixture    *f)
{
  f->n_hunks++;
  f->n_touched += n_removed + n_added;

  if (n_removed > 0)
    g_ptr_array_remove_range (f->copy, position, n_removed);

  for (guint i = 0; i < n_added; i++)
    g_ptr_array_insert (f->copy, position + i, g_list_model_get_item (model, position + i));

  g_assert_cmpuint (g_list_model_get_n_items (model), ==, f->copy->len);
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  accounts_set_up (&f->accounts);
  f->tree = flint_contact_tree_new (f->accounts.list);
  f->copy = g_ptr_array_new_with_free_func (g_object_unref);
  g_signal_connect (f->tree, "items-changed", G_CALLBACK (on_items_changed), f);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_ptr_array_unref (f->copy);
  g_assert_finalize_object (f->tree);
  accounts_tear_down (&f->accounts);
}

static FlintAccount *
add_account (Fixture    *f,
             const char *address)
{
  FlintAccount *account = accounts_add (&f->accounts, address);

  flint_account_set_state (account, FLINT_ACCOUNT_ONLINE, FLINT_STEP_DONE, NULL);

  return account;
}

static void
set_roster (FlintAccount *account,
            const char   *items)
{
  g_autofree char *xml = g_strdup_printf ("<query xmlns='jabber:iq:roster' ver='1'>%s</query>", items);
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppStanza) stanza = xmpp_stanza_new_from_xml (xml, -1, &error);

  g_assert_no_error (error);
  xmpp_roster_restore (flint_account_get_roster (account), stanza);
  flint_contact_list_sync (flint_account_get_contacts (account));
}

static void
tell (FlintAccount *account,
      FlintContact *contact,
      XmppShow      show)
{
  XmppResource resource = { .jid = flint_contact_get_jid (contact), .show = show };

  flint_contact_set_presence (contact, show != XMPP_SHOW_OFFLINE ? &resource : NULL);
  g_signal_emit_by_name (flint_account_get_contacts (account), "presence-changed", contact);
}

static FlintContact *
find (FlintAccount *account,
      const char   *address)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (address, NULL);
  FlintContact *contact = flint_contact_list_find (flint_account_get_contacts (account), jid);

  g_assert_nonnull (contact);

  return contact;
}

static void
set_show (FlintAccount *account,
          const char   *address,
          XmppShow      show)
{
  tell (account, find (account, address), show);
}

/* One line for a row: dots for its depth, "+" and "-" before what is folded or not, a count, names */
static char *
describe (GListModel *model)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(FlintTreeRow) row = g_list_model_get_item (model, i);
      g_autofree char *title = NULL;
      guint online;
      guint total;
      guint unread;

      g_object_get (row, "title", &title, "online", &online, "total", &total, "unread", &unread, NULL);

      for (guint j = 0; j < flint_tree_row_get_depth (row); j++)
        g_string_append_c (text, '.');

      if (flint_tree_row_get_kind (row) == FLINT_TREE_CONTACT)
        g_string_append_printf (text, "%s\n", flint_contact_get_name (flint_tree_row_get_contact (row)));
      else
        g_string_append_printf (text, "%c%s %u/%u%s\n", flint_tree_row_is_expanded (row) ? '-' : '+', title, online, total,
                                unread > 0 ? "*" : "");
    }

  return g_string_free (text, FALSE);
}

static void
assert_tree (Fixture    *f,
             const char *expected)
{
  g_autofree char *text = NULL;

  flint_contact_tree_flush (f->tree);
  text = describe (G_LIST_MODEL (f->tree));
  g_assert_cmpstr (text, ==, expected);
}

#define PEOPLE                                                                  \
  "<item jid='ann@x.test' name='Ann' subscription='both'><group>Design</group></item>" \
  "<item jid='bob@x.test' name='bob' subscription='both'><group>Design</group><group>Chess</group></item>" \
  "<item jid='carl@x.test' name='Carl' subscription='both'><group>Design::Photo studio</group></item>" \
  "<item jid='dora@x.test' name='Dora' subscription='both'/>"

static void
test_groups (Fixture       *f,
             gconstpointer  data)
{
  FlintAccount *account = add_account (f, "me@good.test");

  set_roster (account, PEOPLE);
  assert_tree (f, "-Chess 0/1\n.bob\n-Design 0/3\n.Ann\n.bob\n.-Photo studio 0/1\n..Carl\n-Contacts 0/1\n.Dora\n");
}

static void
test_order (Fixture       *f,
            gconstpointer  data)
{
  FlintAccount *account = add_account (f, "me@good.test");

  set_roster (account, "<item jid='a@x.test' name='a'/><item jid='b@x.test' name='B'/><item jid='c@x.test' name='c'/>"
                       "<item jid='d@x.test' name='D'/><item jid='e@x.test' name='é'/><item jid='f@x.test' name='F'/>");
  set_show (account, "f@x.test", XMPP_SHOW_CHAT);
  set_show (account, "d@x.test", XMPP_SHOW_AVAILABLE);
  set_show (account, "b@x.test", XMPP_SHOW_AWAY);
  set_show (account, "c@x.test", XMPP_SHOW_XA);
  set_show (account, "a@x.test", XMPP_SHOW_DND);

  assert_tree (f, "-Contacts 5/6\n.D\n.F\n.B\n.c\n.a\n.é\n");
}

static void
test_offline (Fixture       *f,
              gconstpointer  data)
{
  FlintAccount *account = add_account (f, "me@good.test");

  set_roster (account, PEOPLE "<item jid='new@x.test' name='New' ask='subscribe'><group>Design</group></item>");
  set_show (account, "bob@x.test", XMPP_SHOW_AVAILABLE);
  g_object_set (f->tree, "show-offline", FALSE, NULL);
  assert_tree (f, "-Chess 1/1\n.bob\n-Design 1/4\n.bob\n.New\n");

  flint_contact_list_set_unread (flint_account_get_contacts (account), find (account, "dora@x.test"), 2);
  assert_tree (f, "-Chess 1/1\n.bob\n-Design 1/4\n.bob\n.New\n-Contacts 0/1\n.Dora\n");

  g_object_set (f->tree, "show-empty-groups", TRUE, NULL);
  assert_tree (f, "-Chess 1/1\n.bob\n-Design 1/4\n.bob\n.New\n.-Photo studio 0/1\n-Contacts 0/1\n.Dora\n");

  g_object_set (f->tree, "show-empty-groups", FALSE, "show-offline", TRUE, "group-offline", TRUE, NULL);
  assert_tree (f, "-Chess 1/1\n.bob\n-Design 1/4\n.bob\n-Offline 0/4\n.Ann\n.Carl\n.Dora\n.New\n");
}

static void
test_before_login (Fixture       *f,
                   gconstpointer  data)
{
  g_autoptr(FlintAccount) account = g_object_new (FLINT_TYPE_ACCOUNT, "id", "1", "address", "me@good.test", "is-transient", TRUE, NULL);

  g_object_set (f->tree, "show-offline", FALSE, NULL);
  flint_account_list_add (f->accounts.list, account);
  set_roster (account, PEOPLE);
  assert_tree (f, "");

  flint_account_set_state (account, FLINT_ACCOUNT_CONNECTING, FLINT_STEP_FINDING, NULL);
  assert_tree (f, "-Chess 0/1\n.bob\n-Design 0/3\n.Ann\n.bob\n.-Photo studio 0/1\n..Carl\n-Contacts 0/1\n.Dora\n");

  flint_account_set_state (account, FLINT_ACCOUNT_ONLINE, FLINT_STEP_DONE, NULL);
  assert_tree (f, "");
}

static void
test_folding (Fixture       *f,
              gconstpointer  data)
{
  FlintAccount *account = add_account (f, "me@good.test");
  g_autoptr(FlintTreeRow) design = NULL;
  g_auto(GStrv) collapsed = NULL;

  set_roster (account, PEOPLE);
  flint_contact_tree_flush (f->tree);
  design = g_list_model_get_item (G_LIST_MODEL (f->tree), 2);
  g_assert_cmpstr (flint_tree_row_get_group (design), ==, "Design");

  flint_contact_tree_set_expanded (f->tree, design, FALSE);
  assert_tree (f, "-Chess 0/1\n.bob\n+Design 0/3\n-Contacts 0/1\n.Dora\n");

  /* What is folded away is still counted */
  flint_contact_list_set_unread (flint_account_get_contacts (account), find (account, "carl@x.test"), 1);
  assert_tree (f, "-Chess 0/1\n.bob\n+Design 0/3*\n-Contacts 0/1\n.Dora\n");

  /* And it is remembered by who keeps the settings */
  g_object_get (f->tree, "collapsed", &collapsed, NULL);
  flint_contact_tree_expand_all (f->tree, TRUE);
  assert_tree (f, "-Chess 0/1\n.bob\n-Design 0/3\n.Ann\n.bob\n.-Photo studio 0/1\n..Carl\n-Contacts 0/1\n.Dora\n");
  g_object_set (f->tree, "collapsed", collapsed, NULL);
  assert_tree (f, "-Chess 0/1\n.bob\n+Design 0/3*\n-Contacts 0/1\n.Dora\n");

  flint_contact_tree_expand_all (f->tree, FALSE);
  assert_tree (f, "+Chess 0/1\n+Design 0/3*\n+Contacts 0/1\n");
}

static void
test_accounts (Fixture       *f,
               gconstpointer  data)
{
  FlintAccount *one = add_account (f, "one@good.test");
  FlintAccount *two;

  set_roster (one, "<item jid='ann@x.test' name='Ann'/>");
  assert_tree (f, "-Contacts 0/1\n.Ann\n");

  two = add_account (f, "two@good.test");
  set_roster (two, "<item jid='ann@x.test' name='Ann'/><item jid='bob@x.test' name='Bob'/>");
  set_show (two, "bob@x.test", XMPP_SHOW_AVAILABLE);
  assert_tree (f, "-one@good.test 0/1\n.-Contacts 0/1\n..Ann\n-two@good.test 1/2\n.-Contacts 1/2\n..Bob\n..Ann\n");

  g_object_set (one, "label", "Work", NULL);
  flint_account_set_state (one, FLINT_ACCOUNT_OFFLINE, FLINT_STEP_NONE, NULL);
  assert_tree (f, "-Work 0/1\n-two@good.test 1/2\n.-Contacts 1/2\n..Bob\n..Ann\n");

  flint_account_list_remove (f->accounts.list, one);
  assert_tree (f, "-Contacts 1/2\n.Bob\n.Ann\n");
}

static void
test_strange_groups (Fixture       *f,
                     gconstpointer  data)
{
  FlintAccount *account = add_account (f, "me@good.test");

  set_roster (account, "<item jid='a@x.test' name='a'><group>::x</group></item><item jid='b@x.test' name='b'><group>a::::b</group></item>"
                       "<item jid='c@x.test' name='c'><group>::</group></item><item jid='d@x.test' name='d'><group>Offline</group></item>"
                       "<item jid='e@x.test' name='e'><group>Contacts</group></item><item jid='f@x.test' name='f'/>"
                       "<item jid='g@x.test' name='g'><group>1::2::3::4::5::6::7::8::9::10::11</group></item>");
  g_object_set (f->tree, "group-offline", FALSE, NULL);
  flint_contact_tree_flush (f->tree);
  g_assert_cmpuint (flint_contact_tree_find (f->tree, find (account, "f@x.test")), !=, G_MAXUINT);
  g_assert_cmpuint (flint_contact_tree_find (f->tree, find (account, "g@x.test")), !=, G_MAXUINT);
}

static void
assert_found (Fixture    *f,
              const char *search,
              const char *expected)
{
  g_object_set (f->tree, "search", search, NULL);
  assert_tree (f, expected);
}

static void
test_search (Fixture       *f,
             gconstpointer  data)
{
  FlintAccount *account = add_account (f, "me@good.test");

  set_roster (account, "<item jid='marta@x.test' name='Marta Kowalska'><group>Design</group></item>"
                       "<item jid='kowal@x.test' name='Tom'><group>Marketing</group></item>"
                       "<item jid='emile@x.test' name='Émile Marx'/>"
                       "<item jid='zoe@x.test' name='Zoe'/>");
  set_show (account, "emile@x.test", XMPP_SHOW_AVAILABLE);

  assert_found (f, "mar", "Marta Kowalska\nÉmile Marx\nTom\n");
  assert_found (f, "kow", "Marta Kowalska\nTom\n");
  assert_found (f, "EMI", "Émile Marx\n");
  assert_found (f, "mar kow", "Marta Kowalska\nTom\n");
  assert_found (f, "arta", "");
  assert_found (f, "design", "Marta Kowalska\n");
  assert_found (f, "x.test z", "Zoe\n");
  assert_found (f, "nobody", "");

  g_object_set (f->tree, "search", "", NULL);
  assert_tree (f, "-Design 0/1\n.Marta Kowalska\n-Marketing 0/1\n.Tom\n-Contacts 1/2\n.Émile Marx\n.Zoe\n");
}

static void
test_selection (Fixture       *f,
                gconstpointer  data)
{
  FlintAccount *account = add_account (f, "me@good.test");
  g_autoptr(FlintTreeRow) row = NULL;
  guint position;

  set_roster (account, PEOPLE);
  flint_contact_tree_flush (f->tree);
  position = flint_contact_tree_find (f->tree, find (account, "dora@x.test"));
  row = g_list_model_get_item (G_LIST_MODEL (f->tree), position);

  set_show (account, "dora@x.test", XMPP_SHOW_AVAILABLE);
  set_roster (account, PEOPLE "<item jid='aaron@x.test' name='Aaron'><group>Alpha</group></item>");
  flint_contact_tree_flush (f->tree);
  position = flint_contact_tree_find (f->tree, find (account, "dora@x.test"));

  {
    g_autoptr(FlintTreeRow) now = g_list_model_get_item (G_LIST_MODEL (f->tree), position);

    g_assert_true (now == row);
  }
}

static void
on_arranged (FlintContactTree *tree,
             guint            *n_arranged)
{
  (*n_arranged)++;
}

/* What is told in several parts is complete when it is said to be */
static void
test_arranged (Fixture       *f,
               gconstpointer  data)
{
  FlintAccount *account = add_account (f, "me@good.test");
  guint n_arranged = 0;

  set_roster (account, PEOPLE);
  flint_contact_tree_flush (f->tree);
  g_signal_connect (f->tree, "arranged", G_CALLBACK (on_arranged), &n_arranged);
  f->n_hunks = 0;
  set_show (account, "bob@x.test", XMPP_SHOW_AVAILABLE);
  set_roster (account, PEOPLE "<item jid='aaron@x.test' name='Aaron'><group>Alpha</group></item>");
  flint_contact_tree_flush (f->tree);
  g_assert_cmpuint (f->n_hunks, >, 1);
  g_assert_cmpuint (n_arranged, ==, 1);

  flint_contact_tree_flush (f->tree);
  g_assert_cmpuint (n_arranged, ==, 1);
}

/* While several are changed nothing is shown of it, but what a person does meanwhile is */
static void
test_changes (Fixture       *f,
              gconstpointer  data)
{
  FlintAccount *account = add_account (f, "me@good.test");
  guint n_rows;

  set_roster (account, PEOPLE);
  flint_contact_tree_flush (f->tree);
  n_rows = f->copy->len;

  flint_contact_tree_begin_changes (f->tree);
  flint_contact_tree_begin_changes (f->tree);
  set_roster (account, "<item jid='ann@x.test' name='Ann' subscription='both'><group>Design</group></item>");
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpuint (f->copy->len, ==, n_rows);
  flint_contact_tree_end_changes (f->tree);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpuint (f->copy->len, ==, n_rows);

  flint_contact_tree_expand_all (f->tree, FALSE);
  g_assert_cmpuint (f->copy->len, ==, 1);
  flint_contact_tree_expand_all (f->tree, TRUE);
  g_assert_cmpuint (f->copy->len, ==, 2);

  set_roster (account, PEOPLE);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpuint (f->copy->len, ==, 2);
  flint_contact_tree_end_changes (f->tree);
  fake_server_wait_until (f->copy->len == n_rows);
}

static gboolean
on_late (gpointer is_late)
{
  *(gboolean *) is_late = TRUE;

  return G_SOURCE_REMOVE;
}

/* Nobody who logs in waits half a second for a list that is there. Whoever comes first is shown at once, and the
 * others together when they have all come.
 */
static void
test_arrival (Fixture       *f,
              gconstpointer  data)
{
  FlintAccount *account = add_account (f, "me@good.test");
  gboolean is_late = FALSE;
  guint timer;

  set_roster (account, PEOPLE);
  flint_contact_tree_flush (f->tree);
  f->n_hunks = 0;

  timer = g_timeout_add (400, on_late, &is_late);
  set_show (account, "bob@x.test", XMPP_SHOW_AVAILABLE);
  g_assert_cmpuint (f->n_hunks, ==, 0);
  while (f->n_hunks == 0 && g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpuint (f->n_hunks, >, 0);

  f->n_hunks = 0;
  set_show (account, "bob@x.test", XMPP_SHOW_OFFLINE);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpuint (f->n_hunks, ==, 0);
  fake_server_wait_until (f->n_hunks > 0);
  g_assert_false (is_late);
  g_source_remove (timer);
}

typedef struct
{
  FlintAccount *account;
  gint64        until;    /* µs */
} Frame;

/* A frame that takes long, and behind it those whom the server has sent meanwhile */
static gboolean
on_frame (gpointer data)
{
  const Frame *frame = data;

  while (g_get_monotonic_time () < frame->until)
    continue;

  return G_SOURCE_REMOVE;
}

static gboolean
on_socket (gpointer data)
{
  const Frame *frame = data;

  set_show (frame->account, "bob@x.test", XMPP_SHOW_AVAILABLE);

  return G_SOURCE_REMOVE;
}

static void
test_long_frame (Fixture       *f,
                 gconstpointer  data)
{
  FlintAccount *account = add_account (f, "me@good.test");
  Frame frame = { account, g_get_monotonic_time () + 100 * G_TIME_SPAN_MILLISECOND };

  set_roster (account, PEOPLE "<item jid='cid@x.test' name='Cid' subscription='both'><group>Design</group></item>");
  flint_contact_tree_flush (f->tree);

  set_show (account, "carl@x.test", XMPP_SHOW_AVAILABLE);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  f->n_hunks = 0;

  set_show (account, "cid@x.test", XMPP_SHOW_AVAILABLE);
  g_idle_add_full (G_PRIORITY_HIGH, on_frame, &frame, NULL);
  g_idle_add_full (G_PRIORITY_DEFAULT, on_socket, &frame, NULL);

  fake_server_wait_until (f->n_hunks > 0);
  g_assert_cmpint (flint_contact_get_show (find (account, "bob@x.test")), ==, XMPP_SHOW_AVAILABLE);

  /* All of them: nothing is left for later */
  f->n_hunks = 0;
  flint_contact_tree_flush (f->tree);
  g_assert_cmpuint (f->n_hunks, ==, 0);
}

static void
test_batched (Fixture       *f,
              gconstpointer  data)
{
  FlintAccount *account = add_account (f, "me@good.test");
  gint64 start;

  set_roster (account, PEOPLE);
  flint_contact_tree_flush (f->tree);
  f->n_hunks = 0;

  /* The first ones after the login come sooner */
  for (guint i = 0; i < 5; i++)
    {
      set_show (account, "bob@x.test", i % 2 == 0 ? XMPP_SHOW_AVAILABLE : XMPP_SHOW_OFFLINE);
      fake_server_wait_until (f->n_hunks > 0);
      f->n_hunks = 0;
    }
  start = g_get_monotonic_time ();

  set_show (account, "dora@x.test", XMPP_SHOW_AVAILABLE);
  set_show (account, "ann@x.test", XMPP_SHOW_AVAILABLE);
  set_show (account, "ann@x.test", XMPP_SHOW_OFFLINE);
  set_show (account, "ann@x.test", XMPP_SHOW_AVAILABLE);
  set_show (account, "bob@x.test", XMPP_SHOW_AWAY);
  g_assert_cmpuint (f->n_hunks, ==, 0);

  fake_server_wait_until (f->n_hunks > 0);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 400 * 1000);

  /* While the pointer rests on the list nothing moves, but what a person asks for happens */
  g_object_set (f->tree, "is-held", TRUE, NULL);
  f->n_hunks = 0;
  set_show (account, "ann@x.test", XMPP_SHOW_OFFLINE);
  start = g_get_monotonic_time ();
  fake_server_wait_until (g_get_monotonic_time () - start > 700 * 1000);
  g_assert_cmpuint (f->n_hunks, ==, 0);

  g_object_set (f->tree, "is-held", FALSE, NULL);
  g_assert_cmpuint (f->n_hunks, >, 0);
}

static void
test_small_changes (Fixture       *f,
                    gconstpointer  data)
{
  FlintAccount *account = add_account (f, "me@good.test");
  g_autoptr(GString) items = g_string_new (NULL);

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (items, "<item jid='c%04u@x.test' name='C%04u'><group>G%u</group></item>", i, i, i % 10);

  set_roster (account, items->str);
  flint_contact_tree_flush (f->tree);
  f->n_hunks = f->n_touched = 0;

  /* One goes up in his group: out there, in here */
  set_show (account, "c0555@x.test", XMPP_SHOW_AVAILABLE);
  flint_contact_tree_flush (f->tree);
  g_assert_cmpuint (f->n_hunks, ==, 2);
  g_assert_cmpuint (f->n_touched, ==, 2);
}

/* Random changes: after each the copy made of the hunks is the tree, and both are what a new tree shows */
static void
change_something (Fixture      *f,
                  FlintAccount *account,
                  GRand        *rand)
{
  static const XmppShow shows[] = { XMPP_SHOW_CHAT, XMPP_SHOW_AVAILABLE, XMPP_SHOW_AWAY, XMPP_SHOW_DND, XMPP_SHOW_OFFLINE, XMPP_SHOW_OFFLINE };
  FlintContactList *contacts = flint_account_get_contacts (account);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (contacts));
  g_autoptr(FlintContact) contact = n > 0 ? g_list_model_get_item (G_LIST_MODEL (contacts), g_rand_int_range (rand, 0, n)) : NULL;
  g_autoptr(GString) items = NULL;

  switch (g_rand_int_range (rand, 0, 12))
    {
    case 0:
      items = g_string_new (NULL);

      for (guint i = 0; i < (guint) g_rand_int_range (rand, 0, 60); i++)
        g_string_append_printf (items, "<item jid='c%u@x.test' name='%c%u'><group>G%d</group><group>G%d::S%d</group></item>",
                                i, 'a' + g_rand_int_range (rand, 0, 26), i, g_rand_int_range (rand, 0, 5),
                                g_rand_int_range (rand, 0, 5), g_rand_int_range (rand, 0, 3));

      set_roster (account, items->str);
      break;

    case 1:
      g_object_set (f->tree, "show-offline", g_rand_boolean (rand), NULL);
      break;

    case 2:
      g_object_set (f->tree, "group-offline", g_rand_boolean (rand), "show-empty-groups", g_rand_boolean (rand), NULL);
      break;

    case 3:
      g_object_set (f->tree, "search", g_rand_boolean (rand) ? "a" : NULL, NULL);
      break;

    case 4:
      if (f->copy->len > 0)
        flint_contact_tree_set_expanded (f->tree, g_ptr_array_index (f->copy, g_rand_int_range (rand, 0, f->copy->len)), g_rand_boolean (rand));
      break;

    case 5:
      if (contact != NULL)
        flint_contact_list_set_unread (contacts, contact, g_rand_int_range (rand, 0, 3));
      break;

    default:
      if (contact != NULL)
        tell (account, contact, shows[g_rand_int_range (rand, 0, G_N_ELEMENTS (shows))]);
    }
}

static void
assert_same_as_new (Fixture *f)
{
  g_autoptr(FlintContactTree) fresh = flint_contact_tree_new (f->accounts.list);
  g_autofree char *expected = NULL;
  g_autofree char *text = NULL;
  g_autofree char *search = NULL;
  g_auto(GStrv) collapsed = NULL;
  gboolean show_offline;
  gboolean show_empty;
  gboolean group_offline;

  flint_contact_tree_flush (f->tree);
  g_object_get (f->tree, "show-offline", &show_offline, "show-empty-groups", &show_empty, "group-offline", &group_offline,
                "search", &search, "collapsed", &collapsed, NULL);
  g_object_set (fresh, "show-offline", show_offline, "show-empty-groups", show_empty, "group-offline", group_offline,
                "search", search, "collapsed", collapsed, NULL);
  flint_contact_tree_flush (fresh);

  text = describe (G_LIST_MODEL (f->tree));
  expected = describe (G_LIST_MODEL (fresh));
  g_assert_cmpstr (text, ==, expected);
}

/* A row knows whether it is shown, also one that is no more */
static void
assert_rows_know (Fixture    *f,
                  GHashTable *ever)
{
  g_autoptr(GHashTable) shown = g_hash_table_new (NULL, NULL);
  GHashTableIter iter;
  gpointer row;

  for (guint i = 0; i < f->copy->len; i++)
    {
      g_hash_table_add (shown, g_ptr_array_index (f->copy, i));
      g_hash_table_add (ever, g_object_ref (g_ptr_array_index (f->copy, i)));
    }

  g_hash_table_iter_init (&iter, ever);
  while (g_hash_table_iter_next (&iter, &row, NULL))
    g_assert_true (flint_tree_row_is_shown (row) == g_hash_table_contains (shown, row));
}

static void
test_random (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr(GHashTable) ever = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  FlintAccount *accounts[] = { add_account (f, "one@good.test"), add_account (f, "two@good.test") };
  g_autoptr(GRand) rand = g_rand_new_with_seed (20260101);

  for (guint i = 0; i < 1500; i++)
    {
      for (int j = g_rand_int_range (rand, 1, 5); j > 0; j--)
        change_something (f, accounts[g_rand_int_range (rand, 0, 2)], rand);

      assert_same_as_new (f);
      g_assert_cmpuint (f->copy->len, ==, g_list_model_get_n_items (G_LIST_MODEL (f->tree)));
      assert_rows_know (f, ever);

      for (guint j = 0; j < f->copy->len; j++)
        {
          g_autoptr(FlintTreeRow) row = g_list_model_get_item (G_LIST_MODEL (f->tree), j);

          g_assert_true (row == g_ptr_array_index (f->copy, j));
        }
    }
}

static void
test_large (Fixture       *f,
            gconstpointer  data)
{
  FlintAccount *account = add_account (f, "me@good.test");
  FlintContactList *contacts = flint_account_get_contacts (account);
  g_autoptr(GString) items = g_string_new (NULL);
  gint64 start;
  gint64 spent;

  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (items, "<item jid='c%05u@x.test' name='Name %05u'><group>Group %u</group></item>", i, (i * 7919) % 10000, i % 100);

  set_roster (account, items->str);
  flint_contact_tree_flush (f->tree);
  g_assert_cmpuint (f->copy->len, ==, 10100);

  for (guint i = 0; i < 10000; i += 20)
    {
      g_autoptr(FlintContact) contact = g_list_model_get_item (G_LIST_MODEL (contacts), i);

      tell (account, contact, XMPP_SHOW_AVAILABLE);
    }

  start = g_get_monotonic_time ();
  flint_contact_tree_flush (f->tree);
  spent = g_get_monotonic_time () - start;
  g_test_message ("500 of 10,000 came: %" G_GINT64_FORMAT " µs", spent);

  /* Ten times what it takes, for slow machines and sanitizers */
  g_assert_cmpint (spent, <, 250 * 1000);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add ("/core/contact-tree/" path, Fixture, NULL, set_up, func, tear_down)

  ADD ("groups-are-nested-and-a-contact-is-in-each-of-its-own", test_groups);
  ADD ("who-is-online-stands-first-then-by-name", test_order);
  ADD ("who-is-offline-is-hidden-set-apart-or-not", test_offline);
  ADD ("the-list-from-last-time-is-shown-before-the-login", test_before_login);
  ADD ("groups-can-be-folded", test_folding);
  ADD ("two-accounts-have-headings", test_accounts);
  ADD ("strange-names-of-groups-lose-nobody", test_strange_groups);
  ADD ("searching-makes-a-flat-list", test_search);
  ADD ("a-row-is-the-same-object-while-it-is-shown", test_selection);
  ADD ("it-says-when-all-is-told", test_arranged);
  ADD ("several-changes-are-shown-together", test_changes);
  ADD ("who-is-there-is-shown-soon-after-a-login", test_arrival);
  ADD ("a-long-frame-is-no-silence", test_long_frame);
  ADD ("presence-moves-rows-twice-a-second-and-not-under-the-pointer", test_batched);
  ADD ("only-what-differs-is-told", test_small_changes);
  ADD ("after-any-changes-it-is-what-a-new-one-would-be", test_random);
  ADD ("ten-thousand-contacts-take-milliseconds", test_large);

  return g_test_run ();
}
