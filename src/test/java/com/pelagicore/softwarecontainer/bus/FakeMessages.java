package com.pelagicore.softwarecontainer.bus;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.MessageTypeException;
import org.freedesktop.dbus.messages.MessageFactory;
import org.freedesktop.dbus.messages.MethodCall;
import org.freedesktop.dbus.messages.constants.Endian;
import org.freedesktop.dbus.types.UInt32;

/** Messages as they come from a bus, by dbus-java. */
final class FakeMessages {

    private static final MessageFactory FACTORY = new MessageFactory(Endian.LITTLE);

    private FakeMessages() {}

    static byte[] message(
            String sender,
            byte flags,
            int serial,
            String path,
            String interfaceName,
            String member,
            String signature,
            Object... arguments) {
        try {
            byte[][] parts = FACTORY.createMethodCall(
                            sender, "a.b", path, interfaceName, member, flags, signature, arguments)
                    .getWireData();
            return withSerial(parts, serial);
        } catch (DBusException e) {
            throw new AssertionError(e);
        }
    }

    /** A message of a client that claims to answer the service's message with this serial. */
    static byte[] forgedReply(int serial) {
        byte[] call = message("org.freedesktop.DBus", (byte) 0, serial, "/a", "a.b", "M", null);
        return reply(FakeBus.CLIENT, call, "u", new UInt32(1), 78);
    }

    /** A signal whose sender claims to be the bus, or is somebody else. */
    static byte[] signal(String sender, String member, Object... arguments) {
        try {
            byte[][] parts = FACTORY.createSignal(
                            sender,
                            "/org/freedesktop/DBus",
                            FakeBus.BUS,
                            member,
                            "s".repeat(arguments.length),
                            arguments)
                    .getWireData();
            return withSerial(parts, 77);
        } catch (DBusException e) {
            throw new AssertionError(e);
        }
    }

    /** @param signature empty: no value */
    static byte[] reply(String sender, byte[] call, String signature, Object value, int serial) {
        try {
            Frame frame = frame(call);
            MethodCall decoded = (MethodCall) MessageFactory.createMessage(
                    frame.fixed()[1], frame.fixed(), frame.header(), frame.body(), List.of());
            Object[] values = signature.isEmpty() ? new Object[0] : new Object[] {value};
            byte[][] parts = FACTORY.createMethodReturn(sender, decoded, signature.isEmpty() ? null : signature, values)
                    .getWireData();
            return withSerial(parts, serial);
        } catch (DBusException | MessageTypeException e) {
            throw new AssertionError(e);
        }
    }

    /** Of the bus. */
    static byte[] error(byte[] call, String name, int serial) {
        try {
            int replySerial =
                    ByteBuffer.wrap(call).order(ByteOrder.nativeOrder()).getInt(8);
            byte[][] parts = FACTORY.createError(FakeBus.BUS, FakeBus.SERVICE, name, replySerial, "s", "no")
                    .getWireData();
            return withSerial(parts, serial);
        } catch (DBusException e) {
            throw new AssertionError(e);
        }
    }

    static Frame frame(byte[] bytes) {
        FakeBus stream = new FakeBus();
        stream.send(bytes);
        return new FrameReader(stream, Integer.MAX_VALUE).next().orElseThrow();
    }

    private static byte[] withSerial(byte[][] parts, int serial) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            if (part != null) {
                bytes.writeBytes(part);
            }
        }
        byte[] message = bytes.toByteArray();
        ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).putInt(8, serial);
        return message;
    }
}
