/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a wish to be online to being it, and back: passwords, certificates, what fails and whether to
 * try again. When is the reconnector's business.
 */
#include "flint-config.h"

#include "flint-account-private.h"

#include "flint-password-store.h"
#include "flint-weak.h"
#include "xmpp-ping.h"
#include "xmpp-client-certificate.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define LONG_WAIT 60      /* s, after a server has shown us the door */
#define GOOD_TIME (60 * G_USEC_PER_SEC)   /* a connection that lasted so long was a good one */

/* A login under way: what comes after it was given up does not count, nor does it keep the account */
typedef struct
{
  gpointer      account;          /* weak */
  GCancellable *cancellable;
} Attempt;

static Attempt *
attempt_new (FlintAccount *self)
{
  Attempt *attempt = g_new0 (Attempt, 1);

  attempt->account = flint_weak_new (self);
  attempt->cancellable = g_object_ref (self->attempt);

  return attempt;
}

/* (transfer full) (nullable): the account, if this is still its attempt */
static FlintAccount *
attempt_end (Attempt *attempt)
{
  g_autoptr(GCancellable) cancellable = attempt->cancellable;
  g_autoptr(FlintAccount) account = flint_weak_take (attempt->account);

  g_free (attempt);

  return account != NULL && account->attempt == cancellable ? g_steal_pointer (&account) : NULL;
}

/* What fails */

typedef enum
{
  RETRY,          /* it may pass by itself */
  RETRY_LATER,
  GIVE_UP,        /* a person must decide or correct something */
} Remedy;

static Remedy
get_stream_remedy (int code)
{
  switch (code)
    {
    case XMPP_STREAM_ERROR_CONFLICT:
    case XMPP_STREAM_ERROR_HOST_UNKNOWN:
    case XMPP_STREAM_ERROR_HOST_GONE:
    case XMPP_STREAM_ERROR_NOT_AUTHORIZED:
      return GIVE_UP;

    case XMPP_STREAM_ERROR_POLICY_VIOLATION:
    case XMPP_STREAM_ERROR_RESOURCE_CONSTRAINT:
      return RETRY_LATER;

    default:
      return RETRY;
    }
}

static Remedy
get_connection_remedy (int code)
{
  switch (code)
    {
    case XMPP_ERROR_INVALID_ADDRESS:
    case XMPP_ERROR_NOT_OFFERED:
    case XMPP_ERROR_UNSUPPORTED_VERSION:
    case XMPP_ERROR_NO_TLS:
    case XMPP_ERROR_TLS_REQUIRED:
    case XMPP_ERROR_TLS_TOO_OLD:
    case XMPP_ERROR_CERTIFICATE:
    case XMPP_ERROR_NO_MECHANISM:
    case XMPP_ERROR_REDIRECT:
      return GIVE_UP;

    default:
      return RETRY;
    }
}

static Remedy
get_remedy (FlintAccount *self,
            const GError *error)
{
  Remedy remedy = RETRY;

  if (error->domain == FLINT_PASSWORD_ERROR)
    remedy = GIVE_UP;
  else if (error->domain == XMPP_AUTH_ERROR)
    remedy = error->code == XMPP_AUTH_ERROR_TEMPORARY_FAILURE ? RETRY_LATER : GIVE_UP;
  else if (error->domain == XMPP_STREAM_ERROR)
    remedy = get_stream_remedy (error->code);
  else if (error->domain == XMPP_ERROR)
    remedy = get_connection_remedy (error->code);

  /* The first login: somebody sits before the form and wants to know at once */
  return self->is_proven ? remedy : GIVE_UP;
}

static gboolean
is_about_password (const GError *error)
{
  return error->domain == FLINT_PASSWORD_ERROR ||
         g_error_matches (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_NOT_AUTHORIZED) ||
         g_error_matches (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_CREDENTIALS_EXPIRED) ||
         g_error_matches (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_NO_PASSWORD);
}

/* Not kept, not tried again: servers count wrong passwords */
static void
forget_refused_password (FlintAccount *self)
{
  if (self->password == NULL)
    return;

  g_clear_pointer (&self->refused, secret_value_unref);
  self->refused = g_steal_pointer (&self->password);
  self->password_is_kept = FALSE;
}

