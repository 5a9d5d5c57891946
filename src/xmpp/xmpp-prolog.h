/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What stands before a stream's first tag, as far as libxml2 does not look at it */
typedef struct
{
  guint    n_bom;       /* bytes of the mark that came */
  gboolean has_begun;   /* the first byte came that is no white space */
} XmppProlog;

typedef enum
{
  XMPP_PROLOG_GOOD,
  XMPP_PROLOG_ENCODING,   /* another than UTF-8 */
  XMPP_PROLOG_NOT_XML,
} XmppPrologResult;

XmppPrologResult xmpp_prolog_read    (XmppProlog  *self,
                                      const char **data,
                                      gsize       *length);
gboolean         xmpp_prolog_is_utf8 (const char  *header,
                                      gsize        length);

G_END_DECLS
