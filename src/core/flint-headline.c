/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-headline-private.h"

#include "flint-account-private.h"
#include "flint-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_SUBJECT 256      /* graphemes */

struct _FlintHeadline
{
  GObject       parent_instance;

  char         *id;
  FlintAccount *account;
  XmppJid      *from;
  char         *sender;
  char         *subject;
  char         *body;
  gint64        time;
  gboolean      is_unread;
  gboolean      is_official;
};

enum {
  PROP_0,
  PROP_ACCOUNT,
  PROP_FROM,
  PROP_SENDER,
  PROP_SUBJECT,
  PROP_BODY,
  PROP_TIME,
  PROP_IS_UNREAD,
  PROP_IS_OFFICIAL,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (FlintHeadline, flint_headline, G_TYPE_OBJECT)

static void
flint_headline_finalize (GObject *object)
{
  FlintHeadline *self = FLINT_HEADLINE (object);

  g_clear_object (&self->account);
  g_clear_pointer (&self->from, xmpp_jid_unref);
  g_free (self->sender);
  g_free (self->id);
  g_free (self->subject);
  g_free (self->body);

  G_OBJECT_CLASS (flint_headline_parent_class)->finalize (object);
}

static void
flint_headline_get_property (GObject    *object,
                             guint       id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  FlintHeadline *self = FLINT_HEADLINE (object);

  switch (id)
    {
    case PROP_ACCOUNT:
      g_value_set_object (value, self->account);
      break;

    case PROP_FROM:
      g_value_set_boxed (value, self->from);
      break;

    case PROP_SENDER:
      g_value_set_string (value, self->sender);
      break;

    case PROP_SUBJECT:
      g_value_set_string (value, self->subject);
      break;

    case PROP_BODY:
      g_value_set_string (value, self->body);
      break;

    case PROP_TIME:
      g_value_set_int64 (value, self->time);
      break;

    case PROP_IS_UNREAD:
      g_value_set_boolean (value, self->is_unread);
      break;

    case PROP_IS_OFFICIAL:
      g_value_set_boolean (value, self->is_official);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
flint_headline_set_property (GObject      *object,
                             guint         id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_IS_UNREAD:
      flint_headline_set_unread (FLINT_HEADLINE (object), g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
flint_headline_class_init (FlintHeadlineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = flint_headline_finalize;
  object_class->get_property = flint_headline_get_property;
  object_class->set_property = flint_headline_set_property;

  properties[PROP_ACCOUNT] = g_param_spec_object ("account", NULL, NULL, FLINT_TYPE_ACCOUNT, flags);
  properties[PROP_FROM] = g_param_spec_boxed ("from", NULL, NULL, XMPP_TYPE_JID, flags);
  properties[PROP_SENDER] = g_param_spec_string ("sender", NULL, NULL, NULL, flags);
  properties[PROP_SUBJECT] = g_param_spec_string ("subject", NULL, NULL, NULL, flags);
  properties[PROP_BODY] = g_param_spec_string ("body", NULL, NULL, NULL, flags);
  properties[PROP_TIME] = g_param_spec_int64 ("time", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  properties[PROP_IS_UNREAD] = g_param_spec_boolean ("is-unread", NULL, NULL, TRUE,
                                                     G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_IS_OFFICIAL] = g_param_spec_boolean ("is-official", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
flint_headline_init (FlintHeadline *self)
{
  self->is_unread = TRUE;
}

/* Never empty: the first line of the text stands in */
static char *
make_subject (const XmppMessage *message)
{
  g_autofree char *subject = flint_text_for_line (message->subject, MAX_SUBJECT);
  g_autofree char *first = NULL;
  const char *body;

  if (subject != NULL && *subject != '\0')
    return g_steal_pointer (&subject);

  for (body = message->body != NULL ? message->body : ""; g_ascii_isspace (*body); body++)
    ;

  first = g_strndup (body, strcspn (body, "\r\n"));
  g_free (subject);
  subject = flint_text_for_line (first, MAX_SUBJECT);

  return *subject != '\0' ? g_steal_pointer (&subject) : g_strdup (_("Without a subject"));
}

/**
 * flint_headline_new:
 * @account: the account that it came to
 * @message: a message of type headline
 *
 * Returns: (transfer full): an unread headline
 */
FlintHeadline *
flint_headline_new (FlintAccount      *account,
                    const XmppMessage *message)
{
  FlintHeadline *self;

  g_return_val_if_fail (FLINT_IS_ACCOUNT (account), NULL);
  g_return_val_if_fail (message != NULL, NULL);

  self = g_object_new (FLINT_TYPE_HEADLINE, NULL);
  self->account = g_object_ref (account);
  self->from = message->from != NULL ? xmpp_jid_ref (message->from) : NULL;
  self->sender = flint_account_describe_sender (account, message->from);
  self->subject = make_subject (message);
  self->body = g_strdup (message->body != NULL ? message->body : "");
  self->id = g_strdup (message->id);
  self->time = message->time;
  self->is_official = (message->sender & XMPP_SENDER_OWN_SERVER) != 0;

  return self;
}

const char *
flint_headline_get_id (FlintHeadline *self)
{
  return self->id;
}

/**
 * flint_headline_get_account:
 * @self: a headline
 *
 * Returns: (transfer none): the account that it came to
 */
FlintAccount *
flint_headline_get_account (FlintHeadline *self)
{
  g_return_val_if_fail (FLINT_IS_HEADLINE (self), NULL);

  return self->account;
}

/**
 * flint_headline_get_from:
 * @self: a headline
 *
 * Returns: (transfer none) (nullable): who sent it
 */
XmppJid *
flint_headline_get_from (FlintHeadline *self)
{
  g_return_val_if_fail (FLINT_IS_HEADLINE (self), NULL);

  return self->from;
}

/**
 * flint_headline_get_sender:
 * @self: a headline
 *
 * Returns: the name to show
 */
const char *
flint_headline_get_sender (FlintHeadline *self)
{
  g_return_val_if_fail (FLINT_IS_HEADLINE (self), NULL);

  return self->sender;
}

/**
 * flint_headline_get_subject:
 * @self: a headline
 *
 * Returns: what it is about, on one line; never empty
 */
const char *
flint_headline_get_subject (FlintHeadline *self)
{
  g_return_val_if_fail (FLINT_IS_HEADLINE (self), NULL);

  return self->subject;
}

/**
 * flint_headline_get_body:
 * @self: a headline
 *
 * Returns: its text as it came, perhaps empty
 */
const char *
flint_headline_get_body (FlintHeadline *self)
{
  g_return_val_if_fail (FLINT_IS_HEADLINE (self), NULL);

  return self->body;
}

/**
 * flint_headline_get_time:
 * @self: a headline
 *
 * Returns: when it was sent: µs since 1970
 */
gint64
flint_headline_get_time (FlintHeadline *self)
{
  g_return_val_if_fail (FLINT_IS_HEADLINE (self), 0);

  return self->time;
}

/**
 * flint_headline_is_unread:
 * @self: a headline
 *
 * Returns: whether nobody has looked at it
 */
gboolean
flint_headline_is_unread (FlintHeadline *self)
{
  g_return_val_if_fail (FLINT_IS_HEADLINE (self), FALSE);

  return self->is_unread;
}

/**
 * flint_headline_set_unread:
 * @self: a headline
 * @unread: whether nobody has looked at it
 *
 * Marks it.
 */
void
flint_headline_set_unread (FlintHeadline *self,
                           gboolean       unread)
{
  g_return_if_fail (FLINT_IS_HEADLINE (self));

  if (self->is_unread == !!unread)
    return;

  self->is_unread = !!unread;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_UNREAD]);
}

/**
 * flint_headline_is_official:
 * @self: a headline
 *
 * Returns: whether it came from the account's own server itself
 */
gboolean
flint_headline_is_official (FlintHeadline *self)
{
  g_return_val_if_fail (FLINT_IS_HEADLINE (self), FALSE);

  return self->is_official;
}

/**
 * flint_headline_send:
 * @account: as which account
 * @to: to whom
 * @subject: (nullable): what about
 * @body: the text
 * @error: return location, %XMPP_ERROR
 *
 * Sends a headline, which is told and not answered. Nothing of it stays here.
 *
 * Returns: whether it went out
 */
gboolean
flint_headline_send (FlintAccount  *account,
                     XmppJid       *to,
                     const char    *subject,
                     const char    *body,
                     GError       **error)
{
  XmppMessage message = { .type = XMPP_MESSAGE_HEADLINE, .to = to, .subject = subject, .body = body };

  g_return_val_if_fail (FLINT_IS_ACCOUNT (account), FALSE);
  g_return_val_if_fail (to != NULL, FALSE);

  if (!flint_account_check_online (account, error))
    return FALSE;

  xmpp_session_send_message (flint_account_get_session (account), &message);

  return TRUE;
}