static void
fail (FlintAccount *self,
      GError       *error)
{
  g_autoptr(FlintAccount) kept = g_object_ref (self);
  g_autoptr(GError) told = g_error_copy (error);
  Remedy remedy = get_remedy (self, error);

  g_clear_object (&self->attempt);

  if (remedy != GIVE_UP)
    {
      flint_reconnector_wait (self->reconnector, remedy == RETRY_LATER ? LONG_WAIT : 0);
      flint_account_set_state (self, FLINT_ACCOUNT_WAITING, FLINT_STEP_NONE, error);
      return;
    }

  self->wants_online = FALSE;
  self->allow_weaker = FALSE;
  flint_reconnector_reset (self->reconnector);

  if (is_about_password (error))
    forget_refused_password (self);

  flint_account_set_state (self, FLINT_ACCOUNT_FAILED, FLINT_STEP_NONE, error);

  if (is_about_password (told))
    flint_account_emit_password_needed (self, g_error_matches (told, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_NO_PASSWORD) ? NULL : told);
  else
    flint_account_emit_problem (self, told);
}

/* Passwords */

static void
on_password_stored (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(FlintAccount) self = flint_weak_take (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) told = NULL;

  if (flint_password_store_finish (result, &error))
    return;

  g_debug ("The password is not kept: %s", error->message);

  if (self == NULL)
    return;

  self->password_is_kept = FALSE;

  if (g_error_matches (error, FLINT_PASSWORD_ERROR, FLINT_PASSWORD_ERROR_NO_SERVICE))
    told = g_steal_pointer (&error);
  else if (g_error_matches (error, FLINT_PASSWORD_ERROR, FLINT_PASSWORD_ERROR_LOCKED))
    told = g_error_new_literal (error->domain, error->code, _("The keyring is locked, so your password is not kept."));
  else
    told = g_error_new_literal (error->domain, error->code, _("The keyring did not take your password, so it is not kept."));

  flint_account_emit_password_not_kept (self, told);
}

static void
on_password_cleared (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!flint_password_clear_finish (result, &error))
    g_debug ("The password could not be removed: %s", error->message);
}

/* Only what the server has taken is worth keeping */
static void
keep_password (FlintAccount *self)
{
  if (self->is_transient || self->settings.anonymous || self->password == NULL)
    return;

  if (self->settings.remember_password && !self->password_is_kept)
    flint_password_store_async (self->id, flint_account_get_address (self), secret_value_get_text (self->password),
                                NULL, on_password_stored, flint_weak_new (self));
  else if (!self->settings.remember_password)
    flint_password_clear_async (self->id, NULL, on_password_cleared, NULL);

  /* Also while it is being stored: who changes their mind now wants it removed afterwards */
  self->password_is_kept = self->settings.remember_password;
}

static gboolean
was_refused (FlintAccount *self,
             const char   *password)
{
  return self->refused != NULL && g_strcmp0 (secret_value_get_text (self->refused), password) == 0;
}

/* Online */

static void
get_version_and_mechanism (FlintAccount *self)
{
  const char *mechanism = xmpp_session_get_mechanism (self->session);

  if (mechanism != NULL)
    g_object_set (self, "last-mechanism", mechanism, NULL);

  self->allow_weaker = FALSE;
}

static void
remember_certificate (FlintAccount *self)
{
  XmppCertificate *certificate = xmpp_session_get_certificate (self->session);

  if (xmpp_session_get_tls_version (self->session) != NULL && certificate != NULL &&
      xmpp_certificate_get_flags (certificate) == XMPP_CERTIFICATE_OK)
    g_object_set (self, "certified", TRUE, NULL);
}

void
flint_account_tell_status (FlintAccount *self)
{
  XmppPresence *presence = flint_account_get_presence (self);

  if (self->wish == NULL || flint_status_get_show (self->wish) == XMPP_SHOW_OFFLINE)
    return;

  xmpp_presence_set_invisible (presence, flint_status_is_invisible (self->wish));
  xmpp_presence_set (presence, flint_status_get_show (self->wish), flint_status_get_text (self->wish), self->settings.priority);
}

