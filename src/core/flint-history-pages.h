/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-archived.h"

#include "store-history.h"

G_BEGIN_DECLS

void     flint_history_add_page_async      (FlintHistory         *self,
                                            FlintAccount         *account,
                                            GPtrArray            *all,
                                            StorePlace            place,
                                            const StorePosition  *position,
                                            gboolean              is_news,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean flint_history_add_page_finish     (FlintHistory         *self,
                                            GAsyncResult         *result,
                                            GError              **error);
void     flint_history_get_position_async  (FlintHistory         *self,
                                            FlintAccount         *account,
                                            FlintRoom            *room,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
char    *flint_history_get_position_finish (FlintHistory         *self,
                                            GAsyncResult         *result,
                                            gint64               *last_time,
                                            GError              **error);

/* Of flint-history.c: who waits for the disk is told at once when it takes nothing. end: FALSE: he was told */
void     flint_history_begin_waiting       (FlintHistory         *self,
                                            GTask                *task);
gboolean flint_history_end_waiting         (FlintHistory         *self,
                                            GTask                *task);

G_END_DECLS
