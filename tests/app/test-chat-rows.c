/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a message looks like. With FLINT_TEST_PICTURES=DIR it leaves pictures. */
#include "flint-config.h"

#include "app-input.h"
#include "chat-fixture.h"

#include "flint-chat-page.h"
#include "flint-link-label.h"
#include "flint-message-row.h"
#include "flint-quotes.h"
#include "flint-room.h"
#include "flint-whole-text-window.h"

#include <string.h>

#define BOB "bob@peer.test"

static FlintConversation *
get_conversation (GtkWidget *page)
{
  return flint_chat_page_get_conversation (FLINT_CHAT_PAGE (page));
}

static GtkWidget *
get_last_row (GtkWidget *page)
{
  GtkWidget *row;

  app_settle (gtk_widget_get_root (page));
  row = chat_find_row (page, test_conversation_last (get_conversation (page)));
  g_assert_nonnull (row);

  return row;
}

static void
shoot (GtkWidget  *page,
       const char *name)
{
  const char *folder = g_getenv ("FLINT_TEST_PICTURES");
  g_autofree char *file = g_strconcat (name, ".png", NULL);
  g_autofree char *path = folder != NULL ? g_build_filename (folder, file, NULL) : NULL;
  g_autoptr(GError) error = NULL;

  if (path == NULL)
    return;

  app_settle (gtk_widget_get_root (page));
  app_take_picture (gtk_widget_get_root (page), path, &error);
  g_assert_no_error (error);
}

static guint
get_depth (GtkWidget *widget)
{
  guint depth = 0;

  for (GtkWidget *parent = widget; !FLINT_IS_MESSAGE_ROW (parent); parent = gtk_widget_get_parent (parent))
    depth += gtk_widget_has_css_class (parent, "quote") ? 1 : 0;

  return depth;
}

static void
collect_labels (GtkWidget *widget,
                GPtrArray *labels)
{
  if (FLINT_IS_LINK_LABEL (widget) && app_is_shown (widget))
    g_ptr_array_add (labels, widget);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    collect_labels (child, labels);
}

static GPtrArray *
get_labels (GtkWidget *row)
{
  GPtrArray *labels = g_ptr_array_new ();

  collect_labels (row, labels);

  return labels;
}

static FlintLinkLabel *
get_label (GtkWidget *row,
           guint      number)
{
  g_autoptr(GPtrArray) labels = get_labels (row);

  g_assert_cmpuint (number, <, labels->len);

  return g_ptr_array_index (labels, number);
}

/* What is seen: "plain | 1 quoted | 2 quoted in a quote" */
static char *
describe (GtkWidget *row)
{
  g_autoptr(GPtrArray) labels = get_labels (row);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < labels->len; i++)
    {
      if (i > 0)
        g_string_append (text, " | ");
      if (get_depth (g_ptr_array_index (labels, i)) > 0)
        g_string_append_printf (text, "%u ", get_depth (g_ptr_array_index (labels, i)));
      g_string_append (text, flint_link_label_get_text (g_ptr_array_index (labels, i)));
    }

  return g_string_free (text, FALSE);
}

static void
assert_row (GtkWidget  *row,
            const char *expected)
{
  g_autofree char *found = describe (row);

  g_assert_cmpstr (found, ==, expected);
}

static char *
get_clipboard (GtkWidget *widget)
{
  GdkContentProvider *content = gdk_clipboard_get_content (gtk_widget_get_clipboard (widget));
  g_auto(GValue) value = G_VALUE_INIT;

  g_assert_nonnull (content);
  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (gdk_content_provider_get_value (content, &value, NULL));

  return g_value_dup_string (&value);
}

/* Quotes */

static void
test_quotes (ChatFixture   *self,
             gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);

  chat_receive (self, BOB "/x", "Shall we meet at noon?");
  chat_receive (self, BOB "/x", "> Shall we meet at noon?\n> At the harbour\nNoon is fine. -> there");
  assert_row (get_last_row (page), "1 Shall we meet at noon?\nAt the harbour | Noon is fine. -> there");

  flint_conversation_send (get_conversation (page), "See below\n>> first\n> second\n\nthird\n> fourth");
  assert_row (get_last_row (page), "See below | 2 first | 1 second | third | 1 fourth");
  chat_receive (self, BOB "/x", ">_&lt;");
  assert_row (get_last_row (page), ">_<");
  shoot (page, "quotes");
}

