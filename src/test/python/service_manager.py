"""A service manager on the bus named by DBUS_SYSTEM_BUS_ADDRESS; argument: its state. Says "ready", then serves for ever."""
import sys

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
bus = dbus.SystemBus()


class Manager(dbus.service.Object):

    @dbus.service.method(dbus.PROPERTIES_IFACE, in_signature='ss', out_signature='v')
    def Get(self, interface, name):
        assert (interface, name) == ('org.freedesktop.systemd1.Manager', 'SystemState')
        return sys.argv[1]


name = dbus.service.BusName('org.freedesktop.systemd1', bus)
manager = Manager(bus, '/org/freedesktop/systemd1')
print('ready', flush=True)
GLib.MainLoop().run()
