package com.pelagicore.softwarecontainer.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Messages of the kernel about changed rules: linux/netlink.h, linux/netfilter/nf_tables.h. */
final class RuleEvents {

    private static final int NFTABLES = 10 << 8;
    private static final int DELETED_TABLE = NFTABLES | 2;
    private static final int NEW_CHAIN = NFTABLES | 3;
    private static final int NEW_RULE = NFTABLES | 6;
    private static final int DELETED_RULE = NFTABLES | 8;

    private static final int HEADER = 16;
    /** After the header comes a {@code struct nfgenmsg}; the first attribute of all these is the table's name. */
    private static final int NAME = HEADER + 4 + 4;

    private RuleEvents() {}

    /** Whether one of the messages is about a chain or rule of others, or the end of our own table. */
    static boolean count(ByteBuffer messages, String ownTable) {
        ByteBuffer rest = messages.slice().order(ByteOrder.nativeOrder());
        while (rest.remaining() >= HEADER) {
            int length = Math.max(HEADER, Math.min(rest.getInt(0), rest.remaining()));
            if (counts(rest.slice(0, length).order(ByteOrder.nativeOrder()), ownTable)) {
                return true;
            }
            int aligned = (length + 3) & ~3;
            rest = rest.slice(Math.min(aligned, rest.limit()), rest.limit() - Math.min(aligned, rest.limit()))
                    .order(ByteOrder.nativeOrder());
        }
        return false;
    }

    private static boolean counts(ByteBuffer message, String ownTable) {
        return switch (message.getShort(4)) {
            case DELETED_TABLE -> table(message).equals(ownTable);
            case NEW_CHAIN, NEW_RULE, DELETED_RULE -> !table(message).equals(ownTable);
            default -> false;
        };
    }

    private static String table(ByteBuffer message) {
        int end = NAME;
        while (end < message.limit() && message.get(end) != 0) {
            end++;
        }
        return end <= NAME
                ? ""
                : StandardCharsets.ISO_8859_1
                        .decode(message.slice(NAME, end - NAME))
                        .toString();
    }
}
