/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-caps.h"

#include "xmpp-disco-cache.h"
#include "xmpp-disco-info.h"

#include <string.h>

#define MAX_PROVEN   1000          /* answers that their hash vouches for */
#define MAX_CLAIMS   200           /* answers that hold for one device only */
#define MAX_SIZE     (64 * 1024)   /* bytes of an answer; a longer one is not kept */
#define MAX_SAVED    15000         /* elements: what is saved can be read again in one piece */
#define MAX_QUERIES  20            /* in a minute (security.md, T107) */

struct _XmppCaps
{
  XmppDisco      *disco;        /* owns us */
  XmppDiscoCache *proven;       /* "hash#ver" */
  XmppDiscoCache *claims;       /* "hash#ver of the full address" */
  GHashTable     *in_flight;    /* owned "hash#ver" */
  gint64          asked[MAX_QUERIES];   /* when, monotonic: a ring */
  guint           next_asked;
};

/* One question */
typedef struct
{
  XmppDisco *disco;
  XmppCaps  *caps;              /* lives as long as disco */
  char      *key;
  char      *claim;
  char      *ver;
  char      *hash;
} Query;

static void
query_free (Query *query)
{
  g_object_unref (query->disco);
  g_free (query->key);
  g_free (query->claim);
  g_free (query->ver);
  g_free (query->hash);
  g_free (query);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Query, query_free)

static char *
make_key (const char *hash,
          const char *ver)
{
  return g_strdup_printf ("%s#%s", hash, ver);
}

static char *
make_claim (const char    *key,
            const XmppJid *jid)
{
  return g_strdup_printf ("%s of %s", key, xmpp_jid_get_text (jid));
}

static gboolean
is_proven (XmppDiscoInfo *info,
           const char    *hash,
           const char    *ver)
{
  g_autofree char *computed = xmpp_disco_hash (xmpp_disco_info_get_query (info), hash);

  return g_strcmp0 (computed, ver) == 0;
}

/* What the hash does not vouch for is believed of this device, and of no other (XEP-0115, 5.4). */
static void
on_info (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(Query) query = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppDiscoInfo) info = xmpp_disco_info_finish (XMPP_DISCO (object), result, &error);

  g_hash_table_remove (query->caps->in_flight, query->key);

  if (g_error_matches (error, XMPP_ERROR, XMPP_ERROR_DISCONNECTED))
    return;

  if (info != NULL && xmpp_stanza_get_size (info->stanza) > MAX_SIZE)
    g_clear_pointer (&info, xmpp_disco_info_unref);

  if (info != NULL && is_proven (info, query->hash, query->ver))
    xmpp_disco_cache_put (query->caps->proven, query->key, info);
  else
    xmpp_disco_cache_put (query->caps->claims, query->claim, info);
}

static gboolean
take_turn (XmppCaps *self)
{
  XmppClock *clock = xmpp_session_get_clock (xmpp_module_get_session (XMPP_MODULE (self->disco)));
  gint64 now = xmpp_clock_get_monotonic (clock);

  if (now - self->asked[self->next_asked] < G_TIME_SPAN_MINUTE)
    return FALSE;

  self->asked[self->next_asked] = now;
  self->next_asked = (self->next_asked + 1) % MAX_QUERIES;

  return TRUE;
}

/**
 * xmpp_caps_learn:
 * @jid: a device that may know that we are here
 * @node: (nullable): of its <c/>, as the others
 *
 * Asks @jid what it can do, unless that is known, being asked, or too much has been asked lately.
 */
void
xmpp_caps_learn (XmppCaps   *self,
                 XmppJid    *jid,
                 const char *node,
                 const char *ver,
                 const char *hash)
{
  g_autofree char *key = NULL;
  g_autofree char *claim = NULL;
  g_autofree char *disco_node = NULL;
  Query *query;

  if (node == NULL || ver == NULL || hash == NULL)
    return;

  key = make_key (hash, ver);
  claim = make_claim (key, jid);

  if (xmpp_disco_cache_has (self->proven, key) ||
      xmpp_disco_cache_has (self->claims, claim) ||
      g_hash_table_contains (self->in_flight, key) ||
      !take_turn (self))
    return;

  query = g_new0 (Query, 1);
  query->disco = g_object_ref (self->disco);
  query->caps = self;
  query->key = g_steal_pointer (&key);
  query->claim = g_steal_pointer (&claim);
  query->ver = g_strdup (ver);
  query->hash = g_strdup (hash);

  g_hash_table_add (self->in_flight, g_strdup (query->key));
  disco_node = g_strdup_printf ("%s#%s", node, ver);
  xmpp_disco_info_async (self->disco, jid, disco_node, NULL, on_info, query);
}

