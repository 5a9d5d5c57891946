/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FLINT_QUOTES_MAX_DEPTH  3     /* a quote in a quote in a quote; further marks are text */
#define FLINT_QUOTES_MAX_PIECES 24    /* what comes after is one piece, as it came */

/* Lines of a message that are quoted as often as each other */
typedef struct
{
  guint  depth;      /* 0: not quoted */
  char  *text;       /* without the marks; "": blank lines between two quotes */
  char  *source;     /* as it came, line by line; NULL: not quoted */
} FlintQuotePiece;

GPtrArray *flint_quotes_split            (const char            *text);     /* of FlintQuotePiece, in order */
gboolean   flint_quotes_is_quoted        (const char            *line);
char      *flint_quote_piece_get_source  (const FlintQuotePiece *self,
                                          gsize                  start,
                                          gsize                  end);

G_END_DECLS
