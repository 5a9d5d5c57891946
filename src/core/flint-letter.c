/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-letter-private.h"

#include "flint-account-private.h"
#include "flint-text.h"

#include "xmpp-random.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_SUBJECT 256      /* graphemes */

struct _FlintLetter
{
  GObject            parent_instance;

  FlintAccount      *account;
  XmppJid           *from;
  XmppJid           *to;
  char              *id;
  char              *sender;
  char              *subject;
  char              *body;
  char              *thread;
  gint64             time;
  gboolean           is_own;

  gboolean           is_unread;
  FlintMessageState  state;
  char              *failure;
};

enum {
  PROP_0,
  PROP_ACCOUNT,
  PROP_FROM,
  PROP_TO,
  PROP_SENDER,
  PROP_SUBJECT,
  PROP_BODY,
  PROP_THREAD,
  PROP_TIME,
  PROP_IS_OWN,
  PROP_IS_UNREAD,
  PROP_STATE,
  PROP_FAILURE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (FlintLetter, flint_letter, G_TYPE_OBJECT)

static void
flint_letter_finalize (GObject *object)
{
  FlintLetter *self = FLINT_LETTER (object);

  g_clear_object (&self->account);
  g_clear_pointer (&self->from, xmpp_jid_unref);
  g_clear_pointer (&self->to, xmpp_jid_unref);
  g_free (self->id);
  g_free (self->sender);
  g_free (self->subject);
  g_free (self->body);
  g_free (self->thread);
  g_free (self->failure);

  G_OBJECT_CLASS (flint_letter_parent_class)->finalize (object);
}

static void
flint_letter_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  FlintLetter *self = FLINT_LETTER (object);

