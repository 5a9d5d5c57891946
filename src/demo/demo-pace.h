/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How fast people are: what they will do later, which is many times sooner for a test. */
typedef struct _DemoPace DemoPace;

DemoPace *demo_pace_new   (gboolean        is_fast);
void      demo_pace_free  (DemoPace       *self);
void      demo_pace_later (DemoPace       *self,
                           guint           milliseconds,
                           GSourceFunc     func,
                           gpointer        user_data,
                           GDestroyNotify  destroy);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoPace, demo_pace_free)

G_END_DECLS
