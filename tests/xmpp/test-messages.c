/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-server.h"
#include "xmpp-module.h"

#include <string.h>

#define JID  "juliet@capulet.lit/balcony"
#define BOB  "bob@peer.test/p"
#define NOTE "<note xmlns='urn:test'/>"
#define WRAP(inner) "<wrap xmlns='urn:test'>" inner "</wrap>"
#define INNER(from, content) "<message xmlns='jabber:client' type='chat' id='inner' from='" from "' to='" JID "'>" content "</message>"

/* A module with a field that anybody may say, one for contacts, and a wrapper of our own account's */

#define TEST_TYPE_FIELDS (test_fields_get_type ())

G_DECLARE_FINAL_TYPE (TestFields, test_fields, TEST, FIELDS, XmppModule)

struct _TestFields
{
  XmppModule  parent_instance;

  guint       n_notes;
  guint       n_whispers;
  guint       n_unwrapped;
  const char *taken;        /* messages of this body are */
};

G_DEFINE_FINAL_TYPE (TestFields, test_fields, XMPP_TYPE_MODULE)

static void
read_note (XmppModule     *module,
           const XmppNode *child,
           XmppMessage    *message)
{
  TEST_FIELDS (module)->n_notes++;
  message->wants_receipt = TRUE;
}

static void
read_whisper (XmppModule     *module,
              const XmppNode *child,
              XmppMessage    *message)
{
  TEST_FIELDS (module)->n_whispers++;
}

static void
write_note (XmppModule        *module,
            const XmppMessage *message,
            XmppNode          *stanza)
{
  if (message->wants_receipt)
    xmpp_node_add (stanza, "note", "urn:test");
}

static XmppNode *
unwrap (XmppModule     *module,
        const XmppNode *child,
        XmppMessage    *message)
{
  TEST_FIELDS (module)->n_unwrapped++;
  message->carbon = XMPP_CARBON_RECEIVED;

  return xmpp_node_get_child (child, "message", XMPP_NS_CLIENT);
}

static gboolean
test_fields_message (XmppModule  *module,
                     XmppMessage *message)
{
  const char *taken = TEST_FIELDS (module)->taken;

  return taken != NULL && g_strcmp0 (message->body, taken) == 0;
}

static XmppSender
test_fields_classify (XmppModule    *module,
                      const XmppJid *from)
{
  const char *bare = xmpp_jid_get_bare_text (from);

  return strcmp (bare, "bob@peer.test") == 0 ? XMPP_SENDER_CONTACT : 0;
}

static void
test_fields_class_init (TestFieldsClass *klass)
{
  static const XmppMessageField fields[] = {
    { "note", "urn:test", read_note, write_note, NULL, XMPP_SENDER_ANY },
    { "whisper", "urn:test", read_whisper, NULL, NULL, XMPP_SENDER_CONTACT },
    { "wrap", "urn:test", NULL, NULL, unwrap, XMPP_SENDER_OWN_ACCOUNT },
    { NULL }
  };
  XmppModuleClass *module_class = XMPP_MODULE_CLASS (klass);

  module_class->fields = fields;
  module_class->message = test_fields_message;
  module_class->classify = test_fields_classify;
}

static void
test_fields_init (TestFields *self)
{
}

GType (* const xmpp_module_types[]) (void) = { test_fields_get_type, NULL };

/* What the session said last */
typedef struct
{
  FakeServer  *server;
  TestFields  *fields;
  guint        n;
  XmppMessage  last;     /* its pointers are copies, or not there any more */
} Listener;

static void
listener_forget (Listener *self)
{
  g_free ((char *) self->last.id);
  g_free ((char *) self->last.body);
  g_free ((char *) self->last.subject);
  g_free ((char *) self->last.thread);
  g_clear_pointer (&self->last.from, xmpp_jid_unref);
  g_clear_pointer (&self->last.to, xmpp_jid_unref);
  g_clear_error (&self->last.error);
  memset (&self->last, 0, sizeof self->last);
}

