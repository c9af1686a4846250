package com.pelagicore.softwarecontainer.supervision;

/** A socket of this machine that takes datagrams. Thread-safe. */
public interface DatagramTarget {

    /**
     * Sends one datagram; waits for a receiver that does not keep up, for seconds at most.
     *
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException HOST_REFUSED: nobody receives, or the
     *     datagram is too large; TIMED_OUT
     */
    void send(byte[] datagram);
}
