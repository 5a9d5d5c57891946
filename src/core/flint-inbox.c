/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-inbox.h"

#include <string.h>

#define MAX_ITEMS 1000
#define MAX_BYTES (32 * 1024 * 1024)   /* of the text of all of them */

struct _FlintInbox
{
  GObject             parent_instance;

  GListStore         *items;
  FlintInboxBodyFunc  get_body;
  guint               unread;
};

enum {
  PROP_0,
  PROP_UNREAD,
  N_PROPS
};

enum {
  ADDED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlintInbox, flint_inbox, G_TYPE_OBJECT)

static void
count_unread (FlintInbox *self)
{
  GListModel *items = G_LIST_MODEL (self->items);
  guint unread = 0;

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr(GObject) item = g_list_model_get_item (items, i);
      gboolean is_unread;

      g_object_get (item, "is-unread", &is_unread, NULL);
      unread += is_unread ? 1 : 0;
    }

  if (self->unread == unread)
    return;

  self->unread = unread;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNREAD]);
}

/* The oldest go, where there are too many or they are too large; the first one stays */
static void
trim (FlintInbox *self)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->items));
  gsize bytes = 0;
  guint n;

  for (n = 0; n < MIN (n_items, MAX_ITEMS); n++)
    {
      g_autoptr(GObject) item = g_list_model_get_item (G_LIST_MODEL (self->items), n);

      bytes += strlen (self->get_body (item));

      if (n > 0 && bytes > MAX_BYTES)
        break;
    }

  if (n < n_items)
    g_list_store_splice (self->items, n, n_items - n, NULL, 0);
}

static void
flint_inbox_finalize (GObject *object)
{
  g_clear_object (&FLINT_INBOX (object)->items);

  G_OBJECT_CLASS (flint_inbox_parent_class)->finalize (object);
}

static void
flint_inbox_get_property (GObject    *object,
                          guint       id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_UNREAD:
      g_value_set_uint (value, FLINT_INBOX (object)->unread);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
flint_inbox_class_init (FlintInboxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = flint_inbox_finalize;
  object_class->get_property = flint_inbox_get_property;

  properties[PROP_UNREAD] = g_param_spec_uint ("unread", NULL, NULL, 0, G_MAXUINT, 0,
                                               G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[ADDED] = g_signal_new ("added", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_OBJECT);
}

static void
flint_inbox_init (FlintInbox *self)
{
}

/**
 * flint_inbox_new:
 * @item_type: of what
 * @get_body: the text of one of them, which is what weighs
 *
 * Returns: (transfer full): an empty one
 */
FlintInbox *
flint_inbox_new (GType              item_type,
                 FlintInboxBodyFunc get_body)
{
  FlintInbox *self;

  g_return_val_if_fail (get_body != NULL, NULL);

  self = g_object_new (FLINT_TYPE_INBOX, NULL);
  self->items = g_list_store_new (item_type);
  self->get_body = get_body;

  return self;
}

/**
 * flint_inbox_get_items:
 * @self: an inbox
 *
 * Returns: (transfer none): what is in it, the latest first
 */
GListModel *
flint_inbox_get_items (FlintInbox *self)
{
  g_return_val_if_fail (FLINT_IS_INBOX (self), NULL);

  return G_LIST_MODEL (self->items);
}

/**
 * flint_inbox_get_unread:
 * @self: an inbox
 *
 * Returns: how many in it nobody has looked at
 */
guint
flint_inbox_get_unread (FlintInbox *self)
{
  g_return_val_if_fail (FLINT_IS_INBOX (self), 0);

  return self->unread;
}

/**
 * flint_inbox_add:
 * @self: an inbox
 * @item: one that has come, or that was sent
 *
 * Puts it before the others, and tells.
 */
void
flint_inbox_add (FlintInbox *self,
                 gpointer    item)
{
  g_return_if_fail (FLINT_IS_INBOX (self));
  g_return_if_fail (G_IS_OBJECT (item));

  g_signal_connect_object (item, "notify::is-unread", G_CALLBACK (count_unread), self, G_CONNECT_SWAPPED);
  g_list_store_insert (self->items, 0, item);
  trim (self);
  count_unread (self);
  g_signal_emit (self, signals[ADDED], 0, item);
}

/**
 * flint_inbox_restore:
 * @self: an inbox
 * @item: one that came before the program was started, older than all that are in it
 *
 * Puts it behind the others. It is no news.
 */
void
flint_inbox_restore (FlintInbox *self,
                     gpointer    item)
{
  g_return_if_fail (FLINT_IS_INBOX (self));
  g_return_if_fail (G_IS_OBJECT (item));

  g_signal_connect_object (item, "notify::is-unread", G_CALLBACK (count_unread), self, G_CONNECT_SWAPPED);
  g_list_store_append (self->items, item);
  trim (self);
  count_unread (self);
}

/**
 * flint_inbox_remove:
 * @self: an inbox
 * @item: one of them
 *
 * Throws it away.
 */
void
flint_inbox_remove (FlintInbox *self,
                    gpointer    item)
{
  guint position;

  g_return_if_fail (FLINT_IS_INBOX (self));

  if (!g_list_store_find (self->items, item, &position))
    return;

  g_signal_handlers_disconnect_by_data (item, self);
  g_list_store_remove (self->items, position);
  count_unread (self);
}

/**
 * flint_inbox_remove_account:
 * @self: an inbox
 * @account: an account that goes
 *
 * Throws away all of that account.
 */
void
flint_inbox_remove_account (FlintInbox   *self,
                            FlintAccount *account)
{
  g_return_if_fail (FLINT_IS_INBOX (self));

  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->items)); i > 0; i--)
    {
      g_autoptr(GObject) item = g_list_model_get_item (G_LIST_MODEL (self->items), i - 1);
      g_autoptr(FlintAccount) owner = NULL;

      g_object_get (item, "account", &owner, NULL);

      if (owner == account)
        g_list_store_remove (self->items, i - 1);
    }

  count_unread (self);
}
