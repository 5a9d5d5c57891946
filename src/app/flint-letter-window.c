/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-letter-window.h"

#include "flint-long-text.h"
#include "flint-time.h"
#include "flint-width-bin.h"

#include <glib/gi18n.h>

struct _FlintLetterWindow
{
  AdwApplicationWindow  parent_instance;

  FlintApplication     *application;    /* not owned: it outlives its windows */
  FlintAccount         *account;
  FlintLetter          *letter;         /* that is read, or answered; NULL: a new one is written */
  char                 *thread;
  gboolean              may_close;      /* the person agreed to lose what is written */

  GtkWidget            *start_stack;
  GtkWidget            *end_stack;
  GtkWidget            *stack;
  GtkWidget            *subject_label;
  GtkWidget            *avatar;
  GtkWidget            *sender_label;
  GtkWidget            *address_label;
  GtkWidget            *time_label;
  GtkWidget            *failure_label;
  FlintLongText        *text;
  GtkWidget            *to_entry;
  GtkWidget            *subject_entry;
  GtkWidget            *error_label;
  GtkWidget            *body_text;
};

G_DEFINE_FINAL_TYPE (FlintLetterWindow, flint_letter_window, ADW_TYPE_APPLICATION_WINDOW)

static GListModel *
get_letters (FlintLetterWindow *self)
{
  return flint_core_get_letters (flint_application_get_core (self->application));
}

static char *
get_text (FlintLetterWindow *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->body_text));
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);

  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static gboolean
is_writing (FlintLetterWindow *self)
{
  return g_str_equal (gtk_stack_get_visible_child_name (GTK_STACK (self->stack)), "write");
}

static void
show_page (FlintLetterWindow *self,
           const char        *name)
{
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), name);
  gtk_stack_set_visible_child_name (GTK_STACK (self->start_stack), name);
  gtk_stack_set_visible_child_name (GTK_STACK (self->end_stack), name);
}

/* Reading */

static guint
get_position (FlintLetterWindow *self)
{
  GListModel *letters = get_letters (self);

  for (guint i = 0; i < g_list_model_get_n_items (letters); i++)
    {
      g_autoptr(FlintLetter) letter = g_list_model_get_item (letters, i);

      if (letter == self->letter)
        return i;
    }

  return GTK_INVALID_LIST_POSITION;
}

static void
update_failure (FlintLetterWindow *self)
{
  g_autofree char *failure = NULL;

  g_object_get (self->letter, "failure", &failure, NULL);
  gtk_widget_set_visible (self->failure_label, failure != NULL);
  if (failure != NULL)
    gtk_label_set_label (GTK_LABEL (self->failure_label), failure);
}

static void
show_letter (FlintLetterWindow *self,
             FlintLetter       *letter)
{
  const char *subject = flint_letter_get_subject (letter);
  XmppJid *peer = flint_letter_is_own (letter) ? flint_letter_get_to (letter) : flint_letter_get_from (letter);
  g_autofree char *time = flint_time_format_short (flint_letter_get_time (letter));
  g_autofree char *time_long = flint_time_format_long (flint_letter_get_time (letter));
  guint position;

  if (self->letter != NULL)
    g_signal_handlers_disconnect_by_func (self->letter, update_failure, self);
  g_set_object (&self->letter, letter);
  g_set_object (&self->account, flint_letter_get_account (letter));
  g_signal_connect_object (letter, "notify::failure", G_CALLBACK (update_failure), self, G_CONNECT_SWAPPED);

  gtk_label_set_label (GTK_LABEL (self->subject_label), *subject != '\0' ? subject : _("Message without a subject"));
  gtk_window_set_title (GTK_WINDOW (self), *subject != '\0' ? subject : _("Message"));
  adw_avatar_set_text (ADW_AVATAR (self->avatar), flint_letter_get_sender (letter));
  gtk_label_set_label (GTK_LABEL (self->sender_label), flint_letter_get_sender (letter));
  gtk_label_set_label (GTK_LABEL (self->address_label), xmpp_jid_get_bare_text (peer));
  gtk_label_set_label (GTK_LABEL (self->time_label), time);
  gtk_widget_set_tooltip_text (self->time_label, time_long);
  flint_long_text_set_text (self->text, gtk_label_get_label (GTK_LABEL (self->subject_label)), flint_letter_get_body (letter));
  update_failure (self);
  flint_letter_set_unread (letter, FALSE);
  show_page (self, "read");

  position = get_position (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "mail.reply", !flint_letter_is_own (letter));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "mail.newer", position > 0 && position != GTK_INVALID_LIST_POSITION);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "mail.older", position + 1 < g_list_model_get_n_items (get_letters (self)));
}

