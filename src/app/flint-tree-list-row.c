/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-tree-list-row.h"

#include "flint-account-row.h"
#include "flint-group-row.h"
#include "flint-text.h"

#include <glib/gi18n.h>

#define INDENT 12   /* px a level */

struct _FlintTreeListRow
{
  AdwBin        parent_instance;

  FlintTreeRow *row;
  gulong        row_handler;
  gulong        contact_handler;
  FlintDensity  density;
  gboolean      is_search;
  gboolean      is_filled;                          /* what it shows is made only when somebody sees it */
  GtkWidget    *children[FLINT_TREE_CONTACT + 1];   /* by kind; made when first needed, kept for the next binding */
};

G_DEFINE_FINAL_TYPE (FlintTreeListRow, flint_tree_list_row, ADW_TYPE_BIN)

static GtkWidget *
get_child (FlintTreeListRow *self,
           FlintTreeKind     kind)
{
  static GtkWidget * (* const make[]) (void) = {
    [FLINT_TREE_ACCOUNT] = flint_account_row_new,
    [FLINT_TREE_GROUP]   = flint_group_row_new,
    [FLINT_TREE_CONTACT] = flint_contact_row_new,
  };

  if (self->children[kind] == NULL)
    {
      self->children[kind] = g_object_ref_sink (make[kind] ());
      if (kind == FLINT_TREE_CONTACT)
        flint_contact_row_set_density (FLINT_CONTACT_ROW (self->children[kind]), self->density);
    }

  return self->children[kind];
}

static void
set_child_row (FlintTreeListRow *self,
               FlintTreeKind     kind,
               FlintTreeRow     *row)
{
  GtkWidget *child = get_child (self, kind);

  switch (kind)
    {
    case FLINT_TREE_ACCOUNT:
      flint_account_row_set_row (FLINT_ACCOUNT_ROW (child), row);
      break;

    case FLINT_TREE_GROUP:
      flint_group_row_set_row (FLINT_GROUP_ROW (child), row);
      break;

    case FLINT_TREE_CONTACT:
      flint_contact_row_set_contact (FLINT_CONTACT_ROW (child), row != NULL ? flint_tree_row_get_contact (row) : NULL);
      break;

    default:
      g_assert_not_reached ();
    }
}

static char *
describe_contact (FlintContact *contact)
{
  GString *text = g_string_new (flint_contact_get_name (contact));
  const char *status = flint_contact_get_status_text (contact);
  guint unread = flint_contact_get_unread (contact);

  g_string_append_printf (text, ", %s", flint_show_get_label (flint_contact_get_show (contact)));
  if (status != NULL && *status != '\0')
    g_string_append_printf (text, ", %s", status);
  if (unread > 0)
    {
      g_autofree char *count = g_strdup_printf (ngettext ("%u unread message", "%u unread messages", unread), unread);

      g_string_append_printf (text, ", %s", count);
    }

  return g_string_free (text, FALSE);
}

static char *
describe_heading (FlintTreeRow *row)
{
  g_autofree char *title = NULL;
  guint online;
  guint total;

  g_object_get (row, "title", &title, "online", &online, "total", &total, NULL);

  /* Translators: said of a group of contacts by a screen reader: its name, then how many of how many are online */
  return g_strdup_printf (_("%s, %u of %u online"), title, online, total);
}

