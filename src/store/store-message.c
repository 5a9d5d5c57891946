/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-message.h"

StoreMessage *
store_message_new (void)
{
  return g_new0 (StoreMessage, 1);
}

void
store_message_free (StoreMessage *self)
{
  g_free (self->sender);
  g_free (self->name);
  g_free (self->device);
  g_free (self->message_id);
  g_free (self->archive_id);
  g_free (self->body);
  g_free (self->failure);
  g_free (self);
}

/* FNV-1a, 64 bits: to tell texts of one sender apart. Whoever makes two of his own the same hides one of his own. */
gint64
store_message_digest (const char *body)
{
  guint64 digest = G_GUINT64_CONSTANT (14695981039346656037);

  for (const guchar *p = (const guchar *) body; *p != '\0'; p++)
    digest = (digest ^ *p) * G_GUINT64_CONSTANT (1099511628211);

  return (gint64) digest;
}
