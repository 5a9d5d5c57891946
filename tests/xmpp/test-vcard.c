/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0054: vcard-temp, and XEP-0153: vCard-Based Avatars */

#include "fake-server.h"
#include "xmpp-vcard.h"

#include <string.h>

#define OWN   "juliet@capulet.lit"
#define ROMEO "romeo@montague.lit"

/* A picture of one pixel */
#define PNG "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="

typedef struct
{
  FakeServer *server;
  XmppVcards *vcards;
  XmppJid    *romeo;

  /* What came of the last request */
  XmppVcard  *vcard;
  GBytes     *avatar;
  GError     *error;
  guint       n_answers;
} Fixture;

static Fixture *
fixture_new (void)
{
  Fixture *self = g_new0 (Fixture, 1);

  self->server = fake_server_new (OWN "/balcony");
  self->romeo = xmpp_jid_new (ROMEO, NULL);
  fake_server_login (self->server);
  fake_server_settle (self->server);
  self->vcards = xmpp_session_get_module (self->server->session, XMPP_TYPE_VCARDS);

  return self;
}

static void
forget (Fixture *self)
{
  g_clear_pointer (&self->vcard, xmpp_vcard_unref);
  g_clear_pointer (&self->avatar, g_bytes_unref);
  g_clear_error (&self->error);
  self->n_answers = 0;
}

