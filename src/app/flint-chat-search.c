/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-chat-search.h"

#include "flint-message-row.h"
#include "flint-search-bar.h"

struct _FlintChatSearch
{
  AdwBin               parent_instance;

  FlintTimeline       *timeline;
  FlintTimelineSearch *search;

  GtkWidget           *bar;
  GtkWidget           *deep_revealer;
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

/* (transfer full) (nullable): the message where the person is */
static FlintMessage *
get_current (FlintChatSearch *self)
{
  guint position;

  if (!flint_timeline_search_get_current (self->search, &position))
    return NULL;

  return g_list_model_get_item (G_LIST_MODEL (self->timeline), position);
}

/* What is too far down in a long message is in none of its rows: there has to be another way to it */
static void
update_deep (FlintChatSearch *self)
{
  g_autoptr(FlintMessage) message = get_current (self);

  gtk_revealer_set_reveal_child (GTK_REVEALER (self->deep_revealer), message != NULL &&
                                 !flint_message_row_can_show (message, flint_timeline_search_get_pattern (self->search)));
}

static void
on_show_all (FlintChatSearch *self)
{
  g_autoptr(FlintMessage) message = get_current (self);

  if (message != NULL)
    flint_message_row_show_all (GTK_WIDGET (self), message, flint_timeline_search_get_pattern (self->search));
}

static void
on_changed (FlintChatSearch *self)
{
  flint_search_bar_set_found (FLINT_SEARCH_BAR (self->bar), flint_timeline_search_get_pattern (self->search),
                              flint_timeline_search_get_number (self->search),
                              flint_timeline_search_get_n_hits (self->search),
                              flint_timeline_search_is_running (self->search));
  update_deep (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_words (FlintChatSearch *self,
          const char      *words)
{
  flint_timeline_search_set_words (self->search, words);
}

static void
on_step (FlintChatSearch *self,
         gboolean         is_later)
{
  flint_timeline_search_step (self->search, is_later);
}

static void
on_open (FlintChatSearch *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_OPEN]);
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

  flint_search_bar_step (FLINT_SEARCH_BAR (self->bar), is_later);
}

gboolean
flint_chat_search_is_open (FlintChatSearch *self)
{
  g_return_val_if_fail (FLINT_IS_CHAT_SEARCH (self), FALSE);

  return flint_search_bar_is_open (FLINT_SEARCH_BAR (self->bar));
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

  flint_search_bar_open (FLINT_SEARCH_BAR (self->bar));
}

void
flint_chat_search_close (FlintChatSearch *self)
{
  g_return_if_fail (FLINT_IS_CHAT_SEARCH (self));

  flint_search_bar_close (FLINT_SEARCH_BAR (self->bar));
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

  self->timeline = g_object_ref (timeline);
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
  g_clear_object (&FLINT_CHAT_SEARCH (object)->timeline);

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

  g_type_ensure (FLINT_TYPE_SEARCH_BAR);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/chat-search.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintChatSearch, bar);
  gtk_widget_class_bind_template_child (widget_class, FlintChatSearch, deep_revealer);
  gtk_widget_class_bind_template_callback (widget_class, on_open);
  gtk_widget_class_bind_template_callback (widget_class, on_words);
  gtk_widget_class_bind_template_callback (widget_class, on_step);
  gtk_widget_class_bind_template_callback (widget_class, on_show_all);
}

static void
flint_chat_search_init (FlintChatSearch *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
