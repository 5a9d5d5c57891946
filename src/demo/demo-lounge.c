/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "demo-lounge.h"

#include "demo-person.h"
#include "demo-replies.h"
#include "xmpp-muc.h"

#define LINES_AT_ONCE    4       /* one after the other, without a pause */
#define LINE_EVERY   12000   /* ms */
#define ANSWER_AFTER  1500   /* ms */

struct _DemoLounge
{
  GObject parent_instance;

  DemoPace     *pace;      /* borrowed: it outlives the talk */
  GPtrArray    *guests;    /* of DemoPerson, owned; the first opens the room */
  XmppJid      *jid;
  GCancellable *cancellable;
  guint         n_joined;
  guint         n_lines;
  guint         n_answers;
  gboolean      is_talking;   /* a line from time to time */
};

/* An answer to somebody who is not of the cast */
typedef struct
{
  DemoLounge *lounge;
  char     *text;
} Answer;

G_DEFINE_FINAL_TYPE (DemoLounge, demo_lounge, G_TYPE_OBJECT)

static const struct
{
  const char *nick;
  const char *text;
} lines[] = {
  { "Carla",  "Who is coming to the lake on Saturday?" },
  { "Daniel", "> Who is coming to the lake on Saturday?\nI am, if there is cake" },
  { "Nora",   "I bring the camera" },
  { "Kenji",  "The new icons are at https://flint.example/icons, tell me what you think" },
  { "张伟",   "很好看，我喜欢" },
  { "Daniel", "The blue one is my favourite" },
  { "Carla",  "Then let us take the blue one" },
  { "Nora",   "The pictures of the old town are ready" },
  { "Kenji",  "Is the build green again?" },
  { "Carla",  "It is, for ten minutes now" },
  { "张伟",   "大家周末愉快" },
  { "Daniel", "Coffee?" },
};

static DemoPerson *
find_guest (DemoLounge   *self,
            const char *nick)
{
  for (guint i = 0; i < self->guests->len; i++)
    {
      DemoPerson *guest = g_ptr_array_index (self->guests, i);

      if (g_str_equal (demo_person_get_role (guest)->nick, nick))
        return guest;
    }

  return NULL;
}

static gboolean
on_line (gpointer user_data)
{
  DemoLounge *self = user_data;
  guint n = self->n_lines++ % G_N_ELEMENTS (lines);

  demo_person_say (find_guest (self, lines[n].nick), XMPP_MESSAGE_GROUPCHAT, DEMO_ROOM, NULL, lines[n].text);

  return G_SOURCE_CONTINUE;
}

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  g_free (answer->text);
  g_free (answer);
}

static gboolean
on_answer (gpointer user_data)
{
  Answer *answer = user_data;
  DemoLounge *self = answer->lounge;
  DemoPerson *guest = g_ptr_array_index (self->guests, self->n_answers++ % self->guests->len);

  demo_person_say (guest, XMPP_MESSAGE_GROUPCHAT, DEMO_ROOM, NULL, answer->text);

  return G_SOURCE_REMOVE;
}

static void
start_talking (DemoLounge *self)
{
  self->is_talking = TRUE;
  demo_pace_later (self->pace, LINE_EVERY, on_line, self, NULL);
}

/* The first guest listens for all */
static void
on_message (DemoLounge          *self,
            const XmppMessage *message)
{
  const char *nick = message->from != NULL ? xmpp_jid_get_resource (message->from) : NULL;
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *reply = NULL;
  Answer *answer;

  if (message->type != XMPP_MESSAGE_GROUPCHAT || message->body == NULL || message->is_delayed || nick == NULL)
    return;

  if (find_guest (self, nick) != NULL)
    {
      /* Each has a connection of their own: only who was heard can be followed */
      if (self->n_lines < LINES_AT_ONCE)
        on_line (self);
      else if (self->n_lines == LINES_AT_ONCE && !self->is_talking)
        start_talking (self);
      return;
    }

  reply = demo_reply_to (message->body, now, self->n_answers);
  answer = g_new0 (Answer, 1);
  answer->lounge = self;
  answer->text = g_strdup_printf ("%s: %s", nick, reply);
  demo_pace_later (self->pace, ANSWER_AFTER, on_answer, answer, answer_free);
}

static void
join (DemoLounge          *self,
      DemoPerson          *guest,
      GAsyncReadyCallback  callback)
{
  XmppMuc *muc = xmpp_session_get_module (demo_person_get_session (guest), XMPP_TYPE_MUC);

  xmpp_muc_join_async (muc, self->jid, demo_person_get_role (guest)->nick, NULL, 0,
                       self->cancellable, callback, g_object_ref (self));
}

static gboolean
end_join (DemoLounge   *self,
          GObject      *object,
          GAsyncResult *result)
{
  g_autoptr(GError) error = NULL;

  if (xmpp_muc_join_finish (XMPP_MUC (object), result, &error))
    {
      self->n_joined++;
      return TRUE;
    }

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("Somebody did not get into the lounge: %s", error->message);

  return FALSE;
}

static void
on_joined (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(DemoLounge) self = DEMO_LOUNGE (user_data);

  if (end_join (self, object, result) && self->n_joined == self->guests->len)
    on_line (self);
}

static void
on_opened (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(DemoLounge) self = DEMO_LOUNGE (user_data);

  if (!end_join (self, object, result))
    return;

  xmpp_room_set_subject (xmpp_muc_get_room (XMPP_MUC (object), self->jid), "Coffee, code and weekend plans");
  for (guint i = 1; i < self->guests->len; i++)
    join (self, g_ptr_array_index (self->guests, i), on_joined);
}

static void
demo_lounge_dispose (GObject *object)
{
  DemoLounge *self = DEMO_LOUNGE (object);

  demo_lounge_close (self);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->guests, g_ptr_array_unref);
  g_clear_pointer (&self->jid, xmpp_jid_unref);

  G_OBJECT_CLASS (demo_lounge_parent_class)->dispose (object);
}

static void
demo_lounge_class_init (DemoLoungeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = demo_lounge_dispose;
}

static void
demo_lounge_init (DemoLounge *self)
{
  self->guests = g_ptr_array_new_with_free_func (g_object_unref);
  self->jid = xmpp_jid_new (DEMO_ROOM, NULL);
  self->cancellable = g_cancellable_new ();
}

DemoLounge *
demo_lounge_new (DemoPace *pace)
{
  DemoLounge *self = g_object_new (DEMO_TYPE_LOUNGE, NULL);

  self->pace = pace;

  return self;
}

/**
 * demo_lounge_open:
 * @persons: (element-type DemoPerson): the cast, online
 *
 * Lets the guests among them come in, one first and then the others, and talk from then on.
 */
void
demo_lounge_open (DemoLounge  *self,
                GPtrArray *persons)
{
  for (guint i = 0; i < persons->len; i++)
    {
      DemoPerson *person = g_ptr_array_index (persons, i);

      if (demo_person_get_role (person)->nick != NULL)
        g_ptr_array_add (self->guests, g_object_ref (person));
    }

  g_signal_connect_object (demo_person_get_session (g_ptr_array_index (self->guests, 0)), "message",
                           G_CALLBACK (on_message), self, G_CONNECT_SWAPPED);
  join (self, g_ptr_array_index (self->guests, 0), on_opened);
}

/**
 * demo_lounge_close:
 *
 * Nobody comes in any more.
 */
void
demo_lounge_close (DemoLounge *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}
