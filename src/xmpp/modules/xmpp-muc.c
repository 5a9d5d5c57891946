/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0045: Multi-User Chat */

#include "flint-config.h"

#include "xmpp-muc.h"

#include "xmpp-disco.h"
#include "xmpp-invitations.h"
#include "xmpp-room-private.h"

#include <glib/gi18n-lib.h>

/* Of what a server lists, so many are asked whether they have rooms */
#define MAX_SERVICES 32

struct _XmppMuc
{
  XmppModule parent_instance;

  XmppPresence *presence;   /* borrowed: whose signal we hear */
  GHashTable   *rooms;      /* bare XmppJid, of the room → owned XmppRoom */
};

G_DEFINE_FINAL_TYPE (XmppMuc, xmpp_muc, XMPP_TYPE_MODULE)

typedef struct
{
  GPtrArray *services;    /* of XmppJid: found so far */
  guint      n_waiting;
} Search;

static void
search_free (Search *search)
{
  g_ptr_array_unref (search->services);
  g_free (search);
}

static XmppRoom *
find_room (XmppMuc       *self,
           const XmppJid *jid)
{
  return jid != NULL ? g_hash_table_lookup (self->rooms, jid) : NULL;
}

/* One that may speak as a room: we joined it, or asked it to let us in (security.md, T034 and T035) */
static XmppRoom *
find_known_room (XmppMuc       *self,
                 const XmppJid *jid)
{
  XmppRoom *room = find_room (self, jid);

  return room != NULL && xmpp_room_is_known (room) ? room : NULL;
}

static XmppSender
classify (XmppModule    *module,
          const XmppJid *from)
{
  if (find_known_room (XMPP_MUC (module), from) == NULL)
    return 0;

  return xmpp_jid_get_resource (from) != NULL ? XMPP_SENDER_OCCUPANT : XMPP_SENDER_ROOM;
}

static void
handle_presence (XmppModule     *module,
                 XmppStanza     *stanza,
                 const XmppNode *child,
                 XmppJid        *from,
                 XmppSender      sender)
{
  const XmppNode *presence = xmpp_stanza_get_root (stanza);
  XmppRoom *known = find_known_room (XMPP_MUC (module), from);
  g_autoptr(XmppRoom) room = known != NULL ? g_object_ref (known) : NULL;

  if (room == NULL)
    return;

  if (g_strcmp0 (xmpp_node_get (presence, "type"), "error") == 0)
    xmpp_room_take_error (room, presence, from);
  else if (xmpp_jid_get_resource (from) != NULL)
    xmpp_room_take_presence (room, presence, from);
}

/* Status codes are the room's own word, and never an occupant's. */
static void
read_x (XmppModule     *module,
        const XmppNode *x,
        XmppMessage    *message)
{
  if ((message->sender & XMPP_SENDER_ROOM) != 0)
    message->room_status |= xmpp_room_read_codes (x) & XMPP_ROOM_STATUS_MASK;

  xmpp_invitations_read_mediated (x, message);
}

/* So that our other devices and servers know it for what it is (XEP-0045, 7.5) */
static void
write_x (XmppModule        *module,
         const XmppMessage *message,
         XmppNode          *stanza)
{
  if (message->is_private && message->type != XMPP_MESSAGE_GROUPCHAT)
    xmpp_node_add (stanza, "x", XMPP_NS_MUC_USER);
}

static gboolean
is_subject (const XmppMessage *message)
{
  return message->has_subject && message->body == NULL && message->thread == NULL;
}

/* What was said in a room counts only where we are in it (7.4); a topic is the room's, and not said (8.1). */
static gboolean
take_groupchat (XmppMuc     *self,
                XmppMessage *message)
{
  XmppRoom *known = find_room (self, message->from);
  g_autoptr(XmppRoom) room = known != NULL ? g_object_ref (known) : NULL;

  if (room == NULL || xmpp_room_get_state (room) == XMPP_ROOM_OUT)
    return TRUE;

  if (message->room_status != 0)
    xmpp_room_add_status (room, message->room_status);

  if (!is_subject (message))
    return FALSE;

  xmpp_room_take_subject (room, message);

  return TRUE;
}

