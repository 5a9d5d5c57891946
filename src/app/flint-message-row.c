/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-message-row.h"

#include "flint-fold-box.h"
#include "flint-message-bubble.h"
#include "flint-name-color.h"
#include "flint-text.h"
#include "flint-whole-text-window.h"

#include <glib/gi18n.h>
#include <string.h>

#define FIRST_SHOWN (4 * 1024)    /* bytes of one message on screen; each "Show more" doubles them (T068) */
#define FIRST_LINES 40            /* and lines (T069) */
#define MAX_DOUBLED 1             /* more than that holds the main loop when it is laid out: it gets a window of its own */
#define DOUBLED_KEY "flint-message-row-doubled"

struct _FlintMessageRow
{
  GtkBox        parent_instance;

  FlintMessage *message;
  gulong        handler;
  FlintPattern *pattern;         /* what is looked for, or NULL */
  gboolean      is_current;      /* the person is at this hit */
  GMenuModel   *message_menu;

  GtkWidget    *day_line;
  GtkWidget    *day_label;
  GtkWidget    *unread_line;
  GtkWidget    *system_line;
  GtkWidget    *system_label;
  GtkWidget    *message_box;
  GtkWidget    *avatar;
  GtkWidget    *gutter_time_label;
  GtkWidget    *head_box;
  GtkWidget    *sender_label;
  GtkWidget    *role_icon;       /* NULL: not needed yet */
  GtkWidget    *time_label;
  GtkWidget    *bubble;
  GtkWidget    *more_button;
  GtkWidget    *mark_icon;
  GtkWidget    *failure_box;
  GtkWidget    *failure_label;
};

enum {
  RETRY,
  DISCARD,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlintMessageRow, flint_message_row, GTK_TYPE_BOX)

static const struct
{
  const char *icon;
  const char *css_class;
  const char *label;
} marks[] = {
  [FLINT_MESSAGE_PENDING]   = { "flint-mark-pending-symbolic",   "pending",   N_("Waiting to be sent") },
  [FLINT_MESSAGE_SENT]      = { "flint-mark-sent-symbolic",      "sent",      N_("Sent") },
  [FLINT_MESSAGE_DELIVERED] = { "flint-mark-delivered-symbolic", "delivered", N_("Delivered") },
  [FLINT_MESSAGE_READ]      = { "flint-mark-read-symbolic",      "read",      N_("Read") },
  [FLINT_MESSAGE_FAILED]    = { "flint-mark-failed-symbolic",    "failed",    N_("Not delivered") },
};

/**
 * flint_message_row_describe_state:
 * @state: of an own message
 *
 * Returns: (transfer none) (nullable): it in a word or two
 */
const char *
flint_message_row_describe_state (FlintMessageState state)
{
  return marks[state].label != NULL ? _(marks[state].label) : NULL;
}

static void
set_class (GtkWidget  *widget,
           const char *name,
           gboolean    is_set)
{
  if (is_set)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

/* The mark stands behind the last message of each state, and behind every one that failed. */
static void
update_mark (FlintMessageRow *self)
{
  FlintMessageState state = flint_message_get_state (self->message);
  gboolean is_shown = state != FLINT_MESSAGE_RECEIVED &&
                      (state == FLINT_MESSAGE_FAILED || flint_message_shows_mark (self->message));

  gtk_widget_set_visible (self->mark_icon, is_shown);
  if (is_shown)
    {
      const char *classes[] = { "mark", marks[state].css_class, NULL };

      gtk_image_set_from_icon_name (GTK_IMAGE (self->mark_icon), marks[state].icon);
      gtk_widget_set_css_classes (self->mark_icon, classes);
      gtk_widget_set_tooltip_text (self->mark_icon, _(marks[state].label));
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->mark_icon), GTK_ACCESSIBLE_PROPERTY_LABEL, _(marks[state].label), -1);
    }
}

