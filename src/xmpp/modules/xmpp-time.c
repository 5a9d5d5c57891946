/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-time.h"

#include "xmpp-ask.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define NS_TIME "urn:xmpp:time"

#define MAX_OFFSET (14 * 60)   /* minutes: XML Schema part 2, 3.2.7.3 */

/* Times that are a day of the years 1 to 9999 in every zone, so that whoever shows one never meets a
 * GDateTime that is NULL (security.md, T117).
 */
#define MIN_TIME (-719161 * G_TIME_SPAN_DAY)
#define MAX_TIME (2932896 * G_TIME_SPAN_DAY)

struct _XmppTime
{
  XmppModule parent_instance;
};

G_DEFINE_FINAL_TYPE (XmppTime, xmpp_time, XMPP_TYPE_MODULE)

/* Exactly @n ASCII digits, and then @end; moves @text behind them */
static gboolean
take_digits (const char **text,
             guint        n,
             char         end,
             int         *value)
{
  const char *p = *text;

  *value = 0;
  for (guint i = 0; i < n; i++, p++)
    {
      if (!g_ascii_isdigit (*p))
        return FALSE;
      *value = *value * 10 + g_ascii_digit_value (*p);
    }

  if (end != '\0' && *p++ != end)
    return FALSE;

  *text = p;

  return TRUE;
}

/* ".5" or ".123456789": any number of digits, of which we keep six */
static gboolean
take_fraction (const char **text,
               int         *microseconds)
{
  const char *p = *text;
  int unit = G_USEC_PER_SEC / 10;

  *microseconds = 0;
  if (*p != '.')
    return TRUE;

  if (!g_ascii_isdigit (*++p))
    return FALSE;

  for (; g_ascii_isdigit (*p); p++, unit /= 10)
    *microseconds += g_ascii_digit_value (*p) * unit;

  *text = p;

  return TRUE;
}

/* "Z" or "+08:00", to the end */
static gboolean
parse_zone (const char *text,
            int        *offset)
{
  int hours;
  int minutes;
  char sign = *text++;

  *offset = 0;
  if (sign == 'Z')
    return *text == '\0';

  if (sign != '+' && sign != '-')
    return FALSE;

  if (!take_digits (&text, 2, ':', &hours) || !take_digits (&text, 2, '\0', &minutes) || *text != '\0')
    return FALSE;

  *offset = hours * 60 + minutes;
  if (minutes > 59 || *offset > MAX_OFFSET)
    return FALSE;

  if (sign == '-')
    *offset = -*offset;

  return TRUE;
}

static gboolean
take_date (const char **text,
           gboolean     is_compact,
           int         *days)
{
  char separator = is_compact ? '\0' : '-';
  int year;
  int month;
  int day;
  GDate date;

  if (!take_digits (text, 4, separator, &year) ||
      !take_digits (text, 2, separator, &month) ||
      !take_digits (text, 2, 'T', &day))
    return FALSE;

  if (year == 0 || !g_date_valid_dmy (day, month, year))
    return FALSE;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, day, month, year);
  *days = (int) g_date_get_julian (&date) - 719163;

  return TRUE;
}

/**
 * xmpp_time_parse:
 * @text: (nullable): "2026-11-23T22:53:00.5Z", "2026-11-24T06:53:00+08:00", or the old
 *   "20261123T22:53:00", which is UTC
 * @time: (out): µs since 1970
 *
 * Reads a DateTime (XEP-0082, 3.2 and 4) and nothing else: no lower case, no 24:00, no leap second, no
 * day that the calendar does not have, nothing outside of the years that every zone can show.
 *
 * Returns: %FALSE when it is not one, and then @time is untouched
 */
gboolean
xmpp_time_parse (const char *text,
                 gint64     *time)
{
  gboolean is_compact;
  int days;
  int hours;
  int minutes;
  int seconds;
  int microseconds;
  int offset = 0;
  gint64 value;

  g_return_val_if_fail (time != NULL, FALSE);

  if (text == NULL)
    return FALSE;

  is_compact = strlen (text) == strlen ("20261123T22:53:00") && text[4] != '-';

  if (!take_date (&text, is_compact, &days) ||
      !take_digits (&text, 2, ':', &hours) ||
      !take_digits (&text, 2, ':', &minutes) ||
      !take_digits (&text, 2, '\0', &seconds) ||
      !take_fraction (&text, &microseconds))
    return FALSE;

  if (hours > 23 || minutes > 59 || seconds > 59)
    return FALSE;

  if (is_compact ? *text != '\0' : !parse_zone (text, &offset))
    return FALSE;

  value = days * G_TIME_SPAN_DAY + microseconds +
          (hours * 60 + minutes - offset) * G_TIME_SPAN_MINUTE + seconds * G_TIME_SPAN_SECOND;
  if (value < MIN_TIME || value >= MAX_TIME)
    return FALSE;

  *time = value;

  return TRUE;
}

