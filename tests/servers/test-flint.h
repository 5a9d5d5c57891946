/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole Flint but for its windows, as somebody's: a core with one account on a real server */
#pragma once

#include "flint-core.h"
#include "test-servers.h"

G_BEGIN_DECLS

typedef struct
{
  char              *directory;
  char              *address;          /* bare */
  char              *password;
  FlintCore         *core;             /* perhaps that of another one */
  FlintAccount      *account;

  guint              n_headlines;      /* signals of the core and of the account */
  guint              n_messages;
  guint              n_password_needed;
  XmppCertificate   *problem;          /* the last certificate that there was a question about */
} TestFlint;

TestFlint         *test_flint_new           (TestServer    *server,
                                             const char    *name);
TestFlint         *test_flint_new_at        (TestServer    *server,
                                             TestHost       host,
                                             const char    *name);
TestFlint         *test_flint_new_device    (TestServer    *server,
                                             TestFlint     *other,
                                             const char    *resource);
TestFlint         *test_flint_new_beside    (TestServer    *server,
                                             TestFlint     *other,
                                             const char    *name);
void               test_flint_free          (TestFlint     *self);
void               test_flint_log_in        (TestFlint     *self);
void               test_flint_log_out       (TestFlint     *self);
void               test_flint_sync          (TestFlint     *self);
gboolean           test_flint_is_ready      (TestFlint     *self);
void               test_flint_add_contact   (TestFlint     *self,
                                             TestFlint     *other,
                                             const char    *name,
                                             const char    *group);
FlintContact      *test_flint_find_contact  (TestFlint     *self,
                                             TestFlint     *other);
FlintRequest      *test_flint_find_request  (TestFlint     *self,
                                             TestFlint     *other);
gboolean           test_flint_sees          (TestFlint     *self,
                                             TestFlint     *other,
                                             XmppShow       show);
void               test_flint_befriend      (TestFlint     *self,
                                             TestFlint     *other);
FlintConversation *test_flint_open_chat     (TestFlint     *self,
                                             TestFlint     *other);
FlintMessage      *test_flint_find_message  (FlintConversation *conversation,
                                             const char    *body);
FlintRoom         *test_flint_join          (TestFlint     *self,
                                             const char    *address,
                                             const char    *nick);
FlintLetter       *test_flint_find_letter   (TestFlint     *self,
                                             const char    *body);
FlintHeadline     *test_flint_find_headline (TestFlint     *self,
                                             const char    *body);

/* For changes of the contacts: a callback that keeps the result, and what waits for it */
void               test_flint_keep_result   (GObject       *object,
                                             GAsyncResult  *result,
                                             gpointer       user_data);
void               test_flint_end_change    (TestFlint     *self,
                                             GAsyncResult **result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestFlint, test_flint_free)

G_END_DECLS
