/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLINT_TYPE_LINK_LABEL (flint_link_label_get_type ())

/* Text of others, wrapped and selectable, with the links in it working, and without any markup: what
 * a link opens is always what it says. "text"; "max-width-chars".
 */
G_DECLARE_FINAL_TYPE (FlintLinkLabel, flint_link_label, FLINT, LINK_LABEL, GtkWidget)

GtkWidget  *flint_link_label_new        (void);
void        flint_link_label_set_text   (FlintLinkLabel *self,
                                         const char     *text);
void        flint_link_label_set_extra  (FlintLinkLabel *self,
                                         PangoAttrList  *extra);
const char *flint_link_label_get_text   (FlintLinkLabel *self);
guint       flint_link_label_get_n_links (FlintLinkLabel *self);
void        flint_link_label_open_link  (FlintLinkLabel *self,
                                         guint           number);
GtkLabel   *flint_link_label_get_label  (FlintLinkLabel *self);

void        flint_link_label_open_uri    (GtkWidget      *widget,
                                          const char     *uri);

G_END_DECLS