static void
test_room (ChatFixture   *self,
           gconstpointer  data)
{
  GtkWidget *page = chat_show (self, flint_room_get_conversation (test_account_join (self->me, NULL)));

  test_account_send (self->me, "<message from='room@muc.test/Julia' type='groupchat'><body>> Romeo: at noon?\n\nyes</body></message>");
  assert_row (get_last_row (page), "1 Romeo: at noon? | yes");
}

static void
test_me (ChatFixture   *self,
         gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);

  chat_receive (self, BOB "/x", "/me answers\n> at noon?");
  assert_row (get_last_row (page), "Bob answers | 1 at noon?");
  chat_receive (self, BOB "/x", "/me > you");
  assert_row (get_last_row (page), "Bob > you");
}

static void
test_markup (ChatFixture   *self,
             gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);

  chat_receive (self, BOB "/x", "> &lt;b&gt;x&lt;/b&gt; &amp;amp;\n&lt;i&gt;y");
  assert_row (get_last_row (page), "1 <b>x</b> &amp; | <i>y");
  g_assert_false (gtk_label_get_use_markup (flint_link_label_get_label (get_label (get_last_row (page), 0))));
}

static void
test_links (ChatFixture   *self,
            gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);
  GtkWindow *dialog;

  chat_receive (self, BOB "/x", "> no link\n> see http://plain.test/page\nI did");
  g_assert_cmpuint (flint_link_label_get_n_links (get_label (get_last_row (page), 0)), ==, 1);
  app_act (get_last_row (page), "message.open-link");
  dialog = app_find_window (ADW_TYPE_MESSAGE_DIALOG);
  g_assert_nonnull (app_find_text (dialog, "http://plain.test/page"));
  gtk_window_close (dialog);
  fake_server_wait_until (app_find_window (ADW_TYPE_MESSAGE_DIALOG) == NULL);

  chat_receive (self, BOB "/x", "> javascript:alert(1)\nI did not");
  g_assert_cmpuint (flint_link_label_get_n_links (get_label (get_last_row (page), 0)), ==, 0);
  gtk_widget_activate_action (get_last_row (page), "message.open-link", NULL);
  g_assert_null (app_find_window (ADW_TYPE_MESSAGE_DIALOG));
}

/* What is marked in a text, each between brackets */
static char *
get_marked (FlintLinkLabel *label)
{
  g_autoptr(PangoAttrList) copy = pango_attr_list_copy (gtk_label_get_attributes (flint_link_label_get_label (label)));
  GSList *list = pango_attr_list_get_attributes (copy);
  GString *marked = g_string_new (NULL);

  for (GSList *l = list; l != NULL; l = l->next)
    {
      PangoAttribute *attribute = l->data;

      if (attribute->klass->type == PANGO_ATTR_BACKGROUND)
        g_string_append_printf (marked, "[%.*s]", (int) (attribute->end_index - attribute->start_index),
                                flint_link_label_get_text (label) + attribute->start_index);
    }
  g_slist_free_full (list, (GDestroyNotify) pango_attribute_destroy);

  return g_string_free (marked, FALSE);
}

static gboolean
is_found (gpointer row)
{
  return gtk_widget_has_css_class (app_find (row, "message_box"), "found");
}

static void
test_found (ChatFixture   *self,
            gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (page));
  g_autofree char *quoted = NULL;
  g_autofree char *plain = NULL;
  g_autofree char *after = NULL;

  chat_receive (self, BOB "/x", "> the needle is in the needle\nno, this needle");
  get_last_row (page);
  app_key (window, "<Control>f");
  app_fill (app_find (page, "entry"), "needle");
  g_assert_true (app_wait (is_found, get_last_row (page)));
  app_settle (window);
  quoted = get_marked (get_label (get_last_row (page), 0));
  plain = get_marked (get_label (get_last_row (page), 1));
  g_assert_cmpstr (quoted, ==, "[needle][needle]");
  g_assert_cmpstr (plain, ==, "[needle]");
  shoot (page, "quotes-found");

  app_key (window, "Escape");
  app_settle (window);
  after = get_marked (get_label (get_last_row (page), 0));
  g_assert_cmpstr (after, ==, "");
}

