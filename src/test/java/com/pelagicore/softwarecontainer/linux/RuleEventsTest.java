package com.pelagicore.softwarecontainer.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RuleEventsTest {

    private static final int DELETED_TABLE = 2;
    private static final int NEW_CHAIN = 3;
    private static final int NEW_RULE = 6;
    private static final int NEW_ELEMENT = 12;

    @Test
    void countsTheEndOfOurOwnTableAndNoOtherChangeOfIt() {
        assertThat(counts(message(DELETED_TABLE, "ours"))).isTrue();
        assertThat(counts(message(DELETED_TABLE, "other"))).isFalse();
        assertThat(counts(message(NEW_RULE, "ours"))).isFalse();
    }

    @Test
    void countsChainsAndRulesOfOthers() {
        assertThat(counts(message(NEW_CHAIN, "other"))).isTrue();
        assertThat(counts(message(NEW_RULE, "other"))).isTrue();
        assertThat(counts(message(NEW_ELEMENT, "other"))).isFalse();
    }

    @Test
    void looksAtEachMessageOfABatch() {
        ByteBuffer batch = ByteBuffer.allocate(200).order(ByteOrder.nativeOrder());
        batch.put(message(NEW_RULE, "ours")).put(message(DELETED_TABLE, "ours")).flip();

        assertThat(counts(batch)).isTrue();
    }

    @Test
    void standsAnyBytes() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            byte[] anything = new byte[random.nextInt(80)];
            random.nextBytes(anything);
            RuleEvents.count(ByteBuffer.wrap(anything), "ours");
        }
    }

    private static boolean counts(ByteBuffer messages) {
        return RuleEvents.count(messages, "ours");
    }

    private static ByteBuffer message(int type, String table) {
        byte[] name = (table + "\0").getBytes(StandardCharsets.US_ASCII);
        int length = 16 + 4 + 4 + name.length;
        ByteBuffer message = ByteBuffer.allocate((length + 3) & ~3).order(ByteOrder.nativeOrder());
        message.putInt(length).putShort((short) (10 << 8 | type)).position(20);
        message.putShort((short) (4 + name.length)).putShort((short) 1).put(name);
        return message.rewind();
    }
}
