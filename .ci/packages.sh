# SPDX-License-Identifier: GPL-3.0-or-later
# What has to be installed, for run, test, .ci/run and .ci/fuzz, which source this.

# To build Flint, and to run it: TLS, whom it trusts, and what draws icons are in no dependencies
build_packages=(gcc libc6-dev meson ninja-build pkg-config gettext desktop-file-utils libxml2-utils
  gtk-update-icon-cache libglib2.0-dev-bin libgtk-4-dev libgtk-4-bin libadwaita-1-dev libgtksourceview-5-dev
  libsecret-1-dev libsqlite3-dev libgnutls28-dev libxml2-dev libicu-dev glib-networking ca-certificates
  librsvg2-common)
demo_packages=(prosody)
display_packages=(xvfb dbus fonts-dejavu-core fonts-droid-fallback adwaita-icon-theme)
test_packages=(prosody ejabberd python3-slixmpp go-sendxmpp python3-dbusmock gnome-keyring at-spi2-core gir1.2-atspi-2.0 python3-gi)
# clang has the fuzzers, whose runtime is a package of its own
fuzz_packages=(clang libclang-rt-14-dev)
check_packages=(cppcheck appstream python3-yaml flatpak-builder groff-base)

units=/lib/systemd/system

# A server that a package brings would start, now and at every boot. We run it ourselves, privately.
services_of ()
{
  case $1 in
    prosody) echo prosody.service ;;
    ejabberd) echo ejabberd.service epmd.service epmd.socket ;;
  esac
}

as_root ()
{
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

is_installed ()
{
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Not in our folder: what a package's scripts start may leave its files in the current one
apt ()
{
  (cd / && as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" </dev/null)
}

# While packages are installed, Debian asks this file whether a service may start
forbid_services ()
{
  policy=/usr/sbin/policy-rc.d
  [ ! -e "$policy" ] || return 0
  printf '#!/bin/sh\n# made by Flint while it installs packages\nexit 101\n' | as_root tee "$policy" >/dev/null
  as_root chmod 755 "$policy"
  trap 'as_root rm -f "$policy"' EXIT
}

# Also where nothing runs yet (a container, a tree): it would with the next boot
disable_services ()
{
  local now=() service

  [ ! -d /run/systemd/system ] || now=(--now)
  for service; do
    [ -e "$units/$service" ] || continue
    as_root systemctl -q disable "${now[@]}" "$service" ||
      echo "$service could not be switched off: it starts with the next boot" >&2
  done
}

install_by_apt ()
{
  local missing=() services=() package service

  for package; do
    is_installed "$package" || missing+=("$package")
  done

  # one that is here already, such as another program's epmd, is none of our business
  for package in "${missing[@]}"; do
    for service in $(services_of "$package"); do
      [ -e "$units/$service" ] || services+=("$service")
    done
  done
  [ ${#missing[@]} -gt 0 ] || return 0

  echo "Installing ${missing[*]}"
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    echo "There is no sudo. Run this as root, and then ./$program again:" >&2
    echo "  apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi

  # in a subshell, so that the file is gone whatever happens
  (
    [ ${#services[@]} -eq 0 ] || forbid_services
    apt update && apt install -y --no-install-recommends "${missing[@]}"
  ) || { echo "These packages could not be installed: ${missing[*]}" >&2; exit 1; }

  if [ ${#services[@]} -gt 0 ] && command -v systemctl >/dev/null; then
    disable_services "${services[@]}"
  fi
}

# Where there is no apt-get we only look, and say what there should be
check_by_hand ()
{
  local missing=() name

  for name in cc meson ninja pkg-config msgfmt glib-compile-resources glib-compile-schemas; do
    command -v "$name" >/dev/null || missing+=("$name")
  done
  for name in gtk4 libadwaita-1 gtksourceview-5 libsecret-1 gnutls libxml-2.0 icu-i18n gio-unix-2.0; do
    pkg-config --exists "$name" 2>/dev/null || missing+=("$name (development files)")
  done
  for name; do
    case $name in
      prosody) command -v prosody >/dev/null || missing+=(prosody) ;;
      ejabberd) command -v erl >/dev/null || missing+=(ejabberd) ;;
      xvfb) command -v Xvfb >/dev/null || missing+=(Xvfb) ;;
    esac
  done
  [ ${#missing[@]} -gt 0 ] || return 0

  echo "Flint needs what follows. Install it with the package manager of this system, and run ./$program again:" >&2
  printf '  %s\n' "${missing[@]}" >&2
  exit 1
}

install_packages ()
{
  if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
    install_by_apt "$@"
  else
    check_by_hand "$@"
  fi
}
