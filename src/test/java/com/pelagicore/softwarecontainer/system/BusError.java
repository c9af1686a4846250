package com.pelagicore.softwarecontainer.system;

/** An error reply. */
final class BusError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    static final String FAILED = "org.freedesktop.DBus.Error.Failed";

    private final String name;

    BusError(String name, String message) {
        super(message);
        this.name = name;
    }

    String name() {
        return name;
    }

    @Override
    public String toString() {
        return name + ": " + getMessage();
    }
}
