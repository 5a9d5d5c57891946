/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-request-list.h"

#include "flint-account-private.h"
#include "flint-request-private.h"

#define MAX_REQUESTS 50

struct _FlintRequestList
{
  GObject     parent_instance;

  GListStore *items;         /* the latest first */
  GPtrArray  *accounts;      /* of FlintAccount: those that are followed */
};

enum {
  RECEIVED,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlintRequestList, flint_request_list, G_TYPE_OBJECT)

static FlintAccount *
find_account (FlintRequestList *self,
              gpointer          module)
{
  return flint_account_find_in (self->accounts, xmpp_module_get_session (XMPP_MODULE (module)));
}

static FlintRequest *
find_request (FlintRequestList *self,
              FlintAccount     *account,
              const XmppJid    *jid)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->items)); i++)
    {
      g_autoptr(FlintRequest) request = g_list_model_get_item (G_LIST_MODEL (self->items), i);

      if (flint_request_get_account (request) == account && xmpp_jid_equal_bare (flint_request_get_jid (request), jid))
        return request;   /* the list holds it */
    }

  return NULL;
}

static void
remove_request (FlintRequestList *self,
                FlintRequest     *request)
{
  guint position;

  if (request != NULL && g_list_store_find (self->items, request, &position))
    g_list_store_remove (self->items, position);
}

static void
on_failed (FlintRequest     *request,
           const GError     *error,
           FlintRequestList *self)
{
  g_signal_emit (self, signals[FAILED], 0, request, error);
}

/* One for each address, and not more than can be looked at (T101) */
static void
on_request (XmppPresence     *presence,
            XmppJid          *bare,
            const char       *nick,
            const char       *text,
            FlintRequestList *self)
{
  FlintAccount *account = find_account (self, presence);
  g_autoptr(FlintRequest) request = NULL;

  if (account == NULL || find_request (self, account, bare) != NULL ||
      g_list_model_get_n_items (G_LIST_MODEL (self->items)) >= MAX_REQUESTS)
    return;

  request = flint_request_new (account, bare, nick, text);
  g_signal_connect_object (request, "answered", G_CALLBACK (remove_request), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (request, "failed", G_CALLBACK (on_failed), self, 0);
  g_list_store_insert (self->items, 0, request);
  g_signal_emit (self, signals[RECEIVED], 0, request);
}

static void
on_withdrawn (XmppPresence     *presence,
              XmppJid          *bare,
              FlintRequestList *self)
{
  FlintAccount *account = find_account (self, presence);

  if (account != NULL)
    remove_request (self, find_request (self, account, bare));
}

/* Another device of ours has answered */
static void
on_roster_changed (XmppRoster           *roster,
                   const XmppRosterItem *item,
                   FlintRequestList     *self)
{
  FlintAccount *account = find_account (self, roster);

  if (account != NULL && (item->subscription == XMPP_SUBSCRIPTION_FROM || item->subscription == XMPP_SUBSCRIPTION_BOTH))
    remove_request (self, find_request (self, account, item->jid));
}

static void
flint_request_list_dispose (GObject *object)
{
  FlintRequestList *self = FLINT_REQUEST_LIST (object);

  g_ptr_array_set_size (self->accounts, 0);

  G_OBJECT_CLASS (flint_request_list_parent_class)->dispose (object);
}

static void
flint_request_list_finalize (GObject *object)
{
  FlintRequestList *self = FLINT_REQUEST_LIST (object);

  g_clear_object (&self->items);
  g_ptr_array_unref (self->accounts);

  G_OBJECT_CLASS (flint_request_list_parent_class)->finalize (object);
}

static void
flint_request_list_class_init (FlintRequestListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = flint_request_list_dispose;
  object_class->finalize = flint_request_list_finalize;

  signals[RECEIVED] = g_signal_new ("received", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, FLINT_TYPE_REQUEST);
  signals[FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 2, FLINT_TYPE_REQUEST, G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
flint_request_list_init (FlintRequestList *self)
{
  self->items = g_list_store_new (FLINT_TYPE_REQUEST);
  self->accounts = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * flint_request_list_new:
 *
 * Returns: (transfer full): nobody asks
 */
FlintRequestList *
flint_request_list_new (void)
{
  return g_object_new (FLINT_TYPE_REQUEST_LIST, NULL);
}

/**
 * flint_request_list_get_items:
 * @self: the requests
 *
 * Returns: (transfer none): of #FlintRequest, the latest first
 */
GListModel *
flint_request_list_get_items (FlintRequestList *self)
{
  g_return_val_if_fail (FLINT_IS_REQUEST_LIST (self), NULL);

  return G_LIST_MODEL (self->items);
}

/**
 * flint_request_list_add_account:
 * @self: the requests
 * @account: one more account
 *
 * Hears who asks to see that account, who asks no more, and whom another device of ours has answered.
 */
void
flint_request_list_add_account (FlintRequestList *self,
                                FlintAccount     *account)
{
  g_return_if_fail (FLINT_IS_REQUEST_LIST (self));
  g_return_if_fail (FLINT_IS_ACCOUNT (account));

  g_ptr_array_add (self->accounts, g_object_ref (account));
  g_signal_connect_object (flint_account_get_presence (account), "request", G_CALLBACK (on_request), self, 0);
  g_signal_connect_object (flint_account_get_presence (account), "withdrawn", G_CALLBACK (on_withdrawn), self, 0);
  g_signal_connect_object (flint_account_get_roster (account), "changed", G_CALLBACK (on_roster_changed), self, 0);
}

/**
 * flint_request_list_remove_account:
 * @self: the requests
 * @account: an account that goes
 *
 * Forgets who asked to see it, and hears no more of it.
 */
void
flint_request_list_remove_account (FlintRequestList *self,
                                   FlintAccount     *account)
{
  g_return_if_fail (FLINT_IS_REQUEST_LIST (self));

  g_signal_handlers_disconnect_by_data (flint_account_get_presence (account), self);
  g_signal_handlers_disconnect_by_data (flint_account_get_roster (account), self);

  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->items)); i > 0; i--)
    {
      g_autoptr(FlintRequest) request = g_list_model_get_item (G_LIST_MODEL (self->items), i - 1);

      if (flint_request_get_account (request) == account)
        g_list_store_remove (self->items, i - 1);
    }

  g_ptr_array_remove (self->accounts, account);
}
