/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-disco-info.h"

#include <string.h>

#define NS_FORM "jabber:x:data"

G_DEFINE_BOXED_TYPE (XmppDiscoInfo, xmpp_disco_info, xmpp_disco_info_ref, xmpp_disco_info_unref)

static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

static int
compare_strings (gconstpointer a,
                 gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

/* Reading */

/* Its own, not its parents': an answer in English does not make a name English (XEP-0115, 5.1). */
static const char *
get_own_lang (const XmppNode *node)
{
  for (guint i = 0; i < node->n_attributes; i++)
    {
      const XmppAttribute *attribute = &node->attributes[i];

      if (g_strcmp0 (attribute->ns, XMPP_NS_XML) == 0 && g_str_equal (attribute->name, "lang"))
        return attribute->value;
    }

  return NULL;
}

static void
identity_free (XmppIdentity *identity)
{
  g_free (identity->category);
  g_free (identity->type);
  g_free (identity->lang);
  g_free (identity->name);
  g_free (identity);
}

static void
read_identity (XmppDiscoInfo  *self,
               const XmppNode *node)
{
  const char *category = xmpp_node_get (node, "category");
  const char *type = xmpp_node_get (node, "type");
  XmppIdentity *identity;

  if (category == NULL || type == NULL)
    return;

  identity = g_new0 (XmppIdentity, 1);
  identity->category = g_strdup (category);
  identity->type = g_strdup (type);
  identity->lang = g_strdup (get_own_lang (node));
  identity->name = g_strdup (xmpp_node_get (node, "name"));
  g_ptr_array_add (self->identities, identity);
}

static const XmppNode *
find_query (XmppStanza *stanza)
{
  const XmppNode *root = xmpp_stanza_get_root (stanza);

  return xmpp_node_is (root, "query", XMPP_NS_DISCO_INFO)
         ? root : xmpp_node_get_child (root, "query", XMPP_NS_DISCO_INFO);
}

/**
 * xmpp_disco_info_new:
 * @stanza: the answer to a disco#info request, or its <query/> alone
 *
 * Returns: (transfer full) (nullable): what it says; %NULL when there is no <query/>
 */
XmppDiscoInfo *
xmpp_disco_info_new (XmppStanza *stanza)
{
  const XmppNode *query = find_query (stanza);
  g_autoptr(GPtrArray) features = NULL;
  XmppDiscoInfo *self;

  if (query == NULL)
    return NULL;

  self = g_rc_box_new0 (XmppDiscoInfo);
  self->identities = g_ptr_array_new_with_free_func ((GDestroyNotify) identity_free);
  self->stanza = xmpp_stanza_ref (stanza);

  features = g_ptr_array_new ();
  XMPP_NODE_FOREACH_CHILD (query, child)
    {
      if (xmpp_node_is (child, "identity", XMPP_NS_DISCO_INFO))
        read_identity (self, child);
      else if (xmpp_node_is (child, "feature", XMPP_NS_DISCO_INFO) && xmpp_node_get (child, "var") != NULL)
        g_ptr_array_add (features, (char *) xmpp_node_get (child, "var"));
    }

  g_ptr_array_sort (features, compare_strings);
  g_ptr_array_add (features, NULL);
  self->features = g_strdupv ((char **) features->pdata);

  return self;
}

static void
clear_info (gpointer data)
{
  XmppDiscoInfo *self = data;

  g_ptr_array_unref (self->identities);
  g_strfreev (self->features);
  xmpp_stanza_unref (self->stanza);
}

/**
 * xmpp_disco_info_ref:
 *
 * Returns: (transfer full): @self
 */
XmppDiscoInfo *
xmpp_disco_info_ref (XmppDiscoInfo *self)
{
  return g_rc_box_acquire (self);
}

/**
 * xmpp_disco_info_unref:
 * @self: (transfer full): what somebody can do
 */
void
xmpp_disco_info_unref (XmppDiscoInfo *self)
{
  g_rc_box_release_full (self, clear_info);
}

const XmppNode *
xmpp_disco_info_get_query (const XmppDiscoInfo *self)
{
  return find_query (self->stanza);
}

/**
 * xmpp_disco_info_has:
 * @feature: a namespace
 *
 * Returns: whether it is among the features (XEP-0030, 3.1)
 */
gboolean
xmpp_disco_info_has (const XmppDiscoInfo *self,
                     const char          *feature)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (feature != NULL, FALSE);

  return g_strv_contains ((const char * const *) self->features, feature);
}

