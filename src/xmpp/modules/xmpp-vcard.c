/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0054: vcard-temp, and XEP-0153: vCard-Based Avatars */

#include "flint-config.h"

#include "xmpp-vcard.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define NS_VCARD "vcard-temp"

/* Bytes of a picture, and of what encodes it with a line break every few characters */
#define MAX_PHOTO      (256 * 1024)
#define MAX_PHOTO_TEXT (MAX_PHOTO / 3 * 4 * 2)

/* Characters of each line, and of the longer text */
#define MAX_LINE        256
#define MAX_DESCRIPTION 4096

/* Avatars that may be asked for at once, and how long until one more may be: 60 a minute */
#define AVATAR_TOKENS  60
#define AVATAR_REFILL  G_TIME_SPAN_SECOND

/* How many pictures that were no good are remembered, and how long */
#define MAX_BAD_HASHES 1024
#define BAD_HASH_LIFE  G_TIME_SPAN_DAY

struct _XmppVcards
{
  XmppModule parent_instance;

  guint       tokens;        /* avatars that may be asked for now */
  gint64      last_refill;   /* monotonic µs */
  GHashTable *bad_hashes;    /* owned hash → owned gint64: until when, monotonic µs */
};

G_DEFINE_FINAL_TYPE (XmppVcards, xmpp_vcards, XMPP_TYPE_MODULE)
G_DEFINE_BOXED_TYPE (XmppVcard, xmpp_vcard, xmpp_vcard_ref, xmpp_vcard_unref)

static void
vcard_clear (gpointer data)
{
  XmppVcard *self = data;

  g_free (self->full_name);
  g_free (self->nickname);
  g_free (self->email);
  g_free (self->phone);
  g_free (self->organization);
  g_free (self->unit);
  g_free (self->title);
  g_free (self->role);
  g_free (self->url);
  g_free (self->birthday);
  g_free (self->description);
  g_clear_pointer (&self->photo, g_bytes_unref);
  g_free (self->photo_hash);
}

/* Strangers' text: no more than what fits, and nothing for nothing */
static char *
copy_text (const char *text,
           glong       max)
{
  g_autofree char *copy = NULL;

  if (text == NULL)
    return NULL;

  copy = g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), max));
  g_strstrip (copy);

  return *copy != '\0' ? g_steal_pointer (&copy) : NULL;
}

static char *
read_line (const XmppNode *parent,
           const char     *name)
{
  return parent != NULL ? copy_text (xmpp_node_get_child_text (parent, name, NS_VCARD), MAX_LINE) : NULL;
}

/* There may be several of one kind: the first one that says something. Some clients write the address
 * into <EMAIL/> itself.
 */
static char *
read_first (const XmppNode *vcard,
            const char     *name,
            const char     *inner)
{
  char *found = NULL;

  XMPP_NODE_FOREACH_CHILD (vcard, child)
    {
      if (found != NULL)
        break;

      if (!xmpp_node_is (child, name, NS_VCARD))
        continue;

      found = child->first_child != NULL ? read_line (child, inner) : copy_text (child->text, MAX_LINE);
    }

  return found;
}

/* Only the bytes count: not the type that is claimed, and never an address to fetch it from (EXTVAL;
 * security.md, T085 and T094).
 */
static void
read_photo (const XmppNode *vcard,
            XmppVcard      *self)
{
  const XmppNode *photo = xmpp_node_get_child (vcard, "PHOTO", NS_VCARD);
  const char *text = photo != NULL ? xmpp_node_get_child_text (photo, "BINVAL", NS_VCARD) : NULL;
  g_autoptr(GBytes) bytes = NULL;
  guchar *data;
  gsize length;

  if (text == NULL || strlen (text) > MAX_PHOTO_TEXT)
    return;

  data = g_base64_decode (text, &length);
  bytes = g_bytes_new_take (data, length);
  if (length > MAX_PHOTO || (self->photo_type = xmpp_image_type (bytes)) == NULL)
    return;

  self->photo_hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, bytes);
  self->photo = g_steal_pointer (&bytes);
}

static XmppVcard *
parse_vcard (const XmppNode *vcard)
{
  XmppVcard *self = g_rc_box_new0 (XmppVcard);
  const XmppNode *organization;

  if (vcard == NULL)
    return self;

  organization = xmpp_node_get_child (vcard, "ORG", NS_VCARD);

  self->full_name = read_line (vcard, "FN");
  self->nickname = read_line (vcard, "NICKNAME");
  self->email = read_first (vcard, "EMAIL", "USERID");
  self->phone = read_first (vcard, "TEL", "NUMBER");
  self->organization = read_line (organization, "ORGNAME");
  self->unit = read_line (organization, "ORGUNIT");
  self->title = read_line (vcard, "TITLE");
  self->role = read_line (vcard, "ROLE");
  self->url = read_line (vcard, "URL");
  self->birthday = read_line (vcard, "BDAY");
  self->description = copy_text (xmpp_node_get_child_text (vcard, "DESC", NS_VCARD), MAX_DESCRIPTION);
  read_photo (vcard, self);

  return self;
}

