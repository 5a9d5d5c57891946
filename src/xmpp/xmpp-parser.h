/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-error.h"

G_BEGIN_DECLS

/* Limits (security.md's table); an element over one of the first four is skipped, not fatal. */
#define XMPP_PARSER_MAX_STANZA      (4 * 1024 * 1024)
#define XMPP_PARSER_MAX_ELEMENTS    100000        /* a roster of 20,000, each in a few groups */
#define XMPP_PARSER_MAX_DEPTH       128
#define XMPP_PARSER_MAX_ATTRIBUTES  64
#define XMPP_PARSER_MAX_TAG         (64 * 1024)   /* bytes without an event: fatal */
#define XMPP_PARSER_MAX_EARLY       (64 * 1024)   /* a stanza before login: fatal */

typedef struct _XmppParser XmppParser;

typedef struct
{
  /* <stream:stream>: its root has the header's attributes and no children */
  void (*opened)   (XmppStanza *header,
                    gpointer    user_data);
  /* A sealed first-level element; xmpp_stanza_is_skipped () when it was over a limit: then it has
   * its root's attributes and no children */
  void (*received) (XmppStanza *stanza,
                    gpointer    user_data);
  /* </stream:stream> */
  void (*closed)   (gpointer    user_data);
} XmppParserFuncs;

XmppParser      *xmpp_parser_new           (const XmppParserFuncs *funcs,
                                            gpointer               user_data);
void             xmpp_parser_free          (XmppParser            *self);
gboolean         xmpp_parser_feed          (XmppParser            *self,
                                            const char            *data,
                                            gsize                  length,
                                            GError               **error);
XmppStreamError  xmpp_parser_get_condition (XmppParser            *self);
void             xmpp_parser_set_early     (XmppParser            *self,
                                            gboolean               early);
void             xmpp_parser_pause         (XmppParser            *self);
gboolean         xmpp_parser_is_drained    (XmppParser            *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppParser, xmpp_parser_free)

G_END_DECLS
