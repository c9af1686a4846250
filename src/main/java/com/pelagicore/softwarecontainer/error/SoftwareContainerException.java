package com.pelagicore.softwarecontainer.error;

/** A documented error. The message is one sentence for the caller: what, which (quoted), why. */
public final class SoftwareContainerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorKind kind;

    public SoftwareContainerException(ErrorKind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public SoftwareContainerException(ErrorKind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public ErrorKind kind() {
        return kind;
    }
}
