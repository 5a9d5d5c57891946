/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-search.h"

#include "flint-account-private.h"
#include "flint-contact-list.h"
#include "flint-core-private.h"
#include "flint-text.h"

#include "store-search.h"

#include <glib/gi18n-lib.h>

#define PAGE      50
#define MAX_TITLE 128      /* graphemes */

/* A hit */

struct _FlintHit
{
  GObject                parent_instance;

  FlintAccount          *account;
  XmppJid               *jid;
  FlintConversationKind  kind;
  char                  *title;
  FlintMessage          *message;
};

G_DEFINE_FINAL_TYPE (FlintHit, flint_hit, G_TYPE_OBJECT)

static void
flint_hit_finalize (GObject *object)
{
  FlintHit *self = FLINT_HIT (object);

  g_clear_object (&self->account);
  g_clear_pointer (&self->jid, xmpp_jid_unref);
  g_free (self->title);
  g_clear_object (&self->message);

  G_OBJECT_CLASS (flint_hit_parent_class)->finalize (object);
}

static void
flint_hit_class_init (FlintHitClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flint_hit_finalize;
}

static void
flint_hit_init (FlintHit *self)
{
}

/**
 * flint_hit_get_account:
 * @self: a hit
 *
 * Returns: (transfer none): as whom it was said or heard
 */
FlintAccount *
flint_hit_get_account (FlintHit *self)
{
  g_return_val_if_fail (FLINT_IS_HIT (self), NULL);

  return self->account;
}

/**
 * flint_hit_get_jid:
 * @self: a hit
 *
 * Returns: (transfer none): with whom, or in which room
 */
XmppJid *
flint_hit_get_jid (FlintHit *self)
{
  g_return_val_if_fail (FLINT_IS_HIT (self), NULL);

  return self->jid;
}

/**
 * flint_hit_get_kind:
 * @self: a hit
 *
 * Returns: what kind of conversation it was said in
 */
FlintConversationKind
flint_hit_get_kind (FlintHit *self)
{
  g_return_val_if_fail (FLINT_IS_HIT (self), FLINT_CONVERSATION_CHAT);

  return self->kind;
}

/**
 * flint_hit_get_title:
 * @self: a hit
 *
 * Returns: how the conversation is called
 */
const char *
flint_hit_get_title (FlintHit *self)
{
  g_return_val_if_fail (FLINT_IS_HIT (self), NULL);

  return self->title;
}

/**
 * flint_hit_get_message:
 * @self: a hit
 *
 * Returns: (transfer none): what was found
 */
FlintMessage *
flint_hit_get_message (FlintHit *self)
{
  g_return_val_if_fail (FLINT_IS_HIT (self), NULL);

  return self->message;
}

/* The search */

struct _FlintSearch
{
  GObject          parent_instance;

  FlintCore       *core;
  GPtrArray       *hits;             /* of FlintHit */

  char            *text;
  FlintAccount    *account;
  XmppJid         *jid;
  XmppJid         *sender;
  FlintSearchFrom  from;
  gint64           since;
  gint64           until;

  GCancellable    *searching;        /* NULL: it waits */
  guint            begin_source;     /* several things are set in a row: it begins once */
  gint64           last_id;          /* of the last hit; 0: there is none */
  gboolean         has_more;
  GError          *failure;
};

enum {
  PROP_0,
  PROP_TEXT,
  PROP_ACCOUNT,
  PROP_JID,
  PROP_SENDER,
  PROP_FROM,
  PROP_SINCE,
  PROP_UNTIL,
  PROP_IS_SEARCHING,
  PROP_HAS_MORE,
  PROP_FAILURE,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static void flint_search_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FlintSearch, flint_search, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, flint_search_list_model_init))

static GType
get_item_type (GListModel *model)
{
  return FLINT_TYPE_HIT;
}

static guint
get_n_items (GListModel *model)
{
  return FLINT_SEARCH (model)->hits->len;
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  GPtrArray *hits = FLINT_SEARCH (model)->hits;

  return position < hits->len ? g_object_ref (g_ptr_array_index (hits, position)) : NULL;
}

static void
flint_search_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
set_failure (FlintSearch  *self,
             const GError *error)
{
  if (self->failure == NULL && error == NULL)
    return;

  g_clear_error (&self->failure);
  if (error != NULL)
    self->failure = g_error_new (error->domain, error->code, _("The history cannot be searched: %s"), error->message);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FAILURE]);
}

static void
set_searching (FlintSearch  *self,
               GCancellable *searching)
{
  g_clear_object (&self->searching);
  self->searching = searching;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_SEARCHING]);
}

/* Hits */

