package com.pelagicore.softwarecontainer.bus;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.freedesktop.dbus.FileDescriptor;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.MessageTypeException;
import org.freedesktop.dbus.messages.Message;
import org.freedesktop.dbus.messages.MessageFactory;
import org.freedesktop.dbus.messages.constants.Flags;
import org.freedesktop.dbus.messages.constants.MessageTypes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A message from the bus, its arguments decoded on demand. */
final class IncomingMessage implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(IncomingMessage.class);

    private static final long FILE_WEIGHT = 32 * 1024;

    private final Message message;
    private final long size;
    private final long keptSize;
    private final boolean whole;
    /** Those that the arguments can name. */
    private final List<PassedFile> files;

    private IncomingMessage(Message message, Frame frame) {
        this.message = message;
        this.size = frame.size();
        this.keptSize = frame.keptSize();
        this.whole = frame.isWhole();
        this.files = carriesFiles(signature()) ? frame.files() : List.of();
    }

    private static boolean carriesFiles(String signature) {
        return signature.contains("h") || signature.contains("v");
    }

    /**
     * Decodes the header, and owns the files of the frame from now on.
     *
     * @return empty if the codec cannot read it: then nobody knows whom to answer
     */
    static Optional<IncomingMessage> decode(Frame frame) {
        try {
            Message message = MessageFactory.createMessage(
                    frame.fixed()[1], frame.fixed(), frame.header(), frame.body(), descriptors(frame));
            IncomingMessage incoming = new IncomingMessage(message, frame);
            incoming.requireFieldTypes();
            if (incoming.files.isEmpty()) {
                frame.files().forEach(PassedFile::close);
            }
            return Optional.of(incoming);
        } catch (DBusException | MessageTypeException | RuntimeException e) {
            LOG.debug("ignoring a message whose header is malformed", e);
            frame.files().forEach(PassedFile::close);
            return Optional.empty();
        }
    }

    /**
     * The codec casts fields when they are asked for.
     *
     * @throws ClassCastException if one is of another type than it should be
     */
    private void requireFieldTypes() {
        List<Object> ignored =
                List.of(sender(), destination(), path(), interfaceName(), name(), signature(), replySerial());
    }

    private static List<FileDescriptor> descriptors(Frame frame) {
        return frame.files().stream()
                .map(file -> new FileDescriptor(file.number()))
                .toList();
    }

    boolean isCall() {
        return message.getType() == MessageTypes.METHOD_CALL.getId();
    }

    boolean isSignal() {
        return message.getType() == MessageTypes.SIGNAL.getId();
    }

    boolean isError() {
        return message.getType() == MessageTypes.ERROR.getId();
    }

    boolean wantsReply() {
        return (message.getFlags() & Flags.NO_REPLY_EXPECTED) == 0;
    }

    /** ALLOW_INTERACTIVE_AUTHORIZATION. */
    boolean isInteractive() {
        return (message.getFlags() & 4) != 0;
    }

    /** On the wire. */
    long size() {
        return size;
    }

    /** False: its arguments were dropped. */
    boolean isWhole() {
        return whole;
    }

    /** What it takes up until it is answered: an open file counts as much as {@value #FILE_WEIGHT} bytes. */
    long weight() {
        return keptSize + files.size() * FILE_WEIGHT;
    }

    /** Closes its files. */
    @Override
    public void close() {
        files.forEach(PassedFile::close);
    }

    int serial() {
        return (int) message.getSerial();
    }

    /** Serial of the message that this one answers; 0 if it is no reply. */
    int replySerial() {
        return (int) message.getReplySerial();
    }

    /** Whether the bus itself, not a client that guesses serials, answers this message of ours. */
    boolean isAnswerOfBus(int serial) {
        return serial != 0 && replySerial() == serial && BusRequest.BUS.equals(message.getSource());
    }

    /** Whether the bus tells that a name has no owner any more. */
    boolean isEndOfName() {
        return isSignal()
                && BusRequest.BUS.equals(message.getSource())
                && name().equals("NameOwnerChanged")
                && signature().equals("sss")
                && arguments().string(2).isEmpty();
    }

    Optional<String> sender() {
        return Optional.ofNullable(message.getSource());
    }

    Optional<String> destination() {
        return Optional.ofNullable(message.getDestination());
    }

    String path() {
        return orEmpty(message.getPath());
    }

    Optional<String> interfaceName() {
        return Optional.ofNullable(message.getInterface());
    }

    /** Member; of an error its name. */
    String name() {
        return orEmpty(message.getName());
    }

    String signature() {
        return orEmpty(message.getSig());
    }

    /**
     * Decodes the body, each time anew: a queued message holds no more than its bytes.
     *
     * @throws MalformedMessage if the codec cannot read it
     */
    Arguments arguments() {
        try {
            Object[] values = message.getParameters();
            message.setArgs(null);
            return new Arguments(Arrays.stream(values)
                    .map(value -> WireValues.plain(value, files))
                    .toList());
        } catch (DBusException | RuntimeException e) {
            throw new MalformedMessage(e);
        }
    }

    /**
     * The signal that this message is; its files are not passed on.
     *
     * @throws MalformedMessage as {@link #arguments}
     */
    Signal asSignal() {
        return new Signal(
                path(),
                interfaceName().orElse(""),
                name(),
                signature(),
                arguments().all(),
                destination());
    }

    private static String orEmpty(String value) {
        return Optional.ofNullable(value).orElse("");
    }
}
