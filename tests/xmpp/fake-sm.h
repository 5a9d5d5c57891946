/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fake-server.h"

G_BEGIN_DECLS

#define FAKE_SM_NS "urn:xmpp:sm:3"
#define FAKE_SM    "<sm xmlns='" FAKE_SM_NS "'/>"

/* What a fake server makes of XEP-0198: a small model of a server that does it right, for as many connections as the
 * session has. It counts what comes and goes through fake_server_send () (whole stanzas, please), keeps what the
 * client has not acknowledged, and answers <r/>, unless answers is FALSE.
 *
 *     g_autoptr(FakeServer) server = fake_server_new ("juliet@capulet.lit/balcony");
 *     g_autoptr(FakeSm) sm = fake_sm_new (server);
 *
 *     fake_sm_login (sm);                           logged in, enabled, settled
 *     fake_sm_cut (sm);                             the connection is lost
 *     fake_sm_reconnect (sm);                       logged in again, but for the resource
 *     fake_sm_resume (sm);                          resumed: what the client has not acknowledged is sent again
 *
 * Nonzas that it has dealt with (<r/>, <a/>) do not wait for an expectation: n_asked and h say what there was.
 */
typedef struct
{
  FakeServer *server;          /* not owned */
  gboolean    is_enabled;
  gboolean    answers;         /* <r/>; TRUE at first */
  gboolean    is_repeating;    /* what is sent counts already */
  guint32     handled;         /* of what the client sent: stanzas */
  guint32     sent;            /* to the client */
  guint32     h;               /* what the client acknowledged last */
  guint       n_asked;         /* how often the client sent <r/> */
  guint       n_told;          /* how often it sent <a/> */
  GQueue      unacked;         /* of owned char *: what was sent since h */
  char       *id;
} FakeSm;

FakeSm *fake_sm_new         (FakeServer *server);
void    fake_sm_free        (FakeSm     *self);

/* attributes: of <enabled/>, besides the namespace; NULL: resume='true' id='…' max='600' */
void    fake_sm_login       (FakeSm     *self);
void    fake_sm_login_with  (FakeSm     *self,
                             const char *attributes);

/* The steps of it: login up to <enable/>, which is then expected; and the answer */
void    fake_sm_enable      (FakeSm     *self,
                             const char *attributes);

/* Loses the connection, and waits until the session has seen it */
void    fake_sm_cut         (FakeSm     *self);

/* Up to the features after the login; the client then says <resume/> or binds */
void    fake_sm_reconnect   (FakeSm     *self);

/* Expects <resume/> and checks it; what it acknowledges is. Then answers <resumed/>, with what was handled, sends
 * again what the client has not acknowledged, and waits until the session is online.
 */
void    fake_sm_expect_resume (FakeSm   *self);
void    fake_sm_resume      (FakeSm     *self);

/* <resumed/> with another number, the end of it is left to the test */
void    fake_sm_send_resumed (FakeSm    *self,
                             guint32     h);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeSm, fake_sm_free)

G_END_DECLS
