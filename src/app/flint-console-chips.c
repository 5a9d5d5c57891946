/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-console-chips.h"

#include <glib/gi18n.h>

typedef enum
{
  CHIP_DIRECTION,
  CHIP_KIND,
  CHIP_ERROR,
} ChipGroup;

#define KIND(kind) (1u << CONSOLE_##kind)

static const struct
{
  ChipGroup   group;
  guint       bits;
  const char *label;
  const char *icon;
} chip_table[] = {
  { CHIP_DIRECTION, 1u << XMPP_RECEIVED, N_("In"),       "flint-in-symbolic" },
  { CHIP_DIRECTION, 1u << XMPP_SENT,     N_("Out"),      "flint-out-symbolic" },
  { CHIP_KIND,      KIND (MESSAGE),      N_("Messages"), "flint-message-symbolic" },
  { CHIP_KIND,      KIND (PRESENCE),     N_("Presence"), "flint-presence-symbolic" },
  { CHIP_KIND,      KIND (IQ),           N_("IQ"),       "flint-iq-symbolic" },
  { CHIP_KIND,      KIND (STREAM) | KIND (SM) | KIND (NONZA), N_("Stream"), "flint-stream-symbolic" },
  { CHIP_KIND,      KIND (SASL),         N_("SASL"),     "flint-sasl-symbolic" },
  { CHIP_KIND,      KIND (EVENT),        N_("Events"),   "flint-event-symbolic" },
  { CHIP_ERROR,     1,                   N_("Errors"),   "flint-fail-symbolic" },
};

#define N_CHIPS G_N_ELEMENTS (chip_table)

struct _FlintConsoleChips
{
  GtkBox     parent_instance;

  GtkWidget *buttons[N_CHIPS];
  GtkWidget *counts[N_CHIPS];
  gboolean   is_clearing;      /* all at once */
};

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlintConsoleChips, flint_console_chips, GTK_TYPE_BOX)

static guint
count_chip (const ConsoleCounts *counts,
            guint                chip)
{
  guint n = 0;

  switch (chip_table[chip].group)
    {
    case CHIP_DIRECTION:
      return counts->directions[chip_table[chip].bits == 1u << XMPP_SENT ? XMPP_SENT : XMPP_RECEIVED];

    case CHIP_KIND:
      for (guint kind = 0; kind < CONSOLE_N_KINDS; kind++)
        n += (chip_table[chip].bits & (1u << kind)) != 0 ? counts->kinds[kind] : 0;
      return n;

    case CHIP_ERROR:
      return counts->errors;

    default:
      g_return_val_if_reached (0);
    }
}

/**
 * flint_console_chips_set_counts:
 * @counts: of the entries that there are to filter
 */
void
flint_console_chips_set_counts (FlintConsoleChips   *self,
                                const ConsoleCounts *counts)
{
  g_return_if_fail (FLINT_IS_CONSOLE_CHIPS (self));

  for (guint i = 0; i < N_CHIPS; i++)
    {
      g_autofree char *count = g_strdup_printf ("%u", count_chip (counts, i));

      gtk_label_set_label (GTK_LABEL (self->counts[i]), count);
    }
}

/**
 * flint_console_chips_fill:
 * @criteria: gets kinds, directions and errors, as the chips say
 */
void
flint_console_chips_fill (FlintConsoleChips *self,
                          ConsoleCriteria   *criteria)
{
  g_return_if_fail (FLINT_IS_CONSOLE_CHIPS (self));

  for (guint i = 0; i < N_CHIPS; i++)
    {
      if (!gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->buttons[i])))
        continue;

      switch (chip_table[i].group)
        {
        case CHIP_DIRECTION:
          criteria->directions |= chip_table[i].bits;
          break;

        case CHIP_KIND:
          criteria->kinds |= chip_table[i].bits;
          break;

        case CHIP_ERROR:
          criteria->only_errors = TRUE;
          break;

        default:
          break;
        }
    }
}

/**
 * flint_console_chips_clear:
 *
 * Lets everything through again; "changed" is not emitted.
 */
void
flint_console_chips_clear (FlintConsoleChips *self)
{
  g_return_if_fail (FLINT_IS_CONSOLE_CHIPS (self));

  self->is_clearing = TRUE;
  for (guint i = 0; i < N_CHIPS; i++)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->buttons[i]), FALSE);
  self->is_clearing = FALSE;
}

static void
on_toggled (FlintConsoleChips *self)
{
  if (!self->is_clearing)
    g_signal_emit (self, signals[CHANGED], 0);
}

static GtkWidget *
chip_new (FlintConsoleChips *self,
          guint              i)
{
  GtkWidget *button = gtk_toggle_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 5);
  GtkWidget *count = gtk_label_new ("0");

  gtk_widget_add_css_class (count, "count");
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (chip_table[i].icon));
  gtk_box_append (GTK_BOX (box), gtk_label_new (_(chip_table[i].label)));
  gtk_box_append (GTK_BOX (box), count);

  gtk_widget_add_css_class (button, "chip");
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _(chip_table[i].label), -1);
  g_signal_connect_swapped (button, "toggled", G_CALLBACK (on_toggled), self);

  self->buttons[i] = button;
  self->counts[i] = count;

  return button;
}

static void
flint_console_chips_class_init (FlintConsoleChipsClass *klass)
{
  signals[CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
flint_console_chips_init (FlintConsoleChips *self)
{
  gtk_box_set_spacing (GTK_BOX (self), 4);
  gtk_widget_add_css_class (GTK_WIDGET (self), "chips");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Usual filters"), -1);

  for (guint i = 0; i < N_CHIPS; i++)
    {
      if (i > 0 && chip_table[i].group != chip_table[i - 1].group)
        gtk_box_append (GTK_BOX (self), gtk_separator_new (GTK_ORIENTATION_VERTICAL));

      gtk_box_append (GTK_BOX (self), chip_new (self, i));
    }
}
