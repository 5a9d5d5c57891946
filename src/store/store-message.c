/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-message.h"

#include <string.h>

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

/* A program that counts its ids has them again and again: such a short one is the same message only for so long (T049) */
#define SHORT_ID    8
#define SHORT_SPAN  (60 * (guint64) G_USEC_PER_SEC)
#define LONG_SPAN   ((guint64) G_TIME_SPAN_DAY)

gboolean
store_message_has_short_id (const char *message_id)
{
  return strlen (message_id) < SHORT_ID;
}

/* How far two times are apart, whatever the numbers are */
guint64
store_message_get_span (gint64 a,
                        gint64 b)
{
  return a > b ? (guint64) a - (guint64) b : (guint64) b - (guint64) a;
}

/* Whether what was said at these times with the same id by the same one may be one message */
gboolean
store_message_is_near (const char *message_id,
                       gint64      a,
                       gint64      b)
{
  return store_message_get_span (a, b) <= (store_message_has_short_id (message_id) ? SHORT_SPAN : LONG_SPAN);
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
