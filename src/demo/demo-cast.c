/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "demo-cast.h"

#define FRIENDS "Friends"
#define WORK    "Work"
#define DESIGN  "Design"
#define PHOTO   "Design::Photo studio"
#define BEIJING "北京办公室"

const DemoRole demo_cast[] = {
  { DEMO_GREETER,   "Bob Berger",        FRIENDS, XMPP_SHOW_CHAT,      "Say hello",                  NULL, 5, NULL },
  { DEMO_WRITER,    "Carla Díaz",        FRIENDS, XMPP_SHOW_AVAILABLE, NULL,                         NULL, 0, "Carla" },
  { "daniel",       "Daniel Okafor",     FRIENDS, XMPP_SHOW_AWAY,      "Lunch, back at one",         NULL, 0, "Daniel" },
  { "emma",         "Emma Lindqvist",    FRIENDS, XMPP_SHOW_OFFLINE,   NULL,                         NULL, 0, NULL },
  { DEMO_REFUSER,   "Quentin Blanc",     FRIENDS, XMPP_SHOW_AVAILABLE, "Not for everybody",          NULL, 0, NULL },
  { "fatima",       "Fatima Haddad",     WORK,    XMPP_SHOW_AVAILABLE, "Release day",                NULL, 0, NULL },
  { "george",       "George Papadakis",  WORK,    XMPP_SHOW_DND,       "In a meeting until three",   NULL, 0, NULL },
  { "hanna",        "Hanna Weiß",        WORK,    XMPP_SHOW_XA,        "On holiday until Monday",    NULL, 0, NULL },
  { "igor",         "Igor Petrov",       WORK,    XMPP_SHOW_AVAILABLE, NULL,                         NULL, 0, NULL },
  { "julia",        "Julia Santos",      WORK,    XMPP_SHOW_OFFLINE,   NULL,                         NULL, 0, NULL },
  { DEMO_UNDECIDED, "Viktor Hansen",     WORK,    XMPP_SHOW_OFFLINE,   NULL,                         NULL, 0, NULL },
  { "zhangwei",     "张伟",              BEIJING, XMPP_SHOW_AVAILABLE, "在工位",                     NULL, 0, "张伟" },
  { "lina",         "李娜",              BEIJING, XMPP_SHOW_DND,       "开会中",                     NULL, 0, NULL },
  { "wangfang",     "王芳",              BEIJING, XMPP_SHOW_AWAY,      "去吃饭了",                   NULL, 0, NULL },
  { "chenming",     "陈明",              BEIJING, XMPP_SHOW_AVAILABLE, NULL,                         NULL, 0, NULL },
  { "liuxiaoyu",    "刘晓雨",            BEIJING, XMPP_SHOW_OFFLINE,   NULL,                         NULL, 0, NULL },
  { "kenji",        "Kenji Mori",        DESIGN,  XMPP_SHOW_AVAILABLE, "Icons, icons, icons",        NULL, 0, "Kenji" },
  { "laura",        "Laura Rossi",       DESIGN,  XMPP_SHOW_AWAY,      NULL,                         NULL, 0, NULL },
  { "mei",          "林美 Mei",          DESIGN,  XMPP_SHOW_CHAT,      "有空聊",                     NULL, 0, NULL },
  { "nora",         "Nora Lund",         PHOTO,   XMPP_SHOW_AVAILABLE, "Shooting outside",           "phone", 0, "Nora" },
  { "oscar",        "Oscar Nilsson",     PHOTO,   XMPP_SHOW_AVAILABLE, "In the dark room",           NULL, 10, NULL },
  { "oscar",        "Oscar Nilsson",     PHOTO,   XMPP_SHOW_AWAY,      "On the way",                 "phone", 1, NULL },
  { "petra",        "Petra Novák",       PHOTO,   XMPP_SHOW_XA,        "In another time zone",       NULL, 0, NULL },
  { DEMO_NEWSROOM,  "Newsroom",          NULL,    XMPP_SHOW_AVAILABLE, "What happens",               "service", 0, NULL },
  { DEMO_STRANGER,  "Rosa Stern",        NULL,    XMPP_SHOW_AVAILABLE, "New here",                   NULL, 0, NULL },
};

const guint demo_cast_size = G_N_ELEMENTS (demo_cast);
