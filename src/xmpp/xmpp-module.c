/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-module.h"

typedef struct
{
  XmppSession *session;   /* weak: it owns us */
} XmppModulePrivate;

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (XmppModule, xmpp_module, G_TYPE_OBJECT)

static void
xmpp_module_dispose (GObject *object)
{
  XmppModulePrivate *priv = xmpp_module_get_instance_private (XMPP_MODULE (object));

  g_clear_weak_pointer (&priv->session);

  G_OBJECT_CLASS (xmpp_module_parent_class)->dispose (object);
}

static void
xmpp_module_set_property (GObject      *object,
                          guint         prop_id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  XmppModulePrivate *priv = xmpp_module_get_instance_private (XMPP_MODULE (object));

  switch (prop_id)
    {
    case PROP_SESSION:
      g_set_weak_pointer (&priv->session, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xmpp_module_class_init (XmppModuleClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xmpp_module_dispose;
  object_class->set_property = xmpp_module_set_property;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL,
                         XMPP_TYPE_SESSION,
                         (G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xmpp_module_init (XmppModule *self)
{
}

/**
 * xmpp_module_get_session:
 *
 * Returns: (transfer none): the session that the module belongs to. A module lives as long as its
 * session; one that somebody held longer gets %NULL.
 */
XmppSession *
xmpp_module_get_session (XmppModule *self)
{
  XmppModulePrivate *priv = xmpp_module_get_instance_private (self);

  g_return_val_if_fail (XMPP_IS_MODULE (self), NULL);

  return priv->session;
}
