/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0045, 7.2: entering a room, and being refused, in words */

#include "flint-config.h"

#include "xmpp-room-private.h"
#include "xmpp-random.h"

#include <glib/gi18n-lib.h>

/* ms: how long a room may take until our own presence comes */
#define JOIN_TIMEOUT 60000

typedef struct
{
  XmppStanzaError  condition;
  const char      *words;
} Refusal;

/* 7.2.6 to 7.2.12, and what servers say about a room that they cannot reach */
static const Refusal join_refusals[] = {
  { XMPP_STANZA_ERROR_NOT_AUTHORIZED,          N_("The room needs a password, or the password is wrong") },
  { XMPP_STANZA_ERROR_FORBIDDEN,               N_("You are banned from this room") },
  { XMPP_STANZA_ERROR_ITEM_NOT_FOUND,          N_("The room does not exist, or is not open yet") },
  { XMPP_STANZA_ERROR_NOT_ALLOWED,             N_("You may not create rooms here") },
  { XMPP_STANZA_ERROR_NOT_ACCEPTABLE,          N_("This room wants you to use the nickname that you registered with it") },
  { XMPP_STANZA_ERROR_REGISTRATION_REQUIRED,   N_("Only members may enter this room") },
  { XMPP_STANZA_ERROR_CONFLICT,                N_("Somebody in the room has this nickname. Choose another one") },
  { XMPP_STANZA_ERROR_SERVICE_UNAVAILABLE,     N_("The room is full") },
  { XMPP_STANZA_ERROR_GONE,                    N_("The room has moved, or does not exist any more") },
  { XMPP_STANZA_ERROR_REDIRECT,                N_("The room has moved, or does not exist any more") },
  { XMPP_STANZA_ERROR_JID_MALFORMED,           N_("The room does not take this nickname. Choose another one") },
  { XMPP_STANZA_ERROR_REMOTE_SERVER_NOT_FOUND, N_("The room’s server was not found. Check the address") },
  { XMPP_STANZA_ERROR_REMOTE_SERVER_TIMEOUT,   N_("The room’s server does not answer. Try again later") },
  { XMPP_STANZA_ERROR_RESOURCE_CONSTRAINT,     N_("The room’s server has too much to do. Try again later") },
};

/* 7.6, when we are in */
static const Refusal nick_refusals[] = {
  { XMPP_STANZA_ERROR_CONFLICT,       N_("Somebody in the room has this nickname. Choose another one") },
  { XMPP_STANZA_ERROR_NOT_ACCEPTABLE, N_("This room does not let you change your nickname") },
  { XMPP_STANZA_ERROR_NOT_ALLOWED,    N_("This room does not let you change your nickname") },
  { XMPP_STANZA_ERROR_FORBIDDEN,      N_("This room does not let you change your nickname") },
  { XMPP_STANZA_ERROR_JID_MALFORMED,  N_("The room does not take this nickname. Choose another one") },
};

/* In place of the words for any stanza, those for what was asked */
static GError *
parse_refusal (const XmppNode *presence,
               const Refusal  *refusals,
               guint           n_refusals)
{
  GError *error = xmpp_stanza_error_parse (presence);

  for (guint i = 0; i < n_refusals; i++)
    {
      if (!g_error_matches (error, XMPP_STANZA_ERROR, refusals[i].condition))
        continue;

      g_free (error->message);
      error->message = g_strdup (_(refusals[i].words));
      break;
    }

  return error;
}

/* The service does not know us any more, or is not there: what it says about our own presence */
static gboolean
is_fatal (const GError *error)
{
  return g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_GONE) ||
         g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_ITEM_NOT_FOUND) ||
         g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_REMOTE_SERVER_NOT_FOUND) ||
         g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_REMOTE_SERVER_TIMEOUT);
}

