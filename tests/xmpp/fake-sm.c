/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-sm.h"

#include "fake-scram.h"

#include <string.h>

static gboolean
is_stanza (const char *xml)
{
  const char *ns = strstr (xml, " xmlns='");

  /* In the stream's own namespace */
  if (ns != NULL && ns < strchr (xml, '>'))
    return FALSE;

  return g_str_has_prefix (xml, "<message") || g_str_has_prefix (xml, "<presence") || g_str_has_prefix (xml, "<iq");
}

static guint32
get_h (const char *nonza)
{
  g_autofree char *h = fake_xml_get (nonza, "h");

  g_assert_nonnull (h);

  return g_ascii_strtoull (h, NULL, 10);
}

/* The client has so much */
static void
acknowledge (FakeSm  *self,
             guint32  h)
{
  guint32 n = h - self->h;

  /* It may not go back, nor have more than there was */
  g_assert_cmpuint (n, <=, g_queue_get_length (&self->unacked));
  for (; n > 0; n--)
    g_free (g_queue_pop_head (&self->unacked));

  self->h = h;
}

/* Dealt with: it does not wait for the test */
static void
forget (FakeSm     *self,
        const char *element)
{
  g_ptr_array_remove (self->server->waiting, (gpointer) element);
}

static void
answer (FakeSm *self)
{
  g_autofree char *xml = g_strdup_printf ("<a xmlns='" FAKE_SM_NS "' h='%u'/>", self->handled);

  if (self->answers)
    fake_server_send (self->server, xml);
}

static void
on_received (gpointer    user_data,
             const char *element)
{
  FakeSm *self = user_data;

  if (!self->is_enabled)
    return;

  if (is_stanza (element))
    {
      self->handled++;
    }
  else if (g_str_equal (element, "<r xmlns='" FAKE_SM_NS "'/>"))
    {
      self->n_asked++;
      forget (self, element);
      answer (self);
    }
  else if (g_str_has_prefix (element, "<a xmlns='" FAKE_SM_NS "'"))
    {
      self->n_told++;
      acknowledge (self, get_h (element));
      forget (self, element);
    }
}

static void
on_sent (gpointer    user_data,
         const char *xml)
{
  FakeSm *self = user_data;

  while (self->is_enabled && !self->is_repeating && *xml == '<')
    {
      gsize length = fake_xml_measure (xml);

      if (length == 0)
        return;

      if (is_stanza (xml))
        {
          self->sent++;
          g_queue_push_tail (&self->unacked, g_strndup (xml, length));
        }
      xml += length;
    }
}

FakeSm *
fake_sm_new (FakeServer *server)
{
  FakeSm *self = g_new0 (FakeSm, 1);

  self->server = server;
  self->answers = TRUE;
  self->id = g_strdup ("session-1");
  server->on_received = on_received;
  server->on_sent = on_sent;
  server->hook_data = self;
  g_free (server->features);
  server->features = g_strdup (FAKE_SM);

  return self;
}

void
fake_sm_free (FakeSm *self)
{
  self->server->on_received = NULL;
  self->server->on_sent = NULL;
  g_queue_clear_full (&self->unacked, g_free);
  g_free (self->id);
  g_free (self);
}

void
fake_sm_enable (FakeSm     *self,
                const char *attributes)
{
  g_autofree char *own = g_strdup_printf ("resume='true' id='%s' max='600'", self->id);
  g_autofree char *xml = g_strdup_printf ("<enabled xmlns='" FAKE_SM_NS "' %s/>", attributes != NULL ? attributes : own);

  fake_server_expect (self->server, "<enable xmlns='" FAKE_SM_NS "' resume='true'/>");

  /* What came behind it counts */
  self->is_enabled = TRUE;
  self->handled = 0;
  self->sent = 0;
  self->h = 0;
  g_queue_clear_full (&self->unacked, g_free);
  for (guint i = 0; i < self->server->waiting->len; i++)
    self->handled += is_stanza (g_ptr_array_index (self->server->waiting, i));

  fake_server_send (self->server, xml);
}

void
fake_sm_login_with (FakeSm     *self,
                    const char *attributes)
{
  self->is_enabled = FALSE;
  fake_server_login (self->server);
  fake_sm_enable (self, attributes);
  fake_server_settle (self->server);
}

void
fake_sm_login (FakeSm *self)
{
  fake_sm_login_with (self, NULL);
}

void
fake_sm_cut (FakeSm *self)
{
  fake_server_fin (self->server);
  fake_server_wait_until (xmpp_session_get_state (self->server->session) == XMPP_STATE_OFFLINE);
  g_ptr_array_set_size (self->server->waiting, 0);
}

void
fake_sm_reconnect (FakeSm *self)
{
  g_autofree char *features = g_strconcat (FAKE_BIND, self->server->features, NULL);
  gboolean was_enabled = self->is_enabled;
  XmppSecurity security;

  self->is_enabled = FALSE;
  g_object_get (self->server->session, "security", &security, NULL);

  if (security == XMPP_SECURITY_DISABLED)
    {
      fake_server_connect (self->server);
      fake_server_open (self->server, FAKE_MECHANISMS (FAKE_MECHANISM ("SCRAM-SHA-256")));
      fake_scram_play (self->server, "SCRAM-SHA-256");
    }
  else
    {
      fake_server_secure (self->server);
      fake_server_open (self->server, FAKE_MECHANISMS (FAKE_MECHANISM ("PLAIN")));
      fake_server_authenticate (self->server);
    }

  fake_server_open (self->server, features);
  self->is_enabled = was_enabled;
}

void
fake_sm_expect_resume (FakeSm *self)
{
  const char *resume = fake_server_expect_contains (self->server, "<resume ");
  g_autofree char *id = fake_xml_get (resume, "previd");

  g_assert_cmpstr (id, ==, self->id);
  acknowledge (self, get_h (resume));
}

void
fake_sm_send_resumed (FakeSm  *self,
                      guint32  h)
{
  g_autofree char *xml = g_strdup_printf ("<resumed xmlns='" FAKE_SM_NS "' previd='%s' h='%u'/>", self->id, h);

  fake_server_send (self->server, xml);
}

void
fake_sm_resume (FakeSm *self)
{
  g_autoptr(GPtrArray) again = g_ptr_array_new_with_free_func (g_free);

  fake_sm_expect_resume (self);
  for (GList *l = self->unacked.head; l != NULL; l = l->next)
    g_ptr_array_add (again, g_strdup (l->data));
  fake_sm_send_resumed (self, self->handled);

  self->is_repeating = TRUE;
  for (guint i = 0; i < again->len; i++)
    fake_server_send (self->server, g_ptr_array_index (again, i));
  self->is_repeating = FALSE;

  fake_server_wait_until (!self->server->is_connecting);
  g_assert_no_error (self->server->error);
}
