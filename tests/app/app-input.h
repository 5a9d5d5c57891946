/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The keyboard and the mouse of the virtual display: what they do comes to the program as from real ones,
 * through the focus, shortcuts, gestures and input methods. The window has to be active: app_focus ().
 */

/* Such as "<Control>h" or "F2" */
void app_key          (gpointer    window,
                       const char *accelerator);

/* Small letters, digits, points and the like: one key each */
void app_type_keys    (gpointer    window,
                       const char *text);

/* Holds a key such as GDK_KEY_Control_L down, and lets go of it */
void app_hold_key     (gpointer    window,
                       guint       keyval,
                       gboolean    is_down);

/* To a point of a widget; (-1, -1): its middle */
void app_point        (gpointer    widget,
                       double      x,
                       double      y);
void app_hold_button  (gpointer    widget,
                       guint       button,
                       gboolean    is_down);
void app_click_with   (gpointer    widget,
                       guint       button);

/* Off all windows: what the pointer rests on, GTK holds on to */
void app_point_away   (void);

/* With steps between, as a hand does: a drag begins only with movement. modifier: a key that is held, or 0 */
void app_drag         (gpointer    from,
                       gpointer    to,
                       guint       modifier);

G_END_DECLS
