/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-error.h"
#include "xmpp-jid.h"
#include "xmpp-prepare.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* One block: the whole text, the bare text (where there is a resource) and the local part, each ended
 * by a NUL; the domain is the end of the bare text, the resource the end of the whole.
 */
struct _XmppJid
{
  gatomicrefcount ref_count;
  guint           hash;        /* 0: not asked for yet; so is the next */
  guint           bare_hash;
  guint           bare;        /* where in text it begins */
  guint           domain;
  guint           local;       /* 0: none, for the whole text is there */
  guint           resource;    /* 0: none */
  guint           size;        /* of the whole text */
  guint           bare_size;
  gboolean        is_opaque;
  char            text[];
};

typedef struct
{
  const char *text;
  gsize       size;
} Part;

G_DEFINE_BOXED_TYPE (XmppJid, xmpp_jid, xmpp_jid_ref, xmpp_jid_unref)

static char *
append (char       *to,
        const Part *part)
{
  memcpy (to, part->text, part->size);

  return to + part->size;
}

/* A part without text is not there. */
static XmppJid *
jid_new (const Part *local,
         const Part *domain,
         const Part *resource,
         gboolean    is_opaque)
{
  gsize local_size = local->text != NULL ? local->size + 1 : 0;
  gsize bare_size = local_size + domain->size;
  gsize size = bare_size + (resource->text != NULL ? resource->size + 1 : 0);
  XmppJid *self = g_malloc (sizeof *self + size + 1 + bare_size + 1 + local_size);
  char *end = self->text;

  g_atomic_ref_count_init (&self->ref_count);
  self->hash = 0;
  self->bare_hash = 0;
  self->is_opaque = is_opaque;
  self->size = size;
  self->bare_size = bare_size;
  self->bare = 0;
  self->local = 0;
  self->resource = 0;

  if (local->text != NULL)
    {
      end = append (end, local);
      *end++ = '@';
    }
  end = append (end, domain);

  if (resource->text != NULL)
    {
      *end++ = '/';
      self->resource = end - self->text;
      end = append (end, resource);
      *end++ = '\0';
      self->bare = end - self->text;
      memcpy (end, self->text, bare_size);
      end += bare_size;
    }

  *end++ = '\0';
  self->domain = self->bare + local_size;

  if (local->text != NULL)
    {
      self->local = end - self->text;
      end = append (end, local);
      *end = '\0';
    }

  return self;
}

/* The first “/” ends the domain, and an “@” before it begins it (RFC 7622, 3.1) */
static void
split (const char *text,
       Part       *local,
       Part       *domain,
       Part       *resource)
{
  gsize size = strlen (text);
  const char *slash = memchr (text, '/', size);
  gsize bare_size = slash != NULL ? (gsize) (slash - text) : size;
  const char *at = memchr (text, '@', bare_size);

  *local = (Part) { at != NULL ? text : NULL, at != NULL ? at - text : 0 };
  domain->text = at != NULL ? at + 1 : text;
  domain->size = text + bare_size - domain->text;
  *resource = (Part) { slash != NULL ? slash + 1 : NULL, slash != NULL ? text + size - slash - 1 : 0 };
}

/* The plain part that *text begins with, which then begins with what is after it */
static gboolean
take_plain (XmppPart      kind,
            const char  **text,
            Part         *part)
{
  const char *end = xmpp_part_skip_plain (kind, *text);

  if (end == NULL)
    return FALSE;

  *part = (Part) { *text, end - *text };
  *text = end;

  return TRUE;
}

/* The quick way for nearly every address there is: as split (), where each part is prepared already */
static gboolean
split_plain (const char *text,
             Part       *local,
             Part       *domain,
             Part       *resource)
{
  const char *rest = text;

  *resource = (Part) { NULL, 0 };

  /* Without an “@” it was the domain */
  if (!take_plain (XMPP_PART_LOCAL, &rest, local))
    return FALSE;

  if (*rest == '@')
    text = rest + 1;
  else
    *local = (Part) { NULL, 0 };

  if (!take_plain (XMPP_PART_DOMAIN, &text, domain))
    return FALSE;

  if (*text == '/')
    {
      text++;
      if (!take_plain (XMPP_PART_RESOURCE, &text, resource))
        return FALSE;
    }

  return *text == '\0';
}

