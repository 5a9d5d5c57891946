/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-notifier.h"

#include "flint-text.h"

#include <glib/gi18n.h>

#define MAX_TEXT  300               /* bytes of a message that a notification shows */
#define QUIET_MS  2000              /* of one conversation: what comes in between replaces what is shown */

struct _FlintNotifier
{
  GObject           parent_instance;

  FlintApplication *application;    /* not owned: it owns us */
  GHashTable       *last;           /* id → time of its last notification, µs */
};

G_DEFINE_FINAL_TYPE (FlintNotifier, flint_notifier, G_TYPE_OBJECT)

static gboolean
is_on (FlintNotifier *self,
       const char    *key)
{
  return g_settings_get_boolean (flint_application_get_settings (self->application), key);
}

/* Desktops may read the body as markup: what others wrote is escaped by GLib's backends where the
 * server says so, and here it is one line, cut, without characters that reorder it.
 */
static char *
clean (FlintNotifier *self,
       const char    *text)
{
  g_autofree char *line = NULL;

  if (!is_on (self, "notify-text"))
    return g_strdup ("");

  line = flint_text_for_line (text != NULL ? text : "", MAX_TEXT);

  return g_markup_escape_text (line, -1);
}

static void
send (FlintNotifier *self,
      const char    *id,
      const char    *title,
      const char    *body,
      const char    *icon,
      const char    *action,
      GVariant      *target)
{
  g_autoptr(GNotification) notification = g_notification_new (title);
  g_autoptr(GIcon) themed = g_themed_icon_new (icon);
  g_autofree char *text = clean (self, body);

  g_notification_set_body (notification, text);
  g_notification_set_icon (notification, themed);
  g_notification_set_default_action_and_target_value (notification, action, target);
  if (g_str_equal (action, "app.open-conversation"))
    {
      g_notification_add_button_with_target_value (notification, _("Reply"), "app.open-conversation", target);
      g_notification_add_button_with_target_value (notification, _("Mark as read"), "app.mark-read", target);
    }

  g_application_send_notification (G_APPLICATION (self->application), id, notification);
}

/* A flood of messages is one notification that changes, not a thousand (T111). */
static gboolean
is_too_soon (FlintNotifier *self,
             const char    *id)
{
  gint64 now = g_get_monotonic_time ();
  gint64 *last = g_hash_table_lookup (self->last, id);

  if (last != NULL && now - *last < QUIET_MS * 1000)
    return TRUE;

  last = g_new (gint64, 1);
  *last = now;
  g_hash_table_replace (self->last, g_strdup (id), last);

  return FALSE;
}

static char *
get_id (FlintConversation *conversation)
{
  return g_strdup_printf ("chat:%s:%s", flint_account_get_id (flint_conversation_get_account (conversation)),
                          xmpp_jid_get_text (flint_conversation_get_jid (conversation)));
}

static void
on_read (FlintConversation *conversation,
         GParamSpec        *pspec,
         FlintNotifier     *self)
{
  g_autofree char *id = NULL;

  if (flint_conversation_get_unread (conversation) > 0)
    return;

  id = get_id (conversation);
  g_application_withdraw_notification (G_APPLICATION (self->application), id);
  g_hash_table_remove (self->last, id);
}

static void
on_message (FlintNotifier     *self,
            FlintConversation *conversation,
            FlintMessage      *message)
{
  gboolean is_room = flint_conversation_get_kind (conversation) == FLINT_CONVERSATION_ROOM;
  g_autofree char *id = NULL;
  g_autofree char *title = NULL;

  if (flint_conversation_is_watched (conversation) || flint_message_is_own (message) ||
      flint_message_get_kind (message) != FLINT_MESSAGE_TEXT)
    return;

  if (is_room ? !(flint_message_is_mention (message) && is_on (self, "notify-mentions") && !flint_message_is_delayed (message))
              : !is_on (self, "notify-chats"))
    return;

  id = get_id (conversation);
  if (is_too_soon (self, id))
    return;

  g_signal_handlers_disconnect_by_func (conversation, on_read, self);
  g_signal_connect_object (conversation, "notify::unread", G_CALLBACK (on_read), self, 0);

  title = is_room ? g_strdup_printf (_("%s in %s"), flint_message_get_sender (message), flint_conversation_get_title (conversation))
                  : g_strdup (flint_conversation_get_title (conversation));
  send (self, id, title, flint_message_get_body (message), "chat-message-new-symbolic", "app.open-conversation",
        g_variant_new ("(ss)", flint_account_get_id (flint_conversation_get_account (conversation)),
                       xmpp_jid_get_text (flint_conversation_get_jid (conversation))));
}

