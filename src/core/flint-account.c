/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-account-private.h"

#include "flint-contact-list-private.h"

#include "xmpp-blocking.h"
#include "xmpp-random.h"

#include <glib/gi18n-lib.h>

enum {
  PROP_0,
  PROP_FIRST_SETTING,
  PROP_ID = PROP_FIRST_SETTING + FLINT_N_SETTINGS,
  PROP_IS_TRANSIENT,
  PROP_CLOCK,
  PROP_CONNECTOR,
  PROP_NETWORK_MONITOR,
  PROP_STATE,
  PROP_STEP,
  PROP_ERROR,
  PROP_RETRY_IN,
  PROP_JID,
  PROP_SESSION,
  PROP_STATUS,
  PROP_OWN_NAME,
  PROP_AVATAR,
  PROP_CONTACTS,
  PROP_IS_ENCRYPTED,
  N_PROPS
};

enum {
  CERTIFICATE_PROBLEM,
  WEAKER_MECHANISM,
  PASSWORD_NEEDED,
  PASSWORD_NOT_KEPT,
  DEVICES_CHANGED,
  STATUS_FAILED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlintAccount, flint_account, G_TYPE_OBJECT)

static void
notify (FlintAccount *self,
        guint         id)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

static void
set_jid (FlintAccount *self,
         XmppJid      *jid)
{
  g_autoptr(XmppJid) old = self->jid;

  self->jid = jid;

  if (old != jid && (old == NULL || jid == NULL || !xmpp_jid_equal (old, jid)))
    notify (self, PROP_JID);
}

/* What was typed, prepared; nothing when it is no address */
static void
read_address (FlintAccount *self)
{
  g_autoptr(XmppJid) typed = NULL;

  if (!self->settings.anonymous && *self->settings.address != '\0')
    typed = xmpp_jid_new (self->settings.address, NULL);

  set_jid (self, typed != NULL ? xmpp_jid_get_bare (typed) : NULL);
}

static void
on_setting_changed (FlintAccount *self,
                    FlintSetting  setting)
{
  if (setting == FLINT_SETTING_ADDRESS || setting == FLINT_SETTING_ANONYMOUS)
    {
      read_address (self);
      notify (self, PROP_FIRST_SETTING + FLINT_SETTING_LABEL);
      notify (self, PROP_OWN_NAME);
    }
  else if (setting == FLINT_SETTING_SUBSCRIPTION_MODE)
    {
      g_object_set (flint_account_get_presence (self), "subscription-mode", self->settings.subscription_mode, NULL);
    }
  else if (setting == FLINT_SETTING_BLOCKED)
    {
      xmpp_blocking_set_here (flint_account_get_module (self, XMPP_TYPE_BLOCKING), (const char * const *) self->settings.blocked);
    }
  else if (setting == FLINT_SETTING_PRIORITY && flint_account_is_online (self))
    {
      flint_account_tell_status (self);
    }
}

static void
on_presence_changed (XmppPresence *presence,
                     XmppJid      *bare,
                     FlintAccount *self)
{
  if (self->jid != NULL && xmpp_jid_equal_bare (bare, self->jid))
    g_signal_emit (self, signals[DEVICES_CHANGED], 0);
}

static void
on_invisible_failed (XmppPresence *presence,
                     const GError *error,
                     FlintAccount *self)
{
  g_signal_emit (self, signals[STATUS_FAILED], 0, error);
}

static void
on_roster_ready (FlintAccount *self)
{
  if (self->state == FLINT_ACCOUNT_ONLINE)
    flint_account_set_step (self, FLINT_STEP_DONE);
}

static void
on_roster_failed (XmppRoster   *roster,
                  const GError *error,
                  FlintAccount *self)
{
  g_debug ("The server would not give the contacts: %s", error->message);
  on_roster_ready (self);
}

static void
on_retry_in (FlintAccount *self)
{
  notify (self, PROP_RETRY_IN);
}

static void
on_own_name (FlintAccount *self)
{
  notify (self, PROP_OWN_NAME);
}

static void
on_own_avatar (FlintAccount *self)
{
  notify (self, PROP_AVATAR);
}