static void
update_failure (FlintMessageRow *self)
{
  gboolean has_failed = flint_message_get_state (self->message) == FLINT_MESSAGE_FAILED;
  const char *failure = flint_message_get_failure (self->message);
  g_autofree char *text = NULL;

  set_class (self->message_box, "failed", has_failed);
  gtk_widget_set_visible (self->failure_box, has_failed);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "message.retry", has_failed);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "message.delete", has_failed);
  if (!has_failed)
    return;

  text = failure != NULL ? g_strdup_printf (_("Not delivered. %s"), failure) : g_strdup (_("Not delivered."));
  gtk_label_set_label (GTK_LABEL (self->failure_label), text);
}

static void
update_lines (FlintMessageRow *self)
{
  gboolean starts_day = flint_message_starts_day (self->message);
  gboolean is_head = flint_message_starts_group (self->message);

  gtk_widget_set_visible (self->day_line, starts_day);
  gtk_widget_set_visible (self->unread_line, flint_message_is_first_unread (self->message));
  if (starts_day)
    {
      g_autofree char *day = flint_message_format_day (self->message);

      gtk_label_set_label (GTK_LABEL (self->day_label), day);
    }

  set_class (self->message_box, "head", is_head);
  gtk_widget_set_visible (self->avatar, is_head);
  gtk_widget_set_visible (self->gutter_time_label, !is_head);
  gtk_widget_set_visible (self->head_box, is_head);
}

static void
update (FlintMessageRow *self)
{
  if (flint_message_get_kind (self->message) == FLINT_MESSAGE_TEXT)
    {
      update_mark (self);
      update_failure (self);
    }
  update_lines (self);
}

static char *
keep_lines (const char *text,
            guint       max_lines,
            gboolean   *is_cut)
{
  const char *end = text;

  for (guint n = 0; n < max_lines; n++)
    {
      const char *next = strchr (end, '\n');

      if (next == NULL)
        return g_strdup (text);

      end = next + 1;
    }

  if (*end == '\0')
    return g_strdup (text);

  *is_cut = TRUE;

  return g_strndup (text, end - text - 1);
}

/* How far a message is unfolded stays with it: rows come and go */
static guint
get_n_doubled (FlintMessageRow *self)
{
  return GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (self->message), DOUBLED_KEY));
}

static char *
cut_doubled (const char *text,
             guint       n_doubled,
             gboolean   *is_cut)
{
  g_autofree char *whole = flint_text_for_body (text, FIRST_SHOWN << n_doubled, is_cut);

  return keep_lines (whole, FIRST_LINES << n_doubled, is_cut);
}

/* What of a message is on screen; (transfer full) */
static char *
cut (FlintMessageRow *self,
     const char      *text,
     gboolean        *is_cut)
{
  return cut_doubled (text, get_n_doubled (self), is_cut);
}

static void
double_shown (FlintMessageRow *self)
{
  g_object_set_data (G_OBJECT (self->message), DOUBLED_KEY, GUINT_TO_POINTER (get_n_doubled (self) + 1));
}

static gboolean
contains (const char   *text,
          FlintPattern *pattern)
{
  FlintScan scan = { 0 };

  return flint_pattern_scan (pattern, text, &scan, G_MAXUINT32) == FLINT_SCAN_FOUND;
}

/* What is looked for, if anything is */
static gboolean
is_found_in (FlintMessageRow *self,
             const char      *text)
{
  return self->pattern != NULL && contains (text, self->pattern);
}

/* "/me waves" is "Marta waves", in italics, still from Marta and nobody else (XEP-0245; T071). */
static void
fill_body (FlintMessageRow *self)
{
  const char *text = flint_message_get_text (self->message);
  g_autofree char *action = NULL;
  g_autofree char *shown = NULL;
  gboolean is_cut = FALSE;

  if (flint_message_is_action (self->message))
    text = action = g_strdup_printf ("%s %s", flint_message_get_sender (self->message), text);

  shown = cut (self, text, &is_cut);
  while (self->is_current && self->pattern != NULL && is_cut && get_n_doubled (self) < MAX_DOUBLED && !is_found_in (self, shown))
    {
      double_shown (self);
      g_free (shown);
      shown = cut (self, text, &is_cut);
    }

  gtk_widget_set_visible (self->more_button, is_cut);
  gtk_button_set_label (GTK_BUTTON (self->more_button),
                        get_n_doubled (self) < MAX_DOUBLED ? _("Show more of this message") : _("Show all"));
  flint_message_bubble_set_text (FLINT_MESSAGE_BUBBLE (self->bubble), shown, flint_message_is_action (self->message),
                                 self->pattern, self->is_current);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "message.open-link",
                                 flint_message_bubble_has_links (FLINT_MESSAGE_BUBBLE (self->bubble)));
}

