/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-window-size.h"

static void
remember (GtkWindow *window,
          GSettings *settings)
{
  int width;
  int height;

  gtk_window_get_default_size (window, &width, &height);
  g_settings_set (settings, g_object_get_data (G_OBJECT (window), "flint-size-key"), "(iib)",
                  width, height, gtk_window_is_maximized (window));
}

/**
 * flint_window_size_bind:
 * @key: of type (iib): width, height, maximised
 *
 * Gives the window the size that it had last, and remembers it when it goes. With another key than before, it is another
 * window from now on: the size it has is remembered, and it gets the one of that key.
 */
void
flint_window_size_bind (GtkWindow  *window,
                        GSettings  *settings,
                        const char *key)
{
  int width;
  int height;
  gboolean is_maximized;
  gboolean is_bound = g_object_get_data (G_OBJECT (window), "flint-size-key") != NULL;

  if (is_bound)
    remember (window, settings);

  g_settings_get (settings, key, "(iib)", &width, &height, &is_maximized);
  gtk_window_set_default_size (window, width, height);
  if (is_maximized)
    gtk_window_maximize (window);

  g_object_set_data_full (G_OBJECT (window), "flint-size-key", g_strdup (key), g_free);
  if (!is_bound)
    g_signal_connect_object (window, "unrealize", G_CALLBACK (remember), settings, 0);
}
