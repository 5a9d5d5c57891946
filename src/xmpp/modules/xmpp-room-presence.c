/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0045, 7: who comes, changes and goes, us included */

#include "xmpp-room-private.h"

#include <string.h>

#define MAX_OCCUPANTS 50000

static const struct
{
  guint code;
  guint bit;
} codes[] = {
  { 100, XMPP_ROOM_STATUS_NOT_ANONYMOUS },
  { 101, XMPP_ROOM_STATUS_AFFILIATION },
  { 104, XMPP_ROOM_STATUS_CONFIGURED },
  { 110, XMPP_ROOM_CODE_SELF },
  { 170, XMPP_ROOM_STATUS_LOGGED },
  { 171, XMPP_ROOM_STATUS_NOT_LOGGED },
  { 172, XMPP_ROOM_STATUS_NOT_ANONYMOUS },
  { 173, XMPP_ROOM_STATUS_SEMI_ANONYMOUS },
  { 201, XMPP_ROOM_CODE_CREATED },
  { 210, XMPP_ROOM_STATUS_NICK_GIVEN },
  { 301, XMPP_ROOM_CODE_BANNED },
  { 303, XMPP_ROOM_CODE_RENAMED },
  { 307, XMPP_ROOM_CODE_KICKED },
  { 321, XMPP_ROOM_CODE_UNAFFILIATED },
  { 322, XMPP_ROOM_CODE_MEMBERS_ONLY },
  { 332, XMPP_ROOM_CODE_SHUTDOWN },
  { 333, XMPP_ROOM_CODE_ERROR },
};

/* In this order: who is removed for an error of the network is also called kicked (XEP-0045, 11.1). */
static const struct
{
  guint     bit;
  XmppLeave why;
} leaves[] = {
  { XMPP_ROOM_CODE_BANNED,       XMPP_LEAVE_BANNED },
  { XMPP_ROOM_CODE_SHUTDOWN,     XMPP_LEAVE_SHUTDOWN },
  { XMPP_ROOM_CODE_ERROR,        XMPP_LEAVE_ERROR },
  { XMPP_ROOM_CODE_KICKED,       XMPP_LEAVE_KICKED },
  { XMPP_ROOM_CODE_UNAFFILIATED, XMPP_LEAVE_AFFILIATION },
  { XMPP_ROOM_CODE_MEMBERS_ONLY, XMPP_LEAVE_MEMBERS_ONLY },
};

/* A service puts its own at the end, and not all take away what occupants wrote into theirs (XEP-0045,
 * 16.3 says they must).
 */
static const XmppNode *
find_x (const XmppNode *presence)
{
  const XmppNode *found = NULL;

  XMPP_NODE_FOREACH_CHILD (presence, child)
    if (xmpp_node_is (child, "x", XMPP_NS_MUC_USER))
      found = child;

  return found;
}

static void
emit_occupant (XmppRoom     *self,
               guint         signal,
               XmppOccupant *occupant)
{
  if (self->state == XMPP_ROOM_IN)
    g_signal_emit (self, xmpp_room_signals[signal], 0, occupant);
}

static void
remove_occupant (XmppRoom   *self,
                 const char *nick,
                 XmppLeave   why,
                 const char *actor,
                 const char *reason)
{
  g_autoptr(XmppOccupant) occupant = NULL;

  if (!g_hash_table_steal_extended (self->occupants, nick, NULL, (gpointer *) &occupant))
    return;

  if (occupant == self->self)
    self->self = NULL;

  if (self->state == XMPP_ROOM_IN)
    g_signal_emit (self, xmpp_room_signals[XMPP_ROOM_OCCUPANT_LEFT], 0, occupant, why, actor, reason);
}

/* The hash table owns both by the value: the nickname is in it. */
static void
put_occupant (XmppRoom     *self,
              XmppOccupant *occupant,
              gboolean      is_self)
{
  g_hash_table_replace (self->occupants, occupant->nick, xmpp_occupant_ref (occupant));
  if (is_self)
    self->self = occupant;
}

