/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-weak.h"

/* What to give as user data */
gpointer
flint_weak_new (gpointer object)
{
  GWeakRef *weak = g_new0 (GWeakRef, 1);

  g_weak_ref_init (weak, object);

  return weak;
}

/* In the callback, once: the object (transfer full), or NULL when it is gone */
gpointer
flint_weak_take (gpointer weak)
{
  gpointer object = g_weak_ref_get (weak);

  g_weak_ref_clear (weak);
  g_free (weak);

  return object;
}
