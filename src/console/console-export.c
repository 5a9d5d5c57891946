/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "console-export.h"

#include "console-summary.h"
#include "console-text.h"

#include <glib/gi18n.h>
#include <string.h>

#define NS_LOG   "urn:flint:console:1"
#define BLOCK    (128 * 1024)   /* bytes that are written at once, with the entry that is the last of them */
#define MAX_LINE 2000           /* characters */

/* One file that is being written */
typedef struct
{
  GListModel    *entries;       /* of ConsoleEntry; it does not change */
  ConsoleFormat  format;
  GFile         *file;
  GOutputStream *stream;
  guint          next;          /* entry */
  GString       *block;         /* that is being written */
  gboolean       has_end;       /* it is the last */
  gboolean       is_new;        /* there was no such file before */
  GError        *error;         /* why it ends early; owned */
} Export;

static void
export_free (gpointer data)
{
  Export *self = data;

  g_object_unref (self->entries);
  g_object_unref (self->file);
  g_clear_object (&self->stream);
  g_string_free (self->block, TRUE);
  g_clear_error (&self->error);
  g_free (self);
}

static char *
format_time (gint64      microseconds,
             const char *format)
{
  g_autoptr(GDateTime) seconds = g_date_time_new_from_unix_utc (microseconds / G_USEC_PER_SEC);
  g_autoptr(GDateTime) utc = g_date_time_add (seconds, microseconds % G_USEC_PER_SEC);
  g_autofree char *begin = g_date_time_format (utc, format);

  return g_strdup_printf ("%s.%06dZ", begin, (int) (microseconds % G_USEC_PER_SEC));
}

static const char *
get_direction_name (ConsoleEntry *entry)
{
  if (console_entry_is_event (entry))
    return "event";

  return console_entry_get_direction (entry) == XMPP_SENT ? "sent" : "received";
}

/**
 * console_export_line:
 *
 * Returns: (transfer full): @entry on one line, for a report: number, time, direction, account, kind, type and
 *   what it does
 */
char *
console_export_line (ConsoleEntry *entry)
{
  const char *type = console_entry_get_type_name (entry);
  g_autofree char *summary = console_summary_new (entry);   /* not kept: there may be a hundred thousand */
  g_autofree char *time = format_time (console_entry_get_time (entry), "%Y-%m-%d %H:%M:%S");
  g_autofree char *line = g_strdup_printf ("%u  %s  %-8s  %s  %s%s%s  %s", console_entry_get_number (entry), time,
                                           get_direction_name (entry), console_entry_get_account (entry),
                                           console_kind_get_name (console_entry_get_kind (entry)),
                                           type != NULL ? " " : "", type != NULL ? type : "",
                                           summary);

  return console_text_for_line (line, MAX_LINE);
}

static void
append_attribute (GString    *to,
                  const char *name,
                  const char *value)
{
  g_autofree char *harmless = value != NULL ? console_text_for_line (value, G_MAXSIZE) : NULL;
  g_autofree char *escaped = harmless != NULL ? g_markup_escape_text (harmless, -1) : NULL;

  if (escaped != NULL)
    g_string_append_printf (to, " %s=\"%s\"", name, escaped);
}

/* What XML 1.0 has no place for, not even as a reference, is named. */
static void
append_text (GString    *to,
             const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c == '<')
        g_string_append (to, "&lt;");
      else if (c == '>')
        g_string_append (to, "&gt;");
      else if (c == '&')
        g_string_append (to, "&amp;");
      else if ((c < 0x20 && c != '\n' && c != '\t') || (c & 0xFFFE) == 0xFFFE)
        g_string_append_printf (to, "⟨U+%04X⟩", c);
      else
        g_string_append_unichar (to, c);
    }
}

