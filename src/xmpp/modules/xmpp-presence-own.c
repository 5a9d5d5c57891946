/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-presence-private.h"

#include "xmpp-disco.h"
#include "xmpp-invisible.h"

static XmppStanza *
make_presence (XmppJid    *to,
               const char *type,
               const char *text)
{
  XmppStanza *stanza = xmpp_stanza_new ("presence", XMPP_NS_CLIENT);
  XmppNode *root = xmpp_stanza_get_root (stanza);

  if (to != NULL)
    xmpp_node_set_jid (root, "to", to);
  if (type != NULL)
    xmpp_node_set (root, "type", type);
  if (text != NULL && text[0] != '\0')
    xmpp_node_add_text (root, "status", XMPP_NS_CLIENT, text);

  return stanza;
}

static void
broadcast (XmppPresence *self)
{
  gboolean is_available = self->show != XMPP_SHOW_OFFLINE;
  g_autoptr(XmppStanza) stanza = NULL;

  if (!is_available && !self->is_sent)
    return;

  stanza = is_available ? make_presence (NULL, NULL, NULL)
                        : make_presence (NULL, "unavailable", self->status);
  if (is_available)
    xmpp_presence_write (self, xmpp_stanza_get_root (stanza));

  self->is_sent = is_available;
  self->is_shown = is_available && !self->wants_invisible;
  xmpp_session_send (xmpp_presence_get_session (self), stanza);

  if (is_available)
    g_signal_emit_by_name (self, "own-changed");
}

/* Who saw us goes on to see us, who did not does not: a wish that failed changes nothing. */
static void
on_switched (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(XmppPresence) self = user_data;
  g_autoptr(GError) error = NULL;

  self->is_switching = FALSE;

  if (xmpp_invisible_set_finish (XMPP_INVISIBLE (object), result, &error) ||
      g_error_matches (error, XMPP_ERROR, XMPP_ERROR_DISCONNECTED) ||
      self->wants_invisible != self->asked_invisible)
    {
      xmpp_presence_update (self);
      return;
    }

  self->wants_invisible = !self->is_shown;
  g_signal_emit_by_name (self, "invisible-failed", error);
}

/* The one place that decides whether our presence goes out: not before the roster was asked for
 * (RFC 6121, 2.2), and not unless the server has hidden us if that is what we want.
 */
void
xmpp_presence_update (XmppPresence *self)
{
  XmppInvisible *invisible;

  if (!self->is_online || self->is_switching)
    return;

  invisible = xmpp_session_get_module (xmpp_presence_get_session (self), XMPP_TYPE_INVISIBLE);
  if (self->wants_invisible == xmpp_invisible_is_active (invisible))
    {
      broadcast (self);
      return;
    }

  self->is_switching = TRUE;
  self->asked_invisible = self->wants_invisible;
  xmpp_invisible_set_async (invisible, self->wants_invisible, NULL, on_switched, g_object_ref (self));
}

/**
 * xmpp_presence_set:
 * @show: %XMPP_SHOW_OFFLINE to be connected and yet not available
 * @status: (nullable): in words
 * @priority: from -128 to 127; below zero no message comes here that was not sent to this very device
 *
 * Says how we are to all who may see us, now and after each login.
 */
void
xmpp_presence_set (XmppPresence *self,
                   XmppShow      show,
                   const char   *status,
                   int           priority)
{
  char *copy;
  gboolean is_same;

  g_return_if_fail (XMPP_IS_PRESENCE (self));

  is_same = self->show == show && self->priority == CLAMP (priority, -128, 127) && g_strcmp0 (self->status, status) == 0;
  copy = g_strdup (status);
  g_free (self->status);
  self->status = copy;
  self->show = show;
  self->priority = CLAMP (priority, -128, 127);

  /* A session that may be resumed is not told again what it was told: others see us as before (XEP-0198, 5) */
  if (is_same && self->is_sent && xmpp_session_is_resumable (xmpp_presence_get_session (self)))
    return;

  xmpp_presence_update (self);
}

/**
 * xmpp_presence_set_invisible:
 * @invisible: whether nobody shall see that we are online
 *
 * Before a login: no presence is sent until the server has agreed to hide it; when it does not,
 * XmppPresence::invisible-failed is emitted and none is sent at all. Later: those who see us do until
 * the server has agreed.
 */
void
xmpp_presence_set_invisible (XmppPresence *self,
                             gboolean      invisible)
{
  g_return_if_fail (XMPP_IS_PRESENCE (self));

  if (self->wants_invisible == !!invisible)
    return;

  self->wants_invisible = !!invisible;
  xmpp_presence_update (self);
}

/**
 * xmpp_presence_is_invisible:
 *
 * Returns: whether we are, or are on the way to be
 */