static void
on_step (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  FlintLetterWindow *self = FLINT_LETTER_WINDOW (widget);
  guint position = get_position (self);
  g_autoptr(FlintLetter) letter = NULL;

  if (position == GTK_INVALID_LIST_POSITION)
    return;

  letter = g_list_model_get_item (get_letters (self), g_str_equal (action, "mail.newer") ? position - 1 : position + 1);
  if (letter != NULL)
    show_letter (self, letter);
}

static void
on_chat (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  FlintLetterWindow *self = FLINT_LETTER_WINDOW (widget);
  XmppJid *peer = flint_letter_is_own (self->letter) ? flint_letter_get_to (self->letter) : flint_letter_get_from (self->letter);
  g_autoptr(XmppJid) bare = xmpp_jid_get_bare (peer);

  flint_application_show_conversation (self->application,
                                       flint_core_open_chat (flint_application_get_core (self->application), self->account, bare));
}

static void
on_delete (GtkWidget  *widget,
           const char *action,
           GVariant   *parameter)
{
  FlintLetterWindow *self = FLINT_LETTER_WINDOW (widget);
  guint position = get_position (self);
  g_autoptr(FlintLetter) next = NULL;

  flint_core_delete_letter (flint_application_get_core (self->application), self->letter);
  next = g_list_model_get_item (get_letters (self), position);
  if (next != NULL)
    show_letter (self, next);
  else
    gtk_window_destroy (GTK_WINDOW (self));
}

/* Writing */

static void
on_changed (FlintLetterWindow *self)
{
  gtk_widget_set_visible (self->error_label, FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "mail.send", *gtk_editable_get_text (GTK_EDITABLE (self->to_entry)) != '\0');
}

static void
write_to (FlintLetterWindow *self,
          XmppJid           *to,
          const char        *subject)
{
  gtk_editable_set_text (GTK_EDITABLE (self->to_entry), to != NULL ? xmpp_jid_get_bare_text (to) : "");
  gtk_editable_set_text (GTK_EDITABLE (self->subject_entry), subject != NULL ? subject : "");
  gtk_window_set_title (GTK_WINDOW (self), _("New message"));
  show_page (self, "write");
  on_changed (self);
  gtk_widget_grab_focus (to == NULL ? self->to_entry : subject == NULL ? self->subject_entry : self->body_text);
}

static void
on_reply (GtkWidget  *widget,
          const char *action,
          GVariant   *parameter)
{
  FlintLetterWindow *self = FLINT_LETTER_WINDOW (widget);
  g_autofree char *subject = flint_letter_reply_subject (self->letter);

  g_free (self->thread);
  self->thread = g_strdup (flint_letter_get_thread (self->letter));
  write_to (self, flint_letter_get_from (self->letter), subject);
}

static void
on_send (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  FlintLetterWindow *self = FLINT_LETTER_WINDOW (widget);
  g_autofree char *text = get_text (self);
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppJid) to = xmpp_jid_new (gtk_editable_get_text (GTK_EDITABLE (self->to_entry)), &error);

  if (to == NULL ||
      !flint_core_send_letter (flint_application_get_core (self->application), self->account, to,
                               gtk_editable_get_text (GTK_EDITABLE (self->subject_entry)), text, self->thread, &error))
    {
      gtk_label_set_label (GTK_LABEL (self->error_label), error->message);
      gtk_widget_set_visible (self->error_label, TRUE);
      return;
    }

  gtk_window_destroy (GTK_WINDOW (self));
}

static void
on_discard (GtkWidget  *widget,
            const char *action,
            GVariant   *parameter)
{
  gtk_window_close (GTK_WINDOW (widget));
}

static void
on_close_response (AdwMessageDialog  *dialog,
                   const char        *response,
                   FlintLetterWindow *self)
{
  if (!g_str_equal (response, "discard"))
    return;

  self->may_close = TRUE;
  gtk_window_close (GTK_WINDOW (self));
}

