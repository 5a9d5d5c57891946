#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody else's client: slixmpp, led by lines of fields between tabs.

    slixmpp-peer.py ADDRESS PORT CA-FILE      (the password is the first line of the input)

Each line of the input is a command (see COMMANDS), each line of the output an event: its name and
its fields. A line's end within a field is written as \\n. It ends when the input ends.
"""
import asyncio
import inspect
import sys

import slixmpp


def escape(text):
    return (text or '').replace('\\', '\\\\').replace('\n', '\\n').replace('\t', '\\t')


def unescape(text):
    return text.replace('\\n', '\n').replace('\\t', '\t').replace('\\\\', '\\')


def tell(*fields):
    print('\t'.join(escape(str(field)) for field in fields), flush=True)


class Peer(slixmpp.ClientXMPP):
    def __init__(self, address, password, ca_file):
        super().__init__(address, password)
        self.ca_certs = ca_file
        for plugin in ('xep_0030', 'xep_0045', 'xep_0085', 'xep_0092', 'xep_0115', 'xep_0184', 'xep_0199', 'xep_0202'):
            self.register_plugin(plugin)
        self.auto_authorize = True
        self.auto_subscribe = False
        self.add_event_handler('session_start', self.on_start)
        self.add_event_handler('failed_auth', lambda _: tell('failed'))
        self.add_event_handler('message', self.on_message)
        self.add_event_handler('message_error', lambda m: tell('error', m['from'], m['error']['condition']))
        self.add_event_handler('groupchat_message', self.on_groupchat)
        self.add_event_handler('receipt_received', lambda m: tell('receipt', m['from'], m['receipt']))
        self.add_event_handler('changed_status', self.on_presence)
        for state in ('active', 'composing', 'paused'):
            self.add_event_handler(f'chatstate_{state}', lambda m, state=state: tell('state', m['from'], state))

    async def on_start(self, _event):
        self.send_presence()
        await self.get_roster()
        tell('online', self.boundjid)

    def on_message(self, message):
        if message['body'] and message['type'] != 'error':
            tell('message', message['type'], message['from'], message['subject'], message['body'])

    def on_groupchat(self, message):
        tell('message', 'groupchat', message['from'], '', message['body'])

    def on_presence(self, presence):
        tell('presence', presence['from'], presence['type'], presence['status'], presence['priority'])

    # Commands

    def do_send(self, kind, to, subject, body):
        message = self.make_message(mto=to, mtype=kind, msubject=subject or None, mbody=body)
        if kind == 'chat':
            message['request_receipt'] = True
        message.send()

    def do_raw(self, text):
        self.send_raw(text)

    def do_presence(self, show, status, priority):
        self.send_presence(pshow=show or None, pstatus=status or None, ppriority=int(priority))

    def do_subscribe(self, to):
        self.send_presence(pto=to, ptype='subscribe')

    def do_state(self, to, state):
        message = self.make_message(mto=to, mtype='chat')
        message['chat_state'] = state
        message.send()

    async def do_join(self, room, nick):
        self.add_event_handler(f'muc::{room}::got_online', lambda p: tell('occupant', p['muc']['nick']))
        self.plugin['xep_0045'].join_muc(room, nick)

    async def do_ask(self, to, what):
        try:
            if what == 'version':
                answer = await self.plugin['xep_0092'].get_version(to)
                tell('answer', what, answer['software_version']['name'])
            elif what == 'ping':
                await self.plugin['xep_0199'].ping(to)
                tell('answer', what, '')
            elif what == 'disco':
                info = await self.plugin['xep_0030'].get_info(to)
                tell('answer', what, ' '.join(sorted(info['disco_info']['features'])))
        except slixmpp.exceptions.IqError as error:
            tell('answer', what, 'error ' + error.condition)

    async def obey(self, reader):
        while line := await reader.readline():
            name, *fields = line.decode().rstrip('\n').split('\t')
            done = getattr(self, 'do_' + name)(*[unescape(field) for field in fields])
            if asyncio.iscoroutine(done):
                await done
        self.disconnect()


async def main():
    address, port, ca_file = sys.argv[1:]
    reader = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    password = (await reader.readline()).decode().rstrip('\n')
    peer = Peer(address, password, ca_file)
    # since 1.9 it takes a host and a port, and before that an address
    if 'host' in inspect.signature(peer.connect).parameters:
        peer.connect('127.0.0.1', int(port))
    else:
        peer.connect(('127.0.0.1', int(port)), disable_starttls=False)
    asyncio.ensure_future(peer.obey(reader))
    await peer.disconnected


asyncio.run(main())
