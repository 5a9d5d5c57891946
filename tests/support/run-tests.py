#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs Meson's tests and counts what they say in TAP.

    run-tests.py BUILD SLOWER [NAME...]

A test that crashes, times out or stops before its plan is done counts what it did not get to as failed.
The last line is "N passed, N failed, N skipped"; the status is 0 when nothing failed.
"""
import json
import os
import re
import subprocess
import sys

RESULT = re.compile(r'^(not )?ok\b\s*\d*\s*(?:- )?(.*?)\s*(?:# *(SKIP|TODO)\b\s*(.*))?$', re.IGNORECASE)
PLAN = re.compile(r'^1\.\.(\d+)\s*(?:# *(?:SKIP\S*)\s*(.*))?$', re.IGNORECASE)


class Count:
    def __init__(self):
        self.passed = 0
        self.failed = []
        self.skipped = []

    def add_tap(self, name, text):
        """Counts the lines of one test program; returns how many of its plan are missing, or None without a plan."""
        planned = None
        seen = 0
        for line in text.splitlines():
            plan = PLAN.match(line)
            if plan:
                planned = int(plan[1])
                if planned == 0:
                    self.skipped.append((name, plan[2] or 'no reason given'))
                continue
            result = RESULT.match(line)
            if not result:
                continue
            seen += 1
            bad, title, directive, reason = result.groups()
            title = title or name
            if (directive or '').upper() == 'SKIP':
                self.skipped.append((title, reason or 'no reason given'))
            elif bad and (directive or '').upper() != 'TODO':
                self.failed.append((title, ''))
            else:
                self.passed += 1
        return None if planned is None else planned - seen

    def add(self, test):
        name = test['name']
        before = len(self.failed)
        is_tap = re.search(r'^(1\.\.\d+|(not )?ok\b)', test.get('stdout') or '', re.MULTILINE) is not None
        missing = self.add_tap(name, test['stdout']) if is_tap else None
        result = test['result']

        if result in ('OK', 'EXPECTEDFAIL', 'SKIP'):
            if not is_tap and result == 'SKIP':
                self.skipped.append((name, (test.get('stdout') or '').strip() or 'no reason given'))
            elif not is_tap:
                self.passed += 1
            if missing:
                self.failed.append((name, f'{missing} of its tests did not run'))
        elif missing and missing > 0:
            self.failed += [(name, f'{result}: it stopped before its end')] * missing
        elif len(self.failed) == before:
            self.failed.append((name, result))


def choose(build, wanted):
    """The names of all tests, or of those that are wanted, by their own name or their suite's."""
    text = subprocess.run(['meson', 'test', '-C', build, '--no-rebuild', '--list'],
                          stdout=subprocess.PIPE, text=True, check=True).stdout
    tests = re.findall(r'^(?:[^:\n]+:)?([^:/\n]+) / (.+)$', text, re.MULTILINE)
    if not wanted:
        return []
    names = []
    for name in wanted:
        found = [test for suites, test in tests if name == test or name in suites.split('+')]
        if not found:
            sys.exit(f'There is no test or suite "{name}". ./test --list says what there is.')
        names += found
    return sorted(set(names))


def main():
    build, slower, *wanted = sys.argv[1:]
    names = choose(build, wanted)
    log = os.path.join(build, 'meson-logs', 'testlog.json')
    if os.path.exists(log):
        os.remove(log)
    status = subprocess.run(['meson', 'test', '-C', build, '--no-rebuild', '--print-errorlogs',
                             '--timeout-multiplier', slower, *names], stdin=subprocess.DEVNULL).returncode

    count = Count()
    if os.path.exists(log):
        with open(log, encoding='utf-8') as lines:
            for line in lines:
                count.add(json.loads(line))
    if status != 0 and not count.failed:
        count.failed.append(('meson test', f'ended with status {status}'))
    if not names and count.passed == 0 and not count.failed:
        count.failed.append(('meson test', 'ran nothing'))

    print()
    for title, reason in count.skipped:
        print(f'skipped: {title}: {reason}')
    for title, reason in count.failed:
        print(f'FAILED: {title}{": " + reason if reason else ""}')
    print(f'{count.passed} passed, {len(count.failed)} failed, {len(count.skipped)} skipped', flush=True)
    return 1 if count.failed else 0


if __name__ == '__main__':
    sys.exit(main())
