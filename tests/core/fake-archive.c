/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-archive.h"

#include <string.h>

#define MAM   "urn:xmpp:mam:2"
#define QUERY "<query xmlns='" MAM "'"
#define YEAR  G_GINT64_CONSTANT (1767225600)      /* 2026-01-01T00:00:00Z */

typedef struct
{
  char  *id;
  char  *from;
  char  *to;
  char  *xml;
  gint64 time;      /* s since 1970 */
} Entry;

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->id);
  g_free (entry->from);
  g_free (entry->to);
  g_free (entry->xml);
  g_free (entry);
}

FakeArchive *
fake_archive_new (TestAccount *account,
                  const char  *address)
{
  FakeArchive *self = g_new0 (FakeArchive, 1);

  self->account = account;
  self->address = address;
  self->entries = g_ptr_array_new_with_free_func (entry_free);
  self->log = g_string_new (NULL);

  return self;
}

void
fake_archive_free (FakeArchive *self)
{
  g_ptr_array_unref (self->entries);
  g_string_free (self->log, TRUE);
  g_free (self);
}

static char *
format_time (gint64 time)
{
  g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc (time);

  return g_date_time_format (date, "%Y-%m-%dT%H:%M:%SZ");
}

const char *
fake_archive_add (FakeArchive *self,
                  const char  *from,
                  const char  *to,
                  const char  *type,
                  const char  *id,
                  const char  *body,
                  guint        seconds)
{
  Entry *entry = g_new0 (Entry, 1);
  g_autofree char *id_attribute = id != NULL ? g_strdup_printf ("id='%s'", id) : g_strdup ("");
  g_autofree char *text = g_markup_escape_text (body, -1);

  entry->id = g_strdup_printf ("archived-%u", self->entries->len);
  entry->from = g_strdup (from);
  entry->to = g_strdup (to);
  entry->time = YEAR + seconds;
  entry->xml = g_strdup_printf ("<message xmlns='jabber:client' from='%s' to='%s' type='%s' %s><body>%s</body></message>",
                                from, to, type, id_attribute, text);
  g_ptr_array_add (self->entries, entry);

  return entry->id;
}

/* The text of the first element of this name in xml; (transfer full), NULL where there is none, "" where it is empty */
static char *
get_text (const char *xml,
          const char *name)
{
  g_autofree char *open = g_strdup_printf ("<%s>", name);
  g_autofree char *empty = g_strdup_printf ("<%s/>", name);
  const char *start = strstr (xml, open);

  if (start == NULL)
    return strstr (xml, empty) != NULL ? g_strdup ("") : NULL;

  start += strlen (open);

  return g_strndup (start, strcspn (start, "<"));
}

static char *
get_field (const char *xml,
           const char *name)
{
  g_autofree char *open = g_strdup_printf ("<field var='%s'><value>", name);
  const char *start = strstr (xml, open);

  if (start == NULL)
    return NULL;

  start += strlen (open);

  return g_strndup (start, strcspn (start, "<"));
}

typedef struct
{
  char *after;
  char *before;
  char *with;
  char *start;
  guint max;
} Query;

static void
query_clear (Query *query)
{
  g_free (query->after);
  g_free (query->before);
  g_free (query->with);
  g_free (query->start);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Query, query_clear)

static gboolean
matches (const Entry *entry,
         const Query *query)
{
  g_autofree char *time = format_time (entry->time);

  if (query->with != NULL && !g_str_has_prefix (entry->from, query->with) && !g_str_has_prefix (entry->to, query->with))
    return FALSE;

  return query->start == NULL || strcmp (time, query->start) >= 0;
}

/* Position of the one with this id; -1: it is not there (any more) */
static int
find (FakeArchive *self,
      const char  *id)
{
  for (guint i = self->n_forgotten; i < self->entries->len; i++)
    if (g_str_equal (((Entry *) g_ptr_array_index (self->entries, i))->id, id))
      return i;

  return -1;
}

/* Those on the page, in their order; is_complete: there are no others in that direction. NULL: no such id */
static GPtrArray *
make_page (FakeArchive *self,
           const Query *query,
           gboolean    *is_complete)
{
  g_autoptr(GPtrArray) all = g_ptr_array_new ();
  GPtrArray *page;
  guint first = self->n_forgotten;
  guint end = self->entries->len;
  guint max = self->max != 0 ? MIN (self->max, query->max) : query->max;
  guint n;

  if (query->after != NULL && !self->repeats)
    {
      int position = find (self, query->after);

      if (position < 0)
        return NULL;
      first = position + 1;
    }

  if (query->before != NULL && *query->before != '\0')
    {
      int position = find (self, query->before);

      if (position < 0)
        return NULL;
      end = position;
    }

  for (guint i = first; i < end && !self->is_empty; i++)
    if (matches (g_ptr_array_index (self->entries, i), query))
      g_ptr_array_add (all, g_ptr_array_index (self->entries, i));

  n = MIN (max, all->len);
  page = g_ptr_array_new ();
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (page, g_ptr_array_index (all, query->before != NULL ? all->len - n + i : i));
  *is_complete = n == all->len && !self->repeats && !self->is_empty;

  return page;
}

