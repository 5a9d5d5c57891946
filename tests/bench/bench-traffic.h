/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BENCH_ME "perf@example.test/client.1"

/* Who speaks in it: so many, whose addresses have their number in them */
#define BENCH_N_CONTACTS 2000
#define BENCH_CONTACT    "user%05u@example.test"

GString *bench_traffic_new (guint   n_stanzas,
                            guint32 seed);

G_END_DECLS
