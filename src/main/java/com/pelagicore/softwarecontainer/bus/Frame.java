package com.pelagicore.softwarecontainer.bus;

import java.util.List;

/**
 * The bytes of one message.
 *
 * <p>Arrays as dbus-java's codec takes them: the first 12 bytes; the array of header fields (length, four
 * bytes of nothing, content with padding); the body.
 */
final class Frame {

    static final int FIXED = 12;

    /** Everything before the content of the header array. */
    static final int PREFIX = 16;

    private final byte[] fixed;
    private final byte[] header;
    private final byte[] body;
    private final long size;
    private final boolean whole;
    private final List<PassedFile> files;

    Frame(byte[] fixed, byte[] header, byte[] body, long size, boolean whole, List<PassedFile> files) {
        this.fixed = fixed;
        this.header = header;
        this.body = body;
        this.size = size;
        this.whole = whole;
        this.files = List.copyOf(files);
    }

    byte[] fixed() {
        return fixed;
    }

    byte[] header() {
        return header;
    }

    /** Empty if it is not {@link #isWhole}. */
    byte[] body() {
        return body;
    }

    /** On the wire. */
    long size() {
        return size;
    }

    /** False: the body was read and dropped. */
    boolean isWhole() {
        return whole;
    }

    /** What of it is held in memory. */
    long keptSize() {
        return (long) fixed.length + header.length + body.length;
    }

    /** That came along, in order; whoever has the frame closes them. */
    List<PassedFile> files() {
        return files;
    }
}
