/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-notifier.h"

#include "flint-text.h"

#include <glib/gi18n.h>

#define MAX_TEXT  300               /* bytes of a message that a notification shows */
#define QUIET_MS  2000              /* of one conversation: the newest that came in between is shown then */
#define MAX_BURST 5                 /* headlines in that time; then one notification stands for the rest */
#define NUMBER_KEY "flint-notifier-number"

struct _FlintNotifier
{
  GObject           parent_instance;

  FlintApplication *application;    /* not owned: it owns us */
  GHashTable       *quiet;          /* id → Quiet, owned */
  guint             n_items;        /* headlines and messages with a subject, numbered for their notifications */
  guint             n_burst;
  gint64            burst_start;    /* µs */

  guint             gtk_watch;      /* who shows our notifications, and how it reads them */
  guint             server_watch;
  gboolean          is_plain;
  gboolean          has_gtk_server;
};

/* A conversation that has just had its notification */
typedef struct
{
  FlintNotifier     *self;          /* owns us */
  FlintConversation *conversation;
  FlintMessage      *newest;        /* what came since, or NULL */
  guint              timeout;
} Quiet;

G_DEFINE_FINAL_TYPE (FlintNotifier, flint_notifier, G_TYPE_OBJECT)

static gboolean
is_on (FlintNotifier *self,
       const char    *key)
{
  return g_settings_get_boolean (flint_application_get_settings (self->application), key);
}

static void
quiet_free (Quiet *quiet)
{
  g_clear_handle_id (&quiet->timeout, g_source_remove);
  g_clear_object (&quiet->conversation);
  g_clear_object (&quiet->newest);
  g_free (quiet);
}

/* Some desktops read the body as markup, and GLib hands it to them as it is: there it is escaped, and only
 * there, or else others show "&amp;". Until they have said which they are, they are taken for the first kind (T061).
 */
static gboolean
is_markup (FlintNotifier *self)
{
  if (g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS))
    return FALSE;

  return !self->has_gtk_server && !self->is_plain;
}

/* One line, cut, without characters that reorder it */
static char *
clean (FlintNotifier *self,
       const char    *text)
{
  g_autofree char *line = NULL;

  if (!is_on (self, "notify-text"))
    return g_strdup ("");

  line = flint_text_for_line (text != NULL ? text : "", MAX_TEXT);

  return is_markup (self) ? g_markup_escape_text (line, -1) : g_steal_pointer (&line);
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
  g_hash_table_remove (self->quiet, id);
}

static void
show_message (FlintNotifier     *self,
              FlintConversation *conversation,
              FlintMessage      *message)
{
  g_autofree char *id = get_id (conversation);
  g_autofree char *title = NULL;

  if (flint_conversation_get_kind (conversation) == FLINT_CONVERSATION_ROOM)
    title = g_strdup_printf (_("%s in %s"), flint_message_get_sender (message), flint_conversation_get_title (conversation));
  else
    title = g_strdup (flint_conversation_get_title (conversation));

  send (self, id, title, flint_message_get_body (message), "chat-message-new-symbolic", "app.open-conversation",
        g_variant_new ("(ss)", flint_account_get_id (flint_conversation_get_account (conversation)),
                       xmpp_jid_get_text (flint_conversation_get_jid (conversation))));
}

static gboolean
on_quiet (gpointer user_data)
{
  Quiet *quiet = user_data;
  g_autoptr(FlintMessage) newest = g_steal_pointer (&quiet->newest);
  g_autofree char *id = NULL;

  if (newest != NULL)
    {
      show_message (quiet->self, quiet->conversation, newest);
      return G_SOURCE_CONTINUE;
    }

  id = get_id (quiet->conversation);
  quiet->timeout = 0;
  g_hash_table_remove (quiet->self->quiet, id);

  return G_SOURCE_REMOVE;
}

