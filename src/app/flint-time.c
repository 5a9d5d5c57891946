/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-time.h"

#include <glib/gi18n.h>

static GDateTime *
to_local (gint64 time)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);

  /* NULL at the ends of the calendar (T117) */
  return utc != NULL ? g_date_time_to_local (utc) : NULL;
}

/* Days between two local dates, by the calendar and not by 24 hours */
static int
days_between (GDateTime *from,
              GDateTime *to)
{
  GDate a;
  GDate b;

  g_date_clear (&a, 1);
  g_date_clear (&b, 1);
  g_date_set_dmy (&a, g_date_time_get_day_of_month (from), g_date_time_get_month (from), g_date_time_get_year (from));
  g_date_set_dmy (&b, g_date_time_get_day_of_month (to), g_date_time_get_month (to), g_date_time_get_year (to));

  return g_date_days_between (&a, &b);
}

/**
 * flint_time_format_short:
 *
 * Returns: (transfer full): the time of today, "Yesterday", the day of this week, or the date
 */
char *
flint_time_format_short (gint64 time)
{
  g_autoptr(GDateTime) then = to_local (time);
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  int days;

  if (then == NULL)
    return g_strdup ("");

  days = days_between (then, now);
  if (days <= 0)
    /* translators: a time of day, see g_date_time_format() */
    return g_date_time_format (then, _("%H:%M"));
  if (days == 1)
    return g_strdup (_("Yesterday"));
  if (days < 7)
    return g_date_time_format (then, "%a");

  if (g_date_time_get_year (then) == g_date_time_get_year (now))
    /* translators: a day without the year, see g_date_time_format() */
    return g_date_time_format (then, _("%-d %b"));

  return g_date_time_format (then, "%x");
}

/**
 * flint_time_format_long:
 *
 * Returns: (transfer full): day, date and time, in full
 */
char *
flint_time_format_long (gint64 time)
{
  g_autoptr(GDateTime) then = to_local (time);

  if (then == NULL)
    return g_strdup ("");

  /* translators: a day with its date and the time, see g_date_time_format() */
  return g_date_time_format (then, _("%A, %-d %B %Y, %H:%M"));
}
