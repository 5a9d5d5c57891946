/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "demo-people.h"

#include "demo-person.h"
#include "demo-lounge.h"

#define USER_ADDRESS DEMO_USER "@" DEMO_DOMAIN

/* ms, from when the user comes for the first time */
#define GREETING_AFTER    200
#define LETTER_AFTER     4000
#define HEADLINE_AFTER   7000
#define REQUEST_AFTER   11000
/* ms, from one to the next */
#define HEADLINE_EVERY  60000
#define STATUS_EVERY    25000

struct _DemoPeople
{
  GObject parent_instance;

  DemoHost  *host;
  DemoPace  *pace;
  GPtrArray *persons;        /* of DemoPerson, owned, in the order of the cast */
  DemoLounge *lounge;
  GTask     *arrival;
  guint      n_missing;      /* who are still on their way */
  guint      n_headlines;
  guint      n_changes;
  gboolean   has_met_user;
};

static const struct
{
  const char *subject;
  const char *body;
} headlines[] = {
  { "The canteen has a new menu", "From today there are noodles on Mondays. https://flint.example/canteen" },
  { "Server maintenance tonight", "The server is restarted at 22:00. It takes a minute, and nothing is lost" },
  { "Release 1.2 is out", "What is new in it: https://flint.example/releases/1.2" },
  { "北京办公室搬家", "下周一起，我们在三楼办公" },
};

static const struct
{
  const char *user;
  XmppShow    show;
  const char *status;
} changes[] = {
  { "daniel",   XMPP_SHOW_AVAILABLE, "Back from lunch" },
  { "fatima",   XMPP_SHOW_DND,       "Release day, do not touch anything" },
  { "wangfang", XMPP_SHOW_AVAILABLE, "回来了" },
  { "george",   XMPP_SHOW_AVAILABLE, "The meeting is over" },
  { "laura",    XMPP_SHOW_CHAT,      "Looking for opinions" },
  { "daniel",   XMPP_SHOW_AWAY,      "Coffee" },
  { "fatima",   XMPP_SHOW_AVAILABLE, "Released" },
  { "wangfang", XMPP_SHOW_AWAY,      "去开会了" },
  { "george",   XMPP_SHOW_DND,       "The next meeting" },
  { "laura",    XMPP_SHOW_AWAY,      NULL },
};

enum { LOST, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DemoPeople, demo_people, G_TYPE_OBJECT)

static DemoPerson *
find_person (DemoPeople *self,
             const char *user)
{
  for (guint i = 0; i < self->persons->len; i++)
    {
      DemoPerson *person = g_ptr_array_index (self->persons, i);

      if (g_str_equal (demo_person_get_role (person)->user, user))
        return person;
    }

  return NULL;
}

static gboolean
on_greeting (gpointer user_data)
{
  DemoPeople *self = user_data;

  demo_person_type (find_person (self, DEMO_GREETER), USER_ADDRESS,
                    "Hello Alice, welcome to Flint. Write “help” to see what there is to try");

  return G_SOURCE_REMOVE;
}

static gboolean
on_letter (gpointer user_data)
{
  DemoPeople *self = user_data;

  demo_person_say (find_person (self, DEMO_WRITER), XMPP_MESSAGE_NORMAL, USER_ADDRESS,
                   "Friday’s lunch",
                   "Hi Alice,\n\nwe have a table for eight on Friday at noon. Are you coming?\n\nCarla");

  return G_SOURCE_REMOVE;
}

/* By turns from the newsroom and from the server itself, which speaks to everybody for an admin */
static gboolean
on_headline (gpointer user_data)
{
  DemoPeople *self = user_data;
  guint n = self->n_headlines++;

  demo_person_say (find_person (self, DEMO_NEWSROOM), XMPP_MESSAGE_HEADLINE,
                   n % 2 == 0 ? USER_ADDRESS : DEMO_DOMAIN "/announce/online",
                   headlines[n % G_N_ELEMENTS (headlines)].subject,
                   headlines[n % G_N_ELEMENTS (headlines)].body);

  return G_SOURCE_CONTINUE;
}

static gboolean
on_first_headlines (gpointer user_data)
{
  DemoPeople *self = user_data;

  on_headline (self);
  on_headline (self);
  demo_pace_later (self->pace, HEADLINE_EVERY, on_headline, self, NULL);

  return G_SOURCE_REMOVE;
}

static gboolean
on_request (gpointer user_data)
{
  DemoPeople *self = user_data;
  XmppSession *session = demo_person_get_session (find_person (self, DEMO_STRANGER));
  XmppPresence *presence = xmpp_session_get_module (session, XMPP_TYPE_PRESENCE);
  g_autoptr(XmppJid) user = xmpp_jid_new (USER_ADDRESS, NULL);

  xmpp_presence_subscribe (presence, user, "Hello, I am Rosa from accounting");

  return G_SOURCE_REMOVE;
}

/* The stranger was let in */
static void
on_answered (DemoPeople *self,
             XmppJid    *jid,
             gboolean    is_accepted)
{
  if (is_accepted)
    demo_person_type (find_person (self, DEMO_STRANGER), USER_ADDRESS, "Thank you for adding me");
}

static gboolean
on_change (gpointer user_data)
{
  DemoPeople *self = user_data;
  guint n = self->n_changes++ % G_N_ELEMENTS (changes);

  demo_person_show (find_person (self, changes[n].user), changes[n].show, changes[n].status);

  return G_SOURCE_CONTINUE;
}

