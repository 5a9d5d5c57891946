/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console-entries.h"

#include "console-snapshot.h"
#include "xmpp-module.h"

#include <string.h>

/* No modules: only what the tests and the server say crosses the wire */
GType (* const xmpp_module_types[]) (void) = { NULL };

void
test_log_add (ConsoleLog    *log,
              XmppDirection  direction,
              const char    *xml)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppStanza) stanza = xmpp_stanza_new_from_xml (xml, -1, &error);

  g_assert_no_error (error);
  console_log_add_stanza (log, JOHN, stanza, direction, FALSE);
}

GListModel *
test_log_get_all (ConsoleLog *log)
{
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint number = console_log_get_first (log); number < console_log_get_next (log); number++)
    g_array_append_val (numbers, number);

  return console_snapshot_new (log, console_log_copy_pages (log), numbers);
}

ConsoleEntry *
test_entry_new (XmppDirection  direction,
                const char    *xml)
{
  g_autoptr(ConsoleLog) log = console_log_new ();

  test_log_add (log, direction, xml);

  return console_log_get_entry (log, NULL, 1);
}

ConsoleEntry *
test_entry_new_event (XmppEvent      event,
                      XmppDirection  direction,
                      const char    *text)
{
  g_autoptr(ConsoleLog) log = console_log_new ();

  console_log_add_event (log, JOHN, event, direction, text);

  return console_log_get_entry (log, NULL, 1);
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
  ConsoleEntry *entry = g_list_model_get_item (model, position);
  GPtrArray *borrowed = g_object_get_data (model, "borrowed");

  g_assert_nonnull (entry);
  if (borrowed == NULL)
    {
      borrowed = g_ptr_array_new_with_free_func (g_object_unref);
      g_object_set_data_full (model, "borrowed", borrowed, (GDestroyNotify) g_ptr_array_unref);
    }
  g_ptr_array_add (borrowed, entry);

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