/* A flood of messages is one notification that changes, not a thousand; the last of them is shown (T111). */
static void
on_message (FlintNotifier     *self,
            FlintConversation *conversation,
            FlintMessage      *message)
{
  gboolean is_room = flint_conversation_get_kind (conversation) == FLINT_CONVERSATION_ROOM;
  g_autofree char *id = NULL;
  Quiet *quiet;

  if (flint_conversation_is_watched (conversation) || flint_message_is_own (message) ||
      flint_message_get_kind (message) != FLINT_MESSAGE_TEXT)
    return;

  if (is_room ? !(flint_message_is_mention (message) && is_on (self, "notify-mentions") && !flint_message_is_delayed (message))
              : !is_on (self, "notify-chats"))
    return;

  id = get_id (conversation);
  if ((quiet = g_hash_table_lookup (self->quiet, id)) != NULL)
    {
      g_set_object (&quiet->newest, message);
      return;
    }

  quiet = g_new0 (Quiet, 1);
  quiet->self = self;
  quiet->conversation = g_object_ref (conversation);
  quiet->timeout = g_timeout_add (QUIET_MS, on_quiet, quiet);
  g_hash_table_insert (self->quiet, g_strdup (id), quiet);

  g_signal_handlers_disconnect_by_func (conversation, on_read, self);
  g_signal_connect_object (conversation, "notify::unread", G_CALLBACK (on_read), self, 0);
  show_message (self, conversation, message);
}

/* Headlines and messages with a subject: each has its own notification, which goes when it is read */

static void
on_item_read (GObject       *item,
              GParamSpec    *pspec,
              FlintNotifier *self)
{
  guint number = GPOINTER_TO_UINT (g_object_get_data (item, NUMBER_KEY));
  g_autofree char *id = g_strdup_printf ("item:%u", number);
  gboolean is_unread;

  g_object_get (item, "is-unread", &is_unread, NULL);
  if (!is_unread)
    g_application_withdraw_notification (G_APPLICATION (self->application), id);
}

static void
send_item (FlintNotifier *self,
           gpointer       item,
           const char    *title,
           const char    *body,
           const char    *icon,
           const char    *action)
{
  guint number = ++self->n_items;
  g_autofree char *id = g_strdup_printf ("item:%u", number);

  g_object_set_data (item, NUMBER_KEY, GUINT_TO_POINTER (number));
  g_signal_handlers_disconnect_by_func (item, on_item_read, self);
  g_signal_connect_object (item, "notify::is-unread", G_CALLBACK (on_item_read), self, 0);
  send (self, id, title, body, icon, action, g_variant_new_uint32 (number));
}

static gpointer
find_item (GListModel *items,
           guint       number)
{
  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr(GObject) item = g_list_model_get_item (items, i);

      if (GPOINTER_TO_UINT (g_object_get_data (item, NUMBER_KEY)) == number)
        return item;   /* the model holds it */
    }

  return NULL;
}

static void
on_open_headline (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  FlintApplication *application = user_data;

  flint_application_show_headlines (application, find_item (flint_core_get_headlines (flint_application_get_core (application)),
                                                            g_variant_get_uint32 (parameter)));
}

static void
on_open_letter (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  FlintApplication *application = user_data;
  FlintLetter *letter = find_item (flint_core_get_letters (flint_application_get_core (application)), g_variant_get_uint32 (parameter));

  if (letter != NULL)
    flint_application_show_letter (application, letter);
  else
    flint_application_show_main (application);
}

static gboolean
is_burst (FlintNotifier *self)
{
  gint64 now = g_get_monotonic_time ();

  if (now - self->burst_start > QUIET_MS * 1000)
    {
      self->burst_start = now;
      self->n_burst = 0;
    }

  return ++self->n_burst > MAX_BURST;
}

/* A headline opens the headlines, never a chat: it cannot be answered. */
static void
on_headline (FlintNotifier *self,
             FlintHeadline *headline)
{
  g_autofree char *title = NULL;

  if (!is_on (self, "notify-headlines"))
    return;

  if (is_burst (self))
    {
      if (self->n_burst == MAX_BURST + 1)
        send (self, "headlines", _("There are more headlines"), NULL, "flint-headline-symbolic", "app.headlines", NULL);
      return;
    }

  title = g_strdup_printf ("%s: %s", flint_headline_get_sender (headline), flint_headline_get_subject (headline));
  send_item (self, headline, title, flint_headline_get_body (headline), "flint-headline-symbolic", "app.open-headline");
}

static void
on_letter (FlintNotifier *self,
           FlintLetter   *letter)
{
  g_autofree char *title = NULL;

  if (!is_on (self, "notify-chats"))
    return;

  title = g_strdup_printf (_("Message from %s"), flint_letter_get_sender (letter));
  send_item (self, letter, title, *flint_letter_get_subject (letter) != '\0' ? flint_letter_get_subject (letter) : flint_letter_get_body (letter),
             "mail-unread-symbolic", "app.open-letter");
}