/* In a room each name has its colour, the same as in other programs (XEP-0392) */
static void
update_name_color (FlintMessageRow *self)
{
  XmppJid *jid = self->message != NULL ? flint_message_get_sender_jid (self->message) : NULL;
  const char *nick = jid != NULL && !flint_message_is_own (self->message) ? xmpp_jid_get_resource (jid) : NULL;
  g_autoptr(PangoAttrList) attributes = NULL;
  gboolean is_dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  double rgb[3];

  if (nick != NULL)
    {
      attributes = pango_attr_list_new ();
      flint_name_color_get_rgb (nick, is_dark ? FLINT_NAME_COLOR_ON_DARK : FLINT_NAME_COLOR_ON_LIGHT, rgb);
      pango_attr_list_insert (attributes, pango_attr_foreground_new (rgb[0] * 65535, rgb[1] * 65535, rgb[2] * 65535));
    }

  gtk_label_set_attributes (GTK_LABEL (self->sender_label), attributes);
}

/* Asked when the pointer rests there: GTK asks the display server each time that a text is set */
static gboolean
on_query_role (GtkWidget       *icon,
               int              x,
               int              y,
               gboolean         is_keyboard,
               GtkTooltip      *tooltip,
               FlintMessageRow *self)
{
  if (self->message == NULL)
    return FALSE;

  gtk_tooltip_set_text (tooltip, flint_rank_get_label (flint_message_get_rank (self->message)));

  return TRUE;
}

/* Star, shield or ring beside the name, as among the occupants. Most rows never have one, so it is made when it is needed. */
static void
update_role (FlintMessageRow *self)
{
  FlintRank rank = flint_message_get_rank (self->message);

  if (rank != FLINT_RANK_NONE && self->role_icon == NULL)
    {
      self->role_icon = g_object_new (GTK_TYPE_IMAGE, "pixel-size", 12, "has-tooltip", TRUE, NULL);
      gtk_widget_add_css_class (self->role_icon, "role");
      g_signal_connect (self->role_icon, "query-tooltip", G_CALLBACK (on_query_role), self);
      gtk_box_insert_child_after (GTK_BOX (self->head_box), self->role_icon, self->sender_label);
    }

  if (self->role_icon == NULL)
    return;

  gtk_widget_set_visible (self->role_icon, rank != FLINT_RANK_NONE);
  if (rank != FLINT_RANK_NONE)
    {
      gtk_image_set_from_icon_name (GTK_IMAGE (self->role_icon), flint_rank_get_icon_name (rank));
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->role_icon), GTK_ACCESSIBLE_PROPERTY_LABEL, flint_rank_get_label (rank), -1);
    }
}

static void
fill (FlintMessageRow *self)
{
  gboolean is_system = flint_message_get_kind (self->message) == FLINT_MESSAGE_SYSTEM;
  gboolean is_own = flint_message_is_own (self->message);
  const char *sender = flint_message_get_sender (self->message);
  g_autofree char *time = NULL;

  gtk_widget_set_visible (self->system_line, is_system);
  gtk_widget_set_visible (self->message_box, !is_system);
  if (is_system)
    {
      gtk_label_set_label (GTK_LABEL (self->system_label), flint_message_get_body (self->message));
      return;
    }

  time = flint_message_format_time (self->message);
  adw_avatar_set_text (ADW_AVATAR (self->avatar), sender);
  gtk_label_set_label (GTK_LABEL (self->sender_label), sender);
  update_name_color (self);
  update_role (self);
  gtk_label_set_label (GTK_LABEL (self->time_label), time);
  gtk_label_set_label (GTK_LABEL (self->gutter_time_label), time);
  set_class (self->message_box, "own", is_own);
  set_class (self->message_box, "mention", flint_message_is_mention (self->message));
  fill_body (self);
}

