/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changing the contact list: each change ends when the server has answered; the list itself changes
 * when its push comes, and only then (RFC 6121, 2.1.6).
 */
#include "flint-config.h"

#include "flint-account-private.h"

#include "xmpp-blocking.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define DELIMITER "::"

static GTask *
start_change (FlintAccount        *self,
              gpointer             tag,
              GAsyncReadyCallback  callback,
              gpointer             user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, tag);

  if (flint_account_is_online (self))
    return task;

  g_task_return_new_error (task, XMPP_ERROR, XMPP_ERROR_DISCONNECTED, "%s",
                           _("The contact list can be changed only while you are connected."));
  g_object_unref (task);

  return NULL;
}

static void
end_change (GTask    *task,
            gboolean  is_done,
            GError   *error)
{
  if (is_done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_roster_set (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  gboolean is_done = xmpp_roster_change_finish (XMPP_ROSTER (source), result, &error);

  end_change (task, is_done, error);
}

/* Whom we do not hear ourselves, whatever the server does */
static void
set_blocked_here (FlintAccount *self,
                  const char   *address,
                  gboolean      is_blocked)
{
  g_autoptr(GPtrArray) all = g_ptr_array_new ();
  guint n = g_strv_length (self->settings.blocked);

  /* The oldest goes, where there are too many */
  for (guint i = n < FLINT_MAX_BLOCKED ? 0 : n - FLINT_MAX_BLOCKED + 1; i < n; i++)
    if (!g_str_equal (self->settings.blocked[i], address))
      g_ptr_array_add (all, self->settings.blocked[i]);

  if (is_blocked)
    g_ptr_array_add (all, (gpointer) address);

  g_ptr_array_add (all, NULL);
  g_object_set (self, "blocked", all->pdata, NULL);
}

static gboolean
is_unable (const GError *error)
{
  return g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_SERVICE_UNAVAILABLE) ||
         g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_FEATURE_NOT_IMPLEMENTED);
}

/* A server that cannot block does not keep us from not listening (T140) */
static void
on_blocking_set (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  FlintAccount *self = g_task_get_source_object (task);
  const char *blocked = g_task_get_task_data (task);   /* NULL: it is about unblocking */
  GError *error = NULL;
  gboolean is_done = xmpp_blocking_change_finish (XMPP_BLOCKING (source), result, &error);

  if (!is_done && is_unable (error))
    {
      g_clear_error (&error);
      is_done = TRUE;

      if (blocked != NULL)
        set_blocked_here (self, blocked, TRUE);
    }

  end_change (task, is_done, error);
}

/* Whom to ask, once the entry is made */
typedef struct
{
  XmppJid *jid;
  char    *greeting;
} Addition;

static void
addition_free (gpointer data)
{
  Addition *addition = data;

  xmpp_jid_unref (addition->jid);
  g_free (addition->greeting);
  g_free (addition);
}

static void
on_added (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  FlintAccount *self = g_task_get_source_object (task);
  Addition *addition = g_task_get_task_data (task);
  GError *error = NULL;
  gboolean is_done = xmpp_roster_change_finish (XMPP_ROSTER (source), result, &error);

  if (is_done && self->session != NULL)
    xmpp_presence_subscribe (flint_account_get_presence (self), addition->jid, addition->greeting);

  end_change (task, is_done, error);
}

static const char *
or_null (const char *text)
{
  return text != NULL && *text != '\0' ? text : NULL;
}

/**
 * flint_account_add_contact_async:
 * @self: an account
 * @jid: whom to add; the bare address counts
 * @name: (nullable): an alias
 * @groups: (nullable): in which groups
 * @greeting: (nullable): words to go with the request
 * @callback: called when the server has answered
 * @user_data: for @callback
 *
 * Puts somebody in the list and asks to see when he is online.
 */
void
flint_account_add_contact_async (FlintAccount        *self,
                                 XmppJid             *jid,
                                 const char          *name,
                                 const char * const  *groups,
                                 const char          *greeting,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  static const char * const no_groups[] = { NULL };
  GTask *task;
  Addition *addition;

  g_return_if_fail (FLINT_IS_ACCOUNT (self));
  g_return_if_fail (jid != NULL);

  if (!(task = start_change (self, flint_account_add_contact_async, callback, user_data)))
    return;

  addition = g_new0 (Addition, 1);
  addition->jid = xmpp_jid_get_bare (jid);
  addition->greeting = g_strdup (or_null (greeting));
  g_task_set_task_data (task, addition, addition_free);

  xmpp_roster_set_async (flint_account_get_roster (self), addition->jid, or_null (name), groups != NULL ? groups : no_groups,
                         NULL, on_added, task);
}

