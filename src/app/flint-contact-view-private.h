/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-contact-view.h"
#include "flint-list-filler.h"
#include "flint-tree-selection.h"

G_BEGIN_DECLS

struct _FlintContactView
{
  AdwBin              parent_instance;

  FlintApplication   *application;    /* not owned: it outlives its windows */
  FlintTreeSelection *selection;
  FlintDensity        density;

  GtkWidget          *list;
  FlintListFiller    *filler;
  int                 heights[FLINT_TREE_CONTACT + 1];   /* px, by kind, of rows that nobody has seen */
  GtkWidget          *menu;
  guint               menu_idle;
  GMenuModel         *contact_menu;
  GMenuModel         *contacts_menu;
  GMenuModel         *group_menu;
  GtkWidget          *card;
  guint               hover_timer;
  double              hover_y;
  gboolean            is_selecting;   /* by a click, right now */
  GtkWidget          *selection_bar;
  GtkWidget          *selection_label;
  FlintTreeRow       *cursor;         /* (nullable): the row with the keyboard, as the person left it */
  gboolean            is_cursor_lost; /* it moved, and is to have the keyboard back */
  guint               n_cursor_frames;
  guint               cursor_tick;
  GtkRoot            *root;           /* not owned */
  GPtrArray          *watched;        /* of FlintAccount, of what is selected: what can be done follows their state */
};

FlintContactTree *flint_contact_view_get_tree            (FlintContactView         *self);
void              flint_contact_view_open_chat           (FlintContactView         *self,
                                                          FlintContact             *contact);

/* The row that a key is about which is about one, or NULL */
FlintTreeRow     *flint_contact_view_get_subject         (FlintContactView         *self);

/* flint-contact-view-cursor.c */
FlintTreeRow     *flint_contact_view_get_cursor          (FlintContactView         *self);
guint             flint_contact_view_find_position       (FlintContactView         *self,
                                                          FlintTreeRow             *row);
void              flint_contact_view_keep_cursor         (FlintContactView         *self);
void              flint_contact_view_follow_cursor       (FlintContactView         *self,
                                                          GtkRoot                  *root);
void              flint_contact_view_find_cursor         (FlintContactView         *self,
                                                          GtkWidget                *row);

/* flint-contact-view-keys.c */
void              flint_contact_view_add_keys            (FlintContactView         *self);

/* flint-contact-view-popovers.c: menus, and the card of whom the pointer rests on */
void              flint_contact_view_class_init_popovers (FlintContactViewClass    *klass);
GtkWidget        *flint_contact_view_find_widget         (FlintContactView         *self,
                                                          FlintTreeRow             *row);
gboolean          flint_contact_view_hide_card           (FlintContactView         *self);
void              flint_contact_view_on_secondary_click  (GtkGestureClick          *gesture,
                                                          int                       n_press,
                                                          double                    x,
                                                          double                    y,
                                                          FlintContactView         *self);
void              flint_contact_view_on_motion           (GtkEventControllerMotion *controller,
                                                          double                    x,
                                                          double                    y,
                                                          FlintContactView         *self);
void              flint_contact_view_on_leave            (GtkEventControllerMotion *controller,
                                                          FlintContactView         *self);

G_END_DECLS
