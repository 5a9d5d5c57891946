/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a server offers to log in by (RFC 6120, 6.3.3; XEP-0440; XEP-0474): what we choose is never weaker than it may be.
 *
 * Lines: "encrypted", "exporter", "end-point", "password", "certificate", "anonymous", "weaker": what there is, what we may;
 * "last NAME": what worked last time; "tried NAME"; "binding TYPE": its list of channel bindings; any other: a mechanism.
 */
#include "fuzz.h"

#include "xmpp-sasl.h"

#include <string.h>

typedef struct
{
  GPtrArray *offered;
  GPtrArray *bindings;
  GPtrArray *tried;
  char      *last;
} Lists;

static gboolean
take_flag (const char    *line,
           XmppSaslOffer *offer)
{
  const struct { const char *name; gboolean *flag; } flags[] = {
    { "encrypted", &offer->is_encrypted },
    { "exporter", &offer->has_exporter },
    { "end-point", &offer->has_end_point },
    { "password", &offer->has_password },
    { "certificate", &offer->has_certificate },
    { "anonymous", &offer->is_anonymous },
    { "weaker", &offer->allow_weaker },
  };

  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      if (g_str_equal (line, flags[i].name))
        return *flags[i].flag = TRUE;
    }

  return FALSE;
}

static void
take_line (const char    *line,
           XmppSaslOffer *offer,
           Lists         *lists)
{
  if (take_flag (line, offer))
    return;

  if (g_str_has_prefix (line, "last "))
    {
      g_free (lists->last);
      lists->last = g_strdup (line + 5);
    }
  else if (g_str_has_prefix (line, "tried "))
    g_ptr_array_add (lists->tried, g_strdup (line + 6));
  else if (g_str_has_prefix (line, "binding "))
    g_ptr_array_add (lists->bindings, g_strdup (line + 8));
  else
    g_ptr_array_add (lists->offered, g_strdup (line));
}

static void
check_choice (const XmppSaslOffer *offer,
              const char          *chosen,
              const char          *binding)
{
  gboolean is_plus = g_str_has_suffix (chosen, "-PLUS");

  g_assert_true (g_strv_contains (offer->offered, chosen));
  g_assert_true (offer->tried == NULL || !g_strv_contains (offer->tried, chosen));
  g_assert_true (is_plus == (binding != NULL));

  if (offer->is_anonymous)
    g_assert_cmpstr (chosen, ==, "ANONYMOUS");
  else
    g_assert_cmpstr (chosen, !=, "ANONYMOUS");

  if (g_str_equal (chosen, "PLAIN"))
    g_assert_true (offer->is_encrypted && offer->has_password);
  if (g_str_equal (chosen, "EXTERNAL"))
    g_assert_true (offer->has_certificate);
  if (g_str_has_prefix (chosen, "SCRAM-"))
    g_assert_true (offer->has_password);

  if (is_plus)
    g_assert_true (g_str_equal (binding, "tls-exporter") ? offer->has_exporter : offer->has_end_point);

  /* a certificate gives nothing away, whatever there was before */
  if (offer->last != NULL && !offer->allow_weaker && !offer->is_anonymous && !g_str_equal (chosen, "EXTERNAL"))
    g_assert_cmpint (xmpp_sasl_get_strength (chosen), >=, xmpp_sasl_get_strength (offer->last));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FuzzInput input = { (const char *) data, size };
  XmppSaslOffer offer = { NULL };
  Lists lists = { g_ptr_array_new_with_free_func (g_free), g_ptr_array_new_with_free_func (g_free),
                  g_ptr_array_new_with_free_func (g_free), NULL };
  g_autoptr(GError) error = NULL;
  const char *binding = NULL;
  const char *chosen;
  char *line;

  while ((line = fuzz_take_line (&input)) != NULL)
    {
      g_autoptr(GBytes) decoded = xmpp_sasl_decode (line);

      take_line (line, &offer, &lists);

      if (decoded != NULL)
        {
          g_autofree char *encoded = xmpp_sasl_encode (decoded);
          g_autoptr(GBytes) again = xmpp_sasl_decode (encoded);

          g_assert_true (g_bytes_equal (decoded, again));
        }
      g_free (line);
    }

  offer.last = lists.last;
  g_ptr_array_add (lists.offered, NULL);
  offer.offered = (const char * const *) lists.offered->pdata;
  if (lists.bindings->len > 0)
    {
      g_ptr_array_add (lists.bindings, NULL);
      offer.binding_types = (const char * const *) lists.bindings->pdata;
    }
  if (lists.tried->len > 0)
    {
      g_ptr_array_add (lists.tried, NULL);
      offer.tried = (const char * const *) lists.tried->pdata;
    }

  chosen = xmpp_sasl_choose (&offer, &binding, &error);
  if (chosen != NULL)
    {
      g_autofree char *hash = xmpp_sasl_hash_offer (offer.offered, offer.binding_types, chosen);

      check_choice (&offer, chosen, binding);
      xmpp_sasl_offers_binding (offer.offered);
    }
  else
    {
      fuzz_assert_words (error);
    }

  g_ptr_array_unref (lists.offered);
  g_ptr_array_unref (lists.bindings);
  g_ptr_array_unref (lists.tried);
  g_free (lists.last);

  return 0;
}