static gboolean
on_timeout (gpointer user_data)
{
  XmppRoom *self = user_data;

  self->join->timeout_id = 0;

  /* In case it comes through after all */
  xmpp_room_send_unavailable (self, NULL);
  xmpp_room_exit (self, XMPP_LEAVE_ERROR, NULL, NULL,
                  g_error_new_literal (XMPP_ERROR, XMPP_ERROR_TIMED_OUT, _("The room does not answer")));

  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled (GCancellable *cancellable,
              gpointer      user_data)
{
  XmppRoom *self = user_data;

  xmpp_room_leave (self, NULL);

  return G_SOURCE_REMOVE;
}

/* To @occupant, who we would like to be. @task ends when we are in, or with why not. */
void
xmpp_room_begin_join (XmppRoom   *self,
                      XmppJid    *occupant,
                      const char *password,
                      int         history,
                      GTask      *task)
{
  g_autoptr(XmppStanza) stanza = xmpp_stanza_new ("presence", XMPP_NS_CLIENT);
  XmppNode *root = xmpp_stanza_get_root (stanza);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autofree char *id = xmpp_random_id ();
  XmppNode *x;

  self->join = g_new0 (XmppRoomJoin, 1);
  self->join->session = g_object_ref (self->session);
  self->join->task = g_object_ref (task);
  self->join->timeout_id = xmpp_clock_add (xmpp_session_get_clock (self->session), JOIN_TIMEOUT, on_timeout, self);
  if (cancellable != NULL)
    {
      self->join->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (self->join->cancelled, G_SOURCE_FUNC (on_cancelled), self, NULL);
      g_source_attach (self->join->cancelled, g_main_context_get_thread_default ());
    }

  self->status = 0;
  self->has_told_history = FALSE;
  g_clear_pointer (&self->alternative, xmpp_jid_unref);
  xmpp_room_take_nick (self, xmpp_jid_get_resource (occupant));
  xmpp_room_set_state (self, XMPP_ROOM_JOINING);

  xmpp_node_set_jid (root, "to", occupant);
  xmpp_node_set (root, "id", id);
  xmpp_presence_write (xmpp_session_get_module (self->session, XMPP_TYPE_PRESENCE), root);

  x = xmpp_node_add (root, "x", XMPP_NS_MUC);
  if (password != NULL && *password != '\0')
    xmpp_node_add_text (x, "password", XMPP_NS_MUC, password);
  if (history >= 0)
    xmpp_node_set_int (xmpp_node_add (x, "history", XMPP_NS_MUC), "maxstanzas", history);

  xmpp_session_send (self->session, stanza);
}

/* @error: (transfer full): why it failed; NULL: we are in */
void
xmpp_room_end_join (XmppRoom *self,
                    GError   *error)
{
  XmppRoomJoin *join = g_steal_pointer (&self->join);
  g_autoptr(XmppSession) session = NULL;
  g_autoptr(GTask) task = NULL;

  if (join == NULL)
    {
      g_clear_error (&error);
      return;
    }

  session = join->session;
  task = join->task;
  if (join->timeout_id != 0)
    xmpp_clock_remove (xmpp_session_get_clock (session), join->timeout_id);
  if (join->cancelled != NULL)
    {
      g_source_destroy (join->cancelled);
      g_source_unref (join->cancelled);
    }
  g_free (join);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/* A presence of type error, from the room, from our own address in it, or from the one that we asked for */
void
xmpp_room_take_error (XmppRoom       *self,
                      const XmppNode *presence,
                      const XmppJid  *from)
{
  g_autoptr(GError) error = NULL;
  const char *nick = xmpp_jid_get_resource (from);

  switch (self->state)
    {
    case XMPP_ROOM_JOINING:
      xmpp_room_exit (self, XMPP_LEAVE_ERROR, NULL, NULL,
                      parse_refusal (presence, join_refusals, G_N_ELEMENTS (join_refusals)));
      break;

    case XMPP_ROOM_IN:
      error = parse_refusal (presence, nick_refusals, G_N_ELEMENTS (nick_refusals));
      if (is_fatal (error) && (nick == NULL || g_strcmp0 (nick, self->nick) == 0))
        xmpp_room_exit (self, XMPP_LEAVE_ERROR, NULL, error->message, NULL);
      else
        xmpp_room_fail (self, error);
      break;

    case XMPP_ROOM_OUT:
      self->is_leaving = FALSE;
      break;

    default:
      break;
    }
}
