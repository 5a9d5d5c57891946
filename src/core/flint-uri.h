/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "xmpp-jid.h"

G_BEGIN_DECLS

/* An xmpp: URI (RFC 5122, XEP-0147). action: "message", "join", "roster", "subscribe", "" … ; never carried out without the person. */
typedef struct
{
  XmppJid    *jid;
  char       *action;
  GHashTable *values;
} FlintUri;

FlintUri   *flint_uri_parse (const char      *text,
                             GError         **error);
void        flint_uri_free  (FlintUri        *self);
const char *flint_uri_get   (const FlintUri  *self,
                             const char      *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlintUri, flint_uri_free)

G_END_DECLS
