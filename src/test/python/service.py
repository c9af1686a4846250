"""A service on the bus named by DBUS_SYSTEM_BUS_ADDRESS; argument: its name. Says "ready", then serves for ever."""
import os
import sys

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

ECHO = 'org.example.Echo'

dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
bus = dbus.SystemBus()


class Service(dbus.service.Object):

    @dbus.service.method(ECHO, in_signature='s', out_signature='s')
    def Echo(self, text):
        return text

    @dbus.service.method(ECHO, in_signature='s', out_signature='s')
    def Secret(self, text):
        return 'secret ' + text

    @dbus.service.method(ECHO, in_signature='ay', out_signature='i', byte_arrays=True)
    def Length(self, data):
        return len(data)

    @dbus.service.method(ECHO, in_signature='i', out_signature='ay')
    def Zeros(self, length):
        return dbus.ByteArray(b'\0' * length)

    @dbus.service.method(ECHO, in_signature='h', out_signature='s')
    def ReadDescriptor(self, descriptor):
        number = descriptor.take()
        try:
            return os.read(number, 100).decode()
        finally:
            os.close(number)

    @dbus.service.method(ECHO, in_signature='', out_signature='h')
    def GiveDescriptor(self):
        read_end, write_end = os.pipe()
        os.write(write_end, b'from the host')
        os.close(write_end)
        try:
            return dbus.types.UnixFd(read_end)
        finally:
            os.close(read_end)

    @dbus.service.method(ECHO, in_signature='', out_signature='u', sender_keyword='sender')
    def CallersUser(self, sender=None):
        return bus.get_unix_user(sender)


name = dbus.service.BusName(sys.argv[1], bus)
service = Service(bus, '/org/example/Echo')
print('ready', flush=True)
GLib.MainLoop().run()