static void
flint_account_constructed (GObject *object)
{
  FlintAccount *self = FLINT_ACCOUNT (object);

  G_OBJECT_CLASS (flint_account_parent_class)->constructed (object);

  if (self->clock == NULL)
    self->clock = xmpp_clock_new ();

  self->session = g_object_new (XMPP_TYPE_SESSION, "clock", self->clock, NULL);
  self->reconnector = flint_reconnector_new (self->clock, self->monitor);
  self->contacts = flint_contact_list_new (self);
  self->avatars = flint_avatars_new (flint_account_get_module (self, XMPP_TYPE_VCARDS));
  self->profile = flint_profile_new (flint_account_get_module (self, XMPP_TYPE_VCARDS));

  g_signal_connect_object (self->reconnector, "notify::retry-in", G_CALLBACK (on_retry_in), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->reconnector, "notify::is-network-available", G_CALLBACK (on_retry_in), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->profile, "notify::name", G_CALLBACK (on_own_name), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->profile, "notify::avatar", G_CALLBACK (on_own_avatar), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (flint_account_get_roster (self), "loaded", G_CALLBACK (on_roster_ready), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (flint_account_get_roster (self), "failed", G_CALLBACK (on_roster_failed), self, 0);
  g_signal_connect_object (flint_account_get_presence (self), "changed", G_CALLBACK (on_presence_changed), self, 0);

  g_signal_connect_object (flint_account_get_presence (self), "invisible-failed", G_CALLBACK (on_invisible_failed), self, 0);

  flint_account_follow_session (self);
}

static void
flint_account_dispose (GObject *object)
{
  FlintAccount *self = FLINT_ACCOUNT (object);

  self->wants_online = FALSE;
  g_cancellable_cancel (self->attempt);
  g_clear_object (&self->attempt);

  if (self->cache_timer != 0)
    xmpp_clock_remove (self->clock, self->cache_timer);

  self->cache_timer = 0;

  if (self->reconnector != NULL)
    flint_reconnector_stop (self->reconnector);

  flint_account_stop_fetching (self);

  /* The read in flight would hold it */
  if (self->session != NULL)
    xmpp_session_abort (self->session);

  g_clear_object (&self->contacts);
  g_clear_object (&self->avatars);
  g_clear_object (&self->reconnector);
  g_clear_object (&self->session);
  g_clear_object (&self->connector);
  g_clear_object (&self->monitor);
  g_clear_object (&self->tls_database);
  g_clear_object (&self->cache);
  g_clear_object (&self->history);

  G_OBJECT_CLASS (flint_account_parent_class)->dispose (object);
}

static void
flint_account_finalize (GObject *object)
{
  FlintAccount *self = FLINT_ACCOUNT (object);

  flint_account_settings_clear (&self->settings);
  g_clear_pointer (&self->password, secret_value_unref);
  g_clear_pointer (&self->refused, secret_value_unref);
  g_clear_pointer (&self->jid, xmpp_jid_unref);
  g_clear_error (&self->error);
  g_clear_object (&self->wish);
  g_clear_object (&self->offline);
  g_clear_object (&self->clock);
  g_ptr_array_unref (self->pins_once);
  g_clear_object (&self->profile);
  g_free (self->id);

  G_OBJECT_CLASS (flint_account_parent_class)->finalize (object);
}

static void
flint_account_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  FlintAccount *self = FLINT_ACCOUNT (object);

  switch (id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;

    case PROP_IS_TRANSIENT:
      g_value_set_boolean (value, self->is_transient);
      break;

    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;

    case PROP_STEP:
      g_value_set_int (value, self->step);
      break;

    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;

    case PROP_RETRY_IN:
      g_value_set_uint (value, flint_reconnector_get_retry_in (self->reconnector));
      break;

    case PROP_JID:
      g_value_set_boxed (value, self->jid);
      break;

    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;

    case PROP_STATUS:
      g_value_set_object (value, flint_account_get_status (self));
      break;

    case PROP_OWN_NAME:
      g_value_take_string (value, flint_account_describe_self (self));
      break;

    case PROP_AVATAR:
      g_value_set_boxed (value, flint_profile_get_avatar (self->profile));
      break;

    case PROP_CONTACTS:
      g_value_set_object (value, self->contacts);
      break;

    case PROP_IS_ENCRYPTED:
      g_value_set_boolean (value, xmpp_session_get_tls_version (self->session) != NULL);
      break;

    case PROP_FIRST_SETTING + FLINT_SETTING_LABEL:
      g_value_set_string (value, flint_account_get_label (self));
      break;

    case PROP_FIRST_SETTING + FLINT_SETTING_ADDRESS:
      g_value_set_string (value, flint_account_get_address (self));
      break;

    default:
      if (id >= PROP_FIRST_SETTING && id < PROP_FIRST_SETTING + FLINT_N_SETTINGS)
        flint_account_settings_get (&self->settings, id - PROP_FIRST_SETTING, value);
      else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
flint_account_set_property (GObject      *object,
                            guint         id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  FlintAccount *self = FLINT_ACCOUNT (object);

  switch (id)
    {
    case PROP_ID:
      self->id = g_value_dup_string (value);
      break;

    case PROP_CLOCK:
      self->clock = g_value_dup_object (value);
      break;

    case PROP_NETWORK_MONITOR:
      self->monitor = g_value_dup_object (value);
      break;

    case PROP_CONNECTOR:
      g_set_object (&self->connector, g_value_get_object (value));
      break;

    case PROP_IS_TRANSIENT:
      self->is_transient = g_value_get_boolean (value);
      break;

    default:
      if (id < PROP_FIRST_SETTING || id >= PROP_FIRST_SETTING + FLINT_N_SETTINGS)
        {
          G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
        }
      else if (flint_account_settings_set (&self->settings, id - PROP_FIRST_SETTING, value))
        {
          g_object_notify_by_pspec (object, pspec);
          on_setting_changed (self, id - PROP_FIRST_SETTING);
        }
    }
}

static void
flint_account_class_init (FlintAccountClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags readable = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GParamFlags given = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = flint_account_constructed;
  object_class->dispose = flint_account_dispose;
  object_class->finalize = flint_account_finalize;
  object_class->get_property = flint_account_get_property;
  object_class->set_property = flint_account_set_property;

  for (guint i = 0; i < FLINT_N_SETTINGS; i++)
    properties[PROP_FIRST_SETTING + i] = flint_account_settings_make_pspec (i);

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, given | G_PARAM_READABLE);
  properties[PROP_IS_TRANSIENT] = g_param_spec_boolean ("is-transient", NULL, NULL, FALSE,
                                                        G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  /* For tests: what time it is, how to reach the server, whether there is a network */
  properties[PROP_CLOCK] = g_param_spec_object ("clock", NULL, NULL, XMPP_TYPE_CLOCK, given);
  properties[PROP_CONNECTOR] = g_param_spec_object ("connector", NULL, NULL, XMPP_TYPE_CONNECTOR,
                                                    G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_NETWORK_MONITOR] = g_param_spec_object ("network-monitor", NULL, NULL, G_TYPE_NETWORK_MONITOR, given);

  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, FLINT_ACCOUNT_OFFLINE, FLINT_ACCOUNT_FAILED,
                                             FLINT_ACCOUNT_OFFLINE, readable);
  properties[PROP_STEP] = g_param_spec_int ("step", NULL, NULL, FLINT_STEP_NONE, FLINT_STEP_DONE, FLINT_STEP_NONE, readable);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, readable);
  properties[PROP_RETRY_IN] = g_param_spec_uint ("retry-in", NULL, NULL, 0, G_MAXUINT, 0, readable);
  properties[PROP_JID] = g_param_spec_boxed ("jid", NULL, NULL, XMPP_TYPE_JID, readable);
  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, XMPP_TYPE_SESSION, readable);
  properties[PROP_STATUS] = g_param_spec_object ("status", NULL, NULL, FLINT_TYPE_STATUS, readable);
  properties[PROP_OWN_NAME] = g_param_spec_string ("own-name", NULL, NULL, NULL, readable);
  properties[PROP_AVATAR] = g_param_spec_boxed ("avatar", NULL, NULL, G_TYPE_BYTES, readable);
  properties[PROP_CONTACTS] = g_param_spec_object ("contacts", NULL, NULL, FLINT_TYPE_CONTACT_LIST, readable);
  properties[PROP_IS_ENCRYPTED] = g_param_spec_boolean ("is-encrypted", NULL, NULL, FALSE, readable);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[CERTIFICATE_PROBLEM] = g_signal_new ("certificate-problem", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                               NULL, NULL, NULL, G_TYPE_NONE, 1, XMPP_TYPE_CERTIFICATE);
  signals[WEAKER_MECHANISM] = g_signal_new ("weaker-mechanism", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[PASSWORD_NEEDED] = g_signal_new ("password-needed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[PASSWORD_NOT_KEPT] = g_signal_new ("password-not-kept", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                             NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[DEVICES_CHANGED] = g_signal_new ("devices-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[STATUS_FAILED] = g_signal_new ("status-failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
flint_account_init (FlintAccount *self)
{
  flint_account_settings_init (&self->settings);
  self->pins_once = g_ptr_array_new_with_free_func (g_free);
  self->offline = flint_status_new (XMPP_SHOW_OFFLINE, NULL, FALSE);
}

/* The only place where the state changes. error (transfer full) (nullable) */
void
flint_account_set_state (FlintAccount      *self,
                         FlintAccountState  state,
                         FlintStep          step,
                         GError            *error)
{
  gboolean was_online = self->state == FLINT_ACCOUNT_ONLINE;
  gboolean is_online = state == FLINT_ACCOUNT_ONLINE;
  gboolean is_changed = state != self->state;

  g_object_freeze_notify (G_OBJECT (self));

  g_clear_error (&self->error);
  self->error = error;
  notify (self, PROP_ERROR);

  self->state = state;
  if (state == FLINT_ACCOUNT_WAITING)
    self->is_lost |= was_online;
  else if (state != FLINT_ACCOUNT_CONNECTING)
    self->is_lost = FALSE;
  flint_account_set_step (self, step);

  if (self->settings.anonymous && was_online != is_online)
    {
      XmppJid *own = is_online ? xmpp_session_get_own_jid (self->session) : NULL;

      set_jid (self, own != NULL ? xmpp_jid_get_bare (own) : NULL);
      notify (self, PROP_FIRST_SETTING + FLINT_SETTING_ADDRESS);
      notify (self, PROP_FIRST_SETTING + FLINT_SETTING_LABEL);
    }

  if (is_changed)
    {
      notify (self, PROP_STATE);
      notify (self, PROP_STATUS);
      notify (self, PROP_IS_ENCRYPTED);
    }

  if (was_online != is_online)
    flint_contact_list_set_online (self->contacts, is_online);

  if (is_online && !was_online && !xmpp_session_is_resumed (self->session))
    {
      self->is_caught_up = FALSE;
      flint_profile_fetch (self->profile);
    }

  g_object_thaw_notify (G_OBJECT (self));
}

void
flint_account_set_step (FlintAccount *self,
                        FlintStep     step)
{
  if (self->step == step)
    return;

  self->step = step;
  notify (self, PROP_STEP);
}

/* What only the person can decide */
void
flint_account_emit_problem (FlintAccount *self,
                            const GError *error)
{
  if (g_error_matches (error, XMPP_ERROR, XMPP_ERROR_CERTIFICATE) && xmpp_session_get_certificate (self->session) != NULL)
    g_signal_emit (self, signals[CERTIFICATE_PROBLEM], 0, xmpp_session_get_certificate (self->session));
  else if (g_error_matches (error, XMPP_AUTH_ERROR, XMPP_AUTH_ERROR_WEAKER))
    g_signal_emit (self, signals[WEAKER_MECHANISM], 0, error);
}

void
flint_account_emit_password_needed (FlintAccount *self,
                                    const GError *error)
{
  g_signal_emit (self, signals[PASSWORD_NEEDED], 0, error);
}

void
flint_account_emit_password_not_kept (FlintAccount *self,
                                      const GError *error)
{
  g_signal_emit (self, signals[PASSWORD_NOT_KEPT], 0, error);
}

void
flint_account_fetch_avatar (FlintAccount *self,
                            FlintContact *contact)
{
  flint_avatars_fetch (self->avatars, contact);
}

XmppRoster *
flint_account_get_roster (FlintAccount *self)
{
  return flint_account_get_module (self, XMPP_TYPE_ROSTER);
}

XmppPresence *
flint_account_get_presence (FlintAccount *self)
{
  return flint_account_get_module (self, XMPP_TYPE_PRESENCE);
}

gpointer
flint_account_get_module (FlintAccount *self,
                          GType         type)
{
  return xmpp_session_get_module (self->session, type);
}

FlintReconnector *
flint_account_get_reconnector (FlintAccount *self)
{
  return self->reconnector;
}

/* Where what is said is kept; before the account has a conversation */
void
flint_account_set_history (FlintAccount *self,
                           FlintHistory *history)
{
  g_set_object (&self->history, history);
}

/* Whether what is said as this account is kept: not as somebody whom nobody knows again */
gboolean
flint_account_is_kept (FlintAccount *self)
{
  return !self->settings.anonymous && self->jid != NULL;
}

/* Whether the server has told what was missed, or will not: between a login and this, which ends it, nobody knows what it
 * has
 */
void
flint_account_set_caught_up (FlintAccount *self,
                             gboolean      is_caught_up)
{
  self->is_caught_up = is_caught_up;
}

gboolean
flint_account_is_caught_up (FlintAccount *self)
{
  return self->is_caught_up;
}

/* (nullable) (transfer none): NULL: nothing of it is kept */
FlintHistory *
flint_account_get_history (FlintAccount *self)
{
  return self->history;
}

FlintProfile *
flint_account_get_profile (FlintAccount *self)
{
  return self->profile;
}

XmppClock *
flint_account_get_clock (FlintAccount *self)
{
  return self->clock;
}

gboolean
flint_account_is_transient (FlintAccount *self)
{
  return self->is_transient;
}

/* Before something is sent that cannot wait */
gboolean
flint_account_check_online (FlintAccount  *self,
                            GError       **error)
{
  if (flint_account_is_online (self))
    return TRUE;

  g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_DISCONNECTED,
                       _("You are not connected. The message can be sent when the connection is back."));

  return FALSE;
}

/* accounts (element-type FlintAccount). (transfer none) (nullable): the one that a signal of the engine is about */
FlintAccount *
flint_account_find_in (GPtrArray   *accounts,
                       XmppSession *session)
{
  for (guint i = 0; i < accounts->len; i++)
    if (flint_account_get_session (g_ptr_array_index (accounts, i)) == session)
      return g_ptr_array_index (accounts, i);

  return NULL;
}

/* From and to the file of accounts; its group has the account's id for a name */

void
flint_account_read (FlintAccount *self,
                    GKeyFile     *file)
{
  flint_account_settings_read (&self->settings, file, self->id);

  for (guint i = 0; i < FLINT_N_SETTINGS; i++)
    {
      notify (self, PROP_FIRST_SETTING + i);
      on_setting_changed (self, i);
    }

  self->is_proven = *self->settings.last_mechanism != '\0';
}

void
flint_account_write (FlintAccount *self,
                     GKeyFile     *file)
{
  flint_account_settings_write (&self->settings, file, self->id);
}

FlintAccount *
flint_account_new_with_id (const char *id)
{
  return g_object_new (FLINT_TYPE_ACCOUNT, "id", id, NULL);
}

/**
 * flint_account_new:
 * @address: (nullable): an address as it was typed; %NULL or "" for an anonymous account
 *
 * Returns: (transfer full): an account that is not connected and not in any list
 */
FlintAccount *
flint_account_new (const char *address)
{
  g_autofree char *id = xmpp_random_id ();

  return g_object_new (FLINT_TYPE_ACCOUNT, "id", id, "address", address, NULL);
}

/**
 * flint_account_get_id:
 * @self: an account
 *
 * Returns: what it is called in our files; it says nothing about the address
 */
const char *
flint_account_get_id (FlintAccount *self)
{
  g_return_val_if_fail (FLINT_IS_ACCOUNT (self), NULL);

  return self->id;
}

/**
 * flint_account_get_address:
 * @self: an account
 *
 * Returns: the bare address; "" for an anonymous account that is not connected
 */
const char *
flint_account_get_address (FlintAccount *self)
{
  g_return_val_if_fail (FLINT_IS_ACCOUNT (self), NULL);

  if (self->jid != NULL)
    return xmpp_jid_get_text (self->jid);

  return self->settings.anonymous ? "" : self->settings.address;
}

/**
 * flint_account_get_label:
 * @self: an account
 *
 * Returns: the person's name for it, else the address, else the domain
 */
const char *
flint_account_get_label (FlintAccount *self)
{
  const char *address;

  g_return_val_if_fail (FLINT_IS_ACCOUNT (self), NULL);

  if (*self->settings.label != '\0')
    return self->settings.label;

  address = flint_account_get_address (self);

  return *address != '\0' ? address : self->settings.domain;
}

/**
 * flint_account_get_jid:
 * @self: an account
 *
 * Returns: (transfer none) (nullable): the bare address; %NULL when what was typed is none, and for an
 *   anonymous account that is not connected
 */
XmppJid *
flint_account_get_jid (FlintAccount *self)
{
  g_return_val_if_fail (FLINT_IS_ACCOUNT (self), NULL);

  return self->jid;
}

/**
 * flint_account_get_session:
 * @self: an account
 *
 * Returns: (transfer none): its session, the same one all its life
 */
XmppSession *
flint_account_get_session (FlintAccount *self)
{
  g_return_val_if_fail (FLINT_IS_ACCOUNT (self), NULL);

  return self->session;
}

/**
 * flint_account_get_state:
 * @self: an account
 *
 * Returns: whether it is connected, or will be
 */
FlintAccountState
flint_account_get_state (FlintAccount *self)
{
  g_return_val_if_fail (FLINT_IS_ACCOUNT (self), FLINT_ACCOUNT_OFFLINE);

  return self->state;
}

/**
 * flint_account_get_step:
 * @self: an account
 *
 * Returns: how far the login has come
 */
FlintStep
flint_account_get_step (FlintAccount *self)
{
  g_return_val_if_fail (FLINT_IS_ACCOUNT (self), FLINT_STEP_NONE);

  return self->step;
}

/**
 * flint_account_get_error:
 * @self: an account
 *
 * Returns: (transfer none) (nullable): why it is not connected
 */
const GError *
flint_account_get_error (FlintAccount *self)
{
  g_return_val_if_fail (FLINT_IS_ACCOUNT (self), NULL);

  return self->error;
}

/**
 * flint_account_get_contacts:
 * @self: an account
 *
 * Returns: (transfer none): its contacts
 */
FlintContactList *
flint_account_get_contacts (FlintAccount *self)
{
  g_return_val_if_fail (FLINT_IS_ACCOUNT (self), NULL);

  return self->contacts;
}

/**
 * flint_account_get_status:
 * @self: an account
 *
 * Returns: (transfer none): what we tell others, or will once the connection is back; offline when nobody
 *   is trying to connect
 */
FlintStatus *
flint_account_get_status (FlintAccount *self)
{
  g_return_val_if_fail (FLINT_IS_ACCOUNT (self), NULL);

  if (self->state == FLINT_ACCOUNT_OFFLINE || self->state == FLINT_ACCOUNT_FAILED)
    return self->offline;

  return self->wish != NULL ? self->wish : self->offline;
}

/**
 * flint_account_get_devices:
 * @self: an account
 *
 * Returns: (transfer container) (element-type XmppResource): the other devices that are signed in to it, valid
 *   until the main loop runs again; see the signal "devices-changed"
 */
GPtrArray *
flint_account_get_devices (FlintAccount *self)
{
  g_autoptr(GPtrArray) all = NULL;
  GPtrArray *others = g_ptr_array_new ();
  XmppJid *own;

  g_return_val_if_fail (FLINT_IS_ACCOUNT (self), others);

  own = xmpp_session_get_own_jid (self->session);

  if (!flint_account_is_online (self) || self->jid == NULL || own == NULL)
    return others;

  all = xmpp_presence_get_resources (flint_account_get_presence (self), self->jid);

  for (guint i = 0; i < all->len; i++)
    {
      const XmppResource *resource = g_ptr_array_index (all, i);

      if (!xmpp_jid_equal (resource->jid, own))
        g_ptr_array_add (others, (gpointer) resource);
    }

  return others;
}

/**
 * flint_account_has_network:
 * @self: an account
 *
 * "retry-in" is notified when it changes.
 *
 * Returns: whether there is any network to connect over
 */
gboolean
flint_account_has_network (FlintAccount *self)
{
  g_return_val_if_fail (FLINT_IS_ACCOUNT (self), FALSE);

  return flint_reconnector_is_network_available (self->reconnector);
}

/**
 * flint_account_begin_countdown:
 * @self: an account
 *
 * Somebody looks at "retry-in": it is notified each second until flint_account_end_countdown (). Otherwise nothing wakes up
 * for it.
 */
void
flint_account_begin_countdown (FlintAccount *self)
{
  g_return_if_fail (FLINT_IS_ACCOUNT (self));

  flint_reconnector_begin_reading (self->reconnector);
}

/**
 * flint_account_end_countdown:
 * @self: an account
 *
 * One of those who looked looks no more.
 */
void
flint_account_end_countdown (FlintAccount *self)
{
  g_return_if_fail (FLINT_IS_ACCOUNT (self));

  flint_reconnector_end_reading (self->reconnector);
}

/**
 * flint_account_is_online:
 * @self: an account
 *
 * Returns: whether it is connected
 */
gboolean
flint_account_is_online (FlintAccount *self)
{
  g_return_val_if_fail (FLINT_IS_ACCOUNT (self), FALSE);

  return self->state == FLINT_ACCOUNT_ONLINE;
}
