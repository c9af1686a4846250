package com.pelagicore.softwarecontainer.bus;

import java.util.Set;

/** An error reply: thrown by a handler, sent to the caller. Carries no stack trace. */
public final class BusError extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final String STANDARD = "org.freedesktop.DBus.Error.";

    private static final Set<String> PERMANENT = Set.of(
            STANDARD + "UnknownMethod",
            STANDARD + "UnknownInterface",
            STANDARD + "UnknownObject",
            STANDARD + "ServiceUnknown",
            STANDARD + "AccessDenied");

    private final String name;

    /** @param name D-Bus error name */
    public BusError(String name, String message) {
        super(message, null, false, false);
        this.name = name;
    }

    /** D-Bus error name. */
    public String name() {
        return name;
    }

    public static BusError failed(String message) {
        return new BusError(STANDARD + "Failed", message);
    }

    /** The reply to a call that met a bug of ours; the details are in the log. */
    public static BusError internal() {
        return failed("internal error, see the agent's log");
    }

    /** For a caller who may not do that. */
    public static BusError accessDenied(String message) {
        return new BusError(STANDARD + "AccessDenied", message);
    }

    static BusError noReply(String message) {
        return new BusError(STANDARD + "NoReply", message);
    }

    /** Whether it is about a connection that has ended. */
    boolean isNoOwner() {
        return name.equals(STANDARD + "NameHasNoOwner");
    }

    /** Whether nobody is there who could answer such a question, or he will not answer it to who asks. */
    boolean isPermanent() {
        return PERMANENT.contains(name);
    }

    static BusError limitsExceeded(String message) {
        return new BusError(STANDARD + "LimitsExceeded", message);
    }

    public static BusError unknownObject(String path) {
        return new BusError(STANDARD + "UnknownObject", "No such object “" + path + "”");
    }

    static BusError unknownInterface(String interfaceName, String path) {
        return new BusError(
                STANDARD + "UnknownInterface", "No such interface “" + interfaceName + "” on object “" + path + "”");
    }

    static BusError unknownMethod(String member) {
        return new BusError(STANDARD + "UnknownMethod", "No such method “" + member + "”");
    }

    static BusError unknownProperty(String property) {
        return new BusError(STANDARD + "UnknownProperty", "No such property “" + property + "”");
    }

    static BusError propertyReadOnly(String property) {
        return new BusError(STANDARD + "PropertyReadOnly", "Property “" + property + "” cannot be set");
    }

    static BusError invalidSignature(String actual, String expected) {
        return invalidArguments(
                "Type of message, “(" + actual + ")”, does not match expected type “(" + expected + ")”");
    }

    public static BusError invalidArguments(String message) {
        return new BusError(STANDARD + "InvalidArgs", message);
    }
}
