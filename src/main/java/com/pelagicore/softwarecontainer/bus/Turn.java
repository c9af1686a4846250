package com.pelagicore.softwarecontainer.bus;

import java.util.function.Function;

/** When a call may run, relative to other calls. */
public sealed interface Turn {

    /** At once, on the thread that reads from the bus: only for handlers that never wait. */
    record Inline() implements Turn {}

    /** Beside all others. */
    record Parallel() implements Turn {}

    /**
     * After all calls of the same lane that arrived before, beside those of other lanes.
     *
     * @param lane from a call to a key with {@code equals}; runs on the thread that reads from the bus
     */
    record InLane(Function<BusCall, Object> lane) implements Turn {}
}
