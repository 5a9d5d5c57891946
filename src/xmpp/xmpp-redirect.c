/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-redirect.h"
#include "xmpp-error.h"
#include "xmpp-jid.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define NS_STREAM_ERRORS "urn:ietf:params:xml:ns:xmpp-streams"
#define MAX_REDIRECTS    3

struct _XmppRedirect
{
  XmppConnector *connector;
  char          *host;      /* the connector's own */
  guint          port;
  GPtrArray     *targets;   /* owned "host:port" that we were sent to */
};

XmppRedirect *
xmpp_redirect_new (XmppConnector *connector)
{
  XmppRedirect *self = g_new0 (XmppRedirect, 1);

  self->connector = g_object_ref (connector);
  self->targets = g_ptr_array_new_with_free_func (g_free);
  g_object_get (connector, "host", &self->host, "port", &self->port, NULL);

  return self;
}

void
xmpp_redirect_free (XmppRedirect *self)
{
  g_object_set (self->connector, "host", self->host, "port", self->port, NULL);

  g_object_unref (self->connector);
  g_ptr_array_unref (self->targets);
  g_free (self->host);
  g_free (self);
}

/* A name of letters, digits, hyphens and dots, as DNS has it; NULL: it is none */
static char *
prepare_name (const char *text)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new (text, NULL);
  g_autofree char *name = NULL;

  if (jid == NULL || xmpp_jid_get_local (jid) != NULL || !xmpp_jid_is_bare (jid))
    return NULL;

  name = xmpp_jid_get_ascii_domain (jid);
  if (name == NULL || *name == '\0' || *name == '.' || *name == '-' ||
      name[strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.")] != '\0')
    return NULL;

  return g_steal_pointer (&name);
}

/* host, host:port, [v6] or [v6]:port. port: 0 when there is none. Returns: (transfer full) (nullable): the host;
 * NULL: it makes no sense
 */
char *
xmpp_redirect_parse_target (const char *text,
                            guint      *port)
{
  const char *end = *text == '[' ? strchr (text, ']') : text + strcspn (text, ":");
  g_autofree char *host = NULL;
  guint64 number = 0;

  if (end == NULL)
    return NULL;

  host = *text == '[' ? g_strndup (text + 1, end - text - 1) : g_strndup (text, end - text);
  if (*text == '[')
    end++;

  if (*end == ':')
    {
      if (!xmpp_parse_uint (end + 1, G_MAXUINT16, &number) || number == 0)
        return NULL;
    }
  else if (*end != '\0')
    return NULL;

  *port = number;

  if (*text == '[')
    return strchr (host, ':') != NULL && g_hostname_is_ip_address (host) ? g_steal_pointer (&host) : NULL;

  return prepare_name (host);
}

/* Leads the connector to where a session is resumed best. port: 0: the one that it had */
void
xmpp_redirect_lead (XmppRedirect *self,
                    const char   *host,
                    guint         port)
{
  g_object_set (self->connector, "host", host, "port", port != 0 ? port : self->port, NULL);
}

/* Leads the connector to where <see-other-host/> says. Three times at most, and never in a circle (S28).
 * FALSE: not there; error: XMPP_ERROR_REDIRECT
 */
gboolean
xmpp_redirect_follow (XmppRedirect    *self,
                      const XmppNode  *stream_error,
                      GError         **error)
{
  const char *text = xmpp_node_get_child_text (stream_error, "see-other-host", NS_STREAM_ERRORS);
  g_autofree char *host = NULL;
  g_autofree char *target = NULL;
  guint port = 0;

  host = text != NULL ? xmpp_redirect_parse_target (text, &port) : NULL;
  if (host == NULL)
    {
      g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_REDIRECT,
                           _("The server sent us to another one, but its address makes no sense"));
      return FALSE;
    }

  target = g_strdup_printf ("%s:%u", host, port);
  if (self->targets->len == MAX_REDIRECTS ||
      g_ptr_array_find_with_equal_func (self->targets, target, g_str_equal, NULL))
    {
      g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_REDIRECT,
                           _("The servers send us from one to another without end"));
      return FALSE;
    }

  g_ptr_array_add (self->targets, g_steal_pointer (&target));
  g_object_set (self->connector, "host", host, "port", port, NULL);

  return TRUE;
}
