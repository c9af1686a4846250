/**
 * The command {@code softwarecontainer}: a client of the agent like any other, on the newer D-Bus interface.
 *
 * <p>Knows the wire contract (dbus-interfaces/, {@link com.pelagicore.softwarecontainer.cli.AgentMethod}) and
 * nothing of the agent itself. Only {@code daemon.CommandMain} knows what implements its ports. Start at {@link
 * com.pelagicore.softwarecontainer.cli.Tool}.
 */
@NullMarked
package com.pelagicore.softwarecontainer.cli;

import org.jspecify.annotations.NullMarked;
