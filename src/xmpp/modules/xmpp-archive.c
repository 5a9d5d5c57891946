/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0313: Message Archive Management, with the paging of XEP-0059 */
#include "flint-config.h"

#include "xmpp-archive.h"

#include "xmpp-delay.h"
#include "xmpp-disco.h"
#include "xmpp-random.h"
#include "xmpp-time.h"

#include <glib/gi18n-lib.h>

#define NS_MAM     "urn:xmpp:mam:2"
#define NS_RSM     "http://jabber.org/protocol/rsm"
#define NS_FORWARD "urn:xmpp:forward:0"
#define NS_FORM    "jabber:x:data"

/* An archive that sends more than was asked for, and more again, is not listened to for ever */
#define MAX_RESULTS 5000

/* A question that is not answered yet */
struct _XmppArchivePending
{
  XmppJid         *archive;       /* whose answer it is */
  gboolean         is_room;
  char            *id;            /* "queryid" */
  guint            max;
  XmppArchivePage *page;          /* what has come until now */
};

struct _XmppArchive
{
  XmppModule  parent_instance;

  GPtrArray  *pending;            /* of borrowed XmppArchivePending: the tasks own them */
  GHashTable *known;              /* owned XmppJid, bare: archives that say that they are some */
};

G_DEFINE_FINAL_TYPE (XmppArchive, xmpp_archive, XMPP_TYPE_MODULE)

G_DEFINE_BOXED_TYPE (XmppArchivePage, xmpp_archive_page, xmpp_archive_page_ref, xmpp_archive_page_unref)

/* Pages */

static XmppArchivePage *
page_new (void)
{
  XmppArchivePage *page = g_atomic_rc_box_new0 (XmppArchivePage);

  page->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_message_free);
  page->is_stable = TRUE;
  page->count = -1;

  return page;
}

static void
page_clear (gpointer data)
{
  XmppArchivePage *page = data;

  g_ptr_array_unref (page->messages);
  g_free (page->first);
  g_free (page->last);
}

/**
 * xmpp_archive_page_ref:
 * @self: a page
 *
 * Returns: (transfer full): the same page
 */
XmppArchivePage *
xmpp_archive_page_ref (XmppArchivePage *self)
{
  return g_atomic_rc_box_acquire (self);
}

/**
 * xmpp_archive_page_unref:
 * @self: (transfer full): a page
 */
void
xmpp_archive_page_unref (XmppArchivePage *self)
{
  g_atomic_rc_box_release_full (self, page_clear);
}

static gboolean
set_no_progress (GError **error)
{
  g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_PROTOCOL,
                       _("The archive gives the same messages again and again."));

  return FALSE;
}

/**
 * xmpp_archive_page_get_next:
 * @self: a page
 * @query: what it answers
 * @id: (out) (transfer none): what the next page is after, or before: as @query had it
 * @error: why there is no next page although this one is not said to be the last: the archive gives an empty page, or one
 *   that ends where the last one did (security.md, T014)
 *
 * For who goes through an archive page by page.
 *
 * Returns: whether there is a next page
 */
gboolean
xmpp_archive_page_get_next (const XmppArchivePage   *self,
                            const XmppArchiveQuery  *query,
                            const char             **id,
                            GError                 **error)
{
  gboolean is_backwards = query->before != NULL;
  const char *end = is_backwards ? self->first : self->last;
  const char *asked = is_backwards ? query->before : query->after;

  if (self->is_complete)
    return FALSE;

  if (end == NULL || (asked != NULL && g_str_equal (end, asked)))
    return set_no_progress (error);

  *id = end;

  return TRUE;
}

/* Asking */

static void
pending_free (gpointer data)
{
  XmppArchivePending *pending = data;

  xmpp_jid_unref (pending->archive);
  g_free (pending->id);
  xmpp_archive_page_unref (pending->page);
  g_free (pending);
}

static void
add_field (XmppNode   *form,
           const char *name,
           const char *type,
           const char *value)
{
  XmppNode *field = xmpp_node_add (form, "field", NS_FORM);

  xmpp_node_set (field, "var", name);
  if (type != NULL)
    xmpp_node_set (field, "type", type);
  xmpp_node_add_text (field, "value", NS_FORM, value);
}