/**
 * xmpp_disco_info_is:
 * @category: "conference" and so on
 * @type: (nullable): "text" and so on; %NULL: any
 *
 * Returns: whether one of the identities is of this kind
 */
gboolean
xmpp_disco_info_is (const XmppDiscoInfo *self,
                    const char          *category,
                    const char          *type)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (category != NULL, FALSE);

  for (guint i = 0; i < self->identities->len; i++)
    {
      const XmppIdentity *identity = g_ptr_array_index (self->identities, i);

      if (g_str_equal (identity->category, category) && (type == NULL || g_str_equal (identity->type, type)))
        return TRUE;
    }

  return FALSE;
}

/* Hashing (XEP-0115, 5) */

static const struct
{
  const char    *name;
  GChecksumType  type;
} hashes[] = {
  { "sha-1",   G_CHECKSUM_SHA1 },
  { "sha-256", G_CHECKSUM_SHA256 },
  { "sha-384", G_CHECKSUM_SHA384 },
  { "sha-512", G_CHECKSUM_SHA512 },
};

static const GChecksumType *
find_hash (const char *name)
{
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (hashes); i++)
    {
      if (g_str_equal (hashes[i].name, name))
        return &hashes[i].type;
    }

  return NULL;
}

gboolean
xmpp_disco_hash_is_known (const char *hash)
{
  return find_hash (hash) != NULL;
}

/* Appends "@text<"; FALSE when @text has a "<" of its own, by which two different answers could have one
 * hash (XEP-0115, 5.1).
 */
static gboolean
append (GString    *s,
        const char *text)
{
  g_string_append (s, text);
  g_string_append_c (s, '<');

  return strchr (text, '<') == NULL;
}

static int
compare_identities (gconstpointer a,
                    gconstpointer b)
{
  const XmppNode *x = *(const XmppNode * const *) a;
  const XmppNode *y = *(const XmppNode * const *) b;
  int order = strcmp (or_empty (xmpp_node_get (x, "category")), or_empty (xmpp_node_get (y, "category")));

  if (order == 0)
    order = strcmp (or_empty (xmpp_node_get (x, "type")), or_empty (xmpp_node_get (y, "type")));
  if (order == 0)
    order = strcmp (or_empty (get_own_lang (x)), or_empty (get_own_lang (y)));
  if (order == 0)
    order = strcmp (or_empty (xmpp_node_get (x, "name")), or_empty (xmpp_node_get (y, "name")));

  return order;
}

static gboolean
append_identities (GString   *s,
                   GPtrArray *identities)
{
  g_autofree char *last = NULL;

  g_ptr_array_sort (identities, compare_identities);

  for (guint i = 0; i < identities->len; i++)
    {
      const XmppNode *node = g_ptr_array_index (identities, i);
      g_autofree char *line = g_strjoin ("/", or_empty (xmpp_node_get (node, "category")),
                                         or_empty (xmpp_node_get (node, "type")),
                                         or_empty (get_own_lang (node)),
                                         or_empty (xmpp_node_get (node, "name")), NULL);

      if (g_strcmp0 (line, last) == 0 || !append (s, line))
        return FALSE;

      g_free (last);
      last = g_steal_pointer (&line);
    }

  return TRUE;
}

/* FALSE when one is there twice, if @is_set */
static gboolean
append_sorted (GString   *s,
               GPtrArray *texts,
               gboolean   is_set)
{
  g_ptr_array_sort (texts, compare_strings);

  for (guint i = 0; i < texts->len; i++)
    {
      if (is_set && i > 0 && g_str_equal (texts->pdata[i], texts->pdata[i - 1]))
        return FALSE;

      if (!append (s, texts->pdata[i]))
        return FALSE;
    }

  return TRUE;
}

/* XEP-0128 forms */

static GPtrArray *
get_values (const XmppNode *field)
{
  GPtrArray *values = g_ptr_array_new ();

  XMPP_NODE_FOREACH_CHILD (field, child)
    {
      if (xmpp_node_is (child, "value", NS_FORM))
        g_ptr_array_add (values, (char *) or_empty (child->text));
    }

  return values;
}

static const char *
get_var (const XmppNode *field)
{
  return or_empty (xmpp_node_get (field, "var"));
}

static const XmppNode *
find_form_type (const XmppNode *form)
{
  XMPP_NODE_FOREACH_CHILD (form, child)
    {
      if (xmpp_node_is (child, "field", NS_FORM) && g_str_equal (get_var (child), "FORM_TYPE"))
        return child;
    }

  return NULL;
}