static void
on_message (XmppSession       *session,
            const XmppMessage *message,
            Listener          *self)
{
  g_assert_nonnull (message->from);
  g_assert_nonnull (message->to);
  g_assert_nonnull (message->stanza);

  listener_forget (self);
  self->n++;
  self->last = *message;
  self->last.id = g_strdup (message->id);
  self->last.body = g_strdup (message->body);
  self->last.subject = g_strdup (message->subject);
  self->last.thread = g_strdup (message->thread);
  self->last.from = xmpp_jid_ref (message->from);
  self->last.to = xmpp_jid_ref (message->to);
  self->last.error = message->error != NULL ? g_error_copy (message->error) : NULL;
}

static Listener *
listener_new (const char *lang)
{
  Listener *self = g_new0 (Listener, 1);

  self->server = fake_server_new (JID);
  self->fields = xmpp_session_get_module (self->server->session, TEST_TYPE_FIELDS);
  g_object_set (self->server->session, "lang", lang, NULL);
  g_signal_connect (self->server->session, "message", G_CALLBACK (on_message), self);
  fake_server_login (self->server);
  fake_server_settle (self->server);

  return self;
}

static void
listener_free (Listener *self)
{
  g_signal_handlers_disconnect_by_data (self->server->session, self);
  fake_server_free (self->server);
  listener_forget (self);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Listener, listener_free)

/* Sends it, and returns how many messages that made */
static guint
hear (Listener   *self,
      const char *xml)
{
  guint before = self->n;

  fake_server_send (self->server, xml);
  fake_server_ping (self->server);

  return self->n - before;
}

static void
test_record (void)
{
  g_autoptr(Listener) listener = listener_new (NULL);
  gint64 now = xmpp_clock_get_real (listener->server->clock);

  g_assert_cmpuint (hear (listener, "<message type='chat' id='m1' from='" BOB "' to='" JID "'><subject>S</subject>"
                                    "<body> a  b\n</body><thread>t1</thread>" NOTE "<whisper xmlns='urn:test'/></message>"), ==, 1);
  g_assert_cmpint (listener->last.type, ==, XMPP_MESSAGE_CHAT);
  g_assert_cmpstr (listener->last.id, ==, "m1");
  g_assert_cmpstr (xmpp_jid_get_text (listener->last.from), ==, BOB);
  g_assert_cmpstr (xmpp_jid_get_text (listener->last.to), ==, JID);
  g_assert_cmpstr (listener->last.body, ==, " a  b\n");
  g_assert_cmpstr (listener->last.subject, ==, "S");
  g_assert_true (listener->last.has_subject);
  g_assert_cmpstr (listener->last.thread, ==, "t1");
  g_assert_true (listener->last.wants_receipt);
  g_assert_cmpint (listener->last.sender, ==, XMPP_SENDER_CONTACT);
  g_assert_cmpint (listener->last.carbon, ==, XMPP_CARBON_NONE);
  g_assert_cmpint (listener->last.time, ==, now);
  g_assert_false (listener->last.is_delayed);
  g_assert_null (listener->last.error);
  g_assert_cmpuint (listener->fields->n_notes, ==, 1);
  g_assert_cmpuint (listener->fields->n_whispers, ==, 1);
}

static void
test_types (void)
{
  static const struct
  {
    const char     *type;
    XmppMessageType wanted;
  } types[] = {
    { "", XMPP_MESSAGE_NORMAL },
    { " type='normal'", XMPP_MESSAGE_NORMAL },
    { " type='chat'", XMPP_MESSAGE_CHAT },
    { " type='groupchat'", XMPP_MESSAGE_GROUPCHAT },
    { " type='headline'", XMPP_MESSAGE_HEADLINE },
    { " type='error'", XMPP_MESSAGE_ERROR },
    { " type='CHAT'", XMPP_MESSAGE_NORMAL },
    { " type=''", XMPP_MESSAGE_NORMAL },
    { " xmlns:a='urn:a' a:type='groupchat'", XMPP_MESSAGE_NORMAL },
  };
  g_autoptr(Listener) listener = listener_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autofree char *xml = g_strdup_printf ("<message from='" BOB "'%s><body>x</body></message>", types[i].type);

      g_assert_cmpuint (hear (listener, xml), ==, 1);
      g_assert_cmpint (listener->last.type, ==, types[i].wanted);
    }
}

