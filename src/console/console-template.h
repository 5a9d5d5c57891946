/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A stanza that many want to send, with places like {contact} */
typedef struct
{
  const char *id;
  const char *group;   /* both to be translated: gettext () */
  const char *label;
  const char *xml;
} ConsoleTemplate;

/* What is put into the places; NULL: unknown, the place stays */
typedef struct
{
  const char *account;   /* own bare address */
  const char *server;
  const char *contact;
  const char *room;
  const char *nick;
} ConsolePlaces;

const ConsoleTemplate *console_template_get_all  (guint               *n_templates);
const ConsoleTemplate *console_template_find     (const char          *id);
char                  *console_template_fill     (const ConsoleTemplate *self,
                                                  const ConsolePlaces *places);
char                  *console_template_find_gap (const char          *xml,
                                                  const char         **place);

G_END_DECLS
