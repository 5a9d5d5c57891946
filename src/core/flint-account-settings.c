/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-account-settings.h"

#include "xmpp-presence.h"

#include <string.h>

#define MAX_STRING  3072     /* bytes: as long as an address may be */
#define MAX_PINS    32
#define MAX_BLOCKED FLINT_MAX_BLOCKED

typedef enum
{
  KIND_STRING,
  KIND_BOOLEAN,
  KIND_INT,
  KIND_LIST,
} Kind;

/* One key of the file, one property, one field */
typedef struct
{
  const char *name;
  Kind        kind;
  gsize       offset;
  int         standard;
  int         min;
  int         max;       /* of a list: how many */
} Setting;

#define FIELD(field) G_STRUCT_OFFSET (FlintAccountSettings, field)

static const Setting settings[FLINT_N_SETTINGS] = {
  [FLINT_SETTING_ADDRESS]           = { "address",           KIND_STRING,  FIELD (address) },
  [FLINT_SETTING_LABEL]             = { "label",             KIND_STRING,  FIELD (label) },
  [FLINT_SETTING_REMEMBER_PASSWORD] = { "remember-password", KIND_BOOLEAN, FIELD (remember_password), TRUE },
  [FLINT_SETTING_AUTO_LOGIN]        = { "auto-login",        KIND_BOOLEAN, FIELD (auto_login), TRUE },
  [FLINT_SETTING_INVISIBLE]         = { "invisible",         KIND_BOOLEAN, FIELD (invisible) },
  [FLINT_SETTING_ANONYMOUS]         = { "anonymous",         KIND_BOOLEAN, FIELD (anonymous) },
  [FLINT_SETTING_DOMAIN]            = { "domain",            KIND_STRING,  FIELD (domain) },
  [FLINT_SETTING_HOST]              = { "host",              KIND_STRING,  FIELD (host) },
  [FLINT_SETTING_PORT]              = { "port",              KIND_INT,     FIELD (port), 0, 0, 65535 },
  [FLINT_SETTING_SECURITY]          = { "security",          KIND_INT,     FIELD (security), XMPP_SECURITY_REQUIRED,
                                        XMPP_SECURITY_REQUIRED, XMPP_SECURITY_DISABLED },
  [FLINT_SETTING_RESOURCE]          = { "resource",          KIND_STRING,  FIELD (resource) },
  [FLINT_SETTING_PRIORITY]          = { "priority",          KIND_INT,     FIELD (priority), 0, -128, 127 },
  [FLINT_SETTING_PROXY]             = { "proxy",             KIND_STRING,  FIELD (proxy) },
  [FLINT_SETTING_CLIENT_CERTIFICATE] = { "client-certificate", KIND_STRING, FIELD (client_certificate) },
  [FLINT_SETTING_SUBSCRIPTION_MODE] = { "subscription-mode", KIND_INT,     FIELD (subscription_mode), XMPP_SUBSCRIPTION_MODE_MANUAL,
                                        XMPP_SUBSCRIPTION_MODE_MANUAL, XMPP_SUBSCRIPTION_MODE_REJECT_ALL },
  [FLINT_SETTING_PINS]              = { "pins",              KIND_LIST,    FIELD (pins), 0, 0, MAX_PINS },
  [FLINT_SETTING_LAST_MECHANISM]    = { "last-mechanism",    KIND_STRING,  FIELD (last_mechanism) },
  [FLINT_SETTING_CERTIFIED]         = { "certified",         KIND_BOOLEAN, FIELD (certified) },
  [FLINT_SETTING_BLOCKED]           = { "blocked",           KIND_LIST,    FIELD (blocked), 0, 0, MAX_BLOCKED },
};

#define AT(self, setting, type) ((type *) ((char *) (self) + (setting)->offset))

void
flint_account_settings_init (FlintAccountSettings *self)
{
  for (guint i = 0; i < FLINT_N_SETTINGS; i++)
    switch (settings[i].kind)
      {
      case KIND_STRING:
        *AT (self, &settings[i], char *) = g_strdup ("");
        break;

      case KIND_BOOLEAN:
      case KIND_INT:
        *AT (self, &settings[i], int) = settings[i].standard;
        break;

      case KIND_LIST:
        *AT (self, &settings[i], char **) = g_new0 (char *, 1);
        break;

      default:
        g_assert_not_reached ();
      }
}

void
flint_account_settings_clear (FlintAccountSettings *self)
{
  for (guint i = 0; i < FLINT_N_SETTINGS; i++)
    {
      if (settings[i].kind == KIND_STRING)
        g_clear_pointer (AT (self, &settings[i], char *), g_free);
      else if (settings[i].kind == KIND_LIST)
        g_clear_pointer (AT (self, &settings[i], char **), g_strfreev);
    }
}

GParamSpec *
flint_account_settings_make_pspec (FlintSetting setting)
{
  const Setting *s = &settings[setting];
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  switch (s->kind)
    {
    case KIND_STRING:
      return g_param_spec_string (s->name, NULL, NULL, "", flags);

    case KIND_BOOLEAN:
      return g_param_spec_boolean (s->name, NULL, NULL, s->standard, flags);

    case KIND_INT:
      return g_param_spec_int (s->name, NULL, NULL, s->min, s->max, s->standard, flags);

    case KIND_LIST:
      return g_param_spec_boxed (s->name, NULL, NULL, G_TYPE_STRV, flags);

    default:
      g_return_val_if_reached (NULL);
    }
}

