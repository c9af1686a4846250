package com.pelagicore.softwarecontainer.bus;

/** A message that the codec cannot read; the cause is the codec's exception. */
final class MalformedMessage extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MalformedMessage(Exception cause) {
        super(cause);
    }
}