/* As the conversation is called, whether it is open or not */
static char *
make_title (FlintSearch           *self,
            FlintAccount          *account,
            XmppJid               *jid,
            FlintConversationKind  kind)
{
  FlintConversation *conversation = flint_core_find_conversation (self->core, account, jid);
  FlintContact *contact = kind == FLINT_CONVERSATION_CHAT
                            ? flint_contact_list_find (flint_account_get_contacts (account), jid) : NULL;

  if (conversation != NULL && flint_conversation_get_kind (conversation) == kind)
    return g_strdup (flint_conversation_get_title (conversation));

  if (contact != NULL)
    return g_strdup (flint_contact_get_name (contact));

  return flint_text_for_line (xmpp_jid_get_text (jid), MAX_TITLE);
}

/* (transfer full) (nullable): NULL: of an account that is not there any more */
static FlintHit *
make_hit (FlintSearch    *self,
          const StoreHit *found)
{
  FlintAccount *account = flint_account_list_find_address (flint_core_get_accounts (self->core), found->account);
  g_autoptr(XmppJid) jid = xmpp_jid_new_received (found->address);
  FlintHit *hit;

  if (account == NULL || jid == NULL)
    return NULL;

  hit = g_object_new (FLINT_TYPE_HIT, NULL);
  hit->account = g_object_ref (account);
  hit->jid = g_steal_pointer (&jid);
  hit->kind = CLAMP (found->kind, FLINT_CONVERSATION_CHAT, FLINT_CONVERSATION_PRIVATE);
  hit->title = make_title (self, account, hit->jid, hit->kind);
  hit->message = flint_history_make_message (account, hit->jid, hit->kind, found->message);

  return hit;
}

static void
add_hits (FlintSearch *self,
          GPtrArray   *found)
{
  guint n_before = self->hits->len;

  for (guint i = 0; i < found->len; i++)
    {
      const StoreHit *one = g_ptr_array_index (found, i);
      FlintHit *hit = make_hit (self, one);

      self->last_id = one->message->id;
      if (hit != NULL)
        g_ptr_array_add (self->hits, hit);
    }

  if (self->hits->len > n_before)
    g_list_model_items_changed (G_LIST_MODEL (self), n_before, 0, self->hits->len - n_before);

  if (self->has_more != (found->len == PAGE))
    {
      self->has_more = found->len == PAGE;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_MORE]);
    }
}

static void
on_found (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  FlintSearch *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) found = store_search_finish (result, &error);

  /* Another search has begun, or nobody searches any more */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  set_searching (self, NULL);
  set_failure (self, error);
  if (found != NULL)
    add_hits (self, found);
}

/* Searching */

static gboolean
is_empty (FlintSearch *self)
{
  return (self->text == NULL || *self->text == '\0') && self->since == 0 && self->until == 0 && self->sender == NULL &&
         self->from == FLINT_SEARCH_ANYBODY;
}

static void
search (FlintSearch *self)
{
  XmppJid *own = self->account != NULL ? flint_account_get_jid (self->account) : NULL;
  StoreQuery query = {
    .text = self->text != NULL && *self->text != '\0' ? self->text : NULL,
    .account = own != NULL ? (char *) xmpp_jid_get_text (own) : NULL,
    .address = self->jid != NULL ? (char *) xmpp_jid_get_text (self->jid) : NULL,
    .sender = self->sender != NULL ? (char *) xmpp_jid_get_text (self->sender) : NULL,
    .own = self->from,
    .from = self->since,
    .until = self->last_id != 0 ? self->last_id : self->until,
    .max = PAGE,
  };

  set_searching (self, g_cancellable_new ());
  store_search_async (flint_history_get_database (flint_core_get_history (self->core)), &query, self->searching, on_found, self);
}

static void
stop (FlintSearch *self)
{
  if (self->searching == NULL)
    return;

  g_cancellable_cancel (self->searching);
  set_searching (self, NULL);
}

static gboolean
on_begin (gpointer user_data)
{
  FlintSearch *self = user_data;
  guint n_hits = self->hits->len;

  self->begin_source = 0;
  stop (self);
  self->last_id = 0;
  self->has_more = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_MORE]);
  g_ptr_array_set_size (self->hits, 0);
  if (n_hits > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n_hits, 0);

  if (!is_empty (self))
    search (self);

  return G_SOURCE_REMOVE;
}

static void
begin (FlintSearch *self)
{
  if (self->begin_source == 0)
    self->begin_source = g_idle_add_full (G_PRIORITY_DEFAULT, on_begin, self, NULL);
}

static void
set_jid (XmppJid **field,
         XmppJid  *jid)
{
  g_clear_pointer (field, xmpp_jid_unref);
  *field = jid != NULL ? xmpp_jid_ref (jid) : NULL;
}

static void
flint_search_dispose (GObject *object)
{
  FlintSearch *self = FLINT_SEARCH (object);

  if (self->searching != NULL)
    g_cancellable_cancel (self->searching);
  g_clear_object (&self->searching);
  g_clear_handle_id (&self->begin_source, g_source_remove);
  g_clear_object (&self->account);
  g_clear_object (&self->core);

  G_OBJECT_CLASS (flint_search_parent_class)->dispose (object);
}

