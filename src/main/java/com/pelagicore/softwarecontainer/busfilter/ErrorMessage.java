package com.pelagicore.softwarecontainer.busfilter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes an error as a bus would. */
final class ErrorMessage {

    private static final byte ERROR = 3;
    private static final byte NO_REPLY_EXPECTED = 1;

    private final ByteBuffer bytes;

    private ErrorMessage(int size) {
        bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * The answer to a call.
     *
     * @param sender may be empty: the bus fills it in
     * @param destination may be empty
     * @param serial any but 0: nobody answers an error
     */
    static ByteBuffer answer(MessageHeader call, Refusal refusal, String sender, String destination, int serial) {
        byte[] text = refusal.text().getBytes(StandardCharsets.UTF_8);
        int texts = refusal.errorName().length() + sender.length() + destination.length();
        ErrorMessage message = new ErrorMessage(128 + 4 * texts + text.length);
        message.bytes.put((byte) 'l').put(ERROR).put(NO_REPLY_EXPECTED).put((byte) 1);
        message.bytes.putInt(4 + text.length + 1).putInt(serial).putInt(0);
        message.text(4, refusal.errorName());
        message.field(5, 'u').putInt((int) call.serial());
        message.text(6, destination);
        message.text(7, sender);
        message.field(8, 'g').put((byte) 1).put((byte) 's').put((byte) 0);
        message.bytes.putInt(12, message.bytes.position() - 16);
        message.align();
        message.bytes.putInt(text.length).put(text).put((byte) 0);
        return message.bytes.flip();
    }

    private void text(int code, String text) {
        if (!text.isEmpty()) {
            byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
            field(code, 's').putInt(encoded.length).put(encoded).put((byte) 0);
        }
    }

    private ByteBuffer field(int code, char type) {
        align();
        return bytes.put((byte) code).put((byte) 1).put((byte) type).put((byte) 0);
    }

    private void align() {
        bytes.position((bytes.position() + 7) & ~7);
    }
}