/* What was written does not go without a question. */
static gboolean
flint_letter_window_close_request (GtkWindow *window)
{
  FlintLetterWindow *self = FLINT_LETTER_WINDOW (window);
  g_autofree char *text = get_text (self);
  GtkWidget *dialog;

  if (self->may_close || !is_writing (self) || text[strspn (text, " \t\r\n")] == '\0')
    return GTK_WINDOW_CLASS (flint_letter_window_parent_class)->close_request (window);

  dialog = adw_message_dialog_new (window, _("Discard this message?"), _("It was not sent."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("Keep writing"), "discard", _("Discard"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_close_response), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));

  return GDK_EVENT_STOP;
}

FlintLetter *
flint_letter_window_get_letter (FlintLetterWindow *self)
{
  g_return_val_if_fail (FLINT_IS_LETTER_WINDOW (self), NULL);

  return self->letter;
}

static void
flint_letter_window_dispose (GObject *object)
{
  FlintLetterWindow *self = FLINT_LETTER_WINDOW (object);

  g_clear_object (&self->account);
  g_clear_object (&self->letter);
  g_clear_pointer (&self->thread, g_free);

  G_OBJECT_CLASS (flint_letter_window_parent_class)->dispose (object);
}

static void
flint_letter_window_class_init (FlintLetterWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_letter_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = flint_letter_window_close_request;

  g_type_ensure (FLINT_TYPE_LONG_TEXT);

  g_type_ensure (FLINT_TYPE_WIDTH_BIN);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/letter-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintLetterWindow, start_stack);
  gtk_widget_class_bind_template_child (widget_class, FlintLetterWindow, end_stack);
  gtk_widget_class_bind_template_child (widget_class, FlintLetterWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, FlintLetterWindow, subject_label);
  gtk_widget_class_bind_template_child (widget_class, FlintLetterWindow, avatar);
  gtk_widget_class_bind_template_child (widget_class, FlintLetterWindow, sender_label);
  gtk_widget_class_bind_template_child (widget_class, FlintLetterWindow, address_label);
  gtk_widget_class_bind_template_child (widget_class, FlintLetterWindow, time_label);
  gtk_widget_class_bind_template_child (widget_class, FlintLetterWindow, failure_label);
  gtk_widget_class_bind_template_child (widget_class, FlintLetterWindow, text);
  gtk_widget_class_bind_template_child (widget_class, FlintLetterWindow, to_entry);
  gtk_widget_class_bind_template_child (widget_class, FlintLetterWindow, subject_entry);
  gtk_widget_class_bind_template_child (widget_class, FlintLetterWindow, error_label);
  gtk_widget_class_bind_template_child (widget_class, FlintLetterWindow, body_text);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);

  gtk_widget_class_install_action (widget_class, "mail.reply", NULL, on_reply);
  gtk_widget_class_install_action (widget_class, "mail.chat", NULL, on_chat);
  gtk_widget_class_install_action (widget_class, "mail.delete", NULL, on_delete);
  gtk_widget_class_install_action (widget_class, "mail.newer", NULL, on_step);
  gtk_widget_class_install_action (widget_class, "mail.older", NULL, on_step);
  gtk_widget_class_install_action (widget_class, "mail.discard", NULL, on_discard);
  gtk_widget_class_install_action (widget_class, "mail.send", NULL, on_send);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK, "mail.send", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_r, GDK_CONTROL_MASK, "mail.reply", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
flint_letter_window_init (FlintLetterWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * flint_letter_window_new:
 * @letter: the message to read
 */
GtkWindow *
flint_letter_window_new (FlintApplication *application,
                         FlintLetter      *letter)
{
  FlintLetterWindow *self = g_object_new (FLINT_TYPE_LETTER_WINDOW, "application", application, NULL);

  self->application = application;
  show_letter (self, letter);

  return GTK_WINDOW (self);
}

/**
 * flint_letter_window_new_to:
 * @account: from whom
 * @to: (nullable): to whom
 */
GtkWindow *
flint_letter_window_new_to (FlintApplication *application,
                            FlintAccount     *account,
                            XmppJid          *to)
{
  FlintLetterWindow *self = g_object_new (FLINT_TYPE_LETTER_WINDOW, "application", application, NULL);

  self->application = application;
  self->account = g_object_ref (account);
  write_to (self, to, NULL);

  return GTK_WINDOW (self);
}
