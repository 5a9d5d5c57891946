# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks what the desktop reads about Flint: check-data.py DESKTOP-FILE METAINFO FOLDER"""
import os
import sys
import xml.etree.ElementTree as ElementTree

from tap import Tap

desktop, metainfo, folder = sys.argv[1:]
tap = Tap('/packaging/data')

tap.run('the-desktop-file-is-valid', 'desktop-file-validate', desktop)
tap.run('the-metainfo-is-valid', 'appstreamcli', 'validate', '--no-net', metainfo)
tap.run('the-settings-are-valid', 'glib-compile-schemas', '--strict', '--dry-run', folder)

with open(desktop, encoding='utf-8') as file:
    entries = [line.rstrip('\n').split('=', 1) for line in file if '=' in line]
keys = {key for key, _ in entries}
tap.result('the-desktop-file-is-translated', [f'{key} is not' for key in ('GenericName', 'Comment', 'Keywords')
                                              if key + '[zh_CN]' not in keys])

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
tap.result('the-manual-page-is-for-this-version', [] if f'"Flint {version}"' in page else [f'it is not for {version}'])
tap.end()
