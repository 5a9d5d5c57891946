#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a command with a session bus, an unlocked GNOME keyring and a home of its own, and leaves nothing of them:
#
#   with-keyring.sh COMMAND [ARGUMENT...]
set -u

if [ "${1-}" = --on-the-bus ]; then
  shift
  printf test | gnome-keyring-daemon --unlock --foreground --components=secrets >"$HOME/log" 2>&1 &
  keyring=$!
  trap 'kill "$keyring" 2>/dev/null; wait "$keyring"' EXIT
  # or the bus would start another one, which is locked
  if ! gdbus wait --session --timeout 30 org.freedesktop.secrets; then
    echo "No keyring could be started:" >&2
    cat "$HOME/log" >&2
    exit 99
  fi
  "$@"
  exit
fi

. "$(dirname "$0")/leave-nothing.sh"

begin flint-keyring
mkdir -m 700 "$dir/run"
unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME XDG_STATE_HOME
export HOME=$dir XDG_RUNTIME_DIR=$dir/run

start dbus-run-session -- "$0" --on-the-bus "$@" <&0
wait $!
