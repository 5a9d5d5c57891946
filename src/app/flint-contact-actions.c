/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The actions "contact.*" and "group.*": what the menus and keys of the contact list do to what is selected. */
#include "flint-config.h"

#include "flint-contact-actions.h"

#include "flint-add-group-dialog.h"
#include "flint-contact-changes.h"
#include "flint-groups-dialog.h"
#include "flint-invite-dialog.h"
#include "flint-rename-dialog.h"
#include "flint-safe-dialog.h"
#include "flint-text.h"
#include "xmpp-blocking.h"
#include "xmpp-version.h"

#include <glib/gi18n.h>

#define MAX_NAMED 4      /* of several that are to be removed */
#define MAX_NAME  40     /* graphemes of each */

static FlintContact *
get_contact (FlintContactView *view)
{
  FlintTreeRow *row = flint_contact_view_get_selected (view);

  return row != NULL ? flint_tree_row_get_contact (row) : NULL;
}

static GtkWindow *
get_window (FlintContactView *view)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (view)));
}

/* Every change ends here: silence when it worked, the server's words when not. */
static gpointer
hold_application (FlintContactView *view)
{
  return g_object_ref (flint_contact_view_get_application (view));
}

/* Contacts */

static void
on_chat (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  FlintContactView *view = user_data;
  FlintApplication *application = flint_contact_view_get_application (view);
  FlintContact *contact = get_contact (view);

  if (contact != NULL)
    flint_application_show_conversation (application,
                                         flint_core_open_chat (flint_application_get_core (application),
                                                               flint_contact_get_account (contact),
                                                               flint_contact_get_jid (contact)));
}

static void
on_message (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  FlintContactView *view = user_data;
  FlintContact *contact = get_contact (view);

  if (contact != NULL)
    flint_application_write_letter (flint_contact_view_get_application (view),
                                    flint_contact_get_account (contact), flint_contact_get_jid (contact));
}

static void
on_invite (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  FlintContactView *view = user_data;
  FlintContact *contact = get_contact (view);

  if (contact != NULL)
    flint_invite_dialog_present (flint_contact_view_get_application (view), get_window (view), contact, NULL);
}

/* While a dialog asks, the list goes on, and something else may come to be selected: what the question is about */
static void
set_subject (FlintContactView *view,
             gpointer          subject)
{
  g_object_set_data_full (G_OBJECT (view), "subject", g_object_ref (subject), g_object_unref);
}

static void
rename_contact (const char *name,
                gpointer    user_data)
{
  FlintContactView *view = user_data;
  FlintContact *contact = g_object_get_data (G_OBJECT (view), "subject");

  flint_account_rename_contact_async (flint_contact_get_account (contact), contact, name,
                                      flint_application_tell_change, hold_application (view));
}

static void
on_rename (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  FlintContactView *view = user_data;
  FlintContact *contact = get_contact (view);

  if (contact == NULL)
    return;

  set_subject (view, contact);
  flint_rename_dialog_present (get_window (view), _("Rename contact"), _("Show as"),
                               flint_contact_get_name (contact), rename_contact, G_OBJECT (view));
}

static void
on_groups (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  FlintContactView *view = user_data;
  g_autoptr(GPtrArray) contacts = flint_contact_view_get_selected_contacts (view);

  if (contacts->len > 0)
    flint_groups_dialog_present (flint_contact_view_get_application (view), get_window (view), contacts);
}

static void
on_copy_address (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  FlintContactView *view = user_data;
  FlintContact *contact = get_contact (view);

  if (contact != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (view)), xmpp_jid_get_text (flint_contact_get_jid (contact)));
}

static XmppPresence *
get_presence (FlintContact *contact)
{
  return xmpp_session_get_module (flint_account_get_session (flint_contact_get_account (contact)), XMPP_TYPE_PRESENCE);
}

static void
on_subscribe (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  FlintContact *contact = get_contact (user_data);

  if (contact != NULL)
    xmpp_presence_subscribe (get_presence (contact), flint_contact_get_jid (contact), NULL);
}