static void
on_vcard (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  g_autoptr(XmppStanza) answer = xmpp_session_request_finish (XMPP_SESSION (object), result, &error);

  if (answer == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task,
                           parse_vcard (xmpp_node_get_child (xmpp_stanza_get_root (answer), "vCard", NS_VCARD)),
                           (GDestroyNotify) xmpp_vcard_unref);
}

static void
xmpp_vcards_finalize (GObject *object)
{
  XmppVcards *self = XMPP_VCARDS (object);

  g_clear_pointer (&self->bad_hashes, g_hash_table_unref);

  G_OBJECT_CLASS (xmpp_vcards_parent_class)->finalize (object);
}

static void
xmpp_vcards_class_init (XmppVcardsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xmpp_vcards_finalize;
}

static void
xmpp_vcards_init (XmppVcards *self)
{
  self->tokens = AVATAR_TOKENS;
  self->bad_hashes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * xmpp_vcard_ref:
 * @self: a vCard
 *
 * Returns: (transfer full): @self
 */
XmppVcard *
xmpp_vcard_ref (XmppVcard *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_rc_box_acquire (self);
}

/**
 * xmpp_vcard_unref:
 * @self: (transfer full): a vCard
 */
void
xmpp_vcard_unref (XmppVcard *self)
{
  g_return_if_fail (self != NULL);

  g_rc_box_release_full (self, vcard_clear);
}

/**
 * xmpp_image_type:
 * @bytes: what should be a picture
 *
 * Looks at the first bytes, so that nothing is handed to a decoder that we do not want to meet: no SVG, no
 * XPM, whatever the type that was claimed (security.md, 5.6).
 *
 * Returns: (nullable): image/png, image/jpeg, image/gif or image/webp; %NULL for everything else
 */
const char *
xmpp_image_type (GBytes *bytes)
{
  static const struct
  {
    const char *type;
    gsize       offset;
    gsize       length;
    const char *magic;
  } kinds[] = {
    { "image/png",  0, 8, "\211PNG\r\n\032\n" },
    { "image/jpeg", 0, 3, "\377\330\377" },
    { "image/gif",  0, 6, "GIF87a" },
    { "image/gif",  0, 6, "GIF89a" },
    { "image/webp", 8, 4, "WEBP" },
  };
  const guint8 *data;
  gsize length;

  g_return_val_if_fail (bytes != NULL, NULL);

  data = g_bytes_get_data (bytes, &length);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (length < kinds[i].offset + kinds[i].length ||
          memcmp (data + kinds[i].offset, kinds[i].magic, kinds[i].length) != 0)
        continue;

      if (kinds[i].offset == 0 || memcmp (data, "RIFF", 4) == 0)
        return kinds[i].type;
    }

  return NULL;
}

/**
 * xmpp_vcards_get_async:
 * @self: the vCards of a session
 * @jid: (nullable): whose, bare; of an occupant of a room the full address; %NULL for our own
 * @cancellable: (nullable): to stop
 * @callback: when it has come, or not
 * @user_data: for @callback
 *
 * Asks what somebody says about himself (XEP-0054, 3.1). Without a limit to how often: for a window that
 * somebody opened.
 */
