package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.linux.InitWire.Message;
import com.pelagicore.softwarecontainer.process.InitLink;
import com.pelagicore.softwarecontainer.process.InitListener;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.process.Recipients;
import com.pelagicore.softwarecontainer.process.SpawnRequest;
import com.pelagicore.softwarecontainer.process.Terminal;
import com.pelagicore.softwarecontainer.process.TerminalSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** One link. {@code receive} and {@code finish} are called by the reader thread only. */
final class SocketInitLink implements InitLink {

    private static final long ANSWER_SECONDS = 10;
    private static final int SIGKILL = 9;

    /** Who waits to hear that its process was started. */
    private record Waiting(List<String> arguments, CompletableFuture<Message> answer) {}

    private final InitProcess init;
    private final boolean hasOwnUsers;
    private final Descriptor socket;
    private final InitListener listener;
    private final UserOutput userOutput;
    private final AtomicInteger lastRequest = new AtomicInteger();
    private final Map<Integer, Waiting> waiting = new ConcurrentHashMap<>();
    /** Host pid by request. */
    private final Map<Integer, Long> running = new ConcurrentHashMap<>();

    /** Done when init has told which request numbers are taken. */
    private final CompletableFuture<Void> welcomed = new CompletableFuture<>();

    private final CompletableFuture<Void> finished = new CompletableFuture<>();
    private volatile boolean closing;

    SocketInitLink(InitProcess init, Descriptor socket, InitListener listener, UserOutput userOutput) {
        this.init = init;
        this.hasOwnUsers = UserMap.of(init).isPresent();
        this.socket = socket;
        this.listener = listener;
        this.userOutput = userOutput;
    }

    int number() {
        return socket.number();
    }

    @Override
    public long spawn(SpawnRequest request) {
        awaitWelcome();
        try (SpawnStreams streams = openStreams(request);
                Descriptor arguments = MemoryFile.of(InitWire.encode(request))) {
            int number = lastRequest.incrementAndGet();
            CompletableFuture<Message> answer = new CompletableFuture<>();
            waiting.put(number, new Waiting(request.shownArguments(), answer));
            Message message =
                    new Message(InitWire.SPAWN, number, request.arguments().size(), 0, streams.flags());
            List<Integer> descriptors = new ArrayList<>(List.of(arguments.number()));
            descriptors.addAll(streams.numbers());
            if (!send(message, descriptors)) {
                waiting.remove(number);
                throw new SoftwareContainerException(ErrorKind.WRONG_STATE, "the container has died");
            }
            long pid = await(number, answer, request);
            streams.keep();
            return pid;
        }
    }

