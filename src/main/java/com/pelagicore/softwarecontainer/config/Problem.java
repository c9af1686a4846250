package com.pelagicore.softwarecontainer.config;

/**
 * Something wrong or odd in what an operator wrote.
 *
 * @param where {@code file:line}, file, or option; may be empty
 * @param text what and why, one sentence without full stop
 */
public record Problem(String where, String text) {

    @Override
    public String toString() {
        return where.isEmpty() ? text : where + ": " + text;
    }
}
