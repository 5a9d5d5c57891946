/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-random.h"

#include <gnutls/crypto.h>

#define ID_SIZE 15   /* 120 bits, and base64 of it needs no padding */

/* A test may want to know what is drawn; nothing else may set these. */
static XmppRandomFunc random_func;
static gpointer random_data;

/**
 * xmpp_random_bytes:
 * @data: (array length=length): where to
 * @length: how many bytes
 *
 * Fills @data with bytes that nobody can predict. There is no error: without randomness there is
 * no security, so the process ends when the system has none.
 */
void
xmpp_random_bytes (guint8 *data,
                   gsize   length)
{
  int status;

  g_return_if_fail (data != NULL || length == 0);

  if (random_func != NULL)
    {
      random_func (data, length, random_data);
      return;
    }

  /* Ids and nonces are no long-lived keys: for those it asks the system each time, which takes nearly four times as long */
  status = gnutls_rnd (GNUTLS_RND_RANDOM, data, length);
  if (status < 0)
    g_error ("The system gives no random numbers: %s", gnutls_strerror (status));
}

/**
 * xmpp_random_id:
 *
 * An id for a stanza, a resource, a file name: peers see it, so it must not tell the next one.
 *
 * Returns: (transfer full): 20 characters of A-Z, a-z, 0-9, "-" and "_": 120 bits
 */
char *
xmpp_random_id (void)
{
  guint8 bytes[ID_SIZE];
  char *id;

  xmpp_random_bytes (bytes, sizeof bytes);
  id = g_base64_encode (bytes, sizeof bytes);

  return g_strdelimit (g_strdelimit (id, "+", '-'), "/", '_');
}

/**
 * xmpp_random_set_func: (skip)
 * @func: (nullable): the source to use from now on; %NULL: gnutls_rnd () again
 * @user_data: for @func
 *
 * For tests that must know what is drawn.
 */
void
xmpp_random_set_func (XmppRandomFunc func,
                      gpointer       user_data)
{
  random_func = func;
  random_data = user_data;
}
