package com.pelagicore.softwarecontainer.bus;

import java.util.concurrent.CompletionException;

/** Why a future has failed. */
public final class Cause {

    private Cause() {}

    /** What the futures before this one failed with, which may be inside a {@link CompletionException}. */
    public static Throwable of(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
