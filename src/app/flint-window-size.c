/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-window-size.h"

static void
on_unrealize (GtkWindow *window,
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
 * Gives the window the size that it had last, and remembers it when it goes.
 */
void
flint_window_size_bind (GtkWindow  *window,
                        GSettings  *settings,
                        const char *key)
{
  int width;
  int height;
  gboolean is_maximized;

  g_settings_get (settings, key, "(iib)", &width, &height, &is_maximized);
  gtk_window_set_default_size (window, width, height);
  if (is_maximized)
    gtk_window_maximize (window);

  g_object_set_data_full (G_OBJECT (window), "flint-size-key", g_strdup (key), g_free);
  g_signal_connect_object (window, "unrealize", G_CALLBACK (on_unrealize), settings, 0);
}