static void
test_from_nobody (void)
{
  g_autoptr(Listener) listener = listener_new (NULL);

  g_assert_cmpuint (hear (listener, "<message><body>x</body></message>"), ==, 1);
  g_assert_cmpstr (xmpp_jid_get_text (listener->last.from), ==, "juliet@capulet.lit");
  g_assert_cmpstr (xmpp_jid_get_text (listener->last.to), ==, "juliet@capulet.lit");
  g_assert_cmpint (listener->last.sender, ==, XMPP_SENDER_OWN_ACCOUNT);

  /* An empty address is not the same as none */
  g_assert_cmpuint (hear (listener, "<message from=''><body>x</body></message>"), ==, 0);
}

static void
test_shadowed (void)
{
  static const char * const stanzas[] = {
    "<message from='eve@evil.test/x' xmlns:a='urn:a' a:from='juliet@capulet.lit' a:type='groupchat' a:id='z' to='" JID "' "
      "type='chat' id='n1'><body>x</body>" WRAP (INNER (BOB, "<body>SPOOF</body>")) "</message>",
    "<message xmlns:a='urn:a' a:id='z' a:type='groupchat' a:from='juliet@capulet.lit' id='n1' type='chat' to='" JID "' "
      "from='eve@evil.test/x'><body>x</body>" WRAP (INNER (BOB, "<body>SPOOF</body>")) "</message>",
  };
  g_autoptr(Listener) listener = listener_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (stanzas); i++)
    {
      g_assert_cmpuint (hear (listener, stanzas[i]), ==, 1);
      g_assert_cmpstr (xmpp_jid_get_text (listener->last.from), ==, "eve@evil.test/x");
      g_assert_cmpint (listener->last.type, ==, XMPP_MESSAGE_CHAT);
      g_assert_cmpstr (listener->last.id, ==, "n1");
      g_assert_cmpstr (listener->last.body, ==, "x");
      g_assert_cmpint (listener->last.sender, ==, XMPP_SENDER_STRANGER);
    }
}

static void
test_subject (void)
{
  g_autoptr(Listener) listener = listener_new (NULL);

  g_assert_cmpuint (hear (listener, "<message from='" BOB "'><subject/></message>"), ==, 1);
  g_assert_true (listener->last.has_subject);
  g_assert_cmpstr (listener->last.subject, ==, "");
  g_assert_null (listener->last.body);

  g_assert_cmpuint (hear (listener, "<message from='" BOB "'><body/></message>"), ==, 1);
  g_assert_false (listener->last.has_subject);
  g_assert_null (listener->last.subject);
  g_assert_null (listener->last.body);
}

/* T072: what is there, what the reader speaks, what he gets */
static const struct
{
  const char *lang;
  const char *bodies;
  const char *wanted;
} languages[] = {
  { NULL, "<body>none</body><body xml:lang='cs'>cs</body>", "none" },
  { NULL, "<body xml:lang='cs'>cs</body><body>none</body>", "none" },
  { NULL, "<body xml:lang='cs'>cs</body><body xml:lang='de'>de</body>", "cs" },
  { "de", "<body>none</body><body xml:lang='cs'>cs</body><body xml:lang='de'>de</body>", "de" },
  { "de", "<body xml:lang='cs'>cs</body><body>none</body>", "none" },
  { "de", "<body xml:lang='cs'>cs</body><body xml:lang='en'>en</body>", "cs" },
  { "DE", "<body>none</body><body xml:lang='de'>de</body>", "de" },
  { "de-AT", "<body>none</body><body xml:lang='de'>de</body>", "de" },
  { "de", "<body>none</body><body xml:lang='de-AT'>at</body>", "at" },
  { "de-AT", "<body xml:lang='de'>de</body><body xml:lang='de-AT'>at</body>", "at" },
  { "d", "<body>none</body><body xml:lang='de'>de</body>", "none" },
  { "en", "<body>outer</body><body xml:lang='de'>de</body>", "outer" },
  { "de", "<body>1</body><body>2</body>", "1" },
  { "de", "<body xml:lang='de'>1</body><body xml:lang='de'>2</body>", "1" },
  { "de", "<body xmlns='urn:evil' xml:lang='de'>evil</body><body>none</body>", "none" },
  { "de", "<body xmlns=''>evil</body>", NULL },
  { "de", "<x xmlns='urn:x'><body xmlns='jabber:client'>inner</body></x>", NULL },
};

