/**
 * The D-Bus filter between containers and the buses of the host: a program of its own, for all containers, that
 * runs without privileges and survives the agent (docs/adr/0010).
 *
 * <p>One thread; nothing here blocks. Native sockets come through the ports {@link
 * com.pelagicore.softwarecontainer.busfilter.FilterSocket}, {@code FilterHost} and {@code Events}. Start at {@link
 * com.pelagicore.softwarecontainer.busfilter.Filter}.
 */
@NullMarked
package com.pelagicore.softwarecontainer.busfilter;

import org.jspecify.annotations.NullMarked;
