/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  FAKE_PROXY_SOCKS5,            /* without a password */
  FAKE_PROXY_SOCKS5_LOGIN,      /* only for juliet:xyzzy */
  FAKE_PROXY_SOCKS5_REFUSED,    /* "the server refused" */
  FAKE_PROXY_SOCKS5_FORBIDDEN,
  FAKE_PROXY_HTTP,
  FAKE_PROXY_HTTP_407,
  FAKE_PROXY_HTTP_403,
  FAKE_PROXY_HTML,              /* a web page, whatever is asked */
  FAKE_PROXY_HANGS_UP,
  FAKE_PROXY_SILENT,
} FakeProxyKind;

/* A proxy on 127.0.0.1, in the same main loop. It connects nowhere: once it says that it did, it
 * sends "hello" as if it were the server.
 */
typedef struct
{
  FakeProxyKind   kind;
  GSocketService *service;
  guint16         port;
  guint           n_connections;
  GPtrArray      *sources;      /* of GSource: one a connection */
  GString        *input;        /* of the last connection */
  char           *destination;  /* host:port that was asked for */
  char           *login;        /* user:password that was said */
} FakeProxy;

FakeProxy *fake_proxy_new  (FakeProxyKind  kind);
void       fake_proxy_free (FakeProxy     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeProxy, fake_proxy_free)

G_END_DECLS