/* What a screen reader says of the whole row */
static void
update_label (FlintTreeListRow *self)
{
  GtkWidget *list_row = gtk_widget_get_parent (GTK_WIDGET (self));
  gboolean is_contact = flint_tree_row_get_kind (self->row) == FLINT_TREE_CONTACT;
  g_autofree char *label = is_contact ? describe_contact (flint_tree_row_get_contact (self->row)) : describe_heading (self->row);

  if (list_row == NULL)
    return;

  gtk_accessible_update_property (GTK_ACCESSIBLE (list_row), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  if (is_contact)
    gtk_accessible_reset_state (GTK_ACCESSIBLE (list_row), GTK_ACCESSIBLE_STATE_EXPANDED);
  else
    gtk_accessible_update_state (GTK_ACCESSIBLE (list_row),
                                 GTK_ACCESSIBLE_STATE_EXPANDED, flint_tree_row_is_expanded (self->row), -1);
}

static void
let_go (FlintTreeListRow *self)
{
  if (self->row == NULL)
    return;

  g_clear_signal_handler (&self->row_handler, self->row);
  if (self->contact_handler != 0)
    g_clear_signal_handler (&self->contact_handler, flint_tree_row_get_contact (self->row));
  if (self->is_filled)
    set_child_row (self, flint_tree_row_get_kind (self->row), NULL);
  self->is_filled = FALSE;
}

/* While searching, the groups stand in place of the status */
static char *
describe_groups (FlintContact *contact)
{
  g_autofree char *joined = g_strjoinv (", ", (char **) flint_contact_get_groups (contact));
  g_auto(GStrv) parts = g_strsplit (joined, "::", -1);
  g_autofree char *text = g_strjoinv (" › ", parts);

  return flint_text_for_line (text, 80);
}

/**
 * flint_tree_list_row_set_row:
 * @row: (nullable): what to show; %NULL lets go
 * @is_search: found by searching: the group stands in place of the status
 *
 * A screen reader hears of it at once; to be seen it has to be filled.
 */
void
flint_tree_list_row_set_row (FlintTreeListRow *self,
                             FlintTreeRow     *row,
                             gboolean          is_search)
{
  g_return_if_fail (FLINT_IS_TREE_LIST_ROW (self));

  let_go (self);
  g_set_object (&self->row, row);
  self->is_search = is_search;
  if (row == NULL)
    return;

  self->row_handler = g_signal_connect_object (row, "notify", G_CALLBACK (update_label), self, G_CONNECT_SWAPPED);
  if (flint_tree_row_get_kind (row) == FLINT_TREE_CONTACT)
    self->contact_handler = g_signal_connect_object (flint_tree_row_get_contact (row), "notify",
                                                     G_CALLBACK (update_label), self, G_CONNECT_SWAPPED);
  update_label (self);
}

/**
 * flint_tree_list_row_fill:
 *
 * Makes what is to be seen of the row. Costs nothing when it is there.
 *
 * Returns: whether it was the first time ever that there was something to see
 */
gboolean
flint_tree_list_row_fill (FlintTreeListRow *self)
{
  gboolean is_first = adw_bin_get_child (ADW_BIN (self)) == NULL;
  FlintTreeKind kind;
  guint depth;
  GtkWidget *child;

  g_return_val_if_fail (FLINT_IS_TREE_LIST_ROW (self), FALSE);

  if (self->is_filled || self->row == NULL)
    return FALSE;

  self->is_filled = TRUE;
  kind = flint_tree_row_get_kind (self->row);
  depth = flint_tree_row_get_depth (self->row);
  child = get_child (self, kind);
  if (kind == FLINT_TREE_CONTACT)
    {
      g_autofree char *groups = self->is_search ? describe_groups (flint_tree_row_get_contact (self->row)) : NULL;

      flint_contact_row_set_detail (FLINT_CONTACT_ROW (child), groups);
    }

  /* contacts stand under their group's name, not under its arrow's end */
  gtk_widget_set_margin_start (child, kind == FLINT_TREE_CONTACT && depth > 0 ? (depth - 1) * INDENT + 3 : depth * INDENT);

  /* first into the window: what is measured outside of it is measured again inside */
  adw_bin_set_child (ADW_BIN (self), child);
  set_child_row (self, kind, self->row);

  return is_first;
}

gboolean
flint_tree_list_row_is_filled (FlintTreeListRow *self)
{
  g_return_val_if_fail (FLINT_IS_TREE_LIST_ROW (self), FALSE);

  return self->is_filled;
}

FlintTreeRow *
flint_tree_list_row_get_row (FlintTreeListRow *self)
{
  g_return_val_if_fail (FLINT_IS_TREE_LIST_ROW (self), NULL);

  return self->row;
}

void
flint_tree_list_row_set_density (FlintTreeListRow *self,
                                 FlintDensity      density)
{
  g_return_if_fail (FLINT_IS_TREE_LIST_ROW (self));

  self->density = density;
  if (self->children[FLINT_TREE_CONTACT] != NULL)
    flint_contact_row_set_density (FLINT_CONTACT_ROW (self->children[FLINT_TREE_CONTACT]), density);
}

static void
flint_tree_list_row_dispose (GObject *object)
{
  FlintTreeListRow *self = FLINT_TREE_LIST_ROW (object);

  flint_tree_list_row_set_row (self, NULL, FALSE);
  adw_bin_set_child (ADW_BIN (self), NULL);
  for (guint i = 0; i < G_N_ELEMENTS (self->children); i++)
    g_clear_object (&self->children[i]);

  G_OBJECT_CLASS (flint_tree_list_row_parent_class)->dispose (object);
}

static void
flint_tree_list_row_class_init (FlintTreeListRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = flint_tree_list_row_dispose;
}

static void
flint_tree_list_row_init (FlintTreeListRow *self)
{
  self->density = FLINT_DENSITY_NORMAL;
}

GtkWidget *
flint_tree_list_row_new (void)
{
  return g_object_new (FLINT_TYPE_TREE_LIST_ROW, NULL);
}
