/**
 * Processes in a container: command line, environment, and the link to the container's own PID 1.
 *
 * <p>The wire format of that link is in src/main/c/init.c; the port is {@link
 * com.pelagicore.softwarecontainer.process.InitConnector}. Start at {@link
 * com.pelagicore.softwarecontainer.process.SpawnRequest}.
 */
@NullMarked
package com.pelagicore.softwarecontainer.process;

import org.jspecify.annotations.NullMarked;
