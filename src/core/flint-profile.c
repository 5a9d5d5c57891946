/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-profile.h"

#include "flint-text.h"
#include "flint-weak.h"

#define MAX_NAME 128      /* graphemes */

struct _FlintProfile
{
  GObject     parent_instance;

  XmppVcards *vcards;
  char       *name;
  GBytes     *avatar;
  char       *avatar_hash;
};

enum {
  PROP_0,
  PROP_NAME,
  PROP_AVATAR,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (FlintProfile, flint_profile, G_TYPE_OBJECT)

static void
on_card (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(FlintProfile) self = flint_weak_take (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppVcard) vcard = xmpp_vcards_get_finish (XMPP_VCARDS (source), result, &error);

  if (vcard == NULL || self == NULL)
    {
      g_debug ("There is no profile of our own: %s", error != NULL ? error->message : "we are gone");
      return;
    }

  g_free (self->name);
  self->name = flint_text_for_line (vcard->nickname != NULL ? vcard->nickname : vcard->full_name, MAX_NAME);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);

  if (g_strcmp0 (vcard->photo_hash, self->avatar_hash) == 0)
    return;

  g_free (self->avatar_hash);
  self->avatar_hash = g_strdup (vcard->photo_hash);
  g_clear_pointer (&self->avatar, g_bytes_unref);
  self->avatar = vcard->photo != NULL ? g_bytes_ref (vcard->photo) : NULL;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AVATAR]);
}

static void
flint_profile_finalize (GObject *object)
{
  FlintProfile *self = FLINT_PROFILE (object);

  g_clear_object (&self->vcards);
  g_clear_pointer (&self->avatar, g_bytes_unref);
  g_free (self->avatar_hash);
  g_free (self->name);

  G_OBJECT_CLASS (flint_profile_parent_class)->finalize (object);
}

static void
flint_profile_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  FlintProfile *self = FLINT_PROFILE (object);

  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;

    case PROP_AVATAR:
      g_value_set_boxed (value, self->avatar);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
flint_profile_class_init (FlintProfileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = flint_profile_finalize;
  object_class->get_property = flint_profile_get_property;

  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_AVATAR] = g_param_spec_boxed ("avatar", NULL, NULL, G_TYPE_BYTES, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
flint_profile_init (FlintProfile *self)
{
}

/**
 * flint_profile_new:
 * @vcards: an account's cards
 *
 * Returns: (transfer full): a profile that says nothing yet
 */
FlintProfile *
flint_profile_new (XmppVcards *vcards)
{
  FlintProfile *self = g_object_new (FLINT_TYPE_PROFILE, NULL);

  self->vcards = g_object_ref (vcards);

  return self;
}

/**
 * flint_profile_fetch:
 * @self: a profile
 *
 * Asks the server for our card. What the last one said holds until it comes, and when none comes.
 */
void
flint_profile_fetch (FlintProfile *self)
{
  g_return_if_fail (FLINT_IS_PROFILE (self));

  xmpp_vcards_get_async (self->vcards, NULL, NULL, on_card, flint_weak_new (self));
}

/**
 * flint_profile_get_name:
 * @self: a profile
 *
 * Returns: (nullable): our name; perhaps empty
 */
const char *
flint_profile_get_name (FlintProfile *self)
{
  g_return_val_if_fail (FLINT_IS_PROFILE (self), NULL);

  return self->name;
}

/**
 * flint_profile_get_avatar:
 * @self: a profile
 *
 * Returns: (transfer none) (nullable): our picture, as it came
 */
GBytes *
flint_profile_get_avatar (FlintProfile *self)
{
  g_return_val_if_fail (FLINT_IS_PROFILE (self), NULL);

  return self->avatar;
}
