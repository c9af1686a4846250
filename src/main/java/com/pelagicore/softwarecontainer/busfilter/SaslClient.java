package com.pelagicore.softwarecontainer.busfilter;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Authenticates the filter at the host's bus, as the user that the filter runs as. */
final class SaslClient {

    private final Deque<String> expected = new ArrayDeque<>(List.of("DATA", "OK", "AGREE_UNIX_FD"));

    /** All at once: nothing depends on the answers but whether they are right. */
    static ByteBuffer request() {
        return SaslLines.encode("\0AUTH EXTERNAL\r\nDATA\r\nNEGOTIATE_UNIX_FD\r\nBEGIN\r\n");
    }

    boolean isComplete() {
        return expected.isEmpty();
    }

    void read(ByteBuffer data) {
        while (!expected.isEmpty()) {
            Optional<String> line = SaslLines.next(data);
            if (line.isEmpty()) {
                return;
            }
            if (!line.get().startsWith(expected.remove())) {
                throw new MalformedStream("no acceptance of the container's user: " + line.get());
            }
        }
    }
}
