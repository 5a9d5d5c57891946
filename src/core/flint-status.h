/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "xmpp-presence.h"

G_BEGIN_DECLS

#define FLINT_TYPE_STATUS (flint_status_get_type ())

G_DECLARE_FINAL_TYPE (FlintStatus, flint_status, FLINT, STATUS, GObject)

/* A status one can choose: immutable. "show" (XmppShow; XMPP_SHOW_OFFLINE: sign out), "text",
 * "is-invisible", "icon-name" ("flint-presence-away-symbolic"), "label" ("Away"), "css-class" ("away")
 */
FlintStatus *flint_status_new           (XmppShow     show,
                                         const char  *text,
                                         gboolean     is_invisible);
XmppShow     flint_status_get_show      (FlintStatus *self);
const char  *flint_status_get_text      (FlintStatus *self);
gboolean     flint_status_is_invisible  (FlintStatus *self);
const char  *flint_status_get_label     (FlintStatus *self);
const char  *flint_status_get_icon_name (FlintStatus *self);
const char  *flint_status_get_css_class (FlintStatus *self);
const char  *flint_show_get_label       (XmppShow     show);
const char  *flint_show_get_css_class   (XmppShow     show);   /* chat available away xa dnd offline */
const char  *flint_show_get_icon_name   (XmppShow     show);

G_END_DECLS
