/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-login-steps.h"

#include <glib/gi18n.h>

#define N_STEPS 4

struct _FlintLoginSteps
{
  GtkBox        parent_instance;

  FlintAccount *account;
  GtkWidget    *lines[N_STEPS];
  GtkWidget    *marks[N_STEPS];    /* a stack: spinner, tick */
  GtkWidget    *labels[N_STEPS];
};

G_DEFINE_FINAL_TYPE (FlintLoginSteps, flint_login_steps, GTK_TYPE_BOX)

/* Of one that has both a certificate and a password it is known only afterwards */
static gboolean
uses_certificate (FlintAccount *account,
                  gboolean      is_done)
{
  g_autofree char *path = NULL;

  if (is_done)
    return g_strcmp0 (xmpp_session_get_mechanism (flint_account_get_session (account)), "EXTERNAL") == 0;

  g_object_get (account, "client-certificate", &path, NULL);

  return *path != '\0';
}

/* What a step says while it goes on, and when it is done. */
static char *
describe (FlintLoginSteps *self,
          FlintStep        step,
          gboolean         is_done)
{
  XmppSession *session = flint_account_get_session (self->account);
  const char *host = xmpp_session_get_host (session);
  const char *tls = xmpp_session_get_tls_version (session);

  switch (step)
    {
    case FLINT_STEP_FINDING:
      if (is_done && host != NULL)
        return g_strdup_printf (_("Found %s"), host);
      return g_strdup (_("Looking for the server…"));

    case FLINT_STEP_SECURING:
      if (is_done && tls != NULL)
        return g_strdup_printf (_("Secure connection (%s)"), tls);
      return g_strdup (is_done ? _("Connection without encryption") : _("Securing the connection…"));

    case FLINT_STEP_CHECKING:
      if (uses_certificate (self->account, is_done))
        return g_strdup (is_done ? _("Certificate accepted") : _("Checking your certificate…"));
      return g_strdup (is_done ? _("Password accepted") : _("Checking your password…"));

    case FLINT_STEP_FETCHING:
    case FLINT_STEP_NONE:
    case FLINT_STEP_DONE:
    default:
      return g_strdup (_("Fetching your contacts…"));
    }
}

static void
update (FlintLoginSteps *self)
{
  FlintStep step = flint_account_get_step (self->account);

  for (guint i = 0; i < N_STEPS; i++)
    {
      FlintStep this_step = FLINT_STEP_FINDING + i;
      gboolean is_done = step > this_step;
      g_autofree char *text = describe (self, this_step, is_done);

      gtk_label_set_label (GTK_LABEL (self->labels[i]), text);
      gtk_stack_set_visible_child_name (GTK_STACK (self->marks[i]), is_done ? "done" : "working");
      gtk_widget_set_opacity (self->lines[i], step >= this_step ? 1.0 : 0.0);
    }
}

static void
add_line (FlintLoginSteps *self,
          guint            index)
{
  GtkWidget *spinner = gtk_spinner_new ();

  /* one that nobody sees would draw the window sixty times a second all the same */
  g_signal_connect (spinner, "map", G_CALLBACK (gtk_spinner_start), NULL);
  g_signal_connect (spinner, "unmap", G_CALLBACK (gtk_spinner_stop), NULL);

  self->marks[index] = gtk_stack_new ();
  gtk_stack_add_named (GTK_STACK (self->marks[index]), spinner, "working");
  gtk_stack_add_named (GTK_STACK (self->marks[index]),
                       gtk_image_new_from_icon_name ("object-select-symbolic"), "done");

  self->labels[index] = gtk_label_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (self->labels[index]), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign (GTK_LABEL (self->labels[index]), 0);

  self->lines[index] = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  gtk_box_append (GTK_BOX (self->lines[index]), self->marks[index]);
  gtk_box_append (GTK_BOX (self->lines[index]), self->labels[index]);
  gtk_widget_set_opacity (self->lines[index], 0.0);
  gtk_box_append (GTK_BOX (self), self->lines[index]);
}

static void
flint_login_steps_dispose (GObject *object)
{
  FlintLoginSteps *self = FLINT_LOGIN_STEPS (object);

  flint_login_steps_set_account (self, NULL);

  G_OBJECT_CLASS (flint_login_steps_parent_class)->dispose (object);
}

static void
flint_login_steps_class_init (FlintLoginStepsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = flint_login_steps_dispose;
}

static void
flint_login_steps_init (FlintLoginSteps *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (GTK_WIDGET (self), "login-progress");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Progress"), -1);

  for (guint i = 0; i < N_STEPS; i++)
    add_line (self, i);
}

/**
 * flint_login_steps_set_account:
 * @account: (nullable): whose login is shown
 */
void
flint_login_steps_set_account (FlintLoginSteps *self,
                               FlintAccount    *account)
{
  g_return_if_fail (FLINT_IS_LOGIN_STEPS (self));

  if (self->account == account)
    return;

  if (self->account != NULL)
    g_signal_handlers_disconnect_by_func (self->account, update, self);

  g_set_object (&self->account, account);

  if (self->account != NULL)
    {
      g_signal_connect_object (self->account, "notify::step", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      update (self);
    }
}
