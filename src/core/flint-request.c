/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-request-private.h"

#include "flint-account-private.h"
#include "flint-contact-list-private.h"
#include "flint-text.h"

#include <glib/gi18n-lib.h>

#define MAX_NAME 64       /* graphemes */
#define MAX_TEXT 300

struct _FlintRequest
{
  GObject       parent_instance;

  FlintAccount *account;
  XmppJid      *jid;
  char         *name;
  char         *text;
  char         *warning;
};

enum {
  PROP_0,
  PROP_ACCOUNT,
  PROP_JID,
  PROP_NAME,
  PROP_TEXT,
  PROP_WARNING,
  N_PROPS
};

enum {
  ANSWERED,
  FAILED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlintRequest, flint_request, G_TYPE_OBJECT)

static void
flint_request_finalize (GObject *object)
{
  FlintRequest *self = FLINT_REQUEST (object);

  g_clear_object (&self->account);
  g_clear_pointer (&self->jid, xmpp_jid_unref);
  g_free (self->name);
  g_free (self->text);
  g_free (self->warning);

  G_OBJECT_CLASS (flint_request_parent_class)->finalize (object);
}

static void
flint_request_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  FlintRequest *self = FLINT_REQUEST (object);

  switch (id)
    {
    case PROP_ACCOUNT:
      g_value_set_object (value, self->account);
      break;

    case PROP_JID:
      g_value_set_boxed (value, self->jid);
      break;

    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;

    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;

    case PROP_WARNING:
      g_value_set_string (value, self->warning);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
flint_request_class_init (FlintRequestClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = flint_request_finalize;
  object_class->get_property = flint_request_get_property;

  properties[PROP_ACCOUNT] = g_param_spec_object ("account", NULL, NULL, FLINT_TYPE_ACCOUNT, flags);
  properties[PROP_JID] = g_param_spec_boxed ("jid", NULL, NULL, XMPP_TYPE_JID, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, flags);
  properties[PROP_WARNING] = g_param_spec_string ("warning", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[ANSWERED] = g_signal_new ("answered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
flint_request_init (FlintRequest *self)
{
}

/* An address that looks like that of somebody who is in the list, or of ourselves (T055) */
static char *
make_warning (FlintAccount *account,
              XmppJid      *jid)
{
  FlintContact *alike = flint_contact_list_find_alike (flint_account_get_contacts (account), jid);
  XmppJid *own = flint_account_get_jid (account);
  g_autofree char *written = NULL;
  g_autofree char *ascii = xmpp_jid_get_ascii_domain (jid);
  g_autofree char *a = NULL;
  g_autofree char *b = NULL;

  if (alike != NULL)
    written = flint_text_isolate (flint_contact_get_name (alike));
  else if (own != NULL)
    {
      a = flint_text_skeleton (xmpp_jid_get_bare_text (own));
      b = flint_text_skeleton (xmpp_jid_get_bare_text (jid));

      if (g_str_equal (a, b) && !xmpp_jid_equal_bare (own, jid))
        written = flint_text_isolate (xmpp_jid_get_bare_text (own));
    }

  if (written == NULL)
    return NULL;

  /* Translators: the first %s is a contact's name, the second the server's name in ASCII letters */
  return g_strdup_printf (_("This address looks like that of %s, but it is another one. Its server is %s."), written, ascii);
}

FlintRequest *
flint_request_new (FlintAccount *account,
                   XmppJid      *jid,
                   const char   *nick,
                   const char   *text)
{
  FlintRequest *self = g_object_new (FLINT_TYPE_REQUEST, NULL);
  g_autofree char *claim = flint_text_for_line (nick, MAX_NAME);
  g_autofree char *greeting = flint_text_for_line (text, MAX_TEXT);

  self->account = g_object_ref (account);
  self->jid = xmpp_jid_get_bare (jid);
  self->name = claim != NULL && *claim != '\0' ? g_steal_pointer (&claim) : flint_format_address (self->jid);
  self->text = greeting != NULL && *greeting != '\0' ? g_steal_pointer (&greeting) : NULL;
  self->warning = make_warning (account, self->jid);

  return self;
}

static void
on_change_done (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(FlintRequest) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!flint_account_change_finish (FLINT_ACCOUNT (source), result, &error))
    g_signal_emit (self, signals[FAILED], 0, error);
}

/**
 * flint_request_get_account:
 * @self: a request
 *
 * Returns: (transfer none): the account that is to be seen
 */
FlintAccount *
flint_request_get_account (FlintRequest *self)
{
  g_return_val_if_fail (FLINT_IS_REQUEST (self), NULL);

  return self->account;
}

/**
 * flint_request_get_jid:
 * @self: a request
 *
 * Returns: (transfer none): who asks
 */
XmppJid *
flint_request_get_jid (FlintRequest *self)
{
  g_return_val_if_fail (FLINT_IS_REQUEST (self), NULL);

  return self->jid;
}

/**
 * flint_request_get_name:
 * @self: a request
 *
 * Returns: what he calls himself, to be shown beside the address and never instead (T054); or the address
 */
const char *
flint_request_get_name (FlintRequest *self)
{
  g_return_val_if_fail (FLINT_IS_REQUEST (self), NULL);

  return self->name;
}

/**
 * flint_request_get_text:
 * @self: a request
 *
 * Returns: (nullable): a greeting
 */
const char *
flint_request_get_text (FlintRequest *self)
{
  g_return_val_if_fail (FLINT_IS_REQUEST (self), NULL);

  return self->text;
}

/**
 * flint_request_get_warning:
 * @self: a request
 *
 * Returns: (nullable): what to say about the address before anything else
 */
const char *
flint_request_get_warning (FlintRequest *self)
{
  g_return_val_if_fail (FLINT_IS_REQUEST (self), NULL);

  return self->warning;
}

/**
 * flint_request_accept:
 * @self: a request
 * @add_back: whether to add him to the list and ask to see him
 * @name: (nullable): an alias, with @add_back
 * @groups: (nullable): in which groups, with @add_back
 *
 * Lets him see us.
 */
void
flint_request_accept (FlintRequest       *self,
                      gboolean            add_back,
                      const char         *name,
                      const char * const *groups)
{
  g_return_if_fail (FLINT_IS_REQUEST (self));

  xmpp_presence_accept (flint_account_get_presence (self->account), self->jid);

  if (add_back)
    flint_account_add_contact_async (self->account, self->jid, name, groups, NULL, on_change_done, g_object_ref (self));

  g_signal_emit (self, signals[ANSWERED], 0);
}

/**
 * flint_request_decline:
 * @self: a request
 *
 * Does not let him see us.
 */
void
flint_request_decline (FlintRequest *self)
{
  g_return_if_fail (FLINT_IS_REQUEST (self));

  xmpp_presence_decline (flint_account_get_presence (self->account), self->jid);
  g_signal_emit (self, signals[ANSWERED], 0);
}

/**
 * flint_request_block:
 * @self: a request
 *
 * Declines, and has the server keep everything of him from us.
 */
void
flint_request_block (FlintRequest *self)
{
  g_return_if_fail (FLINT_IS_REQUEST (self));

  /* In this order: the server keeps us from whom we block, too (XEP-0191, 3) */
  xmpp_presence_decline (flint_account_get_presence (self->account), self->jid);
  flint_account_block_async (self->account, self->jid, TRUE, on_change_done, g_object_ref (self));
  g_signal_emit (self, signals[ANSWERED], 0);
}