/* A headline opens the headlines, never a chat: it cannot be answered. */
static void
on_headline (FlintNotifier *self,
             FlintHeadline *headline)
{
  g_autofree char *id = NULL;
  g_autofree char *title = NULL;

  if (!is_on (self, "notify-headlines"))
    return;

  id = g_strdup_printf ("headline:%s:%" G_GINT64_FORMAT, flint_account_get_id (flint_headline_get_account (headline)),
                        flint_headline_get_time (headline));
  title = g_strdup_printf ("%s: %s", flint_headline_get_sender (headline), flint_headline_get_subject (headline));
  send (self, id, title, flint_headline_get_body (headline), "flint-headline-symbolic", "app.headlines", NULL);
}

static void
on_letter (FlintNotifier *self,
           FlintLetter   *letter)
{
  g_autofree char *id = NULL;
  g_autofree char *title = NULL;

  if (!is_on (self, "notify-chats"))
    return;

  id = g_strdup_printf ("letter:%s:%" G_GINT64_FORMAT, flint_account_get_id (flint_letter_get_account (letter)),
                        flint_letter_get_time (letter));
  title = g_strdup_printf (_("Message from %s"), flint_letter_get_sender (letter));
  send (self, id, title, *flint_letter_get_subject (letter) != '\0' ? flint_letter_get_subject (letter) : flint_letter_get_body (letter),
        "mail-unread-symbolic", "app.main-window", NULL);
}

static void
on_request (FlintNotifier *self,
            FlintRequest  *request)
{
  g_autofree char *title = NULL;

  if (!is_on (self, "notify-requests") || is_too_soon (self, "requests"))
    return;

  title = g_strdup_printf (_("%s asks to see when you are online"), flint_request_get_name (request));
  send (self, "requests", title, xmpp_jid_get_text (flint_request_get_jid (request)), "contact-new-symbolic", "app.page",
        g_variant_new_string ("contacts"));
}

/* An invitation is a claim of the room's: both addresses are shown, and nothing is joined unasked (T036). */
static void
on_invited (FlintNotifier *self,
            FlintAccount  *account,
            XmppJid       *room,
            const char    *by,
            const char    *reason,
            const char    *password)
{
  g_autofree char *title = NULL;
  g_autofree char *body = NULL;
  g_autofree char *uri = NULL;

  if (!is_on (self, "notify-requests"))
    return;

  title = g_strdup_printf (_("Invitation to the room %s"), xmpp_jid_get_text (room));
  body = by != NULL ? g_strdup_printf (_("From %s. %s"), by, reason != NULL ? reason : "") : g_strdup (reason != NULL ? reason : "");
  uri = g_strdup_printf ("xmpp:%s?join", xmpp_jid_get_bare_text (room));
  send (self, uri, title, body, "flint-room-symbolic", "app.open-uri", g_variant_new_string (uri));
}

static void
flint_notifier_finalize (GObject *object)
{
  FlintNotifier *self = FLINT_NOTIFIER (object);

  g_clear_pointer (&self->last, g_hash_table_unref);

  G_OBJECT_CLASS (flint_notifier_parent_class)->finalize (object);
}

static void
flint_notifier_class_init (FlintNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flint_notifier_finalize;
}

/* An answer to what one did a moment ago in a window: there it is said */
static void
on_request_failed (FlintNotifier *self,
                   FlintRequest  *request,
                   const GError  *error)
{
  g_autofree char *text = g_strdup_printf ("%s: %s", flint_request_get_name (request), error->message);

  flint_application_toast (self->application, text);
}

static void
flint_notifier_init (FlintNotifier *self)
{
  self->last = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

FlintNotifier *
flint_notifier_new (FlintApplication *application)
{
  FlintNotifier *self = g_object_new (FLINT_TYPE_NOTIFIER, NULL);
  FlintCore *core = flint_application_get_core (application);

  self->application = application;
  g_signal_connect_object (core, "message-received", G_CALLBACK (on_message), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (core, "headline-received", G_CALLBACK (on_headline), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (core, "letter-received", G_CALLBACK (on_letter), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (core, "request-received", G_CALLBACK (on_request), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (core, "request-failed", G_CALLBACK (on_request_failed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (core, "invited", G_CALLBACK (on_invited), self, G_CONNECT_SWAPPED);

  return self;
}
