/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "app-input.h"
#include "chat-fixture.h"

#include "flint-chat-page.h"
#include "flint-chat-window.h"
#include "flint-link-label.h"
#include "flint-message-row.h"
#include "flint-whole-text-window.h"

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

static gint64
get_cpu_time (void)
{
  return (gint64) clock () * G_USEC_PER_SEC / CLOCKS_PER_SEC;
}

/* A picture, for whoever asks for one */
static void
shoot (gpointer    window,
       const char *name)
{
  const char *folder = g_getenv ("FLINT_TEST_PICTURES");
  g_autoptr(GError) error = NULL;
  g_autofree char *file = NULL;
  g_autofree char *path = NULL;

  if (folder == NULL)
    return;

  file = g_strconcat (name, ".png", NULL);
  path = g_build_filename (folder, file, NULL);
  app_settle (window);
  app_take_picture (window, path, &error);
  g_assert_no_error (error);
}

/* The sanitizers see as much in a fifth of it, in less than ten minutes */
#ifdef __SANITIZE_ADDRESS__
#define MANY 9990
#define N_LETTERS 200000
#else
#define MANY 49990
#define N_LETTERS 1000000
#endif

/* All of a long text */

#define N_LINES 2000

/* A message with a number in each line: the words stand in these lines instead */
static char *
make_long (const char *words,
           guint       n_places,
           const guint places[])
{
  GString *text = g_string_new (NULL);

  for (guint i = 0, place = 0; i < N_LINES; i++)
    {
      if (place < n_places && places[place] == i)
        {
          g_string_append_printf (text, "here %s stands\n", words);
          place++;
        }
      else
        {
          g_string_append_printf (text, "the line number %u of the hay\n", i);
        }
    }

  return g_string_free (text, FALSE);
}

static GtkTextBuffer *
get_buffer (gpointer window)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (app_find (window, "text_view")));
}

static gboolean
is_painted (const GtkTextIter *at,
            gboolean           is_current)
{
  g_autoptr(GSList) tags = gtk_text_iter_get_tags (at);

  for (GSList *l = tags; l != NULL; l = l->next)
    {
      g_autoptr(GdkRGBA) color = NULL;

      g_object_get (l->data, "background-rgba", &color, NULL);
      if (color != NULL && (color->alpha == 1) == is_current)
        return TRUE;
    }

  return FALSE;
}

/* What is painted like the hit where one is, or like the others: on opaque yellow, or pale */
static char *
get_painted (gpointer window,
             gboolean is_current)
{
  GtkTextIter from;
  GString *painted = g_string_new (NULL);

  gtk_text_buffer_get_start_iter (get_buffer (window), &from);
  while (!gtk_text_iter_is_end (&from))
    {
      GtkTextIter to = from;
      g_autofree char *text = NULL;

      gtk_text_iter_forward_to_tag_toggle (&to, NULL);
      text = gtk_text_iter_get_text (&from, &to);
      if (is_painted (&from, is_current))
        g_string_append (painted, text);
      from = to;
    }

  return g_string_free (painted, FALSE);
}

typedef struct
{
  GtkWidget *window;
  int        line;
} Line;

/* The place where one is: in this line, and on screen */
static gboolean
is_at_line (gpointer data)
{
  Line *line = data;
  GtkTextView *view = GTK_TEXT_VIEW (app_find (line->window, "text_view"));
  GtkTextIter at;
  GdkRectangle place;
  GdkRectangle seen;

  gtk_text_buffer_get_iter_at_mark (get_buffer (line->window), &at, gtk_text_buffer_get_insert (get_buffer (line->window)));
  gtk_text_view_get_iter_location (view, &at, &place);
  gtk_text_view_get_visible_rect (view, &seen);

  return gtk_text_iter_get_line (&at) == line->line && place.y >= seen.y && place.y + place.height <= seen.y + seen.height;
}

static void
wait_for_line (gpointer window,
               int      number)
{
  Line line = { window, number };

  if (!app_wait (is_at_line, &line))
    g_error ("It is not at line %d", number);
}

static void
assert_painted (gpointer    window,
                const char *current,
                const char *others)
{
  g_autofree char *strong = get_painted (window, TRUE);
  g_autofree char *pale = get_painted (window, FALSE);

  g_assert_cmpstr (strong, ==, current);
  g_assert_cmpstr (pale, ==, others);
}

static GtkWidget *
get_whole (void)
{
  GtkWindow *window = app_find_window (FLINT_TYPE_WHOLE_TEXT_WINDOW);

  g_assert_nonnull (window);
  g_assert_true (app_focus (window));
  app_settle (window);

  return GTK_WIDGET (window);
}

