/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-avatars.h"

#include "flint-contact-private.h"

#include <string.h>

#define MAX_AT_ONCE 4
#define MAX_WAITING 2000
#define MAX_BYTES   (256 * 1024)

struct _FlintAvatars
{
  GObject     parent_instance;

  XmppVcards *vcards;
  FlintCache *cache;           /* NULL: none */
  GQueue      waiting;         /* of Fetch */
  guint       n_running;
};

typedef struct
{
  FlintAvatars *avatars;
  FlintContact *contact;
  char         *hash;
} Fetch;

G_DEFINE_FINAL_TYPE (FlintAvatars, flint_avatars, G_TYPE_OBJECT)

static void
fetch_free (Fetch *fetch)
{
  g_clear_object (&fetch->avatars);
  g_clear_object (&fetch->contact);
  g_free (fetch->hash);
  g_free (fetch);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fetch, fetch_free)

/* It names a file, so it is what it should be or nothing (T121) */
static gboolean
is_hash (const char *hash)
{
  return strlen (hash) == 40 && hash[strspn (hash, "0123456789abcdefABCDEF")] == '\0';
}

static char *
make_name (const char *hash)
{
  g_autofree char *lower = g_ascii_strdown (hash, -1);

  return g_strconcat ("avatar-", lower, NULL);
}

static gboolean
is_genuine (GBytes     *bytes,
            const char *hash)
{
  g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, bytes);

  return g_bytes_get_size (bytes) <= MAX_BYTES && g_ascii_strcasecmp (sum, hash) == 0 && xmpp_image_type (bytes) != NULL;
}

static void start_next (FlintAvatars *self);

static void
end_fetch (Fetch  *fetch,
           GBytes *bytes)
{
  g_autoptr(FlintAvatars) self = g_object_ref (fetch->avatars);

  flint_contact_set_avatar (fetch->contact, fetch->hash, bytes);
  self->n_running--;
  start_next (self);
}

static void
on_fetched (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Fetch) fetch = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = xmpp_vcards_get_avatar_finish (XMPP_VCARDS (source), result, &error);
  g_autofree char *name = make_name (fetch->hash);

  if (bytes == NULL)
    g_debug ("There is no picture: %s", error != NULL ? error->message : "none is set");
  else if (fetch->avatars->cache != NULL)
    flint_cache_write (fetch->avatars->cache, name, bytes);

  end_fetch (fetch, bytes);
}

static void
fetch_from_contact (Fetch *fetch)
{
  xmpp_vcards_get_avatar_async (fetch->avatars->vcards, flint_contact_get_jid (fetch->contact), fetch->hash, NULL,
                                on_fetched, fetch);
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(Fetch) fetch = user_data;
  g_autoptr(GBytes) bytes = flint_cache_read_finish (FLINT_CACHE (source), result);

  if (bytes != NULL && is_genuine (bytes, fetch->hash))
    end_fetch (fetch, bytes);
  else
    fetch_from_contact (g_steal_pointer (&fetch));
}

static void
start_next (FlintAvatars *self)
{
  while (self->n_running < MAX_AT_ONCE && !g_queue_is_empty (&self->waiting))
    {
      Fetch *fetch = g_queue_pop_head (&self->waiting);
      g_autofree char *name = make_name (fetch->hash);

      fetch->avatars = g_object_ref (self);
      self->n_running++;

      if (self->cache != NULL)
        flint_cache_read_async (self->cache, name, on_read, fetch);
      else
        fetch_from_contact (fetch);
    }
}

static void
flint_avatars_dispose (GObject *object)
{
  FlintAvatars *self = FLINT_AVATARS (object);

  g_queue_clear_full (&self->waiting, (GDestroyNotify) fetch_free);
  g_clear_object (&self->vcards);
  g_clear_object (&self->cache);

  G_OBJECT_CLASS (flint_avatars_parent_class)->dispose (object);
}

static void
flint_avatars_class_init (FlintAvatarsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = flint_avatars_dispose;
}

static void
flint_avatars_init (FlintAvatars *self)
{
  g_queue_init (&self->waiting);
}

/**
 * flint_avatars_new:
 * @vcards: the session's module that asks for them
 *
 * Returns: (transfer full): a fetcher without a cache
 */
FlintAvatars *
flint_avatars_new (XmppVcards *vcards)
{
  FlintAvatars *self = g_object_new (FLINT_TYPE_AVATARS, NULL);

  self->vcards = g_object_ref (vcards);

  return self;
}

/**
 * flint_avatars_set_cache:
 * @self: a fetcher
 * @cache: (nullable): where pictures are kept
 *
 * Sets the cache.
 */
void
flint_avatars_set_cache (FlintAvatars *self,
                         FlintCache   *cache)
{
  g_return_if_fail (FLINT_IS_AVATARS (self));

  g_set_object (&self->cache, cache);
}

/**
 * flint_avatars_fetch:
 * @self: a fetcher
 * @contact: who has said the hash of a picture
 *
 * Gets the picture some time soon, and gives it to @contact.
 */
void
flint_avatars_fetch (FlintAvatars *self,
                     FlintContact *contact)
{
  const char *hash;
  Fetch *fetch;

  g_return_if_fail (FLINT_IS_AVATARS (self));

  hash = flint_contact_get_avatar_hash (contact);

  if (hash == NULL || !is_hash (hash) || self->waiting.length >= MAX_WAITING)
    return;

  fetch = g_new0 (Fetch, 1);
  fetch->contact = g_object_ref (contact);
  fetch->hash = g_strdup (hash);
  g_queue_push_tail (&self->waiting, fetch);

  start_next (self);
}
