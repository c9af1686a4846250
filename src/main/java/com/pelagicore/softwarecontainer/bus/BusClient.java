package com.pelagicore.softwarecontainer.bus;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A connection to a message bus for somebody who only calls others and hears their signals. Thread-safe. */
public final class BusClient implements AutoCloseable {

    private static final Duration BUS_ANSWERS = Duration.ofSeconds(25);
    /** The largest message of a bus with usual limits: a list of everything may be long. */
    private static final int LARGEST_MESSAGE = 32 * 1024 * 1024;

    private static final String CLOSED = "the connection to the bus is closed";

    private final BusTransport transport;
    private final FrameReader frames;
    private final OutgoingCalls calls;
    private final Consumer<Signal> signals;
    private final Consumer<String> lossListener;
    private final AtomicBoolean closed = new AtomicBoolean();

    private BusClient(BusTransport transport, Consumer<Signal> signals, Consumer<String> lossListener) {
        this.transport = transport;
        this.signals = signals;
        this.lossListener = lossListener;
        this.frames = new FrameReader(transport, LARGEST_MESSAGE);
        this.calls = new OutgoingCalls(new MessageWriter(transport, this::lost, (receiver, bytes) -> {}));
    }

    /**
     * Authenticates and introduces itself to the bus.
     *
     * @param transport closed with the connection, also if this throws
     * @param signals hears those that {@link #match} asked for, from one thread; must not wait for answers
     * @param lossListener told the reason when the bus is gone, from any thread; not after {@link #close}
     * @throws SoftwareContainerException HOST_REFUSED, TIMED_OUT
     */
    public static BusClient connect(BusTransport transport, Consumer<Signal> signals, Consumer<String> lossListener) {
        BusClient client = new BusClient(transport, signals, lossListener);
        try {
            transport.readTimeout(BUS_ANSWERS);
            Sasl.authenticate(transport);
            transport.readTimeout(Duration.ZERO);
            client.startReader();
            client.call(BusRequest.ofBus("Hello", ""), BUS_ANSWERS);
            return client;
        } catch (BusError e) {
            client.close();
            throw new SoftwareContainerException(ErrorKind.HOST_REFUSED, "the bus refused Hello: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    /**
     * Calls and waits for the answer, whose files are the caller's to close.
     *
     * @throws BusError what was answered, or NoReply
     */
    public Arguments call(BusRequest request, Duration timeout) {
        CompletableFuture<Arguments> answer = calls.call(request, timeout);
        if (closed.get()) {
            calls.failAll(CLOSED);
        }
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw Cause.of(e) instanceof BusError error ? error : e;
        }
    }

    /** Asks for signals; the sender is better named in the rule, or anybody might have sent them. */
    public void match(String rule) {
        call(BusRequest.ofBus("AddMatch", "s", rule), BUS_ANSWERS);
    }

    /**
     * The unique name of who owns a name, started by the bus if it can be.
     *
     * @throws BusError ServiceUnknown and others
     */
    public String owner(String name) {
        try {
            return call(BusRequest.ofBus("GetNameOwner", "s", name), BUS_ANSWERS)
                    .string(0);
        } catch (BusError e) {
            if (!e.name().equals("org.freedesktop.DBus.Error.NameHasNoOwner")) {
                throw e;
            }
        }
        call(BusRequest.ofBus("StartServiceByName", "su", name, 0L), BUS_ANSWERS);
        return call(BusRequest.ofBus("GetNameOwner", "s", name), BUS_ANSWERS).string(0);
    }

    /** Calls that wait fail with NoReply. Closed already: nothing. */
    @Override
    public void close() {
        boolean ignored = end(CLOSED);
    }

    /** False: it had ended before. */
    private boolean end(String reason) {
        if (!closed.compareAndSet(false, true)) {
            return false;
        }
        transport.close();
        calls.failAll(reason);
        return true;
    }

    private void startReader() {
        Thread reader = new Thread(this::read, "bus-reader");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try {
            for (Optional<Frame> frame = frames.next(); frame.isPresent(); frame = frames.next()) {
                IncomingMessage.decode(frame.get()).ifPresent(this::take);
            }
            lost("the bus closed the connection");
        } catch (SoftwareContainerException e) {
            lost(String.valueOf(e.getMessage()));
        } catch (Throwable e) {
            // who waits for signals would not learn that none come any more
            lost("reading from the bus met a bug: " + e);
        } finally {
            frames.close();
        }
    }

    private void take(IncomingMessage message) {
        if (message.isSignal()) {
            try (message) {
                signals.accept(message.asSignal());
            } catch (MalformedMessage e) {
                // its sender breaks the protocol; nobody could make anything of it
                return;
            }
        } else if (message.isCall()) {
            message.close();
        } else {
            calls.answered(message);
        }
    }

    private void lost(String reason) {
        if (end(reason)) {
            lossListener.accept(reason);
        }
    }
}
