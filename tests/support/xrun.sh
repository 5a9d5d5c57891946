#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a command with a display, a session bus and a home of its own, and leaves nothing of them:
#
#   xrun.sh COMMAND [ARGUMENT...]
#
# The display is outside the bus, so that what the bus starts has the display too.
set -u
. "$(dirname "$0")/leave-nothing.sh"

begin flint-x
mkdir -m 700 "$dir/home" "$dir/run"
mkfifo "$dir/display"
start Xvfb -displayfd 7 -screen 0 1280x800x24 -nolisten tcp -noreset 7<>"$dir/display" >"$dir/log" 2>&1
if ! read -r -t 30 number <"$dir/display"; then
  echo "No virtual display could be started:" >&2
  cat "$dir/log" >&2
  exit 99
fi

unset WAYLAND_DISPLAY XAUTHORITY DBUS_SESSION_BUS_ADDRESS XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME XDG_STATE_HOME
export DISPLAY=:$number HOME=$dir/home XDG_RUNTIME_DIR=$dir/run LANG=C.UTF-8
export GDK_BACKEND=x11 GSK_RENDERER=cairo GDK_DEBUG=gl-disable GTK_USE_PORTAL=0
export GTK_A11Y=${GTK_A11Y-none} GSETTINGS_BACKEND=${GSETTINGS_BACKEND-memory}

# what fontconfig and the like keep is only told apart by a deep stack, which takes its time at each allocation
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}fast_unwind_on_malloc=0

start dbus-run-session -- "$@" <&0
wait $!
