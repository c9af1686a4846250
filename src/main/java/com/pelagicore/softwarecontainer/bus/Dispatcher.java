package com.pelagicore.softwarecontainer.bus;

import com.pelagicore.softwarecontainer.bus.CallBudget.Ticket;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Takes each call from the bus to its handler and the answer back. Used by the reading thread, which never
 * waits here but for the bus itself.
 */
final class Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final CompletionStage<?> DONE = CompletableFuture.completedStage(true);

    /** In the context of what is logged: the client whose call is handled. */
    private static final String SENDER = "sender";

    private final ObjectTree objects;
    private final Workers workers;
    private final MessageWriter writer;
    private final Identities identities;
    private final int messageBytes;
    private final Gate gate = new Gate();

    /** @param messageBytes size of the largest call that is served */
    Dispatcher(ObjectTree objects, Workers workers, MessageWriter writer, Identities identities, int messageBytes) {
        this.objects = objects;
        this.workers = workers;
        this.writer = writer;
        this.identities = identities;
        this.messageBytes = messageBytes;
    }

    /** Whatever is wrong with the call, it is answered if it can be, and the next one is read. */
    void dispatch(IncomingMessage message) {
        try {
            requireSize(message);
            Route route = objects.find(message.path(), message.interfaceName(), message.name());
            requireSignature(message, route);
            if (route.asksWhoCalls()) {
                admit(message, route);
            } else {
                BusCall call = call(message, route, Credentials.UNKNOWN);
                run(message, route, call, route.admission().admit(call).join());
            }
        } catch (Throwable e) {
            refuse(message, e);
        }
    }

    private void requireSize(IncomingMessage message) {
        if (message.size() > messageBytes) {
            throw BusError.limitsExceeded("the message has " + message.size() + " bytes, the limit is " + messageBytes);
        }
        if (!message.isWhole()) {
            throw BusError.limitsExceeded("too many large messages at a time");
        }
    }

    private static void requireSignature(IncomingMessage message, Route route) {
        String expected = route.method().inSignature();
        if (!message.signature().equals(expected)) {
            throw BusError.invalidSignature(message.signature(), expected);
        }
    }

    /** The futures hold no decoded arguments: a call that waits takes no more than its bytes. */
    private void admit(IncomingMessage message, Route route) {
        String sender = message.sender().orElse("");
        Credentials credentials = identities.known(sender);
        Ticket ticket = workers.budget().enter(credentials.client(sender), message.weight());
        Supplier<CompletableFuture<CallHandler>> question =
                () -> route.admission().admit(call(message, route, credentials));
        gate.pass(sender, question, admission -> {
            try {
                schedule(message, route, new Admitted(ticket, credentials, admission.join()));
            } catch (Throwable e) {
                workers.budget().leave(ticket);
                refuse(message, Cause.of(e));
            }
        });
    }

    private record Admitted(Ticket ticket, Credentials credentials, CallHandler handler) {}

    private void schedule(IncomingMessage message, Route route, Admitted admitted) {
        Turn turn = route.turn();
        if (turn instanceof Turn.Inline) {
            run(message, route, call(message, route, admitted.credentials()), admitted.handler())
                    .whenComplete((answered, failure) -> workers.budget().leave(admitted.ticket()));
            return;
        }
        Optional<Object> lane = turn instanceof Turn.InLane inLane
                ? Optional.of(inLane.lane().apply(call(message, route, admitted.credentials())))
                : Optional.empty();
        workers.submit(admitted.ticket(), lane, () -> run(message, route, admitted));
    }

    private CompletionStage<?> run(IncomingMessage message, Route route, Admitted admitted) {
        try {
            return run(message, route, call(message, route, admitted.credentials()), admitted.handler());
        } catch (MalformedMessage e) {
            refuse(message, e);
            return DONE;
        }
    }

    /** Runs the handler; what is returned ends when the call is answered. */
    private CompletionStage<?> run(IncomingMessage message, Route route, BusCall call, CallHandler handler) {
        MDC.put(SENDER, call.sender());
        try {
            return handle(message, route, call, handler);
        } finally {
            // with what the handler has added
            MDC.clear();
        }
    }

    private CompletionStage<?> handle(IncomingMessage message, Route route, BusCall call, CallHandler handler) {
        Answer answer;
        try {
            answer = handler.handle(call);
        } catch (Throwable e) {
            refuse(message, e);
            return DONE;
        }
        message.close();
        if (answer instanceof Answer.Later later) {
            return later.reply().handle((reply, failure) -> {
                if (failure == null) {
                    reply(message, route, reply);
                } else {
                    refuse(message, Cause.of(failure));
                }
                return true;
            });
        }
        reply(message, route, (Reply) answer);
        return DONE;
    }

    private void reply(IncomingMessage message, Route route, Reply reply) {
        try {
            writer.reply(message, route.method().outSignature(), reply);
        } catch (Throwable e) {
            refuse(message, e);
        } finally {
            follow(message, reply);
        }
    }

    private static void follow(IncomingMessage message, Reply reply) {
        try {
            reply.afterwards().run();
        } catch (Throwable e) {
            LOG.error("what follows {} met a bug", message.name(), e);
        }
    }

    /** Takes any throwable: nothing that a message causes may end the thread that it is handled on. */
    void refuse(IncomingMessage message, Throwable reason) {
        message.close();
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

    private static BusCall call(IncomingMessage message, Route route, Credentials credentials) {
        return new BusCall(
                message.sender().orElse(""),
                credentials,
                message.isInteractive(),
                message.path(),
                route.interfaceName(),
                route.method().name(),
                message.arguments());
    }
}
