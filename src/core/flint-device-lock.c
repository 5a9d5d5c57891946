/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-device-lock.h"

struct _FlintDeviceLock
{
  XmppPresence *presence;
  XmppJid      *jid;        /* bare: whose devices */

  XmppJid      *device;     /* NULL: to the bare address */
  guint         others;     /* what his other devices looked like then */
};

static guint
hash_others (FlintDeviceLock *self,
             gboolean        *is_here)
{
  g_autoptr(GPtrArray) resources = xmpp_presence_get_resources (self->presence, self->jid);
  guint hash = 0;

  *is_here = FALSE;

  for (guint i = 0; i < resources->len; i++)
    {
      const XmppResource *resource = g_ptr_array_index (resources, i);

      if (xmpp_jid_equal (resource->jid, self->device))
        *is_here = TRUE;
      else
        hash += xmpp_jid_hash (resource->jid) * 31 + (resource->show + 1) * 257 + resource->priority;
    }

  return hash;
}

/**
 * flint_device_lock_new:
 * @presence: who is there
 * @jid: a bare address: whose devices
 *
 * Returns: (transfer full): no device
 */
FlintDeviceLock *
flint_device_lock_new (XmppPresence *presence,
                       XmppJid      *jid)
{
  FlintDeviceLock *self = g_new0 (FlintDeviceLock, 1);

  self->presence = g_object_ref (presence);
  self->jid = xmpp_jid_ref (jid);

  return self;
}

/**
 * flint_device_lock_free:
 * @self: a lock
 *
 * Frees it.
 */
void
flint_device_lock_free (FlintDeviceLock *self)
{
  g_clear_object (&self->presence);
  g_clear_pointer (&self->jid, xmpp_jid_unref);
  g_clear_pointer (&self->device, xmpp_jid_unref);
  g_free (self);
}

/**
 * flint_device_lock_get:
 * @self: a lock
 *
 * Returns: (transfer none): whom to write to: the device, or the bare address
 */
XmppJid *
flint_device_lock_get (FlintDeviceLock *self)
{
  return self->device != NULL ? self->device : self->jid;
}

/**
 * flint_device_lock_set:
 * @self: a lock
 * @from: who spoke; without a resource: no device in particular
 *
 * That is the one to answer.
 */
void
flint_device_lock_set (FlintDeviceLock *self,
                       XmppJid         *from)
{
  gboolean is_here;

  flint_device_lock_release (self);

  if (xmpp_jid_is_bare (from))
    return;

  self->device = xmpp_jid_ref (from);
  self->others = hash_others (self, &is_here);
}

/**
 * flint_device_lock_check:
 * @self: a lock
 * @is_seen: whether we see who of his is there: a stranger's lock ends with the connection
 *
 * Something changed with his devices.
 */
void
flint_device_lock_check (FlintDeviceLock *self,
                         gboolean         is_seen)
{
  gboolean is_here;

  if (self->device == NULL)
    return;

  if (hash_others (self, &is_here) != self->others || (!is_here && is_seen))
    flint_device_lock_release (self);
}

/**
 * flint_device_lock_release:
 * @self: a lock
 *
 * To the bare address again.
 */
void
flint_device_lock_release (FlintDeviceLock *self)
{
  g_clear_pointer (&self->device, xmpp_jid_unref);
}
