"""A D-Bus client that keeps to no rules: the wire format by hand. Prints what became of each attempt."""
import array
import os
import socket
import struct
import sys

BUS = 'org.freedesktop.DBus'


def address():
    return os.environ['DBUS_SYSTEM_BUS_ADDRESS'].split('=', 1)[1]


def text(value):
    raw = value.encode()
    return struct.pack('<I', len(raw)) + raw + b'\0'


def message(kind, serial, fields, signature='', body=b'', flags=0):
    """fields: list of (code, type, value)"""
    head = b''
    if signature:
        fields = fields + [(8, 'g', signature)]
    for code, kind_of, value in fields:
        head += b'\0' * (-len(head) % 8)
        head += bytes([code, 1]) + kind_of.encode() + b'\0'
        if kind_of == 'u':
            head += struct.pack('<I', value)
        elif kind_of == 'g':
            head += bytes([len(value)]) + value.encode() + b'\0'
        else:
            head += text(value)
    out = b'l' + bytes([kind, flags, 1]) + struct.pack('<III', len(body), serial, len(head)) + head
    return out + b'\0' * (-len(out) % 8) + body


class Client:

    def __init__(self):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10)
        self.socket.connect(address())
        self.buffer = b''
        self.serial = 0
        self.socket.sendall(b'\0AUTH EXTERNAL\r\nDATA\r\nNEGOTIATE_UNIX_FD\r\nBEGIN\r\n')
        while self.buffer.count(b'\r\n') < 3:
            self.buffer += self.socket.recv(1000)
        self.buffer = b''
        self.call(BUS, '/org/freedesktop/DBus', BUS, 'Hello')

    def fields(self, destination, path, interface, member):
        fields = [(1, 'o', path), (3, 's', member)]
        if interface:
            fields.append((2, 's', interface))
        if destination:
            fields.append((6, 's', destination))
        return fields

    def call(self, destination, path, interface, member, signature='', body=b'', extra=(), descriptors=()):
        """('return', body) or ('error', name)"""
        self.serial += 1
        sent = message(1, self.serial, self.fields(destination, path, interface, member) + list(extra), signature, body)
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', descriptors))] if descriptors else []
        first = self.socket.sendmsg([sent], rights)
        self.socket.sendall(sent[first:])
        return self.answer(self.serial)

    def answer(self, serial):
        while True:
            kind, fields, body = self.read()
            if kind in (2, 3) and fields.get(5) == serial:
                return ('return', body) if kind == 2 else ('error', fields[4])

    def need(self, count):
        while len(self.buffer) < count:
            more = self.socket.recv(65536)
            if not more:
                raise EOFError()
            self.buffer += more

    def read(self):
        self.need(16)
        order = '<' if self.buffer[0:1] == b'l' else '>'
        kind = self.buffer[1]
        body_size, serial, head_size = struct.unpack(order + 'III', self.buffer[4:16])
        start = 16 + head_size + (-head_size % 8)
        self.need(start + body_size)
        fields, at = {}, 16
        while at < 16 + head_size:
            at += -at % 8
            code, kind_of = self.buffer[at], self.buffer[at + 2:at + 3]
            at += 4
            if kind_of == b'u':
                fields[code] = struct.unpack(order + 'I', self.buffer[at:at + 4])[0]
                at += 4
            elif kind_of == b'g':
                at += self.buffer[at] + 2
            else:
                size = struct.unpack(order + 'I', self.buffer[at:at + 4])[0]
                fields[code] = self.buffer[at + 4:at + 4 + size].decode()
                at += 5 + size
        body = self.buffer[start:start + body_size]
        self.buffer = self.buffer[start + body_size:]
        return kind, fields, body


def attempt(title, action):
    try:
        result = action()
        print(title + ':', result[1] if result[0] == 'error' else 'passed', flush=True)
    except (EOFError, ConnectionError):
        print(title + ': hung up', flush=True)


ECHO = ('org.example.Echo', '/org/example/Echo', 'org.example.Echo')


