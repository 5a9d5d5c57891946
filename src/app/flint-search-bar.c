/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-search-bar.h"

#include <glib/gi18n.h>

struct _FlintSearchBar
{
  AdwBin        parent_instance;

  FlintPattern *pattern;     /* what is looked for now, or NULL */
  gboolean      goes_up;

  GtkWidget    *bar;
  GtkWidget    *entry;
  GtkWidget    *count_label;
  GtkWidget    *earlier_button;
  GtkWidget    *later_button;
};

enum {
  PROP_0,
  PROP_PLACEHOLDER_TEXT,
  PROP_GOES_UP,
  PROP_IS_OPEN,
  N_PROPS
};

enum {
  WORDS,
  STEP,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlintSearchBar, flint_search_bar, ADW_TYPE_BIN)

/* The entry tells of a change a little later, and by then it may be known: Enter is about what stands there now */
static gboolean
take_words (FlintSearchBar *self)
{
  const char *words = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  g_autoptr(FlintPattern) pattern = flint_pattern_new (words);

  if (!flint_search_bar_is_open (self) ||
      (pattern == NULL && self->pattern == NULL) ||
      (pattern != NULL && self->pattern != NULL && flint_pattern_equal (pattern, self->pattern)))
    return FALSE;

  g_signal_emit (self, signals[WORDS], 0, words);

  return TRUE;
}

/**
 * flint_search_bar_step:
 * @is_later: to what is below
 *
 * Goes to the next place; what has just been typed is looked for first.
 */
void
flint_search_bar_step (FlintSearchBar *self,
                       gboolean        is_later)
{
  g_return_if_fail (FLINT_IS_SEARCH_BAR (self));

  if (!take_words (self))
    g_signal_emit (self, signals[STEP], 0, is_later);
}

static void
on_earlier (FlintSearchBar *self)
{
  flint_search_bar_step (self, FALSE);
}

static void
on_later (FlintSearchBar *self)
{
  flint_search_bar_step (self, TRUE);
}

static void
on_onward (FlintSearchBar *self)
{
  flint_search_bar_step (self, !self->goes_up);
}

static void
on_back (FlintSearchBar *self)
{
  flint_search_bar_step (self, self->goes_up);
}

/* Behind the entry's own: an input method has had its turn */
static gboolean
on_key (GtkEventControllerKey *controller,
        guint                  keyval,
        guint                  keycode,
        GdkModifierType        state,
        FlintSearchBar        *self)
{
  gboolean is_enter = keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter || keyval == GDK_KEY_ISO_Enter;

  if (!is_enter || (state & gtk_accelerator_get_default_mod_mask ()) != GDK_SHIFT_MASK)
    return GDK_EVENT_PROPAGATE;

  on_back (self);

  return GDK_EVENT_STOP;
}

static void
on_mode (FlintSearchBar *self)
{
  if (!flint_search_bar_is_open (self))
    g_signal_emit (self, signals[WORDS], 0, NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_OPEN]);
}

gboolean
flint_search_bar_is_open (FlintSearchBar *self)
{
  g_return_val_if_fail (FLINT_IS_SEARCH_BAR (self), FALSE);

  return gtk_search_bar_get_search_mode (GTK_SEARCH_BAR (self->bar));
}

/**
 * flint_search_bar_open:
 *
 * Shows the bar, and lets the person type in it; what was looked for before can be typed over.
 */
void
flint_search_bar_open (FlintSearchBar *self)
{
  g_return_if_fail (FLINT_IS_SEARCH_BAR (self));

  gtk_search_bar_set_search_mode (GTK_SEARCH_BAR (self->bar), TRUE);
  gtk_widget_grab_focus (self->entry);
  gtk_editable_select_region (GTK_EDITABLE (self->entry), 0, -1);
  take_words (self);
}

/**
 * flint_search_bar_open_with:
 * @words: what to look for
 *
 * The same, with these words in it.
 */
void
flint_search_bar_open_with (FlintSearchBar *self,
                            const char     *words)
{
  g_return_if_fail (FLINT_IS_SEARCH_BAR (self));

  gtk_editable_set_text (GTK_EDITABLE (self->entry), words);
  flint_search_bar_open (self);
}

void
flint_search_bar_close (FlintSearchBar *self)
{
  g_return_if_fail (FLINT_IS_SEARCH_BAR (self));

  gtk_search_bar_set_search_mode (GTK_SEARCH_BAR (self->bar), FALSE);
}

static char *
describe (FlintPattern *pattern,
          guint         number,
          guint         n_hits,
          gboolean      is_running)
{
  if (pattern == NULL)
    return g_strdup ("");
  if (n_hits > 0)
    /* Translators: which of the places that were found is shown, and how many there are */
    return g_strdup_printf (_("%u of %u"), number, n_hits);

  return g_strdup (is_running ? _("Searching…") : _("Not found"));
}

