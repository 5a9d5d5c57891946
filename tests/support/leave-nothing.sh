# SPDX-License-Identifier: GPL-3.0-or-later
# For scripts that start something: whatever ends them, SIGKILL included, what they started ends with them, and
# their folder goes.
#
#   begin NAME           makes the folder, $dir
#   start COMMAND...     starts it in the background, in a group of its own with all that it starts; sets $!
set -m

begin ()
{
  dir=$(mktemp -d "${TMPDIR:-/tmp}/$1-XXXXXX") || exit 99
  mkfifo "$dir/alive"
  : >"$dir/groups"

  # Only we write to the pipe: it ends when we do
  (
    trap '' TERM INT HUP
    read -r _ <"$dir/alive"
    while read -r group; do kill -- "-$group" 2>/dev/null; done <"$dir/groups"
    rm -rf "$dir"
  ) </dev/null >/dev/null 2>&1 &
  exec 8>"$dir/alive"

  trap 'status=$?; exec 8>&-; wait; exit $status' EXIT
  trap 'exit 143' TERM
  trap 'exit 130' INT
  trap 'exit 129' HUP
}

start ()
{
  "$@" 8>&- &
  echo $! >>"$dir/groups"
}
