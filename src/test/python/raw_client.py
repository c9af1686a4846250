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


def texts(body):
    """Those at the beginning of a body."""
    found, at = [], 0
    while at + 4 < len(body):
        size = struct.unpack('<I', body[at:at + 4])[0]
        found.append(body[at + 4:at + 4 + size].decode())
        at += (4 + size + 1 + 3) // 4 * 4
    return found


class Client:

    def __init__(self):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10)
        self.socket.connect(address())
        self.buffer = b''
        self.serial = 0
        self.descriptors = array.array('i')
        self.owner_changes = []
        self.socket.sendall(b'\0AUTH EXTERNAL\r\nDATA\r\nNEGOTIATE_UNIX_FD\r\nBEGIN\r\n')
        while self.buffer.count(b'\r\n') < 3:
            self.buffer += self.socket.recv(1000)
        self.buffer = b''
        self.name = texts(self.ask('Hello')[1])[0]

    def ask(self, member, signature='', body=b''):
        """Asks the bus itself."""
        return self.call(BUS, '/org/freedesktop/DBus', BUS, member, signature, body)

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
            if kind == 4 and fields[3] == 'NameOwnerChanged':
                self.owner_changes.append(texts(body)[0])
            if kind in (2, 3) and fields.get(5) == serial:
                return ('return', body) if kind == 2 else ('error', fields[4])

    def need(self, count):
        while len(self.buffer) < count:
            more, rights, _, _ = self.socket.recvmsg(65536, socket.CMSG_SPACE(4 * 64))
            if not more:
                raise EOFError()
            for _, _, numbers in rights:
                self.descriptors.frombytes(numbers)
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


def cheat_more(echo):
    """The unique name of the service is given, as a contained client could guess it; the agent is on the bus as well."""
    client = Client()

    def forged(sender, member):
        return client.call(*ECHO, member, 's', text('x'), extra=[(7, 's', sender)])

    def twice(first, flags):
        """Two calls with one serial, of which the second may be answered by what the first one asked for."""
        serial = client.serial + 1
        client.socket.sendall(message(1, serial, client.fields(BUS, '/', BUS, first), flags=flags))
        result = client.call(BUS, '/', BUS, 'GetId')
        client.ask('GetId')
        return ('error', 'told') if b'com.pelagicore' in result[1] else result

    def one_write():
        other = socket.socket(socket.AF_UNIX)
        other.settimeout(10)
        other.connect(address())
        other.sendall(
            b'\0AUTH EXTERNAL\r\nDATA\r\nNEGOTIATE_UNIX_FD\r\nBEGIN\r\n'
            + message(1, 1, client.fields(BUS, '/', BUS, 'Hello'))
            + message(1, 2, client.fields(ECHO[0], ECHO[1], ECHO[2], 'Secret'), 's', text('x')))
        got = b''
        while b'AccessDenied' not in got and b'secret x' not in got:
            got += other.recv(65536)
        return ('return', got) if b'secret x' in got else ('error', 'org.freedesktop.DBus.Error.AccessDenied')

    def before_begin():
        other = socket.socket(socket.AF_UNIX)
        other.settimeout(10)
        other.connect(address())
        other.sendall(b'\0AUTH EXTERNAL\r\nDATA\r\n' + message(1, 1, client.fields(BUS, '/', BUS, 'Hello')) + b'\r\n' * 600)
        while other.recv(65536):
            pass
        raise EOFError()

    def descriptors(count):
        pipe = os.pipe()
        return Client().call(
            *ECHO, 'Echo', 's', text('x'), extra=[(9, 'u', count)], descriptors=[pipe[0]] * count)

    def serial_zero():
        other = Client()
        other.serial = -1
        return other.call(*ECHO, 'Echo', 's', text('x'))

    attempt('sender forged', lambda: forged(BUS, 'Echo'))
    attempt('sender forged for a forbidden call', lambda: forged('com.pelagicore.SoftwareContainerAgent', 'Secret'))
    attempt('serial twice', lambda: twice('ListNames', 0))
    attempt('serial twice, once without answer', lambda: twice('ListNames', 1))
    attempt('serial 0', serial_zero)
    attempt('all in one write', one_write)
    attempt('message before the beginning', before_begin)
    attempt('16 descriptors', lambda: descriptors(16))
    attempt('17 descriptors', lambda: descriptors(17))
    attempt('by unique name', lambda: client.call(echo, ECHO[1], ECHO[2], 'Secret', 's', text('x')))
    attempt('configuration', lambda: client.ask('ReloadConfig'))
    attempt('user of another', lambda: client.ask('GetConnectionUnixUser', 's', text(ECHO[0])))
    attempt('process of another', lambda: client.ask('GetConnectionUnixProcessID', 's', text(ECHO[0])))
    attempt('credentials of another', lambda: client.ask('GetConnectionCredentials', 's', text(ECHO[0])))
    attempt('credentials of the bus', lambda: client.ask('GetConnectionCredentials', 's', text(BUS)))
    attempt('own process on the host', lambda: client.ask('GetConnectionUnixProcessID', 's', text(client.name)))
    attempt('own user', lambda: client.ask('GetConnectionUnixUser', 's', text(client.name)))


