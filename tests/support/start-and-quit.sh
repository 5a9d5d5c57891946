#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Starts a Flint, waits until it is on the session bus, tells it to quit, and has its status:
#
#   xrun.sh start-and-quit.sh FLINT
set -u

G_DEBUG=fatal-criticals "$1" &
flint=$!
if ! gdbus wait --session --timeout 60 org.flint.Flint; then
  echo "$1 did not start" >&2
  kill "$flint"
  wait "$flint"
  exit 1
fi
gapplication action org.flint.Flint quit
wait "$flint"
