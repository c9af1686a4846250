package com.pelagicore.softwarecontainer.busfilter;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads texts at the beginning of a message's body. */
final class BodyTexts {

    private BodyTexts() {}

    /**
     * Reads the first text.
     *
     * @param whole the message, from its position on
     * @return empty: it begins with something else, or is broken
     */
    static Optional<String> first(MessageHeader header, ByteBuffer whole) {
        return header.signature().startsWith("s")
                ? read(header, whole, 1).map(texts -> texts.get(0))
                : Optional.empty();
    }

    /** Reads a body of {@code count} texts and no more; empty: it is something else, or broken. */
    static Optional<List<String>> all(MessageHeader header, ByteBuffer whole, int count) {
        return header.signature().equals("s".repeat(count)) ? read(header, whole, count) : Optional.empty();
    }

    /** Reads a body of one array of texts; empty: broken. */
    static Optional<List<String>> array(MessageHeader header, ByteBuffer whole) {
        try {
            ByteBuffer body = body(header, whole);
            int length = body.getInt();
            if (length != body.remaining()) {
                return Optional.empty();
            }
            List<String> texts = new ArrayList<>();
            while (body.hasRemaining()) {
                texts.add(text(body));
            }
            return Optional.of(texts);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<List<String>> read(MessageHeader header, ByteBuffer whole, int count) {
        try {
            ByteBuffer body = body(header, whole);
            List<String> texts = new ArrayList<>();
            while (texts.size() < count) {
                texts.add(text(body));
            }
            return Optional.of(texts);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static ByteBuffer body(MessageHeader header, ByteBuffer whole) {
        int begin = whole.position() + header.headerSize();
        return whole.slice(begin, (int) header.bodySize())
                .order(header.littleEndian() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    }

    private static String text(ByteBuffer body) {
        body.position((body.position() + 3) & ~3);
        long length = Integer.toUnsignedLong(body.getInt());
        if (length >= body.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[(int) length];
        body.get(bytes).position(body.position() + 1);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
