/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-disco-cache.h"

typedef struct
{
  GList          link;    /* in the order of use */
  char          *key;
  XmppDiscoInfo *info;    /* NULL: they were asked and did not say */
} Entry;

struct _XmppDiscoCache
{
  GHashTable *entries;    /* key, of the entry → owned Entry */
  GQueue      order;      /* of Entry, the latest first */
  guint       max;
};

static void
entry_free (Entry *entry)
{
  g_clear_pointer (&entry->info, xmpp_disco_info_unref);
  g_free (entry->key);
  g_free (entry);
}

static void
drop (XmppDiscoCache *self,
      Entry          *entry)
{
  g_queue_unlink (&self->order, &entry->link);
  g_hash_table_remove (self->entries, entry->key);
}

XmppDiscoCache *
xmpp_disco_cache_new (guint max)
{
  XmppDiscoCache *self = g_new0 (XmppDiscoCache, 1);

  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) entry_free);
  self->max = max;

  return self;
}

void
xmpp_disco_cache_clear (XmppDiscoCache *self)
{
  g_queue_init (&self->order);
  g_hash_table_remove_all (self->entries);
}

void
xmpp_disco_cache_free (XmppDiscoCache *self)
{
  g_hash_table_unref (self->entries);
  g_free (self);
}

/* @info may be NULL: there is nothing to be had under this key. */
void
xmpp_disco_cache_put (XmppDiscoCache *self,
                      const char     *key,
                      XmppDiscoInfo  *info)
{
  Entry *entry = g_hash_table_lookup (self->entries, key);

  if (entry != NULL)
    drop (self, entry);
  else if (g_hash_table_size (self->entries) == self->max)
    drop (self, g_queue_peek_tail (&self->order));

  entry = g_new0 (Entry, 1);
  entry->link.data = entry;
  entry->key = g_strdup (key);
  entry->info = info != NULL ? xmpp_disco_info_ref (info) : NULL;

  g_hash_table_insert (self->entries, entry->key, entry);
  g_queue_push_head_link (&self->order, &entry->link);
}

gboolean
xmpp_disco_cache_has (XmppDiscoCache *self,
                      const char     *key)
{
  return g_hash_table_contains (self->entries, key);
}

XmppDiscoInfo *
xmpp_disco_cache_get (XmppDiscoCache *self,
                      const char     *key)
{
  Entry *entry = g_hash_table_lookup (self->entries, key);

  if (entry == NULL)
    return NULL;

  g_queue_unlink (&self->order, &entry->link);
  g_queue_push_head_link (&self->order, &entry->link);

  return entry->info;
}

/* The latest first */
void
xmpp_disco_cache_foreach (XmppDiscoCache     *self,
                          XmppDiscoCacheFunc  func,
                          gpointer            user_data)
{
  for (GList *link = self->order.head; link != NULL; link = link->next)
    {
      const Entry *entry = link->data;

      func (entry->key, entry->info, user_data);
    }
}
