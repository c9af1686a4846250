package com.pelagicore.softwarecontainer.agent;

import java.util.concurrent.CompletableFuture;

/** The agent as each caller has it. Thread-safe. */
public interface Agents {

    /** For one call: what it may do is decided anew with each. */
    Agent of(Caller caller);

    /**
     * Decides about a call before it takes its turn, and does not wait.
     *
     * @return completed in bounded time with the caller for whom to call {@link #of}, or failing with
     *     {@code SoftwareContainerException} ACCESS_DENIED
     */
    CompletableFuture<Caller> admit(Caller caller, Intent intent);
}