static void
send_page (FakeArchive *self,
           const char  *request,
           GPtrArray   *page,
           gboolean     is_complete)
{
  g_autofree char *id = fake_xml_get (request, "id");
  g_autofree char *query_id = fake_xml_get (request, "queryid");
  g_autoptr(GString) xml = g_string_new (NULL);

  for (guint i = 0; i < page->len; i++)
    {
      const Entry *entry = g_ptr_array_index (page, i);
      g_autofree char *stamp = format_time (entry->time);

      g_string_append_printf (xml, "<message from='%s' to='me@good.test/r1'><result xmlns='" MAM "' queryid='%s' id='%s'>"
                              "<forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='%s'/>%s</forwarded>"
                              "</result></message>", self->address, query_id, entry->id, stamp, entry->xml);
    }

  g_string_append_printf (xml, "<iq type='result' id='%s' from='%s'><fin xmlns='" MAM "' complete='%s'>"
                          "<set xmlns='http://jabber.org/protocol/rsm'>", id, self->address, is_complete ? "true" : "false");
  if (page->len > 0)
    g_string_append_printf (xml, "<first>%s</first><last>%s</last>", ((Entry *) g_ptr_array_index (page, 0))->id,
                            ((Entry *) g_ptr_array_index (page, page->len - 1))->id);
  g_string_append (xml, "</set></fin></iq>");
  fake_server_send (self->account->server, xml->str);
}

static void
answer (FakeArchive *self,
        const char  *request)
{
  g_auto(Query) query = { NULL };
  g_autoptr(GPtrArray) page = NULL;
  g_autofree char *max = get_text (request, "max");
  gboolean is_complete = FALSE;

  query.after = get_text (request, "after");
  query.before = get_text (request, "before");
  query.with = get_field (request, "with");
  query.start = get_field (request, "start");
  query.max = max != NULL ? atoi (max) : 100;
  self->n_queries++;
  g_string_append_printf (self->log, "%s", self->log->len > 0 ? "|" : "");
  if (query.with != NULL)
    g_string_append_printf (self->log, "with=%s ", query.with);
  if (query.start != NULL)
    g_string_append_printf (self->log, "start=%s ", query.start);
  if (query.after != NULL)
    g_string_append_printf (self->log, "after=%s ", query.after);
  if (query.before != NULL)
    g_string_append_printf (self->log, "before=%s ", query.before);

  page = make_page (self, &query, &is_complete);
  if (page != NULL)
    {
      send_page (self, request, page, is_complete);
    }
  else
    {
      g_autofree char *id = fake_xml_get (request, "id");
      g_autofree char *xml = g_strdup_printf ("<iq type='error' id='%s' from='%s'><error type='cancel'>"
                                              "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
                                              id, self->address);

      fake_server_send (self->account->server, xml);
    }

  fake_server_ping (self->account->server);
  test_core_settle (self->account->core);
}

static const char *
find_query (FakeArchive *self)
{
  for (guint i = 0; i < self->account->server->waiting->len; i++)
    {
      const char *element = g_ptr_array_index (self->account->server->waiting, i);
      g_autofree char *to = fake_xml_get (element, "to");

      if (strstr (element, QUERY) != NULL && g_str_equal (to != NULL ? to : ME, self->address))
        return element;
    }

  return NULL;
}

static void
take (FakeArchive *self,
      const char  *query)
{
  g_autofree char *request = g_strdup (query);
  g_autofree char *id = fake_xml_get (query, "queryid");

  fake_server_expect_contains (self->account->server, id);
  answer (self, request);
}

void
fake_archive_answer (FakeArchive *self)
{
  fake_server_wait_until (find_query (self) != NULL);
  take (self, find_query (self));
}

void
fake_archive_answer_all (FakeArchive *self)
{
  const char *query;

  fake_archive_answer (self);
  for (fake_server_ping (self->account->server); (query = find_query (self)) != NULL; fake_server_ping (self->account->server))
    take (self, query);
}

void
fake_archive_answer_waiting (FakeArchive *self)
{
  const char *query = find_query (self);

  if (query != NULL && strstr (query, "<before") != NULL)
    take (self, query);
}
