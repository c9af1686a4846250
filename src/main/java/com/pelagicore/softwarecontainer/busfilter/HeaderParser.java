package com.pelagicore.softwarecontainer.busfilter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads the header of a message, and nothing of its body. Stricter than the specification where leniency could
 * let the bus see another message than the filter: a field may stand there once, in its own type.
 */
final class HeaderParser {

    /** The specification allows 64 MiB; real headers have some hundred bytes. */
    static final int MAXIMUM_HEADER = 64 * 1024;

    private static final long MAXIMUM_MESSAGE = 128L * 1024 * 1024;
    private static final int PREFIX = 16;
    private static final int NO_REPLY_EXPECTED = 1;

    private static final int PATH = 1;
    private static final int INTERFACE = 2;
    private static final int MEMBER = 3;
    private static final int ERROR_NAME = 4;
    private static final int REPLY_SERIAL = 5;
    private static final int DESTINATION = 6;
    private static final int SENDER = 7;
    private static final int SIGNATURE = 8;
    private static final int UNIX_FDS = 9;
    private static final int KNOWN = 10;

    private final ByteBuffer data;
    private final String[] texts = new String[KNOWN];
    private final long[] numbers = new long[KNOWN];
    private int seen;

    private HeaderParser(ByteBuffer data) {
        this.data = data;
        Arrays.fill(texts, "");
    }

    /**
     * Reads the header that begins at the position, which stays.
     *
     * @return empty: more bytes are needed, {@link #MAXIMUM_HEADER} and 16 at most
     * @throws MalformedStream if this is no D-Bus
     */
    static Optional<MessageHeader> parse(ByteBuffer stream) {
        if (stream.remaining() < PREFIX) {
            return Optional.empty();
        }
        ByteBuffer data = stream.slice();
        int endian = data.get(0);
        if ((endian != 'l' && endian != 'B') || data.get(3) != 1) {
            throw new MalformedStream("bytes that begin no message");
        }
        data.order(endian == 'l' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long fieldBytes = Integer.toUnsignedLong(data.getInt(12));
        long bodySize = Integer.toUnsignedLong(data.getInt(4));
        long headerSize = PREFIX + ((fieldBytes + 7) & ~7L);
        if (fieldBytes > MAXIMUM_HEADER || headerSize + bodySize > MAXIMUM_MESSAGE) {
            throw new MalformedStream("a message of " + (headerSize + bodySize) + " bytes");
        }
        if (data.remaining() < headerSize) {
            return Optional.empty();
        }
        data.limit(PREFIX + (int) fieldBytes).position(PREFIX);
        return Optional.of(new HeaderParser(data).parse((int) headerSize, bodySize));
    }

    private MessageHeader parse(int headerSize, long bodySize) {
        int typeNumber = data.get(1);
        MessageHeader.Type type =
                switch (typeNumber) {
                    case 1 -> MessageHeader.Type.CALL;
                    case 2 -> MessageHeader.Type.RETURN;
                    case 3 -> MessageHeader.Type.ERROR;
                    case 4 -> MessageHeader.Type.SIGNAL;
                    default -> throw new MalformedStream("a message of type " + typeNumber);
                };
        while (data.hasRemaining()) {
            align(8);
            field();
        }
        MessageHeader header = new MessageHeader(
                type,
                typeNumber == 1 && (data.get(2) & NO_REPLY_EXPECTED) == 0,
                Integer.toUnsignedLong(data.getInt(8)),
                numbers[REPLY_SERIAL],
                texts[PATH],
                texts[INTERFACE],
                texts[MEMBER],
                texts[DESTINATION],
                texts[SENDER],
                texts[SIGNATURE],
                (int) Math.min(Integer.MAX_VALUE, numbers[UNIX_FDS]),
                data.order() == ByteOrder.LITTLE_ENDIAN,
                headerSize,
                bodySize);
        requireMandatoryFields(header);
        return header;
    }

    private void requireMandatoryFields(MessageHeader header) {
        boolean complete =
                switch (header.type()) {
                    case CALL -> has(PATH) && has(MEMBER);
                    case SIGNAL -> has(PATH) && has(MEMBER) && has(INTERFACE);
                    case RETURN -> header.replySerial() != 0;
                    case ERROR -> header.replySerial() != 0 && has(ERROR_NAME);
                };
        if (!complete || header.serial() == 0) {
            throw new MalformedStream("a message without a mandatory field");
        }
    }

    private boolean has(int code) {
        return !texts[code].isEmpty();
    }

    private void field() {
        int code = take();
        String type = signature();
        Object value = value(type);
        if (code == 0 || code >= KNOWN) {
            return;
        }
        if ((seen & 1 << code) != 0) {
            throw new MalformedStream("header field " + code + " twice");
        }
        seen |= 1 << code;
        if (!type.equals(typeOf(code))) {
            throw new MalformedStream("header field " + code + " of type '" + type + "'");
        }
        if (value instanceof Long number) {
            numbers[code] = number;
        } else {
            texts[code] = (String) value;
        }
    }

    private static String typeOf(int code) {
        return switch (code) {
            case PATH -> "o";
            case REPLY_SERIAL, UNIX_FDS -> "u";
            case SIGNATURE -> "g";
            default -> "s";
        };
    }

    /** Fields that the specification may add some day are read over if their type is a simple one. */
    private Object value(String type) {
        return switch (type) {
            case "s", "o" -> text();
            case "g" -> signature();
            case "u", "i", "b" -> number();
            case "y" -> (long) take();
            default -> throw new MalformedStream("a header field of type '" + type + "'");
        };
    }

    private String text() {
        long length = number();
        return bytes(length);
    }

    private String signature() {
        return bytes(take());
    }

    private String bytes(long length) {
        if (length >= data.remaining()) {
            throw new MalformedStream("a text that goes beyond the header");
        }
        byte[] bytes = new byte[(int) length];
        data.get(bytes);
        if (data.get() != 0) {
            throw new MalformedStream("a text without end");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private long number() {
        align(4);
        if (data.remaining() < 4) {
            throw new MalformedStream("a header that ends too early");
        }
        return Integer.toUnsignedLong(data.getInt());
    }

    private int take() {
        if (!data.hasRemaining()) {
            throw new MalformedStream("a header that ends too early");
        }
        return data.get() & 0xff;
    }

    private void align(int size) {
        int position = (data.position() + size - 1) & -size;
        if (position > data.limit()) {
            throw new MalformedStream("a header that ends too early");
        }
        data.position(position);
    }
}
