/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"

G_BEGIN_DECLS

/* What drives the real windows: finds widgets, does what a person does to them, waits until something
 * is so, and takes pictures. Nothing here sleeps.
 */
typedef gboolean (*AppCondition) (gpointer data);

gboolean   app_wait           (AppCondition   condition,
                               gpointer       data);
void       app_settle         (gpointer       window);
gboolean   app_focus          (gpointer       window);

GtkWidget *app_find           (gpointer       root,
                               const char    *id);
GtkWidget *app_find_type      (gpointer       root,
                               GType          type);
GtkWidget *app_find_text      (gpointer       root,
                               const char    *text);
GtkWidget *app_find_button    (gpointer       root,
                               const char    *word);
GtkWidget *app_find_class     (gpointer       root,
                               const char    *css_class);
GtkWindow *app_find_window    (GType          type);
guint      app_count_windows  (GType          type);
gboolean   app_is_shown       (gpointer       widget);
guint      app_count_type     (gpointer       root,
                               GType          type);

void       app_click          (gpointer       button);
void       app_type           (gpointer       text_view,
                               const char    *text);
void       app_fill           (gpointer       editable,
                               const char    *text);
void       app_act            (gpointer       widget,
                               const char    *action);
void       app_activate_item  (gpointer       list,
                               guint          position);
void       app_activate_row   (gpointer       list_box,
                               int            index);

gboolean   app_take_picture   (gpointer       native,
                               const char    *path,
                               GError       **error);

char      *app_find_nameless  (gpointer       root);

G_END_DECLS
