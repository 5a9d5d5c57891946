/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fake-monitor.h"
#include "fake-server.h"
#include "flint-account-private.h"
#include "flint-core.h"
#include "test-directory.h"

G_BEGIN_DECLS

#define ME  "me@good.test"
#define BOB "bob@peer.test"
#define EVE "eve@evil.test"

/* bob sees us and we see him; ann only lets us see her; carl is asked */
#define TEST_ROSTER                                                             \
  "<query xmlns='jabber:iq:roster'>"                                            \
    "<item jid='bob@peer.test' name='Bob' subscription='both'><group>Friends</group></item>" \
    "<item jid='ann@peer.test' subscription='to'/>"                             \
    "<item jid='carl@peer.test' ask='subscribe'/>"                              \
  "</query>"

/* One account on a fake server of its own */
typedef struct
{
  FlintCore    *core;      /* borrowed */
  FlintAccount *account;
  FakeServer   *server;
  FakeMonitor  *monitor;
  guint         n_connections;   /* that the test has seen */
  guint         n_asked;         /* how often it has asked for its archive, and got an answer */
} TestAccount;

/* A whole core without windows, in a directory of its own. Signals that it emits are counted. */
typedef struct
{
  char         *directory;
  FlintCore    *core;
  TestAccount  *me;

  guint         n_messages;
  guint         n_headlines;
  guint         n_letters;
  guint         n_requests;
  guint         n_invitations;
} TestCore;

/* A core without an account; the second with me@good.test, online, TEST_ROSTER loaded */
TestCore          *test_core_new          (void);
TestCore          *test_core_new_online   (void);

/* The program ends without a word, and is started again in its folder: me@good.test is not connected yet */
void               test_core_start_again  (TestCore          *self);

/* Waits until all that was to be written to the disk, or read from it, is */
void               test_core_settle       (FlintCore         *core);

/* Nothing is on the disk of what was said as this address */
void               test_core_forget       (FlintCore         *core,
                                           const char        *address);

/* Asserts that the core and all that it had are gone */
void               test_core_free         (TestCore          *self);

/* What all that came has led to: "bob@peer.test:2 l1 h0 told 2/1/0": messages of each conversation, letters,
 * headlines, and how many of messages, letters and headlines somebody is told of
 */
char              *test_core_describe     (TestCore          *self);

/* Bob says something, and is answered */
void               test_core_assert_chat_works (TestCore     *self);

/* An account in the list, that connects to its own fake server; not connected yet */
TestAccount       *test_account_new       (FlintCore         *core,
                                           const char        *address);
void               test_account_free      (TestAccount       *self);

/* await: waits for the connection that something has begun. accept: and plays the login. login: begins it,
 * too. These two answer the roster, and return when the account is online, and nothing waits.
 */
void               test_account_await     (TestAccount       *self);
void               test_account_accept    (TestAccount       *self,
                                           const char        *roster);
void               test_account_login     (TestAccount       *self,
                                           const char        *roster);

/* Waits until the login has failed, and the client has closed its side; what it said is forgotten */
void               test_account_expect_failed (TestAccount   *self);

/* Disconnects, and the server says goodbye, too */
void               test_account_logout    (TestAccount       *self);

/* Answers the question whether there is an archive of the account, once after each login, whenever it was asked */
void               test_account_answer_archive (TestAccount  *self,
                                           gboolean           has_archive);

/* Something the server sends, and then all of it has been worked on */
void               test_account_send      (TestAccount       *self,
                                           const char        *xml);

/* Joins room@muc.test as "me", with these other occupants (XML of presences, or NULL) */
FlintRoom         *test_account_join      (TestAccount       *self,
                                           const char        *occupants);

FlintConversation *test_account_find      (TestAccount       *self,
                                           const char        *address);
/* Says something, and waits until it is on the disk, and from there on its way */
void               test_conversation_say  (FlintConversation *conversation,
                                           const char        *text);

FlintMessage      *test_conversation_get  (FlintConversation *conversation,
                                           guint              position);   /* borrowed */
FlintMessage      *test_conversation_last (FlintConversation *conversation);   /* borrowed */
guint              test_conversation_count (FlintConversation *conversation);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestCore, test_core_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestAccount, test_account_free)

G_END_DECLS
