package com.pelagicore.softwarecontainer.busfilter;

/** Why a message does not pass, and what its sender is told. */
sealed interface Refusal {

    /** Against the rules: the administrator hears of it, and the sender gets this D-Bus error. */
    record Denied(String errorName, String text) implements Refusal {}

    /** About a name that the container may not know: the error that the bus has for a name without owner. */
    record NoOwner(String text) implements Refusal {

        static final String ERROR = "org.freedesktop.DBus.Error.NameHasNoOwner";
    }

    /** The same for a question that is answered by false. */
    record No() implements Refusal {}

    static Refusal denied(String text) {
        return new Denied("org.freedesktop.DBus.Error.AccessDenied", text);
    }

    static Refusal unknownService(String text) {
        return new Denied("org.freedesktop.DBus.Error.ServiceUnknown", text);
    }
}
