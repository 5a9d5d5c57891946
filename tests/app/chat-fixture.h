/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app-driver.h"
#include "core-fixture.h"

G_BEGIN_DECLS

/* The real application, once per program, and for each test one account on a fake server. Its windows are
 * those a person would have, its messages those a server would send.
 */
typedef struct
{
  FlintApplication *application;   /* borrowed, and what it has */
  FlintCore        *core;
  TestAccount      *me;            /* online, with TEST_ROSTER */
} ChatFixture;

typedef void (*ChatTest) (ChatFixture   *self,
                          gconstpointer  data);

/* To be used like g_test_add () */
void               chat_test_add   (const char  *path,
                                    ChatTest     test);

/* Starts the application and runs what was added in it; the status of the program */
int                chat_test_run   (void);

/* The chat in its window, which has the keyboard */
GtkWidget         *chat_open       (ChatFixture *self,
                                    const char  *address);   /* the page */
GtkWidget         *chat_show       (ChatFixture *self,
                                    FlintConversation *conversation);
GtkWidget         *chat_page_of    (FlintConversation *conversation);
void               chat_close_all  (ChatFixture *self);

/* A message that the server brings */
void               chat_receive    (ChatFixture *self,
                                    const char  *from,
                                    const char  *body);   /* XML */

/* The row of a message in what is below widget, or NULL */
GtkWidget         *chat_find_row   (GtkWidget    *widget,
                                    FlintMessage *message);

/* Off at first: a desktop has to be there */
void               chat_set_notifying (ChatFixture *self,
                                       gboolean     is_on);

/* What a screen reader says; "" where it says nothing. Rows of lists are named on the row. */
char              *chat_get_name   (GtkWidget   *widget);

/* Asserts that all that one can use has a name */
void               chat_assert_named (gpointer   window);

G_END_DECLS