static void
rename_occupant (XmppRoom     *self,
                 XmppOccupant *old,
                 XmppOccupant *occupant)
{
  g_autoptr(XmppOccupant) before = xmpp_occupant_ref (old);
  gboolean is_self = old == self->self;

  if (!g_str_equal (old->nick, occupant->nick))
    remove_occupant (self, occupant->nick, XMPP_LEAVE_LEFT, NULL, NULL);

  g_hash_table_remove (self->occupants, before->nick);
  put_occupant (self, occupant, is_self);
  if (is_self)
    xmpp_room_take_nick (self, occupant->nick);

  if (self->state == XMPP_ROOM_IN)
    g_signal_emit (self, xmpp_room_signals[XMPP_ROOM_OCCUPANT_RENAMED], 0, occupant, before->nick);
}

/* Our own presence comes last of all (7.1), so the list is whole. */
static void
enter (XmppRoom *self,
       guint     seen)
{
  xmpp_room_set_state (self, XMPP_ROOM_IN);
  g_signal_emit (self, xmpp_room_signals[XMPP_ROOM_JOINED], 0);

  if ((seen & XMPP_ROOM_CODE_CREATED) != 0 && self->state == XMPP_ROOM_IN)
    g_signal_emit (self, xmpp_room_signals[XMPP_ROOM_CREATED], 0);

  if (self->state == XMPP_ROOM_IN)
    xmpp_room_end_join (self, NULL);
}

/* Who we are is said by the code 110 and nothing else: services may change the nickname that we asked
 * for, and others may have one that looks the same (7.2.2).
 */
static void
take_available (XmppRoom       *self,
                const XmppNode *presence,
                XmppJid        *from)
{
  const XmppNode *x = find_x (presence);
  guint seen = xmpp_room_read_codes (x);
  gboolean is_self = (seen & XMPP_ROOM_CODE_SELF) != 0;
  g_autoptr(XmppOccupant) occupant = xmpp_occupant_new (from, presence, x);
  XmppOccupant *old = g_hash_table_lookup (self->occupants, occupant->nick);
  gboolean is_new = old == NULL;
  gboolean is_same = old != NULL && xmpp_occupant_equal (old, occupant);

  if (is_new && !is_self && g_hash_table_size (self->occupants) >= MAX_OCCUPANTS)
    return;

  if (is_self && self->self != NULL && self->self != old)
    {
      rename_occupant (self, self->self, occupant);
      is_new = FALSE;
      is_same = TRUE;
    }
  else if (!is_same)
    {
      put_occupant (self, occupant, is_self || (old != NULL && old == self->self));
    }
  else if (is_self)
    {
      self->self = old;
    }

  if (is_self)
    {
      xmpp_room_take_nick (self, occupant->nick);
      xmpp_room_add_status (self, seen & XMPP_ROOM_STATUS_MASK);
    }

  if (is_self && self->state == XMPP_ROOM_JOINING)
    enter (self, seen);
  else if (is_new)
    emit_occupant (self, XMPP_ROOM_OCCUPANT_JOINED, occupant);
  else if (!is_same)
    emit_occupant (self, XMPP_ROOM_OCCUPANT_CHANGED, occupant);
}

static XmppLeave
find_leave (const XmppNode *destroy,
            guint           seen)
{
  if (destroy != NULL)
    return XMPP_LEAVE_DESTROYED;

  for (guint i = 0; i < G_N_ELEMENTS (leaves); i++)
    if ((seen & leaves[i].bit) != 0)
      return leaves[i].why;

  return XMPP_LEAVE_LEFT;
}

static const char *
find_actor (const XmppNode *item)
{
  const XmppNode *actor = item != NULL ? xmpp_node_get_child (item, "actor", XMPP_NS_MUC_USER) : NULL;
  const char *nick = actor != NULL ? xmpp_node_get (actor, "nick") : NULL;

  return nick != NULL || actor == NULL ? nick : xmpp_node_get (actor, "jid");
}

static const char *
find_reason (const XmppNode *presence,
             const XmppNode *item,
             const XmppNode *destroy)
{
  const char *reason = NULL;

  if (destroy != NULL)
    reason = xmpp_node_get_child_text (destroy, "reason", XMPP_NS_MUC_USER);
  else if (item != NULL)
    reason = xmpp_node_get_child_text (item, "reason", XMPP_NS_MUC_USER);

  if (reason == NULL)
    reason = xmpp_node_get_child_text (presence, "status", XMPP_NS_CLIENT);

  return reason != NULL && *reason != '\0' ? reason : NULL;
}

