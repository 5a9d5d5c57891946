/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-parser.h"

G_BEGIN_DECLS

#define HEADER "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
#define FOOTER "</stream:stream>"

/* A parser and what it said: "[stanza]" for the header, "stanza", "skipped: stanza", "closed" */
typedef struct
{
  XmppParser *parser;
  GPtrArray  *said;
  GPtrArray  *stanzas;    /* without the header */
  XmppStanza *header;
  GError     *error;
  const char *pause_at;   /* name of the element after which it is paused */
} ParserLog;

ParserLog *parser_log_new          (void);
ParserLog *parser_log_new_fed      (const char *text);
void       parser_log_free         (ParserLog  *self);
gboolean   parser_log_feed         (ParserLog  *self,
                                    const char *text,
                                    gssize      length);
gboolean   parser_log_feed_many    (ParserLog  *self,
                                    const char *text,
                                    gsize       times);
char      *parser_log_tell         (ParserLog  *self);
XmppNode  *parser_log_get_root     (ParserLog  *self,
                                    guint       index);
void       parser_log_assert       (ParserLog  *self,
                                    const char *said);
void       parser_log_assert_refused (const char *text,
                                      gssize      length,
                                      int         code);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ParserLog, parser_log_free)

G_END_DECLS
