package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.linux.InitWire.Message;
import com.pelagicore.softwarecontainer.process.InitLink;
import com.pelagicore.softwarecontainer.process.InitListener;
import com.pelagicore.softwarecontainer.process.OutputTarget;
import com.pelagicore.softwarecontainer.process.SpawnRequest;
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

    private final Descriptor socket;
    private final InitListener listener;
    private final UserOutput userOutput;
    private final AtomicInteger lastRequest = new AtomicInteger();
    private final Map<Integer, CompletableFuture<Message>> waiting = new ConcurrentHashMap<>();
    /** Host pid by request. */
    private final Map<Integer, Long> running = new ConcurrentHashMap<>();

    private final CompletableFuture<Void> finished = new CompletableFuture<>();
    private volatile boolean closing;

    SocketInitLink(Descriptor socket, InitListener listener, UserOutput userOutput) {
        this.socket = socket;
        this.listener = listener;
        this.userOutput = userOutput;
    }

    int number() {
        return socket.number();
    }

    @Override
    public long spawn(SpawnRequest request) {
        try (OutputFile output = open(request.output());
                Descriptor input = OutputFile.openNull();
                Descriptor arguments = MemoryFile.of(InitWire.encode(request))) {
            int number = lastRequest.incrementAndGet();
            CompletableFuture<Message> answer = new CompletableFuture<>();
            waiting.put(number, answer);
            Message message =
                    Message.of(InitWire.SPAWN, number, request.arguments().size(), 0);
            if (!send(message, List.of(arguments, input, output.descriptor(), output.descriptor()))) {
                waiting.remove(number);
                throw new SoftwareContainerException(ErrorKind.WRONG_STATE, "the container has died");
            }
            long pid = await(number, answer, request);
            output.keep();
            return pid;
        }
    }

    private OutputFile open(Optional<OutputTarget> output) {
        if (output.isEmpty()) {
            return OutputFile.discarding();
        }
        OutputTarget target = output.get();
        return target.user().isRoot() ? OutputFile.open(target.hostPath()) : userOutput.open(target);
    }

    /** The lock keeps the descriptor's number from being closed, and given to somebody else, in between. */
    private boolean send(Message message, List<Descriptor> descriptors) {
        synchronized (socket) {
            return !finished.isDone() && InitWire.send(socket.number(), message, descriptors);
        }
    }

    private long await(int number, CompletableFuture<Message> answer, SpawnRequest request) {
        try {
            Message message = answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
            if (message.kind() == InitWire.STARTED) {
                return message.hostPid();
            }
            throw refusal(message, request);
        } catch (TimeoutException e) {
            throw new SoftwareContainerException(
                    ErrorKind.TIMED_OUT, "init of the container did not answer within " + ANSWER_SECONDS + " s", e);
        } catch (ExecutionException e) {
            throw new SoftwareContainerException(ErrorKind.WRONG_STATE, "the container has died", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            waiting.remove(number);
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

    /**
     * Handles everything that has arrived.
     *
     * @return false: init is gone
     */
    boolean receive() {
        while (true) {
            Optional<Message> message = InitWire.receive(socket.number());
            if (message.isEmpty()) {
                int errno = Errno.last();
                return errno == Errno.EAGAIN || errno == Errno.EINTR;
            }
            handle(message.get());
        }
    }

    private void handle(Message message) {
        int request = message.request();
        lastRequest.accumulateAndGet(request, Math::max);
        switch (message.kind()) {
            case InitWire.STARTED -> started(message);
            case InitWire.REFUSED -> Optional.ofNullable(waiting.get(request)).ifPresent(w -> w.complete(message));
            case InitWire.RUNNING -> running.put(request, (long) message.hostPid());
            case InitWire.ENDED -> ended(message);
            default -> throw new IllegalStateException("message of kind " + message.kind());
        }
    }

    private void started(Message message) {
        CompletableFuture<Message> answer = waiting.get(message.request());
        if (answer == null) {
            LinkCalls.kill(message.hostPid(), SIGKILL);
            return;
        }
        running.put(message.request(), (long) message.hostPid());
        send(Message.of(InitWire.NOTE, message.request(), 0, message.hostPid()), List.of());
        answer.complete(message);
    }

    private void ended(Message message) {
        Long pid = running.remove(message.request());
        if (pid != null) {
            listener.ended(pid, message.value());
        }
        send(Message.of(InitWire.COLLECTED, message.request(), 0, 0), List.of());
    }

    /** Init is gone: the kernel has killed all that ran in its PID namespace (pid_namespaces(7)). */
    void finish() {
        SoftwareContainerException died = new SoftwareContainerException(ErrorKind.WRONG_STATE, "init is gone");
        List<Long> killed = new ArrayList<>(running.values());
        running.clear();
        killed.forEach(pid -> listener.ended(pid, SIGKILL));
        synchronized (socket) {
            socket.close();
            finished.complete(null);
        }
        waiting.values().forEach(answer -> answer.completeExceptionally(died));
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
