/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console-redact.h"

#include <string.h>

#define NS_SASL2   "urn:xmpp:sasl:2"
#define NS_SASL    "urn:ietf:params:xml:ns:xmpp-sasl"
#define NS_FAST    "urn:xmpp:fast:0"
#define NS_SM      "urn:xmpp:sm:3"
#define NS_UPLOAD  "urn:xmpp:http:upload:0"
#define NS_DATA    "jabber:x:data"
#define AESGCM     "aesgcm://"

/* Elements whose text, with all that is in them, is a secret; without a namespace: in any */
static const struct
{
  const char *name;
  const char *ns;
} elements[] = {
  { "password",         NULL },                 /* registration, rooms, bookmarks, jabber:iq:auth */
  { "token",            NULL },
  { "digest",           "jabber:iq:auth" },
  { "auth",             NS_SASL },              /* written by hand: the engine's own come without */
  { "response",         NS_SASL },
  { "challenge",        NS_SASL },
  { "success",          NS_SASL },
  { "initial-response", NS_SASL2 },
  { "response",         NS_SASL2 },
  { "challenge",        NS_SASL2 },
  { "additional-data",  NS_SASL2 },
  { "header",           NS_UPLOAD },            /* Authorization, Cookie */
};

/* Attributes; without an element: of any */
static const struct
{
  const char *name;
  const char *element;
  const char *ns;
} attributes[] = {
  { "password", NULL,      NULL },              /* invitations, TURN (XEP-0215) */
  { "token",    "token",   NS_FAST },
  { "id",       "enabled", NS_SM },             /* who has it may take over the stream */
  { "previd",   "resume",  NS_SM },
  { "previd",   "resumed", NS_SM },
};

/* Fields of a form (XEP-0004), besides those of type text-private */
static const char * const fields[] = { "password", "muc#roomconfig_roomsecret", NULL };

/* Each element of each stanza comes by here: most names differ in their first letter. */
static inline gboolean
is_same (const char *a,
         const char *b)
{
  return *a == *b && strcmp (a, b) == 0;
}

static gboolean
is_secret_element (const XmppNode *node)
{
  for (guint i = 0; i < G_N_ELEMENTS (elements); i++)
    {
      if (is_same (node->name, elements[i].name) && (elements[i].ns == NULL || g_strcmp0 (node->ns, elements[i].ns) == 0))
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_secret_attribute (const XmppNode      *node,
                     const XmppAttribute *attribute)
{
  for (guint i = 0; i < G_N_ELEMENTS (attributes); i++)
    {
      if (attribute->ns == NULL && is_same (attribute->name, attributes[i].name) &&
          (attributes[i].element == NULL || xmpp_node_is (node, attributes[i].element, attributes[i].ns)))
        return TRUE;
    }

  return FALSE;
}

/* A <value/> in a field that is not to be seen */
static gboolean
is_secret_value (const XmppNode *node)
{
  const XmppNode *field = node->parent;
  const char *var;

  if (field == NULL || !xmpp_node_is (node, "value", NS_DATA) || !xmpp_node_is (field, "field", NS_DATA))
    return FALSE;

  var = xmpp_node_get (field, "var");

  return g_strcmp0 (xmpp_node_get (field, "type"), "text-private") == 0 || (var != NULL && g_strv_contains (fields, var));
}

/* The key of an encrypted file is in the fragment of its address (XEP-0454). */
static char *
redact_links (const char *text)
{
  GString *line = g_string_new (NULL);
  const char *link;

  while ((link = strstr (text, AESGCM)) != NULL)
    {
      gsize length = strcspn (link, " \t\r\n");
      const char *fragment = memchr (link, '#', length);

      g_string_append_len (line, text, (fragment != NULL ? fragment + 1 : link + length) - text);
      if (fragment != NULL)
        g_string_append (line, CONSOLE_REDACTED "]");
      text = link + length;
    }

  g_string_append (line, text);

  return g_string_free (line, FALSE);
}

static gboolean
has_secret_link (const char *text)
{
  const char *link = text != NULL ? strstr (text, AESGCM) : NULL;

  return link != NULL && strchr (link, '#') != NULL;
}

static void
hide_text (XmppNode *node)
{
  g_autofree char *text = g_strdup_printf (CONSOLE_REDACTED ", %" G_GSIZE_FORMAT " bytes]",
                                           node->text != NULL ? strlen (node->text) : 0);

  node->first_child = node->last_child = NULL;
  xmpp_node_set_text (node, text, -1);
}

/* Returns whether there is a secret in @node; in a copy (@is_copy) takes it out. */
static gboolean
visit (XmppNode *node,
       gboolean  is_copy)
{
  gboolean is_found = FALSE;

  for (guint i = 0; i < node->n_attributes; i++)
    {
      if (!is_secret_attribute (node, &node->attributes[i]))
        continue;

      is_found = TRUE;
      if (is_copy)
        xmpp_node_set (node, node->attributes[i].name, CONSOLE_REDACTED "]");
    }

  if ((node->text != NULL || node->first_child != NULL) && (is_secret_element (node) || is_secret_value (node)))
    {
      if (is_copy)
        hide_text (node);
      return TRUE;
    }

  if (has_secret_link (node->text))
    {
      is_found = TRUE;
      if (is_copy)
        {
          g_autofree char *text = redact_links (node->text);

          xmpp_node_set_text (node, text, -1);
        }
    }

  for (XmppNode *child = node->first_child; child != NULL; child = child->next)
    {
      /* one is enough to know that a copy is needed */
      if (is_found && !is_copy)
        break;

      is_found = visit (child, is_copy) || is_found;
    }

  return is_found;
}

/**
 * console_redact:
 * @stanza: as it crossed the wire, sealed
 *
 * What may be kept and shown of @stanza: passwords, tokens, what is said at a login, keys of files and what
 * resumes a stream are taken out (security.md, T132).
 *
 * Returns: (transfer full): @stanza itself when there is nothing to hide, else a copy without it, sealed
 */
XmppStanza *
console_redact (XmppStanza *stanza)
{
  XmppNode *root = xmpp_stanza_get_root (stanza);
  XmppStanza *copy;
  XmppNode *to;

  if (!visit (root, FALSE))
    return xmpp_stanza_ref (stanza);

  copy = xmpp_stanza_new (root->name, root->ns);
  to = xmpp_stanza_get_root (copy);

  for (guint i = 0; i < root->n_attributes; i++)
    xmpp_node_set_full (to, root->attributes[i].name, root->attributes[i].ns, root->attributes[i].value,
                        strlen (root->attributes[i].value));
  if (root->text != NULL)
    xmpp_node_set_text (to, root->text, -1);
  XMPP_NODE_FOREACH_CHILD (root, child)
    xmpp_node_add_copy (to, child);

  visit (to, TRUE);
  xmpp_stanza_seal (copy);

  return copy;
}
