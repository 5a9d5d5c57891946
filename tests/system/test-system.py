#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program as it is started, on a desktop of its own: test-system.py FLINT

What is pressed and read goes through the keyboard, the screen reader's tree, the notifications and D-Bus.
"""
import os
import re
import signal
import stat
import subprocess
import sys
import tempfile
import traceback

os.environ['FLINT_TEST_DESK'] = str(os.getpid())
# of our own, to see what is left there; within what xrun.sh removes
os.environ['TMPDIR'] = tempfile.mkdtemp(dir=os.environ['XDG_RUNTIME_DIR'])
tempfile.tempdir = None

from desk import Atspi, DEADLINE, Flint, Notifications, RETURN, folders_left, left_over, press, type_text, wait_for, walk  # noqa: E402

PROGRAM = sys.argv[1]

# What a person can press or fill in, which says nothing to who cannot see it when it has no name
CONTROLS = (Atspi.Role.PUSH_BUTTON, Atspi.Role.TOGGLE_BUTTON, Atspi.Role.CHECK_BOX, Atspi.Role.RADIO_BUTTON,
            Atspi.Role.ENTRY, Atspi.Role.PASSWORD_TEXT, Atspi.Role.TEXT, Atspi.Role.LIST, Atspi.Role.LIST_BOX,
            Atspi.Role.LIST_ITEM, Atspi.Role.COMBO_BOX, Atspi.Role.SPIN_BUTTON, Atspi.Role.PAGE_TAB, Atspi.Role.MENU_ITEM)
# the type's name is what GTK says when there is no other
NO_NAMES = ('', 'GtkImage', 'GtkLabel', 'GtkText', 'GtkEntry', 'GtkListView', 'GtkListBox', 'GtkListItemWidget')


def is_of_a_tab(item):
    """libadwaita's own buttons to close a tab have no name in 1.2."""
    while item is not None:
        if item.get_name() == 'AdwTab':
            return True
        item = item.get_parent()
    return False


def is_named(item):
    """By a name, by what a tooltip says of it, or, if it holds others, by them."""
    if item.get_name() not in NO_NAMES or item.get_description():
        return True
    # libadwaita makes lists before there is anything to be in them
    if item.get_role() in (Atspi.Role.LIST, Atspi.Role.LIST_BOX) and item.get_child_count() == 0:
        return True
    return any(child.get_name() not in NO_NAMES for child in walk(item) if child != item)


def start_demo():
    flint = Flint(PROGRAM, '--demo')
    flint.see_text('Bob Berger')
    return flint


def end_one(flint):
    flint.activate('quit')
    assert flint.wait() == 0, 'Flint did not end well'


def end(flint):
    end_one(flint)
    wait_for(lambda: not left_over(), f'nothing left of the demo; there is {left_over()}')
    assert not folders_left(), f'left: {folders_left()}'


def open_bob(flint):
    flint.see_window('(1) Flint')   # his greeting
    type_text('bob')
    wait_for(lambda: not flint.find((Atspi.Role.LIST_ITEM,), lambda name: name.startswith('Kenji Mori')),
             'the others left out by the search')
    press(RETURN)
    flint.see_focus(Atspi.Role.TEXT, 'Message')
    return flint.see_window('Bob Berger')


def a_contact_is_found_by_typing_and_answers():
    """letters search, Enter opens, Enter sends"""
    flint = start_demo()
    open_bob(flint)
    type_text('hello')
    press(RETURN)
    flint.see((Atspi.Role.LIST_ITEM,), lambda name: name.startswith('alice: hello'))
    flint.see((Atspi.Role.LIST_ITEM,), lambda name: name.startswith('Bob Berger: Hello. Nice to see you here'))
    flint.see_window('Flint')       # nothing is unread
    end(flint)


def open_each(flint):
    open_bob(flint)
    for action, title in (('log-in', 'Log in'), ('headlines', 'Headlines'), ('console', 'Debug console'),
                          ('preferences', 'Preferences'), ('add-contact', 'Add contact'), ('join-room', 'Join room'),
                          ('new-message', 'New message')):
        flint.activate(action)
        flint.see_window(title)


def windows_are_windows():
    """also those that begin with the focus in a field: a screen reader follows only what says that it is one, and is active"""
    flint = start_demo()
    open_each(flint)
    wrong = [f'{window.get_name()}: {window.get_role_name()}' for window in flint.windows()
             if window.get_role() not in (Atspi.Role.FRAME, Atspi.Role.DIALOG)]
    assert not wrong, 'not a window: ' + ', '.join(wrong)
    wait_for(lambda: flint.window('New message').get_state_set().contains(Atspi.StateType.ACTIVE),
             'the window opened last being the active one')
    end(flint)


def everything_has_a_name():
    """each window, for who hears it"""
    flint = start_demo()
    open_each(flint)
    nameless = [f'{item.get_role_name()} in {item.get_application().get_name()}: '
                + ' < '.join(parents(item)) for item in walk(flint.root())
                if item.get_role() in CONTROLS and not is_named(item) and not is_of_a_tab(item)]
    assert not nameless, 'without a name:\n  ' + '\n  '.join(nameless)
    end(flint)


def parents(item):
    while item is not None and item.get_role() != Atspi.Role.APPLICATION:
        yield item.get_name() or item.get_role_name()
        item = item.get_parent()


