/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "demo-replies.h"

#include "demo-cast.h"

#include <string.h>

static const struct
{
  const char *words;     /* any of them, whole, in lower case */
  const char *reply;
} replies[] = {
  { "help", "Try these: write “time”, send me a link, write to me in Chinese. Join the room " DEMO_ROOM
            " and say something. Write to Quentin to see a message that is not delivered. Wait a little, and"
            " there will be a headline, a message with a subject and a contact request" },
  { "hello hi hey hallo hola bonjour moin morning", "Hello. Nice to see you here" },
  { "thanks thank thx", "You are welcome" },
  { "bye goodbye ciao later", "See you soon" },
  { "你好 您好 早上好 大家好", "你好，很高兴认识你" },
  { "谢谢 多谢", "不客气" },
  { "再见 拜拜", "再见，回头聊" },
};

static const char * const others[] = {
  "I see. Tell me more",
  "That sounds good",
  "Let me think about “%s”",
  "I was about to say the same",
};

static gboolean
is_han (gunichar c)
{
  return g_unichar_get_script (c) == G_UNICODE_SCRIPT_HAN;
}

static gboolean
has_han (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      if (is_han (g_utf8_get_char (p)))
        return TRUE;
    }

  return FALSE;
}

/* Latin words are whole words; Chinese is not written with spaces */
static gboolean
says (char       **words,
      const char  *text,
      const char  *word)
{
  if (has_han (word))
    return strstr (text, word) != NULL;

  return g_strv_contains ((const char * const *) words, word);
}

static gboolean
says_any (char       **words,
          const char  *text,
          const char  *list)
{
  g_auto(GStrv) options = g_strsplit (list, " ", -1);

  for (guint i = 0; options[i] != NULL; i++)
    {
      if (says (words, text, options[i]))
        return TRUE;
    }

  return FALSE;
}

/* The first link, up to the next space */
static char *
find_link (const char *text)
{
  const char *start = strstr (text, "https://");

  if (start == NULL)
    start = strstr (text, "http://");
  if (start == NULL)
    return NULL;

  return g_strndup (start, strcspn (start, " \t\r\n"));
}

static char *
shorten (const char *text)
{
  return g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), 60));
}

/**
 * demo_reply_to:
 * @text: what was written
 * @now: what time it is
 * @turn: how many replies there were before, so that they are not all the same
 *
 * Returns: (transfer full): what a friendly person answers
 */
char *
demo_reply_to (const char *text,
               GDateTime  *now,
               guint       turn)
{
  g_autofree char *lower = g_utf8_strdown (text, -1);
  g_auto(GStrv) words = g_strsplit_set (lower, " \t\r\n.,;:!?\"'()", -1);
  g_autofree char *link = find_link (text);
  g_autofree char *time = g_date_time_format (now, "%H:%M");
  g_autofree char *short_text = shorten (text);
  const char *other = others[turn % G_N_ELEMENTS (others)];

  if (link != NULL)
    return g_strdup_printf ("Thank you for the link, I will read %s", link);
  if (says (words, lower, "time"))
    return g_strdup_printf ("It is %s here", time);
  if (says (words, lower, "几点") || says (words, lower, "时间"))
    return g_strdup_printf ("我这里是 %s", time);

  for (guint i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      if (says_any (words, lower, replies[i].words))
        return g_strdup (replies[i].reply);
    }

  if (has_han (text))
    return g_strdup_printf ("收到：“%s”。我的中文还在学", short_text);
  if (strchr (text, '?') != NULL)
    return g_strdup ("Good question. Write “help” to see what I know");
  if (strstr (other, "%s") != NULL)
    return g_strdup_printf ("Let me think about “%s”", short_text);

  return g_strdup (other);
}
