/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-countdown.h"

struct _FlintCountdown
{
  GObject       parent_instance;

  GtkWidget    *widget;     /* weak */
  FlintAccount *account;    /* weak; NULL: there is nothing to count */
  FlintAccount *counted;    /* the same, owned, while the widget is seen */
  gulong        handler;
};

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlintCountdown, flint_countdown, G_TYPE_OBJECT)

static void
on_second (FlintCountdown *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
set_counted (FlintCountdown *self,
             FlintAccount   *account)
{
  if (self->counted == account)
    return;

  if (self->counted != NULL)
    {
      g_clear_signal_handler (&self->handler, self->counted);
      flint_account_end_countdown (self->counted);
    }

  g_set_object (&self->counted, account);

  if (account != NULL)
    {
      self->handler = g_signal_connect_swapped (account, "notify::retry-in", G_CALLBACK (on_second), self);
      flint_account_begin_countdown (account);
    }
}

static void
update (FlintCountdown *self)
{
  gboolean is_seen = self->widget != NULL && gtk_widget_get_mapped (self->widget);

  set_counted (self, is_seen ? self->account : NULL);
}

/* What is shown may be old by now */
static void
on_map (FlintCountdown *self)
{
  update (self);
  if (self->counted != NULL)
    g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * flint_countdown_set_account:
 * @account: (nullable): one that waits; %NULL: none does
 */
void
flint_countdown_set_account (FlintCountdown *self,
                             FlintAccount   *account)
{
  g_return_if_fail (FLINT_IS_COUNTDOWN (self));

  g_set_weak_pointer (&self->account, account);
  update (self);
}

static void
flint_countdown_dispose (GObject *object)
{
  FlintCountdown *self = FLINT_COUNTDOWN (object);

  set_counted (self, NULL);
  g_clear_weak_pointer (&self->account);
  g_clear_weak_pointer (&self->widget);

  G_OBJECT_CLASS (flint_countdown_parent_class)->dispose (object);
}

static void
flint_countdown_class_init (FlintCountdownClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = flint_countdown_dispose;

  signals[CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
flint_countdown_init (FlintCountdown *self)
{
}

/**
 * flint_countdown_new:
 * @widget: what shows the seconds
 *
 * Returns: (transfer full): one that has nothing to count yet
 */
FlintCountdown *
flint_countdown_new (GtkWidget *widget)
{
  FlintCountdown *self = g_object_new (FLINT_TYPE_COUNTDOWN, NULL);

  g_set_weak_pointer (&self->widget, widget);
  g_signal_connect_object (widget, "map", G_CALLBACK (on_map), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (widget, "unmap", G_CALLBACK (update), self, G_CONNECT_SWAPPED);

  return self;
}