static void
add_time (XmppNode   *form,
          const char *name,
          gint64      time)
{
  g_autofree char *text = time != 0 ? xmpp_time_format (time) : NULL;

  if (text != NULL)
    add_field (form, name, NULL, text);
}

/* The namespace is asked for always, so that the archive is not one of another version */
static void
add_form (XmppNode               *node,
          const XmppArchiveQuery *query)
{
  XmppNode *form;

  if (query->with == NULL && query->start == 0 && query->end == 0)
    return;

  form = xmpp_node_add (node, "x", NS_FORM);
  xmpp_node_set (form, "type", "submit");
  add_field (form, "FORM_TYPE", "hidden", NS_MAM);
  if (query->with != NULL)
    add_field (form, "with", NULL, xmpp_jid_get_text (query->with));
  add_time (form, "start", query->start);
  add_time (form, "end", query->end);
}

static void
add_set (XmppNode               *node,
         const XmppArchiveQuery *query)
{
  XmppNode *set = xmpp_node_add (node, "set", NS_RSM);

  if (query->max != 0)
    {
      g_autofree char *max = g_strdup_printf ("%u", query->max);

      xmpp_node_add_text (set, "max", NS_RSM, max);
    }

  if (query->before != NULL && *query->before == '\0')
    xmpp_node_add (set, "before", NS_RSM);
  else if (query->before != NULL)
    xmpp_node_add_text (set, "before", NS_RSM, query->before);
  else if (query->after != NULL)
    xmpp_node_add_text (set, "after", NS_RSM, query->after);
}

static XmppStanza *
make_request (const XmppArchiveQuery *query,
              const char             *id)
{
  XmppStanza *iq = xmpp_stanza_new_iq ("set", query->archive != NULL ? xmpp_jid_get_text (query->archive) : NULL);
  XmppNode *node = xmpp_node_add (xmpp_stanza_get_root (iq), "query", NS_MAM);

  xmpp_node_set (node, "queryid", id);
  add_form (node, query);
  add_set (node, query);

  return iq;
}

/* Answers */

static XmppArchivePending *
find_pending (XmppArchive   *self,
              const XmppJid *from,
              const char    *id)
{
  for (guint i = 0; id != NULL && i < self->pending->len; i++)
    {
      XmppArchivePending *pending = g_ptr_array_index (self->pending, i);

      if (g_str_equal (pending->id, id) && xmpp_jid_equal (pending->archive, from))
        return pending;
    }

  return NULL;
}

/* Of the account: what we sent or got. Of a room: what was said in it (XEP-0313, Security Considerations; T012). */
static gboolean
may_have (XmppArchive              *self,
          const XmppArchivePending *pending,
          const XmppNode           *inner)
{
  XmppJid *own = xmpp_session_get_jid (xmpp_module_get_session (XMPP_MODULE (self)));
  g_autoptr(XmppJid) from = xmpp_jid_new_received (xmpp_node_get (inner, "from"));
  g_autoptr(XmppJid) to = xmpp_jid_new_received (xmpp_node_get (inner, "to"));

  if (from == NULL)
    return FALSE;

  if (pending->is_room)
    return xmpp_jid_equal_bare (from, pending->archive) &&
           xmpp_message_type_from_string (xmpp_node_get (inner, "type")) == XMPP_MESSAGE_GROUPCHAT;

  return xmpp_jid_equal_bare (from, own) || to == NULL || xmpp_jid_equal_bare (to, own);
}

/* FALSE: it is dropped. One layer: what is in the message is data (T006). */
static XmppNode *
read_result (XmppArchive              *self,
             const XmppArchivePending *pending,
             const XmppNode           *result,
             XmppMessage              *message)
{
  const XmppNode *forwarded = xmpp_node_get_child (result, "forwarded", NS_FORWARD);
  XmppNode *inner = forwarded != NULL ? xmpp_node_get_child (forwarded, "message", XMPP_NS_CLIENT) : NULL;
  const char *id = xmpp_node_get (result, "id");

  if (id == NULL || *id == '\0' || inner == NULL || pending->page->messages->len == MAX_RESULTS ||
      !xmpp_delay_read (xmpp_module_get_session (XMPP_MODULE (self)), forwarded, &message->time) ||
      !may_have (self, pending, inner))
    return NULL;

  message->archive_id = id;
  message->is_delayed = TRUE;

  return inner;
}