static void
on_connected (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(FlintAccount) self = attempt_end (user_data);
  GError *error = NULL;
  gboolean is_connected = xmpp_session_connect_finish (XMPP_SESSION (source), result, &error);

  if (self == NULL)
    {
      g_clear_error (&error);
      return;
    }

  /* It may have been lost before this was told */
  if (is_connected && !xmpp_session_is_online (self->session))
    error = g_error_new_literal (XMPP_ERROR, XMPP_ERROR_DISCONNECTED, _("The connection was lost."));

  if (error != NULL)
    {
      fail (self, error);
      return;
    }

  g_clear_object (&self->attempt);
  self->is_proven = TRUE;
  self->online_since = xmpp_clock_get_monotonic (self->clock);
  g_clear_pointer (&self->refused, secret_value_unref);
  get_version_and_mechanism (self);
  remember_certificate (self);
  keep_password (self);

  flint_account_set_state (self, FLINT_ACCOUNT_ONLINE,
                           xmpp_roster_is_loaded (flint_account_get_roster (self)) ? FLINT_STEP_DONE : FLINT_STEP_FETCHING, NULL);
}

static GProxyResolver *
make_proxy_resolver (FlintAccount *self)
{
  return *self->settings.proxy != '\0' ? g_simple_proxy_resolver_new (self->settings.proxy, NULL) : NULL;
}

static void
add_pins (GPtrArray          *all,
          const char * const *pins)
{
  for (; *pins != NULL; pins++)
    g_ptr_array_add (all, (gpointer) *pins);
}

/* With the resource to ask for, if a person chose one */
static XmppJid *
make_session_jid (FlintAccount  *self,
                  GError       **error)
{
  g_autoptr(XmppJid) bare = NULL;

  if (self->settings.anonymous)
    bare = xmpp_jid_new_from_parts (NULL, self->settings.domain, NULL, error);
  else
    bare = xmpp_jid_new (self->settings.address, error);

  if (bare == NULL || *self->settings.resource == '\0')
    return g_steal_pointer (&bare);

  return xmpp_jid_with_resource (bare, self->settings.resource, error);
}

static void
start_session_with (FlintAccount    *self,
                    GTlsCertificate *certificate)
{
  g_autoptr(GPtrArray) pins = g_ptr_array_new ();
  g_autoptr(GProxyResolver) proxy_resolver = make_proxy_resolver (self);
  GError *error = NULL;
  g_autoptr(XmppJid) jid = make_session_jid (self, &error);

  if (jid == NULL)
    {
      fail (self, error);
      return;
    }

  /* One that is still saying good-bye */
  if (xmpp_session_get_state (self->session) != XMPP_STATE_OFFLINE)
    xmpp_session_abort (self->session);

  add_pins (pins, (const char * const *) self->settings.pins);
  g_ptr_array_extend (pins, self->pins_once, NULL, NULL);
  g_ptr_array_add (pins, NULL);

  g_object_set (self->session,
                "jid", jid,
                "anonymous", self->settings.anonymous,
                "host", *self->settings.host != '\0' ? self->settings.host : NULL,
                "port", self->settings.port,
                "security", self->settings.security,
                "tls-database", self->tls_database,
                "proxy-resolver", proxy_resolver,
                "connector", self->connector,
                "client-certificate", certificate,
                NULL);

  xmpp_session_set_pins (self->session, (const char * const *) pins->pdata);
  xmpp_session_set_last_mechanism (self->session, *self->settings.last_mechanism != '\0' ? self->settings.last_mechanism : NULL,
                                   self->allow_weaker);
  xmpp_session_set_password (self->session, self->password != NULL ? secret_value_get_text (self->password) : NULL);

  flint_account_tell_status (self);
  xmpp_session_connect_async (self->session, self->attempt, on_connected, attempt_new (self));
}

static void
on_certificate_read (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(FlintAccount) self = attempt_end (user_data);
  g_autoptr(GTlsCertificate) certificate = NULL;
  g_autoptr(GError) error = NULL;
  char *pem = NULL;
  gsize length = 0;

  if (g_file_load_contents_finish (G_FILE (source), result, &pem, &length, NULL, &error))
    certificate = xmpp_client_certificate_read (pem, length, &error);

  if (self != NULL && certificate != NULL)
    start_session_with (self, certificate);
  else if (self != NULL)
    fail (self, g_error_new (XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_CERTIFICATE,
                             /* Translators: %s is a sentence that says why */
                             _("The client certificate of this account cannot be used. %s"), error->message));

  if (pem != NULL)
    explicit_bzero (pem, length);

  g_free (pem);
}