void
xmpp_vcards_get_async (XmppVcards          *self,
                       XmppJid             *jid,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  XmppSession *session;
  g_autoptr(GTask) task = NULL;
  g_autoptr(XmppStanza) iq = NULL;
  gboolean is_own;

  g_return_if_fail (XMPP_IS_VCARDS (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xmpp_vcards_get_async);

  session = xmpp_module_get_session (XMPP_MODULE (self));
  is_own = jid == NULL || xmpp_jid_equal (jid, xmpp_session_get_jid (session));

  iq = xmpp_stanza_new_iq ("get", is_own ? NULL : xmpp_jid_get_text (jid));
  xmpp_node_add (xmpp_stanza_get_root (iq), "vCard", NS_VCARD);
  xmpp_session_request_async (session, iq, cancellable, on_vcard, g_steal_pointer (&task));
}

/**
 * xmpp_vcards_get_finish:
 * @self: the vCards of a session
 * @result: as the callback got it
 * @error: why there is none; %XMPP_STANZA_ERROR_ITEM_NOT_FOUND: there is none
 *
 * Returns: (transfer full): what was said; nothing of it is proven
 */
XmppVcard *
xmpp_vcards_get_finish (XmppVcards    *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gint64
now (XmppVcards *self)
{
  return xmpp_clock_get_monotonic (xmpp_session_get_clock (xmpp_module_get_session (XMPP_MODULE (self))));
}

/* T086: a room of thousands that change their pictures each minute makes us ask for 60 of them. */
static gboolean
take_token (XmppVcards *self)
{
  gint64 time = now (self);
  gint64 due = (time - self->last_refill) / AVATAR_REFILL;

  if (due > 0)
    {
      self->tokens = MIN (self->tokens + MIN (due, AVATAR_TOKENS), AVATAR_TOKENS);
      self->last_refill += due * AVATAR_REFILL;
    }

  if (self->tokens == 0)
    return FALSE;

  self->tokens--;

  return TRUE;
}

static gboolean
is_bad (XmppVcards *self,
        const char *hash)
{
  const gint64 *until = g_hash_table_lookup (self->bad_hashes, hash);

  if (until == NULL)
    return FALSE;

  if (*until > now (self))
    return TRUE;

  g_hash_table_remove (self->bad_hashes, hash);

  return FALSE;
}

static void
remember_bad (XmppVcards *self,
              const char *hash)
{
  gint64 until = now (self) + BAD_HASH_LIFE;

  if (g_hash_table_size (self->bad_hashes) >= MAX_BAD_HASHES)
    g_hash_table_remove_all (self->bad_hashes);

  g_hash_table_insert (self->bad_hashes, g_strdup (hash), g_memdup2 (&until, sizeof until));
}

/* 40 digits, in lower case as we compute them; NULL: no SHA-1 */
static char *
normalise_hash (const char *hash)
{
  if (strlen (hash) != 40 || strspn (hash, "0123456789abcdefABCDEF") != 40)
    return NULL;

  return g_ascii_strdown (hash, -1);
}

static void
on_avatar (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  XmppVcards *self = XMPP_VCARDS (object);
  g_autoptr(GTask) task = user_data;
  const char *hash = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(XmppVcard) vcard = xmpp_vcards_get_finish (self, result, &error);

  if (vcard == NULL)
    {
      g_task_return_error (task, error);
    }
  else if (g_strcmp0 (vcard->photo_hash, hash) != 0)
    {
      remember_bad (self, hash);
      g_task_return_new_error (task, XMPP_ERROR, XMPP_ERROR_FAILED,
                               _("The picture is not the one that was announced"));
    }
  else
    {
      g_task_return_pointer (task, g_bytes_ref (vcard->photo), (GDestroyNotify) g_bytes_unref);
    }
}

/**
 * xmpp_vcards_get_avatar_async:
 * @self: the vCards of a session
 * @jid: whose, as in xmpp_vcards_get_async ()
 * @hash: what the presence of @jid announced (XEP-0153, 3.2)
 * @cancellable: (nullable): to stop
 * @callback: when it has come, or not
 * @user_data: for @callback
 *
 * Asks for the picture of somebody who is on the screen. 60 may be asked for in a minute; more fail with
 * %XMPP_ERROR_LIMIT at once, and may be tried later. One that was no good is not asked for again in a day.
 */
void
xmpp_vcards_get_avatar_async (XmppVcards          *self,
                              XmppJid             *jid,
                              const char          *hash,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *normal = NULL;

  g_return_if_fail (XMPP_IS_VCARDS (self));
  g_return_if_fail (jid != NULL && hash != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xmpp_vcards_get_avatar_async);

  normal = normalise_hash (hash);
  if (normal == NULL || is_bad (self, normal))
    {
      g_task_return_new_error (task, XMPP_ERROR, XMPP_ERROR_FAILED, _("There is no such picture"));
      return;
    }

  if (!take_token (self))
    {
      g_task_return_new_error (task, XMPP_ERROR, XMPP_ERROR_LIMIT, _("Too many pictures were asked for. Try again later"));
      return;
    }

  g_task_set_task_data (task, g_steal_pointer (&normal), g_free);
  xmpp_vcards_get_async (self, jid, cancellable, on_avatar, g_steal_pointer (&task));
}

/**
 * xmpp_vcards_get_avatar_finish:
 * @self: the vCards of a session
 * @result: as the callback got it
 * @error: why there is none
 *
 * Returns: (transfer full): the picture: PNG, JPEG, GIF or WebP of at most 256 KiB, with the hash that
 *   was asked for. It is not decoded yet: look at its width and height first.
 */
GBytes *
xmpp_vcards_get_avatar_finish (XmppVcards    *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
