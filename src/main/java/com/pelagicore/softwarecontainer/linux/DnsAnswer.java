package com.pelagicore.softwarecontainer.linux;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/** What a name server answered: RFC 1035, section 4. It may be anything. */
final class DnsAnswer {

    private static final int HEADER = 12;
    private static final int QUESTION_COUNT = 4;
    private static final int ANSWER_COUNT = 6;
    private static final int TYPE_AND_CLASS = 4;
    private static final int POINTER = 0xc0;

    private final ByteBuffer message;

    /** Also one that is cut off. */
    DnsAnswer(byte[] message, int length) {
        this.message = ByteBuffer.wrap(message, 0, Math.min(length, message.length));
    }

    /** The shortest TTL of its answers; empty if there are none. */
    Optional<Duration> timeToLive() {
        Optional<Duration> shortest = Optional.empty();
        try {
            int answers = Short.toUnsignedInt(message.getShort(ANSWER_COUNT));
            skipQuestions(Short.toUnsignedInt(message.getShort(QUESTION_COUNT)));
            for (int i = 0; i < answers; i++) {
                Duration next = nextTimeToLive();
                shortest = shortest.filter(least -> least.compareTo(next) < 0).or(() -> Optional.of(next));
            }
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
            return shortest; // cut off: what was read counts
        }
        return shortest;
    }

    private void skipQuestions(int count) {
        message.position(HEADER);
        for (int i = 0; i < count; i++) {
            skipName();
            skip(TYPE_AND_CLASS);
        }
    }

    /** RFC 2181: the highest bit means zero. */
    private Duration nextTimeToLive() {
        skipName();
        skip(TYPE_AND_CLASS);
        int seconds = Math.max(0, message.getInt());
        skip(Short.toUnsignedInt(message.getShort()));
        return Duration.ofSeconds(seconds);
    }

    private void skipName() {
        int length = Byte.toUnsignedInt(message.get());
        while (length > 0 && length < POINTER) {
            skip(length);
            length = Byte.toUnsignedInt(message.get());
        }
        if (length >= POINTER) {
            skip(1);
        }
    }

    private void skip(int bytes) {
        message.position(message.position() + bytes);
    }
}