static void
on_revoke (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  FlintContact *contact = get_contact (user_data);

  if (contact != NULL)
    xmpp_presence_decline (get_presence (contact), flint_contact_get_jid (contact));
}

static void
on_version_answer (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(FlintApplication) application = user_data;
  g_autoptr(XmppSoftware) software = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *joined = NULL;
  g_autofree char *text = NULL;

  if (!(software = xmpp_version_ask_finish (XMPP_VERSION (object), result, &error)))
    {
      flint_application_toast (application, error->message);
      return;
    }

  joined = g_strconcat (software->name != NULL ? software->name : _("Software of an unknown name"),
                        software->version != NULL ? " " : "", software->version != NULL ? software->version : "",
                        software->os != NULL ? " · " : "", software->os != NULL ? software->os : "", NULL);
  text = flint_text_for_line (joined, 200);
  flint_application_toast (application, text);
}

static void
on_version (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  FlintContactView *view = user_data;
  FlintContact *contact = get_contact (view);
  g_autoptr(GPtrArray) resources = contact != NULL ? flint_contact_get_resources (contact) : NULL;

  if (resources == NULL || resources->len == 0)
    return;

  xmpp_version_ask_async (xmpp_session_get_module (flint_account_get_session (flint_contact_get_account (contact)), XMPP_TYPE_VERSION),
                          ((XmppResource *) g_ptr_array_index (resources, 0))->jid, NULL,
                          on_version_answer, hold_application (view));
}

static void
set_blocked (FlintContactView *view,
             gboolean          block)
{
  FlintContact *contact = get_contact (view);

  if (contact != NULL)
    flint_account_block_async (flint_contact_get_account (contact), flint_contact_get_jid (contact), block,
                               flint_application_tell_change, hold_application (view));
}

static void
on_block (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  set_blocked (user_data, TRUE);
}

static void
on_unblock (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  set_blocked (user_data, FALSE);
}

static void
ask (FlintContactView *view,
     const char       *title,
     const char       *text,
     const char       *verb,
     GCallback         on_response,
     gpointer          about,
     GDestroyNotify    free_about)
{
  GtkWidget *dialog = adw_message_dialog_new (get_window (view), title, text);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("Cancel"), "yes", verb, NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "yes", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "about", about, free_about);
  g_signal_connect_object (dialog, "response", on_response, view, 0);
  flint_safe_dialog_present (dialog);
}

static void
on_remove_response (AdwMessageDialog *dialog,
                    const char       *response,
                    FlintContactView *view)
{
  GPtrArray *contacts = g_object_get_data (G_OBJECT (dialog), "about");
  FlintContactChanges *changes;

  if (!g_str_equal (response, "yes"))
    return;

  changes = flint_contact_changes_new (flint_contact_view_get_application (view));
  for (guint i = 0; i < contacts->len; i++)
    flint_contact_changes_remove (changes, g_ptr_array_index (contacts, i));
  flint_contact_changes_send (changes);
}

/* The first few by name: enough to see that it is the right ones */
static char *
list_names (GPtrArray *contacts)
{
  GString *names = g_string_new (NULL);
  guint n_named = contacts->len > MAX_NAMED ? MAX_NAMED - 1 : contacts->len;
  guint n_others = contacts->len - n_named;

  for (guint i = 0; i < n_named; i++)
    {
      g_autofree char *name = flint_text_for_line (flint_contact_get_name (g_ptr_array_index (contacts, i)), MAX_NAME);
      g_autofree char *isolated = flint_text_isolate (name);

      g_string_append_printf (names, "%s%s", i > 0 ? C_("between names in a list", ", ") : "", isolated);
    }

  if (n_others > 0)
    {
      g_autofree char *listed = g_string_free (names, FALSE);

      /* Translators: %1$s is a list of names, %2$u how many are not in it */
      return g_strdup_printf (ngettext ("%1$s and %2$u other", "%1$s and %2$u others", n_others), listed, n_others);
    }

  return g_string_free (names, FALSE);
}

