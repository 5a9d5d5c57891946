/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-status.h"

#include "flint-text.h"

#include <glib/gi18n-lib.h>

#define MAX_TEXT 512      /* graphemes */

struct _FlintStatus
{
  GObject   parent_instance;

  XmppShow  show;
  char     *text;
  gboolean  is_invisible;
};

typedef struct
{
  const char *label;
  const char *css_class;
  const char *icon_name;
} ShowLook;

enum {
  PROP_0,
  PROP_SHOW,
  PROP_TEXT,
  PROP_IS_INVISIBLE,
  PROP_ICON_NAME,
  PROP_LABEL,
  PROP_CSS_CLASS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const ShowLook looks[] = {
  [XMPP_SHOW_CHAT]      = { N_("Free to chat"),   "chat",      "flint-presence-chat-symbolic" },
  [XMPP_SHOW_AVAILABLE] = { N_("Online"),         "available", "flint-presence-available-symbolic" },
  [XMPP_SHOW_AWAY]      = { N_("Away"),           "away",      "flint-presence-away-symbolic" },
  [XMPP_SHOW_XA]        = { N_("Extended away"),  "xa",        "flint-presence-xa-symbolic" },
  [XMPP_SHOW_DND]       = { N_("Do not disturb"), "dnd",       "flint-presence-dnd-symbolic" },
  [XMPP_SHOW_OFFLINE]   = { N_("Offline"),        "offline",   "flint-presence-offline-symbolic" },
};

static const ShowLook invisible_look = { N_("Invisible"), "invisible", "flint-presence-invisible-symbolic" };

G_DEFINE_FINAL_TYPE (FlintStatus, flint_status, G_TYPE_OBJECT)

static const ShowLook *
get_look (XmppShow show)
{
  return &looks[(guint) show < G_N_ELEMENTS (looks) ? show : XMPP_SHOW_OFFLINE];
}

static const ShowLook *
get_own_look (FlintStatus *self)
{
  return self->is_invisible && self->show != XMPP_SHOW_OFFLINE ? &invisible_look : get_look (self->show);
}

static void
flint_status_finalize (GObject *object)
{
  FlintStatus *self = FLINT_STATUS (object);

  g_free (self->text);

  G_OBJECT_CLASS (flint_status_parent_class)->finalize (object);
}

static void
flint_status_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  FlintStatus *self = FLINT_STATUS (object);

  switch (id)
    {
    case PROP_SHOW:
      g_value_set_int (value, self->show);
      break;

    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;

    case PROP_IS_INVISIBLE:
      g_value_set_boolean (value, self->is_invisible);
      break;

    case PROP_ICON_NAME:
      g_value_set_string (value, flint_status_get_icon_name (self));
      break;

    case PROP_LABEL:
      g_value_set_string (value, flint_status_get_label (self));
      break;

    case PROP_CSS_CLASS:
      g_value_set_string (value, flint_status_get_css_class (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
flint_status_class_init (FlintStatusClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = flint_status_finalize;
  object_class->get_property = flint_status_get_property;

  properties[PROP_SHOW] = g_param_spec_int ("show", NULL, NULL, XMPP_SHOW_CHAT, XMPP_SHOW_OFFLINE, XMPP_SHOW_AVAILABLE,
                                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_IS_INVISIBLE] = g_param_spec_boolean ("is-invisible", NULL, NULL, FALSE,
                                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_ICON_NAME] = g_param_spec_string ("icon-name", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_CSS_CLASS] = g_param_spec_string ("css-class", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
flint_status_init (FlintStatus *self)
{
}

/**
 * flint_status_new:
 * @show: how reachable we are; %XMPP_SHOW_OFFLINE signs out
 * @text: (nullable): a message with it
 * @is_invisible: whether others are to take us for offline
 *
 * Returns: (transfer full): a status
 */
FlintStatus *
flint_status_new (XmppShow    show,
                  const char *text,
                  gboolean    is_invisible)
{
  FlintStatus *self = g_object_new (FLINT_TYPE_STATUS, NULL);
  g_autofree char *line = flint_text_for_line (text, MAX_TEXT);

  self->show = (guint) show < G_N_ELEMENTS (looks) ? show : XMPP_SHOW_OFFLINE;
  self->is_invisible = is_invisible;

  if (line != NULL && *line != '\0')
    self->text = g_steal_pointer (&line);

  return self;
}

/**
 * flint_status_get_show:
 * @self: a status
 *
 * Returns: how reachable one is
 */
XmppShow
flint_status_get_show (FlintStatus *self)
{
  g_return_val_if_fail (FLINT_IS_STATUS (self), XMPP_SHOW_OFFLINE);

  return self->show;
}

/**
 * flint_status_get_text:
 * @self: a status
 *
 * Returns: (nullable): the message with it
 */
const char *
flint_status_get_text (FlintStatus *self)
{
  g_return_val_if_fail (FLINT_IS_STATUS (self), NULL);

  return self->text;
}

/**
 * flint_status_is_invisible:
 * @self: a status
 *
 * Returns: whether others are to take us for offline
 */
gboolean
flint_status_is_invisible (FlintStatus *self)
{
  g_return_val_if_fail (FLINT_IS_STATUS (self), FALSE);

  return self->is_invisible;
}

/**
 * flint_status_get_label:
 * @self: a status
 *
 * Returns: its name, in the reader's language
 */
const char *
flint_status_get_label (FlintStatus *self)
{
  g_return_val_if_fail (FLINT_IS_STATUS (self), NULL);

  return _(get_own_look (self)->label);
}

/**
 * flint_status_get_icon_name:
 * @self: a status
 *
 * Returns: the name of its icon
 */
const char *
flint_status_get_icon_name (FlintStatus *self)
{
  g_return_val_if_fail (FLINT_IS_STATUS (self), NULL);

  return get_own_look (self)->icon_name;
}

/**
 * flint_status_get_css_class:
 * @self: a status
 *
 * Returns: the style class of its colour
 */
const char *
flint_status_get_css_class (FlintStatus *self)
{
  g_return_val_if_fail (FLINT_IS_STATUS (self), NULL);

  return get_own_look (self)->css_class;
}

/**
 * flint_show_get_label:
 * @show: how reachable somebody is
 *
 * Returns: its name, in the reader's language
 */
const char *
flint_show_get_label (XmppShow show)
{
  return _(get_look (show)->label);
}

/**
 * flint_show_get_css_class:
 * @show: how reachable somebody is
 *
 * Returns: "chat", "available", "away", "xa", "dnd" or "offline"
 */
const char *
flint_show_get_css_class (XmppShow show)
{
  return get_look (show)->css_class;
}

/**
 * flint_show_get_icon_name:
 * @show: how reachable somebody is
 *
 * Returns: the name of its icon
 */
const char *
flint_show_get_icon_name (XmppShow show)
{
  return get_look (show)->icon_name;
}
