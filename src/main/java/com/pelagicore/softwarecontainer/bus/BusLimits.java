package com.pelagicore.softwarecontainer.bus;

/**
 * What clients may make the connection hold and do at most; beyond that they get
 * {@code org.freedesktop.DBus.Error.LimitsExceeded}. A call counts from its arrival until it was answered.
 *
 * @param messageBytes size of one message on the wire, header included
 * @param calls unfinished calls of all senders
 * @param callsPerSender unfinished calls of one sender
 * @param bytes of the unfinished calls of all senders; a decoded array of strings takes up to seven times its
 *     size on the wire
 * @param bytesPerSender of the unfinished calls of one sender
 * @param threads calls that run at the same time
 * @param threadsPerSender calls of one sender that run at the same time
 */
public record BusLimits(
        int messageBytes,
        int calls,
        int callsPerSender,
        long bytes,
        long bytesPerSender,
        int threads,
        int threadsPerSender) {

    private static final int MEBIBYTE = 1024 * 1024;

    public static final BusLimits STANDARD = new BusLimits(MEBIBYTE, 2048, 512, 4 * MEBIBYTE, 2 * MEBIBYTE, 64, 32);

    public BusLimits {
        if (messageBytes < 1024
                || calls < 1
                || callsPerSender < 1
                || bytes < messageBytes
                || bytesPerSender < messageBytes
                || threads < 1
                || threadsPerSender < 1) {
            throw new IllegalArgumentException("bus limits too small to serve any call");
        }
    }
}