/* Its certificate is read anew each time: such ones are renewed */
static void
start_session (FlintAccount *self)
{
  g_autoptr(GFile) file = NULL;

  if (*self->settings.client_certificate == '\0' || self->settings.anonymous)
    {
      start_session_with (self, NULL);
      return;
    }

  file = g_file_new_for_path (self->settings.client_certificate);
  g_file_load_contents_async (file, self->attempt, on_certificate_read, attempt_new (self));
}

static void
take_password (FlintAccount *self,
               const char   *password)
{
  g_clear_pointer (&self->password, secret_value_unref);
  self->password = secret_value_new (password, -1, "text/plain");
  self->password_is_kept = TRUE;
}

static void
on_password_found (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(FlintAccount) self = attempt_end (user_data);
  GError *error = NULL;
  char *password = flint_password_lookup_finish (result, &error);

  if (self != NULL && password != NULL && !was_refused (self, password))
    {
      take_password (self, password);
      start_session (self);
    }
  else if (self != NULL && *self->settings.client_certificate != '\0')
    {
      start_session (self);
    }
  else if (self != NULL)
    {
      if (error == NULL)
        error = g_error_new_literal (XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_NO_PASSWORD, _("The password is needed."));

      fail (self, g_steal_pointer (&error));
    }

  g_clear_pointer (&password, secret_password_free);
  g_clear_error (&error);
}

static void
lookup (FlintAccount *self,
        gboolean      may_ask)
{
  flint_password_lookup_async (self->id, may_ask, self->attempt, on_password_found, attempt_new (self));
}

static void
on_password_fetched (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(FlintAccount) self = flint_weak_take (user_data);
  g_autoptr(FlintAccount) waiting = NULL;
  g_autoptr(GError) error = NULL;
  char *password = flint_password_lookup_finish (result, &error);

  if (error != NULL)
    g_debug ("The keyring has to be asked again: %s", error->message);

  if (self != NULL)
    {
      g_clear_object (&self->fetching);
      if (self->fetching_for != NULL)
        waiting = attempt_end (g_steal_pointer (&self->fetching_for));
    }

  if (self != NULL && password != NULL && self->password == NULL && !was_refused (self, password))
    take_password (self, password);

  if (waiting != NULL && self->password != NULL)
    start_session (self);
  else if (waiting != NULL)
    lookup (self, FALSE);

  g_clear_pointer (&password, secret_password_free);
}

static gboolean
needs_password (FlintAccount *self)
{
  return self->password == NULL && !self->settings.anonymous && !self->is_transient && self->jid != NULL;
}

/* Without the main loop, which makes windows meanwhile */
void
flint_account_prepare (FlintAccount *self)
{
  if (self->state != FLINT_ACCOUNT_OFFLINE || self->fetching != NULL)
    return;

  g_object_set (self->session, "security", self->settings.security, "tls-database", self->tls_database, NULL);
  xmpp_session_prepare (self->session);

  if (!needs_password (self))
    return;

  self->fetching = g_cancellable_new ();
  flint_password_fetch_async (self->id, self->fetching, on_password_fetched, flint_weak_new (self));
}

static void
forget_waiting (FlintAccount *self)
{
  g_autoptr(FlintAccount) account = NULL;

  if (self->fetching_for != NULL)
    account = attempt_end (g_steal_pointer (&self->fetching_for));
}

/* It is being fetched already. Who waited for it before has been given up */
static void
await_password (FlintAccount *self)
{
  forget_waiting (self);
  self->fetching_for = attempt_new (self);
}

/* For one that goes */
void
flint_account_stop_fetching (FlintAccount *self)
{
  g_cancellable_cancel (self->fetching);
  g_clear_object (&self->fetching);
  forget_waiting (self);
}

