/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Stanzas and children of messages that a server or a person may send to juliet@capulet.lit/balcony; NULL at the end. */
extern const char * const mutation_stanzas[];
extern const char * const mutation_payloads[];

/* Calls func with a stanza that is broken in one way: each of its nodes and attributes is left out, doubled, emptied, put into
 * another namespace or into itself, or has a nonsensical value. Each time from nobody and from each of these senders (NULL
 * at the end), one after the other; at last it is whole.
 */
typedef void (*MutationFunc) (const char *xml,
                              gpointer    user_data);

void mutations_foreach (const char         *xml,
                        const char * const *senders,
                        MutationFunc        func,
                        gpointer            user_data);

G_END_DECLS
