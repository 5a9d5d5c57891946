/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define BENCH_DOMAIN   "bench.example"
#define BENCH_ADDRESS  "perf@" BENCH_DOMAIN
#define BENCH_PASSWORD "correct horse"

/* A server of one account, in a thread of its own on the loopback: STARTTLS with a throw-away authority,
 * SCRAM-SHA-256 or PLAIN, a contact list of any length, and everybody in it online. It knows its text by heart and
 * only fills in the ids, so that what it costs is next to nothing.
 *
 * pace: contacts a second, as a real server has its pace; 0: as fast as they are taken.
 */
typedef struct _BenchHost BenchHost;

BenchHost *bench_host_new       (guint      n_contacts,
                                 guint      pace);
void       bench_host_free      (BenchHost *self);
guint16    bench_host_get_port  (BenchHost *self);
char      *bench_host_make_pin  (BenchHost *self);

/* Whether all of it has gone to the client that connected last */
gboolean   bench_host_is_done   (BenchHost *self);
void       bench_host_reset     (BenchHost *self);

/* The floor: logs in as a client does that only counts the bytes, until the last contact is online.
 * Returns: s
 */
double     bench_host_drain     (BenchHost *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchHost, bench_host_free)

G_END_DECLS
