/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-resources.h"

#include "xmpp-time.h"

#include <string.h>

#define NS_CAPS    "http://jabber.org/protocol/caps"
#define NS_DELAY   "urn:xmpp:delay"
#define NS_IDLE    "urn:xmpp:idle:1"
#define NS_AVATAR  "vcard-temp:x:update"

#define MAX_STATUS  4096   /* bytes that we keep */
#define MAX_CAPS    256    /* bytes of an attribute; longer ones are nobody's */
#define SHA1_DIGITS 40

/* One address */
typedef struct
{
  GPtrArray    *available;   /* of owned XmppResource, who spoke last is last */
  XmppResource *gone;        /* what the last one said when it left; NULL: nothing */
} Contact;

struct _XmppResources
{
  GHashTable *contacts;      /* owned XmppJid, by its bare address → owned Contact */
};

/* Reading */

static const char * const shows[] = {
  [XMPP_SHOW_CHAT] = "chat",
  [XMPP_SHOW_AWAY] = "away",
  [XMPP_SHOW_XA]   = "xa",
  [XMPP_SHOW_DND]  = "dnd",
};

/**
 * xmpp_show_to_string:
 * @show: how somebody is
 *
 * Returns: (nullable): the text of <show/> (RFC 6121, 4.7.2.1); %NULL for available and offline, which
 *   have none
 */
const char *
xmpp_show_to_string (XmppShow show)
{
  return show < G_N_ELEMENTS (shows) ? shows[show] : NULL;
}

/**
 * xmpp_show_from_string:
 * @text: (nullable): the text of <show/>
 *
 * Returns: what it says; available when it is absent, or a word that nobody has defined
 */
XmppShow
xmpp_show_from_string (const char *text)
{
  for (guint i = 0; text != NULL && i < G_N_ELEMENTS (shows); i++)
    {
      if (shows[i] != NULL && g_str_equal (text, shows[i]))
        return i;
    }

  return XMPP_SHOW_AVAILABLE;
}

/* Of what is no number from -128 to 127 nothing is left (RFC 6121, 4.7.2.3). */
static int
read_priority (const char *text)
{
  gboolean is_negative = text != NULL && text[0] == '-';
  guint64 value;

  if (text == NULL || !xmpp_parse_uint (text + is_negative, is_negative ? 128 : 127, &value))
    return 0;

  return is_negative ? -(int) value : (int) value;
}

static char *
read_status (const XmppNode *presence)
{
  const char *text = xmpp_node_get_child_text (presence, "status", XMPP_NS_CLIENT);
  gsize length = text != NULL ? strlen (text) : 0;

  if (length == 0)
    return NULL;

  if (length > MAX_STATUS)
    length = g_utf8_find_prev_char (text, text + MAX_STATUS + 1) - text;

  return g_strndup (text, length);
}

static gint64
read_time (const XmppNode *presence,
           const char     *child_name,
           const char     *child_ns,
           const char     *attribute,
           gint64          otherwise)
{
  const XmppNode *child = xmpp_node_get_child (presence, child_name, child_ns);
  gint64 time = otherwise;

  if (child != NULL)
    xmpp_time_parse (xmpp_node_get (child, attribute), &time);

  return time;
}

/* Thousands of contacts have the same few: they share the text. */
static char *
read_caps (const XmppNode *caps,
           const char     *attribute)
{
  const char *text = xmpp_node_get (caps, attribute);

  return text != NULL && text[0] != '\0' && strlen (text) <= MAX_CAPS ? g_ref_string_new_intern (text) : NULL;
}

static gboolean
is_sha1 (const char *text)
{
  for (guint i = 0; i < SHA1_DIGITS; i++)
    {
      if (!g_ascii_isxdigit (text[i]))
        return FALSE;
    }

  return text[SHA1_DIGITS] == '\0';
}

/* XEP-0153, 4.3: no <photo/> says nothing, an empty one that there is none */
static char *
read_avatar (const XmppNode *presence)
{
  const XmppNode *update = xmpp_node_get_child (presence, "x", NS_AVATAR);
  const XmppNode *photo = update != NULL ? xmpp_node_get_child (update, "photo", NS_AVATAR) : NULL;

  if (photo == NULL)
    return NULL;

  if (photo->text == NULL || photo->text[0] == '\0')
    return g_strdup ("");

  return is_sha1 (photo->text) ? g_ascii_strdown (photo->text, -1) : NULL;
}

/**
 * xmpp_resource_read:
 * @presence: of type unavailable, or without a type
 * @from: who sent it
 * @now: µs since 1970
 *
 * Returns: (transfer full): what it says
 */
XmppResource *
xmpp_resource_read (const XmppNode *presence,
                    XmppJid        *from,
                    gint64          now)
{
  XmppResource *self = g_new0 (XmppResource, 1);
  const XmppNode *caps = xmpp_node_get_child (presence, "c", NS_CAPS);

  self->jid = xmpp_jid_ref (from);
  self->status = read_status (presence);
  self->time = read_time (presence, "delay", NS_DELAY, "stamp", now);

  if (xmpp_node_get (presence, "type") != NULL)
    {
      self->show = XMPP_SHOW_OFFLINE;
      return self;
    }

  self->show = xmpp_show_from_string (xmpp_node_get_child_text (presence, "show", XMPP_NS_CLIENT));
  self->priority = read_priority (xmpp_node_get_child_text (presence, "priority", XMPP_NS_CLIENT));
  self->idle_since = read_time (presence, "idle", NS_IDLE, "since", 0);
  self->avatar_hash = read_avatar (presence);
  if (caps != NULL)
    {
      self->caps_node = read_caps (caps, "node");
      self->caps_ver = read_caps (caps, "ver");
      self->caps_hash = read_caps (caps, "hash");
    }

  return self;
}

