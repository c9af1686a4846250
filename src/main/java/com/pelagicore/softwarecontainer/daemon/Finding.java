package com.pelagicore.softwarecontainer.daemon;

import java.util.Locale;
import java.util.Optional;

/**
 * One thing that the host has or lacks.
 *
 * @param text what it has, or why not and what that costs
 */
record Finding(String name, Verdict verdict, String text) {

    enum Verdict {
        PRESENT,
        /** The agent makes do without. */
        LACKING,
        /** The agent cannot start without. */
        MISSING
    }

    /** Present unless something is lacking. */
    static Finding of(String name, String present, Optional<String> lacking, Verdict otherwise) {
        return lacking.map(text -> new Finding(name, otherwise, text))
                .orElseGet(() -> new Finding(name, Verdict.PRESENT, present));
    }

    /** One line, in columns. */
    @Override
    public String toString() {
        return String.format("%-8s %-12s %s", verdict.name().toLowerCase(Locale.ROOT), name, text)
                .stripTrailing();
    }
}
