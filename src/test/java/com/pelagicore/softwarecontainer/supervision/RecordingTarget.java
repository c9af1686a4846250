package com.pelagicore.softwarecontainer.supervision;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what was sent. */
public final class RecordingTarget implements DatagramTarget {

    private final BlockingQueue<byte[]> sent = new LinkedBlockingQueue<>();
    public volatile boolean isGone;

    @Override
    public void send(byte[] datagram) {
        if (isGone) {
            throw new SoftwareContainerException(ErrorKind.HOST_REFUSED, "sendto(/x): ECONNREFUSED");
        }
        sent.add(datagram);
    }

    /** Waits for the next one. */
    public byte[] next() {
        try {
            byte[] next = sent.poll(10, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing was sent");
            }
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public String text() {
        return new String(next(), StandardCharsets.UTF_8);
    }

    public boolean isEmpty() {
        return sent.isEmpty();
    }
}