/**
 * flint_search_bar_set_found:
 * @pattern: (nullable): what is looked for
 * @number: at which place the person is, counted from 1
 * @n_hits: how many there are so far
 * @is_running: whether there may be more
 *
 * Says what came of the words.
 */
void
flint_search_bar_set_found (FlintSearchBar *self,
                            FlintPattern   *pattern,
                            guint           number,
                            guint           n_hits,
                            gboolean        is_running)
{
  g_autofree char *count = NULL;

  g_return_if_fail (FLINT_IS_SEARCH_BAR (self));

  if (pattern != NULL)
    flint_pattern_ref (pattern);
  g_clear_pointer (&self->pattern, flint_pattern_unref);
  self->pattern = pattern;

  count = describe (pattern, number, n_hits, is_running);
  gtk_label_set_label (GTK_LABEL (self->count_label), count);
  /* who does not see the count hears it with the field */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, count, -1);
  gtk_widget_set_sensitive (self->earlier_button, n_hits > 0);
  gtk_widget_set_sensitive (self->later_button, n_hits > 0);
  if (pattern != NULL && n_hits == 0 && !is_running)
    gtk_widget_add_css_class (self->entry, "error");
  else
    gtk_widget_remove_css_class (self->entry, "error");
}

static void
set_placeholder (FlintSearchBar *self,
                 const char     *text)
{
  g_object_set (self->entry, "placeholder-text", text, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
flint_search_bar_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  FlintSearchBar *self = FLINT_SEARCH_BAR (object);

  switch (prop_id)
    {
    case PROP_GOES_UP:
      g_value_set_boolean (value, self->goes_up);
      break;

    case PROP_IS_OPEN:
      g_value_set_boolean (value, flint_search_bar_is_open (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
flint_search_bar_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  FlintSearchBar *self = FLINT_SEARCH_BAR (object);

  switch (prop_id)
    {
    case PROP_PLACEHOLDER_TEXT:
      set_placeholder (self, g_value_get_string (value));
      break;

    case PROP_GOES_UP:
      self->goes_up = g_value_get_boolean (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
flint_search_bar_finalize (GObject *object)
{
  g_clear_pointer (&FLINT_SEARCH_BAR (object)->pattern, flint_pattern_unref);

  G_OBJECT_CLASS (flint_search_bar_parent_class)->finalize (object);
}

static void
flint_search_bar_class_init (FlintSearchBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = flint_search_bar_get_property;
  object_class->set_property = flint_search_bar_set_property;
  object_class->finalize = flint_search_bar_finalize;

  properties[PROP_PLACEHOLDER_TEXT] =
    g_param_spec_string ("placeholder-text", NULL, NULL, NULL, (G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS));
  properties[PROP_GOES_UP] =
    g_param_spec_boolean ("goes-up", NULL, NULL, FALSE, (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  properties[PROP_IS_OPEN] =
    g_param_spec_boolean ("is-open", NULL, NULL, FALSE, (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * FlintSearchBar::words:
   * @words: (nullable): what to look for; %NULL: nothing any more
   */
  signals[WORDS] = g_signal_new ("words", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
  /**
   * FlintSearchBar::step:
   * @is_later: whether to the next place below, or above
   */
  signals[STEP] = g_signal_new ("step", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_BOOLEAN);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/search-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintSearchBar, bar);
  gtk_widget_class_bind_template_child (widget_class, FlintSearchBar, entry);
  gtk_widget_class_bind_template_child (widget_class, FlintSearchBar, count_label);
  gtk_widget_class_bind_template_child (widget_class, FlintSearchBar, earlier_button);
  gtk_widget_class_bind_template_child (widget_class, FlintSearchBar, later_button);
  gtk_widget_class_bind_template_callback (widget_class, on_mode);
  gtk_widget_class_bind_template_callback (widget_class, take_words);
  gtk_widget_class_bind_template_callback (widget_class, on_earlier);
  gtk_widget_class_bind_template_callback (widget_class, on_later);
  gtk_widget_class_bind_template_callback (widget_class, on_onward);
  gtk_widget_class_bind_template_callback (widget_class, on_back);
  gtk_widget_class_bind_template_callback (widget_class, on_key);
  gtk_widget_class_bind_template_callback (widget_class, flint_search_bar_close);
}

static void
flint_search_bar_init (FlintSearchBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (GTK_SEARCH_BAR (self->bar), GTK_EDITABLE (self->entry));
  flint_search_bar_set_found (self, NULL, 0, 0, FALSE);
}