/* Where no row shows the hit, the search leads to all of the message, and to the hit in it */
static void
test_deep (ChatFixture   *self,
           gconstpointer  data)
{
  static const guint places[] = { 900, 1500 };
  g_autofree char *text = make_long ("the Needle", 2, places);
  GtkWidget *page = chat_open (self, "bob@peer.test");
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (page));
  GtkWidget *whole;

  say (page, text);
  app_key (window, "<Control>f");
  app_type_keys (window, "needle");
  wait_for_count (page, "1 of 1");
  g_assert_true (app_is_shown (app_find (page, "deep_button")));
  g_assert_nonnull (app_find_text (page, "further down"));
  chat_assert_named (window);
  shoot (window, "search-deep");

  /* by the keyboard: from the field over its two buttons */
  app_key (window, "Tab");
  app_key (window, "Tab");
  app_key (window, "Tab");
  g_assert_true (has_focus (page, "deep_button"));
  app_key (window, "Return");
  whole = get_whole ();
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (app_find (whole, "entry"))), ==, "needle");
  wait_for_count (whole, "1 of 2");
  wait_for_line (whole, 900);
  assert_painted (whole, "Needle", "Needle");
  g_assert_true (has_focus (whole, "entry"));
  shoot (whole, "search-whole");

  /* the hit is in the whole text all the same when it is opened from its row */
  app_key (whole, "Escape");
  app_key (whole, "Escape");
  app_settle (window);
  g_assert_null (app_find_window (FLINT_TYPE_WHOLE_TEXT_WINDOW));
  app_click (app_find (find_found (page), "more_button"));
  whole = get_whole ();
  wait_for_count (whole, "1 of 2");
  wait_for_line (whole, 900);
  gtk_window_close (GTK_WINDOW (whole));
}

/* What a row shows needs no other way, nor what was not found, nor a closed search */
static void
test_not_deep (ChatFixture   *self,
               gconstpointer  data)
{
  static const guint places[] = { 30, 1500 };
  g_autofree char *text = make_long ("needle", 2, places);
  GtkWidget *page = chat_open (self, "bob@peer.test");
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (page));
  GtkWidget *button = app_find (page, "deep_button");

  say (page, text);
  app_key (window, "<Control>f");
  app_fill (app_find (page, "entry"), "needle");
  wait_for_count (page, "1 of 1");
  g_assert_false (app_is_shown (button));
  app_fill (app_find (page, "entry"), "number 1999");
  wait_for_count (page, "1 of 1");
  g_assert_true (app_is_shown (button));
  app_fill (app_find (page, "entry"), "number 2000");
  wait_for_count (page, "Not found");
  g_assert_false (app_is_shown (button));
  app_fill (app_find (page, "entry"), "number 1999");
  wait_for_count (page, "1 of 1");
  app_key (window, "Escape");
  app_settle (window);
  g_assert_false (app_is_shown (button));
}

static GtkWidget *
open_whole (ChatFixture *self,
            const char  *text)
{
  GtkWidget *page = chat_open (self, "bob@peer.test");
  GtkWindow *window = flint_whole_text_window_new (GTK_WINDOW (gtk_widget_get_root (page)), "A long text", text);

  gtk_window_present (window);

  return get_whole ();
}

static void
test_whole_keys (ChatFixture   *self,
                 gconstpointer  data)
{
  static const guint places[] = { 3, 700, 1100, 1990 };
  g_autofree char *text = make_long ("needle", 4, places);
  GtkWidget *window = open_whole (self, text);
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (window));

  g_assert_false (app_is_shown (app_find (window, "entry")));
  app_key (window, "<Control>f");
  g_assert_true (has_focus (window, "entry"));
  chat_assert_named (window);
  app_type_keys (window, "needle");
  wait_for_count (window, "1 of 4");
  wait_for_line (window, 3);
  assert_painted (window, "needle", "needleneedleneedle");
  shoot (window, "whole-text-search");
  app_key (window, "Return");
  wait_for_count (window, "2 of 4");
  wait_for_line (window, 700);
  app_key (window, "<Control>g");
  wait_for_count (window, "3 of 4");
  app_key (window, "<Shift>Return");
  wait_for_count (window, "2 of 4");
  app_key (window, "<Shift>Return");
  app_key (window, "<Shift>Return");
  wait_for_count (window, "4 of 4");
  wait_for_line (window, 1990);
  app_click_with (app_find (window, "later_button"), 1);
  wait_for_count (window, "1 of 4");

  app_key (window, "<Control>f");
  app_type_keys (window, "no such thing");
  wait_for_count (window, "Not found");
  assert_painted (window, "", "");

  /* one at a time: the search, then the window */
  app_key (window, "Escape");
  app_settle (window);
  g_assert_false (app_is_shown (app_find (window, "entry")));
  g_assert_true (has_focus (window, "text_view"));
  app_click_with (app_find (window, "search_button"), 1);
  app_type_keys (window, "1234");
  wait_for_count (window, "1 of 1");
  wait_for_line (window, 1234);
  app_click_with (app_find (window, "search_button"), 1);
  app_settle (window);
  assert_painted (window, "", "");
  app_key (window, "<Control>f");
  gtk_widget_grab_focus (app_find (window, "text_view"));
  app_key (window, "<Control>g");
  app_key (window, "Escape");
  g_assert_false (app_is_shown (app_find (window, "entry")));
  app_key (window, "Escape");
  app_settle (parent);
  g_assert_null (app_find_window (FLINT_TYPE_WHOLE_TEXT_WINDOW));
}

