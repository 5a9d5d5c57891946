/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole session, from the moment when it is online: fuzz-script.h says what the input may be. It stays, or ends once, in
 * words; nothing is left of it; and a new one is as well as ever.
 */
#include "fuzz-script.h"

#define MAX_SIZE (16 * 1024)

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FuzzScript script = { NULL };

  if (size > MAX_SIZE)
    return 0;

  fuzz_script_begin ();
  script.server = fuzz_login ();
  fuzz_script_run (&script, (const char *) data, size);
  fuzz_assert_one_end (script.server);
  fake_server_free (script.server);
  fuzz_probe ();

  return 0;
}
