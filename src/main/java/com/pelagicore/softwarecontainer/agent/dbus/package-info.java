/**
 * Front door: the D-Bus interfaces of dbus-interfaces/ onto the use cases, error names, signals.
 *
 * <p>The only room that knows wire names. Start at {@link
 * com.pelagicore.softwarecontainer.agent.dbus.LegacyDoor}.
 */
@NullMarked
package com.pelagicore.softwarecontainer.agent.dbus;

import org.jspecify.annotations.NullMarked;
