/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "app-input.h"
#include "chat-fixture.h"

#include "flint-chat-page.h"
#include "flint-chat-window.h"
#include "flint-link-label.h"
#include "flint-message-row.h"

#include <string.h>
#include <time.h>

static void
add (FlintTimeline *timeline,
     const char    *text)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new ("bob@peer.test/x", NULL);
  g_autoptr(FlintMessage) message = flint_message_new (FLINT_MESSAGE_TEXT, NULL, text, "Bob", jid, FALSE, g_get_real_time ());

  flint_timeline_add (timeline, message);
}

static FlintTimeline *
get_timeline (GtkWidget *page)
{
  return flint_conversation_get_timeline (flint_chat_page_get_conversation (FLINT_CHAT_PAGE (page)));
}

static void
say (GtkWidget  *page,
     const char *text)
{
  add (get_timeline (page), text);
}

/* So many lines, each with a length of its own; "needle" is in those whose number ends in 3 */
static void
fill_timeline (FlintTimeline *timeline,
               guint          n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *hay = g_strnfill (i % 7 * 40, 'h');
      g_autofree char *text = g_strdup_printf ("line %u %s%s", i, i % 10 == 3 ? "Needle " : "", hay);

      add (timeline, text);
    }
}

static void
fill (GtkWidget *page,
      guint      n)
{
  fill_timeline (get_timeline (page), n);
}

static const char *
get_count (GtkWidget *page)
{
  return gtk_label_get_label (GTK_LABEL (app_find (page, "count_label")));
}

typedef struct
{
  GtkWidget  *page;
  const char *count;
} Count;

static gboolean
has_count (gpointer data)
{
  Count *count = data;

  return g_str_equal (get_count (count->page), count->count);
}

static void
wait_for_count (GtkWidget  *page,
                const char *text)
{
  Count count = { page, text };

  if (!app_wait (has_count, &count))
    g_error ("“%s” instead of “%s”", get_count (page), text);
  app_settle (gtk_widget_get_root (page));
}

static GtkWidget *
find_found (GtkWidget *widget)
{
  GtkWidget *found = NULL;

  if (FLINT_IS_MESSAGE_ROW (widget))
    return gtk_widget_has_css_class (app_find (widget, "message_box"), "found") &&
           flint_message_row_get_message (FLINT_MESSAGE_ROW (widget)) != NULL ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_found (child);

  return found;
}

static const char *
get_body (GtkWidget *row)
{
  return flint_link_label_get_text (FLINT_LINK_LABEL (app_find (row, "body")));
}

/* The whole row is in sight */
static gboolean
is_in_sight (GtkWidget *page,
             GtkWidget *row)
{
  graphene_rect_t bounds;

  return gtk_widget_compute_bounds (row, app_find (page, "scroller"), &bounds) && bounds.origin.y >= 0 &&
         bounds.origin.y + bounds.size.height <= gtk_widget_get_height (app_find (page, "scroller"));
}

/* The hit where one is: in sight, and nothing else is marked as being it */
static void
assert_at (GtkWidget  *page,
           const char *beginning)
{
  GtkWidget *row = find_found (page);

  g_assert_nonnull (row);
  if (!g_str_has_prefix (get_body (row), beginning))
    g_error ("“%s” instead of “%s”", get_body (row), beginning);
  g_assert_true (is_in_sight (page, row));
}

/* What is marked in a row, each between brackets */
static char *
get_marked (GtkWidget *row)
{
  PangoAttrList *attributes = gtk_label_get_attributes (flint_link_label_get_label (FLINT_LINK_LABEL (app_find (row, "body"))));
  g_autoptr(PangoAttrList) copy = pango_attr_list_copy (attributes);
  GSList *list = pango_attr_list_get_attributes (copy);
  GString *marked = g_string_new (NULL);

  for (GSList *l = list; l != NULL; l = l->next)
    {
      PangoAttribute *attribute = l->data;

      if (attribute->klass->type == PANGO_ATTR_BACKGROUND)
        g_string_append_printf (marked, "[%.*s]", (int) (attribute->end_index - attribute->start_index),
                                get_body (row) + attribute->start_index);
    }
  g_slist_free_full (list, (GDestroyNotify) pango_attribute_destroy);

  return g_string_free (marked, FALSE);
}

static gboolean
has_focus (GtkWidget  *page,
           const char *id)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (page));
  GtkWidget *widget = app_find (page, id);

  return focus != NULL && (focus == widget || gtk_widget_is_ancestor (focus, widget));
}

