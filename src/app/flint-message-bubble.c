/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-message-bubble.h"

#include "flint-link-label.h"
#include "flint-quotes.h"
#include "flint-text.h"

#include <glib/gi18n.h>

#define MAX_MARKED 200            /* hits in one message that are marked: each takes its time to be laid out */

struct _FlintMessageBubble
{
  GtkBox      parent_instance;

  GMenuModel *menu;
  GPtrArray  *pieces;      /* of FlintQuotePiece; NULL: nothing is quoted */
  GPtrArray  *labels;      /* of FlintLinkLabel, not owned: what is shown, in order */
  guint       n_marked;
};

G_DEFINE_FINAL_TYPE (FlintMessageBubble, flint_message_bubble, GTK_TYPE_BOX)

static FlintLinkLabel *
get_body (FlintMessageBubble *self)
{
  return FLINT_LINK_LABEL (gtk_widget_get_first_child (GTK_WIDGET (self)));
}

/* Black on yellow, in light and dark; paler where the person is not */
static void
mark_hits (FlintMessageBubble *self,
           GArray             *hits,
           gboolean            is_current,
           PangoAttrList      *attributes)
{
  for (guint i = 0; i < hits->len && self->n_marked < MAX_MARKED; i++, self->n_marked++)
    {
      FlintRange *hit = &g_array_index (hits, FlintRange, i);
      PangoAttribute *paints[] = {
        pango_attr_background_new (0xf6f6, 0xc9c9, 0x3b3b),
        is_current ? pango_attr_foreground_new (0, 0, 0) : pango_attr_background_alpha_new (0x6666),
      };

      for (guint j = 0; j < G_N_ELEMENTS (paints); j++)
        {
          paints[j]->start_index = hit->start;
          paints[j]->end_index = hit->end;
          pango_attr_list_insert (attributes, paints[j]);
        }
    }
}

static void
fill_label (FlintMessageBubble *self,
            FlintLinkLabel     *label,
            const char         *text,
            gboolean            is_action,
            FlintPattern       *pattern,
            gboolean            is_current)
{
  g_autoptr(PangoAttrList) attributes = pango_attr_list_new ();

  if (is_action)
    pango_attr_list_insert (attributes, pango_attr_style_new (PANGO_STYLE_ITALIC));

  if (pattern != NULL)
    {
      g_autoptr(GArray) hits = flint_pattern_find_all (pattern, text);

      mark_hits (self, hits, is_current, attributes);
    }

  flint_link_label_set_extra (label, attributes);
  flint_link_label_set_text (label, text);
  g_ptr_array_add (self->labels, label);
}

/* Quotes */

/* What is copied is what was sent: lines have their marks */
static void
on_copy (GtkLabel              *label,
         const FlintQuotePiece *piece)
{
  const char *text = gtk_label_get_text (label);
  g_autofree char *source = NULL;
  g_autofree char *copy = NULL;
  int start;
  int end;

  g_signal_stop_emission_by_name (label, "copy-clipboard");
  if (!gtk_label_get_selection_bounds (label, &start, &end))
    return;

  source = flint_quote_piece_get_source (piece, g_utf8_offset_to_pointer (text, start) - text,
                                         g_utf8_offset_to_pointer (text, end) - text);
  copy = flint_text_for_copy (source);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (label)), copy);
}

static GtkWidget *
new_quote (void)
{
  GtkWidget *quote = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL,
                                   "accessible-role", GTK_ACCESSIBLE_ROLE_GROUP, NULL);

  gtk_widget_add_css_class (quote, "quote");
  gtk_accessible_update_property (GTK_ACCESSIBLE (quote), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Quote"), -1);

  return quote;
}

static FlintLinkLabel *
new_label (FlintMessageBubble    *self,
           const FlintQuotePiece *piece)
{
  GtkWidget *label = flint_link_label_new ();
  GtkLabel *inner = flint_link_label_get_label (FLINT_LINK_LABEL (label));

  gtk_label_set_extra_menu (inner, self->menu);
  gtk_widget_set_halign (label, GTK_ALIGN_START);
  if (piece->depth > 0)
    {
      gtk_widget_add_css_class (label, "quote-text");
      g_signal_connect (inner, "copy-clipboard", G_CALLBACK (on_copy), (gpointer) piece);
    }

  return FLINT_LINK_LABEL (label);
}

static void
drop_quotes (FlintMessageBubble *self)
{
  GtkWidget *body = GTK_WIDGET (get_body (self));
  GtkWidget *next;

  while ((next = gtk_widget_get_next_sibling (body)) != NULL)
    gtk_box_remove (GTK_BOX (self), next);

  g_ptr_array_set_size (self->labels, 0);
  g_clear_pointer (&self->pieces, g_ptr_array_unref);
}