static void
test_copied (ChatFixture   *self,
             gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);
  GtkLabel *label;
  g_autofree char *whole = NULL;
  g_autofree char *lines = NULL;
  g_autofree char *word = NULL;
  g_autofree char *plain = NULL;

  chat_receive (self, BOB "/x", "> Grüße, \342\200\213at noon?\n>At the harbour\nyes, at noon");
  app_act (get_last_row (page), "message.copy");
  whole = get_clipboard (page);
  g_assert_cmpstr (whole, ==, "> Grüße, at noon?\n>At the harbour\nyes, at noon");

  label = flint_link_label_get_label (get_label (get_last_row (page), 0));
  gtk_label_select_region (label, 0, -1);
  g_signal_emit_by_name (label, "copy-clipboard");
  lines = get_clipboard (page);
  g_assert_cmpstr (lines, ==, "> Grüße, at noon?\n>At the harbour");

  gtk_label_select_region (label, 0, 5);
  g_signal_emit_by_name (label, "copy-clipboard");
  word = get_clipboard (page);
  g_assert_cmpstr (word, ==, "Grüße");

  label = flint_link_label_get_label (get_label (get_last_row (page), 1));
  gtk_label_select_region (label, 0, 3);
  g_signal_emit_by_name (label, "copy-clipboard");
  plain = get_clipboard (page);
  g_assert_cmpstr (plain, ==, "yes");
}

/* By the menu of the text and by the keys, too */
static void
test_copied_by_keys (ChatFixture   *self,
                     gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (page));
  GtkWidget *label;
  g_autofree char *by_menu = NULL;
  g_autofree char *by_keys = NULL;

  chat_receive (self, BOB "/x", "> at noon?\n> at one?\nno");
  label = GTK_WIDGET (flint_link_label_get_label (get_label (get_last_row (page), 0)));
  gtk_widget_grab_focus (label);
  gtk_label_select_region (GTK_LABEL (label), 0, -1);
  g_assert_true (gtk_widget_activate_action (label, "clipboard.copy", NULL));
  by_menu = get_clipboard (page);
  g_assert_cmpstr (by_menu, ==, "> at noon?\n> at one?");

  gtk_label_select_region (GTK_LABEL (label), 7, 14);
  app_key (window, "<Control>c");
  by_keys = get_clipboard (page);
  g_assert_cmpstr (by_keys, ==, "?\n> at on");
}

static FlintMessage *
make_message (const char *body)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (BOB, NULL);

  return flint_message_new (FLINT_MESSAGE_TEXT, NULL, body, "Bob", jid, FALSE, 0);
}

/* How many widgets a row has that is used for one after the other */
static guint
count_widgets (GtkWidget  *row,
               const char *body)
{
  g_autoptr(FlintMessage) message = make_message (body);

  flint_message_row_set_message (FLINT_MESSAGE_ROW (row), message);

  return app_count_type (row, GTK_TYPE_WIDGET);
}

static void
test_light (ChatFixture   *self,
            gconstpointer  data)
{
  GtkWidget *row = g_object_ref_sink (flint_message_row_new ());
  guint n = count_widgets (row, "no quote, 1 > 0");

  g_assert_cmpuint (count_widgets (row, "> one\nand\n> two"), >, n);
  g_assert_cmpuint (count_widgets (row, "no quote again"), ==, n);
  g_assert_cmpuint (count_widgets (row, "->"), ==, n);
  g_object_unref (row);
}

static char *
repeat (const char *text,
        guint       n)
{
  GString *string = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (string, text);

  return g_string_free (string, FALSE);
}

static gboolean
shows_last (gpointer page)
{
  GtkWidget *row = chat_find_row (page, test_conversation_last (get_conversation (page)));
  g_autoptr(GPtrArray) labels = row != NULL ? get_labels (row) : NULL;

  return labels != NULL && labels->len > 0;
}

