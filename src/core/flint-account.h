/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-contact-list.h"
#include "flint-status.h"
#include "xmpp-presence.h"
#include "xmpp-session.h"

G_BEGIN_DECLS

typedef enum
{
  FLINT_ACCOUNT_OFFLINE,      /* by choice */
  FLINT_ACCOUNT_CONNECTING,   /* "step" says how far */
  FLINT_ACCOUNT_ONLINE,
  FLINT_ACCOUNT_WAITING,      /* lost; tries again in "retry-in" seconds */
  FLINT_ACCOUNT_FAILED,       /* needs the person: "error" says why */
} FlintAccountState;

/* How far a connection has come, for the login window's list of steps */
typedef enum
{
  FLINT_STEP_NONE,
  FLINT_STEP_FINDING,         /* DNS, TCP */
  FLINT_STEP_SECURING,        /* found "host" */
  FLINT_STEP_CHECKING,        /* secure, "tls-version" */
  FLINT_STEP_FETCHING,        /* the password was right; contacts */
  FLINT_STEP_DONE,
} FlintStep;

#define FLINT_TYPE_ACCOUNT (flint_account_get_type ())

G_DECLARE_FINAL_TYPE (FlintAccount, flint_account, FLINT, ACCOUNT, GObject)

/* One address and what belongs to it. Owns one XmppSession.
 *
 * Kept on disk (FlintAccountList), all read-write and notified: "id", "address" (bare text; "" for
 * anonymous until connected), "client-certificate" (a PEM file with its key, to log in by EXTERNAL; "": none),
 * "label" (a name for it, or the address), "remember-password",
 * "auto-login", "invisible" (log in invisible), "anonymous", "domain" (anonymous: where), "host", "port" (0: by SRV),
 * "security" (XmppSecurity as int), "resource", "priority", "proxy" ("" the system's, "direct://", or a
 * socks5:// or http:// URI), "subscription-mode" (as int), "pins" (strv), "last-mechanism", "certified", "blocked" (strv: by us alone).
 * Not kept: "is-transient" (the demo's: never written).
 * Read only: "state", "step", "error" (GError boxed), "retry-in" (s; see flint_account_begin_countdown ()),
 * "jid" (XmppJid), "session", "status" (FlintStatus, what we tell others now), "own-name", "avatar" (GBytes),
 * "contacts" (FlintContactList), "is-encrypted".
 *
 * Signals: "certificate-problem" (XmppCertificate *), "weaker-mechanism" (const GError *),
 *          "password-needed" (const GError *, NULL when there is simply none),
 *          "password-not-kept" (const GError *: it should be, in the keyring), "devices-changed" (),
 *          "status-failed" (const GError *): the server would not make us invisible, or visible.
 */
FlintAccount      *flint_account_new                  (const char            *address);
const char        *flint_account_get_id               (FlintAccount          *self);
const char        *flint_account_get_address          (FlintAccount          *self);
const char        *flint_account_get_label            (FlintAccount          *self);
XmppJid           *flint_account_get_jid              (FlintAccount          *self);
XmppSession       *flint_account_get_session          (FlintAccount          *self);
FlintAccountState  flint_account_get_state            (FlintAccount          *self);
FlintStep          flint_account_get_step             (FlintAccount          *self);
const GError      *flint_account_get_error            (FlintAccount          *self);
FlintContactList  *flint_account_get_contacts         (FlintAccount          *self);
FlintStatus       *flint_account_get_status           (FlintAccount          *self);
GPtrArray         *flint_account_get_devices          (FlintAccount          *self);   /* of XmppResource: our others */
gboolean           flint_account_is_online            (FlintAccount          *self);
gboolean           flint_account_has_network          (FlintAccount          *self);
void               flint_account_begin_countdown      (FlintAccount          *self);
void               flint_account_end_countdown        (FlintAccount          *self);
char              *flint_account_describe_state       (FlintAccount          *self);
char              *flint_account_describe_wait        (FlintAccount          *self,
                                                       gboolean               keeps);
void               flint_account_set_password         (FlintAccount          *self,
                                                       const char            *password);
void               flint_account_set_tls_database     (FlintAccount          *self,
                                                       GTlsDatabase          *database);
void               flint_account_connect              (FlintAccount          *self);
void               flint_account_disconnect           (FlintAccount          *self);
void               flint_account_close_async          (FlintAccount          *self,
                                                       GAsyncReadyCallback    callback,
                                                       gpointer               user_data);
gboolean           flint_account_close_finish         (FlintAccount          *self,
                                                       GAsyncResult          *result,
                                                       GError               **error);
void               flint_account_set_status           (FlintAccount          *self,
                                                       FlintStatus           *status);
void               flint_account_set_first_status     (FlintAccount          *self,
                                                       FlintStatus           *status);
gboolean           flint_account_can_pin              (FlintAccount          *self,
                                                       XmppCertificate       *certificate);
void               flint_account_trust_certificate    (FlintAccount          *self,
                                                       XmppCertificate       *certificate,
                                                       gboolean               always);
void               flint_account_forget_pin           (FlintAccount          *self,
                                                       const char            *pin);
void               flint_account_allow_weaker         (FlintAccount          *self);

/* Contacts: each ends when the server has answered; the list changes when its push comes. */
void               flint_account_add_contact_async    (FlintAccount          *self,
                                                       XmppJid               *jid,
                                                       const char            *name,
                                                       const char * const    *groups,
                                                       const char            *greeting,
                                                       GAsyncReadyCallback    callback,
                                                       gpointer               user_data);
void               flint_account_rename_contact_async (FlintAccount          *self,
                                                       FlintContact          *contact,
                                                       const char            *name,
                                                       GAsyncReadyCallback    callback,
                                                       gpointer               user_data);
void               flint_account_set_groups_async     (FlintAccount          *self,
                                                       FlintContact          *contact,
                                                       const char * const    *groups,
                                                       GAsyncReadyCallback    callback,
                                                       gpointer               user_data);
void               flint_account_rename_group_async   (FlintAccount          *self,
                                                       const char            *group,
                                                       const char            *new_name,
                                                       GAsyncReadyCallback    callback,
                                                       gpointer               user_data);
void               flint_account_remove_contact_async (FlintAccount          *self,
                                                       FlintContact          *contact,
                                                       GAsyncReadyCallback    callback,
                                                       gpointer               user_data);
void               flint_account_block_async          (FlintAccount          *self,
                                                       XmppJid               *jid,
                                                       gboolean               block,
                                                       GAsyncReadyCallback    callback,
                                                       gpointer               user_data);
gboolean           flint_account_change_finish        (FlintAccount          *self,
                                                       GAsyncResult          *result,
                                                       GError               **error);

G_END_DECLS
