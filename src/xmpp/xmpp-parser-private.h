/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-parser.h"

G_BEGIN_DECLS

/* Where and why a parser stopped, for whoever wrote the XML */
typedef struct
{
  int   code;      /* libxml2's; 0: what stopped it was ours */
  int   line;      /* from 1 */
  int   column;
  char *words;     /* libxml2's own, in English */
  char *first;     /* what they are about: a name, a prefix */
  char *second;
} XmppParserProblem;

const XmppParserProblem *xmpp_parser_get_problem (XmppParser *self);
const char              *xmpp_parser_get_open    (XmppParser *self);

G_END_DECLS
