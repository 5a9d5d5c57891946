# SPDX-License-Identifier: GPL-3.0-or-later
"""A person at a desk with Flint on it: the real program, reached as a screen reader and a keyboard reach it."""
import glob
import os
import signal
import subprocess
import tempfile
import warnings

import dbus
import dbusmock
import gi

warnings.simplefilter('ignore')
gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, GLib  # noqa: E402

DEADLINE = 60   # seconds; a machine under load is slow, not wrong


def wait_for(condition, what):
    """Asks again and again, until what `condition ()` returns is true; returns that."""
    loop = GLib.MainContext.default()
    end = GLib.get_monotonic_time() + DEADLINE * 1000000
    while True:
        GLib.timeout_add(20, lambda: False)
        loop.iteration(True)
        try:
            found = condition()
        except GLib.Error:   # what was looked at has gone
            found = None
        if found:
            return found
        if GLib.get_monotonic_time() > end:
            raise AssertionError(f'not seen: {what}')


def walk(item):
    if item is None:
        return
    yield item
    for i in range(item.get_child_count()):
        yield from walk(item.get_child_at_index(i))


def press(keysym):
    Atspi.generate_keyboard_event(keysym, None, Atspi.KeySynthType.SYM)


def type_text(text):
    """Plain ASCII, a key at a time."""
    for letter in text:
        press(ord(letter))


RETURN = 0xff0d


class Notifications:
    """Where the desktop shows notifications."""

    def __init__(self):
        self.process, self.object = dbusmock.DBusTestCase.spawn_server_template(
            'notification_daemon', {}, stdout=subprocess.DEVNULL)
        self.mock = dbus.Interface(self.object, dbusmock.MOCK_IFACE)

    def shown(self):
        """Title, text and actions of each."""
        return [(str(args[3]), str(args[4]), [str(action) for action in args[5]])
                for _, method, args in self.mock.GetCalls() if method == 'Notify']

    def press(self, number, action):
        """Presses a button of the notification with this number: the first is 1."""
        self.mock.EmitSignal('org.freedesktop.Notifications', 'ActionInvoked', 'us',
                             [dbus.UInt32(number), action])

    def close(self):
        self.process.terminate()
        self.process.wait()


class Flint:
    started = []

    def __init__(self, program, *arguments):
        Flint.started.append(self)
        self.process = subprocess.Popen([program, *arguments], stdin=subprocess.DEVNULL)

    def root(self):
        desktop = Atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            application = desktop.get_child_at_index(i)
            if application is not None and application.get_process_id() == self.process.pid:
                application.clear_cache()
                return application
        return None

    def find(self, roles, name):
        """What has a role and a name; `name` is a string, or a function that is asked with it."""
        fits = name if callable(name) else lambda text: text == name
        for item in walk(self.root()):
            if item.get_role() in roles and fits(item.get_name()):
                return item
        return None

    def window(self, title):
        """One of its windows."""
        return next((window for window in self.windows() if window.get_name() == title), None)

    def windows(self):
        root = self.root()
        windows = [root.get_child_at_index(i) for i in range(root.get_child_count())] if root is not None else []
        return [window for window in windows if window is not None]

    def see_window(self, title):
        return wait_for(lambda: self.window(title), f'the window “{title}”')

    def see(self, roles, name):
        return wait_for(lambda: self.find(roles, name), name)

    def see_text(self, text):
        return wait_for(lambda: next((item for item in walk(self.root()) if text in item.get_name()), None), text)

    def text(self, item):
        return Atspi.Text.get_text(item, 0, Atspi.Text.get_character_count(item))

    def see_focus(self, role, name):
        """Waits until the keyboard goes to what has this role and name."""
        return wait_for(lambda: next((item for item in walk(self.root()) if item.get_role() == role and item.get_name() == name
                                      and item.get_state_set().contains(Atspi.StateType.FOCUSED)), None),
                        f'the focus on “{name}”')

    def activate(self, action):
        """One of its actions, as a shortcut of the desktop would."""
        for name in dbus.SessionBus().list_names():
            if name.startswith(':') and dbus.SessionBus().call_blocking(
                    'org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus',
                    'GetConnectionUnixProcessID', 's', [name]) == self.process.pid:
                try:
                    dbus.SessionBus().call_blocking(name, '/org/flint/Flint', 'org.gtk.Actions', 'Activate', 'sava{sv}',
                                                    [action, dbus.Array([], 'v'), dbus.Dictionary({}, 'sv')])
                    return
                except dbus.exceptions.DBusException as error:
                    if 'UnknownMethod' not in error.get_dbus_name() and 'UnknownObject' not in error.get_dbus_name():
                        raise
        raise AssertionError(f'nobody takes the action {action}')

    def wait(self):
        return self.process.wait(DEADLINE)

    def kill(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()


def left_over():
    """The processes that were started for this home, and are still there, without the desk's own."""
    mine = f'FLINT_TEST_DESK={os.environ["FLINT_TEST_DESK"]}'.encode()
    found = []
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{pid}/environ', 'rb') as file:
                is_mine = mine in file.read().split(b'\0')
            with open(f'/proc/{pid}/comm', encoding='utf-8') as file:
                name = file.read().strip()
        except OSError:
            continue
        if is_mine and name.startswith(('flint', 'prosody', 'lua')):
            found.append(f'{name} ({pid})')
    return found


def folders_left():
    """What the demo has put where files are that nobody keeps; this desk has both places for itself."""
    return [folder for place in (tempfile.gettempdir(), os.environ['XDG_RUNTIME_DIR'])
            for folder in glob.glob(os.path.join(place, 'flint-demo-*'))]
