/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console-history.h"

#define MAX_SENT 200

struct _ConsoleHistory
{
  GObject    parent_instance;

  GPtrArray *sent;        /* owned texts, oldest first */
  guint      position;    /* of the one that is shown; sent->len: the draft */
  char      *draft;       /* what is being written, or was before one went back */
};

G_DEFINE_FINAL_TYPE (ConsoleHistory, console_history, G_TYPE_OBJECT)

/**
 * console_history_get_current:
 *
 * Returns: (transfer none): what is shown: one of those that were sent, or the draft
 */
const char *
console_history_get_current (ConsoleHistory *self)
{
  g_return_val_if_fail (CONSOLE_IS_HISTORY (self), NULL);

  return self->position < self->sent->len ? g_ptr_array_index (self->sent, self->position) : self->draft;
}

/**
 * console_history_add:
 * @text: what was sent
 *
 * It is the newest now, and what is shown; the same text is not kept twice. The draft, behind it, is empty.
 */
void
console_history_add (ConsoleHistory *self,
                     const char     *text)
{
  guint index;

  g_return_if_fail (CONSOLE_IS_HISTORY (self));
  g_return_if_fail (text != NULL);

  if (g_ptr_array_find_with_equal_func (self->sent, text, g_str_equal, &index))
    g_ptr_array_remove_index (self->sent, index);
  g_ptr_array_add (self->sent, g_strdup (text));
  if (self->sent->len > MAX_SENT)
    g_ptr_array_remove_index (self->sent, 0);

  self->position = self->sent->len - 1;
  g_free (self->draft);
  self->draft = g_strdup ("");
}

/**
 * console_history_previous:
 *
 * Returns: (nullable) (transfer none): what was sent before what is shown; %NULL: nothing
 */
const char *
console_history_previous (ConsoleHistory *self)
{
  g_return_val_if_fail (CONSOLE_IS_HISTORY (self), NULL);

  if (self->position == 0)
    return NULL;

  self->position--;

  return console_history_get_current (self);
}

/**
 * console_history_next:
 *
 * Returns: (nullable) (transfer none): what was sent after what is shown, after the last the draft; %NULL: nothing
 */
const char *
console_history_next (ConsoleHistory *self)
{
  g_return_val_if_fail (CONSOLE_IS_HISTORY (self), NULL);

  if (self->position >= self->sent->len)
    return NULL;

  self->position++;

  return console_history_get_current (self);
}

gboolean
console_history_has_previous (ConsoleHistory *self)
{
  g_return_val_if_fail (CONSOLE_IS_HISTORY (self), FALSE);

  return self->position > 0;
}

gboolean
console_history_has_next (ConsoleHistory *self)
{
  g_return_val_if_fail (CONSOLE_IS_HISTORY (self), FALSE);

  return self->position < self->sent->len;
}

/**
 * console_history_set_draft:
 * @text: what is being written; it is the newest from now on, what was sent stays as it was
 */
void
console_history_set_draft (ConsoleHistory *self,
                           const char     *text)
{
  g_return_if_fail (CONSOLE_IS_HISTORY (self));
  g_return_if_fail (text != NULL);

  if (g_str_equal (console_history_get_current (self), text))
    return;   /* nobody wrote: this was shown */

  g_free (self->draft);
  self->draft = g_strdup (text);
  self->position = self->sent->len;
}

static void
console_history_finalize (GObject *object)
{
  ConsoleHistory *self = CONSOLE_HISTORY (object);

  g_ptr_array_unref (self->sent);
  g_free (self->draft);

  G_OBJECT_CLASS (console_history_parent_class)->finalize (object);
}

static void
console_history_class_init (ConsoleHistoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = console_history_finalize;
}

static void
console_history_init (ConsoleHistory *self)
{
  self->sent = g_ptr_array_new_with_free_func (g_free);
  self->draft = g_strdup ("");
}

ConsoleHistory *
console_history_new (void)
{
  return g_object_new (CONSOLE_TYPE_HISTORY, NULL);
}
