/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-contact-changes.h"

#include <glib/gi18n.h>

#define MAX_UNANSWERED 32      /* a server that limits how fast one may talk shall not think of a flood */

typedef struct
{
  FlintContact  *contact;
  char         **groups;        /* NULL: it goes */
} Change;

struct _FlintContactChanges
{
  FlintApplication *application;
  FlintContactTree *tree;
  GPtrArray        *changes;     /* of Change */
  guint             n_sent;
  guint             n_answered;
  guint             n_failed;
  GError           *error;       /* why the first one that was refused was */
};

static void
change_free (gpointer data)
{
  Change *change = data;

  g_object_unref (change->contact);
  g_strfreev (change->groups);
  g_free (change);
}

/**
 * flint_contact_changes_new:
 *
 * Returns: (transfer full): to be filled, and given to flint_contact_changes_send ()
 */
FlintContactChanges *
flint_contact_changes_new (FlintApplication *application)
{
  FlintContactChanges *self = g_new0 (FlintContactChanges, 1);

  self->application = g_object_ref (application);
  self->tree = g_object_ref (flint_core_get_tree (flint_application_get_core (application)));
  self->changes = g_ptr_array_new_with_free_func (change_free);

  return self;
}

static void
add (FlintContactChanges *self,
     FlintContact        *contact,
     const char * const  *groups)
{
  Change *change = g_new0 (Change, 1);

  change->contact = g_object_ref (contact);
  change->groups = g_strdupv ((char **) groups);
  g_ptr_array_add (self->changes, change);
}

static gboolean
is_same_set (const char * const *a,
             const char * const *b)
{
  if (g_strv_length ((char **) a) != g_strv_length ((char **) b))
    return FALSE;

  for (; *a != NULL; a++)
    if (!g_strv_contains (b, *a))
      return FALSE;

  return TRUE;
}

/**
 * flint_contact_changes_set_groups:
 * @groups: the groups that the contact shall be in; nothing is done if it is in these
 */
void
flint_contact_changes_set_groups (FlintContactChanges *self,
                                  FlintContact        *contact,
                                  const char * const  *groups)
{
  if (!is_same_set (groups, flint_contact_get_groups (contact)))
    add (self, contact, groups);
}

/**
 * flint_contact_changes_remove:
 * @contact: who goes from the list
 */
void
flint_contact_changes_remove (FlintContactChanges *self,
                              FlintContact        *contact)
{
  add (self, contact, NULL);
}

static void
end (FlintContactChanges *self)
{
  flint_contact_tree_end_changes (self->tree);

  if (self->n_failed == 1)
    {
      flint_application_toast (self->application, self->error->message);
    }
  else if (self->n_failed > 1)
    {
      /* Translators: %u is two or more; then comes why, a sentence */
      g_autofree char *text = g_strdup_printf (ngettext ("%u contact could not be changed. %s", "%u contacts could not be changed. %s",
                                                         self->n_failed), self->n_failed, self->error->message);

      flint_application_toast (self->application, text);
    }

  g_clear_error (&self->error);
  g_ptr_array_unref (self->changes);
  g_object_unref (self->tree);
  g_object_unref (self->application);
  g_free (self);
}

static void send_more (FlintContactChanges *self);

static void
on_answer (GObject      *account,
           GAsyncResult *result,
           gpointer      user_data)
{
  FlintContactChanges *self = user_data;
  g_autoptr(GError) error = NULL;

  self->n_answered++;
  if (!flint_account_change_finish (FLINT_ACCOUNT (account), result, &error))
    {
      self->n_failed++;
      if (self->error == NULL)
        self->error = g_steal_pointer (&error);
    }

  send_more (self);
}

static void
send_more (FlintContactChanges *self)
{
  while (self->n_sent < self->changes->len && self->n_sent - self->n_answered < MAX_UNANSWERED)
    {
      Change *change = g_ptr_array_index (self->changes, self->n_sent++);
      FlintAccount *account = flint_contact_get_account (change->contact);

      /* Whoever was removed meanwhile would be added again */
      if (account == NULL || !flint_contact_is_listed (change->contact))
        self->n_answered++;
      else if (change->groups != NULL)
        flint_account_set_groups_async (account, change->contact, (const char * const *) change->groups, on_answer, self);
      else
        flint_account_remove_contact_async (account, change->contact, on_answer, self);
    }

  if (self->n_answered == self->changes->len)
    end (self);
}

/**
 * flint_contact_changes_send:
 * @self: (transfer full): what to change
 */
void
flint_contact_changes_send (FlintContactChanges *self)
{
  flint_contact_tree_begin_changes (self->tree);
  send_more (self);
}