/* The greeter sees the user come */
static void
on_presence (DemoPeople   *self,
             XmppJid      *bare,
             XmppPresence *presence)
{
  const XmppResource *best = xmpp_presence_get_best (presence, bare);

  if (self->has_met_user || best == NULL || best->show == XMPP_SHOW_OFFLINE ||
      g_strcmp0 (xmpp_jid_get_local (bare), DEMO_USER) != 0)
    return;

  self->has_met_user = TRUE;
  demo_pace_later (self->pace, GREETING_AFTER, on_greeting, self, NULL);
  demo_pace_later (self->pace, LETTER_AFTER, on_letter, self, NULL);
  demo_pace_later (self->pace, HEADLINE_AFTER, on_first_headlines, self, NULL);
  demo_pace_later (self->pace, REQUEST_AFTER, on_request, self, NULL);
  demo_pace_later (self->pace, STATUS_EVERY, on_change, self, NULL);
}

static void
on_lost (DemoPeople   *self,
         const GError *error)
{
  g_signal_emit (self, signals[LOST], 0, error);
}

static void
end_arrival (DemoPeople *self,
             GError     *error)
{
  g_autoptr(GTask) task = g_steal_pointer (&self->arrival);

  if (task == NULL)
    g_clear_error (&error);
  else if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
on_connected (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(DemoPeople) self = DEMO_PEOPLE (user_data);
  DemoPerson *person = DEMO_PERSON (object);
  GError *error = NULL;

  self->n_missing--;
  if (!demo_person_connect_finish (person, result, &error))
    {
      g_prefix_error (&error, "%s did not get in: ", demo_person_get_role (person)->user);
      end_arrival (self, error);
      return;
    }

  g_signal_connect_object (person, "lost", G_CALLBACK (on_lost), self, G_CONNECT_SWAPPED);
  if (self->n_missing == 0)
    {
      demo_lounge_open (self->lounge, self->persons);
      end_arrival (self, NULL);
    }
}

static void
listen_to_user (DemoPeople *self)
{
  XmppSession *greeter = demo_person_get_session (find_person (self, DEMO_GREETER));
  XmppSession *stranger = demo_person_get_session (find_person (self, DEMO_STRANGER));
  XmppPresence *presence = xmpp_session_get_module (stranger, XMPP_TYPE_PRESENCE);

  g_object_set (presence, "subscription-mode", XMPP_SUBSCRIPTION_MODE_ACCEPT_ALL, NULL);
  g_signal_connect_object (presence, "answered", G_CALLBACK (on_answered), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (xmpp_session_get_module (greeter, XMPP_TYPE_PRESENCE), "changed",
                           G_CALLBACK (on_presence), self, G_CONNECT_SWAPPED);
}

static void
demo_people_dispose (GObject *object)
{
  DemoPeople *self = DEMO_PEOPLE (object);

  demo_people_leave (self);
  g_clear_object (&self->lounge);
  g_clear_object (&self->host);

  G_OBJECT_CLASS (demo_people_parent_class)->dispose (object);
}

static void
demo_people_finalize (GObject *object)
{
  DemoPeople *self = DEMO_PEOPLE (object);

  g_clear_pointer (&self->persons, g_ptr_array_unref);

  G_OBJECT_CLASS (demo_people_parent_class)->finalize (object);
}

static void
demo_people_class_init (DemoPeopleClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = demo_people_dispose;
  object_class->finalize = demo_people_finalize;

  signals[LOST] = g_signal_new ("lost", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
demo_people_init (DemoPeople *self)
{
  self->persons = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * demo_people_new:
 * @host: a server that has been started
 * @is_fast: they hurry, for a test
 */
DemoPeople *
demo_people_new (DemoHost *host,
                 gboolean  is_fast)
{
  DemoPeople *self = g_object_new (DEMO_TYPE_PEOPLE, NULL);

  self->host = g_object_ref (host);
  self->pace = demo_pace_new (is_fast);
  self->lounge = demo_lounge_new (self->pace);

  return self;
}

/**
 * demo_people_arrive_async:
 *
 * Logs everybody in who is not offline by role. It ends when they are all there.
 */
void
demo_people_arrive_async (DemoPeople          *self,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  GError *error = NULL;
  g_autoptr(GTlsDatabase) database = NULL;

  g_return_if_fail (self->arrival == NULL);

  self->arrival = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->arrival, demo_people_arrive_async);

  database = g_tls_file_database_new (demo_host_get_ca_path (self->host), &error);
  if (database == NULL)
    {
      end_arrival (self, error);
      return;
    }

  for (guint i = 0; i < demo_cast_size; i++)
    {
      if (demo_cast[i].show != XMPP_SHOW_OFFLINE)
        g_ptr_array_add (self->persons, demo_person_new (&demo_cast[i], self->host, database, self->pace));
    }
  listen_to_user (self);

  self->n_missing = self->persons->len;
  for (guint i = 0; i < self->persons->len; i++)
    demo_person_connect_async (g_ptr_array_index (self->persons, i), on_connected, g_object_ref (self));
}

gboolean
demo_people_arrive_finish (DemoPeople    *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * demo_people_leave:
 *
 * Everybody goes, and nothing more happens.
 */
void
demo_people_leave (DemoPeople *self)
{
  self->has_met_user = TRUE;
  if (self->lounge != NULL)
    demo_lounge_close (self->lounge);
  for (guint i = 0; i < self->persons->len; i++)
    {
      DemoPerson *person = g_ptr_array_index (self->persons, i);

      g_signal_handlers_disconnect_by_data (person, self);
      demo_person_leave (person);
    }
  g_clear_pointer (&self->pace, demo_pace_free);
}
