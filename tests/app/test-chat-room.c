/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "app-input.h"
#include "chat-fixture.h"

#include "flint-chat-page.h"
#include "flint-message-row.h"
#include "flint-room.h"

#define RANKED(nick, affiliation, role) "<presence from='room@muc.test/" nick "'><x xmlns='http://jabber.org/protocol/muc#user'>" \
                                        "<item affiliation='" affiliation "' role='" role "'/></x></presence>"
#define PERSON(nick) RANKED (nick, "none", "participant")
#define GONE(nick) "<presence type='unavailable' from='room@muc.test/" nick "'><x xmlns='http://jabber.org/protocol/muc#user'>" \
                   "<item affiliation='none' role='none'/></x></presence>"

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
get_row (GtkWidget *page,
         guint      position)
{
  GtkWidget *row;

  app_settle (gtk_widget_get_root (page));
  row = chat_find_row (page, test_conversation_get (flint_chat_page_get_conversation (FLINT_CHAT_PAGE (page)), position));
  g_assert_nonnull (row);

  return row;
}

static GtkWidget *
get_last_row (GtkWidget *page)
{
  return get_row (page, test_conversation_count (flint_chat_page_get_conversation (FLINT_CHAT_PAGE (page))) - 1);
}

/* What stands beside the name, in words; NULL: nothing */
static char *
get_rank (GtkWidget *row)
{
  GtkWidget *icon = app_find_class (row, "role");

  return app_is_shown (icon) ? chat_get_name (icon) : NULL;
}

static void
assert_rank (GtkWidget  *row,
             const char *rank)
{
  g_autofree char *found = get_rank (row);

  g_assert_true (app_is_shown (app_find (row, "head_box")));
  g_assert_cmpstr (found, ==, rank);
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
  attributes = gtk_label_get_attributes (GTK_LABEL (app_find (chat_find_row (page, last), "sender_label")));
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

static void
test_ranks (ChatFixture   *self,
            gconstpointer  data)
{
  static const struct
  {
    const char *nick;
    const char *rank;
    const char *icon;
  } people[] = {
    { "Olga",  "Owner",                        "flint-owner-symbolic" },
    { "Adam",  "Administrator",                "flint-moderator-symbolic" },
    { "Mona",  "Moderator",                    "flint-moderator-symbolic" },
    { "Romeo", NULL,                           NULL },
    { "Vera",  "Visitor: may read, not write", "flint-visitor-symbolic" },
    { "me",    "Moderator",                    "flint-moderator-symbolic" },
  };
  GtkWidget *page = open_room (self);
  const char *folder = g_getenv ("FLINT_TEST_PICTURES");

  test_account_send (self->me, RANKED ("Olga", "owner", "moderator") RANKED ("Adam", "admin", "moderator")
                               RANKED ("Mona", "none", "moderator") RANKED ("Vera", "none", "visitor")
                               RANKED ("me", "none", "moderator"));

  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    {
      say (self, people[i].nick);
      assert_rank (get_last_row (page), people[i].rank);
      if (people[i].icon != NULL)
        g_assert_cmpstr (gtk_image_get_icon_name (GTK_IMAGE (app_find_class (get_last_row (page), "role"))), ==, people[i].icon);
    }

  flint_conversation_send (flint_chat_page_get_conversation (FLINT_CHAT_PAGE (page)), "hello");
  g_assert_false (app_is_shown (app_find (get_last_row (page), "head_box")));

  if (folder != NULL)
    {
      g_autofree char *path = g_build_filename (folder, "ranks.png", NULL);

      g_assert_true (app_take_picture (gtk_widget_get_root (page), path, NULL));
    }
}

/* A name is not a person: who has it now says nothing about who had it, and the other way round */
static void
test_rank_of_another (ChatFixture   *self,
                      gconstpointer  data)
{
  GtkWidget *page = open_room (self);
  guint position;

  test_account_send (self->me, RANKED ("Mona", "none", "moderator"));
  test_account_send (self->me, "<message from='room@muc.test/Mona' type='groupchat'><body>from before</body>"
                               "<delay xmlns='urn:xmpp:delay' from='room@muc.test' stamp='1969-12-31T20:00:00Z'/></message>");
  position = 0;
  assert_rank (get_row (page, position), NULL);

  say (self, "Mona");
  position = test_conversation_count (flint_chat_page_get_conversation (FLINT_CHAT_PAGE (page))) - 1;
  assert_rank (get_row (page, position), "Moderator");

  test_account_send (self->me, GONE ("Mona") PERSON ("Mona"));
  say (self, "Mona");
  assert_rank (get_last_row (page), NULL);
  assert_rank (get_row (page, position), "Moderator");
}

/* Who becomes one within a group begins another one */
static void
test_rank_changes (ChatFixture   *self,
                   gconstpointer  data)
{
  GtkWidget *page = open_room (self);

  say (self, "Romeo");
  assert_rank (get_last_row (page), NULL);
  test_account_send (self->me, RANKED ("Romeo", "none", "moderator"));
  say (self, "Romeo");
  assert_rank (get_last_row (page), "Moderator");
  say (self, "Romeo");
  g_assert_false (app_is_shown (app_find (get_last_row (page), "head_box")));
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  chat_test_add ("/app/chat-room/each-name-has-its-color", test_colors);
  chat_test_add ("/app/chat-room/a-click-shows-all-of-the-topic", test_topic);
  chat_test_add ("/app/chat-room/a-shield-stands-by-who-keeps-order", test_ranks);
  chat_test_add ("/app/chat-room/a-name-alone-has-no-shield", test_rank_of_another);
  chat_test_add ("/app/chat-room/a-new-shield-is-shown-at-once", test_rank_changes);

  return chat_test_run ();
}
