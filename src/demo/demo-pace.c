/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "demo-pace.h"

#define FAST 20

struct _DemoPace
{
  gboolean    is_fast;
  GHashTable *sources;   /* set of GSource, owned: what is still to be done */
};

typedef struct
{
  DemoPace       *pace;
  GSource        *source;   /* borrowed from the set */
  GSourceFunc     func;
  gpointer        user_data;
  GDestroyNotify  destroy;
} Later;

static void
later_free (gpointer data)
{
  Later *later = data;

  if (later->destroy != NULL)
    later->destroy (later->user_data);
  g_free (later);
}

static gboolean
on_time (gpointer user_data)
{
  Later *later = user_data;

  if (later->func (later->user_data) == G_SOURCE_CONTINUE)
    return G_SOURCE_CONTINUE;

  g_hash_table_remove (later->pace->sources, later->source);

  return G_SOURCE_REMOVE;
}

static void
end_source (gpointer data)
{
  GSource *source = data;

  g_source_destroy (source);
  g_source_unref (source);
}

DemoPace *
demo_pace_new (gboolean is_fast)
{
  DemoPace *self = g_new0 (DemoPace, 1);

  self->is_fast = is_fast;
  self->sources = g_hash_table_new_full (NULL, NULL, end_source, NULL);

  return self;
}

void
demo_pace_free (DemoPace *self)
{
  g_clear_pointer (&self->sources, g_hash_table_unref);
  g_free (self);
}

/**
 * demo_pace_later:
 * @func: called after that time, again and again while it answers %G_SOURCE_CONTINUE, and never after
 *   the pace was freed
 */
void
demo_pace_later (DemoPace       *self,
                 guint           milliseconds,
                 GSourceFunc     func,
                 gpointer        user_data,
                 GDestroyNotify  destroy)
{
  GSource *source = g_timeout_source_new (self->is_fast ? milliseconds / FAST : milliseconds);
  Later *later = g_new0 (Later, 1);

  later->pace = self;
  later->source = source;
  later->func = func;
  later->user_data = user_data;
  later->destroy = destroy;

  g_source_set_callback (source, on_time, later, later_free);
  g_source_attach (source, NULL);
  g_hash_table_add (self->sources, source);
}