static void
test_keys (ChatFixture   *self,
           gconstpointer  data)
{
  GtkWidget *page = chat_open (self, "bob@peer.test");
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (page));

  fill (page, 60);
  app_settle (window);
  app_key (window, "<Control>f");
  g_assert_true (has_focus (page, "search"));
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (app_find (window, "search_button"))));

  app_type_keys (window, "needle");
  wait_for_count (page, "1 of 6");
  assert_at (page, "line 53 ");
  app_key (window, "Return");
  wait_for_count (page, "2 of 6");
  assert_at (page, "line 43 ");
  app_key (window, "<Control>g");
  wait_for_count (page, "3 of 6");
  assert_at (page, "line 33 ");
  app_key (window, "<Shift>Return");
  wait_for_count (page, "2 of 6");
  app_key (window, "<Control><Shift>g");
  wait_for_count (page, "1 of 6");
  assert_at (page, "line 53 ");
  /* behind the last comes the first */
  app_key (window, "<Shift>Return");
  wait_for_count (page, "6 of 6");
  assert_at (page, "line 3 ");

  app_key (window, "Escape");
  app_settle (window);
  g_assert_true (has_focus (page, "composer"));
  g_assert_false (app_is_shown (app_find (page, "count_label")));
  g_assert_null (find_found (page));
  g_assert_false (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (app_find (window, "search_button"))));

  /* opened again, it is ready for other words */
  app_key (window, "<Control>f");
  app_type_keys (window, "line 5");
  wait_for_count (page, "1 of 11");
  app_key (window, "Escape");

  /* they are not words of a message */
  app_type_keys (window, "hi");
  app_key (window, "Escape");
  g_assert_true (has_focus (page, "composer"));
}

static void
test_buttons (ChatFixture   *self,
              gconstpointer  data)
{
  GtkWidget *page = chat_open (self, "bob@peer.test");
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (page));

  fill (page, 30);
  app_click_with (app_find (window, "search_button"), 1);
  g_assert_true (has_focus (page, "search"));
  g_assert_false (gtk_widget_get_sensitive (app_find (page, "earlier_button")));
  app_type_keys (window, "needle");
  wait_for_count (page, "1 of 3");
  app_click_with (app_find (page, "earlier_button"), 1);
  wait_for_count (page, "2 of 3");
  app_click_with (app_find (page, "later_button"), 1);
  wait_for_count (page, "1 of 3");
  assert_at (page, "line 23 ");
  app_click_with (app_find (page, "later_button"), 1);
  wait_for_count (page, "3 of 3");
  g_assert_true (app_is_shown (app_find (page, "jump_revealer")));
  app_click_with (app_find (window, "search_button"), 1);
  app_settle (window);
  g_assert_false (app_is_shown (app_find (page, "count_label")));
  g_assert_true (has_focus (page, "composer"));
}

static void
test_marked (ChatFixture   *self,
             gconstpointer  data)
{
  static const struct
  {
    const char *words;
    const char *text;
    const char *marked;
  } cases[] = {
    { "纸样",  "中午到的纸样，纸样很好",        "[纸样][纸样]" },
    { "ａｂｃ", "See ABC and abc",        "[ABC][abc]" },
    { "cafe",  "the Café",                      "[Café]" },
    { "waves", "/me waves",                     "[waves]" },
    { "<b>",   "<b>bold</b> &amp;",             "[<b>]" },
    { "good",  "see https://good.test/ good",   "[good][good]" },
  };
  GtkWidget *page = chat_open (self, "bob@peer.test");
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (page));

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *marked = NULL;

      say (page, cases[i].text);
      app_settle (window);
      app_key (window, "<Control>f");
      app_fill (app_find (page, "entry"), cases[i].words);
      wait_for_count (page, "1 of 1");
      marked = get_marked (find_found (page));
      g_assert_cmpstr (marked, ==, cases[i].marked);
      app_key (window, "Escape");
    }
}

static gboolean
is_at_end (gpointer page)
{
  return !gtk_revealer_get_reveal_child (GTK_REVEALER (app_find (page, "jump_revealer")));
}

static void
test_none (ChatFixture   *self,
           gconstpointer  data)
{
  GtkWidget *page = chat_open (self, "bob@peer.test");
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (page));
  g_autofree char *spoken = NULL;

  fill (page, 30);
  app_key (window, "<Control>f");
  app_type_keys (window, "nobody said this");
  wait_for_count (page, "Not found");
  g_assert_false (gtk_widget_get_sensitive (app_find (page, "later_button")));
  spoken = gtk_test_accessible_check_property (GTK_ACCESSIBLE (app_find (page, "entry")), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "Not found");
  g_assert_null (spoken);
  app_key (window, "Return");
  wait_for_count (page, "Not found");

  /* until somebody does; at the end there is nowhere to jump to */
  say (page, "But nobody said this");
  wait_for_count (page, "1 of 1");
  assert_at (page, "But nobody");
  g_assert_true (app_wait (is_at_end, page));
}

