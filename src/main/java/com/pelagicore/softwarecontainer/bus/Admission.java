package com.pelagicore.softwarecontainer.bus;

import java.util.concurrent.CompletableFuture;

/**
 * Decides about a call before it takes its turn. The answer is the handler to run, or fails: with {@link
 * BusError} if the caller is to get that. Meanwhile later calls of the same sender wait, those of others do not.
 */
public interface Admission {

    /** Runs on the thread that reads from the bus: must not wait. The handler must not keep the call. */
    CompletableFuture<CallHandler> admit(BusCall call);

    /** Everybody who reaches the bus may call. */
    static Admission ofAll(CallHandler handler) {
        CompletableFuture<CallHandler> admitted = CompletableFuture.completedFuture(handler);
        return call -> admitted;
    }
}
