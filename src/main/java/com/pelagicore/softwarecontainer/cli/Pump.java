package com.pelagicore.softwarecontainer.cli;

import com.pelagicore.softwarecontainer.bus.PassedFile;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Copies from one open file to another on a thread of its own, until either ends. */
final class Pump {

    private static final int BUFFER = 32 * 1024;
    /** For what a program wrote last; a child that it left behind may keep the other end open for ever. */
    private static final Duration DRAINS = Duration.ofSeconds(2);

    private final CompletableFuture<Boolean> end = new CompletableFuture<>();

    private Pump() {}

    /** @param atEnd run when either has ended */
    static Pump start(Console console, PassedFile from, PassedFile to, Runnable atEnd) {
        Pump pump = new Pump();
        Thread thread = new Thread(() -> pump.copy(console, from, to, atEnd), "pump");
        thread.setDaemon(true);
        thread.start();
        return pump;
    }

    private void copy(Console console, PassedFile from, PassedFile to, Runnable atEnd) {
        byte[] buffer = new byte[BUFFER];
        try {
            int count = console.read(from, buffer);
            while (count > 0 && console.write(to, buffer, count)) {
                count = console.read(from, buffer);
            }
        } finally {
            atEnd.run();
            end.complete(true);
        }
    }

    /** Waits until what was written before has arrived. */
    void drain() {
        try {
            end.get(DRAINS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // somebody else writes there
            return;
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
