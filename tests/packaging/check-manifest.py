# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the Flatpak manifest, as far as that goes without a network: check-manifest.py ROOT"""
import os
import sys

from tap import Tap

root = sys.argv[1]
path = os.path.join(root, 'flatpak', 'org.flint.Flint.yml')
# More than these has to be argued for, here and in the manifest
ALLOWED = {'--share=network', '--share=ipc', '--socket=wayland', '--socket=fallback-x11', '--device=dri',
           '--talk-name=org.freedesktop.secrets'}
KEYS = {'id': str, 'runtime': str, 'runtime-version': str, 'sdk': str, 'command': str, 'finish-args': list,
        'modules': list}

tap = Tap('/packaging/flatpak')
tap.run('flatpak-builder-understands-the-manifest', 'flatpak-builder', '--show-manifest', path)

try:
    import yaml
except ImportError:
    tap.skip('the-manifest-is-complete', 'Python has no yaml here')
    tap.end()

with open(path, encoding='utf-8') as file:
    manifest = yaml.safe_load(file)

tap.result('the-manifest-is-complete',
           [f'{key} is absent or is not of type {kind.__name__}' for key, kind in KEYS.items()
            if not isinstance(manifest.get(key), kind)])
tap.result('the-manifest-is-of-this-program', [] if manifest['id'] + '.yml' == os.path.basename(path) else [manifest['id']])
tap.result('the-sandbox-opens-no-further',
           [argument for argument in manifest['finish-args'] if argument not in ALLOWED])
tap.result('every-module-has-sources',
           [module['name'] for module in manifest['modules'] if not module.get('sources')])
tap.result('every-folder-of-sources-exists',
           [source['path'] for module in manifest['modules'] for source in module['sources']
            if source['type'] == 'dir' and not os.path.isdir(os.path.join(root, 'flatpak', source['path']))])
tap.end()
