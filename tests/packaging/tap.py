# SPDX-License-Identifier: GPL-3.0-or-later
"""Says in TAP what a check has found."""
import shutil
import subprocess
import sys


class Tap:
    def __init__(self, path):
        self.path = path
        self.number = 0
        self.failed = False

    def result(self, name, lines, directive=''):
        """`lines` say what is wrong: nothing is wrong when there are none."""
        self.number += 1
        self.failed |= bool(lines)
        print(f'{"not " if lines else ""}ok {self.number} {self.path}/{name}{directive}')
        for line in lines:
            print('#', line)

    def skip(self, name, reason):
        self.result(name, [], ' # SKIP ' + reason)

    def run(self, name, *command):
        """Runs a tool that has nothing to say when all is well."""
        if shutil.which(command[0]) is None:
            self.skip(name, f'there is no {command[0]} here')
            return
        done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.result(name, (done.stdout.splitlines() or [f'{command[0]} failed']) if done.returncode else [])

    def end(self):
        print(f'1..{self.number}')
        sys.exit(self.failed)
