/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A target is one file with LLVMFuzzerTestOneInput (): it does with the bytes what Flint does with those of others, and
 * asserts what has to be so whatever they are. An input that breaks it ends the program. Criticals are fatal.
 *
 * With fuzz-replay.c it is a program that tries files, and with -Dfuzzers=true one of libFuzzer, which makes them.
 */
int   LLVMFuzzerInitialize   (int           *argc,
                              char        ***argv);
int   LLVMFuzzerTestOneInput (const guint8  *data,
                              gsize          size);

/* What is left of an input. Texts are copies of their own, so that the sanitizer sees who reads behind their end. */
typedef struct
{
  const char *data;
  gsize       length;
} FuzzInput;

/* A line without its break; NULL: there is none left. text: all that is left. Both end at a NUL, and may be no UTF-8. */
char    *fuzz_take_line      (FuzzInput     *self);
char    *fuzz_take_text      (FuzzInput     *self);

/* A number that depends on all bytes: where chance is needed and the file is to stay readable */
guint32  fuzz_hash           (const guint8  *data,
                              gsize          size);
guint32  fuzz_next           (guint32       *state);

/* Asserts that it is a sentence for a person */
void     fuzz_assert_words   (const GError  *error);

G_END_DECLS