static void
test_languages (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    {
      g_autoptr(Listener) listener = listener_new (languages[i].lang);
      g_autofree char *xml = g_strdup_printf ("<message from='" BOB "' xml:lang='en'>%s</message>", languages[i].bodies);

      g_test_message ("%s: %s", languages[i].lang, languages[i].bodies);
      g_assert_cmpuint (hear (listener, xml), ==, 1);
      g_assert_cmpstr (listener->last.body, ==, languages[i].wanted);
    }
}

static void
test_error (void)
{
  g_autoptr(Listener) listener = listener_new (NULL);

  g_assert_cmpuint (hear (listener, "<message type='error' id='m1' from='" BOB "'><body>mine</body>" NOTE
                                    "<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
                                    "</error></message>"), ==, 1);
  g_assert_error (listener->last.error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_ITEM_NOT_FOUND);
  g_assert_cmpstr (listener->last.id, ==, "m1");

  /* What we said ourselves comes back with it: it is said to nobody */
  g_assert_cmpuint (listener->fields->n_notes, ==, 0);

  g_assert_cmpuint (hear (listener, "<message type='error' from='" BOB "'/>"), ==, 1);
  g_assert_error (listener->last.error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_UNDEFINED_CONDITION);
}

static void
test_taken (void)
{
  g_autoptr(Listener) listener = listener_new (NULL);

  listener->fields->taken = "take me";
  g_assert_cmpuint (hear (listener, "<message from='" BOB "'><body>take me</body></message>"), ==, 0);
  g_assert_cmpuint (hear (listener, "<message from='" BOB "'><body>leave me</body></message>"), ==, 1);
}

/* Wrappers */

static void
test_unwrapped (void)
{
  g_autoptr(Listener) listener = listener_new (NULL);

  g_assert_cmpuint (hear (listener, "<message type='normal' id='outer' from='juliet@capulet.lit'>"
                                    WRAP (INNER (BOB, "<body>x</body>" NOTE "<whisper xmlns='urn:test'/>")) "</message>"), ==, 1);
  g_assert_cmpstr (listener->last.id, ==, "inner");
  g_assert_cmpstr (xmpp_jid_get_text (listener->last.from), ==, BOB);
  g_assert_cmpint (listener->last.type, ==, XMPP_MESSAGE_CHAT);
  g_assert_cmpint (listener->last.carbon, ==, XMPP_CARBON_RECEIVED);
  g_assert_cmpstr (listener->last.body, ==, "x");

  /* Who may say what is decided by who said it, not by who passed it on */
  g_assert_cmpint (listener->last.sender, ==, XMPP_SENDER_CONTACT);
  g_assert_cmpuint (listener->fields->n_whispers, ==, 1);

  g_assert_cmpuint (hear (listener, "<message>" WRAP (INNER ("eve@evil.test/x", "<body>x</body><whisper xmlns='urn:test'/>"))
                                    "</message>"), ==, 1);
  g_assert_cmpint (listener->last.sender, ==, XMPP_SENDER_STRANGER);
  g_assert_cmpuint (listener->fields->n_whispers, ==, 1);
}

static void
test_wrapper_alone (void)
{
  g_autoptr(Listener) listener = listener_new (NULL);

  g_assert_cmpuint (hear (listener, "<message>" NOTE "<subject>outer</subject><body>outer</body>"
                                    WRAP (INNER (BOB, "<body>inner</body>")) "<body>outer</body>" NOTE "</message>"), ==, 1);
  g_assert_cmpstr (listener->last.body, ==, "inner");
  g_assert_false (listener->last.has_subject);
  g_assert_false (listener->last.wants_receipt);
  g_assert_cmpuint (listener->fields->n_notes, ==, 0);

  /* The first of two is the one */
  g_assert_cmpuint (hear (listener, "<message>" WRAP (INNER (BOB, "<body>1</body>")) WRAP (INNER (BOB, "<body>2</body>"))
                                    "</message>"), ==, 1);
  g_assert_cmpstr (listener->last.body, ==, "1");
}