/**
 * flint_message_row_set_message:
 * @message: (nullable): what to show
 */
void
flint_message_row_set_message (FlintMessageRow *self,
                               FlintMessage    *message)
{
  g_return_if_fail (FLINT_IS_MESSAGE_ROW (self));

  if (self->message != NULL)
    g_clear_signal_handler (&self->handler, self->message);

  g_set_object (&self->message, message);
  if (message == NULL)
    return;

  self->handler = g_signal_connect_swapped (message, "notify", G_CALLBACK (update), self);
  fill (self);
  update (self);
}

/* A list binds hundreds of rows, and each that is filled anew is laid out anew: only those where marks come or go */
static gboolean
needs_marks (FlintMessageRow *self)
{
  return self->message != NULL && flint_message_get_kind (self->message) == FLINT_MESSAGE_TEXT &&
         (flint_message_bubble_has_hits (FLINT_MESSAGE_BUBBLE (self->bubble)) || self->is_current ||
          is_found_in (self, flint_message_get_text (self->message)));
}

/**
 * flint_message_row_set_found:
 * @pattern: (nullable): what is looked for, to be marked in the message; %NULL: nothing is
 * @is_current: whether the person is at this message of those that were found
 */
void
flint_message_row_set_found (FlintMessageRow *self,
                             FlintPattern    *pattern,
                             gboolean         is_current)
{
  g_return_if_fail (FLINT_IS_MESSAGE_ROW (self));

  if (self->pattern == pattern && self->is_current == is_current)
    return;

  if (pattern != NULL)
    flint_pattern_ref (pattern);
  g_clear_pointer (&self->pattern, flint_pattern_unref);
  self->pattern = pattern;
  self->is_current = is_current;
  set_class (self->message_box, "found", is_current);
  if (needs_marks (self))
    fill_body (self);
}

FlintMessage *
flint_message_row_get_message (FlintMessageRow *self)
{
  g_return_val_if_fail (FLINT_IS_MESSAGE_ROW (self), NULL);

  return self->message;
}

/**
 * flint_message_row_get_box:
 *
 * Returns: (transfer none): the message itself, without the lines above it
 */
GtkWidget *
flint_message_row_get_box (FlintMessageRow *self)
{
  g_return_val_if_fail (FLINT_IS_MESSAGE_ROW (self), NULL);

  return self->message_box;
}

/**
 * flint_message_row_can_show:
 * @message: one in which @pattern was found
 * @pattern: what is looked for
 *
 * Returns: whether it is in what a row shows of it at most
 */
gboolean
flint_message_row_can_show (FlintMessage *message,
                            FlintPattern *pattern)
{
  gboolean is_cut = FALSE;
  g_autofree char *shown = cut_doubled (flint_message_get_text (message), MAX_DOUBLED, &is_cut);

  return !is_cut || contains (shown, pattern);
}

/**
 * flint_message_row_show_all:
 * @parent: a widget in the window that asks
 * @message: a long one
 * @pattern: (nullable): what is looked for: when it is in @message, the window begins there
 *
 * Shows all of a message in a window of its own.
 */
void
flint_message_row_show_all (GtkWidget    *parent,
                            FlintMessage *message,
                            FlintPattern *pattern)
{
  g_autofree char *title = g_strdup_printf (_("Message from %s"), flint_message_get_sender (message));
  GtkWindow *window = flint_whole_text_window_new (GTK_WINDOW (gtk_widget_get_root (parent)), title, flint_message_get_body (message));

  if (pattern != NULL && contains (flint_message_get_text (message), pattern))
    flint_whole_text_window_search (FLINT_WHOLE_TEXT_WINDOW (window), flint_pattern_get_words (pattern));
  gtk_window_present (window);
}