static void
fixture_free (Fixture *self)
{
  fake_server_free (self->server);
  forget (self);
  xmpp_jid_unref (self->romeo);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static void
on_vcard (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  Fixture *self = user_data;

  forget (self);
  self->vcard = xmpp_vcards_get_finish (XMPP_VCARDS (object), result, &self->error);
  self->n_answers++;
}

static void
on_avatar (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture *self = user_data;
  guint n_answers = self->n_answers;

  forget (self);
  self->avatar = xmpp_vcards_get_avatar_finish (XMPP_VCARDS (object), result, &self->error);
  self->n_answers = n_answers + 1;
}

static void
get (Fixture    *self,
     const char *children)
{
  g_autofree char *vcard = g_strdup_printf ("<vCard xmlns='vcard-temp'>%s</vCard>", children);

  self->n_answers = 0;
  xmpp_vcards_get_async (self->vcards, self->romeo, NULL, on_vcard, self);
  fake_server_answer (self->server, "vcard-temp", vcard);
  fake_server_wait_until (self->n_answers == 1);
  g_assert_no_error (self->error);
}

static char *
hash_of (const char *base64)
{
  gsize length;
  g_autofree guchar *data = g_base64_decode (base64, &length);

  return g_compute_checksum_for_data (G_CHECKSUM_SHA1, data, length);
}

/* photo: what is in <PHOTO/> */
static void
get_avatar (Fixture    *self,
            const char *hash,
            const char *photo)
{
  g_autofree char *vcard = g_strdup_printf ("<vCard xmlns='vcard-temp'><PHOTO>%s</PHOTO></vCard>", photo);

  self->n_answers = 0;
  xmpp_vcards_get_avatar_async (self->vcards, self->romeo, hash, NULL, on_avatar, self);
  fake_server_answer (self->server, "vcard-temp", vcard);
  fake_server_wait_until (self->n_answers == 1);
}

static void
get_avatar_in_vain (Fixture    *self,
                    const char *hash)
{
  self->n_answers = 0;
  xmpp_vcards_get_avatar_async (self->vcards, self->romeo, hash, NULL, on_avatar, self);
  fake_server_wait_until (self->n_answers == 1);
  g_assert_null (self->avatar);
  fake_server_no_more (self->server);
}

static void
test_tells_who_somebody_is (void)
{
  g_autoptr(Fixture) self = fixture_new ();
  g_autofree char *hash = hash_of (PNG);

  get (self,
    "<FN> Romeo Montague </FN><NICKNAME>Rom</NICKNAME><BDAY>1580-01-01</BDAY><URL>https://montague.lit</URL>"
    "<EMAIL><INTERNET/></EMAIL><EMAIL><USERID>r@montague.lit</USERID></EMAIL>"
    "<TEL><NUMBER>1234</NUMBER></TEL><ORG><ORGNAME>Montague</ORGNAME><ORGUNIT>Sons</ORGUNIT></ORG>"
    "<TITLE>Heir</TITLE><ROLE>Lover</ROLE><DESC>A\nB</DESC><PHOTO><TYPE>image/svg+xml</TYPE><BINVAL>" PNG "</BINVAL></PHOTO>");

  g_assert_cmpstr (self->vcard->full_name, ==, "Romeo Montague");
  g_assert_cmpstr (self->vcard->nickname, ==, "Rom");
  g_assert_cmpstr (self->vcard->birthday, ==, "1580-01-01");
  g_assert_cmpstr (self->vcard->url, ==, "https://montague.lit");
  g_assert_cmpstr (self->vcard->email, ==, "r@montague.lit");
  g_assert_cmpstr (self->vcard->phone, ==, "1234");
  g_assert_cmpstr (self->vcard->organization, ==, "Montague");
  g_assert_cmpstr (self->vcard->unit, ==, "Sons");
  g_assert_cmpstr (self->vcard->title, ==, "Heir");
  g_assert_cmpstr (self->vcard->role, ==, "Lover");
  g_assert_cmpstr (self->vcard->description, ==, "A\nB");
  g_assert_cmpstr (self->vcard->photo_type, ==, "image/png");
  g_assert_nonnull (self->vcard->photo);
  g_assert_cmpstr (self->vcard->photo_hash, ==, hash);
}

static void
test_an_empty_one_says_nothing (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  get (self, "<FN/><NICKNAME>  </NICKNAME><EMAIL/><ORG/><PHOTO/>");
  g_assert_null (self->vcard->full_name);
  g_assert_null (self->vcard->nickname);
  g_assert_null (self->vcard->email);
  g_assert_null (self->vcard->organization);
  g_assert_null (self->vcard->photo);
}

static void
test_an_address_without_a_userid_is_read (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  get (self, "<EMAIL>r@montague.lit</EMAIL>");
  g_assert_cmpstr (self->vcard->email, ==, "r@montague.lit");
}

static void
test_elements_of_others_are_not_read (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  get (self, "<FN xmlns='urn:x'>Paris</FN><FN>Romeo</FN>");
  g_assert_cmpstr (self->vcard->full_name, ==, "Romeo");
}

static void
test_long_texts_are_cut (void)
{
  g_autoptr(Fixture) self = fixture_new ();
  g_autofree char *name = g_strnfill (5000, 'x');
  g_autofree char *children = g_strdup_printf ("<FN>%s</FN><DESC>%s</DESC>", name, name);

  get (self, children);
  g_assert_cmpuint (strlen (self->vcard->full_name), ==, 256);
  g_assert_cmpuint (strlen (self->vcard->description), ==, 4096);
}

static void
test_our_own_is_asked_of_nobody_else (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  xmpp_vcards_get_async (self->vcards, NULL, NULL, on_vcard, self);
  fake_server_expect_next (self->server, "<iq type='get' id='*'><vCard xmlns='vcard-temp'/></iq>");
  xmpp_vcards_get_async (self->vcards, xmpp_session_get_jid (self->server->session), NULL, on_vcard, self);
  fake_server_expect_next (self->server, "<iq type='get' id='*'><vCard xmlns='vcard-temp'/></iq>");
}

static void
test_who_has_none_has_none (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  xmpp_vcards_get_async (self->vcards, self->romeo, NULL, on_vcard, self);
  fake_server_refuse (self->server, "vcard-temp", "cancel", "item-not-found");
  fake_server_wait_until (self->n_answers == 1);
  g_assert_error (self->error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_ITEM_NOT_FOUND);
}

static void
test_the_picture_that_was_announced (void)
{
  g_autoptr(Fixture) self = fixture_new ();
  g_autofree char *hash = hash_of (PNG);
  g_autofree char *upper = g_ascii_strup (hash, -1);

  get_avatar (self, hash, "<TYPE>image/png</TYPE><BINVAL>" PNG "</BINVAL>");
  g_assert_no_error (self->error);
  g_assert_cmpstr (xmpp_image_type (self->avatar), ==, "image/png");

  get_avatar (self, upper, "<BINVAL>" PNG "</BINVAL>");
  g_assert_no_error (self->error);
}

static void
test_T085_another_picture_is_refused (void)
{
  g_autoptr(Fixture) self = fixture_new ();
  g_autofree char *hash = hash_of ("AAAA");

  get_avatar (self, hash, "<BINVAL>" PNG "</BINVAL>");
  g_assert_error (self->error, XMPP_ERROR, XMPP_ERROR_FAILED);
  g_assert_null (self->avatar);

  get_avatar_in_vain (self, hash);

  /* Until the next day; nobody answers pings meanwhile */
  fake_clock_advance (self->server->clock, 24 * 60 * 60 * 1000);
  fake_server_wait_until (self->server->n_closed == 1);
  fake_server_login (self->server);
  fake_server_settle (self->server);
  get_avatar (self, hash, "<BINVAL>" PNG "</BINVAL>");
}

static void
test_T085_what_is_no_hash_is_not_asked_for (void)
{
  static const char * const rows[] = {
    "", "../../x", "0123456789abcdef0123456789abcdef0123456", "0123456789abcdef0123456789abcdef012345678",
    "g123456789abcdef0123456789abcdef01234567", "../../../../../../../../../../etc/passwd",
  };
  g_autoptr(Fixture) self = fixture_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    get_avatar_in_vain (self, rows[i]);
}

static void
test_T084_only_pictures_that_we_show (void)
{
  static const struct
  {
    const char *bytes;
    gsize       length;
    const char *type;
  } rows[] = {
    { "\211PNG\r\n\032\n....", 12, "image/png" },
    { "\377\330\377\340", 4, "image/jpeg" },
    { "GIF87a..", 8, "image/gif" },
    { "GIF89a..", 8, "image/gif" },
    { "RIFF\1\0\0\0WEBPVP8 ", 16, "image/webp" },
    { "RIFX\1\0\0\0WEBPVP8 ", 16, NULL },
    { "RIFF\1\0\0\0WAVEfmt ", 16, NULL },
    { "RIFF\1\0\0\0WEB", 11, NULL },
    { "<svg xmlns='http://www.w3.org/2000/svg'/>", 41, NULL },
    { "<?xml version='1.0'?><svg/>", 27, NULL },
    { "/* XPM */", 9, NULL },
    { "II*\0........", 12, NULL },
    { "\0\0\1\0\1\0....", 10, NULL },
    { "BM..........", 12, NULL },
    { "\211PNG", 4, NULL },
    { "\377\330", 2, NULL },
    { "", 0, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GBytes) bytes = g_bytes_new_static (rows[i].bytes, rows[i].length);

      g_assert_cmpstr (xmpp_image_type (bytes), ==, rows[i].type);
    }
}

static void
assert_photo (Fixture  *self,
              gsize     length,
              gboolean  shown)
{
  g_autofree guchar *data = g_malloc0 (length);
  g_autofree char *base64 = NULL;
  g_autofree char *children = NULL;

  memcpy (data, "GIF89a", 6);
  base64 = g_base64_encode (data, length);
  children = g_strdup_printf ("<PHOTO><BINVAL>%s</BINVAL></PHOTO>", base64);

  get (self, children);
  g_assert_cmpint (self->vcard->photo != NULL, ==, shown);
}

static void
test_T084_a_picture_has_256_KiB (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  assert_photo (self, 256 * 1024 - 1, TRUE);
  assert_photo (self, 256 * 1024, TRUE);
  assert_photo (self, 256 * 1024 + 1, FALSE);
  assert_photo (self, 1024 * 1024, FALSE);
}

static void
test_T094_a_picture_elsewhere_is_none (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  get (self, "<PHOTO><EXTVAL>http://evil.lit/track.png</EXTVAL></PHOTO>");
  g_assert_null (self->vcard->photo);
  g_assert_null (self->vcard->photo_type);
}

static void
ask_for_many (Fixture *self,
              guint    n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *jid_text = g_strdup_printf ("hall@rooms.lit/%u", i);
      g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA1, jid_text, -1);
      g_autoptr(XmppJid) jid = xmpp_jid_new (jid_text, NULL);

      xmpp_vcards_get_avatar_async (self->vcards, jid, hash, NULL, on_avatar, self);
    }
}