/* The window in which it was written is closed by then: nothing else would say so */
static void
on_letter_failed (FlintLetter   *letter,
                  GParamSpec    *pspec,
                  FlintNotifier *self)
{
  g_autofree char *failure = NULL;
  g_autofree char *title = NULL;

  g_object_get (letter, "failure", &failure, NULL);
  if (failure == NULL || flint_letter_get_to (letter) == NULL)
    return;

  title = g_strdup_printf (_("Your message to %s was not delivered"), xmpp_jid_get_bare_text (flint_letter_get_to (letter)));
  send_item (self, letter, title, failure, "mail-unread-symbolic", "app.open-letter");
  flint_application_toast (self->application, title);
}

static void
on_letters_changed (GListModel    *letters,
                    guint          position,
                    guint          removed,
                    guint          added,
                    FlintNotifier *self)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr(FlintLetter) letter = g_list_model_get_item (letters, i);

      g_signal_handlers_disconnect_by_func (letter, on_letter_failed, self);
      if (flint_letter_is_own (letter))
        g_signal_connect_object (letter, "notify::failure", G_CALLBACK (on_letter_failed), self, 0);
    }
}

static void
on_request (FlintNotifier *self,
            FlintRequest  *request)
{
  g_autofree char *title = NULL;

  if (!is_on (self, "notify-requests"))
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

/* Who shows them */

static void
on_capabilities (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(FlintNotifier) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);
  g_autofree const char **capabilities = NULL;

  if (reply == NULL)
    {
      g_debug ("The desktop does not say how it shows notifications: %s", error->message);
      return;
    }

  g_variant_get (reply, "(^a&s)", &capabilities);
  self->is_plain = !g_strv_contains (capabilities, "body-markup");
}

static void
on_server_appeared (GDBusConnection *connection,
                    const char      *name,
                    const char      *owner,
                    gpointer         user_data)
{
  g_dbus_connection_call (connection, owner, "/org/freedesktop/Notifications", "org.freedesktop.Notifications",
                          "GetCapabilities", NULL, G_VARIANT_TYPE ("(as)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL,
                          on_capabilities, g_object_ref (user_data));
}

static void
on_server_vanished (GDBusConnection *connection,
                    const char      *name,
                    gpointer         user_data)
{
  FLINT_NOTIFIER (user_data)->is_plain = FALSE;
}

/* GNOME's own, which GLib prefers, shows text as it is */
static void
on_gtk_server_appeared (GDBusConnection *connection,
                        const char      *name,
                        const char      *owner,
                        gpointer         user_data)
{
  FLINT_NOTIFIER (user_data)->has_gtk_server = TRUE;
}

static void
flint_notifier_finalize (GObject *object)
{
  FlintNotifier *self = FLINT_NOTIFIER (object);

  g_clear_handle_id (&self->gtk_watch, g_bus_unwatch_name);
  g_clear_handle_id (&self->server_watch, g_bus_unwatch_name);
  g_clear_pointer (&self->quiet, g_hash_table_unref);

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
  self->quiet = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) quiet_free);
}

FlintNotifier *
flint_notifier_new (FlintApplication *application)
{
  FlintNotifier *self = g_object_new (FLINT_TYPE_NOTIFIER, NULL);
  FlintCore *core = flint_application_get_core (application);
  const GActionEntry entries[] = {
    { "open-headline", on_open_headline, "u" },
    { "open-letter",   on_open_letter,   "u" },
  };

  self->application = application;
  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries), application);
  self->gtk_watch = g_bus_watch_name (G_BUS_TYPE_SESSION, "org.gtk.Notifications", G_BUS_NAME_WATCHER_FLAGS_NONE,
                                      on_gtk_server_appeared, NULL, self, NULL);
  self->server_watch = g_bus_watch_name (G_BUS_TYPE_SESSION, "org.freedesktop.Notifications", G_BUS_NAME_WATCHER_FLAGS_NONE,
                                         on_server_appeared, on_server_vanished, self, NULL);
  g_signal_connect_object (flint_core_get_letters (core), "items-changed", G_CALLBACK (on_letters_changed), self, 0);
  g_signal_connect_object (core, "message-received", G_CALLBACK (on_message), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (core, "headline-received", G_CALLBACK (on_headline), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (core, "letter-received", G_CALLBACK (on_letter), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (core, "request-received", G_CALLBACK (on_request), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (core, "request-failed", G_CALLBACK (on_request_failed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (core, "invited", G_CALLBACK (on_invited), self, G_CONNECT_SWAPPED);

  return self;
}
