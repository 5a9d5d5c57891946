/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-contact-private.h"

#include "flint-account-private.h"
#include "flint-text.h"

#include <string.h>

#define MAX_NAME   64       /* graphemes */
#define MAX_STATUS 512

struct _FlintContact
{
  GObject           parent_instance;

  FlintAccount     *account;        /* weak: it owns the list that owns us */
  XmppJid          *jid;            /* bare */

  /* By the roster */
  char             *name;
  char            **groups;
  XmppSubscription  subscription;
  gboolean          is_asked;
  gboolean          is_listed;
  gboolean          is_blocked;

  /* By presence */
  XmppShow          show;
  char             *status_text;
  gboolean          lingers;        /* was here when our connection was lost */
  char             *avatar_hash;    /* as said last */
  gboolean          avatar_wanted;
  GBytes           *avatar;

  gboolean          is_typing;
  guint             unread;

  /* Made when first needed */
  char             *sort_key;
  char             *folded;         /* name, address and groups, each after a line break */
  char             *skeleton;
};

enum {
  PROP_0,
  PROP_ACCOUNT,
  PROP_JID,
  PROP_NAME,
  PROP_GROUPS,
  PROP_SUBSCRIPTION,
  PROP_IS_ASKED,
  PROP_IS_LISTED,
  PROP_SHOW,
  PROP_STATUS_TEXT,
  PROP_IS_ONLINE,
  PROP_AVATAR,
  PROP_IS_TYPING,
  PROP_UNREAD,
  PROP_IS_BLOCKED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (FlintContact, flint_contact, G_TYPE_OBJECT)

static void
notify (FlintContact *self,
        guint         id)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

static void
forget_keys (FlintContact *self)
{
  g_clear_pointer (&self->sort_key, g_free);
  g_clear_pointer (&self->folded, g_free);
  g_clear_pointer (&self->skeleton, g_free);
}

/* The picture is fetched when somebody looks at it */
static GBytes *
get_avatar (FlintContact *self)
{
  if (self->avatar == NULL && !self->avatar_wanted && self->avatar_hash != NULL && *self->avatar_hash != '\0' &&
      self->account != NULL)
    {
      self->avatar_wanted = TRUE;
      flint_account_fetch_avatar (self->account, self);
    }

  return self->avatar;
}

static void
flint_contact_dispose (GObject *object)
{
  FlintContact *self = FLINT_CONTACT (object);

  g_clear_weak_pointer (&self->account);

  G_OBJECT_CLASS (flint_contact_parent_class)->dispose (object);
}

static void
flint_contact_finalize (GObject *object)
{
  FlintContact *self = FLINT_CONTACT (object);

  forget_keys (self);
  g_clear_pointer (&self->jid, xmpp_jid_unref);
  g_clear_pointer (&self->avatar, g_bytes_unref);
  g_strfreev (self->groups);
  g_free (self->name);
  g_free (self->status_text);
  g_free (self->avatar_hash);

  G_OBJECT_CLASS (flint_contact_parent_class)->finalize (object);
}

static void
flint_contact_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  FlintContact *self = FLINT_CONTACT (object);

