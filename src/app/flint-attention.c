/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-attention.h"

/* Whoever looks away for a moment is there still */
#define AWAY_SECONDS 5

struct _FlintAttention
{
  GObject          parent_instance;

  FlintCore       *core;
  GDBusConnection *bus;           /* NULL: there is none */
  guint            lock_signals[2];
  gboolean         is_locked;
  guint            away_source;
};

G_DEFINE_FINAL_TYPE (FlintAttention, flint_attention, G_TYPE_OBJECT)

static gboolean
is_seen (GtkWidget *window)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (window));

  return gtk_widget_get_mapped (window) && surface != NULL && GDK_IS_TOPLEVEL (surface) &&
         (gdk_toplevel_get_state (GDK_TOPLEVEL (surface)) & GDK_TOPLEVEL_STATE_MINIMIZED) == 0;
}

static gboolean
is_any_seen (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr(GtkWidget) window = g_list_model_get_item (windows, i);

      if (is_seen (window))
        return TRUE;
    }

  return FALSE;
}

static gboolean
on_away (gpointer user_data)
{
  FlintAttention *self = user_data;

  self->away_source = 0;
  g_object_set (self->core, "is-attended", FALSE, NULL);

  return G_SOURCE_REMOVE;
}

static void
update (FlintAttention *self)
{
  if (!self->is_locked && is_any_seen ())
    {
      g_clear_handle_id (&self->away_source, g_source_remove);
      g_object_set (self->core, "is-attended", TRUE, NULL);
    }
  else if (self->away_source == 0)
    self->away_source = g_timeout_add_seconds (AWAY_SECONDS, on_away, self);
}

static void
on_mapped (GtkWidget      *window,
           FlintAttention *self)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (window));

  if (GDK_IS_TOPLEVEL (surface) &&
      g_signal_handler_find (surface, G_SIGNAL_MATCH_FUNC | G_SIGNAL_MATCH_DATA, 0, 0, NULL, update, self) == 0)
    g_signal_connect_object (surface, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);

  update (self);
}

static void
on_windows_changed (GListModel     *windows,
                    guint           position,
                    guint           n_removed,
                    guint           n_added,
                    FlintAttention *self)
{
  for (guint i = 0; i < n_added; i++)
    {
      g_autoptr(GtkWidget) window = g_list_model_get_item (windows, position + i);

      g_signal_connect_object (window, "map", G_CALLBACK (on_mapped), self, 0);
      g_signal_connect_object (window, "unmap", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
    }

  update (self);
}

static void
on_lock (GDBusConnection *bus,
         const char      *sender,
         const char      *path,
         const char      *interface,
         const char      *name,
         GVariant        *parameters,
         gpointer         user_data)
{
  FlintAttention *self = user_data;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    return;

  g_variant_get (parameters, "(b)", &self->is_locked);
  update (self);
}

static void
flint_attention_dispose (GObject *object)
{
  FlintAttention *self = FLINT_ATTENTION (object);

  for (guint i = 0; self->bus != NULL && i < G_N_ELEMENTS (self->lock_signals); i++)
    g_dbus_connection_signal_unsubscribe (self->bus, self->lock_signals[i]);

  g_clear_object (&self->bus);
  g_clear_handle_id (&self->away_source, g_source_remove);
  g_clear_object (&self->core);

  G_OBJECT_CLASS (flint_attention_parent_class)->dispose (object);
}

static void
flint_attention_class_init (FlintAttentionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = flint_attention_dispose;
}

static void
flint_attention_init (FlintAttention *self)
{
}

/**
 * flint_attention_new:
 * @application: whose bus tells of the lock
 * @core: is told by its property "is-attended"
 *
 * Returns: (transfer full): one that looks from now on
 */
FlintAttention *
flint_attention_new (GApplication *application,
                     FlintCore    *core)
{
  static const char * const interfaces[] = { "org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver" };
  FlintAttention *self = g_object_new (FLINT_TYPE_ATTENTION, NULL);
  GListModel *windows = gtk_window_get_toplevels ();
  GDBusConnection *bus = g_application_get_dbus_connection (application);

  self->core = g_object_ref (core);
  g_signal_connect_object (windows, "items-changed", G_CALLBACK (on_windows_changed), self, 0);
  on_windows_changed (windows, 0, 0, g_list_model_get_n_items (windows), self);

  if (bus == NULL)
    return self;

  self->bus = g_object_ref (bus);
  for (guint i = 0; i < G_N_ELEMENTS (interfaces); i++)
    self->lock_signals[i] = g_dbus_connection_signal_subscribe (bus, NULL, interfaces[i], "ActiveChanged", NULL, NULL,
                                                                G_DBUS_SIGNAL_FLAGS_NONE, on_lock, self, NULL);

  return self;
}
