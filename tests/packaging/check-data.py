# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks what the desktop reads about Flint: check-data.py DESKTOP-FILE METAINFO SERVICE FOLDER"""
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

from tap import Tap

desktop, metainfo, service, folder = sys.argv[1:]
tap = Tap('/packaging/data')

tap.run('the-desktop-file-is-valid', 'desktop-file-validate', desktop)
tap.run('the-metainfo-is-valid', 'appstreamcli', 'validate', '--no-net', '--pedantic', metainfo)
tap.run('the-settings-are-valid', 'glib-compile-schemas', '--strict', '--dry-run', folder)

with open(desktop, encoding='utf-8') as file:
    entries = [line.rstrip('\n').split('=', 1) for line in file if '=' in line]
keys = {key for key, _ in entries}
tap.result('the-desktop-file-is-translated', [f'{key} is not' for key in ('GenericName', 'Comment', 'Keywords')
                                              if key + '[zh_CN]' not in keys])

# a desktop file that says that it is started by D-Bus has to be right: nothing else would start it
with open(service, encoding='utf-8') as file:
    lines = file.read().splitlines()
name = os.path.basename(desktop).removesuffix('.desktop')
tap.result('the-d-bus-service-is-that-of-the-desktop-file',
           [] if f'Name={name}' in lines and ['DBusActivatable', 'true'] in entries else lines)

root = ElementTree.parse(metainfo).getroot()
versions = [release.get('version') for release in root.iter('release')]
with open(os.path.join(folder, os.pardir, 'meson.build'), encoding='utf-8') as file:
    version = next(line.split("'")[1] for line in file if line.strip().startswith('version:'))
tap.result('the-metainfo-knows-this-version', [] if versions[:1] == [version] else [f'{versions} begins not by {version}'])
tap.result('the-metainfo-launches-the-desktop-file',
           [] if root.findtext('launchable') == os.path.basename(desktop) else [str(root.findtext('launchable'))])

with open(os.path.join(folder, 'flint.1'), encoding='utf-8') as file:
    page = file.read()
with open(os.path.join(folder, os.pardir, 'src', 'app', 'flint-application.c'), encoding='utf-8') as file:
    source = file.read()
options = [line.split('"')[1] for line in source.splitlines() if 'G_OPTION_ARG' in line]
tap.result('the-manual-page-has-every-option',
           [f'--{option} is absent' for option in options if '\\-\\-' + option.replace('-', '\\-') not in page] +
           ([] if options else ['no option was found in the program']))
if shutil.which('groff'):
    done = subprocess.run(['groff', '-man', '-Tutf8', '-ww', '-z', os.path.join(folder, 'flint.1')], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    tap.result('the-manual-page-is-set-without-a-warning', done.stdout.splitlines())
else:
    tap.skip('the-manual-page-is-set-without-a-warning', 'there is no groff here')
tap.result('the-manual-page-is-for-this-version', [] if f'"Flint {version}"' in page else [f'it is not for {version}'])
tap.end()
