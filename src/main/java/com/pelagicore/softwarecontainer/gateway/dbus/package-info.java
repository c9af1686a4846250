/** The dbus gateway: the host's session and system bus, filtered (docs/gateways/dbus.md). Pure. */
@NullMarked
package com.pelagicore.softwarecontainer.gateway.dbus;

import org.jspecify.annotations.NullMarked;
