/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-stanza.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What ends or refuses a connection. The message of each GError is a sentence for a person, in the
 * reader's language; the code is stable and what tests and windows decide by.
 */
#define XMPP_ERROR (xmpp_error_quark ())

typedef enum
{
  XMPP_ERROR_FAILED,
  XMPP_ERROR_INVALID_ADDRESS,      /* what was typed is not an address */
  XMPP_ERROR_NAME_NOT_FOUND,       /* DNS: no such host */
  XMPP_ERROR_DNS_FAILED,           /* DNS: trouble, try again */
  XMPP_ERROR_NOT_OFFERED,          /* SRV ".": the domain has no XMPP for clients */
  XMPP_ERROR_REFUSED,              /* connection refused */
  XMPP_ERROR_UNREACHABLE,          /* network or host unreachable, or no network */
  XMPP_ERROR_TIMED_OUT,
  XMPP_ERROR_PROXY,                /* the proxy failed or refused */
  XMPP_ERROR_NOT_XMPP,             /* something answered, but it is not an XMPP server */
  XMPP_ERROR_NOT_WELL_FORMED,
  XMPP_ERROR_RESTRICTED_XML,
  XMPP_ERROR_LIMIT,                /* too large, before login or in one tag */
  XMPP_ERROR_UNSUPPORTED_VERSION,
  XMPP_ERROR_NO_TLS,               /* encryption is required and not offered */
  XMPP_ERROR_TLS_REQUIRED,         /* the server wants TLS, the account forbids it */
  XMPP_ERROR_TLS,                  /* the handshake failed */
  XMPP_ERROR_TLS_TOO_OLD,          /* below TLS 1.2 */
  XMPP_ERROR_CERTIFICATE,          /* see xmpp_session_get_certificate () */
  XMPP_ERROR_NO_MECHANISM,
  XMPP_ERROR_BIND,
  XMPP_ERROR_PROTOCOL,             /* out of order, nonsense */
  XMPP_ERROR_DISCONNECTED,         /* the connection was lost or closed */
  XMPP_ERROR_REDIRECT,             /* see-other-host that we do not follow */
} XmppError;

/* RFC 6120, 4.9.3 */
#define XMPP_STREAM_ERROR (xmpp_stream_error_quark ())

typedef enum
{
  XMPP_STREAM_ERROR_UNDEFINED_CONDITION,
  XMPP_STREAM_ERROR_BAD_FORMAT,
  XMPP_STREAM_ERROR_BAD_NAMESPACE_PREFIX,
  XMPP_STREAM_ERROR_CONFLICT,
  XMPP_STREAM_ERROR_CONNECTION_TIMEOUT,
  XMPP_STREAM_ERROR_HOST_GONE,
  XMPP_STREAM_ERROR_HOST_UNKNOWN,
  XMPP_STREAM_ERROR_IMPROPER_ADDRESSING,
  XMPP_STREAM_ERROR_INTERNAL_SERVER_ERROR,
  XMPP_STREAM_ERROR_INVALID_FROM,
  XMPP_STREAM_ERROR_INVALID_NAMESPACE,
  XMPP_STREAM_ERROR_INVALID_XML,
  XMPP_STREAM_ERROR_NOT_AUTHORIZED,
  XMPP_STREAM_ERROR_NOT_WELL_FORMED,
  XMPP_STREAM_ERROR_POLICY_VIOLATION,
  XMPP_STREAM_ERROR_REMOTE_CONNECTION_FAILED,
  XMPP_STREAM_ERROR_RESET,
  XMPP_STREAM_ERROR_RESOURCE_CONSTRAINT,
  XMPP_STREAM_ERROR_RESTRICTED_XML,
  XMPP_STREAM_ERROR_SEE_OTHER_HOST,
  XMPP_STREAM_ERROR_SYSTEM_SHUTDOWN,
  XMPP_STREAM_ERROR_UNSUPPORTED_ENCODING,
  XMPP_STREAM_ERROR_UNSUPPORTED_FEATURE,
  XMPP_STREAM_ERROR_UNSUPPORTED_STANZA_TYPE,
  XMPP_STREAM_ERROR_UNSUPPORTED_VERSION,
} XmppStreamError;

/* RFC 6120, 8.3.3 */
#define XMPP_STANZA_ERROR (xmpp_stanza_error_quark ())