static void
test_hostile (ChatFixture   *self,
              gconstpointer  data)
{
  GtkWidget *page;
  g_autofree char *marks = repeat (">", 8 * 1024);
  g_autofree char *deep = repeat (">", 1000);
  g_autofree char *deep_words = g_strconcat (deep, " x", NULL);
  g_autofree char *lines = repeat (">\n", 4 * 1024);
  g_autofree char *turns = repeat ("a\n>>> b\n> c\n", 2000);
  const char *bodies[] = { marks, deep_words, lines, turns };
  const char *addresses[] = { BOB, "ann@peer.test", "carl@peer.test", "eve@evil.test" };
  GtkWidget *row = g_object_ref_sink (flint_message_row_new ());
  guint n = count_widgets (row, "no quote");

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autofree char *seen = NULL;

      g_test_message ("%u widgets more", count_widgets (row, bodies[i]) - n);
      g_assert_cmpint (count_widgets (row, bodies[i]) > n, ==, i == 1 || i == 3);
      g_assert_cmpuint (count_widgets (row, bodies[i]), <=, n + FLINT_QUOTES_MAX_PIECES * 5);
      page = chat_open (self, addresses[i]);
      chat_receive (self, addresses[i], bodies[i]);
      g_assert_true (app_wait (shows_last, page));
      seen = describe (get_last_row (page));
      g_assert_cmpuint (strlen (seen), >, 20);
    }

  /* unfolded as far as it goes in its row */
  g_assert_true (app_is_shown (app_find (get_last_row (page), "more_button")));
  app_click (app_find (get_last_row (page), "more_button"));
  get_last_row (page);
  shoot (page, "quotes-hostile");
  g_object_unref (row);
}

static gboolean
is_dim (GtkTextBuffer *buffer,
        int            line)
{
  GtkTextIter at;
  g_autoptr(GSList) tags = NULL;

  gtk_text_buffer_get_iter_at_line_offset (buffer, &at, line, 2);
  tags = gtk_text_iter_get_tags (&at);

  return tags != NULL;
}

static void
test_whole_text (ChatFixture   *self,
                 gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);
  g_autofree char *rest = repeat ("word\n", 300);
  g_autofree char *body = g_strconcat ("> quoted\nplain\n>_&lt; here\n>> again\n", rest, NULL);
  GtkTextBuffer *buffer;
  GtkWindow *whole;
  GtkTextIter start;
  GtkTextIter end;
  g_autofree char *first = NULL;

  chat_receive (self, BOB "/x", body);
  app_click (app_find (get_last_row (page), "more_button"));
  app_click (app_find (get_last_row (page), "more_button"));
  whole = app_find_window (FLINT_TYPE_WHOLE_TEXT_WINDOW);
  g_assert_nonnull (whole);
  app_settle (whole);
  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (app_find (whole, "text_view")));
  g_assert_true (is_dim (buffer, 0));
  g_assert_false (is_dim (buffer, 1));
  g_assert_false (is_dim (buffer, 2));
  g_assert_true (is_dim (buffer, 3));
  g_assert_false (is_dim (buffer, 4));

  /* all is there as it came */
  gtk_text_buffer_get_iter_at_line (buffer, &start, 0);
  gtk_text_buffer_get_iter_at_line (buffer, &end, 1);
  first = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  g_assert_cmpstr (first, ==, "> quoted\n");
  shoot (GTK_WIDGET (whole), "quotes-whole");
  gtk_window_close (whole);
}

static void
test_named (ChatFixture   *self,
            gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);
  GtkWidget *quote;
  g_autofree char *name = NULL;

  chat_receive (self, BOB "/x", "> at noon?\nyes");
  quote = app_find_class (get_last_row (page), "quote");
  name = chat_get_name (quote);
  g_assert_cmpstr (name, ==, "Quote");
  g_assert_cmpint (gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (quote)), ==, GTK_ACCESSIBLE_ROLE_GROUP);
  chat_assert_named (gtk_widget_get_root (page));
}

/* Failures */