static void
assert_found (GtkWidget  *window,
              const char *words,
              const char *shown)
{
  g_autofree char *painted = NULL;

  app_fill (app_find (window, "entry"), words);
  wait_for_count (window, "1 of 1");
  painted = get_painted (window, TRUE);
  g_assert_cmpstr (painted, ==, shown);
}

/* Long lines are broken to be shown: what stands over a break is found, and marked on both sides of it */
static void
test_broken (ChatFixture   *self,
             gconstpointer  data)
{
  GString *text = g_string_new ("first\n");
  GtkWidget *window;
  guint n_breaks;

  for (guint i = 0; i < 3000; i++)
    g_string_append_printf (text, "%04u,", i);
  window = open_whole (self, text->str);
  g_string_free (text, TRUE);
  n_breaks = gtk_text_buffer_get_line_count (get_buffer (window)) - 2;
  g_assert_cmpuint (n_breaks, >, 4);

  app_key (window, "<Control>f");
  for (guint i = 1; i <= n_breaks; i++)
    {
      GtkTextIter start;
      GtkTextIter end;
      g_autofree char *shown = NULL;
      g_auto(GStrv) parts = NULL;
      g_autofree char *words = NULL;

      gtk_text_buffer_get_iter_at_line (get_buffer (window), &start, i + 1);
      end = start;
      gtk_text_iter_backward_chars (&start, 1 + 6);
      gtk_text_iter_forward_chars (&end, 6);
      shown = gtk_text_buffer_get_text (get_buffer (window), &start, &end, FALSE);
      parts = g_strsplit (shown, "\n", -1);
      g_assert_cmpuint (g_strv_length (parts), ==, 2);
      words = g_strjoinv (NULL, parts);
      assert_found (window, words, shown);
    }
  gtk_window_close (GTK_WINDOW (window));
}

/* What is not shown as it came: directions turned around, characters that break lines, and those that nobody sees */
static void
test_odd (ChatFixture   *self,
          gconstpointer  data)
{
  GtkWidget *window = open_whole (self, "a\rb\342\200\251c\342\200\256 right-to-left \342\200\254the end\n"
                                        "long\342\200\213word, \001 and Cafe\314\201 at last");

  app_key (window, "<Control>f");
  assert_found (window, "the end", "the end");
  assert_found (window, "longword", "long\342\200\213word");
  assert_found (window, "cafe", "Cafe\314\201");
  assert_found (window, "at last", "at last");
  gtk_window_close (GTK_WINDOW (window));
}

/* A letter that is everywhere in a megabyte: it is counted, and as many as one sees are marked */
static void
test_whole_hostile (ChatFixture   *self,
                    gconstpointer  data)
{
  g_autofree char *text = g_strnfill (N_LETTERS, 'a');
  g_autofree char *first = g_strdup_printf ("1 of %d", N_LETTERS);
  g_autofree char *last = g_strdup_printf ("%d of %d", N_LETTERS, N_LETTERS);
  GtkWidget *window = open_whole (self, text);
  Count count = { window, first };
  g_autofree char *painted = NULL;
  gint64 worst = 0;

  app_key (window, "<Control>f");
  app_fill (app_find (window, "entry"), "a");
  while (!has_count (&count))
    {
      gint64 start = get_cpu_time ();

      g_main_context_iteration (NULL, TRUE);
      worst = MAX (worst, get_cpu_time () - start);
    }
  g_test_message ("the longest turn took %d ms", (int) (worst / 1000));
  app_key (window, "<Shift>Return");
  wait_for_count (window, last);
  painted = get_painted (window, FALSE);
  g_assert_cmpuint (strlen (painted), <=, 500);

  /* closed while it looks */
  app_fill (app_find (window, "entry"), "b");
  g_main_context_iteration (NULL, FALSE);
  gtk_window_close (GTK_WINDOW (window));
  while (g_main_context_iteration (NULL, FALSE))
    continue;
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
  chat_test_add ("/app/chat-search/what-no-row-shows-is-shown-in-the-whole-message", test_deep);
  chat_test_add ("/app/chat-search/what-a-row-shows-needs-no-other-way", test_not_deep);
  chat_test_add ("/app/whole-text/it-is-searched-by-keys-alone", test_whole_keys);
  chat_test_add ("/app/whole-text/what-stands-over-a-break-is-found", test_broken);
  chat_test_add ("/app/whole-text/odd-characters-do-not-lead-astray", test_odd);
  chat_test_add ("/app/whole-text/T068-a-letter-that-is-everywhere-holds-nothing-up", test_whole_hostile);
  chat_test_add ("/app/chat-search/fifty-thousand-messages-hold-up-nothing", test_many);
  chat_test_add ("/app/chat-search/each-tab-has-its-own", test_tabs);
  chat_test_add ("/app/chat-search/it-ends-with-its-window", test_closed);

  return chat_test_run ();
}