/**
 * flint_account_rename_contact_async:
 * @self: an account
 * @contact: one of its contacts
 * @name: (nullable): the new alias; %NULL or "": none
 * @callback: called when the server has answered
 * @user_data: for @callback
 *
 * Gives a contact another name.
 */
void
flint_account_rename_contact_async (FlintAccount        *self,
                                    FlintContact        *contact,
                                    const char          *name,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (FLINT_IS_ACCOUNT (self));
  g_return_if_fail (FLINT_IS_CONTACT (contact));

  if ((task = start_change (self, flint_account_rename_contact_async, callback, user_data)))
    xmpp_roster_set_async (flint_account_get_roster (self), flint_contact_get_jid (contact), or_null (name),
                           flint_contact_get_groups (contact), NULL, on_roster_set, task);
}

/* The alias in the roster: what is shown may be the address */
static const char *
get_alias (FlintAccount *self,
           FlintContact *contact)
{
  const XmppRosterItem *item = xmpp_roster_get_item (flint_account_get_roster (self), flint_contact_get_jid (contact));

  return item != NULL ? item->name : NULL;
}

/**
 * flint_account_set_groups_async:
 * @self: an account
 * @contact: one of its contacts
 * @groups: (nullable): the groups it shall be in
 * @callback: called when the server has answered
 * @user_data: for @callback
 *
 * Moves a contact.
 */
void
flint_account_set_groups_async (FlintAccount        *self,
                                FlintContact        *contact,
                                const char * const  *groups,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  static const char * const no_groups[] = { NULL };
  GTask *task;

  g_return_if_fail (FLINT_IS_ACCOUNT (self));
  g_return_if_fail (FLINT_IS_CONTACT (contact));

  if ((task = start_change (self, flint_account_set_groups_async, callback, user_data)))
    xmpp_roster_set_async (flint_account_get_roster (self), flint_contact_get_jid (contact), get_alias (self, contact),
                           groups != NULL ? groups : no_groups, NULL, on_roster_set, task);
}

/* Contact after contact: a group is no thing of its own on the server */
typedef struct
{
  GPtrArray *contacts;      /* of FlintContact, those still to change at the end */
  char      *group;
  char      *new_name;      /* NULL: the group goes, its contacts stay */
  GError    *error;         /* why the first one that was refused was */
} Renaming;

static void
renaming_free (gpointer data)
{
  Renaming *renaming = data;

  g_ptr_array_unref (renaming->contacts);
  g_free (renaming->group);
  g_free (renaming->new_name);
  g_clear_error (&renaming->error);
  g_free (renaming);
}

/* The group itself, or one inside it */
static gboolean
is_within (const char *group,
           const char *outer)
{
  gsize length = strlen (outer);

  return strncmp (group, outer, length) == 0 && (group[length] == '\0' || g_str_has_prefix (group + length, DELIMITER));
}

static char **
make_new_groups (FlintContact   *contact,
                 const Renaming *renaming)
{
  GPtrArray *groups = g_ptr_array_new ();

  for (const char * const *group = flint_contact_get_groups (contact); *group != NULL; group++)
    {
      if (!is_within (*group, renaming->group))
        g_ptr_array_add (groups, g_strdup (*group));
      else if (renaming->new_name != NULL)
        g_ptr_array_add (groups, g_strconcat (renaming->new_name, *group + strlen (renaming->group), NULL));
    }

  g_ptr_array_add (groups, NULL);

  return (char **) g_ptr_array_free (groups, FALSE);
}

static void change_next (GTask *task);

/* One that is refused does not keep the others: Openfire does so with those of a shared group */
static void
on_one_changed (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  GTask *task = user_data;
  Renaming *renaming = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (!xmpp_roster_change_finish (XMPP_ROSTER (source), result, &error) && renaming->error == NULL)
    renaming->error = g_steal_pointer (&error);

  change_next (task);
}