static void
on_remove (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  FlintContactView *view = user_data;
  g_autoptr(GPtrArray) contacts = flint_contact_view_get_selected_contacts (view);
  const char *consequence = _("You no longer see each other's status. What you have written stays.");
  g_autofree char *names = NULL;
  g_autofree char *title = NULL;
  g_autofree char *text = NULL;

  if (contacts->len == 0)
    return;

  if (contacts->len == 1)
    {
      title = g_strdup_printf (_("Remove %s?"), flint_contact_get_name (g_ptr_array_index (contacts, 0)));
      text = g_strdup (consequence);
    }
  else
    {
      names = list_names (contacts);
      title = g_strdup_printf (ngettext ("Remove %u contact?", "Remove %u contacts?", contacts->len), contacts->len);
      text = g_strdup_printf ("%s\n\n%s", names, consequence);
    }

  ask (view, title, text, _("Remove"), G_CALLBACK (on_remove_response),
       g_steal_pointer (&contacts), (GDestroyNotify) g_ptr_array_unref);
}

static void
on_unselect_all (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  flint_contact_view_unselect_all (user_data);
}

/* Groups */

static FlintTreeRow *
get_group_row (FlintContactView *view)
{
  FlintTreeRow *row = flint_contact_view_get_selected (view);

  return row != NULL && flint_tree_row_get_kind (row) == FLINT_TREE_GROUP ? row : NULL;
}

static void
on_group_add_contact (GSimpleAction *action,
                      GVariant      *parameter,
                      gpointer       user_data)
{
  FlintTreeRow *row = get_group_row (user_data);

  if (row != NULL)
    flint_application_add_contact (flint_contact_view_get_application (user_data),
                                   flint_tree_row_get_account (row), NULL, flint_tree_row_get_group (row));
}

static void
on_group_add_group (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  FlintTreeRow *row = get_group_row (user_data);

  if (row != NULL)
    flint_add_group_dialog_present (flint_contact_view_get_application (user_data),
                                    flint_tree_row_get_account (row), flint_tree_row_get_group (row));
}

static void
rename_group (const char *name,
              gpointer    user_data)
{
  FlintContactView *view = user_data;
  FlintTreeRow *row = g_object_get_data (G_OBJECT (view), "subject");
  g_autofree char *parent = NULL;
  g_autofree char *path = NULL;
  const char *group;
  const char *last = NULL;

  /* a nested group keeps its place: only the last part of its path changes */
  group = flint_tree_row_get_group (row);
  for (const char *p = strstr (group, "::"); p != NULL; p = strstr (p + 2, "::"))
    last = p;
  parent = last != NULL ? g_strndup (group, last - group) : NULL;
  path = parent != NULL ? g_strconcat (parent, "::", name, NULL) : g_strdup (name);

  flint_account_rename_group_async (flint_tree_row_get_account (row), group, path, flint_application_tell_change, hold_application (view));
}

static void
on_group_rename (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  FlintContactView *view = user_data;
  FlintTreeRow *row = get_group_row (view);
  g_autofree char *title = NULL;

  if (row == NULL)
    return;

  g_object_get (row, "title", &title, NULL);
  set_subject (view, row);
  flint_rename_dialog_present (get_window (view), _("Rename group"), _("Name"), title, rename_group, G_OBJECT (view));
}

static void
on_delete_response (AdwMessageDialog *dialog,
                    const char       *response,
                    FlintContactView *view)
{
  FlintTreeRow *row = g_object_get_data (G_OBJECT (dialog), "about");

  /* to no name: its contacts stay, in their other groups or in none */
  if (g_str_equal (response, "yes"))
    flint_account_rename_group_async (flint_tree_row_get_account (row), flint_tree_row_get_group (row), NULL,
                                      flint_application_tell_change, hold_application (view));
}

static void
on_group_delete (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  FlintContactView *view = user_data;
  FlintTreeRow *row = get_group_row (view);
  g_autofree char *title = NULL;
  g_autofree char *question = NULL;

  if (row == NULL)
    return;

  g_object_get (row, "title", &title, NULL);
  question = g_strdup_printf (_("Delete the group “%s”?"), title);
  ask (view, question, _("Its contacts stay in your list."), _("Delete"), G_CALLBACK (on_delete_response), g_object_ref (row),
       g_object_unref);
}