static void
test_wrapper_within (void)
{
  g_autoptr(Listener) listener = listener_new (NULL);

  g_assert_cmpuint (hear (listener, "<message>" WRAP (INNER ("juliet@capulet.lit/other", "<body>outer</body>"
                                    WRAP (INNER (BOB, "<body>SPOOF</body>")))) "</message>"), ==, 1);
  g_assert_cmpstr (listener->last.body, ==, "outer");
  g_assert_cmpuint (listener->fields->n_unwrapped, ==, 1);
}

static void
test_wrapper_of_strangers (void)
{
  static const char * const senders[] = {
    "eve@evil.test/x", "eve@evil.test", BOB, "capulet.lit", "juliet@capulet.lit.evil.test", "nurse@capulet.lit",
  };
  g_autoptr(Listener) listener = listener_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (senders); i++)
    {
      g_autofree char *xml = g_strdup_printf ("<message from='%s' xmlns:a='urn:a' a:from='juliet@capulet.lit'>"
                                              WRAP (INNER (BOB, "<body>SPOOF</body>")) "</message>", senders[i]);

      g_assert_cmpuint (hear (listener, xml), ==, 1);
      g_assert_null (listener->last.body);
      g_assert_cmpstr (xmpp_jid_get_text (listener->last.from), ==, senders[i]);
    }

  g_assert_cmpuint (listener->fields->n_unwrapped, ==, 0);
}

static void
test_wrapped_nothing (void)
{
  static const char * const inner[] = {
    "",
    "<message xmlns='urn:evil' from='" BOB "'><body>x</body></message>",
    "<presence xmlns='jabber:client' from='" BOB "'/>",
    "<message xmlns='jabber:client'><body>from nobody</body></message>",
    "<message xmlns='jabber:client' from=''><body>from nobody</body></message>",
  };
  g_autoptr(Listener) listener = listener_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (inner); i++)
    {
      g_autofree char *xml = g_strdup_printf ("<message><body>outer</body>" WRAP ("%s") "</message>", inner[i]);

      g_test_message ("%s", inner[i]);
      g_assert_cmpuint (hear (listener, xml), ==, 0);
    }

  g_assert_cmpuint (hear (listener, "<message>" WRAP ("<message xmlns='jabber:client' from='" BOB "'/>") "</message>"), ==, 1);
}

static void
test_wrapped_error (void)
{
  g_autoptr(Listener) listener = listener_new (NULL);

  g_assert_cmpuint (hear (listener, "<message>" WRAP ("<message xmlns='jabber:client' type='error' from='" BOB "'>" NOTE
                                    "</message>") "</message>"), ==, 1);
  g_assert_cmpint (listener->last.type, ==, XMPP_MESSAGE_ERROR);
  g_assert_nonnull (listener->last.error);
  g_assert_cmpuint (listener->fields->n_notes, ==, 0);
}

/* Sending */

static void
test_sent (void)
{
  g_autoptr(Listener) listener = listener_new (NULL);
  g_autoptr(XmppJid) bob = xmpp_jid_new ("bob@peer.test", NULL);
  XmppMessage message = {
    .type = XMPP_MESSAGE_CHAT,
    .id = "m1",
    .to = bob,
    .subject = "S",
    .body = "</body></message><message to='eve'> & \x1b",
    .thread = "t1",
    .wants_receipt = TRUE,
  };

  xmpp_session_send_message (listener->server->session, &message);
  fake_server_expect_next (listener->server,
                           "<message type='chat' to='bob@peer.test' id='m1'><subject>S</subject>"
                           "<body>&lt;/body&gt;&lt;/message&gt;&lt;message to='eve'&gt; &amp; </body>"
                           "<thread>t1</thread>" NOTE "</message>");
  fake_server_no_more (listener->server);
}

