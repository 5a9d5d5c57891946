# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes pictures of symbolic icons as GTK reads them without a reader of SVG, and the list of resources that holds them:
encode-icons.py TOOL PREFIX DIRECTORY ICON.svg…"""
import os
import subprocess
import sys

tool, prefix, directory, *icons = sys.argv[1:]
names = []
for icon in icons:
    subprocess.run([tool, icon, '16x16', '-o', directory], check=True)
    names.append(os.path.basename(icon).removesuffix('.svg') + '.symbolic.png')

with open(os.path.join(directory, 'flint-icons.gresource.xml'), 'w', encoding='utf-8') as file:
    file.write(f'<gresources>\n  <gresource prefix="{prefix}">\n')
    file.writelines(f'    <file>{name}</file>\n' for name in names)
    file.write('  </gresource>\n</gresources>\n')
