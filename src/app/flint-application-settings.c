/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-application-private.h"

/* Which setting is which property of the core or of the tree: one line each. */
static const struct
{
  const char         *key;
  const char         *property;
  gboolean            is_tree;
  GSettingsBindFlags  flags;
} bindings[] = {
  { "show-offline",      "show-offline",      TRUE,  G_SETTINGS_BIND_GET },
  { "group-offline",     "group-offline",     TRUE,  G_SETTINGS_BIND_GET },
  { "show-empty-groups", "show-empty-groups", TRUE,  G_SETTINGS_BIND_GET },
  { "collapsed-groups",  "collapsed",         TRUE,  G_SETTINGS_BIND_DEFAULT },
  { "send-typing",       "send-typing",       FALSE, G_SETTINGS_BIND_GET },
  { "send-receipts",     "send-receipts",     FALSE, G_SETTINGS_BIND_GET },
};

void
flint_application_bind_settings (FlintApplication *self)
{
  GSettings *settings = flint_application_get_settings (self);
  FlintCore *core = flint_application_get_core (self);

  for (guint i = 0; i < G_N_ELEMENTS (bindings); i++)
    g_settings_bind (settings, bindings[i].key,
                     bindings[i].is_tree ? G_OBJECT (flint_core_get_tree (core)) : G_OBJECT (core),
                     bindings[i].property, bindings[i].flags);

  g_signal_connect_object (settings, "changed::one-window", G_CALLBACK (flint_application_arrange_windows), self, G_CONNECT_SWAPPED);
  g_settings_bind (settings, "console-limit", flint_application_get_capture (self), "limit", G_SETTINGS_BIND_GET);
}
