package com.pelagicore.softwarecontainer.busfilter;

import com.pelagicore.softwarecontainer.spec.BusRule.Direction;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** A contained client and its own connection to the host's bus. */
final class ClientConnection {

    private static final Refusal TOO_LARGE = Refusal.denied("the message is too large");

    /** Of a message that is looked into. */
    private static final int MAXIMUM_FROM_CLIENT = HeaderParser.MAXIMUM_HEADER;

    private static final int MAXIMUM_FROM_BUS = 1024 * 1024;

    private final FilteredBus bus;
    private final Events events;
    private final Endpoint client;
    private final Endpoint host;
    private final SaslServer server;
    private final SaslClient upstream = new SaslClient();
    private final Pipe outgoing;
    private final Pipe incoming;
    private final KnownNames names;
    private final DriverMessages driverMessages;
    private final PendingCalls calls = new PendingCalls();
    private final PendingCalls callsToClient = new PendingCalls();
    private String uniqueName = "";
    private int serial;
    private boolean clientGone;
    private boolean closed;

    ClientConnection(FilteredBus bus, Events events, FilterSocket client, FilterSocket host) {
        this.bus = bus;
        this.events = events;
        this.client = new Endpoint(client, MAXIMUM_FROM_CLIENT);
        this.host = new Endpoint(host, MAXIMUM_FROM_BUS);
        this.names = new KnownNames(bus.policy());
        this.driverMessages = new DriverMessages(names);
        this.server = new SaslServer(bus.guid());
        this.outgoing = new Pipe(this.client, this.host, new Outgoing());
        this.incoming = new Pipe(this.host, this.client, new Incoming());
    }

    void start() {
        client.watch(events, (readable, writable) -> guarded(() -> clientReady(readable)));
        host.watch(events, (readable, writable) -> guarded(() -> hostReady(readable)));
        guarded(() -> host.output().add(SaslClient.request(), List.of()));
    }

    void close() {
        if (!closed) {
            closed = true;
            client.close(events);
            host.close(events);
        }
    }

    /** Whoever breaks the protocol loses the connection, and nobody else anything. */
    private void guarded(Runnable step) {
        if (closed) {
            return;
        }
        try {
            step.run();
            pumpAndFlush();
        } catch (MalformedStream e) {
            bus.log("connection closed: " + e.getMessage());
            bus.end(this);
        }
    }

    private void clientReady(boolean readable) {
        if (readable && !client.receive()) {
            clientGone = true;
            // its hang-up would be reported again and again while the host's bus takes the rest
            events.forget(client.socket());
        }
    }

    private void hostReady(boolean readable) {
        if (readable && !host.receive()) {
            incoming.pump();
            client.output().flush(client.socket());
            hostGone();
        }
    }

    private void hostGone() {
        if (uniqueName.isEmpty()) {
            bus.log("connection closed: the host's bus does not admit its user");
        }
        bus.end(this);
    }

    private void pumpAndFlush() {
        if (closed) {
            return;
        }
        authenticate();
        boolean again = true;
        while (again) {
            boolean begun = server.isComplete() && upstream.isComplete();
            boolean heldBackOut = begun && outgoing.pump();
            boolean heldBackIn = begun && incoming.pump();
            if (!host.output().flush(host.socket())) {
                hostGone();
                return;
            }
            boolean connected = client.output().flush(client.socket());
            if (!connected || (clientGone && host.output().size() == 0 && !heldBackOut)) {
                bus.end(this);
                return;
            }
            again = (heldBackOut && !outgoing.isBlocked()) || (heldBackIn && !incoming.isBlocked());
        }
        client.updateInterest(events, !clientGone && !outgoing.isBlocked());
        host.updateInterest(events, !clientGone && !incoming.isBlocked());
    }

    private void authenticate() {
        if (!server.isComplete()) {
            server.read(client.unread(), client.output());
            client.consumed();
        }
        if (!upstream.isComplete()) {
            upstream.read(host.unread());
            host.consumed();
        }
    }

    private boolean decide(Direction direction, MessageHeader message, Optional<Refusal> refusal) {
        Endpoint sender = direction == Direction.OUTGOING ? client : host;
        refusal.ifPresent(reason -> {
            if (reason instanceof Refusal.Denied) {
                bus.logDenied(direction, message);
            }
            if (message.wantsReply()) {
                AnswerMessage.Envelope envelope = sender == client
                        ? fromBus(message.serial())
                        : new AnswerMessage.Envelope("", message.sender(), message.serial(), nextSerial());
                sender.insert(AnswerMessage.refusal(envelope, reason));
            }
        });
        return refusal.isEmpty();
    }

    private AnswerMessage.Envelope fromBus(long replySerial) {
        return new AnswerMessage.Envelope(DriverCalls.BUS, uniqueName, replySerial, nextSerial());
    }

    /** From the upper end: the client's own begin at 1. */
    private int nextSerial() {
        serial = serial == Integer.MIN_VALUE ? -1 : serial - 1;
        return serial;
    }

    private final class Outgoing implements Pipe.Gate {

        @Override
        public boolean needsBody(MessageHeader header) {
            return DriverCalls.dependsOnBody(header);
        }

        @Override
        public boolean passes(MessageHeader header, ByteBuffer message) {
            if (header.isReply()) {
                return callsToClient.answer(header.destination(), header.replySerial());
            }
            boolean passes = decide(Direction.OUTGOING, header, bus.policy().outgoing(header, message, names));
            if (passes && header.wantsReply()) {
                calls.add("", header.serial());
            }
            return passes;
        }

        @Override
        public void refuseTooLarge(MessageHeader header) {
            decide(Direction.OUTGOING, header, Optional.of(TOO_LARGE));
        }
    }

    private final class Incoming implements Pipe.Gate {

        @Override
        public boolean needsBody(MessageHeader header) {
            return DriverMessages.dependsOnBody(header);
        }

        @Override
        public boolean passes(MessageHeader header, ByteBuffer message) {
            boolean passes = header.isReply() ? replyPasses(header, message) : passesByRules(header);
            if (passes) {
                names.meet(header.sender());
            }
            return passes && driverMessages.passes(header, message);
        }

        private boolean replyPasses(MessageHeader header, ByteBuffer message) {
            uniqueName = header.destination();
            names.acquire(uniqueName);
            boolean asked = calls.answer("", header.replySerial());
            if (asked && DriverMessages.isNames(header)) {
                List<String> known = driverMessages.known(header, message);
                client.insert(AnswerMessage.names(fromBus(header.replySerial()), known));
                return false;
            }
            return asked;
        }

        private boolean passesByRules(MessageHeader header) {
            boolean passes = decide(Direction.INCOMING, header, bus.policy().incoming(header));
            if (passes && header.wantsReply()) {
                callsToClient.add(header.sender(), header.serial());
            }
            return passes;
        }

        /** Names of a bus that has some ten thousand: the client gets an error. */
        @Override
        public void refuseTooLarge(MessageHeader header) {
            if (header.isReply() && calls.answer("", header.replySerial())) {
                client.insert(AnswerMessage.refusal(fromBus(header.replySerial()), TOO_LARGE));
            }
        }
    }
}
