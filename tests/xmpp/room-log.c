/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "room-log.h"

static const char * const leaves[] = {
  [XMPP_LEAVE_LEFT] = "left",
  [XMPP_LEAVE_KICKED] = "kicked",
  [XMPP_LEAVE_BANNED] = "banned",
  [XMPP_LEAVE_AFFILIATION] = "affiliation",
  [XMPP_LEAVE_MEMBERS_ONLY] = "members-only",
  [XMPP_LEAVE_SHUTDOWN] = "shutdown",
  [XMPP_LEAVE_ERROR] = "error",
  [XMPP_LEAVE_DESTROYED] = "destroyed",
  [XMPP_LEAVE_RENAMED] = "renamed",
  [XMPP_LEAVE_DISCONNECTED] = "disconnected",
};

static void
append (GString    *line,
        const char *name,
        const char *value)
{
  if (value != NULL)
    g_string_append_printf (line, " %s=%s", name, value);
}

static void
take_line (RoomLog *self,
           GString *line)
{
  g_ptr_array_add (self->lines, g_string_free (line, FALSE));
}

static void
log_occupant (RoomLog            *self,
              const char         *sign,
              const XmppOccupant *occupant)
{
  GString *line = g_string_new (sign);

  g_string_append_printf (line, " %s", occupant->nick);
  if (occupant->role != XMPP_ROLE_PARTICIPANT)
    append (line, "role", xmpp_role_to_string (occupant->role));
  if (occupant->affiliation != XMPP_AFFILIATION_NONE)
    append (line, "affiliation", xmpp_affiliation_to_string (occupant->affiliation));
  if (occupant->show != XMPP_SHOW_AVAILABLE)
    append (line, "show", xmpp_show_to_string (occupant->show));
  append (line, "text", occupant->status);
  append (line, "jid", occupant->real_jid != NULL ? xmpp_jid_get_text (occupant->real_jid) : NULL);
  take_line (self, line);
}

static void
on_joined (XmppRoom *room,
           RoomLog  *self)
{
  g_assert_cmpint (xmpp_room_get_state (room), ==, XMPP_ROOM_IN);
  g_ptr_array_add (self->lines, g_strdup ("joined"));
}

static void
on_created (XmppRoom *room,
            RoomLog  *self)
{
  g_ptr_array_add (self->lines, g_strdup ("created"));
}

static void
on_left (XmppRoom   *room,
         int         why,
         const char *actor,
         const char *reason,
         RoomLog    *self)
{
  GString *line = g_string_new ("left ");

  g_assert_cmpint (xmpp_room_get_state (room), ==, XMPP_ROOM_OUT);
  g_assert_null (xmpp_room_get_self (room));

  g_string_append (line, leaves[why]);
  append (line, "by", actor);
  append (line, "reason", reason);
  take_line (self, line);
}

static void
on_occupant_joined (XmppRoom     *room,
                    XmppOccupant *occupant,
                    RoomLog      *self)
{
  log_occupant (self, "+", occupant);
}

static void
on_occupant_changed (XmppRoom     *room,
                     XmppOccupant *occupant,
                     RoomLog      *self)
{
  log_occupant (self, "~", occupant);
}

static void
on_occupant_left (XmppRoom     *room,
                  XmppOccupant *occupant,
                  int           why,
                  const char   *actor,
                  const char   *reason,
                  RoomLog      *self)
{
  GString *line = g_string_new (NULL);

  g_string_append_printf (line, "- %s %s", occupant->nick, leaves[why]);
  append (line, "by", actor);
  append (line, "reason", reason);
  take_line (self, line);
}

static void
on_occupant_renamed (XmppRoom     *room,
                     XmppOccupant *occupant,
                     const char   *old_nick,
                     RoomLog      *self)
{
  g_assert_true (xmpp_room_get_occupant (room, occupant->nick) == occupant);
  g_ptr_array_add (self->lines, g_strdup_printf ("%s is now %s", old_nick, occupant->nick));
}

static void
on_subject_changed (XmppRoom   *room,
                    const char *subject,
                    const char *by,
                    gint64      time,
                    RoomLog    *self)
{
  GString *line = g_string_new ("topic");
  gint64 now = xmpp_clock_get_real (self->server->clock);

  g_assert_cmpstr (xmpp_room_get_subject (room), ==, subject);
  g_assert_cmpstr (xmpp_room_get_subject_by (room), ==, by);

  if (subject != NULL)
    g_string_append_printf (line, " %s", subject);
  append (line, "by", by);
  if (time != now)
    {
      g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
      g_autofree char *text = g_date_time_format (date, "%Y-%m-%dT%H:%M:%SZ");

      append (line, "at", text);
    }
  take_line (self, line);
}

static void
on_failed (XmppRoom *room,
           GError   *error,
           RoomLog  *self)
{
  g_ptr_array_add (self->lines, g_strdup_printf ("failed %s", error->message));
}

