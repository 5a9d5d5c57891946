/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "demo-pace.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define DEMO_TYPE_LOUNGE (demo_lounge_get_type ())

/* The lounge: who of the cast has a nickname sits there and talks, and answers who else comes. */
G_DECLARE_FINAL_TYPE (DemoLounge, demo_lounge, DEMO, LOUNGE, GObject)

DemoLounge *demo_lounge_new   (DemoPace  *pace);
void      demo_lounge_open  (DemoLounge  *self,
                           GPtrArray *persons);
void      demo_lounge_close (DemoLounge  *self);

G_END_DECLS
