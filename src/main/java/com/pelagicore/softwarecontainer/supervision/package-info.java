/**
 * What a service manager is told about the agent, and the format in which the journal takes log entries: protocols
 * of systemd, which other programs speak as well; without one nothing is told.
 *
 * <p>Knows no bus and no container, and no system call: datagrams leave through a port. Start at {@link
 * com.pelagicore.softwarecontainer.supervision.ServiceNotifier}.
 */
@NullMarked
package com.pelagicore.softwarecontainer.supervision;

import org.jspecify.annotations.NullMarked;
