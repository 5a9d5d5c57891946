/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-clock.h"
#include "xmpp-stanza.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a mechanism may use. It is copied, and the copy of the password wiped in the end. */
typedef struct
{
  const char       *username;        /* the local part, as typed and prepared */
  const char       *authzid;         /* NULL: none */
  const char       *password;        /* NULL: none; SASLprep'd by the mechanism */
  GIOStream        *stream;          /* the TLS connection; NULL without TLS: no PLAIN, no binding */
  const char       *binding_type;    /* what xmpp_sasl_choose () said; of a -PLUS mechanism only */
  GBytes           *binding_data;    /* NULL: xmpp_sasl_get_binding () of the stream */
  gboolean          binding_offered; /* xmpp_sasl_offers_binding () of the server's list */
  const char       *downgrade_hash;  /* XEP-0474: what our own list hashes to, or NULL */
} XmppSaslCredentials;

#define XMPP_TYPE_SASL (xmpp_sasl_get_type ())

G_DECLARE_DERIVABLE_TYPE (XmppSasl, xmpp_sasl, XMPP, SASL, GObject)

/* One run of a mechanism (RFC 4422): start () once, then a challenge at a time, at last success ().
 * Bytes are the decoded ones; the base64 is the negotiator's. challenge_async may work in a thread
 * (PBKDF2). success () says whether the server's success may be believed: SCRAM's only when the
 * server's signature was verified, in an earlier challenge or in its data.
 */
struct _XmppSaslClass
{
  GObjectClass parent_class;

  GBytes   * (*start)            (XmppSasl             *self,
                                  GError              **error);
  void       (*challenge_async)  (XmppSasl             *self,
                                  GBytes               *challenge,
                                  GCancellable         *cancellable,
                                  GAsyncReadyCallback   callback,
                                  gpointer              user_data);
  GBytes   * (*challenge_finish) (XmppSasl             *self,
                                  GAsyncResult         *result,
                                  GError              **error);
  gboolean   (*success)          (XmppSasl             *self,
                                  GBytes               *data,
                                  GError              **error);
};

XmppSasl   *xmpp_sasl_new               (const char                *mechanism,
                                         const XmppSaslCredentials *credentials);
GBytes     *xmpp_sasl_start             (XmppSasl                  *self,
                                         GError                   **error);
void        xmpp_sasl_challenge_async   (XmppSasl                  *self,
                                         GBytes                    *challenge,
                                         GCancellable              *cancellable,
                                         GAsyncReadyCallback        callback,
                                         gpointer                   user_data);
GBytes     *xmpp_sasl_challenge_finish  (XmppSasl                  *self,
                                         GAsyncResult              *result,
                                         GError                   **error);
gboolean    xmpp_sasl_success           (XmppSasl                  *self,
                                         GBytes                    *data,
                                         GError                   **error);
GBytes     *xmpp_sasl_decode            (const char                *text);
char       *xmpp_sasl_encode            (GBytes                    *data);

/* The choice. offered: the names in the server's list after TLS; binding_types: what the server's
 * <sasl-channel-binding/> names (XEP-0440), NULL when it has none.
 */
typedef struct
{
  const char * const *offered;
  const char * const *binding_types;
  gboolean            is_encrypted;
  gboolean            has_exporter;       /* TLS 1.3: tls-exporter can be had */
  gboolean            has_end_point;      /* tls-server-end-point can be had */
  gboolean            has_password;
  gboolean            has_certificate;    /* a client certificate was used: EXTERNAL */
  gboolean            is_anonymous;       /* the account wants ANONYMOUS, and nothing else */
  const char         *last;               /* the mechanism that worked last time, or NULL */
  gboolean            allow_weaker;       /* the person has been asked */
  const char * const *tried;              /* refused in this connection as too weak or invalid; or NULL */
} XmppSaslOffer;

const char *xmpp_sasl_choose            (const XmppSaslOffer       *offer,
                                         const char               **binding_type,
                                         GError                   **error);
gboolean    xmpp_sasl_offers_binding    (const char * const        *mechanisms);
GBytes     *xmpp_sasl_get_binding       (GIOStream                 *stream,
                                         const char                *type);
int         xmpp_sasl_get_strength      (const char                *mechanism);
char       *xmpp_sasl_hash_offer        (const char * const        *mechanisms,
                                         const char * const        *binding_types,
                                         const char                *mechanism);
char       *xmpp_sasl_prepare           (const char                *text,
                                         GError                   **error);

G_END_DECLS