static gboolean
take_message (XmppModule  *module,
              XmppMessage *message)
{
  XmppMuc *self = XMPP_MUC (module);
  const XmppJid *peer = message->carbon == XMPP_CARBON_SENT ? message->to : message->from;
  XmppRoom *known;
  g_autoptr(XmppRoom) room = NULL;

  if (message->type == XMPP_MESSAGE_GROUPCHAT)
    return take_groupchat (self, message);

  /* Who the sender is was asked already */
  if (peer == message->from && (message->sender & (XMPP_SENDER_ROOM | XMPP_SENDER_OCCUPANT)) == 0)
    return FALSE;

  known = find_known_room (self, peer);
  if (known == NULL)
    return FALSE;

  room = g_object_ref (known);
  message->is_private = xmpp_jid_get_resource (peer) != NULL;

  if (message->type == XMPP_MESSAGE_ERROR)
    return !message->is_private && xmpp_room_take_refusal (room, message);

  if (message->room_status != 0)
    xmpp_room_add_status (room, message->room_status);

  return FALSE;
}

static GPtrArray *
copy_rooms (XmppMuc *self)
{
  GPtrArray *rooms = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer room;

  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, NULL, &room))
    g_ptr_array_add (rooms, g_object_ref (room));

  return rooms;
}

static void
on_own_presence (XmppPresence *presence,
                 XmppMuc      *self)
{
  g_autoptr(GPtrArray) rooms = copy_rooms (self);

  for (guint i = 0; i < rooms->len; i++)
    xmpp_room_send_presence (rooms->pdata[i]);
}

static void
xmpp_muc_online (XmppModule *module,
                 gboolean    resumed)
{
  XmppMuc *self = XMPP_MUC (module);

  if (self->presence != NULL)
    return;

  self->presence = xmpp_session_get_module (xmpp_module_get_session (module), XMPP_TYPE_PRESENCE);
  g_signal_connect_object (self->presence, "own-changed", G_CALLBACK (on_own_presence), self, 0);
}

static void
xmpp_muc_offline (XmppModule *module)
{
  g_autoptr(GPtrArray) rooms = copy_rooms (XMPP_MUC (module));

  for (guint i = 0; i < rooms->len; i++)
    xmpp_room_exit (rooms->pdata[i], XMPP_LEAVE_DISCONNECTED, NULL, NULL, NULL);
}

static const char * const features[] = { XMPP_NS_MUC, NULL };

static const XmppHandler handlers[] = {
  { "presence", NULL, NULL, NULL, handle_presence, XMPP_SENDER_ROOM | XMPP_SENDER_OCCUPANT },
  { NULL }
};

static const XmppMessageField fields[] = {
  { "x", XMPP_NS_MUC_USER, read_x, write_x, .senders = XMPP_SENDER_ANY },
  { NULL }
};

static void
xmpp_muc_dispose (GObject *object)
{
  XmppMuc *self = XMPP_MUC (object);
  g_autoptr(GPtrArray) rooms = copy_rooms (self);

  g_hash_table_remove_all (self->rooms);
  for (guint i = 0; i < rooms->len; i++)
    xmpp_room_detach (rooms->pdata[i]);

  G_OBJECT_CLASS (xmpp_muc_parent_class)->dispose (object);
}

static void
xmpp_muc_finalize (GObject *object)
{
  XmppMuc *self = XMPP_MUC (object);

  g_clear_pointer (&self->rooms, g_hash_table_unref);

  G_OBJECT_CLASS (xmpp_muc_parent_class)->finalize (object);
}

