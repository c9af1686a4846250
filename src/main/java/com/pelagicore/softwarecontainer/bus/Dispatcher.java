package com.pelagicore.softwarecontainer.bus;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes each message from the bus to its handler and the answer back. Used by the reading thread, which never
 * waits here but for the bus itself.
 */
final class Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final ObjectTree objects;
    private final Workers workers;
    private final MessageWriter writer;
    private final BusLimits limits;

    Dispatcher(ObjectTree objects, Workers workers, MessageWriter writer, BusLimits limits) {
        this.objects = objects;
        this.workers = workers;
        this.writer = writer;
        this.limits = limits;
    }

    /** Whatever is wrong with the message, it is answered if it can be, and the next one is read. */
    void dispatch(IncomingMessage message) {
        if (!message.isCall()) {
            return;
        }
        try {
            requireSize(message);
            schedule(message);
        } catch (Throwable e) {
            refuse(message, e);
        }
    }

    private void requireSize(IncomingMessage message) {
        if (message.size() > limits.messageBytes()) {
            throw BusError.limitsExceeded(
                    "the message has " + message.size() + " bytes, the limit is " + limits.messageBytes());
        }
    }

    private void schedule(IncomingMessage message) {
        Route route = objects.find(message.path(), message.interfaceName(), message.name());
        String expected = route.method().inSignature();
        if (!message.signature().equals(expected)) {
            throw BusError.invalidSignature(message.signature(), expected);
        }
        Turn turn = route.turn();
        if (turn instanceof Turn.Inline) {
            run(message, route);
            return;
        }
        String sender = message.sender().orElse("");
        workers.requireRoom(sender, message.size());
        Optional<Object> lane = turn instanceof Turn.InLane inLane
                ? Optional.of(inLane.lane().apply(message.arguments()))
                : Optional.empty();
        workers.submit(sender, lane, message.size(), () -> run(message, route));
    }

    private void run(IncomingMessage message, Route route) {
        Reply reply;
        try {
            reply = route.handler().handle(call(message, route));
        } catch (Throwable e) {
            refuse(message, e);
            return;
        }
        writer.reply(message, route.method().outSignature(), reply);
        try {
            reply.afterwards().run();
        } catch (Throwable e) {
            LOG.error("what follows {} met a bug", message.name(), e);
        }
    }

    /** Takes any throwable: nothing that a message causes may end the thread that it is handled on. */
    void refuse(IncomingMessage message, Throwable reason) {
        if (reason instanceof BusError error) {
            writer.error(message, error);
        } else if (reason instanceof MalformedMessage) {
            LOG.debug("refusing a malformed call of {}", message.name(), reason);
            writer.error(message, BusError.invalidArguments("the message is malformed"));
        } else {
            LOG.error("{} met a bug", message.name(), reason);
            writer.error(message, BusError.internal());
        }
    }

    private static BusCall call(IncomingMessage message, Route route) {
        return new BusCall(
                message.sender().orElse(""),
                message.path(),
                route.interfaceName(),
                route.method().name(),
                message.arguments());
    }
}
