/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* How a text becomes words that can be searched for: without case and accents; where a language writes no spaces,
 * each character is a word, and several that are searched for together are a phrase. Its name in SQL is "flint".
 */
int store_tokenizer_register (sqlite3 *handle);

G_END_DECLS
