/**
 * A D-Bus connection for servers: SASL, bounded reader, dispatch by (path, interface, member), gathered writes.
 *
 * <p>dbus-java serves as message codec only. Knows nothing of containers. Start at {@link
 * com.pelagicore.softwarecontainer.bus.BusConnection}.
 */
@NullMarked
package com.pelagicore.softwarecontainer.bus;

import org.jspecify.annotations.NullMarked;