/* A form with no hidden FORM_TYPE is as if it were not there (XEP-0115, 5.4, 3.6). */
static const char *
get_form_type (const XmppNode *form)
{
  const XmppNode *field = find_form_type (form);

  if (field == NULL || g_strcmp0 (xmpp_node_get (field, "type"), "hidden") != 0)
    return NULL;

  return or_empty (xmpp_node_get_child_text (field, "value", NS_FORM));
}

static gboolean
has_one_form_type (const XmppNode *form)
{
  g_autoptr(GPtrArray) values = get_values (find_form_type (form));

  for (guint i = 1; i < values->len; i++)
    {
      if (!g_str_equal (values->pdata[i], values->pdata[0]))
        return FALSE;
    }

  return TRUE;
}

static int
compare_forms (gconstpointer a,
               gconstpointer b)
{
  return strcmp (get_form_type (*(const XmppNode * const *) a), get_form_type (*(const XmppNode * const *) b));
}

static int
compare_fields (gconstpointer a,
                gconstpointer b)
{
  return strcmp (get_var (*(const XmppNode * const *) a), get_var (*(const XmppNode * const *) b));
}

static gboolean
append_form (GString        *s,
             const XmppNode *form)
{
  g_autoptr(GPtrArray) fields = g_ptr_array_new ();

  if (!has_one_form_type (form) || !append (s, get_form_type (form)))
    return FALSE;

  XMPP_NODE_FOREACH_CHILD (form, child)
    {
      if (xmpp_node_is (child, "field", NS_FORM) && !g_str_equal (get_var (child), "FORM_TYPE"))
        g_ptr_array_add (fields, child);
    }
  g_ptr_array_sort (fields, compare_fields);

  for (guint i = 0; i < fields->len; i++)
    {
      const XmppNode *field = g_ptr_array_index (fields, i);
      g_autoptr(GPtrArray) values = get_values (field);

      if (!append (s, get_var (field)) || !append_sorted (s, values, FALSE))
        return FALSE;
    }

  return TRUE;
}

static gboolean
append_forms (GString   *s,
              GPtrArray *forms)
{
  g_ptr_array_sort (forms, compare_forms);

  for (guint i = 0; i < forms->len; i++)
    {
      const XmppNode *form = g_ptr_array_index (forms, i);

      if (i > 0 && compare_forms (&forms->pdata[i - 1], &forms->pdata[i]) == 0)
        return FALSE;

      if (!append_form (s, form))
        return FALSE;
    }

  return TRUE;
}

static void
collect (const XmppNode *query,
         GPtrArray      *identities,
         GPtrArray      *features,
         GPtrArray      *forms)
{
  XMPP_NODE_FOREACH_CHILD (query, child)
    {
      if (xmpp_node_is (child, "identity", XMPP_NS_DISCO_INFO))
        g_ptr_array_add (identities, child);
      else if (xmpp_node_is (child, "feature", XMPP_NS_DISCO_INFO))
        g_ptr_array_add (features, (char *) or_empty (xmpp_node_get (child, "var")));
      else if (xmpp_node_is (child, "x", NS_FORM) && get_form_type (child) != NULL)
        g_ptr_array_add (forms, child);
    }
}

static char *
to_base64 (const GString *s,
           GChecksumType  type)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (type);
  guint8 digest[64];
  gsize length = sizeof digest;

  g_checksum_update (checksum, (const guchar *) s->str, s->len);
  g_checksum_get_digest (checksum, digest, &length);

  return g_base64_encode (digest, length);
}

/**
 * xmpp_disco_hash:
 * @query: the <query/> of an answer to disco#info
 * @hash: "sha-1" and so on
 *
 * Computes the verification string of XEP-0115, 5.1.
 *
 * Returns: (transfer full) (nullable): it; %NULL when the hash function is not known here, or @query is
 *   ill-formed (5.4): something in it twice, or a "<" by which it could pass for another
 */
char *
xmpp_disco_hash (const XmppNode *query,
                 const char     *hash)
{
  const GChecksumType *type = find_hash (hash);
  g_autoptr(GPtrArray) identities = g_ptr_array_new ();
  g_autoptr(GPtrArray) features = g_ptr_array_new ();
  g_autoptr(GPtrArray) forms = g_ptr_array_new ();
  g_autoptr(GString) s = g_string_new (NULL);

  g_return_val_if_fail (query != NULL, NULL);

  collect (query, identities, features, forms);

  if (type == NULL ||
      !append_identities (s, identities) ||
      !append_sorted (s, features, TRUE) ||
      !append_forms (s, forms))
    return NULL;

  return to_base64 (s, *type);
}
