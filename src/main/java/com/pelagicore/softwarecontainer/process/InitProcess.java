package com.pelagicore.softwarecontainer.process;

/**
 * PID 1 of a container, as the host sees it.
 *
 * @param pid in the host's PID namespace
 * @param startTicks field 22 of proc(5) /proc/PID/stat: tells this process from a later one with the same pid
 */
public record InitProcess(long pid, long startTicks) {}
