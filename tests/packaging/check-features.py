# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that what the documentation calls proven has its test: check-features.py ROOT"""
import os
import re
import sys

from tap import Tap

root = sys.argv[1]
PATH = re.compile(r'"(/[a-z0-9-]+(?:/[A-Za-z0-9.+_%-]+)+)"')
ADD = re.compile(r'\bADD \("([^"]+)"')
PREFIX = re.compile(r'#define ADD\(.*"(/[^"]+/)" path')
CASE = re.compile(r'^ +\{ "([a-z0-9-]+/[^"]+)", *(?:test_|$)', re.MULTILINE)
FUNCTION = re.compile(r'^def ([A-Za-z0-9_]+)\(\):\n    """', re.MULTILINE)
ROW = re.compile(r'^  \{ "([TSF][0-9]{2,3}-[^"]+)"', re.MULTILINE)
GROUP = re.compile(r"^tap = Tap\('([^']+)'\)", re.MULTILINE)
RESULT = re.compile(r"tap\.result\('([^']+)'")
NAMED = re.compile(r'`(/[a-z0-9-]+/[^` ]+)`')


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def tests():
    """What the sources of the tests call their tests; where the path has a %s, each test of that loop fits."""
    yield from ('/system/' + name.replace('_', '-')
                for name in FUNCTION.findall(read(os.path.join(root, 'tests', 'system', 'test-system.py'))))
    for parent, _, names in os.walk(os.path.join(root, 'tests')):
        for name in names:
            if name.startswith('check-') and name.endswith('.py'):
                source = read(os.path.join(parent, name))
                yield from (f'{group}/{result}' for group in GROUP.findall(source) for result in RESULT.findall(source))
            if not (name.endswith('.c') and name.startswith('test-')):
                continue
            source = read(os.path.join(parent, name))
            yield from (path for path in PATH.findall(source) if not path.startswith('/servers/%s'))
            for prefix in PREFIX.findall(source):
                yield from (prefix + path for path in ADD.findall(source))
            # rows of a table
            yield from (path % row for path in PATH.findall(source) if path.endswith('/%s') for row in ROW.findall(source))
            # those that each run with every server
            yield from (f'/servers/{server}/{case}' for case in CASE.findall(source) for server in ('prosody', 'ejabberd'))


tap = Tap('/packaging/features')
known = set(tests())
loops = [re.compile(re.escape(path).replace('%s', '[A-Za-z0-9.-]+').replace('%u', '[0-9]+') + '$')
         for path in known if '%' in path]
rows = [line for line in read(os.path.join(root, 'docs', 'features.md')).splitlines()
        if line.startswith('| ') and not line.startswith('| Feature')]
named = [name for row in rows for name in NAMED.findall(row)]

tap.result('there-are-features', [] if rows else ['no row was found'])
tap.result('every-feature-names-a-test', [row for row in rows if not NAMED.search(row)])
tap.result('every-test-that-is-named-exists',
           [name for name in named if name not in known and not any(loop.match(name) for loop in loops)])

# The list of threats and faults: a line for each, with tests or with words
threats = re.findall(r'^\| ([TSF][0-9]{2,3}) \| (.*) \|$', read(os.path.join(root, 'docs', 'security.md')), re.MULTILINE)
ids = [f'T{i:03}' for i in range(1, 141)] + [f'S{i:02}' for i in range(1, 107)] + [f'F{i:02}' for i in range(1, 55)]
tap.result('every-threat-has-its-line', sorted(set(ids) ^ {row for row, _ in threats}) +
           [row for row, _ in threats if [other for other, _ in threats].count(row) > 1])
proofs = [(row, name) for row, text in threats for name in NAMED.findall(text)]
tap.result('every-proof-of-a-threat-exists',
           [f'{row}: {name}' for row, name in proofs
            if name not in known and not any(loop.match(name) for loop in loops if not loop.pattern.startswith('/core/inert/'))])
tap.result('every-line-of-a-threat-says-something',
           [row for row, text in threats if not NAMED.search(text) and
            not re.match(r'(Later|Cannot|In part|Not proven|Not tried|As [TSF])', text)])

missing = []
for folder in ('.', 'docs'):
    for name in sorted(os.listdir(os.path.join(root, folder))):
        if name.endswith('.md'):
            page = os.path.join(root, folder, name)
            missing += [f'{name}: {link}' for link in re.findall(r'[^!]\[[^]]*\]\(([^)#:]+)(?:#[^)]*)?\)', read(page))
                        if not os.path.exists(os.path.join(root, folder, link))]
tap.result('every-link-between-the-pages-leads-somewhere', missing)

# What a page says about the code has to be there still: functions, types, files
sources = {name: read(os.path.join(parent, name)) for parent, _, names in os.walk(os.path.join(root, 'src'))
           for name in names if name.endswith(('.c', '.h'))}
files = {os.path.splitext(name)[0] for name in sources}
code = '\n'.join(sources.values())
words = set(re.findall(r'\w+', code))
gone = []
for name in ('architecture.md', 'engine.md'):
    page = read(os.path.join(root, 'docs', name))
    gone += [f'{name}: {function} ()' for function in sorted(set(re.findall(r'\b([a-z_]{4,}) \(\)', page)))
             if not re.search(rf'\b{function} \(', code)]
    gone += [f'{name}: {type}' for type in sorted(set(re.findall(r'\b(?:Xmpp|Flint|Console|Demo)[A-Z]\w+', page)))
             if type not in words and type.removesuffix('s') not in words]
    gone += [f'{name}: {file}' for file in sorted(set(re.findall(r'`((?:xmpp|flint|console)-[a-z-]+)(?:\.[ch])?`', page)))
             if file not in files | {'flint-demo', 'flint-xmpp'}]
tap.result('what-the-pages-say-of-the-code-is-there', gone)
tap.end()
