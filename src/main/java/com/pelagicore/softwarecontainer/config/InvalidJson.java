package com.pelagicore.softwarecontainer.config;

/** A text that is not JSON, or is more than we take. The message is the reason, without place, never long. */
public final class InvalidJson extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;

    InvalidJson(int line, int column, String reason) {
        super(reason);
        this.line = line;
        this.column = column;
    }

    public String reason() {
        return String.valueOf(getMessage());
    }

    /** From 1. */
    public int line() {
        return line;
    }

    /** From 1. */
    public int column() {
        return column;
    }
}
