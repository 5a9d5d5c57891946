/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-chat-closing.h"

#include "flint-recent-chats.h"
#include "flint-safe-dialog.h"

#include <glib/gi18n.h>

#define QUIET_TIME (15 * G_TIME_SPAN_MINUTE)

typedef struct
{
  GWeakRef              window;
  FlintChatClosingFunc  func;
  gpointer              user_data;
  GDestroyNotify        destroy;
} Closing;

static void
closing_free (gpointer  data,
              GClosure *closure)
{
  Closing *closing = data;

  if (closing->destroy != NULL)
    closing->destroy (closing->user_data);
  g_weak_ref_clear (&closing->window);
  g_free (closing);
}

static guint
count_unread (GPtrArray *conversations)
{
  guint n = 0;

  for (guint i = 0; i < conversations->len; i++)
    n += flint_conversation_get_unread (g_ptr_array_index (conversations, i)) > 0;

  return n;
}

static gboolean
has_draft (FlintConversation *conversation)
{
  const char *draft = flint_conversation_get_draft (conversation);

  return draft != NULL && *draft != '\0';
}

static guint
count_drafts (GPtrArray *conversations)
{
  guint n = 0;

  for (guint i = 0; i < conversations->len; i++)
    n += has_draft (g_ptr_array_index (conversations, i));

  return n;
}

gboolean
flint_chat_closing_is_quiet (FlintApplication  *application,
                             FlintConversation *conversation)
{
  XmppSession *session = flint_account_get_session (flint_conversation_get_account (conversation));
  g_autofree char *typing = NULL;
  gint64 last_time;

  g_object_get (conversation, "last-time", &last_time, "typing", &typing, NULL);
  last_time = MAX (last_time, flint_recent_chats_get_time (application, conversation));

  return typing == NULL && !has_draft (conversation) && flint_conversation_get_unread (conversation) == 0 &&
         flint_conversation_get_mentions (conversation) == 0 &&
         xmpp_clock_get_real (xmpp_session_get_clock (session)) - last_time >= QUIET_TIME;
}

/**
 * flint_chat_closing_is_asked:
 * @conversations: (element-type FlintConversation): those that are to be closed
 * @is_end: whether Flint ends with that
 *
 * A single one is closed at once: nothing of it is lost. Several are not, when something in them is unread or not sent;
 * and drafts do not outlive Flint.
 */
gboolean
flint_chat_closing_is_asked (GPtrArray *conversations,
                             gboolean   is_end)
{
  if (is_end && count_drafts (conversations) > 0)
    return TRUE;

  return conversations->len > 1 && count_unread (conversations) + count_drafts (conversations) > 0;
}

static char *
describe (GPtrArray *conversations,
          gboolean   is_end)
{
  guint n_unread = count_unread (conversations);
  guint n_drafts = count_drafts (conversations);
  GString *text = g_string_new (NULL);

  if (n_unread > 0)
    g_string_append_printf (text, ngettext ("%u chat has messages that you have not read.",
                                            "%u chats have messages that you have not read.", n_unread), n_unread);
  if (text->len > 0 && n_drafts > 0)
    g_string_append_c (text, '\n');
  if (n_drafts > 0)
    g_string_append_printf (text, is_end ? ngettext ("%u has a draft. This is the last window: Flint ends with it, and the draft is lost.",
                                                     "%u have drafts. This is the last window: Flint ends with it, and the drafts are lost.", n_drafts)
                                         : ngettext ("%u has a draft, which is kept as long as Flint runs.",
                                                     "%u have drafts, which are kept as long as Flint runs.", n_drafts), n_drafts);

  return g_string_free (text, FALSE);
}

static void
on_answered (AdwMessageDialog *dialog,
             const char       *response,
             Closing          *closing)
{
  g_autoptr(GtkWindow) window = g_weak_ref_get (&closing->window);

  if (window == NULL || !g_str_equal (response, "close"))
    return;

  /* the dialog is closed already, and would not be told that the window goes before it is freed */
  gtk_window_set_transient_for (GTK_WINDOW (dialog), NULL);
  closing->func (window, closing->user_data);
}

/**
 * flint_chat_closing_ask:
 * @window: the window with the chats
 * @conversations: (element-type FlintConversation): those that are to be closed
 * @is_end: whether Flint ends with that
 * @func: called if the answer is yes
 *
 * Asks once for all of them.
 */
void
flint_chat_closing_ask (GtkWindow            *window,
                        GPtrArray            *conversations,
                        gboolean              is_end,
                        FlintChatClosingFunc  func,
                        gpointer              user_data,
                        GDestroyNotify        destroy)
{
  g_autofree char *heading = g_strdup_printf (ngettext ("Close %u chat?", "Close %u chats?", conversations->len), conversations->len);
  g_autofree char *text = describe (conversations, is_end);
  GtkWidget *dialog = adw_message_dialog_new (window, heading, text);
  Closing *closing = g_new0 (Closing, 1);

  g_weak_ref_init (&closing->window, window);
  closing->func = func;
  closing->user_data = user_data;
  closing->destroy = destroy;

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("Cancel"), "close", _("Close"), NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  if (is_end)
    adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "close", ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_answered), closing, closing_free, 0);
  flint_safe_dialog_present (dialog);
}
