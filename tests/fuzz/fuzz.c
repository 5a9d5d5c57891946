/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <string.h>

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR);

  return 0;
}

char *
fuzz_take_line (FuzzInput *self)
{
  const char *end;
  char *line;

  if (self->length == 0)
    return NULL;

  end = memchr (self->data, '\n', self->length);
  if (end == NULL)
    return fuzz_take_text (self);

  line = g_strndup (self->data, end - self->data);
  self->length -= end + 1 - self->data;
  self->data = end + 1;

  return line;
}

char *
fuzz_take_text (FuzzInput *self)
{
  char *padded = g_strndup (self->data, self->length);
  char *text = g_strdup (padded);   /* no longer than it is up to its first NUL */

  g_free (padded);
  self->data += self->length;
  self->length = 0;

  return text;
}

/* FNV-1a */
guint32
fuzz_hash (const guint8 *data,
           gsize         size)
{
  guint32 hash = 2166136261u;

  for (gsize i = 0; i < size; i++)
    hash = (hash ^ data[i]) * 16777619u;

  return hash != 0 ? hash : 1;
}

/* Xorshift */
guint32
fuzz_next (guint32 *state)
{
  *state ^= *state << 13;
  *state ^= *state >> 17;
  *state ^= *state << 5;

  return *state;
}

void
fuzz_assert_words (const GError *error)
{
  g_assert_nonnull (error);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_cmpuint (strlen (error->message), >=, 8);
  g_assert_null (strstr (error->message, "%s"));
}
