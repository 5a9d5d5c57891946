/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-presence-private.h"

#define MAX_EARLY 1024   /* presences that wait for the roster */

enum {
  PROP_0,
  PROP_SUBSCRIPTION_MODE,
  N_PROPS
};

enum {
  CHANGED,
  ERROR,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XmppPresence, xmpp_presence, XMPP_TYPE_MODULE)

XmppSession *
xmpp_presence_get_session (XmppPresence *self)
{
  return xmpp_module_get_session (XMPP_MODULE (self));
}

XmppDirected
xmpp_presence_get_directed (XmppPresence  *self,
                            const XmppJid *jid)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->directed, jid));
}

/* Of strangers nothing is kept (security.md, T109). */
static gboolean
is_known (XmppPresence *self,
          XmppJid      *from,
          XmppSender    sender)
{
  return (sender & (XMPP_SENDER_OWN_ACCOUNT | XMPP_SENDER_CONTACT | XMPP_SENDER_LISTED)) != 0 ||
         (xmpp_presence_get_directed (self, from) & XMPP_DIRECTED_AVAILABLE) != 0;
}

static void
emit_changed (XmppPresence *self,
              XmppJid      *jid)
{
  g_autoptr(XmppJid) bare = xmpp_jid_get_bare (jid);

  g_signal_emit (self, signals[CHANGED], 0, bare);
}

static void
receive_status (XmppPresence   *self,
                const XmppNode *presence,
                XmppJid        *from,
                XmppSender      sender)
{
  XmppClock *clock = xmpp_session_get_clock (xmpp_presence_get_session (self));

  if (!is_known (self, from, sender))
    return;

  xmpp_resources_take (self->resources, xmpp_resource_read (presence, from, xmpp_clock_get_real (clock)));
  emit_changed (self, from);
}

/* Their server could not be reached, or refused: whatever we knew of them is not so any more. */
static void
receive_error (XmppPresence   *self,
               const XmppNode *presence,
               XmppJid        *from,
               XmppSender      sender)
{
  g_autoptr(GError) error = NULL;

  if (!is_known (self, from, sender) && xmpp_presence_get_directed (self, from) == 0)
    return;

  if (xmpp_resources_forget (self->resources, from))
    emit_changed (self, from);

  error = xmpp_stanza_error_parse (presence);
  g_signal_emit (self, signals[ERROR], 0, from, error);
}

static const struct
{
  const char *type;
  void      (*receive) (XmppPresence   *self,
                        const XmppNode *presence,
                        XmppJid        *from,
                        XmppSender      sender);
} types[] = {
  { NULL,           receive_status },
  { "unavailable",  receive_status },
  { "error",        receive_error },
  { "subscribe",    xmpp_presence_receive_subscribe },
  { "unsubscribe",  xmpp_presence_receive_unsubscribe },
  { "subscribed",   xmpp_presence_receive_answer },
  { "unsubscribed", xmpp_presence_receive_answer },
};

static void
receive (XmppPresence *self,
         XmppStanza   *stanza,
         XmppJid      *from,
         XmppSender    sender)
{
  const XmppNode *presence = xmpp_stanza_get_root (stanza);
  const char *type = xmpp_node_get (presence, "type");

  /* Rooms speak of themselves to the module that joined them */
  if (from == NULL || (sender & (XMPP_SENDER_ROOM | XMPP_SENDER_OCCUPANT)) != 0)
    return;

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      if (g_strcmp0 (type, types[i].type) == 0)
        {
          types[i].receive (self, presence, from, sender);
          return;
        }
    }
}

static void
on_presence (XmppModule     *module,
             XmppStanza     *stanza,
             const XmppNode *child,
             XmppJid        *from,
             XmppSender      sender)
{
  XmppPresence *self = XMPP_PRESENCE (module);

  if (self->is_listed)
    {
      receive (self, stanza, from, sender);
      return;
    }

  if (g_queue_get_length (&self->early) == MAX_EARLY)
    xmpp_stanza_unref (g_queue_pop_head (&self->early));
  g_queue_push_tail (&self->early, xmpp_stanza_ref (stanza));
}

/* Only now is it known who they are. */
static void
receive_early (XmppPresence *self)
{
  XmppSession *session = xmpp_presence_get_session (self);
  XmppStanza *stanza;

  self->is_listed = TRUE;
  while ((stanza = g_queue_pop_head (&self->early)))
    {
      g_autoptr(XmppJid) from = xmpp_jid_new_received (xmpp_node_get (xmpp_stanza_get_root (stanza), "from"));

      receive (self, stanza, from, xmpp_session_get_sender (session, from));
      xmpp_stanza_unref (stanza);
    }
}

static void
on_roster_failed (XmppRoster   *roster,
                  const GError *error,
                  XmppPresence *self)
{
  receive_early (self);
}

static void
on_roster_removed (XmppRoster   *roster,
                   XmppJid      *jid,
                   XmppPresence *self)
{
  if (xmpp_resources_forget (self->resources, jid))
    emit_changed (self, jid);
}

static void
on_roster_changed (XmppRoster           *roster,
                   const XmppRosterItem *item,
                   XmppPresence         *self)
{
  xmpp_presence_receive_item (self, item);
}

