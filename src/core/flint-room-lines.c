/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-room-lines.h"

#include "flint-conversation-private.h"
#include "flint-text.h"
#include "flint-timeline-private.h"

#include <glib/gi18n-lib.h>

#define MAX_NICK   64      /* graphemes */
#define MAX_REASON 300
#define MAX_FAILURE 256     /* of what the room refuses, in the words of the error */
#define MANY       20      /* occupants: coming and going is no news any more */
#define MAX_RUN    10      /* lines without a word between them; whatever comes then is only counted (T110) */

struct _FlintRoomLines
{
  GObject            parent_instance;

  FlintConversation *conversation;      /* weak: the room owns both */
  GListModel        *occupants;
  gboolean           knows_subject;     /* it was told since we came */
  FlintMessage      *last;              /* the line that the next one of the same kind goes into */
  gboolean           last_is_join;
  guint              n_folded;
  char              *first;             /* the nickname at its beginning, isolated */

  FlintMessage      *newest;            /* the line that was made last */
  guint              n_run;             /* lines that stand at the end, up to it */
  guint              n_more;            /* what the last one of these only counts */
};

G_DEFINE_FINAL_TYPE (FlintRoomLines, flint_room_lines, G_TYPE_OBJECT)

/* What somebody did not do by himself; NULL when he did */
static char *
describe_other (XmppLeave   why,
                const char *name)
{
  switch (why)
    {
    case XMPP_LEAVE_KICKED:
      return g_strdup_printf (_("%s was removed from the room"), name);

    case XMPP_LEAVE_BANNED:
      return g_strdup_printf (_("%s was banned from the room"), name);

    case XMPP_LEAVE_AFFILIATION:
      return g_strdup_printf (_("%s may not be in this room any more"), name);

    case XMPP_LEAVE_MEMBERS_ONLY:
      return g_strdup_printf (_("%s left: only members may be here now"), name);

    case XMPP_LEAVE_SHUTDOWN:
      return g_strdup_printf (_("%s left: the room’s server is shutting down"), name);

    case XMPP_LEAVE_ERROR:
      return g_strdup_printf (_("%s lost the connection to the room"), name);

    case XMPP_LEAVE_LEFT:
    case XMPP_LEAVE_DESTROYED:
    case XMPP_LEAVE_RENAMED:
    case XMPP_LEAVE_DISCONNECTED:
    default:
      return NULL;
    }
}

static const char *
describe_own (XmppLeave why)
{
  switch (why)
    {
    case XMPP_LEAVE_KICKED:
      return _("You were removed from the room.");

    case XMPP_LEAVE_BANNED:
      return _("You were banned from the room.");

    case XMPP_LEAVE_AFFILIATION:
      return _("You may not be in this room any more.");

    case XMPP_LEAVE_MEMBERS_ONLY:
      return _("Only members may be in this room now.");

    case XMPP_LEAVE_SHUTDOWN:
      return _("The room’s server is shutting down.");

    case XMPP_LEAVE_ERROR:
      return _("The room lost the connection to you.");

    case XMPP_LEAVE_DESTROYED:
      return _("The room was closed for good.");

    case XMPP_LEAVE_LEFT:
    case XMPP_LEAVE_RENAMED:
    case XMPP_LEAVE_DISCONNECTED:
    default:
      return NULL;
    }
}

static char *
isolate (const char *text,
         guint       max_graphemes)
{
  g_autofree char *line = flint_text_for_line (text, max_graphemes);

  return flint_text_isolate (line);
}

/* The same, when somebody did it who has a name; NULL: that is nobody's doing */
static char *
describe_own_by (XmppLeave   why,
                 const char *by)
{
  switch (why)
    {
    case XMPP_LEAVE_KICKED:
      return g_strdup_printf (_("You were removed from the room by %s."), by);

    case XMPP_LEAVE_BANNED:
      return g_strdup_printf (_("You were banned from the room by %s."), by);

    case XMPP_LEAVE_AFFILIATION:
      return g_strdup_printf (_("%s has decided that you may not be in this room any more."), by);

    case XMPP_LEAVE_MEMBERS_ONLY:
      return g_strdup_printf (_("%s has decided that only members may be in this room now."), by);

    case XMPP_LEAVE_SHUTDOWN:
    case XMPP_LEAVE_ERROR:
    case XMPP_LEAVE_DESTROYED:
    case XMPP_LEAVE_LEFT:
    case XMPP_LEAVE_RENAMED:
    case XMPP_LEAVE_DISCONNECTED:
    default:
      return NULL;
    }
}

static void
forget_last (FlintRoomLines *self)
{
  g_clear_object (&self->last);
  g_clear_pointer (&self->first, g_free);
  self->n_folded = 0;
}

static gboolean
is_at_end (FlintRoomLines *self,
           FlintMessage   *line)
{
  return line != NULL && flint_timeline_get_last (flint_conversation_get_timeline (self->conversation)) == line;
}