  switch (id)
    {
    case PROP_ACCOUNT:
      g_value_set_object (value, self->account);
      break;

    case PROP_FROM:
      g_value_set_boxed (value, self->from);
      break;

    case PROP_TO:
      g_value_set_boxed (value, self->to);
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

    case PROP_THREAD:
      g_value_set_string (value, self->thread);
      break;

    case PROP_TIME:
      g_value_set_int64 (value, self->time);
      break;

    case PROP_IS_OWN:
      g_value_set_boolean (value, self->is_own);
      break;

    case PROP_IS_UNREAD:
      g_value_set_boolean (value, self->is_unread);
      break;

    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;

    case PROP_FAILURE:
      g_value_set_string (value, self->failure);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
flint_letter_set_property (GObject      *object,
                           guint         id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_IS_UNREAD:
      flint_letter_set_unread (FLINT_LETTER (object), g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
flint_letter_class_init (FlintLetterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = flint_letter_finalize;
  object_class->get_property = flint_letter_get_property;
  object_class->set_property = flint_letter_set_property;

  properties[PROP_ACCOUNT] = g_param_spec_object ("account", NULL, NULL, FLINT_TYPE_ACCOUNT, flags);
  properties[PROP_FROM] = g_param_spec_boxed ("from", NULL, NULL, XMPP_TYPE_JID, flags);
  properties[PROP_TO] = g_param_spec_boxed ("to", NULL, NULL, XMPP_TYPE_JID, flags);
  properties[PROP_SENDER] = g_param_spec_string ("sender", NULL, NULL, NULL, flags);
  properties[PROP_SUBJECT] = g_param_spec_string ("subject", NULL, NULL, NULL, flags);
  properties[PROP_BODY] = g_param_spec_string ("body", NULL, NULL, NULL, flags);
  properties[PROP_THREAD] = g_param_spec_string ("thread", NULL, NULL, NULL, flags);
  properties[PROP_TIME] = g_param_spec_int64 ("time", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  properties[PROP_IS_OWN] = g_param_spec_boolean ("is-own", NULL, NULL, FALSE, flags);
  properties[PROP_IS_UNREAD] = g_param_spec_boolean ("is-unread", NULL, NULL, FALSE, flags | G_PARAM_WRITABLE);
  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, FLINT_MESSAGE_RECEIVED, FLINT_MESSAGE_FAILED,
                                             FLINT_MESSAGE_RECEIVED, flags);
  properties[PROP_FAILURE] = g_param_spec_string ("failure", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
flint_letter_init (FlintLetter *self)
{
}

/* From a message of type normal that came, or that is about to be sent */
FlintLetter *
flint_letter_new (FlintAccount      *account,
                  const XmppMessage *message,
                  gboolean           is_own)
{
  FlintLetter *self = g_object_new (FLINT_TYPE_LETTER, NULL);

  self->account = g_object_ref (account);
  self->from = message->from != NULL ? xmpp_jid_ref (message->from) : NULL;
  self->to = message->to != NULL ? xmpp_jid_ref (message->to) : NULL;
  self->id = g_strdup (message->id);
  self->sender = flint_account_describe_sender (account, message->from);
  self->subject = flint_text_for_line (message->subject != NULL ? message->subject : "", MAX_SUBJECT);
  self->body = g_strdup (message->body != NULL ? message->body : "");
  self->thread = g_strdup (message->thread);
  self->time = message->time;
  self->is_own = is_own;
  self->is_unread = !is_own;
  self->state = is_own ? FLINT_MESSAGE_PENDING : FLINT_MESSAGE_RECEIVED;

  return self;
}

/* Sends a message of type normal. (transfer full): it, with what becomes of it; NULL: there is no connection */
FlintLetter *
flint_letter_send (FlintAccount  *account,
                   XmppJid       *to,
                   const char    *subject,
                   const char    *body,
                   const char    *thread,
                   GError       **error)
{
  g_autofree char *id = xmpp_random_id ();
  g_autofree char *new_thread = xmpp_random_id ();
  g_autoptr(FlintLetter) self = NULL;
  XmppMessage message = { .type = XMPP_MESSAGE_NORMAL, .id = id, .to = to, .subject = subject, .body = body, .wants_receipt = TRUE };

  if (!flint_account_check_online (account, error))
    return NULL;

  message.thread = thread != NULL ? thread : new_thread;
  message.from = flint_account_get_jid (account);
  message.time = xmpp_clock_get_real (flint_account_get_clock (account));
  self = flint_letter_new (account, &message, TRUE);

  message.from = NULL;
  xmpp_session_send_message (flint_account_get_session (account), &message);
  flint_letter_set_state (self, FLINT_MESSAGE_SENT, NULL);

  return g_steal_pointer (&self);
}

const char *
flint_letter_get_id (FlintLetter *self)
{
  return self->id;
}

FlintMessageState
flint_letter_get_state (FlintLetter *self)
{
  return self->state;
}

void
flint_letter_set_state (FlintLetter       *self,
                        FlintMessageState  state,
                        const char        *failure)
{
  self->state = state;
  g_free (self->failure);
  self->failure = g_strdup (failure);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FAILURE]);
}

/**
 * flint_letter_get_account:
 * @self: a letter
 *
 * Returns: (transfer none): the account that it came to or goes from
 */
FlintAccount *
flint_letter_get_account (FlintLetter *self)
{
  g_return_val_if_fail (FLINT_IS_LETTER (self), NULL);

  return self->account;
}

/**
 * flint_letter_get_from:
 * @self: a letter
 *
 * Returns: (transfer none) (nullable): who sent it
 */
XmppJid *
flint_letter_get_from (FlintLetter *self)
{
  g_return_val_if_fail (FLINT_IS_LETTER (self), NULL);

  return self->from;
}

/**
 * flint_letter_get_to:
 * @self: a letter
 *
 * Returns: (transfer none) (nullable): to whom
 */
XmppJid *
flint_letter_get_to (FlintLetter *self)
{
  g_return_val_if_fail (FLINT_IS_LETTER (self), NULL);

  return self->to;
}

/**
 * flint_letter_get_sender:
 * @self: a letter
 *
 * Returns: the name of who sent it, to show
 */
const char *
flint_letter_get_sender (FlintLetter *self)
{
  g_return_val_if_fail (FLINT_IS_LETTER (self), NULL);

  return self->sender;
}

/**
 * flint_letter_get_subject:
 * @self: a letter
 *
 * Returns: what it is about, on one line; perhaps empty
 */
const char *
flint_letter_get_subject (FlintLetter *self)
{
  g_return_val_if_fail (FLINT_IS_LETTER (self), NULL);

  return self->subject;
}

/**
 * flint_letter_get_body:
 * @self: a letter
 *
 * Returns: its text as it came
 */
const char *
flint_letter_get_body (FlintLetter *self)
{
  g_return_val_if_fail (FLINT_IS_LETTER (self), NULL);

  return self->body;
}

/**
 * flint_letter_get_thread:
 * @self: a letter
 *
 * Returns: (nullable): the id of what it belongs to (RFC 6121, 5.2.5)
 */
const char *
flint_letter_get_thread (FlintLetter *self)
{
  g_return_val_if_fail (FLINT_IS_LETTER (self), NULL);

  return self->thread;
}

/**
 * flint_letter_get_time:
 * @self: a letter
 *
 * Returns: when it was sent: µs since 1970
 */
gint64
flint_letter_get_time (FlintLetter *self)
{
  g_return_val_if_fail (FLINT_IS_LETTER (self), 0);

  return self->time;
}

/**
 * flint_letter_is_own:
 * @self: a letter
 *
 * Returns: whether we wrote it
 */
gboolean
flint_letter_is_own (FlintLetter *self)
{
  g_return_val_if_fail (FLINT_IS_LETTER (self), FALSE);

  return self->is_own;
}

/**
 * flint_letter_is_unread:
 * @self: a letter
 *
 * Returns: whether nobody has looked at it
 */
gboolean
flint_letter_is_unread (FlintLetter *self)
{
  g_return_val_if_fail (FLINT_IS_LETTER (self), FALSE);

  return self->is_unread;
}

/**
 * flint_letter_set_unread:
 * @self: a letter
 * @unread: whether nobody has looked at it
 *
 * Marks it.
 */
void
flint_letter_set_unread (FlintLetter *self,
                         gboolean     unread)
{
  g_return_if_fail (FLINT_IS_LETTER (self));

  if (self->is_unread == !!unread)
    return;

  self->is_unread = !!unread;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_UNREAD]);
}

/**
 * flint_letter_reply_subject:
 * @self: a letter
 *
 * Returns: (transfer full): the subject of an answer: with one "Re: " before it, however many there were
 */
char *
flint_letter_reply_subject (FlintLetter *self)
{
  const char *subject;

  g_return_val_if_fail (FLINT_IS_LETTER (self), NULL);

  subject = self->subject;

  while (g_ascii_strncasecmp (subject, "re:", 3) == 0)
    {
      subject += 3;

      while (*subject == ' ')
        subject++;
    }

  return *subject != '\0' ? g_strconcat ("Re: ", subject, NULL) : g_strdup ("");
}
