/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "app-input.h"
#include "chat-fixture.h"

#include "flint-chat-page.h"
#include "flint-message-row.h"
#include "flint-room.h"

#define PERSON(nick) "<presence from='room@muc.test/" nick "'><x xmlns='http://jabber.org/protocol/muc#user'>" \
                     "<item affiliation='none' role='participant'/></x></presence>"

static GtkWidget *
open_room (ChatFixture *self)
{
  return chat_show (self, flint_room_get_conversation (test_account_join (self->me, PERSON ("Romeo") PERSON ("Julia"))));
}

static void
say (ChatFixture *self,
     const char  *nick)
{
  g_autofree char *xml = g_strdup_printf ("<message from='room@muc.test/%s' type='groupchat'><body>hello</body></message>", nick);

  test_account_send (self->me, xml);
}

static GtkWidget *
find_row (GtkWidget    *widget,
          FlintMessage *message)
{
  GtkWidget *found = NULL;

  if (FLINT_IS_MESSAGE_ROW (widget))
    return flint_message_row_get_message (FLINT_MESSAGE_ROW (widget)) == message ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_row (child, message);

  return found;
}

/* The colour of the last sender's name, such as "#dd00af"; NULL: that of any text */
static char *
get_color (GtkWidget *page)
{
  FlintMessage *last = test_conversation_last (flint_chat_page_get_conversation (FLINT_CHAT_PAGE (page)));
  PangoAttrList *attributes;
  PangoAttrIterator *iterator;
  PangoAttribute *color;
  char *text = NULL;

  app_settle (gtk_widget_get_root (page));
  attributes = gtk_label_get_attributes (GTK_LABEL (app_find (find_row (page, last), "sender_label")));
  if (attributes == NULL)
    return NULL;

  iterator = pango_attr_list_get_iterator (attributes);
  if ((color = pango_attr_iterator_get (iterator, PANGO_ATTR_FOREGROUND)) != NULL)
    text = pango_color_to_string (&((PangoAttrColor *) color)->color);
  pango_attr_iterator_destroy (iterator);

  return text;
}

static void
test_colors (ChatFixture   *self,
             gconstpointer  data)
{
  GtkWidget *page = open_room (self);
  AdwStyleManager *style = adw_style_manager_get_default ();
  g_autofree char *romeo = NULL;
  g_autofree char *julia = NULL;
  g_autofree char *again = NULL;
  g_autofree char *dark = NULL;
  g_autofree char *own = NULL;
  g_autofree char *alone = NULL;

  say (self, "Romeo");
  romeo = get_color (page);
  g_assert_nonnull (romeo);
  say (self, "Julia");
  julia = get_color (page);
  g_assert_cmpstr (julia, !=, romeo);
  say (self, "Romeo");
  again = get_color (page);
  g_assert_cmpstr (again, ==, romeo);

  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_FORCE_DARK);
  dark = get_color (page);
  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_DEFAULT);
  g_assert_nonnull (dark);
  g_assert_cmpstr (dark, !=, romeo);

  say (self, "me");
  own = get_color (page);
  g_assert_null (own);

  /* with one person there is nobody to tell apart */
  page = chat_open (self, "bob@peer.test");
  chat_receive (self, "bob@peer.test/x", "hello");
  alone = get_color (page);
  g_assert_null (alone);
}

static void
test_topic (ChatFixture   *self,
            gconstpointer  data)
{
  GtkWidget *page = open_room (self);
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (page));
  g_autofree char *topic = g_strnfill (600, 'x');
  g_autofree char *xml = g_strdup_printf ("<message from='room@muc.test/Romeo' type='groupchat'><subject>%s</subject></message>", topic);
  int height;

  test_account_send (self->me, xml);
  app_settle (window);
  height = gtk_widget_get_height (app_find (page, "subject_bar"));
  app_click_with (app_find (page, "subject_all_button"), 1);
  app_settle (window);
  g_assert_cmpint (gtk_widget_get_height (app_find (page, "subject_bar")), >, height * 2);
  g_assert_cmpint (gtk_widget_get_width (page), <=, gtk_widget_get_width (window));
  app_click_with (app_find (page, "subject_all_button"), 1);
  app_settle (window);
  g_assert_cmpint (gtk_widget_get_height (app_find (page, "subject_bar")), ==, height);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  chat_test_add ("/app/chat-room/each-name-has-its-color", test_colors);
  chat_test_add ("/app/chat-room/a-click-shows-all-of-the-topic", test_topic);

  return chat_test_run ();
}
