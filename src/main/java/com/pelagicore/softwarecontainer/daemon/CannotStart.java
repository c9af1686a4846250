package com.pelagicore.softwarecontainer.daemon;

/** The host is not as the agent needs it; the message says what to do. */
final class CannotStart extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CannotStart(String message) {
        super(message);
    }
}