    private void awaitWelcome() {
        try {
            welcomed.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw noAnswer(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof SoftwareContainerException refused ? refused : new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static SoftwareContainerException noAnswer(TimeoutException cause) {
        return new SoftwareContainerException(
                ErrorKind.TIMED_OUT, "init of the container did not answer within " + ANSWER_SECONDS + " s", cause);
    }

    private SpawnStreams openStreams(SpawnRequest request) {
        if (!hasOwnUsers) {
            return SpawnStreams.open(request.streams(), userOutput, Optional.empty());
        }
        try (Descriptor users = UserMap.namespaceOf(init)) {
            return SpawnStreams.open(request.streams(), userOutput, Optional.of(users));
        }
    }

    /** The lock keeps the descriptor's number from being closed, and given to somebody else, in between. */
    private boolean send(Message message, List<Integer> descriptors) {
        synchronized (socket) {
            return !finished.isDone() && InitWire.send(socket.number(), message, descriptors);
        }
    }

    private long await(int number, CompletableFuture<Message> answer, SpawnRequest request) {
        try {
            Message message = answerInTime(number, answer);
            if (message.kind() == InitWire.STARTED) {
                return message.hostPid();
            }
            throw refusal(message, request);
        } catch (TimeoutException e) {
            throw noAnswer(e);
        } catch (ExecutionException e) {
            throw new SoftwareContainerException(ErrorKind.WRONG_STATE, "the container has died", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            waiting.remove(number);
        }
    }

    /** Whoever of two takes the number away from those that wait decides: the reader that it is answered, or this. */
    private Message answerInTime(int number, CompletableFuture<Message> answer)
            throws TimeoutException, ExecutionException, InterruptedException {
        try {
            return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            if (waiting.remove(number) != null) {
                throw e;
            }
            return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static SoftwareContainerException refusal(Message message, SpawnRequest request) {
        String errno = Errno.name(message.value());
        if (message.stage() == InitWire.STAGE_DIRECTORY) {
            return new SoftwareContainerException(
                    ErrorKind.INVALID_ARGUMENT,
                    "working directory '" + request.workingDirectory() + "' cannot be entered in the container: "
                            + errno);
        }
        String step = message.stage() == InitWire.STAGE_FORK ? "fork in the container" : "spawn request";
        return new SoftwareContainerException(ErrorKind.HOST_REFUSED, step + ": " + errno);
    }

    @Override
    public Terminal openTerminal(TerminalSize size) {
        return LinuxTerminal.open(init, size);
    }

    /** Through init, which alone knows for certain that the pid is not somebody else's by now. */
    @Override
    public boolean signal(long pid, Recipients recipients, int signal) {
        Optional<Integer> request = running.entrySet().stream()
                .filter(process -> process.getValue() == pid)
                .map(Map.Entry::getKey)
                .findFirst();
        int wholeGroup = recipients == Recipients.GROUP ? 1 : 0;
        return request.isPresent()
                && send(new Message(InitWire.SIGNAL, request.get(), signal, 0, wholeGroup), List.of());
    }

    @Override
    public void signalAll(int signal) {
        send(Message.of(InitWire.SIGNAL, InitWire.EVERYBODY, signal, 0), List.of());
    }

    /**
     * Handles everything that has arrived.
     *
     * @return false: init is gone
     */
    boolean receive() {
        while (true) {
            Optional<Message> message = InitWire.receive(socket.number());
            message.ifPresent(this::handle);
            if (message.isEmpty() && !isInterrupted(Errno.last())) {
                return Errno.last() == Errno.EAGAIN;
            }
        }
    }

    /** That a peer is gone which had not read all is told once, before the messages that it had sent. */
    private static boolean isInterrupted(int errno) {
        return errno == Errno.EINTR || errno == Errno.ECONNRESET;
    }

    private void handle(Message message) {
        int request = message.request();
        switch (message.kind()) {
            case InitWire.WELCOME -> welcome(message);
            case InitWire.STARTED -> started(message);
            case InitWire.REFUSED ->
                Optional.ofNullable(waiting.remove(request))
                        .ifPresent(w -> w.answer().complete(message));
            case InitWire.RUNNING -> running.put(request, (long) message.hostPid());
            case InitWire.ENDED -> ended(message);
            default -> throw new IllegalStateException("message of kind " + message.kind());
        }
    }

    private void welcome(Message message) {
        if (message.value() > InitWire.NEWEST_VERSION) {
            welcomed.completeExceptionally(new SoftwareContainerException(
                    ErrorKind.HOST_REFUSED,
                    "the container was made by a newer agent: its init speaks version " + message.value()
                            + ", this agent knows " + InitWire.NEWEST_VERSION));
            return;
        }
        lastRequest.set(message.request());
        welcomed.complete(null);
    }

    private void started(Message message) {
        Waiting caller = waiting.remove(message.request());
        if (caller == null) {
            // through init: by now the pid may be that of somebody else
            send(new Message(InitWire.SIGNAL, message.request(), SIGKILL, 0, 0), List.of());
            return;
        }
        // first of all: what init does not know of, no later agent tells the end of
        send(Message.of(InitWire.NOTE, message.request(), 0, message.hostPid()), List.of());
        running.put(message.request(), (long) message.hostPid());
        listener.started(message.hostPid(), caller.arguments());
        caller.answer().complete(message);
    }

    /** Init knows the pid of one that ended before this link; of one that ended at once, maybe only this link does. */
    private void ended(Message message) {
        Runnable collect = () -> send(Message.of(InitWire.COLLECTED, message.request(), 0, 0), List.of());
        Long known = running.remove(message.request());
        long pid = known == null ? message.hostPid() : known;
        if (pid == 0) {
            collect.run();
        } else {
            listener.ended(pid, message.value(), collect);
        }
    }

    /** Init is gone: the kernel has killed all that ran in its PID namespace (pid_namespaces(7)). */
    void finish() {
        SoftwareContainerException died = new SoftwareContainerException(ErrorKind.WRONG_STATE, "init is gone");
        List<Long> killed = new ArrayList<>(running.values());
        running.clear();
        killed.forEach(pid -> listener.ended(pid, SIGKILL, () -> {}));
        synchronized (socket) {
            socket.close();
            finished.complete(null);
        }
        welcomed.completeExceptionally(died);
        waiting.values().forEach(caller -> caller.answer().completeExceptionally(died));
        if (!closing) {
            listener.lost();
        }
    }

    @Override
    public void close() {
        closing = true;
        synchronized (socket) {
            if (finished.isDone()) {
                return;
            }
            LinkCalls.shutdown(socket.number(), LinkCalls.SHUT_RDWR);
        }
        try {
            finished.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the link to an init did not end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
