package com.pelagicore.softwarecontainer.bus;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The authentication that precedes the first message (D-Bus specification, "Authentication Protocol"). */
final class Sasl {

    private static final int MAXIMUM_LINE = 1024;

    private final BusTransport transport;
    private final ByteBuffer received = ByteBuffer.allocateDirect(MAXIMUM_LINE).limit(0);

    private Sasl(BusTransport transport) {
        this.transport = transport;
    }

    /**
     * Authenticates by the credentials of the socket. No identity is asked for, so the bus takes the one that
     * the kernel tells it: a uid written out here would be the wrong one in another user namespace.
     */
    static void authenticate(BusTransport transport) {
        Sasl sasl = new Sasl(transport);
        sasl.send("\0AUTH EXTERNAL\r\nDATA\r\n");
        String answer = sasl.line();
        if (answer.equals("DATA")) {
            answer = sasl.line();
        }
        if (!answer.startsWith("OK ")) {
            throw refused("refuses this user: '" + answer + "'");
        }
        sasl.send("NEGOTIATE_UNIX_FD\r\n");
        String agreement = sasl.line();
        if (!agreement.equals("AGREE_UNIX_FD")) {
            throw refused("passes no open files: '" + agreement + "'");
        }
        sasl.send("BEGIN\r\n");
    }

    private void send(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        transport.write(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(), List.of());
    }

    private String line() {
        StringBuilder line = new StringBuilder();
        while (line.length() < MAXIMUM_LINE) {
            char next = (char) (nextByte() & 0xff);
            if (next == '\n') {
                return line.toString().strip();
            }
            line.append(next);
        }
        throw refused("does not speak the D-Bus authentication protocol");
    }

    private byte nextByte() {
        if (!received.hasRemaining()) {
            received.clear();
            if (!transport.read(received, PassedFile::close)) {
                throw refused("closed the connection during authentication");
            }
            received.flip();
        }
        return received.get();
    }

    private static SoftwareContainerException refused(String reason) {
        return new SoftwareContainerException(ErrorKind.HOST_REFUSED, "the bus " + reason);
    }
}
