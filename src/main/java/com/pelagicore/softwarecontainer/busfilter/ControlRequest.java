package com.pelagicore.softwarecontainer.busfilter;

import com.pelagicore.softwarecontainer.spec.BusRule;
import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What the agent asks of the filter. On the wire: length, kind, then the parts in order; big-endian. Each is
 * answered by a length and a text, which is empty if all went well.
 */
public sealed interface ControlRequest {

    /** Of a request or answer, without its length. */
    int MAXIMUM = 4 * 1024 * 1024;

    /**
     * Begins to serve a container; a listening socket goes with it.
     *
     * @param addresses of the host's bus
     */
    record Open(String container, Bus bus, String addresses, List<BusRule> rules) implements ControlRequest {
        public Open {
            rules = List.copyOf(rules);
        }
    }

    /** Replaces all rules of a container on a bus, for connections that exist as well. */
    record Replace(String container, Bus bus, List<BusRule> rules) implements ControlRequest {
        public Replace {
            rules = List.copyOf(rules);
        }
    }

    /** Ends serving it; not served: nothing. */
    record Close(String container, Bus bus) implements ControlRequest {}

    /** Tells which unique name the agent itself has on a bus. */
    record Agent(Bus bus, String uniqueName) implements ControlRequest {}

    /** With the length in front. */
    static byte[] encode(ControlRequest request) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            write(request, new DataOutputStream(bytes));
            return framed(bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The bytes with their length in front. */
    static byte[] framed(byte[] content) {
        byte[] frame = new byte[4 + content.length];
        ByteBuffer.wrap(frame).putInt(content.length).put(content);
        return frame;
    }

    /**
     * Reads what {@link #encode} wrote, without the length.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static ControlRequest decode(byte[] content) {
        try {
            return read(new DataInputStream(new ByteArrayInputStream(content)));
        } catch (IOException e) {
            throw new IllegalArgumentException("malformed request", e);
        }
    }

    private static void write(ControlRequest request, DataOutputStream out) throws IOException {
        if (request instanceof Open open) {
            out.writeByte(1);
            write(open.container(), open.bus(), out);
            write(open.addresses(), out);
            write(open.rules(), out);
        } else if (request instanceof Replace replace) {
            out.writeByte(2);
            write(replace.container(), replace.bus(), out);
            write(replace.rules(), out);
        } else if (request instanceof Close close) {
            out.writeByte(3);
            write(close.container(), close.bus(), out);
        } else if (request instanceof Agent agent) {
            out.writeByte(4);
            write(agent.bus().name(), out);
            write(agent.uniqueName(), out);
        }
    }

    private static ControlRequest read(DataInputStream in) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case 1 -> new Open(text(in), bus(in), text(in), rules(in));
            case 2 -> new Replace(text(in), bus(in), rules(in));
            case 3 -> new Close(text(in), bus(in));
            case 4 -> new Agent(bus(in), text(in));
            default -> throw new IllegalArgumentException("unknown request " + kind);
        };
    }

    private static void write(String container, Bus bus, DataOutputStream out) throws IOException {
        write(container, out);
        write(bus.name(), out);
    }

    private static void write(List<BusRule> rules, DataOutputStream out) throws IOException {
        out.writeInt(rules.size());
        for (BusRule rule : rules) {
            write(rule.bus().name(), out);
            write(rule.direction().name(), out);
            write(rule.interfaceName(), out);
            write(rule.objectPath(), out);
            writeTexts(rule.methods(), out);
        }
    }

    private static void writeTexts(List<String> texts, DataOutputStream out) throws IOException {
        out.writeInt(texts.size());
        for (String text : texts) {
            write(text, out);
        }
    }

    private static void write(String text, DataOutputStream out) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static Bus bus(DataInputStream in) throws IOException {
        return Bus.valueOf(text(in));
    }

    private static List<BusRule> rules(DataInputStream in) throws IOException {
        List<BusRule> rules = new ArrayList<>();
        for (int remaining = in.readInt(); remaining > 0; remaining--) {
            rules.add(new BusRule(bus(in), BusRule.Direction.valueOf(text(in)), text(in), text(in), texts(in)));
        }
        return rules;
    }

    private static List<String> texts(DataInputStream in) throws IOException {
        List<String> texts = new ArrayList<>();
        for (int remaining = in.readInt(); remaining > 0; remaining--) {
            texts.add(text(in));
        }
        return texts;
    }

    private static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IllegalArgumentException("a text of " + length + " bytes");
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