/* A line of its own, or one more of those that are only counted: whoever comes and goes all day long must not push
 * out of our memory what was said. NULL: it is none of its own
 */
static FlintMessage *
put (FlintRoomLines *self,
     const char     *text)
{
  g_autofree char *more = NULL;
  FlintMessage *old = NULL;

  if (!is_at_end (self, self->newest))
    self->n_run = self->n_more = 0;

  if (self->n_run < MAX_RUN)
    {
      self->n_run++;
    }
  else
    {
      old = self->n_more > 0 ? self->newest : NULL;
      self->n_more++;
      /* Translators: in a room where much happens; people who came, went, or have another nickname */
      more = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u more change", "%u more changes", self->n_more), self->n_more);
    }

  g_set_object (&self->newest, flint_conversation_replace_line (self->conversation, old, more != NULL ? more : text));

  return more == NULL ? self->newest : NULL;
}

static void
add (FlintRoomLines *self,
     const char     *text)
{
  forget_last (self);

  if (self->conversation != NULL)
    put (self, text);
}

static char *
describe_folded (FlintRoomLines *self)
{
  guint n_others = self->n_folded - 1;

  if (n_others == 0)
    return g_strdup_printf (self->last_is_join ? _("%s joined") : _("%s left"), self->first);

  if (self->last_is_join)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s and %u other joined", "%s and %u others joined", n_others),
                            self->first, n_others);

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s and %u other left", "%s and %u others left", n_others),
                          self->first, n_others);
}

/* Into the line before, when that is still the last thing that happened */
static void
add_folded (FlintRoomLines *self,
            const char     *nick,
            gboolean        is_join)
{
  g_autofree char *text = NULL;
  FlintMessage *line;

  if (self->conversation == NULL)
    return;

  if (!is_at_end (self, self->last) || self->last_is_join != is_join)
    {
      forget_last (self);
      self->last_is_join = is_join;
      self->first = isolate (nick, MAX_NICK);
    }

  self->n_folded++;
  text = describe_folded (self);

  if (self->last == NULL)
    {
      g_set_object (&self->last, put (self, text));
      return;
    }

  line = flint_conversation_replace_line (self->conversation, self->last, text);
  g_set_object (&self->last, line);
  g_set_object (&self->newest, line);
}

/* The sentence, then by whom and why, as far as it is told */
static char *
complete (const char *sentence,
          const char *actor,
          const char *reason)
{
  g_autofree char *by = actor != NULL && *actor != '\0' ? isolate (actor, MAX_NICK) : NULL;
  g_autofree char *why = reason != NULL && *reason != '\0' ? isolate (reason, MAX_REASON) : NULL;

  if (by != NULL && why != NULL)
    /* Translators: what happened, who did it, in whose words why */
    return g_strdup_printf (_("%s (by %s: %s)"), sentence, by, why);

  if (by != NULL)
    return g_strdup_printf (_("%s (by %s)"), sentence, by);

  return why != NULL ? g_strdup_printf (_("%s (%s)"), sentence, why) : g_strdup (sentence);
}

/* What the room tells */

/* We are in: what one must know about who sees what */
static void
on_joined (XmppRoom       *room,
           FlintRoomLines *self)
{
  guint status = xmpp_room_get_status (room);

  self->knows_subject = FALSE;

  if ((status & XMPP_ROOM_STATUS_NOT_ANONYMOUS) != 0)
    add (self, _("Everybody in this room sees your address."));

  if ((status & XMPP_ROOM_STATUS_LOGGED) != 0)
    add (self, _("What is said in this room is kept in public."));
}

static guint
count_occupants (FlintRoomLines *self)
{
  return g_list_model_get_n_items (self->occupants);
}

static void
on_occupant_joined (XmppRoom       *room,
                    XmppOccupant   *occupant,
                    FlintRoomLines *self)
{
  if (count_occupants (self) <= MANY)
    add_folded (self, occupant->nick, TRUE);
}

static void
on_occupant_left (XmppRoom       *room,
                  XmppOccupant   *occupant,
                  XmppLeave       why,
                  const char     *actor,
                  const char     *reason,
                  FlintRoomLines *self)
{
  g_autofree char *name = isolate (occupant->nick, MAX_NICK);
  g_autofree char *sentence = describe_other (why, name);
  g_autofree char *text = NULL;

  /* Those who are left, and who went */
  if (sentence != NULL)
    {
      text = complete (sentence, actor, reason);
      add (self, text);
    }
  else if (count_occupants (self) + 1 <= MANY)
    {
      add_folded (self, occupant->nick, FALSE);
    }
}

static void
on_occupant_renamed (XmppRoom       *room,
                     XmppOccupant   *occupant,
                     const char     *old_nick,
                     FlintRoomLines *self)
{
  g_autofree char *before = isolate (old_nick, MAX_NICK);
  g_autofree char *now = isolate (occupant->nick, MAX_NICK);
  g_autofree char *text = xmpp_room_is_self (room, occupant) ? g_strdup_printf (_("You are now known as %s"), now)
                                                             : g_strdup_printf (_("%s is now known as %s"), before, now);

  add (self, text);
}

