/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-chat-search.h"

#include <glib/gi18n.h>

struct _FlintChatSearch
{
  AdwBin               parent_instance;

  FlintTimelineSearch *search;

  GtkWidget           *bar;
  GtkWidget           *entry;
  GtkWidget           *count_label;
  GtkWidget           *earlier_button;
  GtkWidget           *later_button;
};

enum {
  PROP_0,
  PROP_IS_OPEN,
  N_PROPS
};

enum {
  CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlintChatSearch, flint_chat_search, ADW_TYPE_BIN)

static char *
describe (FlintChatSearch *self)
{
  guint n_hits = flint_timeline_search_get_n_hits (self->search);

  if (flint_timeline_search_get_pattern (self->search) == NULL)
    return g_strdup ("");
  if (n_hits > 0)
    /* Translators: which of the messages that were found is shown, and how many there are */
    return g_strdup_printf (_("%u of %u"), flint_timeline_search_get_number (self->search), n_hits);

  return g_strdup (flint_timeline_search_is_running (self->search) ? _("Searching…") : _("Not found"));
}

static void
on_changed (FlintChatSearch *self)
{
  g_autofree char *count = describe (self);
  gboolean has_hits = flint_timeline_search_get_n_hits (self->search) > 0;
  gboolean is_vain = !has_hits && flint_timeline_search_get_pattern (self->search) != NULL &&
                     !flint_timeline_search_is_running (self->search);

  gtk_label_set_label (GTK_LABEL (self->count_label), count);
  /* who does not see the count hears it with the field */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, count, -1);
  gtk_widget_set_sensitive (self->earlier_button, has_hits);
  gtk_widget_set_sensitive (self->later_button, has_hits);
  if (is_vain)
    gtk_widget_add_css_class (self->entry, "error");
  else
    gtk_widget_remove_css_class (self->entry, "error");

  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_words (FlintChatSearch *self)
{
  flint_timeline_search_set_words (self->search, gtk_editable_get_text (GTK_EDITABLE (self->entry)));
}

/* The entry tells of a change a little later: Enter is about what stands there now */
static gboolean
take_words (FlintChatSearch *self)
{
  g_autoptr(FlintPattern) pattern = flint_pattern_new (gtk_editable_get_text (GTK_EDITABLE (self->entry)));
  FlintPattern *known = flint_timeline_search_get_pattern (self->search);

  if ((pattern == NULL && known == NULL) || (pattern != NULL && known != NULL && flint_pattern_equal (pattern, known)))
    return FALSE;

  on_words (self);

  return TRUE;
}

/**
 * flint_chat_search_step:
 * @is_later: towards the newest message
 *
 * Goes to the next hit; what has just been typed is looked for first.
 */
void
flint_chat_search_step (FlintChatSearch *self,
                        gboolean         is_later)
{
  g_return_if_fail (FLINT_IS_CHAT_SEARCH (self));

  if (!take_words (self))
    flint_timeline_search_step (self->search, is_later);
}

static void
on_earlier (FlintChatSearch *self)
{
  flint_chat_search_step (self, FALSE);
}

static void
on_later (FlintChatSearch *self)
{
  flint_chat_search_step (self, TRUE);
}

/* Behind the entry's own: an input method has had its turn */
static gboolean
on_key (GtkEventControllerKey *controller,
        guint                  keyval,
        guint                  keycode,
        GdkModifierType        state,
        FlintChatSearch       *self)
{
  gboolean is_enter = keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter || keyval == GDK_KEY_ISO_Enter;

  if (!is_enter || (state & gtk_accelerator_get_default_mod_mask ()) != GDK_SHIFT_MASK)
    return GDK_EVENT_PROPAGATE;

  on_later (self);

  return GDK_EVENT_STOP;
}

static void
on_mode (FlintChatSearch *self)
{
  if (!flint_chat_search_is_open (self))
    flint_timeline_search_set_words (self->search, NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_OPEN]);
}

gboolean
flint_chat_search_is_open (FlintChatSearch *self)
{
  g_return_val_if_fail (FLINT_IS_CHAT_SEARCH (self), FALSE);

  return gtk_search_bar_get_search_mode (GTK_SEARCH_BAR (self->bar));
}

/**
 * flint_chat_search_open:
 *
 * Shows the bar, and lets the person type in it; what was looked for before can be typed over.
 */
void
flint_chat_search_open (FlintChatSearch *self)
{
  g_return_if_fail (FLINT_IS_CHAT_SEARCH (self));

  gtk_search_bar_set_search_mode (GTK_SEARCH_BAR (self->bar), TRUE);
  gtk_widget_grab_focus (self->entry);
  gtk_editable_select_region (GTK_EDITABLE (self->entry), 0, -1);
  take_words (self);
}

void
flint_chat_search_close (FlintChatSearch *self)
{
  g_return_if_fail (FLINT_IS_CHAT_SEARCH (self));

  gtk_search_bar_set_search_mode (GTK_SEARCH_BAR (self->bar), FALSE);
}

/**
 * flint_chat_search_get_search:
 *
 * Returns: (transfer none): what is looked for, and what was found
 */
FlintTimelineSearch *
flint_chat_search_get_search (FlintChatSearch *self)
{
  g_return_val_if_fail (FLINT_IS_CHAT_SEARCH (self), NULL);

  return self->search;
}

/**
 * flint_chat_search_set_timeline:
 *
 * Says where to look; to be called once.
 */
void
flint_chat_search_set_timeline (FlintChatSearch *self,
                                FlintTimeline   *timeline)
{
  g_return_if_fail (FLINT_IS_CHAT_SEARCH (self));
  g_return_if_fail (self->search == NULL);

  self->search = flint_timeline_search_new (timeline);
  g_signal_connect_object (self->search, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  on_changed (self);
}

static void
flint_chat_search_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_IS_OPEN:
      g_value_set_boolean (value, flint_chat_search_is_open (FLINT_CHAT_SEARCH (object)));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
flint_chat_search_dispose (GObject *object)
{
  g_clear_object (&FLINT_CHAT_SEARCH (object)->search);

  G_OBJECT_CLASS (flint_chat_search_parent_class)->dispose (object);
}

static void
flint_chat_search_class_init (FlintChatSearchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = flint_chat_search_get_property;
  object_class->dispose = flint_chat_search_dispose;

  properties[PROP_IS_OPEN] =
    g_param_spec_boolean ("is-open", NULL, NULL, FALSE, (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * FlintChatSearch::changed:
   *
   * Something else was found, or the person is at another hit.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/chat-search.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintChatSearch, bar);
  gtk_widget_class_bind_template_child (widget_class, FlintChatSearch, entry);
  gtk_widget_class_bind_template_child (widget_class, FlintChatSearch, count_label);
  gtk_widget_class_bind_template_child (widget_class, FlintChatSearch, earlier_button);
  gtk_widget_class_bind_template_child (widget_class, FlintChatSearch, later_button);
  gtk_widget_class_bind_template_callback (widget_class, on_mode);
  gtk_widget_class_bind_template_callback (widget_class, on_words);
  gtk_widget_class_bind_template_callback (widget_class, on_earlier);
  gtk_widget_class_bind_template_callback (widget_class, on_later);
  gtk_widget_class_bind_template_callback (widget_class, on_key);
  gtk_widget_class_bind_template_callback (widget_class, flint_chat_search_close);
}

static void
flint_chat_search_init (FlintChatSearch *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (GTK_SEARCH_BAR (self->bar), GTK_EDITABLE (self->entry));
}
