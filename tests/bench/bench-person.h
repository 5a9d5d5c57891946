/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench-host.h"

G_BEGIN_DECLS

/* A home of a person with an account on a host of ours, whose password is in the keyring */
char *bench_home_new          (void);
void  bench_home_add_account  (const char *home,
                               BenchHost  *host);
void  bench_home_remove       (const char *home);
void  bench_keep_password     (void);

G_END_DECLS
