/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fake-server.h"

G_BEGIN_DECLS

/* The server's half of SCRAM (RFC 5802), on its own feet: GHmac, not the engine's gnutls. */
typedef struct
{
  GChecksumType  type;
  char          *password;
  char          *gs2;           /* the client's header: "n,,", "p=tls-exporter,,"… */
  char          *username;      /* as the client wrote it */
  char          *auth;          /* what is signed, as far as it is known */
  char          *nonce;         /* client's and server's */
  guint          iterations;    /* 4096; change it before the challenge */
} FakeScram;

FakeScram *fake_scram_new       (const char *mechanism,
                                 const char *password);
void       fake_scram_free      (FakeScram  *self);

/* The answer to the client's first message (transfer full); extensions: "" or ",h=…". */
char      *fake_scram_challenge (FakeScram  *self,
                                 const char *client_first,
                                 const char *extensions);

/* The answer to the client's last message: "v=…", or "e=invalid-proof",
 * "e=channel-bindings-dont-match" (transfer full). binding: what our end of TLS has, or NULL.
 */
char      *fake_scram_finish    (FakeScram  *self,
                                 const char *client_final,
                                 GBytes     *binding);

/* Plays a whole good run of it with the client of a fake server, from <auth/> to <success/>. */
void       fake_scram_play      (FakeServer *server,
                                 const char *mechanism);

/* The single steps: the decoded text of the client's <auth/> of that mechanism, or of its
 * <response/>; a <challenge/> or <success/> with that text in base64 (transfer full).
 */
char      *fake_sasl_expect_auth     (FakeServer *server,
                                      const char *mechanism);
char      *fake_sasl_expect_response (FakeServer *server);
void       fake_sasl_send            (FakeServer *server,
                                      const char *element,
                                      const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeScram, fake_scram_free)

G_END_DECLS
