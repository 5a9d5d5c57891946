/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "xmpp-stanza.h"

G_BEGIN_DECLS

/* What stands where a secret was; the engine writes the same into SASL steps */
#define CONSOLE_REDACTED "[redacted"

XmppStanza *console_redact (XmppStanza *stanza);

G_END_DECLS