/* A hit far down in a message that is folded is shown all the same */
static void
test_folded (ChatFixture   *self,
             gconstpointer  data)
{
  GtkWidget *page = chat_open (self, "bob@peer.test");
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (page));
  GString *text = g_string_new ("first\n");
  g_autofree char *marked = NULL;

  for (guint i = 0; i < 60; i++)
    g_string_append (text, "hay\n");
  g_string_append (text, "the needle\n");
  for (guint i = 0; i < 300; i++)
    g_string_append (text, "hay\n");
  say (page, text->str);
  g_string_free (text, TRUE);

  app_key (window, "<Control>f");
  app_type_keys (window, "needle");
  wait_for_count (page, "1 of 1");
  marked = get_marked (find_found (page));
  g_assert_cmpstr (marked, ==, "[needle]");
  g_assert_true (app_is_shown (app_find (find_found (page), "more_button")));
}

/* Before there is a window: while it looks, each new message has its price */
static GtkWidget *
open_full (ChatFixture *self,
           guint        n)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new ("bob@peer.test", NULL);
  FlintConversation *conversation = flint_core_open_chat (self->core, self->me->account, jid);

  add (flint_conversation_get_timeline (conversation), "the oldest word of all");
  fill_timeline (flint_conversation_get_timeline (conversation), n);

  return chat_show (self, conversation);
}

static gint64
get_cpu_time (void)
{
  return (gint64) clock () * G_USEC_PER_SEC / CLOCKS_PER_SEC;
}

/* The sanitizers see as much in a fifth of it, in less than ten minutes */
#ifdef __SANITIZE_ADDRESS__
#define MANY 9990
#else
#define MANY 49990
#endif

/* Most of what is found was never on screen, and nothing is held up by looking for it */
static void
test_many (ChatFixture   *self,
           gconstpointer  data)
{
  GtkWidget *page = open_full (self, MANY);
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (page));
  g_autofree char *found = g_strdup_printf ("1 of %d", MANY / 10);
  g_autofree char *line = g_strdup_printf ("line %d ", MANY - 7);
  Count count = { page, found };
  gint64 worst = 0;

  app_key (window, "<Control>f");
  app_fill (app_find (page, "entry"), "needle");
  while (!has_count (&count))
    {
      gint64 start = get_cpu_time ();

      g_main_context_iteration (NULL, TRUE);
      worst = MAX (worst, get_cpu_time () - start);
    }
  g_test_message ("the longest turn took %d ms", (int) (worst / 1000));
  app_settle (window);
  assert_at (page, line);

  app_fill (app_find (page, "entry"), "oldest word");
  wait_for_count (page, "1 of 1");
  assert_at (page, "the oldest word");
}

/* Its tab goes to another window, and the search with it; another tab has one of its own */
static void
test_tabs (ChatFixture   *self,
           gconstpointer  data)
{
  GtkWidget *page = chat_open (self, "bob@peer.test");
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (page));

  fill (page, 30);
  app_key (window, "<Control>f");
  app_type_keys (window, "needle");
  wait_for_count (page, "1 of 3");

  chat_open (self, "ann@peer.test");
  g_assert_false (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (app_find (window, "search_button"))));
  page = chat_open (self, "bob@peer.test");
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (app_find (window, "search_button"))));

  app_act (page, "tab.detach");
  window = GTK_WIDGET (gtk_widget_get_root (page));
  g_assert_true (app_focus (window));
  app_settle (window);
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (app_find (window, "search_button"))));
  wait_for_count (page, "1 of 3");
  app_act (page, "chat.search-earlier");
  wait_for_count (page, "2 of 3");
  assert_at (page, "line 13 ");
}

/* Closed while it looks, with its window */
static void
test_closed (ChatFixture   *self,
             gconstpointer  data)
{
  GtkWidget *page = open_full (self, 10000);
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (page));

  app_key (window, "<Control>f");
  app_fill (app_find (page, "entry"), "needle");
  app_act (page, "chat.search-earlier");
  chat_close_all (self);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  chat_test_add ("/app/chat-search/by-keys-alone", test_keys);
  chat_test_add ("/app/chat-search/by-buttons", test_buttons);
  chat_test_add ("/app/chat-search/what-was-found-is-marked-in-its-message", test_marked);
  chat_test_add ("/app/chat-search/what-was-not-said-is-not-found", test_none);
  chat_test_add ("/app/chat-search/a-folded-message-unfolds", test_folded);
  chat_test_add ("/app/chat-search/fifty-thousand-messages-hold-up-nothing", test_many);
  chat_test_add ("/app/chat-search/each-tab-has-its-own", test_tabs);
  chat_test_add ("/app/chat-search/it-ends-with-its-window", test_closed);

  return chat_test_run ();
}
