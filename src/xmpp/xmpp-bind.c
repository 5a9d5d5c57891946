/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-bind.h"
#include "xmpp-error.h"
#include "xmpp-random.h"

#include <glib/gi18n-lib.h>

struct _XmppBind
{
  XmppJid       *account;        /* with the resource to ask for, if there is one */
  gboolean       is_anonymous;
  XmppBindFuncs  funcs;
  gpointer       user_data;

  char          *request_id;     /* of the request that waits for its answer */
  gboolean       has_conflicted;
  XmppJid       *jid;            /* once bound */
};

XmppBind *
xmpp_bind_new (XmppJid             *account,
               gboolean             is_anonymous,
               const XmppBindFuncs *funcs,
               gpointer             user_data)
{
  XmppBind *self = g_new0 (XmppBind, 1);

  self->account = xmpp_jid_ref (account);
  self->is_anonymous = is_anonymous;
  self->funcs = *funcs;
  self->user_data = user_data;

  return self;
}

void
xmpp_bind_free (XmppBind *self)
{
  xmpp_jid_unref (self->account);
  g_clear_pointer (&self->jid, xmpp_jid_unref);
  g_free (self->request_id);
  g_free (self);
}

static void
fail (XmppBind   *self,
      const char *sentence)
{
  g_autoptr(GError) error = g_error_new_literal (XMPP_ERROR, XMPP_ERROR_BIND, sentence);

  self->funcs.done (error, self->user_data);
}

static XmppStanza *
new_request (XmppBind   *self,
             const char *name,
             const char *ns)
{
  XmppStanza *request = xmpp_stanza_new_iq ("set", NULL);
  XmppNode *root = xmpp_stanza_get_root (request);

  g_free (self->request_id);
  self->request_id = xmpp_random_id ();
  xmpp_node_set (root, "id", self->request_id);
  xmpp_node_add (root, name, ns);

  return request;
}

/* A name that nobody has chosen is random: it tells nobody the name of this machine (T103) */
static void
request_bind (XmppBind   *self,
              const char *resource)
{
  g_autoptr(XmppStanza) request = new_request (self, "bind", XMPP_NS_BIND);
  g_autofree char *random = resource == NULL ? xmpp_random_id () : NULL;

  xmpp_node_add_text (xmpp_stanza_get_root (request)->first_child, "resource", XMPP_NS_BIND,
                      resource != NULL ? resource : random);
  self->funcs.send (request, self->user_data);
}

/* What the server says that we are must be what we asked to be (RFC 6120, 7.6.1; S78) */
static gboolean
is_ours (XmppBind      *self,
         const XmppJid *jid)
{
  if (xmpp_jid_is_bare (jid) || xmpp_jid_is_opaque (jid))
    return FALSE;

  if (self->is_anonymous)
    return g_strcmp0 (xmpp_jid_get_domain (jid), xmpp_jid_get_domain (self->account)) == 0;

  return xmpp_jid_equal_bare (jid, self->account);
}

static void
receive_bound (XmppBind       *self,
               const XmppNode *iq)
{
  const XmppNode *bind = xmpp_node_get_child (iq, "bind", XMPP_NS_BIND);
  const char *text = bind != NULL ? xmpp_node_get_child_text (bind, "jid", XMPP_NS_BIND) : NULL;
  g_autoptr(XmppJid) jid = xmpp_jid_new_received (text);

  if (jid == NULL)
    {
      fail (self, _("The server did not say which address this device has"));
      return;
    }

  if (!is_ours (self, jid))
    {
      g_autofree char *sentence =
        /* Translators: %s is an address */
        g_strdup_printf (_("The server gave this device an address that is not yours: %s"), text);

      fail (self, sentence);
      return;
    }

  self->jid = g_steal_pointer (&jid);
  self->funcs.done (NULL, self->user_data);
}

static void
receive_error (XmppBind       *self,
               const XmppNode *iq)
{
  g_autoptr(GError) error = xmpp_stanza_error_parse (iq);
  g_autofree char *sentence = NULL;

  /* Another device has this name: once, with a name that nobody has (RFC 6120, 7.7.2.2; S77) */
  if (self->jid == NULL && !self->has_conflicted &&
      g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_CONFLICT))
    {
      self->has_conflicted = TRUE;
      request_bind (self, NULL);
      return;
    }

  /* Translators: %s is the reason, a sentence */
  sentence = g_strdup_printf (_("The server did not let this device in: %s"), error->message);
  fail (self, sentence);
}

/* Before we are bound nobody else can answer: what has another id, or is from somebody else, is
 * nonsense (S78).
 */
static gboolean
is_our_answer (XmppBind       *self,
               const XmppNode *iq)
{
  g_autoptr(XmppJid) from = xmpp_jid_new_received (xmpp_node_get (iq, "from"));

  return g_strcmp0 (xmpp_node_get (iq, "id"), self->request_id) == 0 &&
         (from == NULL || g_strcmp0 (xmpp_jid_get_domain (from), xmpp_jid_get_domain (self->account)) == 0);
}

/* Asks for the account's resource, or for a random one. */
void
xmpp_bind_start (XmppBind *self)
{
  request_bind (self, xmpp_jid_get_resource (self->account));
}

/* Asks for a session (RFC 3921, 3); we are bound. */
void
xmpp_bind_start_session (XmppBind *self)
{
  g_autoptr(XmppStanza) request = new_request (self, "session", XMPP_NS_SESSION);

  self->funcs.send (request, self->user_data);
}

/* iq: any, while a request waits */
void
xmpp_bind_receive (XmppBind       *self,
                   const XmppNode *iq)
{
  const char *type = xmpp_node_get (iq, "type");
  gboolean is_result = g_strcmp0 (type, "result") == 0;

  if (!is_our_answer (self, iq) || (!is_result && g_strcmp0 (type, "error") != 0))
    fail (self, _("The server's answer to the request to let this device in makes no sense"));
  else if (!is_result)
    receive_error (self, iq);
  else if (self->jid == NULL)
    receive_bound (self, iq);
  else
    self->funcs.done (NULL, self->user_data);
}

/* Returns: (transfer none) (nullable): as the server bound it */
XmppJid *
xmpp_bind_get_jid (XmppBind *self)
{
  return self->jid;
}