static void
write_xml (ConsoleEntry *entry,
           GString      *to)
{
  g_autofree char *summary = console_summary_new (entry);
  g_autofree char *time = format_time (console_entry_get_time (entry), "%Y-%m-%dT%H:%M:%S");

  g_string_append_printf (to, "<entry number=\"%u\" time=\"%s\" direction=\"%s\" kind=\"%s\"", console_entry_get_number (entry),
                          time, get_direction_name (entry), console_kind_get_name (console_entry_get_kind (entry)));
  append_attribute (to, "account", console_entry_get_account (entry));
  if (console_entry_get_size (entry) > 0)
    g_string_append_printf (to, " size=\"%" G_GSIZE_FORMAT "\"", console_entry_get_size (entry));
  if (console_entry_is_manual (entry))
    g_string_append (to, " by-hand=\"true\"");
  if (console_entry_is_redacted (entry))
    g_string_append (to, " redacted=\"true\"");
  append_attribute (to, "summary", summary);
  g_string_append_c (to, '>');

  if (console_entry_is_stanza (entry))
    console_entry_write (entry, NS_LOG, to);
  else
    append_text (to, console_entry_peek (entry, NULL));

  g_string_append (to, "</entry>\n");
}

static void
write_text (ConsoleEntry *entry,
            GString      *to)
{
  g_autofree char *line = console_export_line (entry);
  g_autofree char *xml = console_entry_get_xml (entry);
  gsize length = strlen (xml);

  while (length > 0 && xml[length - 1] == '\n')
    length--;

  g_string_append (to, line);
  g_string_append_c (to, '\n');
  if (length > 0)
    {
      console_text_append_harmless (to, xml, length);
      g_string_append_c (to, '\n');
    }
  g_string_append_c (to, '\n');
}

/**
 * console_export_write:
 * @to: what @entry is appended to
 */
void
console_export_write (ConsoleEntry  *entry,
                      ConsoleFormat  format,
                      GString       *to)
{
  g_return_if_fail (CONSOLE_IS_ENTRY (entry));

  if (format == CONSOLE_EXPORT_XML)
    write_xml (entry, to);
  else
    write_text (entry, to);
}

static void
write_begin (Export  *self,
             GString *to)
{
  g_autofree char *now = format_time (g_get_real_time (), "%Y-%m-%dT%H:%M:%S");

  if (self->format == CONSOLE_EXPORT_XML)
    g_string_append_printf (to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                "<log xmlns=\"" NS_LOG "\" xmlns:stream=\"" XMPP_NS_STREAM "\""
                                " program=\"Flint %s\" saved=\"%s\" entries=\"%u\">\n",
                            FLINT_VERSION, now, g_list_model_get_n_items (self->entries));
  else
    g_string_append_printf (to, "Flint %s, debug console, %s, %u entries\n\n", FLINT_VERSION, now, g_list_model_get_n_items (self->entries));
}

/* The next entries, so that a hundred thousand of them neither stop the windows nor fill the memory twice */
static void
fill_block (Export *self)
{
  guint n = g_list_model_get_n_items (self->entries);

  g_string_truncate (self->block, 0);
  if (self->next == 0)
    write_begin (self, self->block);

  while (self->next < n && self->block->len < BLOCK)
    {
      g_autoptr(ConsoleEntry) entry = g_list_model_get_item (self->entries, self->next++);

      console_export_write (entry, self->format, self->block);
    }

  self->has_end = self->next == n;
  if (self->has_end && self->format == CONSOLE_EXPORT_XML)
    g_string_append (self->block, "</log>\n");
}

/* Failing */

static char *
describe (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    return g_strdup (_("The disk is full."));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_READ_ONLY))
    return g_strdup (_("You may not write there."));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY))
    return g_strdup (_("There is no such folder."));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY))
    return g_strdup (_("There is a folder of this name."));

  return g_strdup (error->message);
}

static void
on_deleted (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Export *self = g_task_get_task_data (task);

  g_file_delete_finish (self->file, result, NULL);
  g_task_return_error (task, g_steal_pointer (&self->error));
}

