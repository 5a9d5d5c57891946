/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses (RFC 7622, XEP-0106), and the passwords and names that SASL prepares: what is prepared stays as it is, and
 * is within the limits.
 */
#include "fuzz.h"

#include "xmpp-jid.h"
#include "xmpp-prepare.h"
#include "xmpp-sasl.h"

#include <string.h>

static void
check_part (const char *part)
{
  if (part == NULL)
    return;

  g_assert_true (g_utf8_validate (part, -1, NULL));
  g_assert_cmpuint (strlen (part), >=, 1);
  g_assert_cmpuint (strlen (part), <=, XMPP_PART_MAX);
}

static void
check_same (XmppJid *a,
            XmppJid *b)
{
  g_assert_nonnull (b);
  g_assert_cmpstr (xmpp_jid_get_text (a), ==, xmpp_jid_get_text (b));
  g_assert_true (xmpp_jid_equal (a, b));
  g_assert_true (xmpp_jid_equal_bare (a, b));
  g_assert_cmpuint (xmpp_jid_hash (a), ==, xmpp_jid_hash (b));
  g_assert_cmpuint (xmpp_jid_hash_bare (a), ==, xmpp_jid_hash_bare (b));
}

static void
check_jid (XmppJid *jid)
{
  g_autoptr(XmppJid) again = xmpp_jid_new (xmpp_jid_get_text (jid), NULL);
  g_autoptr(XmppJid) parts = xmpp_jid_new_from_parts (xmpp_jid_get_local (jid), xmpp_jid_get_domain (jid),
                                                      xmpp_jid_get_resource (jid), NULL);
  g_autoptr(XmppJid) received = xmpp_jid_new_received (xmpp_jid_get_text (jid));
  g_autoptr(XmppJid) bare = xmpp_jid_get_bare (jid);
  g_autofree char *ascii = xmpp_jid_get_ascii_domain (jid);
  g_autofree char *unescaped = xmpp_jid_unescape_local (jid);

  check_part (xmpp_jid_get_local (jid));
  check_part (xmpp_jid_get_domain (jid));
  check_part (xmpp_jid_get_resource (jid));

  check_same (jid, again);
  check_same (jid, parts);
  check_same (jid, received);
  g_assert_false (xmpp_jid_is_opaque (jid));
  g_assert_false (xmpp_jid_is_opaque (received));

  g_assert_true (xmpp_jid_is_bare (bare));
  g_assert_true (xmpp_jid_equal_bare (jid, bare));
  g_assert_cmpstr (xmpp_jid_get_text (bare), ==, xmpp_jid_get_bare_text (jid));
  g_assert_true (g_str_has_prefix (xmpp_jid_get_text (jid), xmpp_jid_get_bare_text (jid)));

  if (ascii != NULL)
    g_assert_true (g_str_is_ascii (ascii));
  if (unescaped != NULL)
    g_assert_true (g_utf8_validate (unescaped, -1, NULL));
}

static void
check_received (const char *text)
{
  g_autoptr(XmppJid) jid = xmpp_jid_new_received (text);
  g_autoptr(XmppJid) again = NULL;
  g_autoptr(XmppJid) typed = NULL;

  if (jid == NULL)
    return;

  again = xmpp_jid_new_received (xmpp_jid_get_text (jid));
  check_same (jid, again);
  g_assert_true (xmpp_jid_is_opaque (jid) == xmpp_jid_is_opaque (again));
  g_assert_true (g_str_has_prefix (xmpp_jid_get_text (jid), xmpp_jid_get_bare_text (jid)));

  /* What others have may be of a newer Unicode than ours, and cannot be typed then (RFC 3454, 7) */
  typed = xmpp_jid_new (xmpp_jid_get_text (jid), NULL);
  if (typed != NULL)
    check_jid (typed);
}

/* What a person types as a name is one again after it was escaped (XEP-0106, 3.2) */
static void
check_escape (const char *text)
{
  g_autofree char *escaped = xmpp_jid_escape_local (text);
  g_autoptr(XmppJid) jid = NULL;

  if (escaped == NULL)
    return;

  g_assert_null (strpbrk (escaped, "\"&'/:<>@"));
  jid = xmpp_jid_new_from_parts (escaped, "d", NULL, NULL);
  if (jid != NULL)
    check_jid (jid);
}

static void
check_prepared (const char *text)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *prepared = xmpp_sasl_prepare (text, &error);
  g_autofree char *again = NULL;

  if (prepared == NULL)
    {
      fuzz_assert_words (error);
      return;
    }

  /* One character may become eighteen, and then it is too long to come again */
  again = xmpp_sasl_prepare (prepared, NULL);
  if (strlen (prepared) <= XMPP_PART_MAX)
    g_assert_cmpstr (prepared, ==, again);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FuzzInput input = { (const char *) data, size };
  g_autofree char *text = fuzz_take_text (&input);
  g_autoptr(GError) error = NULL;
  g_autoptr(XmppJid) jid = xmpp_jid_new (text, &error);

  if (jid != NULL)
    {
      g_autoptr(XmppJid) other = xmpp_jid_with_resource (jid, text, NULL);

      g_assert_no_error (error);
      check_jid (jid);
      if (other != NULL)
        check_jid (other);
    }
  else
    {
      fuzz_assert_words (error);
    }

  check_received (text);
  if (g_utf8_validate (text, -1, NULL))
    {
      check_escape (text);
      check_prepared (text);
    }

  return 0;
}
