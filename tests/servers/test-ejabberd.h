/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ejabberd as a private server, without distribution: no EPMD, no cookie, no other port */
#pragma once

#include "demo-server.h"

G_BEGIN_DECLS

typedef struct
{
  const char * const *domains;           /* NULL-terminated */
  const char         *anonymous_domain;
  const char         *plain_domain;
  const char * const *certificates;      /* paths */
  guint               n_certificates;
  const char         *ca_path;
  const guint16      *ports;             /* STARTTLS, direct TLS, no TLS, HTTP for administration */
} TestEjabberdForm;

gboolean test_ejabberd_is_installed (void);
void     test_ejabberd_start_async  (DemoServer              *server,
                                     const TestEjabberdForm  *form,
                                     GAsyncReadyCallback      callback,
                                     gpointer                 user_data);
gboolean test_ejabberd_add_account  (guint16                  port,
                                     const char              *domain,
                                     const char              *user,
                                     const char              *password,
                                     GError                 **error);
gboolean test_ejabberd_set_password (guint16                  port,
                                     const char              *domain,
                                     const char              *user,
                                     const char              *password,
                                     GError                 **error);

G_END_DECLS
