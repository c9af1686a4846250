package com.pelagicore.softwarecontainer.bus;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Files that came out of the stream and whose messages have not been cut out of it yet. What a message says of
 * its files is not asked: a client that lied would get those of another one. A read ends with the first piece of
 * the message that has files (unix(7): data sent with descriptors is a barrier), so they belong to its last byte.
 */
final class ArrivedFiles {

    /** {@code end}: of the read that brought the file, as an offset in the stream. */
    private record Arrival(PassedFile file, long end) {}

    private final List<PassedFile> ofThisRead = new ArrayList<>();
    private final Queue<Arrival> arrivals = new ArrayDeque<>();

    void add(PassedFile file) {
        ofThisRead.add(file);
    }

    /** To be called after a read. */
    void arrived(long end) {
        ofThisRead.forEach(file -> arrivals.add(new Arrival(file, end)));
        ofThisRead.clear();
    }

    /** Those of the message that ends at this offset, in order. */
    List<PassedFile> take(long messageEnd) {
        List<PassedFile> files = new ArrayList<>();
        while (!arrivals.isEmpty() && arrivals.peek().end() <= messageEnd) {
            files.add(arrivals.remove().file());
        }
        return files;
    }
}