/* may_ask: a person asked for it, and may be asked to unlock the keyring */
static void
begin (FlintAccount *self,
       gboolean      may_ask)
{
  flint_reconnector_stop (self->reconnector);
  g_clear_object (&self->attempt);
  self->attempt = g_cancellable_new ();
  self->wants_online = TRUE;

  if (self->wish == NULL || flint_status_get_show (self->wish) == XMPP_SHOW_OFFLINE)
    {
      g_clear_object (&self->wish);
      self->wish = flint_status_new (XMPP_SHOW_AVAILABLE, NULL, self->settings.invisible);
    }

  flint_account_set_state (self, FLINT_ACCOUNT_CONNECTING, FLINT_STEP_FINDING, NULL);

  if (!needs_password (self))
    start_session (self);
  else if (self->fetching == NULL || may_ask)
    lookup (self, may_ask);
  else
    await_password (self);
}

static void
on_retry (FlintAccount *self)
{
  if (self->state == FLINT_ACCOUNT_WAITING)
    begin (self, FALSE);
}

static void
on_session_state (FlintAccount *self)
{
  static const FlintStep steps[] = {
    [XMPP_STATE_CONNECTING]     = FLINT_STEP_FINDING,
    [XMPP_STATE_SECURING]       = FLINT_STEP_SECURING,
    [XMPP_STATE_AUTHENTICATING] = FLINT_STEP_CHECKING,
    [XMPP_STATE_BINDING]        = FLINT_STEP_FETCHING,
    [XMPP_STATE_ONLINE]         = FLINT_STEP_FETCHING,
  };
  XmppState state = xmpp_session_get_state (self->session);

  if (self->state == FLINT_ACCOUNT_CONNECTING && state < G_N_ELEMENTS (steps) && steps[state] != FLINT_STEP_NONE)
    flint_account_set_step (self, steps[state]);
}

static void
on_closed (XmppSession  *session,
           const GError *error,
           FlintAccount *self)
{
  if (self->state != FLINT_ACCOUNT_ONLINE)
    return;

  /* Only then: one that breaks right after each login would be tried every second for ever (F05) */
  if (xmpp_clock_get_monotonic (self->clock) - self->online_since >= GOOD_TIME)
    flint_reconnector_reset (self->reconnector);

  if (!self->wants_online)
    flint_account_set_state (self, FLINT_ACCOUNT_OFFLINE, FLINT_STEP_NONE, NULL);
  else if (error != NULL)
    fail (self, g_error_copy (error));
  else
    fail (self, g_error_new_literal (XMPP_ERROR, XMPP_ERROR_DISCONNECTED, _("The connection was lost.")));
}

/* Wi-Fi to cable, a VPN: the connection may be dead, or may be as good as before (security.md, F04) */
static void
on_network_changed (FlintAccount *self)
{
  if (self->state == FLINT_ACCOUNT_ONLINE)
    xmpp_ping_probe (flint_account_get_module (self, XMPP_TYPE_PING));
}

