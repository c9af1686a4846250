package com.pelagicore.softwarecontainer.busfilter;

import com.pelagicore.softwarecontainer.spec.BusRule.Direction;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** A contained client and its own connection to the host's bus. */
final class ClientConnection {

    private static final Refusal TOO_LARGE = Refusal.denied("the call is too large");

    private final FilteredBus bus;
    private final Events events;
    private final Endpoint client;
    private final Endpoint host;
    private final SaslServer server;
    private final SaslClient upstream = new SaslClient();
    private final Pipe outgoing;
    private final Pipe incoming;
    private final PendingCalls calls = new PendingCalls();
    private final PendingCalls callsToClient = new PendingCalls();
    private String uniqueName = "";
    private int serial;
    private boolean clientGone;
    private boolean closed;

    ClientConnection(FilteredBus bus, Events events, FilterSocket client, FilterSocket host) {
        this.bus = bus;
        this.events = events;
        this.client = new Endpoint(client);
        this.host = new Endpoint(host);
        this.server = new SaslServer(bus.guid());
        this.outgoing = new Pipe(this.client, this.host, new Outgoing());
        this.incoming = new Pipe(this.host, this.client, new Incoming());
    }

    void start() {
        events.watch(client.socket(), (readable, writable) -> guarded(() -> clientReady(readable)));
        events.watch(host.socket(), (readable, writable) -> guarded(() -> hostReady(readable)));
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
            if (upstream.isComplete() && uniqueName.isEmpty()) {
                bus.log("connection closed: the host's bus does not admit its user");
            }
            incoming.pump();
            client.output().flush(client.socket());
            bus.end(this);
        }
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
            boolean connected =
                    host.output().flush(host.socket()) && client.output().flush(client.socket());
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
            bus.logDenied(direction, message);
            if (message.wantsReply()) {
                boolean toClient = sender == client;
                sender.insert(ErrorMessage.answer(
                        message,
                        reason,
                        toClient ? DriverCalls.BUS : "",
                        toClient ? uniqueName : message.sender(),
                        nextSerial()));
            }
        });
        return refusal.isEmpty();
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
            boolean passes = decide(Direction.OUTGOING, header, bus.policy().outgoing(header, message));
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
            return false;
        }

        @Override
        public boolean passes(MessageHeader header, ByteBuffer message) {
            if (header.isReply()) {
                uniqueName = header.destination();
                return calls.answer("", header.replySerial());
            }
            boolean passes = decide(Direction.INCOMING, header, bus.policy().incoming(header));
            if (passes && header.wantsReply()) {
                callsToClient.add(header.sender(), header.serial());
            }
            return passes;
        }

        @Override
        public void refuseTooLarge(MessageHeader header) {
            throw new IllegalStateException("the body is not needed");
        }
    }
}
