package com.pelagicore.softwarecontainer.bus;

/** A file that knows whether it was closed. */
final class FakeFile implements PassedFile {

    private final int number;
    private volatile boolean closed;

    FakeFile(int number) {
        this.number = number;
    }

    @Override
    public int number() {
        return number;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String toString() {
        return "file " + number;
    }
}
