package com.pelagicore.softwarecontainer.cli;

import java.io.PrintStream;
import java.util.function.Supplier;

/** Tells somebody at a terminal what takes so long, from the first second on, and is gone when it is done. */
final class Progress {

    private static final long SECOND_MILLIS = 1000;
    private static final String START_OF_LINE = "\r\033[K";

    private final PrintStream terminal;
    private final String activity;
    private boolean done;
    private boolean shown;

    private Progress(PrintStream terminal, String activity) {
        this.terminal = terminal;
        this.activity = activity;
    }

    /**
     * Does something that may take a while.
     *
     * @param activity as in "creating a container"
     */
    static <T> T during(ToolHost host, String activity, Supplier<T> action) {
        Progress progress = new Progress(host.error(), activity);
        if (host.console().isTerminal(Console.Stream.ERROR)) {
            Thread thread = new Thread(progress::show, "progress");
            thread.setDaemon(true);
            thread.start();
        }
        try {
            return action.get();
        } finally {
            progress.end();
        }
    }

    private synchronized void show() {
        long start = System.nanoTime();
        try {
            while (!done) {
                wait(SECOND_MILLIS);
                long seconds = (System.nanoTime() - start) / 1_000_000_000;
                if (done || seconds == 0) {
                    continue;
                }
                terminal.print(START_OF_LINE + activity + ", " + seconds + " s …");
                terminal.flush();
                shown = true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void end() {
        done = true;
        notifyAll();
        if (shown) {
            terminal.print(START_OF_LINE);
            terminal.flush();
            shown = false;
        }
    }
}