void
flint_account_settings_get (const FlintAccountSettings *self,
                            FlintSetting                setting,
                            GValue                     *value)
{
  const Setting *s = &settings[setting];

  switch (s->kind)
    {
    case KIND_STRING:
      g_value_set_string (value, *AT (self, s, char *));
      break;

    case KIND_BOOLEAN:
      g_value_set_boolean (value, *AT (self, s, int));
      break;

    case KIND_INT:
      g_value_set_int (value, *AT (self, s, int));
      break;

    case KIND_LIST:
      g_value_set_boxed (value, *AT (self, s, char **));
      break;

    default:
      g_return_if_reached ();
    }
}

static gboolean
set_string (char       **field,
            const char  *text)
{
  if (g_strcmp0 (*field, text != NULL ? text : "") == 0)
    return FALSE;

  g_free (*field);
  *field = g_strdup (text != NULL ? text : "");

  return TRUE;
}

static gboolean
set_int (int *field,
         int  number)
{
  if (*field == number)
    return FALSE;

  *field = number;

  return TRUE;
}

static gboolean
set_list (char             ***field,
          const char * const *list)
{
  static const char * const empty[] = { NULL };
  char **old = *field;

  if (list == NULL)
    list = empty;

  if (g_strv_equal ((const char * const *) old, list))
    return FALSE;

  /* The new list may borrow from the old one */
  *field = g_strdupv ((char **) list);
  g_strfreev (old);

  return TRUE;
}

/* Whether it is another value than before */
gboolean
flint_account_settings_set (FlintAccountSettings *self,
                            FlintSetting          setting,
                            const GValue         *value)
{
  const Setting *s = &settings[setting];

  switch (s->kind)
    {
    case KIND_STRING:
      return set_string (AT (self, s, char *), g_value_get_string (value));

    case KIND_BOOLEAN:
      return set_int (AT (self, s, int), g_value_get_boolean (value));

    case KIND_INT:
      return set_int (AT (self, s, int), g_value_get_int (value));

    case KIND_LIST:
      return set_list (AT (self, s, char **), g_value_get_boxed (value));

    default:
      g_return_val_if_reached (FALSE);
    }
}

/* Each key for itself: one that cannot be read leaves its standard, and the others are read (F32) */
void
flint_account_settings_read (FlintAccountSettings *self,
                             GKeyFile             *file,
                             const char           *group)
{
  for (guint i = 0; i < FLINT_N_SETTINGS; i++)
    {
      const Setting *s = &settings[i];
      g_autoptr(GError) error = NULL;

      switch (s->kind)
        {
        case KIND_STRING:
          {
            g_autofree char *text = g_key_file_get_string (file, group, s->name, &error);

            if (text != NULL && strlen (text) <= MAX_STRING)
              set_string (AT (self, s, char *), text);
          }
          break;

        case KIND_BOOLEAN:
          {
            gboolean flag = g_key_file_get_boolean (file, group, s->name, &error);

            if (error == NULL)
              set_int (AT (self, s, int), flag);
          }
          break;

        case KIND_INT:
          {
            int number = g_key_file_get_integer (file, group, s->name, &error);

            if (error == NULL && number >= s->min && number <= s->max)
              set_int (AT (self, s, int), number);
          }
          break;

        case KIND_LIST:
          {
            gsize length = 0;
            g_auto(GStrv) list = g_key_file_get_string_list (file, group, s->name, &length, &error);

            if (list != NULL && length <= (gsize) s->max)
              set_list (AT (self, s, char **), (const char * const *) list);
          }
          break;

        default:
          g_assert_not_reached ();
        }
    }
}

static gboolean
is_same (const FlintAccountSettings *a,
         const FlintAccountSettings *b,
         const Setting              *s)
{
  if (s->kind == KIND_STRING)
    return g_str_equal (*AT (a, s, char *), *AT (b, s, char *));

  if (s->kind == KIND_LIST)
    return g_strv_equal ((const char * const *) *AT (a, s, char **), (const char * const *) *AT (b, s, char **));

  return *AT (a, s, int) == *AT (b, s, int);
}

/* Only what reads differently: what could not be read stays in the file, for a newer Flint or a person */
void
flint_account_settings_write (const FlintAccountSettings *self,
                              GKeyFile                   *file,
                              const char                 *group)
{
  FlintAccountSettings old;

  flint_account_settings_init (&old);
  flint_account_settings_read (&old, file, group);

  for (guint i = 0; i < FLINT_N_SETTINGS; i++)
    {
      const Setting *s = &settings[i];
      char **list;

      if (is_same (self, &old, s))
        continue;

      switch (s->kind)
        {
        case KIND_STRING:
          g_key_file_set_string (file, group, s->name, *AT (self, s, char *));
          break;

        case KIND_BOOLEAN:
          g_key_file_set_boolean (file, group, s->name, *AT (self, s, int));
          break;

        case KIND_INT:
          g_key_file_set_integer (file, group, s->name, *AT (self, s, int));
          break;

        case KIND_LIST:
          list = *AT (self, s, char **);
          g_key_file_set_string_list (file, group, s->name, (const char * const *) list, g_strv_length (list));
          break;

        default:
          g_assert_not_reached ();
        }
    }

  flint_account_settings_clear (&old);
}
