# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the outlines of symbolic icons as C: make-shapes.py NAME=ICON.svg…

An icon is one path of M, L, H, V, A and Z in a square of 16, filled by the even-odd rule. Arcs become Bézier curves (SVG 1.1,
F.6), so that what is left is M, L, C and Z with absolute places."""
import math
import re
import sys
import xml.etree.ElementTree as ElementTree

SVG = '{http://www.w3.org/2000/svg}'
N_ARGUMENTS = {'M': 2, 'L': 2, 'H': 1, 'V': 1, 'A': 7, 'Z': 0}


def read_commands(data):
    """Yields each command with its arguments; what follows M is a line (SVG 1.1, 8.3.2)"""
    tokens = re.findall(r'[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)', data)
    name = None
    while tokens:
        if tokens[0].isalpha():
            name = tokens.pop(0)
        count = N_ARGUMENTS[name.upper()]
        yield name, [float(token) for token in tokens[:count]]
        del tokens[:count]
        name = {'M': 'L', 'm': 'l'}.get(name, name)


def arc_to_curves(x1, y1, radius, is_large, is_sweep, x2, y2):
    """A piece of a circle as curves of at most a quarter"""
    dx, dy = (x1 - x2) / 2, (y1 - y2) / 2
    half = math.hypot(dx, dy)
    radius = max(radius, half)
    factor = math.sqrt(max(0, radius ** 2 - half ** 2)) / half * (-1 if is_large == is_sweep else 1)
    cx, cy = factor * dy + (x1 + x2) / 2, -factor * dx + (y1 + y2) / 2
    start = math.atan2(y1 - cy, x1 - cx)
    turn = (math.atan2(y2 - cy, x2 - cx) - start) % (2 * math.pi)
    if not is_sweep:
        turn -= 2 * math.pi
    pieces = math.ceil(abs(turn) / (math.pi / 2) - 1e-9)
    step = turn / pieces
    reach = 4 / 3 * math.tan(step / 4) * radius
    for piece in range(pieces):
        a, b = start + piece * step, start + (piece + 1) * step
        ax, ay = cx + radius * math.cos(a), cy + radius * math.sin(a)
        bx, by = cx + radius * math.cos(b), cy + radius * math.sin(b)
        yield (ax - reach * math.sin(a), ay + reach * math.cos(a), bx + reach * math.sin(b), by - reach * math.cos(b), bx, by)


def outline(data):
    """The steps of a path, each a letter and its numbers"""
    x = y = start_x = start_y = 0.0
    for name, args in read_commands(data):
        kind = name.upper()
        ox, oy = (x, y) if name.islower() else (0.0, 0.0)
        if kind == 'Z':
            x, y = start_x, start_y
            yield 'Z', ()
        elif kind == 'A':
            rx, ry, _, is_large, is_sweep, to_x, to_y = args
            if rx != ry:
                raise ValueError('an arc that is not of a circle')
            for curve in arc_to_curves(x, y, rx, bool(is_large), bool(is_sweep), to_x + ox, to_y + oy):
                yield 'C', curve
            x, y = to_x + ox, to_y + oy
        else:
            x, y = {'H': lambda: (args[0] + ox, y), 'V': lambda: (x, args[0] + oy)}.get(kind, lambda: (args[0] + ox, args[1] + oy))()
            if kind == 'M':
                start_x, start_y = x, y
            yield ('M' if kind == 'M' else 'L'), (x, y)


names = []
print('/* Written by make-shapes.py from the icons */')
for argument in sys.argv[1:]:
    name, path = argument.split('=', 1)
    paths = ElementTree.parse(path).findall(f'.//{SVG}path')
    if len(paths) != 1 or paths[0].get('fill-rule') != 'evenodd':
        sys.exit(f'{path}: not one path that is filled by the even-odd rule')
    names.append(name)
    steps = [f"'{letter}', " + ''.join(f'{number:.4f}f, ' for number in numbers) for letter, numbers in outline(paths[0].get('d'))]
    print(f'static const float shape_{name}[] = {{\n  ' + '\n  '.join(step.rstrip() for step in steps) + '\n  0\n};')

print('static const struct { const char *name; const float *steps; } shapes[] = {')
for name in names:
    print(f'  {{ "{name}", shape_{name} }},')
print('};')
