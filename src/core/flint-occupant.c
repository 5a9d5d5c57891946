/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-occupant.h"

#include "flint-text.h"

#define MAX_STATUS 512      /* graphemes */

struct _FlintOccupant
{
  GObject          parent_instance;

  char            *nick;           /* as the room has it */
  XmppJid         *jid;
  XmppJid         *real_jid;
  XmppRole         role;
  XmppAffiliation  affiliation;
  XmppShow         show;
  char            *status_text;
  gboolean         is_self;
  char            *sort_key;
};

enum {
  PROP_0,
  PROP_NICK,
  PROP_JID,
  PROP_REAL_JID,
  PROP_ROLE,
  PROP_AFFILIATION,
  PROP_SHOW,
  PROP_STATUS_TEXT,
  PROP_IS_SELF,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (FlintOccupant, flint_occupant, G_TYPE_OBJECT)

static void
flint_occupant_finalize (GObject *object)
{
  FlintOccupant *self = FLINT_OCCUPANT (object);

  g_clear_pointer (&self->jid, xmpp_jid_unref);
  g_clear_pointer (&self->real_jid, xmpp_jid_unref);
  g_free (self->nick);
  g_free (self->status_text);
  g_free (self->sort_key);

  G_OBJECT_CLASS (flint_occupant_parent_class)->finalize (object);
}

static void
flint_occupant_get_property (GObject    *object,
                             guint       id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  FlintOccupant *self = FLINT_OCCUPANT (object);

  switch (id)
    {
    case PROP_NICK:
      g_value_set_string (value, self->nick);
      break;

    case PROP_JID:
      g_value_set_boxed (value, self->jid);
      break;

    case PROP_REAL_JID:
      g_value_set_boxed (value, self->real_jid);
      break;

    case PROP_ROLE:
      g_value_set_int (value, self->role);
      break;

    case PROP_AFFILIATION:
      g_value_set_int (value, self->affiliation);
      break;

    case PROP_SHOW:
      g_value_set_int (value, self->show);
      break;

    case PROP_STATUS_TEXT:
      g_value_set_string (value, self->status_text);
      break;

    case PROP_IS_SELF:
      g_value_set_boolean (value, self->is_self);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
flint_occupant_class_init (FlintOccupantClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = flint_occupant_finalize;
  object_class->get_property = flint_occupant_get_property;

  properties[PROP_NICK] = g_param_spec_string ("nick", NULL, NULL, NULL, flags);
  properties[PROP_JID] = g_param_spec_boxed ("jid", NULL, NULL, XMPP_TYPE_JID, flags);
  properties[PROP_REAL_JID] = g_param_spec_boxed ("real-jid", NULL, NULL, XMPP_TYPE_JID, flags);
  properties[PROP_ROLE] = g_param_spec_int ("role", NULL, NULL, XMPP_ROLE_NONE, XMPP_ROLE_MODERATOR, XMPP_ROLE_NONE, flags);
  properties[PROP_AFFILIATION] = g_param_spec_int ("affiliation", NULL, NULL, XMPP_AFFILIATION_OUTCAST, XMPP_AFFILIATION_OWNER,
                                                   XMPP_AFFILIATION_NONE, flags);
  properties[PROP_SHOW] = g_param_spec_int ("show", NULL, NULL, XMPP_SHOW_CHAT, XMPP_SHOW_OFFLINE, XMPP_SHOW_OFFLINE, flags);
  properties[PROP_STATUS_TEXT] = g_param_spec_string ("status-text", NULL, NULL, NULL, flags);
  properties[PROP_IS_SELF] = g_param_spec_boolean ("is-self", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
flint_occupant_init (FlintOccupant *self)
{
  self->show = XMPP_SHOW_OFFLINE;
}

static void
set_int (FlintOccupant *self,
         int           *field,
         int            number,
         guint          id)
{
  if (*field == number)
    return;

  *field = number;
  g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

static void
set_jid (FlintOccupant *self,
         XmppJid      **field,
         XmppJid       *jid,
         guint          id)
{
  if (*field == jid || (*field != NULL && jid != NULL && xmpp_jid_equal (*field, jid)))
    return;

  g_clear_pointer (field, xmpp_jid_unref);
  *field = jid != NULL ? xmpp_jid_ref (jid) : NULL;
  g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

static void
take_string (FlintOccupant *self,
             char         **field,
             char          *text,
             guint          id)
{
  g_autofree char *old = *field;

  *field = text;

  if (g_strcmp0 (old, text) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

void
flint_occupant_update (FlintOccupant      *self,
                       const XmppOccupant *occupant,
                       gboolean            is_self)
{
  int role = self->role;
  int affiliation = self->affiliation;
  int show = self->show;

  g_object_freeze_notify (G_OBJECT (self));

  if (g_strcmp0 (self->nick, occupant->nick) != 0)
    {
      g_clear_pointer (&self->sort_key, g_free);
      take_string (self, &self->nick, g_strdup (occupant->nick), PROP_NICK);
    }

  set_jid (self, &self->jid, occupant->jid, PROP_JID);
  set_jid (self, &self->real_jid, occupant->real_jid, PROP_REAL_JID);
  set_int (self, &role, occupant->role, PROP_ROLE);
  set_int (self, &affiliation, occupant->affiliation, PROP_AFFILIATION);
  set_int (self, &show, occupant->show, PROP_SHOW);
  set_int (self, &self->is_self, is_self, PROP_IS_SELF);
  take_string (self, &self->status_text, flint_text_for_line (occupant->status, MAX_STATUS), PROP_STATUS_TEXT);

  self->role = role;
  self->affiliation = affiliation;
  self->show = show;

  g_object_thaw_notify (G_OBJECT (self));
}

FlintOccupant *
flint_occupant_new (const XmppOccupant *occupant,
                    gboolean            is_self)
{
  FlintOccupant *self = g_object_new (FLINT_TYPE_OCCUPANT, NULL);

  flint_occupant_update (self, occupant, is_self);

  return self;
}

const char *
flint_occupant_get_sort_key (FlintOccupant *self)
{
  g_autofree char *folded = NULL;

  if (self->sort_key == NULL)
    {
      folded = g_utf8_casefold (self->nick, -1);
      self->sort_key = g_utf8_collate_key (folded, -1);
    }

  return self->sort_key;
}

/**
 * flint_occupant_get_nick:
 * @self: somebody in a room
 *
 * Returns: the nickname as the room has it; to be shown by flint_text_for_line ()
 */
const char *
flint_occupant_get_nick (FlintOccupant *self)
{
  g_return_val_if_fail (FLINT_IS_OCCUPANT (self), NULL);

  return self->nick;
}

/**
 * flint_occupant_get_role:
 * @self: somebody in a room
 *
 * Returns: what he may do there now
 */
XmppRole
flint_occupant_get_role (FlintOccupant *self)
{
  g_return_val_if_fail (FLINT_IS_OCCUPANT (self), XMPP_ROLE_NONE);

  return self->role;
}

/**
 * flint_occupant_get_affiliation:
 * @self: somebody in a room
 *
 * Returns: what he is to the room
 */
XmppAffiliation
flint_occupant_get_affiliation (FlintOccupant *self)
{
  g_return_val_if_fail (FLINT_IS_OCCUPANT (self), XMPP_AFFILIATION_NONE);

  return self->affiliation;
}

/**
 * flint_occupant_get_rank:
 * @self: somebody in a room
 *
 * Returns: the one of role and affiliation that others are to know
 */
FlintRank
flint_occupant_get_rank (FlintOccupant *self)
{
  g_return_val_if_fail (FLINT_IS_OCCUPANT (self), FLINT_RANK_NONE);

  if (self->affiliation == XMPP_AFFILIATION_OWNER)
    return FLINT_RANK_OWNER;

  if (self->affiliation == XMPP_AFFILIATION_ADMIN)
    return FLINT_RANK_ADMINISTRATOR;

  return self->role == XMPP_ROLE_MODERATOR ? FLINT_RANK_MODERATOR : self->role == XMPP_ROLE_VISITOR ? FLINT_RANK_VISITOR
                                                                                                  : FLINT_RANK_NONE;
}

/**
 * flint_occupant_get_show:
 * @self: somebody in a room
 *
 * Returns: how reachable he is
 */
XmppShow
flint_occupant_get_show (FlintOccupant *self)
{
  g_return_val_if_fail (FLINT_IS_OCCUPANT (self), XMPP_SHOW_OFFLINE);

  return self->show;
}