/* A result counts as part of the answer of the one that was asked, and as nothing else (T008 to T011) */
static XmppNode *
unwrap (XmppModule     *module,
        const XmppNode *result,
        XmppMessage    *message)
{
  XmppArchive *self = XMPP_ARCHIVE (module);
  XmppArchivePending *pending = find_pending (self, message->from, xmpp_node_get (result, "queryid"));
  XmppNode *inner;

  if (pending == NULL)
    {
      g_debug ("Ignored a message of an archive that was not asked, from %s", xmpp_jid_get_text (message->from));
      return NULL;
    }

  inner = read_result (self, pending, result, message);
  if (inner == NULL)
    pending->page->n_dropped++;
  else
    message->pending = pending;

  return inner;
}

/* All is read of it: it goes to who asked, and is no news to anybody else */
static gboolean
take_message (XmppModule  *module,
              XmppMessage *message)
{
  if (message->pending == NULL)
    return FALSE;

  g_ptr_array_add (message->pending->page->messages, xmpp_message_copy (message));

  return TRUE;
}

static gboolean
read_fin (const XmppNode   *fin,
          XmppArchivePage  *page,
          GError          **error)
{
  const XmppNode *set = xmpp_node_get_child (fin, "set", NS_RSM);
  const char *count;
  guint64 number;
  gboolean flag;

  if (set == NULL)
    {
      g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_PROTOCOL, _("The archive's answer makes no sense."));
      return FALSE;
    }

  page->first = g_strdup (xmpp_node_get_child_text (set, "first", NS_RSM));
  page->last = g_strdup (xmpp_node_get_child_text (set, "last", NS_RSM));
  page->is_complete = xmpp_node_get_boolean (fin, "complete");

  flag = xmpp_node_get (fin, "stable") == NULL || xmpp_node_get_boolean (fin, "stable");
  page->is_stable = flag;

  count = xmpp_node_get_child_text (set, "count", NS_RSM);
  if (count != NULL && xmpp_parse_uint (count, G_MAXINT32, &number))
    page->count = number;

  return TRUE;
}

static void
on_answer (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  XmppArchive *self = g_task_get_source_object (task);
  XmppArchivePending *pending = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(XmppStanza) answer = xmpp_session_request_finish (XMPP_SESSION (source), result, &error);
  const XmppNode *fin;

  /* What comes under this id from now on answers nothing */
  g_ptr_array_remove_fast (self->pending, pending);

  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  fin = xmpp_node_get_child (xmpp_stanza_get_root (answer), "fin", NS_MAM);
  if (fin == NULL)
    g_task_return_new_error (task, XMPP_ERROR, XMPP_ERROR_PROTOCOL, "%s", _("The archive's answer makes no sense."));
  else if (!read_fin (fin, pending->page, &error))
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, xmpp_archive_page_ref (pending->page), (GDestroyNotify) xmpp_archive_page_unref);
}

/**
 * xmpp_archive_query_async:
 * @self: the module of a session that is online
 * @query: what to ask for; not needed after the call
 * @cancellable: (nullable): to lose interest in the answer
 * @callback: called with the page
 * @user_data: for @callback
 *
 * Asks an archive for one page (XEP-0313, 4). Its messages are read as those that come live, and nobody else hears of them: no
 * receipt is given, and XmppSession::message is not emitted.
 */
void
xmpp_archive_query_async (XmppArchive            *self,
                          const XmppArchiveQuery *query,
                          GCancellable           *cancellable,
                          GAsyncReadyCallback     callback,
                          gpointer                user_data)
{
  XmppSession *session;
  XmppArchivePending *pending;
  g_autoptr(XmppStanza) iq = NULL;
  GTask *task;

  g_return_if_fail (XMPP_IS_ARCHIVE (self));
  g_return_if_fail (query != NULL && (query->after == NULL || query->before == NULL));

  session = xmpp_module_get_session (XMPP_MODULE (self));
  pending = g_new0 (XmppArchivePending, 1);
  pending->archive = xmpp_jid_ref (query->archive != NULL ? query->archive : xmpp_session_get_jid (session));
  pending->is_room = query->archive != NULL && !xmpp_jid_equal (query->archive, xmpp_session_get_jid (session));
  pending->id = xmpp_random_id ();
  pending->page = page_new ();

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xmpp_archive_query_async);
  g_task_set_task_data (task, pending, pending_free);
  g_ptr_array_add (self->pending, pending);

  iq = make_request (query, pending->id);
  xmpp_session_request_async (session, iq, cancellable, on_answer, task);
}

