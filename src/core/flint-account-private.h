/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-account.h"
#include "flint-account-settings.h"
#include "flint-avatars.h"
#include "flint-cache.h"
#include "flint-profile.h"
#include "flint-reconnector.h"

#include "xmpp-roster.h"

#include <libsecret/secret.h>

G_BEGIN_DECLS

typedef struct _FlintHistory FlintHistory;

/* The fields are for flint-account.c, -login.c, -cache.c and -contacts.c alone */
struct _FlintAccount
{
  GObject               parent_instance;

  char                 *id;
  FlintAccountSettings  settings;
  gboolean              is_transient;
  XmppClock            *clock;
  XmppConnector        *connector;        /* NULL but in tests */
  GNetworkMonitor      *monitor;          /* NULL: the system's */
  GTlsDatabase         *tls_database;     /* NULL: the system's */
  XmppSession          *session;
  FlintReconnector     *reconnector;
  FlintContactList     *contacts;
  FlintAvatars         *avatars;

  SecretValue          *password;         /* in memory that is never swapped, wiped in the end */
  SecretValue          *refused;          /* by the server: not to be tried again */
  gboolean              password_is_kept; /* it is what the keyring has */
  GPtrArray            *pins_once;        /* of char *: trusted while the program runs */
  gboolean              allow_weaker;

  XmppJid              *jid;              /* bare; NULL when the address is none */
  FlintStatus          *wish;             /* what the person wants to be */
  FlintStatus          *offline;          /* what others see when we are not there */
  FlintAccountState     state;
  FlintStep             step;
  GError               *error;
  gboolean              wants_online;
  gboolean              is_proven;        /* it has been online: what fails now may pass by itself */
  GCancellable         *attempt;          /* the login under way, or NULL */
  GCancellable         *fetching;         /* the password is being fetched before it is needed; or NULL */
  gpointer              fetching_for;     /* an Attempt that waits for it, or NULL; of flint-account-login.c */
  gint64                online_since;     /* µs, monotonic */
  gboolean              is_lost;          /* it was online, and would be still */
  gboolean              is_caught_up;     /* what was missed is known, as far as it can be */

  FlintProfile         *profile;

  FlintHistory         *history;          /* NULL: nothing is kept */
  FlintCache           *cache;            /* NULL: nothing is kept */
  guint                 cache_timer;
};

FlintAccount *flint_account_new_with_id        (const char        *id);
XmppRoster   *flint_account_get_roster         (FlintAccount      *self);
XmppPresence *flint_account_get_presence       (FlintAccount      *self);
gpointer      flint_account_get_module         (FlintAccount      *self,
                                                GType              type);
XmppClock    *flint_account_get_clock          (FlintAccount      *self);
gboolean      flint_account_is_transient       (FlintAccount      *self);
gboolean      flint_account_check_online       (FlintAccount      *self,
                                                GError           **error);
FlintAccount *flint_account_find_in            (GPtrArray         *accounts,
                                                XmppSession       *session);
void          flint_account_fetch_avatar       (FlintAccount      *self,
                                                FlintContact      *contact);
FlintReconnector *flint_account_get_reconnector (FlintAccount     *self);
FlintProfile *flint_account_get_profile        (FlintAccount      *self);
void          flint_account_set_history        (FlintAccount      *self,
                                                FlintHistory      *history);
FlintHistory *flint_account_get_history        (FlintAccount      *self);
gboolean      flint_account_is_kept            (FlintAccount      *self);
void          flint_account_set_caught_up      (FlintAccount      *self,
                                                gboolean           is_caught_up);
gboolean      flint_account_is_caught_up       (FlintAccount      *self);

/* flint-account-words.c */
char         *flint_account_describe_self      (FlintAccount      *self);
char         *flint_account_describe_sender    (FlintAccount      *self,
                                                XmppJid           *jid);
char         *flint_account_make_nick          (FlintAccount      *self);
char         *flint_format_address             (XmppJid           *jid);

/* One will come soon: what takes time is begun */
void          flint_account_prepare            (FlintAccount      *self);
void          flint_account_stop_fetching      (FlintAccount      *self);

/* A login that nobody asked for: no question is put before the person */
void          flint_account_connect_quietly    (FlintAccount      *self);

void          flint_account_abort              (FlintAccount      *self);

/* Settings */
void          flint_account_read               (FlintAccount      *self,
                                                GKeyFile          *file);
void          flint_account_write              (FlintAccount      *self,
                                                GKeyFile          *file);

/* flint-account-cache.c */
void          flint_account_set_cache          (FlintAccount      *self,
                                                FlintCache        *cache);
void          flint_account_save_cache         (FlintAccount      *self);
void          flint_account_clear_cache        (FlintAccount      *self);

/* Between flint-account.c and flint-account-login.c */
void          flint_account_set_state          (FlintAccount      *self,
                                                FlintAccountState  state,
                                                FlintStep          step,
                                                GError            *error);
void          flint_account_set_step           (FlintAccount      *self,
                                                FlintStep          step);
void          flint_account_emit_problem       (FlintAccount      *self,
                                                const GError      *error);
void          flint_account_emit_password_needed (FlintAccount    *self,
                                                const GError      *error);
void          flint_account_emit_password_not_kept (FlintAccount  *self,
                                                const GError      *error);
void          flint_account_follow_session     (FlintAccount      *self);
void          flint_account_tell_status        (FlintAccount      *self);

G_END_DECLS
