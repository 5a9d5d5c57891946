/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-toast.h"

/**
 * flint_toast_show:
 * @overlay: an AdwToastOverlay
 * @text: a sentence, never markup
 */
void
flint_toast_show (GtkWidget  *overlay,
                  const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_return_if_fail (ADW_IS_TOAST_OVERLAY (overlay));

  /* AdwToast 1.2 takes its title for markup */
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), adw_toast_new (escaped));
}
