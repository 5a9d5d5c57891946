/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"

G_BEGIN_DECLS

#define FLINT_TYPE_NOTIFIER (flint_notifier_get_type ())

/* Desktop notifications for what no window is looking at */
G_DECLARE_FINAL_TYPE (FlintNotifier, flint_notifier, FLINT, NOTIFIER, GObject)

FlintNotifier *flint_notifier_new (FlintApplication *application);

G_END_DECLS
