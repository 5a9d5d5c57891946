/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-handshake.h"

#include "xmpp-error.h"

#include <glib/gi18n-lib.h>

#define LIMIT_MS (15 * 1000)

typedef struct
{
  XmppClock    *clock;
  GCancellable *cancellable;
  guint         timer;
  gboolean      timed_out;
} Handshake;

static void
handshake_free (gpointer data)
{
  Handshake *self = data;

  if (self->timer != 0)
    xmpp_clock_remove (self->clock, self->timer);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->clock);
  g_free (self);
}

static GError *
describe (const GError *cause)
{
  if (g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    return g_error_new (XMPP_ERROR, XMPP_ERROR_CERTIFICATE,
                        _("The server's certificate is not trusted"));

  if (cause->domain != G_TLS_ERROR || cause->code == G_TLS_ERROR_EOF)
    return g_error_new (XMPP_ERROR, XMPP_ERROR_TLS,
                        _("The connection was lost while encryption was being set up"));

  return g_error_new (XMPP_ERROR, XMPP_ERROR_TLS,
                      /* Translators: %s is the TLS library's words, often in English */
                      _("Encryption could not be set up: %s"), cause->message);
}

static void
on_handshake (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Handshake *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (g_tls_connection_handshake_finish (G_TLS_CONNECTION (object), result, &error))
    g_task_return_boolean (task, TRUE);
  else if (self->timed_out)
    g_task_return_new_error (task, XMPP_ERROR, XMPP_ERROR_TIMED_OUT,
                             _("The server did not finish setting up encryption in time"));
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_error (task, describe (error));
}

static gboolean
on_limit (gpointer user_data)
{
  Handshake *self = user_data;

  self->timer = 0;
  self->timed_out = TRUE;
  g_cancellable_cancel (self->cancellable);

  return G_SOURCE_REMOVE;
}

/* Within 15 seconds of the clock: then @cancellable is cancelled */
void
xmpp_handshake_async (GTlsConnection      *tls,
                      XmppClock           *clock,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  GTask *task = g_task_new (tls, NULL, callback, user_data);
  Handshake *self = g_new0 (Handshake, 1);

  g_task_set_source_tag (task, xmpp_handshake_async);
  g_task_set_task_data (task, self, handshake_free);

  self->clock = g_object_ref (clock);
  self->cancellable = g_object_ref (cancellable);
  self->timer = xmpp_clock_add (clock, LIMIT_MS, on_limit, self);

  g_tls_connection_handshake_async (tls, G_PRIORITY_DEFAULT, cancellable, on_handshake, task);
}

/* Errors: XMPP_ERROR_CERTIFICATE, _TLS, _TIMED_OUT, or G_IO_ERROR_CANCELLED */
gboolean
xmpp_handshake_finish (GTlsConnection  *tls,
                       GAsyncResult    *result,
                       GError         **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