def see(*names):
    """What the client sees of the bus; ME is the client itself."""
    client = Client()

    def shown(name):
        return 'ME' if name == client.name else name

    for member in ('ListNames', 'ListActivatableNames'):
        print(member + ':', *sorted(map(shown, texts(client.ask(member)[1][4:]))))
    for name in names:
        has = client.ask('NameHasOwner', 's', text(name))[1][0]
        owner = client.ask('GetNameOwner', 's', text(name))
        print(name + ':', 'owned' if has else 'not there', 'by ' + texts(owner[1])[0] if owner[0] == 'return' else owner[1])


def watch():
    """Prints the names of whose owners it hears until there is /tmp/go, and the bus has said what it had to say by then."""
    client = Client()
    client.ask('AddMatch', 's', text("type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged'"))
    print('watching', flush=True)
    gone_on = False
    while not gone_on:
        gone_on = os.path.exists('/tmp/go')
        client.ask('GetId')
    for name in client.owner_changes:
        print(name)


def listen(end):
    """Prints the members of signals and calls until END comes."""
    client = Client()
    client.ask('AddMatch', 's', text("type='signal',interface='org.example.Echo'"))
    print(client.name, flush=True)
    member = ''
    while member != end:
        kind, fields, body = client.read()
        member = fields.get(3, 'answer')
        if fields.get(7) != BUS:
            print(member, flush=True)


def emit(*members):
    """Sends signals to all."""
    client = Client()
    for member in members:
        client.serial += 1
        client.socket.sendall(message(4, client.serial, client.fields('', ECHO[1], ECHO[2], member)))
    client.ask('GetId')


def address_unasked(destination, end):
    """Answers, errors and a signal for somebody who did not ask, then a call that is allowed."""
    client = Client()
    for serial in range(1, 40):
        for kind in (2, 3):
            error = [(4, 's', 'org.example.Error')] if kind == 3 else []
            client.socket.sendall(message(kind, 1000 + 2 * serial + kind, [(5, 'u', serial), (6, 's', destination)] + error))
    client.socket.sendall(message(4, 2000, client.fields(destination, ECHO[1], ECHO[2], 'Secret')))
    client.socket.sendall(message(1, 2001, client.fields(destination, ECHO[1], ECHO[2], end), flags=1))
    client.ask('GetId')


def take_descriptor():
    client = Client()
    result = client.call(*ECHO, 'GiveDescriptor')
    print(os.read(client.descriptors[0], 100).decode() if client.descriptors else result)


def deny(count):
    client = Client()
    for _ in range(int(count)):
        client.call(*ECHO, 'Secret', 's', text('x'))
    print('denied')


def pass_descriptor(name=ECHO[0]):
    read_end, write_end = os.pipe()
    os.write(write_end, b'through the pipe')
    result = Client().call(
        name, *ECHO[1:], 'ReadDescriptor', 'h', struct.pack('<I', 0), extra=[(9, 'u', 1)], descriptors=[read_end])
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