/**
 * xmpp_resource_free:
 * @self: (transfer full): a resource
 */
void
xmpp_resource_free (XmppResource *self)
{
  xmpp_jid_unref (self->jid);
  g_free (self->status);
  g_clear_pointer (&self->caps_node, g_ref_string_release);
  g_clear_pointer (&self->caps_ver, g_ref_string_release);
  g_clear_pointer (&self->caps_hash, g_ref_string_release);
  g_free (self->avatar_hash);
  g_free (self);
}

/* The table */

static void
contact_free (Contact *contact)
{
  g_ptr_array_unref (contact->available);
  g_clear_pointer (&contact->gone, xmpp_resource_free);
  g_free (contact);
}

XmppResources *
xmpp_resources_new (void)
{
  XmppResources *self = g_new0 (XmppResources, 1);

  self->contacts = g_hash_table_new_full (xmpp_jid_hash_bare, xmpp_jid_equal_bare,
                                          (GDestroyNotify) xmpp_jid_unref, (GDestroyNotify) contact_free);

  return self;
}

void
xmpp_resources_free (XmppResources *self)
{
  g_hash_table_unref (self->contacts);
  g_free (self);
}

static Contact *
find (XmppResources *self,
      const XmppJid *jid)
{
  return g_hash_table_lookup (self->contacts, jid);
}

static Contact *
ensure (XmppResources *self,
        XmppJid       *jid)
{
  Contact *contact = find (self, jid);

  if (contact == NULL)
    {
      contact = g_new0 (Contact, 1);
      contact->available = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_resource_free);
      g_hash_table_insert (self->contacts, xmpp_jid_ref (jid), contact);
    }

  return contact;
}

static void
remove_device (Contact       *contact,
               const XmppJid *jid)
{
  for (guint i = 0; i < contact->available->len; i++)
    {
      const XmppResource *resource = g_ptr_array_index (contact->available, i);

      if (xmpp_jid_equal (resource->jid, jid))
        {
          g_ptr_array_remove_index (contact->available, i);
          return;
        }
    }
}

/**
 * xmpp_resources_take:
 * @resource: (transfer full): what a device says now
 *
 * A bare address that is offline takes all of its devices with it.
 */
void
xmpp_resources_take (XmppResources *self,
                     XmppResource  *resource)
{
  Contact *contact = ensure (self, resource->jid);

  g_clear_pointer (&contact->gone, xmpp_resource_free);

  if (resource->show == XMPP_SHOW_OFFLINE && xmpp_jid_is_bare (resource->jid))
    g_ptr_array_set_size (contact->available, 0);
  else
    remove_device (contact, resource->jid);

  if (resource->show == XMPP_SHOW_OFFLINE)
    {
      contact->gone = resource;
      return;
    }

  if (contact->available->len == XMPP_RESOURCES_MAX)
    g_ptr_array_remove_index (contact->available, 0);
  g_ptr_array_add (contact->available, resource);
}

/**
 * xmpp_resources_forget:
 *
 * Returns: whether there was anything to forget of @bare
 */
gboolean
xmpp_resources_forget (XmppResources *self,
                       const XmppJid *bare)
{
  return g_hash_table_remove (self->contacts, bare);
}

/**
 * xmpp_resources_clear:
 *
 * Forgets everything.
 *
 * Returns: (transfer full) (element-type XmppJid): the bare addresses that were available
 */
GPtrArray *
xmpp_resources_clear (XmppResources *self)
{
  GPtrArray *jids = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_jid_unref);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->contacts);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Contact *contact = value;

      if (contact->available->len > 0)
        {
          const XmppResource *resource = g_ptr_array_index (contact->available, 0);

          g_ptr_array_add (jids, xmpp_jid_get_bare (resource->jid));
        }
      g_hash_table_iter_remove (&iter);
    }

  return jids;
}

/* Smack's order: the highest priority, then who is more ready to talk, and then who spoke last */
static int
compare (const XmppResource *a,
         const XmppResource *b)
{
  if (a->priority != b->priority)
    return b->priority - a->priority;

  if (a->show != b->show)
    return (int) a->show - (int) b->show;

  return (a->time < b->time) - (a->time > b->time);
}

static int
compare_pointers (gconstpointer a,
                  gconstpointer b)
{
  return compare (*(XmppResource * const *) a, *(XmppResource * const *) b);
}

/**
 * xmpp_resources_get_best:
 *
 * Returns: (nullable): the device of @bare that we would rather talk to; when all are offline, what the
 *   last one said when it left, or %NULL
 */
const XmppResource *
xmpp_resources_get_best (XmppResources *self,
                         const XmppJid *bare)
{
  const Contact *contact = find (self, bare);
  const XmppResource *best = NULL;

  if (contact == NULL)
    return NULL;

  for (guint i = 0; i < contact->available->len; i++)
    {
      const XmppResource *resource = g_ptr_array_index (contact->available, i);

      if (best == NULL || compare (resource, best) <= 0)
        best = resource;
    }

  return best != NULL ? best : contact->gone;
}

/**
 * xmpp_resources_get_all:
 *
 * Returns: (transfer container) (element-type XmppResource): who is available, the best first
 */
GPtrArray *
xmpp_resources_get_all (XmppResources *self,
                        const XmppJid *bare)
{
  const Contact *contact = find (self, bare);
  GPtrArray *all = g_ptr_array_new ();

  /* The latest first: the sort is stable, so they win a tie */
  for (guint i = contact != NULL ? contact->available->len : 0; i > 0; i--)
    g_ptr_array_add (all, g_ptr_array_index (contact->available, i - 1));

  g_ptr_array_sort (all, compare_pointers);

  return all;
}
