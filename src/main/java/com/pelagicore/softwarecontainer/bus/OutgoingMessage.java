package com.pelagicore.softwarecontainer.bus;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.messages.Message;
import org.freedesktop.dbus.messages.constants.Endian;
import org.freedesktop.dbus.messages.constants.Flags;
import org.freedesktop.dbus.messages.constants.HeaderField;
import org.freedesktop.dbus.messages.constants.MessageTypes;

/**
 * A message to the bus. Factories throw {@code IllegalArgumentException} if values do not fit the signature.
 * dbus-java's own subclasses can neither unicast a signal nor set a serial.
 */
final class OutgoingMessage extends Message {

    private static final int SERIAL_OFFSET = 8;
    private static final byte LOCAL_ENDIAN =
            ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? Endian.BIG : Endian.LITTLE;

    private final List<Object> fields = new ArrayList<>();
    private final List<PassedFile> files = new ArrayList<>();
    private String receiver = "";
    private int size;

    private OutgoingMessage(byte type, byte flags) throws DBusException {
        super(LOCAL_ENDIAN, type, flags);
    }

    static OutgoingMessage reply(IncomingMessage call, String signature, List<Object> values) {
        return answer(MessageTypes.METHOD_REPLY, call).body(signature, values);
    }

    static OutgoingMessage error(IncomingMessage call, BusError error) {
        return answer(MessageTypes.ERROR, call)
                .field(HeaderField.ERROR_NAME, "s", error.name())
                .body("s", List.of(String.valueOf(error.getMessage())));
    }

    static OutgoingMessage signal(Signal signal) {
        OutgoingMessage message = begin(MessageTypes.SIGNAL, Flags.NO_REPLY_EXPECTED)
                .field(HeaderField.PATH, "o", signal.path())
                .field(HeaderField.INTERFACE, "s", signal.interfaceName())
                .field(HeaderField.MEMBER, "s", signal.member());
        if (signal.destination().isPresent()) {
            message.receiver(signal.destination().get());
        }
        return message.body(signal.signature(), signal.arguments());
    }

    static OutgoingMessage call(BusRequest request) {
        return begin(MessageTypes.METHOD_CALL, (byte) 0)
                .field(HeaderField.PATH, "o", request.path())
                .field(HeaderField.DESTINATION, "s", request.destination())
                .field(HeaderField.INTERFACE, "s", request.interfaceName())
                .field(HeaderField.MEMBER, "s", request.member())
                .body(request.signature(), request.arguments());
    }

    /** To be sent along; whoever gave them closes them. */
    List<PassedFile> files() {
        return files;
    }

    /** The client that alone gets this answer or signal; empty: there is none. */
    String receiver() {
        return receiver;
    }

    /** In bytes. */
    int size() {
        return size;
    }

    /** The message as it is sent, with a serial that this connection has not used before. */
    byte[] bytes(int serial) {
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
        for (byte[] part : getWireData()) {
            if (part != null) {
                bytes.put(part);
            }
        }
        return bytes.putInt(SERIAL_OFFSET, serial).array();
    }

    private static OutgoingMessage answer(MessageTypes type, IncomingMessage call) {
        OutgoingMessage message = begin(type, Flags.NO_REPLY_EXPECTED)
                .field(HeaderField.REPLY_SERIAL, "u", Integer.toUnsignedLong(call.serial()));
        if (call.sender().isPresent()) {
            message.receiver(call.sender().get());
        }
        return message;
    }

    private static OutgoingMessage begin(MessageTypes type, byte flags) {
        try {
            return new OutgoingMessage(type.getId(), flags);
        } catch (DBusException e) {
            throw new IllegalStateException(e);
        }
    }

    private void receiver(String uniqueName) {
        receiver = uniqueName;
        field(HeaderField.DESTINATION, "s", uniqueName);
    }

    private OutgoingMessage field(byte field, String type, Object value) {
        fields.add(createHeaderArgs(field, type, value));
        return this;
    }

    private OutgoingMessage body(String signature, List<Object> values) {
        try {
            Object[] encodable = WireValues.encodable(signature, values, files);
            if (signature.isEmpty()) {
                padAndMarshall(fields, getSerial(), null);
            } else {
                field(HeaderField.SIGNATURE, "g", signature);
                if (!files.isEmpty()) {
                    field(HeaderField.UNIX_FDS, "u", (long) files.size());
                }
                padAndMarshall(fields, getSerial(), signature, encodable);
            }
        } catch (DBusException | RuntimeException e) {
            throw new IllegalArgumentException("values do not fit the signature '" + signature + "'", e);
        }
        size = (int) getByteCounter();
        return this;
    }
}
