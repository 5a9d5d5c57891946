/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names that our own code knows ("message", "urn:xmpp:ping") are interned here, so that two of
 * them are equal when their pointers are. Names that only the network knows never enter the table:
 * it would grow for ever at a stranger's will.
 */

#include "xmpp-atom.h"

static GHashTable *atoms;

/**
 * xmpp_atom:
 * @name: a name from our own code, alive for ever
 *
 * Returns: the one pointer that stands for @name
 */
const char *
xmpp_atom (const char *name)
{
  const char *atom;

  if (name == NULL)
    return NULL;

  if ((atom = xmpp_atom_lookup (name)))
    return atom;

  if (atoms == NULL)
    atoms = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_add (atoms, (gpointer) name);

  return name;
}

/**
 * xmpp_atom_lookup:
 * @name: any name, from the network too
 *
 * Returns: (nullable): the atom for @name, or %NULL if no code of ours knows it
 */
const char *
xmpp_atom_lookup (const char *name)
{
  return atoms != NULL ? g_hash_table_lookup (atoms, name) : NULL;
}

/**
 * xmpp_atom_count:
 *
 * Returns: how many there are: what was looked up when there were less may be one by now
 */
guint
xmpp_atom_count (void)
{
  return atoms != NULL ? g_hash_table_size (atoms) : 0;
}