static gboolean
prepare (XmppPart   kind,
         Part      *part,
         gboolean   is_typed,
         char      *buffer,
         GError   **error)
{
  gssize size;

  if (part->text == NULL || xmpp_part_is_plain (kind, part->text, part->size))
    return TRUE;

  size = xmpp_part_prepare (kind, part->text, part->size, is_typed, buffer, error);
  if (size < 0)
    return FALSE;

  *part = (Part) { buffer, size };

  return TRUE;
}

static XmppJid *
new_typed (Part    local,
           Part    domain,
           Part    resource,
           GError **error)
{
  char buffers[3][XMPP_PART_MAX + 1];

  if (!prepare (XMPP_PART_LOCAL, &local, TRUE, buffers[0], error) ||
      !prepare (XMPP_PART_DOMAIN, &domain, TRUE, buffers[1], error) ||
      !prepare (XMPP_PART_RESOURCE, &resource, TRUE, buffers[2], error))
    return NULL;

  return jid_new (&local, &domain, &resource, FALSE);
}

static Part
part_of (const char *text)
{
  return (Part) { text, text != NULL ? strlen (text) : 0 };
}

/**
 * xmpp_jid_new:
 * @text: (nullable): an address that a person or a program of ours wrote
 * @error: XMPP_ERROR_INVALID_ADDRESS, with a sentence for a person
 *
 * Returns: (nullable) (transfer full): the address, prepared (RFC 6122, 2)
 */
XmppJid *
xmpp_jid_new (const char  *text,
              GError     **error)
{
  Part local, domain, resource;

  if (text == NULL || *text == '\0')
    {
      g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_INVALID_ADDRESS,
                           _("An address looks like name@server."));
      return NULL;
    }

  split (text, &local, &domain, &resource);

  return new_typed (local, domain, resource, error);
}

/**
 * xmpp_jid_new_from_parts:
 * @local: (nullable): the name before the @; %NULL: none
 * @domain: the server
 * @resource: (nullable): what stands after the /; %NULL: none
 * @error: XMPP_ERROR_INVALID_ADDRESS, with a sentence for a person
 *
 * Returns: (nullable) (transfer full): the address, prepared
 */
XmppJid *
xmpp_jid_new_from_parts (const char  *local,
                         const char  *domain,
                         const char  *resource,
                         GError     **error)
{
  return new_typed (part_of (local), part_of (domain != NULL ? domain : ""), part_of (resource), error);
}

/**
 * xmpp_jid_new_received:
 * @text: (nullable): an address as it came over the network or out of a file
 *
 * What the sender did not prepare is prepared here. What cannot be prepared is kept as it came and
 * is opaque: all of it, or the resource alone, for a room's address says something even when an
 * occupant's name does not.
 *
 * Returns: (nullable) (transfer full): the address; %NULL only where there is no text
 */
XmppJid *
xmpp_jid_new_received (const char *text)
{
  char buffers[3][XMPP_PART_MAX + 1];
  const Part none = { NULL, 0 };
  Part local, domain, resource;
  Part whole;

  if (text == NULL || *text == '\0')
    return NULL;

  if (split_plain (text, &local, &domain, &resource))
    return jid_new (&local, &domain, &resource, FALSE);

  split (text, &local, &domain, &resource);

  if (!prepare (XMPP_PART_LOCAL, &local, FALSE, buffers[0], NULL) ||
      !prepare (XMPP_PART_DOMAIN, &domain, FALSE, buffers[1], NULL) ||
      (resource.text != NULL && resource.size == 0))
    {
      whole = part_of (text);
      return jid_new (&none, &whole, &none, TRUE);
    }

  return jid_new (&local, &domain, &resource,
                  !prepare (XMPP_PART_RESOURCE, &resource, FALSE, buffers[2], NULL));
}

/**
 * xmpp_jid_ref:
 *
 * Returns: (transfer full): @self, for one owner more; any thread may have one
 */
XmppJid *
xmpp_jid_ref (XmppJid *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * xmpp_jid_unref:
 * @self: (transfer full): an address
 *
 * The last owner frees it.
 */
void
xmpp_jid_unref (XmppJid *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->ref_count))
    g_free (self);
}

