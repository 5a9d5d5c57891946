/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "demo-person.h"

#include "demo-replies.h"
#include "xmpp-chat-states.h"

#define THINKING 400    /* ms, before the first key */
#define TYPING   1000   /* ms, until Enter */

struct _DemoPerson
{
  GObject parent_instance;

  const DemoRole *role;
  DemoPace       *pace;      /* borrowed: it outlives the cast */
  XmppSession    *session;
  guint           n_replies;
};

/* Something that is being typed */
typedef struct
{
  DemoPerson      *person;
  XmppMessageType  type;
  XmppJid         *to;
  char            *subject;
  char            *body;
} Draft;

enum { LOST, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DemoPerson, demo_person, G_TYPE_OBJECT)

static void
draft_free (gpointer data)
{
  Draft *draft = data;

  g_object_unref (draft->person);
  xmpp_jid_unref (draft->to);
  g_free (draft->subject);
  g_free (draft->body);
  g_free (draft);
}

static Draft *
draft_copy (const Draft *other)
{
  Draft *draft = g_new0 (Draft, 1);

  draft->person = g_object_ref (other->person);
  draft->type = other->type;
  draft->to = xmpp_jid_ref (other->to);
  draft->subject = g_strdup (other->subject);
  draft->body = g_strdup (other->body);

  return draft;
}

static gboolean
on_typed (gpointer user_data)
{
  Draft *draft = user_data;

  xmpp_session_send_message (draft->person->session, &(XmppMessage) {
    .type = draft->type, .to = draft->to, .subject = draft->subject, .body = draft->body,
    .chat_state = draft->type == XMPP_MESSAGE_CHAT ? XMPP_CHAT_STATE_ACTIVE : XMPP_CHAT_STATE_NONE,
  });

  return G_SOURCE_REMOVE;
}

static gboolean
on_thought (gpointer user_data)
{
  Draft *draft = user_data;
  DemoPerson *self = draft->person;

  if (draft->type == XMPP_MESSAGE_CHAT)
    xmpp_chat_states_send (self->session, draft->to, draft->type, XMPP_CHAT_STATE_COMPOSING);
  demo_pace_later (self->pace, TYPING, on_typed, draft_copy (draft), draft_free);

  return G_SOURCE_REMOVE;
}

/* Thinks, types, and sends it. Takes nothing */
static void
write_slowly (const Draft *draft)
{
  demo_pace_later (draft->person->pace, THINKING, on_thought, draft_copy (draft), draft_free);
}

/* What is written to us is answered, except by those who only broadcast */
static void
on_message (DemoPerson        *self,
            const XmppMessage *message)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *reply = NULL;
  g_autofree char *subject = NULL;

  if (message->body == NULL || message->from == NULL || message->is_delayed ||
      message->carbon != XMPP_CARBON_NONE || g_str_equal (self->role->user, DEMO_NEWSROOM) ||
      (message->type != XMPP_MESSAGE_CHAT && message->type != XMPP_MESSAGE_NORMAL))
    return;

  reply = demo_reply_to (message->body, now, self->n_replies++);
  if (message->type == XMPP_MESSAGE_NORMAL)
    subject = g_strdup_printf ("%s%s", message->subject != NULL && g_str_has_prefix (message->subject, "Re: ") ? "" : "Re: ",
                               message->subject != NULL ? message->subject : "");
  write_slowly (&(Draft) { self, message->type, message->from, subject, reply });
}

static void
on_closed (DemoPerson   *self,
           const GError *error)
{
  g_signal_emit (self, signals[LOST], 0, error);
}

static void
on_connected (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  GError *error = NULL;

  if (xmpp_session_connect_finish (XMPP_SESSION (object), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
demo_person_dispose (GObject *object)
{
  DemoPerson *self = DEMO_PERSON (object);

  demo_person_leave (self);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (demo_person_parent_class)->dispose (object);
}

static void
demo_person_class_init (DemoPersonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = demo_person_dispose;

  signals[LOST] = g_signal_new ("lost", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
demo_person_init (DemoPerson *self)
{
}

DemoPerson *
demo_person_new (const DemoRole *role,
                 DemoHost       *host,
                 GTlsDatabase   *database,
                 DemoPace       *pace)
{
  DemoPerson *self = g_object_new (DEMO_TYPE_PERSON, NULL);
  g_autoptr(XmppJid) jid = xmpp_jid_new_from_parts (role->user, DEMO_DOMAIN,
                                                    role->device != NULL ? role->device : "desktop", NULL);
  g_autoptr(GProxyResolver) direct = g_simple_proxy_resolver_new (NULL, NULL);

  self->role = role;
  self->pace = pace;
  self->session = xmpp_session_new (jid);
  g_object_set (self->session,
                "host", "127.0.0.1",
                "port", (guint) demo_host_get_port (host),
                "tls-database", database,
                "proxy-resolver", direct,
                NULL);
  xmpp_session_set_password (self->session, demo_host_get_password (host, role->user));
  g_signal_connect_object (self->session, "message", G_CALLBACK (on_message), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "closed", G_CALLBACK (on_closed), self, G_CONNECT_SWAPPED);

  return self;
}

const DemoRole *
demo_person_get_role (DemoPerson *self)
{
  return self->role;
}

XmppSession *
demo_person_get_session (DemoPerson *self)
{
  return self->session;
}

void
demo_person_connect_async (DemoPerson          *self,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, demo_person_connect_async);
  demo_person_show (self, self->role->show, self->role->status);
  xmpp_session_connect_async (self->session, NULL, on_connected, task);
}

gboolean
demo_person_connect_finish (DemoPerson    *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * demo_person_leave:
 *
 * Ends the connection at once: the server is about to end too.
 */
void
demo_person_leave (DemoPerson *self)
{
  if (self->session != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->session, self);
      xmpp_session_abort (self->session);
    }
}

void
demo_person_show (DemoPerson *self,
                  XmppShow    show,
                  const char *status)
{
  XmppPresence *presence = xmpp_session_get_module (self->session, XMPP_TYPE_PRESENCE);

  xmpp_presence_set (presence, show, status, self->role->priority);
}

/**
 * demo_person_say:
 *
 * Sends it now.
 */
void
demo_person_say (DemoPerson      *self,
                 XmppMessageType  type,
                 const char      *to,
                 const char      *subject,
                 const char      *body)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (to, NULL);

  xmpp_session_send_message (self->session, &(XmppMessage) {
    .type = type, .to = jid, .subject = subject, .body = body,
  });
}

/**
 * demo_person_type:
 *
 * Sends it as a person does: after a moment, and seen to be typing.
 */
void
demo_person_type (DemoPerson *self,
                  const char *to,
                  const char *body)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (to, NULL);

  write_slowly (&(Draft) { self, XMPP_MESSAGE_CHAT, jid, NULL, (char *) body });
}