  switch (id)
    {
    case PROP_ACCOUNT:
      g_value_set_object (value, self->account);
      break;

    case PROP_JID:
      g_value_set_boxed (value, self->jid);
      break;

    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;

    case PROP_GROUPS:
      g_value_set_boxed (value, self->groups);
      break;

    case PROP_SUBSCRIPTION:
      g_value_set_int (value, self->subscription);
      break;

    case PROP_IS_ASKED:
      g_value_set_boolean (value, self->is_asked);
      break;

    case PROP_IS_LISTED:
      g_value_set_boolean (value, self->is_listed);
      break;

    case PROP_SHOW:
      g_value_set_int (value, self->show);
      break;

    case PROP_STATUS_TEXT:
      g_value_set_string (value, self->status_text);
      break;

    case PROP_IS_ONLINE:
      g_value_set_boolean (value, flint_contact_is_online (self));
      break;

    case PROP_AVATAR:
      g_value_set_boxed (value, get_avatar (self));
      break;

    case PROP_IS_TYPING:
      g_value_set_boolean (value, self->is_typing);
      break;

    case PROP_UNREAD:
      g_value_set_uint (value, self->unread);
      break;

    case PROP_IS_BLOCKED:
      g_value_set_boolean (value, self->is_blocked);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
flint_contact_class_init (FlintContactClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = flint_contact_dispose;
  object_class->finalize = flint_contact_finalize;
  object_class->get_property = flint_contact_get_property;

  properties[PROP_ACCOUNT] = g_param_spec_object ("account", NULL, NULL, FLINT_TYPE_ACCOUNT, flags);
  properties[PROP_JID] = g_param_spec_boxed ("jid", NULL, NULL, XMPP_TYPE_JID, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_GROUPS] = g_param_spec_boxed ("groups", NULL, NULL, G_TYPE_STRV, flags);
  properties[PROP_SUBSCRIPTION] = g_param_spec_int ("subscription", NULL, NULL, XMPP_SUBSCRIPTION_NONE, XMPP_SUBSCRIPTION_BOTH,
                                                    XMPP_SUBSCRIPTION_NONE, flags);
  properties[PROP_IS_ASKED] = g_param_spec_boolean ("is-asked", NULL, NULL, FALSE, flags);
  properties[PROP_IS_LISTED] = g_param_spec_boolean ("is-listed", NULL, NULL, FALSE, flags);
  properties[PROP_SHOW] = g_param_spec_int ("show", NULL, NULL, XMPP_SHOW_CHAT, XMPP_SHOW_OFFLINE, XMPP_SHOW_OFFLINE, flags);
  properties[PROP_STATUS_TEXT] = g_param_spec_string ("status-text", NULL, NULL, NULL, flags);
  properties[PROP_IS_ONLINE] = g_param_spec_boolean ("is-online", NULL, NULL, FALSE, flags);
  properties[PROP_AVATAR] = g_param_spec_boxed ("avatar", NULL, NULL, G_TYPE_BYTES, flags);
  properties[PROP_IS_TYPING] = g_param_spec_boolean ("is-typing", NULL, NULL, FALSE, flags);
  properties[PROP_UNREAD] = g_param_spec_uint ("unread", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_IS_BLOCKED] = g_param_spec_boolean ("is-blocked", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
flint_contact_init (FlintContact *self)
{
  self->groups = g_new0 (char *, 1);
  self->show = XMPP_SHOW_OFFLINE;
}

/* An alias of our own choice, or the address: never what somebody calls himself (T054) */
static char *
make_name (FlintContact         *self,
           const XmppRosterItem *item)
{
  g_autofree char *name = item != NULL ? flint_text_for_line (item->name, MAX_NAME) : NULL;

  return name != NULL && *name != '\0' ? g_steal_pointer (&name) : flint_format_address (self->jid);
}

FlintContactChange
flint_contact_set_item (FlintContact         *self,
                        const XmppRosterItem *item)
{
  static const char * const no_groups[] = { NULL };
  const char * const *groups = item != NULL ? (const char * const *) item->groups : no_groups;
  XmppSubscription subscription = item != NULL ? item->subscription : XMPP_SUBSCRIPTION_NONE;
  gboolean is_asked = item != NULL && item->is_asked;
  g_autofree char *name = make_name (self, item);
  FlintContactChange change = FLINT_CONTACT_SAME;

  g_object_freeze_notify (G_OBJECT (self));

  if (g_strcmp0 (name, self->name) != 0)
    {
      g_free (self->name);
      self->name = g_steal_pointer (&name);
      notify (self, PROP_NAME);
      change = FLINT_CONTACT_NAME;
    }

  if (!g_strv_equal (groups, (const char * const *) self->groups))
    {
      g_strfreev (self->groups);
      self->groups = g_strdupv ((char **) groups);
      notify (self, PROP_GROUPS);
      change = FLINT_CONTACT_NAME;
    }

  if (subscription != self->subscription)
    {
      self->subscription = subscription;
      notify (self, PROP_SUBSCRIPTION);
      change = FLINT_CONTACT_NAME;
    }

  if (is_asked != self->is_asked)
    {
      self->is_asked = is_asked;
      notify (self, PROP_IS_ASKED);
      change = FLINT_CONTACT_NAME;
    }

  if ((item != NULL) != self->is_listed)
    {
      self->is_listed = item != NULL;
      notify (self, PROP_IS_LISTED);
      change = FLINT_CONTACT_NAME;
    }

  if (change != FLINT_CONTACT_SAME)
    forget_keys (self);

  g_object_thaw_notify (G_OBJECT (self));

  return change;
}

static gboolean
take_status_text (FlintContact *self,
                  const char   *status)
{
  g_autofree char *text = flint_text_for_line (status, MAX_STATUS);

  if (text != NULL && *text == '\0')
    g_clear_pointer (&text, g_free);

  if (g_strcmp0 (text, self->status_text) == 0)
    return FALSE;

  g_free (self->status_text);
  self->status_text = g_steal_pointer (&text);
  notify (self, PROP_STATUS_TEXT);

  return TRUE;
}

/* Of one that is not online: why, until something is heard of it */
FlintContactChange
flint_contact_set_absence (FlintContact *self,
                           const char   *why)
{
  return !flint_contact_is_online (self) && take_status_text (self, why) ? FLINT_CONTACT_PRESENCE : FLINT_CONTACT_SAME;
}

FlintContactChange
flint_contact_set_presence (FlintContact       *self,
                            const XmppResource *best)
{
  XmppShow show = best != NULL ? best->show : XMPP_SHOW_OFFLINE;
  gboolean was_online = flint_contact_is_online (self);
  FlintContactChange change = FLINT_CONTACT_SAME;

  g_object_freeze_notify (G_OBJECT (self));

  if (show != self->show)
    {
      self->show = show;
      notify (self, PROP_SHOW);
      change = FLINT_CONTACT_PRESENCE;
    }

  if (was_online != flint_contact_is_online (self))
    notify (self, PROP_IS_ONLINE);

  if (take_status_text (self, best != NULL ? best->status : NULL))
    change = FLINT_CONTACT_PRESENCE;

  /* Whoever looks at the picture asks for the new one, as it is told to have changed */
  if (best != NULL && best->avatar_hash != NULL && g_strcmp0 (best->avatar_hash, self->avatar_hash) != 0)
    {
      g_free (self->avatar_hash);
      self->avatar_hash = g_strdup (best->avatar_hash);
      self->avatar_wanted = FALSE;

      if (*self->avatar_hash == '\0')
        g_clear_pointer (&self->avatar, g_bytes_unref);

      notify (self, PROP_AVATAR);
    }

  g_object_thaw_notify (G_OBJECT (self));

  return change;
}

void
flint_contact_set_typing (FlintContact *self,
                          gboolean      is_typing)
{
  if (self->is_typing == is_typing)
    return;

  self->is_typing = is_typing;
  notify (self, PROP_IS_TYPING);
}

void
flint_contact_set_unread (FlintContact *self,
                          guint         unread)
{
  if (self->unread == unread)
    return;

  self->unread = unread;
  notify (self, PROP_UNREAD);
}

gboolean
flint_contact_set_blocked (FlintContact *self,
                           gboolean      is_blocked)
{
  if (self->is_blocked == is_blocked)
    return FALSE;

  self->is_blocked = is_blocked;
  notify (self, PROP_IS_BLOCKED);

  return TRUE;
}

/* A picture counts only while it is the one that was last spoken of */
void
flint_contact_set_avatar (FlintContact *self,
                          const char   *hash,
                          GBytes       *avatar)
{
  if (g_strcmp0 (hash, self->avatar_hash) != 0 || avatar == self->avatar)
    return;

  g_clear_pointer (&self->avatar, g_bytes_unref);
  self->avatar = avatar != NULL ? g_bytes_ref (avatar) : NULL;
  notify (self, PROP_AVATAR);
}

const char *
flint_contact_get_avatar_hash (FlintContact *self)
{
  return self->avatar_hash;
}

gboolean
flint_contact_lingers (FlintContact *self)
{
  return self->lingers;
}

void
flint_contact_set_lingers (FlintContact *self,
                           gboolean      lingers)
{
  self->lingers = lingers;
}

const char *
flint_contact_get_skeleton (FlintContact *self)
{
  if (self->skeleton == NULL)
    self->skeleton = flint_text_skeleton (xmpp_jid_get_bare_text (self->jid));

  return self->skeleton;
}

/* Name, address and groups are lines of one folded text: the line a word is found in, and whether at
 * its start, says how good a match it is.
 */
static const char *
get_folded (FlintContact *self)
{
  GString *all;

  if (self->folded != NULL)
    return self->folded;

  all = g_string_new (NULL);
  g_string_append_printf (all, "%s\n%s\n", self->name, xmpp_jid_get_bare_text (self->jid));

  for (guint i = 0; self->groups[i] != NULL; i++)
    g_string_append_printf (all, "%s ", self->groups[i]);

  self->folded = flint_text_fold (all->str);
  g_string_free (all, TRUE);

  return self->folded;
}

static gboolean
starts_word (const char *text,
             const char *hit)
{
  gunichar before;

  if (hit == text)
    return TRUE;

  before = g_utf8_get_char (g_utf8_prev_char (hit));

  return !g_unichar_isalnum (before);
}

static int
rank_word (const char *folded,
           const char *word)
{
  const char *address = strchr (folded, '\n');
  const char *groups = strchr (address + 1, '\n');

  for (const char *hit = strstr (folded, word); hit != NULL; hit = strstr (hit + 1, word))
    {
      if (hit == folded)
        return 4;

      if (starts_word (folded, hit))
        return hit < address ? 3 : hit < groups ? 2 : 1;
    }

  return 0;
}

/* How well it matches all folded words, each the beginning of a word of ours; 0: not at all */
int
flint_contact_rank (FlintContact       *self,
                    const char * const *words)
{
  const char *folded = get_folded (self);
  int sum = 0;

  for (guint i = 0; words[i] != NULL; i++)
    {
      int rank = *words[i] != '\0' ? rank_word (folded, words[i]) : 1;

      if (rank == 0)
        return 0;

      sum += rank;
    }

  return sum;
}

/**
 * flint_contact_new:
 * @account: whose contact it is; not held
 * @jid: the address, of which the bare part counts
 *
 * Returns: (transfer full): somebody who is not in the list
 */
FlintContact *
flint_contact_new (FlintAccount *account,
                   XmppJid      *jid)
{
  FlintContact *self;

  g_return_val_if_fail (jid != NULL, NULL);

  self = g_object_new (FLINT_TYPE_CONTACT, NULL);
  g_set_weak_pointer (&self->account, account);
  self->jid = xmpp_jid_get_bare (jid);
  self->name = flint_format_address (self->jid);

  return self;
}

/**
 * flint_contact_get_account:
 * @self: a contact
 *
 * Returns: (transfer none) (nullable): whose contact it is; %NULL when that account is gone
 */
FlintAccount *
flint_contact_get_account (FlintContact *self)
{
  g_return_val_if_fail (FLINT_IS_CONTACT (self), NULL);

  return self->account;
}

/**
 * flint_contact_get_jid:
 * @self: a contact
 *
 * Returns: (transfer none): the bare address
 */
XmppJid *
flint_contact_get_jid (FlintContact *self)
{
  g_return_val_if_fail (FLINT_IS_CONTACT (self), NULL);

  return self->jid;
}

/**
 * flint_contact_get_name:
 * @self: a contact
 *
 * Returns: our alias, or the address as a person reads it (XEP-0106)
 */
const char *
flint_contact_get_name (FlintContact *self)
{
  g_return_val_if_fail (FLINT_IS_CONTACT (self), NULL);

  return self->name;
}

/**
 * flint_contact_get_groups:
 * @self: a contact
 *
 * Returns: (transfer none): the groups, "::" between the levels of nested ones
 */
const char * const *
flint_contact_get_groups (FlintContact *self)
{
  g_return_val_if_fail (FLINT_IS_CONTACT (self), NULL);

  return (const char * const *) self->groups;
}

/**
 * flint_contact_is_in_group:
 * @self: a contact
 * @group: a group's full name
 *
 * Returns: whether it is in that very group
 */
gboolean
flint_contact_is_in_group (FlintContact *self,
                           const char   *group)
{
  g_return_val_if_fail (FLINT_IS_CONTACT (self), FALSE);

  return g_strv_contains ((const char * const *) self->groups, group);
}

/**
 * flint_contact_is_listed:
 * @self: a contact
 *
 * Returns: whether it is in the account's list
 */
gboolean
flint_contact_is_listed (FlintContact *self)
{
  g_return_val_if_fail (FLINT_IS_CONTACT (self), FALSE);

  return self->is_listed;
}

/**
 * flint_contact_get_subscription:
 * @self: a contact
 *
 * Returns: who sees whom
 */
XmppSubscription
flint_contact_get_subscription (FlintContact *self)
{
  g_return_val_if_fail (FLINT_IS_CONTACT (self), XMPP_SUBSCRIPTION_NONE);

  return self->subscription;
}

/**
 * flint_contact_is_asked:
 * @self: a contact
 *
 * Returns: whether we have asked to see it and wait
 */
gboolean
flint_contact_is_asked (FlintContact *self)
{
  g_return_val_if_fail (FLINT_IS_CONTACT (self), FALSE);

  return self->is_asked;
}

/**
 * flint_contact_get_show:
 * @self: a contact
 *
 * Returns: how reachable it is, by its best device
 */
XmppShow
flint_contact_get_show (FlintContact *self)
{
  g_return_val_if_fail (FLINT_IS_CONTACT (self), XMPP_SHOW_OFFLINE);

  return self->show;
}

/**
 * flint_contact_is_online:
 * @self: a contact
 *
 * Returns: whether any device of it is online
 */
gboolean
flint_contact_is_online (FlintContact *self)
{
  g_return_val_if_fail (FLINT_IS_CONTACT (self), FALSE);

  return self->show != XMPP_SHOW_OFFLINE;
}

/**
 * flint_contact_get_status_text:
 * @self: a contact
 *
 * Returns: (nullable): its status message, on one line; or why it cannot be seen, where that was said
 */
const char *
flint_contact_get_status_text (FlintContact *self)
{
  g_return_val_if_fail (FLINT_IS_CONTACT (self), NULL);

  return self->status_text;
}

/**
 * flint_contact_get_resources:
 * @self: a contact
 *
 * Returns: (transfer container) (element-type XmppResource): its devices, valid until the main loop runs again
 */
GPtrArray *
flint_contact_get_resources (FlintContact *self)
{
  g_return_val_if_fail (FLINT_IS_CONTACT (self), NULL);

  if (self->account == NULL)
    return g_ptr_array_new ();

  return xmpp_presence_get_resources (flint_account_get_presence (self->account), self->jid);
}

/**
 * flint_contact_get_unread:
 * @self: a contact
 *
 * Returns: how many of its messages nobody has looked at
 */
guint
flint_contact_get_unread (FlintContact *self)
{
  g_return_val_if_fail (FLINT_IS_CONTACT (self), 0);

  return self->unread;
}

/**
 * flint_contact_is_typing:
 * @self: a contact
 *
 * Returns: whether it is writing to us
 */
gboolean
flint_contact_is_typing (FlintContact *self)
{
  g_return_val_if_fail (FLINT_IS_CONTACT (self), FALSE);

  return self->is_typing;
}

/**
 * flint_contact_get_sort_key:
 * @self: a contact
 *
 * Returns: what to compare with strcmp () to sort by name
 */
const char *
flint_contact_get_sort_key (FlintContact *self)
{
  g_autofree char *folded = NULL;

  g_return_val_if_fail (FLINT_IS_CONTACT (self), NULL);

  if (self->sort_key == NULL)
    {
      folded = g_utf8_casefold (self->name, -1);
      self->sort_key = g_utf8_collate_key (folded, -1);
    }

  return self->sort_key;
}

/**
 * flint_contact_matches:
 * @self: a contact
 * @folded_words: words by flint_text_fold (), spaces between them
 *
 * Whether each word begins one of the name, the address or the groups.
 *
 * Returns: whether it is one that is searched for
 */
gboolean
flint_contact_matches (FlintContact *self,
                       const char   *folded_words)
{
  g_auto(GStrv) words = NULL;

  g_return_val_if_fail (FLINT_IS_CONTACT (self), FALSE);
  g_return_val_if_fail (folded_words != NULL, FALSE);

  words = g_strsplit (folded_words, " ", -1);

  return flint_contact_rank (self, (const char * const *) words) > 0;
}
