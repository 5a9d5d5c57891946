/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fake-certificate.h"
#include "fake-clock.h"
#include "xmpp-session.h"

#include <gnutls/gnutls.h>

G_BEGIN_DECLS

/* How long a test waits for anything: real seconds, whatever the fake clock says */
#define FAKE_SERVER_PATIENCE (30 * G_USEC_PER_SEC)

/* What a server may put into its <features/> */
#define FAKE_STARTTLS    "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>"
#define FAKE_MECHANISM(name) "<mechanism>" name "</mechanism>"
#define FAKE_MECHANISMS(list) "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>" list "</mechanisms>"
#define FAKE_BIND_NS     "urn:ietf:params:xml:ns:xmpp-bind"
#define FAKE_BIND        "<bind xmlns='" FAKE_BIND_NS "'/>"
#define FAKE_PASSWORD    "xyzzy"

/* The other end of a session's connection, in the same main loop: no port, no thread, no sleep.
 *
 * The session is a real one, with a connector that hands it one end of a socket pair, a clock that
 * stands still (fake_clock_advance ()), a trust store that knows only this server's authority, and
 * the password FAKE_PASSWORD. Most tests want
 *
 *     g_autoptr(FakeServer) server = fake_server_new ("juliet@capulet.lit/balcony");
 *
 *     fake_server_login (server);
 *     fake_server_settle (server);
 *
 * and go on with fake_server_send () and fake_server_expect (). Tests of the negotiation play its
 * steps one by one instead: connect, open, start_tls, open, authenticate, open, bind.
 *
 * What the client writes is cut into the elements of the stream and kept, in its own words, in
 * received: "<?xml version='1.0'?>", "<stream:stream …>", each stanza, "</stream:stream>". Elements
 * wait there until an expectation takes them. White space between elements is only counted.
 */
typedef struct
{
  /* Read these */
  XmppSession            *session;
  XmppClock              *clock;         /* a FakeClock */
  GPtrArray              *received;      /* of char *: all that came, in order */
  guint                   n_spaces;      /* white space characters between elements */
  guint                   n_connections; /* how often the client connected */
  gboolean                is_connecting; /* between connect and its end */
  GCancellable           *cancellable;   /* of the connect that is under way */
  GError                 *error;         /* of the last connect, or NULL */
  guint                   n_closed;      /* how often the session said "closed" */
  GError                 *closed_error;  /* what it said the last time */
  gboolean                is_eof;        /* the client closed its side */
  int                     tls_error;     /* of gnutls, when the handshake failed; else 0 */

  /* Change these between fake_server_new () and the step that uses them */
  char                   *domain;        /* in headers and in the certificate */
  char                   *features;      /* besides <bind/>, XML; NULL: none */
  char                   *certificate;   /* PEM of certificate and key */
  const char             *chain;         /* PEM of what is sent after the certificate, in this order; NULL: nothing */
  GBytes                 *staple;        /* what its authority says of the certificate; NULL: nothing */
  const char             *tls_priority;  /* of gnutls; "NORMAL" */
  const char             *tls_alpn;      /* the only protocol we speak; NULL: whatever */
  gboolean                tls_alpn_is_mandatory;   /* or else no handshake */
  gboolean                asks_client_certificate;
  gboolean                has_tickets;   /* TLS sessions can be resumed */
  gboolean                drips;         /* it says each byte by itself */
  gboolean                direct_tls;    /* the connector says so; see fake_server_handshake () */
  GError                 *connect_error; /* the connector fails with it */

  /* Cuts, of the connection there is: after so many bytes more the server is gone. -1: never. Below TLS if it is not
   * spoken; bytes in records otherwise.
   */
  gssize                  read_limit;    /* of what the client says */
  gssize                  write_limit;   /* of what it hears */

  /* See fake-sm.h: called with each element that came, and with all that fake_server_send () is given */
  void                  (*on_received) (gpointer user_data, const char *element);
  void                  (*on_sent)     (gpointer user_data, const char *xml);
  gpointer                hook_data;

  /* The server's own */
  FakeAuthority          *authority;
  GPtrArray              *waiting;       /* of char *, in received: not taken yet */
  GString                *input;
  GSource                *source;
  int                     fd;            /* -1: not connected */
  gnutls_session_t        tls;
  gnutls_certificate_credentials_t credentials;
  gnutls_datum_t          ticket_key;
  gboolean                is_shaking_hands;
  GSocketConnection      *client;        /* weak */
  guint                   last_id;
} FakeServer;

/* A server for the domain of jid, and a session of this account. */
FakeServer *fake_server_new              (const char *jid);

/* Aborts the session if need be, and asserts that it and its socket are then gone. */
void        fake_server_free             (FakeServer *self);

/* The whole login: TLS and PLAIN, or, where the session's "security" is XMPP_SECURITY_DISABLED,
 * SCRAM-SHA-256 without TLS (ANONYMOUS for an "anonymous" session). Returns when the session is
 * online. What the modules then ask for is waiting: see fake_server_settle ().
 */
void        fake_server_login            (FakeServer *self);

