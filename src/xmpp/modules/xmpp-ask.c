/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-ask.h"

static void
on_answer (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  XmppStanza *answer = xmpp_session_request_finish (XMPP_SESSION (object), result, &error);

  if (answer != NULL)
    g_task_return_pointer (task, answer, (GDestroyNotify) xmpp_stanza_unref);
  else
    g_task_return_error (task, error);
}

/**
 * xmpp_ask_async:
 * @module: an #XmppModule
 * @iq: of type get or set
 * @source_tag: the function that was called
 *
 * Sends @iq; @callback is called with @module as its source.
 */
void
xmpp_ask_async (gpointer             module,
                XmppStanza          *iq,
                gpointer             source_tag,
                GCancellable        *cancellable,
                GAsyncReadyCallback  callback,
                gpointer             user_data)
{
  GTask *task = g_task_new (module, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  xmpp_session_request_async (xmpp_module_get_session (module), iq, cancellable, on_answer, task);
}

/**
 * xmpp_ask_finish:
 *
 * Returns: (transfer full): the answer, of type result; or %NULL with the server's words in @error
 */
XmppStanza *
xmpp_ask_finish (gpointer       module,
                 GAsyncResult  *result,
                 gpointer       source_tag,
                 GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, module), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, source_tag), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * xmpp_is_push:
 * @module: an #XmppModule
 * @from: (nullable): who sent an IQ of type set
 *
 * A handler of pushes hears everybody, so that what others send under that name is not even refused: they have to be
 * ignored (RFC 6121, 2.1.6), and learn nothing of us.
 *
 * Returns: whether it is our server's own word: from nobody, or from our bare address, and not from another
 *   device of ours (RFC 6121, 2.1.6; security.md, T015, T026)
 */
gboolean
xmpp_is_push (gpointer       module,
              const XmppJid *from)
{
  if (from == NULL || xmpp_jid_equal (from, xmpp_session_get_jid (xmpp_module_get_session (module))))
    return TRUE;

  g_debug ("Ignored a push that %s has no right to", xmpp_jid_get_text (from));

  return FALSE;
}