/* The roster stands before us in the list of modules, so its request is already on the way. */
static void
xmpp_presence_online (XmppModule *module,
                      gboolean    resumed)
{
  XmppPresence *self = XMPP_PRESENCE (module);

  if (resumed)
    return;

  if (self->roster == NULL)
    {
      self->roster = xmpp_session_get_module (xmpp_presence_get_session (self), XMPP_TYPE_ROSTER);
      g_signal_connect_object (self->roster, "loaded", G_CALLBACK (receive_early), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->roster, "failed", G_CALLBACK (on_roster_failed), self, 0);
      g_signal_connect_object (self->roster, "changed", G_CALLBACK (on_roster_changed), self, 0);
      g_signal_connect_object (self->roster, "removed", G_CALLBACK (on_roster_removed), self, 0);
    }

  self->is_online = TRUE;
  xmpp_presence_update (self);
}

static void
forget_connection (XmppPresence *self)
{
  self->is_online = FALSE;
  self->is_listed = FALSE;
  self->is_sent = FALSE;
  self->is_shown = FALSE;
  g_queue_clear_full (&self->early, (GDestroyNotify) xmpp_stanza_unref);
  g_hash_table_remove_all (self->directed);
  g_hash_table_remove_all (self->requests);
}

static void
xmpp_presence_offline (XmppModule *module)
{
  XmppPresence *self = XMPP_PRESENCE (module);
  g_autoptr(GPtrArray) gone = xmpp_resources_clear (self->resources);

  forget_connection (self);

  for (guint i = 0; i < gone->len; i++)
    g_signal_emit (self, signals[CHANGED], 0, g_ptr_array_index (gone, i));
}

static void
xmpp_presence_finalize (GObject *object)
{
  XmppPresence *self = XMPP_PRESENCE (object);

  forget_connection (self);
  g_hash_table_unref (self->directed);
  g_hash_table_unref (self->requests);
  g_hash_table_unref (self->declined);
  g_array_unref (self->extensions);
  xmpp_resources_free (self->resources);
  g_free (self->status);

  G_OBJECT_CLASS (xmpp_presence_parent_class)->finalize (object);
}

static void
xmpp_presence_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  XmppPresence *self = XMPP_PRESENCE (object);

  switch (prop_id)
    {
    case PROP_SUBSCRIPTION_MODE:
      g_value_set_int (value, self->mode);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xmpp_presence_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  XmppPresence *self = XMPP_PRESENCE (object);

  switch (prop_id)
    {
    case PROP_SUBSCRIPTION_MODE:
      self->mode = g_value_get_int (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static const XmppHandler handlers[] = {
  { "presence", NULL, NULL, NULL, on_presence, XMPP_SENDER_ANY },
  { NULL }
};

static guint
add_signal (const char *name,
            guint       n_params,
            GType       first,
            GType       second,
            GType       third)
{
  return g_signal_new (name, XMPP_TYPE_PRESENCE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, n_params, first, second, third);
}

static void
xmpp_presence_class_init (XmppPresenceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  XmppModuleClass *module_class = XMPP_MODULE_CLASS (klass);
  GType jid = XMPP_TYPE_JID | G_SIGNAL_TYPE_STATIC_SCOPE;
  GType string = G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE;
  GType error = G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE;

  object_class->finalize = xmpp_presence_finalize;
  object_class->get_property = xmpp_presence_get_property;
  object_class->set_property = xmpp_presence_set_property;

  module_class->handlers = handlers;
  module_class->online = xmpp_presence_online;
  module_class->offline = xmpp_presence_offline;

  properties[PROP_SUBSCRIPTION_MODE] =
    g_param_spec_int ("subscription-mode", NULL, NULL,
                      XMPP_SUBSCRIPTION_MODE_MANUAL, XMPP_SUBSCRIPTION_MODE_REJECT_ALL,
                      XMPP_SUBSCRIPTION_MODE_MANUAL,
                      (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[CHANGED] = add_signal ("changed", 1, jid, 0, 0);
  signals[ERROR] = add_signal ("error", 2, jid, error, 0);
  add_signal ("request", 3, jid, string, string);
  add_signal ("withdrawn", 1, jid, 0, 0);
  add_signal ("answered", 2, jid, G_TYPE_BOOLEAN, 0);
  add_signal ("own-changed", 0, 0, 0, 0);
  add_signal ("invisible-failed", 1, error, 0, 0);
}

static void
xmpp_presence_init (XmppPresence *self)
{
  self->show = XMPP_SHOW_AVAILABLE;
  self->extensions = g_array_new (FALSE, FALSE, sizeof (XmppPresenceExtension));
  self->resources = xmpp_resources_new ();
  self->directed = g_hash_table_new_full (xmpp_jid_hash_bare, xmpp_jid_equal_bare,
                                          (GDestroyNotify) xmpp_jid_unref, NULL);
  self->requests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->declined = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * xmpp_presence_get_best:
 * @bare: an address
 *
 * Returns: (transfer none) (nullable): the device of theirs that we would rather talk to (Smack's order:
 *   priority, then #XmppShow, then the latest); or what the last one said when it left; %NULL when nothing
 *   is known, so they are offline
 */
const XmppResource *
xmpp_presence_get_best (XmppPresence  *self,
                        const XmppJid *bare)
{
  g_return_val_if_fail (XMPP_IS_PRESENCE (self), NULL);
  g_return_val_if_fail (bare != NULL, NULL);

  return xmpp_resources_get_best (self->resources, bare);
}

/**
 * xmpp_presence_get_resources:
 * @bare: an address
 *
 * Returns: (transfer container) (element-type XmppResource): the devices that are available, the best
 *   first; each lives until the next presence comes
 */
GPtrArray *
xmpp_presence_get_resources (XmppPresence  *self,
                             const XmppJid *bare)
{
  g_return_val_if_fail (XMPP_IS_PRESENCE (self), NULL);
  g_return_val_if_fail (bare != NULL, NULL);

  return xmpp_resources_get_all (self->resources, bare);
}
