# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that whoever uses the engine is told what it does: check-docs.py FOLDER HEADER…

FOLDER is the engine's, each HEADER one that is installed.
"""
import os
import re
import sys

from tap import Tap

engine, paths = sys.argv[1], sys.argv[2:]
DECLARED = re.compile(r'^((?:const )?[A-Za-z]\w*(?: const)?[ *]+)(xmpp_\w+) +\(([^;{}]*?)\)[^();]*(?:\([^()]*\))?;', re.MULTILINE)
COMMENT = re.compile(r'^/\*\*\n \* (xmpp_\w+):\n(.*?)\*/\n', re.MULTILINE | re.DOTALL)
PARAMETER = re.compile(r'(\w+)(?:\[\])?$')
# What these are is the same everywhere
CUSTOMARY = {'self', 'cancellable', 'callback', 'user_data', 'result', 'error', 'void'}


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def split(parameters):
    """At the commas that are not inside of parentheses"""
    depth, start = 0, 0
    for i, character in enumerate(parameters):
        depth += (character == '(') - (character == ')')
        if character == ',' and depth == 0:
            yield parameters[start:i].strip()
            start = i + 1
    yield parameters[start:].strip()


def parameter_name(parameter):
    pointer = re.search(r'\(\*(\w+)\)', parameter)
    return pointer[1] if pointer else PARAMETER.search(parameter)[1] if parameter != '...' else 'self'


def functions(text):
    """Each function that a header declares: what it returns, its name, its parameters"""
    text = re.sub(r'/\*.*?\*/', '', text, flags=re.DOTALL)
    for returned, name, parameters in DECLARED.findall(text):
        if not name.endswith('_get_type'):
            yield returned.strip(), name, list(split(' '.join(parameters.split())))


headers = {os.path.basename(path): read(path) for path in paths}
comments = {}
for folder, _, names in os.walk(engine):
    for name in names:
        if name.endswith('.c'):
            comments.update(COMMENT.findall(read(os.path.join(folder, name))))

public = [function for text in headers.values() for function in functions(text)]
documented = [(returned, name, parameters, comments[name]) for returned, name, parameters in public if name in comments]

tap = Tap('/packaging/docs')
tap.result('the-engine-has-a-face', [] if len(public) > 100 else [f'only {len(public)} functions were found'])
tap.result('every-public-function-is-described', [name for _, name, _ in public if name not in comments])
tap.result('so-is-what-it-is-given',
           [f'{name}: {parameter}' for _, name, parameters, text in documented
            for parameter in map(parameter_name, parameters)
            if parameter not in CUSTOMARY and f' * @{parameter}:' not in text])
tap.result('and-what-it-gives-back',
           [name for returned, name, _, text in documented if returned != 'void' and ' * Returns:' not in text])
tap.result('and-who-owns-that',
           [name for returned, name, _, text in documented
            if '*' in returned and not returned.startswith('const') and 'transfer ' not in text.split(' * Returns:')[-1]])
tap.result('and-what-may-go-wrong',
           [name for _, name, parameters, text in documented
            if any(parameter.startswith('GError **') for parameter in parameters) and '@error' not in text])
tap.result('no-header-needs-one-that-is-not-installed',
           [f'{name}: {other}' for name, text in headers.items()
            for other in re.findall(r'#include "([^"]+)"', text) if other not in headers])
tap.end()
