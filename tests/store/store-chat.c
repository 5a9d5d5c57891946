/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-chat.h"

#include <string.h>

/* sender: ours: one that we wrote */
StoreMessage *
store_chat_message (const char *sender,
                    const char *message_id,
                    const char *archive_id,
                    gint64      time,
                    const char *body)
{
  StoreMessage *message = store_message_new ();

  message->sender = g_strdup (sender);
  message->message_id = g_strdup (message_id);
  message->archive_id = g_strdup (archive_id);
  message->time = time;
  message->body = g_strdup (body);
  if (g_strcmp0 (sender, STORE_CHAT_ACCOUNT) == 0)
    {
      message->flags = STORE_MESSAGE_OWN;
      message->state = STORE_STATE_SENT;
    }

  return message;
}

/* entry: (transfer full) */
static StoreAdded
add (StoreFixture *fixture,
     StoreEntry   *entry)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  StoreAdded added;

  store_history_add_async (fixture->database, STORE_CHAT_ACCOUNT, entry, FALSE, store_fixture_on_result, &result);
  store_history_add_finish (store_fixture_wait (&result), &added, &error);
  g_assert_no_error (error);

  return added;
}

/* message: (transfer full) */
StoreAdded
store_chat_add (StoreFixture *fixture,
                const char   *address,
                StoreMessage *message,
                StorePlace    place,
                gint64        bound)
{
  return add (fixture, store_entry_new (address, 0, message, place, bound, FALSE));
}

/* message: (transfer full): its id is its own (XEP-0359) */
StoreAdded
store_chat_add_own_id (StoreFixture *fixture,
                       const char   *address,
                       StoreMessage *message,
                       StorePlace    place)
{
  return add (fixture, store_entry_new (address, 0, message, place, 0, TRUE));
}

/* entries: (transfer full) */
GArray *
store_chat_add_page (StoreFixture        *fixture,
                     GPtrArray           *entries,
                     const StorePosition *position,
                     GError             **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  store_history_add_page_async (fixture->database, STORE_CHAT_ACCOUNT, entries, position, FALSE, store_fixture_on_result,
                                &result);

  return store_history_add_page_finish (store_fixture_wait (&result), error);
}

GPtrArray *
store_chat_read_page (StoreFixture *fixture,
                      const char   *address,
                      gint64        before,
                      gint64        after,
                      guint         max)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  StoreKey key = { STORE_CHAT_ACCOUNT, address, 0 };
  GPtrArray *messages;

  store_history_read_async (fixture->database, &key, before, after, max, NULL, store_fixture_on_result, &result);
  messages = store_history_read_finish (store_fixture_wait (&result), &error);
  g_assert_no_error (error);

  return messages;
}

/* (transfer full): the bodies of all of a conversation, with spaces between them */
char *
store_chat_read (StoreFixture *fixture,
                 const char   *address)
{
  g_autoptr(GPtrArray) messages = store_chat_read_page (fixture, address, G_MAXINT64, 0, G_MAXUINT);
  g_autoptr(GString) bodies = g_string_new (NULL);

  for (guint i = 0; i < messages->len; i++)
    {
      const StoreMessage *message = g_ptr_array_index (messages, i);

      g_string_append_printf (bodies, "%s%s", i > 0 ? " " : "", message->body);
    }

  return g_string_free (g_steal_pointer (&bodies), FALSE);
}

guint
store_chat_set_state (StoreFixture *fixture,
                      const char   *address,
                      const char   *message_id,
                      StoreState    state,
                      const char   *failure,
                      gboolean      with_earlier)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  StoreKey key = { STORE_CHAT_ACCOUNT, address, 0 };
  guint n;

  store_history_set_state_async (fixture->database, &key, message_id, state, failure, with_earlier, store_fixture_on_result,
                                 &result);
  n = store_history_set_state_finish (store_fixture_wait (&result), &error);
  g_assert_no_error (error);

  return n;
}
