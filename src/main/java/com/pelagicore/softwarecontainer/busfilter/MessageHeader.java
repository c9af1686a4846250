package com.pelagicore.softwarecontainer.busfilter;

/**
 * What the filter has to know of a message (D-Bus specification, "Message Format"). A text that is not there is
 * empty, a number 0.
 *
 * @param headerSize bytes up to the body
 * @param descriptors how many go with it
 */
record MessageHeader(
        Type type,
        boolean wantsReply,
        long serial,
        long replySerial,
        String path,
        String interfaceName,
        String member,
        String destination,
        String sender,
        String signature,
        int descriptors,
        boolean littleEndian,
        int headerSize,
        long bodySize) {

    /** Kinds of messages. */
    enum Type {
        CALL,
        RETURN,
        ERROR,
        SIGNAL
    }

    long size() {
        return headerSize + bodySize;
    }

    boolean isReply() {
        return type == Type.RETURN || type == Type.ERROR;
    }

    /** For the log. */
    String subject() {
        return (type == Type.SIGNAL ? "signal " : "call ")
                + (interfaceName.isEmpty() ? "(no interface)" : interfaceName) + "." + member + " on " + path;
    }
}
