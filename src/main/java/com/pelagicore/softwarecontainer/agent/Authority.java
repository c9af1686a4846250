package com.pelagicore.softwarecontainer.agent;

import java.util.concurrent.CompletableFuture;

/** Grants what neither root nor the group rule do. Thread-safe. */
public interface Authority {

    /** Grants nothing. */
    Authority NONE = (caller, permission) -> CompletableFuture.completedFuture(false);

    /**
     * Asks, and does not wait.
     *
     * @return completed in bounded time; false also on any doubt
     */
    CompletableFuture<Boolean> grants(Caller caller, Permission permission);
}
