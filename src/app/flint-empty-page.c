/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-empty-page.h"

static void
on_map (AdwStatusPage *page,
        const char    *icon_name)
{
  if (adw_status_page_get_icon_name (page) == NULL)
    adw_status_page_set_icon_name (page, icon_name);
}

/**
 * flint_empty_page_set_icon:
 * @icon_name: (transfer none): one that lives as long as the program
 *
 * Gives the page its large icon when somebody sees it. GTK reads the icons of hidden pages too, and these are large:
 * they need the reader of SVG, 6 MB, which nothing else in the first windows does.
 */
void
flint_empty_page_set_icon (AdwStatusPage *page,
                           const char    *icon_name)
{
  g_return_if_fail (ADW_IS_STATUS_PAGE (page));
  g_return_if_fail (icon_name != NULL);

  g_signal_connect (page, "map", G_CALLBACK (on_map), (gpointer) icon_name);
}
