package com.pelagicore.softwarecontainer.bus;

/**
 * What clients may make the connection hold and do at most; beyond that they get
 * {@code org.freedesktop.DBus.Error.LimitsExceeded}, or no answer if they flood ({@link Pace}) or do not read ({@link
 * Unread}). A call counts from its arrival until it was answered. A client is
 * one connection of root, all connections of another user, or all those of whom it is not known yet whose they are.
 *
 * @param messageBytes size of one message on the wire, header included
 * @param calls unfinished calls of all clients
 * @param callsPerClient unfinished calls of one client
 * @param bytes of the unfinished calls of all clients; a decoded array of strings takes up to seven times its
 *     size on the wire
 * @param bytesPerClient of the unfinished calls of one client
 * @param threads calls that run at the same time
 * @param threadsPerClient calls of one client that run at the same time
 */
public record BusLimits(
        int messageBytes,
        int calls,
        int callsPerClient,
        long bytes,
        long bytesPerClient,
        int threads,
        int threadsPerClient) {

    private static final int MEBIBYTE = 1024 * 1024;

    public static final BusLimits STANDARD = new BusLimits(MEBIBYTE, 2048, 512, 4 * MEBIBYTE, 2 * MEBIBYTE, 64, 32);

    public BusLimits {
        if (messageBytes < 1024
                || calls < 1
                || callsPerClient < 1
                || bytes < messageBytes
                || bytesPerClient < messageBytes
                || threads < 1
                || threadsPerClient < 1) {
            throw new IllegalArgumentException("bus limits too small to serve any call");
        }
    }
}
