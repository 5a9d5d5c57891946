/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app-driver.h"

#include <stdio.h>

G_BEGIN_DECLS

/* One way through the windows, with its transcript and its pictures */
typedef struct
{
  FlintApplication *application;    /* borrowed, and what it has */
  FlintCore        *core;
  FlintAccount     *account;        /* NULL until the demo has started */
  GtkWindow        *main_window;
  GtkWindow        *chat_window;
  FlintConversation *conversation;  /* whose chat is open */

  char             *output;         /* a directory */
  FILE             *transcript;
  gboolean          is_dark;
  gboolean          is_narrow;      /* 360 px */
  gboolean          is_wide;
  gboolean          is_chinese;
  gboolean          has_failed;
  gboolean          was_typing_seen;
  guint             n_seen;
} Tour;

typedef gboolean (*TourStep) (Tour *tour);

gboolean tour_see   (Tour         *tour,
                     AppCondition  condition,
                     const char   *format,
                     ...) G_GNUC_PRINTF (3, 4);
gboolean tour_fail  (Tour         *tour,
                     const char   *format,
                     ...) G_GNUC_PRINTF (2, 3);
gboolean tour_shoot (Tour         *tour,
                     gpointer      native,
                     const char   *name);

/* In the order in which they are taken; NULL after the last */
extern const TourStep tour_steps[];

G_END_DECLS
