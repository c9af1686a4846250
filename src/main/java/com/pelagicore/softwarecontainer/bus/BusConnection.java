package com.pelagicore.softwarecontainer.bus;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A connection to a message bus, for a service. In this order: {@link #connect}, {@link #requestName}, {@link
 * #register}, {@link #start}. Calls that arrive before the start wait in the socket, or here within the limits.
 */
public final class BusConnection implements AutoCloseable {

    private static final Duration HANDSHAKE = Duration.ofSeconds(25);
    /** D-Bus specification, RequestName: DBUS_NAME_FLAG_DO_NOT_QUEUE. */
    private static final long DO_NOT_QUEUE = 4;

    private static final int PRIMARY_OWNER = 1;
    private static final int ALREADY_OWNER = 4;

    private final BusTransport transport;
    private final BusLimits limits;
    private final FrameReader frames;
    private final MessageWriter writer;
    private final Workers workers;
    private final OutgoingCalls calls;
    private final Identities identities;
    private final Dispatcher dispatcher;
    private final Unread unread;
    private final Pace pace;
    private final Broadcasts broadcasts;
    private final ObjectTree objects = new ObjectTree();
    private final Consumer<String> lossListener;
    private volatile Consumer<String> endListener = name -> {};
    private final Queue<IncomingMessage> early = new ArrayDeque<>();
    private long earlyBytes;
    private String uniqueName = "";
    private boolean started;
    private boolean ended;
    private Optional<String> loss = Optional.empty();

    private BusConnection(BusTransport transport, BusLimits limits, Consumer<String> lossListener) {
        this.transport = transport;
        this.limits = limits;
        this.lossListener = lossListener;
        this.writer = new MessageWriter(transport, this::lost, this::sent);
        this.workers = new Workers(limits);
        this.calls = new OutgoingCalls(writer);
        this.identities = new Identities(calls);
        this.dispatcher = new Dispatcher(objects, workers, writer, identities, limits.messageBytes());
        BusStatistics statistics = new BusStatistics(calls);
        CallBudget waiting = new CallBudget(limits); // beside that of calls that are handled
        this.unread = new Unread(statistics, waiting, dispatcher::dispatch, dispatcher::refuse);
        this.pace = new Pace(
                identities::of, waiting, unread::pass, dispatcher::refuse, calls::onReadingThread, System::nanoTime);
        this.frames = new FrameReader(transport, limits.messageBytes(), pace::isToBeRead);
        this.broadcasts = new Broadcasts(writer, statistics, unread, this::uniqueName);
    }

    /**
     * Authenticates and introduces itself to the bus.
     *
     * @param transport closed with the connection, also if this throws
     * @param lossListener told once, with the reason, that the bus is gone, from any thread; not before {@link
     *     #start}, not after {@link #close}
     * @throws SoftwareContainerException HOST_REFUSED, TIMED_OUT
     */
    public static BusConnection connect(BusTransport transport, BusLimits limits, Consumer<String> lossListener) {
        BusConnection connection = new BusConnection(transport, limits, lossListener);
        try {
            transport.readTimeout(HANDSHAKE);
            Sasl.authenticate(transport);
            connection.uniqueName = connection.askBus("Hello", "").string(0);
            connection.askBus("AddMatch", "s", Identities.ENDS);
            return connection;
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** The name that the bus gave, as in {@code :1.7}. */
    public String uniqueName() {
        return uniqueName;
    }

    /**
     * Asks for a well-known name, without replacement and without queueing. Before the start only.
     *
     * @throws SoftwareContainerException HOST_REFUSED, for instance if the policy of the bus forbids it
     */
    public NameRequest requestName(String name) {
        int result = (int) askBus("RequestName", "su", name, DO_NOT_QUEUE).unsigned(0);
        return result == PRIMARY_OWNER || result == ALREADY_OWNER ? NameRequest.OWNED : NameRequest.TAKEN;
    }

    /**
     * Serves an object from now on.
     *
     * @throws IllegalStateException if there is one at this path
     */
    public void register(String path, BusObject object) {
        objects.add(path, object);
    }

    /**
     * Serves a family of objects from now on.
     *
     * @param parent the path that they are below
     * @throws IllegalStateException if there is one below this path
     */
    public void register(String parent, ObjectFamily family) {
        objects.add(parent, family);
    }

    /** Begins to serve calls, those first that have come already. Once. */
    public void start() {
        Optional<String> earlier;
        synchronized (this) {
            started = true;
            earlier = loss;
        }
        earlier.ifPresentOrElse(lossListener, this::startReader);
    }

    /**
     * Sends a signal; waits only if the bus is slow.
     *
     * @return whether the bus has it; false: it is lost
     * @throws IllegalArgumentException if the arguments do not fit the signature
     */
    public boolean emit(Signal signal) {
        return broadcasts.send(signal);
    }

    /**
     * To be told of each connection and name on the bus that has ended, on the thread that reads from the bus: what it
     * does must not wait. Before the start, once.
     */
    public void onEndOfNames(Consumer<String> listener) {
        endListener = listener;
    }

    /**
     * Calls somebody else on the bus, after the start only. Fails with {@link BusError}: what was answered, or
     * NoReply.
     *
     * @return completed on the thread that reads from the bus, or that of a timer: what depends on it must not wait
     */
    public CompletableFuture<Arguments> call(BusRequest request, Duration timeout) {
        return calls.call(request, timeout);
    }

    /** Whether a name on the bus has an owner, as far as the bus tells; true if it does not. After the start only. */
    public CompletableFuture<Boolean> hasOwner(String name) {
        return calls.call(BusRequest.ofBus("NameHasOwner", "s", name), HANDSHAKE)
                .handle((answer, failure) -> failure != null || answer.bool(0));
    }

    /**
     * Whether calls are answered, found out by a call of the service to itself: it goes the way of all calls, through
     * the bus and back. After the start only.
     *
     * @param patience how long to wait for the answer; a bus that takes nothing is waited for as well
     */
    public boolean answersItself(Duration patience) {
        BusRequest ping = new BusRequest(uniqueName, "/", StandardMethods.PEER, "Ping", "", List.of());
        return call(ping, patience).handle((answer, failure) -> failure == null).join();
    }

    /**
     * Waits until no call is being handled; those that were are answered, or will be by who handles them.
     *
     * @return false: not within that time
     */
    public boolean awaitIdle(Duration patience) {
        return workers.awaitIdle(patience);
    }

    /** Handlers that run end later, their replies are dropped. Closed already: nothing. */
    @Override
    public void close() {
        synchronized (this) {
            ended = true;
        }
        workers.close();
        transport.close();
    }

    private void startReader() {
        transport.readTimeout(Duration.ZERO);
        Thread reader = new Thread(this::serve, "bus-reader");
        reader.setDaemon(true);
        reader.start();
    }

    private void serve() {
        try {
            early.forEach(pace::pass);
            early.clear();
            for (Optional<Frame> frame = frames.next(); frame.isPresent(); frame = frames.next()) {
                IncomingMessage.decode(frame.get()).ifPresent(this::take);
            }
            lost("the bus closed the connection");
        } catch (SoftwareContainerException e) {
            lost(String.valueOf(e.getMessage()));
        } catch (Throwable e) {
            // A service that owns its name and reads no more would be worse than none.
            lost("reading from the bus met a bug: " + e);
        } finally {
            frames.close();
        }
    }

    private void take(IncomingMessage message) {
        if (message.isCall()) {
            pace.pass(message);
        } else if (message.isSignal()) {
            if (message.isEndOfName()) {
                gone(message.arguments().string(0));
            }
            message.close();
        } else {
            calls.answered(message);
        }
    }

    private void gone(String name) {
        identities.gone(name);
        unread.gone(name);
        pace.gone(name);
        endListener.accept(name);
    }

    private void sent(String receiver, int bytes) {
        unread.sent(receiver, bytes);
    }

    private void lost(String reason) {
        boolean isToBeTold;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            loss = Optional.of(reason);
            isToBeTold = started;
        }
        close();
        if (isToBeTold) {
            lossListener.accept(reason);
        }
    }

    private Arguments askBus(String member, String signature, Object... values) {
        try {
            int serial = writer.newSerial();
            writer.send(serial, OutgoingMessage.call(BusRequest.ofBus(member, signature, values)));
            IncomingMessage reply = awaitReply(serial, member);
            if (reply.isError()) {
                throw refused(member, reply.name() + ": " + reply.arguments().string(0));
            }
            return reply.arguments();
        } catch (MalformedMessage e) {
            throw new SoftwareContainerException(
                    ErrorKind.HOST_REFUSED, "the answer of the bus to " + member + " is malformed", e);
        }
    }

    private IncomingMessage awaitReply(int serial, String member) {
        for (Optional<Frame> frame = frames.next(); frame.isPresent(); frame = frames.next()) {
            Optional<IncomingMessage> message = IncomingMessage.decode(frame.get());
            if (message.filter(reply -> reply.isAnswerOfBus(serial)).isPresent()) {
                return message.get();
            }
            message.ifPresent(this::keep);
        }
        throw refused(member, loss.orElse("it closed the connection"));
    }

    private void keep(IncomingMessage call) {
        if (!call.isCall()) {
            call.close();
        } else if (early.size() < limits.callsPerClient() && earlyBytes + call.weight() <= limits.bytesPerClient()) {
            early.add(call);
            earlyBytes += call.weight();
        } else {
            dispatcher.refuse(call, BusError.limitsExceeded("too many calls before the start of the service"));
        }
    }

    private static SoftwareContainerException refused(String member, String reason) {
        return new SoftwareContainerException(ErrorKind.HOST_REFUSED, "the bus refused " + member + ": " + reason);
    }
}
