package com.pelagicore.softwarecontainer.linux;

import java.time.Duration;

/**
 * How long to wait before a program that has ended is started again: not at all the first time, then longer and
 * longer, up to a minute; for ever, as somebody waits for it.
 */
final class RestartDelay {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private Duration next = Duration.ZERO;
    private long lastEnd;
    private boolean hasEnded;

    /** @param nanoTime of the end of the program */
    Duration afterEnd(long nanoTime) {
        if (!hasEnded || nanoTime - lastEnd > next.plus(LONGEST).toNanos()) {
            next = Duration.ZERO;
        }
        hasEnded = true;
        lastEnd = nanoTime;
        Duration delay = next;
        Duration doubled = delay.isZero() ? FIRST : delay.multipliedBy(2);
        next = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
        return delay;
    }
}