/**
 * xmpp_caps_get:
 *
 * Returns: (transfer none) (nullable): what @resource can do, if that is known
 */
XmppDiscoInfo *
xmpp_caps_get (XmppCaps           *self,
               const XmppResource *resource)
{
  g_autofree char *key = NULL;
  g_autofree char *claim = NULL;
  XmppDiscoInfo *info;

  if (resource->caps_ver == NULL || resource->caps_hash == NULL)
    return NULL;

  key = make_key (resource->caps_hash, resource->caps_ver);
  info = xmpp_disco_cache_get (self->proven, key);
  if (info != NULL)
    return info;

  claim = make_claim (key, resource->jid);

  return xmpp_disco_cache_get (self->claims, claim);
}

/**
 * xmpp_caps_offline:
 *
 * Forgets what only held for devices of this connection.
 */
void
xmpp_caps_offline (XmppCaps *self)
{
  xmpp_disco_cache_clear (self->claims);
  g_hash_table_remove_all (self->in_flight);
}

/* Keeping: <caps><c hash ver><query/></c>… */

static guint
count_elements (const XmppNode *node)
{
  guint n = 1;

  XMPP_NODE_FOREACH_CHILD (node, child)
    n += count_elements (child);

  return n;
}

typedef struct
{
  XmppNode *root;
  guint     n_elements;
} Saving;

static void
save_entry (const char    *key,
            XmppDiscoInfo *info,
            gpointer       user_data)
{
  Saving *saving = user_data;
  const XmppNode *query = xmpp_disco_info_get_query (info);
  const char *ver = strchr (key, '#') + 1;
  g_autofree char *hash = g_strndup (key, ver - 1 - key);
  XmppNode *node;

  saving->n_elements += count_elements (query) + 1;
  if (saving->n_elements > MAX_SAVED)
    return;

  node = xmpp_node_add (saving->root, "c", XMPP_NS_CAPS);
  xmpp_node_set (node, "hash", hash);
  xmpp_node_set (node, "ver", ver);
  xmpp_node_add_copy (node, query);
}

/**
 * xmpp_caps_save:
 *
 * Returns: (transfer full): what is proven, the latest used first
 */
XmppStanza *
xmpp_caps_save (XmppCaps *self)
{
  XmppStanza *saved = xmpp_stanza_new ("caps", XMPP_NS_CAPS);
  Saving saving = { xmpp_stanza_get_root (saved), 1 };

  xmpp_disco_cache_foreach (self->proven, save_entry, &saving);

  return saved;
}

static void
restore_entry (XmppCaps       *self,
               const XmppNode *node)
{
  const XmppNode *query = xmpp_node_get_child (node, "query", XMPP_NS_DISCO_INFO);
  const char *hash = xmpp_node_get (node, "hash");
  const char *ver = xmpp_node_get (node, "ver");
  g_autoptr(XmppStanza) stanza = NULL;
  g_autoptr(XmppDiscoInfo) info = NULL;
  g_autofree char *key = NULL;

  if (query == NULL || hash == NULL || ver == NULL)
    return;

  stanza = xmpp_stanza_new ("iq", XMPP_NS_CLIENT);
  xmpp_node_add_copy (xmpp_stanza_get_root (stanza), query);
  xmpp_stanza_seal (stanza);

  info = xmpp_disco_info_new (stanza);
  key = make_key (hash, ver);
  if (is_proven (info, hash, ver))
    xmpp_disco_cache_put (self->proven, key, info);
}

/* From the last to the first, so that the order of use is again what it was; and a disk is believed as
 * little as a peer.
 */
void
xmpp_caps_restore (XmppCaps   *self,
                   XmppStanza *saved)
{
  g_autoptr(GPtrArray) nodes = g_ptr_array_new ();

  XMPP_NODE_FOREACH_CHILD (xmpp_stanza_get_root (saved), child)
    {
      if (xmpp_node_is (child, "c", XMPP_NS_CAPS))
        g_ptr_array_add (nodes, child);
    }

  for (guint i = nodes->len; i > 0; i--)
    restore_entry (self, g_ptr_array_index (nodes, i - 1));
}

XmppCaps *
xmpp_caps_new (XmppDisco *disco)
{
  XmppCaps *self = g_new0 (XmppCaps, 1);

  self->disco = disco;
  self->proven = xmpp_disco_cache_new (MAX_PROVEN);
  self->claims = xmpp_disco_cache_new (MAX_CLAIMS);
  self->in_flight = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < MAX_QUERIES; i++)
    self->asked[i] = -G_TIME_SPAN_MINUTE;

  return self;
}

void
xmpp_caps_free (XmppCaps *self)
{
  xmpp_disco_cache_free (self->proven);
  xmpp_disco_cache_free (self->claims);
  g_hash_table_unref (self->in_flight);
  g_free (self);
}