static void
fail (ChatFixture *self,
      GtkWidget   *page,
      const char  *text)
{
  g_autofree char *id = NULL;
  g_autofree char *xml = NULL;
  g_autofree char *body = g_strdup_printf ("<body>%s</body>", text);

  flint_conversation_send (get_conversation (page), text);
  id = fake_xml_get (fake_server_expect_contains (self->me->server, body), "id");
  xml = g_strdup_printf ("<message type='error' from='" BOB "' id='%s'><error type='wait'>"
                         "<resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>", id);
  test_account_send (self->me, xml);
}

typedef struct
{
  GtkWidget *window;
  int        width;
} Width;

/* The frame around it is not counted */
static gboolean
has_width (gpointer data)
{
  Width *width = data;

  return ABS (gtk_widget_get_width (width->window) - width->width) < 40;
}

static void
set_width (GtkWidget *page,
           int        pixels)
{
  Width width = { GTK_WIDGET (gtk_widget_get_root (page)), pixels };

  gtk_window_set_default_size (GTK_WINDOW (width.window), pixels, 640);
  g_assert_true (app_wait (has_width, &width));
  app_settle (width.window);
}

static graphene_rect_t
get_bounds (GtkWidget *row,
            GtkWidget *widget)
{
  graphene_rect_t bounds;

  g_assert_true (gtk_widget_compute_bounds (widget, row, &bounds));

  return bounds;
}

static void
test_failure_folds (ChatFixture   *self,
                    gconstpointer  data)
{
  GtkWidget *page = chat_open (self, BOB);
  GtkWidget *row;
  GtkWidget *text;
  GtkWidget *button;
  graphene_rect_t text_bounds;
  graphene_rect_t button_bounds;

  fail (self, page, "hello");
  set_width (page, 840);
  row = get_last_row (page);
  text = app_find (row, "failure_label");
  button = gtk_widget_get_first_child (gtk_widget_get_next_sibling (text));
  text_bounds = get_bounds (row, text);
  button_bounds = get_bounds (row, button);
  g_assert_cmpfloat (button_bounds.origin.x, >=, text_bounds.origin.x + text_bounds.size.width);
  g_assert_cmpfloat (button_bounds.origin.y, <, text_bounds.origin.y + text_bounds.size.height);
  shoot (page, "failure-840");

  set_width (page, 360);
  row = get_last_row (page);
  text_bounds = get_bounds (row, text);
  button_bounds = get_bounds (row, button);
  g_assert_cmpfloat (text_bounds.size.width, >, 240);
  g_assert_cmpfloat (button_bounds.origin.y, >=, text_bounds.origin.y + text_bounds.size.height);
  g_assert_cmpfloat (button_bounds.origin.x, ==, text_bounds.origin.x);
  g_assert_cmpfloat (button_bounds.origin.y + button_bounds.size.height, <=, gtk_widget_get_height (row));
  shoot (page, "failure-360");

  app_click (button);
  fake_server_expect_contains (self->me->server, "<body>hello</body>");
  set_width (page, 840);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  chat_test_add ("/app/chat-rows/a-quote-has-a-bar-instead-of-marks", test_quotes);
  chat_test_add ("/app/chat-rows/quotes-are-drawn-in-rooms", test_room);
  chat_test_add ("/app/chat-rows/T071-who-acts-may-quote", test_me);
  chat_test_add ("/app/chat-rows/T060-a-quote-is-never-markup", test_markup);
  chat_test_add ("/app/chat-rows/T065-links-work-in-quotes", test_links);
  chat_test_add ("/app/chat-rows/what-is-found-is-marked-in-quotes", test_found);
  chat_test_add ("/app/chat-rows/a-quote-is-copied-with-its-marks", test_copied);
  chat_test_add ("/app/chat-rows/a-quote-is-copied-by-menu-and-keys", test_copied_by_keys);
  chat_test_add ("/app/chat-rows/a-message-without-a-quote-stays-light", test_light);
  chat_test_add ("/app/chat-rows/T063-many-quotes-make-few-widgets", test_hostile);
  chat_test_add ("/app/chat-rows/the-window-with-all-of-it-has-quotes", test_whole_text);
  chat_test_add ("/app/chat-rows/a-quote-has-a-name", test_named);
  chat_test_add ("/app/chat-rows/a-failure-folds-where-it-is-narrow", test_failure_folds);

  return chat_test_run ();
}
