package com.pelagicore.softwarecontainer.supervision;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * An entry for the journal, field by field, as systemd-journald takes it ("Native Journal Protocol" of systemd's
 * documentation). Names: upper-case letters, digits and underscores.
 */
public final class JournalEntry {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);

    /** Adds a field; a name may come more than once. */
    public JournalEntry with(String name, String value) {
        byte[] content = value.getBytes(StandardCharsets.UTF_8);
        bytes.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        if (value.indexOf('\n') < 0) {
            bytes.write('=');
        } else {
            bytes.write('\n');
            bytes.writeBytes(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(content.length)
                    .array());
        }
        bytes.writeBytes(content);
        bytes.write('\n');
        return this;
    }

    /** The datagram. */
    public byte[] bytes() {
        return bytes.toByteArray();
    }
}