/**
 * xmpp_jid_get_local:
 *
 * Returns: (nullable): what stands before the @: a user's name, a room's
 */
const char *
xmpp_jid_get_local (const XmppJid *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->local != 0 ? self->text + self->local : NULL;
}

/**
 * xmpp_jid_get_domain:
 *
 * Returns: the server, in Unicode; the whole bare text of an address that could not be read
 */
const char *
xmpp_jid_get_domain (const XmppJid *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->text + self->domain;
}

/**
 * xmpp_jid_get_resource:
 *
 * Returns: (nullable): what stands after the first /: a device, or an occupant's name in a room
 */
const char *
xmpp_jid_get_resource (const XmppJid *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->resource != 0 ? self->text + self->resource : NULL;
}

/**
 * xmpp_jid_get_text:
 *
 * Returns: the whole address
 */
const char *
xmpp_jid_get_text (const XmppJid *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->text;
}

/**
 * xmpp_jid_get_bare_text:
 *
 * Returns: the address without its resource
 */
const char *
xmpp_jid_get_bare_text (const XmppJid *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->text + self->bare;
}

/**
 * xmpp_jid_get_ascii_domain:
 *
 * Returns: (transfer full): the server as the DNS and certificates write it: in A-labels, and an
 *   IPv6 address without its brackets
 */
char *
xmpp_jid_get_ascii_domain (const XmppJid *self)
{
  const char *domain = xmpp_jid_get_domain (self);
  char *ascii;

  if (domain == NULL)
    return NULL;

  if (*domain == '[' && g_str_has_suffix (domain, "]"))
    return g_strndup (domain + 1, strlen (domain) - 2);

  ascii = xmpp_domain_to_ascii (domain);

  return ascii != NULL ? ascii : g_strdup (domain);
}

/**
 * xmpp_jid_get_bare:
 *
 * Returns: (transfer full): the address without its resource: @self when there is none
 */
XmppJid *
xmpp_jid_get_bare (XmppJid *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->resource == 0 ? xmpp_jid_ref (self) : xmpp_jid_with_resource (self, NULL, NULL);
}

/**
 * xmpp_jid_with_resource:
 * @resource: (nullable): %NULL: none
 * @error: XMPP_ERROR_INVALID_ADDRESS, with a sentence for a person
 *
 * Returns: (nullable) (transfer full): the same account or room, with this device or occupant
 */
XmppJid *
xmpp_jid_with_resource (const XmppJid  *self,
                        const char     *resource,
                        GError        **error)
{
  char buffer[XMPP_PART_MAX + 1];
  Part local, domain, added;

  g_return_val_if_fail (self != NULL, NULL);

  local = part_of (xmpp_jid_get_local (self));
  domain = part_of (xmpp_jid_get_domain (self));
  added = part_of (resource);

  if (!prepare (XMPP_PART_RESOURCE, &added, TRUE, buffer, error))
    return NULL;

  return jid_new (&local, &domain, &added, self->is_opaque && self->resource == 0);
}

/**
 * xmpp_jid_is_bare:
 *
 * Returns: whether there is no resource: an account, a room or a server
 */
gboolean
xmpp_jid_is_bare (const XmppJid *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->resource == 0;
}

/**
 * xmpp_jid_is_opaque:
 *
 * Returns: whether it was received and could not be prepared: show it with care
 */
gboolean
xmpp_jid_is_opaque (const XmppJid *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_opaque;
}

/* Eight bytes at a time: each address that comes in is looked for in several tables */
static guint
hash_text (const char *text,
           gsize       size)
{
  const guint64 prime = G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);
  guint64 hash = size;
  guint64 word;

  for (; size >= sizeof word; size -= sizeof word, text += sizeof word)
    {
      memcpy (&word, text, sizeof word);
      hash = (hash ^ word) * prime;
      hash ^= hash >> 32;
    }

  for (; size > 0; size--, text++)
    hash = (hash ^ (guchar) *text) * prime;

  return MAX (hash >> 32, 1);
}

/**
 * xmpp_jid_hash:
 * @self: (type XmppJid): an address
 *
 * Returns: a hash for tables that compare by xmpp_jid_equal()
 */
guint
xmpp_jid_hash (gconstpointer self)
{
  XmppJid *jid = (XmppJid *) self;

  if (jid->hash == 0)
    jid->hash = hash_text (jid->text, jid->size);

  return jid->hash;
}

