/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* RFC 7622, 3.1: each part is at most this many bytes of UTF-8 */
#define XMPP_PART_MAX 1023

typedef enum
{
  XMPP_PART_LOCAL,
  XMPP_PART_DOMAIN,
  XMPP_PART_RESOURCE,
} XmppPart;

gboolean  xmpp_part_is_plain        (XmppPart     part,
                                     const char  *text,
                                     gsize        length);
const char *xmpp_part_skip_plain    (XmppPart     part,
                                     const char  *text);
gssize    xmpp_part_prepare         (XmppPart     part,
                                     const char  *text,
                                     gsize        length,
                                     gboolean     is_typed,
                                     char        *prepared,
                                     GError     **error);
char     *xmpp_domain_to_ascii      (const char  *domain);

G_END_DECLS
