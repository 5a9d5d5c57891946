/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console-entries.h"

#include "xmpp-module.h"

#include <string.h>

/* No modules: only what the tests and the server say crosses the wire */
GType (* const xmpp_module_types[]) (void) = { NULL };

ConsoleEntry *
test_entry_new (XmppDirection  direction,
                const char    *xml)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppStanza) stanza = xmpp_stanza_new_from_xml (xml, -1, &error);

  g_assert_no_error (error);

  return console_entry_new_stanza (JOHN, stanza, direction);
}

ConsoleEntry *
test_entry_new_event (XmppEvent   event,
                      const char *text)
{
  return console_entry_new_event (JOHN, event, XMPP_RECEIVED, text);
}

/* Entries are told at the end of the turn. */
void
test_capture_settle (FakeServer *server)
{
  fake_server_settle (server);
  while (g_main_context_pending (NULL))
    g_main_context_iteration (NULL, FALSE);
}

guint
test_model_count (gpointer model)
{
  return g_list_model_get_n_items (model);
}

ConsoleEntry *
test_model_get (gpointer model,
                guint    position)
{
  g_autoptr(ConsoleEntry) entry = g_list_model_get_item (model, position);

  g_assert_nonnull (entry);

  return entry;
}

ConsoleEntry *
test_capture_find (GListModel    *model,
                   XmppDirection  direction,
                   const char    *text)
{
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      ConsoleEntry *entry = test_model_get (model, i);
      g_autofree char *xml = console_entry_get_xml (entry);

      if (!console_entry_is_event (entry) && console_entry_get_direction (entry) == direction && strstr (xml, text) != NULL)
        return entry;
    }

  return NULL;
}
