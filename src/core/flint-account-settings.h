/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define FLINT_MAX_BLOCKED 1000   /* the file that they are kept in must stay one that is read */

typedef enum
{
  FLINT_SETTING_ADDRESS,
  FLINT_SETTING_LABEL,
  FLINT_SETTING_REMEMBER_PASSWORD,
  FLINT_SETTING_AUTO_LOGIN,
  FLINT_SETTING_INVISIBLE,
  FLINT_SETTING_ANONYMOUS,
  FLINT_SETTING_DOMAIN,
  FLINT_SETTING_HOST,
  FLINT_SETTING_PORT,
  FLINT_SETTING_SECURITY,
  FLINT_SETTING_RESOURCE,
  FLINT_SETTING_PRIORITY,
  FLINT_SETTING_PROXY,
  FLINT_SETTING_CLIENT_CERTIFICATE,
  FLINT_SETTING_SUBSCRIPTION_MODE,
  FLINT_SETTING_PINS,
  FLINT_SETTING_LAST_MECHANISM,
  FLINT_SETTING_CERTIFIED,
  FLINT_SETTING_BLOCKED,
  FLINT_N_SETTINGS
} FlintSetting;

/* What an account keeps on disk; strings are never NULL */
typedef struct
{
  char     *address;
  char     *label;
  gboolean  remember_password;
  gboolean  auto_login;
  gboolean  invisible;
  gboolean  anonymous;
  char     *domain;
  char     *host;
  int       port;
  int       security;
  char     *resource;
  int       priority;
  char     *proxy;
  char     *client_certificate;
  int       subscription_mode;
  char    **pins;
  char     *last_mechanism;
  gboolean  certified;         /* the server has shown a certificate that needed nobody's word */
  char    **blocked;           /* by us, as the server cannot */
} FlintAccountSettings;

void        flint_account_settings_init       (FlintAccountSettings       *self);
void        flint_account_settings_clear      (FlintAccountSettings       *self);
GParamSpec *flint_account_settings_make_pspec (FlintSetting                setting);
void        flint_account_settings_get        (const FlintAccountSettings *self,
                                               FlintSetting                setting,
                                               GValue                     *value);
gboolean    flint_account_settings_set        (FlintAccountSettings       *self,
                                               FlintSetting                setting,
                                               const GValue               *value);
void        flint_account_settings_read       (FlintAccountSettings       *self,
                                               GKeyFile                   *file,
                                               const char                 *group);
void        flint_account_settings_write      (const FlintAccountSettings *self,
                                               GKeyFile                   *file,
                                               const char                 *group);

G_END_DECLS