/**
 * xmpp_time_format:
 * @time: µs since 1970
 *
 * Writes a DateTime in UTC (XEP-0082, 3.2), with milliseconds unless they are zero.
 *
 * Returns: (transfer full) (nullable): the text; %NULL for what no calendar year from 1 to 9999 has
 */
char *
xmpp_time_format (gint64 time)
{
  g_autoptr(GDateTime) date = NULL;
  g_autofree char *text = NULL;
  int milliseconds;

  if (time < MIN_TIME || time >= MAX_TIME)
    return NULL;

  milliseconds = time / 1000 % 1000;
  if (milliseconds < 0)
    milliseconds += 1000;

  date = g_date_time_new_from_unix_utc ((time - milliseconds * 1000) / G_USEC_PER_SEC);
  text = g_date_time_format (date, "-%m-%dT%H:%M:%S");

  /* GLib's %Y has no zeros before a year */
  return milliseconds == 0 ? g_strdup_printf ("%04d%sZ", g_date_time_get_year (date), text)
                           : g_strdup_printf ("%04d%s.%03dZ", g_date_time_get_year (date), text, milliseconds);
}

static char *
format_zone (gint64 time)
{
  g_autoptr(GDateTime) date = g_date_time_new_from_unix_local (time / G_USEC_PER_SEC);
  int minutes = date != NULL ? g_date_time_get_utc_offset (date) / G_TIME_SPAN_MINUTE : 0;

  return g_strdup_printf ("%c%02d:%02d", minutes < 0 ? '-' : '+', ABS (minutes) / 60, ABS (minutes) % 60);
}

static void
answer_time (XmppModule     *module,
             XmppStanza     *request,
             const XmppNode *child,
             XmppJid        *from,
             XmppSender      sender)
{
  XmppSession *session = xmpp_module_get_session (module);
  gint64 now = xmpp_clock_get_real (xmpp_session_get_clock (session));
  g_autofree char *zone = format_zone (now);
  g_autofree char *utc = xmpp_time_format (now / G_USEC_PER_SEC * G_USEC_PER_SEC);
  g_autoptr(XmppStanza) result = xmpp_stanza_new_iq ("result", NULL);
  XmppNode *time = xmpp_node_add (xmpp_stanza_get_root (result), "time", NS_TIME);

  xmpp_node_add_text (time, "tzo", NS_TIME, zone);
  xmpp_node_add_text (time, "utc", NS_TIME, utc);

  xmpp_session_send_result (session, request, result);
}

static const char * const features[] = { NS_TIME, NULL };

/* Where somebody is can be read from his time zone (security.md, T099). */
static const XmppHandler handlers[] = {
  { "iq", "get", "time", NS_TIME, answer_time, XMPP_SENDER_OWN_ACCOUNT | XMPP_SENDER_CONTACT },
  { NULL }
};

static void
xmpp_time_class_init (XmppTimeClass *klass)
{
  XmppModuleClass *module_class = XMPP_MODULE_CLASS (klass);

  module_class->features = features;
  module_class->handlers = handlers;
}

static void
xmpp_time_init (XmppTime *self)
{
}

/**
 * xmpp_time_ask_async:
 * @jid: a full address, or a server's
 *
 * Asks what time it is at @jid (XEP-0202).
 */
void
xmpp_time_ask_async (XmppTime            *self,
                     XmppJid             *jid,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  g_autoptr(XmppStanza) iq = NULL;

  g_return_if_fail (XMPP_IS_TIME (self));
  g_return_if_fail (jid != NULL);

  iq = xmpp_stanza_new_iq ("get", xmpp_jid_get_text (jid));
  xmpp_node_add (xmpp_stanza_get_root (iq), "time", NS_TIME);

  xmpp_ask_async (self, iq, xmpp_time_ask_async, cancellable, callback, user_data);
}

/**
 * xmpp_time_ask_finish:
 * @time: (out) (optional): their clock, µs since 1970
 * @offset: (out) (optional): their zone, minutes east of UTC
 *
 * Returns: %FALSE with @error set when they do not tell, or nothing that makes sense
 */
gboolean
xmpp_time_ask_finish (XmppTime      *self,
                      GAsyncResult  *result,
                      gint64        *time,
                      int           *offset,
                      GError       **error)
{
  g_autoptr(XmppStanza) answer = xmpp_ask_finish (self, result, xmpp_time_ask_async, error);
  const XmppNode *node;
  const char *zone;
  gint64 utc;
  int minutes;

  if (answer == NULL)
    return FALSE;

  node = xmpp_node_get_child (xmpp_stanza_get_root (answer), "time", NS_TIME);
  zone = node != NULL ? xmpp_node_get_child_text (node, "tzo", NS_TIME) : NULL;

  if (zone == NULL || !parse_zone (zone, &minutes) ||
      !xmpp_time_parse (xmpp_node_get_child_text (node, "utc", NS_TIME), &utc))
    {
      g_set_error_literal (error, XMPP_ERROR, XMPP_ERROR_PROTOCOL,
                           _("The answer does not say what time it is"));
      return FALSE;
    }

  if (time != NULL)
    *time = utc;
  if (offset != NULL)
    *offset = minutes;

  return TRUE;
}