void
flint_account_follow_session (FlintAccount *self)
{
  g_signal_connect_object (self->session, "notify::state", G_CALLBACK (on_session_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "closed", G_CALLBACK (on_closed), self, 0);
  g_signal_connect_object (self->reconnector, "retry", G_CALLBACK (on_retry), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->reconnector, "network-changed", G_CALLBACK (on_network_changed), self, G_CONNECT_SWAPPED);
}

void
flint_account_connect_quietly (FlintAccount *self)
{
  if (self->state != FLINT_ACCOUNT_CONNECTING && self->state != FLINT_ACCOUNT_ONLINE)
    begin (self, FALSE);
}

/**
 * flint_account_connect:
 * @self: an account
 *
 * Connects, as a person has asked for it; while it waits to try again, now. What becomes of it are "state"
 * and "error", and a signal where a person must decide something.
 */
void
flint_account_connect (FlintAccount *self)
{
  g_return_if_fail (FLINT_IS_ACCOUNT (self));

  if (self->state == FLINT_ACCOUNT_CONNECTING || self->state == FLINT_ACCOUNT_ONLINE)
    return;

  flint_reconnector_reset (self->reconnector);
  begin (self, TRUE);
}

/* Nothing is under way any more; the session is left as it is */
static void
give_up (FlintAccount *self)
{
  self->wants_online = FALSE;
  self->allow_weaker = FALSE;
  flint_reconnector_reset (self->reconnector);
  g_cancellable_cancel (self->attempt);
  g_clear_object (&self->attempt);
}

/* For who goes without a goodbye: nobody waits for anything any more */
void
flint_account_abort (FlintAccount *self)
{
  give_up (self);
  xmpp_session_abort (self->session);

  if (self->state != FLINT_ACCOUNT_OFFLINE)
    flint_account_set_state (self, FLINT_ACCOUNT_OFFLINE, FLINT_STEP_NONE, NULL);
}

static void
on_closed_politely (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  /* However it ended, it has */
  if (!xmpp_session_close_finish (XMPP_SESSION (source), result, &error))
    g_debug ("The stream was not closed politely: %s", error->message);

  g_task_return_boolean (task, TRUE);
}

/**
 * flint_account_disconnect:
 * @self: an account
 *
 * Signs out and stays offline.
 */
void
flint_account_disconnect (FlintAccount *self)
{
  flint_account_close_async (self, NULL, NULL);
}

/**
 * flint_account_close_async:
 * @self: an account
 * @callback: (nullable): called when the server has been told, or after 2 s
 * @user_data: for @callback
 *
 * Signs out. It is offline at once; the good-bye goes on.
 */
void
flint_account_close_async (FlintAccount        *self,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (FLINT_IS_ACCOUNT (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, flint_account_close_async);

  give_up (self);

  if (xmpp_session_is_online (self->session))
    {
      xmpp_session_close_async (self->session, NULL, on_closed_politely, g_object_ref (task));
    }
  else
    {
      if (xmpp_session_get_state (self->session) != XMPP_STATE_CLOSING)
        xmpp_session_abort (self->session);

      g_task_return_boolean (task, TRUE);
    }

  if (self->state != FLINT_ACCOUNT_OFFLINE)
    flint_account_set_state (self, FLINT_ACCOUNT_OFFLINE, FLINT_STEP_NONE, NULL);
}

/**
 * flint_account_close_finish:
 * @self: an account
 * @result: what the callback got
 * @error: return location
 *
 * Returns: %TRUE
 */
gboolean
flint_account_close_finish (FlintAccount  *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * flint_account_set_password:
 * @self: an account
 * @password: (nullable): a password as it was typed; %NULL forgets it
 *
 * Takes the password for this program's life. It is kept in the keyring after a login with it, if
 * "remember-password" says so.
 */
void
flint_account_set_password (FlintAccount *self,
                            const char   *password)
{
  g_return_if_fail (FLINT_IS_ACCOUNT (self));

  /* What the keyring is about to say is older */
  g_cancellable_cancel (self->fetching);
  g_clear_pointer (&self->password, secret_value_unref);
  g_clear_pointer (&self->refused, secret_value_unref);
  self->password_is_kept = FALSE;

  if (password != NULL)
    self->password = secret_value_new (password, -1, "text/plain");
}

/**
 * flint_account_set_tls_database:
 * @self: an account
 * @database: (nullable): whose certificates to trust; %NULL: the system's
 *
 * Sets it for the next login.
 */
void
flint_account_set_tls_database (FlintAccount *self,
                                GTlsDatabase *database)
{
  g_return_if_fail (FLINT_IS_ACCOUNT (self));

  g_set_object (&self->tls_database, database);
}

/**
 * flint_account_set_status:
 * @self: an account
 * @status: what others shall see; of %XMPP_SHOW_OFFLINE signs out
 *
 * Tells others, now or at the next login. An account that was signed out connects.
 */
void
flint_account_set_status (FlintAccount *self,
                          FlintStatus  *status)
{
  g_return_if_fail (FLINT_IS_ACCOUNT (self));
  g_return_if_fail (FLINT_IS_STATUS (status));

  if (flint_status_get_show (status) == XMPP_SHOW_OFFLINE)
    {
      flint_account_disconnect (self);
      return;
    }

  g_set_object (&self->wish, status);

  if (self->state == FLINT_ACCOUNT_OFFLINE)
    begin (self, TRUE);
  else
    flint_account_tell_status (self);

  g_object_notify (G_OBJECT (self), "status");
}

/**
 * flint_account_set_first_status:
 * @self: an account that is signed out
 * @status: what others shall see after the next login
 *
 * As flint_account_set_status (), but does not connect.
 */
void
flint_account_set_first_status (FlintAccount *self,
                                FlintStatus  *status)
{
  g_return_if_fail (FLINT_IS_ACCOUNT (self));
  g_return_if_fail (FLINT_IS_STATUS (status));

  if (self->state == FLINT_ACCOUNT_OFFLINE && flint_status_get_show (status) != XMPP_SHOW_OFFLINE)
    g_set_object (&self->wish, status);
}

/**
 * flint_account_can_pin:
 * @self: an account
 * @certificate: what the signal "certificate-problem" brought
 *
 * A server that has shown a certificate which everybody trusts has no reason to show another: who puts himself between
 * has, and shall not be trusted for ever by one press of a button (security.md, T139).
 *
 * Returns: whether flint_account_trust_certificate () may keep it
 */
gboolean
flint_account_can_pin (FlintAccount    *self,
                       XmppCertificate *certificate)
{
  g_return_val_if_fail (FLINT_IS_ACCOUNT (self), FALSE);
  g_return_val_if_fail (XMPP_IS_CERTIFICATE (certificate), FALSE);

  return !self->settings.certified && !(xmpp_certificate_get_flags (certificate) & XMPP_CERTIFICATE_REVOKED);
}

/* A server has one key: with another one the word given for the first is taken back */
static void
pin (FlintAccount    *self,
     XmppCertificate *certificate)
{
  g_autofree char *domain = g_strconcat (xmpp_certificate_get_domain (certificate), " ", NULL);
  g_autofree char *word = xmpp_certificate_make_pin (certificate);
  g_autoptr(GPtrArray) pins = g_ptr_array_new ();

  for (guint i = 0; self->settings.pins[i] != NULL; i++)
    {
      if (!g_str_has_prefix (self->settings.pins[i], domain))
        g_ptr_array_add (pins, self->settings.pins[i]);
    }

  g_ptr_array_add (pins, word);
  g_ptr_array_add (pins, NULL);
  g_object_set (self, "pins", pins->pdata, NULL);
}

/**
 * flint_account_trust_certificate:
 * @self: an account
 * @certificate: what the signal "certificate-problem" brought
 * @always: whether to keep that, if flint_account_can_pin (); else it holds while the program runs
 *
 * Trusts exactly this key of the server's, whatever is wrong with its certificate, and connects.
 */
void
flint_account_trust_certificate (FlintAccount    *self,
                                 XmppCertificate *certificate,
                                 gboolean         always)
{
  g_return_if_fail (FLINT_IS_ACCOUNT (self));
  g_return_if_fail (XMPP_IS_CERTIFICATE (certificate));

  if (always && flint_account_can_pin (self, certificate))
    pin (self, certificate);
  else
    g_ptr_array_add (self->pins_once, xmpp_certificate_make_pin (certificate));

  flint_account_connect (self);
}

/**
 * flint_account_forget_pin:
 * @self: an account
 * @pin: one of "pins"
 *
 * Trusts that key no longer than other keys.
 */
void
flint_account_forget_pin (FlintAccount *self,
                          const char   *pin)
{
  g_autoptr(GPtrArray) pins = NULL;
  guint position;

  g_return_if_fail (FLINT_IS_ACCOUNT (self));
  g_return_if_fail (pin != NULL);

  if (g_ptr_array_find_with_equal_func (self->pins_once, pin, g_str_equal, &position))
    g_ptr_array_remove_index (self->pins_once, position);

  pins = g_ptr_array_new ();

  for (guint i = 0; self->settings.pins[i] != NULL; i++)
    if (!g_str_equal (self->settings.pins[i], pin))
      g_ptr_array_add (pins, self->settings.pins[i]);

  g_ptr_array_add (pins, NULL);
  g_object_set (self, "pins", pins->pdata, NULL);
}

/**
 * flint_account_allow_weaker:
 * @self: an account
 *
 * The person agrees to a weaker mechanism than the last one, after the signal "weaker-mechanism". Connects.
 * That holds until this login has succeeded, when the mechanism is the one that the next login is compared
 * with, or is given up.
 */
void
flint_account_allow_weaker (FlintAccount *self)
{
  g_return_if_fail (FLINT_IS_ACCOUNT (self));

  self->allow_weaker = TRUE;
  flint_account_connect (self);
}
