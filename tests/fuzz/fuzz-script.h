/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fake-server.h"
#include "fuzz.h"

G_BEGIN_DECLS

/* What a fake server says and does, as a text that can be read. All of it are the server's bytes, but for these words:
 *
 *   {id TEXT}   the id of the oldest question of the client that has this text and was not asked for yet; {id}: of any
 *   {to}        whom that was sent to: our account, where nobody was named
 *   {cut}       what stands before it comes by itself, and is worked on
 *   {second} {minute} {hour}   the same, and then the clock goes on by so much
 *   {fin} {reset}   the connection ends: what stands behind is not said
 *   {do WORD}   something that the client does, for a target to say
 */
typedef struct
{
  FakeServer *server;
  GString    *bytes;      /* not sent yet */
  char       *to;         /* of the last question */
  guint       n_taken;    /* of the server's received: looked at for questions */
  GPtrArray  *questions;  /* of char *, in received: not asked for yet */
  void      (*act) (const char *word,
                    gpointer    user_data);
  gpointer    user_data;
} FuzzScript;

/* What is drawn by chance is the same for each input. */
void fuzz_script_begin        (void);
void fuzz_script_run          (FuzzScript  *self,
                               const char  *text,
                               gsize        length);

/* Until all that was sent has been read, and nothing more is to be done without waiting */
void fuzz_settle              (FakeServer  *server);

/* A session of an anonymous account, online without TLS: as quick as can be */
FakeServer *fuzz_login        (void);

/* The session is online, or has ended once, with words or without an error. */
void fuzz_assert_one_end      (FakeServer  *server);

/* A message of a friend is heard. */
void fuzz_assert_hears        (FakeServer  *server);

/* A new session is as well as if nothing had been before. */
void fuzz_probe               (void);

G_END_DECLS
