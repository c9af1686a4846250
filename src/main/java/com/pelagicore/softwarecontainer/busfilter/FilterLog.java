package com.pelagicore.softwarecontainer.busfilter;

import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Log lines about one container and bus: what a container causes must not fill the log. */
final class FilterLog {

    private static final int LINES = 10;
    private static final long NANOS = 10_000_000_000L;

    private final String about;
    private final Consumer<String> sink;
    private final LongSupplier nanoTime;
    private long since;
    private int written;
    private int omitted;

    /** @param about begins each line */
    FilterLog(String about, Consumer<String> sink, LongSupplier nanoTime) {
        this.about = about;
        this.sink = sink;
        this.nanoTime = nanoTime;
        this.since = nanoTime.getAsLong();
    }

    /** Writes the line, unless there were {@value #LINES} in the last ten seconds. */
    void write(String line) {
        long now = nanoTime.getAsLong();
        if (now - since >= NANOS) {
            since = now;
            written = 0;
            if (omitted > 0) {
                sink.accept(about + ": " + omitted + " more of these before");
            }
            omitted = 0;
        }
        if (written < LINES) {
            written++;
            sink.accept(about + ": " + line);
        } else {
            omitted++;
        }
    }
}