/**
 * xmpp_jid_hash_bare:
 * @self: (type XmppJid): an address
 *
 * Returns: a hash for tables that compare by xmpp_jid_equal_bare(), where any device finds its account
 */
guint
xmpp_jid_hash_bare (gconstpointer self)
{
  XmppJid *jid = (XmppJid *) self;

  if (jid->bare_hash == 0)
    jid->bare_hash = hash_text (jid->text, jid->bare_size);

  return jid->bare_hash;
}

/**
 * xmpp_jid_equal:
 * @a: (nullable) (type XmppJid): an address
 * @b: (nullable) (type XmppJid): another
 *
 * Returns: whether both are the same address; an opaque one equals only the same bytes
 */
gboolean
xmpp_jid_equal (gconstpointer a,
                gconstpointer b)
{
  const XmppJid *one = a;
  const XmppJid *two = b;

  return one == two ||
         (one != NULL && two != NULL && one->size == two->size && one->is_opaque == two->is_opaque &&
          memcmp (one->text, two->text, one->size) == 0);
}

/**
 * xmpp_jid_equal_bare:
 * @a: (nullable) (type XmppJid): an address
 * @b: (nullable) (type XmppJid): another
 *
 * Returns: whether both are the same but for the resource
 */
gboolean
xmpp_jid_equal_bare (gconstpointer a,
                     gconstpointer b)
{
  const XmppJid *one = a;
  const XmppJid *two = b;

  if (one == NULL || two == NULL)
    return one == two;

  return one->bare_size == two->bare_size &&
         (one->is_opaque && one->resource == 0) == (two->is_opaque && two->resource == 0) &&
         memcmp (one->text, two->text, one->bare_size) == 0;
}

/* XEP-0106: what a name may have and an address may not */
static const char escapable[] = " \"&'/:<>@\\";

/* The character that \xx at @text stands for, or NUL */
static char
get_escaped (const char *text)
{
  int high, low;
  char c;

  if (text[0] != '\\' || (high = g_ascii_xdigit_value (text[1])) < 0 ||
      (low = g_ascii_xdigit_value (text[2])) < 0 || g_ascii_isupper (text[2]))
    return '\0';

  c = high * 16 + low;

  return c != '\0' && strchr (escapable, c) != NULL ? c : '\0';
}

/**
 * xmpp_jid_unescape_local:
 *
 * Returns: (nullable) (transfer full): the name before the @ as a person writes it: `call\20me` is
 *   “call me” (XEP-0106). For display only: addresses are compared as they are.
 */
char *
xmpp_jid_unescape_local (const XmppJid *self)
{
  const char *local = xmpp_jid_get_local (self);
  GString *text;

  if (local == NULL)
    return NULL;

  text = g_string_sized_new (strlen (local));

  for (const char *p = local; *p != '\0'; p++)
    {
      char c = get_escaped (p);

      /* A space cannot begin or end a name (XEP-0106, 4.2) */
      if (c == '\0' || (c == ' ' && (p == local || p[3] == '\0')))
        {
          g_string_append_c (text, *p);
          continue;
        }

      g_string_append_c (text, c);
      p += 2;
    }

  return g_string_free (text, FALSE);
}

/**
 * xmpp_jid_escape_local:
 * @text: a name as a person writes it
 *
 * Returns: (transfer full): the name as an address can have it: “call me” is `call\20me` (XEP-0106).
 *   Spaces at the ends are dropped, for nothing stands for them.
 */
char *
xmpp_jid_escape_local (const char *text)
{
  g_autofree char *name = NULL;
  GString *escaped;

  g_return_val_if_fail (text != NULL, NULL);

  name = g_strstrip (g_strdup (text));
  escaped = g_string_sized_new (strlen (name));

  for (const char *p = name; *p != '\0'; p++)
    {
      /* A backslash only where it would be read as an escape (XEP-0106, 4.3) */
      gboolean is_needed = *p == '\\' ? get_escaped (p) != '\0' : strchr (escapable, *p) != NULL;

      if (is_needed)
        g_string_append_printf (escaped, "\\%02x", *p);
      else
        g_string_append_c (escaped, *p);
    }

  return g_string_free (escaped, FALSE);
}