gboolean
xmpp_presence_is_invisible (XmppPresence *self)
{
  g_return_val_if_fail (XMPP_IS_PRESENCE (self), FALSE);

  return self->wants_invisible;
}

/**
 * xmpp_presence_withdraw:
 *
 * Says to all who saw us that we are offline, and does not remember it: the next presence undoes it.
 */
void
xmpp_presence_withdraw (XmppPresence *self)
{
  g_autoptr(XmppStanza) stanza = NULL;

  g_return_if_fail (XMPP_IS_PRESENCE (self));

  if (!self->is_sent)
    return;

  self->is_sent = FALSE;
  self->is_shown = FALSE;
  stanza = make_presence (NULL, "unavailable", NULL);
  xmpp_session_send (xmpp_presence_get_session (self), stanza);
}

/**
 * xmpp_presence_set_extension:
 * @write: (scope forever): adds an element to each presence that says we are available
 *
 * Another @write does not replace this one; the same one again changes nothing.
 */
void
xmpp_presence_set_extension (XmppPresence *self,
                             void        (*write) (XmppNode *presence, gpointer user_data),
                             gpointer      user_data)
{
  XmppPresenceExtension extension = { write, user_data };

  g_return_if_fail (XMPP_IS_PRESENCE (self));

  for (guint i = 0; i < self->extensions->len; i++)
    {
      const XmppPresenceExtension *other = &g_array_index (self->extensions, XmppPresenceExtension, i);

      if (other->write == write && other->user_data == user_data)
        return;
    }

  g_array_append_val (self->extensions, extension);
}

static void
remember_directed (XmppPresence *self,
                   XmppJid      *to,
                   const char   *type)
{
  XmppDirected directed = xmpp_presence_get_directed (self, to);

  if (type == NULL)
    directed |= XMPP_DIRECTED_AVAILABLE;
  else if (g_str_equal (type, "unavailable"))
    directed &= ~XMPP_DIRECTED_AVAILABLE;
  else if (g_str_equal (type, "subscribe"))
    directed |= XMPP_DIRECTED_SUBSCRIBE;

  if (directed != 0)
    g_hash_table_insert (self->directed, xmpp_jid_ref (to), GUINT_TO_POINTER (directed));
  else
    g_hash_table_remove (self->directed, to);
}

/**
 * xmpp_presence_send_to:
 * @to: whom
 * @type: (nullable): "unavailable" and so on; %NULL: what everybody is told, or would be
 * @text: (nullable): the status; with no @type, %NULL for the one that everybody is told
 *
 * Sends a presence to somebody in particular (RFC 6121, 4.6): a gateway, or a person who is not in the
 * list. It goes out even when we are invisible to the others.
 */
void
xmpp_presence_send_to (XmppPresence *self,
                       XmppJid      *to,
                       const char   *type,
                       const char   *text)
{
  g_autoptr(XmppStanza) stanza = NULL;

  g_return_if_fail (XMPP_IS_PRESENCE (self));
  g_return_if_fail (to != NULL);

  stanza = make_presence (to, type, text);
  if (type == NULL)
    xmpp_presence_write (self, xmpp_stanza_get_root (stanza));

  remember_directed (self, to, type);
  xmpp_session_send (xmpp_presence_get_session (self), stanza);
}

/**
 * xmpp_presence_write:
 * @presence: a <presence/> without a type
 *
 * Adds what we tell everybody: show, status, priority, capabilities, and what the extensions add. A status
 * that is there already stays.
 */
void
xmpp_presence_write (XmppPresence *self,
                     XmppNode     *presence)
{
  const char *show;

  g_return_if_fail (XMPP_IS_PRESENCE (self));
  g_return_if_fail (presence != NULL);

  show = xmpp_show_to_string (self->show);
  if (show != NULL)
    xmpp_node_add_text (presence, "show", XMPP_NS_CLIENT, show);

  if (self->status != NULL && self->status[0] != '\0' &&
      xmpp_node_get_child (presence, "status", XMPP_NS_CLIENT) == NULL)
    xmpp_node_add_text (presence, "status", XMPP_NS_CLIENT, self->status);

  if (self->priority != 0)
    {
      g_autofree char *priority = g_strdup_printf ("%d", self->priority);

      xmpp_node_add_text (presence, "priority", XMPP_NS_CLIENT, priority);
    }

  xmpp_disco_write_caps (xmpp_session_get_module (xmpp_presence_get_session (self), XMPP_TYPE_DISCO), presence);

  for (guint i = 0; i < self->extensions->len; i++)
    {
      const XmppPresenceExtension *extension = &g_array_index (self->extensions, XmppPresenceExtension, i);

      extension->write (presence, extension->user_data);
    }
}
