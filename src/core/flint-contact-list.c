/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-contact-list-private.h"

#include "flint-account-private.h"
#include "flint-contact-private.h"
#include "flint-text.h"

#include "xmpp-blocking.h"

#include <glib/gi18n-lib.h>

#define LINGER_TIME 5000      /* ms after a login until who did not come back is believed to be away */

struct _FlintContactList
{
  GObject       parent_instance;

  FlintAccount *account;        /* weak: it owns us */
  GPtrArray    *contacts;
  GHashTable   *by_jid;         /* XmppJid → FlintContact, both borrowed from contacts */
  GHashTable   *strangers;      /* XmppJid → FlintContact, weak: who is known but not listed */
  gboolean      is_loaded;
  XmppClock    *clock;
  guint         linger_timer;
};

enum {
  PROP_0,
  PROP_IS_LOADED,
  N_PROPS
};

enum {
  PRESENCE_CHANGED,
  CHANGED,
  UNREAD_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void flint_contact_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FlintContactList, flint_contact_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, flint_contact_list_model_init))

static GType
get_item_type (GListModel *model)
{
  return FLINT_TYPE_CONTACT;
}

static guint
get_n_items (GListModel *model)
{
  return FLINT_CONTACT_LIST (model)->contacts->len;
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  GPtrArray *contacts = FLINT_CONTACT_LIST (model)->contacts;

  return position < contacts->len ? g_object_ref (g_ptr_array_index (contacts, position)) : NULL;
}

static void
flint_contact_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* Strangers: nobody but who shows them holds them */

static void
on_stranger_gone (gpointer  user_data,
                  GObject  *gone)
{
  FlintContactList *self = user_data;
  GHashTableIter iter;
  gpointer contact;

  g_hash_table_iter_init (&iter, self->strangers);

  while (g_hash_table_iter_next (&iter, NULL, &contact))
    if (contact == gone)
      g_hash_table_iter_remove (&iter);
}

static void
add_stranger (FlintContactList *self,
              FlintContact     *contact)
{
  g_hash_table_insert (self->strangers, xmpp_jid_ref (flint_contact_get_jid (contact)), contact);
  g_object_weak_ref (G_OBJECT (contact), on_stranger_gone, self);
}

static FlintContact *
take_stranger (FlintContactList *self,
               const XmppJid    *jid)
{
  FlintContact *contact = g_hash_table_lookup (self->strangers, jid);

  if (contact == NULL)
    return NULL;

  g_object_ref (contact);
  g_object_weak_unref (G_OBJECT (contact), on_stranger_gone, self);
  g_hash_table_remove (self->strangers, jid);

  return contact;
}

/* Presence and blocking, as the session's modules have them now */
static FlintContactChange
update_presence (FlintContactList *self,
                 FlintContact     *contact)
{
  XmppJid *jid = flint_contact_get_jid (contact);

  if (self->account == NULL)
    return FLINT_CONTACT_SAME;

  flint_contact_set_blocked (contact, xmpp_blocking_is_blocked (flint_account_get_module (self->account, XMPP_TYPE_BLOCKING), jid));

  return flint_contact_set_presence (contact, xmpp_presence_get_best (flint_account_get_presence (self->account), jid));
}

static FlintContact *
make_contact (FlintContactList     *self,
              const XmppRosterItem *item)
{
  FlintContact *contact = take_stranger (self, item->jid);

  if (contact == NULL)
    contact = flint_contact_new (self->account, item->jid);

  flint_contact_set_item (contact, item);
  update_presence (self, contact);

  return contact;
}

static void
append (FlintContactList *self,
        FlintContact     *contact)
{
  g_ptr_array_add (self->contacts, contact);
  g_hash_table_insert (self->by_jid, flint_contact_get_jid (contact), contact);
}

