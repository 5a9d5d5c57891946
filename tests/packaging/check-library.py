# SPDX-License-Identifier: GPL-3.0-or-later
"""Uses the installed engine as anybody would: check-library.py BUILD ROOT SANITIZE"""
import os
import re
import shlex
import subprocess
import sys
import tempfile

from tap import Tap

build, root, sanitize = sys.argv[1:]
EXAMPLES = [os.path.join(root, 'src', 'xmpp', 'example', name) for name in ('echo.c', 'headline.c')]
BLOCK = re.compile(r'^```c\n(.*?)^```', re.MULTILINE | re.DOTALL)
PRIVATE = re.compile(r'xmpp_(?:stream_(?!error)|parser_|router_|negotiator_|login_|session_emit_)')


def run(*command, **more):
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more)
    return done.returncode, done.stdout


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def find(stage, name):
    for folder, _, names in os.walk(stage):
        if name in names:
            return folder
    return None


def check(tap, stage):
    status, said = run('meson', 'install', '-C', build, '--destdir', stage, '--no-rebuild', '--tags', 'devel,runtime')
    described, library = find(stage, 'flint-xmpp.pc'), find(stage, 'libflint-xmpp.so')
    tap.result('the-engine-is-installed', [] if status == 0 and described and library else said.splitlines() or ['nothing was'])
    if not described or not library:
        return

    # it is where it would be, but for the stage
    page = os.path.join(described, 'flint-xmpp.pc')
    text = read(page)
    with open(page, 'w', encoding='utf-8') as file:
        file.write(re.sub(r'^prefix=', f'prefix={stage}', text, flags=re.MULTILINE))
    search = os.pathsep.join(filter(None, [described, os.environ.get('PKG_CONFIG_PATH')]))
    status, flags = run('pkg-config', '--cflags', '--libs', 'flint-xmpp', env={**os.environ, 'PKG_CONFIG_PATH': search})
    tap.result('pkg-config-knows-it', flags.splitlines() if status else [])

    checks = [] if sanitize == 'none' else [f'-fsanitize={sanitize}']
    wrong = []
    for example in EXAMPLES:
        program = os.path.join(stage, os.path.basename(example)[:-2])
        status, said = run(*shlex.split(os.environ.get('CC', 'cc')), '-std=c11', '-Wall', '-Wextra', '-Werror',
                           '-Wno-unused-parameter', *checks, example, '-o', program, *flags.split())
        wrong += said.splitlines() if status else []
    tap.result('the-examples-compile-with-nothing-else', wrong)

    status, said = run(program, 'nobody', '@', 'Server down', 'It is.', env={**os.environ, 'LD_LIBRARY_PATH': library})
    tap.result('it-runs-and-says-what-is-wrong', [] if status == 1 and '@' in said else [f'{status}: {said}'])

    alone = []
    for name in sorted(os.listdir(find(stage, 'xmpp-session.h'))):
        alone.append(os.path.join(stage, name.replace('.h', '.c')))
        with open(alone[-1], 'w', encoding='utf-8') as file:
            file.write(f'#include <{name}>\n')
    status, said = run(*shlex.split(os.environ.get('CC', 'cc')), '-std=c11', '-Wall', '-Wextra', '-Wno-unused-parameter',
                       '-Wno-cast-function-type', '-Werror', '-fsyntax-only', *flags.split(), *alone)
    tap.result('each-header-stands-alone', said.splitlines() if status else [])

    status, shown = run('nm', '-D', '--defined-only', os.path.join(library, 'libflint-xmpp.so'))
    names = [line.split()[2] for line in shown.splitlines()]
    tap.result('it-shows-its-functions-and-nothing-else',
               ['no function'] if 'xmpp_session_new' not in names else
               [name for name in names if not name.startswith('xmpp_') or PRIVATE.match(name)])


tap = Tap('/packaging/library')
with tempfile.TemporaryDirectory() as stage:
    check(tap, stage)
code = '\n'.join(map(read, EXAMPLES))
blocks = BLOCK.findall(read(os.path.join(root, 'docs', 'engine.md')))
tap.result('its-page-shows-what-was-compiled', [line for block in blocks if block not in code for line in block.splitlines()] if blocks else ['nothing'])
tap.end()