static void
take_alternative (XmppRoom       *self,
                  const XmppNode *destroy)
{
  const char *text = xmpp_node_get (destroy, "jid");
  g_autoptr(XmppJid) jid = text != NULL ? xmpp_jid_new_received (text) : NULL;

  if (jid != NULL && xmpp_jid_is_bare (jid) && xmpp_jid_get_local (jid) != NULL)
    self->alternative = g_steal_pointer (&jid);
}

/* 7.6: the old nickname is unavailable, and says the new one */
static gboolean
take_renamed (XmppRoom       *self,
              XmppOccupant   *old,
              const XmppNode *item)
{
  const char *nick = item != NULL ? xmpp_node_get (item, "nick") : NULL;
  g_autoptr(XmppJid) jid = nick != NULL ? xmpp_jid_with_resource (self->jid, nick, NULL) : NULL;
  g_autoptr(XmppOccupant) occupant = NULL;

  if (old == NULL || jid == NULL || xmpp_jid_get_resource (jid) == NULL)
    return FALSE;

  occupant = xmpp_occupant_with_jid (old, jid);
  rename_occupant (self, old, occupant);

  return TRUE;
}

static void
take_unavailable (XmppRoom       *self,
                  const XmppNode *presence,
                  XmppJid        *from)
{
  const XmppNode *x = find_x (presence);
  const XmppNode *item = x != NULL ? xmpp_node_get_child (x, "item", XMPP_NS_MUC_USER) : NULL;
  const XmppNode *destroy = x != NULL ? xmpp_node_get_child (x, "destroy", XMPP_NS_MUC_USER) : NULL;
  XmppOccupant *old = g_hash_table_lookup (self->occupants, xmpp_jid_get_resource (from));
  guint seen = xmpp_room_read_codes (x);
  gboolean is_self = (seen & XMPP_ROOM_CODE_SELF) != 0 || (old != NULL && old == self->self);
  gboolean is_renamed = (seen & XMPP_ROOM_CODE_RENAMED) != 0;
  XmppLeave why = find_leave (destroy, seen);
  const char *actor = find_actor (item);
  const char *reason = find_reason (presence, item, destroy);

  if (is_renamed && take_renamed (self, old, item))
    return;

  if (!is_self)
    {
      remove_occupant (self, xmpp_jid_get_resource (from), is_renamed ? XMPP_LEAVE_RENAMED : why, actor, reason);
      return;
    }

  /* We went and came back before the room had said goodbye */
  if (self->state == XMPP_ROOM_JOINING && self->is_leaving && why == XMPP_LEAVE_LEFT)
    {
      self->is_leaving = FALSE;
      return;
    }

  if (destroy != NULL)
    take_alternative (self, destroy);

  xmpp_room_exit (self, why, actor, reason, NULL);
}

/* Status codes by their element and name space (XEP-0045, 15.6), as bits */
guint
xmpp_room_read_codes (const XmppNode *x)
{
  guint seen = 0;

  if (x == NULL)
    return 0;

  XMPP_NODE_FOREACH_CHILD (x, child)
    {
      guint64 code;

      if (!xmpp_node_is (child, "status", XMPP_NS_MUC_USER) || !xmpp_node_get_uint (child, "code", 999, &code))
        continue;

      for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
        if (codes[i].code == code)
          seen |= codes[i].bit;
    }

  return seen;
}

/* A presence that is no error, from an occupant of a room that we are in, joining or just left */
void
xmpp_room_take_presence (XmppRoom       *self,
                         const XmppNode *presence,
                         XmppJid        *from)
{
  const char *type = xmpp_node_get (presence, "type");
  gboolean is_unavailable = g_strcmp0 (type, "unavailable") == 0;

  if (self->state == XMPP_ROOM_OUT)
    {
      if (is_unavailable && g_strcmp0 (xmpp_jid_get_resource (from), self->nick) == 0)
        self->is_leaving = FALSE;
    }
  else if (is_unavailable)
    {
      take_unavailable (self, presence, from);
    }
  else if (type == NULL)
    {
      take_available (self, presence, from);
    }
}
