/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine as somebody's client, with all that it was told kept for the test to look at */
#pragma once

#include "test-servers.h"
#include "xmpp-muc.h"
#include "xmpp-presence.h"
#include "xmpp-roster.h"
#include "xmpp-session.h"

G_BEGIN_DECLS

/* A message that came, with strings of its own */
typedef struct
{
  XmppMessageType  type;
  char            *from;
  char            *subject;
  char            *body;
  char            *id;
  char            *received_id;
  char            *archive_id;
  XmppChatState    chat_state;
  XmppCarbon       carbon;
  gboolean         is_private;
  gboolean         is_delayed;
  GError          *error;
} TestMessage;

typedef struct
{
  char         *password;
  XmppSession  *session;
  XmppRoster   *roster;
  XmppPresence *presence;
  XmppMuc      *muc;
  GPtrArray    *messages;       /* of TestMessage, owned; everything with a body, an error, a state or a receipt */
  GPtrArray    *requests;       /* of char *: who asked to see us */
  GError       *closed;
  gboolean      is_closed;
  gboolean      is_invisible_refused;
} TestClient;

TestClient        *test_client_new           (const char       *address,
                                              const char       *password,
                                              guint16           port,
                                              const char       *ca_path);
TestClient        *test_client_new_user      (TestServer       *server,
                                              const char       *name);
TestClient        *test_client_new_user_at   (TestServer       *server,
                                              TestHost          host,
                                              const char       *name,
                                              const char       *password);
TestClient        *test_client_new_device    (TestServer       *server,
                                              TestClient       *other,
                                              const char       *resource);
void               test_client_free          (TestClient       *self);
gboolean           test_client_connect       (TestClient       *self,
                                              GError          **error);
void               test_client_log_in        (TestClient       *self);
void               test_client_close         (TestClient       *self);
void               test_client_send          (TestClient       *self,
                                              XmppMessageType   type,
                                              const char       *to,
                                              const char       *subject,
                                              const char       *body);
const TestMessage *test_client_find          (TestClient       *self,
                                              const char       *body);
const TestMessage *test_client_wait          (TestClient       *self,
                                              const char       *body);
const TestMessage *test_client_find_state    (TestClient       *self,
                                              XmppChatState     state);
const TestMessage *test_client_find_receipt  (TestClient       *self);
const TestMessage *test_client_find_error    (TestClient       *self);
const char        *test_client_get_address   (TestClient       *self);
const XmppResource *test_client_get_best     (TestClient       *self,
                                              const char       *address);
XmppShow           test_client_get_show      (TestClient       *self,
                                              const char       *address);
XmppSubscription   test_client_get_subscription (TestClient    *self,
                                              const char       *address);
void               test_client_set_contact   (TestClient       *self,
                                              const char       *address,
                                              const char       *name,
                                              const char       *group);
void               test_client_remove_contact (TestClient      *self,
                                              const char       *address);
void               test_client_befriend      (TestClient       *self,
                                              TestClient       *other);
XmppRoom          *test_client_try_join      (TestClient       *self,
                                              const char       *room,
                                              const char       *nick,
                                              GError          **error);
char              *test_client_new_room      (TestServer       *server);
void               test_client_sync          (TestClient       *self);
GPtrArray         *test_client_find_rooms    (TestClient       *self);
XmppRoom          *test_client_join          (TestClient       *self,
                                              const char       *room,
                                              const char       *nick);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestClient, test_client_free)

G_END_DECLS
