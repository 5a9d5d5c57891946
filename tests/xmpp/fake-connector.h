/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fake-server.h"

G_BEGIN_DECLS

#define FAKE_TYPE_CONNECTOR (fake_connector_get_type ())

G_DECLARE_FINAL_TYPE (FakeConnector, fake_connector, FAKE, CONNECTOR, XmppConnector)

/* The connector of a fake server's session: a socket pair instead of a network. leave: the server
 * goes, whoever still holds the connector.
 */
XmppConnector *fake_connector_new   (FakeServer    *server);
void           fake_connector_leave (FakeConnector *self);

/* The client's end of a new connection (transfer full); the old one is closed. In fake-wire.c. */
GIOStream     *fake_server_accept   (FakeServer    *server);

G_END_DECLS