static void
xmpp_muc_class_init (XmppMucClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  XmppModuleClass *module_class = XMPP_MODULE_CLASS (klass);

  object_class->dispose = xmpp_muc_dispose;
  object_class->finalize = xmpp_muc_finalize;

  module_class->features = features;
  module_class->handlers = handlers;
  module_class->fields = fields;
  module_class->online = xmpp_muc_online;
  module_class->offline = xmpp_muc_offline;
  module_class->message = take_message;
  module_class->classify = classify;
}

static void
xmpp_muc_init (XmppMuc *self)
{
  self->rooms = g_hash_table_new_full (xmpp_jid_hash_bare, xmpp_jid_equal_bare, NULL, g_object_unref);
}

/**
 * xmpp_muc_get_room:
 * @self: the rooms of a session
 * @jid: the address of a room, or of an occupant
 *
 * Returns: (transfer none) (nullable): the room, if it was ever joined or tried
 */
XmppRoom *
xmpp_muc_get_room (XmppMuc       *self,
                   const XmppJid *jid)
{
  g_return_val_if_fail (XMPP_IS_MUC (self), NULL);

  return find_room (self, jid);
}

static XmppRoom *
ensure_room (XmppMuc *self,
             XmppJid *jid)
{
  g_autoptr(XmppJid) bare = xmpp_jid_get_bare (jid);
  XmppRoom *room = find_room (self, bare);

  if (room == NULL)
    {
      room = xmpp_room_new (xmpp_module_get_session (XMPP_MODULE (self)), bare);
      g_hash_table_insert (self->rooms, xmpp_room_get_jid (room), room);
    }

  return room;
}

/**
 * xmpp_muc_join_async:
 * @self: the rooms of a session
 * @room: the address of a room
 * @nick: the nickname to have in it
 * @password: (nullable): for a room that needs one
 * @history: how many of the last messages to be told; -1: as many as the room tells by itself
 * @cancellable: (nullable): leaves again when cancelled
 * @callback: when we are in, or not
 * @user_data: for @callback
 *
 * Joins a room (XEP-0045, 7.2), which creates it where there is none. Ends within a minute.
 *
 * Returns: (transfer none): the room, whose state tells the same
 */
XmppRoom *
xmpp_muc_join_async (XmppMuc             *self,
                     XmppJid             *room,
                     const char          *nick,
                     const char          *password,
                     int                  history,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(XmppJid) occupant = NULL;
  GError *error = NULL;
  XmppRoom *joined;

  g_return_val_if_fail (XMPP_IS_MUC (self), NULL);
  g_return_val_if_fail (room != NULL && nick != NULL, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xmpp_muc_join_async);
  joined = ensure_room (self, room);

  if (g_task_return_error_if_cancelled (task))
    return joined;

  g_task_set_check_cancellable (task, FALSE);

  if (xmpp_jid_get_local (room) == NULL)
    g_task_return_new_error (task, XMPP_ERROR, XMPP_ERROR_INVALID_ADDRESS,
                             _("“%s” is not the address of a room, which has the form room@server"),
                             xmpp_jid_get_text (room));
  else if (!xmpp_session_is_online (xmpp_module_get_session (XMPP_MODULE (self))))
    g_task_return_new_error (task, XMPP_ERROR, XMPP_ERROR_DISCONNECTED, _("You are not connected"));
  else if (xmpp_room_get_state (joined) == XMPP_ROOM_JOINING)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING, _("You are joining this room already"));
  else if (xmpp_room_get_state (joined) == XMPP_ROOM_IN)
    g_task_return_boolean (task, TRUE);
  else if ((occupant = xmpp_jid_with_resource (xmpp_room_get_jid (joined), nick, &error)) == NULL)
    g_task_return_error (task, error);
  else
    xmpp_room_begin_join (joined, occupant, password, history, task);

  return joined;
}

