# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes which functions the shared library shows, those of its installed headers: make-map.py HEADER…"""
import re
import sys

names = set()
for path in sys.argv[1:]:
    with open(path, encoding='utf-8') as file:
        text = re.sub(r'/\*.*?\*/', '', file.read(), flags=re.DOTALL)
    names.update(re.findall(r'^[A-Za-z].*?\b(xmpp_\w+) +\(', text, re.MULTILINE))
    names.update(name + '_get_type' for name in re.findall(r'^G_DECLARE_\w+_TYPE \(\w+, (xmpp_\w+),', text, re.MULTILINE))

print('{\n  global:')
for name in sorted(names):
    print(f'    {name};')
print('  local:\n    *;\n};')
