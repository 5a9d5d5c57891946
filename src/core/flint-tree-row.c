/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-tree-row-private.h"

struct _FlintTreeRow
{
  GObject        parent_instance;

  FlintTreeKind  kind;
  guint          n_shown;       /* in how many places of the tree: while it moves, it may be in two */
  FlintAccount  *account;
  FlintContact  *contact;       /* NULL for a heading */
  char          *group;         /* NULL for an account, and for the group of those who are offline */

  char          *title;
  guint          depth;
  guint          online;
  guint          total;
  guint          unread;
  gboolean       is_expanded;
  guint          place;
};

enum {
  PROP_0,
  PROP_KIND,
  PROP_DEPTH,
  PROP_ACCOUNT,
  PROP_GROUP,
  PROP_TITLE,
  PROP_CONTACT,
  PROP_ONLINE,
  PROP_TOTAL,
  PROP_IS_EXPANDED,
  PROP_UNREAD,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (FlintTreeRow, flint_tree_row, G_TYPE_OBJECT)

static void
flint_tree_row_finalize (GObject *object)
{
  FlintTreeRow *self = FLINT_TREE_ROW (object);

  g_clear_object (&self->account);
  g_clear_object (&self->contact);
  g_free (self->group);
  g_free (self->title);

  G_OBJECT_CLASS (flint_tree_row_parent_class)->finalize (object);
}

static void
flint_tree_row_get_property (GObject    *object,
                             guint       id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  FlintTreeRow *self = FLINT_TREE_ROW (object);

  switch (id)
    {
    case PROP_KIND:
      g_value_set_int (value, self->kind);
      break;

    case PROP_DEPTH:
      g_value_set_uint (value, self->depth);
      break;

    case PROP_ACCOUNT:
      g_value_set_object (value, self->account);
      break;

    case PROP_GROUP:
      g_value_set_string (value, self->group);
      break;

    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;

    case PROP_CONTACT:
      g_value_set_object (value, self->contact);
      break;

    case PROP_ONLINE:
      g_value_set_uint (value, self->online);
      break;

    case PROP_TOTAL:
      g_value_set_uint (value, self->total);
      break;

    case PROP_IS_EXPANDED:
      g_value_set_boolean (value, self->is_expanded);
      break;

    case PROP_UNREAD:
      g_value_set_uint (value, self->unread);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
flint_tree_row_class_init (FlintTreeRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = flint_tree_row_finalize;
  object_class->get_property = flint_tree_row_get_property;

  properties[PROP_KIND] = g_param_spec_int ("kind", NULL, NULL, FLINT_TREE_ACCOUNT, FLINT_TREE_CONTACT, FLINT_TREE_CONTACT, flags);
  properties[PROP_DEPTH] = g_param_spec_uint ("depth", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_ACCOUNT] = g_param_spec_object ("account", NULL, NULL, FLINT_TYPE_ACCOUNT, flags);
  properties[PROP_GROUP] = g_param_spec_string ("group", NULL, NULL, NULL, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_CONTACT] = g_param_spec_object ("contact", NULL, NULL, FLINT_TYPE_CONTACT, flags);
  properties[PROP_ONLINE] = g_param_spec_uint ("online", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_TOTAL] = g_param_spec_uint ("total", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_IS_EXPANDED] = g_param_spec_boolean ("is-expanded", NULL, NULL, FALSE, flags);
  properties[PROP_UNREAD] = g_param_spec_uint ("unread", NULL, NULL, 0, G_MAXUINT, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
flint_tree_row_init (FlintTreeRow *self)
{
  self->place = G_MAXUINT;
}

FlintTreeRow *
flint_tree_row_new (FlintTreeKind  kind,
                    FlintAccount  *account,
                    const char    *group,
                    FlintContact  *contact)
{
  FlintTreeRow *self = g_object_new (FLINT_TYPE_TREE_ROW, NULL);

  self->kind = kind;
  self->account = g_object_ref (account);
  self->group = g_strdup (group);
  self->contact = contact != NULL ? g_object_ref (contact) : NULL;

  return self;
}

static void
set_uint (FlintTreeRow *self,
          guint        *field,
          guint         number,
          guint         id)
{
  if (*field == number)
    return;

  *field = number;
  g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

/* title: NULL for a contact, which has its own */
void
flint_tree_row_update (FlintTreeRow *self,
                       guint         depth,
                       const char   *title,
                       gboolean      is_expanded)
{
  set_uint (self, &self->depth, depth, PROP_DEPTH);

  if (g_strcmp0 (title, self->title) != 0)
    {
      g_free (self->title);
      self->title = g_strdup (title);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
    }

  if (self->is_expanded != is_expanded)
    {
      self->is_expanded = is_expanded;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_EXPANDED]);
    }
}

void
flint_tree_row_count (FlintTreeRow *self,
                      guint         online,
                      guint         total,
                      guint         unread)
{
  set_uint (self, &self->online, online, PROP_ONLINE);
  set_uint (self, &self->total, total, PROP_TOTAL);
  set_uint (self, &self->unread, unread, PROP_UNREAD);
}

guint
flint_tree_row_get_place (FlintTreeRow *self)
{
  return self->place;
}

void
flint_tree_row_set_place (FlintTreeRow *self,
                          guint         place)
{
  self->place = place;
}

void
flint_tree_row_add_shown (FlintTreeRow *self,
                          int           n)
{
  self->n_shown += n;
}

/**
 * flint_tree_row_is_shown:
 * @self: a row
 *
 * Returns: whether the tree has it now. Asked while the tree tells of its changes, it may be %FALSE for one that moves.
 */
gboolean
flint_tree_row_is_shown (FlintTreeRow *self)
{
  g_return_val_if_fail (FLINT_IS_TREE_ROW (self), FALSE);

  return self->n_shown > 0;
}

/**
 * flint_tree_row_get_kind:
 * @self: a row
 *
 * Returns: what it stands for
 */
FlintTreeKind
flint_tree_row_get_kind (FlintTreeRow *self)
{
  g_return_val_if_fail (FLINT_IS_TREE_ROW (self), FLINT_TREE_CONTACT);

  return self->kind;
}

/**
 * flint_tree_row_get_depth:
 * @self: a row
 *
 * Returns: how many levels it is inside
 */
guint
flint_tree_row_get_depth (FlintTreeRow *self)
{
  g_return_val_if_fail (FLINT_IS_TREE_ROW (self), 0);

  return self->depth;
}

/**
 * flint_tree_row_get_account:
 * @self: a row
 *
 * Returns: (transfer none): the account that it belongs to
 */
FlintAccount *
flint_tree_row_get_account (FlintTreeRow *self)
{
  g_return_val_if_fail (FLINT_IS_TREE_ROW (self), NULL);

  return self->account;
}

/**
 * flint_tree_row_get_group:
 * @self: a row
 *
 * Returns: (nullable): the full name of the group that it is or is in; "" for those without a group; %NULL
 *   for an account, while searching, and in the group of those who are offline: what is no group on the server
 */
const char *
flint_tree_row_get_group (FlintTreeRow *self)
{
  g_return_val_if_fail (FLINT_IS_TREE_ROW (self), NULL);

  return self->group;
}

/**
 * flint_tree_row_get_contact:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): the contact; %NULL for a heading
 */
FlintContact *
flint_tree_row_get_contact (FlintTreeRow *self)
{
  g_return_val_if_fail (FLINT_IS_TREE_ROW (self), NULL);

  return self->contact;
}

/**
 * flint_tree_row_is_expanded:
 * @self: a row
 *
 * Returns: whether what is in it is shown
 */
gboolean
flint_tree_row_is_expanded (FlintTreeRow *self)
{
  g_return_val_if_fail (FLINT_IS_TREE_ROW (self), FALSE);

  return self->is_expanded;
}