static char *
describe_subject (const char *subject,
                  const char *by)
{
  g_autofree char *topic = subject != NULL ? isolate (subject, MAX_REASON) : NULL;
  g_autofree char *name = by != NULL ? isolate (by, MAX_NICK) : NULL;

  if (topic == NULL)
    return name != NULL ? g_strdup_printf (_("%s removed the topic"), name) : g_strdup (_("The topic was removed"));

  if (name != NULL)
    return g_strdup_printf (_("%s changed the topic to: %s"), name, topic);

  return g_strdup_printf (_("The topic is now: %s"), topic);
}

static void
on_subject_changed (XmppRoom       *room,
                    const char     *subject,
                    const char     *by,
                    gint64          time,
                    FlintRoomLines *self)
{
  g_autofree char *text = describe_subject (subject, by);

  /* The first one is what it was before we came */
  if (self->knows_subject)
    add (self, text);

  self->knows_subject = TRUE;
}

static void
say (FlintRoomLines *self,
     const char     *text)
{
  if (self->conversation != NULL)
    flint_conversation_add_line (self->conversation, text);
}

static void
on_created (FlintRoomLines *self)
{
  say (self, _("This room is new."));
}

static void
on_failed (XmppRoom       *room,
           const GError   *error,
           FlintRoomLines *self)
{
  g_autofree char *text = flint_text_for_line (error->message, MAX_FAILURE);

  say (self, text);
}

static void
flint_room_lines_dispose (GObject *object)
{
  FlintRoomLines *self = FLINT_ROOM_LINES (object);

  forget_last (self);
  g_clear_object (&self->newest);
  g_clear_object (&self->occupants);
  g_clear_weak_pointer (&self->conversation);

  G_OBJECT_CLASS (flint_room_lines_parent_class)->dispose (object);
}

static void
flint_room_lines_class_init (FlintRoomLinesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = flint_room_lines_dispose;
}

static void
flint_room_lines_init (FlintRoomLines *self)
{
}

/**
 * flint_room_lines_new:
 * @conversation: where the lines go; not held
 * @occupants: who is in the room: the number counts
 *
 * Returns: (transfer full): nothing has happened yet
 */
FlintRoomLines *
flint_room_lines_new (FlintConversation *conversation,
                      GListModel        *occupants)
{
  FlintRoomLines *self = g_object_new (FLINT_TYPE_ROOM_LINES, NULL);

  g_set_weak_pointer (&self->conversation, conversation);
  self->occupants = g_object_ref (occupants);

  return self;
}

/**
 * flint_room_lines_follow:
 * @self: the lines of a room
 * @room: the engine's room, which the occupants follow already
 *
 * Tells from now on what happens in it.
 */
void
flint_room_lines_follow (FlintRoomLines *self,
                         XmppRoom       *room)
{
  g_return_if_fail (FLINT_IS_ROOM_LINES (self));
  g_return_if_fail (XMPP_IS_ROOM (room));

  g_signal_connect_object (room, "joined", G_CALLBACK (on_joined), self, 0);
  g_signal_connect_object (room, "occupant-joined", G_CALLBACK (on_occupant_joined), self, 0);
  g_signal_connect_object (room, "occupant-left", G_CALLBACK (on_occupant_left), self, 0);
  g_signal_connect_object (room, "occupant-renamed", G_CALLBACK (on_occupant_renamed), self, 0);
  g_signal_connect_object (room, "subject-changed", G_CALLBACK (on_subject_changed), self, 0);
  g_signal_connect_object (room, "created", G_CALLBACK (on_created), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (room, "failed", G_CALLBACK (on_failed), self, 0);
}

/**
 * flint_room_lines_describe_leave:
 * @why: how
 * @actor: (nullable): who made us
 * @reason: (nullable): in that one's words
 *
 * Returns: (transfer full) (nullable): why we are not in any more; %NULL when we wanted it, or lost the connection
 */
char *
flint_room_lines_describe_leave (XmppLeave   why,
                                 const char *actor,
                                 const char *reason)
{
  g_autofree char *by = actor != NULL && *actor != '\0' ? isolate (actor, MAX_NICK) : NULL;
  g_autofree char *words = reason != NULL && *reason != '\0' ? isolate (reason, MAX_REASON) : NULL;
  g_autofree char *sentence = by != NULL ? describe_own_by (why, by) : NULL;

  if (sentence == NULL)
    sentence = g_strdup (describe_own (why));

  if (sentence == NULL || words == NULL)
    return g_steal_pointer (&sentence);

  /* Translators: a whole sentence, such as “You were removed from the room.”, and why, in somebody's own words */
  return g_strdup_printf (_("%s Reason: %s"), sentence, words);
}