/* Which of them can be done to what is selected */

static void
set_enabled (GActionGroup *group,
             const char   *name,
             gboolean      enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (group), name)), enabled);
}

/**
 * flint_contact_actions_update:
 *
 * To be called when the selection has changed.
 */
void
flint_contact_actions_update (FlintContactView *view)
{
  static const char * const online_only[] = { "invite", "rename", "subscribe", "revoke", "version" };
  GActionGroup *contact_group = g_object_get_data (G_OBJECT (view), "contact-actions");
  GActionGroup *group_group = g_object_get_data (G_OBJECT (view), "group-actions");
  FlintContact *contact = get_contact (view);
  FlintTreeRow *row = get_group_row (view);
  gboolean is_online = contact != NULL && flint_account_is_online (flint_contact_get_account (contact));
  gboolean can_change = (contact != NULL || flint_contact_view_has_several (view)) && flint_contact_view_is_online (view);
  gboolean is_real_group = row != NULL && flint_tree_row_get_group (row) != NULL && *flint_tree_row_get_group (row) != '\0' &&
                           flint_account_is_online (flint_tree_row_get_account (row));
  gboolean is_blocked = FALSE;

  if (contact_group == NULL)
    return;

  if (contact != NULL)
    g_object_get (contact, "is-blocked", &is_blocked, NULL);

  set_enabled (contact_group, "chat", contact != NULL);
  set_enabled (contact_group, "message", contact != NULL);
  set_enabled (contact_group, "copy-address", contact != NULL);
  for (guint i = 0; i < G_N_ELEMENTS (online_only); i++)
    set_enabled (contact_group, online_only[i], is_online);
  set_enabled (contact_group, "groups", can_change);
  set_enabled (contact_group, "remove", can_change);
  set_enabled (contact_group, "unselect-all", flint_contact_view_has_several (view));
  set_enabled (contact_group, "version", is_online && flint_contact_is_online (contact));
  set_enabled (contact_group, "block", is_online && !is_blocked);
  set_enabled (contact_group, "unblock", is_online && is_blocked);

  set_enabled (group_group, "add-contact", row != NULL && flint_account_is_online (flint_tree_row_get_account (row)));
  set_enabled (group_group, "add-group", is_real_group);
  set_enabled (group_group, "rename", is_real_group);
  set_enabled (group_group, "delete", is_real_group);
}

/**
 * flint_contact_actions_install:
 *
 * Gives the view its action groups "contact" and "group".
 */
void
flint_contact_actions_install (FlintContactView *view)
{
  static const GActionEntry contact_entries[] = {
    { "chat",         on_chat },
    { "message",      on_message },
    { "invite",       on_invite },
    { "rename",       on_rename },
    { "groups",       on_groups },
    { "copy-address", on_copy_address },
    { "subscribe",    on_subscribe },
    { "revoke",       on_revoke },
    { "version",      on_version },
    { "block",        on_block },
    { "unblock",      on_unblock },
    { "remove",       on_remove },
    { "unselect-all", on_unselect_all },
  };
  static const GActionEntry group_entries[] = {
    { "add-contact", on_group_add_contact },
    { "add-group",   on_group_add_group },
    { "rename",      on_group_rename },
    { "delete",      on_group_delete },
  };
  GSimpleActionGroup *contact_group = g_simple_action_group_new ();
  GSimpleActionGroup *group_group = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (contact_group), contact_entries, G_N_ELEMENTS (contact_entries), view);
  g_action_map_add_action_entries (G_ACTION_MAP (group_group), group_entries, G_N_ELEMENTS (group_entries), view);
  gtk_widget_insert_action_group (GTK_WIDGET (view), "contact", G_ACTION_GROUP (contact_group));
  gtk_widget_insert_action_group (GTK_WIDGET (view), "group", G_ACTION_GROUP (group_group));
  g_object_set_data_full (G_OBJECT (view), "contact-actions", contact_group, g_object_unref);
  g_object_set_data_full (G_OBJECT (view), "group-actions", group_group, g_object_unref);
  flint_contact_actions_update (view);
}