def cheat(agent_unique_name):
    client = Client()
    to_bus = (BUS, '/org/freedesktop/DBus')
    agent = 'com.pelagicore.SoftwareContainerAgent'
    agent_path = '/com/pelagicore/SoftwareContainerAgent'
    attempt('allowed', lambda: client.call(*ECHO, 'Echo', 's', text('x')))
    attempt('forbidden member', lambda: client.call(*ECHO, 'Secret', 's', text('x')))
    attempt('without interface', lambda: client.call(ECHO[0], ECHO[1], '', 'Secret', 's', text('x')))
    attempt('properties', lambda: client.call(
        ECHO[0], ECHO[1], 'org.freedesktop.DBus.Properties', 'GetAll', 's', text('org.example.Echo')))
    attempt('monitor', lambda: client.call(
        *to_bus, BUS + '.Monitoring', 'BecomeMonitor', 'asu', struct.pack('<III', 0, 0, 0)))
    attempt('monitor without interface', lambda: client.call(
        *to_bus, '', 'BecomeMonitor', 'asu', struct.pack('<III', 0, 0, 0)))
    attempt('monitor without destination', lambda: client.call(
        '', to_bus[1], BUS + '.Monitoring', 'BecomeMonitor', 'asu', struct.pack('<III', 0, 0, 0)))
    attempt('eavesdropping', lambda: client.call(
        *to_bus, BUS, 'AddMatch', 's', text("type='method_call',eavesdrop='true'")))
    attempt('plain match', lambda: client.call(*to_bus, BUS, 'AddMatch', 's', text("type='signal'")))
    attempt('activation', lambda: client.call(
        *to_bus, BUS, 'StartServiceByName', 'su', text('org.example.Nobody') + struct.pack('<I', 0)))
    attempt('environment of services', lambda: client.call(
        *to_bus, BUS, 'UpdateActivationEnvironment', 'a{ss}', struct.pack('<II', 0, 0)))
    attempt("agent's name", lambda: client.call(
        *to_bus, BUS, 'RequestName', 'su', text(agent + '.Fake') + b'\0' * 3 + struct.pack('<I', 0)))
    attempt('agent', lambda: client.call(agent, agent_path, agent, 'List'))
    attempt('agent by unique name', lambda: client.call(agent_unique_name, agent_path, '', 'List'))
    attempt('agent pinged', lambda: client.call(agent_unique_name, '/', 'org.freedesktop.DBus.Peer', 'Ping'))
    client.socket.sendall(message(2, 900, [(5, 'u', 7), (6, 's', agent_unique_name)]))
    attempt('still connected after a forged answer', lambda: client.call(*ECHO, 'Echo', 's', text('x')))


def break_protocol():
    def garbage():
        client = Client()
        client.socket.sendall(b'GET / HTTP/1.0\r\n\r\n' * 10)
        return client.answer(999)

    def smuggle():
        client = Client()
        pipe = os.pipe()
        return client.call(*ECHO, 'Echo', 's', text('x'), descriptors=[pipe[0]] * 3)

    def too_many():
        client = Client()
        pipe = os.pipe()
        return client.call(
            *ECHO, 'Echo', 's', text('x'), extra=[(9, 'u', 40)], descriptors=[pipe[0]] * 40)

    def missing():
        return Client().call(*ECHO, 'Echo', 's', text('x'), extra=[(9, 'u', 2)])

    def twice():
        return Client().call(*ECHO, 'Secret', 's', text('x'), extra=[(3, 's', 'Echo')])

    def endless_header():
        client = Client()
        client.socket.sendall(b'l\1\0\1' + struct.pack('<III', 0, 1, 60 << 20) + b'\0' * 200000)
        return client.answer(999)

    for each in (garbage, smuggle, too_many, missing, twice, endless_header):
        attempt(each.__name__, each)
    attempt('a good client', lambda: Client().call(*ECHO, 'Echo', 's', text('x')))


def pass_descriptor():
    read_end, write_end = os.pipe()
    os.write(write_end, b'through the pipe')
    result = Client().call(
        *ECHO, 'ReadDescriptor', 'h', struct.pack('<I', 0), extra=[(9, 'u', 1)], descriptors=[read_end])
    print(result[1][4:-1].decode() if result[0] == 'return' else result[1])


def send_large():
    data = b'\0' * 3000000
    result = Client().call(*ECHO, 'Length', 'ay', struct.pack('<I', len(data)) + data)
    print(struct.unpack('<i', result[1])[0] if result[0] == 'return' else result[1])


def call_until_denied_no_more():
    client = Client()
    print('waiting', flush=True)
    while client.call(*ECHO, 'Secret', 's', text('x'))[0] == 'error':
        pass
    print('granted', flush=True)


def call_for_ever():
    while True:
        try:
            client = Client()
            while True:
                if client.call(*ECHO, 'Echo', 's', text('x'))[0] == 'return':
                    print('.', flush=True)
        except (EOFError, ConnectionError):
            print('reconnects', flush=True)


def open_many(count):
    clients = []
    try:
        for _ in range(int(count)):
            clients.append(Client())
    except (EOFError, ConnectionError):
        pass
    print(len(clients))


globals()[sys.argv[1]](*sys.argv[2:])
