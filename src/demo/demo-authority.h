/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a certificate is like: one that a client accepts, and the ways in which it must not */
typedef enum
{
  DEMO_CERTIFICATE_GOOD,
  DEMO_CERTIFICATE_EXPIRED,
  DEMO_CERTIFICATE_WRONG_NAME,
  DEMO_CERTIFICATE_SELF_SIGNED,
  DEMO_CERTIFICATE_WEAK_KEY,      /* RSA, 1024 bits */
  DEMO_CERTIFICATE_CLIENT_ONLY,   /* its extended key usage is not a server's */
} DemoCertificate;

/* A certification authority that lives as long as the process: its key is never written to disk */
typedef struct _DemoAuthority DemoAuthority;

DemoAuthority *demo_authority_new          (GError             **error);
void           demo_authority_free         (DemoAuthority       *self);
gboolean       demo_authority_save         (DemoAuthority       *self,
                                            const char          *path,
                                            GError             **error);
gboolean       demo_authority_issue        (DemoAuthority       *self,
                                            DemoCertificate      kind,
                                            const char * const  *domains,
                                            const char          *path,
                                            GError             **error);
gboolean       demo_authority_issue_person (DemoAuthority       *self,
                                            const char          *address,
                                            const char          *path,
                                            GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoAuthority, demo_authority_free)

G_END_DECLS
