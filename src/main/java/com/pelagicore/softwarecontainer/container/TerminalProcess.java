package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.process.Terminal;

/**
 * A process that was started on a terminal of its own.
 *
 * @param pid as the host sees it
 * @param terminal the caller's to close
 */
public record TerminalProcess(long pid, Terminal terminal) {}
