/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-one-window.h"

#include "flint-empty-page.h"
#include "flint-width-bin.h"

struct _FlintOneWindow
{
  AdwBin         parent_instance;

  GSettings     *settings;
  GtkWidget     *list;         /* in paned */
  GtkWidget     *controls;     /* of the window, over the list; in it */
  GtkWidget     *list_focus;   /* where one was in the list; weak */
  gboolean       shows_chat;   /* when there is room for one only */

  GtkWidget     *width_bin;
  GtkPaned      *paned;
  GtkStack      *stack;
  FlintChatPane *pane;
  AdwStatusPage *empty_page;
};

G_DEFINE_FINAL_TYPE (FlintOneWindow, flint_one_window, ADW_TYPE_BIN)

static gboolean
is_narrow (FlintOneWindow *self)
{
  return flint_width_bin_is_narrow (FLINT_WIDTH_BIN (self->width_bin));
}

static gboolean
has_tabs (FlintOneWindow *self)
{
  gboolean has_some;

  g_object_get (self->pane, "has-tabs", &has_some, NULL);

  return has_some;
}

static void
update (FlintOneWindow *self)
{
  if (self->list == NULL)
    return;

  gtk_stack_set_visible_child_name (self->stack, has_tabs (self) ? "chats" : "empty");
  gtk_widget_set_visible (self->list, !is_narrow (self) || !self->shows_chat);
  gtk_widget_set_visible (GTK_WIDGET (self->stack), !is_narrow (self) || self->shows_chat);
  gtk_widget_set_visible (self->controls, is_narrow (self));
  flint_chat_pane_set_place (self->pane, TRUE, is_narrow (self));
}

/* The focus */

static GtkWidget *
get_focus_in (FlintOneWindow *self,
              GtkWidget      *part)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  return focus != NULL && gtk_widget_is_ancestor (focus, part) ? focus : NULL;
}

static void
focus_list (FlintOneWindow *self)
{
  if (self->list_focus == NULL || !gtk_widget_is_ancestor (self->list_focus, self->list) || !gtk_widget_grab_focus (self->list_focus))
    gtk_widget_child_focus (self->list, GTK_DIR_TAB_FORWARD);
}

/* What is shown */

static void
on_opened (FlintOneWindow *self)
{
  g_set_weak_pointer (&self->list_focus, get_focus_in (self, self->list));
  self->shows_chat = TRUE;
  update (self);
}

static void
on_emptied (FlintOneWindow *self)
{
  self->shows_chat = FALSE;
  update (self);
  if (self->list != NULL)
    focus_list (self);
}

/* Where one is stays in sight */
static void
on_narrow (FlintOneWindow *self)
{
  self->shows_chat = has_tabs (self) && get_focus_in (self, GTK_WIDGET (self->pane)) != NULL;
  update (self);
  if (!is_narrow (self))
    gtk_paned_set_position (self->paned, g_settings_get_int (self->settings, "list-width"));
}

/**
 * flint_one_window_show_list:
 *
 * If a chat is over it.
 */
void
flint_one_window_show_list (FlintOneWindow *self)
{
  g_return_if_fail (FLINT_IS_ONE_WINDOW (self));

  if (!self->shows_chat)
    return;

  self->shows_chat = FALSE;
  update (self);
  if (is_narrow (self))
    focus_list (self);
}

static void
on_back (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  flint_one_window_show_list (FLINT_ONE_WINDOW (widget));
}

/* While it is narrow, the width is not what somebody has chosen */
static void
save_width (FlintOneWindow *self)
{
  if (self->list != NULL && !is_narrow (self))
    g_settings_set_int (self->settings, "list-width", gtk_paned_get_position (self->paned));
}

/**
 * flint_one_window_give_list_back:
 *
 * The list gets no parent: it goes back into a window of its own.
 */
void
flint_one_window_give_list_back (FlintOneWindow *self)
{
  GtkWidget *list;

  g_return_if_fail (FLINT_IS_ONE_WINDOW (self));

  save_width (self);
  list = g_steal_pointer (&self->list);
  gtk_widget_set_visible (list, TRUE);
  gtk_widget_set_visible (self->controls, TRUE);
  gtk_paned_set_start_child (self->paned, NULL);
}

static void
flint_one_window_unrealize (GtkWidget *widget)
{
  save_width (FLINT_ONE_WINDOW (widget));

  GTK_WIDGET_CLASS (flint_one_window_parent_class)->unrealize (widget);
}

static void
flint_one_window_dispose (GObject *object)
{
  FlintOneWindow *self = FLINT_ONE_WINDOW (object);

  self->list = NULL;
  g_clear_weak_pointer (&self->list_focus);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (flint_one_window_parent_class)->dispose (object);
}

static void
flint_one_window_class_init (FlintOneWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (FLINT_TYPE_CHAT_PANE);
  g_type_ensure (FLINT_TYPE_WIDTH_BIN);

  G_OBJECT_CLASS (klass)->dispose = flint_one_window_dispose;
  widget_class->unrealize = flint_one_window_unrealize;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/one-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintOneWindow, width_bin);
  gtk_widget_class_bind_template_child (widget_class, FlintOneWindow, paned);
  gtk_widget_class_bind_template_child (widget_class, FlintOneWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, FlintOneWindow, pane);
  gtk_widget_class_bind_template_child (widget_class, FlintOneWindow, empty_page);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, on_opened);
  gtk_widget_class_bind_template_callback (widget_class, on_emptied);
  gtk_widget_class_bind_template_callback (widget_class, on_narrow);

  gtk_widget_class_install_action (widget_class, "one-window.back", NULL, on_back);
}

static void
flint_one_window_init (FlintOneWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * flint_one_window_new:
 * @list: what the window has without chats
 * @controls: those at the end of the list's header, which are over the chats while they are beside it
 *
 * Returns: (transfer floating): what the window has with them
 */
GtkWidget *
flint_one_window_new (FlintApplication *application,
                      GtkWidget        *list,
                      GtkWidget        *controls)
{
  FlintOneWindow *self = g_object_new (FLINT_TYPE_ONE_WINDOW, NULL);

  self->settings = g_object_ref (flint_application_get_settings (application));
  self->list = list;
  self->controls = controls;
  gtk_paned_set_start_child (self->paned, list);
  gtk_paned_set_position (self->paned, g_settings_get_int (self->settings, "list-width"));
  flint_chat_pane_set_application (self->pane, application);
  flint_empty_page_set_icon (self->empty_page, "chat-message-new-symbolic");
  update (self);

  return GTK_WIDGET (self);
}
