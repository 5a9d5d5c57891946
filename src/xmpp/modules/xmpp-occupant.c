/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0045, 5: who is in a room, in which role and with which affiliation */

#include "xmpp-room-private.h"

/* What is longer is cut: it is told to everybody, and kept for everybody who is there */
#define MAX_STATUS 2048

G_DEFINE_BOXED_TYPE (XmppOccupant, xmpp_occupant, xmpp_occupant_ref, xmpp_occupant_unref)

static const char * const roles[] = {
  [XMPP_ROLE_NONE] = "none",
  [XMPP_ROLE_VISITOR] = "visitor",
  [XMPP_ROLE_PARTICIPANT] = "participant",
  [XMPP_ROLE_MODERATOR] = "moderator",
};

static const char * const affiliations[] = {
  [XMPP_AFFILIATION_OUTCAST] = "outcast",
  [XMPP_AFFILIATION_NONE] = "none",
  [XMPP_AFFILIATION_MEMBER] = "member",
  [XMPP_AFFILIATION_ADMIN] = "admin",
  [XMPP_AFFILIATION_OWNER] = "owner",
};

static guint
find_name (const char * const *names,
           guint               n_names,
           const char         *name,
           guint               fallback)
{
  for (guint i = 0; name != NULL && i < n_names; i++)
    if (g_str_equal (names[i], name))
      return i;

  return fallback;
}

static char *
copy_status (const char *text)
{
  g_autofree char *cut = NULL;

  if (text == NULL || *text == '\0')
    return NULL;

  cut = g_strndup (text, MAX_STATUS);

  return g_utf8_make_valid (cut, -1);
}

static void
clear (gpointer data)
{
  XmppOccupant *self = data;

  g_free (self->nick);
  g_free (self->status);
  g_clear_pointer (&self->jid, xmpp_jid_unref);
  g_clear_pointer (&self->real_jid, xmpp_jid_unref);
}

static gboolean
equal_jids (const XmppJid *a,
            const XmppJid *b)
{
  return a == b || (a != NULL && b != NULL && xmpp_jid_equal (a, b));
}

/* An available @presence from @jid, whose @x the room wrote (NULL: it wrote none). The real address
 * is read here and nowhere else (security.md, T052).
 */
XmppOccupant *
xmpp_occupant_new (XmppJid        *jid,
                   const XmppNode *presence,
                   const XmppNode *x)
{
  XmppOccupant *self = g_rc_box_new0 (XmppOccupant);
  const XmppNode *item = x != NULL ? xmpp_node_get_child (x, "item", XMPP_NS_MUC_USER) : NULL;
  const char *show = xmpp_node_get_child_text (presence, "show", XMPP_NS_CLIENT);
  const char *real_jid = item != NULL ? xmpp_node_get (item, "jid") : NULL;

  self->jid = xmpp_jid_ref (jid);
  self->nick = g_strdup (xmpp_jid_get_resource (jid));
  self->real_jid = real_jid != NULL ? xmpp_jid_new_received (real_jid) : NULL;
  self->role = find_name (roles, G_N_ELEMENTS (roles),
                          item != NULL ? xmpp_node_get (item, "role") : NULL, XMPP_ROLE_PARTICIPANT);
  self->affiliation = find_name (affiliations, G_N_ELEMENTS (affiliations),
                                 item != NULL ? xmpp_node_get (item, "affiliation") : NULL, XMPP_AFFILIATION_NONE);
  self->show = show != NULL ? xmpp_show_from_string (show) : XMPP_SHOW_AVAILABLE;
  self->status = copy_status (xmpp_node_get_child_text (presence, "status", XMPP_NS_CLIENT));

  return self;
}

/* The same person under another nickname */
XmppOccupant *
xmpp_occupant_with_jid (const XmppOccupant *self,
                        XmppJid            *jid)
{
  XmppOccupant *copy = g_rc_box_new0 (XmppOccupant);

  copy->jid = xmpp_jid_ref (jid);
  copy->nick = g_strdup (xmpp_jid_get_resource (jid));
  copy->real_jid = self->real_jid != NULL ? xmpp_jid_ref (self->real_jid) : NULL;
  copy->role = self->role;
  copy->affiliation = self->affiliation;
  copy->show = self->show;
  copy->status = g_strdup (self->status);

  return copy;
}

gboolean
xmpp_occupant_equal (const XmppOccupant *a,
                     const XmppOccupant *b)
{
  return xmpp_jid_equal (a->jid, b->jid) &&
         equal_jids (a->real_jid, b->real_jid) &&
         a->role == b->role &&
         a->affiliation == b->affiliation &&
         a->show == b->show &&
         g_strcmp0 (a->status, b->status) == 0;
}

/**
 * xmpp_occupant_ref:
 * @self: an occupant
 *
 * Returns: (transfer full): @self
 */
XmppOccupant *
xmpp_occupant_ref (XmppOccupant *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_rc_box_acquire (self);
}

/**
 * xmpp_occupant_unref:
 * @self: (transfer full): an occupant
 */
void
xmpp_occupant_unref (XmppOccupant *self)
{
  g_return_if_fail (self != NULL);

  g_rc_box_release_full (self, clear);
}

/**
 * xmpp_role_to_string:
 * @role: what somebody may do while in a room
 *
 * Returns: its name in the protocol (XEP-0045, 5.1)
 */
const char *
xmpp_role_to_string (XmppRole role)
{
  g_return_val_if_fail (role < G_N_ELEMENTS (roles), NULL);

  return roles[role];
}

/**
 * xmpp_affiliation_to_string:
 * @affiliation: what somebody is to a room, there or not
 *
 * Returns: its name in the protocol (XEP-0045, 5.2)
 */
const char *
xmpp_affiliation_to_string (XmppAffiliation affiliation)
{
  g_return_val_if_fail (affiliation < G_N_ELEMENTS (affiliations), NULL);

  return affiliations[affiliation];
}
