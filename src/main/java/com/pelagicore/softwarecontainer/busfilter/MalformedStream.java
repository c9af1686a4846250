package com.pelagicore.softwarecontainer.busfilter;

/** A peer sent what is not D-Bus; the connection cannot be gone on with. */
final class MalformedStream extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MalformedStream(String reason) {
        super(reason);
    }
}
