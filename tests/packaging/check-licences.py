# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that every file says under which licence it is: check-licences.py ROOT"""
import os
import re
import sys

from tap import Tap

root = sys.argv[1]
FOLDERS = ('src', 'tests', 'ui', 'data', 'po', 'flatpak', 'docs', '.ci')
FILES = ('run', 'test', 'meson.build', 'icons/meson.build', 'README.md', 'CONTRIBUTING.md')
# what has no place for a comment
BARE = ('.png', '.svg', '.json', '.der', '.pem', '.xml.gz', '.pyc', 'LINGUAS')
LINE = re.compile(r'SPDX-License-Identifier: ([A-Za-z0-9.-]+)')
LIBRARY = re.compile(r'(src|tests)/xmpp/')


def paths():
    yield from FILES
    for folder in FOLDERS:
        for parent, folders, names in os.walk(os.path.join(root, folder)):
            # the inputs of the fuzzers are what they are
            folders[:] = [name for name in folders if not name.startswith(('.', '__')) and name != 'corpus']
            yield from (os.path.relpath(os.path.join(parent, name), root) for name in names)


def licence(path):
    with open(os.path.join(root, path), encoding='utf-8', errors='replace') as file:
        found = LINE.search(''.join(file.readline() for _ in range(5)))
    return found[1] if found else None


tap = Tap('/packaging/licences')
licences = {path: licence(path) for path in sorted(paths()) if not path.endswith(BARE)}
tap.result('every-file-names-its-licence', [path for path, name in licences.items() if name is None])
tap.result('the-engine-is-under-the-lgpl',
           [f'{path}: {name}' for path, name in licences.items()
            if name and LIBRARY.match(path) and name != 'LGPL-2.1-or-later'])
tap.result('all-else-is-under-the-gpl',
           [f'{path}: {name}' for path, name in licences.items()
            if name and not LIBRARY.match(path) and name != 'GPL-3.0-or-later'])
used = {name for name in licences.values() if name}
tap.result('every-licence-is-here',
           [name for name in sorted(used) if not os.path.exists(os.path.join(root, 'LICENSES', name + '.txt'))])
tap.end()