static void
on_join (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  RoomLog *self = user_data;

  g_clear_error (&self->error);
  if (xmpp_muc_join_finish (XMPP_MUC (object), result, &self->error))
    {
      g_assert_cmpint (xmpp_room_get_state (self->room), ==, XMPP_ROOM_IN);
      g_ptr_array_add (self->lines, g_strdup ("in"));
    }
  else
    {
      g_ptr_array_add (self->lines, g_strdup_printf ("not in: %s", self->error->message));
    }
}

static void
follow (RoomLog *self)
{
  g_signal_connect (self->room, "joined", G_CALLBACK (on_joined), self);
  g_signal_connect (self->room, "created", G_CALLBACK (on_created), self);
  g_signal_connect (self->room, "left", G_CALLBACK (on_left), self);
  g_signal_connect (self->room, "occupant-joined", G_CALLBACK (on_occupant_joined), self);
  g_signal_connect (self->room, "occupant-changed", G_CALLBACK (on_occupant_changed), self);
  g_signal_connect (self->room, "occupant-left", G_CALLBACK (on_occupant_left), self);
  g_signal_connect (self->room, "occupant-renamed", G_CALLBACK (on_occupant_renamed), self);
  g_signal_connect (self->room, "subject-changed", G_CALLBACK (on_subject_changed), self);
  g_signal_connect (self->room, "failed", G_CALLBACK (on_failed), self);
}

RoomLog *
room_log_new (void)
{
  RoomLog *self = g_new0 (RoomLog, 1);

  self->server = fake_server_new (ROOM_OWN "/balcony");
  self->messages = message_log_new (self->server);
  self->lines = g_ptr_array_new_with_free_func (g_free);
  self->jid = xmpp_jid_new (ROOM, NULL);
  self->cancellable = g_cancellable_new ();

  fake_server_login (self->server);
  fake_server_answer (self->server, "jabber:iq:roster",
    "<query xmlns='jabber:iq:roster'>"
      "<item jid='romeo@montague.lit' subscription='both'/><item jid='" ROOM "' subscription='both'/>"
    "</query>");
  fake_server_settle (self->server);
  self->muc = xmpp_session_get_module (self->server->session, XMPP_TYPE_MUC);

  return self;
}

void
room_log_free (RoomLog *self)
{
  fake_server_free (self->server);
  message_log_free (self->messages);
  if (self->room != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->room, self);
      g_assert_finalize_object (self->room);
    }
  g_ptr_array_unref (self->lines);
  g_object_unref (self->cancellable);
  xmpp_jid_unref (self->jid);
  g_clear_error (&self->error);
  g_free (self);
}

void
room_log_join (RoomLog    *self,
               const char *password,
               int         history)
{
  XmppRoom *room = xmpp_muc_join_async (self->muc, self->jid, "juliet", password, history, self->cancellable, on_join, self);

  if (self->room != NULL)
    {
      g_assert_true (self->room == room);
      return;
    }

  self->room = g_object_ref (room);
  follow (self);
}

void
room_log_enter (RoomLog *self)
{
  room_log_join (self, NULL, -1);
  fake_server_expect_contains (self->server, "<x xmlns='" MUC "'/>");
  room_log_send (self,
    ROOM_PRESENCE ("nurse", ROOM_ITEM)
    ROOM_PRESENCE ("tybalt", "<item affiliation='owner' role='moderator'/>")
    ROOM_SELF ("juliet")
    ROOM_GROUPCHAT ("nurse", "<subject>Supper</subject>"));
  room_log_expect (self, "joined");
  room_log_expect (self, "in");
  room_log_expect (self, "topic Supper by=nurse");
}

void
room_log_send (RoomLog    *self,
               const char *xml)
{
  fake_server_send (self->server, xml);
}

void
room_log_expect (RoomLog    *self,
                 const char *line)
{
  g_autofree char *got = NULL;

  fake_server_wait_until (self->lines->len > 0);
  got = g_ptr_array_steal_index (self->lines, 0);
  g_assert_cmpstr (got, ==, line);
}

void
room_log_expect_none (RoomLog *self)
{
  fake_server_ping (self->server);
  if (self->lines->len > 0)
    g_error ("expected no more of the room, but got: %s", (char *) g_ptr_array_index (self->lines, 0));
}

static int
compare_nicks (gconstpointer a,
               gconstpointer b)
{
  const XmppOccupant * const *x = a;
  const XmppOccupant * const *y = b;

  return g_strcmp0 ((*x)->nick, (*y)->nick);
}

void
room_log_expect_occupants (RoomLog    *self,
                           const char *nicks)
{
  g_autoptr(GPtrArray) occupants = xmpp_room_get_occupants (self->room);
  g_autoptr(GString) list = g_string_new (NULL);

  g_ptr_array_sort (occupants, compare_nicks);
  for (guint i = 0; i < occupants->len; i++)
    {
      const XmppOccupant *occupant = g_ptr_array_index (occupants, i);

      g_string_append_printf (list, "%s%s", i > 0 ? " " : "", occupant->nick);
    }

  g_assert_cmpstr (list->str, ==, nicks);
}
