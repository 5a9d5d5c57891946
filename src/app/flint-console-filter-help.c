/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-console-filter-help.h"

#include <glib/gi18n.h>

static const struct
{
  const char *example;
  const char *words;
} lines[] = {
  { "hello",                      N_("This word, anywhere in the XML or the summary") },
  { "\"hello world\"",            N_("Just these words") },
  { "dir:in",                     N_("Received; dir:out: sent") },
  { "kind:iq",                    N_("Also message, presence, stream, sasl, sm, nonza, event") },
  { "type:error",                 N_("The type of a stanza") },
  { "from:*@conference.*",        N_("The sender; to: the receiver; with: either of them") },
  { "id:a1*",                     N_("The id of a stanza") },
  { "ns:urn:xmpp:ping",           N_("A namespace anywhere in it; name: an element") },
  { "body:hello",                 N_("What somebody wrote") },
  { "error:forbidden",            N_("The condition of an error") },
  { "account:john@example.org",   N_("Whose connection it crossed") },
  { "size>2k",                    N_("Bytes; n>500: the number of the entry") },
  { "injected",                   N_("Sent by hand; redacted: a secret was taken out") },
  { "not (kind:presence or dir:out)", N_("Words side by side must all hold; or, not and parentheses join them") },
};

struct _FlintConsoleFilterHelp
{
  GtkPopover  parent_instance;

  GtkWidget  *examples;
};

enum {
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlintConsoleFilterHelp, flint_console_filter_help, GTK_TYPE_POPOVER)

static void
on_row_activated (FlintConsoleFilterHelp *self,
                  GtkListBoxRow          *row)
{
  gtk_popover_popdown (GTK_POPOVER (self));
  g_signal_emit (self, signals[CHOSEN], 0, lines[gtk_list_box_row_get_index (row)].example);
}

static GtkWidget *
row_new (guint i)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *example = gtk_label_new (lines[i].example);
  GtkWidget *words = gtk_label_new (_(lines[i].words));

  gtk_label_set_xalign (GTK_LABEL (example), 0);
  gtk_widget_add_css_class (example, "monospace");
  gtk_label_set_xalign (GTK_LABEL (words), 0);
  gtk_label_set_wrap (GTK_LABEL (words), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (words), 40);
  gtk_widget_add_css_class (words, "dim-label");
  gtk_widget_add_css_class (words, "caption");
  gtk_box_append (GTK_BOX (box), example);
  gtk_box_append (GTK_BOX (box), words);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);

  return row;
}

static void
flint_console_filter_help_class_init (FlintConsoleFilterHelpClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[CHOSEN] =
    g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/flint/Flint/ui/console-filter-help.ui");
  gtk_widget_class_bind_template_child (widget_class, FlintConsoleFilterHelp, examples);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
}

static void
flint_console_filter_help_init (FlintConsoleFilterHelp *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    gtk_list_box_append (GTK_LIST_BOX (self->examples), row_new (i));
}
