/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates (XEP-0082), each line one: what can be read can be shown in every zone and written again, and means what GLib says */
#include "fuzz.h"

#include "xmpp-delay.h"
#include "xmpp-time.h"

#include <string.h>

static void
check_zone (GTimeZone *zone,
            gint64     time)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  g_autoptr(GDateTime) there = utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;
  g_autofree char *words = there != NULL ? g_date_time_format (there, "%c") : NULL;

  g_assert_nonnull (words);
}

static void
check_time (const char *text,
            gint64      time)
{
  g_autofree char *written = xmpp_time_format (time);
  g_autoptr(GDateTime) other = g_date_time_new_from_iso8601 (text, NULL);
  g_autoptr(GTimeZone) east = g_time_zone_new_offset (14 * 3600);
  g_autoptr(GTimeZone) west = g_time_zone_new_offset (-14 * 3600);
  gint64 again;

  g_assert_nonnull (written);
  g_assert_true (xmpp_time_parse (written, &again));
  g_assert_cmpint (ABS (time - again), <, 1000);   /* it writes milliseconds */

  check_zone (east, time);
  check_zone (west, time);

  /* Of the old form without a zone it says nothing; and it has six digits of a second, rounded */
  if (other != NULL)
    g_assert_cmpint (ABS (g_date_time_to_unix (other) - time / G_USEC_PER_SEC), <=, 1);
}

static void
check_delay (XmppSession *session,
             const char  *text)
{
  g_autoptr(XmppStanza) stanza = xmpp_stanza_new ("message", XMPP_NS_CLIENT);
  gint64 time = G_MININT64;

  xmpp_node_set (xmpp_node_add (xmpp_stanza_get_root (stanza), "delay", "urn:xmpp:delay"), "stamp", text);
  if (xmpp_delay_read (session, xmpp_stanza_get_root (stanza), &time))
    g_assert_cmpint (time, !=, G_MININT64);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FuzzInput input = { (const char *) data, size };
  g_autoptr(XmppJid) jid = xmpp_jid_new ("juliet@capulet.lit", NULL);
  g_autoptr(XmppSession) session = xmpp_session_new (jid);
  char *line;

  while ((line = fuzz_take_line (&input)) != NULL)
    {
      g_autofree char *text = line;
      gint64 time;

      if (xmpp_time_parse (text, &time))
        check_time (text, time);
      if (g_utf8_validate (text, -1, NULL))
        check_delay (session, text);
    }

  return 0;
}