/* The steps of the login.
 *
 * connect: the session connects, and the server has accepted. start_connect: only the first half.
 * open: expects the client's header, answers with ours and with these features (XML; "" for empty
 *   ones, NULL for none at all).
 * start_tls: expects <starttls/>, answers <proceed/>, and both shake hands.
 * handshake: only the hands: for direct TLS, and for what should fail. TRUE: TLS is there.
 * secure: connect, and all of the above up to TLS.
 * authenticate: expects PLAIN, and says <success/>.
 * bind: expects the request and answers it; with the resource asked for, else "balcony".
 */
void        fake_server_start_connect    (FakeServer *self);
void        fake_server_connect          (FakeServer *self);
void        fake_server_open             (FakeServer *self,
                                          const char *features);
void        fake_server_start_tls        (FakeServer *self);
gboolean    fake_server_handshake        (FakeServer *self);
void        fake_server_secure           (FakeServer *self);
void        fake_server_authenticate     (FakeServer *self);
void        fake_server_bind             (FakeServer *self);

/* Only the header, without a word of what the client sent; attributes: XML, e.g.
 * "from='capulet.lit' id='a' version='1.0'".
 */
void        fake_server_send_header      (FakeServer *self,
                                          const char *attributes);

/* Waits until the connect has failed, and asserts with what. */
void        fake_server_expect_failure   (FakeServer *self,
                                          GQuark      domain,
                                          int         code);

/* Reads no more, for clients whose bytes are no XML: one that shakes hands with nobody.
 * expect_bytes: waits until there are some.
 */
void        fake_server_stop_reading     (FakeServer *self);
void        fake_server_expect_bytes     (FakeServer *self);

/* Says something to the client: through TLS where there is, send_plain: past it. */
void        fake_server_send             (FakeServer *self,
                                          const char *xml);
void        fake_server_send_bytes       (FakeServer *self,
                                          const void *data,
                                          gsize       length);
void        fake_server_send_plain       (FakeServer *self,
                                          const void *data,
                                          gsize       length);

/* Waits until one of the waiting elements is this XML, takes it and returns its text (borrowed).
 * '*' as the value of an attribute stands for any value, and >*< for any text. Attributes stand in
 * the order in which the client writes them. Other elements may stand before it, and go on waiting:
 * modules of no interest to the test say their part too. expect_next: it has to be the next one.
 */
const char *fake_server_expect           (FakeServer *self,
                                          const char *xml);
const char *fake_server_expect_next      (FakeServer *self,
                                          const char *xml);

/* The same for an element that has this text somewhere in it. */
const char *fake_server_expect_contains  (FakeServer *self,
                                          const char *text);

/* Expects the IQ that contains this text, and answers with a result of the one it was sent to (our
 * account when to nobody), with these children (XML, or NULL).
 */
void        fake_server_answer           (FakeServer *self,
                                          const char *text,
                                          const char *children);

/* The same with an error: type and condition as RFC 6120, 8.3 has them. */
void        fake_server_refuse           (FakeServer *self,
                                          const char *text,
                                          const char *type,
                                          const char *condition);

/* The length of the element at the beginning of the text; 0 while it is not all there. */
gsize       fake_xml_measure             (const char *text);

/* The value of the first attribute of this name (transfer full), NULL where there is none. */
char       *fake_xml_get                 (const char *xml,
                                          const char *attribute);

/* Asks a ping and waits for the answer: whatever was sent before has then been worked on by both. */
void        fake_server_ping             (FakeServer *self);

/* Pings, then forgets whatever is waiting. */
void        fake_server_settle           (FakeServer *self);

/* Pings, then asserts that nothing is waiting. */
void        fake_server_no_more          (FakeServer *self);

/* Waits until the client has closed its side, and asserts that it said nothing more before, besides
 * </stream:stream>.
 */
void        fake_server_expect_closed    (FakeServer *self);

/* How a connection ends. close: </stream:stream> (and close_notify), waits for the client's, and
 * closes. fin: only the socket, as a server that dies. reset: RST.
 */
void        fake_server_close            (FakeServer *self);
void        fake_server_fin              (FakeServer *self);
void        fake_server_reset            (FakeServer *self);

/* What SCRAM binds to, computed at our end of the TLS connection: "tls-exporter" (RFC 9266) or
 * "tls-server-end-point" (RFC 5929, 4; transfer full).
 */
GBytes     *fake_server_get_binding      (FakeServer *self,
                                          const char *type);

/* What the client's hello asked for (transfer full): the name of the host, NULL for none; tls_alpn,
 * if the client speaks it, else NULL.
 */
char       *fake_server_get_sni          (FakeServer *self);
char       *fake_server_get_alpn         (FakeServer *self);

/* One turn of the main loop, for fake_server_wait_until (): fails the test after the deadline. */
void        fake_server_turn             (gint64      deadline,
                                          const char *what,
                                          const char *where);

/* Runs the main loop until the condition is true; the test fails after half a minute. */
#define fake_server_wait_until(condition)                                       \
  G_STMT_START {                                                                \
    gint64 deadline_ = g_get_monotonic_time () + FAKE_SERVER_PATIENCE;          \
    while (!(condition))                                                        \
      fake_server_turn (deadline_, #condition, G_STRLOC);                       \
  } G_STMT_END

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeServer, fake_server_free)

G_END_DECLS
