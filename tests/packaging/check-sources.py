# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that what is dangerous is not in the sources: check-sources.py ROOT"""
import os
import re
import sys

from tap import Tap

root = sys.argv[1]

# what could be guessed: ids are seen by those we talk to, and a nonce must not be one of theirs
GUESSABLE = re.compile(r'\bg_random_|\bg_rand_|\bg_uuid_string_random\b|\brandom \(|\brand \(')
# text of others that would become markup
MARKUP = re.compile(r'_set_markup \(|body_use_markup|"use-markup", TRUE|use_markup \([^;]*TRUE|tooltip_markup|tooltip-markup|'
                    r'name="use-markup">[Tt]rue|name="body-use-markup">')
# a shell, or text without an end
UNSAFE = re.compile(r'\bsystem \(|\bpopen \(|g_spawn_command_line|\bstrcpy \(|\bstrcat \(|\bsprintf \(|\bvsprintf \(|\bgets \(|\balloca \(|\bg_alloca')
# what makes the main loop wait for a disk, a network or another program
# Called by flint-password-store.c in a thread of its own
IN_A_THREAD = ('secret_service_open_sync', 'secret_service_search_sync')
WAITING = re.compile(r'\bg_main_loop_run\b|\bg_main_context_iteration\b|\bgtk_dialog_run\b|\bg_spawn_sync\b|_sync \(|\bg_resolver_lookup_by_name \(|'
                     r'\bg_proxy_resolver_lookup \(|\bg_socket_client_connect \(|\bg_tls_connection_handshake \(|\bg_file_load_contents \(|'
                     r'\bgetaddrinfo\b|\bsleep \(')
# temporary files by names that others can guess (g_mkdtemp and g_file_set_contents choose theirs)
TEMPORARY = re.compile(r'\btmpnam|\btempnam|\bmktemp \(|\btmpfile \(|"/tmp/|"/var/tmp')


def lines(*folders):
    for folder in folders:
        for parent, _, names in os.walk(os.path.join(root, folder)):
            for name in sorted(names):
                if name.endswith(('.c', '.h', '.ui')):
                    path = os.path.relpath(os.path.join(parent, name), root)
                    with open(os.path.join(root, path), encoding='utf-8') as file:
                        yield from ((f'{path}:{number}', line.strip()) for number, line in enumerate(file, 1))


def find(pattern, *folders, but=()):
    return [f'{place}: {line}' for place, line in lines(*folders)
            if pattern.search(line) and not line.startswith(('*', '/*')) and not any(word in line for word in but)]


tap = Tap('/packaging/sources')
tap.result('T019-random-numbers-cannot-be-guessed', find(GUESSABLE, 'src'))
tap.result('T060-nothing-is-markup', find(MARKUP, 'src', 'ui'))
tap.result('T122-there-is-no-shell', find(UNSAFE, 'src'))
tap.result('T123-no-temporary-file-has-a-name-that-others-know', find(TEMPORARY, 'src'))
# the demo's server and the examples are programs of their own
tap.result('nothing-waits-on-the-main-loop',
           [found for found in find(WAITING, 'src/xmpp', 'src/core', 'src/console', 'src/app', but=('flint_contact_list_sync', *IN_A_THREAD))
            if not found.startswith('src/xmpp/example/')])
tap.end()