/**
 * xmpp_archive_query_finish:
 * @self: the module
 * @result: what the callback got
 * @error: XMPP_STANZA_ERROR_ITEM_NOT_FOUND: the archive does not know the id that the page was to be after or before (any
 *   more); other words of the archive; XMPP_ERROR_PROTOCOL: its answer makes no sense; those of a request
 *
 * Returns: (transfer full): the page
 */
XmppArchivePage *
xmpp_archive_query_finish (XmppArchive   *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Where there is an archive */

static void
on_info (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  XmppArchive *self = g_task_get_source_object (task);
  XmppJid *archive = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(XmppDiscoInfo) info = xmpp_disco_info_finish (XMPP_DISCO (source), result, &error);
  gboolean is_archive = info != NULL && xmpp_disco_info_has (info, NS_MAM);

  if (is_archive)
    g_hash_table_add (self->known, xmpp_jid_ref (archive));

  if (info != NULL)
    g_task_return_boolean (task, is_archive);
  else
    g_task_return_error (task, error);
}

/**
 * xmpp_archive_check_async:
 * @self: the module of a session that is online
 * @archive: (nullable): a room, bare; %NULL: our account
 * @cancellable: (nullable): to lose interest in the answer
 * @callback: called with it
 * @user_data: for @callback
 *
 * Asks whether there is an archive (XEP-0313, 8). From then on, and until the session ends, the ids that it gives to live
 * messages are believed: XmppMessage.archive_id.
 */
void
xmpp_archive_check_async (XmppArchive         *self,
                          XmppJid             *archive,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  XmppSession *session;
  XmppJid *jid;
  GTask *task;

  g_return_if_fail (XMPP_IS_ARCHIVE (self));

  session = xmpp_module_get_session (XMPP_MODULE (self));
  jid = archive != NULL ? archive : xmpp_session_get_jid (session);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xmpp_archive_check_async);
  g_task_set_task_data (task, xmpp_jid_ref (jid), (GDestroyNotify) xmpp_jid_unref);
  xmpp_disco_info_async (xmpp_session_get_module (session, XMPP_TYPE_DISCO), jid, NULL, cancellable, on_info, task);
}

/**
 * xmpp_archive_check_finish:
 * @self: the module
 * @result: what the callback got
 * @error: why that is not known
 *
 * Returns: whether there is one
 */
gboolean
xmpp_archive_check_finish (XmppArchive   *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * xmpp_archive_is_known:
 * @self: the module
 * @archive: a bare address
 *
 * Returns: whether it has said that it is an archive, in this session
 */
gboolean
xmpp_archive_is_known (XmppArchive   *self,
                       const XmppJid *archive)
{
  g_return_val_if_fail (XMPP_IS_ARCHIVE (self), FALSE);

  return g_hash_table_contains (self->known, archive);
}

static void
xmpp_archive_offline (XmppModule *module)
{
  g_hash_table_remove_all (XMPP_ARCHIVE (module)->known);
}

static void
xmpp_archive_finalize (GObject *object)
{
  XmppArchive *self = XMPP_ARCHIVE (object);

  g_ptr_array_unref (self->pending);
  g_hash_table_unref (self->known);

  G_OBJECT_CLASS (xmpp_archive_parent_class)->finalize (object);
}

/* Who sent it is checked in unwrap (), and not by classes: a stranger's is dropped, and not taken for an empty message */
static const XmppMessageField fields[] = {
  { "result", NS_MAM, .unwrap = unwrap, .senders = XMPP_SENDER_ANY },
  { NULL }
};

static void
xmpp_archive_class_init (XmppArchiveClass *klass)
{
  XmppModuleClass *module_class = XMPP_MODULE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = xmpp_archive_finalize;
  module_class->fields = fields;
  module_class->message = take_message;
  module_class->offline = xmpp_archive_offline;
}

static void
xmpp_archive_init (XmppArchive *self)
{
  self->pending = g_ptr_array_new ();
  self->known = g_hash_table_new_full (xmpp_jid_hash, (GEqualFunc) xmpp_jid_equal, (GDestroyNotify) xmpp_jid_unref, NULL);
}