typedef enum
{
  XMPP_STANZA_ERROR_UNDEFINED_CONDITION,
  XMPP_STANZA_ERROR_BAD_REQUEST,
  XMPP_STANZA_ERROR_CONFLICT,
  XMPP_STANZA_ERROR_FEATURE_NOT_IMPLEMENTED,
  XMPP_STANZA_ERROR_FORBIDDEN,
  XMPP_STANZA_ERROR_GONE,
  XMPP_STANZA_ERROR_INTERNAL_SERVER_ERROR,
  XMPP_STANZA_ERROR_ITEM_NOT_FOUND,
  XMPP_STANZA_ERROR_JID_MALFORMED,
  XMPP_STANZA_ERROR_NOT_ACCEPTABLE,
  XMPP_STANZA_ERROR_NOT_ALLOWED,
  XMPP_STANZA_ERROR_NOT_AUTHORIZED,
  XMPP_STANZA_ERROR_PAYMENT_REQUIRED,
  XMPP_STANZA_ERROR_POLICY_VIOLATION,
  XMPP_STANZA_ERROR_RECIPIENT_UNAVAILABLE,
  XMPP_STANZA_ERROR_REDIRECT,
  XMPP_STANZA_ERROR_REGISTRATION_REQUIRED,
  XMPP_STANZA_ERROR_REMOTE_SERVER_NOT_FOUND,
  XMPP_STANZA_ERROR_REMOTE_SERVER_TIMEOUT,
  XMPP_STANZA_ERROR_RESOURCE_CONSTRAINT,
  XMPP_STANZA_ERROR_SERVICE_UNAVAILABLE,
  XMPP_STANZA_ERROR_SUBSCRIPTION_REQUIRED,
  XMPP_STANZA_ERROR_UNEXPECTED_REQUEST,
} XmppStanzaError;

/* RFC 6120, 6.5, and what we refuse ourselves */
#define XMPP_AUTH_ERROR (xmpp_auth_error_quark ())

typedef enum
{
  XMPP_AUTH_ERROR_FAILED,
  XMPP_AUTH_ERROR_ABORTED,
  XMPP_AUTH_ERROR_ACCOUNT_DISABLED,
  XMPP_AUTH_ERROR_CREDENTIALS_EXPIRED,
  XMPP_AUTH_ERROR_ENCRYPTION_REQUIRED,
  XMPP_AUTH_ERROR_INCORRECT_ENCODING,
  XMPP_AUTH_ERROR_INVALID_AUTHZID,
  XMPP_AUTH_ERROR_INVALID_MECHANISM,
  XMPP_AUTH_ERROR_MALFORMED_REQUEST,
  XMPP_AUTH_ERROR_MECHANISM_TOO_WEAK,
  XMPP_AUTH_ERROR_NOT_AUTHORIZED,      /* wrong name or password */
  XMPP_AUTH_ERROR_TEMPORARY_FAILURE,
  XMPP_AUTH_ERROR_NO_PASSWORD,         /* a password is needed and none was given */
  XMPP_AUTH_ERROR_WEAKER,              /* only weaker ways than last time are offered: ask first */
  XMPP_AUTH_ERROR_SERVER_UNPROVEN,     /* the server did not prove that it knows the password */
  XMPP_AUTH_ERROR_INTERCEPTED,         /* channel binding or the mechanism list do not match */
  XMPP_AUTH_ERROR_CERTIFICATE,         /* of the client: it cannot be read, or the server does not take it */
} XmppAuthError;

GQuark      xmpp_error_quark              (void);
GQuark      xmpp_stream_error_quark       (void);
GQuark      xmpp_stanza_error_quark       (void);
GQuark      xmpp_auth_error_quark         (void);
GError     *xmpp_stream_error_parse       (const XmppNode   *error);
GError     *xmpp_stanza_error_parse       (const XmppNode   *stanza);
void        xmpp_stanza_error_write       (XmppNode         *stanza,
                                           XmppStanzaError   condition,
                                           const char       *text);
GError     *xmpp_auth_error_parse         (const XmppNode   *failure);
const char *xmpp_stanza_error_get_name    (XmppStanzaError   condition);
const char *xmpp_stream_error_get_name    (XmppStreamError   condition);
const char *xmpp_stanza_error_get_sentence (XmppStanzaError  condition);

G_END_DECLS