static void
test_sent_bare (void)
{
  g_autoptr(Listener) listener = listener_new (NULL);
  XmppMessage message = { .type = XMPP_MESSAGE_NORMAL };
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  xmpp_session_send_message (listener->server->session, &message);
  first = fake_xml_get (fake_server_expect_next (listener->server, "<message id='*'/>"), "id");
  xmpp_session_send_message (listener->server->session, &message);
  second = fake_xml_get (fake_server_expect_next (listener->server, "<message id='*'/>"), "id");
  g_assert_cmpstr (first, !=, second);
  g_assert_cmpuint (strlen (first), >=, 16);
}

static void
keep (XmppSession *session,
      XmppMessage *message,
      GPtrArray   *kept)
{
  g_ptr_array_add (kept, xmpp_message_copy (message));
}

/* For who wants a message longer than the signal lasts: nothing in it is the stanza's or the session's */
static void
test_kept (void)
{
  g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_message_free);
  FakeServer *server = fake_server_new (JID);
  const XmppMessage *text;
  const XmppMessage *error;

  g_signal_connect (server->session, "message", G_CALLBACK (keep), kept);
  fake_server_login (server);
  fake_server_settle (server);
  fake_server_send (server, "<message from='" BOB "' type='chat' id='m1'><subject>S</subject><body>B</body><thread>T</thread></message>"
                            "<message from='" BOB "' type='error' id='m2'><error type='cancel'>"
                            "<gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>");
  fake_server_ping (server);
  fake_server_free (server);

  g_assert_cmpuint (kept->len, ==, 2);
  text = g_ptr_array_index (kept, 0);
  g_assert_cmpstr (text->id, ==, "m1");
  g_assert_cmpstr (text->subject, ==, "S");
  g_assert_cmpstr (text->body, ==, "B");
  g_assert_cmpstr (text->thread, ==, "T");
  g_assert_cmpstr (xmpp_jid_get_text (text->from), ==, BOB);
  g_assert_cmpstr (xmpp_jid_get_text (text->to), ==, "juliet@capulet.lit");
  g_assert_true (xmpp_node_is (xmpp_stanza_get_root (text->stanza), "message", XMPP_NS_CLIENT));

  error = g_ptr_array_index (kept, 1);
  g_assert_error (error->error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_GONE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/messages/the-record-says-what-the-stanza-says", test_record);
  g_test_add_func ("/xmpp/messages/an-unknown-type-is-normal", test_types);
  g_test_add_func ("/xmpp/messages/without-a-sender-it-is-our-accounts", test_from_nobody);
  g_test_add_func ("/xmpp/messages/T021-an-attribute-in-a-namespace-is-another-one", test_shadowed);
  g_test_add_func ("/xmpp/messages/an-empty-subject-is-one-and-an-empty-body-is-none", test_subject);
  g_test_add_func ("/xmpp/messages/T072-the-readers-language-is-chosen", test_languages);
  g_test_add_func ("/xmpp/messages/an-error-is-said-and-nothing-else-in-it", test_error);
  g_test_add_func ("/xmpp/messages/a-module-may-take-one", test_taken);
  g_test_add_func ("/xmpp/messages/what-is-wrapped-stands-for-itself", test_unwrapped);
  g_test_add_func ("/xmpp/messages/T125-a-wrapper-carries-nothing-else", test_wrapper_alone);
  g_test_add_func ("/xmpp/messages/T006-a-wrapper-within-a-wrapper-is-inert", test_wrapper_within);
  g_test_add_func ("/xmpp/messages/T001-only-some-may-wrap", test_wrapper_of_strangers);
  g_test_add_func ("/xmpp/messages/T005-a-wrapper-around-nothing-is-nothing", test_wrapped_nothing);
  g_test_add_func ("/xmpp/messages/an-error-may-be-wrapped", test_wrapped_error);
  g_test_add_func ("/xmpp/messages/every-field-is-written", test_sent);
  g_test_add_func ("/xmpp/messages/a-copy-can-be-kept", test_kept);
  g_test_add_func ("/xmpp/messages/an-id-is-given-to-one-without", test_sent_bare);

  return g_test_run ();
}