static void
change_next (GTask *task)
{
  FlintAccount *self = g_task_get_source_object (task);
  Renaming *renaming = g_task_get_task_data (task);
  g_autoptr(FlintContact) contact = NULL;
  g_auto(GStrv) groups = NULL;

  if (renaming->contacts->len == 0 || self->session == NULL)
    {
      GError *error = g_steal_pointer (&renaming->error);

      end_change (task, error == NULL, error);
      g_object_unref (task);
      return;
    }

  contact = g_ptr_array_steal_index (renaming->contacts, renaming->contacts->len - 1);
  groups = make_new_groups (contact, renaming);
  xmpp_roster_set_async (flint_account_get_roster (self), flint_contact_get_jid (contact), get_alias (self, contact),
                         (const char * const *) groups, NULL, on_one_changed, task);
}

/**
 * flint_account_rename_group_async:
 * @self: an account
 * @group: a group's full name
 * @new_name: (nullable): its new full name; %NULL or "": the group goes, its contacts stay
 * @callback: called when the server has answered for the last contact; the error is that of the first that it
 *   refused
 * @user_data: for @callback
 *
 * Renames a group and those inside it.
 */
void
flint_account_rename_group_async (FlintAccount        *self,
                                  const char          *group,
                                  const char          *new_name,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  GListModel *model;
  Renaming *renaming;
  GTask *task;

  g_return_if_fail (FLINT_IS_ACCOUNT (self));
  g_return_if_fail (group != NULL);

  if (!(task = start_change (self, flint_account_rename_group_async, callback, user_data)))
    return;

  renaming = g_new0 (Renaming, 1);
  renaming->contacts = g_ptr_array_new_with_free_func (g_object_unref);
  renaming->group = g_strdup (group);
  renaming->new_name = g_strdup (or_null (new_name));
  g_task_set_task_data (task, renaming, renaming_free);

  model = G_LIST_MODEL (self->contacts);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(FlintContact) contact = g_list_model_get_item (model, i);
      gboolean is_in = FALSE;

      for (const char * const *own = flint_contact_get_groups (contact); *own != NULL && !is_in; own++)
        is_in = is_within (*own, group);

      if (is_in)
        g_ptr_array_add (renaming->contacts, g_steal_pointer (&contact));
    }

  change_next (task);
}

/**
 * flint_account_remove_contact_async:
 * @self: an account
 * @contact: one of its contacts
 * @callback: called when the server has answered
 * @user_data: for @callback
 *
 * Takes somebody from the list; neither sees the other any more.
 */
void
flint_account_remove_contact_async (FlintAccount        *self,
                                    FlintContact        *contact,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (FLINT_IS_ACCOUNT (self));
  g_return_if_fail (FLINT_IS_CONTACT (contact));

  if ((task = start_change (self, flint_account_remove_contact_async, callback, user_data)))
    xmpp_roster_remove_async (flint_account_get_roster (self), flint_contact_get_jid (contact), NULL, on_roster_set, task);
}

/**
 * flint_account_block_async:
 * @self: an account
 * @jid: whom
 * @block: %TRUE to block, %FALSE to unblock
 * @callback: called when the server has answered
 * @user_data: for @callback
 *
 * Has the server keep everything of @jid from us (XEP-0191). Where it cannot, we do not hear @jid ourselves.
 */
void
flint_account_block_async (FlintAccount        *self,
                           XmppJid             *jid,
                           gboolean             block,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  XmppBlocking *blocking;
  GTask *task;

  g_return_if_fail (FLINT_IS_ACCOUNT (self));
  g_return_if_fail (jid != NULL);

  if (!(task = start_change (self, flint_account_block_async, callback, user_data)))
    return;

  blocking = flint_account_get_module (self, XMPP_TYPE_BLOCKING);

  if (block)
    {
      g_task_set_task_data (task, g_strdup (xmpp_jid_get_text (jid)), g_free);
      xmpp_blocking_block_async (blocking, jid, NULL, on_blocking_set, task);
    }
  else
    {
      set_blocked_here (self, xmpp_jid_get_text (jid), FALSE);
      xmpp_blocking_unblock_async (blocking, jid, NULL, on_blocking_set, task);
    }
}

/**
 * flint_account_change_finish:
 * @self: an account
 * @result: what the callback of any of these changes got
 * @error: return location
 *
 * Returns: whether the server has done it
 */
gboolean
flint_account_change_finish (FlintAccount  *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
