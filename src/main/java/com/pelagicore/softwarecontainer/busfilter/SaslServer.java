package com.pelagicore.softwarecontainer.busfilter;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Authenticates a contained client (D-Bus specification, "Authentication Protocol"). Whoever reaches the socket is
 * in the container, so any identity is taken; none of it gets to the host's bus.
 */
final class SaslServer {

    private static final int MAXIMUM_LINES = 32;

    private final String guid;
    private boolean begun;
    private boolean authenticated;
    private boolean asked;
    private boolean complete;
    private int lines;

    /** @param guid of the server, 32 hexadecimal digits */
    SaslServer(String guid) {
        this.guid = guid;
    }

    /** After BEGIN; what follows in the buffer are messages. */
    boolean isComplete() {
        return complete;
    }

    /** Reads the lines that are there and answers them. */
    void read(ByteBuffer data, OutputQueue output) {
        if (!begun && data.hasRemaining()) {
            if (data.get() != 0) {
                throw new MalformedStream("no NUL at the beginning");
            }
            begun = true;
        }
        while (!complete) {
            Optional<String> line = SaslLines.next(data);
            if (line.isEmpty()) {
                return;
            }
            if (++lines > MAXIMUM_LINES) {
                throw new MalformedStream("authentication without end");
            }
            String answer = answer(line.get());
            output.add(SaslLines.encode(answer), List.of());
        }
    }

    private String answer(String line) {
        String[] words = line.split(" ", 3);
        return switch (words[0]) {
            case "AUTH" -> auth(words);
            case "DATA" -> asked ? ok() : "ERROR\r\n";
            case "NEGOTIATE_UNIX_FD" -> authenticated ? "AGREE_UNIX_FD\r\n" : "ERROR\r\n";
            case "BEGIN" -> begin();
            case "CANCEL", "ERROR" -> rejected();
            default -> "ERROR\r\n";
        };
    }

    private String auth(String[] words) {
        if (words.length < 2 || !words[1].equals("EXTERNAL") || authenticated) {
            return rejected();
        }
        if (words.length == 3) {
            return ok();
        }
        asked = true;
        return "DATA\r\n";
    }

    private String ok() {
        asked = false;
        authenticated = true;
        return "OK " + guid + "\r\n";
    }

    private String rejected() {
        asked = false;
        authenticated = false;
        return "REJECTED EXTERNAL\r\n";
    }

    private String begin() {
        if (!authenticated) {
            throw new MalformedStream("messages before authentication");
        }
        complete = true;
        return "";
    }
}
