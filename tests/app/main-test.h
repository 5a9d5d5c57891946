/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app-driver.h"
#include "core-fixture.h"

G_BEGIN_DECLS

/* One run of the program, from its start to its end, in this process: windows are real, servers are
 * fake ones in the same main loop.
 */
typedef struct
{
  FlintApplication *application;
  FlintCore        *core;
  TestAccount      *me;        /* me@good.test, in the list from the start; NULL where there is no account */
  TestAccount      *other;     /* too@other.test, likewise */
  TestAccount      *login;     /* the one that the login window makes: see main_test_serve () */
} MainTest;

typedef void (*MainTestFunc) (MainTest *test);

/* What there is when the program starts */
typedef enum
{
  MAIN_TEST_DAMAGED,           /* no account, and a file of accounts that is none */
  MAIN_TEST_EMPTY,             /* no account: the login window opens */
  MAIN_TEST_UNIQUE,            /* as the next, and the only one on its session bus */
  MAIN_TEST_ONE,               /* one account, offline: the main window opens */
  MAIN_TEST_ONLINE,            /* one account, online, TEST_ROSTER */
  MAIN_TEST_NO_DISK,           /* the same, and no room for a history */
  MAIN_TEST_TWO,               /* two of them online */
} MainTestStart;

/* Registers a test: body runs when the first window is there. Settings are those of a first start, unless the
 * path is that of a test "after a restart" (main_test_run ()).
 */
void       main_test_add      (const char    *path,
                               MainTestStart  start,
                               MainTestFunc   body);

/* One run inside a test of one's own; keeps settings from the run before */
void       main_test_run      (MainTestStart  start,
                               MainTestFunc   body);
void       main_test_reset    (void);
int        main_test_main     (int            argc,
                               char          *argv[],
                               void         (*add_tests) (void));

/* The next account that is added to the list connects to a fake server for this address */
FakeServer *main_test_serve   (MainTest      *test,
                               const char    *address);

GtkWindow *main_test_main_window (MainTest   *test);
GtkWidget *main_test_list     (MainTest      *test);   /* the contact list */

/* Positions in the tree that is shown; GTK_INVALID_LIST_POSITION: not shown */
guint      main_test_find_contact (MainTest  *test,
                                   const char *address);
guint      main_test_find_group   (MainTest  *test,
                                   const char *path);

/* Selects a row, as a click does, and gives the list the keyboard */
void       main_test_select   (MainTest      *test,
                               guint          position);

/* The row on screen that shows a position, or NULL */
GtkWidget *main_test_get_row  (MainTest      *test,
                               guint          position);

/* What a screen reader says for a widget: asserts that it is so. Needs GTK_A11Y=test */
void       main_test_assert_name (gpointer    widget,
                                  const char *name);

/* Writes what a window looks like to $FLINT_TEST_PICTURES, if set */
void       main_test_shoot    (gpointer       native,
                               const char    *name);

#define main_test_wait(condition) fake_server_wait_until (condition)

G_END_DECLS
