package com.pelagicore.softwarecontainer.busfilter;

/** Why a message does not pass: the D-Bus error that its sender gets. */
record Refusal(String errorName, String text) {

    static Refusal denied(String text) {
        return new Refusal("org.freedesktop.DBus.Error.AccessDenied", text);
    }

    static Refusal unknownService(String text) {
        return new Refusal("org.freedesktop.DBus.Error.ServiceUnknown", text);
    }
}
