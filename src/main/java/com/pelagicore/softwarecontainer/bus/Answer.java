package com.pelagicore.softwarecontainer.bus;

import java.util.concurrent.CompletionStage;

/** What a handler answers a call with. */
public sealed interface Answer permits Reply, Answer.Later {

    /**
     * The reply is still to come; no thread waits for it. Until then the call counts as unfinished.
     *
     * @param reply ends with a {@link BusError} to answer with that; anything else is answered as an internal error
     */
    record Later(CompletionStage<Reply> reply) implements Answer {}
}
