/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Real servers, private ones, for tests: one start gives a host for each thing there is to try. */
#pragma once

#include "demo-authority.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  TEST_SERVER_PROSODY,
  TEST_SERVER_EJABBERD,
} TestServerKind;

/* Each is a domain of the one server. Where it says nothing else, the certificate is good and TLS required. */
typedef enum
{
  TEST_HOST_MAIN,
  TEST_HOST_EXPIRED,
  TEST_HOST_WRONG_NAME,
  TEST_HOST_SELF_SIGNED,
  TEST_HOST_WEAK_KEY,
  TEST_HOST_CLIENT_ONLY,
  TEST_HOST_ANONYMOUS,      /* lets in whoever comes, with SASL ANONYMOUS */
  TEST_HOST_PLAIN,          /* offers SASL PLAIN alone */
  TEST_HOST_UNENCRYPTED,    /* offers no TLS; on a port of its own (test_server_get_port) */
  N_TEST_HOSTS,
} TestHost;

typedef struct _TestServer TestServer;

const char *test_server_get_name       (TestServerKind   kind);
char       *test_server_find_missing   (TestServerKind   kind);
TestServer *test_server_new            (TestServerKind   kind,
                                        GError         **error);
void        test_server_free           (TestServer      *self);
TestServerKind test_server_get_kind    (TestServer      *self);
const char *test_server_get_domain     (TestServer      *self,
                                        TestHost         host);
guint16     test_server_get_port       (TestServer      *self,
                                        TestHost         host);
guint16     test_server_get_tls_port   (TestServer      *self);
const char *test_server_get_conference (TestServer      *self);
const char *test_server_get_ca_path    (TestServer      *self);
gboolean    test_server_add_user       (TestServer      *self,
                                        TestHost         host,
                                        const char      *user,
                                        const char      *password,
                                        GError         **error);
char       *test_server_new_user       (TestServer      *self,
                                        TestHost         host,
                                        const char      *name,
                                        const char      *password);
gboolean    test_server_set_password   (TestServer      *self,
                                        TestHost         host,
                                        const char      *user,
                                        const char      *password,
                                        GError         **error);
char       *test_server_issue_person   (TestServer      *self,
                                        const char      *address,
                                        GError         **error);
gboolean    test_server_issue          (TestServer      *self,
                                        TestHost         host,
                                        DemoCertificate  kind,
                                        GError         **error);
void        test_server_end            (TestServer      *self);
void        test_server_start_again    (TestServer      *self);

/* One test, which gets a server that all of them share */
typedef struct
{
  const char *name;
  void      (*run) (TestServer *server);
  gboolean    only_ejabberd;   /* Prosody does not have it */
} TestServerCase;

int         test_server_skip           (int                   argc,
                                        char                **argv,
                                        const char           *what,
                                        const char           *reason);
int         test_server_run            (int                   argc,
                                        char                **argv,
                                        const TestServerCase *cases,
                                        guint                 n_cases);

/* Runs the main loop until the condition holds, and fails the test with the condition's text if that
 * does not happen while a person would wait.
 */
#define TEST_WAIT_SECONDS 120

gboolean    test_wait_step             (gint64          *deadline);

#define test_wait_for(condition) \
  G_STMT_START { \
    gint64 deadline_ = 0; \
    while (!(condition)) \
      { \
        if (!test_wait_step (&deadline_)) \
          g_error ("%s:%d: still not so: %s", __FILE__, __LINE__, #condition); \
      } \
  } G_STMT_END

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestServer, test_server_free)

G_END_DECLS