/* From the list to the strangers: somebody may still show it */
static void
drop (FlintContactList *self,
      FlintContact     *contact)
{
  g_hash_table_remove (self->by_jid, flint_contact_get_jid (contact));
  flint_contact_set_item (contact, NULL);
  flint_contact_set_lingers (contact, FALSE);
  add_stranger (self, contact);
}

static void
on_loaded (XmppRoster       *roster,
           FlintContactList *self)
{
  flint_contact_list_sync (self);

  if (!self->is_loaded)
    {
      self->is_loaded = TRUE;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_LOADED]);
    }
}

static void
on_changed (XmppRoster           *roster,
            const XmppRosterItem *item,
            FlintContactList     *self)
{
  FlintContact *contact = g_hash_table_lookup (self->by_jid, item->jid);

  if (contact == NULL)
    {
      contact = make_contact (self, item);
      append (self, contact);
      g_list_model_items_changed (G_LIST_MODEL (self), self->contacts->len - 1, 0, 1);
    }
  else if (flint_contact_set_item (contact, item) != FLINT_CONTACT_SAME)
    {
      g_signal_emit (self, signals[CHANGED], 0, contact);
    }
}

static void
on_removed (XmppRoster       *roster,
            XmppJid          *jid,
            FlintContactList *self)
{
  FlintContact *contact = g_hash_table_lookup (self->by_jid, jid);
  g_autoptr(FlintContact) kept = NULL;
  guint position;

  if (contact == NULL || !g_ptr_array_find (self->contacts, contact, &position))
    return;

  kept = g_object_ref (contact);
  drop (self, contact);
  g_ptr_array_remove_index (self->contacts, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

static void
on_presence_changed (XmppPresence     *presence,
                     XmppJid          *bare,
                     FlintContactList *self)
{
  FlintContact *contact = flint_contact_list_find_any (self, bare);

  if (contact == NULL || self->account == NULL)
    return;

  /* Who goes because our connection went stays in sight */
  flint_contact_set_lingers (contact, !xmpp_session_is_online (flint_account_get_session (self->account)) &&
                                      (flint_contact_is_online (contact) || flint_contact_lingers (contact)));
  update_presence (self, contact);

  /* Another device of a contact may have changed though the best one did not */
  g_signal_emit (self, signals[PRESENCE_CHANGED], 0, contact);
}

static void
say_absence (FlintContactList *self,
             FlintContact     *contact,
             const char       *why)
{
  if (flint_contact_set_absence (contact, why) != FLINT_CONTACT_SAME)
    g_signal_emit (self, signals[PRESENCE_CHANGED], 0, contact);
}

/* The other server cannot be reached, or does not know the address */
static void
on_presence_error (XmppPresence     *presence,
                   XmppJid          *from,
                   const GError     *error,
                   FlintContactList *self)
{
  FlintContact *contact = flint_contact_list_find (self, from);

  if (contact != NULL && error != NULL)
    say_absence (self, contact, error->message);
}

/* The roster's push may have come before it (ejabberd) or come after (RFC 6121, 3.2.2): that we had asked is not
 * to be read there. Whom we saw until now has declined nothing.
 */
static void
on_answered (XmppPresence     *presence,
             XmppJid          *bare,
             gboolean          is_accepted,
             FlintContactList *self)
{
  FlintContact *contact = flint_contact_list_find (self, bare);
  XmppSubscription subscription = contact != NULL ? flint_contact_get_subscription (contact) : XMPP_SUBSCRIPTION_BOTH;

  if (!is_accepted && (subscription == XMPP_SUBSCRIPTION_NONE || subscription == XMPP_SUBSCRIPTION_FROM))
    say_absence (self, contact, _("Declined your request"));
}

static void
on_blocking_changed (XmppBlocking     *blocking,
                     FlintContactList *self)
{
  GHashTableIter iter;
  gpointer contact;

  for (guint i = 0; i < self->contacts->len; i++)
    {
      FlintContact *listed = g_ptr_array_index (self->contacts, i);

      if (flint_contact_set_blocked (listed, xmpp_blocking_is_blocked (blocking, flint_contact_get_jid (listed))))
        g_signal_emit (self, signals[CHANGED], 0, listed);
    }

  g_hash_table_iter_init (&iter, self->strangers);

  while (g_hash_table_iter_next (&iter, NULL, &contact))
    flint_contact_set_blocked (contact, xmpp_blocking_is_blocked (blocking, flint_contact_get_jid (contact)));
}

static gboolean
on_linger_timeout (gpointer user_data)
{
  FlintContactList *self = user_data;

  self->linger_timer = 0;

  for (guint i = 0; i < self->contacts->len; i++)
    {
      FlintContact *contact = g_ptr_array_index (self->contacts, i);

      if (!flint_contact_lingers (contact))
        continue;

      flint_contact_set_lingers (contact, FALSE);
      g_signal_emit (self, signals[PRESENCE_CHANGED], 0, contact);
    }

  return G_SOURCE_REMOVE;
}

static void
stop_linger_timer (FlintContactList *self)
{
  if (self->linger_timer != 0)
    xmpp_clock_remove (self->clock, self->linger_timer);

  self->linger_timer = 0;
}

static void
flint_contact_list_dispose (GObject *object)
{
  FlintContactList *self = FLINT_CONTACT_LIST (object);
  GHashTableIter iter;
  gpointer contact;

  if (self->clock != NULL)
    stop_linger_timer (self);

  g_hash_table_iter_init (&iter, self->strangers);

  while (g_hash_table_iter_next (&iter, NULL, &contact))
    {
      g_object_weak_unref (contact, on_stranger_gone, self);
      g_hash_table_iter_remove (&iter);
    }

  g_clear_weak_pointer (&self->account);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (flint_contact_list_parent_class)->dispose (object);
}

static void
flint_contact_list_finalize (GObject *object)
{
  FlintContactList *self = FLINT_CONTACT_LIST (object);

  g_hash_table_unref (self->strangers);
  g_hash_table_unref (self->by_jid);
  g_ptr_array_unref (self->contacts);

  G_OBJECT_CLASS (flint_contact_list_parent_class)->finalize (object);
}

static void
flint_contact_list_get_property (GObject    *object,
                                 guint       id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_IS_LOADED:
      g_value_set_boolean (value, FLINT_CONTACT_LIST (object)->is_loaded);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
flint_contact_list_class_init (FlintContactListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = flint_contact_list_dispose;
  object_class->finalize = flint_contact_list_finalize;
  object_class->get_property = flint_contact_list_get_property;

  properties[PROP_IS_LOADED] = g_param_spec_boolean ("is-loaded", NULL, NULL, FALSE,
                                                     G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /* A contact, listed or not, or one of its devices, came, went or says something else */
  signals[PRESENCE_CHANGED] = g_signal_new ("presence-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 1, FLINT_TYPE_CONTACT);
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 1, FLINT_TYPE_CONTACT);
  signals[UNREAD_CHANGED] = g_signal_new ("unread-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, FLINT_TYPE_CONTACT);
}

static void
flint_contact_list_init (FlintContactList *self)
{
  self->contacts = g_ptr_array_new_with_free_func (g_object_unref);
  self->by_jid = g_hash_table_new (xmpp_jid_hash, xmpp_jid_equal);
  self->strangers = g_hash_table_new_full (xmpp_jid_hash, xmpp_jid_equal, (GDestroyNotify) xmpp_jid_unref, NULL);
}

FlintContact *
flint_contact_list_find_any (FlintContactList *self,
                             const XmppJid    *jid)
{
  FlintContact *contact = flint_contact_list_find (self, jid);
  g_autoptr(XmppJid) bare = NULL;

  if (contact != NULL)
    return contact;

  bare = xmpp_jid_get_bare ((XmppJid *) jid);

  return g_hash_table_lookup (self->strangers, bare);
}

/* (transfer full) */
FlintContact *
flint_contact_list_ensure (FlintContactList *self,
                           XmppJid          *jid)
{
  FlintContact *contact = flint_contact_list_find_any (self, jid);

  if (contact != NULL)
    return g_object_ref (contact);

  contact = flint_contact_new (self->account, jid);
  update_presence (self, contact);
  add_stranger (self, contact);

  return contact;
}

/* Another one in the list whose address is easily taken for this one (T055) */
FlintContact *
flint_contact_list_find_alike (FlintContactList *self,
                               const XmppJid    *jid)
{
  g_autofree char *skeleton = flint_text_skeleton (xmpp_jid_get_bare_text (jid));

  for (guint i = 0; i < self->contacts->len; i++)
    {
      FlintContact *contact = g_ptr_array_index (self->contacts, i);

      if (g_str_equal (flint_contact_get_skeleton (contact), skeleton) &&
          !xmpp_jid_equal_bare (flint_contact_get_jid (contact), jid))
        return contact;
    }

  return NULL;
}

/* The whole roster, in one change of the model */
void
flint_contact_list_sync (FlintContactList *self)
{
  g_autoptr(GPtrArray) items = NULL;
  g_autoptr(GPtrArray) old = NULL;
  g_autoptr(GPtrArray) same = g_ptr_array_new ();
  gboolean is_new = FALSE;
  guint n_kept = 0;

  if (self->account == NULL)
    return;

  items = xmpp_roster_get_items (flint_account_get_roster (self->account));

  for (guint i = 0; i < items->len; i++)
    {
      const XmppRosterItem *item = g_ptr_array_index (items, i);
      FlintContact *contact = g_hash_table_lookup (self->by_jid, item->jid);

      if (contact == NULL)
        {
          is_new = TRUE;
          continue;
        }

      n_kept++;

      if (flint_contact_set_item (contact, item) != FLINT_CONTACT_SAME)
        g_ptr_array_add (same, contact);
    }

  /* Nobody came or went: a login with a list that was known */
  if (!is_new && n_kept == self->contacts->len)
    {
      for (guint i = 0; i < same->len; i++)
        g_signal_emit (self, signals[CHANGED], 0, g_ptr_array_index (same, i));

      return;
    }

  old = g_steal_pointer (&self->contacts);
  self->contacts = g_ptr_array_new_full (items->len, g_object_unref);

  for (guint i = 0; i < items->len; i++)
    {
      const XmppRosterItem *item = g_ptr_array_index (items, i);
      FlintContact *contact = g_hash_table_lookup (self->by_jid, item->jid);

      g_ptr_array_add (self->contacts, contact != NULL ? g_object_ref (contact) : make_contact (self, item));
    }

  g_hash_table_remove_all (self->by_jid);

  for (guint i = 0; i < self->contacts->len; i++)
    {
      FlintContact *contact = g_ptr_array_index (self->contacts, i);

      g_hash_table_insert (self->by_jid, flint_contact_get_jid (contact), contact);
    }

  for (guint i = 0; i < old->len; i++)
    {
      FlintContact *contact = g_ptr_array_index (old, i);

      if (!g_hash_table_contains (self->by_jid, flint_contact_get_jid (contact)))
        drop (self, contact);
    }

  g_list_model_items_changed (G_LIST_MODEL (self), 0, old->len, self->contacts->len);
}

/* Those who were here when the connection was lost have a while to come back */
void
flint_contact_list_set_online (FlintContactList *self,
                               gboolean          is_online)
{
  stop_linger_timer (self);

  if (is_online)
    self->linger_timer = xmpp_clock_add (self->clock, LINGER_TIME, on_linger_timeout, self);
}

/* So that the tree counts anew, and does not hide who has written */
void
flint_contact_list_set_unread (FlintContactList *self,
                               FlintContact     *contact,
                               guint             unread)
{
  if (flint_contact_get_unread (contact) == unread)
    return;

  flint_contact_set_unread (contact, unread);
  g_signal_emit (self, signals[UNREAD_CHANGED], 0, contact);
}

/**
 * flint_contact_list_new:
 * @account: whose list it is; not held
 *
 * Returns: (transfer full): a list that follows the roster of @account
 */
FlintContactList *
flint_contact_list_new (FlintAccount *account)
{
  FlintContactList *self;

  g_return_val_if_fail (FLINT_IS_ACCOUNT (account), NULL);

  self = g_object_new (FLINT_TYPE_CONTACT_LIST, NULL);
  g_set_weak_pointer (&self->account, account);
  self->clock = g_object_ref (flint_account_get_clock (account));

  g_signal_connect_object (flint_account_get_roster (account), "loaded", G_CALLBACK (on_loaded), self, 0);
  g_signal_connect_object (flint_account_get_roster (account), "changed", G_CALLBACK (on_changed), self, 0);
  g_signal_connect_object (flint_account_get_roster (account), "removed", G_CALLBACK (on_removed), self, 0);
  g_signal_connect_object (flint_account_get_presence (account), "changed", G_CALLBACK (on_presence_changed), self, 0);
  g_signal_connect_object (flint_account_get_presence (account), "error", G_CALLBACK (on_presence_error), self, 0);
  g_signal_connect_object (flint_account_get_presence (account), "answered", G_CALLBACK (on_answered), self, 0);
  g_signal_connect_object (flint_account_get_module (account, XMPP_TYPE_BLOCKING), "changed",
                           G_CALLBACK (on_blocking_changed), self, 0);

  return self;
}

/**
 * flint_contact_list_find:
 * @self: a contact list
 * @jid: an address, of which the bare part counts
 *
 * Returns: (transfer none) (nullable): the listed contact with this address
 */
FlintContact *
flint_contact_list_find (FlintContactList *self,
                         const XmppJid    *jid)
{
  g_autoptr(XmppJid) bare = NULL;

  g_return_val_if_fail (FLINT_IS_CONTACT_LIST (self), NULL);
  g_return_val_if_fail (jid != NULL, NULL);

  if (xmpp_jid_is_bare (jid))
    return g_hash_table_lookup (self->by_jid, jid);

  bare = xmpp_jid_get_bare ((XmppJid *) jid);

  return g_hash_table_lookup (self->by_jid, bare);
}

static int
compare_groups (gconstpointer a,
                gconstpointer b)
{
  return g_utf8_collate (*(const char * const *) a, *(const char * const *) b);
}

/**
 * flint_contact_list_get_groups:
 * @self: a contact list
 *
 * Returns: (transfer full): the names of all groups, sorted
 */
char **
flint_contact_list_get_groups (FlintContactList *self)
{
  g_autoptr(GHashTable) seen = NULL;
  GPtrArray *groups;

  g_return_val_if_fail (FLINT_IS_CONTACT_LIST (self), NULL);

  seen = g_hash_table_new (g_str_hash, g_str_equal);
  groups = g_ptr_array_new ();

  for (guint i = 0; i < self->contacts->len; i++)
    for (const char * const *group = flint_contact_get_groups (g_ptr_array_index (self->contacts, i)); *group != NULL; group++)
      if (g_hash_table_add (seen, (gpointer) *group))
        g_ptr_array_add (groups, g_strdup (*group));

  g_ptr_array_sort (groups, compare_groups);
  g_ptr_array_add (groups, NULL);

  return (char **) g_ptr_array_free (groups, FALSE);
}

/**
 * flint_contact_list_is_loaded:
 * @self: a contact list
 *
 * Returns: whether the server has given the whole list since the program started
 */
gboolean
flint_contact_list_is_loaded (FlintContactList *self)
{
  g_return_val_if_fail (FLINT_IS_CONTACT_LIST (self), FALSE);

  return self->is_loaded;
}