static void
on_copy (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  FlintMessageRow *self = FLINT_MESSAGE_ROW (widget);
  g_autofree char *text = flint_text_for_copy (flint_message_get_body (self->message));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

/* For who has no mouse: a link in a label cannot have the focus */
static void
on_open_link (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  flint_message_bubble_open_link (FLINT_MESSAGE_BUBBLE (FLINT_MESSAGE_ROW (widget)->bubble));
}

static void
on_more (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  FlintMessageRow *self = FLINT_MESSAGE_ROW (widget);

  if (get_n_doubled (self) == MAX_DOUBLED)
    {
      flint_message_row_show_all (widget, self->message, self->pattern);
      return;
    }

  double_shown (self);
  fill_body (self);
}

static void
on_retry (GtkWidget  *widget,
          const char *action,
          GVariant   *parameter)
{
  g_signal_emit (widget, signals[RETRY], 0, FLINT_MESSAGE_ROW (widget)->message);
}

static void
on_delete (GtkWidget  *widget,
           const char *action,
           GVariant   *parameter)
{
  g_signal_emit (widget, signals[DISCARD], 0, FLINT_MESSAGE_ROW (widget)->message);
}

static void
flint_message_row_dispose (GObject *object)
{
  flint_message_row_set_message (FLINT_MESSAGE_ROW (object), NULL);
  g_clear_pointer (&FLINT_MESSAGE_ROW (object)->pattern, flint_pattern_unref);

  G_OBJECT_CLASS (flint_message_row_parent_class)->dispose (object);
}

static void
flint_message_row_class_init (FlintMessageRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flint_message_row_dispose;

  g_type_ensure (FLINT_TYPE_FOLD_BOX);
  g_type_ensure (FLINT_TYPE_MESSAGE_BUBBLE);

  signals[RETRY] = g_signal_new ("retry", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, FLINT_TYPE_MESSAGE);
  signals[DISCARD] = g_signal_new ("discard", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, FLINT_TYPE_MESSAGE);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/message-row.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintMessageRow, message_menu);
  gtk_widget_class_bind_template_child (widget_class, FlintMessageRow, day_line);
  gtk_widget_class_bind_template_child (widget_class, FlintMessageRow, day_label);
  gtk_widget_class_bind_template_child (widget_class, FlintMessageRow, unread_line);
  gtk_widget_class_bind_template_child (widget_class, FlintMessageRow, system_line);
  gtk_widget_class_bind_template_child (widget_class, FlintMessageRow, system_label);
  gtk_widget_class_bind_template_child (widget_class, FlintMessageRow, message_box);
  gtk_widget_class_bind_template_child (widget_class, FlintMessageRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, FlintMessageRow, gutter_time_label);
  gtk_widget_class_bind_template_child (widget_class, FlintMessageRow, head_box);
  gtk_widget_class_bind_template_child (widget_class, FlintMessageRow, sender_label);
  gtk_widget_class_bind_template_child (widget_class, FlintMessageRow, time_label);
  gtk_widget_class_bind_template_child (widget_class, FlintMessageRow, bubble);
  gtk_widget_class_bind_template_child (widget_class, FlintMessageRow, more_button);
  gtk_widget_class_bind_template_child (widget_class, FlintMessageRow, mark_icon);
  gtk_widget_class_bind_template_child (widget_class, FlintMessageRow, failure_box);
  gtk_widget_class_bind_template_child (widget_class, FlintMessageRow, failure_label);

  gtk_widget_class_install_action (widget_class, "message.copy", NULL, on_copy);
  gtk_widget_class_install_action (widget_class, "message.open-link", NULL, on_open_link);
  gtk_widget_class_install_action (widget_class, "message.more", NULL, on_more);
  gtk_widget_class_install_action (widget_class, "message.retry", NULL, on_retry);
  gtk_widget_class_install_action (widget_class, "message.delete", NULL, on_delete);
}

static void
flint_message_row_init (FlintMessageRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (update_name_color), self, G_CONNECT_SWAPPED);
  flint_message_bubble_set_menu (FLINT_MESSAGE_BUBBLE (self->bubble), self->message_menu);
}

GtkWidget *
flint_message_row_new (void)
{
  return g_object_new (FLINT_TYPE_MESSAGE_ROW, NULL);
}
