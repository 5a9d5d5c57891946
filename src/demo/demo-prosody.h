/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prosody as a private server: its configuration, and the files that it keeps its people in */
#pragma once

#include "demo-server.h"

G_BEGIN_DECLS

/* A virtual host, or a component of it */
typedef struct
{
  const char *domain;
  const char *component;     /* the module that is its service, "muc"; NULL: a virtual host */
  const char *certificate;   /* the file with its certificate and key; NULL: none, so no TLS */
  const char *settings;      /* lines of configuration; NULL: none */
} DemoProsodyHost;

typedef struct
{
  const char *address;
  const char *name;
  const char *group;
  gboolean    is_asked;      /* and has not answered; else each sees the other */
} DemoProsodyContact;

gboolean demo_prosody_is_installed (void);
gboolean demo_prosody_add_account  (DemoServer               *server,
                                    const char               *domain,
                                    const char               *user,
                                    const char               *password,
                                    GError                  **error);
gboolean demo_prosody_add_roster   (DemoServer               *server,
                                    const char               *domain,
                                    const char               *user,
                                    const DemoProsodyContact *contacts,
                                    guint                     n_contacts,
                                    GError                  **error);
gboolean demo_prosody_add_block    (DemoServer               *server,
                                    const char               *domain,
                                    const char               *user,
                                    const char               *blocked,
                                    GError                  **error);
void     demo_prosody_start_async  (DemoServer               *server,
                                    const DemoProsodyHost    *hosts,
                                    guint                     n_hosts,
                                    guint16                   port,
                                    guint16                   tls_port,
                                    GCancellable             *cancellable,
                                    GAsyncReadyCallback       callback,
                                    gpointer                  user_data);

G_END_DECLS