static void
flint_search_finalize (GObject *object)
{
  FlintSearch *self = FLINT_SEARCH (object);

  g_ptr_array_unref (self->hits);
  g_free (self->text);
  g_clear_pointer (&self->jid, xmpp_jid_unref);
  g_clear_pointer (&self->sender, xmpp_jid_unref);
  g_clear_error (&self->failure);

  G_OBJECT_CLASS (flint_search_parent_class)->finalize (object);
}

static void
flint_search_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  FlintSearch *self = FLINT_SEARCH (object);

  switch (id)
    {
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;

    case PROP_ACCOUNT:
      g_value_set_object (value, self->account);
      break;

    case PROP_JID:
      g_value_set_boxed (value, self->jid);
      break;

    case PROP_SENDER:
      g_value_set_boxed (value, self->sender);
      break;

    case PROP_FROM:
      g_value_set_int (value, self->from);
      break;

    case PROP_SINCE:
      g_value_set_int64 (value, self->since);
      break;

    case PROP_UNTIL:
      g_value_set_int64 (value, self->until);
      break;

    case PROP_IS_SEARCHING:
      g_value_set_boolean (value, flint_search_is_searching (self));
      break;

    case PROP_HAS_MORE:
      g_value_set_boolean (value, self->has_more);
      break;

    case PROP_FAILURE:
      g_value_set_boxed (value, self->failure);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
flint_search_set_property (GObject      *object,
                           guint         id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  FlintSearch *self = FLINT_SEARCH (object);

  switch (id)
    {
    case PROP_TEXT:
      g_free (self->text);
      self->text = g_value_dup_string (value);
      break;

    case PROP_ACCOUNT:
      g_set_object (&self->account, g_value_get_object (value));
      break;

    case PROP_JID:
      set_jid (&self->jid, g_value_get_boxed (value));
      break;

    case PROP_SENDER:
      set_jid (&self->sender, g_value_get_boxed (value));
      break;

    case PROP_FROM:
      self->from = g_value_get_int (value);
      break;

    case PROP_SINCE:
      self->since = g_value_get_int64 (value);
      break;

    case PROP_UNTIL:
      self->until = g_value_get_int64 (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }

  begin (self);
}

static void
flint_search_class_init (FlintSearchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags read = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = flint_search_dispose;
  object_class->finalize = flint_search_finalize;
  object_class->get_property = flint_search_get_property;
  object_class->set_property = flint_search_set_property;

  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, flags);
  properties[PROP_ACCOUNT] = g_param_spec_object ("account", NULL, NULL, FLINT_TYPE_ACCOUNT, flags);
  properties[PROP_JID] = g_param_spec_boxed ("jid", NULL, NULL, XMPP_TYPE_JID, flags);
  properties[PROP_SENDER] = g_param_spec_boxed ("sender", NULL, NULL, XMPP_TYPE_JID, flags);
  properties[PROP_FROM] = g_param_spec_int ("from", NULL, NULL, FLINT_SEARCH_ANYBODY, FLINT_SEARCH_OTHERS, FLINT_SEARCH_ANYBODY, flags);
  properties[PROP_SINCE] = g_param_spec_int64 ("since", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_UNTIL] = g_param_spec_int64 ("until", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_IS_SEARCHING] = g_param_spec_boolean ("is-searching", NULL, NULL, FALSE, read);
  properties[PROP_HAS_MORE] = g_param_spec_boolean ("has-more", NULL, NULL, FALSE, read);
  properties[PROP_FAILURE] = g_param_spec_boxed ("failure", NULL, NULL, G_TYPE_ERROR, read);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
flint_search_init (FlintSearch *self)
{
  self->hits = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * flint_search_new:
 * @core: in what
 *
 * Returns: (transfer full): a search for nothing yet
 */
FlintSearch *
flint_search_new (FlintCore *core)
{
  FlintSearch *self = g_object_new (FLINT_TYPE_SEARCH, NULL);

  self->core = g_object_ref (core);

  return self;
}

/**
 * flint_search_is_searching:
 * @self: a search
 *
 * Returns: whether there may be hits soon
 */
gboolean
flint_search_is_searching (FlintSearch *self)
{
  g_return_val_if_fail (FLINT_IS_SEARCH (self), FALSE);

  return self->searching != NULL || self->begin_source != 0;
}

/**
 * flint_search_has_more:
 * @self: a search
 *
 * Returns: whether there may be more hits than are in it
 */
gboolean
flint_search_has_more (FlintSearch *self)
{
  g_return_val_if_fail (FLINT_IS_SEARCH (self), FALSE);

  return self->has_more;
}

/**
 * flint_search_load_more:
 * @self: a search
 *
 * Looks for the next hits, those before the last one.
 */
void
flint_search_load_more (FlintSearch *self)
{
  g_return_if_fail (FLINT_IS_SEARCH (self));

  if (self->has_more && !flint_search_is_searching (self))
    search (self);
}