def headlines_are_notified_and_pressing_one_shows_it():
    """both kinds, and nothing of them is markup"""
    flint = start_demo()
    wait_for(lambda: {'Newsroom: The canteen has a new menu', 'flint.example: Server maintenance tonight'}
             <= {title for title, _, _ in notifications.shown()}, 'a notification for each headline')
    titles = [title for title, _, _ in notifications.shown()]
    notifications.press(titles.index('flint.example: Server maintenance tonight') + 1, 'default')
    flint.see_window('Headlines')
    flint.see((Atspi.Role.LABEL,), 'Announcement from your server, flint.example')
    end(flint)


def F44_a_signal_ends_it_politely():
    """SIGTERM, as at the end of a session, and SIGINT"""
    for number in (signal.SIGTERM, signal.SIGINT):
        flint = start_demo()
        flint.process.send_signal(number)
        assert flint.wait() == 0, f'signal {number} ended it with {flint.process.returncode}'
        wait_for(lambda: not left_over(), f'nothing left of the demo; there is {left_over()}')


def F44_the_demo_ends_even_when_flint_is_killed():
    """nobody can be told then"""
    flint = start_demo()
    flint.kill()
    wait_for(lambda: not left_over(), f'nothing left of the demo; there is {left_over()}')
    assert not folders_left(), f'left: {folders_left()}'


def there_is_one_flint():
    """the second one shows the first one, and ends"""
    first = Flint(PROGRAM)
    first.see_window('Log in')
    second = subprocess.run([PROGRAM], stdin=subprocess.DEVNULL, timeout=DEADLINE)
    assert second.returncode == 0
    assert first.process.poll() is None
    root = first.root()
    assert root.get_child_count() == 1, 'another window was opened'
    end(first)


def a_link_before_the_first_account_leads_to_the_login():
    """it is kept until there is somebody to chat as"""
    first = Flint(PROGRAM)
    first.see_window('Log in')
    second = subprocess.run([PROGRAM, 'xmpp:eve@evil.example?message;body=hi'], stdin=subprocess.DEVNULL, timeout=DEADLINE)
    assert second.returncode == 0
    first.see_window('Log in')
    assert first.root().get_child_count() == 1, 'another window was opened'
    end(first)


def open_to_others(*folders):
    """What others than the owner may read, write or enter."""
    for folder in folders:
        for parent, names, files in os.walk(folder):
            for path in [parent] + [os.path.join(parent, name) for name in files]:
                mode = os.lstat(path).st_mode
                if mode & 0o077 and not stat.S_ISLNK(mode):
                    yield f'{path}: {mode & 0o7777:o}'


def T137_nothing_is_for_others_to_read():
    """what an earlier version or a copy left open neither"""
    config, cache = (os.path.join(os.environ['HOME'], name, 'flint') for name in ('.config', '.cache'))
    old = os.umask(0o022)
    for folder in (config, cache):
        os.makedirs(folder, exist_ok=True)
        os.chmod(folder, 0o755)
    with open(os.path.join(cache, 'left-open'), 'w', encoding='utf-8') as file:
        file.write('x')
    assert list(open_to_others(config, cache))

    # with the mask of a shell that is careless
    flint = Flint(PROGRAM)
    os.umask(old)
    flint.see_window('Log in')
    wait_for(lambda: not list(open_to_others(config, cache)), 'everything closed to others')
    end(flint)
    assert not list(open_to_others(config, cache)), list(open_to_others(config, cache))


def T123_temporary_files_are_where_nobody_else_comes():
    """and have names that nobody knows before"""
    run = os.environ['XDG_RUNTIME_DIR']
    killed = set(os.listdir(run))   # what was left by one that was killed goes with the session
    before = set(os.listdir(tempfile.gettempdir()))
    old = os.umask(0o022)
    first, second = start_demo(), start_demo()
    os.umask(old)
    made = [name for name in set(os.listdir(run)) - killed if name.startswith('flint-')]
    assert len(made) == 4, made   # the server's and the program's, of each
    for name in made:
        assert re.fullmatch(r'flint-demo-[A-Za-z0-9]{6}', name), name
        assert stat.S_IMODE(os.lstat(os.path.join(run, name)).st_mode) == 0o700, name
    end_one(first)
    end(second)
    assert not [name for name in set(os.listdir(run)) - killed if name.startswith('flint-')], os.listdir(run)
    assert not [name for name in set(os.listdir(tempfile.gettempdir())) - before if name.startswith('flint-demo')]


TESTS = (a_contact_is_found_by_typing_and_answers, windows_are_windows, everything_has_a_name,
         headlines_are_notified_and_pressing_one_shows_it, F44_a_signal_ends_it_politely,
         F44_the_demo_ends_even_when_flint_is_killed, there_is_one_flint, a_link_before_the_first_account_leads_to_the_login,
         T137_nothing_is_for_others_to_read, T123_temporary_files_are_where_nobody_else_comes)

print(f'1..{len(TESTS)}', flush=True)
failed = False
for number, test in enumerate(TESTS, 1):
    notifications = Notifications()
    try:
        test()
        error = None
    except Exception:   # whatever it is, the next one is tried too
        error = traceback.format_exc()
        failed = True
    finally:
        for child in Flint.started:
            child.kill()
        Flint.started.clear()
        notifications.close()
    name = '/system/' + test.__name__.replace('_', '-')
    print(f'{"not " if error else ""}ok {number} {name}', flush=True)
    for line in (error or '').splitlines():
        print('#', line, flush=True)
sys.exit(failed)