/**
 * xmpp_muc_join_finish:
 * @self: the rooms of a session
 * @result: as the callback got it
 * @error: why we are not in, in words: %XMPP_STANZA_ERROR, %XMPP_ERROR or %G_IO_ERROR
 *
 * Returns: whether we are in
 */
gboolean
xmpp_muc_join_finish (XmppMuc       *self,
                      GAsyncResult  *result,
                      GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

typedef struct
{
  GTask   *task;
  XmppJid *jid;
} Candidate;

static void
candidate_free (Candidate *candidate)
{
  g_object_unref (candidate->task);
  xmpp_jid_unref (candidate->jid);
  g_free (candidate);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Candidate, candidate_free)

static void
end_of_one (GTask *task)
{
  Search *search = g_task_get_task_data (task);

  search->n_waiting--;
  if (search->n_waiting == 0)
    g_task_return_pointer (task, g_ptr_array_ref (search->services), (GDestroyNotify) g_ptr_array_unref);
}

/* What does not answer, or answers with an error, is no place for rooms. */
static void
on_service_info (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(Candidate) candidate = user_data;
  Search *search = g_task_get_task_data (candidate->task);
  g_autoptr(XmppDiscoInfo) info = xmpp_disco_info_finish (XMPP_DISCO (object), result, NULL);

  if (info != NULL && xmpp_disco_info_is (info, "conference", "text") && xmpp_disco_info_has (info, XMPP_NS_MUC))
    g_ptr_array_add (search->services, xmpp_jid_ref (candidate->jid));

  end_of_one (candidate->task);
}

static void
on_server_items (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Search *search = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(GPtrArray) items = xmpp_disco_items_finish (XMPP_DISCO (object), result, &error);

  if (items == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  search->n_waiting = 1;
  for (guint i = 0; i < MIN (items->len, MAX_SERVICES); i++)
    {
      const XmppDiscoItem *item = items->pdata[i];
      Candidate *candidate;

      if (item->jid == NULL || item->node != NULL)
        continue;

      candidate = g_new0 (Candidate, 1);
      candidate->task = g_object_ref (task);
      candidate->jid = xmpp_jid_ref (item->jid);

      search->n_waiting++;
      xmpp_disco_info_async (XMPP_DISCO (object), item->jid, NULL, g_task_get_cancellable (task),
                             on_service_info, candidate);
    }

  end_of_one (task);
}

/**
 * xmpp_muc_find_services_async:
 * @self: the rooms of a session
 * @cancellable: (nullable): to stop
 * @callback: when all have answered
 * @user_data: for @callback
 *
 * Asks our server which of its services have rooms (XEP-0045, 6.1). Their rooms are their items, see
 * xmpp_disco_items_async ().
 */
void
xmpp_muc_find_services_async (XmppMuc             *self,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  XmppSession *session;
  g_autoptr(GTask) task = NULL;
  g_autoptr(XmppJid) server = NULL;
  Search *search;
  GError *error = NULL;

  g_return_if_fail (XMPP_IS_MUC (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xmpp_muc_find_services_async);

  search = g_new0 (Search, 1);
  search->services = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_jid_unref);
  g_task_set_task_data (task, search, (GDestroyNotify) search_free);

  session = xmpp_module_get_session (XMPP_MODULE (self));
  server = xmpp_jid_new_from_parts (NULL, xmpp_jid_get_domain (xmpp_session_get_jid (session)), NULL, &error);
  if (server == NULL)
    g_task_return_error (task, error);
  else
    xmpp_disco_items_async (xmpp_session_get_module (session, XMPP_TYPE_DISCO), server, NULL, cancellable,
                            on_server_items, g_steal_pointer (&task));
}

/**
 * xmpp_muc_find_services_finish:
 * @self: the rooms of a session
 * @result: as the callback got it
 * @error: why the server could not be asked
 *
 * Returns: (transfer full) (element-type XmppJid): the addresses of the services, perhaps none; %NULL on error
 */
GPtrArray *
xmpp_muc_find_services_finish (XmppMuc       *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
