/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Lets one call of the system fail, the n-th, and tries a scenario with each n until there is none left to fail.
 *
 * torture-calls.c defines write (), recv () and the like in the program itself, and the loader prefers the
 * program's own to the C library's: so those of GLib and GIO come by here, which --wrap could not reach, and a scenario
 * says when it begins, which a library that is preloaded does not know. Nothing else is built for it.
 * Memory is not among it: all of ours is GLib's, where the program ends when there is none, as it does in libxml2's contexts
 * (xmpp-parser.c) and in the pages of the console.
 */
typedef enum
{
  TORTURE_OPEN    = 1 << 0,
  TORTURE_MKDIR   = 1 << 1,
  TORTURE_READ    = 1 << 2,
  TORTURE_WRITE   = 1 << 3,
  TORTURE_FSYNC   = 1 << 4,
  TORTURE_CLOSE   = 1 << 5,   /* it is closed, and fails */
  TORTURE_RENAME  = 1 << 6,
  TORTURE_RECEIVE = 1 << 7,
  TORTURE_SEND    = 1 << 8,
} TortureCall;

typedef enum
{
  TORTURE_ERROR,              /* it fails with the error */
  TORTURE_ONE_BYTE,           /* it does no more than one byte */
  TORTURE_END,                /* it says that there is nothing more to read */
} TortureEffect;

typedef struct
{
  const char    *name;        /* a sentence, for the name of the test */
  guint          calls;       /* of TortureCall */
  TortureEffect  effect;
  int            error;       /* errno */
  gboolean       is_lasting;  /* all that come after it fail, too */
  gboolean       is_harmless; /* the scenario has to end as without it */
} TortureFault;

/* All that this file knows of files and of connections; they end with a name of NULL */
extern const TortureFault torture_file_faults[];
extern const TortureFault torture_wire_faults[];

typedef void (*TortureScenario) (const TortureFault *fault);

/* A test for each fault: /torture/SCENARIO/FAULT. One that never strikes fails: it proves nothing. */
void     torture_add         (const char          *scenario,
                              const TortureFault  *faults,
                              TortureScenario      run);

/* For a scenario: what is between these may fail. Files: only those under the directory. Connections: only those of GIO, not
 * that of the fake server, whose descriptor is *spared. stop: whether something failed since the start.
 */
void     torture_start       (const char          *directory,
                              const int           *spared);
gboolean torture_stop        (void);
gboolean torture_has_struck  (void);

/* Asserts that it is a sentence for a person. */
void     torture_assert_words (const GError       *error);

/* For torture-calls.c: whether this call is the one that fails. */
const TortureFault *torture_is_due     (TortureCall   call,
                                        const char   *what);
gboolean            torture_is_path    (const char   *path);
gboolean            torture_is_file    (int           fd);
gboolean            torture_is_wire    (int           fd);

G_END_DECLS
