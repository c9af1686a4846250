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
import java.util.OptionalInt;

/**
 * How requests and answers are written. A request is a length, a kind, and the parts in order; an answer a length, a
 * byte that is 0 if all went well, and a text: what was asked for or the reason. Numbers are big-endian, texts and
 * lists have their length in front.
 */
public final class ControlCodec {

    /** Of a request or answer, without its length. */
    static final int MAXIMUM = 4 * 1024 * 1024;

    private static final int OWN_USER = -1;
    private static final byte DONE = 0;
    private static final byte REFUSED = 1;

    private ControlCodec() {}

    /** With the length in front. */
    public static byte[] encode(ControlRequest request) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            write(request, new DataOutputStream(bytes));
            return framed(bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    /** With the length in front. */
    static byte[] encode(ControlAnswer answer) {
        byte[] text = answer.text().getBytes(StandardCharsets.UTF_8);
        byte[] content = new byte[1 + text.length];
        ByteBuffer.wrap(content).put(answer.done() ? DONE : REFUSED).put(text);
        return framed(content);
    }

    /** Reads an answer, without its length. */
    public static ControlAnswer decodeAnswer(byte[] content) {
        if (content.length == 0) {
            throw new IllegalArgumentException("malformed answer");
        }
        String text = new String(content, 1, content.length - 1, StandardCharsets.UTF_8);
        return new ControlAnswer(content[0] == DONE, text);
    }

    private static byte[] framed(byte[] content) {
        byte[] frame = new byte[4 + content.length];
        ByteBuffer.wrap(frame).putInt(content.length).put(content);
        return frame;
    }

    private static void write(ControlRequest request, DataOutputStream out) throws IOException {
        if (request instanceof ControlRequest.Identify) {
            out.writeByte(0);
        } else if (request instanceof ControlRequest.ListOpen) {
            out.writeByte(1);
        } else if (request instanceof ControlRequest.Claim claim) {
            out.writeByte(2);
            write(claim.container(), claim.bus(), out);
        } else if (request instanceof ControlRequest.Retire) {
            out.writeByte(3);
        } else if (request instanceof ControlRequest.Open open) {
            out.writeByte(4);
            write(open.container(), open.bus(), out);
            write(open.addresses(), out);
            out.writeInt(open.user().orElse(OWN_USER));
            write(open.rules(), out);
        } else if (request instanceof ControlRequest.Replace replace) {
            out.writeByte(5);
            write(replace.container(), replace.bus(), out);
            write(replace.rules(), out);
        } else if (request instanceof ControlRequest.Close close) {
            out.writeByte(6);
            write(close.container(), close.bus(), out);
        } else if (request instanceof ControlRequest.Agent agent) {
            out.writeByte(7);
            write(agent.bus().name(), out);
            write(agent.uniqueName(), out);
        }
    }

    private static ControlRequest read(DataInputStream in) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case 0 -> new ControlRequest.Identify();
            case 1 -> new ControlRequest.ListOpen();
            case 2 -> new ControlRequest.Claim(text(in), bus(in));
            case 3 -> new ControlRequest.Retire();
            case 4 -> new ControlRequest.Open(text(in), bus(in), text(in), user(in), rules(in));
            case 5 -> new ControlRequest.Replace(text(in), bus(in), rules(in));
            case 6 -> new ControlRequest.Close(text(in), bus(in));
            case 7 -> new ControlRequest.Agent(bus(in), text(in));
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

    private static OptionalInt user(DataInputStream in) throws IOException {
        int user = in.readInt();
        return user == OWN_USER ? OptionalInt.empty() : OptionalInt.of(user);
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
