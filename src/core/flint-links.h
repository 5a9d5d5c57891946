/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What in the text of others a person may press */
typedef struct
{
  guint  start;     /* bytes */
  guint  end;
  char  *uri;       /* what a click opens: an allowed scheme only */
} FlintLink;

GPtrArray *flint_text_find_links (const char *text);     /* of FlintLink, in order */
void       flint_link_free       (FlintLink  *self);

G_END_DECLS
