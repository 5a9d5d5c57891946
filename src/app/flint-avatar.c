/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-avatar.h"

#define MAX_SIDE 1024   /* pixels; security.md, T084 */

/* Decoding happens once a picture: the texture stays with its bytes' owner, the contact. */
static void
on_size (GdkPixbufLoader *loader,
         int              width,
         int              height,
         gboolean        *is_too_large)
{
  if (width <= MAX_SIDE && height <= MAX_SIDE)
    return;

  *is_too_large = TRUE;
  gdk_pixbuf_loader_set_size (loader, 0, 0);
}

static GdkPaintable *
decode (GBytes *picture)
{
  g_autoptr(GdkPixbufLoader) loader = gdk_pixbuf_loader_new ();
  g_autoptr(GError) error = NULL;
  gboolean is_too_large = FALSE;
  GdkPixbuf *pixbuf;
  gboolean ok;

  g_signal_connect (loader, "size-prepared", G_CALLBACK (on_size), &is_too_large);
  ok = gdk_pixbuf_loader_write_bytes (loader, picture, &error);
  ok = gdk_pixbuf_loader_close (loader, ok ? &error : NULL) && ok;
  pixbuf = gdk_pixbuf_loader_get_pixbuf (loader);

  if (!ok || is_too_large || pixbuf == NULL)
    {
      g_debug ("An avatar cannot be shown: %s", error != NULL ? error->message : "too large");
      return NULL;
    }

  return GDK_PAINTABLE (gdk_texture_new_for_pixbuf (pixbuf));
}

/**
 * flint_avatar_set_bytes:
 * @name: for the initials
 * @picture: (nullable): an encoded picture of a kind that the engine has let through
 */
void
flint_avatar_set_bytes (AdwAvatar  *avatar,
                        const char *name,
                        GBytes     *picture)
{
  g_autoptr(GdkPaintable) paintable = picture != NULL ? decode (picture) : NULL;

  adw_avatar_set_text (avatar, name);
  adw_avatar_set_custom_image (avatar, paintable);
}

/**
 * flint_avatar_set_contact:
 *
 * Shows a contact's picture, or the initials of the name.
 */
void
flint_avatar_set_contact (AdwAvatar    *avatar,
                          FlintContact *contact)
{
  g_autoptr(GBytes) picture = NULL;
  GdkPaintable *paintable = NULL;

  g_object_get (contact, "avatar", &picture, NULL);
  adw_avatar_set_text (avatar, flint_contact_get_name (contact));

  if (picture != NULL)
    {
      paintable = g_object_get_data (G_OBJECT (contact), "flint-avatar");

      if (paintable == NULL || g_object_get_data (G_OBJECT (contact), "flint-avatar-bytes") != picture)
        {
          paintable = decode (picture);
          g_object_set_data_full (G_OBJECT (contact), "flint-avatar", paintable, paintable != NULL ? g_object_unref : NULL);
          g_object_set_data_full (G_OBJECT (contact), "flint-avatar-bytes", g_bytes_ref (picture), (GDestroyNotify) g_bytes_unref);
        }
    }

  if (adw_avatar_get_custom_image (avatar) != paintable)
    adw_avatar_set_custom_image (avatar, paintable);
}
