/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xmpp-session.h"

G_BEGIN_DECLS

#define XMPP_TYPE_MODULE (xmpp_module_get_type ())

G_DECLARE_DERIVABLE_TYPE (XmppModule, xmpp_module, XMPP, MODULE, GObject)

/* Called for an <iq/>, <presence/> or other stanza which has the child that the handler names, or,
 * with no name, for every stanza of that kind and type. from: who sent it; NULL where it does not say, so
 * that it is our own account (RFC 6120, 8.1.2.1). A handler of an iq of type get or set answers it
 * (xmpp_session_send_result/_error), at once or later; for the others the result does not matter.
 */
typedef void (*XmppHandlerFunc) (XmppModule     *self,
                                 XmppStanza     *stanza,
                                 const XmppNode *child,
                                 XmppJid        *from,
                                 XmppSender      sender);

typedef struct
{
  const char      *stanza;    /* "iq", "presence" */
  const char      *type;      /* of the stanza: "get", "set"; NULL for any */
  const char      *name;      /* of the child element; NULL: whatever its children */
  const char      *ns;
  XmppHandlerFunc  handle;
  XmppSender       senders;   /* who may say it; the others are answered service-unavailable */
} XmppHandler;

/* A child of <message/> that one module reads into the record of a received message, and writes
 * from the record of one that is sent. A child that wraps another message (a carbon) is unwrapped
 * first, one layer only: the node that comes back stands in its place, and NULL drops the message.
 * Each function may be NULL.
 */
typedef struct
{
  const char *name;
  const char *ns;
  void       (*read)   (XmppModule        *self,
                        const XmppNode    *child,
                        XmppMessage       *message);
  void       (*write)  (XmppModule        *self,
                        const XmppMessage *message,
                        XmppNode          *stanza);
  XmppNode * (*unwrap) (XmppModule        *self,
                        const XmppNode    *child,
                        XmppMessage       *message);
  XmppSender  senders;        /* who may say it; for the others it is as if it were not there */
} XmppMessageField;

struct _XmppModuleClass
{
  GObjectClass            parent_class;

  const char * const     *features;   /* announced in disco#info; NULL-terminated */
  const XmppHandler      *handlers;   /* ends with an empty entry (stanza NULL) */
  const XmppMessageField *fields;     /* ends with an empty entry */

  /* resumed: after lost (), and nothing has changed that was not told */
  void (*online)   (XmppModule  *self,
                    gboolean     resumed);
  /* There is no connection, and the session may be resumed: online (TRUE) follows, or offline (). Until
   * then what the module knows holds, and what it sends waits (XEP-0198).
   */
  void (*lost)     (XmppModule  *self);
  void (*offline)  (XmppModule  *self);
  /* After the fields were read, in the order of xmpp-modules.c, before the session's "message"
   * signal; TRUE: this module has taken it, and nobody else sees it */
  gboolean (*message) (XmppModule  *self,
                       XmppMessage *message);
  /* Adds to the classes of a sender that the session cannot know (rooms, roster); 0: not mine */
  XmppSender (*classify) (XmppModule    *self,
                          const XmppJid *from);
};

XmppSession *xmpp_module_get_session (XmppModule *self);

/* The list of all modules, in xmpp-modules.c: the one line to add for a new XEP. */
extern GType (* const xmpp_module_types[]) (void);

G_END_DECLS
