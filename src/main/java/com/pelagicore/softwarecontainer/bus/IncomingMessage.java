package com.pelagicore.softwarecontainer.bus;

import java.util.List;
import java.util.Optional;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.MessageTypeException;
import org.freedesktop.dbus.messages.Message;
import org.freedesktop.dbus.messages.MessageFactory;
import org.freedesktop.dbus.messages.constants.Flags;
import org.freedesktop.dbus.messages.constants.MessageTypes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A message from the bus, its arguments decoded on demand. */
final class IncomingMessage {

    private static final Logger LOG = LoggerFactory.getLogger(IncomingMessage.class);

    private final Message message;
    private final long size;

    private IncomingMessage(Message message, long size) {
        this.message = message;
        this.size = size;
    }

    /** Decodes the header; empty if the codec cannot read it, then nobody knows whom to answer. */
    static Optional<IncomingMessage> decode(Frame frame) {
        try {
            return Optional.of(new IncomingMessage(
                    MessageFactory.createMessage(
                            frame.fixed()[1], frame.fixed(), frame.header(), frame.body(), List.of()),
                    frame.size()));
        } catch (DBusException | MessageTypeException | RuntimeException e) {
            LOG.debug("ignoring a message whose header is malformed", e);
            return Optional.empty();
        }
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

    long size() {
        return size;
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
            return new Arguments(values);
        } catch (DBusException | RuntimeException e) {
            throw new MalformedMessage(e);
        }
    }

    private static String orEmpty(String value) {
        return Optional.ofNullable(value).orElse("");
    }
}
