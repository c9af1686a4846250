package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.spec.IdRange;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Runs one operation on a fresh thread that has entered namespaces of a process, and then ends: a thread
 * never comes back. If the process' file system does not answer (FUSE), only that thread is lost.
 *
 * <p>Also in another mount namespace the thread keeps the host's root directory, so that class loading,
 * /proc/self and absolute paths are those of the host; the other side is reached through {@link
 * Entered#root()} only. What it makes there belongs to the root of the process' user namespace.
 */
final class NamespaceThread<T> implements Runnable {

    static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Supplier<NamespaceEntry.Entry> entry;
    private final Operation<T> operation;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final AtomicBoolean decided = new AtomicBoolean();

    private NamespaceThread(Supplier<NamespaceEntry.Entry> entry, Operation<T> operation) {
        this.entry = entry;
        this.operation = operation;
    }

    /** What is done in the namespaces. */
    interface Operation<T> extends AutoCloseable {

        T run(Entered entered);

        /** Called on the thread at the end, also if the namespaces could not be entered. */
        @Override
        default void close() {}
    }

    /** The view from inside. */
    interface Entered {

        /** The process' root directory (O_PATH), open until the operation ends. */
        Descriptor root();

        /** The process' users; empty: those of the host, or no mount namespace was entered. */
        Optional<IdRange> ids();

        /** To be called right before a change that must not happen any more once the caller has given up. */
        void commit();
    }

    /**
     * Runs the operation and waits for it.
     *
     * @param namespaces CLONE_NEW* flags
     * @return the operation's result; it is closed if it is {@link AutoCloseable} and comes too late
     * @throws SoftwareContainerException WRONG_STATE if the process is gone, TIMED_OUT, or what the operation threw
     */
    static <T> T call(InitProcess process, int namespaces, Operation<T> operation) {
        return call(process, namespaces, DEADLINE, operation);
    }

    static <T> T call(InitProcess process, int namespaces, Duration deadline, Operation<T> operation) {
        return new NamespaceThread<>(() -> NamespaceEntry.enter(process, namespaces), operation)
                .run("in-" + process.pid(), deadline);
    }

    /**
     * Runs the operation in a copy of the host's mount namespace, which ends with it: what it attaches there, nobody
     * else ever sees.
     */
    static <T> T callApart(Operation<T> operation) {
        return new NamespaceThread<>(NamespaceEntry::enterCopy, operation).run("apart", DEADLINE);
    }

    private T run(String name, Duration deadline) {
        Thread thread = new Thread(this, name);
        thread.setDaemon(true);
        thread.start();
        return await(deadline);
    }

    private T await(Duration deadline) {
        try {
            return result.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            return giveUp(deadline);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return giveUp(deadline);
        } catch (ExecutionException failed) {
            throw rethrown(failed);
        }
    }

    private T giveUp(Duration deadline) {
        if (decided.compareAndSet(false, true)) {
            result.completeExceptionally(timedOut(deadline));
        } else {
            // committed: a matter of microseconds, unless the container manages to block even that
            result.orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS);
        }
        try {
            return result.join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof TimeoutException ? timedOut(deadline) : rethrown(failed);
        }
    }

    private SoftwareContainerException timedOut(Duration deadline) {
        return new SoftwareContainerException(
                ErrorKind.TIMED_OUT, "the container did not answer within " + deadline.toMillis() + " ms");
    }

    private static RuntimeException rethrown(Exception failed) {
        if (failed.getCause() instanceof Error error) {
            throw error;
        }
        return failed.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(failed);
    }

    @Override
    public void run() {
        try (operation) {
            T value = runInside();
            if (!result.complete(value) && value instanceof AutoCloseable late) {
                late.close();
            }
        } catch (Throwable failed) {
            result.completeExceptionally(failed);
        }
    }

    private T runInside() {
        try (NamespaceEntry.Entry entry = this.entry.get()) {
            return operation.run(new Entered() {
                @Override
                public Descriptor root() {
                    return entry.root();
                }

                @Override
                public Optional<IdRange> ids() {
                    return entry.ids();
                }

                @Override
                public void commit() {
                    if (!decided.compareAndSet(false, true)) {
                        throw timedOut(DEADLINE);
                    }
                }
            });
        }
    }
}
