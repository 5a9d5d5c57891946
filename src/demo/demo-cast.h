/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who lives on the demo's server */
#pragma once

#include "xmpp-presence.h"

G_BEGIN_DECLS

#define DEMO_DOMAIN     "flint.example"
#define DEMO_CONFERENCE "conference." DEMO_DOMAIN
#define DEMO_ROOM       "lounge@" DEMO_CONFERENCE
#define DEMO_USER       "alice"

/* The parts that are played by one of them alone */
#define DEMO_GREETER    "bob"
#define DEMO_WRITER     "carla"     /* of a letter; she also opened the room */
#define DEMO_REFUSER    "quentin"
#define DEMO_NEWSROOM   "news"
#define DEMO_STRANGER   "rosa"
#define DEMO_UNDECIDED  "viktor"    /* was asked whether he lets himself be seen, and has not answered */

typedef struct
{
  const char *user;
  const char *name;
  const char *group;       /* NULL: none */
  XmppShow    show;        /* XMPP_SHOW_OFFLINE: has an account, and is never there */
  const char *status;
  const char *device;      /* NULL: a desktop */
  int         priority;
  const char *nick;        /* in the room; NULL: does not go there */
} DemoRole;

/* Everybody but the user; who has two devices stands twice, one after the other */
extern const DemoRole demo_cast[];
extern const guint    demo_cast_size;

G_END_DECLS