static guint
count_requests (Fixture *self)
{
  guint n = 0;

  fake_server_ping (self->server);
  for (guint i = 0; i < self->server->received->len; i++)
    n += strstr (g_ptr_array_index (self->server->received, i), "<vCard xmlns='vcard-temp'/>") != NULL;

  return n;
}

static void
test_T086_sixty_pictures_a_minute (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  ask_for_many (self, 1000);
  g_assert_cmpuint (count_requests (self), ==, 60);
  fake_server_wait_until (self->n_answers == 940);
  g_assert_error (self->error, XMPP_ERROR, XMPP_ERROR_LIMIT);

  fake_clock_advance (self->server->clock, 500);
  ask_for_many (self, 10);
  g_assert_cmpuint (count_requests (self), ==, 60);

  fake_clock_advance (self->server->clock, 9500);
  ask_for_many (self, 1000);
  g_assert_cmpuint (count_requests (self), ==, 70);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xmpp/vcard/tells-who-somebody-is", test_tells_who_somebody_is);
  g_test_add_func ("/xmpp/vcard/an-empty-one-says-nothing", test_an_empty_one_says_nothing);
  g_test_add_func ("/xmpp/vcard/an-address-without-a-userid-is-read", test_an_address_without_a_userid_is_read);
  g_test_add_func ("/xmpp/vcard/elements-of-others-are-not-read", test_elements_of_others_are_not_read);
  g_test_add_func ("/xmpp/vcard/long-texts-are-cut", test_long_texts_are_cut);
  g_test_add_func ("/xmpp/vcard/our-own-is-asked-of-nobody-else", test_our_own_is_asked_of_nobody_else);
  g_test_add_func ("/xmpp/vcard/who-has-none-has-none", test_who_has_none_has_none);
  g_test_add_func ("/xmpp/vcard/the-picture-that-was-announced", test_the_picture_that_was_announced);
  g_test_add_func ("/xmpp/vcard/T084-only-pictures-that-we-show", test_T084_only_pictures_that_we_show);
  g_test_add_func ("/xmpp/vcard/T084-a-picture-has-256-KiB", test_T084_a_picture_has_256_KiB);
  g_test_add_func ("/xmpp/vcard/T085-another-picture-is-refused", test_T085_another_picture_is_refused);
  g_test_add_func ("/xmpp/vcard/T085-what-is-no-hash-is-not-asked-for", test_T085_what_is_no_hash_is_not_asked_for);
  g_test_add_func ("/xmpp/vcard/T086-sixty-pictures-a-minute", test_T086_sixty_pictures_a_minute);
  g_test_add_func ("/xmpp/vcard/T094-a-picture-elsewhere-is-none", test_T094_a_picture_elsewhere_is_none);

  return g_test_run ();
}
