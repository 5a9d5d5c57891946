/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The roster and the capabilities from last time: the list is there before the login */
#include "flint-account-private.h"

#include "flint-contact-list-private.h"

#include "xmpp-disco.h"

#define SAVE_DELAY 5000      /* ms: pushes come in bursts */

static char *
make_name (FlintAccount *self,
           const char   *what)
{
  return g_strconcat (self->id, "-", what, NULL);
}

static void
on_roster_read (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(FlintAccount) self = user_data;
  g_autoptr(GBytes) bytes = flint_cache_read_finish (FLINT_CACHE (source), result);
  g_autoptr(XmppStanza) saved = flint_cache_parse_stanza (bytes);

  /* The server was quicker, and knows better */
  if (saved == NULL || self->session == NULL || self->state == FLINT_ACCOUNT_ONLINE ||
      xmpp_roster_is_loaded (flint_account_get_roster (self)))
    return;

  xmpp_roster_restore (flint_account_get_roster (self), saved);
  flint_contact_list_sync (self->contacts);
}

static void
on_capabilities_read (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(FlintAccount) self = user_data;
  g_autoptr(GBytes) bytes = flint_cache_read_finish (FLINT_CACHE (source), result);
  g_autoptr(XmppStanza) saved = flint_cache_parse_stanza (bytes);

  if (saved != NULL && self->session != NULL)
    xmpp_disco_restore (flint_account_get_module (self, XMPP_TYPE_DISCO), saved);
}

static gboolean
on_save_timeout (gpointer user_data)
{
  FlintAccount *self = user_data;

  self->cache_timer = 0;
  flint_account_save_cache (self);

  return G_SOURCE_REMOVE;
}

static void
on_roster_changed (FlintAccount *self)
{
  if (self->cache_timer == 0)
    self->cache_timer = xmpp_clock_add (self->clock, SAVE_DELAY, on_save_timeout, self);
}

/* Another address has another list */
static void
on_address_changed (FlintAccount *self)
{
  flint_account_clear_cache (self);
}

void
flint_account_set_cache (FlintAccount *self,
                         FlintCache   *cache)
{
  g_autofree char *roster = make_name (self, "roster.xml");
  g_autofree char *capabilities = make_name (self, "capabilities.xml");

  if (self->is_transient || self->settings.anonymous || !g_set_object (&self->cache, cache))
    return;

  flint_avatars_set_cache (self->avatars, cache);
  flint_cache_read_async (cache, roster, on_roster_read, g_object_ref (self));
  flint_cache_read_async (cache, capabilities, on_capabilities_read, g_object_ref (self));

  for (guint i = 0; i < 3; i++)
    g_signal_connect_object (flint_account_get_roster (self), ((const char *[]) { "loaded", "changed", "removed" })[i],
                             G_CALLBACK (on_roster_changed), self, G_CONNECT_SWAPPED);

  g_signal_connect (self, "notify::jid", G_CALLBACK (on_address_changed), NULL);
}

/* Writes what the modules know now; only what the server has given whole */
void
flint_account_save_cache (FlintAccount *self)
{
  g_autoptr(XmppStanza) roster = NULL;
  g_autoptr(XmppStanza) capabilities = NULL;

  if (self->cache_timer != 0)
    xmpp_clock_remove (self->clock, self->cache_timer);

  self->cache_timer = 0;

  if (self->cache == NULL || !flint_contact_list_is_loaded (self->contacts))
    return;

  if ((roster = xmpp_roster_save (flint_account_get_roster (self))))
    {
      g_autofree char *name = make_name (self, "roster.xml");
      g_autoptr(GBytes) bytes = flint_cache_write_stanza (roster);

      flint_cache_write (self->cache, name, bytes);
    }

  if ((capabilities = xmpp_disco_save (flint_account_get_module (self, XMPP_TYPE_DISCO))))
    {
      g_autofree char *name = make_name (self, "capabilities.xml");
      g_autoptr(GBytes) bytes = flint_cache_write_stanza (capabilities);

      flint_cache_write (self->cache, name, bytes);
    }
}

void
flint_account_clear_cache (FlintAccount *self)
{
  g_autofree char *roster = make_name (self, "roster.xml");
  g_autofree char *capabilities = make_name (self, "capabilities.xml");

  if (self->cache == NULL)
    return;

  flint_cache_remove (self->cache, roster);
  flint_cache_remove (self->cache, capabilities);
}