static void
on_given_up (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  GTask *task = user_data;
  Export *self = g_task_get_task_data (task);

  g_output_stream_close_finish (G_OUTPUT_STREAM (source), result, NULL);
  if (self->is_new)
    {
      g_file_delete_async (self->file, G_PRIORITY_DEFAULT, NULL, on_deleted, task);
      return;
    }

  g_task_return_error (task, g_steal_pointer (&self->error));
  g_object_unref (task);
}

/* Takes @error. Closing with a cancelled cancellable throws away what was written in the place of an older
 * file: that one stays. Half of a new one is of no use.
 */
static void
fail (GTask  *task,
      GError *error)
{
  Export *self = g_task_get_task_data (task);
  g_autoptr(GCancellable) cancelled = g_cancellable_new ();
  g_autofree char *words = describe (error);

  self->error = g_error_new_literal (error->domain, error->code, words);
  g_error_free (error);
  if (self->stream == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&self->error));
      g_object_unref (task);
      return;
    }

  g_cancellable_cancel (cancelled);
  g_output_stream_close_async (self->stream, G_PRIORITY_DEFAULT, cancelled, on_given_up, task);
}

/* Writing */

static void write_block (GTask *task);

static void
on_closed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GTask *task = user_data;
  Export *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (!g_output_stream_close_finish (self->stream, result, &error))
    {
      fail (task, error);
      return;
    }

  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
on_written (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  GTask *task = user_data;
  Export *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (!g_output_stream_write_all_finish (self->stream, result, NULL, &error))
    fail (task, error);
  else if (self->has_end)
    g_output_stream_close_async (self->stream, G_PRIORITY_DEFAULT, g_task_get_cancellable (task), on_closed, task);
  else
    write_block (task);
}

static void
write_block (GTask *task)
{
  Export *self = g_task_get_task_data (task);

  fill_block (self);
  g_output_stream_write_all_async (self->stream, self->block->str, self->block->len, G_PRIORITY_DEFAULT,
                                   g_task_get_cancellable (task), on_written, task);
}

static void
begin (GTask         *task,
       GOutputStream *stream,
       GError        *error)
{
  Export *self = g_task_get_task_data (task);

  self->stream = stream;
  if (error == NULL)
    g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), &error);

  if (error != NULL)
    fail (task, error);
  else
    write_block (task);
}

static void
on_replaced (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  GError *error = NULL;
  GFileOutputStream *stream = g_file_replace_finish (G_FILE (source), result, &error);

  begin (user_data, (GOutputStream *) stream, error);
}

/* Opening is not cancelled: nobody would know whether there is a file now. */
static void
on_created (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  GTask *task = user_data;
  Export *self = g_task_get_task_data (task);
  GError *error = NULL;
  GFileOutputStream *stream = g_file_create_finish (self->file, result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS))
    {
      g_error_free (error);
      g_file_replace_async (self->file, NULL, FALSE, G_FILE_CREATE_PRIVATE, G_PRIORITY_DEFAULT, NULL, on_replaced, task);
      return;
    }

  self->is_new = stream != NULL;
  begin (task, (GOutputStream *) stream, error);
}

/**
 * console_export_async:
 * @entries: of ConsoleEntry; nobody changes it until the end
 * @file: is replaced when all is written, and stays as it was when that fails; only we may read it
 * @cancellable: (nullable): stops it
 * @callback: when it is done
 * @user_data: for @callback
 *
 * Saves @entries.
 */
void
console_export_async (GListModel          *entries,
                      ConsoleFormat        format,
                      GFile               *file,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Export *self = g_new0 (Export, 1);

  self->entries = g_object_ref (entries);
  self->format = format;
  self->file = g_object_ref (file);
  self->block = g_string_new (NULL);
  g_task_set_source_tag (task, console_export_async);
  g_task_set_task_data (task, self, export_free);

  g_file_create_async (file, G_FILE_CREATE_PRIVATE, G_PRIORITY_DEFAULT, NULL, on_created, task);
}

/**
 * console_export_finish:
 * @error: a sentence for a person
 *
 * Returns: whether all of it is in the file
 */
gboolean
console_export_finish (GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
