package com.pelagicore.softwarecontainer.busfilter;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Cuts the lines of the authentication phase, as which a D-Bus connection begins. */
final class SaslLines {

    private static final int MAXIMUM_LINE = 1024;

    private SaslLines() {}

    /** The next line without its end; empty: it is not complete, and nothing is consumed. */
    static Optional<String> next(ByteBuffer data) {
        for (int i = 0; i < data.remaining() - 1; i++) {
            if (data.get(data.position() + i) == '\r' && data.get(data.position() + i + 1) == '\n') {
                byte[] line = new byte[i];
                data.get(line).position(data.position() + 2);
                return Optional.of(new String(line, StandardCharsets.ISO_8859_1));
            }
        }
        if (data.remaining() > MAXIMUM_LINE) {
            throw new MalformedStream("a line of authentication without end");
        }
        return Optional.empty();
    }

    static ByteBuffer encode(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
