package com.pelagicore.softwarecontainer.busfilter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes answers as a bus would (D-Bus specification, "Message Format"). */
final class AnswerMessage {

    private static final byte RETURN = 2;
    private static final byte ERROR = 3;
    private static final byte NO_REPLY_EXPECTED = 1;
    private static final int FIXED = 16;
    private static final String NO_ERROR = "";

    /**
     * What surrounds an answer.
     *
     * @param sender may be empty: the bus fills it in
     * @param destination may be empty
     * @param replySerial of the call
     * @param serial any but 0: nobody answers an answer
     */
    record Envelope(String sender, String destination, long replySerial, int serial) {}

    private final ByteBuffer bytes;

    private AnswerMessage(int size) {
        bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    static ByteBuffer refusal(Envelope envelope, Refusal refusal) {
        if (refusal instanceof Refusal.Denied denied) {
            return answer(envelope, denied.errorName(), "s", text(denied.text()));
        } else if (refusal instanceof Refusal.NoOwner nobody) {
            return answer(envelope, Refusal.NoOwner.ERROR, "s", text(nobody.text()));
        }
        return answer(envelope, NO_ERROR, "b", ByteBuffer.allocate(4));
    }

    /** An array of texts. */
    static ByteBuffer names(Envelope envelope, List<String> names) {
        List<byte[]> raw = names.stream()
                .map(each -> each.getBytes(StandardCharsets.UTF_8))
                .toList();
        int most = raw.stream().mapToInt(each -> each.length + 8).sum();
        ByteBuffer body = ByteBuffer.allocate(4 + most).order(ByteOrder.LITTLE_ENDIAN);
        body.putInt(0);
        for (byte[] each : raw) {
            body.position((body.position() + 3) & ~3);
            body.putInt(each.length).put(each).put((byte) 0);
        }
        body.putInt(0, body.position() - 4);
        return answer(envelope, NO_ERROR, "as", body.flip());
    }

    private static ByteBuffer text(String text) {
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(raw.length + 5)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(raw.length)
                .put(raw)
                .put((byte) 0)
                .flip();
    }

    /** @param errorName empty: all went well */
    private static ByteBuffer answer(Envelope envelope, String errorName, String signature, ByteBuffer body) {
        boolean error = !errorName.isEmpty();
        int texts = errorName.length()
                + envelope.sender().length()
                + envelope.destination().length();
        AnswerMessage message = new AnswerMessage(128 + 4 * texts + body.remaining());
        message.bytes
                .put((byte) 'l')
                .put(error ? ERROR : RETURN)
                .put(NO_REPLY_EXPECTED)
                .put((byte) 1);
        message.bytes.putInt(body.remaining()).putInt(envelope.serial()).putInt(0);
        message.field(4, errorName);
        message.field(5, 'u').putInt((int) envelope.replySerial());
        message.field(6, envelope.destination());
        message.field(7, envelope.sender());
        message.field(8, 'g')
                .put((byte) signature.length())
                .put(signature.getBytes(StandardCharsets.UTF_8))
                .put((byte) 0);
        message.bytes.putInt(FIXED - 4, message.bytes.position() - FIXED);
        message.align();
        message.bytes.put(body);
        return message.bytes.flip();
    }

    private void field(int code, String text) {
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
