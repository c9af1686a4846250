package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitLink;
import com.pelagicore.softwarecontainer.process.Recipients;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Ends processes of one container in good order: SIGTERM, time, SIGKILL. No thread waits meanwhile. */
final class ProcessStop {

    /** A killed process is gone at once, unless the kernel is stuck. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;

    private final Processes processes;
    private final InitLink link;

    ProcessStop(Processes processes, InitLink link) {
        this.processes = processes;
        this.link = link;
    }

    /** Ends a process group. The future fails with TIMED_OUT. */
    CompletableFuture<Void> stop(long pid, Duration grace) {
        CompletableFuture<Void> end = processes
                .endOf(pid)
                .orElseThrow(() -> new SoftwareContainerException(
                        ErrorKind.NOT_FOUND, "There is no process " + pid + " that was started in the container"));
        if (!grace.isZero()) {
            link.signal(pid, Recipients.GROUP, SIGTERM);
        }
        return within(grace, end, () -> link.signal(pid, Recipients.GROUP, SIGKILL));
    }

    /** Ends all processes; what is left when those that were started have ended is killed. */
    CompletableFuture<Void> stopAll(Duration grace) {
        if (!grace.isZero()) {
            link.signalAll(SIGTERM);
        }
        Runnable kill = () -> link.signalAll(SIGKILL);
        return within(grace, processes.endOfAll().thenRun(kill), kill);
    }

    private static CompletableFuture<Void> within(Duration grace, CompletableFuture<Void> end, Runnable kill) {
        return end.copy()
                .orTimeout(grace.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(late -> {
                    kill.run();
                    return end.copy().orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                })
                .exceptionallyCompose(stuck -> CompletableFuture.failedFuture(new SoftwareContainerException(
                        ErrorKind.TIMED_OUT,
                        "The processes were killed, but are not gone after " + PATIENCE.toSeconds() + " s",
                        stuck)));
    }
}