/* Boxes in boxes: a bar is one from its quote's first line to the last, whatever that quotes itself */
static void
add_pieces (FlintMessageBubble *self,
            gboolean            is_action,
            FlintPattern       *pattern,
            gboolean            is_current)
{
  GtkWidget *boxes[FLINT_QUOTES_MAX_DEPTH + 1] = { GTK_WIDGET (self) };
  guint depth = 0;

  for (guint i = 0; i < self->pieces->len; i++)
    {
      const FlintQuotePiece *piece = g_ptr_array_index (self->pieces, i);
      FlintLinkLabel *label;

      for (; depth < piece->depth; depth++)
        {
          boxes[depth + 1] = new_quote ();
          gtk_box_append (GTK_BOX (boxes[depth]), boxes[depth + 1]);
        }
      depth = piece->depth;

      if (piece->depth == 0 && *piece->text == '\0')
        continue;

      label = new_label (self, piece);
      fill_label (self, label, piece->text, is_action, pattern, is_current);
      gtk_box_append (GTK_BOX (boxes[depth]), GTK_WIDGET (label));
    }
}

static void
flint_message_bubble_dispose (GObject *object)
{
  g_clear_object (&FLINT_MESSAGE_BUBBLE (object)->menu);

  G_OBJECT_CLASS (flint_message_bubble_parent_class)->dispose (object);
}

static void
flint_message_bubble_finalize (GObject *object)
{
  FlintMessageBubble *self = FLINT_MESSAGE_BUBBLE (object);

  g_clear_pointer (&self->pieces, g_ptr_array_unref);
  g_clear_pointer (&self->labels, g_ptr_array_unref);

  G_OBJECT_CLASS (flint_message_bubble_parent_class)->finalize (object);
}

static void
flint_message_bubble_class_init (FlintMessageBubbleClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = flint_message_bubble_dispose;
  G_OBJECT_CLASS (klass)->finalize = flint_message_bubble_finalize;

  g_type_ensure (FLINT_TYPE_LINK_LABEL);
}

static void
flint_message_bubble_init (FlintMessageBubble *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  self->labels = g_ptr_array_new ();
}

/**
 * flint_message_bubble_set_menu:
 * @menu: what is added to the menu of its texts
 */
void
flint_message_bubble_set_menu (FlintMessageBubble *self,
                               GMenuModel         *menu)
{
  g_return_if_fail (FLINT_IS_MESSAGE_BUBBLE (self));

  g_set_object (&self->menu, menu);
  gtk_label_set_extra_menu (flint_link_label_get_label (get_body (self)), menu);
}

/**
 * flint_message_bubble_set_text:
 * @text: what to show, made harmless by flint_text_for_body() before
 * @is_action: whether it is what somebody does, in italics
 * @pattern: (nullable): what is looked for, to be marked
 * @is_current: whether the person is at this hit
 *
 * Only where something is quoted there is more than one label: other messages stay as light as they are.
 */
void
flint_message_bubble_set_text (FlintMessageBubble *self,
                               const char         *text,
                               gboolean            is_action,
                               FlintPattern       *pattern,
                               gboolean            is_current)
{
  FlintLinkLabel *body;

  g_return_if_fail (FLINT_IS_MESSAGE_BUBBLE (self));
  g_return_if_fail (text != NULL);

  drop_quotes (self);
  self->n_marked = 0;
  self->pieces = flint_quotes_split (text);

  body = get_body (self);
  gtk_widget_set_visible (GTK_WIDGET (body), self->pieces == NULL);
  if (self->pieces == NULL)
    {
      fill_label (self, body, text, is_action, pattern, is_current);
      return;
    }

  flint_link_label_set_extra (body, NULL);
  flint_link_label_set_text (body, NULL);
  add_pieces (self, is_action, pattern, is_current);
}

/**
 * flint_message_bubble_has_hits:
 *
 * Returns: whether something in it is marked
 */
gboolean
flint_message_bubble_has_hits (FlintMessageBubble *self)
{
  g_return_val_if_fail (FLINT_IS_MESSAGE_BUBBLE (self), FALSE);

  return self->n_marked > 0;
}

static FlintLinkLabel *
find_link (FlintMessageBubble *self)
{
  for (guint i = 0; i < self->labels->len; i++)
    {
      if (flint_link_label_get_n_links (g_ptr_array_index (self->labels, i)) > 0)
        return g_ptr_array_index (self->labels, i);
    }

  return NULL;
}

gboolean
flint_message_bubble_has_links (FlintMessageBubble *self)
{
  g_return_val_if_fail (FLINT_IS_MESSAGE_BUBBLE (self), FALSE);

  return find_link (self) != NULL;
}

/**
 * flint_message_bubble_open_link:
 *
 * Opens the first link in it, if there is one.
 */
void
flint_message_bubble_open_link (FlintMessageBubble *self)
{
  FlintLinkLabel *label;

  g_return_if_fail (FLINT_IS_MESSAGE_BUBBLE (self));

  label = find_link (self);
  if (label != NULL)
    flint_link_label_open_link (label, 0);
}
